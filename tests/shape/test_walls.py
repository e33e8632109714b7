"""Walls that import-linter cannot express: who may import whom by the room, the network, the engine, the templates."""

from __future__ import annotations

from tests.shape.tree import Module, imported, modules, rooms

BELOW_VERDICTS = {"measures", "inference", "terms"}
MAY_IMPORT: dict[str, set[str]] = {
    "terms": set(),
    "inference": {"terms"},
    "catalogue": {"terms"},
    "sources": {"terms"},
    "store": {"catalogue", "sources", "inference", "terms"},
    "measures": {"inference", "terms"},
    "verdicts": {"measures", "inference", "terms"},
    "disclosure": {"inference", "terms"},
    "duties": {"disclosure", "measures", "inference", "terms"},
    "publish": {"duties", "disclosure", "verdicts", "measures", "store", "sources", "catalogue", "inference", "terms"},
    "bundled": set(),
    "cli": {"workspace"},
}
"""What each room may import of ours. The stage of a room may also import the store and the catalogue; records pass everywhere."""

RECORDS = ("levelup.catalogue.entry", "levelup.catalogue.settings")
"""Records of the catalogue as data, which every room above it may name."""

NETWORK = ("urllib.request", "http.client", "socket", "ssl", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "urllib3")


def ours(module: Module) -> set[str]:
    """Return the modules and rooms of ours that a module imports, its own room left out."""
    standing = {other.room for other in modules()} - {module.room, "__init__"}
    return {name for name in imported(module) if name.startswith("levelup.") and name.split(".")[1] in standing}


def test_every_room_that_stands_has_its_walls() -> None:
    assert set(rooms()) <= set(MAY_IMPORT)


def test_rooms_import_only_what_lies_below_them() -> None:
    breaches = []
    for module in modules():
        if module.room not in MAY_IMPORT:
            continue
        allowed = MAY_IMPORT[module.room] | ({"store", "catalogue"} if module.path.endswith("/stage.py") else set())
        if module.room == "cli":
            allowed = allowed | {"terms"}
        breaches += [
            f"{module.path} imports {name}"
            for name in sorted(ours(module))
            if name.split(".")[1] not in allowed
            and not any(name == record or name.startswith(record + ".") for record in RECORDS)
        ]
    assert not breaches


def test_only_the_workspace_imports_a_stage() -> None:
    found = [m.path for m in modules() if m.room != "workspace" and any(name.split(".")[2:3] == ["stage"] for name in ours(m))]
    assert not found


def test_only_one_file_opens_a_connection() -> None:
    found = [
        f"{m.path} imports {name}"
        for m in modules()
        for name in sorted(imported(m))
        if name in NETWORK and m.path != "src/levelup/sources/fetch.py"
    ]
    assert not found


def test_only_the_store_opens_an_engine() -> None:
    assert not [m.path for m in modules() if m.room != "store" and any(name.split(".")[0] == "duckdb" for name in imported(m))]


def test_only_the_pages_hold_templates() -> None:
    assert not [m.path for m in modules() if m.room != "publish" and any(name.split(".")[0] == "jinja2" for name in imported(m))]


def test_no_data_frame_library_is_in_the_package() -> None:
    assert not [
        m.path for m in modules() if {name.split(".")[0] for name in imported(m)} & {"pandas", "polars", "pyarrow", "ibis"}
    ]
