"""A person's own table into the store: proposed, confirmed, checked, stored, and its mapping and indicators kept."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from levelup.catalogue.own import OwnIndicator, check_own
from levelup.sources import read_table
from levelup.sources.guess import guess_mapping
from levelup.sources.heat import HeatSeries, heat_observations, is_heat, read_heat
from levelup.sources.mapping import apply_mapping, describe_mapping, find_mapping, load_mapping, mapping_name, save_mapping
from levelup.store.addition import ImportReport, write_observations
from levelup.store.question import select_places
from levelup.store.store import Store
from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.period import parse_period
from levelup.terms.place import Level, Place, level_of
from levelup.terms.polarity import Polarity
from levelup.terms.table import IndicatorMeaning, Mapping, RawTable
from levelup.terms.text import slug
from levelup.terms.unit import unit_of

_NAMED = (Level.DISTRICT, Level.UNITARY, Level.UPPER, Level.REGION, Level.NATION, Level.COUNTRY)
_HEAT_UNITS = {1.0: "ratio", 100.0: "percent", 1000.0: "rate-per-1000", 10000.0: "rate-per-10000", 100000.0: "rate-per-100000"}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person says of a table on the command line: it holds for every indicator that does not say it itself."""

    polarity: str = ""
    unit: str = ""
    name: str = ""
    place: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table as read, with its proposed meaning: a mapping, or the series of WHO's HEAT template (which needs none).

    `path` is where the mapping is kept; `is_confirmed` says that a person confirmed it before; `words` show it.
    """

    raw: RawTable
    path: Path
    is_confirmed: bool
    words: str
    mapping: Mapping | None = None
    series: tuple[HeatSeries, ...] = ()
    notes: tuple[str, ...] = field(default=())


def propose_table(
    store: Store, path: Path, *, folder: Path, sheet: str | None = None, mapping: Path | None = None, stated: Stated | None = None
) -> Proposal:
    """Read a table and propose what it means: by a named mapping, by a saved one that fits, else by a guess that is shown.

    Parameters
    ----------
    store : Store
        Whose places are known.
    path : Path
        A CSV file or a workbook.
    folder : Path
        Where mappings are kept; a guessed one is written there, unconfirmed, to be edited.
    sheet : str, optional
        A workbook's sheet.
    mapping : Path, optional
        A mapping to use.
    stated : Stated, optional
        What holds for every indicator that does not say it itself.

    Returns
    -------
    Proposal

    Raises
    ------
    InputError, DataFaults
        The file or a mapping cannot be read.
    """
    raw = read_table(path, sheet=sheet)
    if is_heat(raw):
        series = _situated(read_heat(raw), raw, stated or Stated(), places=select_places(store))
        return Proposal(raw, folder, True, _heat_words(series), series=series)
    if mapping is not None:
        found = replace(load_mapping(mapping), confirmed=True)
        return Proposal(raw, mapping, True, describe_mapping(found), mapping=_with(found, stated))
    saved = find_mapping(folder, raw)
    if saved is not None and not _is_same_table(saved, raw, stated):
        return _ask_again(store, saved, raw, folder, stated)
    if saved is not None:
        return Proposal(
            raw,
            folder / mapping_name(saved),
            True,
            f"Read by the saved mapping {mapping_name(saved)}.",
            mapping=_with(saved, stated),
        )
    guessed = _with(guess_mapping(raw, _names(select_places(store))), stated)
    kept = folder / mapping_name(guessed)
    save_mapping(guessed, kept)
    return Proposal(raw, kept, False, describe_mapping(guessed), mapping=guessed)


def _is_same_table(saved: Mapping, raw: RawTable, stated: Stated | None) -> bool:
    """Return whether a saved mapping's indicators are surely this table's: the same file, named in the table, or stated now."""
    named = all(item.match for item in saved.indicators) or (stated is not None and stated.name != "")
    return saved.file == raw.file or named


def _ask_again(store: Store, saved: Mapping, raw: RawTable, folder: Path, stated: Stated | None) -> Proposal:
    """Propose a saved mapping's columns for another file with the same headings: which indicator it holds must be confirmed."""
    guessed = guess_mapping(raw, _names(select_places(store)))
    fresh = tuple(
        replace(item, id=new.id, name=new.name, polarity="")
        for item, new in zip(saved.indicators, guessed.indicators, strict=False)
    )
    asked = _with(replace(saved, file=raw.file, sheet=raw.sheet, indicators=fresh, confirmed=False), stated)
    kept = folder / mapping_name(asked)
    save_mapping(asked, kept)
    said = f"The headings are those of {saved.file}, read before, but the file is another: say which indicator it holds.\n"
    return Proposal(raw, kept, False, said + describe_mapping(asked), mapping=asked)


