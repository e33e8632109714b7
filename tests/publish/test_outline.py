"""Outlines: GeoJSON becomes paths on one board."""

from __future__ import annotations

import json

from levelup.publish.outline import outline_paths


def square(west: float, south: float, size: float) -> str:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_two_squares_share_one_view_box() -> None:
    paths, box = outline_paths({"a": square(0, 0, 1), "b": square(1, 0, 1)})
    assert box == "0 0 1000 501"
    assert paths["a"] == "M0 500l500 0 0 -500 -500 0 0 500z"
    assert paths["b"].startswith("M500 500")


def test_several_polygons_make_several_subpaths() -> None:
    one = json.loads(square(0, 0, 1))["coordinates"]
    two = json.loads(square(2, 0, 1))["coordinates"]
    paths, _ = outline_paths({"a": json.dumps({"type": "MultiPolygon", "coordinates": [one, two]})})
    assert paths["a"].count("M") == 2


def test_no_outlines_make_no_map() -> None:
    assert outline_paths({}) == ({}, "")
