"""The worked sheet comes to the program's figures by its own formulas, and nothing of a person stands in what is shown."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from levelup.duties.pay.gaps import as_json, pay_gaps
from levelup.duties.pay.records import QUARTERS, Worked
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.rules import change_rules, read_rules
from levelup.duties.pay.service_return import return_fields
from levelup.duties.pay.uncertainty import Doubt
from levelup.publish import pay_book
from levelup.publish.pay_book_ranked import rank_people
from levelup.publish.pay_report import write_pay_report
from levelup.publish.payroll_words import IN_HOUSE, PUBLIC, WORKED_SHEET
from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate
from tests.publish.pay_made import EMPLOYER, bare_report, make_report, make_worked
from tests.publish.pay_office import assert_same, cells_of, formulas_of, recompute, table_of

SHEETS = ["Read me", "Figures", "Rows", "Ranked", "Quarters", "Shared rates", "Steps", "Rules", "Parameters", "Left out"]


@pytest.fixture(scope="module")
def report() -> PayReport:
    return make_report()


@pytest.fixture(scope="module")
def out(report: PayReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pay")
    write_pay_report(report, folder)
    return folder


def _published(report: PayReport) -> list[float | None]:
    gaps = report.gaps
    pairs = (gaps.bonus_share, *(gaps.quarters[name] for name in QUARTERS))
    four = [gaps.mean_hourly_gap, gaps.median_hourly_gap, gaps.mean_bonus_gap, gaps.median_bonus_gap]
    return four + [value for pair in pairs for value in (pair.first, pair.second)]


def test_every_file_is_written_and_named(report: PayReport, out: Path) -> None:
    written = {path.relative_to(out).as_posix() for path in write_pay_report(report, out)}
    wanted = {
        f"{PUBLIC}/{name}"
        for name in ("page/index.html", "return.csv", "figures.json", "action-plan.csv", "narrative-template.docx")
    } | {f"{IN_HOUSE}/worked-sheet.xlsx"}
    assert wanted <= written
    assert written == {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert list(cells_of(out / IN_HOUSE / WORKED_SHEET)) == SHEETS


def test_a_spreadsheet_comes_to_the_programs_figures(report: PayReport, out: Path, tmp_path: Path) -> None:
    recomputed, written = recompute(out / IN_HOUSE / WORKED_SHEET, tmp_path), cells_of(out / IN_HOUSE / WORKED_SHEET)
    assert_same(recomputed, written, sheets=SHEETS)
    figures = recomputed["Figures"][3:]
    assert [float(str(row[6])) for row in figures] == _published(report)
    assert {row[8] for row in figures} == {"same"}
    assert str(recomputed["Figures"][1][0]).startswith("Every figure below is the same")


def test_a_spreadsheet_notices_a_figure_that_differs(report: PayReport, tmp_path: Path) -> None:
    wrong = replace(report, gaps=replace(report.gaps, mean_hourly_gap=99.9))
    (path,) = pay_book.write_worked_sheet(wrong, tmp_path / "wrong.xlsx")
    recomputed = recompute(path, tmp_path)
    assert [row[8] for row in recomputed["Figures"][3:5]] == ["differs", "same"]
    assert str(recomputed["Figures"][1][0]).startswith("A check below")


@pytest.mark.parametrize("people", [9, 40])
def test_a_spreadsheet_agrees_where_figures_are_missing(people: int, tmp_path: Path) -> None:
    """Nobody paid a bonus, one woman alone without a man's bonus, remainders of one: the cells say none, as the program does."""
    held = replace(make_worked(people, seed=people), left_out=())
    women_only = replace(held, bonus=np.where(held.side == 1, held.bonus, 0.0))
    men_only = replace(held, bonus=np.where(held.side == 0, 250.0, 0.0))
    for name, worked in (("nobody", replace(held, bonus=np.zeros(people))), ("women", women_only), ("men", men_only)):
        folder = tmp_path / name
        folder.mkdir()
        found = replace(bare_report(), worked=worked, gaps=pay_gaps(worked))
        (path,) = pay_book.write_worked_sheet(found, folder / "sheet.xlsx")
        rows = recompute(path, folder)["Figures"][3:]
        assert [None if row[6] == "none" else float(str(row[6])) for row in rows] == _published(found), name
        assert {row[8] for row in rows} == {"same"}, name