def _names(places: Map[str, Place]) -> dict[str, str]:
    """Return the names a table may use for places; wards and smaller share names with districts and go by their codes."""
    return {place.name: code for code, place in places.items() if place.is_current and place.level in _NAMED}


def _with(mapping: Mapping, stated: Stated | None) -> Mapping:
    """Put what a person stated in the place of what a mapping says; a renamed indicator keeps no polarity of another's."""
    if stated is None:
        return mapping
    alone = len(mapping.indicators) == 1 and stated.name
    filled = tuple(
        replace(
            item,
            polarity=stated.polarity or ("" if alone and slug(stated.name) != item.id else item.polarity),
            unit=stated.unit or item.unit,
            bounds=item.bounds if stated.unit in ("", item.unit) else (unit_of(stated.unit).low, unit_of(stated.unit).high),
            name=stated.name if alone else item.name,
            id=slug(stated.name) if alone else item.id,
        )
        for item in mapping.indicators
    )
    return replace(mapping, indicators=filled)


def _situated(
    series: tuple[HeatSeries, ...], raw: RawTable, stated: Stated, *, places: Map[str, Place]
) -> tuple[HeatSeries, ...]:
    """Give series of the template that name no setting or no date the ones stated.

    Raises
    ------
    InputError
        Neither the template nor the person names them, or the place is not known.
    """
    if stated.place and stated.place not in places:
        raise InputError("--place must be a known place's code", got=stated.place)
    period = parse_period(stated.period).iso if stated.period else ""
    lacking = [
        option
        for option, given, told in (
            ("--place CODE", all(each.setting or each.iso3 for each in series), stated.place),
            ("--period 2024-01-01/P1Y", all(each.period for each in series), period),
        )
        if not given and not told
    ]
    if lacking:
        raise InputError(
            "a table in the HEAT template must say its setting and its date, or be told them",
            got="no setting or date in some rows",
            where=raw.file,
            next=f"Fill the template's columns setting and date, or pass {' and '.join(lacking)}.",
        )
    return tuple(
        replace(each, iso3=each.iso3 if each.setting or each.iso3 else stated.place, period=each.period or period)
        for each in series
    )


def _heat_words(series: tuple[HeatSeries, ...]) -> str:
    names = list(dict.fromkeys(each.name for each in series))
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return f"This is WHO's Health Equity Assessment Toolkit template: {len(series)} series of {len(names)} indicators ({shown})."


def read_proposal(store: Store, proposal: Proposal) -> tuple[dict[str, list[Any]], tuple[OwnIndicator, ...], tuple[str, ...]]:
    """Read a proposal's figures: observations, the indicators they are of, and notes; nothing is stored.

    Raises
    ------
    DataFaults
        Every fault of the table at once.
    GuardRailError
        An index of deprivation is offered as an outcome.
    """
    places = select_places(store)
    if proposal.mapping is None:
        table, left = heat_observations(proposal.series, places=_names(places))
        notes = (f"Subgroups left out, their setting or date not being known: {', '.join(left)}.",) if left else ()
        meanings = {each.indicator: _heat_meaning(each) for each in proposal.series}
        return dict(table), _own(table, meanings, proposal.raw.file), notes
    table = apply_mapping(proposal.raw, proposal.mapping, known_places=places)
    return table, _own(table, {item.id: item for item in proposal.mapping.indicators}, proposal.raw.file), ()


