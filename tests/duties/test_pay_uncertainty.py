"""Intervals of pay gaps: the figures in their middle, textbook cases, and how often they hold the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import QUARTERS, Worked
from levelup.duties.pay.uncertainty import gap_intervals, mean_gap_interval, median_gap_interval
from levelup.inference.interval import wilson_interval
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Estimate, Floats

Draw = Callable[[np.random.Generator, int], Floats]
ROUNDS = 1500
SLACK = 3 * np.sqrt(0.95 * 0.05 / ROUNDS)
"""Three standard errors of a simulated share of 95 in 100."""


def lognormal(spread: float, scale: float = 1.0) -> Draw:
    return lambda rng, n: 20.0 * scale * np.exp(spread * rng.normal(size=n))


def held(method: Callable[..., Estimate | Refusal], draws: tuple[Draw, Draw], sizes: tuple[int, int], *, true: float) -> float:
    """Return how often an interval holds the true gap."""
    rng = np.random.default_rng(20261123)
    inside = 0
    for _ in range(ROUNDS):
        found = method(draws[0](rng, sizes[0]), second=draws[1](rng, sizes[1]))
        assert isinstance(found, Estimate) and found.lower is not None and found.upper is not None
        inside += found.lower - 1e-9 <= true <= found.upper + 1e-9
    return inside / ROUNDS


@pytest.mark.parametrize("sizes", [(30, 30), (30, 300), (300, 30), (100, 60)])
@pytest.mark.parametrize("spread", [0.4, 1.0])
def test_a_mean_gap_holds_the_truth_93_to_97_times_in_100(spread: float, sizes: tuple[int, int]) -> None:
    """Hourly pay of a council spreads by about 0.4 on the logarithm; bonuses by more."""
    covered = held(mean_gap_interval, (lognormal(spread), lognormal(spread, 0.9)), sizes, true=10.0)
    assert 0.93 - SLACK <= covered <= 0.97 + SLACK


@pytest.mark.parametrize("sizes", [(30, 30), (30, 300), (101, 60)])
@pytest.mark.parametrize("spread", [0.4, 1.0])
def test_a_median_gap_holds_the_truth_93_to_97_times_in_100(spread: float, sizes: tuple[int, int]) -> None:
    covered = held(median_gap_interval, (lognormal(spread), lognormal(spread, 0.9)), sizes, true=10.0)
    assert 0.93 - SLACK <= covered <= 0.97 + SLACK


@pytest.mark.parametrize("sizes", [(30, 40), (30, 400)])
def test_a_median_gap_of_pay_on_a_spine_holds_the_truth_at_least_as_often(sizes: tuple[int, int]) -> None:
    """Whole points of a pay spine, so that many people stand on one rate; the interval can only be too wide."""
    points = 11.6 * 1.022 ** np.arange(43)
    chances = [stats.norm.pdf(np.arange(43), middle, 8) for middle in (18, 14)]
    chances = [item / item.sum() for item in chances]
    medians = [points[np.searchsorted(np.cumsum(item), 0.5)] for item in chances]
    draws = tuple((lambda rng, n, p=item: rng.choice(points, size=n, p=p)) for item in chances)
    covered = held(median_gap_interval, draws, sizes, true=100 * (1 - medians[1] / medians[0]))  # type: ignore[arg-type]
    assert covered >= 0.95 - SLACK


def test_a_mean_gap_without_skewness_or_long_tails_is_welchs_on_the_logarithm() -> None:
    first, second = np.linspace(10.0, 30.0, 41), np.linspace(9.0, 27.0, 31)
    found = mean_gap_interval(first, second=second)
    assert isinstance(found, Estimate)
    parts = [side.var(ddof=1) / len(side) / side.mean() ** 2 for side in (first, second)]
    freedom = sum(parts) ** 2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (first, second), strict=True))
    reach = special.stdtrit(freedom, 0.975) * np.sqrt(sum(parts))
    centre = np.log(second.mean() / first.mean())
    assert found.value == pytest.approx(100 * (1 - 18 / 20))
    assert found.lower == pytest.approx(100 * (1 - np.exp(centre + reach)))
    assert found.upper == pytest.approx(100 * (1 - np.exp(centre - reach)))
    assert found.se == pytest.approx(100 * 0.9 * np.sqrt(sum(parts)))


def test_long_tails_reach_further_on_both_sides_with_fewer_degrees_of_freedom() -> None:
    """Two far rows on either side: the kurtosis enters by the textbook's unbiased form."""
    first, second = np.linspace(10.0, 30.0, 41), np.concatenate([np.linspace(14.0, 16.0, 28), [5.0, 25.0]])
    found = mean_gap_interval(first, second=second)
    assert isinstance(found, Estimate) and found.lower is not None and found.upper is not None
    parts = [side.var(ddof=1) / len(side) / side.mean() ** 2 for side in (first, second)]
    tails = stats.kurtosis(second, bias=False)
    assert tails > 1 and stats.kurtosis(first, bias=False) < 0
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 40 + parts[1] ** 2 * (1 / 29 + tails / 60))
    reach = special.stdtrit(freedom, 0.975) * np.sqrt(sum(parts))
    assert np.log((100 - found.lower) / (100 - found.upper)) == pytest.approx(2 * reach)


