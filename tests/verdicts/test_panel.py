"""Panels and windows: what is set beside what, and what a break keeps apart."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.standard_error import se_of_published
from levelup.terms.period import parse_period
from levelup.terms.record import Observations
from levelup.verdicts.panel import build_panels, choose_windows

YEARS = tuple(parse_period(f"{year}-01-01/P1Y") for year in range(2010, 2025))
ALL = np.ones(len(YEARS), dtype=bool)


def table(rows: list[tuple[str, str, str, str, float, float, float, float, float]]) -> Observations:
    texts = [np.asarray([row[i] for row in rows], dtype=np.object_) for i in range(4)]
    figures = [np.asarray([row[i] for row in rows], dtype=np.float64) for i in range(4, 9)]
    blank = np.asarray([""] * len(rows), dtype=np.object_)
    return Observations(*texts, *figures, blank, np.asarray(["r/1"] * len(rows), dtype=np.object_))


NAN = float("nan")
ROWS = [
    ("a", "P1", "all", "2021-01-01/P1Y", 50.0, 48.04, 51.96, NAN, NAN),
    ("a", "P1", "all", "2019-01-01/P1Y", 40.0, NAN, NAN, 400.0, 1000.0),
    ("a", "P2", "all", "2019-01-01/P1Y", 30.0, NAN, NAN, NAN, NAN),
    ("b", "P2", "sex=male", "2019-01-01/P1Y", 0.0, NAN, NAN, 0.0, 50.0),
]


def test_a_panel_is_in_the_order_of_time_with_gaps_left_open() -> None:
    panels = build_panels(table(ROWS))
    assert set(panels) == {("a", "all"), ("b", "sex=male")}
    panel = panels["a", "all"]
    assert [period.label for period in panel.periods] == ["2019", "2021"]
    value, _ = panel.rows(("P2", "P1", "nowhere"))
    assert value[1].tolist() == [40.0, 50.0]
    assert value[0][0] == 30.0 and np.isnan(value[0][1]) and np.isnan(value[2]).all()


def test_uncertainty_comes_from_the_interval_then_from_counts_then_from_nowhere() -> None:
    se = se_of_published(table(ROWS))
    assert se[0] == pytest.approx(1.0, rel=1e-4)
    assert se[1] == pytest.approx(100 * np.sqrt(0.4 * 0.6 / 1000), rel=0.01)
    assert np.isnan(se[2])
    assert se[3] > 0, "none in fifty is not certain to be none"


def test_no_observations_make_no_panels() -> None:
    assert build_panels(table(ROWS).where(np.zeros(4, dtype=bool))) == {}


def test_windows_end_at_the_latest_period_and_add_the_whole_series() -> None:
    windows = choose_windows(YEARS, held=ALL, years=(3, 5, 10))
    assert [(w.label, YEARS[w.start].label, YEARS[w.end].label) for w in windows] == [
        ("3 years", "2021", "2024"),
        ("5 years", "2019", "2024"),
        ("10 years", "2014", "2024"),
        ("whole series", "2010", "2024"),
    ]


def test_a_window_too_far_from_its_length_is_not_made() -> None:
    held = np.zeros(len(YEARS), dtype=bool)
    held[[0, 14]] = True
    assert [w.label for w in choose_windows(YEARS, held=held, years=(3, 5, 10))] == ["whole series"]


def test_a_break_marks_the_windows_that_cross_it_and_the_whole_series_begins_after_it() -> None:
    windows = choose_windows(YEARS, held=ALL, years=(3, 10), breaks=(("2018-01-01", "asked in another way"),))
    assert [(w.label, w.crosses) for w in windows] == [
        ("3 years", ""),
        ("10 years", "asked in another way"),
        ("whole series", ""),
    ]
    assert YEARS[windows[-1].start].label == "2018"


def test_one_period_makes_no_window() -> None:
    held = np.zeros(len(YEARS), dtype=bool)
    held[3] = True
    assert choose_windows(YEARS, held=held, years=(3,)) == []
