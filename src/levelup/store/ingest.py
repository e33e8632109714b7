"""Import: one publisher's file, or the whole catalogue's, read, checked and stored as releases."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from levelup.catalogue.entry import Catalogue, Source
from levelup.store.addition import Draft, ImportReport, add_release
from levelup.store.engine import list_sql, quote_name_sql
from levelup.store.extract import kept_sql
from levelup.store.faults import check_places, check_settled, set_aside_contradictions
from levelup.store.figures import FIGURES, Chosen, choose_series, needed_columns, pick_rows, settle
from levelup.store.raw import MOST_FAULTS, Raw, locate_rows, place_keys, read_raw
from levelup.store.reference import (
    Reading,
    key_faults,
    make_boundaries,
    make_lookup,
    make_neighbours,
    make_places,
    make_population,
)
from levelup.store.register import register_sql
from levelup.store.release import COLUMNS, KEYS, hash_file, hash_texts, staging
from levelup.store.store import Store
from levelup.store.strata import make_strata
from levelup.store.sums import add_sums
from levelup.terms.errors import DataFaults, Fault, InputError, LevelupError
from levelup.terms.record import SHORTHAND

READING = "1"
"""Raised when files are read in another way, so that the same bytes are read again."""
ORDER: tuple[str, ...] = ("places", "lookup", "boundaries", "population", "neighbours", "stratifier", "observations")
"""The order of import: places and lookups first, for the checks and the sums of the rest."""
_DEPENDENT = ("observations", "stratifier")
_LISTED = 40

Progress = Callable[[int, int, str], None]
OnFailure = Callable[[Source, LevelupError], None]


def import_source(
    store: Store,
    source_id: str,
    *,
    catalogue: Catalogue,
    path: Path | str,
    places: Collection[str] | None = None,
    imported: str = "",
) -> ImportReport:
    """Read one published file and store it as a release.

    Parameters
    ----------
    store : Store
        The store to add to.
    source_id : str
        A source of the catalogue; also the data set's id.
    catalogue : Catalogue
        What the file's columns mean.
    path : Path or str
        The file: the publisher's own, or a copy that the catalogue knows the columns of.
    places : collection of str, optional
        Codes of the places to keep; all where it is None. The whole file is checked either way.
    imported : str
        The ISO date that the release says it was imported on; today where empty.

    Returns
    -------
    ImportReport
        The release that is current now, and whether it is new: the same bytes, read by the same catalogue, make none.

    Raises
    ------
    DataFaults
        Every fault of the file at once; nothing was stored.
    InputError
        The source is unknown, or the file cannot be read at all.
    StoreError
        Another process is writing.
    """
    begun = time.perf_counter()
    source = catalogue.sources.get(source_id)
    if source is None:
        raise InputError("the source must be one of the catalogue", got=repr(source_id))
    file = Path(path)
    if not file.is_file():
        raise InputError(
            "the file must exist", got=repr(file.name), next="Get it with 'levelup fetch', or name another.", code="file-missing"
        )
    with staging(store.root) as folder:
        store.refresh()
        digest, recipe = hash_file(file), _recipe(store, source, catalogue, places)
        current = store.current(source.id)
        if current is not None and (current.source_sha256, current.recipe) == (digest, recipe):
            return ImportReport(current, is_new=False, changes=store.changes(current), seconds=time.perf_counter() - begun)
        notes = _read(store, Reading(store.engine, source, file, folder), catalogue=catalogue)
        if places is not None:
            store.engine.run(f"delete from made where not ({kept_sql(store, source.kind, places)})")
            notes = (*notes, "Holds only the places that were asked for.")
        draft = Draft(
            dataset=source.id,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            licence=source.licence,
            vintage=source.vintage,
            imported=imported or date.today().isoformat(),
            address=source.address,
            source_sha256=digest,
            recipe=recipe,
            notes=notes,
        )
        report = add_release(store, folder, draft, table="made", catalogue=catalogue)
    return replace(report, seconds=time.perf_counter() - begun)


def import_all(
    store: Store,
    catalogue: Catalogue,
    folder: Path | str,
    *,
    progress: Progress | None = None,
    on_failure: OnFailure | None = None,
    imported: str = "",
) -> list[ImportReport]:
    """Import every source of the catalogue whose file lies in a folder, places and lookups first.

    Parameters
    ----------
    store : Store
        The store to add to.
    catalogue : Catalogue
        The sources and their files' paths below the folder.
    folder : Path or str
        Where the published files lie. A source whose file is absent, or whose observations no indicator reads,
        is passed over.
    progress : callable, optional
        Called before each source with how many are done, how many there are, and the source's title.
    on_failure : callable, optional
        Called with a source and its error, and the import goes on; without it the first error is raised. What was stored
        before stays.
    imported : str
        The ISO date the releases say they were imported on; today where empty.

    Returns
    -------
    list of ImportReport
        One per file that was read, in the order of import.
    """
    root = Path(folder)
    found = [(source, root / source.file) for source in catalogue.sources.values()]
    read = {series.source or item.source for item in catalogue.indicators.values() for series in item.series}
    wanted = [(source, path) for source, path in found if path.is_file() and (source.kind != "observations" or source.id in read)]
    present = sorted(wanted, key=lambda pair: (ORDER.index(pair[0].kind), pair[0].id))
    reports = []
    for done, (source, path) in enumerate(present):
        if progress is not None:
            progress(done, len(present), source.title)
        try:
            reports.append(import_source(store, source.id, catalogue=catalogue, path=path, imported=imported))
        except LevelupError as fault:
            if on_failure is None:
                raise
            on_failure(source, fault)
    return reports


def _recipe(store: Store, source: Source, catalogue: Catalogue, places: Collection[str] | None) -> str:
    """Return the hash of all but the file's bytes that the outcome depends on."""
    entries = [repr(item.series) + repr(item.indicator.bounds) for item in choose_series(catalogue, source)]
    strata = [repr(item) for item in catalogue.stratifiers.values() if item.source == source.id]
    held = [item.reference for item in store.releases() if item.kind in ("places", "lookup")] if source.kind in _DEPENDENT else []
    kept = sorted(places) if places is not None else ["all"]
    return hash_texts(READING, repr(source), *entries, *strata, *held, *kept)


