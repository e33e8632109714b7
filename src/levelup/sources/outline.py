"""Outlines of places from a GeoJSON file, packed or not: code, name and geometry as text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from levelup.terms.errors import InputError

LARGEST_TEXT = 1 << 28
"""What a packed file may unpack to, 256 MiB."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One place's outline: its code, its name, and its geometry as GeoJSON text in degrees of longitude and latitude."""

    code: str
    name: str
    geometry: str


def read_outlines(path: Path, *, code: Sequence[str], name: Sequence[str], decimals: int = 5) -> list[Outline]:
    """Read every feature of a GeoJSON file.

    Parameters
    ----------
    path : Path
        A GeoJSON file, packed with gzip where its name ends in .gz.
    code, name : sequence of str
        The properties that may hold a place's code and its name, best first.
    decimals : int
        Places of decimals that coordinates keep; 5 is about one metre.

    Raises
    ------
    InputError
        The file is not GeoJSON, or unpacks to more than the bound, or a feature has no code.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as handle:
            text = handle.read(LARGEST_TEXT + 1)
        if len(text) > LARGEST_TEXT:
            raise InputError("a file of outlines must unpack to under 256 MiB", where=path.name, code="file-too-large")
        features = json.loads(text)["features"]
    except (ValueError, KeyError, TypeError, EOFError, OSError) as fault:
        raise InputError(
            "a file of outlines must be whole GeoJSON", got=type(fault).__name__, where=path.name, code="file-unreadable"
        ) from fault
    return [_outline(feature, code, name, decimals, path.name) for feature in features]


def _outline(feature: dict[str, Any], code: Sequence[str], name: Sequence[str], decimals: int, where: str) -> Outline:
    properties = feature.get("properties") or {}
    found = next((str(properties[key]) for key in code if properties.get(key)), "")
    if not found:
        raise InputError(
            f"every outline must have its place's code, under {' or '.join(code)}",
            got=f"properties {', '.join(properties)}",
            where=where,
        )
    called = next((str(properties[key]) for key in name if properties.get(key)), found)
    geometry = feature["geometry"]
    rounded = {"type": geometry["type"], "coordinates": _round(geometry["coordinates"], decimals)}
    return Outline(found, called, json.dumps(rounded, separators=(",", ":")))


def _round(part: list[Any], decimals: int) -> list[Any]:
    """Round a point, a ring, a polygon or several: lists within lists, of any of these depths."""
    if part and isinstance(part[0], (int, float)):
        return [round(float(number), decimals) for number in part[:2]]
    if part and isinstance(part[0], list) and part[0] and isinstance(part[0][0], (int, float)):
        return _without_repeats([_round(point, decimals) for point in part])
    return [_round(item, decimals) for item in part]


def _without_repeats(ring: list[list[float]]) -> list[list[float]]:
    kept = [point for before, point in zip([None, *ring], ring, strict=False) if point != before]
    return kept if len(kept) >= 4 else ring
