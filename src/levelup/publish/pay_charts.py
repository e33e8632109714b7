"""The drawings of a pay gap page: quarters as stacked bars, gaps about nought with intervals, and a place among employers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from levelup.publish.chart import WIDTH, Bar
from levelup.publish.svg import drawing, linear, mark, plain, stroke, ticks, whisker_across, words, wrap
from levelup.publish.wording import number

_LEAST_REACH = 4.0
"""Percentage points that an axis of gaps spans at least, so that gaps of nearly nothing look like nothing."""
_WHITE = "fill:#fff"
_LEAST_LABELLED = 9.0
"""Per cent of a bar below which a part is too narrow for its figure."""


@dataclass(frozen=True, slots=True)
class Place:
    """An employer's figure in a group of employers: the group's name, the figure, and the group's quantiles from low to high."""

    group: str
    value: float
    quantiles: tuple[float, ...]


def draw_quarters(rows: Sequence[tuple[str, float, float]], *, sides: tuple[str, str], label: str) -> str:
    """Draw a bar for each quarter, divided between the two sides; each part bears its figure.

    Parameters
    ----------
    rows : sequence of (name, first, second)
        Shares in per cent that add up to 100, the highest paid quarter first.
    sides : tuple of two str
        What the sides are called.
    label : str
        The sentence that says what the chart shows.

    Returns
    -------
    str
        An `svg` element; '' without rows.
    """
    if not rows:
        return ""
    left, right, tall, step, top = 126.0, 396.0, 30.0, 42.0, 28.0
    x = linear(0.0, 100.0, start=left, end=right)
    body = []
    for kind, (at, side) in zip(("f1", "f2"), ((left, sides[0]), (left + 90, sides[1])), strict=True):
        body.append(f'<path class="{kind}" d="M{plain(at)} 4h12v12h-12z"/>')
        body.append(words(at + 18, 15, side, kind="t"))
    for index, (name, first, second) in enumerate(rows):
        y = top + step * index
        lines = wrap(name, width=17, lines=2)
        start = y + tall / 2 + 4 - 7 * (len(lines) - 1)
        body += [words(left - 8, start + 14 * line, text, kind="t", anchor="end") for line, text in enumerate(lines)]
        edge = x(first)
        if first > 0:
            body.append(f'<path class="f1" d="M{plain(left)} {plain(y)}H{plain(edge)}v{plain(tall)}H{plain(left)}z"/>')
        if second > 0:
            body.append(f'<path class="f2" d="M{plain(edge)} {plain(y)}H{plain(right)}v{plain(tall)}H{plain(edge)}z"/>')
        if first >= _LEAST_LABELLED:
            text = words(left + 7, y + 20, f"{number(first, decimals=1)}%", kind="t")
            body.append(text.replace("<text ", f'<text style="{_WHITE}" ', 1))
        if second >= _LEAST_LABELLED:
            body.append(words(right - 7, y + 20, f"{number(second, decimals=1)}%", kind="t", anchor="end"))
    return drawing(body, width=WIDTH, height=top + step * len(rows) - 6, label=label)


def draw_gaps(rows: Sequence[Bar], *, ends: tuple[str, str], label: str) -> str:
    """Draw gaps as marks with intervals on either side of no gap; a row without a value shows its text alone.

    Parameters
    ----------
    rows : sequence of Bar
        Gaps in per cent.
    ends : tuple of two str
        What left and right of no gap mean.
    label : str
        The sentence that says what the chart shows.
    """
    spots = [spot for row in rows for spot in (row.value, row.lower, row.upper) if spot is not None]
    if not spots:
        return ""
    left, right, step, top = 134.0, 336.0, 38.0, 26.0
    low = min(0.0, *spots)
    steps = ticks(low, max(low + _LEAST_REACH, *spots), count=4)
    x = linear(steps[0], steps[-1], start=left, end=right)
    bottom = top + step * len(rows)
    body = [words(WIDTH - 4, 14, f"{ends[1]} \N{RIGHTWARDS ARROW}", kind="ts", anchor="end")]
    if low < 0:
        body.append(words(4, 14, f"\N{LEFTWARDS ARROW} {ends[0]}", kind="ts"))
    body += _axis(steps, x, top=top, bottom=bottom)
    for index, row in enumerate(rows):
        y = top + step * (index + 0.5)
        body += _label(row.label, y, end=left - 8, width=19, lines=2)
        if row.value is not None:
            if row.lower is not None and row.upper is not None:
                body.append(whisker_across(y, x(row.lower), x(row.upper), kind="w1", cap=4))
            body.append(mark("circle", x(row.value), y, radius=5, kind="m1"))
        body.append(words(right + 10, y + 4, row.text, kind="t"))
    return drawing(body, width=WIDTH, height=bottom + 22, label=label)


def draw_places(rows: Sequence[Place], *, label: str) -> str:
    """Draw a figure as a mark among employers: the middle half of them as a bar, the middle eight tenths as a line.

    Parameters
    ----------
    rows : sequence of Place
        With quantiles at 0.1, 0.25, 0.5, 0.75 and 0.9.
    label : str
        The sentence that says what the chart shows.
    """
    if not rows:
        return ""
    spots = [spot for row in rows for spot in (row.value, *row.quantiles)]
    left, right, step, top = 134.0, 388.0, 46.0, 8.0
    steps = ticks(min(spots), max(spots), count=5)
    x = linear(steps[0], steps[-1], start=left, end=right)
    bottom = top + step * len(rows)
    body = _axis(steps, x, top=top, bottom=bottom)
    for index, row in enumerate(rows):
        y = top + step * (index + 0.5)
        body += _label(row.group, y, end=left - 8, width=17, lines=3)
        ends = [x(value) for value in row.quantiles]
        body.append(stroke(ends[0], y, ends[4], y, kind="w1"))
        box = f"M{plain(ends[1])} {plain(y - 8)}H{plain(ends[3])}v16H{plain(ends[1])}z"
        body.append(f'<path class="f6" style="stroke:#12436d" d="{box}"/>')
        body.append(stroke(ends[2], y - 8, ends[2], y + 8, kind="ax"))
        body.append(mark("diamond", x(row.value), y, radius=6, kind="m2"))
    return drawing(body, width=WIDTH, height=bottom + 22, label=label)


def _axis(steps: Sequence[float], x: Callable[[float], float], *, top: float, bottom: float) -> list[str]:
    """Return the lines across a drawing and, below them, their figures in per cent."""
    body = []
    for value in steps:
        body.append(stroke(x(value), top, x(value), bottom, kind="ax" if value == 0 else "gr"))
        shown = number(value, decimals=0 if value == int(value) else 1)
        body.append(words(x(value), bottom + 16, f"{shown}%", kind="ts", anchor="middle"))
    return body


def _label(text: str, y: float, *, end: float, width: int, lines: int) -> list[str]:
    """Return a row's name to the left of it, on several lines where it is long."""
    held = wrap(text, width=width, lines=lines)
    start = y + 4 - 6.5 * (len(held) - 1)
    return [words(end, start + 13 * line, part, kind="t", anchor="end") for line, part in enumerate(held)]
