"""The tables and figures of a pay gap page: what the law asks for, and apart from it what goes beyond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from levelup.duties.pay.action_plan import PlanCheck
from levelup.duties.pay.breakdown import Breakdown
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.records import QUARTERS, PayGaps
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.trend import Move
from levelup.duties.pay.uncertainty import Doubt, GapIntervals
from levelup.publish.chart import Bar, Line, draw_trend
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import MARKS, Figure, csv_name
from levelup.publish.pay_charts import Place, draw_gaps, draw_places, draw_quarters
from levelup.publish.pay_plan import plan_grid
from levelup.publish.pay_words import (
    ABSENT,
    BROKEN,
    CONFIDENTIAL,
    GAPS,
    QUARTER_NAMES,
    SIGN,
    interval_text,
    per_cent,
    say_doubt,
    say_hidden,
    say_quarters,
    say_small_quarters,
)
from levelup.publish.sheet_front import long_date
from levelup.publish.wording import capital, number
from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate
from levelup.terms.unit import unit_of

ENDS = ("women paid more", "women paid less")
BEHIND = {
    "mean_hourly_gap": "full_pay",
    "median_hourly_gap": "full_pay",
    "mean_bonus_gap": "paid_bonus",
    "median_bonus_gap": "paid_bonus",
}
"""The count that stands behind each gap."""
GAP_HEADS = (
    Head(GAPS["mean_hourly_gap"], figures=True), Head("Its 95% interval", figures=True),
    *(Head(title, figures=True) for name, title in GAPS.items() if name != "mean_hourly_gap"),
)  # fmt: skip
HIDDEN_GROUPS = " The others have too few people of a side, or are hidden so that no small number can be worked out."
MANY_INTERVALS = " The fewer people, the wider the interval; of twenty such intervals one is off by chance."
SHOWN_PEERS = ("mean_hourly_gap", "median_hourly_gap")


def percent_cell(value: float | None, *, absent: str = ABSENT) -> Cell:
    """Return a figure in per cent as a cell, or the mark that stands in its place."""
    return Cell(absent) if value is None else Cell(per_cent(value), round(value, 1) + 0.0)


def six_grid(gaps: PayGaps) -> Grid:
    """Return the figures of the return in one table."""
    rows = [(Cell(title), percent_cell(getattr(gaps, name)), Cell("[z]"), Cell("[z]")) for name, title in GAPS.items()]
    share = gaps.bonus_share
    rows.append((Cell("Were paid a bonus"), Cell("[z]"), percent_cell(share.first), percent_cell(share.second)))
    for name, title in QUARTER_NAMES.items():
        pair = gaps.quarters[name]
        rows.append((Cell(title), Cell("[z]"), percent_cell(pair.first), percent_cell(pair.second)))
    heads = (Head("Figure"), Head("Gap", figures=True), Head("Men", figures=True), Head("Women", figures=True))
    return Grid("The six calculations, per cent", heads, tuple(rows), f"{SIGN} {MARKS}")


def quarters_figure(gaps: PayGaps) -> Figure:
    """Return the quarters of employees in order of hourly pay as stacked bars, the highest paid on top."""
    held = [(name, gaps.quarters[name]) for name in reversed(QUARTERS)]
    rows = [
        (QUARTER_NAMES[name], pair.first, pair.second)
        for name, pair in held
        if pair.first is not None and pair.second is not None
    ]
    cells = tuple((Cell(QUARTER_NAMES[name]), percent_cell(pair.first), percent_cell(pair.second)) for name, pair in held)
    said = say_quarters(gaps)
    return Figure(
        key="quarters",
        title="Men and women in each quarter of employees, in order of hourly pay",
        subtitle="Full-pay relevant employees from the lowest to the highest hourly pay, in four groups as equal as can be.",
        summary=said,
        drawing=Markup(draw_quarters(rows, sides=("Men", "Women"), label=said)),
        source="",
        grid=Grid(
            "Shares of each quarter, per cent", (Head("Quarter"), Head("Men", figures=True), Head("Women", figures=True)), cells
        ),
        csv="quarters.csv",
        folded=True,
    )  # fmt: skip


def interval_figure(gaps: PayGaps, intervals: GapIntervals) -> Figure:
    """Return the four gaps with how far each could have come out otherwise by chance."""
    bars, cells = [], []
    for name, title in GAPS.items():
        value, found = getattr(gaps, name), getattr(intervals, name)
        ends = _drawn_ends(found)
        bars.append(Bar(title, value, ends[0], ends[1], per_cent(value)))
        cells.append((Cell(title), percent_cell(value), Cell(interval_text(found)), Cell(say_doubt(found))))
    label = " ".join(f"{title}: {per_cent(bar.value)}." for title, bar in zip(GAPS.values(), bars, strict=True))
    heads = (Head("Figure"), Head("Gap", figures=True), Head("95% interval", figures=True), Head("What it says"))
    return Figure(
        key="intervals",
        title="How far each gap could have come out otherwise by chance",
        subtitle="Gap in per cent, with its 95% interval.",
        summary="The figures count everybody, so they have no error of sampling. The interval answers another question: with the "
        "same rules of pay, promotion and recruitment and other people, how far could the figure have come out by chance?",
        drawing=Markup(draw_gaps(bars, ends=ENDS, label=label)),
        source="",
        grid=Grid("Gaps with intervals, per cent", heads, tuple(cells), MARKS),
        csv="intervals.csv",
    )


def _drawn_ends(found: Doubt | None) -> tuple[float | None, float | None]:
    """Return an interval's ends as the table has them, so that no place in the drawing gives more decimals back."""
    if not isinstance(found, Estimate) or found.lower is None or found.upper is None:
        return None, None
    return round(found.lower, 1), round(found.upper, 1)


