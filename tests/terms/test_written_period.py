"""Periods as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.terms.errors import InputError
from levelup.terms.period import PeriodKind
from levelup.terms.written_period import find_period, guess_kind, is_period, read_period


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2022", "2022-01-01/P1Y"),
        ("2022/23", "2022-04-01/P1Y"),
        ("2022-23", "2022-04-01/P1Y"),
        ("2022/2023", "2022-04-01/P1Y"),
        ("202223", "2022-04-01/P1Y"),
        ("1999/00", "1999-04-01/P1Y"),
        ("FY2022/23", "2022-04-01/P1Y"),
        ("FYE 2024", "2023-04-01/P1Y"),
        ("Academic year 2022/23", "2022-09-01/P1Y"),
        ("Financial year 2022-23", "2022-04-01/P1Y"),
        ("Year ending 31 March 2024", "2023-04-01/P1Y"),
        ("year to March 2024", "2023-04-01/P1Y"),
        ("12 months to Sept 2024", "2023-10-01/P1Y"),
        ("Year ending December 2023", "2023-01-01/P1Y"),
        ("2020 - 22", "2020-01-01/P3Y"),
        ("2014-16 [note 1]", "2014-01-01/P3Y"),
        ("2018/19 - 20/21", "2018-04-01/P3Y"),
        ("2025 (Rev)", "2025-01-01/P1Y"),
        ("Mar 2024", "2024-03-01/P1M"),
        ("March 2024", "2024-03-01/P1M"),
        ("Mar-24", "2024-03-01/P1M"),
        ("2024-03", "2024-03-01/P1M"),
        ("202403", "2024-03-01/P1M"),
        ("03/2024", "2024-03-01/P1M"),
        ("Q1 2024", "2024-01-01/P3M"),
        ("2024 Q4", "2024-10-01/P3M"),
        ("Q1 2023/24", "2023-04-01/P3M"),
        ("Q4 2023/24", "2024-01-01/P3M"),
        ("Jan to Mar 2024", "2024-01-01/P3M"),
        ("Dec-Feb 2024", "2023-12-01/P3M"),
        ("31/03/2021", "2021-03-31"),
        ("21st March 2021", "2021-03-21"),
        ("2024-01-01 00:00:00", "2024-01-01"),
        ("mid-2022", "2022-06-30"),
        ("Census 2021", "2021-03-21"),
        ("2022-01-01/P3Y", "2022-01-01/P3Y"),
    ],
)
def test_what_is_written_is_read(text: str, iso: str) -> None:
    assert read_period(text).iso == iso


@pytest.mark.parametrize(
    ("text", "kind", "iso"),
    [
        ("2022/23", PeriodKind.ACADEMIC, "2022-09-01/P1Y"),
        ("202223", PeriodKind.ACADEMIC, "2022-09-01/P1Y"),
        ("2022", PeriodKind.FINANCIAL, "2021-04-01/P1Y"),
        ("2022", PeriodKind.CALENDAR, "2022-01-01/P1Y"),
        ("2022-24", PeriodKind.CALENDAR, "2022-01-01/P3Y"),
        ("2022-23", PeriodKind.ROLLING, "2022-01-01/P2Y"),
        ("2010-11", PeriodKind.MONTH, "2010-11-01/P1M"),
        ("201011", PeriodKind.MONTH, "2010-11-01/P1M"),
        ("Calendar year 2022", PeriodKind.ACADEMIC, "2022-01-01/P1Y"),
    ],
)
def test_the_kind_decides_what_a_label_leaves_open(text: str, kind: PeriodKind, iso: str) -> None:
    assert read_period(text, kind=kind).iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "3.4",
        "12",
        "2024-13",
        "99/99/2020",
        "31/02/2021",
        "0001",
        "9999",
        "2019-2018",
        "Year ending 5 March 2024",
        "Census 1066",
        "16-24",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert not is_period(text)
    with pytest.raises(InputError, match="period"):
        read_period(text)


@given(st.text(max_size=20), st.sampled_from([None, *PeriodKind]))
def test_any_text_is_a_period_or_an_error_of_ours(text: str, kind: PeriodKind | None) -> None:
    try:
        assert 1900 <= read_period(text, kind=kind).start.year <= 2100
    except InputError as caught:
        assert caught.rule.startswith(("period", "label", "a "))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Female 2022/23 (%)", ("2022/23", "Female (%)")),
        ("Rate (2019)", ("2019", "Rate")),
        ("2021 | Lower", ("2021", "Lower")),
        ("Year ending March 2024 | Value", ("Year ending March 2024", "Value")),
        ("March 2020 count", ("March 2020", "count")),
        ("16-24", ("", "16-24")),
        ("Rate per 100,000", ("", "Rate per 100,000")),
        ("2018/19 - 20/21", ("2018/19 - 20/21", "")),
    ],
)
def test_a_period_is_found_in_a_header(text: str, found: tuple[str, str]) -> None:
    assert find_period(text) == found


@pytest.mark.parametrize(
    ("labels", "hint", "kind"),
    [
        (["2021/22", "2022/23"], "pupils at key stage 4", PeriodKind.ACADEMIC),
        (["2021/22", "2022/23"], "", PeriodKind.FINANCIAL),
        (["2021/22"], "financial year", PeriodKind.FINANCIAL),
        (["2020-22", "2021-23"], "", PeriodKind.ROLLING),
        (["2021", "2022"], "", PeriodKind.CALENDAR),
        (["2021"], "academic year", PeriodKind.ACADEMIC),
        (["March 2021", "Q1 2022"], "", None),
        (["202122"], "school", PeriodKind.ACADEMIC),
    ],
)
def test_the_kind_of_year_is_guessed_with_a_reason(labels: list[str], hint: str, kind: PeriodKind | None) -> None:
    found, sure, reason = guess_kind(labels, hint=hint)
    assert (found, 0.5 <= sure <= 1.0, bool(reason)) == (kind, True, True)
