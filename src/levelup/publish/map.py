"""A county's map as SVG: five classes, a visible name on every area, each area a link; never the only route to a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from levelup.publish.svg import plain, words, wrap

CLASSES = 5
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_STEPS = re.compile(r"([MmLlHhVvZz])([^MmLlHhVvZz]*)")


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its code, name, value (None where there is none), the text of the value, and where its link leads."""

    code: str
    name: str
    value: float | None
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Key:
    """One class of the map: its number from 1 (lightest), its bounds, and how many areas lie in it."""

    number: int
    low: float
    high: float
    areas: int


def outline_box(path: str) -> tuple[float, float, float, float]:
    """Return the smallest and largest x and y that a path of straight lines reaches.

    Examples
    --------
    >>> outline_box("M10 20h30v-5z")
    (10.0, 15.0, 40.0, 20.0)
    """
    xs, ys = [], []
    x = y = 0.0
    for letter, rest in _STEPS.findall(path):
        numbers = [float(found) for found in _NUMBERS.findall(rest)]
        if letter in "Hh":
            pairs = [(number if letter == "H" else x + number, y) for number in numbers[-1:]]
        elif letter in "Vv":
            pairs = [(x, number if letter == "V" else y + number) for number in numbers[-1:]]
        else:
            pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
        for first, second in pairs:
            relative = letter in "ml"
            x, y = (x + first, y + second) if relative else (first, second)
            xs.append(x)
            ys.append(y)
    if not xs:
        return 0.0, 0.0, 0.0, 0.0
    return min(xs), min(ys), max(xs), max(ys)


def class_bounds(values: Sequence[float]) -> tuple[float, ...]:
    """Return the six bounds of five classes of equal width; empty where the values do not differ.

    Examples
    --------
    >>> class_bounds([0.0, 10.0])
    (0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
    """
    if not values or min(values) == max(values):
        return ()
    low, high = min(values), max(values)
    return tuple(low + (high - low) * step / CLASSES for step in range(CLASSES + 1))


def class_of(value: float | None, bounds: Sequence[float]) -> int:
    """Return the class a value lies in, 1 to 5; 0 where there is no value; 3 where all values are equal."""
    if value is None:
        return 0
    if not bounds:
        return 3
    return max(1, sum(value >= bound for bound in bounds[:-1]))


def map_keys(areas: Sequence[Area]) -> tuple[Key, ...]:
    """Return the map's classes with their bounds and how many areas lie in each."""
    values = [area.value for area in areas if area.value is not None]
    bounds = class_bounds(values)
    numbers = [class_of(value, bounds) for value in values]
    return tuple(Key(step + 1, bounds[step], bounds[step + 1], numbers.count(step + 1)) for step in range(len(bounds) - 1))


def draw_map(areas: Sequence[Area], *, outlines: Mapping[str, str], view_box: str, label: str, strong: str = "") -> str:
    """Draw areas shaded in five classes, each a link named by its place and value.

    Parameters
    ----------
    areas : sequence of Area
        Areas without an outline are left out of the drawing (the list beside it has them).
    outlines : mapping of code to SVG path
        Straight lines only.
    view_box : str
        The box the outlines belong to.
    label : str
        What the map shows, for a screen reader.
    strong : str
        The code of an area to outline in bold; '' for none.

    Returns
    -------
    str
        An `svg` element; '' where no outline is held.
    """
    drawn = [area for area in areas if area.code in outlines]
    if not drawn or not view_box:
        return ""
    bounds = class_bounds([area.value for area in areas if area.value is not None])
    x, y, width, height = (float(found) for found in _NUMBERS.findall(view_box))
    body = []
    for area in sorted(drawn, key=lambda item: item.code == strong):
        kind = f"k{class_of(area.value, bounds)}" + (" ks" if area.code == strong else "")
        name = escape(f"{area.name}: {area.text}" if area.text else area.name)
        body.append(f'<a href="{escape(area.link)}" aria-label="{name}"><path class="{kind}" d="{outlines[area.code]}"/></a>')
    size = width / 36
    names = _names(drawn, outlines=outlines, size=size, box=(x, y, width, height))
    return (
        f'<svg class="lu-map" viewBox="{escape(view_box)}" role="group" aria-label="{escape(label)}">'
        f'{"".join(body)}<g class="kn" font-size="{plain(size)}" aria-hidden="true">{names}</g></svg>'
    )


@dataclass(slots=True)
class _Label:
    rows: list[str]
    x: float
    y: float
    wide: float
    tall: float


def _names(areas: Sequence[Area], *, outlines: Mapping[str, str], size: float, box: tuple[float, float, float, float]) -> str:
    """Return every area's name and value near its middle, moved apart where two would lie over each other."""
    labels = []
    for area in areas:
        x1, y1, x2, y2 = outline_box(outlines[area.code])
        rows = [*wrap(area.name, width=14, lines=2), *([area.text] if area.text else [])]
        wide = 0.56 * size * max(len(row) for row in rows)
        labels.append(_Label(rows, (x1 + x2) / 2, (y1 + y2) / 2, wide, 1.12 * size * len(rows)))
    for _ in range(60):
        if not sum(_part(first, second) for k, first in enumerate(labels) for second in labels[k + 1 :]):
            break
    left, top, width, height = box
    lines = []
    for label in labels:
        middle = min(max(label.x, left + label.wide / 2), left + width - label.wide / 2)
        first = min(max(label.y, top + label.tall / 2), top + height - label.tall / 2) - label.tall / 2 + 0.85 * size
        lines += [words(middle, first + 1.1 * size * step, row, anchor="middle") for step, row in enumerate(label.rows)]
    return "".join(lines)


def _part(first: _Label, second: _Label) -> bool:
    """Move two labels apart, the shorter way, by a part of what they share; tell whether they shared anything."""
    across = (first.wide + second.wide) / 2 - abs(first.x - second.x)
    down = (first.tall + second.tall) / 2 - abs(first.y - second.y)
    if across <= 0 or down <= 0:
        return False
    if down <= across:
        step = (down / 2 + 0.5) * (1 if first.y <= second.y else -1)
        first.y, second.y = first.y - step, second.y + step
    else:
        step = (across / 2 + 0.5) * (1 if first.x <= second.x else -1)
        first.x, second.x = first.x - step, second.x + step
    return True


def draw_locator(code: str, *, outlines: Mapping[str, str], view_box: str, label: str) -> str:
    """Draw where one place lies among the others; '' where its outline is not held."""
    if code not in outlines or not view_box:
        return ""
    others = "".join(outlines[key] for key in sorted(outlines) if key != code)
    return (
        f'<svg class="lu-locator" viewBox="{escape(view_box)}" role="img" aria-label="{escape(label)}">'
        f'<path class="k1" d="{others}"/><path class="k5" d="{outlines[code]}"/></svg>'
    )
