"""The main job from end to end: demo, report, verify, a tampered digit, a person's own table, a damaged store."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from levelup.publish.terminal import ReportResult
from levelup.terms.errors import DataFaults, GuardRailError, InputError, StoreError, VerifyError
from levelup.workspace import Workspace

STABLE = {
    "indicator",
    "word",
    "certainty",
    "probability",
    "change_lower",
    "change_upper",
    "gap_change",
    "share_from_below",
    "refusal",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReportResult, list[str]]:
    folder = tmp_path_factory.mktemp("essex")
    said: list[str] = []
    result = Workspace.demo(folder / "workspace").report(
        folder / "report", as_at="2026-11-23", progress=lambda label, share: said.append(label)
    )
    return folder, result, said


def test_the_report_holds_every_file_it_promises(made: tuple[Path, ReportResult, list[str]]) -> None:
    report = made[0] / "report"
    for name in (
        "index.html",
        "committee.docx",
        "tables.xlsx",
        "verdicts.json",
        "run.json",
        "data/csv-metadata.json",
        "data/verdicts.parquet",
    ):
        assert (report / name).stat().st_size > 0, name
    for page in ("places", "people", "indicators", "gaps", "coverage", "method"):
        assert (report / page / "index.html").is_file(), page


def test_the_summary_says_what_was_found_and_how_to_check_it(made: tuple[Path, ReportResult, list[str]]) -> None:
    words = made[1].words
    for part in (
        "indicators",
        "levelled up",
        "Worst and worsening",
        "county average",
        "could not be judged",
        "expected to be wrong by chance",
        "levelup verify",
    ):
        assert part in words
    assert "Judging every gap" in made[2] and "Writing pages" in made[2]


def test_the_verdicts_have_the_keys_of_the_stable_call(made: tuple[Path, ReportResult, list[str]]) -> None:
    rows = json.loads((made[0] / "report" / "verdicts.json").read_text(encoding="utf-8"))
    assert isinstance(rows, list) and len(rows) > 3000
    assert all(STABLE <= set(row) for row in rows)
    assert len({row["indicator"] for row in rows}) >= 120
    described = [row for row in rows if row["refusal"] and row["refusal"]["code"] == "no-uncertainty"]
    assert described and all(row["word"] == "not evaluable" and row["probability"] is None for row in described)


def test_the_record_of_the_run_names_releases_hashes_methods_and_time(made: tuple[Path, ReportResult, list[str]]) -> None:
    run = json.loads((made[0] / "report" / "run.json").read_text(encoding="utf-8"))
    assert {"settings", "releases", "files", "methods", "version", "as_at", "time", "workspace"} <= set(run)
    assert all(len(note["sha256"]) == 64 for note in run["releases"])
    assert not Path(run["workspace"]).is_absolute()


def test_every_published_number_is_what_the_releases_give_until_one_digit_is_changed(
    made: tuple[Path, ReportResult, list[str]],
) -> None:
    report = made[0] / "report"
    assert Workspace.verify(report / "run.json").record["passed"] is True
    page = report / "data" / "verdicts.csv"
    before = page.read_bytes()
    page.write_bytes(before.replace(b"0.9", b"0.8", 1))
    try:
        with pytest.raises(VerifyError, match=r"data/verdicts\.csv: row"):
            Workspace.verify(report / "run.json")
    finally:
        page.write_bytes(before)


def test_a_folder_that_holds_something_else_is_left_alone(made: tuple[Path, ReportResult, list[str]], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="new, empty, or hold an earlier report"):
        Workspace.open(made[0] / "workspace").report(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_workspace_checks_clean_and_a_damaged_release_is_found(
    made: tuple[Path, ReportResult, list[str]], tmp_path: Path
) -> None:
    shutil.copytree(made[0] / "workspace", tmp_path / "w")
    assert Workspace.open(tmp_path / "w").check() == ()
    victim = next((tmp_path / "w" / "store" / "releases").rglob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    assert Workspace.open(tmp_path / "w").check()
    victim.unlink()
    with pytest.raises(StoreError):
        Workspace.open(tmp_path / "w")


def test_a_deprivation_index_is_refused_as_an_outcome(made: tuple[Path, ReportResult, list[str]]) -> None:
    with pytest.raises(GuardRailError, match="ranks places against each other"):
        Workspace.open(made[0] / "workspace").gap("imd-2019")


def test_one_indicators_gaps_are_said_in_sentences(made: tuple[Path, ReportResult, list[str]]) -> None:
    found = Workspace.open(made[0] / "workspace").gap("weekly-pay", place="E07000076")
    assert found and all("Tendring" in item.sentence and STABLE <= set(item.record) for item in found)


OWN = "Area,Period,Pupils reading well (%),Lower,Upper\nTendring,2019,50,49,51\nTendring,2023,58,57,59\n" + "".join(
    f"{name},{year},{value},{value - 1},{value + 1}\n"
    for name in (
        "Basildon",
        "Braintree",
        "Brentwood",
        "Castle Point",
        "Chelmsford",
        "Colchester",
        "Epping Forest",
        "Harlow",
        "Maldon",
        "Rochford",
        "Uttlesford",
    )
    for year, value in ((2019, 70), (2023, 71))
)


def test_a_table_of_ones_own_is_proposed_confirmed_stored_and_judged(tmp_path: Path) -> None:
    workspace = Workspace.demo(tmp_path / "w")
    table = tmp_path / "reading.csv"
    table.write_text(OWN, encoding="utf-8")
    proposal = workspace.propose(table, polarity="more-is-better", unit="percent", name="Pupils reading well")
    assert not proposal.is_confirmed and proposal.path.is_file()
    report = workspace.import_table(proposal)
    assert report.is_new and report.release.rows == 24
    assert (tmp_path / "w" / "indicators" / "pupils-reading-well.yaml").is_file()
    again = Workspace.open(tmp_path / "w")
    assert again.propose(table, polarity="more-is-better", unit="percent", name="Pupils reading well").is_confirmed, (
        "the saved mapping fits"
    )
    words = {item.record["word"] for item in again.gap("pupils-reading-well", place="E07000076")}
    assert words == {"levelled up"}


def test_polarity_is_never_guessed(tmp_path: Path) -> None:
    workspace = Workspace.demo(tmp_path / "w")
    table = tmp_path / "reading.csv"
    table.write_text(OWN, encoding="utf-8")
    with pytest.raises(InputError, match="never guessed"):
        workspace.import_table(workspace.propose(table, unit="percent"))


def test_an_indicator_keeps_its_polarity_and_a_contradiction_stores_nothing(tmp_path: Path) -> None:
    workspace = Workspace.demo(tmp_path / "w")
    table = tmp_path / "reading.csv"
    table.write_text(OWN, encoding="utf-8")
    workspace.import_table(workspace.propose(table, polarity="more-is-better", unit="percent", name="Reading"))
    before = [release.reference for release in workspace.store.releases()]
    with pytest.raises(InputError, match="polarity of reading must be the one it is kept with"):
        workspace.import_table(workspace.propose(table, polarity="less-is-better", unit="percent", name="Reading"))
    workspace.store.refresh()
    assert [release.reference for release in workspace.store.releases()] == before


def test_another_file_with_the_same_headings_is_asked_about_again(tmp_path: Path) -> None:
    workspace = Workspace.demo(tmp_path / "w")
    first, second = tmp_path / "reading.csv", tmp_path / "writing.csv"
    for path in (first, second):
        path.write_text(OWN, encoding="utf-8")
    workspace.import_table(workspace.propose(first, polarity="more-is-better", unit="percent", name="Reading"))
    asked = workspace.propose(second, unit="percent")
    assert not asked.is_confirmed and "the file is another" in asked.words
    with pytest.raises(InputError, match="never guessed"):
        workspace.import_table(asked)
    workspace.import_table(workspace.propose(second, polarity="less-is-better", unit="percent", name="Waits"))
    assert (tmp_path / "w" / "indicators" / "waits.yaml").is_file()
    assert {item.record["word"] for item in workspace.gap("waits", place="E07000076")} != {"levelled up"}


def test_a_table_with_faults_changes_nothing(tmp_path: Path) -> None:
    workspace = Workspace.demo(tmp_path / "w")
    before = {path: path.read_bytes() for path in (tmp_path / "w" / "store").rglob("*") if path.is_file()}
    table = tmp_path / "reading.csv"
    table.write_text(OWN.replace("58,57,59", "158,57,59").replace("Harlow,2019", "Atlantis,2019"), encoding="utf-8")
    with pytest.raises(DataFaults) as caught:
        workspace.import_table(workspace.propose(table, polarity="more-is-better", unit="percent", name="Reading"))
    assert len(caught.value.faults) >= 2
    assert {path: path.read_bytes() for path in (tmp_path / "w" / "store").rglob("*") if path.is_file()} == before


def test_a_workspace_can_be_made_for_another_county(tmp_path: Path) -> None:
    made = Workspace.init(tmp_path / "kent", county="E10000016")
    assert made.settings.title == "Kent"
    assert made.gap("weekly-pay")


def test_a_county_that_is_not_held_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="county must be among"):
        Workspace.init(tmp_path / "w", county="E10999999")
    assert not (tmp_path / "w" / "store").exists()


def test_the_package_offers_the_workspace_and_a_method_for_every_command() -> None:
    import levelup
    from levelup.cli.main import COMMANDS

    assert levelup.Workspace is Workspace
    methods = {"import": "import_table"}
    assert all(callable(getattr(Workspace, methods.get(name, name.replace("-", "_")))) for name in COMMANDS)
