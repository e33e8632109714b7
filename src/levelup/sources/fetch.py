"""Downloads from publishers' addresses: the only code here that uses the network, and only when a person asks."""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import os
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from levelup import __version__
from levelup.terms.errors import LevelupError
from levelup.terms.table import SIZE_LIMIT

_BLOCK = 1 << 16
_MOST_REDIRECTS = 5
_SLOWEST = 1024
"""Fewer bytes than this within the timeout count as no answer: a server may not drip for ever."""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file and where it came from; the same stands beside it in a file of JSON.

    `date` is the moment the download was complete, in UTC.
    """

    path: Path
    sha256: str
    bytes: int
    date: str
    licence: str
    address: str
    served_from: str = ""
    last_modified: str = ""


def fetch(
    address: str,
    *,
    folder: Path,
    licence: str,
    expected_sha256: str | None = None,
    max_bytes: int = SIZE_LIMIT,
    timeout: float = 30.0,
    progress: Progress | None = None,
    resume: bool = True,
) -> Fetched:
    """Download one file, whole and checked, with its provenance beside it.

    Parameters
    ----------
    address : str
        An https address, or http on this machine's loopback. Redirects may not leave these, nor lead from outside to loopback.
    folder : Path
        Where the file goes, under the last part of its address.
    licence : str
        The licence the publisher gives it under; recorded.
    expected_sha256 : str or None
        The hash the file must have; a file already there that has it is not downloaded again.
    max_bytes : int
        The largest size accepted, checked against the stated length and while bytes arrive.
    timeout : float
        Seconds to wait for a connection, and without 1,024 bytes arriving, before giving up.
    progress : callable or None
        Called with the bytes so far and the whole length where it is known.
    resume : bool
        Whether to take up a download that broke off, where the server can say that the file has not changed.

    Returns
    -------
    Fetched
        The file appears under its name only when it is complete and its hash is right.

    Raises
    ------
    LevelupError
        With code 'fetch': the address is not allowed, the server refused, the file is too large, time ran out, the connection
        broke or the hash is wrong. A broken download is kept for the next try.
    """
    _check_address(address, origin=address)
    wanted = expected_sha256.lower() if expected_sha256 else None
    if wanted is not None and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise _error("expected hash must be 64 hexadecimal digits", address, got=repr(expected_sha256)[:80])
    target = folder / _file_name(address)
    held = _held(target, address, wanted)
    if held is not None:
        return held
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _download(_Order(address, target, licence, wanted, max_bytes, timeout, progress), resume=resume)
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, ssl.SSLError, ConnectionError, ValueError) as fault:
        raise _network_error(fault, address, timeout) from fault
    except OSError as fault:
        raise _error(
            "file must be written to a folder that can be written to", address, got=fault.strerror or type(fault).__name__
        ) from fault


@dataclass(frozen=True, slots=True)
class _Order:
    address: str
    target: Path
    licence: str
    sha256: str | None
    max_bytes: int
    timeout: float
    progress: Progress | None

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def note(self) -> Path:
        return self.target.with_name(self.target.name + ".part.json")


def _error(rule: str, address: str, *, got: str = "", next: str = "") -> LevelupError:
    return LevelupError(rule, got=got, where=_shown(address), next=next, code="fetch")


def _shown(address: str) -> str:
    """Return an address for a message: without user, password and query, which may hold secrets."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"[:200]
    except ValueError:
        return "the address"


