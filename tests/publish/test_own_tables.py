"""A workspace's own table with small counts, from import to report: no hidden count in any file, and the report verifies."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from levelup.catalogue.settings import Settings, read_settings, settings_from, write_settings
from levelup.publish.own_tables import pin_releases, protect_own, read_own_rule
from levelup.publish.own_words import own_record, say_own
from levelup.publish.publication import OwnTables
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.terms.errors import InputError, StoreError
from levelup.workspace import Workspace

DISTRICTS = (
    "Basildon", "Braintree", "Brentwood", "Castle Point", "Chelmsford", "Colchester", "Epping Forest", "Harlow", "Maldon",
    "Rochford", "Tendring", "Uttlesford",
)  # fmt: skip
YEARS = (2021, 2022, 2023)
SMALL = {("Maldon", "female", 2023): (7, 74051), ("Maldon", "male", 2023): (8, 76129)}
"""Small counts over denominators that occur nowhere else, so that what is made of them would be seen."""
INDICATOR = "supported-work"


def rows() -> Iterator[tuple[str, str, int, int, int]]:
    draw = np.random.default_rng(20261123)
    for year in YEARS:
        county = {"female": [0, 0], "male": [0, 0], "all": [0, 0]}
        for name in DISTRICTS:
            both = [0, 0]
            for sex in ("female", "male"):
                count, total = int(draw.integers(12000, 30000)), int(draw.integers(60000, 90000))
                count, total = SMALL.get((name, sex, year), (count, total))
                both = [both[0] + count, both[1] + total]
                county[sex] = [county[sex][0] + count, county[sex][1] + total]
                yield name, sex, year, count, total
            county["all"] = [county["all"][0] + both[0], county["all"][1] + both[1]]
            yield name, "all", year, both[0], both[1]
        for sex, (count, total) in county.items():
            yield "Essex", sex, year, count, total


def texts_of(path: Path) -> list[str]:
    """Return every text in a file: of an archive, that of each part."""
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as held:
            return [held.read(name).decode("utf-8", "ignore") for name in held.namelist()]
    return [path.read_bytes().decode("utf-8", "ignore")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """A workspace whose store holds places, their order, one published indicator and one own table, and its report."""
    home = tmp_path_factory.mktemp("own")
    whole = Workspace.demo(home / "w")
    lines = [f"{name},{sex},{year},{100 * count / total!r},{count},{total}" for name, sex, year, count, total in rows()]
    table = home / "work.csv"
    table.write_text("Area,Sex,Year,Value,Numerator,Denominator\n" + "\n".join(lines) + "\n", encoding="utf-8")
    whole.import_table(whole.propose(table, polarity="more-is-better", unit="percent", name="Supported work"))
    held = {
        item.dataset: item.id
        for item in whole.store.releases()
        if item.kind != "observations" or item.publisher == "own-tables" or item.dataset == "dfe-neet-scorecard"
    }
    little = Workspace(home / "w", settings=whole.settings, store=whole.store.at(held), catalogue=whole.catalogue)
    little.report(home / "report", as_at="2026-11-23")
    return little, home / "report"


def seen(made: tuple[Workspace, Path]) -> tuple[Store, OwnTables]:
    little = made[0]
    store, own = protect_own(little.store, catalogue=little.catalogue, profile=little.settings.profile, folder=little.folder)
    assert own is not None
    return store, own


def test_no_file_of_the_report_holds_a_hidden_count_or_what_is_made_of_it(made: tuple[Workspace, Path]) -> None:
    raw = select_observations(made[0].store, indicators=(INDICATOR,))
    shown = select_observations(seen(made)[0], indicators=(INDICATOR,))
    gone = np.isnan(shown.value)
    assert 4 <= gone.sum() < len(shown)
    kept = {str(int(n)) for n in shown.numerator[~gone]}
    counts = {str(int(n)) for n in raw.numerator[gone] if n > 1000} - kept
    secrets = counts | {f"{int(n):,}" for n in counts} | {f"{figure!r}" for figure in raw.value[gone].tolist()}
    pattern = re.compile(r"(?<![\d.,])(?:" + "|".join(re.escape(secret) for secret in sorted(secrets)) + r")(?!\d)")
    files = [path for path in sorted(made[1].rglob("*")) if path.suffix in (".csv", ".json", ".html", ".xlsx", ".docx")]
    found = [path.name for path in files for text in texts_of(path) if pattern.search(text)]
    assert len(files) > 100 and len(counts) >= 2 and len(secrets) >= 8 and not found
    assert any(next(iter(kept)) in text for text in texts_of(made[1] / "data" / "observations.csv")), "what is shown stands there"


def test_a_hidden_figure_is_marked_and_a_gap_over_it_is_refused(made: tuple[Workspace, Path]) -> None:
    lines = (made[1] / "data" / "observations.csv").read_text(encoding="utf-8").splitlines()
    marked = [line for line in lines if ",c,own-work/" in line]
    assert marked and all(line.split(",")[4:9] == [""] * 5 for line in marked)
    found = made[0].gap(INDICATOR, place="E07000074")
    codes = {(item.record["refusal"] or {}).get("code") for item in found if item.record["window"] == "latest"}
    json.dumps([item.record for item in found])
    assert found and codes <= {"suppressed"}


def test_the_report_says_what_was_done_and_by_which_profile(made: tuple[Workspace, Path]) -> None:
    own = seen(made)[1]
    said = say_own(own)
    assert "threshold-10" in said[0] and "Counts of 1 to 9 are hidden." in said[0]
    assert f"{own.judged.hidden} of {own.judged.rows} own figures are hidden" in said[1]
    method = (made[1] / "method" / "index.html").read_text(encoding="utf-8")
    sheets = "".join(texts_of(made[1] / "tables.xlsx"))
    assert all("recovered 0 hidden counts" in text for text in (said[2], method, sheets))
    assert said[1] in "".join(texts_of(made[1] / "committee.docx"))
    run = json.loads((made[1] / "run.json").read_text(encoding="utf-8"))
    assert run["own_tables"] == own_record(own) and run["settings"]["profile"] == "threshold-10"


def test_the_report_names_no_hash_of_hidden_counts(made: tuple[Workspace, Path]) -> None:
    [raw] = [item for item in made[0].store.releases() if item.publisher == "own-tables"]
    run = json.loads((made[1] / "run.json").read_text(encoding="utf-8"))
    [note] = [item for item in run["releases"] if item["dataset"] == raw.dataset]
    assert note["id"] == f"{raw.imported}-1" and note["sha256"] != raw.sha256
    for name in ("run.json", "data/releases.csv", "coverage/index.html", "verdicts.json"):
        assert raw.sha256[:8] not in (made[1] / name).read_text(encoding="utf-8")


def test_the_report_is_made_again_byte_by_byte(made: tuple[Workspace, Path]) -> None:
    assert Workspace.verify(made[1] / "run.json").record["passed"] is True


def test_a_store_without_own_tables_is_handed_on_as_it_is(made: tuple[Workspace, Path]) -> None:
    held = {item.dataset: item.id for item in made[0].store.releases() if item.publisher != "own-tables"}
    bare = made[0].store.at(held)
    assert protect_own(bare, catalogue=made[0].catalogue, profile="no such profile", folder=made[0].folder) == (bare, None)
    assert say_own(None) == ()


def test_through_the_view_the_hidden_figures_cannot_be_read(made: tuple[Workspace, Path]) -> None:
    [raw] = [item for item in made[0].store.releases() if item.publisher == "own-tables"]
    view = seen(made)[0]
    with pytest.raises(StoreError, match="that the view shows"):
        select_observations(view, releases=(raw.reference,))
    with pytest.raises(StoreError, match="that the view shows"):
        view.table_sql("observations", releases=(raw,))
    [shown] = view.history(raw.dataset)
    view.refresh()
    assert view.current(raw.dataset) == shown and view.release(shown.reference) == shown
    assert view.columns(f"select count(*) as n from {view.table_sql('observations')} o where isnan(value)")["n"].tolist() == [0]
    assert (
        pin_releases(made[0].store, [{"dataset": shown.dataset, "id": shown.id, "publisher": shown.publisher}]).current(
            raw.dataset
        )
        == raw
    )
    with pytest.raises(StoreError, match="that the store holds"):
        pin_releases(made[0].store, [{"dataset": shown.dataset, "id": "2026-11-23-9", "publisher": shown.publisher}])


def test_a_corrected_table_is_protected_with_what_the_first_has_shown(made: tuple[Workspace, Path], tmp_path: Path) -> None:
    whole = Workspace.demo(tmp_path / "w")
    figures = {"Maldon": 30, "Harlow": 40, "Tendring": 50, "Uttlesford": 60}
    for first, second in ((figures, None), (figures, 4)):
        lines = [f"{name},all,2023,{count / 10},{count},1000" for name, count in first.items()]
        lines += [] if second is None else [f"Rochford,all,2023,{second / 10},{second},1000"]
        lines.append("Essex,all,2023,3.68,184,5000")
        (tmp_path / "t.csv").write_text("Area,Sex,Year,Value,Numerator,Denominator\n" + "\n".join(lines) + "\n", encoding="utf-8")
        stated = {"polarity": "more-is-better", "unit": "percent", "name": "Supported work"}
        whole.import_table(whole.propose(tmp_path / "t.csv", **stated))
    store, own = protect_own(whole.store, catalogue=whole.catalogue, profile="threshold-10", folder=whole.folder)
    shown = select_observations(store, indicators=(INDICATOR,))
    assert own is not None and own.judged.refused == ((INDICATOR, "2023-01-01/P1Y"),) and np.isnan(shown.value).all()
    assert any("kept back" in text for text in say_own(own))


def test_the_profile_is_a_setting_that_is_read_written_and_checked(tmp_path: Path) -> None:
    write_settings(tmp_path, Settings(title="T", county="E10000012", profile="ons-10-5"))
    assert read_settings(tmp_path).profile == "ons-10-5"
    (tmp_path / "levelup.toml").write_text('county = "E10000012"\n', encoding="utf-8")
    assert read_settings(tmp_path).profile == "threshold-10"
    (tmp_path / "levelup.toml").write_text('county = "E10000012"\n[disclosure]\nprofile = ""\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"disclosure\.profile"):
        read_settings(tmp_path)
    assert settings_from({"title": "T", "county": "E10000012"}).profile == ""
    with pytest.raises(InputError, match="one of those known"):
        read_own_rule("unknown", folder=tmp_path)
    with pytest.raises(InputError, match="needs no secret"):
        read_own_rule("cell-key", folder=tmp_path)


def test_a_profile_that_does_not_work_is_found_by_a_check(tmp_path: Path) -> None:
    held = Workspace.demo(tmp_path / "w")
    with (tmp_path / "w" / "levelup.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[disclosure]\nprofile = "random-rounding-3"\n')
    assert held.check() == ()
    assert any("needs no secret" in fault for fault in Workspace.open(tmp_path / "w").check())


def test_a_profile_of_ones_own_lies_in_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "title: T\nsentence: S.\nhidden: [1, 4]\nprotection: 3\nsource: Board\naddress: https://example.org\n", encoding="utf-8"
    )
    assert read_own_rule("ours.yaml", folder=tmp_path).hidden == (1, 4)
