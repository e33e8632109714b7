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
    """Return the first choice of every parameter that has no default."""
    return {item.name: item.choices[0] for item in MEASURES[name].card.parameters if item.default is None}
