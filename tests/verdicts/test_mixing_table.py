"""A table of persons or cohorts: read, checked without telling on anybody, and split place by place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.sources import read_columns
from levelup.terms.errors import DataFaults, InputError
from levelup.verdicts.mixing_table import FEW, mix_table, without_cells

Row = tuple[object, ...]


def columns(names: str, rows: list[Row]) -> dict[str, list[str]]:
    return {name: [str(row[at]) for row in rows] for at, name in enumerate(names.split())}


def persons(rows: list[Row]) -> dict[str, list[str]]:
    return columns("person period place value", rows)


def swapped(people: int) -> list[Row]:
    """Half of a place's people are replaced by better-off ones, and nobody changes."""
    half = people // 2
    return [
        *((f"p{n}", "2016", "Quay", 10) for n in range(people)),
        *((f"p{n}", "2024", "Quay", 10) for n in range(half)),
        *((f"new{n}", "2024", "Quay", 30) for n in range(half)),
    ]


def test_residents_swapped_with_nobody_changing_are_all_mix() -> None:
    [found] = mix_table(persons(swapped(40)))
    record = found.as_dict()
    assert (record["place"], record["start"], record["end"]) == ("Quay", "2016-01-01/P1Y", "2024-01-01/P1Y")
    assert (record["change"], record["rate_part"], record["composition_part"]) == (10.0, 0.0, 10.0)
    assert (record["composition_share"], record["rate_share"], record["tier"]) == (1.0, 0.0, "person table")
    assert [part["group"] for part in record["by_group"]] == ["stayed", "left", "joined"]  # type: ignore[attr-defined]
    assert sum(part["composition_part"] for part in record["by_group"]) == pytest.approx(10)  # type: ignore[attr-defined]
    assert "+0 is people's own change and +10 the mix of people (100% of the change)" in found.sentence()
    json.dumps(record, allow_nan=False)


def test_people_who_stay_and_rise_are_all_own_change() -> None:
    rows: list[Row] = [(n, period, "Quay", n + gain) for n in range(30) for period, gain in (("2016", 0), ("2024", 5))]
    [found] = mix_table(persons(rows))
    assert found.as_dict()["rate_part"] == pytest.approx(5) and found.as_dict()["composition_part"] == 0


def test_a_place_of_few_is_marked_and_its_parts_are_kept_back() -> None:
    [found] = mix_table(persons(swapped(2 * FEW - 2)))
    record = found.as_dict()
    assert record["few_people"] and record["by_group"] is None and "not for publication" in str(record["note"])
    assert record["composition_share"] == 1.0
    [enough] = mix_table(persons(swapped(2 * FEW)))
    assert not enough.few


def test_places_stand_in_the_order_of_their_first_row_and_each_can_be_refused_alone() -> None:
    rows: list[Row] = [
        ("a", "2016", "Hill", 1), ("b", "2016", "Moor", 1), ("c", "2016", "Vale", 1),
        ("c", "2024", "Vale", ""), ("a", "2024", "Hill", 2),
    ]  # fmt: skip
    found = mix_table(persons(rows))
    assert [item.place for item in found] == ["Hill", "Moor", "Vale"]
    assert [item.refusal.code if item.refusal else "" for item in found] == ["", "one-period", "missing-values"]
    assert found[1].as_dict()["change"] is None and "refused (one-period)" in found[1].sentence()


def test_more_periods_than_two_are_compared_at_their_ends_and_one_alone_is_refused() -> None:
    rows: list[Row] = [("a", year, "Hill", level) for year, level in (("2024", 9), ("2016", 1), ("2020", 100))]
    [found] = mix_table(persons(rows))
    assert found.as_dict()["change"] == 8 and "first and the last" in found.note
    [alone] = mix_table(persons(rows[:1]))
    assert alone.refusal is not None and alone.refusal.code == "one-period" and alone.as_dict()["end"] is None


def test_nobody_at_both_dates_is_all_mix_and_says_what_that_may_mean() -> None:
    [found] = mix_table(persons([("a", "2016", "Hill", 1), ("b", "2024", "Hill", 2)]))
    assert found.as_dict()["composition_share"] == 1.0 and "made anew" in found.note


def test_weights_count() -> None:
    table = columns("person period place value weight", [("a", 2016, "H", 1, 1), ("b", 2016, "H", 2, 3), ("a", 2024, "H", 1, 1)])
    assert mix_table(table)[0].as_dict()["level_start"] == 1.75


