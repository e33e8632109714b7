"""Downloads, against a server on this machine only: whole, taken up again, refused."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from levelup.sources.fetch import Fetched, fetch
from levelup.terms.errors import LevelupError

CONTENT = bytes(range(256)) * 1200
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.ThreadingHTTPServer):
    """A publisher that can be told how to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = CONTENT
        self.tag = '"one"'
        self.cut_at: int | None = None
        self.takes_ranges = True
        self.asked: list[tuple[str, str | None, str | None]] = []

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers by path: the file itself, or one of the ways in which a publisher's site goes wrong."""

    server: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:  # noqa: N802 - the name is the standard library's
        """Answer."""
        self.server.asked.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        self.close_connection = True
        route = self.path.partition("?")[0]
        if route.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif route == "/gone.csv":
            self.send_error(404)
        elif route == "/silent.csv":
            time.sleep(1.0)
        elif route == "/drip.csv":
            self.drip()
        elif route == "/endless.csv":
            self.send_response(200)
            self.end_headers()
            self.write(CONTENT * 4)
        elif route == "/coded.csv":
            self.answer(self.server.content, 200, extra={"Content-Encoding": "gzip"})
        else:
            self.file()

    def write(self, content: bytes) -> None:
        """Send bytes; a caller that has hung up is no fault."""
        try:
            self.wfile.write(content)
        except OSError:
            pass

    def drip(self) -> None:
        """Send a byte now and then."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(40):
            self.write(b"x")
            time.sleep(0.05)

    def file(self) -> None:
        """Send the file, or the part of it that was asked for."""
        wanted = self.headers.get("Range")
        if wanted and self.server.takes_ranges and self.headers.get("If-Range", self.server.tag) == self.server.tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(self.server.content):
                self.send_response(416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            whole = len(self.server.content)
            self.answer(self.server.content[start:], 206, extra={"Content-Range": f"bytes {start}-{whole - 1}/{whole}"})
        else:
            self.answer(self.server.content, 200, extra={})

    def answer(self, content: bytes, status: int, *, extra: dict[str, str]) -> None:
        """Send an answer with its headers."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT")
        if self.server.tag:
            self.send_header("ETag", self.server.tag)
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.write(content if self.server.cut_at is None else content[: self.server.cut_at])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on a free port of loopback; a proxy in the environment is not to be asked for it."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def get(server: Server, folder: Path, path: str = "/data/own.csv", **options: Any) -> Fetched:  # noqa: ANN401 - options of fetch
    return fetch(server.address + path, folder=folder, **{"licence": "OGL-3", "timeout": 5.0, **options})


def refused(server: Server, folder: Path, path: str = "/data/own.csv", **options: Any) -> LevelupError:  # noqa: ANN401
    with pytest.raises(LevelupError) as caught:
        get(server, folder, path, **options)
    assert caught.value.code == "fetch"
    assert caught.value.where.startswith("http")
    return caught.value


