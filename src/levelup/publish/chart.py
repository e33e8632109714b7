"""Charts as server-made SVG: trends with intervals, who moved, places in order, how a narrowing splits, and counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from levelup.publish.svg import (
    SHAPES,
    Scale,
    drawing,
    linear,
    mark,
    plain,
    polyline,
    spread,
    stroke,
    ticks,
    whisker_across,
    whisker_up,
    words,
    wrap,
)
from levelup.publish.wording import number
from levelup.terms.polarity import Polarity
from levelup.terms.unit import Unit

WIDTH = 400.0
"""Every chart is drawn this wide and scaled to its column, so that its text stays readable on a narrow screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series: what it is called and its points as (position, value, low, high); low and high are None where unknown.

    `breaks` are positions at which the series changed: no line is drawn across one.
    """

    label: str
    points: tuple[tuple[float, float, float | None, float | None], ...]
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: its label, value, interval, the text beside it, and the value of an earlier date where one is shown."""

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    text: str
    tone: int = 1
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """A line across a chart for a comparator: its label and value."""

    label: str
    value: float


def axis_text(value: float, *, unit: Unit, step: float) -> str:
    """Return a tick's label: decimals as the step needs them, a pound or per cent sign where the unit has one."""
    decimals = 0 if step >= 1 and step == int(step) else max(1, math.ceil(-math.log10(step) - 1e-9))
    tail = "%" if unit.suffix == "%" else ""
    text = number(value, decimals=decimals)
    return (
        text.replace(text.lstrip("\N{MINUS SIGN}"), unit.prefix + text.lstrip("\N{MINUS SIGN}")) + tail
        if unit.prefix
        else text + tail
    )


def _bounds(values: Sequence[float], *, unit: Unit) -> tuple[float, float]:
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - 0.06 * reach, high + 0.06 * reach
    floor, ceiling = unit.low, unit.high
    return (max(low, floor) if floor is not None else low), (min(high, ceiling) if ceiling is not None else high)


def _spots(line: Line) -> list[float]:
    return [number for _, value, low, high in line.points for number in (value, low, high) if number is not None]


def draw_trend(lines: Sequence[Line], *, unit: Unit, dates: Sequence[tuple[float, str]], label: str, whiskers: int = 4) -> str:
    """Draw series over time, each with its interval as whiskers and its name beside its last point.

    Parameters
    ----------
    lines : sequence of Line
        One to four; positions are years.
    unit : Unit
        Of the values.
    dates : sequence of (position, label)
        What to print under the chart.
    label : str
        The sentence that says what the chart shows.
    whiskers : int
        How many of the lines, from the first, show their intervals.

    Returns
    -------
    str
        An `svg` element; '' where no line has a point.
    """
    drawn = [line for line in lines[:4] if line.points]
    if not drawn:
        return ""
    left, right, top, bottom, height = 50.0, 284.0, 12.0, 228.0, 258.0
    low, high = _bounds([spot for line in drawn for spot in _spots(line)], unit=unit)
    steps = ticks(low, high, count=4)
    low, high = min(low, steps[0]), max(high, steps[-1])
    y = linear(low, high, start=bottom, end=top)
    positions = [point[0] for line in drawn for point in line.points]
    x = linear(min(positions), max(positions), start=left + 10, end=right - 8)
    body = [part for step in steps for part in _level_line(step, y(step), left, right, unit=unit, step=steps[1] - steps[0])]
    body += _dates(dates, x, bottom, right=right)
    for at in sorted({at for line in drawn for at in line.breaks if min(positions) < at <= max(positions)}):
        body.append(stroke(x(at), top, x(at), bottom, kind="br"))
    for position, line in reversed(list(enumerate(drawn))):
        body += _series(line, x, y, tone=position + 1, whiskers=position < whiskers)
    body += _names(drawn, x, y, right=right, top=top, bottom=bottom)
    return drawing(body, width=WIDTH, height=height, label=label)


def _level_line(value: float, y: float, left: float, right: float, *, unit: Unit, step: float) -> tuple[str, str]:
    kind = "ax" if value == 0 else "gr"
    return stroke(left, y, right, y, kind=kind), words(
        left - 6, y + 4, axis_text(value, unit=unit, step=step), kind="ts", anchor="end"
    )


def _dates(dates: Sequence[tuple[float, str]], x: Scale, bottom: float, *, right: float) -> list[str]:
    room = max((len(text) for _, text in dates), default=4) * 6.4 + 10
    kept: list[tuple[float, str]] = []
    for at, text in sorted(dates, reverse=True):
        if not kept or x(kept[-1][0]) - x(at) >= room:
            kept.append((at, text))
    body = []
    for at, text in kept:
        half = len(text) * 3.3
        body.append(stroke(x(at), bottom, x(at), bottom + 5, kind="ax"))
        body.append(words(min(max(x(at), half), right + 90 - half), bottom + 20, text, kind="ts", anchor="middle"))
    return body


