"""Outlines are read from GeoJSON, packed or not, rounded, and named by any accepted property."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from levelup.sources import outline
from levelup.sources.outline import read_outlines
from levelup.terms.errors import InputError

RING = [[0.123456789, 51.0], [0.123456111, 51.0], [1, 51], [1, 52], [0.123456789, 51.0]]


def collection(geometry: dict[str, object], **properties: object) -> bytes:
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}
    ).encode()


def test_a_polygon_is_rounded_and_loses_repeated_points(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(collection({"type": "Polygon", "coordinates": [RING]}, LAD24CD="E07000076", LAD24NM="Tendring"))
    (found,) = read_outlines(path, code=["ltla24_code", "LAD24CD"], name=["LAD24NM"], decimals=3)
    assert (found.code, found.name) == ("E07000076", "Tendring")
    assert json.loads(found.geometry) == {
        "type": "Polygon",
        "coordinates": [[[0.123, 51.0], [1.0, 51.0], [1.0, 52.0], [0.123, 51.0]]],
    }


def test_several_polygons_and_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson.gz"
    path.write_bytes(gzip.compress(collection({"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, c="E07000076")))
    (found,) = read_outlines(path, code=["c"], name=["n"])
    assert found.name == "E07000076"
    assert len(json.loads(found.geometry)["coordinates"]) == 2


def test_a_ring_that_would_collapse_keeps_its_points(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    tiny = [[0.0, 0.0], [0.0001, 0.0], [0.0001, 0.0001], [0.0, 0.0]]
    path.write_bytes(collection({"type": "Polygon", "coordinates": [tiny]}, c="E01000001"))
    (found,) = read_outlines(path, code=["c"], name=["c"], decimals=2)
    assert len(json.loads(found.geometry)["coordinates"][0]) == 4


def test_what_is_not_geojson_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.geojson"
    for content in (b"{", b"[]", b'{"type": "Feature"}'):
        path.write_bytes(content)
        with pytest.raises(InputError, match="whole GeoJSON"):
            read_outlines(path, code=["c"], name=["n"])
    path.write_bytes(collection({"type": "Polygon", "coordinates": [RING]}, other="E07000076"))
    with pytest.raises(InputError, match="must have its place's code"):
        read_outlines(path, code=["c"], name=["n"])
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(b"\x1f\x8b and then nothing")
    with pytest.raises(InputError, match="whole GeoJSON"):
        read_outlines(packed, code=["c"], name=["n"])
    monkeypatch.setattr(outline, "LARGEST_TEXT", 10)
    packed.write_bytes(gzip.compress(b"0" * 100))
    with pytest.raises(InputError) as bomb:
        read_outlines(packed, code=["c"], name=["n"])
    assert bomb.value.code == "file-too-large"
