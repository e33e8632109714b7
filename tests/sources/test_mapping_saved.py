"""Mappings shown, saved as YAML, edited, read back, and found again for a table with the same headers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levelup.sources.mapping import describe_mapping, find_mapping, load_mapping, mapping_name, mapping_rows, save_mapping
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.polarity import Polarity
from levelup.terms.table import ROLES, ColumnMeaning, IndicatorMeaning, Mapping
from levelup.terms.unit import UNITS
from tests.sources.own import guess_text

TEXT = "Area,Year,Sex,Rate per 1000,Colour\nAsh,2021,Female,1.5,red\nAsh,2021,Male,2.5,blue\nElm,2021,Male,c,blue\n"

texts = st.text(max_size=12)
names = st.lists(st.text(min_size=1, max_size=12).filter(lambda text: text.strip()), min_size=1, max_size=4, unique=True)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
lookups = st.dictionaries(texts, texts, max_size=3)
shares = st.floats(0, 1)


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    """Draw any mapping that the record allows."""
    columns = tuple(
        ColumnMeaning(
            name=name,
            role=draw(st.sampled_from(sorted(set(ROLES) - {"statistic"}))),
            period=draw(texts),
            cohort=draw(texts),
            indicator=draw(texts),
            scale=draw(st.sampled_from([1.0, 100.0, 0.001])),
            categories=draw(lookups),
            confidence=draw(shares),
            reason=draw(texts),
            alternatives=tuple(draw(st.lists(texts, max_size=2))),
        )
        for name in draw(names)
    )
    indicators = tuple(
        IndicatorMeaning(
            id=each,
            name=draw(texts),
            match=draw(texts),
            unit=draw(st.sampled_from(["", *UNITS])),
            polarity=draw(st.sampled_from(["", *(str(polarity) for polarity in Polarity)])),
            bounds=draw(st.sampled_from([(None, None), (0.0, None), (None, 1.5), (-3.25, 1e9)])),
            uncertainty=draw(st.sampled_from(["published-interval", "counts", "none"])),
            confidence=draw(shares),
            reason=draw(texts),
        )
        for each in draw(st.lists(slugs, max_size=3, unique=True))
    )
    return Mapping(
        file=draw(texts),
        columns=columns,
        indicators=indicators,
        sheet=draw(texts),
        header_rows=tuple(draw(st.lists(st.integers(1, 2**31), max_size=3))),
        shape=draw(st.sampled_from(["long", "wide"])),
        period_kind=draw(st.sampled_from(["", "calendar", "financial", "academic", "rolling", "month"])),
        decimal=draw(st.sampled_from(".,")),
        blank=draw(st.sampled_from(["fault", "absent"])),
        fixed=draw(st.dictionaries(st.sampled_from(["place", "period", "cohort"]), texts)),
        missing=draw(st.dictionaries(texts, st.sampled_from("cxzu"), max_size=3)),
        places=draw(lookups),
        remarks=tuple(draw(st.lists(texts, max_size=2))),
        confirmed=draw(st.booleans()),
    )


@given(mapping=mappings())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_mapping_survives_being_saved(mapping: Mapping, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    save_mapping(mapping, path)
    assert load_mapping(path) == mapping


@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: ("version: 1\ncolumns:\n" + text).encode()))
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_mapping_or_a_clear_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_bytes(content)
    try:
        assert load_mapping(path).version == 1
    except (InputError, DataFaults) as caught:
        assert str(caught)


def test_the_file_is_made_for_people(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, TEXT)
    path = tmp_path / "mappings" / mapping_name(mapping)
    save_mapping(mapping, path)
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# How one table is read. Edit anything; state the polarity of every indicator")
    assert "- name: Sex\n  role: cohort\n  categories:\n    Female: sex=female\n    Male: sex=male\n" in written
    assert "&" not in written
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_words_that_yaml_takes_for_truths_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "version: 1\nfile: own.csv\ncolumns:\n"
        "- {name: Disabled, role: cohort, categories: {Yes: disability=yes, No: disability=no}}\n- {name: 2021, role: value}\n",
        encoding="utf-8",
    )
    mapping = load_mapping(path)
    assert mapping.columns[0].categories == {"Yes": "disability=yes", "No": "disability=no"}
    assert mapping.headers == ("Disabled", "2021")


def test_every_wrong_entry_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "version: 1\nfile: own.csv\nshape: round\ncolour: red\nfixed: {planet: Mars}\nmissing: {a: q}\nheader_rows: [x]\n"
        "indicators:\n- {id: Not A Slug, unit: furlongs, polarity: up, bounds: [5, 1]}\n- {id: ok, bounds: [1]}\n"
        "columns:\n- {name: a, role: wizard, scale: big}\n- {role: value}\n"
        "- {name: a, role: statistic, categories: {Mean: middle}}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataFaults) as caught:
        load_mapping(path)
    assert {fault.column for fault in caught.value.faults} == {
        "shape",
        "mapping",
        "fixed",
        "missing",
        "header_rows",
        "indicators[0].id",
        "indicators[0].unit",
        "indicators[0].polarity",
        "indicators[0].bounds",
        "indicators[1].bounds",
        "columns[0].role",
        "columns[0].scale",
        "columns[1].name",
        "columns[2].categories",
        "columns",
    }


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("version: 2\n", "version must be 1"),
        ("", "version must be 1"),
        ("a: &x [1]\nb: *x\n", "no YAML aliases"),
        ("a: [1\n", "must be YAML"),
        ("version: 1\ncolumns: 7\n", "must be a list"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str, rule: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises((InputError, DataFaults), match=rule):
        load_mapping(path)


def test_a_missing_or_an_enormous_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must exist"):
        load_mapping(tmp_path / "none.yaml")
    path = tmp_path / "mapping.yaml"
    path.write_bytes(b" " * 9_000_000)
    with pytest.raises(InputError, match="at most 8 MB"):
        load_mapping(path)


def test_a_confirmed_mapping_is_found_by_its_headers(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, TEXT)
    folder = tmp_path / "mappings"
    assert find_mapping(folder, raw) is None
    save_mapping(mapping, folder / mapping_name(mapping))
    assert find_mapping(folder, raw) is None
    confirmed = replace(mapping, confirmed=True)
    save_mapping(confirmed, folder / mapping_name(confirmed))
    assert find_mapping(folder, raw) == confirmed
    other, _ = guess_text(tmp_path, TEXT.replace("Colour", "Shade"), name="other.csv")
    assert find_mapping(folder, other) is None


def test_the_mapping_of_the_same_file_wins(tmp_path: Path) -> None:
    raw, mapping = guess_text(tmp_path, TEXT)
    folder = tmp_path / "mappings"
    mine = replace(mapping, confirmed=True)
    save_mapping(replace(mine, file="another.csv"), folder / "a.yaml")
    save_mapping(mine, folder / "b.yaml")
    assert find_mapping(folder, raw) == mine


def test_names_of_mappings_tell_headers_apart(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, TEXT)
    assert mapping_name(mapping).startswith("own-")
    assert mapping_name(mapping) != mapping_name(replace(mapping, columns=mapping.columns[:-1]))


def test_a_mapping_is_shown_as_a_table(tmp_path: Path) -> None:
    _, mapping = guess_text(tmp_path, TEXT)
    rows = mapping_rows(mapping)
    assert [row[:2] for row in rows] == [
        ("Area", "place"),
        ("Year", "period"),
        ("Sex", "cohort"),
        ("Rate per 1000", "value"),
        ("Colour", "ignore"),
    ]
    assert all(row[3].endswith("%") and row[4] for row in rows)
    words = describe_mapping(replace(mapping, indicators=(replace(mapping.indicators[0], polarity=""),)))
    assert "polarity (to be stated)" in words
    assert "Places to be given a code (1): Elm" in words
    assert "Marks read as missing: c = [c]" in words
    assert max(len(line) for line in words.splitlines()[: len(rows) + 2]) <= 110
