"""Fans of a panel's places: which years are used, what is refused and why."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.forecast import Fan, backtest, forecast
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import Period, parse_period
from levelup.verdicts.forecast import fans_of, runs_of
from levelup.verdicts.panel import Panel

YEARS = tuple(parse_period(f"{year}-04-01/P1Y") for year in range(2010, 2022))
WALK = np.random.default_rng(9).normal(size=(20, 12)).cumsum(axis=1) + 50
BREAK = (("2015-04-01", "Counted in another way."),)


def panel_of(value: np.ndarray, periods: tuple[Period, ...] = YEARS) -> Panel:
    blank = np.full(value.shape, np.nan)
    places = {f"P{row}": row for row in range(len(value))}
    return Panel("i", "all", places, periods, value=value, se=blank, numerator=blank, denominator=blank, releases=("r/1",))


def fan(found: Fan | Refusal) -> Fan:
    assert isinstance(found, Fan), found
    return found


def refused(found: Fan | Refusal) -> tuple[str, str]:
    assert isinstance(found, Refusal), found
    return found.code, found.reason


def test_a_fan_says_from_when_how_far_and_how_often_such_fans_were_right() -> None:
    found = fans_of(panel_of(WALK), places=("P3", "P0"))
    assert list(found) == ["P3", "P0"]
    made, tried = fan(found["P3"]), backtest(WALK)
    assert made.origin == YEARS[-1] and made.points == 12 and made.years == (1, 2, 3, 4, 5)
    assert [period.label for period in made.periods] == ["2022/23", "2023/24", "2024/25", "2025/26", "2026/27"]
    assert made.values == pytest.approx(forecast(WALK).quantiles[3])
    assert made.coverage == tried.is_inside.mean() and made.tested == len(tried.actual) > 300


def test_only_years_since_the_break_are_used() -> None:
    shifted = WALK.copy()
    shifted[:, :5] += 30
    made = fan(fans_of(panel_of(shifted), breaks=BREAK)["P0"])
    assert made.points == 7 and made.years == (1, 2, 3)
    assert made.values == pytest.approx(forecast(WALK[:, 5:]).quantiles[0, :3])
    before, after = runs_of(panel_of(shifted), breaks=BREAK)
    assert before.periods == YEARS[:5] and after.periods == YEARS[5:]
    late = fans_of(panel_of(WALK), breaks=(("2018-04-01", "Again in another way."),))["P0"]
    assert refused(late)[0] == "series-broken"


def test_each_place_is_refused_for_its_own_reason() -> None:
    value = np.vstack([WALK, np.full((3, 12), np.nan)])
    value[20, -4:] = [1.0, 2.0, 3.0, 4.0]
    value[21, :] = [101.0, *range(11)]
    found = fans_of(panel_of(value), bounds=(0.0, 100.0), places=("P0", "P20", "P21", "P22", "nowhere"))
    assert isinstance(found["P0"], Fan)
    assert refused(found["P20"])[0] == "too-few-periods" and "4 are held" in refused(found["P20"])[1]
    assert refused(found["P21"])[0] == "out-of-bounds"
    assert refused(found["P22"])[0] == refused(found["nowhere"])[0] == "no-data"
    assert refused(fans_of(panel_of(np.full((2, 12), 7.0)))["P0"])[0] == "all-equal"


def test_a_horizon_beyond_half_of_the_series_is_refused() -> None:
    short = panel_of(WALK[:, :7], YEARS[:7])
    assert fan(fans_of(short, years=3)["P0"]).years == (1, 2, 3)
    code, reason = refused(fans_of(short, years=4)["P0"])
    assert code == "too-few-periods" and "3 years at most, not of 4" in reason
    with pytest.raises(InputError, match="1 or more"):
        fans_of(short, years=0)


def test_a_place_whose_series_ended_is_forecast_from_its_own_last_year() -> None:
    value = WALK.copy()
    value[2, 9:] = np.nan
    made = fan(fans_of(panel_of(value))["P2"])
    assert made.origin == YEARS[8] and made.points == 9 and made.periods[0] == YEARS[9]


def test_monthly_figures_keep_one_month_a_year_and_missing_years_stay_open() -> None:
    months = tuple(parse_period(f"{year}-{month:02d}-01/P1M") for year in range(2014, 2021) for month in range(1, 13))[2:]
    value = np.arange(len(months), dtype=np.float64)[None, :].repeat(2, axis=0)
    (run,) = runs_of(panel_of(value, months))
    assert [period.iso for period in run.periods] == [f"{year}-12-01/P1M" for year in range(2014, 2021)]
    assert run.value[0].tolist() == [9.0, 21.0, 33.0, 45.0, 57.0, 69.0, 81.0]
    gap = (*YEARS[:3], *YEARS[5:])
    (run,) = runs_of(panel_of(WALK[:, :10], gap))
    assert run.periods == YEARS and np.isnan(run.value[:, 3:5]).all() and np.isfinite(run.value[:, 5:]).all()


def test_survey_weeks_that_wander_and_periods_of_another_length() -> None:
    days = ("2016-04-13", "2017-04-26", "2018-04-18", "2019-04-17", "2020-04-22", "2021-04-21")
    snapshots = tuple(parse_period(day) for day in days)
    (run,) = runs_of(panel_of(WALK[:, :6], snapshots))
    assert run.periods == snapshots
    mixed = (parse_period("2015-01-01/P3Y"), *YEARS[8:])
    (run,) = runs_of(panel_of(WALK[:, :5], mixed))
    assert run.periods == YEARS[8:]
