"""`levelup protect` with sums, means and percentages: what it writes, that nobody tells what it hides, and what it refuses."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from levelup.disclosure.equations import tie_cells
from levelup.disclosure.table import CountTable
from tests.cli.test_protect import figures_in, read, run
from tests.disclosure.test_amounts import ends

AREAS, SEXES = ("Ash", "Beck", "Crane", "Dene"), ("men", "women")
PEOPLE = {
    ("Ash", "men"): 4, ("Ash", "women"): 31, ("Beck", "men"): 52, ("Beck", "women"): 73,
    ("Crane", "men"): 0, ("Crane", "women"): 88, ("Dene", "men"): 40, ("Dene", "women"): 20,
}  # fmt: skip
HEADER = ["area", "sex", "n", "pay", "pay_1", "pay_2", "mean_pay", "hours", "part_time", "rate"]
PLAIN = ("--sum", "pay", "--mean", "hours", "--percent", "part_time")
EVERYTHING = (*PLAIN, "--mean", "mean_pay", "--largest", "pay_1,pay_2", "--p-percent", "20")


def table(*, seed: int = 4, people: dict[tuple[str, str], int] = PEOPLE, outlier: float = 9_000.0) -> list[list[str]]:
    """Return persons counted: how many, what they are paid, by the hour and together, and how many are part-time."""
    rng = np.random.default_rng(seed)
    pay = {cell: np.round(rng.lognormal(3.2, 0.3, n), 2) for cell, n in people.items()}
    if outlier:
        pay["Dene", "men"][0] = outlier
    hours = {cell: np.round(rng.normal(33.0, 6.0, n), 1) for cell, n in people.items()}
    part = {cell: int(rng.binomial(n, 0.35)) for cell, n in people.items()}
    rows: list[list[str]] = []
    for area, sex in itertools.product((*AREAS, "Total"), (*SEXES, "Total")):
        cells = [cell for cell in people if area in (cell[0], "Total") and sex in (cell[1], "Total")]
        own, n = np.concatenate([pay[cell] for cell in cells]), sum(people[cell] for cell in cells)
        worked = np.concatenate([hours[cell] for cell in cells])
        top = [f"{figure:.2f}" for figure in np.sort(own)[::-1][:2]] if n else ["", ""]
        means = [f"{own.mean():.2f}", f"{worked.mean():.1f}"] if n else ["", ""]
        share = f"{100 * sum(part[cell] for cell in cells) / n:.1f}" if n else ""
        rows.append([area, sex, str(n), f"{own.sum():.2f}", *top, *means, share, str(7 + len(rows))])
    return rows


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def words(path: Path, out: Path, *more: str, profile: str = "threshold-10") -> list[str]:
    asked = ["protect", str(path), "--dimensions", "area,sex", "--count", "n", "--profile", profile, "--out", str(out)]
    return [*asked, "--seconds", "3", *more]


def gone(rows: list[dict[str, str]], column: str) -> set[tuple[str, str]]:
    return {(row["area"], row["sex"]) for row in rows if row[column] == "[c]"}


def test_what_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = write(tmp_path / "pay.csv", table()), tmp_path / "out"
    code, said, err = run(capsys, *words(path, out, *EVERYTHING))
    assert code == 0, err
    before, after = read(path), read(out / "protected.csv")
    named = ["pay", "mean_pay", "hours", "part_time"]
    assert set(after[0]) == {*HEADER, "status", *(f"{name}_status" for name in named)}
    for old, new in zip(before, after, strict=True):
        assert new["pay_1"] == new["pay_2"] == ""
        assert new["rate"] == ("" if new["status"] else old["rate"])
        for name, status in [("n", "status"), *((name, f"{name}_status") for name in named)]:
            assert new[name] == ("" if new[status] else old[name])
    assert gone(after, "status") < gone(after, "pay_status") == gone(after, "mean_pay_status")
    assert ("Ash", "men") in gone(after, "status") <= gone(after, "hours_status")
    assert "Column pay: " in said and "pay_1: emptied" in said
    log = read(out / "log.csv")
    assert {row["reason"] for row in log} == {log[0]["reason"]} and list(log[0]) == ["area", "sex", "column", "status", "reason"]
    told_of = {(row["area"], row["sex"]) for row in log if row["column"] == "pay"}
    assert told_of == gone(after, "pay_status")


def test_the_report_has_a_section_for_each_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "pay.csv", table())
    code, said, _ = run(capsys, *words(path, tmp_path / "out", *EVERYTHING, "--json"))
    record = json.loads(said)
    assert code == 0 and list(record["figures"]) == ["pay", "hours", "mean_pay", "part_time"]
    after = read(tmp_path / "out" / "protected.csv")
    for name, entry in record["figures"].items():
        assert entry["hidden"] == len(gone(after, f"{name}_status"))
        assert entry["attack"]["recovered"] == entry["attack"]["within_protection"] == 0
    assert record["figures"]["pay"]["information_lost"]["is_least"] and record["figures"]["mean_pay"]["hidden_with"] == "pay"
    assert set(record["emptied"]) == {"pay_1", "pay_2", "rate"}


def test_neither_report_nor_log_tells_why_a_figure_is_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One contributor stands out in one hidden cell or in another of the same four: nothing that is written differs."""
    said = []
    people = dict.fromkeys(itertools.product(AREAS, SEXES), 60)
    for number, stands_out in enumerate((("Ash", "men"), ("Beck", "women"))):
        rows = []
        for area, sex, n, *_ in table(people=people, outlier=0.0):
            own = 1_000.0 * (int(n) // 60)
            top = "950" if (area, sex) == stands_out else "100"
            rows.append([area, sex, n, f"{own:.0f}", top, "40"])
        path, out = write(tmp_path / "pay.csv", rows, HEADER[:6]), tmp_path / str(number)
        code, _, err = run(capsys, *words(path, out, "--sum", "pay", "--largest", "pay_1,pay_2", "--p-percent", "20"))
        assert code == 0, err
        assert stands_out in gone(read(out / "protected.csv"), "pay_status")
        record = json.loads((out / "report.json").read_text(encoding="utf-8"))
        record["seconds"] = 0
        said.append((record, len(read(out / "log.csv")), {row["reason"] for row in read(out / "log.csv")}))
    assert said[0] == said[1] and said[0][1] == 4
    assert "20" not in said[0][0]["figures"]["pay"]["attack"]["how"]


def numbers(rows: list[dict[str, str]], column: str) -> NDArray[np.float64]:
    return np.array([float(row[column] or "nan") for row in rows])


def test_whoever_reads_the_file_alone_tells_no_hidden_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another solver, the published file, and everybody's true count: pay and hours of the few keep a tenth of themselves."""
    tried = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        people = {cell: int(rng.choice([0, 3, 7, 15, 40, 90])) for cell in itertools.product(AREAS, SEXES)}
        people["Dene", "men"] = 40
        path = write(tmp_path / f"{seed}.csv", table(seed=seed, people=people))
        code, _, err = run(capsys, *words(path, tmp_path / str(seed), *EVERYTHING))
        assert code == 0, err
        before, after = read(path), read(tmp_path / str(seed) / "protected.csv")
        n = numbers(before, "n")
        labels = {name: np.array([row[name] for row in before]) for name in ("area", "sex")}
        counted = CountTable(labels, n, "Total")
        pay = numbers(after, "pay")
        mean, hidden = numbers(after, "hours"), np.array([row["hours_status"] == "[c]" for row in after])
        worked, half = np.where(hidden, 0.0, np.nan_to_num(mean * n)), np.where(hidden, 0.0, 0.05 * n)
        ways = {
            "pay": (np.nan_to_num(pay), np.where(np.isnan(pay), np.inf, pay), numbers(before, "pay")),
            "hours": (worked - half, np.where(hidden, np.inf, worked + half), np.nan_to_num(numbers(before, "hours") * n)),
        }
        for low, high, true in ways.values():
            for cell in np.flatnonzero((n > 0) & (n < 10)).tolist():
                least, most = ends(counted, low, high, cell)
                assert most - least >= 0.0999 * true[cell]
                tried += 1
    assert tried > 40


def test_a_table_of_percentages_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "pay.csv", table())
    code, said, err = run(capsys, *words(path, tmp_path / "out", "--percent", "part_time", "--json"))
    assert code == 0, err
    after = read(tmp_path / "out" / "protected.csv")
    assert gone(after, "status") <= gone(after, "part_time_status") and {row["pay"] for row in after if not row["status"]} != {""}
    assert json.loads(said)["information_lost"]["is_least"]