def years_figure(report: PayReport) -> Figure | None:
    """Return the gaps in hourly pay over the last five years, no line across a break; None where only this year's are held."""
    found = report.trend
    if found is None:
        return None
    series, lines, said = {item.figure: item for item in found.series}, [], []
    for name, label in (("mean_hourly_gap", "Mean gap"), ("median_hourly_gap", "Median gap")):
        own = series[name]
        points = tuple(
            (float(year), round(value, 1), None, None)
            for year, value in zip(found.years, own.values, strict=True)
            if value is not None
        )
        lines.append(
            Line(label, points, tuple(float(item.year) for item in found.breaks if not item.figures or name in item.figures))
        )
        if own.whole.refusal is None:
            ends = (own.values[0], own.values[-1])
            said.append(
                f"{label} in hourly pay: {per_cent(ends[0])} in {found.years[0]}, {per_cent(ends[1])} in {found.years[-1]}."
            )
    broken = [f"From {item.year} on figures are not those of before: {item.reason}." for item in found.breaks]
    label = " ".join((*said, *broken)) or "Gaps in hourly pay by year."
    drawing = draw_trend(
        lines, unit=unit_of("percent-change"), dates=[(float(year), str(year)) for year in found.years], label=label
    )
    titles = (
        *GAPS.values(), "Men paid a bonus", "Women paid a bonus", *(f"Women, {item.lower()}" for item in QUARTER_NAMES.values()),
    )  # fmt: skip
    rows = tuple(
        (Cell(title), *(percent_cell(value) for value in item.values), _move_cell(item.whole))
        for title, item in zip(titles, found.series, strict=True)
    )
    heads = (
        Head("Figure"),
        *(Head(str(year), figures=True) for year in found.years),
        Head("Change, percentage points", figures=True),
    )
    note = f"Earlier years are as they were published. {' '.join(broken)} A change across a break is not said: [b]. {MARKS}"
    return Figure(
        key="years",
        title="Gaps in hourly pay, year by year",
        subtitle="Gap in per cent, by the year of the snapshot date.",
        summary=label,
        drawing=Markup(drawing),
        source="",
        grid=Grid("Figures by year of the snapshot date, per cent", heads, rows, note),
        csv="years.csv",
        folded=True,
    )


def _move_cell(found: Move) -> Cell:
    if found.change is None:
        return Cell(BROKEN if found.refusal is not None and found.refusal.code == "series-broken" else ABSENT)
    return Cell(number(found.change, decimals=1), round(found.change, 1) + 0.0)


def peer_figures(report: PayReport) -> list[Figure]:
    """Return where the mean and the median gap stand among published employers, in the latest year that is held."""
    if not report.peers:
        return []
    year, record = max(report.peers, key=lambda item: item[0])
    held: Any = record["figures"]
    remark = str(record.get("remark", ""))
    figures = [_peer_figure(year, item, remark=remark) for item in held if item["figure"] in SHOWN_PEERS]
    return [figure for figure in figures if figure is not None]


