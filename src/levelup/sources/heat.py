"""The template of the World Health Organization's Health Equity Assessment Toolkit (HEAT), read as it is."""

from __future__ import annotations

import collections.abc
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.terms.cohort import CHARACTERISTICS
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.polarity import Polarity
from levelup.terms.synonym import characteristic_of_text, cohort_of_text
from levelup.terms.table import FIGURES, Cell, FaultList, RawTable, cell_text
from levelup.terms.text import fold, fold_place, read_number, slug
from levelup.terms.written_period import read_period

NEEDED = ("dimension", "subgroup", "estimate", "favourable_indicator", "indicator_scale", "ordered_dimension")
"""Columns by which the template is known, beside one that names the indicator."""

_NAMES: dict[str, tuple[str, ...]] = {
    "indicator_name": ("indicator_name", "indicator"),
    "indicator_abbr": ("indicator_abbr", "indicator_abbreviation"),
    "favourable_indicator": ("favourable_indicator", "favorable_indicator"),
    "date": ("date", "year"),
}
_SERIES = ("setting", "iso3", "date", "source", "indicator_name", "indicator_abbr", "dimension")
_BLANK = frozenset({"", "na", "n/a", "nan", "."})
_Z = 1.959963984540054
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeatSeries:
    """One indicator in one setting at one date, over the subgroups of one dimension, in their order.

    `ordered` says whether the dimension has an order of its own; then the subgroups stand from the most disadvantaged to the most
    advantaged. `reference` is the subgroup others are compared with, or ''. `scale` is what the indicator is measured per (100
    for a percentage). Arrays hold NaN where the template is empty; `population` is the number of people the subgroup stands for.
    """

    setting: str
    iso3: str
    period: str
    source: str
    indicator: str
    name: str
    dimension: str
    polarity: Polarity
    scale: float
    ordered: bool
    reference: str
    average: float | None
    subgroups: tuple[str, ...]
    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats
    population: Floats
    flags: tuple[str, ...]


def is_heat(raw: RawTable) -> bool:
    """Return whether a table has the template's columns.

    Parameters
    ----------
    raw : RawTable
        A table with its header found.

    Returns
    -------
    bool
        Whether it has every column of `NEEDED` and one that names the indicator.
    """
    found = _columns(raw)
    return all(name in found for name in NEEDED) and ("indicator_name" in found or "indicator_abbr" in found)


def _columns(raw: RawTable) -> dict[str, str]:
    """Return the template's names for the columns held, each with the table's own header."""
    held = {"_".join(fold(name.replace("_", " ")).split()): name for name in raw.headers}
    found = {name: held[name] for name in held}
    for name, accepted in _NAMES.items():
        own = next((held[each] for each in accepted if each in held), None)
        if own is not None:
            found[name] = own
    return found


def read_heat(raw: RawTable) -> tuple[HeatSeries, ...]:
    """Read a table in HEAT's template.

    Parameters
    ----------
    raw : RawTable
        A table for which `is_heat` holds. Columns that are absent (setting, date, source, se, interval, population, flag,
        average, order, reference) are read as empty.

    Returns
    -------
    tuple of HeatSeries
        One for every setting, date, source, indicator and dimension, in the order of the file.

    Raises
    ------
    InputError
        The table is not in the template.
    DataFaults
        Every cell that breaks a rule of the template, at once.

    Source
    ------
    World Health Organization, Health Equity Assessment Toolkit Plus (HEAT Plus), data template; Hosseinpoor et al. (2018), Global
    Health Action 11:1440783.
    """
    if not is_heat(raw):
        raise InputError(
            "table must have the columns of the HEAT template",
            got="other columns",
            where=raw.file,
            next=f"It needs {', '.join(NEEDED)} and indicator_name or indicator_abbr.",
        )
    faults = FaultList(raw.file, raw.sheet, found=raw.faults)
    reader = _Template(raw, faults)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in range(len(raw)):
        groups.setdefault(tuple(reader.text(name, row) for name in _SERIES), []).append(row)
    series = [reader.series(dict(zip(_SERIES, key, strict=True)), rows) for key, rows in groups.items()]
    if not series:
        faults.add("the table must hold at least one subgroup")
    if faults:
        raise DataFaults(faults.all())
    return tuple(series)