def test_skewness_reaches_further_towards_the_long_tail_and_never_shortens() -> None:
    first = np.full(60, 20.0) + np.linspace(-1, 1, 60)
    second = np.exp(np.linspace(0.0, 3.0, 40))
    found = mean_gap_interval(first, second=second)
    turned = mean_gap_interval(first, second=2 * second.mean() - second)
    assert isinstance(found, Estimate) and isinstance(turned, Estimate)
    assert found.lower is not None and turned.lower is not None and found.upper is not None and turned.upper is not None
    assert found.lower < turned.lower - 1.0, "a long tail upwards lets the second mean be much higher"
    assert found.upper < turned.upper


def test_the_bounds_of_a_median_are_those_of_the_paper() -> None:
    """Ten rows: ranks 2 and 9 cover 97.85 %, 3 and 8 cover 89.06 %, and 95 % lies between by the paper's weight."""
    first, second = np.arange(1.0, 11.0), np.full(10, 5.0)
    found = median_gap_interval(first, second=second)
    assert isinstance(found, Estimate)
    part = (0.978515625 - 0.95) / (0.978515625 - 0.890625)
    weight = 8 * part / (2 + 6 * part)
    assert found.lower == pytest.approx(100 * (1 - 5 / (2 + weight)))
    assert found.upper == pytest.approx(100 * (1 - 5 / (9 - weight)))


def people(men: Floats, women: Floats, *, paid: int = 0) -> Worked:
    side = np.repeat(np.array([0, 1], dtype=np.int8), [len(men), len(women)])
    n = len(side)
    bonus = np.where(np.concatenate([np.arange(len(men)), np.arange(len(women))]) < paid, 100.0 + np.arange(n), 0.0)
    return Worked(np.arange(n), side, np.concatenate([men, women]), bonus, np.ones(n, dtype=bool), np.full(n, 37.0))


def test_every_figure_has_an_interval_round_it() -> None:
    rng = np.random.default_rng(3)
    worked = people(20 * np.exp(0.4 * rng.normal(size=60)), 18 * np.exp(0.4 * rng.normal(size=121)), paid=25)
    gaps = pay_gaps(worked)
    made = gap_intervals(worked, gaps=gaps)
    figures = [(getattr(made, name), getattr(gaps, name)) for name in
               ("mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap", "median_bonus_gap")]  # fmt: skip
    figures += [(made.bonus_share[0], gaps.bonus_share.first), (made.bonus_share[1], gaps.bonus_share.second)]
    figures += [(made.quarters[name], gaps.quarters[name].second) for name in QUARTERS]
    for found, published in figures:
        assert isinstance(found, Estimate) and found.lower is not None and found.upper is not None
        assert found.value == pytest.approx(published, abs=0.051)
        assert found.lower < found.value < found.upper
    low, high = wilson_interval(25, 60)
    assert isinstance(made.bonus_share[0], Estimate)
    assert (made.bonus_share[0].lower, made.bonus_share[0].upper) == pytest.approx((100 * float(low), 100 * float(high)))


