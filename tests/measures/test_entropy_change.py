"""The change in the mean log deviation: worked by hand, exact and approximate parts, intervals, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

PARTS = ("within", "mix_within", "mix_between", "means")
RNG = np.random.default_rng(71)
BEFORE, AFTER = RNG.uniform(8.0, 20.0, 10), RNG.uniform(8.0, 25.0, 10)
PEOPLE, LATER = RNG.uniform(1.0, 5.0, 10), RNG.uniform(1.0, 5.0, 10)
GROUP = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2, 3], dtype=float)


def measured(value: object = BEFORE, later: object = AFTER, group: object = GROUP, **rest: object) -> Readings:
    columns = {"later": later, "group": group} | {key: rest.pop(key) for key in ("later_population", "later_se") if key in rest}
    given = {"polarity": Polarity.MORE, "columns": columns, "convention": "exact"} | rest
    return measure_batch("entropy_change", value, **given)  # type: ignore[arg-type]


def test_only_means_by_hand() -> None:
    """Two groups of one row, 1 and 1 before, 1 and 3 after: the change is ln 2 less half of ln 3, all of it the means'."""
    found = measured([1.0, 1.0], [1.0, 3.0], [0, 1])
    np.testing.assert_allclose(found.value, np.log(2.0) - 0.5 * np.log(3.0))
    np.testing.assert_allclose([found.also[name][0] for name in PARTS], [0.0, 0.0, 0.0, found.value[0]], atol=1e-15)


def test_only_the_mix_by_hand() -> None:
    """The same levels of 1 and 3 with people moving from half and half to a quarter and three quarters."""
    found = measured([1.0, 3.0], [1.0, 3.0], [0, 1], population=[2.0, 2.0], later_population=[1.0, 3.0])
    np.testing.assert_allclose(found.value, np.log(2.5) - 0.75 * np.log(3.0) - np.log(2.0) + 0.5 * np.log(3.0))
    np.testing.assert_allclose([found.also[name][0] for name in PARTS], [0.0, 0.0, found.value[0], 0.0], atol=1e-15)


@pytest.mark.parametrize(("convention", "most"), [("exact", 1e-14), ("mookherjee-shorrocks", 1e-2)])
def test_the_parts_and_what_they_leave_over(convention: str, most: float) -> None:
    found = measured(population=PEOPLE, later_population=LATER, convention=convention)
    dates = [
        measure_batch("MLD", level, population=people, polarity=Polarity.MORE).value[0]
        for level, people in ((BEFORE, PEOPLE), (AFTER, LATER))
    ]
    np.testing.assert_allclose(found.value, dates[1] - dates[0], atol=1e-14)
    left = found.value[0] - sum(found.also[name][0] for name in PARTS)
    np.testing.assert_allclose(found.also["residual"], left, atol=1e-16)
    assert abs(left) < most and (convention == "exact" or abs(left) > 1e-6)


def test_turned_round_every_exact_part_changes_its_sign() -> None:
    there = measured(population=PEOPLE, later_population=LATER)
    back = measured(AFTER, BEFORE, population=LATER, later_population=PEOPLE)
    for name in PARTS:
        np.testing.assert_allclose(there.also[name], -back.also[name], atol=1e-14)


def test_populations_of_the_first_date_stand_for_both() -> None:
    found, same = measured(population=PEOPLE), measured(population=PEOPLE, later_population=PEOPLE)
    assert found.value.tolist() == same.value.tolist() and found.also["mix_between"].tolist() == [0.0]
    with pytest.raises(InputError):
        measured(later_population=PEOPLE)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_errors_carry_through_by_the_derivatives(correlation: float) -> None:
    errors = (np.full(10, 0.3), np.linspace(0.2, 0.5, 10))
    common = {"population": PEOPLE, "later_population": LATER, "parameters": {"correlation": correlation}}
    found = measured(se=errors[0], later_se=errors[1], **common)  # type: ignore[arg-type]
    pulls = {name: np.zeros((2, 10)) for name in ("", *PARTS)}
    for date in (0, 1):
        for row in range(10):
            ends = []
            for sign in (1, -1):
                step = sign * 1e-5 * np.eye(10)[row]
                moved = measured(BEFORE + step * (date == 0), AFTER + step * (date == 1), **common)  # type: ignore[arg-type]
                ends.append({"": moved.value[0]} | {name: moved.also[name][0] for name in PARTS})
            for name, pull in pulls.items():
                pull[date, row] = (ends[0][name] - ends[1][name]) / 2e-5 * errors[date][row]
    for name, (a, b) in pulls.items():
        wanted = np.sqrt((a * a + b * b + 2 * correlation * a * b).sum())
        shown = found.se if not name else found.also[f"{name}_se"]
        np.testing.assert_allclose(shown, wanted, rtol=1e-5)


def test_one_date_without_errors_has_no_interval() -> None:
    found = measured(se=np.ones(10))
    assert np.isnan(found.lower[0]) and "both dates" in found.absent[0]


@pytest.mark.parametrize(
    ("value", "later", "code"),
    [
        ([0.0, 1.0], [1.0, 1.0], "not-positive"),
        ([1.0, 1.0], [1.0, -1.0], "not-positive"),
        ([1.0, 1.0], [1.0, np.nan], "missing-values"),
        ([1.0], [1.0], "too-few-subjects"),
    ],
)
def test_what_cannot_be_split_is_refused(value: list[float], later: list[float], code: str) -> None:
    assert measured(value, later, [0] * len(value)).code.tolist() == [code]


def test_a_negative_error_at_the_later_date_is_refused() -> None:
    assert measured(se=np.ones(10), later_se=-np.ones(10)).code.tolist() == ["out-of-bounds"]