def _peer_figure(year: str, item: Mapping[str, Any], *, remark: str) -> Figure | None:
    standings = [found for found in item["standings"] if "employers" in found]
    if item["value"] is None or not standings:
        return None
    value, title = round(float(item["value"]), 1), GAPS[item["figure"]]
    places = [Place(capital(found["name"]), value, tuple(round(end, 1) for end in found["quantiles"])) for found in standings]
    first = standings[0]
    said = (
        f"{title}: {per_cent(value)}. Among {first['name']} ({first['employers']:,}), {first['below']:,} published a lower "
        f"figure, {first['equal'] - 1:,} others the same and {first['above']:,} a higher one."
    )
    rows = tuple(
        (
            Cell(capital(found["name"])),
            *(Cell(f"{count:,}", count) for count in (found["employers"], found["below"], found["equal"] - 1, found["above"])),
            *(percent_cell(round(found["quantiles"][at], 1)) for at in (1, 2, 3)),
        )
        for found in standings
    )
    heads = (
        Head("Employers"), Head("In the group", figures=True), Head("With a lower figure", figures=True),
        Head("With the same", figures=True), Head("With a higher figure", figures=True),
        Head("A quarter are below", figures=True), Head("Half are below", figures=True),
        Head("Three quarters are below", figures=True),
    )  # fmt: skip
    return Figure(
        key=f"peers-{item['figure'].replace('_', '-')}",
        title=f"{title} among published employers, {year}",
        subtitle="Diamond: this employer. Bar: the middle half of employers and their median. Line: the middle eight tenths.",
        summary=" ".join(filter(None, (said, "A lower figure is not a better one: below 0 men are paid less.", remark))),
        drawing=Markup(draw_places(places, label=said)),
        source="Source: figures published by employers on the government's gender pay gap service.",
        grid=Grid(f"{title} among employers, {year}", heads, rows),
        csv=csv_name("peers", item["figure"].replace("_", "-")),
        folded=True,
    )  # fmt: skip


def _gap_cells(gaps: PayGaps | None, interval: Doubt | None, *, mark: str) -> tuple[Cell, ...]:
    """Return the four gaps of a group, and the first one's interval, as cells; `mark` stands in all where there are none."""
    if gaps is None or interval is None:
        return (Cell(mark),) * len(GAP_HEADS)
    mean, *others = (percent_cell(getattr(gaps, name), absent=_mark(gaps, behind)) for name, behind in BEHIND.items())
    return (mean, Cell(interval_text(interval)), *others)


def _share_cells(gaps: PayGaps | None, *, mark: str, turned: bool = False) -> tuple[Cell, ...]:
    """Return who was paid a bonus (the second side first where turned), and the second side's shares of the quarters."""
    if gaps is None:
        return (Cell(mark),) * (2 + len(QUARTERS))
    pair = (gaps.bonus_share.second, gaps.bonus_share.first) if turned else (gaps.bonus_share.first, gaps.bonus_share.second)
    bonus = tuple(percent_cell(value, absent=_mark(gaps, "relevant")) for value in pair)
    return (*bonus, *(percent_cell(gaps.quarters[name].second, absent=_mark(gaps, name)) for name in QUARTERS))


def _mark(gaps: PayGaps, behind: str) -> str:
    """Return what stands for a figure that is not there: confidential where the count behind it was withheld."""
    return ABSENT if behind in gaps.counts else CONFIDENTIAL


def _no_gaps(refusal: Refusal | None) -> str:
    return ABSENT if refusal is not None and refusal.code == "no-data" else CONFIDENTIAL


def _people_cell(count: int | None) -> Cell:
    return Cell(CONFIDENTIAL) if count is None else Cell(f"{count:,}", count)


def is_blank(grid: Grid) -> bool:
    """Return whether a table has no figure at all: every cell is a mark that says why there is none."""
    return all(cell.text in (CONFIDENTIAL, ABSENT, "[z]") for row in grid.rows for cell in row[1:])


def say_blank(grid: Grid) -> str:
    """Return the sentence that stands in place of such a table."""
    return f"{grid.caption}: not shown, as every figure in it is hidden or has nobody to compare."


def _say_shown(found: Breakdown) -> str:
    """Return of how many groups the gaps are shown, and why not of the others: hidden, or nobody to compare."""
    shown = sum(item.gaps is not None and item.gaps.mean_hourly_gap is not None for item in found.groups)
    empty = sum(item.gaps is None and _no_gaps(item.refusal) == ABSENT for item in found.groups)
    count = len(found.groups)
    if empty == count:
        return f"No group by {found.by} has both men and women on full pay, so there is nobody to compare."
    said = f"{shown} of {count} groups have their gaps shown."
    if empty:
        said += f" {empty} {'has' if empty == 1 else 'have'} nobody of a side on full pay, so there is nobody to compare."
    return f"{said}{HIDDEN_GROUPS if shown + empty < count else ''}{MANY_INTERVALS if shown else ''}"


