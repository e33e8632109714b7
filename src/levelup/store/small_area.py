"""Counts by small area within a county, all periods on its newest small areas, and the order of those by deprivation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.catalogue.entry import Catalogue
from levelup.store.patch import NEW, OLD, join_observations
from levelup.store.question import select_lookup, select_members, select_observations, select_stratifier
from levelup.store.rebase import rebase_counts, select_crossing
from levelup.store.store import Store
from levelup.terms.errors import InputError, Refusal
from levelup.terms.place import Level
from levelup.terms.record import Floats, Observations


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """Counts of one indicator by small area on one set of boundaries: arrays of shape (areas, periods), NaN where missing.

    `level` is in the indicator's unit; `carried` are the periods whose counts were carried over from older boundaries.
    """

    indicator: str
    codes: tuple[str, ...]
    periods: tuple[str, ...]
    level: Floats
    numerator: Floats
    denominator: Floats
    carried: tuple[str, ...]


def select_small_areas(
    store: Store, county: str, *, catalogue: Catalogue, indicators: Collection[str] = ()
) -> dict[str, SmallAreas | Refusal]:
    """Return the counts of a county's LSOAs, for every indicator that is published by LSOA with both counts.

    Parameters
    ----------
    store : Store
        Holding the figures and, where some stand on 2011 boundaries, the lookup to 2021.
    county : str
        The code of the place that the LSOAs lie in.
    catalogue : Catalogue
        Whose sources say which vintage a release's places are of.
    indicators : collection of str
        Catalogue ids to keep to; all where empty.

    Returns
    -------
    dict of str to SmallAreas or Refusal
        In the order of the catalogue, without indicators of which nothing is held. Counts of a 2011 LSOA that was split are
        divided by the newest counts of its parts, of another indicator where its own has none; totals are conserved.

    Refuses
    -------
    no-population, boundary-changed, missing-values
        As in `levelup.store.rebase`.
    """
    codes = select_members(store, county, Level.LSOA)
    keys = [key for key, item in catalogue.indicators.items() if Level.LSOA in item.levels]
    if not codes or not keys:
        return {}
    before = sorted({old for held in _codes_before(store, codes).values() for old in held})
    rows = select_observations(store, indicators=keys, places=sorted({*codes, *before}), cohorts=("all",))
    is_old = _is_old(rows, catalogue) & bool(before)
    newest = _largest(rows.where(~is_old))
    found: dict[str, SmallAreas | Refusal] = {}
    for key in [key for key in keys if not indicators or key in indicators]:
        own = rows.indicator == key
        held, old = rows.where(own & ~is_old), rows.where(own & is_old)
        moved: Observations | Refusal = old
        if len(old):
            crossing = select_crossing(store, OLD, NEW, bulk=newest | _largest(held), places=before)
            moved = crossing if isinstance(crossing, Refusal) else rebase_counts(old, crossing)
        if isinstance(moved, Refusal):
            found[key] = moved
        elif len(held) or len(moved):
            found[key] = _spread(key, codes, held, moved)
    return found


def select_small_area_order(store: Store, codes: Collection[str], *, stratifier: str) -> dict[str, float]:
    """Return the figures by which a stratifier orders LSOAs, by code.

    An LSOA of 2021 that a stratifier on 2011 boundaries does not hold has the mean of those it was made from.

    Parameters
    ----------
    store : Store
        The store asked.
    codes : collection of str
        LSOAs of 2021; one without a figure is absent from the answer.
    stratifier : str
        A catalogue id.
    """
    held = select_stratifier(store, stratifier)
    if not held:
        return {}
    before = _codes_before(store, codes)
    found = {}
    for code in codes:
        parts = [held[old] for old in before.get(code, ()) if old in held]
        if code in held or parts:
            found[code] = held[code] if code in held else float(np.mean(parts))
    return found


def _codes_before(store: Store, codes: Collection[str]) -> dict[str, list[str]]:
    """Return the 2011 LSOAs that each of these was made from; nothing where the store holds no lookup."""
    try:
        lookup = select_lookup(store, OLD, NEW)
    except InputError:
        return {}
    wanted, found = set(codes), dict[str, list[str]]()
    for old, new in sorted(set(zip(lookup.from_code.tolist(), lookup.to_code.tolist(), strict=True))):
        if new in wanted:
            found.setdefault(new, []).append(old)
    return found


def _is_old(rows: Observations, catalogue: Catalogue) -> NDArray[np.bool_]:
    sources = {name: catalogue.sources.get(name.partition("/")[0]) for name in set(rows.release.tolist())}
    old = [name for name, source in sources.items() if source is not None and source.options.get("vintage") == OLD]
    return np.isin(rows.release.astype(str), old)


def _largest(rows: Observations) -> dict[str, float]:
    """Return each place's largest denominator."""
    found: dict[str, float] = {}
    for place, count in zip(rows.place.tolist(), rows.denominator.tolist(), strict=True):
        if not np.isnan(count):
            found[place] = max(count, found.get(place, 0.0))
    return found


def _spread(key: str, codes: tuple[str, ...], held: Observations, moved: Observations) -> SmallAreas:
    rows = join_observations([moved, held])
    rows = rows.where(np.isin(rows.place.astype(str), codes))
    periods = tuple(sorted(set(rows.period.tolist())))
    row, column = {code: at for at, code in enumerate(codes)}, {period: at for at, period in enumerate(periods)}
    where = ([row[code] for code in rows.place.tolist()], [column[period] for period in rows.period.tolist()])
    level, numerator, denominator = (np.full((len(codes), len(periods)), np.nan) for _ in range(3))
    for grid, figure in ((level, rows.value), (numerator, rows.numerator), (denominator, rows.denominator)):
        grid[where] = figure
    carried = tuple(sorted(set(moved.period.tolist()) - set(held.period.tolist())))
    return SmallAreas(key, codes, periods, level, numerator, denominator, carried)
