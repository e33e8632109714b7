"""A whole report from columns: what belongs to the law and what is beyond it, files of earlier years, plans as written."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
import yaml

from levelup.duties.pay.action_plan import Plan, check_plan
from levelup.duties.pay.adjusted import AdjustedGap
from levelup.duties.pay.characteristics import LEFT_OUT
from levelup.duties.pay.compute import mapping_of, pay_report
from levelup.duties.pay.earlier import check_years, earlier_figures, year_of
from levelup.duties.pay.mapping import parse_mapping
from levelup.duties.pay.obligations import find_obligations
from levelup.duties.pay.rules import change_rules, read_rules
from levelup.duties.pay.service_return import Employer, figure_fields, return_fields, service_return
from levelup.duties.pay.trend import FIGURES, figures_of
from levelup.duties.pay.written_plan import read_plan
from levelup.publish.payroll_words import say_pay_report
from levelup.terms.errors import DataFaults, InputError, Refusal
from tests.duties.made_payroll import made_payroll
from tests.shape.tree import text_of

SNAPSHOT = date(2026, 3, 31)
PAGE = "docs/how-to/pay-gaps.md"


def columns(people: int = 600) -> dict[str, Any]:
    return {name: cells.tolist() for name, cells in made_payroll(people).items()}


def test_the_law_alone_and_everything_have_the_same_figures() -> None:
    made = columns()
    law, whole = pay_report(made, snapshot=SNAPSHOT, part="law"), pay_report(made, snapshot=SNAPSHOT, employer="A council")
    assert law.gaps == whole.gaps and law.publish_by == whole.publish_by == date(2027, 3, 30)
    assert (law.intervals, law.characteristics, law.breakdowns, law.adjusted, law.worked.groups) == (None, (), (), None, {})
    assert [item.characteristic for item in whole.characteristics] == ["ethnicity", "disability"]
    assert [item.by for item in whole.breakdowns] == ["grade", "directorate"]
    assert isinstance(whole.adjusted, AdjustedGap) and whole.intervals is not None and whole.must_publish
    assert whole.service_row == service_return(whole.gaps, employer=Employer("A council", 600 - left_out(whole)))


def left_out(report: Any) -> int:
    people = {name for name, end in zip(columns()["Employee"], columns()["Leaving date"], strict=True) if not end}
    return 600 - len(people)


def test_without_a_grade_nothing_is_adjusted() -> None:
    made = {
        name: cells for name, cells in columns(300).items() if name not in ("Grade", "Ethnicity", "Disability", "Directorate")
    }
    found = pay_report(made, snapshot=SNAPSHOT)
    assert isinstance(found.adjusted, Refusal) and (found.characteristics, found.breakdowns) == ((), ())


def test_rows_bear_the_numbers_of_the_file() -> None:
    made = columns(300)
    count = len(made["Employee"])
    rows = [5 + 2 * at for at in range(count)]
    plain, told = pay_report(made, snapshot=SNAPSHOT, part="law"), pay_report(made, snapshot=SNAPSHOT, rows=rows, part="law")
    assert told.worked.employee.tolist() == [5 + 2 * (row - 2) for row in plain.worked.employee.tolist()]
    made["Ethnicity"][7] = "of no known group"
    with pytest.raises(DataFaults) as caught:
        pay_report(made, snapshot=SNAPSHOT, rows=rows)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.got) == (9, "Ethnicity", "") and "labels.ethnicity" in fault.rule
    own = {"ethnicity": {"of no known group": "Indian"}}
    assert pay_report(made, snapshot=SNAPSHOT, rows=rows, own_labels=own).gaps == plain.gaps


def test_what_was_assumed_is_told() -> None:
    made = columns(300) | {"Notes": [""] * 306, "Reduced pay": ["no"] * 306, "Leaving date": ["2025-12-31"] * 3 + [""] * 303}
    report = pay_report(made, snapshot=SNAPSHOT, rules=change_rules(halves="even"), part="law")
    told = report.remarks
    assert report.public_remarks == (
        "Not employed on the snapshot date. Fewer than 10 rows left out.",
        "Set otherwise than shipped: halves is even.",
    ), "the extract's columns are nobody's business outside"
    assert told[0].startswith("What the columns mean was guessed") and "Grade as grade" in told[0]
    assert told[1:] == (
        "Not read: Notes.",
        "Not employed on the snapshot date. 3 rows left out.",
        "Set otherwise than shipped: halves is even.",
    )
    stated, kind = mapping_of(list(made), stated=parse_mapping({"roles": {"employee": "Employee", "sex": "Sex"}}))
    assert kind == "extract" and "Basic pay" in stated.not_read and "Sex" not in stated.not_read


def test_who_began_after_the_snapshot_date_is_named_by_row_in_the_house() -> None:
    made = columns(300)
    made["Start date"][4] = "2026-04-01"
    report = pay_report(made, snapshot=SNAPSHOT, rows=range(10, 316), part="law")
    (said,) = (text for text in report.remarks if text.startswith("Employment began after the snapshot date"))
    assert "in row 14." in said and said not in report.public_remarks


def test_a_few_without_a_recorded_sex_are_left_out_of_ethnicity_and_disability_and_that_is_said() -> None:
    made = columns()
    of_several = {name for at, name in enumerate(made["Employee"]) if name in made["Employee"][:at]}
    alone = [at for at, name in enumerate(made["Employee"]) if name not in of_several][:3]
    for at in alone:
        made["Sex"][at] = ""
    report = pay_report(made, snapshot=SNAPSHOT)
    assert LEFT_OUT in report.public_remarks and LEFT_OUT in report.remarks
    assert {item.left_out for item in report.characteristics} == {LEFT_OUT}


@pytest.mark.parametrize("day", [date(2016, 3, 31), date(2199, 4, 5)])
def test_a_snapshot_date_without_a_law_or_far_ahead_is_refused(day: date) -> None:
    with pytest.raises(InputError, match="the snapshot date must be"):
        pay_report(columns(100), snapshot=day, part="law")


def test_a_worked_sheet_takes_codes_from_a_mapping_and_no_hours() -> None:
    sheet = {"employee": ["A", "B"], "sex": ["1", "2"], "hourly_pay": ["12", "9"], "bonus": ["", ""], "full_pay": ["y", "y"]}
    codes = parse_mapping({"codes": {"men": ["1"], "women": ["2"], "yes": ["y"], "no": ["n"]}})
    assert pay_report(sheet, snapshot=SNAPSHOT, mapping=codes).gaps.mean_hourly_gap == 25.0
    with pytest.raises(InputError, match="without hours by week"):
        pay_report(sheet, snapshot=SNAPSHOT, mapping=codes, hours={"employee": ["A"]})


def test_a_return_written_one_year_is_read_the_next() -> None:
    report = pay_report(columns(300), snapshot=SNAPSHOT, employer="A council", part="law")
    file = {name: [cell, "1"] for name, cell in report.service_row.items()}
    assert earlier_figures(file, employer="a  COUNCIL ", file="f") == figures_of(report.gaps)
    assert set(earlier_figures({name: cells[:1] for name, cells in file.items()}, employer="", file="f")) == set(FIGURES)


@pytest.mark.parametrize(
    ("change", "employer", "said"),
    [
        ({}, "", "one return of the employer. Got 2"),
        ({}, "Nobody", "one return of the employer. Got 0"),
        ({"DiffMeanHourlyPercent": None}, "A", "no DiffMeanHourlyPercent"),
        ({"DiffMeanHourlyPercent": ["much", "1"]}, "A", "column DiffMeanHourlyPercent"),
    ],
)
def test_a_file_of_returns_that_cannot_be_is_refused(change: dict[str, Any], employer: str, said: str) -> None:
    file: dict[str, Any] = {name: ["", ""] for name in return_fields()} | dict.fromkeys(figure_fields().values(), ["1", "2"])
    file |= {"EmployerName": ["A", "B"]} | change
    with pytest.raises(InputError, match=said):
        earlier_figures({name: cells for name, cells in file.items() if cells}, employer=employer, file="f")


def test_years_of_returns() -> None:
    with pytest.raises(InputError, match="two years in its name"):
        year_of("UK Gender Pay Gap Data - 2022 to 2024.csv")
    for years, said in (([2024, 2024], "one file"), ([2026], "before 2026"), ([2021, 2022, 2023, 2024, 2025], "at most 4")):
        with pytest.raises(InputError, match=said):
            check_years(years, snapshot_year=2026)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "must be a table of actions"),
        ({"actions": []} | {"narative": "x"}, "narative"),
        ({"actions": {}}, "a list of actions"),
        ({"actions": [{"number": "6"}]}, "its number on the government's list"),
        ({"actions": [{"number": 6, "status": 1}]}, "status must be text"),
        ({"actions": [], "published": "soon"}, "published must be a day"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(given: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_plan(given)


def test_a_day_in_quotation_marks_and_a_status_in_capitals_are_read() -> None:
    made = read_plan({"actions": [{"number": 1, "status": "new", "text": "Why."}], "published": "2026-09-01"})
    assert made.published == date(2026, 9, 1) and made.actions[0].status == "New or in progress"
    for wrong in ("soon", "2026-02-30"):
        with pytest.raises(InputError, match="must be a day such as"):
            read_plan({"actions": [], "published": wrong})


def test_the_plan_of_the_page_passes_every_gate() -> None:
    block = re.search(r"```yaml\n(published:.*?)```", text_of(PAGE), re.DOTALL)
    assert block is not None
    made = check_plan(read_plan(yaml.safe_load(block.group(1))))
    assert made.failed == () and len(made.passed) == 11


def test_an_empty_plan_is_read() -> None:
    assert read_plan({"actions": [], "narrative": " A text. ", "published": SNAPSHOT}) == Plan((), "A text.", "", SNAPSHOT)


def test_the_example_of_the_page_comes_out_as_it_says() -> None:
    text = text_of(PAGE)
    block = re.search(r"```\n(Payroll number,.*?)```", text, re.DOTALL)
    shown = re.search(r"```\n(Gender pay gap on .*?)```", text, re.DOTALL)
    assert block is not None and shown is not None
    rows = list(csv.DictReader(io.StringIO(block.group(1))))
    report = pay_report({name: [row[name] for row in rows] for name in rows[0]}, snapshot=SNAPSHOT, part="law")
    assert say_pay_report(report).startswith(shown.group(1))


def test_the_page_tells_every_open_question() -> None:
    text = text_of(PAGE)
    book = read_rules()
    asked = [rule.question for rule in book.rules.values()] + [item.question for item in book.parameters.values()]
    questions = [question for question in asked if question]
    assert len(questions) > 30 and not [question for question in questions if question not in text]
    named = [item for item in book.parameters.values() if item.question]
    assert len(named) > 8 and not [item.name for item in named if f"| `{item.name}` | `{item.value}` |" not in text]


def test_the_page_tells_what_is_law_and_what_is_announced() -> None:
    """Every number of employees from which something is asked stands in the page's table, under what it is."""
    text = text_of(PAGE)
    rows = [row for row in text.splitlines() if row.startswith("| ") and " employees | " in row]
    for snapshot in (SNAPSHOT, date(2026, 4, 5)):
        for item in find_obligations(249, snapshot=snapshot):
            assert not item.applies or item.least == 150
            assert [row for row in rows if row.startswith(f"| {item.least} employees") and f"| {item.standing}" in row]
