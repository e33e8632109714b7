"""Small pieces that every drawing is made of: numbers, text, marks, scales and ticks as SVG text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

Scale = Callable[[float], float]
"""From a value to a coordinate."""

SHAPES: tuple[str, ...] = ("circle", "diamond", "square", "triangle")
"""The mark of each series, in order, so that no series is told by colour alone."""


def plain(number: float) -> str:
    """Return a coordinate with at most one decimal, the shortest way.

    Examples
    --------
    >>> plain(12.0), plain(3.14159), plain(-0.04)
    ('12', '3.1', '0')
    """
    text = f"{number:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def linear(low: float, high: float, *, start: float, end: float) -> Scale:
    """Return the straight scale that takes `low` to `start` and `high` to `end`; a range of no width maps to the middle."""
    width = high - low
    if width == 0:
        middle = (start + end) / 2
        return lambda value: middle
    slope = (end - start) / width
    return lambda value: start + (value - low) * slope


def ticks(low: float, high: float, *, count: int) -> list[float]:
    """Return round numbers that cover a range in about `count` steps of 1, 2, 2.5 or 5 times a power of ten.

    Examples
    --------
    >>> ticks(0.0, 10.0, count=5)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    reach = (high - low) or abs(high) or 1.0
    raw = reach / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def words(x: float, y: float, content: str, *, kind: str = "", anchor: str = "") -> str:
    """Return a line of text; `kind` is a CSS class, `anchor` is 'middle' or 'end'."""
    extra = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{plain(x)}" y="{plain(y)}"{extra}>{escape(content, quote=False)}</text>'


def stroke(x1: float, y1: float, x2: float, y2: float, *, kind: str) -> str:
    """Return a straight line."""
    return f'<path class="{kind}" d="M{plain(x1)} {plain(y1)}L{plain(x2)} {plain(y2)}"/>'


def polyline(points: Sequence[tuple[float, float]], *, kind: str) -> str:
    """Return a line through points."""
    if len(points) < 2:
        return ""
    return f'<path class="{kind}" d="M' + "L".join(f"{plain(x)} {plain(y)}" for x, y in points) + '"/>'


def mark(shape: str, x: float, y: float, *, radius: float, kind: str) -> str:
    """Return a mark of one of `SHAPES`, centred on a point."""
    r = radius
    if shape == "circle":
        return f'<circle class="{kind}" cx="{plain(x)}" cy="{plain(y)}" r="{plain(r)}"/>'
    match shape:
        case "diamond":
            out, back = plain(1.3 * r), plain(-1.3 * r)
            moves = f"M{plain(x)} {plain(y - 1.3 * r)}l{out} {out}l{back} {out}l{back} {back}z"
        case "square":
            moves = f"M{plain(x - r)} {plain(y - r)}h{plain(2 * r)}v{plain(2 * r)}h{plain(-2 * r)}z"
        case _:
            moves = f"M{plain(x)} {plain(y - 1.2 * r)}l{plain(1.2 * r)} {plain(2.2 * r)}h{plain(-2.4 * r)}z"
    return f'<path class="{kind}" d="{moves}"/>'


def whisker_up(x: float, low: float, high: float, *, kind: str, cap: float = 3) -> str:
    """Return an upright interval with caps."""
    wide, half = plain(2 * cap), plain(-cap)
    return f'<path class="{kind}" d="M{plain(x - cap)} {plain(low)}h{wide}m{half} 0V{plain(high)}m{half} 0h{wide}"/>'


def whisker_across(y: float, low: float, high: float, *, kind: str, cap: float = 3) -> str:
    """Return a level interval with caps."""
    tall, half = plain(2 * cap), plain(-cap)
    return f'<path class="{kind}" d="M{plain(low)} {plain(y - cap)}v{tall}m0 {half}H{plain(high)}m0 {half}v{tall}"/>'


def wrap(content: str, *, width: int, lines: int) -> list[str]:
    """Break a text into at most `lines` lines of about `width` characters; what is left over ends in an ellipsis.

    Examples
    --------
    >>> wrap("the rest of Essex", width=12, lines=2)
    ['the rest of', 'Essex']
    """
    rows: list[str] = []
    for piece in content.split():
        if rows and len(rows[-1]) + 1 + len(piece) <= width:
            rows[-1] += f" {piece}"
        else:
            rows.append(piece)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], rows[lines - 1] + "\N{HORIZONTAL ELLIPSIS}"]
    return rows


def spread(wanted: Sequence[float], *, gap: Sequence[float], low: float, high: float) -> list[float]:
    """Move label centres apart until none overlaps, as little as it takes, keeping their order and staying within bounds.

    Parameters
    ----------
    wanted : sequence of float
        Where each label would stand.
    gap : sequence of float
        The height of each label.
    low, high : float
        The bounds.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = list(wanted)
    floor = low
    for index in order:
        placed[index] = max(placed[index], floor + gap[index] / 2)
        floor = placed[index] + gap[index] / 2
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling - gap[index] / 2)
        ceiling = placed[index] - gap[index] / 2
    return placed


def drawing(body: Sequence[str], *, width: float, height: float, label: str, kind: str = "lu-svg") -> str:
    """Return a finished drawing: one image to a screen reader, named by the sentence that says what it shows."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {plain(width)} {plain(height)}" role="img" '
        f'aria-label="{escape(label)}">{"".join(body)}</svg>'
    )