def test_steps_that_are_arithmetic_are_formulas_and_the_rest_figures(report: PayReport, out: Path) -> None:
    formulas = formulas_of(out / IN_HOUSE / WORKED_SHEET, "Rows")
    cells = cells_of(out / IN_HOUSE / WORKED_SHEET)
    heads = [str(cell) for cell in cells["Rows"][2]]
    steps = {row[1]: row for row in cells["Steps"][3:]}
    letter = {head: str(steps[head][0]) for head in heads}
    assert formulas[f"{letter['Total pay']}4"] == (
        f"{letter['Ordinary pay']}4-{letter['Other period']}4+{letter['Bonus counted']}4"
    )
    assert formulas[f"{letter['Weekly pay']}4"] == f"{letter['Total pay']}4*7/{letter['Period days']}4"
    assert formulas[f"{letter['Hourly pay']}4"] == f"{letter['Weekly pay']}4/{letter['Weekly hours']}4"
    assert f"{letter['Basic pay']}4" not in formulas
    jobs = 4 + 7  # the made-up person with two jobs whose periods differ
    assert f"{letter['Weekly pay']}{jobs}" not in formulas and f"{letter['Hourly pay']}{jobs}" in formulas
    assert steps["Weekly pay"][5] == 1 and steps["Hourly pay"][5] == 0 and str(steps["Weekly pay"][4]).startswith("SI 2017/353")
    assert [row[0] for row in cells["Rows"][3:]] == report.worked.employee.tolist()


def test_above_the_most_employees_figures_stand_in_place_of_formulas(
    report: PayReport, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pay_book, "MOST_LIVE", 10)
    (path,) = pay_book.write_worked_sheet(report, tmp_path / "large.xlsx")
    large, live = cells_of(path), cells_of(out / IN_HOUSE / WORKED_SHEET)
    assert not any(formulas_of(path, name) for name in SHEETS)
    for name in ("Figures", "Ranked", "Quarters", "Shared rates"):
        for mine, other in zip(large[name][2:], live[name][2:], strict=True):
            numbers = [(a, b) for a, b in zip(mine, other, strict=True) if isinstance(a, float)]
            assert [str(cell) for cell in mine if isinstance(cell, str)] == [cell for cell in other if isinstance(cell, str)]
            assert all(a == pytest.approx(b, rel=1e-12) for a, b in numbers)
    assert any("More than 10 employees" in str(row[0]) for row in large["Read me"])


def test_more_people_than_a_sheet_should_hold_stand_in_a_file(
    report: PayReport, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pay_book, "MOST_LIVE", 10)
    monkeypatch.setattr(pay_book, "MOST_IN_SHEETS", 20)
    path, rows = pay_book.write_worked_sheet(report, tmp_path / "large.xlsx")
    large, live, table = cells_of(path), cells_of(out / IN_HOUSE / WORKED_SHEET), table_of(rows)
    assert list(large) == [name for name in SHEETS if name not in ("Rows", "Ranked")]
    assert [row[6] for row in large["Figures"][3:]] == _published(report)
    assert table[0][:-2] == live["Rows"][2] and table[0][-2:] == ["Place", "Quarter"]
    ranked = {float(str(row[0])): (float(str(row[-2])), float(str(row[-1]))) for row in table[1:] if row[-1]}
    assert ranked == {row[1]: (row[0], row[4]) for row in live["Ranked"][3:]}
    assert any("worked-rows.csv" in str(row[0]) for row in large["Read me"])


