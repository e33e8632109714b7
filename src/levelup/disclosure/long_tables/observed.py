"""Observations of a council's own tables, hidden or rounded by a profile before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from levelup.disclosure.gate import said_by
from levelup.disclosure.long_tables.adding import Codes, Long, Names, Sum, find_sums, name_codes
from levelup.disclosure.long_tables.atoms import find_told
from levelup.disclosure.long_tables.implied import find_implied
from levelup.disclosure.long_tables.passing import Record, begin_record, pass_cells
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import Flags
from levelup.terms.errors import InputError
from levelup.terms.record import Floats, Observations

SCALES: dict[str, float] = {
    "percent": 100.0, "rate-per-1000": 1e3, "rate-per-10000": 1e4, "rate-per-100000": 1e5, "ratio": 1.0,
}  # fmt: skip
"""Units of a share or a rate, and what one count over the other is multiplied by."""
COUNT = "count"
MARK = "c"
"""The status of a figure that is hidden."""
ALIKE = ("none", "nearest")
"""The ways to round that need no secret, so that the same table always leaves alike."""
PART, REST, EVERYONE = range(3)
NEAR = 3
"""How many times the protection a whole may be larger than its parts for these to be told nearly by it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate did to a table of observations, in numbers that give no count away.

    `rows` are all figures, `hidden` those that are not shown, of which `kept_back` because an attack on their indicator and
    period could not be stopped; `unjudged` are figures that came without counts and are shown, `weighted` those whose counts
    are not whole; `cells` and `programmes` are the attack's; `refused` are the indicators and periods kept back.
    """

    rows: int
    hidden: int
    kept_back: int
    unjudged: int
    weighted: int
    cells: int
    programmes: int
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts behind observations, shape (rows,), NaN where there is none: of whom it is true, of whom not, and all of them.

    `base` is what a row of weighted counts is judged by; `is_bare` marks figures of which nothing can be told.
    """

    part: Floats
    rest: Floats
    everyone: Floats
    base: Floats
    is_bare: Flags


@dataclass(frozen=True, slots=True)
class _Coded:
    """One table's codes by column, shape (rows,), and its cells, shape (rows, 3), -1 where there is no count."""

    indicator: Codes
    place: Codes
    cohort: Codes
    period: Codes
    cell: Codes


def check_rounding(profile: Profile) -> None:
    """Refuse a profile by which the same table could leave in two forms.

    Raises
    ------
    InputError
        It rounds at random, by keys, or by a search.
    """
    if profile.rounding not in ALIKE:
        raise InputError(
            "a report's profile must hide, or round to the nearest: it needs no secret, and a report can be verified",
            got=f"{profile.name}, rounding {profile.rounding}",
            where="levelup.toml, [disclosure]",
            next="Use threshold-10, threshold-5, opensafely, nhs-sub-national, ons-10-5, pay-gap-groups, survey-bases, or a file "
            "of your own that hides.",
        )


def read_counts(rows: Observations, units: Mapping[str, str]) -> Counts:
    """Return the counts behind observations.

    Parameters
    ----------
    rows : Observations
        Of any indicators.
    units : mapping of str to str
        Each indicator's unit.

    Returns
    -------
    Counts
        The numerator; or a value that is itself a count; or, in a share or a rate with its denominator alone, the count that
        comes nearest to it. Counts that are not whole are weighted sums of a survey and say nothing of single people by
        themselves: they are judged by their base, the denominator where there is one.
    """
    kinds = [units.get(str(name), "") for name in rows.indicator.tolist()]
    scale = np.array([SCALES.get(kind, np.nan) for kind in kinds])
    is_count = np.array([kind == COUNT for kind in kinds], dtype=np.bool_)
    given = np.where(np.isnan(rows.numerator) & is_count, rows.value, rows.numerator)
    implied = np.isnan(given) & np.isfinite(scale)
    given = np.where(implied, np.rint(rows.value * rows.denominator / scale), given)
    part, everyone = (np.where(_is_whole(item), item, np.nan) for item in (given, rows.denominator))
    is_weighted = (np.isfinite(given) & np.isnan(part)) | (np.isnan(given) & np.isfinite(rows.denominator) & np.isnan(everyone))
    base = np.where(is_weighted, np.where(np.isfinite(rows.denominator), rows.denominator, np.abs(given)), np.nan)
    rest = np.where(part <= everyone, everyone - part, np.nan)
    held = np.isfinite(rows.value) | np.isfinite(rows.lower) | np.isfinite(rows.upper)
    return Counts(part, rest, everyone, base, held & np.isnan(part) & np.isnan(everyone) & ~is_weighted)