def test_a_means_total_is_no_way_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the counts alone, the hours of one shown and one hidden row give the hidden one back; named as means they do not."""
    people = dict.fromkeys(itertools.product(AREAS, SEXES), 60) | {("Ash", "men"): 12}
    path, own = write(tmp_path / "pay.csv", table(people=people)), tmp_path / "own.yaml"
    own.write_text(
        "title: Own\nsentence: Own.\nhidden: [1, 4]\nprotection: 3\nstatistics_from: 20\nsource: Council\naddress: none\n",
        "utf-8",
    )
    bare = read_after(capsys, words(path, tmp_path / "bare", profile=str(own)), tmp_path / "bare")
    assert [row["hours"] == "" for row in bare].count(True) == 1
    named = read_after(capsys, words(path, tmp_path / "named", "--mean", "hours", profile=str(own)), tmp_path / "named")
    assert ("Ash", "men") in gone(named, "hours_status") and len(gone(named, "hours_status")) >= 3 and not gone(named, "status")


def read_after(capsys: pytest.CaptureFixture[str], asked: list[str], out: Path) -> list[dict[str, str]]:
    code, _, err = run(capsys, *asked)
    assert code == 0, err
    return read(out / "protected.csv")


def test_dominance_and_a_profile_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, own = write(tmp_path / "pay.csv", table()), tmp_path / "own.yaml"
    base = "title: Own\nsentence: Own.\nhidden: [1, 4]\nprotection: 3\nsource: Council\naddress: none\n"
    own.write_text(base + "dominance: [1, 0.5]\n", encoding="utf-8")
    asked = ("--sum", "pay", "--largest", "pay_1,pay_2")
    one = read_after(capsys, words(path, tmp_path / "a", *asked, profile=str(own)), tmp_path / "a")
    own.write_text(base, encoding="utf-8")
    two = read_after(capsys, words(path, tmp_path / "b", *asked, "--dominance", "1:0.5", profile=str(own)), tmp_path / "b")
    assert gone(one, "pay_status") == gone(two, "pay_status") >= {("Dene", "men"), ("Dene", "Total"), ("Total", "men")}
    own.write_text(base + "dominance: [2, 85]\n", encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "c", *asked, profile=str(own)))
    assert code == 1 and "share between 0 and 1" in err


@pytest.mark.parametrize(
    ("more", "said_of_it"),
    [
        (("--sum", "pay", "--p-percent", "10"), "largest contributions"),
        (("--sum", "pay", "--largest", "pay_1,pay_2"), "must have a rule"),
        (("--sum", "pay", "--largest", "pay_1", "--p-percent", "10"), "1 of 2"),
        (("--sum", "pay", "--largest", "pay_1,pay_2", "--dominance", "3:0.9"), "2 of 3"),
        (("--sum", "pay", "--largest", "pay_1,pay_2", "--dominance", "three"), "N:K"),
        (("--sum", "pay", "--largest", "pay_1,pay_2", "--p-percent", "0"), "above 0"),
        (("--largest", "pay_1,pay_2"), "once for each --sum"),
        (("--sum", "wages"), "'wages'"),
        (("--sum", "pay", "--mean", "pay"), "one role"),
        (("--mean", "hours", "--keep", "hours"), "one role"),
        (("--sum", "n"), "one role"),
        (("--sum", "pay", "--profile", "nhs-sub-national"), "undo the rounding"),
        (("--percent", "part_time", "--profile", "cell-key", "--cell-key", "rate"), "undo the rounding"),
    ],
)
def test_options_that_do_not_fit(
    more: tuple[str, ...], said_of_it: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "pay.csv", table())
    code, _, err = run(capsys, *words(path, tmp_path / "out", *more))
    assert code == 1 and said_of_it in err, err
    assert not (tmp_path / "out").exists()


def test_columns_made_of_each_other_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Basic pay and bonus make up all pay; full-time and part-time make up everybody."""
    rows = table()
    for row in rows:
        total = float(row[3])
        full = f"{100 - float(row[8]):.1f}" if row[8] else ""
        row += [f"{0.25 * total:.4f}", f"{0.75 * total:.4f}", full]
    path = write(tmp_path / "pay.csv", rows, [*HEADER, "bonus", "basic", "full_time"])
    for more, said_of_it in (
        (("--sum", "pay", "--sum", "basic", "--sum", "bonus"), "pay, made of basic and bonus"),
        (("--percent", "part_time", "--percent", "full_time"), "the count, made of part_time and full_time"),
    ):
        code, _, err = run(capsys, *words(path, tmp_path / "out", *more))
        assert code == 1 and said_of_it in err and "dimension" in err, err


