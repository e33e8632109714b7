"""The preview: a report's files on loopback, and nothing else."""

from __future__ import annotations

import threading
import urllib.request
from pathlib import Path

import pytest

from levelup.publish.preview import make_server
from levelup.terms.errors import InputError


def test_a_report_is_shown_on_loopback_only(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>hello</p>", encoding="utf-8")
    with make_server(tmp_path, port=0) as server:
        assert server.server_address[0] == "127.0.0.1"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_address[1]}/", timeout=10) as answer:
            assert b"hello" in answer.read()
        server.shutdown()
        thread.join(timeout=10)


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="finished report"):
        make_server(tmp_path, port=0)


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x", encoding="utf-8")
    with make_server(tmp_path, port=0) as first, pytest.raises(InputError, match="port must be free"):
        make_server(tmp_path, port=first.server_address[1])
