"""Other readings of a gap: as ratios of levels and of shortfalls, and as the equally distributed equivalent."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.wording import level, number
from levelup.terms.record import Verdict


def say_readings(verdict: Verdict, *, indicator: Indicator) -> list[str]:
    """Return how a gap reads as a ratio of levels and of shortfalls, and whether those disagree with the difference.

    Parameters
    ----------
    verdict : Verdict
        With levels above zero and the same subject standing better at both dates; nothing is said of others.
    indicator : Indicator
        Its bounds give the shortfalls.

    Source
    ------
    Kjellsson, Gerdtham and Petrie (2015), Epidemiology 26:673: absolute, attainment-relative and shortfall-relative readings.
    """
    x0, x1, y0, y1 = (value or 0.0 for value in (*verdict.lower_levels, *verdict.upper_levels))
    before, after = verdict.gap_levels
    if verdict.gap_change is None or min(x0, x1, y0, y1) <= 0 or not before or not after or (before > 0) is not (after > 0):
        return []
    first, last = _ratio(x0, y0), _ratio(x1, y1)
    found = [f"As a ratio, the larger figure was {first:.2f} times the smaller at first and {last:.2f} times at the end."]
    narrower = {abs(after) < abs(before), last < first}
    top = indicator.bounds[1]
    if top and top == indicator.unit.high and max(x0, x1, y0, y1) < top:
        missing, left = _ratio(top - x0, top - y0), _ratio(top - x1, top - y1)
        whole = level(top, indicator=indicator)
        found.append(f"As a ratio of what is missing from {whole}, it was {missing:.2f} at first and {left:.2f} at the end.")
        narrower.add(left < missing)
    if len(narrower) > 1:
        found.append(
            "These readings disagree about whether the gap narrowed: the direction depends on how a gap is measured. "
            "The verdict is about the difference."
        )
    else:
        found.append("These readings agree with the difference on the direction.")
    return found


def _ratio(first: float, second: float) -> float:
    return max(first, second) / min(first, second)


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
        f"(aversion {held.aversion:g}). Lowering anybody can never raise it."
    )
