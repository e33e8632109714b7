"""Which regulations and which snapshot date apply, who must publish, and by when."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from levelup.duties.pay.rules import DEFAULT, Regulations, Rules, read_rules
from levelup.terms.errors import InputError


def regulations_at(snapshot: date) -> Regulations:
    """Return the regulations whose snapshot date this is.

    Parameters
    ----------
    snapshot : date
        31 March (public authorities) or 5 April (other employers) of any year.

    Returns
    -------
    Regulations
        SI 2017/353 or SI 2017/172.

    Raises
    ------
    InputError
        It is another day.

    Source
    ------
    SI 2017/353 Sch 1 para 1(1); SI 2017/172 reg 1(2).

    Examples
    --------
    >>> regulations_at(date(2026, 3, 31)).number, regulations_at(date(2026, 4, 5)).number
    ('2017/353', '2017/172')
    """
    for found in read_rules().regulations:
        if (found.month, found.day) == (snapshot.month, snapshot.day):
            return found
    days = " or ".join(
        f"{found.day} {calendar.month_name[found.month]} ({found.who}, SI {found.number})" for found in read_rules().regulations
    )
    raise InputError(f"the snapshot date must be {days}", got=snapshot.isoformat(), next="Give that day of the year reported on.")


FIRST_YEAR = 2017
"""The year of the first snapshot dates: 31 March and 5 April 2017."""


def check_snapshot(snapshot: date, *, today: date) -> Regulations:
    """Return the regulations of a snapshot date, which must not lie before them or further ahead than next year.

    Parameters
    ----------
    snapshot : date
        31 March (public authorities) or 5 April (other employers).
    today : date
        Any day; a snapshot date of the next year may be prepared.

    Returns
    -------
    Regulations
        SI 2017/353 or SI 2017/172.

    Raises
    ------
    InputError
        It is another day, of a year in which no law asked for pay gaps, or later than next year's.

    Source
    ------
    SI 2017/353 and SI 2017/172, both in force since the spring of 2017.

    Examples
    --------
    >>> check_snapshot(date(2017, 3, 31), today=date(2026, 11, 23)).number
    '2017/353'
    """
    found = regulations_at(snapshot)
    first, got = date(FIRST_YEAR, found.month, found.day), snapshot.isoformat()
    if snapshot < first:
        raise InputError(
            f"the snapshot date must be {first.isoformat()} or later",
            got=got,
            next="No law asked for pay gaps before: that was the first snapshot date. Give a later year.",
        )
    if snapshot.year > today.year + 1:
        raise InputError(
            f"the snapshot date must be {first.replace(year=today.year + 1).isoformat()} or earlier",
            got=got,
            next=f"Look at the year. The last snapshot date was {last_snapshot(today, number=found.number).isoformat()}.",
        )
    return found


def last_snapshot(today: date, *, number: str = "2017/353") -> date:
    """Return the latest snapshot date that is not after a day.

    Parameters
    ----------
    today : date
        Any day.
    number : str
        Of the regulations, '2017/353' or '2017/172'.

    Returns
    -------
    date
        That day itself where it is a snapshot date.

    Examples
    --------
    >>> last_snapshot(date(2026, 3, 30)), last_snapshot(date(2026, 3, 31))
    (datetime.date(2025, 3, 31), datetime.date(2026, 3, 31))
    """
    known = {found.number: found for found in read_rules().regulations}
    if number not in known:
        raise InputError("regulations must be one of " + ", ".join(known), got=repr(number))
    found = known[number]
    this_year = date(today.year, found.month, found.day)
    return this_year if this_year <= today else this_year.replace(year=today.year - 1)


def publish_by(snapshot: date, *, rules: Rules = DEFAULT) -> date:
    """Return the last day to publish: of the twelve months that begin with the snapshot date.

    Parameters
    ----------
    snapshot : date
        31 March or 5 April.
    rules : Rules
        `months_to_publish`.

    Returns
    -------
    date
        30 March or 4 April of the next year.

    Source
    ------
    SI 2017/353 Sch 1 para 2(2); SI 2017/172 reg 2(2).

    Examples
    --------
    >>> publish_by(date(2026, 3, 31)), publish_by(date(2026, 4, 5))
    (datetime.date(2027, 3, 30), datetime.date(2027, 4, 4))
    """
    years, month = divmod(snapshot.month - 1 + rules.whole("months_to_publish"), 12)
    year = snapshot.year + years
    day = min(snapshot.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def must_publish(headcount: int, *, rules: Rules = DEFAULT) -> bool:
    """Return whether so many employees on the snapshot date bring the duty to publish pay gaps.

    Source
    ------
    SI 2017/353 Sch 1 para 1(1); SI 2017/172 reg 1(2).

    Examples
    --------
    >>> must_publish(249), must_publish(250)
    (False, True)
    """
    return headcount >= rules.whole("least_employees")
