"""A table of persons or of cohorts at two dates, read and checked, and every place's change split into own change and mix."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from levelup.inference.interval import estimate_of
from levelup.terms.errors import DataFaults, InputError, Refusal
from levelup.terms.period import Period
from levelup.terms.record import Floats
from levelup.terms.table import FaultList
from levelup.terms.text import read_number
from levelup.verdicts.mixing import NOWHERE, TIERS, Codes, Mixing, mix_of_groups, mix_of_persons
from levelup.verdicts.table_row import any_period

PERSONS = ("person", "period", "place", "value")
COHORTS = ("group", "period", "people", "value")
FEW = 10
"""A place of which fewer persons than this stayed, left or joined is not shown by part, and is marked as not for publication."""

_NOTHING = frozenset(("", "na", "n/a", "nan", "null", "none", "-"))
_ABSENT = Refusal("one-period", "Nobody is there at one of the two dates; a change needs two.", "Add the rows of the other date.")
_UNKNOWN = Refusal(
    "missing-values", "At one of the two dates no value is known that could be compared.", "Give values for both dates."
)
_SINGLE = Refusal("one-period", "Only one period is given; a change needs two.", "Add the rows of another.")


@dataclass(frozen=True, slots=True)
class Mixed:
    """One place's change between two periods, split or refused: row `row` of `mixing`.

    `few` says that some part of the place holds fewer than `FEW` persons, so that the split is not for publication.
    """

    place: str
    start: Period
    end: Period | None
    mixing: Mixing | None
    row: int = 0
    few: bool = False
    note: str = ""
    refusal: Refusal | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the record as the JSON object that `--json` prints: every absent number is None."""
        made = None if self.refusal is not None else self.mixing
        at = partial(_figure, row=self.row)
        return {
            "place": self.place,
            "start": self.start.iso,
            "end": None if self.end is None else self.end.iso,
            "change": at(made.total) if made else None,
            "rate_part": at(made.rate_part) if made else None,
            "composition_part": at(made.composition_part) if made else None,
            "composition_share": at(made.composition_share) if made else None,
            "rate_share": at(made.rate_share) if made else None,
            "level_start": at(made.level_before) if made else None,
            "level_end": at(made.level_after) if made else None,
            "rate_part_interval": _interval(made.rate_part, made.se_rate_part, self.row) if made else None,
            "composition_part_interval": _interval(made.composition_part, made.se_composition_part, self.row) if made else None,
            "people_start": at(made.people_before.sum(axis=1)) if made else None,
            "people_end": at(made.people_after.sum(axis=1)) if made else None,
            "left_out": at(made.left_out) if made else None,
            "by_group": self._by_group() if made else None,
            "few_people": self.few,
            "tier": made.tier if made else None,
            "note": self.note,
            "refusal": None if self.refusal is None else self.refusal.as_dict(),
        }

    def _by_group(self) -> list[dict[str, object]] | None:
        made = self.mixing
        if made is None or self.few:
            return None
        columns = {
            "people_start": made.people_before,
            "people_end": made.people_after,
            "level_start": made.rate_before,
            "level_end": made.rate_after,
            "rate_part": made.rate_by_group,
            "composition_part": made.composition_by_group,
        }
        there = np.flatnonzero(made.people_before[self.row] + made.people_after[self.row])
        return [
            {"group": made.groups[g], **{name: _figure(grid[:, g], row=self.row) for name, grid in columns.items()}}
            for g in there.tolist()
        ]

    def sentence(self) -> str:
        """Return the split, or why there is none, in one line."""
        place = self.place or "All together"
        if self.refusal is not None or self.mixing is None or self.end is None:
            why = self.refusal or _SINGLE
            return f"{place}: refused ({why.code}). {why.reason} {why.next}".strip()
        made, row = self.mixing, self.row
        total, own, mix = (float(item[row]) for item in (made.total, made.rate_part, made.composition_part))
        whose = "people's own change" if made.tier == TIERS[2] else "the groups' own change"
        share = float(made.composition_share[row])
        of_it = f" ({100 * share:.0f}% of the change)" if math.isfinite(share) else ""
        return (
            f"{place}: from {self.start.label} to {self.end.label} the level changed by {total:+.3g}, of which {own:+.3g} is "
            f"{whose} and {mix:+.3g} the mix of people{of_it}. {self.note}"
        )


@contextmanager
def without_cells() -> Iterator[None]:
    """Take the content of cells out of every fault raised within the block: rows of persons are named by number only."""
    try:
        yield
    except DataFaults as found:
        raise DataFaults(replace(fault, got="") for fault in found.faults) from None


