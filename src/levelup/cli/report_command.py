"""`levelup report`: the main job."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, WORKSPACE_ARGUMENT, print_json, progress_bar
from levelup.workspace import Workspace


@click.command("report")
@WORKSPACE_ARGUMENT
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write the report to.")
@click.option("--as-at", default="", metavar="DATE", help="The date the report carries; by default today.")
@JSON_OPTION
def command(workspace: Path, out: Path, as_at: str, *, as_json: bool) -> None:
    """Write WORKSPACE's report: site, committee paper, tables, open data, verdicts, and what it all rests on.

    OUT then holds index.html and the site, committee.docx, tables.xlsx, data/ (CSV, Parquet, CSVW), verdicts.json and
    run.json. An earlier report in OUT is replaced whole; a folder that holds anything else is left alone.
    """
    with progress_bar(quiet=as_json) as progress:
        result = Workspace.open(workspace).report(out, as_at=as_at, progress=progress)
    if as_json:
        print_json(result.as_dict())
        return
    click.echo(result.words)
