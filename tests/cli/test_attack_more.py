"""`levelup attack`: rounded tables, shares without a row for all, totals by dimension, and marks that say how much they hide."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from levelup.cli.main import main
from levelup.disclosure.gate import said_by
from levelup.disclosure.profile import find_profile
from tests.cli.test_protect import run

SHARES = {"White": "83.20%", "Asian": "9.13%", "Black": "5.81%", "Mixed": "less than 3 %", "Other": "0.62%"}


def attack(capsys: pytest.CaptureFixture[str], path: Path, told: str, *more: str) -> dict[str, object]:
    path.write_text(told, encoding="utf-8")
    code, said, err = run(capsys, "attack", str(path), *more, "--json")
    assert code == 0, err
    return dict(json.loads(said))


def test_shares_without_a_row_for_all_come_to_the_base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "\n".join(["group,percent", *(f"{name},{share}" for name, share in SHARES.items())])
    asked = ("--dimensions", "group", "--shares", "percent:482")
    record = attack(capsys, tmp_path / "staff.csv", told, *asked)
    assert record["hidden"] == record["told_exactly"] == 1 and record["cells"] == 5
    assert record["found"] == [{"labels": {"group": "Mixed"}, "told": "exactly"}]
    assert "make up all 482 people and do not overlap" in str(record["assumes"])
    assert attack(capsys, tmp_path / "staff.csv", told, *asked, "--total", "")["told_exactly"] == 1
    record = attack(capsys, tmp_path / "staff.csv", f"{told}\nTotal,100%\n", *asked)
    assert record["told_exactly"] == 1 and record["assumes"] is None


def test_shares_of_two_dimensions_without_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = {("Ash", "men"): 12, ("Ash", "women"): 31, ("Beck", "men"): 52, ("Beck", "women"): 5}
    told = "area,sex,share\n" + "".join(
        f"{area},{sex},{'under 10 %' if n == 5 else f'{n:.1f}'}\n" for (area, sex), n in count.items()
    )
    record = attack(capsys, tmp_path / "t.csv", told, "--dimensions", "area,sex", "--shares", "share:100")
    assert record["told_exactly"] == 1 and record["found"] == [{"labels": {"area": "Beck", "sex": "women"}, "told": "exactly"}]


def test_shares_of_groups_that_overlap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = attack(
        capsys, tmp_path / "t.csv", "need,share\nspeech,60.0\nsight,70.0\nhearing,<5%\n",
        "--dimensions", "need", "--shares", "share:100",
    )  # fmt: skip
    assert record["told_exactly"] == 0 and "overlap or leave some out" in str(record["assumes"])


def test_rounded_counts_that_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two parts under three and a total from four: both are two, and four is all there can be."""
    told = "area,n\nAsh,0\nBeck,0\nTotal,6\n"
    record = attack(capsys, tmp_path / "t.csv", told, "--dimensions", "area", "--count", "n", "--profile", "random-rounding-3")
    rounded = record["rounded"]
    assert isinstance(rounded, dict) and (record["hidden"], rounded["attacked"], rounded["told_exactly"]) == (0, 3, 3)
    assert rounded["under_10"] == {"told_exactly": 3, "within_protection": 0}
    found = record["found"]
    assert isinstance(found, list) and {"labels": {"area": "Ash"}, "told": "exactly", "what": "rounded"} in found
    main(["attack", str(tmp_path / "t.csv"), "--dimensions", "area", "--count", "n", "--profile", "random-rounding-3"])
    said = capsys.readouterr().out
    assert "Of 3 rounded counts 3 can be told exactly, 3 of those with a figure under 10" in said and "area Ash (rounded)" in said
    main(["attack", str(tmp_path / "t.csv"), "--dimensions", "area", "--count", "n"])
    assert "--profile" in capsys.readouterr().out


def test_small_rounded_counts_are_named_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "area,sex,n\nAsh,men,60\nAsh,women,30\nAsh,Total,96\nBeck,men,0\nBeck,women,0\nBeck,Total,6\n"
    asked = ("--dimensions", "area,sex", "--count", "n", "--profile", "random-rounding-3", "--show-bounds")
    record = attack(capsys, tmp_path / "t.csv", told, *asked)
    found = record["found"]
    assert isinstance(found, list) and [entry["labels"]["area"] for entry in found] == ["Beck"] * 3 + ["Ash"] * 3
    assert [(entry["low"], entry["high"]) for entry in found[:3]] == [(2, 2), (2, 2), (4, 4)]


