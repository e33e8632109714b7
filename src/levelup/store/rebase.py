"""Counts carried from one vintage of small areas to another, and added up over patches, with totals conserved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import list_sql, quote_text_sql
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.terms.errors import InputError, Refusal
from levelup.terms.place import Level
from levelup.terms.record import OBSERVATION_COLUMNS, Floats, Observations, Texts

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Crossing:
    """How places of one vintage split over those of another: arrays of one length, one entry per piece.

    `weight` is the share of the old place that lies in the new one, by people or households; the shares of an old place add
    to one.
    """

    from_code: Texts
    to_code: Texts
    weight: Floats


def crossing_sql(store: Store, from_vintage: str, to_vintage: str) -> str:
    """Return the SQL of a crossing: the lookup's pairs, weighted by the table `bulk` (place, persons) where a place splits."""
    pairs = (
        f"(select distinct from_code, to_code from {store.table_sql('lookup')} l where from_vintage = "
        f"{quote_text_sql(from_vintage)} "
        f"and to_vintage = {quote_text_sql(to_vintage)})"
    )
    return (
        "select p.from_code, p.to_code, case when w.pieces = 1 then 1e0 else b.persons / nullif(w.persons, 0e0) end as weight "
        f"from {pairs} p join (select q.from_code, count(*) as pieces, case when count(c.persons) = count(*) then sum(c.persons) "
        "end as persons "
        f"from {pairs} q left join bulk c on c.place = q.to_code group by q.from_code) w on w.from_code = p.from_code "
        "left join bulk b on b.place = p.to_code order by p.from_code, p.to_code"
    )


def select_bulk(store: Store, indicator: str) -> dict[str, float]:
    """Return the people or households behind an indicator's figures, by place: its largest denominator over cohorts and periods.

    A published indicator whose denominator is all households or all residents of small areas, such as household deprivation in
    the census, gives the weights by which counts of split areas are divided.
    """
    rows = store.engine.rows(
        f"select place, max(denominator) from {store.table_sql('observations')} o where indicator = {quote_text_sql(indicator)} "
        "and denominator is not null group by place order by place"
    )
    return {str(code): float(persons) for code, persons in rows}


def select_crossing(
    store: Store, from_vintage: str, to_vintage: str, *, bulk: Mapping[str, float], places: Collection[str] | None = None
) -> Crossing | Refusal:
    """Return how the places of one vintage split over those of another.

    Parameters
    ----------
    store : Store
        Holding the published lookup between the two vintages.
    from_vintage, to_vintage : str
        Such as 'lsoa11' and 'lsoa21'.
    bulk : mapping of str to float
        People or households of the new places, 0 or more, by code; see `select_bulk`. Needed where an old place splits.
    places : collection of str, optional
        Only these old places; all of the lookup where it is None.

    Returns
    -------
    Crossing or Refusal
        The pieces, in the order of old and new codes.

    Refuses
    -------
    no-population
        An old place splits into new ones of which one has no figure in `bulk`, or all have none.

    Raises
    ------
    InputError
        The store holds no lookup between the two vintages.
    """
    store.engine.table(
        "bulk", {"place": list(bulk) or [""], "persons": np.array(list(bulk.values()) or [np.nan], dtype=np.float64)}
    )
    where = f" where from_code in {list_sql(sorted(places))}" if places is not None else ""
    found = store.columns(f"select * from ({crossing_sql(store, from_vintage, to_vintage)}) c{where} order by from_code, to_code")
    if not len(found["weight"]):
        raise InputError(
            "the store must hold a lookup between the two vintages", got=f"none from {from_vintage!r} to {to_vintage!r}"
        )
    weight = np.asarray(found["weight"], dtype=np.float64)
    if np.isnan(weight).any():
        codes = sorted(set(found["from_code"][np.isnan(weight)].tolist()))
        return Refusal(
            "no-population",
            f"{len(codes)} places of {from_vintage} split, and the size of their parts is not known: "
            f"{', '.join(codes[:_SHOWN])}.",
            f"Import people or households of {to_vintage} places.",
        )
    return Crossing(found["from_code"], found["to_code"], weight)