def _series(line: Line, x: Scale, y: Scale, *, tone: int, whiskers: bool) -> list[str]:
    runs: dict[int, list[tuple[float, float]]] = {}
    for point in line.points:
        runs.setdefault(sum(point[0] >= at for at in line.breaks), []).append((x(point[0]), y(point[1])))
    body = [polyline(run, kind=f"l{tone}") for run in runs.values()]
    if whiskers:
        body += [
            whisker_up(x(p[0]), y(p[2]), y(p[3]), kind=f"w{tone}") for p in line.points if p[2] is not None and p[3] is not None
        ]
    radius = 4.0 if len(line.points) <= 14 else 2.8
    body += [mark(SHAPES[tone - 1], x(p[0]), y(p[1]), radius=radius, kind=f"m{tone}") for p in line.points]
    return body


def _names(lines: Sequence[Line], x: Scale, y: Scale, *, right: float, top: float, bottom: float) -> list[str]:
    rows = [wrap(line.label, width=14, lines=4) for line in lines]
    heights = [14.0 * len(row) + 4 for row in rows]
    middles = spread([y(line.points[-1][1]) for line in lines], gap=heights, low=top - 8, high=bottom + 12)
    body = []
    for tone, (row, middle) in enumerate(zip(rows, middles, strict=True), start=1):
        start = middle - 7.0 * len(row) + 11
        body.append(mark(SHAPES[tone - 1], right + 8, start - 4, radius=4, kind=f"m{tone}"))
        body += [words(right + 18, start + 14 * index, text, kind="t") for index, text in enumerate(row)]
    return body


def draw_places(rows: Sequence[Bar], *, unit: Unit, guides: Sequence[Guide], polarity: Polarity, label: str) -> str:
    """Draw one row a place (or a group): its value as a mark with its interval, against lines for the comparators.

    Right is better: where less is better the axis runs the other way.

    Parameters
    ----------
    rows : sequence of Bar
        In an order that does not come from the values.
    unit : Unit
        Of the values.
    guides : sequence of Guide
        At most three comparators.
    polarity : Polarity
        The indicator's direction.
    label : str
        The sentence that says what the chart shows.
    """
    spots = [spot for row in rows for spot in (row.value, row.lower, row.upper, row.before) if spot is not None]
    spots += [guide.value for guide in guides]
    if not spots:
        return ""
    low, high = _bounds(spots, unit=unit)
    steps = ticks(low, high, count=4)
    low, high = min(low, steps[0]), max(high, steps[-1])
    left, right, row_height = 132.0, 330.0, 27.0
    top = 22.0 + 15 * len(guides)
    bottom = top + row_height * len(rows)
    x = linear(low, high, start=right, end=left) if polarity is Polarity.LESS else linear(low, high, start=left, end=right)
    ends = ("further from zero", "further from zero") if polarity is Polarity.ZERO else ("worse", "better")
    body = []
    for step in steps:
        body.append(stroke(x(step), top, x(step), bottom, kind="ax" if step == 0 else "gr"))
        body.append(words(x(step), bottom + 16, axis_text(step, unit=unit, step=steps[1] - steps[0]), kind="ts", anchor="middle"))
    for index, guide in enumerate(guides):
        body += _guide(guide, x(guide.value), index=index, left=left, right=right, bottom=bottom)
    for index, row in enumerate(rows):
        body += _row(row, x, top + row_height * (index + 0.5), left=left, right=right)
    body.append(words(left, bottom + 32, f"\N{LEFTWARDS ARROW} {ends[0]}", kind="ts"))
    body.append(words(right, bottom + 32, f"{ends[1]} \N{RIGHTWARDS ARROW}", kind="ts", anchor="end"))
    return drawing(body, width=WIDTH, height=bottom + 40, label=label)


def _guide(guide: Guide, x: float, *, index: int, left: float, right: float, bottom: float) -> list[str]:
    line_y = 14.0 + 15 * index
    near_end = x > (left + right) / 2
    text = words(x + (-6 if near_end else 6), line_y, guide.label, kind="ts", anchor="end" if near_end else "")
    return [
        stroke(x, line_y - 9, x, bottom, kind=f"v{index + 2}"),
        mark(SHAPES[index + 1], x, line_y - 4, radius=3.5, kind=f"m{index + 2}"),
        text,
    ]


def _row(row: Bar, x: Scale, y: float, *, left: float, right: float, lines: int = 2) -> list[str]:
    names = wrap(row.label, width=19, lines=lines)
    first = y + 4 - 6.5 * (len(names) - 1)
    body = [words(left - 8, first + 13 * index, text, kind="t", anchor="end") for index, text in enumerate(names)]
    if row.value is not None:
        if row.before is not None:
            body += [
                stroke(x(row.before), y, x(row.value), y, kind=f"b{row.tone}"),
                mark("circle", x(row.before), y, radius=3.5, kind="mo"),
            ]
        if row.lower is not None and row.upper is not None:
            body.append(whisker_across(y, x(row.lower), x(row.upper), kind=f"w{row.tone}"))
        body.append(mark(SHAPES[row.tone - 1], x(row.value), y, radius=4.5, kind=f"m{row.tone}"))
    body.append(words(right + 8, y + 4, row.text, kind="t"))
    return body


