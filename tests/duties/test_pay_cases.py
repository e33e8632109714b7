"""Every rule of pay gaps on cases an HR officer can read, and every rule that changes a figure has one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from levelup.duties.pay.calendar import check_snapshot, must_publish, publish_by, regulations_at
from levelup.duties.pay.characteristics import characteristic_gaps
from levelup.duties.pay.extract import read_extract
from levelup.duties.pay.gaps import as_json, pay_gaps
from levelup.duties.pay.hourly import work_out
from levelup.duties.pay.obligations import find_obligations
from levelup.duties.pay.quarters import count_quarters
from levelup.duties.pay.records import QUARTERS, PayGaps, Worked
from levelup.duties.pay.rules import STATUSES, change_rules, read_rules
from levelup.duties.pay.sheet import read_worked
from levelup.duties.pay.who import count_heads
from levelup.terms.errors import DataFaults, Fault, InputError

FOLDER = Path(__file__).parents[1] / "cases" / "pay"
SNAPSHOT = date(2026, 3, 31)
ALWAYS = {"Sex": "F", "Pay frequency": "monthly", "Basic pay": 2000, "Weekly hours": 37}
SHEET = ("employee", "sex", "hourly_pay", "bonus", "full_pay")


def read_cases(name: str) -> list[Any]:
    cases = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in cases]


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return rows as columns of texts, with what a case does not say filled in."""
    filled = [{"Employee": f"P{number}"} | ALWAYS | row for number, row in enumerate(rows)]
    names = dict.fromkeys(name for row in filled for name in row)
    return {name: [str(row.get(name, "")) for row in filled] for name in names}


def work_case(case: dict[str, Any]) -> Worked:
    rows = case.get("rows")
    if rows is None:
        weeks = {f"Hours week {len(case['week hours']) - at}": hours for at, hours in enumerate(case["week hours"])}
        rows = [{"Basic pay": 1000, "Weekly hours": ""} | case.get("row", {}) | weeks]
    snapshot, rules = case.get("snapshot", SNAPSHOT), change_rules(**case.get("rules", {}))
    return work_out(read_extract(columns_of(rows), snapshot=snapshot, rules=rules), snapshot=snapshot, rules=rules)


def listed(found: Any) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 4) for value in found]


@pytest.mark.parametrize("case", [*read_cases("who"), *read_cases("hourly"), *read_cases("hours")])
def test_the_working(case: dict[str, Any]) -> None:
    if "faults" in case:
        check_faults(case, lambda: work_case(case))
        return
    worked = work_case(case)
    said = {"employees", "on full pay", "hourly pay", "weekly hours", "bonus", "left out", "steps", "sexes", "heads"} & set(case)
    assert said, "a case must expect something"
    found = {
        "employees": len(worked.employee),
        "on full pay": worked.is_full_pay.tolist(),
        "hourly pay": listed(worked.hourly),
        "weekly hours": listed(worked.weekly_hours),
        "bonus": listed(worked.bonus),
        "left out": {key: count for key, _, count in worked.left_out},
        "sexes": worked.side.tolist(),
        "heads": count_heads(worked),
        "steps": {step.key: listed(step.figures) for step in worked.steps if step.key in case.get("steps", {})},
    }
    assert {name: found[name] for name in said} == {name: case[name] for name in said}


def check_faults(case: dict[str, Any], read: Any) -> None:
    """Check that exactly the stated faults are found, each by row, column and rule, and that none of them shows a cell."""
    found: tuple[Fault, ...] = ()
    try:
        read()
    except DataFaults as error:
        found = error.faults
    wanted = case["faults"]
    at = sorted((fault.row or 0, fault.column) for fault in found)
    assert at == sorted((row, column) for row, column, _ in wanted)
    for row, column, rule in wanted:
        assert any((fault.row, fault.column) == (row, column) and rule in fault.rule for fault in found), [f.rule for f in found]
    assert not any(fault.got for fault in found)


@pytest.mark.parametrize("case", read_cases("faults"))
def test_what_is_wrong(case: dict[str, Any]) -> None:
    if "sheet" in case:
        sheet = {name: [str(row[at]) for row in case["sheet"]] for at, name in enumerate(SHEET)}
        check_faults(case, lambda: read_worked(sheet))
    else:
        check_faults(case, lambda: read_extract(columns_of(case["rows"]), snapshot=SNAPSHOT))


@pytest.mark.parametrize("case", read_cases("gaps"))
def test_the_six_calculations(case: dict[str, Any]) -> None:
    sheet = guidance_example(case["guidance example"]) if "guidance example" in case else sheet_of(case["people"])
    gaps = pay_gaps(read_worked(sheet), rules=change_rules(**case.get("rules", {})))
    found = flat(gaps)
    assert {name: found[name] for name in case["figures"]} == {
        name: None if value == "none" else value for name, value in case["figures"].items()
    }
    for name, words in case.get("reasons", {}).items():
        assert words in gaps.reasons[name]
    empty = {name for name, value in found.items() if value is None}
    assert all(name in gaps.reasons or name.split(".")[-2] in gaps.reasons for name in empty)


def flat(gaps: PayGaps) -> dict[str, float | None]:
    """Return the figures of the stable call by their dotted names."""
    held: dict[str, Any] = as_json(gaps)
    held.pop("reasons", None)
    found: dict[str, float | None] = {name: value for name, value in held.items() if not isinstance(value, dict)}
    found |= {f"bonus_share.{side}": value for side, value in held["bonus_share"].items()}
    return found | {f"quarters.{name}.{side}": value for name in QUARTERS for side, value in held["quarters"][name].items()}


