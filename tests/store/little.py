"""A catalogue of one publisher, one source and one or two indicators, for tests that write their own small files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from levelup.catalogue.entry import Catalogue, Indicator, Licence, Publisher, Series, Source, Stratifier
from levelup.store.ingest import import_source
from levelup.store.store import Store
from levelup.terms.polarity import Polarity
from levelup.terms.unit import unit_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "place": ("Area Code", "area"),
    "period": ("Year",),
    "value": ("Value", "observation"),
    "lower": ("Lower",),
    "upper": ("Upper",),
    "numerator": ("Count",),
    "denominator": ("Base",),
    "status": ("Status",),
    "sex": ("Sex",),
}
MISSING = {"[c]": "c", "SUPP": "c", ":": "z", "-": ""}


def little_source(**changes: object) -> Source:
    """Return a source of observations with plain columns, changed as asked."""
    source = Source(
        id="little",
        title="Little figures",
        publisher="office",
        licence="ogl-3",
        address="https://example.org/little",
        kind="observations",
        reader="long-table",
        file="little.csv",
        sheet="",
        vintage="2026",
        published="2026-01-01",
        columns=COLUMNS,
        missing=MISSING,
        period={"kind": "calendar"},
        options={},
        caveats=(),
    )
    return replace(source, **changes)  # type: ignore[arg-type]


def series(cohort: str = "all", *, where: Mapping[str, Sequence[str]] | None = None, **changes: object) -> Series:
    """Return one series."""
    base = Series(where={key: tuple(texts) for key, texts in (where or {}).items()}, cohort=cohort, take={}, scale=1.0)
    return replace(base, **changes)  # type: ignore[arg-type]


def little_indicator(*chosen: Series, **changes: object) -> Indicator:
    """Return an indicator in percent, changed as asked."""
    indicator = Indicator(
        id="share",
        name="Share of people",
        short="Share",
        description="A share.",
        topic="health",
        unit=unit_of("percent"),
        polarity=Polarity.MORE,
        bounds=(0.0, 100.0),
        saturates=True,
        partner="none",
        partner_reason="none",
        uncertainty="published-interval",
        source="little",
        series=chosen or (series(),),
        cohorts=("all",),
        levels=("district",),
        period_kind="calendar",
        breaks=(),
        smallest_change=None,
        smallest_change_reason="",
        status="live",
        caveats=(),
        references=(),
    )
    return replace(indicator, **changes)  # type: ignore[arg-type]


def little_catalogue(
    sources: Sequence[Source] | None = None, indicators: Sequence[Indicator] | None = None, strata: Sequence[Stratifier] = ()
) -> Catalogue:
    """Return a catalogue of these entries."""
    found = (little_source(),) if sources is None else sources
    held = (little_indicator(),) if indicators is None else indicators
    return Catalogue(
        publishers={"office": Publisher("office", "The office", "Office", "https://example.org")},
        licences={"ogl-3": Licence("ogl-3", "Open Government Licence", "https://example.org", "Contains information.", True)},
        sources={source.id: source for source in found},
        indicators={indicator.id: indicator for indicator in held},
        stratifiers={item.id: item for item in strata},
        frameworks={},
    )


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a small CSV file."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def add_areas(store: Store, folder: Path, areas: Sequence[tuple[str, str, str]]) -> None:
    """Give a store a register of places: rows of code, name and parent."""
    source = little_source(
        id="areas",
        kind="places",
        columns={"place": ("code",), "place_name": ("name",), "parent": ("parent",)},
        options={"boundary_vintage": 2024},
    )
    path = write_csv(folder / "areas.csv", ("code", "name", "parent"), areas)
    import_source(store, "areas", catalogue=little_catalogue([source]), path=path)


def add_lookup(
    store: Store, folder: Path, older: str, newer: str, pairs: Sequence[tuple[str, str]], *, parents: bool = False
) -> None:
    """Give a store a lookup: pairs of codes; their names are 'name of <code>'."""
    source = little_source(
        id=f"lookup-{older}-{newer}",
        kind="lookup",
        columns={"from_code": ("from",), "to_code": ("to",), "from_name": ("from name",), "to_name": ("to name",)},
        options={"from_vintage": older, "to_vintage": newer, "parents": parents},
    )
    rows = [(left, right, f"name of {left}", f"name of {right}") for left, right in pairs]
    path = write_csv(folder / f"{older}-{newer}.csv", ("from", "to", "from name", "to name"), rows)
    import_source(store, source.id, catalogue=little_catalogue([source]), path=path)