def test_a_whole_file_with_its_provenance(server: Server, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    fetched = get(server, tmp_path, expected_sha256=SHA256, progress=lambda done, whole: steps.append((done, whole)))
    assert fetched.path == tmp_path / "own.csv"
    assert fetched.path.read_bytes() == CONTENT
    assert (fetched.sha256, fetched.bytes, fetched.licence) == (SHA256, len(CONTENT), "OGL-3")
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    note = json.loads((tmp_path / "own.csv.provenance.json").read_text(encoding="utf-8"))
    assert note["address"] == fetched.address == f"{server.address}/data/own.csv"
    assert (note["sha256"], note["path"], note["date"], note["last_modified"]) == (
        SHA256,
        "own.csv",
        fetched.date,
        "Mon, 23 Nov 2026 10:00:00 GMT",
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == ["own.csv", "own.csv.provenance.json"]


def test_a_file_that_is_already_there_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    first = get(server, tmp_path, expected_sha256=SHA256)
    assert get(server, tmp_path, expected_sha256=SHA256) == Fetched(
        first.path, SHA256, first.bytes, first.date, "OGL-3", first.address, first.served_from, first.last_modified
    )
    assert len(server.asked) == 1
    get(server, tmp_path)
    assert len(server.asked) == 2


def test_a_cut_download_is_taken_up_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.cut_at = 100_000
    fault = refused(server, tmp_path)
    assert "Got 100,000 of 307,200 bytes" in str(fault)
    assert not (tmp_path / "own.csv").exists()
    server.cut_at = None
    assert get(server, tmp_path).sha256 == SHA256
    assert server.asked[-1][1:] == ("bytes=100000-", '"one"')


def test_a_file_that_changed_meanwhile_is_begun_again(server: Server, tmp_path: Path) -> None:
    server.cut_at = 100_000
    refused(server, tmp_path)
    server.cut_at, server.tag, server.content = None, '"two"', CONTENT[::-1]
    assert get(server, tmp_path).path.read_bytes() == CONTENT[::-1]


def test_a_server_without_ranges_begins_again(server: Server, tmp_path: Path) -> None:
    server.cut_at = 100_000
    refused(server, tmp_path)
    server.cut_at, server.takes_ranges = None, False
    assert get(server, tmp_path).sha256 == SHA256


def test_a_part_longer_than_the_file_is_begun_again(server: Server, tmp_path: Path) -> None:
    server.cut_at = 100_000
    refused(server, tmp_path)
    server.cut_at, server.content = None, CONTENT[:100_000]
    assert get(server, tmp_path).path.read_bytes() == CONTENT[:100_000]


def test_no_resuming_when_told_or_when_nothing_tells_that_the_file_is_the_same(server: Server, tmp_path: Path) -> None:
    server.cut_at = 100_000
    refused(server, tmp_path)
    server.cut_at = None
    get(server, tmp_path, resume=False)
    assert server.asked[-1][1] is None


def test_a_wrong_hash_leaves_nothing(server: Server, tmp_path: Path) -> None:
    fault = refused(server, tmp_path, expected_sha256="0" * 64)
    assert f"must have the expected hash. Got sha256 {SHA256}" in str(fault)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_when_the_new_one_is_wrong(server: Server, tmp_path: Path) -> None:
    get(server, tmp_path)
    server.content = b"replaced"
    refused(server, tmp_path, expected_sha256=SHA256[::-1])
    assert (tmp_path / "own.csv").read_bytes() == CONTENT


def test_too_large_by_the_stated_length_and_while_it_arrives(server: Server, tmp_path: Path) -> None:
    fault = refused(server, tmp_path, max_bytes=1000)
    assert "file must be at most 0.0 MB. Got 0.3 MB or more" in str(fault)
    assert "file must be at most 0.1 MB" in str(refused(server, tmp_path, "/endless.csv", max_bytes=100_000))
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("path", ["/silent.csv", "/drip.csv"])
def test_no_answer_in_time(server: Server, tmp_path: Path, path: str) -> None:
    started = time.monotonic()
    fault = refused(server, tmp_path, path, timeout=0.3)
    assert "server must answer within 0.3 seconds" in str(fault)
    assert time.monotonic() - started < 10


def test_a_server_that_has_no_such_file(server: Server, tmp_path: Path) -> None:
    assert "server must have the file. Got status 404" in str(refused(server, tmp_path, "/gone.csv"))


def test_a_coded_answer_is_refused(server: Server, tmp_path: Path) -> None:
    assert "server must send the file as it is" in str(refused(server, tmp_path, "/coded.csv"))


def test_a_closed_door(tmp_path: Path) -> None:
    with pytest.raises(LevelupError, match="connection must hold") as caught:
        fetch("http://127.0.0.1:9/own.csv", folder=tmp_path, licence="OGL-3", timeout=2.0)
    assert caught.value.code == "fetch"


def test_redirects_on_this_machine_are_followed(server: Server, tmp_path: Path) -> None:
    fetched = get(server, tmp_path, f"/to/{server.address}/data/own.csv")
    assert (fetched.path.read_bytes(), fetched.served_from) == (CONTENT, f"{server.address}/data/own.csv")


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("file:///etc/hostname", "server must have the file. Got status 302"),
        ("ftp://127.0.0.1/own.csv", "address must begin with https://. Got ftp://"),
        ("http://publisher.invalid/own.csv", "address must begin with https://. Got http://"),
    ],
)
def test_redirects_elsewhere_are_refused(server: Server, tmp_path: Path, target: str, rule: str) -> None:
    with pytest.raises(LevelupError, match=rule) as caught:
        get(server, tmp_path, f"/to/{target}")
    assert caught.value.code == "fetch"
    assert list(tmp_path.iterdir()) == []


def test_a_circle_of_redirects_ends(server: Server, tmp_path: Path) -> None:
    fault = refused(server, tmp_path, f"/to/{server.address}/to/{server.address}/to/" * 6 + "x")
    assert fault.code == "fetch"


@pytest.mark.parametrize(
    "address",
    [
        "http://publisher.invalid/own.csv",
        "file:///own.csv",
        "ftp://publisher.invalid/own.csv",
        "own.csv",
        "",
        "https:///own.csv",
        "https://user:secret@publisher.invalid/own.csv",
        "https://publisher.invalid/a b",
        "http://[::1",
        "data:,x",
        "http://127.0.0.1:x/a",
    ],
)
def test_other_addresses_are_refused_before_anything_is_opened(tmp_path: Path, address: str) -> None:
    with pytest.raises(LevelupError) as caught:
        fetch(address, folder=tmp_path / "new", licence="OGL-3")
    assert caught.value.code == "fetch"
    assert "secret" not in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_malformed_hash_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LevelupError, match="64 hexadecimal digits"):
        fetch("https://publisher.invalid/own.csv", folder=tmp_path, licence="OGL-3", expected_sha256="abc")


def test_names_of_files_stay_in_the_folder(server: Server, tmp_path: Path) -> None:
    assert get(server, tmp_path, "/a/..%2F..%2Fown%00.csv").path == tmp_path / "_.._own_.csv"
    assert get(server, tmp_path, "/").path == tmp_path / "download"


def test_a_folder_that_is_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    assert "folder that can be written to" in str(refused(server, tmp_path / "taken"))
