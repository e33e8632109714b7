"""Which measures of the registry read a plain table of subjects, and what they must be asked with."""

from __future__ import annotations

from levelup.measures.registry import MEASURES

_OF_SUBJECTS = {"population", "order", "reference", "se", "bounds"}

SUBJECT_CASES = [
    (name, convention)
    for name, entry in MEASURES.items()
    for convention in entry.card.convention_names
    if entry.card.kind in ("simple", "complex") and entry.card.takes_value and set(entry.card.needs) <= _OF_SUBJECTS
]
"""Measure and convention of every measure of inequality over subjects with levels; levels, splits and patterns have laws of their
own."""


def named_parameters(name: str) -> dict[str, float | str]:
    """Return the first choice of every parameter that has no default, 2.5 where it is a number."""
    return {
        item.name: item.choices[0] if item.choices else 2.5 for item in MEASURES[name].card.parameters if item.default is None
    }


def equality_of(name: str, convention: str) -> float | None:
    """Return the value where all levels are equal: the convention's own, or the card's."""
    own = {item.name: item.equality for item in MEASURES[name].card.conventions}[convention]
    return MEASURES[name].card.equality if own is None else own