def rebase_counts(rows: Observations, crossing: Crossing) -> Observations | Refusal:
    """Move numerators and denominators to the new vintage; values are worked out again from the moved counts.

    Parameters
    ----------
    rows : Observations
        Figures of places of the old vintage, with both counts; of one or several indicators, cohorts and periods.
    crossing : Crossing
        How the old places split.

    Returns
    -------
    Observations or Refusal
        Figures of the new places. Totals of both counts are conserved; intervals are not carried.

    Refuses
    -------
    boundary-changed
        A place of the rows is not in the lookup, so its figure would be lost.
    missing-values
        A row lacks one of its counts.

    Examples
    --------
    >>> text = lambda *words: np.array(words, dtype=object)
    >>> none = np.array([np.nan])
    >>> old = Observations(text("poor"), text("A"), text("all"), text("2011-03-27"), np.array([25.0]), none, none,
    ...     np.array([20.0]), np.array([80.0]), text(""), text("own/1"))
    >>> moved = rebase_counts(old, Crossing(text("A", "A"), text("B", "C"), np.array([0.75, 0.25])))
    >>> moved.place.tolist(), moved.denominator.tolist(), moved.value.tolist()
    (['B', 'C'], [60.0, 20.0], [25.0, 25.0])
    """
    if np.isnan(rows.numerator).any() or np.isnan(rows.denominator).any():
        return Refusal(
            "missing-values", "Some figures lack a count, so their shares cannot be divided.", "Use figures with both counts."
        )
    pieces: dict[str, list[int]] = {}
    for piece, code in enumerate(crossing.from_code.tolist()):
        pieces.setdefault(code, []).append(piece)
    lost = sorted({code for code in rows.place.tolist() if code not in pieces})
    if lost:
        return Refusal(
            "boundary-changed",
            f"{len(lost)} places are not of the vintage that the lookup begins with: {', '.join(lost[:_SHOWN])}.",
        )
    row_of = np.repeat(np.arange(len(rows)), [len(pieces[code]) for code in rows.place.tolist()])
    piece_of = np.array([piece for code in rows.place.tolist() for piece in pieces[code]], dtype=np.intp)
    group_keys = list(
        zip(rows.indicator[row_of], crossing.to_code[piece_of], rows.cohort[row_of], rows.period[row_of], strict=True)
    )
    return _grouped(rows, group_keys, row_of, crossing.weight[piece_of])


def select_rebased(
    store: Store,
    *,
    indicator: str,
    periods: Collection[str],
    from_vintage: str,
    to_vintage: str,
    bulk: Mapping[str, float],
    places: Collection[str] | None = None,
) -> Observations | Refusal:
    """Return an indicator's figures of small areas on another vintage's boundaries, with totals conserved.

    Parameters
    ----------
    store : Store
        Holding the indicator's figures with both counts, and the lookup.
    indicator : str
        A catalogue id.
    periods : collection of str
        The periods whose figures are of the old vintage; many codes are the same in both, so the codes alone do not tell.
    from_vintage, to_vintage : str
        Such as 'lsoa11' and 'lsoa21'.
    bulk : mapping of str to float
        People or households of the new places; see `select_bulk`.
    places : collection of str, optional
        Codes of the old places; all of the lookup where it is None.

    Returns
    -------
    Observations or Refusal
        Figures of the new places, by `rebase_counts`.

    Refuses
    -------
    no-population
        As in `select_crossing`.
    no-data
        The store holds no figures of the indicator for the old places.
    missing-values
        A figure lacks a count.
    """
    crossing = select_crossing(store, from_vintage, to_vintage, bulk=bulk, places=places)
    if isinstance(crossing, Refusal):
        return crossing
    rows = select_observations(store, indicators=[indicator], places=set(crossing.from_code.tolist()))
    rows = rows.where(np.isin(rows.period.astype(str), sorted(periods)))
    if not len(rows):
        return Refusal("no-data", f"No figures of {indicator} are held for places of {from_vintage} in these periods.")
    return rebase_counts(rows, crossing)


