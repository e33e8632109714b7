"""The Shapley attribution: worked by hand, its intervals, text labels, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.registry import MEASURES
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

CONVENTIONS = MEASURES["shapley"].card.convention_names


def measured(value: object, factor: object, convention: str = "variance", **rest: object) -> Readings:
    given = {"polarity": Polarity.MORE, "columns": {"factor": factor}, "convention": convention} | rest
    return measure_batch("shapley", value, **given)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """Levels 1, 2, 3 and 8 by two crossed halves: alone they explain 4 and 9/4, together the whole of 7.25; 1 is shared."""
    found = measured([1.0, 2.0, 3.0, 8.0], [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert found.value.tolist() == [7.25] and found.parts["alone"].tolist() == [[4.0, 2.25]]
    assert found.parts["component"].tolist() == [[4.5, 2.75]]
    assert found.also["within"].tolist() == [0.0]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_whole_is_the_measure_over_the_rows(convention: str) -> None:
    rng = np.random.default_rng(51)
    level, people, factor = rng.uniform(5, 20, 60), rng.uniform(1, 3, 60), rng.integers(0, 3, (60, 3)).astype(float)
    found = measured(level, factor, convention, population=people, parameters={"alpha": 0.5})
    assert found.also["within"][0] > 0
    np.testing.assert_allclose(found.parts["component"].sum() + found.also["within"], found.value, atol=1e-12)
    like = {"variance": "between_group_variance", "gini": "gini", "theil": "theil", "mean-log-deviation": "mean_log_deviation"}
    if convention in like:
        whole = measure_batch(like[convention], level, population=people, polarity=Polarity.MORE)
        np.testing.assert_allclose(found.value, whole.value, rtol=1e-12)


def test_errors_give_every_part_an_interval() -> None:
    level, factor = np.array([10.0, 14.0, 22.0, 31.0]), [[0, 0], [0, 1], [1, 0], [1, 1]]
    found = measured(level, factor, se=np.full(4, 0.2)).at(0)
    assert isinstance(found, Measurement) and found.lower is not None
    assert found.parts["component_lower"][0] < found.parts["component"][0] < found.parts["component_upper"][0]
    noisy = measured(level, factor, se=np.full(4, 4.0)).at(0)
    assert isinstance(noisy, Measurement) and noisy.parts["component_lower"][1] is None


def test_a_table_may_name_groups_by_text() -> None:
    table = {"sex": ["F", "M", "F", "M"], "age": ["old", "old", "young", "young"], "x": ["1", "2", "3", "8"]}
    call = {"value": "x", "polarity": "more-is-better", "convention": "variance"}
    found = measure_table(table, name="shapley", further={"factor": ["age", "sex"]}, **call)  # type: ignore[arg-type]
    assert isinstance(found, Measurement)
    assert found.parts["factor"] == ["age", "sex"] and found.parts["component"] == [4.5, 2.75]


@pytest.mark.parametrize(
    ("value", "convention", "code"),
    [
        ([-1.0, 2.0], "theil", "not-positive"),
        ([-1.0, 2.0], "gini", "not-positive"),
        ([-1.0, 2.0], "variance", ""),
        ([np.nan, 2.0], "variance", "missing-values"),
        ([2.0], "variance", "too-few-subjects"),
    ],
)
def test_what_cannot_be_split_is_refused(value: list[float], convention: str, code: str) -> None:
    assert measured(value, np.arange(len(value))[:, None], convention).code.tolist() == [code]


def test_more_than_twelve_are_too_many() -> None:
    with pytest.raises(InputError, match="1 to 12"):
        measured([1.0, 2.0], np.zeros((2, 13)))


def test_twelve_are_not() -> None:
    rng = np.random.default_rng(52)
    found = measured(rng.uniform(1, 2, 200), rng.integers(0, 2, (200, 12)).astype(float), "theil")
    np.testing.assert_allclose(found.parts["component"].sum() + found.also["within"], found.value, atol=1e-12)