def _heat_meaning(series: HeatSeries) -> IndicatorMeaning:
    unit = _HEAT_UNITS.get(series.scale, "score")
    published = any(math.isfinite(value) for value in (*series.se.tolist(), *series.lower.tolist()))
    bounds = (0.0, 100.0) if unit == "percent" else (None, None)
    return IndicatorMeaning(
        id=series.indicator,
        name=series.name,
        unit=unit,
        polarity=series.polarity.value,
        bounds=bounds,
        uncertainty="published-interval" if published else "none",
    )


def _own(table: Map[str, list[Any]], meanings: Map[str, IndicatorMeaning], file: str) -> tuple[OwnIndicator, ...]:
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(table["indicator"]):
        rows.setdefault(str(key), []).append(row)
    entries = []
    for key, own in rows.items():
        meaning = meanings[key]
        levels = dict.fromkeys(level.value for level in (level_of(str(table["place"][row])) for row in own) if level is not None)
        entries.append(
            OwnIndicator(
                id=key,
                name=meaning.name,
                unit=meaning.unit,
                polarity=Polarity(meaning.polarity),
                bounds=meaning.bounds,
                uncertainty=meaning.uncertainty,
                cohorts=tuple(dict.fromkeys(str(table["cohort"][row]) for row in own)),
                levels=tuple(levels),
                file=file,
            )
        )
    return tuple(entries)


def import_proposal(store: Store, proposal: Proposal, *, home: Path) -> tuple[ImportReport, tuple[OwnIndicator, ...]]:
    """Store a proposal's figures as a release of its own and save its mapping as confirmed.

    Returns
    -------
    (ImportReport, tuple of OwnIndicator)
        What was stored, and the indicators that the workspace's catalogue needs.

    Raises
    ------
    DataFaults, GuardRailError
        As `read_proposal` does; nothing was stored.
    InputError
        An indicator is already kept with another polarity or unit; nothing was stored.
    """
    table, entries, notes = read_proposal(store, proposal)
    if not entries:
        raise DataFaults(
            [
                Fault(
                    proposal.raw.file,
                    proposal.raw.sheet,
                    None,
                    "",
                    "no figures",
                    "must hold at least one figure that can be placed",
                )
            ]
        )
    check_own(home, entries)
    dataset = f"own-{slug(Path(proposal.raw.file).stem + ' ' + proposal.raw.sheet)}"[:80].strip("-")
    report = write_observations(
        store,
        dataset=dataset,
        observations={name: _absent(values) for name, values in table.items()},
        title=f"{proposal.raw.file}{f', sheet {proposal.raw.sheet}' if proposal.raw.sheet else ''}",
        publisher="own-tables",
        licence="own-tables",
        source_sha256=hashlib.sha256(repr(sorted(table.items())).encode()).hexdigest(),
        notes=(*proposal.raw.remarks, *notes),
    )
    if proposal.mapping is not None:
        save_mapping(replace(proposal.mapping, confirmed=True), proposal.path)
    return report, entries


def _absent(values: list[Any]) -> list[Any]:
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def require_polarity(proposal: Proposal) -> None:
    """Refuse a proposal in which an indicator's polarity is not stated: it is never guessed.

    Raises
    ------
    InputError
        Naming the indicators and both ways to state it.
    """
    missing = (
        [] if proposal.mapping is None else [item.name or item.id for item in proposal.mapping.indicators if not item.polarity]
    )
    if missing:
        raise InputError(
            "the polarity of every indicator must be stated (it is never guessed)",
            got=f"none for {', '.join(missing[:5])}{' and more' if len(missing) > 5 else ''}",
            where=str(proposal.path),
            next="Pass --polarity more-is-better or less-is-better, or write it in that file and pass it with --mapping.",
        )
