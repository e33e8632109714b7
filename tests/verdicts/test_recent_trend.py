"""Fingertips' recent trend: the publisher's own test values, recomputation by other routes, and how often noise passes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.errors import InputError
from levelup.terms.period import parse_period
from levelup.terms.polarity import Polarity
from levelup.verdicts.recent_trend import (
    DEGENERATE,
    EXPANDING,
    MISSING,
    OUTLIER,
    THRESHOLD,
    TOO_FEW,
    check_periods,
    recent_trend_of_counts,
    recent_trend_of_values,
)

NAN = float("nan")

# Figures and answers that the publisher's own tests of the website hold (Public Health England, Fingertips).
RATE = {
    "value": [24.67, 24.6, 28, 30.2, 30.6],
    "lower": [23.16, 23.15, 26.44, 28.63, 28.98],
    "upper": [26.25, 26.19, 29.64, 31.9, 32.25],
}
STILL = {
    "value": [20.5506, 19.5952, 19.0349, 21.3966, 18.4372],
    "lower": [18.1803, 17.3444, 16.8421, 19.0918, 16.2925],
    "upper": [23.1427, 22.0602, 21.4394, 23.8975, 20.7941],
}
COUNTS = ([994, 1023, 1199, 1332, 1367], [40299, 41527, 42811, 44064, 44701])
EARLIER = [
    ([621, 599, 556, 535, 447], [3454, 3195, 3256, 3227, 3121], "decreasing", 5),
    ([2157, 2090, 2194, 2134.81, 2094], [3454, 3195, 3256, 3152, 3062], "increasing", 5),
    ([8116, 8145, 8222, 8506, 8728], [91530, 91773, 92088, 92238, 92665.89], "increasing", 5),
    ([5, 7, 6, 8, 8, 9], [22, 35, 42, 50, 100, 200], "decreasing", 5),
    ([5405, 5500, 5435, 5480, 5315], [18095, 18170, 18005, 17890, 17860], "no recent change", 5),
    ([5645, 5405, 5500, 5435, 5480, 5315], [18285, 18095, 18170, 18005, 17890, 17860], "no recent change", 6),
    (
        [5455, 5645, 5405, 5500, 5435, 5480, 5315],
        [18590, 18285, 18095, 18170, 18005, 17890, 17860],
        "no recent change",
        7,
    ),
    ([22435, 22445, 21365, 20955, 19055], [65880, 67900, 68705, 69835, 70910], "decreasing", 5),
    ([NAN, NAN, 11024.38, 11681.04, 11738.96], [NAN, NAN, 2315677, 2330591, 2349351], "cannot be calculated", 0),
]


def test_the_publishers_rates_come_out_as_the_publisher_says() -> None:
    made = recent_trend_of_values(RATE["value"], lower=RATE["lower"], upper=RATE["upper"])
    assert round(float(made.chi_square[0]), 2) == 46.77
    assert made.outcome[0] == "increasing"
    assert recent_trend_of_values(STILL["value"], lower=STILL["lower"], upper=STILL["upper"]).outcome[0] == "no recent change"


def test_the_publishers_counts_come_out_as_the_publisher_says() -> None:
    made = recent_trend_of_counts(COUNTS[0], denominator=COUNTS[1])
    assert round(float(made.chi_square[0]), 2) == 47.9
    assert made.outcome[0] == "increasing"
    everyone = recent_trend_of_counts([5, 3, 1, 1, 2], denominator=[5, 5, 5, 4, 4])
    assert everyone.outcome[0] == "cannot be calculated" and everyone.reason[0] == DEGENERATE


@pytest.mark.parametrize(("events", "whole", "outcome", "points"), EARLIER)
def test_the_earlier_rule_comes_out_as_the_publisher_says(
    events: list[float], whole: list[float], outcome: str, points: int
) -> None:
    made = recent_trend_of_counts(events, denominator=whole, convention=EXPANDING)
    assert (made.outcome[0], int(made.points[0])) == (outcome, points)


def test_the_threshold_is_the_chi_square_of_one_in_five_hundred() -> None:
    # A standard normal beyond 3.0902 either way has a chance of 0.002.
    assert THRESHOLD == pytest.approx(3.090232306**2, rel=1e-9)


def test_the_chi_square_of_counts_is_that_of_a_correlation_over_persons() -> None:
    events, whole = np.array([3, 6, 5, 9, 11]), np.array([20, 18, 25, 22, 19])
    year = np.repeat(np.arange(5), whole)
    counted = np.concatenate([np.repeat([1, 0], [e, n - e]) for e, n in zip(events, whole, strict=True)])
    correlation = np.corrcoef(year, counted)[0, 1]
    made = recent_trend_of_counts(events, denominator=whole)
    assert made.chi_square[0] == pytest.approx(len(year) * correlation**2, rel=1e-12)
    logit = np.log(events / (whole - events))
    assert made.gradient[0] == pytest.approx(np.polyfit(np.arange(5), logit, 1)[0], rel=1e-12)


def test_the_chi_square_of_values_is_that_of_a_weighted_fit() -> None:
    value, se = np.array([3.0, 5.0, 4.0, 9.0, 8.0]), np.array([0.5, 1.0, 0.7, 2.0, 0.4])
    made = recent_trend_of_values(value, lower=value - 1.96 * se, upper=value + 1.96 * se)
    design = np.stack([np.ones(5), np.arange(5)], axis=1)
    covariance = np.linalg.inv(design.T @ np.diag(se**-2) @ design)
    slope = (covariance @ design.T @ (value / se**2))[1]
    assert made.gradient[0] == pytest.approx(slope, rel=1e-10)
    assert made.chi_square[0] == pytest.approx(slope**2 / covariance[1, 1], rel=1e-10)


def test_one_period_may_not_carry_the_trend() -> None:
    """Four level years and a leap: clear to the test, but without the leap the gradient is nought or turned."""
    value = np.array([10.0, 9.9, 10.0, 9.8, 14.0])
    made = recent_trend_of_values(value, lower=value - 0.5, upper=value + 0.5)
    assert made.chi_square[0] > THRESHOLD
    assert made.outcome[0] == "no recent change" and made.reason[0] == OUTLIER
    steady = np.array([10.0, 11.0, 12.0, 13.0, 14.0])
    assert recent_trend_of_values(steady, lower=steady - 0.5, upper=steady + 0.5).outcome[0] == "increasing"


def test_a_gradient_of_nought_without_one_point_is_not_its_sign() -> None:
    value = np.array([10.0, 10.0, 10.0, 10.0, 14.0])
    made = recent_trend_of_values(value, lower=value - 0.5, upper=value + 0.5)
    assert made.reason[0] == OUTLIER


@pytest.mark.parametrize(
    ("polarity", "meaning"),
    [(Polarity.MORE, "better"), (Polarity.LESS, "worse"), (Polarity.ZERO, ""), (None, "")],
)
def test_polarity_gives_the_meaning_of_a_rise(polarity: Polarity | None, meaning: str) -> None:
    assert recent_trend_of_counts(COUNTS[0], denominator=COUNTS[1], polarity=polarity).meaning[0] == meaning


def test_what_cannot_be_calculated_says_why() -> None:
    rows = np.array(
        [
            [10, 20, 30, 40, 50, 60],
            [NAN, 20, 30, 40, 50, 60],
            [10, 20, NAN, 40, 50, 60],
            [10, 20, 30, 40, 50, NAN],
            [10, 20, 0, 40, 50, 60],
        ]
    )
    made = recent_trend_of_counts(rows, denominator=np.full(rows.shape, 100.0))
    assert made.outcome.tolist() == ["increasing", "increasing"] + ["cannot be calculated"] * 3
    assert made.reason.tolist() == ["", "", MISSING, MISSING, DEGENERATE]
    assert made.points.tolist() == [5, 5, 0, 0, 0] and np.isnan(made.chi_square[2:]).all()
    short = recent_trend_of_counts([1, 2, 3, 4], denominator=[9, 9, 9, 9])
    assert (short.outcome[0], short.reason[0]) == ("cannot be calculated", TOO_FEW)
    flat = recent_trend_of_values([1, 2, 3, 4, 5], lower=[1, 2, 3, 4, 5], upper=[1, 2, 3, 4, 5])
    assert flat.reason[0] == DEGENERATE
    assert recent_trend_of_values([1, 2], lower=[0, 1], upper=[2, 3]).reason[0] == TOO_FEW


def test_the_earlier_rule_stops_at_a_missing_year_and_the_current_one_looks_at_five() -> None:
    """A slow rise that five points do not show and eight do."""
    events, whole = np.array([40, 44, 47, 50, 53, 56, 58, 62.0]), np.full(8, 300.0)
    assert recent_trend_of_counts(events, denominator=whole).outcome[0] == "no recent change"
    found = recent_trend_of_counts(events, denominator=whole, convention=EXPANDING)
    assert found.outcome[0] == "no recent change" and found.points[0] == 8
    more = recent_trend_of_counts(events * 4, denominator=whole * 4, convention=EXPANDING)
    assert more.outcome[0] == "increasing" and 5 < more.points[0] <= 8
    cut = events * 4
    cut[2] = NAN
    assert recent_trend_of_counts(cut, denominator=whole * 4, convention=EXPANDING).points[0] == 5


def test_the_earlier_rule_is_that_of_a_plain_search() -> None:
    generator = np.random.default_rng(11)
    whole = generator.integers(50, 400, size=(200, 12)).astype(float)
    events = generator.binomial(whole.astype(int), 0.3 + 0.008 * np.arange(12)).astype(float)
    made = recent_trend_of_counts(events, denominator=whole, convention=EXPANDING)
    rate = recent_trend_of_counts(events, denominator=whole, convention=EXPANDING, rate="crude rate")
    for row in range(len(whole)):
        outcome, crude, used = "no recent change", "no recent change", 12
        for points in range(5, 13):
            r, n, t = events[row, -points:], whole[row, -points:], np.arange(points)
            year = (r * t).sum() - r.sum() * (n * t).sum() / n.sum()
            p = r.sum() / n.sum()
            if year**2 / (p * (1 - p) * ((n * t * t).sum() - (n * t).sum() ** 2 / n.sum())) > THRESHOLD:
                used = points
                outcome = "increasing" if np.polyfit(t, np.log(r / (n - r)), 1)[0] > 0 else "decreasing"
                crude = "increasing" if np.polyfit(t, np.log(r / n), 1)[0] > 0 else "decreasing"
                break
        assert (made.outcome[row], rate.outcome[row], made.points[row]) == (outcome, crude, used)
    assert {"increasing", "no recent change"} <= set(made.outcome.tolist())


@given(arrays(np.float64, (4, 7), elements=st.integers(1, 99).map(float)))
@settings(max_examples=60, deadline=None)
def test_counting_the_others_turns_every_trend_round(events: np.ndarray) -> None:
    whole = np.full(events.shape, 100.0)
    made, other = (recent_trend_of_counts(item, denominator=whole) for item in (events, whole - events))
    turned = {"increasing": "decreasing", "decreasing": "increasing"}
    assert [turned.get(word, word) for word in made.outcome] == other.outcome.tolist()
    assert made.chi_square == pytest.approx(other.chi_square, rel=1e-9, abs=1e-9)


def test_each_series_is_judged_alone_and_only_by_its_latest_five() -> None:
    generator = np.random.default_rng(2)
    whole = generator.integers(100, 1000, size=(30, 9)).astype(float)
    events = np.floor(whole * generator.uniform(0.1, 0.6, size=whole.shape))
    made = recent_trend_of_counts(events, denominator=whole)
    for row in range(30):
        alone = recent_trend_of_counts(events[row, -5:], denominator=whole[row, -5:])
        assert alone.outcome[0] == made.outcome[row]
        assert alone.chi_square[0] == pytest.approx(made.chi_square[row], rel=1e-12)


def test_noise_passes_one_time_in_five_hundred() -> None:
    generator = np.random.default_rng(7)
    whole = np.full((60_000, 5), 2000.0)
    made = recent_trend_of_counts(generator.binomial(2000, 0.3, size=whole.shape), denominator=whole)
    assert (made.chi_square > THRESHOLD).mean() == pytest.approx(0.002, abs=0.0008)
    assert np.isin(made.outcome, ("increasing", "decreasing")).mean() <= (made.chi_square > THRESHOLD).mean()
    value = generator.normal(size=(60_000, 5))
    drawn = recent_trend_of_values(value, lower=value - 1.96, upper=value + 1.96)
    assert (drawn.chi_square > THRESHOLD).mean() == pytest.approx(0.002, abs=0.0008)


def test_noise_passes_the_earlier_rule_the_oftener_the_longer_a_series_is() -> None:
    generator = np.random.default_rng(8)
    passed = []
    for years in (5, 20):
        whole = np.full((30_000, years), 2000.0)
        events = generator.binomial(2000, 0.3, size=whole.shape)
        outcome = recent_trend_of_counts(events, denominator=whole, convention=EXPANDING).outcome
        passed.append(np.isin(outcome, ("increasing", "decreasing")).mean())
    assert passed[0] == pytest.approx(0.002, abs=0.001)
    assert 0.005 < passed[1] < 0.02


def test_the_rule_is_for_separate_years_without_a_break() -> None:
    years = [parse_period(f"{year}-01-01/P1Y") for year in range(2015, 2024)]
    rolling = [parse_period(f"{year}-01-01/P3Y") for year in range(2015, 2024)]
    apart = [parse_period(f"{year}-01-01/P3Y") for year in range(2000, 2024, 3)]
    gap = [*years[:6], *years[7:]]
    days = [parse_period(f"{year}-04-30") for year in range(2018, 2024)]
    assert check_periods(years) is None and check_periods(days) is None
    for periods in (rolling, apart, gap):
        refused = check_periods(periods)
        assert refused is not None and refused.code == "unsupported-combination"
    broken = check_periods(years, breaks=("2021-01-01",))
    assert broken is not None and broken.code == "series-broken"
    assert check_periods(years, breaks=("2019-01-01",)) is None


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError):
        recent_trend_of_counts([1, 2, 3], denominator=[1, 2])
    with pytest.raises(InputError):
        recent_trend_of_counts([1] * 5, denominator=[9] * 5, convention="fingertips")
    with pytest.raises(InputError):
        recent_trend_of_counts([1] * 5, denominator=[9] * 5, rate="crude rate")
    with pytest.raises(InputError):
        recent_trend_of_values([1] * 5, lower=[1] * 5, upper=[1] * 4)