def test_ranked_people_stand_in_the_quarters_that_are_counted() -> None:
    for seed in range(20):
        worked = make_worked(30 + seed, seed=seed)
        ranking, gaps = rank_people(worked), pay_gaps(worked)
        pay, side = worked.hourly[ranking.rows], worked.side[ranking.rows]
        assert (np.diff(pay) > -1e-6).all()
        for at, name in enumerate(QUARTERS, start=1):
            here = side[ranking.quarter == at]
            assert (int((here == 0).sum()), int((here == 1).sum())) == gaps.counts[name], (seed, name)


def test_the_rules_stand_with_their_paragraphs_and_questions(report: PayReport, out: Path) -> None:
    cells = cells_of(out / IN_HOUSE / WORKED_SHEET)
    rules = {row[0]: row for row in cells["Rules"][3:]}
    assert set(rules) == set(read_rules().rules)
    assert (
        rules["multiplier"][2] == "SI 2017/353 Sch 1 para 6(1) step 5" and rules["days"][5] == read_rules().rules["days"].question
    )
    left = cells["Left out"][3:]
    assert [(row[0], row[2]) for row in left[:2]] == [(key, count) for key, _, count in report.worked.left_out]
    assert left[2][0] == "sex-recorded" and left[2][2] == (report.worked.side < 0).sum() and left[3][1] == report.remarks[0]
    assert any("personal data" in str(row[0]) for row in cells["Read me"])


def test_a_parameter_set_otherwise_is_followed(tmp_path: Path) -> None:
    """With halves to the even digit 16.25 is 16.2, on the sheet as in the program."""
    pay, side = np.array([20.0, 16.75]), np.array([0, 1], dtype=np.int8)
    worked = Worked(np.array([2, 3]), side, pay, np.zeros(2), np.ones(2, dtype=bool), np.full(2, np.nan))
    rules = change_rules(halves="even")
    found = replace(bare_report(), worked=worked, gaps=pay_gaps(worked, rules=rules), rules=rules)
    (path,) = pay_book.write_worked_sheet(found, tmp_path / "even.xlsx")
    rows = recompute(path, tmp_path)["Figures"][3:]
    assert found.gaps.mean_hourly_gap == 16.2 and {row[8] for row in rows} == {"same"}
    parameters = {row[0]: row for row in cells_of(path)["Parameters"][3:]}
    assert parameters["halves"][1:3] == ["even", "away-from-zero"]


def test_nothing_of_a_person_is_in_what_may_be_shown(report: PayReport, out: Path) -> None:
    worked = report.worked
    held = np.concatenate([worked.hourly, worked.bonus, *(step.figures for step in worked.steps if "days" not in step.key)])
    texts = {f"{value:.2f}" for value in held[np.isfinite(held) & (np.abs(held) > 101)]}
    texts |= {f"{value:.4f}" for value in worked.hourly[np.isfinite(worked.hourly)]}
    shown = [path for path in (out / PUBLIC).rglob("*") if path.is_file() and path.suffix not in (".css", ".txt")]
    assert len(shown) > 10 and len(texts) > 100
    for path in shown:
        data = path.read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = archive.read("word/document.xml")
        found = set(re.findall(r"\d+\.\d+", data.decode("utf-8-sig").replace(",", "")))
        assert not found & texts, path.name
        assert "Worked(" not in data.decode("utf-8-sig"), path.name


