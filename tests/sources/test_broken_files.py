"""Broken files of every kind: whatever the bytes, the answer is a table or an error of ours, and soon."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from levelup.sources import SUFFIXES, read_columns, read_table
from levelup.sources.guess import guess_mapping
from levelup.sources.heat import is_heat, read_heat
from levelup.sources.mapping import apply_mapping
from levelup.terms.errors import DataFaults, LevelupError
from tests.sources.books import part_of, write_ods, write_xls, write_xlsx
from tests.sources.own import NAMES, PLACES, state

ROWS = [["District", "2019", "2020"], *([f"Place {number}", number * 1.5, number] for number in range(40))]
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
MUTATIONS = 120


def book(folder: Path, suffix: str) -> bytes:
    path = folder / f"whole{suffix}"
    if suffix == ".xls":
        write_xls(path, ROWS)
    else:
        (write_xlsx if suffix == ".xlsx" else write_ods)(path, {"Data": ROWS, "More": ROWS})
    return path.read_bytes()


def outcome(path: Path, content: bytes) -> str:
    """Read, guess and apply whatever is there; an error of ours is fine, any other goes up."""
    path.write_bytes(content)
    try:
        raw = read_table(path)
        mapping = state(guess_mapping(raw, NAMES), unit="percent")
        apply_mapping(raw, mapping, known_places=PLACES)
    except LevelupError as caught:
        assert str(caught), "an error says what is wrong"
        return caught.code
    return "read"


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path, suffix: str) -> None:
    whole = book(tmp_path, suffix)
    assert outcome(tmp_path / f"cut{suffix}", whole) in ("read", "data-faults")
    for end in range(0, len(whole), 200):
        assert outcome(tmp_path / f"cut{suffix}", whole[:end]) == "file-unreadable", end


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
def test_a_workbook_with_changed_bytes_is_read_or_refused(tmp_path: Path, suffix: str) -> None:
    whole = book(tmp_path, suffix)
    chance = random.Random(20)
    seen = set()
    for _ in range(MUTATIONS):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3, 20])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        seen.add(outcome(tmp_path / f"changed{suffix}", bytes(content)))
    assert seen <= {"read", "data-faults", "file-unreadable", "file-too-large"}
    assert "file-unreadable" in seen


@pytest.mark.parametrize(
    ("suffix", "part"),
    [
        (".xlsx", "xl/worksheets/sheet1.xml"),
        (".xlsx", "xl/workbook.xml"),
        (".xlsx", "xl/sharedStrings.xml"),
        (".xlsx", "xl/styles.xml"),
        (".xlsx", "xl/_rels/workbook.xml.rels"),
        (".ods", "content.xml"),
    ],
)
def test_a_part_with_changed_bytes_is_read_or_refused(tmp_path: Path, suffix: str, part: str) -> None:
    book(tmp_path, suffix)
    source = tmp_path / f"whole{suffix}"
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = part_of(source, part)
    chance = random.Random(21)
    seen = set()
    for _ in range(MUTATIONS // 2):
        content = bytearray(inner)
        for _ in range(chance.choice([1, 2, 5])):
            content[chance.randrange(len(content))] = chance.choice(b'<>"=9e\0&\xff')
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, plain in parts.items():
                archive.writestr(name, bytes(content) if name == part else plain)
        seen.add(outcome(tmp_path / f"changed{suffix}", held.getvalue()))
    assert seen <= {"read", "data-faults", "file-unreadable", "file-too-large"}


@given(content=st.binary(max_size=400), suffix=st.sampled_from(SUFFIXES))
@example(content=b"PK\x05\x06" + b"\0" * 18, suffix=".xlsx")
@example(content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, suffix=".xls")
@ANY
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str, tmp_path: Path) -> None:
    assert outcome(tmp_path / f"any{suffix}", content) in (
        "read",
        "data-faults",
        "file-unreadable",
        "file-too-large",
        "guard-rail",
    )


cells = st.one_of(
    st.sampled_from(
        [
            "E07000001",
            "Ash",
            "2021",
            "2021/22",
            "Female",
            "All",
            "12.5",
            "-3",
            "45%",
            "*",
            "c",
            "",
            "IMD rank",
            "x=1",
            "=1+1",
            "1,000",
            "65+",
            "Total",
        ]
    ),
    st.text(max_size=8),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(str),
)


@given(rows=st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8), mark=st.sampled_from(",;\t"))
@ANY
def test_any_table_is_guessed_and_applied_or_refused(rows: list[list[str]], mark: str, tmp_path: Path) -> None:
    text = "\n".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert outcome(tmp_path / "any.csv", text.encode("utf-8", errors="replace")) in (
        "read",
        "data-faults",
        "file-unreadable",
        "guard-rail",
    )


@given(rows=st.lists(st.lists(cells, min_size=8, max_size=8), min_size=1, max_size=5))
@ANY
def test_any_cells_in_the_heat_template_are_read_or_refused(rows: list[list[str]], tmp_path: Path) -> None:
    header = [
        "indicator",
        "dimension",
        "subgroup",
        "estimate",
        "se",
        "favourable_indicator",
        "indicator_scale",
        "ordered_dimension",
    ]
    path = tmp_path / "heat.csv"
    path.write_text(
        "\n".join(",".join('"' + cell.replace('"', "") + '"' for cell in row) for row in [header, *rows]), encoding="utf-8"
    )
    raw = read_table(path)
    if is_heat(raw):
        try:
            assert read_heat(raw)
        except DataFaults as caught:
            assert caught.faults


def test_a_thousand_indicators_and_a_hundred_thousand_rows_are_read_quickly(tmp_path: Path) -> None:
    """The bounds are several times what was measured, in processor time, so that a busy machine does not fail them."""
    path = tmp_path / "small.csv"
    header = "indicator,subject,role,period,value,se,polarity,population\n"
    path.write_text(
        header + "".join(f"i{n // 4},Ash,lower,2024,{n}.5,2.5,more-is-better,100\n" for n in range(4000)), encoding="utf-8"
    )
    started = time.process_time()
    assert len(read_columns(path)["value"]) == 4000
    assert time.process_time() - started < 0.5
    path.write_text(
        header + "".join(f"i{n // 4},Ash,lower,2024,{n}.5,2.5,more-is-better,100\n" for n in range(100_000)), encoding="utf-8"
    )
    started = time.process_time()
    assert len(read_columns(path)["value"]) == 100_000
    assert time.process_time() - started < 2.0
