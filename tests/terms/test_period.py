"""Periods: every way of counting a year, and what windows share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.terms.errors import InputError
from levelup.terms.period import Period, PeriodKind, overlap, parse_period, period_of_label


@pytest.mark.parametrize(
    ("iso", "kind", "label"),
    [
        ("2024-01-01/P1Y", "calendar", "2024"),
        ("2024-04-01/P1Y", "financial", "2024/25"),
        ("2023-09-01/P1Y", "academic", "2023/24"),
        ("2022-01-01/P3Y", "rolling", "2022 to 2024"),
        ("2021-03-21", "point", "21 March 2021"),
        ("2023-07-01/P1M", "month", "July 2023"),
    ],
)
def test_a_period_knows_its_kind_and_its_label(iso: str, kind: str, label: str) -> None:
    period = parse_period(iso)
    assert (period.kind.value, period.label, period.iso) == (kind, label, iso)


@pytest.mark.parametrize(
    ("label", "kind", "iso"),
    [
        ("2024", PeriodKind.CALENDAR, "2024-01-01/P1Y"),
        ("2024", PeriodKind.ACADEMIC, "2023-09-01/P1Y"),
        ("2025 (Rev)", PeriodKind.ACADEMIC, "2024-09-01/P1Y"),
        ("2016-17 (OT)", PeriodKind.FINANCIAL, "2016-04-01/P1Y"),
        ("2014/15", PeriodKind.FINANCIAL, "2014-04-01/P1Y"),
        ("2014-16", PeriodKind.ROLLING, "2014-01-01/P3Y"),
        ("1999-01", PeriodKind.ROLLING, "1999-01-01/P3Y"),
        ("August 2015", PeriodKind.MONTH, "2015-08-01/P1M"),
    ],
)
def test_a_publishers_label_is_read_as_its_kind(label: str, kind: PeriodKind, iso: str) -> None:
    assert period_of_label(label, kind).iso == iso


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01/P1Y", "2024-02-30", "2024/P1Y", "2024-01-01/P1W"])
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="period must"):
        parse_period(text)


@pytest.mark.parametrize(
    ("label", "kind"), [("2024-26", PeriodKind.FINANCIAL), ("yesterday", PeriodKind.CALENDAR), ("2024", PeriodKind.POINT)]
)
def test_a_label_of_another_kind_is_refused(label: str, kind: PeriodKind) -> None:
    with pytest.raises(InputError):
        period_of_label(label, kind)


def test_rolling_windows_share_what_they_share() -> None:
    first, second, third = (parse_period(f"{year}-01-01/P3Y") for year in (2019, 2020, 2022))
    assert overlap(first, second) == pytest.approx(731 / 1096)
    assert overlap(first, third) == 0
    assert overlap(first, first) == 1


PERIODS = st.builds(
    Period,
    st.dates(min_value=__import__("datetime").date(1990, 1, 1), max_value=__import__("datetime").date(2040, 1, 1)),
    st.integers(0, 60),
)


@given(PERIODS)
def test_the_iso_form_is_read_back_as_the_same_period(period: Period) -> None:
    assert parse_period(period.iso) == period


@given(PERIODS, PERIODS)
def test_overlap_is_a_share_and_the_same_both_ways(a: Period, b: Period) -> None:
    assert 0 <= overlap(a, b) <= 1
    assert overlap(a, b) == overlap(b, a)