def _is_whole(figures: Floats) -> Flags:
    return np.asarray(np.isfinite(figures) & (figures >= 0) & (figures == np.rint(figures)))


def protect_observations(
    tables: Sequence[Observations], *, profile: Profile, units: Mapping[str, str], parents: Mapping[str, str]
) -> tuple[Observations, Judged]:
    """Hide or round observations so that no hidden count can be worked out from what is shown now and was shown before.

    Parameters
    ----------
    tables : sequence of Observations
        The last is what is to be shown; the others, in their order, are what may have been shown before by the same profile.
    profile : Profile
        What may be shown.
    units : mapping of str to str
        Each indicator's unit; see `terms.unit`.
    parents : mapping of str to str
        The place that each place lies in.

    Returns
    -------
    (Observations, Judged)
        The last table, row by row: where a count behind a figure is hidden, so are its value, interval and numerator, with the
        mark 'c'; the denominator stays where it is not hidden itself. And what was done, in numbers.

    Raises
    ------
    InputError
        The profile rounds by a secret.

    Notes
    -----
    The cells of a row are its count, those left over, and all of them; sums are those of `find_sums` and `find_implied`. A
    denominator that two indicators share is one cell, and so is a count that did not change between two tables. Figures without
    counts cannot be judged: they are shown, but for shares and rates beside hidden figures of the same family of places, which
    could give those back. Where the gate refuses, every figure of the indicator and period is kept back.

    Examples
    --------
    >>> text = lambda *words: np.array(words, dtype=object)
    >>> none, same = np.full(3, np.nan), lambda word: text(word, word, word)
    >>> table = Observations(same("waits"), text("A", "B", "C"), same("all"), same("2024-01-01/P1Y"), np.array([10.0, 20, 30]),
    ...     none, none, np.array([4.0, 20, 30]), np.full(3, 100.0), same(""), same("own/1"))
    >>> from levelup.disclosure.profile import find_profile
    >>> asked = {"profile": find_profile("threshold-10"), "units": {"waits": "percent"}, "parents": {}}
    >>> shown, judged = protect_observations([table], **asked)
    >>> shown.value.tolist(), judged.hidden
    ([nan, 20.0, 30.0], 1)
    """
    check_rounding(profile)
    counts = [read_counts(table, units) for table in tables]
    coded, count, names = _encode(tables, counts, parents)
    found, implied = _find_all(coded, count, names, profile)
    record, sums = begin_record(count, implied=implied), dict[Sum, None]()
    figure = record.shown
    for table, fresh in zip(coded, found, strict=True):
        sums.update(dict.fromkeys(fresh))
        figure = pass_cells(record, np.unique(table.cell[table.cell >= 0]), sums=tuple(sums), profile=profile)
    _keep_back(coded[-1], figure, record, names, profile)
    hiding = _hide(coded[-1], counts[-1], figure, record, names, profile)
    return _shown(tables[-1], counts[-1], hiding, profile, units), _judge(tables[-1], counts[-1], hiding, record)


def _encode(
    tables: Sequence[Observations], counts: Sequence[Counts], parents: Mapping[str, str]
) -> tuple[list[_Coded], Floats, Names]:
    """Return texts and cells as numbers, over all tables: a cell is a count of one kind of one place, group and period."""
    texts, codes = {}, {}
    for name in ("indicator", "place", "cohort", "period"):
        joined = np.concatenate([getattr(table, name) for table in tables]).astype(np.str_)
        texts[name], codes[name] = np.unique(joined, return_inverse=True)
    figures = [np.concatenate([getattr(item, name) for item in counts]) for name in ("part", "rest", "everyone")]
    keys = [
        np.column_stack(
            [
                np.full(len(figure), -1) if kind == EVERYONE else codes["indicator"],
                codes["place"], codes["cohort"], codes["period"], np.full(len(figure), kind), np.nan_to_num(figure, nan=-1.0),
            ]
        ).astype(np.int64)
        for kind, figure in enumerate(figures)
    ]  # fmt: skip
    stacked = np.concatenate(keys)
    held = np.flatnonzero(stacked[:, 5] >= 0)
    found, number = np.unique(stacked[held], axis=0, return_inverse=True)
    cell = np.full(len(stacked), -1, dtype=np.int64)
    cell[held] = number
    cells = cell.reshape(3, -1).T
    ends = np.cumsum([len(table) for table in tables])[:-1]
    parts = [np.split(codes[name].astype(np.int64), ends) for name in codes]
    coded = [_Coded(*columns) for columns in zip(*parts, np.split(cells, ends), strict=True)]
    names = name_codes(texts["place"].tolist(), texts["cohort"].tolist(), texts["period"].tolist(), parents=parents)
    return coded, found[:, 5].astype(np.float64), names


