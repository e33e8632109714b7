"""A process killed at any moment of an import leaves the store as it was, or as it was to become, and nothing between.

The child below counts every call that touches the disk and kills itself, uncatchably, at the one it is told to; a second test
kills from outside at moments nobody chose.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from levelup.store.addition import write_observations
from levelup.store.store import Store
from tests.store.conftest import table

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys
from pathlib import Path
from levelup.store import addition, engine, release
from levelup.store.store import Store
from tests.store.test_kill import rows
from tests.store.conftest import table

left = int(sys.argv[2])

def counted(call):
    def wrapper(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapper

store = Store.open(sys.argv[1])
for name in ("open", "fsync", "rename", "replace", "mkdir", "unlink", "rmdir", "ftruncate", "write"):
    setattr(os, name, counted(getattr(os, name)))
for name in ("open", "write_text", "read_text", "iterdir", "stat"):
    setattr(Path, name, counted(getattr(Path, name)))
engine.Engine.run = counted(engine.Engine.run)
engine.Engine.rows = counted(engine.Engine.rows)
addition.write_observations(store, dataset="own", observations=table(rows(2)), title="Own", imported="2026-11-23")
if left > 0:
    print(left)
"""
KILLS = 30


def rows(step: int) -> list[tuple[object, ...]]:
    return [
        ("pay", f"E0700{place:04d}", "all", f"{year}-04-01/P1Y", float(place * step + year))
        for place in range(60)
        for year in range(2004, 2024)
    ]


def state(root: Path) -> tuple[tuple[str, ...], float, int]:
    """Open a store from nothing, check every hash, and ask it one question."""
    store = Store.open(root)
    verified = store.verify()
    answer = store.columns(f"select sum(value) as total, count(*) as n from {store.table_sql('observations')}")
    current = tuple(release.reference for release in store.releases())
    assert set(current) <= {release.reference for release in verified}
    return current, float(answer["total"][0]), int(answer["n"][0])


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[object, ...], tuple[object, ...]]:
    """A store before the import, and what it answers before and after."""
    before = tmp_path_factory.mktemp("kill") / "before"
    store = Store.create(before)
    write_observations(store, dataset="own", observations=table(rows(1)), title="Own", imported="2026-11-01")
    after = before.parent / "after"
    shutil.copytree(before, after)
    write_observations(Store.open(after), dataset="own", observations=table(rows(2)), title="Own", imported="2026-11-23")
    old, new = state(before), state(after)
    assert old != new
    return before, old, new


def start(root: Path, at: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.Popen([sys.executable, "-c", CHILD, str(root), str(at)], env=environment, stdout=subprocess.PIPE, text=True)


def steps(before: Path, folder: Path) -> int:
    """Return how many counted calls a whole import makes."""
    shutil.copytree(before, folder)
    child = start(folder, 1_000_000)
    out, _ = child.communicate(timeout=120)
    return 1_000_000 - int(out)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX systems")
def test_killed_at_every_kind_of_moment_the_store_is_whole(states: tuple[Path, object, object], tmp_path: Path) -> None:
    before, old, new = states
    total = steps(before, tmp_path / "whole")
    assert total > 40
    moments = sorted({round(1 + position * (total - 1) / (KILLS - 1)) for position in range(KILLS)})
    seen = set()
    for start_at in range(0, len(moments), 2):
        batch = [(at, tmp_path / f"killed-{at}") for at in moments[start_at : start_at + 2]]
        children = []
        for at, folder in batch:
            shutil.copytree(before, folder)
            children.append(start(folder, at))
        for (at, folder), child in zip(batch, children, strict=True):
            child.communicate(timeout=120)
            assert child.returncode == -signal.SIGKILL, f"step {at} of {total} was never reached"
            found = state(folder)
            assert found in (old, new), f"killed at step {at} of {total}"
            seen.add("old" if found == old else "new")
            again = write_observations(
                Store.open(folder), dataset="own", observations=table(rows(2)), title="Own", imported="2026-11-23"
            )
            assert again.is_new == (found == old)
            assert state(folder) == new
            assert not (folder / ".staging").exists()
    assert seen == {"old", "new"}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX systems")
def test_killed_from_outside_at_random_moments_the_store_is_whole(states: tuple[Path, object, object], tmp_path: Path) -> None:
    before, old, new = states
    chance = random.Random(20261123)
    for turn in range(6):
        folder = tmp_path / f"random-{turn}"
        shutil.copytree(before, folder)
        child = start(folder, 1_000_000)
        time.sleep(chance.uniform(0.15, 0.6))
        child.kill()
        child.communicate(timeout=120)
        assert state(folder) in (old, new)
