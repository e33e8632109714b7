"""Periods as people write them in headers and cells, and which kind of year a set of such labels counts in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from levelup.terms.errors import InputError
from levelup.terms.period import MONTHS, Period, PeriodKind, parse_period, period_of_label

_FIRST, _LAST = 1900, 2100
_LONGEST = 11
_MONTH_NUMBER = {name[:size].lower(): number for number, name in enumerate(MONTHS) if number for size in (3, 4, len(name))}
_MONTH = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_FOOTNOTE = re.compile(
    r"\s*(?:\[[^\]]{0,30}\]|\((?:rev|revised|final|prov|provisional|p|r|ot|note \d+)\)|[*†]+)\s*$", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?")
_KIND_WORDS = re.compile(
    r"\b(?:(financial|fiscal|tax|fye?)|(academic|school|ay)|(calendar|cy))(?:[ -]?year)?s?\b|\byear\b|\bfye?(?=\d)", re.IGNORECASE
)
_YEAR = re.compile(r"\d{4}")
_SPAN = re.compile(r"(\d{4})\s*(?:-|/|–|—|to)\s*(\d{4}|\d{2})", re.IGNORECASE)
_JOINED = re.compile(r"(\d{4})(\d{2})")
_LONG_SPAN = re.compile(r"(\d{4})/(\d{2})\s*(?:-|–|to)\s*(?:\d{2})?(\d{2})/(\d{2})")
_ENDING = re.compile(
    rf"(?:12 months|year|ye)\s*(?:ending|ended|to|in)?\s*(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({_MONTH})\s+(\d{{4}})", re.IGNORECASE
)
_MONTH_YEAR = re.compile(rf"({_MONTH})[a-z]*\.?[ -]?(?:(\d{{4}})|(\d{{2}}))", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})")
_QUARTER = re.compile(r"q([1-4])\s*(\d{4})(/\d{2})?|(\d{4})(/\d{2})?\s*-?q([1-4])", re.IGNORECASE)
_MONTHS_SPAN = re.compile(rf"({_MONTH})\s*(?:-|–|to)\s*({_MONTH})\s+(\d{{4}})", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_DAY_WORDS = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\s+(\d{{4}})", re.IGNORECASE)
_MID = re.compile(r"mid[ -]?(?:year )?(\d{4})", re.IGNORECASE)
_CENSUS = re.compile(r"census (\d{4})|(\d{4}) census", re.IGNORECASE)
_CENSUS_DAYS = {2001: date(2001, 4, 29), 2011: date(2011, 3, 27), 2021: date(2021, 3, 21)}
_HOLLOW = re.compile(r"\(\s*\)|\[\s*\]")
_FINDABLE = re.compile(
    rf"\bfye? ?\d{{4}}(?:[/-]\d{{2}})?|\d{{4}}/\d{{2}}\s*(?:-|–|to)\s*\d{{2,4}}/\d{{2}}"
    rf"|(?:year|12 months) (?:ending|to) (?:\d{{1,2}} )?(?:{_MONTH}) \d{{4}}"
    rf"|\b(?:{_MONTH})[a-z]*[ -]\d{{4}}\b|\bq[1-4] ?\d{{4}}(?:/\d{{2}})?|\b\d{{4}} ?q[1-4]\b"
    r"|\b\d{4}-\d{2}-\d{2}(?:/P\d+[YM])?|\b(?:19|20)\d{2}\s?(?:-|/|–|to)\s?(?:(?:19|20)\d{2}|\d{2})\b|\b(?:19|20)\d{2}\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def read_period(text: str, *, kind: PeriodKind | None = None) -> Period:
    """Read a period as a person writes it.

    Parameters
    ----------
    text : str
        ISO 8601, a year, '2023/24', '202324', '2022-24', '2018/19 - 20/21', 'Year ending March 2024', 'March 2024', 'Mar-24',
        'Q1 2024', 'Jan to Mar 2024', '31/03/2021', '21 March 2021', 'mid-2022' or 'Census 2021'.
    kind : PeriodKind or None
        How a bare year or a pair of years counts; None takes the calendar year and, for neighbouring years, the financial one.
        A bare year of a financial or academic kind names the year it ends in; a quarter of a financial year counts from April.

    Returns
    -------
    Period
        The period.

    Raises
    ------
    InputError
        The text is no period, or not one of that kind.

    Examples
    --------
    >>> read_period("Year ending March 2024").iso
    '2023-04-01/P1Y'
    >>> read_period("202324", kind=PeriodKind.ACADEMIC).iso
    '2023-09-01/P1Y'
    >>> read_period("2022-24").iso
    '2022-01-01/P3Y'
    """
    plain = _FOOTNOTE.sub("", text.strip())
    clock = _CLOCK.fullmatch(plain)
    if clock:
        plain = clock.group(1)
    try:
        found = _stated(plain) or _counted(plain, kind)
    except ValueError as fault:
        raise InputError("period must be on dates that exist", got=repr(text[:40])) from fault
    if found is None or not _FIRST <= found.start.year <= _LAST:
        raise InputError(
            "period must be one that can be read, such as 2024, 2023/24, 2022-24, March 2024 or 2024-01-01/P1Y",
            got=repr(text[:40]),
        )
    return found


def is_period(text: str) -> bool:
    """Return whether the text reads as a period of any kind."""
    try:
        read_period(text)
    except InputError:
        return False
    return True


def find_period(text: str) -> tuple[str, str]:
    """Return the first period label inside a longer text, and the text without it; ('', text) where there is none.

    Examples
    --------
    >>> find_period("Female 2022/23 (%)")
    ('2022/23', 'Female (%)')
    """
    for match in _FINDABLE.finditer(text):
        if is_period(match.group().strip()):
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return match.group().strip(), " ".join(_HOLLOW.sub(" ", rest).split()).strip(" |-–,:;")
    return "", text


def guess_kind(labels: Iterable[str], *, hint: str = "") -> tuple[PeriodKind | None, float, str]:
    """Guess which kind of year a set of labels counts in.

    Parameters
    ----------
    labels : iterable of str
        As found; those that are no periods are passed over.
    hint : str
        Any text around the table that may say 'academic' or 'financial'.

    Returns
    -------
    tuple of (PeriodKind or None, float, str)
        The kind, a confidence between 0 and 1, and the reason in words; None where every label says its own dates.

    Examples
    --------
    >>> guess_kind(["2021/22", "2022/23"], hint="pupils in the academic year")[0].value
    'academic'
    """
    plain = [_FOOTNOTE.sub("", label.strip()) for label in labels]
    words = " ".join([hint, *plain]).lower()
    pairs = [label for label in plain if _pair_length(label) == 1]
    years = [label for label in plain if _YEAR.fullmatch(label)]
    rolling = [label for label in plain if _is_pair(label) and _pair_length(label) > 1]
    schooling = re.search(r"\b(?:academic|school|pupils?|key stage|attainment|reception)\b", words)
    money = re.search(r"\b(?:financial|fiscal|tax year|fye?)", words)
    if rolling and not pairs:
        return PeriodKind.ROLLING, 0.95, "the labels span several years"
    if pairs:
        if schooling and not money:
            return PeriodKind.ACADEMIC, 0.85, f"the labels join two neighbouring years, and the text says {schooling.group()!r}"
        sure = 0.9 if money else 0.6
        said = (
            f", and the text says {money.group()!r}"
            if money
            else "; a financial year is the commonest, an academic one is possible"
        )
        return PeriodKind.FINANCIAL, sure, f"the labels join two neighbouring years{said}"
    if years:
        if money:
            return (
                PeriodKind.FINANCIAL,
                0.8,
                f"the labels are years, and the text says {money.group()!r}; each names the year it ends in",
            )
        if re.search(r"\b(?:academic|school) year", words):
            return (
                PeriodKind.ACADEMIC,
                0.8,
                "the labels are years, and the text says 'academic year'; each names the year it ends in",
            )
        return PeriodKind.CALENDAR, 0.7, "the labels are plain years"
    return None, 0.95, "every label says its own dates"


def _pair_length(label: str) -> int:
    """Return how many years after the first one the label's second year is; 0 where it is no pair."""
    match = _SPAN.fullmatch(_KIND_WORDS.sub("", label).strip()) or _JOINED.fullmatch(label)
    if match is None:
        return 0
    first, second = int(match.group(1)), match.group(2)
    return int(second) - first if len(second) == 4 else (int(second) - first) % 100


