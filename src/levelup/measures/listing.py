"""Every measure as the plain list of the stable call."""

from __future__ import annotations

from levelup.measures.card import Card, needed
from levelup.measures.registry import MEASURES


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
