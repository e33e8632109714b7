"""Rank mobility worked by hand: a slope, an expected rank, and a bottom of which a tie is divided."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError


def test_the_slope_by_hand() -> None:
    """Ranks .1, .3, .5, .7, .9 with two neighbours changed over: covariance .072 over variance .08."""
    columns = {"before": [1, 2, 3, 4, 5], "after": [1, 3, 2, 4, 5]}
    found = measure_batch("rank_rank_slope", columns=columns)
    assert found.value[0] == pytest.approx(0.9)
    assert found.also["expected-rank"][0] == pytest.approx(0.5 + 0.9 * (0.25 - 0.5))


def test_a_share_that_rises_by_hand() -> None:
    """The bottom two fifths of ten rows: one of the four ends in the top four."""
    before, after = np.arange(10), np.array([0, 1, 9, 2, 3, 4, 5, 6, 7, 8])
    columns = {"before": before, "after": after}
    found = measure_batch("bottom-to-top", columns=columns, parameters={"part": 0.4})
    assert found.value[0] == pytest.approx(0.25)


def test_a_tie_across_the_line_is_divided() -> None:
    """All five tie at the end: each is by two fifths in the top two fifths."""
    columns = {"before": [1, 2, 3, 4, 5], "after": [7, 7, 7, 7, 7]}
    found = measure_batch("bottom-to-top", columns=columns, parameters={"part": 0.4})
    assert found.value[0] == pytest.approx(0.4)


def test_given_ranks_are_not_ranked_again() -> None:
    columns = {"before": [0.1, 0.2, 0.3, 0.4, 0.5], "after": [0.5, 0.5, 0.6, 0.6, 0.7]}
    found = measure_batch("absolute upward mobility", columns=columns, parameters={"ranks": "given", "at": 0.3})
    assert found.value[0] == pytest.approx(0.58)
    assert measure_batch(
        "absolute upward mobility", columns={**columns, "before": [1, 2, 3, 4, 5]}, parameters={"ranks": "given"}
    ).code[0] == ("out-of-bounds")


@pytest.mark.parametrize("convention", ["slope", "expected-rank", "bottom-to-top"])
def test_counts_are_persons_one_in_a_row(convention: str) -> None:
    """Four moves of persons; a row of nobody changes nothing."""
    table = {"before": [1, 1, 2, 2, 3], "after": [1, 2, 1, 2, 1], "count": [30, 10, 15, 45, 0]}
    single = {role: np.repeat(table[role], table["count"]) for role in ("before", "after")}
    one, other = (measure_batch("rank_mobility", columns=item, convention=convention) for item in (table, single))
    assert one.n.tolist() == [100] and "the persons counted are the sample" in one.method
    np.testing.assert_allclose([one.value, one.lower, one.upper], [other.value, other.lower, other.upper], rtol=1e-9)
    four = measure_batch("rank_mobility", columns={role: item[:4] for role, item in table.items()}, convention=convention)
    np.testing.assert_allclose([four.value, four.lower], [one.value, one.lower], rtol=1e-9)


def test_few_persons_are_too_few_however_many_rows() -> None:
    rows = {"before": [1, 2, 3, 4, 5], "after": [1, 3, 2, 4, 5]}
    assert (
        measure_batch("rank_mobility", columns={**rows, "count": [1, 1, 1, 1, 0]}, convention="slope").code[0]
        == "too-few-subjects"
    )
    weighed = measure_batch("rank_mobility", columns=rows, population=[9, 9, 9, 9, 9], convention="slope")
    assert weighed.n.tolist() == [5] and "the rows, whatever they weigh, are the sample" in weighed.method
    with pytest.raises(InputError, match="not both"):
        measure_batch("rank_mobility", columns={**rows, "count": [1] * 5}, population=[1] * 5, convention="slope")


def test_intervals_cover() -> None:
    """Two thousand draws of 200 pairs of a normal law with correlation .6, whose rank slope is 6 / pi asin(.3)."""
    z = np.random.default_rng(1).normal(size=(2000, 200, 2))
    columns = {"before": z[..., 0], "after": 0.6 * z[..., 0] + 0.8 * z[..., 1]}
    for convention, truth in (("slope", 6 / np.pi * np.arcsin(0.3)), ("bottom-to-top", 0.02216)):
        found = measure_batch("rank_mobility", columns=columns, convention=convention)
        assert 0.93 < ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.97


@pytest.mark.parametrize(
    ("before", "code"),
    [([3, 3, 3, 3, 3], "all-equal"), ([1, 2, 3, 4, np.nan], "missing-values"), ([1, 2, 3, 4], "too-few-subjects")],
)
def test_rows_that_tell_nothing_are_refused(before: list[float], code: str) -> None:
    columns = {"before": before, "after": list(range(len(before)))}
    assert measure_batch("rank_mobility", columns=columns, convention="slope").code.tolist() == [code]
