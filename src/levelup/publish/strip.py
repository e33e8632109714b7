"""The two small drawings of a row: a strip of peers with one place named, and a line of its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from levelup.publish.svg import drawing, linear, mark, plain, polyline, stroke, whisker_across
from levelup.terms.polarity import Polarity


@dataclass(frozen=True, slots=True)
class Strip:
    """What a strip shows: the named value with its interval, the peers' values, and comparators by the tone they are drawn in.

    `tone` 2 is the county, 3 the nation, 4 the region: each has its own shape as well as its colour.
    """

    value: float
    lower: float | None
    upper: float | None
    peers: tuple[float, ...]
    comparators: tuple[tuple[int, float], ...]


_MARKS = {2: "diamond", 3: "square", 4: "triangle"}


def draw_strip(strip: Strip, *, polarity: Polarity, label: str) -> str:
    """Draw a strip on which right is always better.

    Parameters
    ----------
    strip : Strip
        Values in the indicator's unit.
    polarity : Polarity
        The indicator's direction: where less is better the axis runs the other way.
    label : str
        The sentence that says what the strip shows.
    """
    spots = [strip.value, *strip.peers, *(value for _, value in strip.comparators)]
    spots += [spot for spot in (strip.lower, strip.upper) if spot is not None]
    if polarity is Polarity.ZERO:
        spots.append(0.0)
    low, high = min(spots), max(spots)
    x = linear(low, high, start=292.0, end=8.0) if polarity is Polarity.LESS else linear(low, high, start=8.0, end=292.0)
    y = 18.0
    body = [stroke(4, y, 296, y, kind="gr")]
    if strip.peers:
        body.append('<path class="pe" d="' + "".join(f"M{plain(x(value))} {plain(y)}h0" for value in strip.peers) + '"/>')
    body += [mark(_MARKS[tone], x(value), y, radius=5, kind=f"m{tone}") for tone, value in strip.comparators]
    if strip.lower is not None and strip.upper is not None:
        ends = sorted((x(strip.lower), x(strip.upper)))
        body.append(whisker_across(y, ends[0], ends[1], kind="w1", cap=5))
    body.append(mark("circle", x(strip.value), y, radius=6.5, kind="m1"))
    return drawing(body, width=300, height=36, label=label, kind="lu-strip")


def draw_spark(
    points: Sequence[tuple[float, float, float | None, float | None]], *, other: Sequence[tuple[float, float]], label: str
) -> str:
    """Draw a short history: the place's line with its interval as a band, and the comparator's line behind it.

    Parameters
    ----------
    points : sequence of (position, value, low, high)
        Oldest first; low and high are None where unknown.
    other : sequence of (position, value)
        The comparator.
    label : str
        The sentence that says what the line shows.
    """
    if len(points) < 2:
        return ""
    values = [spot for _, value, low, high in points for spot in (value, low, high) if spot is not None] + [
        value for _, value in other
    ]
    positions = [point[0] for point in points] + [at for at, _ in other]
    x = linear(min(positions), max(positions), start=6.0, end=152.0)
    y = linear(min(values), max(values), start=42.0, end=6.0)
    banded = [(at, low, high) for at, _, low, high in points if low is not None and high is not None]
    body = []
    if len(banded) > 1:
        edge = [(x(at), y(high)) for at, _, high in banded] + [(x(at), y(low)) for at, low, _ in reversed(banded)]
        body.append('<path class="bd" d="M' + "L".join(f"{plain(a)} {plain(b)}" for a, b in edge) + 'z"/>')
    body.append(polyline([(x(at), y(value)) for at, value in other], kind="l2"))
    body.append(polyline([(x(at), y(value)) for at, value, _, _ in points], kind="l1"))
    last = points[-1]
    body.append(mark("circle", x(last[0]), y(last[1]), radius=4, kind="m1"))
    return drawing(body, width=160, height=48, label=label, kind="lu-spark")
