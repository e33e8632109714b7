"""Check that the catalogue's entries keep the rules of the house and agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from levelup.catalogue.check_indicator import indicator_faults
from levelup.catalogue.check_source import source_faults
from levelup.catalogue.entry import Catalogue, Framework, Stratifier
from levelup.terms.place import Level

REFERENCE_KINDS: tuple[str, ...] = ("places", "population", "lookup", "neighbours", "boundaries")
"""Kinds of source that are used by being there: no indicator or stratifier need name them."""

BANNED: dict[tuple[str, ...], str] = {
    ("left", "behind"): "places with fewer ...",
    ("deprived", "people"): "people in places with ...",
    ("hard", "to", "reach"): "people whom services miss",
    ("close", "the", "gap"): "narrow the gap",
    ("closes", "the", "gap"): "narrows the gap",
    ("closed", "the", "gap"): "narrowed the gap",
    ("closing", "the", "gap"): "narrowing the gap",
    ("gap", "closed"): "gap narrowed",
    ("gap", "closes"): "gap narrows",
    ("gap", "is", "closing"): "gap is narrowing",
    ("compliant",): "gates passed",
}
"""Words the house does not use, word by word so that this page does not use them either, and what it says instead."""

GOAL_STATUSES: tuple[str, ...] = ("live", "placeholder", "annual-lag")
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


def check_catalogue(catalogue: Catalogue) -> tuple[str, ...]:
    """Return every fault of a catalogue in plain sentences, none where it keeps all its rules.

    Parameters
    ----------
    catalogue : Catalogue
        As `load_catalogue` returns it.

    Returns
    -------
    tuple of str
        One sentence a fault: the entry, the rule it breaks, and what was found. Empty where all is well.
    """
    return tuple(_faults(catalogue))


def _faults(catalogue: Catalogue) -> Iterator[str]:
    yield from _name_faults(catalogue)
    for publisher in catalogue.publishers.values():
        if not publisher.address.startswith("https://"):
            yield f"publisher {publisher.id}: `address` must begin with https://. Got {publisher.address!r}."
    for licence in catalogue.licences.values():
        if not licence.address.startswith("https://"):
            yield f"licence {licence.id}: `address` must begin with https://. Got {licence.address!r}."
    for source in catalogue.sources.values():
        yield from source_faults(source, catalogue=catalogue)
    for indicator in catalogue.indicators.values():
        yield from indicator_faults(indicator, catalogue=catalogue)
    for stratifier in catalogue.stratifiers.values():
        yield from _stratifier_faults(stratifier, catalogue)
    for framework in catalogue.frameworks.values():
        yield from _framework_faults(framework, catalogue)
    yield from _idle_faults(catalogue)
    yield from _word_faults(catalogue)


def _name_faults(catalogue: Catalogue) -> Iterator[str]:
    kinds: dict[str, Mapping[str, object]] = {
        "publisher": catalogue.publishers,
        "licence": catalogue.licences,
        "source": catalogue.sources,
        "indicator": catalogue.indicators,
        "stratifier": catalogue.stratifiers,
        "framework": catalogue.frameworks,
        "topic": catalogue.topics,
    }
    for kind, entries in kinds.items():
        for key in entries:
            if not _SLUG.match(key):
                yield f"{kind} {key}: id must be lower-case letters and digits, joined by single hyphens"
    for key in catalogue.stratifiers:
        if key in catalogue.indicators:
            yield f"stratifier {key}: must not be an indicator too; a ranking of places is never an outcome"


def _stratifier_faults(entry: Stratifier, catalogue: Catalogue) -> Iterator[str]:
    where = f"stratifier {entry.id}"
    source = catalogue.sources.get(entry.source)
    if source is None:
        yield f"{where}: `source` must name a source of the catalogue. Got {entry.source!r}."
    else:
        shares = source.options.get("share_of", {})
        if source.kind != "stratifier":
            yield f"{where}: its source must be of kind stratifier. {source.id} is of kind {source.kind}."
        if entry.column not in source.columns and not (isinstance(shares, dict) and entry.column in shares):
            yield f"{where}: `column` must be a column of {source.id}. Got {entry.column!r}."
    if entry.level not in {level.value for level in Level}:
        yield f"{where}: `level` must be one of {', '.join(Level)}. Got {entry.level!r}."
    if not 1981 <= entry.vintage <= 2100:
        yield f"{where}: `vintage` must be a year. Got {entry.vintage}."
    if not entry.description.endswith("."):
        yield f"{where}: `description` must end with a full stop"


def _framework_faults(entry: Framework, catalogue: Catalogue) -> Iterator[str]:
    where = f"framework {entry.id}"
    if not entry.goals:
        yield f"{where}: must have at least one goal"
    seen: set[str] = set()
    keys = {goal.id for goal in entry.goals}
    for goal in entry.goals:
        if not _SLUG.match(goal.id):
            yield f"{where}, goal {goal.id}: id must be lower-case letters and digits, joined by single hyphens"
        if goal.id in seen:
            yield f"{where}, goal {goal.id}: id must be used once"
        seen.add(goal.id)
        if goal.parent and (goal.parent not in keys or goal.parent == goal.id):
            yield f"{where}, goal {goal.id}: `parent` must be another goal of the framework. Got {goal.parent!r}."
        if goal.status not in GOAL_STATUSES:
            yield f"{where}, goal {goal.id}: `status` must be one of {', '.join(GOAL_STATUSES)}. Got {goal.status!r}."
        if goal.status != "live" and not goal.note:
            yield f"{where}, goal {goal.id}: `note` must say why the goal is {goal.status}"
        for key in goal.indicators:
            if key not in catalogue.indicators:
                reason = " It is a stratifier, which is never an outcome." if key in catalogue.stratifiers else ""
                yield f"{where}, goal {goal.id}: must name indicators of the catalogue. Got {key!r}.{reason}"
        if len(set(goal.indicators)) != len(goal.indicators):
            yield f"{where}, goal {goal.id}: must name each indicator once"


def _idle_faults(catalogue: Catalogue) -> Iterator[str]:
    used = {entry.source for entry in catalogue.stratifiers.values()}
    for indicator in catalogue.indicators.values():
        used |= {series.source or indicator.source for series in indicator.series}
    for source in catalogue.sources.values():
        if source.id not in used and source.kind not in REFERENCE_KINDS:
            kinds = ", ".join(REFERENCE_KINDS)
            yield f"source {source.id}: must be used by an indicator or a stratifier, or be of a reference kind ({kinds})"
    topics = {indicator.topic for indicator in catalogue.indicators.values()}
    for topic in catalogue.topics:
        if topic not in topics:
            yield f"topic {topic}: must have at least one indicator"


def _word_faults(catalogue: Catalogue) -> Iterator[str]:
    for where, text in _texts(catalogue):
        low = text.lower()
        for words, better in BANNED.items():
            if re.search(r"\b" + r"[\s-]+".join(words) + r"\b", low):
                yield f"{where}: must not say {' '.join(words)!r}. Say {better!r}."


def _texts(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for indicator in catalogue.indicators.values():
        parts = (indicator.name, indicator.short, indicator.description, indicator.partner_reason, *indicator.caveats)
        yield f"indicator {indicator.id}", "\n".join((*parts, *(item.reason for item in indicator.breaks)))
    for source in catalogue.sources.values():
        yield f"source {source.id}", "\n".join((source.title, *source.caveats))
    for stratifier in catalogue.stratifiers.values():
        yield f"stratifier {stratifier.id}", f"{stratifier.name}\n{stratifier.description}"
    for framework in catalogue.frameworks.values():
        goals = (f"{goal.title}\n{goal.note}" for goal in framework.goals)
        yield f"framework {framework.id}", "\n".join((framework.title, *goals))
    for key, title in catalogue.topics.items():
        yield f"topic {key}", title
