"""Every measure by name: its reading card and its function, listed one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from levelup.measures import (
    atkinson,
    between_group_variance,
    concentration_index,
    difference,
    gini,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_log_deviation,
    population_attributable_risk,
    proportion,
    ratio,
    relative_index,
    slope_index,
    theil,
)
from levelup.measures.card import Card, needed
from levelup.measures.readings import Readings
from levelup.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure: its card and the function that computes it on arrays."""

    card: Card
    compute: Callable[..., Readings]


MEASURES: dict[str, Entry] = {
    entry.card.name: entry
    for entry in (
        Entry(difference.CARD, difference.difference),
        Entry(ratio.CARD, ratio.ratio),
        Entry(slope_index.CARD, slope_index.slope_index),
        Entry(relative_index.CARD, relative_index.relative_index),
        Entry(concentration_index.CARD, concentration_index.concentration_index),
        Entry(between_group_variance.CARD, between_group_variance.between_group_variance),
        Entry(mean_difference_from_best.CARD, mean_difference_from_best.mean_difference_from_best),
        Entry(mean_difference_from_mean.CARD, mean_difference_from_mean.mean_difference_from_mean),
        Entry(theil.CARD, theil.theil),
        Entry(mean_log_deviation.CARD, mean_log_deviation.mean_log_deviation),
        Entry(gini.CARD, gini.gini),
        Entry(atkinson.CARD, atkinson.atkinson),
        Entry(population_attributable_risk.CARD, population_attributable_risk.population_attributable_risk),
        Entry(proportion.CARD, proportion.proportion),
    )
}
"""Every measure, by its card's name, in the order that lists show them."""


def find_measure(name: str) -> tuple[Entry, str | None]:
    """Return the measure that a name or an abbreviation means, and the convention that the abbreviation implies, if any.

    Parameters
    ----------
    name : str
        In any case, with spaces, hyphens or underscores: 'slope index', 'SII', 'rci'.

    Returns
    -------
    tuple of Entry and str or None
        'rci' implies the relative convention of the concentration index, 'mdmw' the parameter 'weighting=weighted'; a full name
        implies none.

    Raises
    ------
    InputError
        No measure has this name.

    Examples
    --------
    >>> entry, convention = find_measure("RCI")
    >>> entry.card.name, convention
    ('concentration_index', 'relative')
    """
    asked = _plain(name)
    for entry in MEASURES.values():
        card = entry.card
        if asked in (card.name, _plain(card.title), *(_plain(part) for part in (card.abbreviation,))):
            return entry, None
        for other, convention in card.also_called:
            if asked == _plain(other):
                return entry, convention or None
    known = ", ".join(f"{entry.card.name} ({entry.card.abbreviation})" for entry in MEASURES.values())
    raise InputError("measure must be one of the list", got=repr(name), where="measure", next=f"Use one of: {known}.")


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def list_measures() -> list[dict[str, object]]:
    """Return every measure as the JSON list of the stable call.

    Returns
    -------
    list of dict
        Each with `name`, `abbreviation`, `title`, `sentence`, `conventions` (names), `convention_lines` (name to line),
        `default_convention` (None where the literature has several), `parameters` (name to default), `parameter_lines`, `needs`,
        `uses`, `least`, `equality`, `kind`, `scale`, `also_called`.
    """
    return [_listed(entry.card) for entry in MEASURES.values()]


def _listed(card: Card) -> dict[str, object]:
    return {
        "name": card.name,
        "abbreviation": card.abbreviation,
        "title": card.title,
        "sentence": card.sentence,
        "conventions": list(card.convention_names),
        "convention_lines": {item.name: item.line for item in card.conventions},
        "default_convention": card.conventions[0].name if len(card.conventions) == 1 else card.usual or None,
        "row": card.row,
        "polarity": card.polar,
        "parameters": {item.name: item.default for item in card.parameters},
        "parameter_lines": {item.name: item.line for item in card.parameters},
        "needs": list(needed(card)),
        "uses": list(card.uses),
        "least": card.least,
        "equality": card.equality,
        "kind": card.kind,
        "scale": card.scale,
        "also_called": [name for name, _ in card.also_called],
        "interval": card.interval,
        "warning": card.warning,
        "citation": card.citation,
        "address": card.address,
    }