def _shown_text(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("word/document.xml")
    return data.decode("utf-8-sig")


def test_no_figure_that_may_be_shown_has_more_than_one_decimal(report: PayReport, out: Path) -> None:
    """With all digits of a gap the pay of one person can be worked out; drawings, tables and data are held to the same."""
    shown = [path for path in (out / PUBLIC).rglob("*") if path.is_file() and "static" not in path.parts]
    assert {path.suffix for path in shown} == {".html", ".csv", ".json", ".docx"}
    for path in shown:
        text = re.sub(r'"confidence": 0\.95', "", _shown_text(path))
        assert re.findall(r"\d+\.\d", text) or path.name in ("action-plan.csv", "reviews.csv", "return.csv"), path.name
        assert not re.findall(r"\d*\.\d{2,}|\d[eE]-\d", text), path.name
    assert report.intervals is not None and not isinstance(report.intervals.mean_hourly_gap, Refusal)
    assert "e-" in repr(report.intervals) or re.search(r"\.\d{6,}", repr(report.intervals)), "the report itself has all digits"


def test_a_drawing_shows_no_more_of_an_interval_than_its_words(report: PayReport, out: Path, tmp_path: Path) -> None:
    assert report.intervals is not None

    def rounded(found: Doubt) -> Doubt:
        assert isinstance(found, Estimate) and found.lower is not None and found.upper is not None
        return replace(found, value=round(found.value, 1), lower=round(found.lower, 1), upper=round(found.upper, 1))

    found = report.intervals
    coarse = replace(
        found,
        mean_hourly_gap=rounded(found.mean_hourly_gap),
        median_hourly_gap=rounded(found.median_hourly_gap),
        mean_bonus_gap=rounded(found.mean_bonus_gap),
        median_bonus_gap=rounded(found.median_bonus_gap),
    )
    write_pay_report(replace(report, intervals=coarse), tmp_path)
    for name in ("page/index.html", "page/tables/intervals.csv", "figures.json"):
        assert (tmp_path / PUBLIC / name).read_bytes() == (out / PUBLIC / name).read_bytes(), name


def test_rows_are_not_needed_for_what_is_shown(report: PayReport, out: Path, tmp_path: Path) -> None:
    """Without its rows a report shows the same: nothing but the worked sheet reads them."""
    empty = np.empty(0)
    nobody = Worked(np.empty(0, dtype=np.int64), empty.astype(np.int8), empty, empty, empty.astype(bool), empty)
    write_pay_report(replace(report, worked=nobody), tmp_path)
    for path in (out / PUBLIC).rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(out)).read_bytes() == path.read_bytes(), path.name


def test_the_return_has_the_services_fields_in_their_order(report: PayReport, out: Path) -> None:
    rows = table_of(out / PUBLIC / "return.csv")
    assert tuple(rows[0]) == return_fields() and len(rows) == 2
    row = dict(zip(*rows, strict=True))
    assert row["EmployerName"] == EMPLOYER and row["DiffMeanHourlyPercent"] == f"{report.gaps.mean_hourly_gap:.1f}"


def test_the_record_keeps_law_and_beyond_apart_and_hides_small_groups(report: PayReport, out: Path) -> None:
    record = json.loads((out / PUBLIC / "figures.json").read_text(encoding="utf-8"))
    assert record["law"] == as_json(report.gaps) and record["publish_by"] == "2027-03-30"
    beyond = record["beyond_the_law"]
    hidden = {item["group"]: item for item in beyond["groups"]["directorate"]}["Registrars"]
    assert hidden["figures"] is None and hidden["refusal"]["code"] == "population-too-small"
    assert None in hidden["on_full_pay"].values()
    assert [item["key"] for item in record["obligations"] if item["applies"] and item["standing"] == "law"] == [
        "six-calculations", "employee-information",
    ]  # fmt: skip
    assert record["rests_on"]["remarks"] == ["Not employed on the snapshot date. Fewer than 10 rows left out."]
    changes = beyond["years"]["changes"]
    assert changes["mean_hourly_gap"]["refusal"]["code"] == "series-broken"
    assert isinstance(changes["median_hourly_gap"]["percentage_points"], float)
    groups = {item["group"]: item["figures"] for item in beyond["characteristics"]["ethnicity"]["levels"][-1]["groups"]}
    assert groups["white-roma"] is None and groups["white-irish"]["mean_hourly_gap"] is not None
    assert '"counts"' not in json.dumps(record) and "failed" not in record["action_plan"]
    assert [item["number"] for item in record["action_plan"]["actions"]] == [4, 12, 13, 1]


