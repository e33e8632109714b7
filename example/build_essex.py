"""Build the bundled Essex example: published open figures, in our own tables, small enough to ship with the package.

Usage: python example/build_essex.py [--data ../shared/data] [--imported 2026-11-23] [--check]

Only sources under the Open Government Licence are taken. Kept are all English districts, unitary and upper-tier authorities,
regions and England, and small areas of the fourteen districts of Essex. Two runs on the same files give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from levelup.catalogue.entry import Catalogue, Source
from levelup.catalogue.load import load_catalogue
from levelup.store.extract import extract_release
from levelup.store.ingest import import_all
from levelup.store.question import select_lookup, select_places
from levelup.store.store import Store
from levelup.terms.errors import LevelupError

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "src" / "levelup" / "bundled" / "essex"
IMPORTED = "2026-11-23"
LARGEST = 5_000_000
COUNTY = "E10000012"
BESIDE = ("E06000033", "E06000034")
"""Southend-on-Sea and Thurrock: of the historic county, and unitary authorities of their own."""
LARGE = ("district", "unitary", "upper-tier", "region", "nation", "country")
LEFT_OUT = (
    "iod-2004-lsoa",
    "iod-2007-lsoa",
    "iod-2010-lsoa",
    "lookup-lsoa01-lsoa11",
    "mid-2017-lsoa",
    "outlines-districts-2024",
    "outlines-essex-lsoa-2011",
    "outlines-lsoa-2021",
    "ruc-2011-lsoa",
)
"""Sources that add to the size and not to what the example shows."""
EMPLOYERS = ("county-council", "borough-council", "district-council", "city-council", "london-borough", "metropolitan-borough")


def kept_places(store: Store) -> set[str]:
    """Return the codes that the example keeps."""
    places = select_places(store)
    large = {code for code, place in places.items() if place.level.value in LARGE and code[0] in "EK"}
    districts = {code for code, place in places.items() if place.parent == COUNTY and place.level.value == "district"} | set(
        BESIDE
    )
    small = {code for code, place in places.items() if place.parent in districts}
    for older, newer in (("lsoa11", "ltla21"), ("lsoa21", "ltla24")):
        lookup = select_lookup(store, older, newer)
        small |= {str(code) for code, district in zip(lookup.from_code, lookup.to_code, strict=True) if district in districts}
    found = store.engine.rows(f"select distinct place from {store.table_sql('observations')} o where place like 'employer:%'")
    employers = {str(row[0]) for row in found if any(word in str(row[0]) for word in EMPLOYERS)}
    return large | small | employers


def is_bundled(source: Source, catalogue: Catalogue) -> bool:
    """Return whether a source may be shipped and adds to what the example shows."""
    return catalogue.licences[source.licence].id.startswith("ogl") and source.id not in LEFT_OUT


def attribution(store: Store, catalogue: Catalogue) -> str:
    """Return the text that says whose figures these are and on what terms they are used."""
    releases = store.releases()
    licences = sorted({release.licence for release in releases})
    lines = [
        "# Whose figures these are",
        "",
        "Every table of this example is published open data, read into our own columns and cut down to the places it needs.",
        "",
    ]
    for key in licences:
        licence = catalogue.licences[key]
        lines += [f"{licence.attribution} ({licence.name}: {licence.address})", ""]
    lines += ["| data set | publisher | vintage | licence | address |", "|---|---|---|---|---|"]
    for release in releases:
        publisher = catalogue.publishers[release.publisher].name
        lines.append(
            f"| {release.title} | {publisher} | {release.vintage} | {catalogue.licences[release.licence].name} | "
            f"{release.address} |"
        )
    return "\n".join(lines) + "\n"


def build(data: Path, home: Path, *, imported: str) -> int:
    """Build the example in a folder and return the exit code: 0 where every source is in it and its size is within the bound."""
    catalogue = load_catalogue()
    failures: list[tuple[Source, LevelupError]] = []
    with tempfile.TemporaryDirectory() as scratch:
        whole = Store.create(Path(scratch) / "whole")
        import_all(
            whole,
            catalogue,
            data,
            imported=imported,
            progress=lambda done, total, title: print(f"  {done + 1:3d}/{total} {title}", flush=True),
            on_failure=lambda source, fault: failures.append((source, fault)),
        )
        keep = kept_places(whole)
        small = Store.create(Path(scratch) / "store")
        for release in whole.releases():
            if is_bundled(catalogue.sources[release.dataset], catalogue):
                extract_release(whole, small, release.dataset, places=keep, catalogue=catalogue)
        (small.root / "write.lock").unlink()
        text = attribution(small, catalogue)
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home / "store", ignore_errors=True)
        shutil.copytree(small.root, home / "store")
        (home / "ATTRIBUTION.md").write_text(text, encoding="utf-8", newline="\n")
    for source, fault in failures:
        print(f"NOT IN THE EXAMPLE: {source.id}: {str(fault)[:400]}", file=sys.stderr)
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    print(f"{len(small.releases())} data sets, {sum(item.rows for item in small.releases()):,} rows, {size:,} bytes")
    if size > LARGEST:
        print(f"The example must be at most {LARGEST:,} bytes.", file=sys.stderr)
    return 1 if failures or size > LARGEST else 0


def main() -> int:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the published files")
    parser.add_argument("--imported", default=IMPORTED, help="ISO date that the releases say they were imported on")
    parser.add_argument("--check", action="store_true", help="build elsewhere and compare with what is committed")
    arguments = parser.parse_args()
    if not arguments.check:
        return build(arguments.data, HOME, imported=arguments.imported)
    with tempfile.TemporaryDirectory() as scratch:
        code = build(arguments.data, Path(scratch), imported=arguments.imported)
        differing = sorted(
            _files(Path(scratch)).items() ^ {name: text for name, text in _files(HOME).items() if name != "levelup.toml"}.items()
        )
    for name in dict.fromkeys(name for name, _ in differing):
        print(f"differs: {name}", file=sys.stderr)
    return code or int(bool(differing))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
