"""The drawings of a gap's page: both subjects over time, who moved, every district at both dates, and the split."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, Line, draw_moves, draw_places, draw_split, draw_trend
from levelup.publish.gap import Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Figure, break_positions, csv_name, move_text, short_period, unit_label
from levelup.publish.sentence import say_breaks, say_direction, say_gap, say_headline, say_word
from levelup.publish.wording import brief, capital, inline, interval_words, level, number
from levelup.terms.period import Period
from levelup.terms.polarity import good_sign
from levelup.terms.record import Estimate, Verdict

Spot = tuple[float, float, float | None, float | None]


def _line(desk: Desk, gap: Gap, end: str) -> tuple[list[Spot], dict[Period, float]]:
    """Return one subject's points: its own series where the report holds it, else its levels at the dates compared."""
    main = gap.main
    subject = main.lower if end == "lower" else main.upper
    levels: dict[Period, float] = {}
    for verdict in gap.verdicts:
        pair = verdict.lower_levels if end == "lower" else verdict.upper_levels
        for period, value in zip((verdict.start, verdict.end), pair, strict=True):
            if period is not None and value is not None:
                levels[period] = value
    own = gap.kind == "cohort" or (gap.kind in ("district", "patch", "county") and subject.place == gap.place)
    track = desk.track(gap.indicator, subject.place, subject.cohort) if own else None
    if track is not None and levels:
        first = min(period.middle for period in levels)
        points = [point for point in track.held if point.period.middle >= first]
        spots = [(p.period.middle, p.value, p.lower, p.upper) for p in points if p.value is not None]
        return spots, {p.period: p.value for p in points if p.value is not None}
    ordered = sorted(levels.items(), key=lambda item: item[0].middle)
    return [(period.middle, value, None, None) for period, value in ordered], dict(ordered)


def levels_figure(desk: Desk, gap: Gap, indicator: Indicator) -> Figure | None:
    """Return both subjects over time, or None where neither has two dates."""
    verdict = gap.main
    (lower, lower_at), (upper, upper_at) = _line(desk, gap, "lower"), _line(desk, gap, "upper")
    if len(lower) < 2 and len(upper) < 2:
        return None
    names, breaks = (capital(verdict.lower.label), capital(verdict.upper.label)), break_positions(indicator)
    lines = (Line(names[0], tuple(lower), breaks), Line(names[1], tuple(upper), breaks))
    periods = sorted({*lower_at, *upper_at}, key=lambda period: period.middle)
    summary = " ".join(text for text in (move_text(verdict, "lower", indicator), move_text(verdict, "upper", indicator)) if text)
    drawing = draw_trend(
        lines, unit=indicator.unit, dates=[(p.middle, short_period(p)) for p in periods], label=summary or gap.comparison
    )
    rows = tuple(
        (
            Cell(short_period(p), p.iso),
            *(Cell(level(at[p], indicator=indicator), at[p]) if p in at else Cell("[x]") for at in (lower_at, upper_at)),
        )
        for p in periods
    )
    heads = (Head("Period"), *(Head(name, figures=True) for name in names))
    whole = f"{indicator.name}, {unit_label(indicator.unit)}, {short_period(periods[0])} to {short_period(periods[-1])}"
    note = "" if gap.kind == "cohort" else "A subject worked out from several places is shown at the dates of the windows only."
    return Figure(
        key="levels",
        title=say_headline(verdict, indicator=indicator),
        subtitle=f"{whole}. {say_direction(indicator)}.{say_breaks(indicator)}",
        summary=summary,
        drawing=Markup(drawing),
        source=desk.source_line(indicator),
        grid=Grid(f"Levels of both subjects: {inline(indicator.name)}", heads, rows, note),
        csv=csv_name("gap", gap.slug, "levels"),
        folded=True,
    )


