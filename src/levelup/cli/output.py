"""How commands speak: JSON for machines, words and progress for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
WORKSPACE_ARGUMENT = click.argument("workspace", type=click.Path(path_type=Path, file_okay=False))


def print_json(record: Any) -> None:
    """Print a record as JSON; a NaN in it is a fault and raises ValueError."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False))


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Show a bar on standard error while the block runs; the callable takes what is being done and the share done (0 to 1).

    Where standard error is no terminal, each new step is a line instead.
    """
    if quiet:
        yield lambda label, share: None
        return
    if not sys.stderr.isatty():
        said: list[str] = []

        def line(label: str, share: float) -> None:
            if label not in said:
                said.append(label)
                click.echo(f"  {100 * share:3.0f}%  {label}", err=True)

        yield line
        return
    with click.progressbar(length=1000, file=sys.stderr, show_eta=True, show_percent=True, width=30) as bar:

        def step(label: str, share: float) -> None:
            bar.label = f"{label:<34}"
            bar.update(max(0, round(1000 * share) - bar.pos))

        yield step