def _read(store: Store, reading: Reading, *, catalogue: Catalogue) -> tuple[str, ...]:
    """Make the table `made`, or raise every fault."""
    kind, engine = reading.source.kind, store.engine
    match kind:
        case "observations":
            return _read_observations(store, reading, catalogue=catalogue)
        case "stratifier":
            notes = make_strata(store, reading, catalogue=catalogue)
        case "places":
            notes = make_places(reading)
        case "lookup":
            notes = make_lookup(reading)
        case "population":
            notes = make_population(reading)
        case "neighbours":
            notes = make_neighbours(reading)
        case "boundaries":
            notes = make_boundaries(reading)
        case _:
            raise InputError(f"a source's kind must be one of {', '.join(ORDER)}", got=repr(kind), where=reading.source.id)
    names = ", ".join(COLUMNS[kind])
    engine.run(f"create or replace temp table made as select {names}, min(_row) as _row from made group by {names}")
    faults = key_faults(engine, reading.path.name, KEYS[kind])
    if faults:
        raise DataFaults(faults)
    return notes


def _read_observations(store: Store, reading: Reading, *, catalogue: Catalogue) -> tuple[str, ...]:
    engine, source = store.engine, reading.source
    chosen = choose_series(catalogue, source)
    if not chosen:
        raise InputError("a source of observations must have an indicator that reads it", where=source.id)
    raw = read_raw(engine, source, reading.path, needed=needed_columns(source, chosen), scratch=reading.scratch)
    locate_rows(engine, source, raw)
    faults: list[Fault] = pick_rows(engine, source, raw, chosen)
    notes = (*_unplaced(store, source, raw.names), *_remarks(store, source, raw, chosen), *_fruitless(store, chosen))
    faults += settle(engine, raw, chosen)
    notes += set_aside_contradictions(engine, options=source.options)
    faults += check_settled(engine, raw, chosen)
    misplaced, kept = check_places(engine, raw, register=register_sql(store), options=source.options)
    if faults or misplaced:
        raise DataFaults((*faults, *misplaced))
    notes += kept
    targets = source.options.get("sum_to")
    if isinstance(targets, (list, tuple)):
        notes += add_sums(store, vintage=str(source.options.get("vintage", "")), targets=tuple(str(item) for item in targets))
        faults = check_settled(engine, raw, chosen)
        if faults:
            raise DataFaults(faults)
    engine.run("create or replace temp table made as select * from settled")
    return notes


def _unplaced(store: Store, source: Source, names: dict[str, str]) -> tuple[str, ...]:
    """Say which picked rows name no place that has a code; names are listed, never guessed."""
    keys = [key for key in place_keys(source) if key in names]
    shown = " || ' ' || ".join(f'r."{key}"' for key in keys) or "''"
    figures = " or ".join(f"p.{name} is not null" for name in FIGURES)
    sql = (
        f"select trim({shown}) as label, count(*) as n from picked p join raw r on r._row = p._row "
        f"where p.place = '' and ({figures} or p.status <> '') group by 1"
    )
    rows = store.engine.rows(f"select label, n from ({sql}) u order by label limit {MOST_FAULTS}")
    if not rows:
        return ()
    count = sum(int(row[1]) for row in rows)
    listed = ", ".join(repr(str(row[0])) for row in rows[:_LISTED])
    listed += f" and {len(rows) - _LISTED} more" if len(rows) > _LISTED else ""
    return (f"Left out, because their place has no code that is kept: figures of {listed} ({count:,} in all).",)


def _fruitless(store: Store, chosen: tuple[Chosen, ...]) -> tuple[str, ...]:
    """Name the series that found no row: the publisher dropped them, or calls them something else now."""
    found = {int(row[0]) for row in store.engine.rows("select distinct no from picked")}
    lost = [f"{item.indicator.id} ({item.series.cohort})" for item in chosen if item.number not in found]
    more = f" and {len(lost) - _LISTED} more" if len(lost) > _LISTED else ""
    return (f"The file has no rows for: {', '.join(lost[:_LISTED])}{more}.",) if lost else ()


def _remarks(store: Store, source: Source, raw: Raw, chosen: tuple[Chosen, ...]) -> tuple[str, ...]:
    """Repeat what a status column says in words of the publisher's own, which no mark of ours stands for."""
    marks = [*SHORTHAND, *source.missing, ""]
    found = []
    for key in sorted({item.take["status"] for item in chosen if item.take.get("status", "") in raw.names}):
        rows = store.engine.rows(
            f"select {quote_name_sql(key)}, count(*) from raw where {quote_name_sql(key)} not in {list_sql(marks)} "
            f"and _row in (select _row from picked) group by 1 order by 1 limit {_LISTED}"
        )
        found += [f"'{text}' ({count:,} figures)" for text, count in rows]
    return (f"The publisher remarks on some figures: {'; '.join(found)}.",) if found else ()
