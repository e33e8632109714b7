"""Every scenario by name, and the variants of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.validity import intervals, together, words
from tests.validity.harness import Line, Variant, Words

SCENARIOS: dict[str, Callable[[], Iterator[Variant]]] = {
    "no-change": words.no_change,
    "levelling-down": words.levelling_down,
    "least-favourable": words.least_favourable,
    "selection": words.selection,
    "coverage-nested": intervals.nested,
    "coverage-overlapping": intervals.overlapping,
    "coverage-counted": intervals.counted,
    "coverage-given": intervals.given,
    "many-at-once": together.many_at_once,
    "power": words.power,
    "no-clear-change": words.no_clear_change,
}


def measure(scenario: str, *, draws: int, seed: int, holding: str = "") -> list[Line | Words]:
    """Return the figures of a scenario, of its variants whose name holds a text."""
    found: list[Line | Words] = []
    for variant in SCENARIOS[scenario]():
        if holding in variant.name:
            found.extend(variant.run(draws=draws, seed=seed))
    return found