def moves_figure(gap: Gap, indicator: Indicator, *, source: str) -> Figure | None:
    """Return the change of both subjects and of the gap, or None where they are not known."""
    verdict = gap.main
    lower, upper, change = verdict.change_lower, verdict.change_upper, verdict.gap_change
    if lower is None or upper is None or change is None:
        return None
    turned = Estimate(
        -change.value, change.se, None if change.upper is None else -change.upper, None if change.lower is None else -change.lower
    )
    rows = []
    for label, item, tone, worse in (
        (capital(verdict.lower.label), lower, 1, "worse"),
        (capital(verdict.upper.label), upper, 2, "worse"),
        ("The gap", turned, 3, "wider"),
    ):
        better = "better" if worse == "worse" else "narrower"
        way = better if item.value > 0 else worse if item.value < 0 else ""
        text = f"{number(abs(item.value), decimals=indicator.unit.decimals)} {way}".strip()
        rows.append(Bar(label, item.value, item.lower, item.upper, text, tone))
    summary = f"{say_gap(verdict, indicator=indicator)} {say_word(verdict)}"
    drawing = draw_moves(rows, unit=indicator.unit, ends=("worse, or wider", "better, or narrower"), label=summary)
    said = [interval_words(item, indicator=indicator, less="worse", more="better") for item in (lower, upper)]
    said.append(interval_words(change, indicator=indicator, less="narrower", more="wider"))
    cells = tuple(
        (Cell(row.label), Cell(row.text, round(row.value or 0.0, 4)), Cell(interval or "[x]"))
        for row, interval in zip(rows, said, strict=True)
    )
    grid = Grid(
        "Who moved, and the gap", (Head("Subject"), Head("Change", figures=True), Head("95% interval", figures=True)), cells
    )
    dates, unit = (
        f"{short_period(verdict.start)} and {short_period(verdict.end)}",
        indicator.unit.change or unit_label(indicator.unit),
    )
    return Figure(
        key="moves",
        title=f"Who moved: {verdict.word}",
        subtitle=f"Change between {dates}, {unit}. Right is better.",
        summary=summary,
        drawing=Markup(drawing),
        source=source,
        grid=grid,
        csv=csv_name("gap", gap.slug, "windows"),
        folded=True,
    )


def districts_figure(desk: Desk, gap: Gap, indicator: Indicator) -> Figure | None:
    """Return, for a gap across districts, every district at both dates, in order of deprivation."""
    verdict = gap.main
    if gap.kind != "districts" or verdict.start is None or verdict.end is None:
        return None
    bars, rows = [], []
    for code in desk.publication.districts:
        track = desk.track(gap.indicator, code, gap.cohort)
        first, last = (track.at(verdict.start), track.at(verdict.end)) if track else (None, None)
        before, after = (point.value if point else None for point in (first, last))
        shown = brief(after, indicator=indicator) if after is not None else "no figure"
        bars.append(Bar(desk.name(code), after, last.lower if last else None, last.upper if last else None, shown, 1, before))
        moved = "[x]" if before is None or after is None else number(after - before, decimals=indicator.unit.decimals)
        rows.append(
            (
                Cell(desk.name(code), None, f"../places/{code}.html"),
                *(Cell(level(v, indicator=indicator) if v is not None else "[x]", v) for v in (before, after)),
                Cell(moved),
            )
        )
    dates = short_period(verdict.start), short_period(verdict.end)
    heads = (Head("District"), Head(dates[0], figures=True), Head(dates[1], figures=True), Head("Difference", figures=True))
    gains = [
        good_sign(indicator.polarity) * (bar.value - bar.before)
        for bar in bars
        if bar.value is not None and bar.before is not None
    ]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    label = (
        f"Of {len(gains)} districts with both figures, {better} stand better in {dates[1]} than in {dates[0]} and {worse} worse, "
        "as published; the table has each."
    )
    drawing = draw_places(bars, unit=indicator.unit, guides=(), polarity=indicator.polarity, label=label)
    marks = f"open mark {dates[0]}, full mark {dates[1]} with its 95% interval"
    subtitle = f"{indicator.name}, {unit_label(indicator.unit)}: {marks}. {say_direction(indicator)}; right is better."
    grid = Grid(f"Districts in order of deprivation: {inline(indicator.name)}", heads, tuple(rows))
    return Figure(
        key="districts",
        title="Every district at both dates, the most deprived first",
        subtitle=subtitle,
        summary=label,
        drawing=Markup(drawing),
        source=desk.source_line(indicator),
        grid=grid,
        csv=csv_name("gap", gap.slug, "districts"),
    )


def split_drawing(verdict: Verdict) -> Markup:
    """Return how a narrowing that is at least likely splits between the two ends; empty where one end did it all."""
    share, change = verdict.share_from_below, verdict.gap_change
    if share is None or change is None or change.value >= 0 or verdict.statements.get("narrowed", 0.0) < 0.8:
        return Markup("")
    label = f"Of the narrowing, {100 * share:.0f}% came from {verdict.lower.label} improving."
    return Markup(draw_split(share, lower=verdict.lower.label, upper=verdict.upper.label, label=label))
