"""Figures of named patches: LSOAs added up, older vintages first carried to the patch's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from levelup.catalogue.entry import Catalogue
from levelup.store.question import select_lookup, select_observations
from levelup.store.rebase import add_patches, rebase_counts, select_bulk, select_crossing
from levelup.store.store import Store
from levelup.terms.errors import Refusal
from levelup.terms.record import OBSERVATION_COLUMNS, Observations

OLD, NEW = "lsoa11", "lsoa21"
"""Patches are named by 2021 LSOAs; figures on those of 2011 are carried over by the published lookup."""


def select_patches(
    store: Store, patches: Mapping[str, Sequence[str]], *, catalogue: Catalogue, indicators: Collection[str]
) -> tuple[Observations, dict[str, Refusal]]:
    """Return the figures of patches, for every indicator that is published by LSOA with both counts.

    Parameters
    ----------
    store : Store
        Holding the LSOAs' figures and, where some stand on 2011 boundaries, the lookup to 2021.
    patches : mapping of str to sequence of str
        A patch's name to its 2021 LSOA codes.
    catalogue : Catalogue
        Whose sources say which vintage a release's places are of.
    indicators : collection of str
        Catalogue ids to look at.

    Returns
    -------
    (Observations, dict of str to Refusal)
        Figures of places 'patch:<name>'; and for an indicator or a patch without any, why.
    """
    wanted = sorted({code for codes in patches.values() for code in codes})
    parts: list[Observations] = []
    refused: dict[str, Refusal] = {}
    by_lsoa = [key for key in indicators if "lsoa" in catalogue.indicators[key].levels] if wanted else []
    for key in by_lsoa:
        found = _on_new_boundaries(store, key, wanted, catalogue)
        if isinstance(found, Refusal):
            refused[key] = found
        elif len(found):
            rows, lacking = add_patches(found, patches)
            parts.append(rows)
            refused.update(lacking)
    return join_observations(parts), refused


def _on_new_boundaries(store: Store, indicator: str, wanted: list[str], catalogue: Catalogue) -> Observations | Refusal:
    rows = select_observations(store, indicators=(indicator,), places=wanted)
    vintage = np.asarray([_vintage(catalogue, reference) for reference in rows.release.tolist()], dtype=np.object_)
    held = rows.where(vintage != OLD)
    entry = catalogue.indicators[indicator]
    if not any(_vintage(catalogue, series.source or entry.source) == OLD for series in entry.series):
        return held
    lookup = select_lookup(store, OLD, NEW)
    old = sorted(set(lookup.from_code[np.isin(lookup.to_code.astype(str), wanted)].tolist()))
    if not old:
        return held
    crossing = select_crossing(store, OLD, NEW, bulk=select_bulk(store, indicator), places=old)
    if isinstance(crossing, Refusal):
        return crossing
    before = select_observations(store, indicators=(indicator,), places=old)
    before = before.where(
        np.asarray([_vintage(catalogue, reference) == OLD for reference in before.release.tolist()], dtype=bool)
    )
    moved = rebase_counts(before, crossing)
    if isinstance(moved, Refusal):
        return moved
    return join_observations([held, moved.where(np.isin(moved.place.astype(str), wanted))])


def _vintage(catalogue: Catalogue, reference: str) -> str:
    source = catalogue.sources.get(reference.partition("/")[0])
    return "" if source is None else str(source.options.get("vintage", ""))


def join_observations(parts: Sequence[Observations]) -> Observations:
    """Return several tables of observations as one, in their order; an empty one where there are none."""
    if not parts:
        text, figure = np.empty(0, dtype=np.object_), np.empty(0, dtype=np.float64)
        return Observations(text, text, text, text, figure, figure, figure, figure, figure, text, text)
    return Observations(*(np.concatenate([getattr(part, name) for part in parts]) for name in OBSERVATION_COLUMNS))
