"""The wording of every sentence about a verdict, a gap or a figure: one place, for pages, documents, sheets and the terminal."""

from __future__ import annotations

import math

from levelup.catalogue.entry import Indicator
from levelup.publish.publication import Publication
from levelup.publish.wording import capital, inline, interval_words, level, number, period_label, size
from levelup.terms.polarity import Polarity
from levelup.terms.record import Loser, Masking, Verdict

__all__ = [
    "ESTABLISHED", "LIKELY", "MEANINGS", "STATEMENT_TEXTS", "between", "capital", "certainty_of", "inline", "interval_words",
    "level", "number", "pair", "period_label", "say_breaks", "say_direction", "say_established", "say_expected_false", "say_gap",
    "say_headline", "say_loser", "say_masking", "say_move", "say_order", "say_otherwise", "say_position", "say_route",
    "say_settle", "say_title", "say_uncertainty", "say_verdict", "say_word", "size",
]  # fmt: skip
"""What a sentence is made of is offered here too, so that whoever words a verdict needs no second import."""

MEANINGS: dict[str, str] = {
    "levelled up": (
        "The lower subject rose, the gap narrowed, and most of the narrowing came from below. "
        "The upper subject did not have to fall for it."
    ),
    "narrowed from both ends": "The lower subject rose and the upper subject fell; both narrowed the gap.",
    "levelled down": "The gap narrowed mainly because the upper subject fell. The lower subject is not shown to have risen.",
    "rising, gap widening": "The lower subject rose, and the upper subject rose by more.",
    "rising together": "Both rose, and the gap is not shown to have moved.",
    "upper pulling away": "The upper subject rose and the gap widened; the lower subject is not shown to have moved.",
    "falling behind": "The lower subject fell and the gap widened; the upper subject is not shown to have fallen.",
    "falling together": "Both fell, and the gap is not shown to have narrowed.",
    "no clear change": (
        "Neither end nor the gap moved by as much as the smallest change that matters. This is a finding, not a lack of data."
    ),
    "not enough evidence": "The figures are too uncertain for a word. Single statements that are established are still said.",
    "not comparable": "The series or a boundary changed between the two dates, so they cannot be set side by side.",
    "not evaluable": "A figure, or any account of its uncertainty, is missing. What is held is described and not judged.",
}
"""What each verdict word means, in one or two plain sentences."""

STATEMENT_TEXTS: dict[str, str] = {
    "lower-rose": "{lower} improved",
    "lower-fell": "{lower} got worse",
    "upper-rose": "{upper} improved",
    "upper-fell": "{upper} got worse",
    "narrowed": "the gap narrowed",
    "widened": "the gap widened",
    "from-below": "",
    "from-above": "",
    "lower-still": "{lower} moved by less than the smallest change that matters",
    "upper-still": "{upper} moved by less than the smallest change that matters",
    "gap-still": "the gap moved by less than the smallest change that matters",
}
"""How each tested statement is said; an empty text is never said alone: it speaks of a narrowing that may not be one."""

ESTABLISHED, LIKELY = 0.95, 0.80


def between(verdict: Verdict) -> str:
    """Return the verdict's window as 'Between 2016 and 2024', or 'Between the dates asked for' where none could be chosen."""
    if verdict.start is None or verdict.end is None:
        return "Between the dates asked for"
    return f"Between {period_label(verdict.start)} and {period_label(verdict.end)}"


def pair(verdict: Verdict) -> str:
    """Return the two subjects as 'A and B', saying what both share only once.

    Examples of what is shared: ' in Essex', ' end of the districts of Essex'.
    """
    lower, upper = verdict.lower.label, verdict.upper.label
    for mark in (" end of ", " in "):
        head, found, tail = lower.partition(mark)
        if found and upper.endswith(found + tail):
            return f"{head} and {upper}"
    return f"{lower} and {upper}"


def certainty_of(verdict: Verdict, statement: str) -> str:
    """Return how sure one statement about this gap is: 'established', 'likely' or 'not established'."""
    chance = verdict.statements.get(statement, 0.0)
    return (
        "established"
        if chance >= ESTABLISHED or statement in verdict.established
        else "likely"
        if chance >= LIKELY
        else "not established"
    )


