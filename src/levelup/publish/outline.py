"""Outlines of places as SVG paths: GeoJSON in degrees turned into whole numbers on one drawing board."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping

WIDTH = 1000.0
Ring = list[tuple[float, float]]


def outline_paths(geometries: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Turn outlines into SVG path data that share one view box.

    Parameters
    ----------
    geometries : mapping of str to str
        Place code to GeoJSON geometry text (Polygon or MultiPolygon, degrees of longitude and latitude).

    Returns
    -------
    (dict of str to str, str)
        Path data by code, and the view box; ({}, '') where there are none.

    Notes
    -----
    Longitudes are shrunk by the cosine of the middle latitude: true to shape for a county, not for a continent.
    """
    shapes = {code: list(_rings(json.loads(text))) for code, text in sorted(geometries.items())}
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return {}, ""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * squeeze, 1e-9)
    height = (north - south) * scale

    def place(point: tuple[float, float]) -> tuple[int, int]:
        return round((point[0] - west) * squeeze * scale), round((north - point[1]) * scale)

    paths = {code: "".join(_path([place(point) for point in ring]) for ring in rings) for code, rings in shapes.items()}
    return paths, f"0 0 {round(WIDTH)} {math.ceil(height)}"


def _rings(geometry: Mapping[str, object]) -> Iterable[Ring]:
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    for polygon in polygons:  # type: ignore[attr-defined]
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _path(ring: list[tuple[int, int]]) -> str:
    steps = [point for before, point in zip([None, *ring], ring, strict=False) if point != before]
    if len(steps) < 3:
        return ""
    moves = (f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in zip(steps, steps[1:], strict=False))
    return f"M{steps[0][0]} {steps[0][1]}l{' '.join(moves)}z"
