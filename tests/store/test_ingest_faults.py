"""Every fault of a file is told at once, with file, row, column and rule, and nothing is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from levelup.store.ingest import import_all, import_source
from levelup.store.store import Store
from levelup.terms.errors import DataFaults, Fault, InputError, LevelupError
from tests.store.little import (
    add_areas,
    add_lookup,
    little_catalogue,
    little_indicator,
    little_source,
    series,
    write_csv,
)

HEADER = ("Area Code", "Year", "Value", "Lower", "Upper", "Count", "Base", "Status")
GOOD = ("E07000076", "2023", "47.4", "45.0", "49.8", "", "", "")


def faults_of(store: Store, path: Path, **options: object) -> tuple[Fault, ...]:
    catalogue = little_catalogue([little_source(options=options)])
    with pytest.raises(DataFaults) as caught:
        import_source(store, "little", catalogue=catalogue, path=path)
    assert caught.value.stored is False
    assert Store.open(store.root).current("little") is None
    assert not (store.root / ".staging").exists()
    return caught.value.faults


def test_all_kinds_of_faults_are_gathered_in_one_error(store: Store, tmp_path: Path) -> None:
    rows = [
        GOOD,
        ("E07000077", "2023", "lots", "", "", "", "", ""),
        ("E07000078", "2023", "101", "", "", "", "", ""),
        ("E07000079", "2023", "-1", "", "", "", "", ""),
        ("E07000080", "2023", "", "", "", "12", "10", ""),
        ("E07000081", "2023", "50", "", "", "-5", "10", ""),
        ("E07000082", "2023", "50", "60", "40", "", "", ""),
        ("E07000083", "sometime", "50", "", "", "", "", ""),
        ("E07000084", "2023", "50", "", "", "", "", ""),
        ("E07000084", "2023", "51", "", "", "", "", ""),
    ]
    found = faults_of(store, write_csv(tmp_path / "little.csv", HEADER, rows))
    told = {(fault.row, fault.column) for fault in found}
    assert {
        (3, "Value"),
        (4, "Value"),
        (5, "Value"),
        (6, "Count"),
        (7, "Count"),
        (8, "Lower"),
        (9, "Year"),
        (11, "Area Code"),
    } <= told
    assert all(fault.file == "little.csv" and fault.rule.count("must") == 1 for fault in found)
    assert not {fault.row for fault in found} & {2}


def test_a_fault_never_shows_a_count(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000080", "2023", "", "", "", "3", "2", "")])
    (fault,) = faults_of(store, path)
    assert (fault.row, fault.column, fault.got) == (2, "Count", "")
    assert fault.rule == "a numerator must not be above its denominator"


@pytest.mark.parametrize("word", ["nan", "inf", "NaN", "Infinity", "1e999", "0x10", "12,", "£"])
def test_words_that_an_engine_would_take_for_numbers_are_faults(store: Store, tmp_path: Path, word: str) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000076", "2023", word, "", "", "", "", "")])
    if word == "12,":
        report = import_source(store, "little", catalogue=little_catalogue(), path=path)
        assert report.release.rows == 1
    else:
        assert [fault.row for fault in faults_of(store, path)] == [2]


def test_a_place_that_no_list_holds_is_unknown(store: Store, tmp_path: Path) -> None:
    add_areas(store, tmp_path, [("E07000076", "Tendring", "")])
    path = write_csv(tmp_path / "little.csv", HEADER, [GOOD, ("E07000999", *GOOD[1:])])
    (unknown,) = faults_of(store, path)
    assert (unknown.row, unknown.column, unknown.got) == (3, "Area Code", "E07000999")


def test_a_place_is_in_force_until_its_end_and_no_longer(store: Store, tmp_path: Path) -> None:
    add_lookup(store, tmp_path, "ltla22", "ltla24", [("E07000026", "E06000063")])
    add_lookup(store, tmp_path, "ltla23", "ltla24", [("E06000063", "E06000063")])
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000026", "2023", *GOOD[2:]), ("E07000026", "2024", *GOOD[2:])])
    (ended,) = faults_of(store, path)
    assert ended.got == "E07000026, which ended on 2023-03-31"
    assert ended.row == 3


def test_a_publishers_habit_that_is_declared_becomes_a_note(store: Store, tmp_path: Path) -> None:
    add_lookup(store, tmp_path, "ltla22", "ltla24", [("E07000026", "E06000063")])
    add_lookup(store, tmp_path, "ltla23", "ltla24", [("E06000063", "E06000063")])
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000026", "2024", *GOOD[2:]), ("E07000999", *GOOD[1:])])
    catalogue = little_catalogue([little_source(options={"ended_places": "keep", "unknown_places": "keep"})])
    report = import_source(store, "little", catalogue=catalogue, path=path)
    assert report.release.rows == 2
    assert any("E07000026, which ended on 2023-03-31" in note for note in report.release.notes)
    assert any("E07000999" in note for note in report.release.notes)


def test_small_areas_of_two_vintages_at_once_are_a_fault(store: Store, tmp_path: Path) -> None:
    add_lookup(
        store, tmp_path, "lsoa11", "lsoa21", [("E01000001", "E01033001"), ("E01000001", "E01033002"), ("E01000003", "E01000003")]
    )
    mixed = [("E01000001", *GOOD[1:]), ("E01033001", *GOOD[1:]), ("E01000003", *GOOD[1:])]
    (fault,) = faults_of(store, write_csv(tmp_path / "little.csv", HEADER, mixed))
    assert "one vintage" in fault.rule
    apart = [("E01000001", "2011", *GOOD[2:]), ("E01033001", *GOOD[1:]), ("E01000003", *GOOD[1:])]
    assert (
        import_source(
            store, "little", catalogue=little_catalogue(), path=write_csv(tmp_path / "b.csv", HEADER, apart)
        ).release.rows
        == 3
    )


def test_contradictions_are_faults_unless_declared(store: Store, tmp_path: Path) -> None:
    rows = [GOOD, ("E07000077", *GOOD[1:]), ("E07000077", "2023", "12", "", "", "", "", ""), GOOD]
    path = write_csv(tmp_path / "little.csv", HEADER, rows)
    (fault,) = faults_of(store, path)
    assert (fault.row, fault.got) == (4, "2 that differ, of share")
    catalogue = little_catalogue([little_source(options={"contradictions": "leave-out"})])
    report = import_source(store, "little", catalogue=catalogue, path=path)
    assert report.release.rows == 1
    assert "E07000077 in 2023-01-01/P1Y" in " ".join(report.release.notes)


def test_a_missing_column_names_every_header_that_would_do(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", ("Place", "Value"), [("E07000076", "1")])
    found = faults_of(store, path)
    assert {fault.column for fault in found} == {"place", "period"}
    assert any("'Area Code' or 'area'" in fault.rule for fault in found)


def test_a_row_of_the_wrong_length_is_a_fault(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "little.csv"
    path.write_text("Area Code,Year,Value\nE07000076,2023,1\nE07000077,2023\nE07000078,2023,1,2\n")
    assert [fault.row for fault in faults_of(store, path)] == [3, 4]


def test_mis_encoded_text_is_a_fault_with_its_row(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "little.csv"
    path.write_bytes("Area Code,Year,Value\nE07000076,2023,1\nE07000077,2023,£1\n".encode("latin-1"))
    (fault,) = faults_of(store, path)
    assert (fault.row, fault.rule) == (3, "text must be encoded as utf-8")
    catalogue = little_catalogue([little_source(options={"encoding": "latin-1"})])
    assert import_source(store, "little", catalogue=catalogue, path=path).release.rows == 2


def test_faults_beyond_a_thousand_are_counted(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [(f"E0700{n:04d}", "2023", "101", "", "", "", "", "") for n in range(1500)])
    found = faults_of(store, path)
    assert len(found) == 1001
    assert "500 more rows" in found[-1].got


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "file-unreadable"),
        ("blank.csv", b"\n\n", "file-unreadable"),
        ("cut.parquet", b"PAR1 and then nothing", "file-unreadable"),
        ("cut.xlsx", b"PK\x03\x04 and then nothing", "file-unreadable"),
        ("notes.txt", b"Area Code,Year,Value\n", "file-unreadable"),
    ],
)
def test_files_that_cannot_be_read_are_named(store: Store, tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LevelupError) as caught:
        import_source(store, "little", catalogue=little_catalogue(), path=tmp_path / name)
    assert caught.value.code in (code, "data-faults")
    assert name in str(caught.value)
    assert Store.open(store.root).releases() == ()


def test_an_absent_file_and_an_unknown_source(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must exist"):
        import_source(store, "little", catalogue=little_catalogue(), path=tmp_path / "gone.csv")
    with pytest.raises(InputError, match="one of the catalogue"):
        import_source(store, "other", catalogue=little_catalogue(), path=tmp_path / "gone.csv")


def test_one_faulty_source_does_not_end_the_import_of_the_rest(store: Store, tmp_path: Path) -> None:
    bad, good = little_source(id="bad", file="bad.csv"), little_source(id="good", file="good.csv")
    catalogue = little_catalogue(
        [bad, good, little_source(id="absent", file="absent.csv")],
        [little_indicator(series(source=name), id=name, source=name) for name in ("bad", "good", "absent")],
    )
    write_csv(tmp_path / "bad.csv", HEADER, [("E07000076", "2023", "lots", "", "", "", "", "")])
    write_csv(tmp_path / "good.csv", HEADER, [GOOD])
    failed: list[str] = []
    seen: list[tuple[int, int]] = []
    reports = import_all(
        store,
        catalogue,
        tmp_path,
        progress=lambda done, total, title: seen.append((done, total)),
        on_failure=lambda source, fault: failed.append(source.id),
    )
    assert [report.release.dataset for report in reports] == ["good"]
    assert failed == ["bad"]
    assert seen == [(0, 2), (1, 2)]
    with pytest.raises(DataFaults):
        import_all(store, catalogue, tmp_path)
