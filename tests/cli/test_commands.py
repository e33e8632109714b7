"""The commands as a newcomer and a scheduler meet them: help, words, JSON, exit codes, and what a mistake says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import COMMANDS, main

TABLE = (
    "indicator,subject,role,period,value,se,polarity,population\n"
    "reading,Harbour,lower,2016,50,0.4,more-is-better,100\nreading,Harbour,lower,2024,58,0.4,more-is-better,100\n"
    "reading,Others,upper,2016,74,0.4,more-is-better,900\nreading,Others,upper,2024,75,0.4,more-is-better,900\n"
)
STABLE = [
    "indicator",
    "word",
    "certainty",
    "probability",
    "change_lower",
    "change_upper",
    "gap_change",
    "share_from_below",
    "refusal",
]
GROUPS = "group,people,level,error,rank\nA,100,60,1,1\nB,100,65,1,2\nC,100,72,1,3\nD,100,80,1,4\n"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command line and return its exit code, what it printed, and what it complained of."""
    code = 0
    try:
        main([str(word) for word in words])
    except SystemExit as leave:
        code = int(leave.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    path = tmp_path / "groups.csv"
    path.write_text(GROUPS, encoding="utf-8")
    return path


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0 and all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0 and "Usage: levelup" in out and len(out) > 300


def test_the_stable_verdict_call(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, out, _ = run(capsys, "verdict", table, "--json")
    [row] = json.loads(out)
    assert code == 0 and list(row)[: len(STABLE)] == STABLE
    assert row["word"] == "levelled up" and row["certainty"] == "established"
    assert row["change_lower"] == pytest.approx(8) and row["change_upper"] == pytest.approx(1)
    assert row["gap_change"] == {
        "value": pytest.approx(-7),
        "lower": pytest.approx(-8.568, abs=1e-3),
        "upper": pytest.approx(-5.432, abs=1e-3),
    }


def test_a_verdict_in_words(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, out, _ = run(capsys, "verdict", table)
    assert code == 0 and "Levelled up (established)" in out and "narrowed by 7" in out


def test_the_list_of_measures(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "measure", "--list", "--json")
    rows = json.loads(out)
    assert code == 0 and len(rows) >= 12
    assert all({"name", "abbreviation", "conventions", "parameters"} <= set(row) for row in rows)


def test_the_stable_measure_call_by_name_and_by_abbreviation(capsys: pytest.CaptureFixture[str], groups: Path) -> None:
    options = [
        "--value",
        "level",
        "--population",
        "people",
        "--se",
        "error",
        "--order",
        "rank",
        "--polarity",
        "more-is-better",
        "--convention",
        "ohid-linear",
        "--json",
    ]
    answers = [json.loads(run(capsys, "measure", name, groups, *options)[1]) for name in ("slope_index", "SII")]
    assert answers[0] == answers[1]
    assert {"measure", "convention", "value", "lower", "upper", "se", "confidence", "method", "n"} <= set(answers[0])
    assert answers[0]["n"] == 4 and answers[0]["lower"] < answers[0]["value"] < answers[0]["upper"]


def test_a_burden_turned_round_has_the_same_slope(capsys: pytest.CaptureFixture[str], tmp_path: Path, groups: Path) -> None:
    turned = tmp_path / "turned.csv"
    rows = [line.split(",") for line in GROUPS.splitlines()]
    turned.write_text(
        "\n".join(",".join([r[0], r[1], str(100 - float(r[2])) if r[2] != "level" else r[2], *r[3:]]) for r in rows),
        encoding="utf-8",
    )
    common = [
        "--value",
        "level",
        "--population",
        "people",
        "--order",
        "rank",
        "--convention",
        "ohid-linear",
        "--json",
        "--polarity",
    ]
    good = json.loads(run(capsys, "measure", "SII", groups, *common, "more-is-better")[1])
    bad = json.loads(run(capsys, "measure", "SII", turned, *common, "less-is-better")[1])
    assert good["value"] == pytest.approx(bad["value"])


def test_a_measure_that_does_not_apply_is_refused_with_a_reason(capsys: pytest.CaptureFixture[str], groups: Path) -> None:
    code, out, _ = run(
        capsys,
        "measure",
        "SII",
        groups,
        "--value",
        "level",
        "--population",
        "people",
        "--polarity",
        "more-is-better",
        "--convention",
        "ohid-linear",
        "--json",
    )
    refusal = json.loads(out)["refusal"]
    assert code == 0 and set(refusal) == {"code", "reason", "next"} and refusal["code"] == "no-order"


def test_a_convention_must_be_named_where_the_literature_has_several(capsys: pytest.CaptureFixture[str], groups: Path) -> None:
    code, _, err = run(
        capsys,
        "measure",
        "SII",
        groups,
        "--value",
        "level",
        "--population",
        "people",
        "--order",
        "rank",
        "--polarity",
        "more-is-better",
    )
    assert code == 1 and "ohid-linear" in err and "who-logit" in err


def test_faults_come_as_a_table_and_with_exit_code_one(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    table.write_text(TABLE.replace(",58,", ",many,").replace("upper,2016", "top,2016"), encoding="utf-8")
    code, out, err = run(capsys, "verdict", table, "--json")
    error = json.loads(out)["error"]
    assert code == 1 and error["code"] == "data-faults" and error["count"] == 2 and error["stored"] is False
    assert {"file", "sheet", "row", "column", "got", "rule"} == set(error["faults"][0])
    assert "row 3" in err and "row 4" in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["verdict", "nowhere.csv"], "nowhere.csv"),
        (["measure"], "NAME and FILE"),
        (["measure", "SII", "nowhere.csv"], "--value"),
        (["report", "nowhere", "--out", "x"], "levelup.toml"),
        (["init"], "FOLDER"),
        (["frobnicate"], "frobnicate"),
        (["verify", "nowhere.json"], "run.json"),
        (["fetch", "nothing"], "one of the catalogue's"),
        (["serve", "."], "index.html"),
    ],
)
def test_a_mistake_says_what_to_mend_and_exits_with_one(capsys: pytest.CaptureFixture[str], words: list[str], part: str) -> None:
    code, _, err = run(capsys, *words)
    assert code == 1 and part in err and "Traceback" not in err


def test_the_shipped_catalogue_checks_clean(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--json")
    assert code == 0 and json.loads(out) == {"faults": [], "passed": True}


def test_a_guard_rail_exits_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "init", tmp_path / "w", "--county", "E10000012")[0] == 0
    code, _, err = run(capsys, "gap", tmp_path / "w", "imd-2019")
    assert code == 2 and "ranks places" in err
    code, out, _ = run(capsys, "gap", tmp_path / "w", "weekly-pay", "--window", "10 years", "--json")
    assert code == 0 and {row["window"] for row in json.loads(out)} == {"10 years"}
    assert run(capsys, "check", tmp_path / "w")[0] == 0


def test_an_unconfirmed_mapping_stores_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "init", tmp_path / "w", "--county", "E10000012")
    own = tmp_path / "own.csv"
    own.write_text("Area,Year,Value\nTendring,2023,5\nHarlow,2023,6\n", encoding="utf-8")
    code, _, err = run(capsys, "import", tmp_path / "w", own, "--json", "--polarity", "more-is-better")
    assert code == 1 and "nothing was stored" in err
    code, out, _ = run(
        capsys,
        "import",
        tmp_path / "w",
        own,
        "--yes",
        "--polarity",
        "more-is-better",
        "--unit",
        "percent",
        "--name",
        "Own thing",
        "--json",
    )
    assert code == 0 and json.loads(out)[0]["rows"] == 2


