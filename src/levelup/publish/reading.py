"""The reading of a gap as the equally distributed equivalent: the level that, shared equally, would be as good."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.wording import number
from levelup.terms.record import Verdict


def say_welfare(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return how the equally distributed equivalent moved, and its split into growth and inequality; '' where not worked out."""
    held, decimals = verdict.welfare, indicator.unit.decimals
    if held is None:
        return ""
    change = held.after - held.before
    way = "rose" if change > 0 else "fell" if change < 0 else "did not move"
    before, after = (number(value, decimals=decimals) for value in (held.before, held.after))
    growth, equality = (("+" if value > 0 else "") + number(value, decimals=decimals) for value in (held.growth, held.equality))
    return (
        f"The equally distributed equivalent (the level that, shared equally, would be as good as what there was) {way} from "
        f"{before} to {after} on the good scale: {growth} from growth and {equality} from a change in inequality "
        f"({held.convention} equivalent, aversion {held.aversion:.3g}). Lowering anybody can never raise it."
    )
