"""`levelup protect`: what it writes, what it leaves alone, what it refuses, and that nothing it says gives a count away."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import xlsxwriter

from levelup.cli.main import main
from levelup.disclosure.profile import shipped

COUNTS = {
    ("Ash", "men"): 4,
    ("Ash", "women"): 31,
    ("Beck", "men"): 52,
    ("Beck", "women"): 73,
    ("Crane", "men"): 0,
    ("Crane", "women"): 88,
}
CODES = {"Ash": "E01", "Beck": "E02", "Crane": "E03", "Total": "E00"}


def rows(counts: dict[tuple[str, str], int]) -> list[list[str]]:
    areas = [*dict.fromkeys(area for area, _ in counts), "Total"]
    found = []
    for area in areas:
        for sex in ("men", "women", "Total"):
            n = sum(count for (a, s), count in counts.items() if area in (a, "Total") and sex in (s, "Total"))
            found.append([area, sex, CODES.get(area, "E09"), str(n)])
    return found


def text(counts: dict[tuple[str, str], int], *, end: str = "\n", more: str = "") -> str:
    return "".join(",".join(row) + end for row in [["area", "sex", "code", "n"], *rows(counts)]) + more


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text(text(COUNTS), encoding="utf-8")
    return path


def words(table: Path, out: Path, *more: str, profile: str = "threshold-10") -> list[str]:
    asked = ["protect", str(table), "--dimensions", "area,sex", "--count", "n", "--total", "Total", "--profile", profile]
    return [*asked, "--out", str(out), *more]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as leave:
        code = int(leave.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures_in(said: str) -> set[str]:
    return set(re.findall(r"\d+", said))


def test_what_is_written(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "out"
    code, said, _ = run(capsys, *words(table, out))
    assert code == 0 and "4 of 12 counts are hidden" in said
    assert sorted(path.name for path in out.iterdir()) == ["log.csv", "protected.csv", "report.json"]
    before, after = read(table), read(out / "protected.csv")
    assert list(after[0]) == ["area", "sex", "code", "n", "status"] and len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        is_hidden = new["status"] == "[c]"
        assert new == {**old, "n": "" if is_hidden else old["n"], "status": "[c]" if is_hidden else ""}
    hidden = {(row["area"], row["sex"]) for row in after if row["status"]}
    assert ("Ash", "men") in hidden and ("Crane", "men") not in hidden and len(hidden) == 4
    log = read(out / "log.csv")
    assert {(row["area"], row["sex"]) for row in log} == hidden
    assert {(row["status"], row["reason"]) for row in log} == {("[c]", log[0]["reason"])}


def test_the_report(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, err = run(capsys, *words(table, tmp_path / "out", "--json"))
    record = json.loads(said)
    assert code == 0 and err == "" and json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8")) == record
    assert record["profile"]["name"] == "threshold-10" and record["cells"] == 12 and record["hidden"] == 4
    assert record["share_hidden"] == 0.3333 and record["attack"]["recovered"] == record["attack"]["within_protection"] == 0
    assert "programmes" not in record["attack"] and record["seconds"] >= 0
    lost = {"lost": 4, "is_least": True, "is_cut_short": False, "stopped_after": None, "distance": 0.0, "how": ""}
    assert record["information_lost"] | {"how": ""} == lost


def test_the_report_and_the_log_do_not_tell_which_hidden_count_was_the_small_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for number, (first, second) in enumerate(((4, 31), (31, 4), (9, 900), (5, 7))):
        path = tmp_path / "counts.csv"
        counts = {("Ash", "men"): first, ("Ash", "women"): second, ("Beck", "men"): 52, ("Beck", "women"): 73}
        path.write_text(text(counts), encoding="utf-8")
        out = tmp_path / str(number)
        assert run(capsys, *words(path, out))[0] == 0
        record = json.loads((out / "report.json").read_text(encoding="utf-8"))
        said.append((record | {"seconds": 0, "attack": 0}, (out / "log.csv").read_bytes()))
    assert said[0] == said[1] == said[2] == said[3]


def test_every_other_byte_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = text(COUNTS).replace("\n", "\r\n").replace(",", ";").replace("Ash;men;E01;4", 'Ash;men;"E01";" 4 "')
    path = tmp_path / "counts.csv"
    path.write_bytes(b"\xef\xbb\xbf" + plain.replace("Crane;women;E03", '"Crane";women;E03').encode() + b"\r\n")
    assert run(capsys, *words(path, tmp_path / "out"))[0] == 0
    found = (tmp_path / "out" / "protected.csv").read_bytes()
    lines = found.split(b"\r\n")
    assert lines[0] == b"\xef\xbb\xbfarea;sex;code;n;status" and lines[1] == b'Ash;men;"E01";;[c]' and lines[-2:] == [b"", b""]
    assert b'\r\n"Crane";women;E03;88;\r\n' in found


def test_other_encodings_and_workbooks_become_plain_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grid = [["area", "sex", "code", "n"], *rows({("Bâle", sex): n for (area, sex), n in COUNTS.items() if area == "Beck"})]
    (tmp_path / "old.csv").write_bytes("\n".join(",".join(row) for row in grid).encode("cp1252"))
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    sheet = book.add_worksheet()
    for at, row in enumerate(grid):
        sheet.write_row(at, 0, [int(cell) if cell.isdecimal() else cell for cell in row])
    book.close()
    for name in ("old.csv", "book.xlsx"):
        assert run(capsys, *words(tmp_path / name, tmp_path / name[:3]))[0] == 0
        found = read(tmp_path / name[:3] / "protected.csv")
        assert found[0] == {"area": "Bâle", "sex": "men", "code": "E09", "n": "52", "status": ""}


def test_the_same_bytes_every_time(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for profile in ("threshold-10", "random-rounding-3", "controlled-rounding-5"):
        made = set()
        for number in range(2):
            out = tmp_path / f"{profile}-{number}"
            assert run(capsys, *words(table, out, "--secret", "20261123", profile=profile))[0] == 0
            made.add(tuple((out / name).read_bytes() for name in ("protected.csv", "log.csv")))
        assert len(made) == 1


@pytest.mark.parametrize("profile", [name for name in shipped() if name != "cell-key"])
def test_every_profile_writes_a_table(profile: str, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *words(table, tmp_path / "out", profile=profile))
    assert code == 0, err
    rule = shipped()[profile]
    for old, new in zip(read(table), read(tmp_path / "out" / "protected.csv"), strict=True):
        n = int(old["n"])
        assert (new["n"] == "") == (new["status"] == "[c]")
        assert new["n"] == "" or abs(int(new["n"]) - n) <= rule.reach
        if rule.hidden is not None and rule.hidden[0] <= n <= rule.hidden[1]:
            assert new["status"] == "[c]"
        if n == 0:
            assert new["n"] == "0"


def test_the_secret_comes_from_the_environment_and_is_never_said(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVELUP_SECRET", "918273645546")
    code, said, err = run(capsys, *words(table, tmp_path / "a", "--json", profile="random-rounding-5"))
    run(capsys, *words(table, tmp_path / "b", "--secret", "918273645546", profile="random-rounding-5"))
    assert code == 0 and json.loads(said)["notes"] == []
    assert (tmp_path / "a" / "protected.csv").read_bytes() == (tmp_path / "b" / "protected.csv").read_bytes()
    assert "918273645546" not in said + err + "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "a").iterdir())
    monkeypatch.delenv("LEVELUP_SECRET")
    _, said, _ = run(capsys, *words(table, tmp_path / "c", "--json", profile="random-rounding-5"))
    assert "LEVELUP_SECRET" in json.loads(said)["notes"][-1]
    monkeypatch.setenv("LEVELUP_SECRET", "swordfish")
    code, _, err = run(capsys, *words(table, tmp_path / "d", profile="random-rounding-5"))
    assert code == 1 and "LEVELUP_SECRET must be a whole number" in err and "swordfish" not in err


def test_cell_keys_are_used_and_emptied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = text(COUNTS).splitlines()
    path = tmp_path / "keyed.csv"
    keyed = [f"{lines[0]},ckey", *(f"{line},{37 * at % 256}" for at, line in enumerate(lines[1:], start=5))]
    path.write_text("\n".join(keyed), encoding="utf-8")
    out = tmp_path / "out"
    code, _, err = run(capsys, *words(path, out, profile="cell-key"))
    assert code == 1 and "--cell-key" in err and not out.exists()
    assert run(capsys, *words(path, out, "--cell-key", "ckey", profile="cell-key"))[0] == 0
    found = read(out / "protected.csv")
    assert {row["ckey"] for row in found} == {""} and {row["status"] for row in found} == {""}
    assert all(abs(int(new["n"]) - int(old["n"])) <= 5 for old, new in zip(read(path), found, strict=True))


def test_figures_beside_the_counts_go_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = text(COUNTS).splitlines()
    shares = [f"{100 * int(line.split(',')[3]) / 248:.2f}%" for line in lines[1:]]
    path = tmp_path / "shares.csv"
    path.write_text(
        "\n".join([f"{lines[0]},share,year", *(f"{a},{b},2024" for a, b in zip(lines[1:], shares, strict=True))]), "utf-8"
    )
    for profile, more, kept in (
        ("threshold-10", (), 8), ("nhs-sub-national", (), 0), ("threshold-10", ("--keep", "share"), 12),
    ):  # fmt: skip
        code, said, _ = run(capsys, *words(path, tmp_path / "out", *more, "--json", profile=profile))
        found = read(tmp_path / "out" / "protected.csv")
        assert code == 0 and sum(row["share"] != "" for row in found) == kept
        assert {row["year"] for row in found} == {"2024"}
        assert list(json.loads(said)["emptied"]) == ([] if more else ["share"])


def test_sums_and_earlier_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two wards that make up a patch: the patch's total would give the hidden ward back."""
    counts = {"w1": 4, "w2": 40, "w3": 60, "w4": 80}
    lines = [f"{ward},{n}" for ward, n in counts.items()] + ["north,44", "south,140", "Total,184"]
    table, lookup, partners = tmp_path / "wards.csv", tmp_path / "lookup.csv", tmp_path / "partners.csv"
    table.write_text("\n".join(["ward,n", *lines]), encoding="utf-8")
    pairs = [("north", "w1"), ("north", "w2"), ("south", "w3"), ("south", "w4"), ("elsewhere", "w9")]
    lookup.write_text("\n".join(["dimension,whole,part", *(f"ward,{a},{b}" for a, b in pairs)]), encoding="utf-8")
    asked = ["protect", str(table), "--dimensions", "ward", "--count", "n", "--profile", "threshold-10", "--sums", str(lookup)]
    assert run(capsys, *asked, "--out", str(tmp_path / "a"))[0] == 0
    first = {row["ward"] for row in read(tmp_path / "a" / "protected.csv") if row["status"]}
    assert first == {"w1", "w2"}
    partners.write_text("ward,n\nw2,40\nw1,[c]\n", encoding="utf-8")
    code, _, err = run(capsys, *asked, "--out", str(tmp_path / "b"), "--earlier", str(partners))
    second = {row["ward"] for row in read(tmp_path / "b" / "protected.csv") if row["status"]}
    assert code == 0 and "w2" not in second and second >= {"w1", "north"}, err
    lookup.write_text("dimension,whole,part\nward,north,w8\nplace,north,w1\n", encoding="utf-8")
    code, _, err = run(capsys, *asked, "--out", str(tmp_path / "c"))
    assert code == 1 and "row 2" in err and "row 3" in err and "--unpublished" in err and not (tmp_path / "c").exists()


