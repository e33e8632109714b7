"""The index of indicators, by topic, and one page for each framework that maps over them."""

from __future__ import annotations

from levelup.catalogue.entry import Framework, Indicator
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Page, csv_name, short_period, unit_label
from levelup.publish.page_indicator import LEVEL_NAMES, build_indicator
from levelup.publish.sentence import say_direction
from levelup.publish.summary import tally
from levelup.publish.wording import capital
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.period import Period

KNOWN = {"published-interval": "published interval", "counts": "from counts", "none": "none published"}
STANDING = {"live": "live", "placeholder": "placeholder: not defined yet", "annual-lag": "a year behind"}


def build_indicators(desk: Desk) -> list[Page]:
    """Return the index of indicators, the frameworks over them, and one page an indicator."""
    frameworks = [_framework(desk, framework) for framework in desk.publication.catalogue.frameworks.values()]
    return [_index(desk), *frameworks, *(build_indicator(desk, indicator) for indicator in desk.indicators)]


def newest_period(desk: Desk, indicator: Indicator) -> Period | None:
    """Return the newest period with any figure for an indicator."""
    last = [track.last for track in desk.tracks.get(indicator.id, {}).values()]
    return max((point.period for point in last if point), key=lambda period: period.middle, default=None)


def cohort_characteristics(desk: Desk, indicator: Indicator) -> list[str]:
    """Return the keys of the characteristics that an indicator's figures are broken down by, in the order of the ground."""
    names = {name for _, cohort in desk.tracks.get(indicator.id, {}) for name, _ in parse_cohort(cohort).parts}
    return [name for name in CHARACTERISTICS if name in names]


def _row(desk: Desk, indicator: Indicator) -> tuple[Cell, ...]:
    counted = tally(gap.main for gap in desk.by_indicator.get(indicator.id, ()))
    groups = ", ".join(CHARACTERISTICS[key].label for key in cohort_characteristics(desk, indicator))
    return (
        Cell(indicator.name, None, f"{indicator.id}.html"),
        Cell(unit_label(indicator.unit), small=say_direction(indicator).lower()),
        Cell(short_period(newest_period(desk, indicator))),
        Cell(", ".join(LEVEL_NAMES.get(name, name) for name in indicator.levels)),
        Cell(groups or "none"),
        Cell(KNOWN.get(indicator.uncertainty, indicator.uncertainty)),
        Cell(f"{counted.total:,}", counted.total),
        Cell(f"{counted.worded:,}", counted.worded),
    )


_HEADS = (
    Head("Indicator"), Head("Unit"), Head("Newest"), Head("Places"), Head("Groups of people"), Head("Uncertainty"),
    Head("Gaps", figures=True), Head("With a word", figures=True),
)  # fmt: skip


def _index(desk: Desk) -> Page:
    catalogue = desk.publication.catalogue
    groups = []
    for topic, title in catalogue.topics.items():
        members = [indicator for indicator in desk.indicators if indicator.topic == topic]
        if members:
            groups.append(
                (
                    title,
                    topic,
                    Grid(f"Indicators: {title.lower()}", _HEADS, tuple(_row(desk, item) for item in members), hide_caption=True),
                )
            )
    whole = Grid("Indicators", _HEADS, tuple(_row(desk, indicator) for indicator in desk.indicators))
    csv = csv_name("indicators")
    absent = [indicator for indicator in catalogue.indicators.values() if indicator not in desk.indicators]
    return Page(
        path="indicators/index.html",
        title="Indicators",
        template="indicators.html",
        section="indicators",
        context={
            "groups": groups,
            "csv_name": csv,
            "count": len(desk.indicators),
            "absent": [(indicator.name, STANDING.get(indicator.status, indicator.status)) for indicator in absent],
            "frameworks": [
                (framework.title, framework.owner, f"framework-{framework.id}.html")
                for framework in catalogue.frameworks.values()
            ],
        },
        tables={csv: whole},
        description="Every indicator of this report: its unit, which way is good, where it is held, how sure its figures are.",
    )


def _framework(desk: Desk, framework: Framework) -> Page:
    """Return a framework's goals with the indicators that speak to each and how their gaps moved."""
    held = {indicator.id for indicator in desk.indicators}
    rows = []
    titles = {goal.id: goal.title for goal in framework.goals}
    parents = {goal.parent for goal in framework.goals}
    for goal in framework.goals:
        found = [key for key in goal.indicators if key in held]
        if goal.id in parents and not found:
            continue
        counted = tally(gap.main for key in found for gap in desk.by_indicator.get(key, ()))
        told = ", ".join(f"{word} {count}" for word, count in counted.counts.items() if count and word != "not evaluable")
        names = "; ".join(desk.indicator(key).name for key in found)
        parent = titles.get(goal.parent, "")
        standing = "" if goal.status == "live" else STANDING.get(goal.status, goal.status)
        rows.append(
            (
                Cell(goal.title, small="; ".join(part for part in (parent, standing) if part)),
                Cell(f"{len(found):,}", len(found)),
                Cell(names or "Nothing held speaks to this.", small=goal.note),
                Cell(capital(told) if told else "None could be judged" if found else "[z]"),
            )
        )
    heads = (Head("Goal"), Head("Indicators", figures=True), Head("Which"), Head("How their gaps moved"))
    grid = Grid(
        framework.title,
        heads,
        tuple(rows),
        "Gaps counted once, by the longest window that could be judged. An indicator speaks to a goal; "
        "it does not measure whether the goal was met.",
    )
    csv = csv_name("framework", framework.id)
    return Page(
        path=f"indicators/framework-{framework.id}.html",
        title=framework.title,
        template="framework.html",
        section="indicators",
        context={"framework": framework, "grid": grid, "csv_name": csv},
        crumbs=(("Indicators", "indicators/index.html"),),
        tables={csv: grid},
        description=f"{framework.title}: which indicators speak to each goal, and how their gaps moved.",
    )
