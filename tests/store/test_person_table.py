"""Person tables: groups of any kind of value, sampling designs, faults counted and never shown, bins against whole rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.store.person_engine import DuckEngine, open_engine, step_sql
from levelup.store.person_keys import make_key
from levelup.store.person_read import ENOUGH, plan_reads
from levelup.store.person_table import HASH, PersonColumns, PersonTable
from levelup.terms.errors import InputError

Table = dict[str, Any]


def records(folder: Path, table: Table, **asked: Any) -> list[dict[str, Any]]:
    path = folder / "persons.parquet"
    write_parquet(table, path)
    return [dict(item) for item in measure_persons(path, **{"name": "gini", "outcome": "x", **asked}).records()]


def refusal(folder: Path, table: Table, **asked: Any) -> dict[str, str]:
    (record,) = records(folder, table, **asked)
    return dict(record["refusal"])


def test_groups_are_named_as_the_table_names_them(tmp_path: Path) -> None:
    table = {"x": [1.0, 3.0] * 4, "place": ["b", "b", "a", "a"] * 2, "year": [-1, -1, -1, -1, 2020, 2020, 2020, 2020]}
    found = records(tmp_path, table, by="place,year")
    assert [record["group"] for record in found] == [
        {"place": "a", "year": -1}, {"place": "a", "year": 2020}, {"place": "b", "year": -1}, {"place": "b", "year": 2020},
    ]  # fmt: skip
    assert [record["value"] for record in found] == pytest.approx([0.25] * 4)


def test_groups_of_dates_shares_and_truths(tmp_path: Path) -> None:
    lines = ["day,share,is,x", *(f"2020-01-0{1 + i % 2},{0.5 * (i % 2)},{'true' if i % 2 else 'false'},{i}" for i in range(8))]
    (tmp_path / "persons.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = measure_persons(tmp_path / "persons.csv", name="mean", outcome="x", by="day,share,is").records()
    assert [record["group"] for record in found] == [
        {"day": "2020-01-01", "share": 0.0, "is": False}, {"day": "2020-01-02", "share": 0.5, "is": True},
    ]  # fmt: skip
    assert [record["value"] for record in found] == pytest.approx([3.0, 4.0])


def test_a_mean_by_hand_with_students_t(tmp_path: Path) -> None:
    """1, 2 and 3: standard error 1 / sqrt(3), t of two degrees of freedom 4.3027; one person alone has no interval."""
    first, second = records(tmp_path, {"x": [1.0, 2.0, 3.0, 7.0], "p": [1, 1, 1, 2]}, name="mean", by="p")
    assert first["value"] == pytest.approx(2.0) and first["upper"] == pytest.approx(2.0 + 4.302653 / np.sqrt(3.0), rel=1e-6)
    assert first["also"]["standard_deviation"] == pytest.approx(1.0)
    assert second["value"] == pytest.approx(7.0) and second["lower"] is None


def test_levels_far_from_zero_keep_their_digits(tmp_path: Path) -> None:
    values = 1e9 + np.array([1.0, 2.0, 3.0, 4.0])
    (found,) = records(tmp_path, {"x": values}, name="mean")
    assert found["se"] == pytest.approx(np.sqrt(5.0 / 3.0 / 4.0), rel=1e-9)


def test_a_proportion_has_wilsons_interval(tmp_path: Path) -> None:
    (found,) = records(tmp_path, {"x": [0, 1] * 20}, name="proportion")
    assert (found["value"], found["n"]) == (50.0, 40) and found["lower"] == pytest.approx(35.03, abs=0.01)
    assert refusal(tmp_path, {"x": [0, 1, 2]}, name="proportion")["code"] == "out-of-bounds"


def test_a_folder_and_a_csv_file_are_read_too(tmp_path: Path) -> None:
    folder = tmp_path / "persons"
    folder.mkdir()
    write_parquet({"x": [1.0]}, folder / "one.parquet")
    write_parquet({"x": [3.0]}, folder / "two.parquet")
    (tmp_path / "persons.csv").write_text("x\n1\n3\n", encoding="utf-8")
    for path in (folder, tmp_path / "persons.csv"):
        assert measure_persons(path, name="gini", outcome="x").records()[0]["value"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("table", "asked", "code", "said"),
    [
        ({"x": [1.0, None, 3.0]}, {}, "missing-values", "1 row "),
        ({"x": [1.0, np.nan, 3.0, np.nan]}, {}, "missing-values", "2 rows "),
        ({"x": [1.0, np.inf, 3.0]}, {}, "missing-values", "1 row "),
        ({"x": [1.0, 2.0, 3.0], "w": [1.0, 0.0, 1.0]}, {"weight": "w"}, "not-positive", "1 row "),
        ({"x": [1.0, 2.0, 3.0], "w": [1.0, -2.0, 1.0]}, {"weight": "w"}, "not-positive", "1 row "),
        ({"x": [1.0, 2.0, 3.0], "w": [1.0, None, 1.0]}, {"weight": "w"}, "missing-values", "1 row "),
        ({"x": [1.0, 2.0, 3.0], "w": [1.0, np.inf, 1.0]}, {"weight": "w"}, "missing-values", "1 row "),
        ({"x": [1.0, 2.0, 9.0]}, {"bounds": (0.0, 5.0)}, "out-of-bounds", "1 row "),
        ({"x": [1.0]}, {}, "too-few-subjects", "1 row,"),
        ({"x": [-1.0, 2.0, 3.0]}, {}, "not-positive", "negative"),
        ({"x": [0.0, 2.0, 3.0]}, {"name": "theil"}, "not-positive", "zero or below"),
    ],
)
@pytest.mark.parametrize("name", ["gini", "theil"])
def test_what_is_wrong_with_rows_is_counted(
    tmp_path: Path, table: Table, asked: dict[str, Any], code: str, said: str, name: str
) -> None:
    if name == "theil" and "negative" in said:
        said = "zero or below"
    found = refusal(tmp_path, table, **{"name": name, **asked})
    assert found["code"] == code and said in found["reason"]


@pytest.mark.parametrize("ranks", [[1.0, None, 3.0], [1.0, np.inf, 3.0], [1.0, np.nan, 3.0]])
def test_a_missing_rank_is_a_refusal(tmp_path: Path, ranks: list[float | None]) -> None:
    table = {"x": [1.0, 2.0, 3.0], "r": ranks}
    assert refusal(tmp_path, table, name="RCI", rank="r")["code"] == "missing-values"
    many = {"x": [1.0, 2.0, 3.0] * 30, "r": ranks * 30}
    found = refusal(tmp_path, many, name="RCI", rank="r")
    assert found["code"] == "missing-values" and found["reason"].startswith("30 rows")


def test_one_rank_for_all_is_a_refusal(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"x": [1.0, 2.0, 3.0], "r": [4, 4, 4]}, name="RCI", rank="r")["code"] == "no-order"


def test_one_bad_group_stops_no_other(tmp_path: Path) -> None:
    table = {"x": [1.0, 3.0, None, 2.0], "place": ["a", "a", "b", "b"]}
    good, bad = records(tmp_path, table, by="place")
    assert good["value"] == pytest.approx(0.25) and bad["refusal"]["code"] == "missing-values"


def test_all_alike_has_no_interval_and_no_nan(tmp_path: Path) -> None:
    for asked in ({"name": "gini"}, {"name": "theil"}, {"name": "RCI", "rank": "r"}):
        (found,) = records(tmp_path, {"x": [2.5] * 40, "r": [1, 2] * 20}, **asked)
        assert found["value"] == pytest.approx(0.0, abs=1e-12)
        assert found["se"] is None and found["lower"] is None


def test_a_logit_of_all_alike_is_refused(tmp_path: Path) -> None:
    table = {"x": [1] * 40, "r": [1, 2] * 20}
    assert refusal(tmp_path, table, name="SII", rank="r", convention="who-logit")["code"] == "all-equal"
    table = {"x": [0, 1] * 20, "r": [1, 2] * 20}
    assert refusal(tmp_path, table, name="SII", rank="r", convention="who-logit")["code"] == "unsupported-combination"
    table = {"x": [0, 1, 7] * 20, "r": [1, 2, 3] * 20}
    assert refusal(tmp_path, table, name="SII", rank="r", convention="who-logit")["code"] == "out-of-bounds"


def test_a_stratum_of_one_cluster_is_refused(tmp_path: Path) -> None:
    table = {"x": [1.0, 2.0, 4.0, 8.0], "h": [1, 1, 2, 2], "c": [1, 2, 3, 3]}
    found = refusal(tmp_path, table, psu="c", strata="h")
    assert found["code"] == "no-uncertainty" and "one cluster" in found["reason"]
    assert "refusal" not in records(tmp_path, table, psu="c")[0]


def test_a_group_inside_one_cluster_is_refused(tmp_path: Path) -> None:
    table = {"x": [1.0, 2.0, 4.0, 8.0], "c": [1, 1, 2, 2], "place": ["a", "a", "b", "b"]}
    assert [record["refusal"]["code"] for record in records(tmp_path, table, psu="c", by="place")] == ["no-uncertainty"] * 2


def test_a_cluster_of_its_own_for_everyone_changes_nothing(tmp_path: Path) -> None:
    table = {"x": [1.0, 2.0, 4.0, 8.0, 5.0, 6.0], "c": [f"c{item}" for item in range(6)], "h": [1, 1, 1, 2, 2, 2]}
    plain, clustered = records(tmp_path, table)[0], records(tmp_path, table, psu="c")[0]
    assert clustered["se"] == pytest.approx(plain["se"])
    plain, clustered = records(tmp_path, table, strata="h")[0], records(tmp_path, table, strata="h", psu="c")[0]
    assert clustered["se"] == pytest.approx(plain["se"])


def test_strata_of_two_columns_are_their_crossing(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    one, two = generator.integers(0, 2, 120), generator.integers(0, 3, 120)
    table = {"x": generator.lognormal(size=120), "one": one, "two": two, "both": 10 * one + two}
    crossed, joint = records(tmp_path, table, strata="one,two")[0], records(tmp_path, table, strata="both")[0]
    assert crossed["se"] == pytest.approx(joint["se"], rel=1e-12)


def test_a_finite_population_narrows_the_interval(tmp_path: Path) -> None:
    table = {"x": [1.0, 2.0, 4.0, 8.0] * 25, "h": [1] * 100, "size": [400] * 100, "share": [0.25] * 100}
    plain = records(tmp_path, table, strata="h")[0]["se"]
    for column in ("size", "share"):
        assert records(tmp_path, table, strata="h", fpc=column)[0]["se"] == pytest.approx(plain * np.sqrt(0.75))


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [16, 16, 9, 16], [0, 0, 0, 0], [None, 16, 16, 16]])
def test_a_population_that_cannot_be_is_an_error(tmp_path: Path, sizes: list[int | None]) -> None:
    table = {"x": [1.0, 2.0, 4.0, 8.0], "h": [1, 1, 1, 1], "size": sizes}
    with pytest.raises(InputError, match="1 strata that do not"):
        records(tmp_path, table, strata="h", fpc="size")


@pytest.mark.parametrize("asked", [{"by": "key"}, {"psu": "key"}, {"strata": "key"}])
@pytest.mark.parametrize("key", [["a", "a", None, "b", None], [1, 1, None, 2, None]])
def test_rows_without_a_group_or_cluster_are_counted(tmp_path: Path, asked: dict[str, str], key: list[Any]) -> None:
    with pytest.raises(InputError, match="2 rows that do not"):
        records(tmp_path, {"x": [1.0, 2.0, 3.0, 4.0, 5.0], "key": key}, **asked)


def test_an_unknown_column_is_an_error_that_lists_the_others(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'income'.*x, place"):
        records(tmp_path, {"x": [1.0], "place": ["a"]}, outcome="income")


def test_text_where_numbers_are_due_is_counted_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 cells that do not") as raised:
        records(tmp_path, {"x": ["1", "secret", "three"]})
    assert "secret" not in str(raised.value)
    assert records(tmp_path, {"x": ["1", "3"]})[0]["value"] == pytest.approx(0.25)


def test_an_empty_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one row"):
        records(tmp_path, {"x": np.empty(0)})


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"no parquet at all")
    (tmp_path / "notes.docx").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    for name, said in (
        ("bad.parquet", "readable"), ("notes.docx", "Parquet"), ("empty", "hold Parquet"), ("none.parquet", "exist"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            measure_persons(tmp_path / name, name="gini", outcome="x")


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(InputError, match="duckdb, spark"):
        open_engine("sql")


def smooth(rows: int) -> Table:
    generator = np.random.default_rng(11)
    return {
        "x": generator.lognormal(3.0, 0.6, rows),
        "w": generator.uniform(0.5, 1.5, rows),
        "place": np.where(np.arange(rows) < 100, "small", np.where(np.arange(rows) % 2, "a", "b")),
    }


@pytest.mark.parametrize(("name", "rel"), [("gini", 1e-6), ("s80s20", 1e-11), ("palma", 1e-11), ("quantile_ratio", 1e-11)])
def test_bins_of_large_groups_agree_with_whole_rows(tmp_path: Path, name: str, rel: float) -> None:
    """The small group is read row by row, the large ones in bins; the bins that hold a quantile are taken apart.

    A quantile's standard error rests on how closely levels lie about it, which bins smooth.
    """
    table = smooth(5 * ENOUGH)
    asked = {"name": name, "weight": "w", "by": "place"}
    whole = records(tmp_path, {**table, "c": np.arange(5 * ENOUGH)}, psu="c", **asked)
    binned = records(tmp_path, table, **asked)
    for one, other in zip(whole, binned, strict=True):
        assert other["value"] == pytest.approx(one["value"], rel=rel)
        assert other["se"] == pytest.approx(one["se"], rel=0.05 if name == "quantile_ratio" else 1e-3)
    assert binned[2]["group"] == {"place": "small"} and binned[2]["value"] == pytest.approx(whole[2]["value"], rel=1e-12)


def test_levels_that_repeat_are_not_binned(tmp_path: Path) -> None:
    path = tmp_path / "persons.parquet"
    engine = DuckEngine()
    try:
        for table, how in ((smooth(5 * ENOUGH), "bins"), ({"x": np.repeat([1.0, 2.0, 3.0], 4 * ENOUGH)}, "rows")):
            write_parquet(table, path)
            opened = PersonTable(engine, PersonColumns("x"), path=path)
            assert {read.how for read in plan_reads(opened, "levels", is_binned=True)} == {how}
    finally:
        engine.close()


def test_keys_name_every_combination_and_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys.parquet"
    write_parquet({"a": [3, -2, 3], "b": ["q", "p", "p"], "c": [1.5, 2.5, 1.5]}, path)
    engine = DuckEngine()
    try:
        engine.view("person_file", path)
        key = make_key(engine, ("a", "b", "c"), types=engine.query("select * from person_file limit 0"), table="k")
        found = engine.query(f"select {key.sql} as code from person_file {' '.join(key.joins)}")["code"]
        assert len(set(found.tolist())) == 3 and key.size == 6 * 2 * 2
        back = key.decode(np.sort(found))
        assert [list(row) for row in zip(*(back[name].tolist() for name in "abc"), strict=True)] == [
            [-2, "p", 2.5], [3, "p", 1.5], [3, "q", 1.5],
        ]  # fmt: skip
    finally:
        engine.close()


def test_random_groups_are_those_of_the_formula() -> None:
    engine = DuckEngine()
    try:
        ids = [0, 1, 5, 123_456_789_012, -77]
        listed = ", ".join(f"(cast({item} as bigint))" for item in ids)
        found = engine.query(f"select {HASH.format(unit='u', count=200)} as k from (values {listed}) t(u)")["k"]
        assert found.tolist() == [(((abs(u) % 2147483647) * 48271 % 2147483647) * 16807 % 2147483647) % 200 for u in ids]
    finally:
        engine.close()


def test_a_step_is_filled_in_whole() -> None:
    sql = step_sql("person_moments", keys="g", fine="w > 0e0", further="")
    assert "{" not in sql and "--" not in sql and sql.startswith("select g, count(")
