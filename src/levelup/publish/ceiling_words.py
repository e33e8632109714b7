"""What the terminal says of two groups over a whole outcome: how far apart they stand, and who is among the best placed."""

from __future__ import annotations

from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate
from levelup.verdicts.ceiling import Ceiling
from levelup.verdicts.ceiling_table import CeilingTable
from levelup.verdicts.contrast import FIFTH, LABELS, SHARES, Contrast, ContrastChange, certainty_of_side


def say_ceiling(table: CeilingTable) -> str:
    """Put a table's answer into lines: a heading for each date, a sentence for each contrast, and the change at the end."""
    lower, upper = ", ".join(table.lower), ", ".join(table.upper) or "everyone else"
    without = f" The group is not given in {table.ungrouped:,} rows, which count in the whole alone." if table.ungrouped else ""
    lines = [f"{table.outcome} by {table.group}: {lower} (lower) and {upper} (upper).{without}"]
    for item in table.dates:
        lines += ["", *([f"{item.period}:"] if item.period else []), *_date(item.found)]
    if table.change:
        held = [item.period for item in table.dates if isinstance(item.found, Ceiling)]
        lines += ["", f"From {held[0]} to {held[-1]}, gains on the good scale:", *(f"  {_moved(item)}" for item in table.change)]
    methods = dict.fromkeys(item.found.method for item in table.dates if isinstance(item.found, Ceiling))
    return "\n".join([*lines, *(line for method in methods for line in ("", method))])


def _date(found: Ceiling | Refusal) -> list[str]:
    if isinstance(found, Refusal):
        return [f"  Refused ({found.code}): {found.reason} {found.next}".rstrip()]
    low, high, rest = found.rows
    counted = f"{low:,} and {high:,} rows" + (f", {rest:,} of neither" if rest else "")
    without = f"; {found.left_out:,} left out for want of a figure" if found.left_out else ""
    lines = [f"  {counted}{without}. About {found.about}.", *(f"  {_contrast(item)}" for item in found.contrasts)]
    if found.threshold is not None:
        lines.append(
            f"  Beside it, for a bar of {found.bar:g}: {_contrast(found.threshold)} What lies beyond the bar is not seen."
        )
    return lines


def _contrast(item: Contrast) -> str:
    if item.lower is None or item.upper is None or item.distance is None:
        return _absent(item)
    even = f" Were the groups alike, each would have {100 * FIFTH:.0f}% there." if item.key == "top-fifth" else ""
    size = abs(item.distance.value)
    said = f"{100 * size:.1f} percentage points" if item.key in SHARES else f"{size:,.4g}"
    ahead = f"the {'lower' if item.distance.value < 0 else 'upper'} ahead by {said}" if size else "neither ahead"
    sides = f"lower {_level(item.lower, item.key)}, upper {_level(item.upper, item.key)}"
    return f"{_capital(LABELS[item.key])}: {sides}, {ahead}{_interval(item.distance, item.key)}.{even}"


def _moved(item: ContrastChange) -> str:
    if item.lower is None or item.upper is None or item.distance is None:
        return _absent(item)
    scale, unit = (100.0, " percentage points") if item.key in SHARES else (1.0, "")
    way = "narrowed" if item.distance.value < 0 else "widened"
    gains = f"lower {scale * item.lower.value:+,.4g}, upper {scale * item.upper.value:+,.4g}"
    size = f"{way} by {scale * abs(item.distance.value):,.4g}{unit}" if item.distance.value else "stayed as it was"
    return f"{_capital(LABELS[item.key])}: {gains}; the distance {size}{_interval(item.distance, item.key)}."


def _absent(item: Contrast | ContrastChange) -> str:
    return f"{_capital(LABELS[item.key])}: not given. {item.refusal.reason if item.refusal else ''}".rstrip()


def _interval(found: Estimate, key: str) -> str:
    """Say the interval of a distance, upper minus lower, in brackets."""
    if found.lower is None or found.upper is None:
        return ""
    ends = [f"{100 * end:.1f}" if key in SHARES else f"{end:,.4g}" for end in (found.lower, found.upper)]
    return f" (distance {100 * found.confidence:.0f}% interval {ends[0]} to {ends[1]}, {certainty_of_side(found)})"


def _level(found: Estimate, key: str) -> str:
    if key not in SHARES:
        return f"{found.value:,.4g}"
    reach = "" if found.lower is None or found.upper is None else f" ({100 * found.lower:.1f} to {100 * found.upper:.1f})"
    return f"{100 * found.value:.1f}%{reach}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
