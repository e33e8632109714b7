"""Shows a finished report in a browser on this machine: files only, loopback only, no log of who read what."""

from __future__ import annotations

import functools
import http.server
from pathlib import Path

from levelup.terms.errors import InputError

LOOPBACK = "127.0.0.1"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps no log."""

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def make_server(report: Path, *, port: int = 8000) -> http.server.ThreadingHTTPServer:
    """Return a server of one report's files, bound to loopback and not yet running.

    Parameters
    ----------
    report : Path
        The report's folder.
    port : int
        Port on this machine; 0 takes a free one.

    Raises
    ------
    InputError
        The folder holds no report, or the port is taken.
    """
    if not (report / "index.html").is_file():
        raise InputError(
            "REPORT must be the folder of a finished report",
            got=f"no index.html in {report}",
            next=f"Make one with `levelup report WORKSPACE --out {report}`.",
            code="file-missing",
        )
    handler = functools.partial(QuietHandler, directory=str(report))
    try:
        return http.server.ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError as fault:
        raise InputError(
            "the port must be free", got=str(port), where="--port", next="Name another, or 0 for any free one."
        ) from fault
