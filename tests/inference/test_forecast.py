"""Forecasts: by hand, by laws, by simulation, and by what came after in the bundled figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from benchmarks.backtest import PROMISE, try_store
from levelup.catalogue.load import load_catalogue
from levelup.inference.forecast import LEVELS, Fan, Forecast, backtest, forecast
from levelup.inference.forecast_model import _inverse_trigamma
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period

BUNDLED = Path(__file__).resolve().parents[2] / "src" / "levelup" / "bundled" / "essex" / "store"
TABLES = arrays(np.float64, (4, 9), elements=st.integers(-50, 50).map(float))
TO_AND_FRO = [5.0, 6.0, 5.0, 6.0, 5.0]


def width(made: Forecast) -> np.ndarray:
    return made.quantiles[..., -1] - made.quantiles[..., 0]


def test_a_single_series_is_a_random_walk_with_as_many_degrees_of_freedom_as_changes() -> None:
    """Two years ahead nothing was missed: half a weight on that, half on twice the one-year variance."""
    made = forecast([TO_AND_FRO], years=2)
    assert made.quantiles[0, 0] == pytest.approx(5.0 + stats.t.ppf(LEVELS, 4))
    assert made.quantiles[0, 1] == pytest.approx(5.0 + stats.t.ppf(LEVELS, 4 / np.sqrt(2)))


def test_a_straight_line_goes_on_with_a_drift_that_dies_away() -> None:
    """Three changes of 1 came before a drift was known, two more were missed by a fifth."""
    made = forecast([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
    assert made.quantiles[0, :3, 2] == pytest.approx([6.8, 6.8 + 0.64, 6.8 + 0.64 + 0.512])
    assert made.quantiles[0, 0, 4] - 6.8 == pytest.approx(stats.t.ppf(0.9, 5) * np.sqrt((3 * 1 + 2 * 0.04) / 5))


def test_values_with_one_bound_are_forecast_on_the_root_and_shares_on_the_arcsine() -> None:
    plain = forecast([TO_AND_FRO]).quantiles
    assert forecast([np.square(TO_AND_FRO)], bounds=(0.0, None)).quantiles == pytest.approx(np.square(plain), nan_ok=True)
    assert forecast([-np.square(TO_AND_FRO)], bounds=(None, 0.0)).quantiles == pytest.approx(
        -np.square(plain[..., ::-1]), nan_ok=True
    )
    share = 100 * np.sin(np.asarray(TO_AND_FRO) / 8) ** 2
    inside = forecast([share], bounds=(0.0, 100.0)).quantiles
    assert inside[0, 0, 1:4] == pytest.approx(100 * np.sin(plain[0, 0, 1:4] / 8) ** 2)


def test_trigamma_is_undone() -> None:
    """Trigamma of 1 is pi squared over 6, of one half pi squared over 2."""
    assert _inverse_trigamma(np.pi**2 / 6) == pytest.approx(1.0)
    assert _inverse_trigamma(np.pi**2 / 2) == pytest.approx(0.5)


def test_the_periods_of_a_fan_keep_their_length_and_a_leap_day_its_month() -> None:
    fan = Fan(parse_period("2020-01-01/P3Y"), (1, 2), LEVELS, np.zeros((2, 5)), 9)
    assert [period.label for period in fan.periods] == ["2021 to 2023", "2022 to 2024"]
    snapshot = Fan(parse_period("2024-02-29"), (1,), LEVELS, np.zeros((1, 5)), 9)
    assert [period.iso for period in snapshot.periods] == ["2025-02-28"]


@given(TABLES, st.integers(-40, 40), st.sampled_from([0.25, 2.0, 64.0]))
@settings(max_examples=60)
def test_forecasts_move_and_stretch_with_the_values(table: np.ndarray, shift: int, factor: float) -> None:
    plain = forecast(table).quantiles
    assert forecast(table * factor).quantiles == pytest.approx(plain * factor, nan_ok=True)
    assert forecast(table + shift).quantiles == pytest.approx(plain + shift, nan_ok=True, abs=1e-6)
    assert forecast(-table).quantiles == pytest.approx(-plain[..., ::-1], nan_ok=True, abs=1e-6)


@given(TABLES)
@settings(max_examples=60)
def test_quantiles_rise_over_the_levels_and_the_fan_widens(table: np.ndarray) -> None:
    made = forecast(table)
    known = made.quantiles[made.varied][:, :4]
    assert made.reach.tolist() == [4] * 4
    assert (np.diff(known, axis=-1) >= 0).all()
    assert (np.diff(width(made)[made.varied][:, :4], axis=-1) >= -1e-9).all()


@given(TABLES, st.permutations(range(4)))
@settings(max_examples=30)
def test_the_order_of_places_and_an_empty_one_do_not_matter(table: np.ndarray, order: list[int]) -> None:
    plain = forecast(table).quantiles
    assert forecast(table[order]).quantiles == pytest.approx(plain[order], nan_ok=True, abs=1e-6)
    with_empty = np.vstack([table, np.full((1, 9), np.nan)])
    assert forecast(with_empty).quantiles[:4] == pytest.approx(plain, nan_ok=True, abs=1e-6)


@given(arrays(np.float64, (3, 8), elements=st.floats(0, 100)))
@settings(max_examples=60)
def test_no_forecast_leaves_the_bounds(table: np.ndarray) -> None:
    for bounds in ((0.0, 100.0), (0.0, None), (None, 100.0)):
        made = forecast(table, bounds=bounds).quantiles
        known = made[np.isfinite(made)]
        assert (known >= (-np.inf if bounds[0] is None else 0)).all()
        assert (known <= (np.inf if bounds[1] is None else 100)).all()


def test_shares_at_their_bounds_are_forecast() -> None:
    made = forecast([[0.0, 0.0, 0.5, 0.0, 0.0, 0.0], [100.0, 99.0, 100.0, 100.0, 100.0, 98.0]], bounds=(0.0, 100.0))
    assert made.varied.all()
    assert made.quantiles[0, 0, 0] == 0.0 and 0.0 < made.quantiles[0, 0, 4] < 5.0
    assert made.quantiles[1, 0, 0] > 90.0


def test_published_errors_count_only_in_how_they_compare() -> None:
    """Ten years of places half of which are four times as noisy: the noisy ones' fans are wider before they have shown it."""
    generator = np.random.default_rng(5)
    se = np.where(np.arange(80) % 2, 4.0, 1.0)[:, None] * np.ones(6)
    values = generator.normal(size=(80, 6)) * se
    blind, told = forecast(values), forecast(values, se=se)
    assert forecast(values, se=100 * se).quantiles == pytest.approx(told.quantiles, nan_ok=True)

    def least_ratio(made: Forecast) -> float:
        return float(np.quantile(width(made)[1::2, 0], 0.1) / np.median(width(made)[::2, 0]))

    assert least_ratio(told) > least_ratio(blind) > 1.0


