"""`levelup measure-persons --profile`: small groups are refused, and nothing of them is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levelup.cli.main import main

SIZES = {"Ash": 40, "Beck": 6, "Crane": 25}


@pytest.fixture
def persons(tmp_path: Path) -> str:
    rows = ["ill,ward,sex"]
    for ward, size in SIZES.items():
        rows += [f"{at % 2},{ward},{'women' if at % 5 else 'men'}" for at in range(size)]
    path = tmp_path / "persons.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def asked(persons: str, *more: str) -> list[str]:
    return ["measure-persons", "mean", persons, "--outcome", "ill", *more]


def test_a_small_group_is_refused_without_a_figure(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(asked(persons, "--by", "ward", "--profile", "threshold-10", "--json"))
    found = {record["group"]["ward"]: record for record in json.loads(capsys.readouterr().out)}
    assert set(found["Beck"]) == {"group", "refusal"} and found["Beck"]["refusal"]["code"] == "suppressed"
    assert found["Ash"]["n"] == 40 and found["Crane"]["n"] == 25


def test_a_comparison_with_a_small_subject_is_refused(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["measure-persons", "difference", persons, "--outcome", "ill", "--between", "sex", "--by", "ward", "--json"]
    words += ["--polarity", "less-is-better", "--reference", "women"]
    main([*words, "--profile", "threshold-5"])
    found = {record["group"]["ward"]: set(record) for record in json.loads(capsys.readouterr().out)}
    assert found["Beck"] == {"group", "refusal"} and "value" in found["Ash"] and "value" in found["Crane"]
    main([*words, "--profile", "threshold-10"])
    refused = {record["group"]["ward"]: "refusal" in record for record in json.loads(capsys.readouterr().out)}
    assert refused == {"Ash": True, "Beck": True, "Crane": True}


def test_without_a_profile_small_groups_are_pointed_out(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(asked(persons, "--by", "ward"))
    assert "One group has fewer than 10 persons" in capsys.readouterr().err
    main(asked(persons, "--by", "ward", "--profile", "threshold-10"))
    found = capsys.readouterr()
    assert found.err == "" and "Beck: refused (suppressed)" in found.out


def test_a_profile_that_hides_nothing_is_refused(persons: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(asked(persons, "--profile", "random-rounding-3"))
    assert "hides small counts" in capsys.readouterr().err


@pytest.mark.parametrize("profile", ["nhs-sub-national", "ons-10-5"])
def test_a_profile_that_rounds_is_refused_and_no_number_of_persons_is_said(
    profile: str, persons: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A standard deviation over a standard error is the root of the number of persons: beside them no rounding would hold."""
    with pytest.raises(SystemExit) as left:
        main(asked(persons, "--by", "ward", "--profile", profile, "--json"))
    said = capsys.readouterr()
    assert left.value.code == 1 and "undo the rounding" in said.out + said.err
    assert not any(f'"n": {size}' in said.out for size in SIZES.values())