def mix_table(columns: Mapping[str, Sequence[str]], *, file: str = "table") -> list[Mixed]:
    """Split every place of a table: the call behind `levelup mix FILE --json`.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Persons: person, period, place, value, and weight where there is one. Cohorts: group, period, people, value, and place
        and se where there are any. A person's value may be empty; a cohort's only where it has no people.
    file : str
        What messages call the table.

    Returns
    -------
    list of Mixed
        One a place, in the order of their first row. With more than two periods the first and the last are compared. A cohort
        without a row at a date is taken to have nobody there.

    Raises
    ------
    DataFaults
        Any fault: every one with its row and column, and never what the cell holds.
    InputError
        A required column is missing, or the table is of both kinds.
    """
    table = {name.strip().lower(): cells for name, cells in columns.items()}
    kinds = [kind for kind in (PERSONS, COHORTS) if kind[0] in table]
    missing = [name for name in (kinds[0] if len(kinds) == 1 else ()) if name not in table]
    if len(kinds) != 1 or missing:
        rule = (
            f"the table must have the columns: {', '.join(missing)}" if missing else "the table must be of persons or of cohorts"
        )
        raise InputError(
            rule,
            where=file,
            next=f"Persons: {', '.join(PERSONS)}. Cohorts: {', '.join(COHORTS)}. See `levelup mix --help` for examples.",
        )
    faults = FaultList(file, "")
    read = _persons if kinds[0] is PERSONS else _cohorts
    if not len(table["period"]):
        faults.add("must have at least one row below its header")
    found = [] if faults else read(table, faults)
    if faults:
        raise DataFaults(faults.all())
    return found


def _persons(table: Mapping[str, Sequence[str]], faults: FaultList) -> list[Mixed]:
    person, _ = _texts(table, "person", faults)
    place, places = _texts(table, "place", faults)
    period, periods = _periods(table["period"], faults)
    value = _numbers(table, "value", faults)
    weight = np.ones(len(value))
    if "weight" in table:
        weight = _numbers(table, "weight", faults, rule="must be a number above zero", holds=lambda number: number > 0)
    _once((person, period), "a person must be there once a period", "person", faults)
    if faults:
        return []
    start, end = _window(periods)
    if start == end:
        return [Mixed(name, periods[start], None, None, refusal=_SINGLE) for name in places]
    size = int(person.max()) + 1
    codes = [np.full(size, NOWHERE, dtype=np.intp) for _ in range(2)]
    values, weights = [np.full(size, np.nan) for _ in range(2)], [np.ones(size) for _ in range(2)]
    for side, when in enumerate((start, end)):
        rows = np.flatnonzero(period == when)
        codes[side][person[rows]], values[side][person[rows]] = place[rows], value[rows]
        weights[side][person[rows]] = weight[rows]
    made = mix_of_persons(
        codes[0],
        place_after=codes[1],
        value_before=values[0],
        value_after=values[1],
        weight_before=weights[0],
        weight_after=weights[1],
        places=places,
    )
    heads = np.stack([np.bincount(code[code >= 0], minlength=len(places)) for code in codes])
    window = replace(Mixed("", periods[start], periods[end], made), note=_skipped(periods))
    return [_person_row(window, row, heads[:, row]) for row in range(len(places))]


def _person_row(window: Mixed, row: int, heads: NDArray[np.intp]) -> Mixed:
    made = window.mixing
    assert made is not None, "a window is only made of a split"
    blank = replace(window, place=made.places[row], row=row)
    if not np.isfinite(made.rate_part[row]):
        return replace(blank, refusal=_UNKNOWN if (heads > 0).all() else _ABSENT)
    parts = np.stack([made.people_before[row], made.people_after[row]])
    few = bool(((parts > 0) & (parts < FEW)).any())
    notes = [made.assumptions[0], window.note]
    if parts[0, 0] == 0:
        notes.append("Nobody is there at both dates, so all of the change is mix; with identifiers made anew this says nothing.")
    if made.left_out[row] > 0:
        notes.append("People whose value is not known are left out.")
    if few:
        notes.append(f"Fewer than {FEW} people stayed, left or joined: not for publication.")
    return replace(blank, few=few, note=" ".join(filter(None, (*notes, _opposed(made, row)))))


def _cohorts(table: Mapping[str, Sequence[str]], faults: FaultList) -> list[Mixed]:
    group, groups = _texts(table, "group", faults)
    place, places = _texts({"place": [""] * len(group), **table}, "place", faults, may_be_empty=True)
    period, periods = _periods(table["period"], faults)
    people = _numbers(table, "people", faults, rule="must be a number, 0 or more", holds=lambda number: number >= 0)
    value = _numbers(table, "value", faults)
    empty = np.asarray([cell.strip().lower() in _NOTHING for cell in table["value"]], dtype=bool)
    for row in np.flatnonzero((people > 0) & empty).tolist():
        faults.add("must be a number where the group has people", row=row + 2, column="value")
    se = np.full(len(people), np.nan)
    if "se" in table:
        se = _numbers(table, "se", faults, rule="must be a number, 0 or more, or empty", holds=lambda number: not number < 0)
    _once((group, place, period), "a group must be there once a place and period", "group", faults)
    if faults:
        return []
    start, end = _window(periods)
    if start == end:
        return [Mixed(name, periods[start], None, None, refusal=_SINGLE) for name in places]
    shape = (len(places), len(groups))
    grids = []
    for figures, blank in ((value, np.nan), (people, 0.0), (se, np.nan)):
        for when in (start, end):
            grid = np.full(shape, blank)
            rows = np.flatnonzero(period == when)
            grid[place[rows], group[rows]] = figures[rows]
            grids.append(grid)
    made = mix_of_groups(
        grids[0],
        rate_after=grids[1],
        people_before=grids[2],
        people_after=grids[3],
        se_before=grids[4],
        se_after=grids[5],
        groups=groups,
        places=places,
    )
    window = replace(Mixed("", periods[start], periods[end], made), note=_skipped(periods))
    return [_cohort_row(window, row) for row in range(len(places))]