@pytest.mark.parametrize("profile", ["nearest-5", "random-rounding-3", "random-rounding-5", "nhs-sub-national", "cell-key"])
def test_what_is_told_of_rounded_counts_is_what_a_search_finds(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every small table that fits what is shown is tried, whichever way the figures came about."""
    rule, rng, checked = find_profile(profile), np.random.default_rng(5), 0
    for _ in range(8):
        count = rng.integers(0, 12, 3)
        figure = np.array([*count, count.sum()], dtype=np.float64)
        base = rule.base if rule.rounding != "cell-key" else 1
        figure = np.floor(figure / base + rng.random()) * base if rule.hidden is None else np.floor(figure / base + 0.5) * base
        whole = np.array([*count, count.sum()])
        hidden = (whole >= 1) & (whole <= 7) if rule.hidden is not None else np.zeros(4, dtype=np.bool_)
        shown = np.where(hidden, np.nan, np.where(whole == 0, 0.0, figure) if rule.rounding == "cell-key" else figure)
        known = said_by(shown, rule)
        if ((whole < known.low) | (whole > known.high)).any():
            continue
        spans = [range(int(low), int(min(high, 60)) + 1) for low, high in zip(known.low[:3], known.high[:3], strict=True)]
        fit = [item for item in itertools.product(*spans) if known.low[3] <= sum(item) <= known.high[3]]
        told = "area,n\n" + "".join(
            f"{name},{'' if np.isnan(value) else int(value)}\n"
            for name, value in zip(["a", "b", "c", "Total"], shown, strict=True)
        )
        record = attack(
            capsys, tmp_path / "t.csv", told, "--dimensions", "area", "--count", "n", "--profile", profile, "--show-bounds",
            "--ordinary", "a", "--ordinary", "b", "--ordinary", "c",
        )  # fmt: skip
        found = record["found"]
        assert isinstance(found, list)
        for entry in found:
            if entry["labels"]["area"] != "Total" and entry["high"] is not None:
                own = [item["abc".index(entry["labels"]["area"])] for item in fit]
                assert (entry["low"], entry["high"]) == (min(own), max(own))
                checked += 1
    assert checked >= 6


def test_what_protect_writes_by_rounding_withstands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(1)
    areas = {f"area {at}": rng.integers(0, 60, 2).tolist() for at in range(5)}
    areas["Total"] = np.sum(list(areas.values()), axis=0).tolist()
    lines = [f"{area},{sex},{n}" for area, (men, women) in areas.items() for sex, n in
             (("men", men), ("women", women), ("Total", men + women))]  # fmt: skip
    (tmp_path / "t.csv").write_text("\n".join(["area,sex,n", *lines]), encoding="utf-8")
    for profile in ("nearest-5", "random-rounding-3", "random-rounding-5", "controlled-rounding-5", "nhs-sub-national"):
        told = ["--dimensions", "area,sex", "--count", "n", "--profile", profile]
        out = tmp_path / profile
        code, _, err = run(capsys, "protect", str(tmp_path / "t.csv"), *told, "--out", str(out), "--secret", "918273645546")
        assert code == 0, err
        main(["attack", str(out / "protected.csv"), *told, "--json"])
        record = json.loads(capsys.readouterr().out)
        assert record["told_exactly"] == record["within_protection"] == 0
        assert record["rounded"]["attacked"] > 0 and record["rounded"]["under_10"]["told_exactly"] == 0


def test_marks_that_say_how_much_they_hide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for mark in ("s", "#", "n/a", "[z]", "S", "N/A"):
        record = attack(capsys, tmp_path / "t.csv", f"area,n\nAsh,{mark}\nBeck,{mark}\nTotal,35\n",
                        "--dimensions", "area", "--count", "n", "--show-bounds")  # fmt: skip
        assert record["hidden"] == 2 and record["found"][0]["high"] == 35  # type: ignore[index]
    for mark, low, high in (
        ("<5", 0, 4),
        ("less than 5", 0, 4),
        ("1-9", 1, 9),
        ("1 to 4", 1, 4),
        ("[<5]", 0, 4),
        ("5 or fewer", 0, 5),
    ):
        record = attack(capsys, tmp_path / "t.csv", f"area,n\nAsh,{mark}\nBeck,[c]\nTotal,35\n",
                        "--dimensions", "area", "--count", "n", "--show-bounds")  # fmt: skip
        ends = [(entry["low"], entry["high"]) for entry in record["found"]]  # type: ignore[attr-defined]
        assert ends == [(low, high), (35 - high, 35 - low)]


def test_totals_by_dimension_and_totals_that_nobody_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = (
        "area,age,n\nAsh,16+,[c]\nAsh,0-15,[c]\nAsh,All ages,64\nBeck,16+,143\nBeck,0-15,[c]\nBeck,All ages,202\n"
        "England,16+,203\nEngland,0-15,63\nEngland,All ages,266\n"
    )
    asked = ("--dimensions", "area,age", "--count", "n")
    record = attack(capsys, tmp_path / "t.csv", told, *asked, "--total", "area=England,age=All ages")
    assert record["told_exactly"] == 3 and record["found"][0]["labels"] == {"area": "Ash", "age": "16+"}  # type: ignore[index]
    same = attack(capsys, tmp_path / "t.csv", told, *asked, "--total", "England")
    assert same["found"] == record["found"] and "'All ages' of age" in str(same["assumes"])
    path = tmp_path / "t.csv"
    path.write_text(told.replace("143", "[c]").replace("All ages", "Everyone"), encoding="utf-8")
    assert "'Everyone' of age" in str(
        attack(capsys, path, path.read_text(encoding="utf-8"), *asked, "--total", "England")["assumes"]
    )


@pytest.mark.parametrize(
    ("cell", "profile", "why"),
    [("12", "nearest-5", "multiple of 5"), ("12.5", "threshold-10", "whole number"), ("12%", "threshold-10", "whole number")],
)
def test_figures_that_cannot_be(cell: str, profile: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"area,n\n\nAsh,{cell}\nBeck,20\nTotal,\n", encoding="utf-8")
    code, _, err = run(capsys, "attack", str(path), "--dimensions", "area", "--count", "n", "--profile", profile)
    assert code == 1 and "row 3, column n" in err and why in err


def test_a_count_that_the_profile_hides_is_pointed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = attack(capsys, tmp_path / "t.csv", "area,n\nAsh,4\nBeck,[c]\nCrane,[c]\nTotal,64\n",
                    "--dimensions", "area", "--count", "n", "--profile", "threshold-10")  # fmt: skip
    assert record["shown_though_small"] == 1
