"""`levelup demo`: the bundled Essex report."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("levelup-demo"),
    show_default=True,
    help="Folder to write to.",
)
@JSON_OPTION
def command(out: Path, *, as_json: bool) -> None:
    """Make the bundled Essex report and say where to open it.

    Copies a small workspace of published figures for Essex into OUT/workspace, writes the report into OUT/report, and prints
    what it found. No network is needed.
    """
    with progress_bar(quiet=as_json) as progress:
        workspace = Workspace.demo(out / "workspace")
        result = workspace.report(out / "report", progress=progress)
    if as_json:
        print_json(result.as_dict())
        return
    click.echo(result.words)