def _is_pair(text: str) -> bool:
    return 1 <= _pair_length(text) <= _LONGEST


def _stated(text: str) -> Period | None:
    """Read a label that says its own dates."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:/P\d+[YM])?", text):
        return parse_period(text)
    if match := _ENDING.fullmatch(text):
        day, month, year = int(match.group(1) or 0), _MONTH_NUMBER[match.group(2).lower()], int(match.group(3))
        if day and day < 28:
            return None
        return Period(date(year, 1, 1), 12) if month == 12 else Period(date(year - 1, month + 1, 1), 12)
    if match := _QUARTER.fullmatch(text):
        first, slash, other, other_slash = match.group(2, 3, 4, 5)
        number, year = int(match.group(1) or match.group(6)), int(first or other)
        month = 3 * number - 2 + (3 if slash or other_slash else 0)
        return Period(date(year + (month > 12), (month - 1) % 12 + 1, 1), 3)
    if match := _MONTHS_SPAN.fullmatch(text):
        start, end, year = _MONTH_NUMBER[match.group(1).lower()], _MONTH_NUMBER[match.group(2).lower()], int(match.group(3))
        return Period(date(year - (end < start), start, 1), (end - start) % 12 + 1)
    if match := _MONTH_YEAR.fullmatch(text):
        return Period(date(int(match.group(2) or f"20{match.group(3)}"), _MONTH_NUMBER[match.group(1).lower()], 1), 1)
    if match := _DAY.fullmatch(text):
        return Period(date(int(match.group(3)), int(match.group(2)), int(match.group(1))), 0)
    if match := _DAY_WORDS.fullmatch(text):
        return Period(date(int(match.group(3)), _MONTH_NUMBER[match.group(2).lower()], int(match.group(1))), 0)
    if match := _MID.fullmatch(text):
        return Period(date(int(match.group(1)), 6, 30), 0)
    if match := _CENSUS.fullmatch(text):
        day_of_census = _CENSUS_DAYS.get(int(match.group(1) or match.group(2)))
        return Period(day_of_census, 0) if day_of_census else None
    return None


def _counted(text: str, kind: PeriodKind | None) -> Period | None:
    """Read a year or a pair of years, counted as the kind says."""
    said = _KIND_WORDS.search(text)
    if said:
        text = " ".join(_KIND_WORDS.sub(" ", text).split())
        stated = (PeriodKind.FINANCIAL, PeriodKind.ACADEMIC, PeriodKind.CALENDAR)
        kind = next((each for each, word in zip(stated, said.groups(), strict=True) if word), kind)
    if match := _LONG_SPAN.fullmatch(text):
        first, last = int(match.group(1)), int(match.group(3))
        month = 9 if kind is PeriodKind.ACADEMIC else 4
        return Period(date(first, month, 1), 12 * ((last - first) % 100 + 1))
    joined = _JOINED.fullmatch(text)
    if joined and (int(joined.group(1)) + 1) % 100 == int(joined.group(2)) and kind is not PeriodKind.MONTH:
        text = f"{joined.group(1)}/{joined.group(2)}"
    elif joined and 1 <= int(joined.group(2)) <= 12:
        return Period(date(int(joined.group(1)), int(joined.group(2)), 1), 1)
    span = _SPAN.fullmatch(text) if _is_pair(text) else None
    if kind is PeriodKind.MONTH or (span is None and _YEAR_MONTH.fullmatch(text)):
        return _month(text)
    if kind is PeriodKind.POINT or (span is None and not _YEAR.fullmatch(text)):
        return None
    if span and _pair_length(text) > 1:
        kind = PeriodKind.ROLLING
    elif span and kind in (None, PeriodKind.CALENDAR, PeriodKind.ROLLING):
        kind = kind if kind is PeriodKind.ROLLING else PeriodKind.FINANCIAL
    return period_of_label(f"{span.group(1)}-{span.group(2)}" if span else text, kind or PeriodKind.CALENDAR)


def _month(text: str) -> Period | None:
    match = _YEAR_MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match.group(1) or match.group(4)), int(match.group(2) or match.group(3))
    return Period(date(year, month, 1), 1)
