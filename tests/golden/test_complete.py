"""Every reference value is looked at by some test of this folder, or it is said why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.golden.tables import CLEAN, NOTES, all_expected

HERE = Path(__file__).parent


def is_explained(key: tuple[str, ...], explained: list[dict[str, Any]]) -> bool:
    """Return whether a line of the list names the value's package, the beginning of its measure and its statistic."""
    package, _, measure, _, stat = key
    return any(
        item["package"] == package and measure.startswith(item["measure"]) and (not item["stats"] or stat in item["stats"])
        for item in explained
    )


def test_every_reference_value_is_matched_or_explained(tmp_path: Path) -> None:
    """Run the other tests of the folder in a process of their own, and hold what they looked at against the files."""
    notes = tmp_path / "notes"
    notes.touch()
    call = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(HERE), f"--ignore={__file__}"]
    done = subprocess.run(call, env={**os.environ, NOTES: str(notes)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    seen = {tuple(json.loads(line)) for line in notes.read_text(encoding="utf-8").splitlines()}
    explained = yaml.safe_load((HERE / "explained.yaml").read_text(encoding="utf-8"))
    shared = HERE.parents[1] / ".." / "shared" / "reference"
    files = [CLEAN / "expected_clean.csv", *(path for path in shared.glob("*/expected_*.csv") if path.parent.name != "clean")]
    missing = [key for path in files for key in all_expected(path) if key not in seen and not is_explained(key, explained)]
    assert not missing, f"{len(missing)} reference values that no test looks at, the first of them: {missing[:10]}"
