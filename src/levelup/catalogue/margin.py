"""A workspace's own smallest changes that matter, set in place of the catalogue's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.settings import FILE
from levelup.terms.errors import InputError


def with_margins(catalogue: Catalogue, margins: Mapping[str, float]) -> Catalogue:
    """Return the catalogue with the smallest change that matters of some indicators replaced.

    Parameters
    ----------
    catalogue : Catalogue
        The workspace's, its own indicators among it.
    margins : mapping of str to float
        Indicator id to the smallest change that matters, in the indicator's unit, above 0: `Settings.smallest_change`.

    Returns
    -------
    Catalogue
        The same one where there is nothing to replace. The reason of each replaced entry says where its figure comes from, and
        what the catalogue's was.

    Raises
    ------
    InputError
        An id that is no indicator of the catalogue; a ranking of places is none.
    """
    unknown = [name for name in margins if name not in catalogue.indicators]
    if unknown:
        raise InputError(
            "a smallest change must be stated for an indicator of the catalogue",
            got=", ".join(unknown),
            where=f"{FILE}, [smallest_change]",
            next="See docs/reference/indicators.md for their ids.",
        )
    if not margins:
        return catalogue
    changed = {}
    for name, margin in margins.items():
        entry = catalogue.indicators[name]
        before = "" if entry.smallest_change is None else f", in place of the catalogue's {entry.smallest_change:g}"
        reason = f"Stated for this workspace in its {FILE}{before}."
        changed[name] = replace(entry, smallest_change=margin, smallest_change_reason=reason)
    return replace(catalogue, indicators={**catalogue.indicators, **changed})
