"""`levelup serve`: a finished report in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("serve")
@click.argument("report", type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", default=8000, show_default=True, help="Port on this machine; 0 takes a free one.")
@JSON_OPTION
def command(report: Path, port: int, *, as_json: bool) -> None:
    """Show the finished report in folder REPORT at an address that only this machine can open.

    The pages also open without a server: open index.html in a browser. Nobody else can reach this address, and no
    record is kept of what is read.

    \b
    Example:  levelup serve build/essex/report
    """
    with Workspace.serve(report, port=port) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        if as_json:
            print_json({"address": address})
        else:
            click.echo(f"Open {address}  (Ctrl-C stops it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
