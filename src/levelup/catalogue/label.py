"""How a publisher's period label becomes an ISO 8601 period, by the rule its source and series declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from levelup.catalogue.entry import Indicator, Series, Source
from levelup.terms.errors import InputError
from levelup.terms.period import Period, PeriodKind, parse_period, period_of_label

RULES: tuple[str, ...] = ("iso", "fixed", "calendar", "financial", "academic", "rolling", "month", "point", "span", "indicator")
"""The kinds of rule a source may state; 'indicator' leaves the kind to each indicator's `period_kind`."""

_YEAR = re.compile(r"\d{4}")
_JOINED = re.compile(r"^(\d{4})(\d{2})$")


def rule_of(source: Source, indicator: Indicator, series: Series) -> dict[str, str]:
    """Return the rule by which this series' period labels are read.

    The series' own entries win over the source's; a source whose kind is 'indicator' takes the indicator's `period_kind`.

    Parameters
    ----------
    source : Source
        The source the series is read from.
    indicator : Indicator
        The indicator the series belongs to.
    series : Series
        The series.

    Returns
    -------
    dict of str to str
        A rule for `period_of`: 'kind' and whatever that kind needs.
    """
    rule = dict(source.period)
    if rule.get("kind") == "indicator":
        rule["kind"] = indicator.period_kind
    return {**rule, **series.period}


def period_of(label: str, *, rule: Mapping[str, str]) -> Period:
    """Read one period label by a rule.

    Parameters
    ----------
    label : str
        As printed by the publisher, for example '2024', '202122', '2022-24', '2025 (Rev)', 'March 2020 (r)'.
    rule : mapping of str to str
        'kind' is one of `RULES`. 'iso': the label is ISO 8601, or a bare calendar year. 'fixed': `value` is the period, whatever
        the label. 'point': the label's first year on the month and day `day` ('MM-DD'). 'span': `months` months from `start`
        ('MM-DD') in the label's first year less `back` years. The others are read by `period_of_label`.

    Returns
    -------
    Period
        The period.

    Raises
    ------
    InputError
        The label cannot be read by the rule, or the rule lacks what its kind needs.

    Examples
    --------
    >>> period_of("202122", rule={"kind": "academic"}).iso
    '2021-09-01/P1Y'
    >>> period_of("2024", rule={"kind": "point", "day": "03-31"}).iso
    '2024-03-31'
    >>> period_of("2025", rule={"kind": "span", "start": "12-01", "months": "3", "back": "1"}).iso
    '2024-12-01/P3M'
    """
    kind, text = rule.get("kind", ""), label.strip()
    if kind == "fixed":
        return parse_period(_needed(rule, "value"))
    if kind == "iso":
        return period_of_label(text, PeriodKind.CALENDAR) if _YEAR.fullmatch(text) else parse_period(text)
    if kind in ("point", "span"):
        return _dated(text, rule=rule)
    if kind not in RULES or kind == "indicator":
        raise InputError(f"period rule must be one of {', '.join(RULES[:-1])}", got=repr(kind))
    joined = _JOINED.match(text)
    if joined and kind in ("academic", "financial"):
        text = f"{joined.group(1)}/{joined.group(2)}"
    return period_of_label(text, PeriodKind(kind))


def _dated(text: str, *, rule: Mapping[str, str]) -> Period:
    year = _YEAR.match(text)
    if year is None or not 1900 <= int(year.group()) <= 2100:
        raise InputError("period label must begin with a year", got=repr(text))
    month, _, day = _needed(rule, "day" if rule["kind"] == "point" else "start").partition("-")
    months = 0 if rule["kind"] == "point" else int(_needed(rule, "months"))
    return Period(date(int(year.group()) - int(rule.get("back", "0")), int(month), int(day)), months)


def _needed(rule: Mapping[str, str], key: str) -> str:
    if key not in rule:
        raise InputError(f"period rule of kind {rule.get('kind')!r} must state {key!r}", got=repr(dict(rule)))
    return rule[key]
