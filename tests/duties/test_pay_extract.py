"""How an extract is read: what its headers mean, the saved mapping, the table of weeks, and that no person is ever shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from levelup.duties.pay.calendar import last_snapshot
from levelup.duties.pay.extract import read_extract
from levelup.duties.pay.gaps import as_json, pay_gaps
from levelup.duties.pay.hourly import work_out
from levelup.duties.pay.mapping import OLDEST, guess_mapping, mapping_text, parse_mapping
from levelup.duties.pay.rules import DEFAULT, change_rules, cite, read_rules
from levelup.duties.pay.sheet import is_worked_out, read_worked
from levelup.terms.errors import DataFaults, InputError

SNAPSHOT = date(2026, 3, 31)
HEADERS = {
    "Employee Number": "employee",
    "Assignment No": "",
    "Assignment Number": "contract",
    "Gender": "sex",
    "Job Title": "",
    "Hire Date": "start",
    "Leaving Date": "end",
    "Maintained school (Y/N)": "maintained_school",
    "On reduced pay": "reduced_by_leave",
    "Pay Frequency": "pay_frequency",
    "Pay Period Start": "pay_start",
    "Pay Period End": "pay_end",
    "Annual Salary": "",
    "Basic Pay (March)": "basic_pay",
    "Car Allowance": "allowances",
    "Market Supplement": "allowances",
    "Night Shift Premium": "shift_premium",
    "Shift Allowance": "shift_premium",
    "Overtime Pay": "overtime_pay",
    "Overtime Hours": "",
    "Redundancy Pay": "redundancy",
    "Back Pay": "arrears",
    "Bonus in period": "bonus_in_period",
    "Bonus period": "bonus_period",
    "Bonus (12 months)": "bonus_in_year",
    "Contracted Weekly Hours": "weekly_hours",
    "Hours week 1": "hours_week",
    "Week 2": "hours_week",
    "Ethnic Group": "ethnicity",
    "Disability": "disability",
    "Grade": "grade",
    "Directorate": "directorate",
    "Notes": "",
}
ONE: dict[str, Any] = {
    "Employee": ["A", "B"],
    "Sex": ["F", "M"],
    "Pay frequency": ["monthly", "monthly"],
    "Basic pay": ["2000", "2500"],
    "Weekly hours": ["37", "37"],
}


def work(columns: dict[str, Any], **options: Any) -> Any:
    return work_out(read_extract(columns, snapshot=SNAPSHOT, **options), snapshot=SNAPSHOT)


def test_common_headers_are_recognised() -> None:
    found = guess_mapping(HEADERS)
    roles = {column: role for role, columns in found.roles.items() for column in columns}
    assert {header: roles.get(header, "") for header in HEADERS} == HEADERS
    assert found.not_read == tuple(header for header, role in HEADERS.items() if not role)


def test_weeks_stand_with_the_latest_first() -> None:
    dated = ["Week ending 22/03/2026", "Week ending 29/03/2026", "Week ending 04/01/2026"]
    assert guess_mapping(dated).roles["hours_week"] == (dated[1], dated[0], dated[2])
    assert guess_mapping(["Week 2", "Week 10", "Week 1"]).roles["hours_week"] == ("Week 10", "Week 2", "Week 1")


def test_a_saved_mapping_reads_back_as_it_was() -> None:
    found = guess_mapping(HEADERS)
    read = parse_mapping(mapping_text(found))
    assert (read.roles, read.codes, read.weeks) == (found.roles, found.codes, found.weeks)


def test_a_stated_mapping_and_its_codes_hold() -> None:
    columns = ONE | {"Sex": ["2", "1"], "Pay": ONE["Basic pay"]}
    roles = {
        "employee": "Employee",
        "sex": "Sex",
        "pay_frequency": "Pay frequency",
        "basic_pay": "Pay",
        "weekly_hours": "Weekly hours",
    }
    stated = parse_mapping({"roles": roles, "codes": {"men": ["1"], "women": ["2"]}})
    worked = work(columns, mapping=stated)
    assert worked.side.tolist() == [1, 0] and worked.hourly.round(4).tolist() == [12.4303, 15.5379]


def test_oldest_weeks_first_are_turned_round() -> None:
    weeks = {f"w{at}": ["8" if at else "80", ""] for at in range(13)}
    columns = {**ONE, "Weekly hours": ["", "37"], **weeks}
    roles = guess_mapping(ONE).roles | {"hours_week": tuple(weeks)}
    newest = parse_mapping({"roles": {role: list(names) for role, names in roles.items()}})
    oldest = parse_mapping({"roles": {role: list(names) for role, names in roles.items()}, "weeks": OLDEST})
    assert work(columns, mapping=oldest).weekly_hours.tolist() == [8, 37]
    assert work(columns, mapping=newest).weekly_hours.tolist() == [14, 37]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("roles = [", "must be TOML"),
        ({"roles": {"wages": "Pay"}}, "must be a known role"),
        ({"roles": {"sex": ["Sex", "Gender"]}}, "must have one column"),
        ({"roles": {"sex": "Sex", "employee": "Sex"}}, "a column must have one role"),
        ({"roles": {"sex": 3}}, "must be a text or a list of texts"),
        ({"roles": "Sex"}, "must be a table"),
        ({"codes": {"boys": ["b"]}}, "codes must be of men"),
        ({"codes": {"men": ["x"], "women": ["X "]}}, "a code must mean one thing"),
        ({"weeks": "newest"}, "weeks must be"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(stated: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_mapping(stated)


def test_a_table_of_weeks_is_set_beside_the_contracts() -> None:
    """Fourteen weeks of person A, one of them empty and one too early to count; B has hours of the contract."""
    ends = [np.datetime64("2026-03-29") - 7 * at for at in range(14)]
    hours = [10.0, 0.0, *[12.0] * 11, 60.0]
    table = {
        "Employee": ["A"] * 14 + ["stranger"],
        "Week ending": [str(day) for day in ends] + ["2026-03-29"],
        "Hours worked": [*hours, 40.0],
    }
    columns = ONE | {"Weekly hours": ["", "37"]}
    assert work(columns, hours=table).weekly_hours.tolist() == [(10 + 11 * 12) / 12, 37]
    late = table | {"Week ending": ["2026-04-05", *table["Week ending"][1:]]}
    with pytest.raises(DataFaults, match="row 2, column Week ending: the week must end by the last day of the pay period"):
        work(columns, hours=late)
    twice = {name: [*cells, cells[2]] for name, cells in table.items()}
    with pytest.raises(DataFaults) as caught:
        work(columns, hours=twice)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("hours by week", 17, "Week ending")
    with pytest.raises(InputError, match="week_ending"):
        work(columns, hours={"Employee": ["A"], "Hours worked": [1]})
    several = {name: [*cells, cells[0]] for name, cells in columns.items()} | {"Job": ["1", "1", "2"]}
    with pytest.raises(InputError, match="holds several"):
        work(several, hours=table)


def test_numbers_arrays_and_texts_read_alike() -> None:
    arrays = {name: np.array(cells) for name, cells in ONE.items()}
    numbers = ONE | {"Basic pay": [2000.0, 2500.0], "Weekly hours": np.array([37, 37])}
    mixed = ONE | {"Basic pay": [2000.0, "2,500"], "Weekly hours": [37, "37.0"]}
    masked = ONE | {
        "Car allowance": np.ma.array([5.0, 9.0], mask=[True, True]),
        "Start date": np.array(["2020-01-01", "NaT"], dtype="datetime64[D]"),
        "Grade": np.array(["A", None], dtype=object),
    }
    wanted = as_json(pay_gaps(work(ONE)))
    assert all(as_json(pay_gaps(work(columns))) == wanted for columns in (arrays, numbers, mixed, masked))
    many = 5000
    long = {name: [cells[at % 2] for at in range(many)] for name, cells in ONE.items()}
    long |= {"Employee": [f"{at}" for at in range(many)], "Basic pay": [f"{2000 + at / 100:.2f}" for at in range(many)]}
    assert work(long).hourly[-1] == pytest.approx(2049.99 * 7 / 30.44 / 37)


def test_what_is_absent_is_said() -> None:
    with pytest.raises(InputError, match="sex .*basic_pay .*weekly_hours"):
        read_extract({"Employee": ["A"], "Pay frequency": ["weekly"], "Earnings": ["1"]}, snapshot=SNAPSHOT)
    with pytest.raises(InputError, match="pay_end"):
        read_extract(
            {**ONE, "Pay frequency": ["", ""], "Pay period start": ["", ""]} | {}, snapshot=SNAPSHOT, mapping=without_period()
        )
    with pytest.raises(InputError, match="same number of rows"):
        read_extract(ONE | {"Sex": ["F"]}, snapshot=SNAPSHOT)
    with pytest.raises(InputError, match="at least one row"):
        read_extract({name: [] for name in ONE}, snapshot=SNAPSHOT)
    with pytest.raises(InputError, match="must be in the extract"):
        read_extract({"Employee": ["A"]}, mapping=guess_mapping(ONE), snapshot=SNAPSHOT)
    with pytest.raises(InputError, match="read for the snapshot date"):
        work_out(read_extract(ONE, snapshot=SNAPSHOT), snapshot=date(2026, 4, 5))
    payroll = read_extract(ONE | {"Mystery pay": ["1", "2"]}, snapshot=SNAPSHOT)
    remarks = " ".join(payroll.remarks)
    assert "because of leave" in remarks and "bonus" in remarks and payroll.house_remarks == ("Not read: Mystery pay.",)


def without_period() -> Any:
    roles = {role: list(names) for role, names in guess_mapping(ONE).roles.items() if role != "pay_frequency"}
    return parse_mapping({"roles": roles | {"pay_start": "Pay period start"}})


def test_no_column_of_bonus_is_no_figure_and_not_nothing() -> None:
    gaps = pay_gaps(work(ONE))
    assert (gaps.mean_bonus_gap, gaps.bonus_share.first) == (None, None)
    assert "does not say" in gaps.reasons["mean_bonus_gap"] and "reasons" in as_json(gaps)
    assert gaps.mean_hourly_gap == 20.0


def test_no_person_is_shown_in_any_message_or_text() -> None:
    secret = {
        "Employee": ["Zebedee", "Zebedee"],
        "Sex": ["Zsex", "F"],
        "Basic pay": ["-77777", "£77777"],
        "Weekly hours": ["777", "x77777"],
    }
    with pytest.raises(DataFaults) as caught:
        read_extract(ONE | secret, snapshot=SNAPSHOT, file="pay.csv")
    assert len(caught.value.faults) >= 5
    told = str(caught.value) + repr(caught.value.as_dict())
    sheet = {
        "employee": ["Zebedee"] * 2,
        "sex": ["Zsex", "M"],
        "hourly_pay": ["-77777", "z"],
        "bonus": ["777%", ""],
        "full_pay": ["?", ""],
    }
    with pytest.raises(DataFaults) as caught:
        read_worked(sheet)
    told += str(caught.value) + repr(caught.value.as_dict())
    payroll = read_extract(ONE | {"Employee": ["Zebedee", "B"], "Basic pay": ["77777", "2"]}, snapshot=SNAPSHOT)
    worked = work_out(payroll, snapshot=SNAPSHOT)
    told += repr(payroll) + repr(worked) + repr(worked.steps)
    assert not [word for word in ("Zebedee", "Zsex", "777") if word in told]


def test_the_sheet_already_worked_out() -> None:
    sheet = {
        "employee": ["1", "2", "3", "4"],
        "sex": ["male", "Female", "M", "w"],
        "hourly_pay": ["20", "15", "", "15"],
        "bonus": ["100", "", "0", "80"],
        "full_pay": ["yes", "Y", "no", "true"],
        "grade": ["A", "A", "B", " B "],
    }
    worked = read_worked(sheet)
    assert is_worked_out(sheet) and not is_worked_out(ONE)
    assert worked.groups["grade"].tolist() == ["A", "A", "B", "B"] and worked.employee.tolist() == [2, 3, 4, 5]
    assert pay_gaps(worked).mean_hourly_gap == 25.0
    assert as_json(pay_gaps(worked))["bonus_share"] == {"men": 50.0, "women": 50.0}
    with pytest.raises(InputError, match="hourly_pay"):
        read_worked({name: cells for name, cells in sheet.items() if name != "hourly_pay"})
    with pytest.raises(InputError, match="at least one row"):
        read_worked({name: [] for name in sheet})


def test_the_working_cites_the_regulations_that_apply() -> None:
    public = work(ONE).steps
    private = work_out(read_extract(ONE, snapshot=date(2026, 4, 5)), snapshot=date(2026, 4, 5)).steps
    assert next(step.paragraph for step in public if step.key == "hourly_pay") == "SI 2017/353 Sch 1 para 6(1) step 6"
    assert next(step.paragraph for step in private if step.key == "hourly_pay") == "SI 2017/172 reg 6(1) step 6"
    assert all(step.sentence.endswith(".") and len(step.figures) == 2 for step in public)


def test_parameters_are_known_by_name_and_bounded() -> None:
    assert change_rules(halves="even", days_in_month=30).figure("days_in_month") == 30
    assert change_rules(change_rules(halves="even"), decimals=2).choice("halves") == "even"
    for wrong in ({"days_in_moon": 28}, {"halves": "up"}, {"days_in_month": -1}, {"decimals": float("inf")}):
        with pytest.raises(InputError):
            change_rules(DEFAULT, **wrong)  # type: ignore[arg-type]
    assert {cite(key) for key in read_rules().rules} >= {"SI 2017/353 reg 2(3)", "no paragraph: guidance"}
    assert last_snapshot(date(2027, 4, 4), number="2017/172") == date(2026, 4, 5)
    with pytest.raises(InputError):
        last_snapshot(date(2027, 4, 4), number="2017/1")
