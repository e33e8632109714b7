"""`levelup verify`: whether every published number is what the releases give."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace


@click.command("verify")
@click.argument("run", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Where the workspace is now, if it was moved.",
)
@JSON_OPTION
def command(run: Path, workspace: Path | None, *, as_json: bool) -> None:
    """Recompute every published number of the report that RUN (its run.json) describes, from the releases it names.

    Pages, paper, tables and data are made again and compared file by file; any difference is named and the exit code is 2.
    """
    with progress_bar(quiet=as_json) as progress:
        result = Workspace.verify(run, workspace=workspace, progress=progress)
    if as_json:
        print_json(result.as_dict())
        return
    click.echo(result.words)