def group_figure(found: Breakdown) -> tuple[Figure, tuple[Grid, str]]:
    """Return the gaps of each grade, directorate or other group, and their bonus shares and quarters; hidden figures marked."""
    bars = [
        Bar(item.group, value, *_drawn_ends(item.interval), per_cent(value) if value is not None else _no_gaps(item.refusal))
        for item in found.groups
        for value in [item.gaps.mean_hourly_gap if item.gaps else None]
    ]
    label = f"Mean gap in hourly pay by {found.by}: " + ", ".join(f"{bar.label} {bar.text}" for bar in bars) + "."
    rows = tuple(
        (Cell(item.group), *map(_people_cell, item.people), *_gap_cells(item.gaps, item.interval, mark=_no_gaps(item.refusal)))
        for item in found.groups
    )
    by = Head(capital(found.by))
    heads = (by, Head("Men on full pay", figures=True), Head("Women on full pay", figures=True), *GAP_HEADS)
    figure = Figure(
        key=f"by-{found.by}",
        title=f"Gaps by {found.by}",
        subtitle="Mean gap in hourly pay, per cent, with its 95% interval; the table has the other gaps.",
        summary=_say_shown(found),
        drawing=Markup(draw_gaps(bars, ends=ENDS, label=label)),
        source="",
        grid=Grid(f"People on full pay, and gaps in per cent, by {found.by}", heads, rows, say_hidden(found.minimum)),
        csv=csv_name("by", found.by),
    )
    heads = (
        by, Head("Men paid a bonus", figures=True), Head("Women paid a bonus", figures=True),
        *(Head(f"Women, {title.lower()}", figures=True) for title in QUARTER_NAMES.values()),
    )  # fmt: skip
    shares = tuple((Cell(item.group), *_share_cells(item.gaps, mark=_no_gaps(item.refusal))) for item in found.groups)
    note = f"{say_small_quarters(found.minimum)} {say_hidden(found.minimum)}"
    grid = Grid(f"Bonus and quarters by {found.by}, per cent", heads, shares, note)
    return figure, (grid, csv_name("by", found.by, "quarters"))


def characteristic_grids(found: CharacteristicGaps) -> list[tuple[Grid, str]]:
    """Return, for each level of a characteristic, the gaps of its groups and, below, their shares; with names for downloads."""
    made = []
    for level in found.levels:
        heads = (Head("Group"), Head("On full pay", figures=True), Head("Of those who said", figures=True), *GAP_HEADS)
        base = (Cell(level.reference), _people_cell(level.people), *((Cell("[z]"),) * (1 + len(GAP_HEADS))))
        rows = tuple(
            (
                Cell(item.name), _people_cell(item.people), percent_cell(item.share, absent=CONFIDENTIAL),
                *_gap_cells(item.gaps, item.interval, mark=_no_gaps(item.refusal)),
            )
            for item in level.groups
        )  # fmt: skip
        note = (
            f"Each group is compared with: {level.reference}. A gap above 0 says that the group is paid less. The people of a "
            f"hidden group are counted in the wider one. {say_hidden(found.minimum)}"
        )
        grid = Grid(f"People on full pay, and gaps in per cent: {level.name}", heads, (base, *rows), note)
        made.append((grid, csv_name(found.characteristic, level.key, "gaps")))
        heads = (
            Head("Group"), Head("Group paid a bonus", figures=True), Head("Reference paid a bonus", figures=True),
            *(Head(f"Group's share, {title.lower()}", figures=True) for title in QUARTER_NAMES.values()),
        )  # fmt: skip
        shares = tuple(
            (Cell(item.name), *_share_cells(item.gaps, mark=_no_gaps(item.refusal), turned=True)) for item in level.groups
        )
        note = (
            "A quarter's share is of the group and its reference together. "
            f"{say_small_quarters(found.minimum)} {say_hidden(found.minimum)}"
        )
        grid = Grid(f"Bonus and quarters by {found.characteristic}, {level.name}, per cent", heads, shares, note)
        made.append((grid, csv_name(found.characteristic, level.key, "quarters")))
    return made


def plan_grids(plan: PlanCheck) -> list[tuple[Grid, str]]:
    """Return the actions of the plan as they may be published, and the reviews that fall due; nothing of its check."""
    made = [(plan_grid(plan), "action-plan.csv")]
    if plan.reviews:
        due = tuple(
            (Cell(long_date(item.due.isoformat()), item.due.isoformat()), Cell(capital(item.what))) for item in plan.reviews
        )
        made.append((Grid("Reviews that fall due", (Head("Day"), Head("What")), due), "reviews.csv"))
    return made