def test_a_table_whose_small_count_is_out_already_is_refused(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out already.csv").write_text(text(COUNTS), encoding="utf-8")
    out = tmp_path / "out"
    code, said, err = run(capsys, *words(table, out, "--json", "--earlier", str(tmp_path / "out already.csv")))
    assert code == 2 and not out.exists() and json.loads(said)["error"]["code"] == "guard-rail"
    assert "may be worked out" in err and "area Ash, sex men" in err and not figures_in(err) - {"1", "10"}


def test_earlier_tables_must_fit(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.csv"
    rounded = "area,sex,n\nBeck,men,50\nBeck,women,75\nDene,men,20\n"
    other.write_text(rounded, encoding="utf-8")
    code, _, err = run(capsys, *words(table, tmp_path / "out", "--earlier", str(other)))
    assert code == 1 and "row 4" in err and "must be in the table" in err
    other.write_text(rounded.replace("Dene,men,20\n", ""), encoding="utf-8")
    code, _, err = run(capsys, *words(table, tmp_path / "out", "--earlier", str(other)))
    assert code == 1 and "row 2" in err and "row 3" in err and "--earlier-profile" in err and not (tmp_path / "out").exists()
    assert not figures_in(err) - {"0", "2", "3"}
    asked = words(table, tmp_path / "out", "--earlier", str(other), "--earlier-profile", "ons-10-5")
    assert run(capsys, *asked)[0] == 0


def test_a_profile_of_ones_own(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.yaml"
    fields = (
        "title: Own\nsentence: Counts of 1 to 39 are hidden.\nhidden: [1, 39]\nprotection: 12\nsource: Council\naddress: none\n"
    )
    own.write_text(fields, encoding="utf-8")
    code, said, _ = run(capsys, *words(table, tmp_path / "out", profile=str(own)))
    hidden = {(row["area"], row["sex"]) for row in read(tmp_path / "out" / "protected.csv") if row["status"]}
    assert code == 0 and said.startswith("Own: ") and {("Ash", "men"), ("Ash", "women"), ("Ash", "Total")} <= hidden
    for wrong, why in (
        (fields.replace("[1, 39]", "39"), "another kind in hidden"), (fields + "colour: red\n", "unknown colour"),
        (fields.replace("protection: 12\n", ""), "no protection"), ("{", "readable YAML"), ("- 1\n", "list"),
        (fields.replace("hidden: [1, 39]\n", ""), "hide or round"), ("a: {x: 1}\nb: {x: 1}\n", "one profile"),
    ):  # fmt: skip
        own.write_text(wrong, encoding="utf-8")
        code, _, err = run(capsys, *words(table, tmp_path / "not", profile=str(own)))
        assert code == 1 and why in err and not (tmp_path / "not").exists()


@pytest.mark.parametrize(
    ("change", "more", "said_of_it"),
    [
        (("Ash,men,E01,4", "Ash,men,E01,41"), (), ["row 4", "row 11", "sum of its parts", "area Ash, sex Total"]),
        (("Ash,men,E01,4", "Ash,men,E01,few"), (), ["row 2", "whole number"]),
        (("Ash,men,E01,4", ",,E01,4"), (), ["row 2, column area", "row 2, column sex"]),
        (("Ash,women", "Ash,men"), (), ["row 3", "must stand in one row"]),
        (("Beck,Total", "Beck,total"), (), ["spelt in one way", "'total', 'Total'"]),
        (("area", "place"), (), ["'area'", "--dimensions"]),
        (("code", "status"), (), ["status"]),
        (("x", "x"), ("--total", "All"), ["'All'", "--total"]),
        (("x", "x"), ("--profile", "none"), ["threshold-10"]),
        (("x", "x"), ("--profile", "none.yaml"), ["must exist"]),
        (("x", "x"), ("--keep", "rate"), ["'rate'", "--keep"]),
        (("x", "x"), ("--sums", "none.csv"), ["must exist"]),
    ],
)
def test_mistakes_are_named_and_nothing_is_written(
    change: tuple[str, str], more: tuple[str, ...], said_of_it: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text(COUNTS).replace(*change), encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "out", *more))
    assert code == 1 and all(item in err for item in said_of_it), err
    assert not (tmp_path / "out").exists()
    assert not figures_in(err) & {"31", "35", "41", "52", "73", "88", "125", "248"}


def test_what_must_be_given(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "protect", str(table), "--dimensions", "area,sex")
    assert code == 1 and "--count, --profile, --out must be given" in err


def test_the_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    _, said, _ = run(capsys, "protect", "--list")
    assert all(name in said and profile.sentence in said for name, profile in shipped().items())
    _, said, _ = run(capsys, "protect", "--list", "--json")
    assert [entry["name"] for entry in json.loads(said)] == list(shipped())


def test_rows_that_stay_in_the_house_must_say_so_plainly(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = table.read_text(encoding="utf-8").splitlines()
    told = [f"{lines[0]},house", *(f"{line},{'perhaps' if at % 5 == 1 else 'no'}" for at, line in enumerate(lines[1:]))]
    table.write_text("\n".join(told) + "\n", encoding="utf-8")
    code, _, said = run(capsys, *words(table, tmp_path / "out", "--unpublished", "house"))
    assert code == 1 and "3 cells break a rule: must" in said and "rows 8, 13" in said and not (tmp_path / "out").exists()
    table.write_text("\n".join(line.replace(",perhaps", ",yes").replace(",no", ",yes") for line in told), encoding="utf-8")
    code, _, said = run(capsys, *words(table, tmp_path / "out", "--unpublished", "house"))
    assert code == 1 and "rows that are published" in said


def test_figures_in_words_go_with_a_hidden_count_and_codes_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"4": "4 of 35", "31": "11.4 (4.5 - 26.0)", "52": '"11,4"', "73": "n/a"}
    lines = ["area,sex,code,n,said", *(",".join([*row, told.get(row[3], "many")]) for row in rows(COUNTS))]
    path = tmp_path / "told.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(capsys, *words(path, tmp_path / "out"))
    with (tmp_path / "out" / "protected.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    hidden = [row for row in found if row["status"]]
    assert hidden and all(row["said"] == "" and row["code"] for row in hidden)
    assert any(row["said"] == "many" for row in found if not row["status"])


def test_the_table_is_never_written_over_and_no_older_one_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    source = out / "protected.csv"
    source.write_text(text(COUNTS), encoding="utf-8")
    code, _, said = run(capsys, *words(source, out))
    assert code == 1 and "written over" in said and source.read_text(encoding="utf-8") == text(COUNTS)
    broken = tmp_path / "broken.csv"
    broken.write_text(text(COUNTS).replace("248", "249"), encoding="utf-8")
    code, _, _ = run(capsys, *words(broken, out))
    assert code == 1 and not source.exists()


def test_the_counts_are_no_dimension(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "protect",
        str(table),
        "--dimensions",
        "area,n",
        "--count",
        "n",
        "--profile",
        "threshold-10",
        "--out",
        str(tmp_path / "o"),
    ]
    code, _, said = run(capsys, *asked)
    assert code == 1 and "must not be a dimension" in said