def test_every_fault_is_told_at_once_by_row_and_column_and_never_by_what_the_cell_holds() -> None:
    rows: list[Row] = [
        ("secret-1", "2016", "Hill", "secret-2", 1),
        ("secret-1", "2016", "Moor", 5, 1),
        ("", "secret-3", "", 6, -77),
        ("secret-4", "secret-3", "Hill", 6, ""),
        ("secret-4", "secret-3", "Hill", 6, 1),
    ]
    with pytest.raises(DataFaults) as told:
        mix_table(columns("person period place value weight", rows), file="own.csv")
    faults = {(fault.row, fault.column) for fault in told.value.faults}
    assert faults == {
        (2, "value"), (3, "person"), (4, "person"), (4, "period"), (4, "place"), (4, "weight"),
        (5, "period"), (5, "weight"), (6, "period"),
    }  # fmt: skip
    said = str(told.value) + json.dumps(told.value.as_dict())
    assert "secret" not in said and "77" not in said and "row 2 has it too" in said


def test_a_table_of_neither_kind_or_of_both_is_told_without_its_cells() -> None:
    for table in ({"secret": ["x"]}, {"person": ["1"], "group": ["a"], "period": ["2016"]}):
        with pytest.raises(InputError, match="of persons or of cohorts") as told:
            mix_table(table)
        assert "secret" not in str(told.value)
    with pytest.raises(InputError, match="must have the columns: place, value"):
        mix_table({"person": ["1"], "period": ["2016"]})
    with pytest.raises(DataFaults, match="at least one row"):
        mix_table({"person": [], "period": [], "place": [], "value": []})


def test_faults_of_the_file_itself_are_told_without_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"person,period,place,value\nsecret\0one,2016,Hill,1\n")
    with pytest.raises(DataFaults, match="row 2") as told, without_cells():
        mix_table(read_columns(path))
    assert "secret" not in str(told.value) + json.dumps(told.value.as_dict())


GROUPS = "group period people value place se"


def test_cohorts_are_split_by_place_with_intervals_where_errors_are_given() -> None:
    rows: list[Row] = [
        ("low", 2016, 50, 40, "Hill", 1), ("high", 2016, 50, 80, "Hill", 1),
        ("low", 2024, 75, 40, "Hill", 1), ("high", 2024, 25, 80, "Hill", 1),
        ("low", 2016, 50, 40, "Moor", ""), ("low", 2024, 50, 45, "Moor", ""),
    ]  # fmt: skip
    hill, moor = (item.as_dict() for item in mix_table(columns(GROUPS, rows)))
    assert (hill["change"], hill["rate_part"], hill["composition_part"]) == (-10, 0, -10)
    assert hill["composition_share"] == 1 and hill["rate_part_interval"] is not None
    assert [part["level_end"] for part in hill["by_group"]] == [40, 80]  # type: ignore[attr-defined]
    assert (moor["change"], moor["composition_part"], moor["rate_part_interval"]) == (5, 0, None)
    assert [part["group"] for part in moor["by_group"]] == ["low"]  # type: ignore[attr-defined]


def test_a_cohort_without_a_row_has_nobody_there_and_that_is_said() -> None:
    rows: list[Row] = [("low", 2016, 50, 40), ("low", 2024, 50, 40), ("new", 2024, 50, 90), ("gone", 2016, 0, "")]
    [found] = mix_table(columns("group period people value", rows))
    assert found.as_dict()["composition_part"] == 25 and found.as_dict()["rate_part"] == 0
    assert "nobody at one of the dates: new." in found.note and found.sentence().startswith("All together:")
    [absent] = mix_table(columns("group period people value", [*rows[:1], ("low", 2024, 0, "")]))
    assert absent.refusal is not None and absent.refusal.code == "one-period"


def test_parts_that_pull_in_opposite_ways_are_said_to() -> None:
    rows: list[Row] = [("low", 2016, 50, 40), ("high", 2016, 50, 80), ("low", 2024, 75, 60), ("high", 2024, 25, 90)]
    [found] = mix_table(columns("group period people value", rows))
    assert "opposite ways" in found.note and found.as_dict()["composition_share"] == pytest.approx(-8.75 / 7.5)


def test_faults_of_cohorts() -> None:
    rows: list[Row] = [
        ("a", 2016, "", 1, "", 1),
        ("a", 2016, 5, "", "", -1),
        ("a", 2017, 5, "x", "", "y"),
        ("a", 2018, -1, 1, "", 1),
    ]
    with pytest.raises(DataFaults) as told:
        mix_table(columns(GROUPS, rows))
    faults = [(fault.row, fault.column) for fault in told.value.faults]
    assert faults == [(2, "people"), (3, "value"), (3, "se"), (3, "group"), (4, "value"), (4, "se"), (5, "people")]
