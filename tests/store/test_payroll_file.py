"""Large payroll files: a clean one is read as it stands, and anything else is left to the plain reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.sources import read_columns
from levelup.store import payroll_file
from levelup.store.parquet import write_parquet
from levelup.store.payroll_file import read_header, read_large, read_published_returns
from levelup.terms.errors import InputError

HEADER = b"Employee,Sex,Pay,Note\n"
ROWS = b'001,F,2100.50,\n01,M,,"a, b"\n1,F,-3.,x\n'


@pytest.fixture(autouse=True)
def _every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payroll_file, "LARGE", 0)


def put(folder: Path, data: bytes, name: str = "payroll.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data", [HEADER + ROWS, b"\xef\xbb\xbf" + HEADER + ROWS, (HEADER + ROWS).replace(b"\n", b"\r\n"), (HEADER + ROWS)[:-1]]
)
def test_a_clean_file_is_read_as_the_plain_reader_reads_it(data: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, data)
    found, plain = read_large(path, texts=["Employee", "Sex", "Note"], figures=["Pay"]), read_columns(path)
    assert found is not None and read_header(path) == tuple(plain)
    assert {name: found[name].tolist() for name in ("Employee", "Sex", "Note")} == {
        name: plain[name] for name in ("Employee", "Sex", "Note")
    }
    assert found["Pay"].dtype == np.float64 and np.array_equal(found["Pay"], [2100.5, np.nan, -3.0], equal_nan=True)


@pytest.mark.parametrize("pay", [b"\xc2\xa32100", b"1e3", b"1_000", b" 12", b"inf", b"0x1F", b"2,100", b"."])
def test_a_column_that_is_not_all_plain_numbers_stays_text(pay: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, HEADER + ROWS + b'4,M,"' + pay + b'",\n')
    found = read_large(path, texts=[], figures=["Pay"])
    assert found is not None and [str(cell).strip() for cell in found["Pay"]] == ["2100.50", "", "-3.", pay.decode().strip()]


def test_a_column_of_many_texts_keeps_every_one(tmp_path: Path) -> None:
    texts = [f"{at % 701}" for at in range(3000)]
    path = put(tmp_path, HEADER + "".join(f"{at},F,1,{text}\n" for at, text in enumerate(texts)).encode())
    found = read_large(path, texts=["Employee", "Note"], figures=[])
    assert found is not None and found["Note"].tolist() == texts and found["Employee"].tolist() == [str(at) for at in range(3000)]


@pytest.mark.parametrize(
    "data",
    [
        HEADER + ROWS + b"\n5,M,3,\n",
        HEADER + ROWS + b"5,M\n",
        HEADER + ROWS + b"5,M,3,,9\n",
        HEADER + ROWS + b'5,M,3,"two\nlines"\n',
        HEADER + ROWS + b'5,M,3,"open\n',
        HEADER + ROWS + b"5,M,3,\xff\n",
        HEADER + ROWS + b"5,M,3,\0\n",
        HEADER.replace(b"Sex", b"Pay") + ROWS,
        HEADER.replace(b"Sex", b"") + ROWS,
        HEADER.replace(b"Sex", b'"Sex"') + ROWS,
        HEADER.replace(b",", b";") + ROWS,
        b"",
    ],
)  # fmt: skip
def test_what_is_not_clean_is_left_to_the_plain_reader(data: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, data)
    assert read_large(path, texts=["Employee"], figures=["Pay"]) is None


def test_small_files_and_other_kinds_are_left_to_the_plain_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_header(put(tmp_path, HEADER + ROWS, "payroll.txt")) == () == read_header(tmp_path / "nowhere.csv")
    path = put(tmp_path, HEADER + ROWS)
    assert read_header(path)
    monkeypatch.setattr(payroll_file, "LARGE", 1000)
    assert read_header(path) == ()


def test_memory_that_does_not_suffice_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payroll_file, "MEMORY", "4MB")
    monkeypatch.chdir(tmp_path)
    text = "".join(f"E{at:07d},F,{at}.25,{at * 7919:020d}\n" for at in range(120_000))
    path = put(tmp_path, HEADER + text.encode())
    assert read_large(path, texts=["Employee", "Note"], figures=["Pay"]) is None
    assert [item.name for item in tmp_path.iterdir()] == ["payroll.csv"]


def test_published_returns_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "returns.parquet"
    write_parquet({"EmployerName": ["A", "B"], "DiffMeanBonusPercent": [None, 3.5]}, path)
    found = read_published_returns(path)
    assert found["EmployerName"].tolist() == ["A", "B"] and np.isnan(found["DiffMeanBonusPercent"][0])
    with pytest.raises(InputError, match="must exist"):
        read_published_returns(tmp_path / "none.parquet")
    with pytest.raises(InputError, match="Parquet"):
        read_published_returns(put(tmp_path, HEADER))


@pytest.mark.parametrize(
    ("last", "is_read"),
    [(b"2024-02-29", True), (b"", True), (b"2023-02-29", False), (b"1/4/2026", False), (b"1850-01-01", False)],
)
def test_days_are_read_where_every_one_is_a_day(last: bytes, is_read: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = put(tmp_path, HEADER + b"1,F,1,2026-03-31\n2,F,1,\n3,F,1," + last + b"\n")
    found = read_large(path, texts=[], days=["Note"])
    assert found is not None and (getattr(found["Note"], "dtype", None) == np.dtype("datetime64[D]")) == is_read
    texts = np.asarray(found["Note"].tolist(), dtype="datetime64[D]" if is_read else str).astype(str)
    told = ["" if cell == "NaT" else cell for cell in texts.tolist()]
    assert told == ["2026-03-31", "", last.decode()]
