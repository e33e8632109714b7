"""Person tables over Spark Connect: the same numbers on Sail, which stands in for a cluster, and on a whole Spark."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.store.person_ingest import ingest_persons
from levelup.store.spark import REMOTE, SparkEngine
from levelup.terms.errors import InputError
from tests.measures.persons import some_persons

pytestmark = pytest.mark.filterwarnings("ignore")

HOME = "LEVELUP_SPARK_HOME"
HOW = (
    f"{HOME} names no Spark: install pyspark in an environment of its own, set {HOME} to its folder 'pyspark' "
    "(which holds bin/ and jars/), have Java, and run pytest -m real_spark"
)
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
PATIENCE = 120.0
"""Seconds that a server may take to answer."""

ASKED: tuple[dict[str, Any], ...] = (
    {"name": "theil", "by": "place,year"},
    {"name": "atkinson", "parameters": {"epsilon": 0.5}, "by": "year"},
    {"name": "gini", "by": "place"},
    {"name": "gini", "by": "place", "psu": "psu", "strata": "stratum"},
    {"name": "RCI", "rank": "rank", "by": "place,year"},
    {"name": "RCI", "rank": "fine_rank", "by": "place", "psu": "psu"},
    {"name": "SII", "rank": "rank", "convention": "ohid-linear", "strata": "stratum"},
    {"name": "RII", "rank": "rank", "convention": "who-logit", "outcome": "ill", "by": "year"},
    {"name": "theil", "replicates": 20, "unit": "unit"},
    {"name": "mean", "by": "place,year", "psu": "psu", "strata": "stratum"},
    {"name": "proportion", "outcome": "ill", "by": "place"},
    {"name": "mean_log_deviation", "by": "place"},
    {"name": "generalised_entropy", "parameters": {"alpha": -1}, "by": "place"},
    {"name": "atkinson", "parameters": {"epsilon": 2}, "by": "place"},
    {"name": "poverty_shortfall", "parameters": {"floor": 20, "alpha": 2}, "by": "place"},
    {"name": "watts", "parameters": {"floor": 20}, "by": "place"},
    {"name": "coefficient_of_variation", "by": "place", "weight": None},
    {"name": "quantile_ratio", "by": "place"},
    {"name": "quantile_share", "parameters": {"form": "s80s20"}, "by": "place"},
    {"name": "wolfson", "convention": "wolfson", "by": "place"},
    {"name": "hoover", "by": "place"},
    {"name": "kolm_pollak", "parameters": {"kappa": 0.05}, "by": "place"},
)


def sail() -> Iterator[str]:
    """Serve with Sail, in this process."""
    engine = pytest.importorskip("pysail.spark", reason="pysail, the stand-in for Spark, is not installed")
    started = engine.SparkConnectServer("127.0.0.1", 0)
    started.start(background=True)
    yield f"sc://localhost:{started.listening_address[1]}"
    started.stop()


def is_sail(remote: str) -> bool:
    return remote.startswith("sc://localhost")


def whole_spark(folder: Path) -> Iterator[str]:
    """Serve with the Spark that the environment names, on this machine alone, as a process of its own."""
    home = Path(os.environ.get(HOME, ""))
    if not os.environ.get(HOME):
        pytest.skip(HOW)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 4,
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.local.dir": folder / "local",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    words = [str(home / "bin" / "spark-submit"), "--master", "local[2]", "--class", SERVER, *options, "spark-internal"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK", "SPARK"))}
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        started = subprocess.Popen(
            words, cwd=folder, stdout=log, stderr=log, env={**clean, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
        )
        try:
            wait_for(port, started, folder / "server.log")
            yield f"sc://127.0.0.1:{port}"
        finally:
            started.terminate()
            started.wait(timeout=PATIENCE)


def wait_for(port: int, started: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers at its port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and started.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"Spark did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="module", params=["sail", pytest.param("whole-spark", marks=pytest.mark.real_spark)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Spark Connect server on this machine, for as long as the tests run."""
    pytest.importorskip("pyspark", reason="the extra [spark] is not installed")
    with pytest.MonkeyPatch.context() as patch:
        # Without a file of its own the main module looks to the client like a run of its doctests, which need the whole of Spark.
        patch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        patch.delenv("SPARK_HOME", raising=False)
        yield from sail() if request.param == "sail" else whole_spark(tmp_path_factory.mktemp("spark"))


