"""What a source must be: known, licensed, readable, with every column and mark declared."""

from __future__ import annotations

from collections.abc import Iterator

from levelup.catalogue.entry import Catalogue, Source
from levelup.catalogue.label import RULES
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period
from levelup.terms.record import SHORTHAND

KINDS: tuple[str, ...] = ("observations", "population", "stratifier", "lookup", "neighbours", "places", "boundaries")
READERS: tuple[str, ...] = ("long-table", "wide-ages", "neighbours", "outlines")
OPTIONS: dict[str, str] = {
    "place_from": "column keys tried in order for the place",
    "place_codes": "a column key's map from text to GSS code",
    "place_prefix": "what stands before the slug of a place that has no GSS code",
    "leave_out": "rows dropped before anything else",
    "all_zero_period": "the mark of a period whose figures are all 0",
    "from_file": "columns filled from the file's name",
    "header_row": "the header's row",
    "vintage": "the places' vintage",
    "sum_to": "vintages that counts are summed to",
    "from_vintage": "a lookup's first side",
    "to_vintage": "a lookup's second side",
    "parents": "whether a lookup's first side lies inside its second",
    "ranks": "how many neighbours",
    "rank_column": "the column key of a rank",
    "model": "the neighbours' model",
    "ages": "first and last age",
    "open_top": "whether the last age means and over",
    "age_column": "the column key of an age",
    "codes": "numbers for words",
    "share_of": "shares made from counts",
    "level": "the places' level",
    "boundary_vintage": "the boundaries' year",
    "encoding": "how a CSV is encoded",
    "unknown_places": "whether codes that no list of places holds are kept",
    "ended_places": "whether figures for periods after a place ended are kept",
    "contradictions": "whether rows that contradict each other are left out",
    "address_is": "whether the address downloads the file",
}
"""Every option a source may state, and what it is."""

_NEEDED: dict[str, tuple[str, ...]] = {
    "lookup": ("from_code", "to_code"),
    "boundaries": ("place", "geometry"),
}
_FIGURES = ("observations", "stratifier")
_WAYS = ("file", "page")


def source_faults(source: Source, *, catalogue: Catalogue) -> Iterator[str]:
    """Yield each fault of one source in a plain sentence."""
    where = f"source {source.id}"
    if source.publisher not in catalogue.publishers:
        yield f"{where}: `publisher` must be one of publishers.yaml. Got {source.publisher!r}."
    if source.licence not in catalogue.licences:
        yield f"{where}: `licence` must be one of licences.yaml. Got {source.licence!r}."
    if source.kind not in KINDS:
        yield f"{where}: `kind` must be one of {', '.join(KINDS)}. Got {source.kind!r}."
    if source.reader not in READERS:
        yield f"{where}: `reader` must be one of {', '.join(READERS)}. Got {source.reader!r}."
    if not source.address.startswith("https://"):
        yield f"{where}: `address` must begin with https://. Got {source.address!r}."
    if source.file.startswith("/") or ".." in source.file.split("/") or "\\" in source.file:
        yield f"{where}: `file` must be a path below the data folder. Got {source.file!r}."
    yield from _column_faults(source, where)
    yield from _period_faults(source, where)
    yield from _option_faults(source, where)


def _column_faults(source: Source, where: str) -> Iterator[str]:
    for key in _NEEDED.get(source.kind, ("place",)):
        if key not in source.columns:
            yield f"{where}: `columns` must declare {key!r}, which a source of kind {source.kind} needs"
    for key, headers in source.columns.items():
        if not headers:
            yield f"{where}: `columns`, {key!r} must accept at least one header"
    for symbol, mark in source.missing.items():
        if mark not in ("", *SHORTHAND):
            yield f"{where}: `missing`, {symbol!r} must stand for one of {', '.join(SHORTHAND)} or nothing. Got {mark!r}."


def _period_faults(source: Source, where: str) -> Iterator[str]:
    if source.kind not in (*_FIGURES, "population"):
        return
    kind = source.period.get("kind", "")
    if source.kind == "stratifier" and not source.period:
        return
    if kind not in RULES:
        yield f"{where}: `period`, 'kind' must be one of {', '.join(RULES)}. Got {kind!r}."
    elif kind == "fixed" and source.kind == "population" and "value" not in source.period:
        yield f"{where}: `period` of kind fixed must state its value"
    elif kind not in ("fixed",) and source.kind == "observations" and "period" not in source.columns:
        yield f"{where}: `columns` must declare 'period', or `period` must be fixed"
    if "value" in source.period:
        try:
            parse_period(source.period["value"])
        except InputError as fault:
            yield f"{where}: {fault.sentence()}"


def _option_faults(source: Source, where: str) -> Iterator[str]:
    for key in source.options:
        if key not in OPTIONS:
            yield f"{where}: `options`, {key!r} must be a known option. Known: {', '.join(OPTIONS)}."
    if source.options.get("address_is") not in _WAYS:
        yield f"{where}: `options`, 'address_is' must be one of {', '.join(_WAYS)}"
    columns = set(source.columns) | {"neighbour"}
    for option in ("place_codes", "leave_out", "from_file", "codes"):
        named = source.options.get(option, {})
        for key in named if isinstance(named, dict) else ():
            if key not in columns:
                yield f"{where}: `options`, {option!r} must name columns of the source. Got {key!r}."
    places = source.options.get("place_from", [])
    for key in places if isinstance(places, list) else ():
        if key not in columns:
            yield f"{where}: `options`, 'place_from' must name columns of the source. Got {key!r}."
    if source.options.get("sum_to") and "vintage" not in source.options:
        yield f"{where}: `options`, 'sum_to' must stand beside 'vintage'"
    if source.kind == "lookup" and not {"from_vintage", "to_vintage"} <= set(source.options):
        yield f"{where}: `options` must state 'from_vintage' and 'to_vintage', which a lookup needs"
