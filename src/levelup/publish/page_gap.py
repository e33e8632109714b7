"""The page of one gap: did it narrow, by how much, by levelling up or down, over every window, and how sure that is."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, Line, draw_moves, draw_places, draw_split, draw_trend
from levelup.publish.gap import KINDS, Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import (
    Desk,
    Figure,
    Page,
    change_text,
    csv_name,
    gap_size,
    move_text,
    short_period,
    unit_label,
    window_text,
)
from levelup.publish.sentence import (
    STATEMENT_TEXTS,
    say_breaks,
    say_direction,
    say_gap,
    say_headline,
    say_loser,
    say_masking,
    say_settle,
    say_uncertainty,
    say_verdict,
    say_word,
)
from levelup.publish.wording import capital, inline, interval_words, level, number
from levelup.terms.period import Period
from levelup.terms.polarity import good_sign
from levelup.terms.record import Estimate, Verdict

Spot = tuple[float, float, float | None, float | None]


def build_gap(desk: Desk, gap: Gap) -> Page:
    """Return the page of one gap, with all its windows."""
    indicator, verdict = desk.indicator(gap.indicator), gap.main
    windows = _windows_grid(gap, indicator)
    csv = csv_name("gap", gap.slug, "windows")
    figures = [
        figure
        for figure in (
            _levels_figure(desk, gap, indicator),
            _moves_figure(desk, gap, indicator),
            _districts_figure(desk, gap, indicator),
        )
        if figure
    ]
    context: dict[str, object] = {
        "gap": gap,
        "indicator": indicator,
        "verdict": verdict,
        "kind": KINDS.get(gap.kind, gap.kind),
        "comparison": capital(gap.comparison),
        "lead": say_verdict(verdict, indicator=indicator),
        "numbers": _numbers(verdict, indicator),
        "settle": say_settle(verdict, indicator=indicator),
        "known": _known(verdict),
        "figures": figures,
        "split": _split(verdict),
        "windows": windows,
        "windows_csv": csv,
        "readings": _readings(gap, indicator),
        "statements": _statements(verdict),
        "losers": [say_loser(loser, indicator=indicator) for loser in verdict.losers],
        "masking": say_masking(verdict.masking, verdict=verdict, indicator=indicator) if verdict.masking else "",
        "welfare": _welfare(verdict, indicator),
        "caveats": _caveats(verdict, indicator),
        "releases": verdict.releases,
        "source_line": desk.source_line(indicator),
        "others": [
            (other.comparison, other.slug, other.main.word)
            for other in desk.by_indicator[gap.indicator]
            if other.slug != gap.slug and other.has_page and other.place == gap.place
        ][:12],
    }
    return Page(
        path=f"gaps/{gap.slug}.html",
        title=f"{capital(gap.comparison)}: {inline(indicator.name)}",
        template="gap.html",
        section="gaps",
        context=context,
        crumbs=(("Gaps", "gaps/index.html"), (indicator.name, f"indicators/{indicator.id}.html")),
        tables={figure.csv: figure.grid for figure in figures} | {csv: windows},
        description=say_gap(verdict, indicator=indicator),
        crumb=capital(gap.comparison),
    )


def _numbers(verdict: Verdict, indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return three figures with what they are: the gap at each date and its change."""
    if verdict.gap_change is None:
        return []
    moved, interval = change_text(verdict, indicator)
    first, last = short_period(verdict.start), short_period(verdict.end)
    return [
        (f"Gap in {first}", gap_size(verdict, 0, indicator), ""),
        (f"Gap in {last}", gap_size(verdict, 1, indicator), ""),
        ("Change in the gap", moved, f"95% interval {interval}" if interval else "no interval published"),
    ]


def _known(verdict: Verdict) -> list[str]:
    """Return, where no word was found, what is established all the same."""
    if verdict.word != "not enough evidence":
        return []
    names = {"lower": verdict.lower.label, "upper": verdict.upper.label}
    return [capital(text) for key in verdict.established if (text := STATEMENT_TEXTS.get(key, key).format(**names))]


