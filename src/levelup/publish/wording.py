"""How figures, names and periods are written wherever they stand: in sentences, tables, charts and documents."""

from __future__ import annotations

import math

from levelup.catalogue.entry import Indicator
from levelup.terms.period import Period, PeriodKind, parse_period
from levelup.terms.record import Estimate

MINUS = "\N{MINUS SIGN}"


def number(value: float, *, decimals: int) -> str:
    """Return a figure with its sign as a true minus and thousands separated, never '-0.0'.

    Examples
    --------
    >>> number(-1234.56, decimals=1).replace(MINUS, "-")
    '-1,234.6'
    >>> number(-0.01, decimals=1)
    '0.0'
    """
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def level(value: float | None, *, indicator: Indicator) -> str:
    """Return a level in the indicator's unit, for example '47.4%', or 'no figure' where there is none."""
    if value is None or not math.isfinite(value):
        return "no figure"
    unit = indicator.unit
    return f"{MINUS if value < 0 else ''}{unit.prefix}{abs(value):,.{unit.decimals}f}{unit.suffix}"


def brief(value: float, *, indicator: Indicator) -> str:
    """Return a level as a chart prints it, where the unit stands in the subtitle: '47.4%', '£682.80', '1,900.0'."""
    unit = indicator.unit
    return f"{MINUS if value < 0 else ''}{unit.prefix}{abs(value):,.{unit.decimals}f}{'%' if unit.suffix == '%' else ''}"


def size(value: float, *, indicator: Indicator) -> str:
    """Return the size of a change or a gap, unsigned, for example '3.1 percentage points'; never a rounded nothing."""
    unit, smallest = indicator.unit, 10.0**-indicator.unit.decimals
    if 0 < abs(value) < smallest / 2:
        return f"less than {unit.show_change(smallest)}"
    return unit.show_change(value)


def span(low: float | None, high: float | None, *, indicator: Indicator) -> str:
    """Return an interval as 'low to high' in the indicator's decimals, or '' where there is none."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    decimals = indicator.unit.decimals
    return f"{number(low, decimals=decimals)} to {number(high, decimals=decimals)}"


def inline(name: str) -> str:
    """Return a name as it stands inside a sentence: without its capital, unless it begins with a name of its own or initials.

    Examples
    --------
    >>> inline("Median weekly pay"), inline("GCSE grade 5 or above"), inline("Level 3 by age 19")
    ('median weekly pay', 'GCSE grade 5 or above', 'Level 3 by age 19')
    """
    first, second = [*name.split(" "), ""][:2]
    is_name = second[:1].isupper() or second[:1].isdigit() or any(letter.isupper() or letter.isdigit() for letter in first[1:])
    return name if is_name or len(first) < 2 else name[0].lower() + name[1:]


def chance(probability: float) -> str:
    """Return a probability to three places, never as a round nought or one.

    Examples
    --------
    >>> chance(0.99997), chance(0.5)
    ('over 0.999', '0.500')
    """
    return "over 0.999" if probability > 0.999 else "under 0.001" if probability < 0.001 else f"{probability:.3f}"


def capital(text: str) -> str:
    """Return the text with a capital first letter and the rest untouched."""
    return text[:1].upper() + text[1:]


def period_label(period: Period | str | None) -> str:
    """Return a period as it stands in a sentence: '2024', '2024/25', 'the three years 2022 to 2024'."""
    if period is None:
        return "an unknown date"
    held = parse_period(period) if isinstance(period, str) else period
    if held.kind is not PeriodKind.ROLLING:
        return held.label
    words = {2: "two", 3: "three", 4: "four", 5: "five"}
    years = held.months // 12
    return f"the {words.get(years, str(years))} years {held.label}"


def interval_words(change: Estimate, *, indicator: Indicator, less: str, more: str) -> str:
    """Return a change's 95% interval with its ends in words where it spans nothing, for example '2.1 narrower to 0.5 wider'."""
    if change.lower is None or change.upper is None:
        return ""
    decimals = indicator.unit.decimals
    low, high = change.lower, change.upper
    if low < 0 < high:
        return f"{number(-low, decimals=decimals)} {less} to {number(high, decimals=decimals)} {more}"
    ends = sorted((abs(low), abs(high)))
    return f"{number(ends[0], decimals=decimals)} to {number(ends[1], decimals=decimals)}"