def test_nothing_after_the_origin_is_used() -> None:
    generator = np.random.default_rng(2)
    values = np.abs(generator.normal(size=(30, 14)).cumsum(axis=1) + 20)
    se = np.abs(generator.normal(size=values.shape)) + 0.1
    tried = backtest(values, se=se, bounds=(0.0, None))
    for origin in np.unique(tried.origin):
        now = forecast(values[:, : origin + 1], se=se[:, : origin + 1], bounds=(0.0, None))
        rows = tried.origin == origin
        assert tried.quantiles[rows] == pytest.approx(now.quantiles[tried.series[rows], tried.ahead[rows] - 1])
        assert tried.actual[rows] == pytest.approx(values[tried.series[rows], origin + tried.ahead[rows]])
    changed = values.copy()
    changed[:, 9:] *= 3
    again = backtest(changed, se=se, bounds=(0.0, None))
    early = tried.origin < 9
    assert (again.quantiles[early] == tried.quantiles[early]).all() and early.sum() > 100


def test_a_series_that_ends_early_is_forecast_from_its_own_last_figure() -> None:
    generator = np.random.default_rng(3)
    values = generator.normal(size=(10, 12)).cumsum(axis=1)
    values[4, 9:] = np.nan
    made = forecast(values)
    assert made.origin[4] == 8 and made.points[4] == 9 and made.reach[4] == 4
    assert made.quantiles[4] == pytest.approx(forecast(values[:, :9]).quantiles[4], nan_ok=True)


def test_years_without_figures_are_bridged() -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(40, 12)).cumsum(axis=1)
    values[:, 1::2] = np.nan
    made = forecast(values)
    assert made.points.tolist() == [6] * 40 and (made.origin == 10).all()
    assert 0.8 * 2 * 1.28 < np.median(width(made)[:, 0]) < 1.7 * 2 * 1.28, "a year's spread is 1, two years' is the root of 2"


