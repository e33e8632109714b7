"""`levelup fetch`: a publisher's file."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace


@click.command("fetch")
@click.argument("source")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("downloads"),
    show_default=True,
    help="Folder to put it in.",
)
@click.option("--address", default="", help="Another address than the catalogue's.")
@click.option("--sha256", default="", help="The hash the file must have.")
@click.option("--max-megabytes", default=200, show_default=True, help="The largest file to accept.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds without an answer before giving up.")
@JSON_OPTION
def command(source: str, into: Path, address: str, sha256: str, max_megabytes: int, timeout: float, *, as_json: bool) -> None:
    """Download the file of SOURCE (an id of the catalogue) from its publisher, with its hash, date and licence.

    This is the only command that uses the network. A broken download is taken up where it stopped.
    """
    with progress_bar(quiet=as_json) as progress:
        fetched = Workspace.fetch(
            source,
            folder=into,
            address=address,
            sha256=sha256,
            max_bytes=max_megabytes * 1_000_000,
            timeout=timeout,
            progress=progress,
        )
    if as_json:
        print_json(fetched)
        return
    click.echo(f"Wrote {fetched['path']} ({fetched['bytes']:,} bytes, sha256 {fetched['sha256'][:16]}).")
    click.echo(f"Licence: {fetched['licence']}. Next: levelup import WORKSPACE {fetched['path']} --source {source}")
