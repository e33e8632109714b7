"""The wording of how one measure changed between two dates: who stood where, by how much it moved, and how sure that is."""

from __future__ import annotations

from levelup.measures.change import MeasuredChange
from levelup.measures.registry import MEASURES
from levelup.publish.answer import Answer
from levelup.publish.rounding import decimals_of, figure
from levelup.terms.errors import Refusal


def answer_change(found: MeasuredChange | Refusal) -> Answer:
    """Return a change, or its refusal, as the record for machines and the sentence for people."""
    return Answer({"refusal": found.as_dict()} if isinstance(found, Refusal) else found.as_dict(), say_change(found))


def say_change(found: MeasuredChange | Refusal) -> str:
    """Say a change, or why it was refused: the two figures and their difference, whom it is over, what it means, how it was made.

    Examples
    --------
    >>> from levelup.terms.record import Measurement
    >>> date = Measurement("theil", "plug-in", 0.25, None, None, None, 0.95, "", 2)
    >>> later = Measurement("theil", "plug-in", 0.5, None, None, None, 0.95, "", 2)
    >>> found = MeasuredChange("theil", "plug-in", date, later, 0.25, None, None, None, 0.95, "By hand.", 2, None)
    >>> say_change(found).splitlines()[0]
    'Theil index (plug-in) over 2 subjects went from 0.25 to 0.5: up 0.25; no interval.'
    """
    if isinstance(found, Refusal):
        return f"Refused ({found.code}): {found.reason} {found.next}".strip()
    card = MEASURES[found.measure].card
    places = decimals_of(found.lower, found.upper)
    before, after = (figure(item.value, places) for item in (found.before, found.after))
    moved = "no change" if found.value == 0 else f"{'up' if found.value > 0 else 'down'} {figure(abs(found.value), places)}"
    interval = "no interval"
    if found.lower is not None and found.upper is not None:
        ends = f"{figure(found.lower, places)} to {figure(found.upper, places)}"
        interval = f"{100 * found.confidence:g}% interval of the change {ends}"
    noun = "subject" if card.row == "a subject" else "row"
    window = "" if found.periods is None else f" between {found.periods[0]} and {found.periods[1]}"
    worse = " Bigger is worse." if card.kind in ("simple", "complex") and "bigger number is worse" not in card.sentence else ""
    head = (
        f"{card.title} ({found.convention}) over {found.n:,} {noun}{'s' * (found.n != 1)} went from {before} to {after}{window}"
    )
    return "\n".join([f"{head}: {moved}; {interval}.", f"{card.sentence}{worse}", f"Method: {found.method}"])
