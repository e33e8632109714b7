"""The write lock: one process at a time may add a release, and the lock ends with the process that holds it."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType

from levelup.terms.errors import StoreError

_FAR = 1 << 20
"""Where the locked byte lies on Windows: past the text, which others must be able to read."""


class WriteLock:
    """Holds `write.lock` in a store's folder; entering it while another process does is a `StoreError` that names the holder."""

    __slots__ = ("_handle", "path")

    def __init__(self, root: Path) -> None:
        self.path = root / "write.lock"
        self._handle = -1

    def __enter__(self) -> WriteLock:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _seize(handle)
        except OSError as fault:
            holder = os.read(handle, 200).decode("utf-8", "replace").strip()
            os.close(handle)
            raise StoreError(
                "only one process at a time may write a store",
                got=f"a lock held by {holder or 'another process'}",
                where=self.path.name,
                next="Wait until it has finished and run the same command again; nothing was written.",
            ) from fault
        self._handle = handle
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} since {datetime.now():%Y-%m-%d %H:%M}\n".encode())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.ftruncate(self._handle, 0)
        os.close(self._handle)
        self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