def test_a_groups_interval_stands_on_the_page_in_its_table_and_in_the_record(report: PayReport, out: Path) -> None:
    shown = {item.group: item for item in report.breakdowns[0].groups if isinstance(item.interval, Estimate)}
    assert len(shown) > 1
    record = json.loads((out / PUBLIC / "figures.json").read_text(encoding="utf-8"))["beyond_the_law"]["groups"]
    held = {item["group"]: item["mean_hourly_gap_interval"] for item in record[report.breakdowns[0].by]}
    rows = {row[0]: row for row in table_of(out / PUBLIC / "page" / "tables" / f"by-{report.breakdowns[0].by}.csv")}
    html = (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    for name, item in shown.items():
        assert isinstance(item.interval, Estimate) and item.interval.lower is not None and item.interval.upper is not None
        ends = [round(item.interval.lower, 1), round(item.interval.upper, 1)]
        assert [held[name]["lower"], held[name]["upper"]] == ends
        said = " to ".join(f"{end:.1f}".replace("-", "\N{MINUS SIGN}") for end in ends)
        assert str(rows[name][4]).lstrip("'") == said and f"<td class=n>{said}</td>" in html


def test_the_page_says_the_figures_and_judges_nothing(report: PayReport, out: Path) -> None:
    html = (out / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert f"women are paid {report.gaps.mean_hourly_gap}% less an hour than men" in text
    assert text.index("What the law asks for") < text.index("Nothing below is asked for") < text.index("no law does yet")
    assert (
        "% of employees on full pay said" in text
        and "judgement required" not in text
        and "It is no measure of discrimination" in text
    )
    assert "From 2025 on figures are not those of before: sex is recorded anew." in text and "[b]" in text
    assert text.index("Law Employers with 250 or more employees, this one too") < text.index("Announced, not law Employers with")
    assert "Fewer than 10 rows left out" in text and "4 rows" not in text
    registrars = re.search(r'<th scope="row">Registrars</th>(.*?)</tr>', html)
    assert registrars is not None and re.findall(r">([^<>]+)</td>", registrars[1]) == ["[c]"] * 7
    assert not re.search(r"compliant|should|unfair|good progress|disappointing", text, re.IGNORECASE)
    assert "nan" not in re.findall(r"\b\w+\b", text.lower()) and "None" not in text


def test_a_report_of_the_six_calculations_alone_has_a_page(tmp_path: Path) -> None:
    write_pay_report(bare_report(), tmp_path)
    html = (tmp_path / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    assert "There is no man with a bonus" in html and "Beyond the law" not in html and "[x]" in html
    assert not (tmp_path / PUBLIC / "action-plan.csv").exists()


def test_a_name_that_looks_like_a_formula_or_markup_does_nothing(report: PayReport, tmp_path: Path) -> None:
    nasty = '=cmd|"<script>alert(1)</script>'
    groups = report.worked.groups | {"grade": np.where(report.worked.groups["grade"] == "Ibis", nasty, "plain")}
    worked = replace(report.worked, groups=groups, left_out=(("relevant-employee", nasty, 1),))
    made = replace(make_report(worked), employer=nasty, remarks=(nasty,))
    write_pay_report(made, tmp_path)
    assert "<script>" not in (tmp_path / PUBLIC / "page" / "index.html").read_text(encoding="utf-8")
    assert cells_of(tmp_path / IN_HOUSE / WORKED_SHEET)["Left out"][3][1] == f"'{nasty}"
    assert not any(
        "cmd" in formula for name in SHEETS for formula in formulas_of(tmp_path / IN_HOUSE / WORKED_SHEET, name).values()
    )
    for path in (tmp_path / PUBLIC / "page" / "tables").glob("*.csv"):
        assert not path.read_text(encoding="utf-8-sig").startswith("=") and "\n=" not in path.read_text(encoding="utf-8-sig")


def test_two_runs_give_the_same_bytes(report: PayReport, out: Path, tmp_path: Path) -> None:
    for path in write_pay_report(report, tmp_path):
        assert path.read_bytes() == (out / path.relative_to(tmp_path)).read_bytes(), path.name