def sheet_of(people: list[list[Any]]) -> dict[str, list[str]]:
    rows = [
        (sex, str(pay), str(bonus), full[0] if full else "yes") for count, sex, pay, bonus, *full in people for _ in range(count)
    ]
    return {"employee": [str(n) for n in range(len(rows))]} | {
        name: [row[at] for row in rows] for at, name in enumerate(SHEET[1:])
    }


def guidance_example(stated: dict[str, Any]) -> dict[str, list[str]]:
    """Return a payroll with the numbers that the guidance gives: people by quarter, means, medians and bonuses.

    Rates are 10, 14 and 14.50 pounds in the three lower quarters; in the upper one 100 men earn 15 pounds, and one further rate
    of each sex brings the means to what is stated.
    """
    sides: list[list[float]] = [[], []]
    for side in (0, 1):
        lower, lower_middle, upper_middle, upper = (pair[side] for pair in stated["quarters"])
        below = [10.0] * lower + [14.0] * lower_middle + [14.5] * upper_middle + [15.0] * (100 if side == 0 else 0)
        left = upper - (100 if side == 0 else 0)
        sides[side] = below + [(stated["mean"][side] * (len(below) + left) - sum(below)) / left] * left
    people: list[list[Any]] = []
    for side, sex in enumerate("MF"):
        paid, mean, median = (stated[name][side] for name in ("paid bonus", "mean bonus", "median bonus"))
        low = paid // 2 - 1
        bonus = [median] * (paid - low) + [(paid * mean - (paid - low) * median) / low] * low
        everyone = stated["relevant"][side]
        bonus += [0] * (everyone - paid)
        pay = [*sides[side], *[""] * (everyone - len(sides[side]))]
        people += [[1, sex, rate, got, "no" if rate == "" else "yes"] for rate, got in zip(pay, bonus, strict=True)]
        assert np.median(sides[side]) == stated["median"][side] and min(bonus) >= 0
    return sheet_of(people)


@pytest.mark.parametrize("case", read_cases("quarters"))
def test_quarters(case: dict[str, Any]) -> None:
    rates = np.concatenate([np.full(men + women, float(pay)) for men, women, pay in case["ranked"]])
    is_woman = np.concatenate([np.arange(men + women) >= men for men, women, _ in case["ranked"]])
    men, women = count_quarters(rates, is_second=is_woman)
    assert (men.tolist(), women.tolist()) == (case["men"], case["women"])


@pytest.mark.parametrize("case", read_cases("calendar"))
def test_dates_and_thresholds(case: dict[str, Any]) -> None:
    if "heads" in case:
        heads = case["heads"]
        asked = {item.key: item.applies for item in find_obligations(heads, snapshot=date(2026, 3, 31))}
        assert must_publish(heads) == asked["six-calculations"] == case["pay gaps"]
        assert asked["employee-information"] == case["employee information"]
        for day, is_asked in case.get("signed statement", {}).items():
            held = {item.key for item in find_obligations(heads, snapshot=day) if item.applies}
            assert ("written-statement" in held) == is_asked
    elif case["regulations"] == "none":
        with pytest.raises(InputError, match=case["refused"]):
            check_snapshot(case["snapshot"], today=date(2026, 11, 23))
    else:
        assert check_snapshot(case["snapshot"], today=date(2026, 11, 23)) == regulations_at(case["snapshot"])
        assert regulations_at(case["snapshot"]).number == case["regulations"]
        assert publish_by(case["snapshot"]) == case["publish by"]


@pytest.mark.parametrize("case", read_cases("groups"))
def test_groups_that_are_large_enough(case: dict[str, Any]) -> None:
    rows = [(label, pay) for count, label, pay in case["people"] for _ in range(count)]
    labels, pay = np.array([label for label, _ in rows]), np.array([float(rate) for _, rate in rows])
    everybody, nobody = np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows))
    side = (np.arange(len(rows)) % 2).astype(np.int8)
    worked = Worked(np.arange(len(rows)), side, pay, nobody, everybody, nobody, {case["by"]: labels})
    made = characteristic_gaps(worked, characteristic=case["by"], rules=change_rules(**case.get("rules", {})))
    found = {group.name: group for level in made.levels if level.key == case["level"] for group in level.groups}
    shown = {name: group.gaps.mean_hourly_gap for name, group in found.items() if group.gaps}
    hidden = {name: group.counted_in or "nothing wider" for name, group in found.items() if group.people is None}
    assert shown == case["shown"] and hidden == case["hidden"]


def test_every_rule_has_a_case() -> None:
    """A rule that could not be shown on a case would be one that nobody can check."""
    cases = [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
    shown = {case["rule"] for case in cases if "rule" in case}
    assert shown == set(read_rules().rules)


def test_every_rule_says_where_it_stands_and_how_well_it_is_known() -> None:
    book = read_rules()
    for rule in book.rules.values():
        assert rule.status in STATUSES
        assert rule.says.endswith(".") and rule.source.startswith("http")
        assert rule.question or rule.status == "read" or rule.key in ("amounts-paid", "amounts-added", "hourly-rate")
    for parameter in book.parameters.values():
        assert parameter.rule in book.rules
        assert parameter.value in parameter.choices if parameter.choices else isinstance(parameter.value, int | float)