def _statements(verdict: Verdict) -> Grid | None:
    if not verdict.statements:
        return None
    names = {"lower": verdict.lower.label, "upper": verdict.upper.label}
    extra = {
        "from-below": "taken together, the two changes are an improvement",
        "from-above": "taken together, the two changes are a worsening",
    }
    rows = []
    for key, chance in verdict.statements.items():
        said = capital((STATEMENT_TEXTS.get(key) or extra.get(key, key)).format(**names))
        sure = "established" if chance >= 0.95 else "likely" if chance >= 0.8 else "not established"
        rows.append((Cell(said), Cell(_chance(chance), round(chance, 6)), Cell(sure)))
    heads = (Head("Statement"), Head("Probability", figures=True), Head("Certainty"))
    return Grid(f"Every statement tested, {window_text(verdict)}", heads, tuple(rows))


def _chance(chance: float) -> str:
    return "over 0.999" if chance > 0.999 else "under 0.001" if chance < 0.001 else f"{chance:.3f}"


def _ends_of(change: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if change is None else (change.value, change.lower, change.upper)


def _levels(pair: tuple[float | None, float | None], change: Estimate | None, indicator: Indicator) -> Cell:
    """Return a subject's levels at both dates with its change below them."""
    first, last = (level(value, indicator=indicator) if value is not None else "[x]" for value in pair)
    parts = (*pair, *_ends_of(change))
    if change is None:
        return Cell(f"{first} to {last}" if pair != (None, None) else "[x]", parts=parts)
    way = "better" if change.value > 0 else "worse" if change.value < 0 else "no change"
    text = f"{number(abs(change.value), decimals=indicator.unit.decimals)} {way}" if change.value else way
    interval = interval_words(change, indicator=indicator, less="worse", more="better")
    return Cell(f"{first} to {last}", small=text + (f" ({interval})" if interval else ""), parts=parts)


def _windows_grid(gap: Gap, indicator: Indicator) -> Grid:
    rows = []
    for verdict in reversed(gap.verdicts):
        moved, interval = change_text(verdict, indicator)
        share = verdict.share_from_below
        narrowed = verdict.gap_change is not None and verdict.gap_change.value < 0 and share is not None
        sure = verdict.certainty if verdict.is_judged and verdict.word != "not enough evidence" else ""
        rows.append(
            (
                Cell(window_text(verdict), small=verdict.window),
                _levels(verdict.lower_levels, verdict.change_lower, indicator),
                _levels(verdict.upper_levels, verdict.change_upper, indicator),
                Cell(moved, small=f"({interval})" if interval else "", parts=_ends_of(verdict.gap_change)),
                Cell(f"{100 * share:.0f}%", round(share, 4)) if narrowed and share is not None else Cell("[z]"),
                Cell("", verdict.word, tag=verdict.word, small=sure, parts=(verdict.word, sure, verdict.probability)),
            )
        )
    low, up, unit = gap.main.lower.label, gap.main.upper.label, unit_label(indicator.unit)
    ends = ("change, more is better", "change, lower end of 95% interval", "change, upper end of 95% interval")
    heads = (
        Head("Window"),
        Head("Lower subject", parts=(f"{low}, first date", f"{low}, last date", *(f"{low}, {end}" for end in ends))),
        Head("Upper subject", parts=(f"{up}, first date", f"{up}, last date", *(f"{up}, {end}" for end in ends))),
        Head(
            "Gap moved",
            parts=("gap, change, below zero is narrower", "gap, lower end of 95% interval", "gap, upper end of 95% interval"),
        ),
        Head("From below", figures=True, name="share of a narrowing from the lower subject"),
        Head("Verdict", parts=("verdict", "certainty", "probability")),
    )
    note = f"Lower: {low}. Upper: {up}. In brackets: 95% intervals. From below: how much of a narrowing came from the lower subject; over 100% where the upper one gained too. [x] not available, [z] not applicable."
    return Grid(f"Every window of this gap, in {unit}", heads, tuple(rows), note)


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
    own = gap.kind == "cohort" or (gap.kind in ("district", "county") and subject.place == gap.place)
    track = desk.track(gap.indicator, subject.place, subject.cohort) if own else None
    if track is not None and levels:
        first = min(period.middle for period in levels)
        points = [point for point in track.held if point.period.middle >= first]
        return [(p.period.middle, p.value, p.lower, p.upper) for p in points if p.value is not None], {
            p.period: p.value for p in points if p.value is not None
        }
    ordered = sorted(levels.items(), key=lambda item: item[0].middle)
    return [(period.middle, value, None, None) for period, value in ordered], dict(ordered)


def _levels_figure(desk: Desk, gap: Gap, indicator: Indicator) -> Figure | None:
    verdict = gap.main
    (lower, lower_at), (upper, upper_at) = _line(desk, gap, "lower"), _line(desk, gap, "upper")
    if len(lower) < 2 and len(upper) < 2:
        return None
    breaks = tuple(int(item.at[:4]) + (int(item.at[5:7]) - 1) / 12 for item in indicator.breaks)
    lines = (Line(capital(verdict.lower.label), tuple(lower), breaks), Line(capital(verdict.upper.label), tuple(upper), breaks))
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
    heads = (Head("Period"), Head(capital(verdict.lower.label), figures=True), Head(capital(verdict.upper.label), figures=True))
    whole = f"{indicator.name}, {unit_label(indicator.unit)}, {short_period(periods[0])} to {short_period(periods[-1])}"
    note = (
        ""
        if gap.kind == "cohort"
        else "Where only the dates of the windows are drawn, the subject is worked out from several places and has no published series."
    )
    return Figure(
        "levels", say_headline(verdict, indicator=indicator), f"{whole}. {say_direction(indicator)}.{say_breaks(indicator)}", summary, Markup(drawing),
        desk.source_line(indicator), Grid(f"Levels of both subjects: {inline(indicator.name)}", heads, rows, note), csv_name("gap", gap.slug, "levels"), folded=True,
    )  # fmt: skip


def _moves_figure(desk: Desk, gap: Gap, indicator: Indicator) -> Figure | None:
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
        text = f"{number(abs(item.value), decimals=indicator.unit.decimals)} {better if item.value > 0 else worse if item.value < 0 else ''}".strip()
        rows.append(Bar(label, item.value, item.lower, item.upper, text, tone))
    summary = f"{say_gap(verdict, indicator=indicator)} {say_word(verdict)}"
    drawing = draw_moves(rows, unit=indicator.unit, ends=("worse, or wider", "better, or narrower"), label=summary)
    cells = tuple(
        (Cell(row.label), Cell(row.text, round(row.value or 0.0, 4)), Cell(_ends(row, indicator) or "[x]")) for row in rows
    )
    grid = Grid(
        "Who moved, and the gap", (Head("Subject"), Head("Change", figures=True), Head("95% interval", figures=True)), cells
    )
    title = f"Who moved: {verdict.word}"
    return Figure(
        "moves", title, f"Change between {short_period(verdict.start)} and {short_period(verdict.end)}, {indicator.unit.change or unit_label(indicator.unit)}. Right is better.",
        summary, Markup(drawing), desk.source_line(indicator), grid, csv_name("gap", gap.slug, "windows"), folded=True,
    )  # fmt: skip


def _ends(row: Bar, indicator: Indicator) -> str:
    if row.lower is None or row.upper is None:
        return ""
    decimals = indicator.unit.decimals
    return f"{number(row.lower, decimals=decimals)} to {number(row.upper, decimals=decimals)}"


def _districts_figure(desk: Desk, gap: Gap, indicator: Indicator) -> Figure | None:
    """Return, for a gap across districts, every district at both dates, in order of deprivation."""
    verdict = gap.main
    if gap.kind != "districts" or verdict.start is None or verdict.end is None:
        return None
    bars, rows = [], []
    for code in desk.publication.districts:
        track = desk.track(gap.indicator, code, gap.cohort)
        first, last = (track.at(verdict.start), track.at(verdict.end)) if track else (None, None)
        before, after = (point.value if point else None for point in (first, last))
        shown = level(after, indicator=indicator) if after is not None else "no figure"
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
    label = f"Of {len(gains)} districts with both figures, {sum(gain > 0 for gain in gains)} stand better in {dates[1]} than in {dates[0]} and {sum(gain < 0 for gain in gains)} worse, as published; the table has each."
    drawing = draw_places(bars, unit=indicator.unit, guides=(), polarity=indicator.polarity, label=label)
    subtitle = f"{indicator.name}, {unit_label(indicator.unit)}: open mark {dates[0]}, full mark {dates[1]} with its 95% interval. {say_direction(indicator)}; right is better."
    grid = Grid(f"Districts in order of deprivation: {inline(indicator.name)}", heads, tuple(rows))
    return Figure(
        "districts",
        "Every district at both dates, the most deprived first",
        subtitle,
        label,
        Markup(drawing),
        desk.source_line(indicator),
        grid,
        csv_name("gap", gap.slug, "districts"),
    )


def _split(verdict: Verdict) -> Markup:
    share, change = verdict.share_from_below, verdict.gap_change
    if share is None or change is None or change.value >= 0 or verdict.statements.get("narrowed", 0.0) < 0.8:
        return Markup("")
    label = f"Of the narrowing, {100 * share:.0f}% came from {verdict.lower.label} improving."
    return Markup(draw_split(share, lower=verdict.lower.label, upper=verdict.upper.label, label=label))


def _readings(gap: Gap, indicator: Indicator) -> list[str]:
    """Return how the gap reads as a ratio of levels and of shortfalls, and whether those readings disagree with the difference."""
    verdict = gap.main
    x0, x1, y0, y1 = (value or 0.0 for value in (*verdict.lower_levels, *verdict.upper_levels))
    if verdict.gap_change is None or min(x0, x1, y0, y1) <= 0:
        return []
    before, after = _ratio(x0, y0), _ratio(x1, y1)
    found = [
        f"As a ratio of the two figures, the larger was {before:.2f} times the smaller at first and {after:.2f} times at the end."
    ]
    top = indicator.bounds[1]
    directions = {"difference": verdict.gap_change.value < 0, "ratio": after < before}
    if top and top == indicator.unit.high and max(x0, x1, y0, y1) < top:
        short_before, short_after = _ratio(top - x0, top - y0), _ratio(top - x1, top - y1)
        found.append(
            f"As a ratio of what is missing from {level(top, indicator=indicator)}, it was {short_before:.2f} at first and {short_after:.2f} at the end."
        )
        directions["shortfall"] = short_after < short_before
    if len(set(directions.values())) > 1:
        found.append(
            "These readings disagree about whether the gap narrowed: the direction depends on how the gap is measured, and the verdict above is about the difference."
        )
    else:
        found.append("All readings agree on the direction.")
    return found


def _ratio(first: float, second: float) -> float:
    return max(first, second) / min(first, second)


def _welfare(verdict: Verdict, indicator: Indicator) -> str:
    held = verdict.welfare
    if held is None:
        return ""
    change = held.after - held.before
    way = "rose" if change > 0 else "fell" if change < 0 else "did not move"
    return (
        f"The equally distributed equivalent (the level that, shared equally, would be as good as what there was) {way} from "
        f"{number(held.before, decimals=indicator.unit.decimals)} to {number(held.after, decimals=indicator.unit.decimals)} on the good scale: "
        f"{_signed(held.growth, indicator)} from growth and {_signed(held.equality, indicator)} from a change in inequality "
        f"(aversion {held.aversion:g}). Lowering anybody can never raise it."
    )


def _signed(value: float, indicator: Indicator) -> str:
    text = number(value, decimals=indicator.unit.decimals)
    return f"+{text}" if value > 0 else text


def _caveats(verdict: Verdict, indicator: Indicator) -> list[str]:
    found = [*indicator.caveats, say_uncertainty(indicator)]
    if verdict.order:
        found.append(f"Which subject is the lower one was fixed by: {verdict.order}. It was not chosen from these figures.")
    if indicator.saturates:
        found.append(
            f"This indicator counts who reaches a threshold, so it cannot show what happens above it. {indicator.partner_reason}".strip()
        )
    return found
