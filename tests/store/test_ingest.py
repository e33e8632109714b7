"""A publisher's rows become observations: by either naming, with marks, periods, counts and places as the catalogue declares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from levelup.catalogue.entry import Stratifier
from levelup.store.addition import ImportReport
from levelup.store.ingest import import_source
from levelup.store.question import select_neighbours, select_observations, select_outlines, select_population, select_stratifier
from levelup.store.reference import binary_outline
from levelup.store.store import Store
from levelup.terms.errors import DataFaults, InputError
from tests.store.little import add_areas, add_lookup, little_catalogue, little_indicator, little_source, series, write_csv

HEADER = ("Area Code", "Year", "Value", "Lower", "Upper", "Count", "Base", "Status", "Sex")


def bring(store: Store, path: Path, *chosen: object, **changes: object) -> ImportReport:
    catalogue = little_catalogue([little_source(**changes)], [little_indicator(*chosen)])  # type: ignore[arg-type]
    return import_source(store, "little", catalogue=catalogue, path=path, imported="2026-11-23")


def test_a_published_value_and_interval_are_kept_as_they_are(store: Store, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "little.csv", HEADER, [("E07000076", "2023", " 1,047.4%", "£1,045", "1050", "", "", "[u]", "All")]
    )
    catalogue = little_catalogue(indicators=[little_indicator(bounds=(None, None))])
    import_source(store, "little", catalogue=catalogue, path=path)
    found = select_observations(store)
    assert (found.value.tolist(), found.lower.tolist(), found.upper.tolist()) == ([1047.4], [1045.0], [1050.0])
    assert found.period.tolist() == ["2023-01-01/P1Y"]
    assert found.release.tolist() == [store.releases()[0].reference]
    assert np.isnan(found.numerator[0])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("", "", "", "30", "40"), (75.0, 30.0, 40.0)),
        (("75", "", "", "", "40"), (75.0, 30.0, 40.0)),
        (("75", "", "", "30", ""), (75.0, 30.0, 40.0)),
        (("", "", "", "0", "40"), (0.0, 0.0, 40.0)),
    ],
)
def test_any_two_of_value_and_counts_give_the_third(
    store: Store, tmp_path: Path, row: tuple[str, ...], expected: tuple[float, float, float]
) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000076", "2023", *row, "", "All")])
    bring(store, path, series(scale=100.0))
    found = select_observations(store)
    assert (found.value[0], found.numerator[0], found.denominator[0]) == pytest.approx(expected, rel=1e-12)


def test_a_share_is_scaled_with_its_interval_and_counts_are_not(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000076", "2023", "0.5", "0.4", "0.6", "", "", "", "All")])
    bring(store, path, series(scale=100.0, take={"numerator": "", "denominator": ""}))
    found = select_observations(store)
    assert (found.value[0], found.lower[0], found.upper[0]) == pytest.approx((50.0, 40.0, 60.0), rel=1e-12)


def test_nobody_in_the_group_is_not_applicable_rather_than_nought(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER, [("E07000076", "2023", "", "", "", "0", "0", "", "All")])
    bring(store, path)
    found = select_observations(store)
    assert np.isnan(found.value[0])
    assert found.status.tolist() == ["z"]


def test_symbols_become_marks_and_plain_absence_is_left_out(store: Store, tmp_path: Path) -> None:
    rows = [
        ("E07000076", "2023", "[c]", "", "", "", "", "", ""),
        ("E07000077", "2023", "", "", "", "SUPP", "", "", ""),
        ("E07000078", "2023", ":", "", "", "", "", "", ""),
        ("E07000079", "2023", "-", "", "", "", "", "", ""),
        ("E07000080", "2023", "", "", "", "", "", "", ""),
        ("E07000081", "2023", "", "", "", "", "", "x", ""),
        ("E07000082", "2023", "5", "", "", "", "", "provisional", ""),
    ]
    bring(store, write_csv(tmp_path / "little.csv", HEADER, rows))
    found = select_observations(store)
    assert dict(zip(found.place.tolist(), found.status.tolist(), strict=True)) == {
        "E07000076": "c",
        "E07000077": "c",
        "E07000078": "z",
        "E07000081": "x",
        "E07000082": "",
    }
    assert np.isnan(found.value[:4]).all()


def test_series_pick_their_rows_and_their_own_columns(store: Store, tmp_path: Path) -> None:
    rows = [
        ("E07000076", "2023", "10", "", "", "1", "", "", "Female"),
        ("E07000076", "2023", "20", "", "", "2", "", "", "Male"),
        ("E07000076", "2023", "30", "", "", "3", "", "", "All people"),
        ("E07000076", "2023", "40", "", "", "4", "", "", "Persons"),
    ]
    path = write_csv(tmp_path / "little.csv", HEADER, rows[:3])
    bring(
        store,
        path,
        series("sex=female", where={"sex": ["Female"]}, scale=100.0),
        series("sex=male", where={"sex": ["Male"]}, take={"value": "numerator", "numerator": ""}),
        series("all", where={"sex": ["All people", "Persons"]}, scale=100.0),
    )
    found = select_observations(store)
    assert dict(zip(found.cohort.tolist(), found.value.tolist(), strict=True)) == {
        "all": 30.0,
        "sex=female": 10.0,
        "sex=male": 2.0,
    }
    with pytest.raises(DataFaults, match="must have one figure"):
        bring(
            store,
            write_csv(tmp_path / "two.csv", HEADER, rows[2:]),
            series("all", where={"sex": ["All people", "Persons"]}, scale=100.0),
        )


def test_a_share_of_the_rows_of_a_place(store: Store, tmp_path: Path) -> None:
    counts = (("None", 389), ("One", 300), ("Two", 200), ("Three", 100), ("Four", 11))
    path = write_csv(
        tmp_path / "little.csv", ("Area Code", "Sex", "Count"), [("E01011954", name, count) for name, count in counts]
    )
    bring(
        store,
        path,
        series(where={"sex": ["Three", "Four"]}, combine="share", scale=100.0, period={"kind": "fixed", "value": "2021-03-21"}),
    )
    found = select_observations(store)
    assert (found.numerator[0], found.denominator[0]) == (111.0, 1000.0)
    assert found.value[0] == pytest.approx(11.1, rel=1e-12)


def test_a_period_of_noughts_is_not_known_yet(store: Store, tmp_path: Path) -> None:
    rows = [("E07000076", year, "", "", "", count, "100", "", "") for year, count in (("2021", "40"), ("2022", "0"))]
    rows.append(("E07000077", "2021", "", "", "", "0", "100", "", ""))
    bring(store, write_csv(tmp_path / "little.csv", HEADER, rows), series(scale=100.0), options={"all_zero_period": "x"})
    found = select_observations(store)
    assert found.value[[0, 2]].tolist() == [40.0, 0.0]
    assert np.isnan(found.value[1]) and found.status[1] == "x" and found.denominator[1] == 100.0


def test_places_by_code_by_map_and_by_prefix(store: Store, tmp_path: Path) -> None:
    rows = [("881", "2023", "1"), ("E07000076", "2023", "2"), ("Atlantis", "2023", "3"), ("Atlantis", "2023", "")]
    path = write_csv(tmp_path / "little.csv", HEADER[:3], rows)
    report = bring(store, path, options={"place_codes": {"place": {"881": "E10000012"}}})
    assert select_observations(store).place.tolist() == ["E07000076", "E10000012"]
    assert report.release.notes == ("Left out, because their place has no code that is kept: figures of 'Atlantis' (1 in all).",)
    named = write_csv(tmp_path / "named.csv", HEADER[:3], [("St Mary's (Essex) & Co", "2023", "1")])
    bring(store, named, options={"place_prefix": "employer:"})
    assert select_observations(store).place.tolist() == ["employer:st-mary-s-essex-co"]


def test_rows_of_no_use_are_dropped_and_a_file_name_fills_a_column(store: Store, tmp_path: Path) -> None:
    rows = [("E07000076", "1", "All"), ("E07000077", "1", "Inner London")]
    path = write_csv(tmp_path / "pay 2023.csv", ("Area Code", "Value", "Sex"), rows)
    bring(store, path, options={"leave_out": {"sex": ["Inner London"]}, "from_file": {"period": r"(\d{4})"}})
    found = select_observations(store)
    assert (found.place.tolist(), found.period.tolist()) == (["E07000076"], ["2023-01-01/P1Y"])


@pytest.mark.parametrize("header", [("Area Code", "Year", "Value"), ("area", "YEAR", " observation ")])
def test_the_publishers_names_and_our_copys_read_alike_from_csv_workbook_and_parquet(
    store: Store, tmp_path: Path, header: tuple[str, ...]
) -> None:
    catalogue = little_catalogue(
        [little_source(columns={"place": ("Area Code", "area"), "period": ("Year",), "value": ("Value", "observation")})]
    )
    book = xlsxwriter.Workbook(tmp_path / "little.xlsx")
    sheet = book.add_worksheet("Table 1")
    sheet.write_row(0, 0, ["A title above the table"])
    sheet.write_row(2, 0, header)
    sheet.write_row(3, 0, ["E07000076", 2023, 47.4])
    book.close()
    text = tmp_path / "little.csv"
    text.write_text(
        "A title above the table\n\n" + ",".join(header) + "\r\nE07000076,2023,47.4\r\n", encoding="utf-8-sig", newline=""
    )
    names = ", ".join(
        f'{value} as "{name.strip()}"' for name, value in zip(header, ("'E07000076'", "2023", "47.4::double"), strict=True)
    )
    store.engine.run(f"copy (select {names}) to '{(tmp_path / 'little.parquet').as_posix()}' (format parquet)")
    hashes = set()
    for name in ("little.xlsx", "little.csv", "little.parquet"):
        hashes.add(import_source(store, "little", catalogue=catalogue, path=tmp_path / name).release.sha256)
        assert select_observations(store).value.tolist() == [47.4]
    assert len(hashes) == 1


def test_the_same_bytes_are_not_read_twice_but_a_changed_catalogue_reads_them_again(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER[:3], [("E07000076", "2023", "0.5")])
    first, again = bring(store, path), bring(store, path)
    assert first.is_new and not again.is_new and again.release == first.release
    rescaled = bring(store, path, series(scale=100.0))
    assert rescaled.is_new and select_observations(store).value.tolist() == [50.0]


def test_only_the_places_asked_for_are_kept_and_the_release_says_so(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "little.csv", HEADER[:3], [("E07000076", "2023", "1"), ("E07000077", "2023", "2")])
    report = import_source(store, "little", catalogue=little_catalogue(), path=path, places={"E07000076"})
    assert select_observations(store).place.tolist() == ["E07000076"]
    assert report.release.notes


def test_counts_are_summed_to_larger_places_only_where_every_part_is_held(store: Store, tmp_path: Path) -> None:
    areas = [("E07000076", "Tendring", "E10000012"), ("E07000077", "Uttlesford", "E10000012"), ("E10000012", "Essex", "")]
    add_areas(store, tmp_path, areas)
    add_lookup(
        store,
        tmp_path,
        "lsoa21",
        "ltla24",
        [
            ("E01000001", "E07000076"),
            ("E01000002", "E07000076"),
            ("E01000003", "E07000077"),
            ("E01000004", "E06000033"),
            ("E01000005", "E06000033"),
        ],
        parents=True,
    )
    rows = [
        (f"E0100000{n}", "2021", "", "", "", part, whole, "", "")
        for n, part, whole in ((1, 10, 40), (2, 20, 60), (3, 30, 50), (4, 1, 9))
    ]
    path = write_csv(tmp_path / "little.csv", HEADER, rows)
    report = bring(store, path, series(scale=100.0), options={"vintage": "lsoa21", "sum_to": ["ltla24", "ward24"]})
    found = select_observations(store)
    sums = {
        place: value
        for place, value in zip(found.place.tolist(), found.value.tolist(), strict=True)
        if not place.startswith("E01")
    }
    assert sums == pytest.approx({"E07000076": 30.0, "E07000077": 60.0, "E10000012": 40.0}, rel=1e-12)
    assert any("ward24" in note for note in report.release.notes)


def test_stratifiers_from_a_column_from_words_and_from_counts(store: Store, tmp_path: Path) -> None:
    columns = {"place": ("code",), "score": ("score",), "rural": ("ruc",), "group": ("group",), "numerator": ("n",)}
    path = write_csv(
        tmp_path / "strata.csv",
        ("code", "score", "ruc", "group", "n"),
        [("E07000076", 32.08, "Rural", "a", 30), ("E06000033", 24, "Urban", "a", 5)],
    )
    strata = [Stratifier(name, name, "strata", "disadvantaged", name, "district", 2025, "") for name in ("score", "rural")]
    source = little_source(
        id="strata", kind="stratifier", columns=columns, options={"codes": {"rural": {"Urban": 0, "Rural": 1}}}
    )
    import_source(store, "strata", catalogue=little_catalogue([source], strata=strata), path=path)
    assert select_stratifier(store, "score") == {"E06000033": 24.0, "E07000076": 32.08}
    assert select_stratifier(store, "rural") == {"E06000033": 0.0, "E07000076": 1.0}
    shares = little_source(id="strata", kind="stratifier", columns=columns, options={"share_of": {"in_a": {"group": ["a"]}}})
    share = Stratifier("in-a", "in a", "strata", "disadvantaged", "in_a", "lsoa", 2021, "")
    counts = write_csv(tmp_path / "counts.csv", ("code", "group", "n"), [("E01000001", "a", 30), ("E01000001", "b", 90)])
    import_source(store, "strata", catalogue=little_catalogue([shares], strata=[share]), path=counts)
    assert select_stratifier(store, "in-a") == {"E01000001": 0.25}


def test_a_word_that_no_stratifier_knows_is_a_fault(store: Store, tmp_path: Path) -> None:
    source = little_source(
        id="strata",
        kind="stratifier",
        columns={"place": ("code",), "rural": ("ruc",)},
        options={"codes": {"rural": {"Urban": 0}}},
    )
    stratum = Stratifier("rural", "rural", "strata", "rural", "rural", "district", 2025, "")
    path = write_csv(tmp_path / "strata.csv", ("code", "ruc"), [("E07000076", "Suburban")])
    with pytest.raises(DataFaults, match="Suburban"):
        import_source(store, "strata", catalogue=little_catalogue([source], strata=[stratum]), path=path)


def test_populations_by_age_and_neighbours_by_rank(store: Store, tmp_path: Path) -> None:
    ages = {f"age_{age}": (str(age) if age < 2 else "2+",) for age in range(3)}
    people = little_source(
        id="people",
        kind="population",
        columns={"place": ("Code",), **ages},
        options={"ages": [0, 2], "open_top": True, "age_column": "age_{age}"},
        period={"kind": "fixed", "value": "2020-06-30"},
    )
    path = write_csv(tmp_path / "people.csv", ("Code", "0", "1", "2+"), [("E07000076", 10, 11, "1,200")])
    import_source(store, "people", catalogue=little_catalogue([people]), path=path)
    assert select_population(store) == {"E07000076": 1221.0}
    assert select_population(store, low=1, high=1) == {"E07000076": 11.0}
    assert select_population(store, low=2) == {"E07000076": 1200.0}
    with pytest.raises(DataFaults) as caught:
        import_source(
            store,
            "people",
            catalogue=little_catalogue([people]),
            path=write_csv(tmp_path / "p.csv", ("Code", "0", "1", "2+"), [("E07000076", -1, "x", 3)]),
        )
    assert [fault.column for fault in caught.value.faults] == ["1", "0"]
    near = little_source(
        id="near",
        kind="neighbours",
        columns={"place": ("num",), "rank_1": ("SN1",), "rank_2": ("SN2",)},
        options={
            "model": "dfe",
            "ranks": 2,
            "rank_column": "rank_{rank}",
            "place_codes": {"place": {"881": "E10000012"}, "neighbour": {"935": "E10000029", "886": "E10000016"}},
        },
    )
    path = write_csv(tmp_path / "near.csv", ("num", "SN1", "SN2"), [("881", "935", "886")])
    import_source(store, "near", catalogue=little_catalogue([near]), path=path)
    assert select_neighbours(store, "E10000012", model="dfe") == ("E10000029", "E10000016")


def test_outlines_come_as_geojson_whatever_the_file(store: Store, tmp_path: Path) -> None:
    square = '{"type":"Polygon","coordinates":[[[0,0],[1.1234567,0],[1,1],[0,0]]]}'
    (tmp_path / "o.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"properties":{"c":"E07000076","n":"Tendring"},"geometry":' + square + "}]}"
    )
    source = little_source(
        id="outlines",
        kind="boundaries",
        columns={"place": ("CODE", "c"), "place_name": ("n",), "geometry": ("geometry",)},
        options={"level": "district", "boundary_vintage": 2024},
    )
    import_source(store, "outlines", catalogue=little_catalogue([source]), path=tmp_path / "o.geojson")
    assert select_outlines(store, "district") == {
        "E07000076": '{"type":"Polygon","coordinates":[[[0.0,0.0],[1.12346,0.0],[1.0,1.0],[0.0,0.0]]]}'
    }
    assert select_outlines(store, "district", vintage=2011) == {}


def test_well_known_binary_is_read_by_its_specification() -> None:
    ring = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.5), (0.0, 0.0)]
    numbers = b"".join(np.array(point, dtype="<f8").tobytes() for point in ring)
    polygon = b"\x01" + (3).to_bytes(4, "little") + (1).to_bytes(4, "little") + (4).to_bytes(4, "little") + numbers
    several = b"\x01" + (6).to_bytes(4, "little") + (2).to_bytes(4, "little") + polygon + polygon
    rings = "[[[0,0],[2,0],[2,1.5],[0,0]]]"
    assert binary_outline(polygon) == '{"type":"Polygon","coordinates":' + rings + "}"
    assert binary_outline(several) == '{"type":"MultiPolygon","coordinates":[' + rings + "," + rings + "]}"
    with pytest.raises(InputError, match="polygon"):
        binary_outline(b"\x01" + (1).to_bytes(4, "little") + (0).to_bytes(4, "little"))


def test_what_the_publisher_remarks_and_what_the_file_lacks_are_noted(store: Store, tmp_path: Path) -> None:
    remark = "Value for Hackney and City of London combined"
    path = write_csv(tmp_path / "little.csv", HEADER, [("E09000012", "2023", "5", "", "", "", "", remark, "Female")])
    report = bring(store, path, series("sex=female", where={"sex": ["Female"]}), series("sex=male", where={"sex": ["Male"]}))
    assert select_observations(store).status.tolist() == [""]
    assert f"The publisher remarks on some figures: '{remark}' (1 figures)." in report.release.notes
    assert "The file has no rows for: share (sex=male)." in report.release.notes
