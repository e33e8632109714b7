"""What pages say of a county's small areas: movement seen between them, and the distance from bottom to top; never of persons."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.wording import capital, inline, level, number, period_label, size
from levelup.terms.errors import Refusal
from levelup.terms.period import PeriodKind, parse_period
from levelup.verdicts.between import Between
from levelup.verdicts.ceiling import Ceiling
from levelup.verdicts.contrast import FIFTH, LABELS, PERCENTILES, Contrast
from levelup.verdicts.small_area import SmallAreaAccount

GUARD = (
    "Every area is there, so no interval is given; where figures of areas are themselves estimates, they lie further apart "
    "than the areas do. They are figures of areas and say nothing of any one person or household."
)
RELATED = (
    "An index of deprivation counts work, schooling, health and homes: a figure about one of these differs by it in part because "
    "of how the index is made."
)
CARRIED = (
    "Counts on older boundaries were carried to today's; where an area had been split, its share is taken to have been the same "
    "in every part."
)
NOTE = (
    "Percentiles run from the worst-placed to the best-placed area of each set, an area counting by the number its figure is a "
    "share of. Distances are on the good scale: bigger is worse."
)
_NEARLY_NONE = 0.005


def say_small_areas(account: SmallAreaAccount, *, indicator: Indicator, place: str) -> list[str]:
    """Return what small areas show, as paragraphs: people or mix between the two dates, then from bottom to top at the last.

    Parameters
    ----------
    account : SmallAreaAccount
        Of this indicator.
    indicator : Indicator
        Its entry in the catalogue.
    place : str
        The name of the place that the areas lie in.
    """
    said = []
    if isinstance(account.between, Between):
        said += _between(account.between, account, indicator, place)
    elif isinstance(account.between, Refusal):
        said.append(f"What people did and what their mix did is not told apart. {_why(account.between)}")
    if isinstance(account.ceiling, Ceiling):
        said += _ceiling(account.ceiling, account, indicator, place)
    else:
        said.append(f"Areas are not compared from bottom to top. {_why(account.ceiling)}")
    return [*said, CARRIED] if account.carried else said


def small_areas_grid(account: SmallAreaAccount, *, indicator: Indicator) -> Grid | None:
    """Return the distances at the bottom, in the middle and at the top as a table; None where areas are not compared."""
    if isinstance(account.ceiling, Refusal):
        return None
    rows = [_row(item, indicator) for item in account.ceiling.contrasts if item.key in PERCENTILES]
    heads = (
        Head("Where among the areas"),
        Head("Most deprived fifth of areas", figures=True),
        Head("Other areas", figures=True),
        Head("Distance", figures=True),
    )
    caption = f"Small areas from bottom to top, {period_label(account.end)}: {inline(indicator.name)}"
    return Grid(caption, heads, tuple(rows), NOTE)


def _row(item: Contrast, indicator: Indicator) -> tuple[Cell, ...]:
    def figure(found: float | None, text: str) -> Cell:
        return Cell("[x]") if found is None else Cell(text, round(found, 4))

    low, high, far = (None if side is None else side.value for side in (item.lower, item.upper, item.distance))
    return (
        Cell(capital(LABELS[item.key].removeprefix("at the "))),
        figure(low, level(low, indicator=indicator)),
        figure(high, level(high, indicator=indicator)),
        figure(far, number(far or 0.0, decimals=indicator.unit.decimals)),
    )


def _between(made: Between, account: SmallAreaAccount, indicator: Indicator, place: str) -> list[str]:
    start, end, counted = _when(account.start), _when(account.end), _counted(indicator)
    before, after = level(made.before, indicator=indicator), level(made.after, indicator=indicator)
    moved = size(made.total, indicator=indicator)
    verb = "rose" if made.total > 0 else "fell"
    course = (
        f"{verb} from {before} {start} to {after} {end}, by {moved}" if made.total else f"stood at {before} {start} and {end}"
    )
    least = number(100.0 * made.least_turnover_of_all, decimals=1)
    most = number(100.0 * made.most_turnover_of_all, decimals=0)
    return [
        f"In {place}, {inline(indicator.name)} {course}, as counted and without an interval. Over its {account.areas:,} small "
        f"areas (LSOA), the part within areas is {_signed(made.within_part)} percentage points and the part between them "
        f"{_signed(made.between_part)}{_grew(made.between_part, counted)}.",
        "Only movement between small areas is seen, and it is net; who moved within one is not known: between "
        f"{least}% and {most}% of the {counted} counted {end} may be others than {start}, or the same with what is counted "
        "gained or lost.",
    ]


def _grew(part: float, counted: str) -> str:
    if abs(part) < _NEARLY_NONE:
        return ""
    return f", as {counted} grew more in number in areas where the share is {'higher' if part > 0 else 'lower'}"


def _ceiling(found: Ceiling, account: SmallAreaAccount, indicator: Indicator, place: str) -> list[str]:
    held = {item.key: item for item in found.contrasts}
    middle, far = held["p50"], [held[key].distance for key in PERCENTILES]
    if middle.lower is None or middle.upper is None:
        return []
    apart = [item.value for item in far if item is not None]
    low, median, high = (_distance(value, indicator) for value in apart)
    said = [
        f"From bottom to top, {_when(account.end)}: in the most deprived fifth of the small areas of {place} (by "
        f"{inline(account.order_name.partition(' (')[0])}) the median area stands at "
        f"{level(middle.lower.value, indicator=indicator)}, among the other areas at "
        f"{level(middle.upper.value, indicator=indicator)}. The distance is {low} at the 10th percentile, {median} at the median "
        f"and {high} at the 90th.{_furthest(apart, indicator)}{_at_the_top(held['top-fifth'])}",
        f"{GUARD} {RELATED}",
    ]
    if found.left_out:
        said.append(f"{found.left_out:,} small areas have no figure and are left out.")
    return said


def _furthest(apart: list[float], indicator: Indicator) -> str:
    """Say where the two sets stand furthest apart; '' where the shown figures do not tell."""
    shown = [round(value, indicator.unit.decimals) for value in apart]
    if shown.count(max(shown)) > 1 or max(shown) <= 0:
        return ""
    where = ("among their worst-placed areas", "in the middle", "among their best-placed areas")[shown.index(max(shown))]
    return f" The two stand furthest apart {where}."


def _at_the_top(item: Contrast) -> str:
    if item.lower is None:
        return ""
    share = f"{number(100.0 * item.lower.value, decimals=1)}%" if item.lower.value else "none"
    even = f"were the two alike, {FIFTH:.0%} would be"
    return f" Of the most deprived fifth, {share} is among the best-placed fifth of all areas; {even}."


def _counted(indicator: Indicator) -> str:
    return "households" if "household" in f"{indicator.name} {indicator.description}".lower() else "cases"


def _signed(value: float) -> str:
    text = number(value, decimals=2)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def _distance(value: float, indicator: Indicator) -> str:
    return size(value, indicator=indicator) + ("" if value >= 0 else ", with the most deprived fifth ahead,")


def _when(period: str) -> str:
    """Return a date as it stands after a figure: 'on 21 March 2021', 'in 2020'."""
    return f"{'on' if parse_period(period).kind is PeriodKind.POINT else 'in'} {period_label(period)}"


def _why(refused: Refusal) -> str:
    return f"{refused.reason} {refused.next}".rstrip()
