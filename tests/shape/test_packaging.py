"""What is installed: the locked requirements, the version, and everything the package needs at run time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import levelup
from tests.shape.tree import ROOT, text_of

PROJECT = tomllib.loads(text_of("pyproject.toml"))["project"]
LOCKED = re.compile(r"^([a-z0-9][a-z0-9.\-]*)==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~ ;\[]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def locked(file: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in LOCKED.findall(text_of(f"requirements/{file}.txt")):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("file", ["run", "dev", "spark"])
def test_every_locked_requirement_has_its_hashes(file: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text_of(f"requirements/{file}.txt").strip())
    assert blocks
    assert not [block.split("\n")[0] for block in blocks if not LOCKED.match(block) or not HASH.search(block)]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    run, dev = locked("run"), locked("dev")
    assert {name_of(item) for item in PROJECT["dependencies"]} <= set(run)
    assert {name_of(item) for item in PROJECT["optional-dependencies"]["dev"]} <= set(dev)
    assert {name: dev.get(name) for name in run} == run
    spark = locked("spark")
    assert {"pyspark-client", "pysail"} <= set(spark)
    assert {name: spark[name] for name in dev if name in spark} == {name: dev[name] for name in dev if name in spark}


def test_the_changelog_opens_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == levelup.__version__


def test_a_wheel_holds_everything_the_package_needs(tmp_path: Path) -> None:
    """Every committed file of the package is in the wheel, so that an installed copy is as whole as a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    package = [path for path in listed if (ROOT / path).is_file()]
    for path in (*package, "pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / "copy" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / "copy" / path)
    build = "from setuptools import build_meta; build_meta.build_wheel('../wheels')"
    (tmp_path / "wheels").mkdir()
    subprocess.run([sys.executable, "-c", build], check=True, capture_output=True, cwd=tmp_path / "copy")
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        entry = archive.read(next(name for name in held if name.endswith("entry_points.txt"))).decode()
    assert not {str(Path(path).relative_to("src")) for path in package} - held
    assert "levelup = levelup.cli.main:main" in entry