def add_patches(rows: Observations, patches: Mapping[str, Sequence[str]]) -> tuple[Observations, dict[str, Refusal]]:
    """Add up the figures of LSOAs over named patches.

    Parameters
    ----------
    rows : Observations
        Figures of LSOAs, with both counts.
    patches : mapping of str to sequence of str
        A patch's name to the codes of the LSOAs it is made of.

    Returns
    -------
    tuple of Observations and dict of str to Refusal
        Figures of places 'patch:<name>', for every indicator, cohort and period of which all the patch's LSOAs have both
        counts; and for a patch without any such figure, why.
    """
    held = {code: position for position, code in enumerate(sorted(set(rows.place.tolist())))}
    usable = ~(np.isnan(rows.numerator) | np.isnan(rows.denominator))
    parts: list[Observations] = []
    refused: dict[str, Refusal] = {}
    for name, codes in patches.items():
        wanted = set(codes)
        absent = sorted(wanted - held.keys())
        mask = np.array([code in wanted for code in rows.place.tolist()], dtype=bool) & usable
        chosen = np.flatnonzero(mask)
        keys = [
            (rows.indicator[row], f"{Level.PATCH.value}:{name}", rows.cohort[row], rows.period[row]) for row in chosen.tolist()
        ]
        counts: dict[tuple[object, ...], int] = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        whole = np.array([counts[key] == len(wanted) for key in keys], dtype=bool)
        if not whole.any():
            what = (
                f"{len(absent)} of its LSOAs have no figures: {', '.join(absent[:_SHOWN])}"
                if absent
                else "no figure has both counts for all its LSOAs"
            )
            refused[name] = Refusal("no-data" if absent else "missing-values", f"The patch {name!r} cannot be added up: {what}.")
            continue
        kept = chosen[whole]
        parts.append(
            _grouped(rows, [key for key, keep in zip(keys, whole.tolist(), strict=True) if keep], kept, np.ones(len(kept)))
        )
    if not parts:
        return rows.where(np.zeros(len(rows), dtype=bool)), refused
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in OBSERVATION_COLUMNS}
    return replace(parts[0], **columns), refused


def _grouped(rows: Observations, keys: Sequence[tuple[object, ...]], row_of: NDArray[np.intp], weight: Floats) -> Observations:
    """Add up weighted counts by key (indicator, place, cohort, period); values are on the scale of the rows they come from."""
    order = sorted(set(keys), key=str)
    position = {key: number for number, key in enumerate(order)}
    cell = np.array([position[key] for key in keys], dtype=np.intp)
    numerator = np.asarray(np.bincount(cell, weights=rows.numerator[row_of] * weight, minlength=len(order)), dtype=np.float64)
    denominator = np.asarray(np.bincount(cell, weights=rows.denominator[row_of] * weight, minlength=len(order)), dtype=np.float64)
    first = np.full(len(order), -1, dtype=np.intp)
    first[cell[::-1]] = row_of[::-1]
    scale = _scales(rows, np.array([str(key[0]) for key in order], dtype=object))
    nothing = np.full(len(order), np.nan)
    value = np.divide(scale * numerator, denominator, out=nothing.copy(), where=denominator > 0)
    indicator, place, cohort, period = (np.array([key[part] for key in order], dtype=object) for part in range(4))
    unmarked = np.full(len(order), "", dtype=object)
    return Observations(
        indicator, place, cohort, period, value, nothing, nothing.copy(), numerator, denominator, unmarked, rows.release[first]
    )


def _scales(rows: Observations, indicators: Texts) -> Floats:
    """Return for each indicator the power of ten by which its values stand above numerator over denominator."""
    found: dict[str, float] = {}
    for name in set(indicators.tolist()):
        mask = (rows.indicator == name) & (rows.numerator > 0) & (rows.denominator > 0) & ~np.isnan(rows.value) & (rows.value > 0)
        ratio = rows.value[mask] * rows.denominator[mask] / rows.numerator[mask]
        found[name] = float(10.0 ** round(float(np.log10(np.median(ratio))))) if len(ratio) else 1.0
    return np.array([found[name] for name in indicators.tolist()], dtype=np.float64)
