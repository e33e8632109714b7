"""Transition matrices worked by hand, with states that are labels, states that trap, and slices of their own states."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement

BEFORE = [1, 1, 1, 1, 2, 2, 2, 2]
AFTER = [1, 1, 1, 2, 1, 1, 2, 2]


def test_by_hand() -> None:
    """Chances 3/4 and 1/2 of staying: P = (2 - 5/4) / 1, D = 1 - |3/8 - 1/8|, and the second eigenvalue is the determinant."""
    found = measure_batch("markov", columns={"before": BEFORE, "after": AFTER}, convention="prais-shorrocks")
    assert found.parts["chance"][0].tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert found.value.tolist() == [0.75]
    np.testing.assert_allclose([found.also[name][0] for name in ("determinant", "eigenvalue")], [0.75, 0.75])
    np.testing.assert_allclose(found.parts["steady_state"][0], [2 / 3, 1 / 3])
    np.testing.assert_allclose(found.parts["first_passage"][0], [[1.5, 4.0], [2.0, 3.0]])
    assert found.parts["sojourn"][0].tolist() == [4.0, 2.0]


def test_the_error_of_the_trace_by_hand() -> None:
    """Two chances of four rows each: variance (3/16 + 1/4) / 4, times 8/7 for the estimated chances."""
    found = measure_batch("markov", columns={"before": BEFORE, "after": AFTER}, convention="prais-shorrocks")
    assert found.se[0] == pytest.approx(np.sqrt((3 / 16 + 1 / 4) / 4 * 8 / 7))


@pytest.mark.parametrize(("start", "moves"), [("observed", 0.75), ("uniform", 0.75), ("steady", 2 * (2 / 3 / 4 + 1 / 3 / 2))])
def test_bartholomews_index_from_a_start(start: str, moves: float) -> None:
    columns = {"before": BEFORE, "after": AFTER}
    found = measure_batch("markov", columns=columns, convention="bartholomew-moves", parameters={"start": start})
    assert found.value[0] == pytest.approx(moves)


def test_states_may_be_words_and_rows_may_weigh() -> None:
    table = {"then": ["low", "low", "high"], "now": ["low", "high", "high"], "n": ["3", "1", "5"]}
    found = measure_table(
        table,
        name="transition matrix",
        population="n",
        further={"before": ["then"], "after": ["now"]},
        convention="prais-shorrocks",
    )
    assert isinstance(found, Measurement)
    assert found.parts["before"] == ["high", "low"]
    assert found.parts["chance"] == [[1.0, 0.0], [0.25, 0.75]]


def test_a_slice_has_its_own_states() -> None:
    """The second slice has three states: the first has what it has alone."""
    before, after = [[1, 1, 2, np.nan], [1, 2, 3, 3]], [[1, 2, 2, np.nan], [2, 3, 1, 3]]
    both = measure_batch("markov", columns={"before": before, "after": after}, convention="determinant")
    alone = measure_batch("markov", columns={"before": before[0][:3], "after": after[0][:3]}, convention="determinant")
    assert both.value[0] == alone.value[0] and both.also["eigenvalue"][0] == pytest.approx(alone.also["eigenvalue"][0])
    np.testing.assert_allclose(both.parts["steady_state"][0], [0.0, 1.0, np.nan])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([1, 1], [1, 1], "all-equal"),
        ([1, 1], [1, 2], "unsupported-combination"),
        ([1, np.nan], [1, 2], "missing-values"),
        ([1], [2], "too-few-subjects"),
    ],
)
def test_moves_that_tell_nothing_are_refused(before: list[float], after: list[float], code: str) -> None:
    found = measure_batch("markov", columns={"before": before, "after": after}, convention="prais-shorrocks")
    assert found.code.tolist() == [code]


def test_parts_that_are_never_left_have_no_steady_start() -> None:
    columns = {"before": [1, 1, 2, 2, 3], "after": [1, 1, 2, 3, 2]}
    steady = measure_batch("markov", columns=columns, convention="bartholomew-distance", parameters={"start": "steady"})
    assert steady.code.tolist() == ["unsupported-combination"]
    assert measure_batch("markov", columns=columns, convention="bartholomew-distance").code.tolist() == [""]


def test_nobody_moving_has_no_interval() -> None:
    result = measure_batch("markov", columns={"before": [1, 2, 2], "after": [1, 2, 2]}, convention="prais-shorrocks").at(0)
    assert isinstance(result, Measurement) and (result.value, result.lower) == (0.0, None)
