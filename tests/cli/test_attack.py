"""`levelup attack`: what it finds in a table as published, and that it shows no bounds unless it is asked to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main

LEAK = (
    "area,sex,n\nAsh,men,{}\nAsh,women,31\nAsh,Total,35\nBeck,men,52\nBeck,women,73\nBeck,Total,125\n"
    "Total,men,56\nTotal,women,104\nTotal,Total,160\n"
)
SAFE = LEAK.format("").replace("women,31", "women,[c]").replace("men,52", "men,*").replace("women,73", "women,-")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published.csv"


def run(capsys: pytest.CaptureFixture[str], file: Path, *more: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(["attack", str(file), "--dimensions", "area,sex", "--count", "n", "--total", "Total", *more])
    except SystemExit as leave:
        code = int(leave.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("mark", ["", "[c]", "*", "c", "-", "–"])
def test_a_count_hidden_alone_is_told(mark: str, published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(LEAK.format(mark), encoding="utf-8")
    code, said, _ = run(capsys, published)
    assert code == 0 and said.startswith("1 of 1 hidden counts can be told exactly")
    assert "exactly: area Ash, sex men\n" in said and "4" not in said
    _, said, _ = run(capsys, published, "--json")
    record = json.loads(said)
    assert (record["told_exactly"], record["narrowest"], record["within_protection"]) == (1, 0, None)
    assert record["found"] == [{"labels": {"area": "Ash", "sex": "men"}, "told": "exactly"}]


def test_bounds_only_where_they_are_asked_for(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(SAFE, encoding="utf-8")
    _, said, _ = run(capsys, published, "--json")
    assert json.loads(said)["found"] == [] and json.loads(said)["narrowest"] == 35
    _, said, _ = run(capsys, published, "--show-bounds", "--json")
    found = {tuple(entry["labels"].values()): (entry["low"], entry["high"]) for entry in json.loads(said)["found"]}
    assert found == {("Ash", "men"): (0, 35), ("Ash", "women"): (0, 35), ("Beck", "men"): (21, 56), ("Beck", "women"): (69, 104)}
    _, said, _ = run(capsys, published, "--show-bounds")
    assert "not told: area Ash, sex men: 0 to 35" in said


def test_a_profile_says_what_is_too_close(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the profile no hidden count is zero; the two of the first row then lie between 1 and 6."""
    published.write_text(SAFE.replace("Ash,Total,35", "Ash,Total,7").replace("men,56", "men,59").replace("women,104", "women,73")
                         .replace("Total,Total,160", "Total,Total,132"), encoding="utf-8")  # fmt: skip
    _, said, _ = run(capsys, published, "--profile", "threshold-10", "--json")
    record = json.loads(said)
    assert (record["told_exactly"], record["within_protection"], record["narrowest"]) == (0, 4, 5)
    assert {entry["told"] for entry in record["found"]} == {"within the protection"}
    _, said, _ = run(capsys, published, "--profile", "threshold-5", "--json")
    assert json.loads(said)["within_protection"] == 0 and json.loads(said)["narrowest"] is None


def test_another_table_that_is_out(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(SAFE, encoding="utf-8")
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("area,sex,n\nBeck,men,52\n", encoding="utf-8")
    _, said, _ = run(capsys, published, "--earlier", str(earlier), "--json")
    assert json.loads(said)["told_exactly"] == 4
    earlier.write_text("area,sex,n\nBeck,Total,52\n", encoding="utf-8")
    code, _, err = run(capsys, published, "--earlier", str(earlier))
    assert code == 1 and "must agree" in err and "area Beck, sex Total" in err


def test_percentages_of_a_known_headcount(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "staff.csv"
    shares = {"White": "83.20%", "Asian": "9.13%", "Black": "5.81%", "Mixed": "less than 3 %", "Other": "0.62%", "Total": "100%"}
    path.write_text("\n".join(["group,percent", *(f"{name},{share}" for name, share in shares.items())]), encoding="utf-8")
    asked = ["attack", str(path), "--dimensions", "group", "--shares", "percent:482", "--json"]
    main(asked)
    record = json.loads(capsys.readouterr().out)
    assert record["hidden"] == record["told_exactly"] == 1 and record["found"][0]["labels"] == {"group": "Mixed"}
    path.write_text(path.read_text(encoding="utf-8").replace("0.62%", "less than 3 %"), encoding="utf-8")
    main(asked)
    record = json.loads(capsys.readouterr().out)
    assert (record["hidden"], record["told_exactly"], record["narrowest"]) == (2, 0, 9)


def test_the_table_that_protect_writes_withstands(tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(LEAK.format("4"), encoding="utf-8")
    asked = ["--dimensions", "area,sex", "--count", "n", "--profile", "threshold-10"]
    main(["protect", str(published), *asked, "--out", str(tmp_path / "out")])
    capsys.readouterr()
    code, said, _ = run(capsys, tmp_path / "out" / "protected.csv", "--profile", "threshold-10", "--json")
    record = json.loads(said)
    assert code == 0 and record["hidden"] == 4 and record["told_exactly"] == record["within_protection"] == 0


@pytest.mark.parametrize(
    ("text", "more", "said_of_it"),
    [
        (LEAK.format("few"), (), "row 2"),
        (LEAK.format("").replace("Beck,Total,125", "Beck,Total,126").replace("men,52", "men,").replace("women,73", "women,"), (),
         "must fit together"),
        (SAFE, ("--shares", "percent"), "COLUMN:BASE"),
        (SAFE, ("--shares", "percent:482"), "'percent'"),
        (SAFE, ("--count", "m"), "'m'"),
    ],
)  # fmt: skip
def test_mistakes(text: str, more: tuple[str, ...], said_of_it: str, published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, published, *more)
    assert code == 1 and said_of_it in err


def test_something_must_be_named(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published.write_text(SAFE, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["attack", str(published), "--dimensions", "area,sex"])
    assert left.value.code == 1 and "neither --count nor --shares" in capsys.readouterr().err
