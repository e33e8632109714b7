"""Quantiles, worked by hand, weighted and at their edges, and how often their intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from levelup.measures.batch import measure_batch
from levelup.measures.quantile import orders_about
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Measurement


@pytest.mark.parametrize(
    ("q", "expected"),
    [(0.5, 3.0), (0.4, 2.5), (0.39, 2.0), (0.41, 3.0), (0.1, 1.0), (0.9, 9.0)],
)
def test_by_hand(q: float, expected: float) -> None:
    """Two of five rows are just 0.4, which lies midway between 2 and 3."""
    assert measure_batch("quantile", [4.0, 9.0, 1.0, 2.0, 3.0], parameters={"q": q}).value.tolist() == [expected]


def test_weights_by_hand() -> None:
    """10 and 20 hold a quarter each and 40 a half: three eighths lie within 20, and a half is reached there and passed at 40."""
    values, people = [40.0, 10.0, 20.0], [2.0, 1.0, 1.0]
    found = [measure_batch("quantile", values, population=people, parameters={"q": q}).value[0] for q in (0.375, 0.5, 0.625)]
    assert found == [20.0, 30.0, 40.0]


def test_the_interval_by_hand() -> None:
    """Of 20 rows 5 or fewer lie below the median 2.07 times in 100, 6 or fewer 5.77: the sixth and the fifteenth are its ends."""
    found = measure_batch("median", np.arange(1.0, 21.0))
    assert (found.value[0], found.lower[0], found.upper[0]) == (10.5, 6.0, 15.0)
    assert found.se[0] == pytest.approx(9.0 / (2 * 1.959964), rel=1e-6) and "Exact" in found.method


def test_the_weighted_interval_by_hand() -> None:
    """Of 20 rows of weights 1 and 3 the share below has the error of 40 / (sum of squares, times 20 / 19)."""
    people = np.tile([1.0, 3.0], 10)
    found = measure_batch("median", np.arange(1.0, 21.0), population=people)
    reach = 1.959964 * np.sqrt(0.25 * 20 / 19 * np.square(people).sum()) / people.sum()
    reached = np.cumsum(people) / people.sum()
    ends = [1.0 + np.searchsorted(reached, 0.5 - reach), 1.0 + np.searchsorted(reached, 0.5 + reach, side="right")]
    assert [found.lower[0], found.upper[0]] == ends and "Woodruff" in found.method


def test_the_median_is_the_quantile_at_a_half() -> None:
    values = np.random.default_rng(1).normal(size=30)
    named, asked = measure_batch("median", values), measure_batch("quantile", values, parameters={"q": "0.5"})
    assert (named.value, named.lower) == (asked.value, asked.lower) and named.parameters == {"q": 0.5}


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.998, 0.999999])
@pytest.mark.parametrize("q", [1e-6, 0.003, 0.1, 0.5, 0.8, 0.999])
def test_the_ends_are_the_binomial_s(q: float, confidence: float) -> None:
    """The one further in would have the quantile beyond it too often, this one has not."""
    rows = np.append(np.arange(60.0), [100.0, 997.0, 12345.0, 1e6, 1e8])
    lower, upper = orders_about(rows, q=q, confidence=confidence)
    seldom, low, high = (1 - confidence) / 2, np.nan_to_num(lower), np.where(np.isnan(upper), rows + 1, upper)
    below, above = stats.binom(rows, q), stats.binom(rows, 1 - q)
    assert (below.cdf(low - 1) <= seldom * (1 + 1e-8)).all() and (below.cdf(low) > seldom)[low < rows].all()
    assert (above.cdf(rows - high) <= seldom * (1 + 1e-8)).all() and (above.cdf(rows + 1 - high) > seldom)[high > 1].all()


def test_turning_the_values_round_turns_the_quantile() -> None:
    values, people = np.random.default_rng(2).normal(size=(2, 3, 50))
    for weights in (None, np.exp(people)):
        found = measure_batch("quantile", values, population=weights, parameters={"q": 0.3})
        turned = measure_batch("quantile", -values, population=weights, parameters={"q": 0.7})
        np.testing.assert_array_equal([-turned.value, -turned.upper, -turned.lower], [found.value, found.lower, found.upper])


def test_equal_weights_are_no_weights_and_their_scale_does_not_matter() -> None:
    values, people = np.random.default_rng(3).normal(size=(4, 40)), np.random.default_rng(4).uniform(1, 3, (4, 40))
    for one, other in ((None, np.full((4, 40), 7.0)), (people, people * 1e200), (people, people * 1e-200)):
        found, again = (measure_batch("median", values, population=item) for item in (one, other))
        np.testing.assert_allclose([again.value, again.lower, again.upper], [found.value, found.lower, found.upper])


def test_slices_of_other_lengths_stand_beside_each_other() -> None:
    """A slice without a row, one of 3 and one of 8, padded."""
    values = np.full((3, 9), np.nan)
    values[1, [0, 4, 8]], values[2, :8] = [1.0, 3.0, 2.0], np.arange(8.0)
    found = measure_batch("median", values)
    assert found.code.tolist() == ["too-few-subjects", "", ""] and found.value[1:].tolist() == [2.0, 3.5]
    assert np.isnan(found.lower[:2]).all() and (found.lower[2], found.upper[2]) == (0.0, 7.0)


@pytest.mark.parametrize(
    ("values", "why"), [([5.0], "too few"), ([1.0, 2.0, 3.0, 4.0, 5.0], "too few"), ([4.0] * 9, "one level")]
)
def test_rows_that_cannot_tell_have_a_quantile_and_no_interval(values: list[float], why: str) -> None:
    result = measure_batch("median", values).at(0)
    assert isinstance(result, Measurement) and result.value == np.median(values) and result.lower is None and why in result.method


@pytest.mark.parametrize(
    ("value", "population", "code"),
    [([np.nan], [1.0], "missing-values"), ([1.0, 2.0], [1.0, 0.0], "not-positive"), ([], None, "too-few-subjects")],
)
def test_what_cannot_be_is_refused(value: list[float], population: list[float] | None, code: str) -> None:
    assert measure_batch("median", value, population=population).code.tolist() == [code]


def test_a_table_with_a_suppressed_cell_is_refused() -> None:
    result = measure_table({"pay": ["12", "[c]"]}, name="median", value="pay")
    assert isinstance(result, Refusal) and result.code == "suppressed"


def test_q_must_be_named_and_within_its_range() -> None:
    with pytest.raises(InputError, match="must be asked for with q"):
        measure_batch("quantile", [1.0, 2.0])
    for wrong in (0.0, 1.0, 50.0, float("nan")):
        with pytest.raises(InputError, match="q must lie between"):
            measure_batch("quantile", [1.0, 2.0], parameters={"q": wrong})


TIMES = 3000
SLACK = 0.016
"""Four standard errors of a simulated coverage of 0.95 over 3,000 draws."""


@pytest.mark.parametrize(("rows", "q"), [(12, 0.5), (60, 0.1), (60, 0.5), (60, 0.9)])
@pytest.mark.parametrize("heaviest", [None, 2.0])
def test_intervals_cover(rows: int, q: float, heaviest: float | None) -> None:
    """At least as often as they say without weights; with weights as often, whatever the shape of the levels."""
    random = np.random.default_rng(5)
    values = random.lognormal(0.0, 0.5, (TIMES, rows))
    people = None if heaviest is None else random.uniform(0.5, heaviest, (TIMES, rows))
    found, truth = measure_batch("quantile", values, population=people, parameters={"q": q}), np.exp(0.5 * special.ndtri(q))
    shown = np.isfinite(found.lower)
    covered = ((found.lower <= truth) & (truth <= found.upper))[shown].mean()
    assert shown.mean() > 0.8 and 0.95 - SLACK < covered < 0.98
