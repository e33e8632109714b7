"""The wording of how one measure changed between two dates: who stood where, by how much it moved, and how sure that is."""

from __future__ import annotations

from levelup.measures.change import MeasuredChange
from levelup.measures.registry import MEASURES
from levelup.publish.terminal import Answer
from levelup.terms.errors import Refusal


def answer_change(found: MeasuredChange | Refusal) -> Answer:
    """Return a change, or its refusal, as the record for machines and the sentence for people."""
    return Answer({"refusal": found.as_dict()} if isinstance(found, Refusal) else found.as_dict(), say_change(found))


def say_change(found: MeasuredChange | Refusal) -> str:
    """Say a change, or why it was refused, in one line.

    Examples
    --------
    >>> from levelup.terms.record import Measurement
    >>> date = Measurement("theil", "plug-in", 0.25, None, None, None, 0.95, "", 2)
    >>> later = Measurement("theil", "plug-in", 0.5, None, None, None, 0.95, "", 2)
    >>> say_change(MeasuredChange("theil", "plug-in", date, later, 0.25, None, None, None, 0.95, "By hand.", 2, None))
    'theil (plug-in) went from 0.25 to 0.5: 0.25 up over 2 subjects; no interval. Bigger is worse. By hand.'
    """
    if isinstance(found, Refusal):
        return f"Refused ({found.code}): {found.reason} {found.next}".strip()
    card = MEASURES[found.measure].card
    moved = "no change" if found.value == 0 else f"{abs(found.value):.6g} {'up' if found.value > 0 else 'down'}"
    interval = (
        f"; {100 * found.confidence:g}% interval of the change {found.lower:.6g} to {found.upper:.6g}"
        if found.lower is not None and found.upper is not None
        else "; no interval"
    )
    word = "subject" if card.row == "a subject" else "row"
    direction = " Bigger is worse." if card.kind in ("simple", "complex") else ""
    return (
        f"{found.measure} ({found.convention}) went from {found.before.value:.6g} to {found.after.value:.6g}: {moved} over "
        f"{found.n} {word}{'s' * (found.n != 1)}{interval}.{direction} {found.method}"
    )