def _find_all(coded: Sequence[_Coded], count: Floats, names: Names, profile: Profile) -> tuple[list[list[Sum]], Floats]:
    """Return each table's sums and the counts of cells that are in no row, numbered after all others."""
    if profile.rounding == "none" and not profile.guards(count).any():
        return [[] for _ in coded], np.empty(0)
    numbers: dict[tuple[object, ...], int] = {}
    figures: list[float] = []
    found = []
    for table in coded:
        tables = [_long(table, kind, count) for kind in (PART, EVERYONE)]
        known = _sums_of(table, tables, count, names)
        implied = find_implied(tables, names=names, known=known, count=count, near=float(NEAR * profile.protection))
        named = []
        for key, figure in zip(implied.keys, implied.count.tolist(), strict=True):
            if key not in numbers:
                numbers[key] = len(count) + len(figures)
                figures.append(figure)
            named.append(numbers[key])
        own = {-1 - at: number for at, number in enumerate(named)}
        known += [(own.get(whole, whole), tuple(sorted(own.get(part, part) for part in parts))) for whole, parts in implied.sums]
        found.append(known)
    return found, np.array(figures)


def _sums_of(table: _Coded, tables: Sequence[Long], count: Floats, names: Names) -> list[Sum]:
    part, everyone = tables
    whole = np.flatnonzero((table.cell[:, REST] >= 0) & (table.cell[:, EVERYONE] >= 0))
    found = find_sums(part, everyone, names=names)
    for first, second, both in table.cell[whole].tolist():
        held = tuple(sorted(cell for cell in (first, second) if count[cell] > 0))
        if held:
            found.append((both, held))
    return found


def _keep_back(table: _Coded, figure: Floats, record: Record, names: Names, profile: Profile) -> None:
    """Attack what is shown once more, by whom each row counts; mark the cells of rows that must be kept back for it."""
    said = said_by(figure, profile)
    for kind in (PART, EVERYONE):
        long = _long(table, kind, record.count)
        cell, pair = long.cell, long.indicator * len(names.periods) + long.period
        target = np.isnan(figure[cell]) & ~record.is_refused[cell] & (profile.hidden is not None)
        for owner in (pair, long.indicator):
            is_back = record.is_refused[cell]
            low, high = np.where(is_back, 0.0, said.low[cell]), np.where(is_back, np.inf, said.high[cell])
            told = find_told(long, names=names, low=low, high=high, target=target, need=float(profile.protection))
            if not told.any():
                break
            record.is_refused[cell[np.isin(owner, owner[told])]] = True


def _long(table: _Coded, kind: int, count: Floats) -> Long:
    """Return the counts of one kind; where two tables hold the same one, the later answers."""
    rows = np.flatnonzero(table.cell[:, kind] >= 0)[::-1]
    keys = np.column_stack([table.indicator, table.place, table.cohort, table.period])[rows]
    rows = np.sort(rows[np.unique(keys, axis=0, return_index=True)[1]])
    cell = table.cell[rows, kind]
    return Long(table.indicator[rows], table.place[rows], table.cohort[rows], table.period[rows], cell, count[cell])


@dataclass(frozen=True, slots=True)
class _Hiding:
    """Which rows are hidden and why, shape (rows,), and the counts that may be shown, NaN where not."""

    row: Flags
    everyone: Flags
    kept_back: Flags
    counts: Counts