class _Template:
    """Reads cells of the template and notes what breaks its rules."""

    def __init__(self, raw: RawTable, faults: FaultList) -> None:
        self.raw, self.faults = raw, faults
        self.names = _columns(raw)

    def cell(self, name: str, row: int) -> Cell:
        own = self.names.get(name)
        return self.raw.columns[own][row] if own is not None else ""

    def text(self, name: str, row: int) -> str:
        text = cell_text(self.cell(name, row))
        return "" if text.lower() in _BLANK else text

    def note(self, rule: str, name: str, row: int) -> None:
        self.faults.add(rule, row=self.raw.numbers[row], column=self.names.get(name, name), got=self.cell(name, row))

    def number(self, name: str, row: int) -> float:
        text = self.text(name, row)
        number = read_number(text) if text else None
        if text and number is None:
            self.note("must be a number", name, row)
        return np.nan if number is None else number

    def figures(self, name: str, rows: list[int], *, low: float | None = 0.0, high: float | None = None) -> Floats:
        found = np.array([self.number(name, row) for row in rows])
        for row, number in zip(rows, found, strict=True):
            if low is not None and number < low:
                self.note("must not be negative", name, row)
            if high is not None and number > high:
                self.note(f"must be at most {high:g}, the indicator's scale", name, row)
        return found

    def same(self, name: str, rows: list[int], *, allowed: tuple[str, ...] = (), needed: bool = False) -> str:
        """Return the one text that every row of a series holds."""
        first = self.text(name, rows[0])
        for row in rows:
            text = self.text(name, row)
            if (needed and not text) or (text and allowed and text not in allowed):
                self.note(f"must be {' or '.join(allowed)}" if allowed else "must not be empty", name, row)
            elif text != first:
                self.note("must be the same in every row of an indicator and dimension", name, row)
        return first

    def series(self, key: dict[str, str], rows: list[int]) -> HeatSeries:
        period = ""
        if key["date"]:
            try:
                period = read_period(key["date"]).iso
            except InputError as fault:
                self.note(fault.rule, "date", rows[0])
        for name in ("dimension", "subgroup"):
            for row in rows:
                if not self.text(name, row):
                    self.note("must not be empty", name, row)
        if not key["indicator_name"] and not key["indicator_abbr"]:
            self.note("must not be empty", "indicator_name" if "indicator_name" in self.names else "indicator_abbr", rows[0])
        favourable = self.same("favourable_indicator", rows, allowed=("0", "1"), needed=True)
        ordered = self.same("ordered_dimension", rows, allowed=("0", "1"), needed=True) == "1"
        scale = read_number(self.same("indicator_scale", rows, needed=True)) or 0.0
        if scale <= 0:
            self.note("must be a number above zero, such as 100 for a percentage", "indicator_scale", rows[0])
        average = read_number(self.same("setting_average", rows))
        rows = self.order(rows) if ordered else rows
        subgroups = self.subgroups(rows)
        estimate = self.figures("estimate", rows, high=100.0 if scale == 100.0 else None)
        se = self.figures("se", rows)
        lower, upper = self.figures("ci_lb", rows, low=None), self.figures("ci_ub", rows, low=None)
        self.interval(rows, estimate, lower, upper)
        return HeatSeries(
            setting=key["setting"],
            iso3=key["iso3"],
            period=period,
            source=key["source"],
            indicator=slug(key["indicator_abbr"] or key["indicator_name"]) or "indicator",
            name=key["indicator_name"] or key["indicator_abbr"],
            dimension=key["dimension"],
            polarity=Polarity.MORE if favourable == "1" else Polarity.LESS,
            scale=scale,
            ordered=ordered,
            reference=self.reference(rows),
            average=average,
            subgroups=subgroups,
            estimate=estimate,
            se=se,
            lower=lower,
            upper=upper,
            population=self.figures("population", rows),
            flags=tuple(self.text("flag", row) for row in rows),
        )

    def order(self, rows: list[int]) -> list[int]:
        """Put the rows of an ordered dimension in the template's order, which must count each subgroup once."""
        numbers = [self.number("subgroup_order", row) for row in rows]
        for row, number in zip(rows, numbers, strict=True):
            if not (number >= 1 and float(number).is_integer()) or numbers.count(number) > 1:
                self.note("must be a whole number from 1, used once, where the dimension is ordered", "subgroup_order", row)
        return [row for _, row in sorted(zip(numbers, rows, strict=True), key=lambda pair: (np.isnan(pair[0]), pair))]

    def subgroups(self, rows: list[int]) -> tuple[str, ...]:
        names = [self.text("subgroup", row) for row in rows]
        seen: dict[str, int] = {}
        for name, row in zip(names, rows, strict=True):
            first = seen.setdefault(name, row)
            if first != row:
                self.note(
                    f"a subgroup must be used once in a dimension; row {self.raw.numbers[first]} has it too", "subgroup", row
                )
        return tuple(names)

    def reference(self, rows: list[int]) -> str:
        chosen = []
        for row in rows:
            text = self.text("reference_subgroup", row)
            if text not in ("", "0", "1"):
                self.note("must be 0 or 1", "reference_subgroup", row)
            elif text == "1":
                chosen.append(row)
        for row in chosen[1:]:
            self.note("one subgroup only may be the reference", "reference_subgroup", row)
        return self.text("subgroup", chosen[0]) if chosen else ""

    def interval(self, rows: list[int], estimate: Floats, lower: Floats, upper: Floats) -> None:
        slack = 1e-9 * np.maximum(1.0, np.abs(estimate))
        for index in np.flatnonzero(lower > upper):
            self.note("the lower end must not be above the upper end", "ci_lb", rows[index])
        for index in np.flatnonzero((lower > estimate + slack) & ~(lower > upper)):
            self.note("the lower end must not be above the estimate", "ci_lb", rows[index])
        for index in np.flatnonzero((upper < estimate - slack) & ~(lower > upper)):
            self.note("the upper end must not be below the estimate", "ci_ub", rows[index])


