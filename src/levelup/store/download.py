"""A published file from its publisher's address, as the catalogue names it, into a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from levelup.catalogue.load import load_catalogue
from levelup.sources.fetch import fetch
from levelup.terms.errors import InputError


def download_source(
    source: str,
    *,
    folder: Path,
    address: str = "",
    sha256: str = "",
    max_bytes: int,
    timeout: float,
    progress: Callable[[str, float], None],
) -> dict[str, Any]:
    """Download a source's file from its publisher's address, or from another that is named.

    Raises
    ------
    InputError
        The catalogue has no such source; or as `levelup.sources.fetch.fetch`.
    """
    catalogue = load_catalogue()
    if source not in catalogue.sources:
        raise InputError("SOURCE must be one of the catalogue's", got=source, next=f"Use one of: {', '.join(catalogue.sources)}.")
    entry = catalogue.sources[source]
    fetched = fetch(
        address or entry.address,
        folder=folder,
        expected_sha256=sha256 or None,
        licence=catalogue.licences[entry.licence].name,
        max_bytes=max_bytes,
        timeout=timeout,
        progress=lambda done, total: progress(f"Fetching {source}", done / total if total else 0.0),
    )
    return {key: str(value) if isinstance(value, Path) else value for key, value in asdict(fetched).items()}