def test_too_few_points_and_too_long_horizons_are_refused() -> None:
    made = forecast([[1.0, 2.0, 4.0, 3.0, np.nan], [1.0, 2.0, 4.0, 3.0, 5.0], [np.nan] * 5])
    assert made.reach.tolist() == [0, 2, 0] and made.points.tolist() == [4, 5, 0] and made.origin.tolist() == [3, 4, -1]
    assert np.isnan(made.quantiles[[0, 2]]).all()
    assert np.isfinite(made.quantiles[1, :2]).all() and np.isnan(made.quantiles[1, 2:]).all()


def test_series_that_never_changed_have_no_width() -> None:
    made = forecast([[3.0] * 6, [4.0] * 6])
    assert not made.varied.any() and np.isnan(made.quantiles).all()
    beside = forecast([[3.0] * 6, [4.0, 5.0, 4.0, 6.0, 4.0, 5.0], [1.0, 1.0, 2.0, 1.0, 2.0, 1.0]])
    assert beside.varied.all() and (width(beside)[:, 0] > 0).all()
    assert len(backtest([[3.0] * 9]).actual) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": [1.0, 2.0]},
        {"values": [[1.0, 2.0]], "years": 0},
        {"values": [[1.0, 2.0]], "levels": (0.5, 0.1)},
        {"values": [[1.0, 2.0]], "levels": (0.0, 0.5)},
        {"values": [[1.0, 2.0]], "se": [[1.0]]},
        {"values": [[1.0, 101.0]], "bounds": (0.0, 100.0)},
    ],
)
def test_wrong_arguments_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="must"):
        forecast(**wrong)  # type: ignore[arg-type]


def walk(generator: np.random.Generator, places: int, years: int) -> np.ndarray:
    return generator.normal(size=(places, years)).cumsum(axis=1)


def walk_together(generator: np.random.Generator, places: int, years: int) -> np.ndarray:
    return walk(generator, 1, years) + 0.7 * walk(generator, places, years)


def noise(generator: np.random.Generator, places: int, years: int) -> np.ndarray:
    return 3 * generator.normal(size=(places, 1)) + generator.normal(size=(places, years))


def rolling(generator: np.random.Generator, places: int, years: int) -> np.ndarray:
    single = generator.normal(size=(places, years + 2))
    return (single[:, 2:] + single[:, 1:-1] + single[:, :-2]) / 3


@pytest.mark.parametrize(
    ("make", "places", "points", "low", "high"),
    [
        (walk, 1, 6, 0.77, 0.87),
        (walk, 1, 12, 0.77, 0.87),
        (walk, 100, 10, 0.78, 0.85),
        (walk_together, 50, 8, 0.75, 0.87),
        (noise, 100, 6, 0.80, 0.90),
        (noise, 100, 12, 0.80, 0.90),
        (rolling, 100, 10, 0.77, 0.87),
    ],
)
def test_eighty_in_a_hundred_fall_within(
    make: Callable[[np.random.Generator, int, int], np.ndarray], places: int, points: int, low: float, high: float
) -> None:
    """Noise is covered a little too often: the first misses are of a level that was barely known."""
    generator = np.random.default_rng(20261123)
    inside, draws = np.zeros(points // 2), 800 if places == 1 else 50
    for _ in range(draws):
        values = make(generator, places, points + points // 2)
        made = forecast(values[:, :points], years=points // 2).quantiles
        come = values[:, points:]
        inside += ((come >= made[..., 0]) & (come <= made[..., -1])).mean(axis=0) / draws
    assert low <= inside[0] <= high
    assert low <= inside.mean() <= high


def test_smoothing_beats_the_last_figure_where_figures_are_noise() -> None:
    values = noise(np.random.default_rng(7), 200, 11)
    made = forecast(values[:, :10], years=1).quantiles[:, 0, 2]
    assert np.abs(values[:, 10] - made).mean() < 0.85 * np.abs(values[:, 10] - values[:, 9]).mean()


def test_england_was_within_the_80_percent_interval_four_times_in_five() -> None:
    """Every yearly series of the bundled store, forecast from each earlier year by what was held then."""
    tried = try_store(Store.open(BUNDLED), catalogue=load_catalogue())
    assert len(tried.within) > 300_000
    assert PROMISE[0] <= tried.within.mean() <= PROMISE[1]
    assert 0.47 <= tried.within_half.mean() <= 0.55
    for ahead in range(1, 6):
        assert 0.75 <= tried.within[tried.ahead == ahead].mean() <= 0.85, f"{ahead} years ahead"
    known = np.isfinite(tried.loss)
    assert tried.loss[known].mean() < 0.95 * tried.naive[known].mean()