def _hide(table: _Coded, counts: Counts, figure: Floats, record: Record, names: Names, profile: Profile) -> _Hiding:
    has = table.cell >= 0
    shown = np.append(figure, np.nan)[table.cell]
    gone = has & np.isnan(shown)
    least, most = (0, 0) if profile.hidden is None else profile.hidden
    size = np.where(np.isnan(counts.base), counts.everyone, counts.base)
    is_thin = (counts.base > 0) & (counts.base <= most) & (least > 0)
    pair = table.indicator * len(names.periods) + table.period
    kept_back = np.isin(pair, pair[np.append(record.is_refused, False)[table.cell].any(axis=1)])
    row = gone.any(axis=1) | is_thin | ((size > 0) & (size < profile.statistics_from)) | kept_back
    row |= _beside(table, counts, row, pair, names)
    return _Hiding(
        row, gone[:, EVERYONE] | is_thin | kept_back, kept_back, replace(counts, part=shown[:, PART], everyone=shown[:, EVERYONE])
    )


def _beside(table: _Coded, counts: Counts, row: Flags, pair: Codes, names: Names) -> Flags:
    """Mark figures without counts that are of the same family of places as a hidden one: they could give it back."""
    width = len(names.parent) + 1
    above = names.parent[table.place]
    family = [pair * width + place for place in (table.place, above)]
    hidden = np.concatenate([item[row & (place >= 0)] for item, place in zip(family, (table.place, above), strict=True)])
    near = [np.isin(item, hidden) & (place >= 0) for item, place in zip(family, (table.place, above), strict=True)]
    return np.asarray(counts.is_bare & (near[0] | near[1]))


def _shown(rows: Observations, counts: Counts, hiding: _Hiding, profile: Profile, units: Mapping[str, str]) -> Observations:
    """Return the rows with what is hidden taken out, and the rest worked out anew where counts are rounded."""
    value, lower, upper = rows.value, rows.lower, rows.upper
    numerator, denominator = rows.numerator, rows.denominator
    if profile.rounding != "none":
        kinds = [units.get(str(name), "") for name in rows.indicator.tolist()]
        scale = np.array([SCALES.get(kind, np.nan) for kind in kinds])
        part, everyone = hiding.counts.part, hiding.counts.everyone
        exact = np.divide(counts.part * scale, counts.everyone, out=np.full(len(rows), np.nan), where=counts.everyone > 0)
        anew = np.divide(part * scale, everyone, out=np.full(len(rows), np.nan), where=everyone > 0)
        is_ratio = np.isfinite(counts.part) & np.isfinite(counts.everyone)
        is_ratio &= np.isnan(rows.numerator) | np.isclose(value, exact, rtol=1e-9, atol=np.nan_to_num(0.06 * scale / 100.0))
        is_count = np.array([kind == COUNT for kind in kinds], dtype=np.bool_)
        judged = np.isfinite(counts.part) | np.isfinite(counts.everyone)
        value = np.where(is_ratio, anew, np.where(is_count & judged, part, value))
        lower, upper = (np.where(judged, np.nan, item) for item in (lower, upper))
        keeps = is_ratio | is_count
        numerator = np.where(judged, np.where(keeps & np.isfinite(rows.numerator), part, np.nan), numerator)
        denominator = np.where(judged, np.where(keeps, everyone, np.nan), denominator)
    held = np.isfinite(rows.value) | np.isfinite(rows.numerator)
    value, lower, upper, numerator = (np.where(hiding.row, np.nan, item) for item in (value, lower, upper, numerator))
    status = rows.status.copy()
    status[hiding.row & held] = MARK
    return replace(
        rows, value=value, lower=lower, upper=upper, numerator=numerator,
        denominator=np.where(hiding.everyone, np.nan, denominator), status=status,
    )  # fmt: skip


def _judge(rows: Observations, counts: Counts, hiding: _Hiding, record: Record) -> Judged:
    held = np.isfinite(rows.value) | np.isfinite(rows.numerator)
    pairs = zip(rows.indicator[hiding.kept_back].tolist(), rows.period[hiding.kept_back].tolist(), strict=True)
    return Judged(
        rows=int(held.sum()),
        hidden=int((hiding.row & held).sum()),
        kept_back=int((hiding.kept_back & held).sum()),
        unjudged=int((counts.is_bare & ~hiding.row).sum()),
        weighted=int((np.isfinite(counts.base) & held).sum()),
        cells=record.attacked,
        programmes=record.programmes,
        refused=tuple(sorted({(str(name), str(period)) for name, period in pairs})),
    )
