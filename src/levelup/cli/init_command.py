"""`levelup init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--county", required=True, metavar="CODE", help="GSS code of the place to report on, for example E10000012.")
@click.option("--title", default="", help="What the report calls it; by default the place's name.")
@JSON_OPTION
def command(folder: Path, county: str, title: str, *, as_json: bool) -> None:
    """Start a workspace for a county in FOLDER.

    It holds the public figures that come with the package and a `levelup.toml` you can edit: comparators, windows, the
    order of places, colours, and named patches.

    \b
    Example:  levelup init essex --county E10000012
    """
    workspace = Workspace.init(folder, county=county, title=title)
    if as_json:
        print_json({"workspace": str(workspace.folder), "county": county})
        return
    click.echo(f"Made {workspace.folder / 'levelup.toml'}.")
    click.echo(f"Next: levelup import {folder} YOUR-TABLE.xlsx   or   levelup report {folder} --out report")
