"""The sheet of contracts: from the extract's rows to each person by formulas that a spreadsheet program follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.publish import pay_book
from levelup.publish.payroll import pay_file
from levelup.publish.payroll_words import IN_HOUSE, WORKED_SHEET
from tests.duties.made_payroll import made_payroll, write_payroll
from tests.publish.pay_office import Cells, assert_same, cells_of, formulas_of, recompute, table_of

SNAPSHOT = "2026-03-31"
WEEKS = 12


def _extract(path: Path) -> Path:
    """Write people with up to two jobs, bonuses in the pay period, term-time staff, hours by week and hours that represent."""
    columns, draw = made_payroll(120, seed=8), np.random.default_rng(8)
    n = len(columns["Employee"])
    second = np.flatnonzero(columns["Job"] == "2")
    columns["Pay frequency"][second[0]] = "weekly"
    varies, fair = draw.random(n) < 0.15, draw.random(n) < 0.1
    varies[second[1]] = fair[second[1]] = True
    columns["Weekly hours"] = np.where(varies, "", columns["Weekly hours"])
    columns["Fair hours"] = np.where(varies & fair, "21.5", "")
    for at in range(1, WEEKS + 1):
        worked = np.char.mod("%.2f", draw.uniform(8, 37, n))
        columns[f"Hours week {at}"] = np.where(varies & ~fair, worked, "")
    columns["Paid weeks"] = np.where(draw.random(n) < 0.1, "44", "")
    bonus = draw.random(n) < 0.2
    columns["Bonus in period"] = np.where(bonus, "600.00", "")
    columns["Bonus period"] = np.where(bonus, draw.choice(["1 year", "quarterly", "monthly"], n), "")
    write_payroll(columns, path)
    return path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    pay_file(_extract(folder / "extract.csv"), snapshot=SNAPSHOT, out=folder)
    return folder / IN_HOUSE / WORKED_SHEET


def _rows(cells: Cells, sheet: str) -> list[dict[str, object]]:
    head = [str(cell) for cell in cells[sheet][2]]
    return [dict(zip(head, row, strict=True)) for row in cells[sheet][3:]]


def _letter(cells: Cells, sheet: str, title: str) -> str:
    return chr(ord("A") + cells[sheet][2].index(title))


def test_a_spreadsheet_comes_from_contracts_to_the_programs_figures(book: Path, tmp_path: Path) -> None:
    recomputed, written = recompute(book, tmp_path), cells_of(book)
    assert_same(recomputed, written, sheets=["Figures", "Rows", "Ranked", "Quarters", "Shared rates", "Contracts"])
    assert {row[8] for row in recomputed["Figures"][3:]} == {"same"}


def test_a_change_to_one_job_reaches_the_person_and_the_gap(book: Path, tmp_path: Path) -> None:
    written, formulas = cells_of(book), formulas_of(book, "Contracts")
    contracts = _rows(written, "Contracts")
    counted = [row["Counted in row"] for row in contracts]
    at, job = next((at, row) for at, row in enumerate(contracts) if counted.count(row["Counted in row"]) == 2)
    cell = f"{_letter(written, 'Contracts', 'Basic pay')}{at + 4}"
    assert cell not in formulas, "what was paid is a figure"
    more = float(str(job["Basic pay"])) + 1000.0
    changed = recompute(book, tmp_path, change=("Contracts", cell, more))
    before, after = (
        next(row for row in _rows(cells, "Rows") if float(str(row["Row"])) == job["Counted in row"])
        for cells in (written, changed)
    )
    assert float(str(after["Ordinary pay"])) == pytest.approx(float(str(before["Ordinary pay"])) + 1000.0)
    week = 1000.0 * 7 / float(str(job["Period days"]))
    assert float(str(after["Weekly pay"])) == pytest.approx(float(str(before["Weekly pay"])) + week)
    assert {row[8] for row in changed["Figures"][3:]} == {"same", "differs"}


def test_a_person_of_several_jobs_is_the_sum_of_named_cells(book: Path) -> None:
    written, formulas, own = cells_of(book), formulas_of(book, "Rows"), formulas_of(book, "Contracts")
    contracts, people = _rows(written, "Contracts"), _rows(written, "Rows")
    numbers = [row["Counted in row"] for row in contracts]
    several = [at for at, row in enumerate(people) if numbers.count(row["Row"]) == 2]
    assert len(several) == 2
    basic, theirs = _letter(written, "Rows", "Basic pay"), _letter(written, "Contracts", "Basic pay")
    for at in several:
        first, second = (place + 4 for place, number in enumerate(numbers) if number == people[at]["Row"])
        assert formulas[f"{basic}{at + 4}"] == f"Contracts!{theirs}{first}+Contracts!{theirs}{second}"
    steps = {row["Heading"]: row for row in _rows(written, "Steps")}
    assert steps["Basic pay"]["How it is worked out"] == "the person's rows of the sheet Contracts, added up"
    assert str(steps["Period days"]["How it is worked out"]).endswith("where all of them agree")
    assert all(row["Rows that hold the figure in place of the formula"] in (0, "[z]") for row in steps.values())
    rules = [row["Hours rule"] for row in contracts]
    assert set(rules) == {1.0, 2.0, 3.0}
    assert sum(formula.startswith("SUM(") for formula in own.values()) == rules.count(2.0)


def test_rows_that_are_no_sheet_stand_in_files_that_the_front_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pay_book, "MOST_LIVE", 10)
    path = _extract(tmp_path / "extract.csv")
    whole = pay_file(path, snapshot=SNAPSHOT, out=tmp_path)
    held = cells_of(tmp_path / IN_HOUSE / WORKED_SHEET)
    assert not formulas_of(tmp_path / IN_HOUSE / WORKED_SHEET, "Contracts")
    assert not (tmp_path / IN_HOUSE / pay_book.CONTRACTS_FILE).exists()
    monkeypatch.setattr(pay_book, "MOST_IN_SHEETS", 20)
    assert pay_file(path, snapshot=SNAPSHOT, out=tmp_path).record == whole.record
    cells = cells_of(tmp_path / IN_HOUSE / WORKED_SHEET)
    assert not {"Rows", "Ranked", "Contracts", "Left out rows"} & set(cells)
    said = " ".join(str(row[0]) for row in cells["Read me"])
    assert pay_book.ROWS_FILE in said and "Contracts and Left out rows are no sheets here: worked-contracts.csv" in said
    table = table_of(tmp_path / IN_HOUSE / pay_book.CONTRACTS_FILE)
    assert table[0] == held["Contracts"][2] and len(table) == len(held["Contracts"]) - 2
    assert [float(str(row[0])) for row in table[1:]] == [row[0] for row in held["Contracts"][3:]]
    monkeypatch.undo()
    pay_file(path, snapshot=SNAPSHOT, out=tmp_path)
    assert not (tmp_path / IN_HOUSE / pay_book.CONTRACTS_FILE).exists(), "what an earlier run wrote is taken away"
