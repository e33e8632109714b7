"""What must be true of figures before they are stored: one query per rule, every fault of it gathered."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.store.engine import Engine
from levelup.store.figures import Chosen
from levelup.store.raw import MOST_FAULTS, Raw
from levelup.terms.errors import Fault

_SLACK = 1e-9
"""Relative rounding that a figure computed from counts may carry past its bound."""
_SETTLED_RULES: tuple[tuple[str, str, str, str], ...] = (
    (
        "value",
        "s.value < g.low - abs(g.low) * {slack} or s.value > g.high + abs(g.high) * {slack}",
        "s.value",
        "a figure must lie within the indicator's bounds",
    ),
    (
        "numerator",
        "g.share and s.numerator > s.denominator * (1 + {slack})",
        "null",
        "a numerator must not be above its denominator",
    ),
    ("numerator", "g.low >= 0 and s.numerator < 0", "null", "a count must not be below zero"),
    ("denominator", "s.denominator < 0", "null", "a count must not be below zero"),
    ("lower", "s.lower > s.upper", "null", "the lower end of an interval must not be above its upper end"),
)
"""Column, condition, what the fault shows, rule; `s` is `settled`, `g` is `series`. Counts are never shown: they may be small."""


def check_settled(engine: Engine, raw: Raw, chosen: tuple[Chosen, ...]) -> list[Fault]:
    """Return every fault of the engine's table `settled`: bounds, counts, intervals, and rows that contradict each other."""
    faults = []
    for column, condition, shown, rule in _SETTLED_RULES:
        broken = condition.format(slack=_SLACK)
        sql = f"select s._row, s.no, {shown} as shown from settled s join series g on g.no = s.no where {broken}"
        for row, number, value in _most(engine, sql):
            key = chosen[number].take.get(column, column)
            low, high = chosen[number].indicator.bounds
            detail = f" ({_bound(low)} to {_bound(high)})" if column == "value" else ""
            faults.append(raw.fault(row, key, "" if value is None else f"{value:g}", rule + detail))
        faults += _unlisted(engine, raw, sql, rule)
    key = "indicator, place, cohort, period"
    sql = f"select max(_row) as _row, min(no) as no, count(*) as shown from settled group by {key} having count(*) > 1"
    rule = "a place, cohort and period must have one figure; a publisher's slips are declared by 'contradictions: leave-out'"
    for row, number, count in _most(engine, sql):
        faults.append(raw.fault(row, "place", f"{count} that differ, of {chosen[number].indicator.id}", rule))
    return faults + _unlisted(engine, raw, sql, rule)


def check_places(
    engine: Engine, raw: Raw, *, register: str, options: Mapping[str, object]
) -> tuple[list[Fault], tuple[str, ...]]:
    """Return the faults of places: codes that are not known, codes that had ended, and small areas of two vintages at once.

    Parameters
    ----------
    engine : Engine
        Holding `settled`.
    raw : Raw
        The file.
    register : str
        SQL of a table of code, level, valid_from and valid_to; '' where the store has none, and then nothing is checked.
    options : mapping of str to object
        The source's options. A publisher's habit that is declared there, `unknown_places: keep` or `ended_places: keep`,
        becomes a note instead of a fault.

    Returns
    -------
    tuple of list of Fault and tuple of str
        The faults, and the notes.
    """
    if not register:
        return [], ()
    unknown = (
        f"select min(s._row) as _row, 0 as no, s.place as shown from settled s left join {register} p on p.code = s.place "
        f"where p.code is null and substr(s.place, 1, 3) in (select distinct substr(code, 1, 3) from {register} q) group by "
        "s.place"
    )
    ended = (
        "select min(s._row) as _row, 0 as no, s.place || ', which ended on ' || min(p.valid_to) as shown from settled s join "
        f"{register} p "
        "on p.code = s.place where p.valid_to <> '' and p.level not in ('lsoa', 'msoa', 'ward') and substr(s.period, 1, 10) > "
        "p.valid_to "
        "and s.value is not null group by s.place"
    )
    mixed = (
        "select min(s._row) as _row, 0 as no, 'codes that ended on ' || min(nullif(p.valid_to, '')) || ' and codes that began on "
        "' || max(p.valid_from) as shown "
        f"from settled s join {register} p on p.code = s.place where p.level in ('lsoa', 'msoa') "
        "group by s.indicator, s.period having max(p.valid_from) > min(nullif(p.valid_to, ''))"
    )
    faults: list[Fault] = []
    notes: list[str] = []
    for sql, rule, option, habit in (
        (unknown, "a place's code must be one that is known", "unknown_places", "for codes that no list holds"),
        (ended, "a place's code must be in force when the period begins", "ended_places", "for places that had ended"),
        (mixed, "the small areas of one indicator and period must be of one vintage", "", ""),
    ):
        if option and options.get(option) == "keep":
            kept = [str(shown) for _, _, shown in _most(engine, sql)]
            notes += [f"Kept as published, {habit}: {'; '.join(kept)}."] if kept else []
            continue
        advice = f"; a publisher's habit is declared by the source's option '{option}: keep'" if option else ""
        faults += [raw.fault(row, "place", str(shown), rule + advice) for row, _, shown in _most(engine, sql)]
        faults += _unlisted(engine, raw, sql, rule)
    return faults, tuple(notes)


def set_aside_contradictions(engine: Engine, *, options: Mapping[str, object]) -> tuple[str, ...]:
    """Drop rows that contradict each other where the source's option `contradictions: leave-out` says so; return a note."""
    if options.get("contradictions") != "leave-out":
        return ()
    twice = "select indicator, place, cohort, period from settled group by indicator, place, cohort, period having count(*) > 1"
    found = [str(row[0]) for row in engine.rows(f"select distinct place || ' in ' || period from ({twice}) t order by 1")]
    engine.run(
        f"delete from settled using ({twice}) t where settled.indicator = t.indicator and settled.place = t.place "
        "and settled.cohort = t.cohort and settled.period = t.period"
    )
    return (f"Left out, because the publisher gives two figures that differ: {'; '.join(found)}.",) if found else ()


def _most(engine: Engine, sql: str) -> list[tuple[int, int, object]]:
    return [
        (int(row), int(number), shown)
        for row, number, shown in engine.rows(f"select * from ({sql}) f order by _row limit {MOST_FAULTS}")
    ]


def _unlisted(engine: Engine, raw: Raw, sql: str, rule: str) -> list[Fault]:
    count = int(engine.rows(f"select count(*) from ({sql}) f")[0][0])
    return [raw.fault(None, "", f"{count - MOST_FAULTS:,} more rows", rule)] if count > MOST_FAULTS else []


def _bound(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