def test_too_few_people_and_no_figure_are_refused_without_telling_how_few() -> None:
    worked = people(np.linspace(12, 20, 9), np.linspace(11, 19, 40), paid=4)
    made = gap_intervals(worked, gaps=pay_gaps(worked))
    assert isinstance(made.mean_hourly_gap, Refusal) and isinstance(made.median_bonus_gap, Refusal)
    assert made.mean_hourly_gap.code == "too-few-subjects" and "9" not in made.mean_hourly_gap.reason
    assert isinstance(made.bonus_share[0], Refusal) and isinstance(made.bonus_share[1], Estimate)
    assert isinstance(median_gap_interval(np.arange(1.0, 6.0), second=np.arange(1.0, 60.0), least=2), Refusal)
    negative = mean_gap_interval(np.linspace(-30, 1, 30), second=np.linspace(1, 2, 30))
    assert isinstance(negative, Refusal) and negative.code == "not-positive"
    low = median_gap_interval(np.linspace(-29, 30, 30), second=np.linspace(1, 2, 30))
    assert isinstance(low, Refusal) and low.code == "not-positive"


def test_an_extract_without_bonuses_has_no_interval_of_their_share() -> None:
    worked = people(np.linspace(12, 20, 20), np.linspace(11, 19, 40))
    worked.bonus[:] = np.nan
    made = gap_intervals(worked, gaps=pay_gaps(worked))
    assert isinstance(made.bonus_share[0], Refusal) and made.bonus_share[0].code == "missing-values"


def test_where_there_is_no_gap_the_interval_says_why_and_not_that_people_are_few() -> None:
    worked = people(np.linspace(12, 20, 20), np.linspace(11, 19, 40))
    made = gap_intervals(worked, gaps=pay_gaps(worked))
    for found in (made.mean_bonus_gap, made.median_bonus_gap):
        assert isinstance(found, Refusal) and found.code == "no-data" and found.reason.startswith("Nobody was paid a bonus")
    assert isinstance(made.mean_hourly_gap, Estimate)
    women = people(np.zeros(0), np.linspace(11, 19, 40), paid=12)
    made, gaps = gap_intervals(women, gaps=pay_gaps(women)), pay_gaps(women)
    for name in ("mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap", "median_bonus_gap"):
        assert getattr(made, name) == Refusal("no-data", gaps.reasons[name])


def test_equal_pay_has_an_interval_of_no_width() -> None:
    flat = np.full(30, 15.0)
    for method in (mean_gap_interval, median_gap_interval):
        found = method(flat, second=flat)
        assert isinstance(found, Estimate)
        assert (found.value, found.lower, found.upper) == (0.0, 0.0, 0.0)


@given(st.floats(0.01, 100.0), st.integers(10, 60), st.integers(10, 60))
def test_the_currency_does_not_matter(scale: float, men: int, women: int) -> None:
    rng = np.random.default_rng(men * 100 + women)
    first, second = np.exp(rng.normal(size=men)), np.exp(rng.normal(size=women))
    for method in (mean_gap_interval, median_gap_interval):
        one, other = method(first, second=second), method(scale * first, second=scale * second)
        assert isinstance(one, Estimate) and isinstance(other, Estimate)
        assert (other.value, other.lower, other.upper) == pytest.approx((one.value, one.lower, one.upper), rel=1e-7, abs=1e-7)


def test_wrong_arguments_are_named() -> None:
    worked = people(np.linspace(12, 20, 20), np.linspace(11, 19, 40))
    with pytest.raises(InputError, match="confidence"):
        gap_intervals(worked, gaps=pay_gaps(worked), confidence=1.5)
    with pytest.raises(InputError, match="at least 2"):
        gap_intervals(worked, gaps=pay_gaps(worked), least=1)
