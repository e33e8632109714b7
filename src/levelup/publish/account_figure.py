"""The drawings and tables of what stands behind a gap's word: the plane of the two gains, and what every place did."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.account_sentence import signed
from levelup.publish.chart import Bar, Line, draw_moves, draw_trend
from levelup.publish.gap import Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Figure, csv_name, window_text
from levelup.publish.plane import draw_plane
from levelup.publish.wording import size, span
from levelup.terms.errors import Refusal
from levelup.terms.record import Verdict
from levelup.verdicts.account import Places

TENTHS = ("the most deprived tenth", *(f"tenth {place}" for place in range(2, 10)), "the least deprived tenth")


def plane_figure(gap: Gap, indicator: Indicator, *, source: str) -> Figure | None:
    """Return where the two gains lie in their plane with the probability of each region, or None where that is not known."""
    verdict = gap.main
    if not verdict.regions:
        return None
    likeliest = max(verdict.regions, key=lambda name: verdict.regions[name])
    chance = verdict.regions[likeliest]
    shown = "over 0.999" if chance > 0.999 else f"{chance:.3f}"
    summary = f"The likeliest region: {likeliest}, with a probability of {shown}."
    drawn = draw_plane(verdict, label=summary)
    if not drawn:
        return None
    rows = tuple(
        (Cell(name), Cell("under 0.001" if held < 0.001 else f"{held:.3f}", round(held, 6)))
        for name, held in verdict.regions.items()
    )
    heads = (Head("What the two subjects truly did"), Head("Probability", figures=True))
    note = "Each region by itself; the word rests on statements about whole sides of the plane, which are sums of regions."
    return Figure(
        key="plane",
        title="What both did, taken together",
        subtitle=f"Change of the lower subject across, of the upper upward, {window_text(verdict)}. Shaded: 95% joint region.",
        summary=summary,
        drawing=Markup(drawn),
        source=source,
        grid=Grid(f"Probability of each region, {window_text(verdict)}", heads, rows, note),
        csv=csv_name("gap", gap.slug, "regions"),
        folded=True,
    )


def tenths_figure(gap: Gap, places: Places, indicator: Indicator, *, source: str) -> Figure | None:
    """Return what each tenth of the ranking added to the change in the gap, or None where that cannot be said."""
    held = places.attribution
    if isinstance(held, Refusal):
        return None
    bars, rows = [], []
    for name, part, error, gain in zip(
        TENTHS, held.tenth_contribution.tolist(), held.tenth_contribution_se.tolist(), held.tenth_gain.tolist(), strict=True
    ):
        narrowed, reach = -part, 1.959964 * error
        text = signed(narrowed, indicator=indicator)
        known = reach == reach
        low, high = (narrowed - reach, narrowed + reach) if known else (None, None)
        bars.append(Bar(name, narrowed, low, high, text, 1))
        interval = span(low, high, indicator=indicator) or "[x]"
        rows.append(
            (Cell(name), Cell(signed(gain, indicator=indicator), round(gain, 4)), Cell(text, round(narrowed, 4)), Cell(interval))
        )
    total = f"{'narrowing' if held.change < 0 else 'widening'} of {size(held.change, indicator=indicator)}"
    summary = f"The tenths add up to a {total}. Above zero a tenth narrowed the gap, below zero it widened it."
    heads = (
        Head("Tenth of the people, by the independent order"),
        Head("Mean gain, more is better", figures=True),
        Head("Part of the narrowing", figures=True),
        Head("95% interval", figures=True),
    )
    return Figure(
        key="tenths",
        title="Where in the ranking the change came from",
        subtitle=f"Part of the change in the fitted gap, {window_text(gap.main)}. Right narrowed it, left widened it.",
        summary=summary,
        drawing=Markup(draw_moves(bars, unit=indicator.unit, ends=("widened", "narrowed"), label=summary)),
        source=source,
        grid=Grid("The change in the gap by tenths of the ranking", heads, tuple(rows), summary),
        csv=csv_name("gap", gap.slug, "tenths"),
        folded=True,
    )


def growth_figure(gap: Gap, places: Places, indicator: Indicator, *, source: str) -> Figure | None:
    """Return the growth curves: what each tenth of the people gained, by the independent order and by its own level."""
    curve = places.growth
    if isinstance(curve, Refusal):
        return None
    lines = tuple(
        Line(name, tuple((float(at), float(value), None, None) for at, value in enumerate(values, start=1)))
        for name, values in (
            ("By place, in the independent order", curve.by_tenth),
            ("By level, whoever holds it", curve.anonymous),
        )
    )
    rows = tuple(
        (Cell(str(at)), *(Cell(signed(float(value), indicator=indicator), round(float(value), 4)) for value in pair))
        for at, pair in enumerate(zip(curve.by_tenth, curve.anonymous, strict=True), start=1)
    )
    heads = (
        Head("Tenth of the people"),
        Head("Gain by place, 1 the most deprived", figures=True),
        Head("Gain by level, 1 the worst off at either date", figures=True),
    )
    mean = signed(curve.mean, indicator=indicator)
    summary = (
        f"Each curve has the same mean, {mean}. By place the same areas are followed; by level other areas may stand in "
        "a tenth at the end, and the lowest of one date rises by luck alone. A fall anywhere lowers both."
    )
    unit = replace(indicator.unit, low=None, high=None, suffix="", prefix="")
    return Figure(
        key="growth",
        title="Growth curves: what each tenth gained",
        subtitle=f"Gain by tenth of the people, {window_text(gap.main)}, 1 the most deprived or the worst off. More is better.",
        summary=summary,
        drawing=Markup(draw_trend(lines, unit=unit, dates=[(float(at), str(at)) for at in range(1, 11)], label=summary)),
        source=source,
        grid=Grid(f"Gains by tenth, {window_text(gap.main)}", heads, rows, summary),
        csv=csv_name("gap", gap.slug, "growth"),
        folded=True,
    )


def places_grid(desk: Desk, places: Places, verdict: Verdict, indicator: Indicator) -> Grid:
    """Return each place's change as published and, beside it, what is likely true of it given all of them."""
    rows = []
    likely = places.likely
    for row, code in enumerate(places.codes):
        raw, error = float(places.gain[row]), float(places.se[row])
        reach = 1.959964 * error
        interval = span(raw - reach, raw + reach, indicator=indicator) if error == error else ""
        cells = [
            Cell(desk.name(code), None, f"../places/{code}.html"),
            Cell(signed(raw, indicator=indicator), round(raw, 4)) if raw == raw else Cell("[x]"),
            Cell(interval or "[x]"),
        ]
        if likely is not None:
            mean, spread = float(likely.mean[row]), 1.959964 * float(likely.se[row])
            cells += [
                Cell(signed(mean, indicator=indicator), round(mean, 4)),
                Cell(span(mean - spread, mean + spread, indicator=indicator)),
            ]
        rows.append(tuple(cells))
    heads = [Head("Place"), Head("Change as published", figures=True), Head("95% interval", figures=True)]
    note = "More is better. In the order of deprivation, which is no ranking of performance."
    if likely is not None:
        heads += [
            Head("Change once noise is allowed for", figures=True),
            Head("95% interval", figures=True, name="95% interval, noise allowed for"),
        ]
        note += " Once noise is allowed for: each change drawn towards the mean of all, the more so the less its own figures say."
    return Grid(f"What each place did, {window_text(verdict)}", tuple(heads), tuple(rows), note)
