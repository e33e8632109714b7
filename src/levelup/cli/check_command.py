"""`levelup check`: whether everything is in order."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("check")
@click.argument("workspace", type=click.Path(path_type=Path, file_okay=False), required=False)
@JSON_OPTION
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, *, as_json: bool) -> None:
    """Check the catalogue and, where one is named, WORKSPACE: settings, releases and their hashes, guard rails.

    The exit code is 2 when anything fails, so that a scheduler can watch it.
    """
    faults = Workspace.check_catalogue() if workspace is None else Workspace.open(workspace).check()
    if as_json:
        print_json({"faults": list(faults), "passed": not faults})
    else:
        for fault in faults:
            click.echo(f"- {fault}")
        click.echo("Everything checked is in order." if not faults else f"{len(faults)} fault(s) found.")
    ctx.exit(2 if faults else 0)
