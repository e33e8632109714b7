"""Person tables over Spark Connect: the same steps give the same numbers; Sail stands in for a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.store.spark import REMOTE, SparkEngine
from levelup.terms.errors import InputError
from tests.measures.persons import some_persons

pytestmark = pytest.mark.filterwarnings("ignore")

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
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A Spark Connect server on this machine, for as long as the tests run."""
    pytest.importorskip("pyspark", reason="the extra [spark] is not installed")
    sail = pytest.importorskip("pysail.spark", reason="pysail, the stand-in for Spark, is not installed")
    started = sail.SparkConnectServer("127.0.0.1", 0)
    started.start(background=True)
    with pytest.MonkeyPatch.context() as patch:
        # Without a file of its own the main module looks to the client like a run of its doctests, which need the whole of Spark.
        patch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        yield f"sc://localhost:{started.listening_address[1]}"
    started.stop()


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_spark_gives_the_same_numbers(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    monkeypatch.setenv(REMOTE, server)
    path = tmp_path / "persons.parquet"
    write_parquet(some_persons(rows=3000), path)
    here, there = (
        measure_persons(path, **{"outcome": "x", "weight": "w", **asked}, engine=engine) for engine in ("duckdb", "spark")
    )
    assert here.readings.code.tolist() == there.readings.code.tolist()
    for name in ("value", "se", "lower", "upper"):
        np.testing.assert_allclose(getattr(there.readings, name), getattr(here.readings, name), rtol=1e-9)
    assert [record["group"] for record in there.records()] == [record["group"] for record in here.records()]


def test_faults_are_counted_alike(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REMOTE, server)
    path = tmp_path / "persons.parquet"
    table = {"x": [1.0, np.nan, np.inf, None, 2.0, 3.0], "w": [1.0, 1.0, 1.0, 1.0, 0.0, None], "place": list("aaabbb")}
    write_parquet(table, path)
    for name in ("theil", "gini"):
        asked = {"name": name, "outcome": "x", "weight": "w", "by": "place"}
        assert measure_persons(path, **asked).records() == measure_persons(path, **asked, engine="spark").records()


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
