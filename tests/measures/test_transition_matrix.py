"""Transition matrices worked by hand, with states that are labels, states that trap, and slices of their own states."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.states import UNORDERED
from levelup.measures.table import measure_table
from levelup.measures.transition_matrix import CARD, transition_matrix
from levelup.terms.errors import InputError, Refusal
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


WORDS = {"then": ["low", "low", "mid", "high"], "now": ["low", "high", "mid", "low"], "n": ["3", "1", "5", "1"]}


def of_words(convention: str, order: str = "", table: dict[str, list[str]] = WORDS) -> Measurement | Refusal:
    roles = {"before": ["then"], "after": ["now"], "count": ["n"]}
    parameters = {"states": order} if order else {}
    return measure_table(table, name="transition matrix", further=roles, convention=convention, parameters=parameters)


def test_states_may_be_words_and_rows_may_weigh() -> None:
    found = of_words("prais-shorrocks")
    assert isinstance(found, Measurement) and found.parts["before"] == ["high", "low", "mid"] and found.n == 10
    assert found.parts["chance"] == [[0.0, 1.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.0, 1.0]]
    assert found.parameters == {"states": "unordered"} and "bartholomew-distance" not in found.also


def test_words_have_a_distance_where_their_order_is_given() -> None:
    """Two of ten move, and by two states of two: 0.2. In the order of the alphabet they would have moved by one."""
    refused = of_words("bartholomew-distance")
    assert isinstance(refused, Refusal) and "--parameter states=LOW,MID,HIGH" in refused.next
    found = of_words("bartholomew-distance", "low, mid, high")
    assert isinstance(found, Measurement) and found.value == pytest.approx(0.2)
    assert found.parameters["states"] == "low, mid, high" and found.parts["before"] == ["low", "mid", "high"]
    beside = of_words("prais-shorrocks", "low,mid,high")
    assert isinstance(beside, Measurement) and beside.also["bartholomew-distance"] == pytest.approx(0.2)
    with pytest.raises(InputError, match="every state once"):
        of_words("bartholomew-distance", "low,high")


def test_words_may_begin_with_their_number() -> None:
    number = {"low": "1 low", "mid": "2 mid", "high": "10 high"}
    table = {**WORDS, **{role: [number[word] for word in WORDS[role]] for role in ("then", "now")}}
    found = of_words("bartholomew-distance", table=table)
    assert isinstance(found, Measurement) and found.value == pytest.approx(0.2)
    assert found.parameters["states"] == "1 low, 2 mid, 10 high"


COUNTS = {"before": [1, 1, 1, 2, 2, 2, 3, 3, 3], "after": [1, 2, 3] * 3, "count": [90, 60, 20, 50, 100, 48, 30, 60, 150]}
"""Nine moves of 608 persons."""


@pytest.mark.parametrize("convention", [item.name for item in CARD.conventions])
@pytest.mark.parametrize("start", ["observed", "steady"])
def test_counts_are_persons_one_in_a_row(convention: str, start: str) -> None:
    """As weights they gave the interval of nine rows, eight times as wide."""
    single = {role: np.repeat(COUNTS[role], COUNTS["count"]) for role in ("before", "after")}
    parameters = {"start": start}
    one, other = (
        measure_batch("markov", columns=item, convention=convention, parameters=parameters) for item in (COUNTS, single)
    )
    assert one.n.tolist() == other.n.tolist() == [608] and 0 < one.upper[0] - one.lower[0] < 0.2
    np.testing.assert_allclose([one.value, one.lower, one.upper], [other.value, other.lower, other.upper], rtol=1e-9)
    assert "the persons counted are the sample" in one.method


def test_nobody_counted_is_nobody_there() -> None:
    rows = {"before": [1, 1, 2, 2, 3], "after": [1, 2, 1, 2, 3], "count": [9, 4, 3, 8, 0]}
    four = {role: item[:4] for role, item in rows.items()}
    one, other = (measure_batch("markov", columns=item, convention="bartholomew-distance") for item in (rows, four))
    assert one.value[0] == other.value[0] and one.lower[0] == other.lower[0]
    none = measure_batch("markov", columns={**rows, "count": [0] * 5}, convention="prais-shorrocks").at(0)
    assert isinstance(none, Refusal) and none.code == "too-few-subjects"
    less = measure_batch("markov", columns={**rows, "count": [9, 4, -3, 8, 1]}, convention="prais-shorrocks").at(0)
    assert isinstance(less, Refusal) and less.code == "out-of-bounds"


def test_weights_leave_the_rows_the_sample_and_the_answer_says_so() -> None:
    rows = {"before": COUNTS["before"], "after": COUNTS["after"]}
    found = measure_batch("markov", columns=rows, population=COUNTS["count"], convention="prais-shorrocks")
    assert found.n.tolist() == [9] and "the rows, whatever they weigh, are the sample" in found.method
    with pytest.raises(InputError, match="not both"):
        measure_batch("markov", columns=COUNTS, population=COUNTS["count"], convention="prais-shorrocks")


def test_the_order_of_the_states_is_said() -> None:
    rows = {"before": [10, 2, 2, 10], "after": [2, 10, 2, 10]}
    found = measure_batch("markov", columns=rows, convention="prais-shorrocks")
    assert found.parameters == {"states": "2, 10"} and "Order of states: 2, 10." in found.method
    many = {"before": np.arange(9), "after": np.arange(9)[::-1]}
    assert measure_batch("markov", columns=many, convention="determinant").parameters == {"states": "0, 1, 2, ..., 8"}


def test_states_without_an_order_have_no_distance() -> None:
    rows = {"before": np.array(BEFORE), "after": np.array(AFTER)}
    refused = transition_matrix(**rows, convention="bartholomew-distance", states=UNORDERED).at(0)
    assert isinstance(refused, Refusal) and refused.code == "unsupported-combination" and "without an order" in refused.reason
    other = transition_matrix(**rows, convention="prais-shorrocks", states=UNORDERED).at(0)
    assert isinstance(other, Measurement) and other.value == 0.75
    assert "bartholomew-distance" not in other.also and "bartholomew-moves" in other.also


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
