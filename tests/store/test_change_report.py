"""What changed between two releases is told in words, with names, periods and units, and is true."""

from __future__ import annotations

from pathlib import Path

from levelup.store.addition import write_observations
from levelup.store.ingest import import_source
from levelup.store.store import Store
from tests.store.conftest import table
from tests.store.little import add_areas, little_catalogue, little_indicator, little_source, write_csv

OLD = [
    ("share", "E07000076", "all", "2023-01-01/P1Y", 47.4),
    ("share", "E07000076", "all", "2024-01-01/P1Y", 48.0),
    ("share", "E07000077", "all", "2023-01-01/P1Y", 60.0),
    ("share", "E07000077", "all", "2024-01-01/P1Y", 61.0),
    ("gone", "E07000077", "all", "2023-01-01/P1Y", 1.0),
]
NEW = [
    ("share", "E07000076", "all", "2023-01-01/P1Y", 47.4),
    ("share", "E07000076", "all", "2024-01-01/P1Y", 44.5),
    ("share", "E07000077", "all", "2023-01-01/P1Y", 60.5),
    ("share", "E07000077", "all", "2024-01-01/P1Y", 61.0),
    ("share", "E07000077", "all", "2025-01-01/P1Y", 62.0),
    ("share", "E07000078", "sex=female", "2024-01-01/P1Y", 50.0),
    ("fresh", "E07000077", "all", "2024-01-01/P1Y", 2.0),
]


def report_of(store: Store, new: list[tuple[object, ...]]) -> str:
    catalogue = little_catalogue()
    write_observations(store, dataset="little", observations=table(OLD), title="Little figures", catalogue=catalogue)
    return write_observations(
        store, dataset="little", observations=table(new), title="Little figures", catalogue=catalogue
    ).changes


def test_a_first_release_says_what_it_holds(store: Store) -> None:
    report = write_observations(store, dataset="little", observations=table(OLD), title="Little figures")
    assert report.changes.startswith("# Little figures: what changed\n")
    assert "first release of this data set" in report.changes
    assert "5 figures of 2 indicators for 2 places and 1 cohort, from 2023 to 2024." in report.changes


def test_counts_of_new_changed_kept_and_gone_figures(store: Store) -> None:
    text = report_of(store, NEW)
    assert "It holds 7 figures: 3 new, 2 changed and 2 as they were. 1 of the old release's figures are gone." in text


def test_new_and_gone_indicators_periods_places_and_cohorts_are_named(store: Store, tmp_path: Path) -> None:
    add_areas(store, tmp_path, [("E07000078", "Chelmsford", "")])
    text = report_of(store, NEW)
    assert "- New indicators: 1 (fresh)." in text
    assert "- Gone indicators: 1 (gone)." in text
    assert "- New periods: 1 (2025)." in text
    assert "- New places: 1 (Chelmsford (E07000078))." in text
    assert "- New cohorts: 1 (women and girls)." in text
    assert "- Share: 1 (2025)." in text
    assert "Gone places" not in text


def test_the_largest_changes_come_first_with_their_unit_and_direction(store: Store, tmp_path: Path) -> None:
    add_areas(store, tmp_path, [("E07000076", "Tendring", "")])
    lines = [line for line in report_of(store, NEW).splitlines() if "became" in line]
    assert lines == [
        "- Share, Tendring (E07000076), everyone, 2024: 48.0% became 44.5%, down 3.5 percentage points.",
        "- Share, E07000077, everyone, 2023: 60.0% became 60.5%, up 0.5 percentage points.",
    ]


def test_changes_are_ordered_by_size_against_the_indicators_own_spread(store: Store) -> None:
    old = [("wide", f"E0700000{n}", "all", "2024-01-01/P1Y", 1000.0 * n) for n in range(5)]
    old += [("narrow", f"E0700000{n}", "all", "2024-01-01/P1Y", 0.01 * n) for n in range(5)]
    new = [(*row[:4], row[4] + (10.0 if row[0] == "wide" else 0.01)) if row[1] == "E07000002" else row for row in old]
    write_observations(store, dataset="little", observations=table(old), title="Little figures")
    text = write_observations(store, dataset="little", observations=table(new), title="Little figures").changes
    lines = [line for line in text.splitlines() if "became" in line]
    assert [line.split(",")[0] for line in lines] == ["- narrow", "- wide"]


def test_a_figure_that_is_withdrawn_is_told_with_its_mark_and_no_count(store: Store) -> None:
    old, new = table(OLD), table(OLD)
    old["numerator"], old["denominator"] = [3, 3, 3, 3, 3], [7, 7, 7, 7, 7]
    new["value"], new["status"] = [None, 48.0, 60.0, 61.0, 1.0], ["c", "", "", "", ""]
    write_observations(store, dataset="little", observations=old, title="Little figures")
    text = write_observations(store, dataset="little", observations=new, title="Little figures").changes
    assert "47.4 became no figure [c]." in text
    assert " 3 " not in text and " 7 " not in text


def test_only_counts_changed_is_a_change_without_a_list(store: Store) -> None:
    new = table(OLD)
    new["denominator"] = [100, None, None, None, None]
    write_observations(store, dataset="little", observations=table(OLD), title="Little figures")
    text = write_observations(store, dataset="little", observations=new, title="Little figures").changes
    assert "0 new, 1 changed and 4 as they were" in text
    assert "None came and none went." in text
    assert "Largest changes" not in text


def test_releases_of_other_kinds_name_their_rows(store: Store, tmp_path: Path) -> None:
    source = little_source(id="areas", kind="places", columns={"place": ("code",), "place_name": ("name",)})
    catalogue = little_catalogue([source], [little_indicator()])
    import_source(
        store,
        "areas",
        catalogue=catalogue,
        path=write_csv(tmp_path / "a.csv", ("code", "name"), [("E07000076", "Tendrin"), ("E07000077", "U")]),
    )
    report = import_source(
        store,
        "areas",
        catalogue=catalogue,
        path=write_csv(tmp_path / "b.csv", ("code", "name"), [("E07000076", "Tendring"), ("E07000078", "C")]),
    )
    assert "It holds 2 rows: 1 new, 1 changed and 0 as they were. 1 of the old release's rows are gone." in report.changes
    assert "- New: 1 (E07000078)." in report.changes
    assert "- Gone: 1 (E07000077)." in report.changes
    assert "- Changed: 1 (E07000076)." in report.changes


def test_the_report_lies_beside_the_release_and_is_read_from_there(store: Store) -> None:
    text = report_of(store, NEW)
    (release,) = store.releases()
    assert store.changes(release) == text
    assert (release.folder(store.root) / "changes.md").read_text(encoding="utf-8") == text