def heat_observations(
    series: collections.abc.Iterable[HeatSeries], *, places: collections.abc.Mapping[str, str]
) -> tuple[dict[str, list[object]], tuple[str, ...]]:
    """Turn series of the template into observations; a subgroup that is no cohort or place of ours keeps its own name.

    Parameters
    ----------
    series : iterable of HeatSeries
        As `read_heat` returns them.
    places : mapping of str to str
        Known places' names and the code of each; a subgroup that is a place stands under its own code.

    Returns
    -------
    tuple of (dict of str to list, tuple of str)
        The columns of an observation table but 'release', and the subgroups whose setting or date is not known, which are
        left out. A subgroup that is neither place nor cohort is a `group` named by its dimension and itself. Where no interval
        is given it is the estimate plus and minus 1.96 standard errors. A flag becomes status u where an estimate stands, x
        where none does.
    """
    names = {fold_place(name): code for name, code in places.items()}
    names.update({code.casefold(): code for code in places.values()})
    table: dict[str, list[object]] = {
        name: [] for name in ("indicator", "place", "cohort", "period", *(role for role in FIGURES if role != "se"), "status")
    }
    unmatched: dict[str, None] = {}
    for each in series:
        whole = names.get(fold_place(each.setting)) or names.get(each.iso3.casefold())
        for index, subgroup in enumerate(each.subgroups):
            place, cohort = _subject(each, index, whole, names)
            if not place or not cohort or not each.period:
                unmatched[f"{each.dimension}: {subgroup}" + ("" if place else f" in {each.setting or 'no setting'}")] = None
                continue
            value, se = float(each.estimate[index]), float(each.se[index])
            lower, upper = float(each.lower[index]), float(each.upper[index])
            if np.isnan(lower) and np.isnan(upper):
                lower, upper = value - _Z * se, value + _Z * se
            status = "x" if np.isnan(value) else "u" if each.flags[index] else ""
            row = (each.indicator, place, cohort, each.period, value, lower, upper, np.nan, np.nan, status)
            for name, item in zip(table, row, strict=True):
                table[name].append(item)
    return table, tuple(unmatched)


def _subject(series: HeatSeries, index: int, whole: str | None, names: collections.abc.Mapping[str, str]) -> tuple[str, str]:
    """Return the place and the cohort that a subgroup is; the place '' where it is not known."""
    subgroup = series.subgroups[index]
    own = names.get(fold_place(subgroup))
    if own and re.search(r"region|area|district|authority|ward|place|county|local", fold(series.dimension)):
        return own, "all"
    characteristic = characteristic_of_text(series.dimension)
    is_deprivation = characteristic.startswith("deprivation-")
    named = f"group={slug(f'{series.dimension} {subgroup}')}"
    if is_deprivation and "depriv" not in fold(series.dimension) and "imd" not in fold(series.dimension):
        return whole or "", named
    if is_deprivation and series.ordered and len(series.subgroups) == len(CHARACTERISTICS[characteristic].categories):
        return whole or "", f"{characteristic}={index + 1}"
    return whole or "", cohort_of_text(subgroup, characteristic=characteristic) or named
