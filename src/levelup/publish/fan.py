"""The drawing of a forecast: the published series and, behind its last date, the fan of where it may go."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.inference.forecast import Fan
from levelup.publish.chart import WIDTH, axis_text
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Figure, csv_name, short_period
from levelup.publish.svg import drawing, linear, mark, plain, polyline, stroke, ticks, words
from levelup.publish.wording import inline, level, span
from levelup.terms.unit import Unit

LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 50.0, 388.0, 12.0, 228.0, 258.0


def say_fan(fan: Fan, *, indicator: Indicator, name: str) -> str:
    """Return what a fan says of its last year, and how often such fans have been right."""
    low, high = (float(fan.values[-1, column]) for column in (0, -1))
    when = short_period(fan.periods[-1])
    if fan.coverage is not None and fan.tested:
        tested = (
            f"Of {fan.tested:,} earlier forecasts of this indicator made the same way, over all places held, "
            f"{100 * fan.coverage:.0f}% fell inside theirs."
        )
    else:
        tested = "No earlier forecast of this indicator could be tried."
    return (
        f"If it goes on as this indicator has gone, the 80% interval for {name} runs from {level(low, indicator=indicator)} to "
        f"{level(high, indicator=indicator)} in {when}. {tested} A forecast knows nothing of what anybody will do about it."
    )


def draw_fan(
    spots: Sequence[tuple[float, float]], fan: Fan, *, unit: Unit, dates: Sequence[tuple[float, str]], label: str
) -> str:
    """Draw a series and its fan: the middle half dark, the middle four fifths light, the median dotted.

    Parameters
    ----------
    spots : sequence of (position in years, value)
        The published series in order.
    fan : Fan
        Its forecast.
    unit : Unit
        Of the values.
    dates : sequence of (position, label)
        What to print under the chart.
    label : str
        The sentence that says what the chart shows.
    """
    ahead = [period.middle for period in fan.periods]
    values = [value for _, value in spots] + [float(value) for value in fan.values[:, (0, -1)].ravel()]
    steps = ticks(min(values), max(values), count=4)
    low, high = min(steps[0], *values), max(steps[-1], *values)
    y = linear(low, high, start=BOTTOM, end=TOP)
    x = linear(min(at for at, _ in spots), ahead[-1], start=LEFT + 10, end=RIGHT - 8)
    body = []
    for step in steps:
        body.append(stroke(LEFT, y(step), RIGHT, y(step), kind="ax" if step == 0 else "gr"))
        text = axis_text(step, unit=unit, step=steps[1] - steps[0])
        body.append(words(LEFT - 6, y(step) + 4, text, kind="ts", anchor="end"))
    last = spots[-1]
    for lower, upper in ((0, -1), (1, -2)):
        top = [(x(at), y(float(value))) for at, value in zip(ahead, fan.values[:, upper], strict=True)]
        bottom = [(x(at), y(float(value))) for at, value in zip(ahead, fan.values[:, lower], strict=True)]
        outline = [(x(last[0]), y(last[1])), *top, *reversed(bottom)]
        body.append('<path class="bd" d="M' + "L".join(f"{plain(a)} {plain(b)}" for a, b in outline) + 'z"/>')
    middle = [(x(last[0]), y(last[1])), *((x(at), y(float(v))) for at, v in zip(ahead, fan.values[:, 2], strict=True))]
    body.append(polyline(middle, kind="br"))
    body.append(polyline([(x(at), y(value)) for at, value in spots], kind="l1"))
    body += [mark("circle", x(at), y(value), radius=3.0, kind="m1") for at, value in spots]
    shown: list[float] = []
    for at, text in sorted(dates, reverse=True):
        half = len(text) * 3.3
        if not shown or shown[-1] - x(at) >= 2 * half + 12:
            shown.append(x(at))
            body.append(stroke(x(at), BOTTOM, x(at), BOTTOM + 5, kind="ax"))
            body.append(words(min(max(x(at), half), WIDTH - half), BOTTOM + 20, text, kind="ts", anchor="middle"))
    return drawing(body, width=WIDTH, height=HEIGHT, label=label)


def fan_figure(
    fan: Fan,
    *,
    spots: Sequence[tuple[float, float, str]],
    indicator: Indicator,
    name: str,
    source: str,
    slug: str,
    key: str = "fan",
) -> Figure | None:
    """Return a fan as a figure, or None with fewer than two published points.

    Parameters
    ----------
    fan : Fan
        The forecast of one place or group.
    spots : sequence of (position in years, value, label of the period)
        The published series in order.
    indicator, name, source
        What it is a series of, whose, and who published it.
    slug : str
        What the table's file is called.
    key : str
        What the figure is called on its page, once a page.
    """
    if len(spots) < 2:
        return None
    dates = [(at, label) for at, _, label in spots] + [(period.middle, short_period(period)) for period in fan.periods]
    summary = say_fan(fan, indicator=indicator, name=name)
    rows = tuple(
        (
            Cell(short_period(period), period.iso),
            Cell(level(float(held[2]), indicator=indicator), round(float(held[2]), 4)),
            Cell(span(float(held[1]), float(held[3]), indicator=indicator)),
            Cell(span(float(held[0]), float(held[4]), indicator=indicator)),
        )
        for period, held in zip(fan.periods, fan.values, strict=True)
    )
    heads = (
        Head("Year"),
        Head("Middle", figures=True),
        Head("50% interval", figures=True),
        Head("80% interval", figures=True),
    )
    last = short_period(fan.periods[-1])
    return Figure(
        key=key,
        title=f"Where {name} may stand by {last}",
        subtitle=f"{indicator.name}: dark, the middle half; light, the 80% interval; dotted, the middle.",
        summary=summary,
        drawing=Markup(draw_fan([spot[:2] for spot in spots], fan, unit=indicator.unit, dates=dates, label=summary)),
        source=source,
        grid=Grid(f"Forecast of {inline(indicator.name)}, {name}", heads, rows, fan.method),
        csv=csv_name(slug, "forecast"),
        folded=True,
    )