def draw_moves(rows: Sequence[Bar], *, unit: Unit, ends: tuple[str, str], label: str) -> str:
    """Draw changes as marks with intervals on either side of no change.

    Parameters
    ----------
    rows : sequence of Bar
        Changes; on the good scale for subjects, narrowing counted to the right for gaps.
    unit : Unit
        Of the values.
    ends : tuple of two str
        What left and right of no change mean.
    label : str
        The sentence that says what the chart shows.
    """
    spots = [0.0] + [spot for row in rows for spot in (row.value, row.lower, row.upper) if spot is not None]
    low, high = min(spots), max(spots)
    reach = (high - low) or 1.0
    left, right, row_height, top = 126.0, 282.0, 48.0, 24.0
    bottom = top + row_height * len(rows)
    x = linear(low - 0.04 * reach, high + 0.04 * reach, start=left, end=right)
    zero = x(0.0)
    body = [stroke(zero, top - 4, zero, bottom, kind="ax")]
    if zero - left > 50:
        body.append(words(zero - 6, 14, f"\N{LEFTWARDS ARROW} {ends[0]}", kind="ts", anchor="end"))
    if right - zero > 50:
        body.append(words(zero + 6, 14, f"{ends[1]} \N{RIGHTWARDS ARROW}", kind="ts"))
    body.append(words(zero, bottom + 15, "no change", kind="ts", anchor="middle"))
    for index, row in enumerate(rows):
        y = top + row_height * (index + 0.5)
        if row.value is not None:
            body.append(stroke(zero, y, x(row.value), y, kind=f"b{row.tone}"))
        body += _row(row, x, y, left=left, right=right, lines=3)
    return drawing(body, width=WIDTH, height=bottom + 22, label=label)


def draw_split(share: float, *, lower: str, upper: str, label: str) -> str:
    """Draw how much of a narrowing came from the lower subject improving and how much from the upper one getting worse.

    Parameters
    ----------
    share : float
        From below.
    lower, upper : str
        The two subjects.
    label : str
        The sentence that says what the chart shows.

    Returns
    -------
    str
        An `svg` element; '' where one end did it all, which a sentence says better.
    """
    if not 0 < share < 1:
        return ""
    edge, percent = 4 + 392 * share, min(99, max(1, round(100 * share)))
    body = [
        f'<path class="f1" d="M4 8H{plain(edge)}v26H4z"/>',
        f'<path class="f2" d="M{plain(edge)} 8H396v26H{plain(edge)}z"/>',
    ]
    rows = wrap(f"{percent}% from {lower} improving", width=27, lines=3)
    other = wrap(f"{100 - percent}% from {upper} getting worse", width=27, lines=3)
    body += [words(4, 50 + 14 * index, text, kind="t") for index, text in enumerate(rows)]
    body += [words(396, 50 + 14 * index, text, kind="t", anchor="end") for index, text in enumerate(other)]
    return drawing(body, width=WIDTH, height=44 + 14 * max(len(rows), len(other)), label=label)


def draw_counts(rows: Sequence[tuple[str, int, int, int]], *, label: str) -> str:
    """Draw counts as bars from nothing, by certainty: established as tall bars, likely as low ones, the rest outlined.

    Parameters
    ----------
    rows : sequence of (label, established, likely, other)
        Counts; the three are drawn one after the other.
    label : str
        The sentence that says what the chart shows.
    """
    most = max((sum(row[1:]) for row in rows), default=0)
    if most == 0:
        return ""
    left, right, row_height = 170.0, 356.0, 24.0
    x = linear(0, most, start=left, end=right)
    body = []
    for index, (name, sure, likely, other) in enumerate(rows):
        y = 4 + row_height * index
        body.append(words(left - 8, y + 14, name, kind="t", anchor="end"))
        at = 0
        for count, kind, top, tall in ((sure, "f1", 0, 18), (likely, "f4", 5, 8), (other, "f5", 0, 18)):
            if count:
                body.append(
                    f'<path class="{kind}" d="M{plain(x(at))} {plain(y + top)}H{plain(x(at + count))}v{tall}H{plain(x(at))}z"/>'
                )
            at += count
        body.append(words(x(at) + 6, y + 14, f"{at:,}", kind="t"))
    body.append(stroke(left, 0, left, 4 + row_height * len(rows), kind="ax"))
    return drawing(body, width=WIDTH, height=8 + row_height * len(rows), label=label)