def _network_error(fault: BaseException, address: str, timeout: float) -> LevelupError:
    reason = getattr(fault, "reason", fault)
    if isinstance(fault, TimeoutError) or isinstance(reason, TimeoutError):
        return _error(
            f"server must answer within {timeout:g} seconds", address, got="no answer", next="Try again; what arrived is kept."
        )
    if isinstance(fault, urllib.error.HTTPError):
        return _error(
            "server must have the file", address, got=f"status {fault.code}", next="Check the address with the publisher."
        )
    return _error(
        "connection must hold",
        address,
        got=str(reason)[:120] or type(fault).__name__,
        next="Check the connection and try again; what arrived is kept.",
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(address: str, *, origin: str) -> None:
    """Refuse an address that is not https (or http on loopback), or that leads from outside to this machine."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        local_origin = _is_loopback(urlsplit(origin).hostname or "")
    except ValueError as fault:
        raise _error("address must be a web address", address, got="something else") from fault
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise _error("address must begin with https://", address, got=f"{parts.scheme or 'no scheme'}://")
    if not host or parts.username is not None or parts.password is not None or re.search(r"[\s\x00-\x1f]", address):
        raise _error("address must name a host, and no user or password", address)
    if _is_loopback(host) and not local_origin:
        raise _error("a redirect must not lead to this machine", address)


def _file_name(address: str) -> str:
    last = unquote(urlsplit(address).path.rpartition("/")[2])
    name = re.sub(r"[^\w.\-() ]", "_", last).strip(" .")[:150]
    return name or "download"


def _side_file(target: Path) -> Path:
    return target.with_name(target.name + ".provenance.json")


def _held(target: Path, address: str, wanted: str | None) -> Fetched | None:
    """Return the file already there, where it has the expected hash and a note of the same address."""
    if wanted is None or not target.is_file():
        return None
    try:
        note = json.loads(_side_file(target).read_text(encoding="utf-8"))
        if note.get("address") != address or _hash_of(target) != wanted:
            return None
        fields = {name: str(note.get(name, "")) for name in ("date", "licence", "served_from", "last_modified")}
        return Fetched(path=target, sha256=wanted, bytes=target.stat().st_size, address=address, **fields)
    except (OSError, ValueError, AttributeError):
        return None


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to allowed addresses only."""

    max_redirections = _MOST_REDIRECTS

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        try:
            _check_address(newurl, origin=self.origin)
            if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
                raise _error("a redirect must not leave https", newurl)
        except LevelupError:
            fp.close()
            raise
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            for name in ("Range", "If-range"):
                if req.has_header(name):
                    following.add_header(name, str(req.get_header(name)))
        return following


def _opener(address: str) -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https and nothing else; proxies come from the environment, never for loopback."""
    opener = urllib.request.OpenerDirector()
    local = _is_loopback(urlsplit(address).hostname or "")
    for handler in (
        urllib.request.ProxyHandler({} if local else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(address),
    ):
        opener.add_handler(handler)
    return opener


def _download(order: _Order, *, resume: bool) -> Fetched:
    start, validator = _left_over(order) if resume else (0, "")
    headers = {"User-Agent": f"levelup/{__version__}", "Accept-Encoding": "identity", "Accept": "*/*"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if validator:
            headers["If-Range"] = validator
    request = urllib.request.Request(order.address, headers=headers)
    try:
        answer = _opener(order.address).open(request, timeout=order.timeout)
    except urllib.error.HTTPError as fault:
        fault.close()
        if fault.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            _forget(order)
            return _download(order, resume=False)
        raise
    with answer:
        if start and answer.status == http.client.PARTIAL_CONTENT:
            match = re.fullmatch(r"bytes (\d+)-\d+/(?:\d+|\*)", answer.headers.get("Content-Range", ""))
            if match is None or int(match.group(1)) != start:
                _forget(order)
                raise _error("server must send the part that was asked for", order.address, got="another part", next="Try again.")
        elif answer.status != http.client.OK:
            raise _error("server must have the file", order.address, got=f"status {answer.status}")
        else:
            start = 0
        length = _length(answer, start, order)
        _write_note(order, answer)
        received = _receive(order, answer, start, length)
    if length is not None and received < length:
        raise _error(
            "connection must hold to the end",
            order.address,
            got=f"{received:,} of {length:,} bytes",
            next="Try again; what arrived is kept.",
        )
    return _finish(order, answer)


def _left_over(order: _Order) -> tuple[int, str]:
    """Return how much of a broken download can be built on, and what tells whether the file has changed since."""
    try:
        note = json.loads(order.note.read_text(encoding="utf-8"))
        size = order.part.stat().st_size
    except (OSError, ValueError):
        return 0, ""
    if not isinstance(note, dict) or note.get("address") != order.address or not 0 < size <= order.max_bytes:
        return 0, ""
    validator = str(note.get("validator", ""))
    return (size, validator) if validator or order.sha256 else (0, "")


def _forget(order: _Order) -> None:
    order.part.unlink(missing_ok=True)
    order.note.unlink(missing_ok=True)


def _length(answer: Any, start: int, order: _Order) -> int | None:  # noqa: ANN401 - the type of an opened address is not public
    """Return the whole length where it is stated, refusing one over the bound and any coding of the content."""
    if answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise _error("server must send the file as it is", order.address, got="a coded one")
    stated = answer.headers.get("Content-Length")
    if stated is None:
        return None
    if not re.fullmatch(r"\d{1,18}", stated):
        raise _error("server must state the length as a number", order.address)
    length = start + int(stated)
    if length > order.max_bytes:
        raise _too_large(order, length)
    return length


def _too_large(order: _Order, length: int) -> LevelupError:
    return _error(
        f"file must be at most {order.max_bytes / 1e6:,.1f} MB", order.address, got=f"{length / 1e6:,.1f} MB or more",
        next="Allow more with a larger bound if the publisher's file is that large.",
    )  # fmt: skip


def _write_note(order: _Order, answer: Any) -> None:  # noqa: ANN401 - see _length
    """Keep beside the part what a later try needs to know that the file is still the same."""
    tag = answer.headers.get("ETag", "")
    strong = tag if tag and not tag.startswith("W/") else ""
    note = {"address": order.address, "validator": strong or answer.headers.get("Last-Modified", "")}
    order.note.write_text(json.dumps(note), encoding="utf-8")


def _receive(order: _Order, answer: Any, start: int, length: int | None) -> int:  # noqa: ANN401 - see _length
    """Write what arrives to the part file; return how much there is then."""
    received = start
    window, since = 0, time.monotonic()
    with order.part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        while block := answer.read1(_BLOCK):
            received += len(block)
            if received > order.max_bytes:
                file.close()
                _forget(order)
                raise _too_large(order, received)
            file.write(block)
            window += len(block)
            now = time.monotonic()
            if now - since > order.timeout:
                if window < _SLOWEST and (length is None or received < length):
                    raise TimeoutError
                window, since = 0, now
            if order.progress is not None:
                order.progress(received, length)
        file.flush()
        os.fsync(file.fileno())
    return received


def _finish(order: _Order, answer: Any) -> Fetched:  # noqa: ANN401 - see _length
    """Check the hash, give the file its name, and write its provenance beside it."""
    sha256 = _hash_of(order.part)
    if order.sha256 is not None and sha256 != order.sha256:
        _forget(order)
        raise _error(
            "file must have the expected hash", order.address, got=f"sha256 {sha256}",
            next="The publisher may have replaced it: check, then state the new hash.",
        )  # fmt: skip
    fetched = Fetched(
        path=order.target, sha256=sha256, bytes=order.part.stat().st_size, date=datetime.now(UTC).isoformat(timespec="seconds"),
        licence=order.licence, address=order.address, served_from=_shown(answer.url),
        last_modified=answer.headers.get("Last-Modified", ""),
    )  # fmt: skip
    side = _side_file(order.target)
    side.unlink(missing_ok=True)
    os.replace(order.part, order.target)
    fresh = side.with_name(side.name + ".new")
    fresh.write_text(
        json.dumps({**asdict(replace(fetched, path=Path(order.target.name))), "path": order.target.name}, indent=2) + "\n",
        encoding="utf-8",
    )
    os.replace(fresh, side)
    order.note.unlink(missing_ok=True)
    return fetched