@pytest.fixture
def remote(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, named as a person names it."""
    monkeypatch.setenv(REMOTE, server)
    return server


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_spark_gives_the_same_numbers(tmp_path: Path, remote: str, asked: dict[str, Any]) -> None:
    path = tmp_path / "persons.parquet"
    write_parquet(some_persons(rows=3000), path)
    here, there = (
        measure_persons(path, **{"outcome": "x", "weight": "w", **asked}, engine=engine) for engine in ("duckdb", "spark")
    )
    assert here.readings.code.tolist() == there.readings.code.tolist()
    for name in ("value", "se", "lower", "upper"):
        np.testing.assert_allclose(getattr(there.readings, name), getattr(here.readings, name), rtol=1e-9)
    assert [record["group"] for record in there.records()] == [record["group"] for record in here.records()]


def test_faults_are_counted_alike(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "persons.parquet"
    table = {"x": [1.0, np.nan, np.inf, None, 2.0, 3.0], "w": [1.0, 1.0, 1.0, 1.0, 0.0, None], "place": list("aaabbb")}
    write_parquet(table, path)
    for name in ("theil", "gini"):
        asked = {"name": name, "outcome": "x", "weight": "w", "by": "place"}
        assert measure_persons(path, **asked).records() == measure_persons(path, **asked, engine="spark").records()


def test_a_missing_rank_is_counted_alike(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "persons.parquet"
    write_parquet({"x": [1.0, 2.0, 3.0] * 30, "r": [1.0, np.nan, np.inf, 2.0, None, 1.0] * 15, "place": list("aab") * 30}, path)
    assert_alike(path, name="RCI", outcome="x", rank="r", by="place")


def assert_alike(path: Path, **asked: Any) -> None:
    here, there = (measure_persons(path, **asked, engine=engine).records() for engine in ("duckdb", "spark"))
    assert here and here == there


def test_delimited_files_are_read_alike(tmp_path: Path, remote: str) -> None:
    """Missing cells, dates, truths, quoted line ends, another mark between the cells, another way to write dates."""
    rows = [
        (1.5 + i % 7, "NA" if i == 3 else i, f"202{i % 2}-03-04", str(i % 4 < 2).lower(), 'b, "c"' if i % 3 else "a\nd")
        for i in range(40)
    ]
    for name, mark in (("persons.csv", ","), ("persons.tsv", "\t"), ("british.csv", ",")):
        lines = [mark.join(("x", "y", "day", "is", "place"))]
        for x, y, day, is_so, place in rows:
            said = "/".join(reversed(day.split("-"))) if name == "british.csv" else day
            lines.append(mark.join((str(x), str(y), said, is_so, '"' + place.replace('"', '""') + '"')))
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        for by in ("day,is", "place"):
            assert_alike(tmp_path / name, name="mean", outcome="x", by=by)
        assert_alike(tmp_path / name, name="mean", outcome="y", by="is")


def test_times_name_groups_alike(tmp_path: Path, remote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the caller's clock stands."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        lines = ["at,x", *(f"2020-06-01 1{i % 3}:00:00,{i}" for i in range(12))]
        (tmp_path / "persons.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert_alike(tmp_path / "persons.csv", name="mean", outcome="x", by="at")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_folders_are_read_alike(tmp_path: Path, remote: str) -> None:
    """What is no Parquet is passed over, and a folder's name may be a column; Sail takes such a column for text."""
    for year in (2019, 2020):
        folder = tmp_path / "persons" / f"year={year}"
        folder.mkdir(parents=True)
        write_parquet({"x": [1.0, 2.0, float(year)], "place": ["a", "a", "b"]}, folder / "part.parquet")
    (tmp_path / "persons" / "notes.json").write_text("{}", encoding="utf-8")
    assert_alike(tmp_path / "persons", name="mean", outcome="x", by="place")
    if not is_sail(remote):
        assert_alike(tmp_path / "persons", name="mean", outcome="x", by="year,place")


def test_an_ingested_table_is_read_alike(tmp_path: Path, remote: str) -> None:
    """With the names of its groups, by the table's own path and by its folder's, where a list lies beside it."""
    (tmp_path / "raw.csv").write_text("place,x\n" + "b,1\na,2\nb,4\n" * 5, encoding="utf-8")
    made = ingest_persons(tmp_path / "raw.csv", tmp_path / "sorted", sort=("place",))
    for path in (tmp_path / "raw.csv", made.table, made.table.parent):
        assert_alike(path, name="gini", outcome="x", by="place")
        record = measure_persons(path, name="mean", outcome="x", by="place", engine="spark").records()[1]
        assert (record["group"], record["value"]) == ({"place": "b"}, 2.5)


def test_bins_do_not_depend_on_which_rows_come_first(tmp_path: Path, remote: str) -> None:
    """Engines read a folder's files in different orders; levels of one file are ten times those of the other."""
    generator = np.random.default_rng(5)
    for name, rows, low in (("a", 9_000, 1.0), ("b", 21_000, 2.5)):
        x = np.exp(generator.normal(low, 0.1 * low, rows))
        write_parquet({"x": x, "w": generator.uniform(0.5, 1.5, rows), "place": [name] * rows}, tmp_path / f"{name}.parquet")
    for name in ("gini", "quantile_ratio"):
        here, there = (
            measure_persons(tmp_path, name=name, outcome="x", weight="w", by="place", engine=engine).readings
            for engine in ("duckdb", "spark")
        )
        assert here.method == there.method
        np.testing.assert_allclose(there.value, here.value, rtol=1e-9)
        np.testing.assert_allclose(there.se, here.se, rtol=1e-9)


def test_what_cannot_be_read_is_said_without_showing_it(tmp_path: Path, remote: str) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 secret")
    (tmp_path / "notes.docx").write_bytes(b"")
    (tmp_path / "ragged.csv").write_text("x,y\n1,secret\n" + '"2,3\n' * 3, encoding="utf-8")
    for name in ("broken.parquet", "notes.docx", "ragged.csv", "none.parquet"):
        with pytest.raises(InputError) as raised:
            measure_persons(tmp_path / name, name="gini", outcome="x", engine="spark")
        assert "secret" not in str(raised.value) and raised.value.__cause__ is None


def test_without_the_client_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("levelup.store.spark.importlib.import_module", absent)
    with pytest.raises(InputError, match=r"pip install levelup\[spark\]"):
        SparkEngine.connect()


def test_without_a_server_it_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REMOTE, raising=False)
    monkeypatch.setattr("levelup.store.spark.importlib.import_module", lambda name: None)
    with pytest.raises(InputError, match="SPARK_REMOTE"):
        SparkEngine.connect()