def _gap_direction(verdict: Verdict) -> tuple[str, str]:
    for key, verb in (("narrowed", "narrowed"), ("widened", "widened")):
        sure = certainty_of(verdict, key)
        if sure != "not established":
            return verb, sure
    return "", "not established"


def say_gap(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return the first sentence: the window, the two subjects, the indicator, how far the gap moved, and its interval."""
    subject = f"the gap between {pair(verdict)} in {inline(indicator.name)}"
    change = verdict.gap_change
    if change is None and verdict.start is None and verdict.end is not None:
        return f"Figures for both are held for {period_label(verdict.end)} only, so {subject} cannot be followed over time."
    if change is None:
        return f"{between(verdict)}, {subject} cannot be followed."
    moved = size(change.value, indicator=indicator)
    interval = interval_words(change, indicator=indicator, less="narrower", more="wider")
    bracket = f" (95% interval {interval})" if interval else ""
    direction, sure = _gap_direction(verdict)
    if sure != "not established" and (turned := _turned(verdict)):
        return f"{between(verdict)}, {subject} {'probably ' if sure == 'likely' else ''}{turned} {moved}{bracket}."
    if sure == "established":
        return f"{between(verdict)}, {subject} {direction} by {moved}{bracket}."
    if sure == "likely":
        return f"{between(verdict)}, {subject} probably {direction} by about {moved}{bracket}."
    way = "narrower" if change.value < 0 else "wider"
    if verdict.word == "no clear change":
        return f"{between(verdict)}, {subject} did not clearly move: the best estimate is {moved} {way}{bracket}."
    if interval:
        either = f"it cannot be told whether {subject} narrowed or widened"
        return f"{between(verdict)}, {either}: the best estimate is {moved} {way}{bracket}."
    return f"{between(verdict)}, {subject} became {moved} {way} in the published figures, which carry no uncertainty."


def _turned(verdict: Verdict) -> str:
    """Return how a gap moved that did not stay in favour of the upper subject; '' where it did."""
    (before, after), change = verdict.gap_levels, verdict.gap_change
    lower, upper = verdict.lower.label, verdict.upper.label
    if before is None or after is None or change is None or min(before, after) >= 0:
        return ""
    if max(before, after) > 0:
        return f"turned round in favour of {lower if after < 0 else upper}, moving by"
    return f"stood in favour of {lower} and {'grew' if change.value < 0 else 'shrank'} by"


def say_move(verdict: Verdict, *, end: str, indicator: Indicator) -> str:
    """Return what one subject did, with its levels: 'Tendring improved by 3.4 percentage points, from 71.0% to 74.4%'.

    Parameters
    ----------
    verdict : Verdict
        The gap.
    end : {'lower', 'upper'}
        Which subject.
    indicator : Indicator
        Its entry in the catalogue.

    Returns
    -------
    str
        Without a full stop; '' where the change is not known.
    """
    subject = verdict.lower if end == "lower" else verdict.upper
    change = verdict.change_lower if end == "lower" else verdict.change_upper
    before, after = verdict.lower_levels if end == "lower" else verdict.upper_levels
    if change is None:
        return ""
    levels = f"from {level(before, indicator=indicator)} to {level(after, indicator=indicator)}"
    by = size(change.value, indicator=indicator)
    for key, verb in ((f"{end}-rose", "improved"), (f"{end}-fell", "got worse")):
        sure = certainty_of(verdict, key)
        if sure == "established":
            return f"{capital(subject.label)} {verb} by {by}, {levels}"
        if sure == "likely":
            return f"{capital(subject.label)} probably {verb} by about {by}, {levels}"
    if not verdict.statements:
        verb = "improved" if change.value > 0 else "got worse" if change.value < 0 else "did not move"
        return (
            f"{capital(subject.label)} {verb} by {by}, {levels}"
            if change.value
            else f"{capital(subject.label)} did not move, {levels}"
        )
    return f"{capital(subject.label)} went {levels}, too little to tell from chance"


def say_route(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return where the movement came from: the share from below where the gap narrowed, and what each end did."""
    x, y = verdict.change_lower, verdict.change_upper
    if x is None or y is None:
        return ""
    moves = [say_move(verdict, end=end, indicator=indicator) for end in ("lower", "upper")]
    both = f"{moves[0]}. {moves[1]}."
    share, (direction, sure) = verdict.share_from_below, _gap_direction(verdict)
    if direction != "narrowed" or sure == "not established" or share is None or not math.isfinite(share):
        return both
    lower, upper = verdict.lower.label, verdict.upper.label
    if share >= 1:
        return f"In the published figures all of it came from {lower} improving. {both}"
    if share <= 0:
        return f"In the published figures all of it came from {upper} getting worse. {both}"
    return f"{_percent(share)} of it came from {lower} improving and {_percent(1 - share)} from {upper} getting worse. {both}"


def _percent(share: float) -> str:
    shown = min(99, max(1, round(100 * share)))
    return f"{shown}%"


def say_word(verdict: Verdict) -> str:
    """Return the word with its certainty, 'Levelled up (established).', and the certainty among many where it differs."""
    word = capital(verdict.word)
    if not verdict.is_judged or verdict.word == "not enough evidence":
        return f"{word}."
    if verdict.certainty_adjusted == verdict.certainty or verdict.certainty == "not established":
        return f"{word} ({verdict.certainty})."
    among = f"{verdict.certainty_adjusted} once all the report's comparisons are allowed for"
    return f"{word} ({verdict.certainty} on its own; {among})."


def say_verdict(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return the whole paragraph about one gap: what moved, by how much, how sure, by which route, and the word.

    Parameters
    ----------
    verdict : Verdict
        Judged, described or refused.
    indicator : Indicator
        Its entry in the catalogue.

    Returns
    -------
    str
        Two to five sentences of plain text.
    """
    parts = [say_gap(verdict, indicator=indicator)]
    if verdict.refusal is not None:
        parts += [say_route(verdict, indicator=indicator), say_word(verdict), verdict.refusal.reason]
    elif verdict.word == "not enough evidence":
        parts += [say_established(verdict), say_word(verdict)]
    else:
        parts += [say_route(verdict, indicator=indicator), say_word(verdict)]
    position = say_position(verdict)
    return " ".join(part for part in (*parts, position) if part)


def say_headline(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return the finding as a short title: 'Gap narrowed by 3.1 percentage points: levelled up'."""
    change = verdict.gap_change
    if verdict.refusal is not None or change is None:
        return capital(verdict.word)
    direction, sure = _gap_direction(verdict)
    moved = size(change.value, indicator=indicator)
    if sure == "not established":
        return capital(verdict.word)
    verb = direction if sure == "established" else f"probably {direction}"
    if verdict.word == "not enough evidence":
        return f"Gap {verb} by {moved}; by which route is not established"
    return f"Gap {verb} by {moved}: {verdict.word}"


def say_established(verdict: Verdict) -> str:
    """Return, for a gap without a word, every single statement that is established, or that none is."""
    names = {"lower": verdict.lower.label, "upper": verdict.upper.label}
    said = [STATEMENT_TEXTS.get(key, key).format(**names) for key in verdict.established]
    said = [text for text in said if text]
    if not said:
        return "No single statement about either end is established."
    joined = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    moved = any(key in ("narrowed", "widened") for key in verdict.established)
    route = "; by which route is not established" if moved else "; what happened to the gap is not established"
    return f"Established: {joined}{route}."


def say_position(verdict: Verdict) -> str:
    """Return a warning where the subject designated lower did not stand lower; '' otherwise."""
    before, after = verdict.gap_levels
    if before is None or after is None or verdict.refusal is not None:
        return ""
    lower = verdict.lower.label
    if before < 0 and after < 0:
        return f"{capital(lower)} had the better figure at both dates, although it is the side designated lower."
    if after < 0:
        return f"By the second date {lower} had the better figure."
    return f"At the first date {lower} had the better figure." if before < 0 else ""


def say_settle(verdict: Verdict, *, indicator: Indicator) -> str:
    """Return what data would settle a gap without a word: the refusal's own answer, or how much narrower the interval must be."""
    if verdict.refusal is not None:
        return verdict.refusal.next
    if verdict.word != "not enough evidence" or verdict.gap_change is None:
        return ""
    change = verdict.gap_change
    held = (
        f"The gap moved by {size(change.value, indicator=indicator)} in the published figures"
        if change.value
        else "The gap did not move"
    )
    if change.se is None or change.se <= 0 or change.value == 0:
        return f"{held}. A larger sample, or several years taken together, would narrow the interval."
    times = (1.645 * change.se / abs(change.value)) ** 2
    if times <= 1:
        return f"{held}, which is established; figures with a narrower interval for each end would show the route."
    many = (
        f"about {math.ceil(times)} times as many people asked or counted"
        if times < 30
        else "far more people asked or counted than any survey asks"
    )
    more = "further years of the same series would help too"
    return f"{held}. If that is its true size, {many} at each date would establish it; {more}."


def say_otherwise(verdicts: tuple[Verdict, ...]) -> str:
    """Return what other windows of the same gap say where their words differ; '' where none does."""
    if not verdicts:
        return ""
    said = [f"{between(verdict)[0].lower()}{between(verdict)[1:]}, {verdict.word} ({verdict.certainty})" for verdict in verdicts]
    return f"Other windows say otherwise: {'; '.join(said)}."


def say_loser(loser: Loser, *, indicator: Indicator) -> str:
    """Return that one subject is worse off than before, by how much and how sure, in one sentence."""
    by = size(loser.change.value, indicator=indicator)
    interval = interval_words(loser.change, indicator=indicator, less="worse", more="better")
    bracket = f" (95% interval {interval})" if interval else ""
    who = capital(loser.subject.label)
    if loser.certainty in ("established", "likely"):
        return f"{who} got worse by {by}{bracket}: {loser.certainty}."
    return f"{who} has a figure that is worse by {by}{bracket}: not established."


def say_masking(masking: Masking, *, verdict: Verdict, indicator: Indicator) -> str:
    """Return what an average hides: the whole improved, or did not clearly move, while named parts inside it got worse."""
    names = [loser.subject.label for loser in masking.worsened]
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    by, name = size(masking.change.value, indicator=indicator), inline(indicator.name)
    if masking.is_described:
        return f"{between(verdict)}, {masking.whole.label} improved by {by} in {name}, while {listed} got worse, as published."
    whole = f"{masking.whole.label} improved by {by} in {name} ({masking.certainty})"
    if masking.certainty not in ("established", "likely"):
        whole = f"{masking.whole.label} did not clearly move in {name} ({by} better, not established)"
    return f"{between(verdict)}, {whole}, while {listed} got worse ({_weakest(masking.worsened)})."


def _weakest(losers: tuple[Loser, ...]) -> str:
    return "established" if all(loser.certainty == "established" for loser in losers) else "likely or established"


def say_expected_false(publication: Publication) -> str:
    """Return how many words hold once all comparisons are allowed for, and how many of those are expected to be wrong."""
    held = [verdict.certainty_adjusted for verdict in publication.verdicts if verdict.is_judged]
    sure, likely = held.count("established"), held.count("likely")
    return (
        f"Over all {len(held):,} judged comparisons, every window counted, {sure:,} words stay established once all of them are "
        f"allowed for together: about {publication.expected_false:.1f} of these are expected to be wrong by chance. "
        f"A further {likely:,} stay likely: about {publication.expected_false_likely:.1f} wrong."
    )


def say_title(publication: Publication) -> str:
    """Return the report's title: the workspace's own where it has one, else the question it answers for the county."""
    own = publication.title.strip()
    return own if own and own != publication.county.name else f"Are we levelling up in {publication.county.name}?"


def say_direction(indicator: Indicator) -> str:
    """Return which way is good, as a page says it: 'More is better', 'Less is better', 'Nearer zero is better'."""
    return {Polarity.MORE: "More is better", Polarity.LESS: "Less is better", Polarity.ZERO: "Nearer zero is better"}[
        indicator.polarity
    ]


def say_breaks(indicator: Indicator) -> str:
    """Return, with a space before it, what a dotted upright line in a chart over time means; '' where the series has no break."""
    return " Dotted upright lines: the series changes, and no line is drawn across." if indicator.breaks else ""


def say_uncertainty(indicator: Indicator) -> str:
    """Return how the uncertainty of an indicator's figures is known, in one sentence."""
    return {
        "published-interval": "The publisher gives a 95% interval with each figure.",
        "counts": "The interval is worked out from the published counts.",
    }.get(
        indicator.uncertainty,
        "The publisher gives no interval, standard error or counts, so changes are described and never judged.",
    )


def say_order(publication: Publication) -> str:
    """Return what fixed the order of places, in one sentence."""
    return (
        f"Places are listed by {inline(publication.order_name)}, the most deprived first. "
        "The order does not come from the figures shown, and it is no ranking of performance."
    )
