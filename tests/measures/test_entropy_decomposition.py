"""The entropy decomposition: worked by hand, against the measures it splits, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

LEVEL, PEOPLE = np.array([10.0, 14.0, 30.0, 50.0, 33.0]), np.array([2.0, 3.0, 1.0, 4.0, 2.0])
GROUP = np.array([0.0, 0.0, 1.0, 1.0, 1.0])


def measured(value: object = LEVEL, *, group: object = GROUP, convention: str = "theil", **rest: object) -> Readings:
    given = {"polarity": Polarity.MORE, "columns": {"group": group}, "convention": convention} | rest
    return measure_batch("entropy_decomposition", value, **given)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """Levels 1 and 1 beside 2 and 4, mean 2: relative means 1/2 and 3/2 for half each; within is 3/4 of the second's own."""
    found = measured([1.0, 1.0, 2.0, 4.0], group=[0, 0, 1, 1])
    between = 0.5 * 0.5 * np.log(0.5) + 0.5 * 1.5 * np.log(1.5)
    own = 0.5 * (2 / 3 * np.log(2 / 3) + 4 / 3 * np.log(4 / 3))
    np.testing.assert_allclose([found.also["between"][0], found.also["within"][0]], [between, 0.75 * own])
    np.testing.assert_allclose(found.parts["group_entropy"], [[0.0, own]], atol=1e-15)


@pytest.mark.parametrize(("convention", "name"), [("mean-log-deviation", "MLD"), ("theil", "TI")])
def test_the_whole_and_the_part_between_are_the_measures_themselves(convention: str, name: str) -> None:
    found = measured(convention=convention, population=PEOPLE)
    whole = measure_batch(name, LEVEL, population=PEOPLE, polarity=Polarity.MORE)
    means = [(LEVEL * PEOPLE)[GROUP == g].sum() / PEOPLE[GROUP == g].sum() for g in (0, 1)]
    outer = measure_batch(name, means, population=[5.0, 7.0], polarity=Polarity.MORE)
    np.testing.assert_allclose([found.value[0], found.also["between"][0]], [whole.value[0], outer.value[0]], rtol=1e-12)


def test_its_interval_is_that_of_the_measure() -> None:
    errors = np.array([0.2, 0.3, 0.4, 0.5, 0.6])
    found = measured(population=PEOPLE, se=errors)
    whole = measure_batch("TI", LEVEL, population=PEOPLE, se=errors, polarity=Polarity.MORE)
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [whole.lower[0], whole.upper[0]], rtol=1e-12)
    assert found.also["between_lower"][0] < found.also["between"][0] < found.also["between_upper"][0]


def test_any_order_meets_the_named_ones() -> None:
    for alpha, convention in ((0.0, "mean-log-deviation"), (1.0, "theil"), (2.0, "half-squared-variation")):
        near = measured(convention="any-order", parameters={"alpha": alpha + 1e-5})
        named = measured(convention=convention)
        for name in ("between", "within"):
            np.testing.assert_allclose(near.also[name], named.also[name], rtol=1e-4)


def test_a_part_that_is_noise_has_no_interval() -> None:
    found = measured([10.0, 10.1, 29.9, 30.0], group=[0, 0, 1, 1], se=[0.3, 0.3, 0.3, 0.3])
    assert np.isnan(found.also["within_lower"][0]) and np.isfinite(found.also["between_lower"][0])


def test_without_every_error_there_is_no_interval() -> None:
    found = measured(se=[0.1, 0.1, np.nan, 0.1, 0.1]).at(0)
    assert isinstance(found, Measurement) and found.lower is None and "standard error" in found.method


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": [0.0, 1.0], "group": [0, 1]}, "not-positive"),
        ({"value": [1.0, np.inf], "group": [0, 1]}, "missing-values"),
        ({"value": [1.0, 2.0], "group": [0, np.nan]}, "missing-values"),
        ({"value": [1.0, 2.0], "group": [0, 1], "population": [0.0, 1.0]}, "not-positive"),
        ({"value": [1.0, 2.0], "group": [0, 1], "se": [-1.0, 1.0]}, "out-of-bounds"),
        ({"value": [1.0], "group": [0]}, "too-few-subjects"),
    ],
)
def test_what_cannot_be_split_is_refused(change: dict[str, object], code: str) -> None:
    value = change.pop("value")
    assert measured(value, **change).code.tolist() == [code]  # type: ignore[arg-type]


def test_zero_is_a_level_above_order_one() -> None:
    assert measured([0.0, 2.0], group=[0, 1], convention="half-squared-variation").value.tolist() == [0.5]


@pytest.mark.parametrize("group", [[0.5, 1.0], [-1.0, 0.0]])
def test_labels_must_be_numbered(group: list[float]) -> None:
    with pytest.raises(InputError):
        measured([1.0, 2.0], group=group)


def test_a_table_names_its_groups() -> None:
    table = {"region": ["North", "North", "South"], "x": ["1", "3", "4"]}
    call = {"value": "x", "polarity": "more-is-better", "further": {"group": ["region"]}}
    found = measure_table(table, name="mld_decomposition", **call)  # type: ignore[arg-type]
    assert isinstance(found, Measurement) and found.convention == "mean-log-deviation"
    assert found.parts["group"] == ["North", "South"] and found.parts["group_mean"] == [2.0, 4.0]
    hidden = measure_table({**table, "x": ["1", "[c]", "4"]}, name="theil_decomposition", **call)  # type: ignore[arg-type]
    assert isinstance(hidden, Refusal) and hidden.code == "suppressed"
