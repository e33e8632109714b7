"""The wording of what stands behind a gap's word: the fitted trend, who moved it, people or mix, growth, and the readings."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.wording import capital, chance, inline, interval_words, number, size, span
from levelup.terms.errors import Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Estimate, Reading, Verdict
from levelup.verdicts.account import Places
from levelup.verdicts.attribution import NobodyFell
from levelup.verdicts.drift import Bounds, Drift
from levelup.verdicts.lorenz import ABOVE, BELOW, CROSS
from levelup.verdicts.mixing import Mixing
from levelup.verdicts.readings import ABSOLUTE, ATTAINMENT, disagree, movement

DEPARTS = 0.05
"""Departures from a line that sampling error alone would make less often than this are said."""
LIKELY = 0.80


def signed(value: float, *, indicator: Indicator) -> str:
    """Return a change with its sign in the indicator's decimals: '+1.8', a true minus, '0.0' for a rounded nothing."""
    text = number(value, decimals=indicator.unit.decimals)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def _moved(change: Estimate, *, indicator: Indicator, verbs: tuple[str, str], ways: tuple[str, str]) -> str:
    """Return a change as a verb with its size and interval; the first verb and way are those of a change below zero."""
    if not change.value:
        return "did not move"
    interval = interval_words(change, indicator=indicator, less=ways[0], more=ways[1])
    bracket = f" (95% interval {interval})" if interval else ""
    return f"{verbs[change.value > 0]} by {size(change.value, indicator=indicator)}{bracket}"


def say_fitted(verdict: Verdict, *, indicator: Indicator) -> list[str]:
    """Return what the line through every date says beside the two dates; nothing with fewer than three dates.

    Parameters
    ----------
    verdict : Verdict
        With its trend.
    indicator : Indicator
        Its entry in the catalogue.
    """
    trend = verdict.trend
    if trend is None:
        return []
    lower, upper = (
        _moved(change, indicator=indicator, verbs=("got worse", "improved"), ways=("worse", "better"))
        for change in (trend.change_lower, trend.change_upper)
    )
    gap = _moved(trend.gap_change, indicator=indicator, verbs=("narrowed", "widened"), ways=("narrower", "wider"))
    word = f" {capital(trend.word)} ({trend.certainty})." if trend.probability is not None else ""
    said = [
        f"Along a straight line through all {trend.points} dates of the window, {verdict.lower.label} {lower} and "
        f"{verdict.upper.label} {upper}; the gap {gap}.{word}"
    ]
    if trend.probability is not None and verdict.probability is not None and trend.word != verdict.word:
        said.append(
            "The line and the two dates carry different words: the first or the last figure stands off the course of the others."
        )
    if trend.departure is not None and trend.departure < DEPARTS:
        said.append("The levels leave the straight line by more than their uncertainty explains, so the line is a summary only.")
    return said


def readings_grid(verdict: Verdict, *, indicator: Indicator) -> Grid | None:
    """Return the readings of one gap side by side as a table; None where only one can be made."""
    if len(verdict.readings) < 2:
        return None
    rows = []
    for reading in verdict.readings:
        way = movement(reading)
        sure = "[x]" if reading.probability is None else chance(reading.probability)
        rows.append(
            (
                Cell(_reading_name(reading, indicator)),
                Cell(_figure(reading, reading.before, indicator), round(reading.before, 4)),
                Cell(_figure(reading, reading.after, indicator), round(reading.after, 4)),
                Cell(way, small=_reading_interval(reading, indicator)),
                Cell(sure),
            )
        )
    heads = (
        Head("Reading"),
        Head("At first", figures=True),
        Head("At the end", figures=True),
        Head("By this reading the gap is"),
        Head("Probability of narrower", figures=True),
    )
    note = "In brackets: 95% interval of the change, as a difference or as the end over the start. [x]: no uncertainty published."
    return Grid("Three readings of the same change", heads, tuple(rows), note)


def _reading_name(reading: Reading, indicator: Indicator) -> str:
    if reading.name == ABSOLUTE:
        return "Difference, upper minus lower"
    if (reading.name == ATTAINMENT) is (indicator.polarity is Polarity.MORE):
        return f"Ratio of levels, larger over smaller ({reading.name.split('-')[0]})"
    whole = number(indicator.bounds[1] or 0.0, decimals=0)
    return f"Ratio of what is left up to {whole} ({reading.name.split('-')[0]})"


def _figure(reading: Reading, value: float, indicator: Indicator) -> str:
    return number(value, decimals=indicator.unit.decimals if reading.name == ABSOLUTE else 2)


def _reading_interval(reading: Reading, indicator: Indicator) -> str:
    if reading.lower is None or reading.upper is None:
        return ""
    if reading.name == ABSOLUTE:
        return f"({span(reading.lower, reading.upper, indicator=indicator)})"
    return f"({reading.lower:.2f} to {reading.upper:.2f})"


