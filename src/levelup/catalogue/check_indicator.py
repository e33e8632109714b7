"""What an indicator must be: its direction, bounds, partner, uncertainty and series stated, and in agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from levelup.catalogue.entry import Catalogue, Indicator, Series, Source
from levelup.catalogue.label import RULES
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import InputError
from levelup.terms.period import PeriodKind, parse_period
from levelup.terms.place import Level

UNCERTAINTIES: tuple[str, ...] = ("published-interval", "counts", "none")
STATUSES: tuple[str, ...] = ("live", "placeholder", "annual-lag")
ENTRY_KINDS: tuple[str, ...] = ("level", "gap")
FIGURES: tuple[str, ...] = ("value", "lower", "upper", "numerator", "denominator", "status")


def indicator_faults(entry: Indicator, *, catalogue: Catalogue) -> Iterator[str]:
    """Yield each fault of one indicator in a plain sentence."""
    where = f"indicator {entry.id}"
    yield from _word_faults(entry, where, catalogue)
    yield from _scale_faults(entry, where)
    yield from _partner_faults(entry, where, catalogue)
    yield from _time_faults(entry, where)
    if entry.source not in catalogue.sources:
        yield f"{where}: `source` must name a source of the catalogue. Got {entry.source!r}."
    if entry.status == "placeholder":
        if entry.series:
            yield f"{where}: a placeholder must have no series"
    elif not entry.series:
        yield f"{where}: `series` must hold at least one series"
    seen: set[str] = set()
    for place, series in enumerate(entry.series, start=1):
        spot = f"{where}, series {place}"
        yield from _series_faults(entry, series, spot, catalogue)
        same = repr((series.source, series.where, series.cohort, series.take, series.period))
        if same in seen:
            yield f"{spot}: must not repeat an earlier series"
        seen.add(same)


def _word_faults(entry: Indicator, where: str, catalogue: Catalogue) -> Iterator[str]:
    if not entry.description.endswith("."):
        yield f"{where}: `description` must end with a full stop"
    if entry.name.endswith(".") or entry.short.endswith("."):
        yield f"{where}: `name` and `short` must not end with a full stop"
    if len(entry.short) > 48:
        yield f"{where}: `short` must be at most 48 characters. Got {len(entry.short)}."
    if entry.topic not in catalogue.topics:
        yield f"{where}: `topic` must be one of topics.yaml. Got {entry.topic!r}."
    if not entry.caveats:
        yield f"{where}: `caveats` must say at least one thing a reader has to know"
    if not entry.references:
        yield f"{where}: `references` must give at least one address"
    for address in entry.references:
        if not address.startswith("https://"):
            yield f"{where}: `references` must begin with https://. Got {address!r}."
    for name, allowed, got in (
        ("uncertainty", UNCERTAINTIES, entry.uncertainty),
        ("status", STATUSES, entry.status),
        ("kind", ENTRY_KINDS, entry.kind),
    ):
        if got not in allowed:
            yield f"{where}: `{name}` must be one of {', '.join(allowed)}. Got {got!r}."
    if not entry.levels:
        yield f"{where}: `levels` must name at least one level"
    for level in entry.levels:
        if level not in {item.value for item in Level}:
            yield f"{where}: `levels` must be among {', '.join(Level)}. Got {level!r}."
    for name, category in entry.designated.items():
        known = CHARACTERISTICS.get(name)
        if known is None or (not known.open and category not in known.categories):
            yield f"{where}: `designated` must name a characteristic and one of its categories. Got {name}={category}."
        elif not any((name, category) in parse_cohort(key).parts for key in _readable(entry.cohorts)):
            yield f"{where}: `designated` must name a cohort the indicator holds. Got {name}={category}."


def _scale_faults(entry: Indicator, where: str) -> Iterator[str]:
    low, high = entry.bounds
    if low is not None and high is not None and low >= high:
        yield f"{where}: `bounds` must be the lowest and then the highest possible figure. Got {low} and {high}."
    if entry.smallest_change is not None and entry.smallest_change <= 0:
        yield f"{where}: `smallest_change` must be above 0. Got {entry.smallest_change}."
    if (entry.smallest_change is None) != (not entry.smallest_change_reason):
        yield f"{where}: `smallest_change` and `smallest_change_reason` must stand together"
    if entry.kind == "gap":
        return
    if entry.unit.low is not None and (low is None or low < entry.unit.low):
        yield f"{where}: `bounds` must not begin below {entry.unit.low}, the lowest figure in {entry.unit.key}. Got {low}."
    if entry.unit.high is not None and (high is None or high > entry.unit.high):
        yield f"{where}: `bounds` must not end above {entry.unit.high}, the highest figure in {entry.unit.key}. Got {high}."


def _partner_faults(entry: Indicator, where: str, catalogue: Catalogue) -> Iterator[str]:
    if not entry.saturates:
        if entry.partner or entry.partner_reason:
            yield f"{where}: `partner` must be left out where the indicator does not saturate"
        return
    if entry.partner == "none":
        if not entry.partner_reason:
            yield f"{where}: saturates, so `partner_reason` must say which uncapped figure is missing and why"
        return
    if not entry.partner:
        yield f"{where}: saturates, so `partner` must name an uncapped indicator, or be none with a `partner_reason`"
        return
    other = catalogue.indicators.get(entry.partner)
    if other is None:
        yield f"{where}: `partner` must be an indicator of the catalogue. Got {entry.partner!r}."
    elif other.saturates:
        yield f"{where}: `partner` must not saturate itself. {entry.partner} does."
    elif other.status == "placeholder":
        yield f"{where}: `partner` must hold figures. {entry.partner} is a placeholder."
    if entry.partner_reason:
        yield f"{where}: `partner_reason` must be left out where a partner is named"


def _time_faults(entry: Indicator, where: str) -> Iterator[str]:
    if entry.period_kind not in {kind.value for kind in PeriodKind}:
        yield f"{where}: `period_kind` must be one of {', '.join(PeriodKind)}. Got {entry.period_kind!r}."
    last = ""
    for item in entry.breaks:
        try:
            date.fromisoformat(item.at)
        except ValueError:
            yield f"{where}: `breaks` must be at ISO 8601 dates such as 2021-09-01. Got {item.at!r}."
            continue
        if item.at <= last:
            yield f"{where}: `breaks` must stand in the order of their dates, each once. Got {item.at!r} after {last!r}."
        last = item.at


def _series_faults(entry: Indicator, series: Series, where: str, catalogue: Catalogue) -> Iterator[str]:
    try:
        known = parse_cohort(series.cohort).key
        if known != series.cohort:
            yield f"{where}: `cohort` must be written {known!r}. Got {series.cohort!r}."
    except InputError as fault:
        yield f"{where}: {fault.sentence()}"
    if series.combine not in ("", "share"):
        yield f"{where}: `combine` must be 'share' or be left out. Got {series.combine!r}."
    if series.scale <= 0:
        yield f"{where}: `scale` must be above 0. Got {series.scale}."
    source = catalogue.sources.get(series.source or entry.source)
    if source is None:
        if series.source:
            yield f"{where}: `source` must name a source of the catalogue. Got {series.source!r}."
        return
    if source.kind == "stratifier":
        yield f"{where}: must not be read from {source.id}, which ranks places; a ranking is never an outcome"
    elif source.kind != "observations":
        yield f"{where}: must be read from a source of kind observations. {source.id} is of kind {source.kind}."
    for key, values in series.where.items():
        if key not in source.columns:
            yield f"{where}: `where` must use columns of {source.id}. Got {key!r}."
        if not values:
            yield f"{where}: `where`, {key!r} must accept at least one text"
    for figure, key in series.take.items():
        if figure not in FIGURES:
            yield f"{where}: `take` must name figures ({', '.join(FIGURES)}). Got {figure!r}."
        elif key and key not in source.columns:
            yield f"{where}: `take` must use columns of {source.id}. Got {key!r}."
    yield from _figure_faults(entry, series, source, where)
    yield from _rule_faults(entry, series, source, where)


def _figure_faults(entry: Indicator, series: Series, source: Source, where: str) -> Iterator[str]:
    held = {figure for figure in FIGURES if series.take.get(figure, figure if figure in source.columns else "")}
    counted = held & {"numerator", "denominator"}
    if series.combine == "share":
        if "numerator" not in held:
            yield f"{where}: shares need a `numerator` column to add up"
        counted = {"numerator", "denominator"}
    elif "value" not in held and len(counted) < 2:
        yield f"{where}: must take a value, or a numerator and a denominator, from {source.id}"
    if entry.uncertainty == "published-interval" and not {"lower", "upper"} <= held:
        yield f"{where}: uncertainty is published-interval, so `lower` and `upper` must come from {source.id}"
    if entry.uncertainty == "counts" and not counted:
        yield f"{where}: uncertainty is counts, so a numerator or a denominator must come from {source.id}"


def _rule_faults(entry: Indicator, series: Series, source: Source, where: str) -> Iterator[str]:
    rule = {**source.period, **series.period}
    kind = rule.get("kind", "")
    needed = {"fixed": ("value",), "point": ("day",), "span": ("start", "months")}
    if kind not in RULES:
        yield f"{where}: `period`, 'kind' must be one of {', '.join(RULES)}. Got {kind!r}."
    if kind == "indicator":
        kind = entry.period_kind
    for key in needed.get(kind, ()):
        if key not in rule:
            yield f"{where}: a period of kind {kind} must state {key!r}"
    if kind == "fixed" and "value" in rule:
        try:
            parse_period(rule["value"])
        except InputError as fault:
            yield f"{where}: {fault.sentence()}"


def _readable(cohorts: tuple[str, ...]) -> Iterator[str]:
    for key in cohorts:
        try:
            parse_cohort(key)
        except InputError:
            continue
        yield key
