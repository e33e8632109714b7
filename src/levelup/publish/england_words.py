"""The sentences of the page about the whole nation: by which route gaps narrow, how sure that is, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.publish.england_figure import percent
from levelup.publish.wording import inline, number, period_label
from levelup.terms.record import WORDS
from levelup.verdicts.certainty import SHARE_ESTABLISHED
from levelup.verdicts.grammar import NOT_ENOUGH
from levelup.verdicts.nation import Sweep
from levelup.verdicts.nation_summary import Routes, Summary

LARGE = 0.1
"""An indicator with more than this share of all judged comparisons is named, and what is left without such ones is told."""


def _many(count: float) -> str:
    return number(count, decimals=0)


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def _shares(routes: Routes) -> str:
    whole = routes.narrowed
    return (
        f"{percent(routes.up, whole)} levelled up, {percent(routes.both, whole)} narrowed from both ends, "
        f"{percent(routes.down, whole)} levelled down, and for {percent(routes.unsettled, whole)} the route is not settled"
    )


def say_answer(summary: Summary) -> str:
    """Return the finding as a short title, for gaps of which the narrowing is established on its own."""
    routes = summary.total.own_routes
    down, up, none = (percent(part, routes.narrowed) for part in (routes.down, routes.up, routes.unsettled))
    return f"Of the gaps established to have narrowed, {down} levelled down, {up} levelled up; for {none} the route is open"


def say_lead(summary: Summary) -> str:
    """Return the answer: by which route, among how many, over which windows, how sure, and how many words may be wrong."""
    total, routes, name = summary.total, summary.total.routes, summary.name(summary.nation)
    down, up, both = (percent(part, routes.narrowed) for part in (routes.down, routes.up, routes.both))
    first, last = (period_label(period) for period in summary.dates)
    years = _listed([str(length) for length in summary.by_window])
    return (
        f"Of the gaps in {name} that narrowed over {years} years, between {first} and {last}, by a route that is established "
        f"once all comparisons are allowed for, {down} levelled down, {up} levelled up and {both} narrowed from both ends. "
        f"These are {_many(routes.narrowed)} of {_many(total.judged)} judged comparisons: of authorities with the rest of "
        f"{name}, of groups of people within an authority, and across authorities in order of deprivation. "
        f"Of the {_many(sum(total.firm))} words established in all, at most {percent(SHARE_ESTABLISHED, 1)}, about "
        f"{_many(total.expected_false)}, are expected to be wrong."
    )


def say_alone(summary: Summary) -> str:
    """Return the same with each comparison on its own, at both levels of certainty, where some routes stay open."""
    own, likely = summary.total.own_routes, summary.total.likely_routes
    return (
        f"Each comparison on its own, {_many(own.narrowed)} gaps are established to have narrowed: {_shares(own)}. "
        f"{_many(likely.narrowed)} are at least likely to have narrowed: {_shares(likely)}. "
        "A route that is not settled may be any of the three."
    )


def say_without_largest(summary: Summary, *, names: Mapping[str, str]) -> str:
    """Return what the answer rests on: the indicators with most comparisons, and the answer without them; '' where none is large.

    Parameters
    ----------
    summary : Summary
        What the sweep comes to.
    names : mapping of str to str
        What each indicator is called, by id.
    """
    judged = summary.total.judged
    large = [key for key, tally in summary.by_indicator.items() if tally.judged > LARGE * judged]
    rest = [tally for key, tally in summary.by_indicator.items() if key not in large]
    if not large or not rest:
        return ""
    held = judged - sum(tally.judged for tally in rest)
    narrowed, down = (sum(getattr(tally.routes, field) for tally in rest) for field in ("narrowed", "down"))
    return (
        f"Comparisons are not spread evenly: {percent(held, judged)} of those judged are of "
        f"{_listed([inline(names.get(key, key)) for key in large])}. In the other indicators ({len(rest)}), {_many(down)} of "
        f"{_many(narrowed)} gaps that narrowed by a route established once all comparisons are allowed for levelled down: "
        f"{percent(down, narrowed)}."
    )


def say_expected(summary: Summary) -> str:
    """Return how many words are expected to be wrong, and of what list that is promised."""
    total = summary.total
    return (
        f"Over all {_many(total.judged)} judged comparisons {_many(sum(total.firm))} words stay established once all of them are "
        f"allowed for together (Benjamini and Hochberg): at most about {_many(total.expected_false)} of these are expected to be "
        f"wrong by chance. A further {_many(sum(total.firm_likely))} stay likely: at most about "
        f"{_many(total.expected_false_likely)} wrong. The promise is about the whole list: a part of it, such as one indicator "
        "or the words for levelling down, may hold a larger share of wrong words."
    )


def say_dependence(summary: Summary) -> str:
    """Return what overlapping windows do to the promise, and two counts that rest on less."""
    told = [
        f"over {length} years {_many(sum(tally.firm))} words stay established, {_many(tally.routes.narrowed)} of them for gaps "
        f"that narrowed and {_many(tally.routes.down)} of these for levelling down"
        for length, tally in summary.disjoint.items()
    ]
    return (
        "Windows of one series overlap, so their verdicts are not independent, and one unusual year stands in several of them. "
        "The promised share of wrong words is proved for verdicts that are independent or depend positively, as those of windows "
        "with a common start or end do. Windows that meet at one date share its error with opposite signs; for these it is not "
        f"proved. Two counts rest on less. Whatever the dependence, {_many(summary.any_dependence)} words stay established "
        f"(Benjamini and Yekutieli). With windows of which no two share a figure of a series, {'; '.join(told)}."
    )


def say_followed(
    followed: Sweep,
    rows: Mapping[str, int],
    *,
    indicator: Indicator,
    pair: tuple[str, str],
    dates: Sequence[str],
    authorities: int,
) -> str:
    """Return what one pair of groups comes to over all authorities.

    Parameters
    ----------
    followed : Sweep
        As `follow_pair` returns it.
    rows : mapping of str to int
        The row of each authority that has one, by code.
    indicator : Indicator
        Its entry in the catalogue.
    pair : tuple of two str
        What the lower and the upper group are called.
    dates : sequence of two str
        The first and the last date, as printed.
    authorities : int
        How many there are in all.
    """
    at = np.asarray(list(rows.values()), dtype=np.intp)
    firm = at[followed.adjusted[at] == 2]
    counts = np.bincount(followed.word[firm], minlength=len(WORDS)).tolist()
    said = [f"{word} in {count}" for word, count in zip(WORDS, counts, strict=True) if count]
    judged = int((followed.word[at] <= NOT_ENOUGH).sum())
    if not judged:
        return f"No authority could be judged in {inline(indicator.name)}."
    return (
        f"Between {dates[0]} and {dates[1]} the gap in {inline(indicator.name)} between {pair[0]} and {pair[1]} could be judged "
        f"in {judged} of {authorities} authorities: {', '.join(said) or 'no word'} (established once all rows of these tables "
        f"are allowed for); in {judged - len(firm)} no word is established."
    )