def say_readings(verdict: Verdict) -> str:
    """Return whether the readings of a gap agree on its direction; '' where only one can be made."""
    if len(verdict.readings) < 2:
        return ""
    if disagree(verdict.readings):
        return (
            "These readings disagree about whether the gap narrowed: the direction depends on how a gap is measured. "
            "The verdict is about the difference."
        )
    return "These readings agree on the direction."


def say_nobody_fell(places: Places, verdict: Verdict, *, indicator: Indicator) -> list[str]:
    """Return what the gap across places would be had nobody fallen, and the share of a likely narrowing that is owed to falls."""
    found = places.nobody_fell
    if isinstance(found, Refusal):
        return []
    fell = sum(value > 0 for value in found.fall.tolist())
    if not fell:
        return ["No place has a figure that is worse than before, so nothing of the change is owed to falls."]
    counted = "One place has a figure" if fell == 1 else f"{fell} of {len(found.fall)} places have a figure"
    said = [
        f"{counted} that is worse than before. Had each stayed where it was, the gap would have ended at "
        f"{_gap(found.counterfactual, indicator)} in place of {_gap(found.after, indicator)}."
    ]
    share = found.levelled_down_share
    if share is not None and verdict.statements.get("narrowed", 0.0) >= LIKELY:
        said.append(
            f"The part of the narrowing owed to falls, its levelled-down share, is {_share(share)} as published{_noise(found)}."
        )
    return said


def _noise(found: NobodyFell) -> str:
    held = found.shrunken
    if held is None or held.levelled_down_share is None:
        return ""
    return f" and {_share(held.levelled_down_share)} once noise is allowed for (gains drawn towards their common mean)"


def _share(value: float) -> str:
    if value <= 0:
        return "none of it"
    return "all of it" if value >= 1 else f"{100 * value:.0f}%"


def _gap(value: float, indicator: Indicator) -> str:
    return size(value, indicator=indicator) + (" in favour of the lower end" if value < 0 else "")


def say_lorenz(places: Places) -> list[str]:
    """Return what the generalised Lorenz comparison says, in words that reward no fall."""
    said = []
    if not isinstance(places.lorenz, Refusal):
        said.append(_lorenz(places.lorenz.comparison))
    return said


def _lorenz(comparison: str) -> str:
    if comparison == CROSS:
        return (
            "The generalised Lorenz curves of the two dates cross: whether the later date is better depends on how much "
            "inequality counts beside the level."
        )
    if comparison not in (ABOVE, BELOW):
        return "The generalised Lorenz curves of the two dates are the same."
    more, side, judged = ("more", "above", "better") if comparison == ABOVE else ("less", "below", "worse")
    return (
        f"As published, the worst-off share of the people, however large a share is taken, has {more} than it had, or as much "
        f"(the generalised Lorenz curve lies {side}): {judged} by every measure that minds both level and inequality."
    )


def say_mixing(mixing: Mixing, *, indicator: Indicator, place: str, polarity: int) -> str:
    """Return how the change of a place's own level splits into its groups' own change and the mix of its people.

    Parameters
    ----------
    mixing : Mixing
        One place, in the indicator's unit as published.
    indicator : Indicator
        Its entry in the catalogue.
    place : str
        What the sentence calls the place.
    polarity : int
        1 where more is better, else -1.
    """
    total, rate, mix = (polarity * float(part[0]) for part in (mixing.total, mixing.rate_part, mixing.composition_part))
    return (
        f"{capital(place)} moved by {signed(total, indicator=indicator)} in {inline(indicator.name)} (more is better): "
        f"{signed(rate, indicator=indicator)} because the rates within its groups changed, and "
        f"{signed(mix, indicator=indicator)} because the mix of its people did. "
        "Only the sizes of the groups are published: people who came or went within a group cannot be told apart."
    )


def say_drift(drift: Drift, *, indicator: Indicator, cohort: str, polarity: int) -> list[str]:
    """Return what a cohort's drifting membership leaves open about its own change."""
    first, last = (100 * share for share in drift.share)
    if drift.direction == "held":
        return [f"{capital(cohort)} were {first:.1f}% of all at both dates. {drift.worst.assumption}"]
    said = [
        f"{capital(cohort)} went from {first:.1f}% to {last:.1f}% of all, so they are not the same people at both dates. "
        f"Their own figure moved by {signed(polarity * drift.change, indicator=indicator)} as published (more is better)."
    ]
    for bounds in (drift.between, drift.worst):
        low, high = sorted((polarity * bounds.least, polarity * bounds.most))
        said.append(
            f"With the cohort held to its former share it would have moved by between {signed(low, indicator=indicator)} and "
            f"{signed(high, indicator=indicator)}{_wide(bounds, indicator, polarity)}. {bounds.assumption}"
        )
    return said


def _wide(bounds: Bounds, indicator: Indicator, polarity: int) -> str:
    if bounds.lower is None or bounds.upper is None:
        return ""
    low, high = sorted((polarity * bounds.lower, polarity * bounds.upper))
    return f" ({signed(low, indicator=indicator)} to {signed(high, indicator=indicator)} with their uncertainty)"
