"""`levelup serve`: a finished report in a browser."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path

import click


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps no log of who read what."""

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@click.command("serve")
@click.argument("report", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
def command(report: Path, port: int) -> None:
    """Show the finished report in folder REPORT at an address that only this machine can open."""
    if not (report / "index.html").is_file():
        raise click.ClickException(f"{report} holds no index.html. Make a report first: levelup report WORKSPACE --out {report}")
    handler = functools.partial(QuietHandler, directory=str(report))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        click.echo(f"Open http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C stops it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")