def test_every_fault_of_every_column_is_named_at_once_without_its_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table()
    changes = {
        (0, "pay"): "-77.5", (1, "pay"): "lots", (3, "pay_2"): "8888", (4, "pay_1"): "999999", (6, "pay"): "66.5",
        (9, "hours"): "[c]", (10, "part_time"): "132.1", (2, "part_time"): "40.7",
    }  # fmt: skip
    for (row, name), cell in changes.items():
        rows[row][HEADER.index(name)] = cell
    path = write(tmp_path / "pay.csv", rows)
    code, said, err = run(capsys, *words(path, tmp_path / "out", *EVERYTHING, "--json"))
    faults = {(fault["row"], fault["column"]) for fault in json.loads(said)["error"]["faults"]}
    assert code == 1 and not (tmp_path / "out").exists()
    assert faults >= {(row + 2, name) for row, name in changes}
    assert not figures_in(err + said) & {"77", "8888", "999999", "66", "132"}


def test_totals_that_do_not_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = table()
    rows[14][HEADER.index("pay")] = "123456.78"
    rows[5][HEADER.index("hours")] = "44.0"
    rows[14][HEADER.index("part_time")] = f"{100 * 150 / 308:.1f}"
    path = write(tmp_path / "pay.csv", rows)
    code, _, err = run(capsys, *words(path, tmp_path / "out", *PLAIN))
    assert code == 1 and "area Beck, sex Total" in err and "weighted by their counts" in err and "sum of its parts" in err
    assert "parts together" in err and "123456" not in err