def _cohort_row(window: Mixed, row: int) -> Mixed:
    made = window.mixing
    assert made is not None, "a window is only made of a split"
    blank = replace(window, place=made.places[row], row=row)
    if not np.isfinite(made.rate_part[row]):
        return replace(blank, refusal=_ABSENT)
    lone = (made.people_before[row] > 0) != (made.people_after[row] > 0)
    names = ", ".join(name for name, is_lone in zip(made.groups, lone.tolist(), strict=True) if is_lone)
    absent = f"Taken to have nobody at one of the dates: {names}." if names else ""
    return replace(blank, note=" ".join(filter(None, (made.assumptions[0], window.note, absent, _opposed(made, row)))))


def _opposed(made: Mixing, row: int) -> str:
    if made.rate_part[row] * made.composition_part[row] < 0:
        return "The two parts pull in opposite ways, so neither is a share of the change between 0 and 1."
    return ""


def _skipped(periods: Sequence[Period]) -> str:
    return "Only the first and the last period are compared." if len(periods) > 2 else ""


def _window(periods: Sequence[Period]) -> tuple[int, int]:
    order = sorted(range(len(periods)), key=lambda at: (periods[at].middle, periods[at].months))
    return order[0], order[-1]


def _texts(
    table: Mapping[str, Sequence[str]], column: str, faults: FaultList, *, may_be_empty: bool = False
) -> tuple[Codes, tuple[str, ...]]:
    """Return a column's texts as codes in the order of their first row, and the texts."""
    codes: dict[str, int] = {}
    found = np.asarray([codes.setdefault(cell.strip(), len(codes)) for cell in table[column]], dtype=np.intp)
    if not may_be_empty and "" in codes:
        for row in np.flatnonzero(found == codes[""]).tolist():
            faults.add("must not be empty", row=row + 2, column=column)
    return found, tuple(codes)


def _periods(cells: Sequence[str], faults: FaultList) -> tuple[Codes, list[Period]]:
    """Return each row's period as a code, and the periods; texts that mean the same period share a code."""
    known: dict[Period, int] = {}
    codes: dict[str, int] = {}
    for text in dict.fromkeys(cells):
        try:
            codes[text] = known.setdefault(any_period(text), len(known))
        except InputError:
            codes[text] = NOWHERE
    found = np.asarray([codes[text] for text in cells], dtype=np.intp)
    for row in np.flatnonzero(found == NOWHERE).tolist():
        faults.add("must be a period such as 2016, 2016/17, 2014-16 or 2022-01-01/P3Y", row=row + 2, column="period")
    return found, list(known)


def _numbers(
    table: Mapping[str, Sequence[str]],
    column: str,
    faults: FaultList,
    *,
    rule: str = "must be a number or empty",
    holds: Callable[[float], bool] = lambda number: True,
) -> Floats:
    """Return a column's numbers, NaN where a cell is empty; a cell that is no number, or one the rule forbids, is a fault."""
    known = {text: math.nan if text.strip().lower() in _NOTHING else read_number(text) for text in set(table[column])}
    wrong = {text for text, number in known.items() if number is None or not holds(number)}
    for row, cell in enumerate(table[column] if wrong else (), start=2):
        if cell in wrong:
            faults.add(rule, row=row, column=column)
    return np.asarray([known[cell] for cell in table[column]], dtype=np.float64)


def _once(keys: Sequence[Codes], rule: str, column: str, faults: FaultList) -> None:
    """Note every row whose key stands in an earlier row; which one it repeats is named by its number alone."""
    key = np.stack(keys, axis=1)
    key[:, -1] = np.where(key[:, -1] == NOWHERE, NOWHERE - np.arange(len(key)), key[:, -1])
    _, first, which = np.unique(key, axis=0, return_index=True, return_inverse=True)
    earlier = first[which.reshape(-1)]
    for row in np.flatnonzero(earlier != np.arange(len(key))).tolist():
        faults.add(f"{rule}; row {int(earlier[row]) + 2} has it too", row=row + 2, column=column)


def _figure(values: Floats, *, row: int) -> float | None:
    number = float(values[row])
    return number + 0.0 if math.isfinite(number) else None


def _interval(values: Floats, errors: Floats, row: int) -> list[float] | None:
    made = estimate_of(float(values[row]), variance=float(errors[row]) ** 2)
    return None if made.lower is None or made.upper is None else [made.lower, made.upper]