def test_people_or_mix_from_a_table_of_groups(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text("group,period,people,value\na,2016,100,40\nb,2016,100,60\na,2024,50,40\nb,2024,150,60\n", encoding="utf-8")
    code, out, _ = run(capsys, "mix", str(path), "--json")
    (found,) = json.loads(out)
    assert code == 0
    assert (found["change"], found["composition_part"], found["composition_share"]) == (5.0, 5.0, 1.0)
    assert "100% of the change" in run(capsys, "mix", str(path))[1]


def test_a_persons_table_with_faults_shows_rows_and_no_values(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("person,period,place,value\nAnn Example,2016,Harbour,secret\nAnn Example,2024,Harbour,3\n", encoding="utf-8")
    code, out, said = run(capsys, "mix", str(path))
    assert code == 1
    assert "row 2" in said
    assert "secret" not in out + said
    assert "Ann" not in out + said


def test_low_down_in_the_middle_and_at_the_top(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    lines = [f"{400 + at % 200 + 40 * (at % 2)},{'high' if at % 2 else 'low'}" for at in range(400)]
    path.write_text("score,parents\n" + "\n".join(lines) + "\n", encoding="utf-8")
    words = ("ceiling", str(path), "--outcome", "score", "--group", "parents", "--lower", "low", "--polarity", "more-is-better")
    code, out, _ = run(capsys, *words)
    assert code == 0
    for said in ("At the 10th percentile", "At the 90th percentile", "the best-placed fifth of all"):
        assert said in out


def test_two_dates_of_ones_own_come_in_pairs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = tmp_path / "essex"
    run(capsys, "init", str(home), "--county", "E10000012")
    code, _, said = run(capsys, "gap", str(home), "adult-obesity", "--from", "2016/17")
    assert code == 1
    assert "--from and --to must be given together" in said
    code, out, _ = run(capsys, "gap", str(home), "adult-obesity", "--from", "2016/17", "--to", "2023/24", "--json")
    assert code == 0
    assert {item["window"] for item in json.loads(out)} <= {"dates asked for", "latest"}
    assert all("account" in item for item in json.loads(out))