def test_sums_rounded_to_thousands_need_not_add_up_to_the_last_digit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = table(seed=2, people=dict.fromkeys(PEOPLE, 60))
    for row in rows:
        row[3] = f"{float(row[3]):.0f}"
    path = write(tmp_path / "pay.csv", rows)
    code, _, err = run(capsys, *words(path, tmp_path / "out", "--sum", "pay"))
    assert code == 0, err
    inside = sum(int(row[3]) for row in rows if "Total" not in row[:2])
    assert inside != int(rows[14][3])


def test_an_earlier_table_with_the_same_figures_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "pay.csv", table())
    (tmp_path / "out.csv").write_text("area,sex,n,pay\nBeck,men,52,1000\n", encoding="utf-8")
    code, _, err = run(capsys, *words(path, tmp_path / "out", "--sum", "pay", "--earlier", str(tmp_path / "out.csv")))
    assert code == 1 and "earlier table must be of counts" in err
    code, _, err = run(capsys, *words(path, tmp_path / "out", "--mean", "hours", "--earlier", str(tmp_path / "out.csv")))
    assert code == 0, err


def test_the_equations_of_the_test_are_those_of_the_table() -> None:
    labels = {name: np.array([row[at] for row in table()]) for at, name in enumerate(("area", "sex"))}
    pay = np.array([float(row[3]) for row in table()])
    assert np.abs(tie_cells(labels, total="Total").matrix @ pay).max() < 1e-6
