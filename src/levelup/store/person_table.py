"""A person table as an engine sees it: named columns, numbered groups, and the named steps that sum it up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from levelup.store.engine import Columns
from levelup.store.person_engine import PersonEngine, step_sql
from levelup.store.person_keys import make_key, read_texts
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

LARGEST = "1.7976931348623157e308"
"""Above every finite number: both engines sort infinity and not-a-number behind it."""
CHUNK = 2_000_000
"""Rows read at a time where whole rows are needed."""
FEW_ROWS = 20_000
"""Rows that are enough to see what levels are like."""
MOST_SPANS = 4
LN_2 = float(np.log(2.0))
RANGE = ", min(x) as low, max(x) as high"
HASH = "((((abs({unit}) % 2147483647) * 48271) % 2147483647) * 16807 % 2147483647) % {count}"
"""A random group from a whole number, the same on every engine; Park and Miller's multipliers, no step over 64 bits."""


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Which column of a person table is what; `strata` and `by` may be several columns taken together."""

    outcome: str
    rank: str | None = None
    weight: str | None = None
    psu: str | None = None
    strata: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    fpc: str | None = None
    unit: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold figures."""
        return tuple(name for name in (self.outcome, self.rank, self.weight, self.fpc) if name is not None)

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is named."""
        labels = (self.psu, self.unit, *self.strata, *self.by)
        return (*self.numbers, *(name for name in labels if name is not None))


@dataclass(frozen=True, slots=True)
class Scale:
    """What levels are read as: (level - shift) / size; size is a power of two, so that nothing is rounded by it."""

    shift: float
    size: float


@dataclass(frozen=True, slots=True)
class Design:
    """The sample's shape, one entry per stratum in the order of its code: units drawn, and the share of all units that is."""

    stratum: NDArray[np.int64]
    units: Floats
    fraction: Floats


class PersonTable:
    """A person table opened on an engine, with its groups numbered."""

    __slots__ = (
        "_fine",
        "_leads",
        "_spread",
        "columns",
        "engine",
        "group",
        "levels",
        "limits",
        "ranks",
        "replicates",
        "rows_in_all",
        "scale",
        "stratum",
        "unit",
    )

    def __init__(
        self,
        engine: PersonEngine,
        columns: PersonColumns,
        *,
        path: Path,
        bounds: tuple[float, float] | None = None,
        is_distance: bool = False,
        replicates: int = 0,
        is_centred: bool = False,
        mirror: float | None = None,
    ) -> None:
        engine.view("person_file", path)
        types = engine.query("select * from person_file limit 0")
        self.rows_in_all = int(engine.query(step_sql("person_span", ends=""))["n"][0])
        texts = read_texts(path)
        _check_columns(engine, columns, types, texts)
        self.engine, self.columns, self.replicates = engine, columns, replicates
        self.group = make_key(engine, columns.by, types=types, table="group_values", texts=texts)
        self.stratum = make_key(engine, columns.strata, types=types, table="stratum_values")
        unit = columns.psu or columns.unit
        self.unit = None if unit is None else make_key(engine, (unit,), types=types, table="unit_values")
        self.scale = Scale(0.0, 1.0)
        self._fine = "x is not null and w > 0e0"
        self._leads: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
        self._spread: float | None = None
        self.limits: tuple[float, float] | None = None
        level = self._figure(columns.outcome, types)
        if is_distance:
            level = f"abs({level})"
        if mirror is not None:
            level = f"({number_sql(mirror)} - {level})"
            bounds = None if bounds is None else (mirror - bounds[1], mirror - bounds[0])
        self._define(types, level)
        self._settle(bounds, is_centred=is_centred)
        self._define(types, level)

    def _settle(self, bounds: tuple[float, float] | None, *, is_centred: bool) -> None:
        """Find a scale for the levels, how varied their ranks are, and what counts as outside the bounds."""
        found = self.engine.query(step_sql("person_sizes"))
        size = float(found["size"][0])
        ranks, rows = int(found["ranks"][0]), max(int(found["n"][0]), 1)
        self.ranks, self.levels = ranks / rows, int(found["levels"][0]) / rows
        if size == size and 0.0 < size < 1e300:
            power = 2.0 ** float(np.round(np.log2(size)))
            width = float(found["width"][0])
            # A round figure within a small part of a standard deviation, so that every engine takes the same one.
            grain = 2.0 ** float(np.round(np.log2(width))) / 4.0 if 1e-15 * size < width < 1e300 else power / 16.0
            shift = float(np.round(float(found["middle"][0]) / grain) * grain) if is_centred else 0.0
            self.scale = Scale(shift, power)
        if bounds is not None:
            low, high = ((limit - self.scale.shift) / self.scale.size for limit in bounds)
            self.limits = (low, high)
            self._fine += f" and {self._inside}"

    def _define(self, types: Columns, level: str) -> None:
        columns, joins = self.columns, [*self.group.joins, *self.stratum.joins]
        shift, size = number_sql(self.scale.shift), number_sql(1.0 / self.scale.size)
        finite = f"case when abs({level}) <= {LARGEST} then ({level} - {shift}) * {size} end"
        weight = "1e0" if columns.weight is None else self._figure(columns.weight, types)
        picks = {
            "g": self.group.sql,
            "x": finite,
            "w": weight if columns.weight is None else f"case when abs({weight}) <= {LARGEST} then {weight} end",
            "r": "0e0" if columns.rank is None else self._figure(columns.rank, types),
            "h": self.stratum.sql,
            "f": "1e0" if columns.fpc is None else self._figure(columns.fpc, types),
            "u": "cast(0 as bigint)",
            "lead": "cast(0 as bigint)",
        }
        if self.unit is not None:
            joins += self.unit.joins
            picks["u"] = self.unit.sql
        if self.replicates:
            picks["k"] = HASH.format(unit=self._hashed(types), count=self.replicates)
        if columns.by:
            first = columns.by[0]
            picks["lead"] = (
                "group_values0.code"
                if self.group.joins and "group_values0" in self.group.joins[0]
                else (self.engine.quote(first))
            )
        selected = ", ".join(f"{sql} as {name}" for name, sql in picks.items())
        self.engine.define("person", f"select {selected} from person_file {' '.join(joins)}")

    def _figure(self, name: str, types: Columns) -> str:
        verb = "cast" if types[name].dtype.kind in "iufb" else "try_cast"
        return f"{verb}({self.engine.quote(name)} as double)"

    def _hashed(self, types: Columns) -> str:
        name = self.columns.unit or self.columns.psu
        if name is None or self.unit is None:
            raise InputError(
                "replicates must know what was drawn together", where="--replicates", next="Name a column with --unit or --psu."
            )
        is_whole = types[name].dtype.kind in "iu"
        return f"cast({self.engine.quote(name)} as bigint)" if is_whole else self.unit.sql

    def keys(self, *more: str, by_unit: bool = False) -> str:
        """Return the key columns of a step: the group, what is asked for, then stratum and cluster, and the random group."""
        names = ["g", *more]
        if self.columns.strata:
            names.append("h")
        if self.columns.psu is not None or by_unit:
            names.append("u")
        if self.replicates:
            names.append("k")
        return ", ".join(names)

    def moments(self, *more: str, is_ranged: bool = False, has_squares: bool = False) -> Columns:
        """Return first and second moments by group and further keys."""
        is_plain = self.columns.weight is None
        further = (RANGE if is_ranged else "") + (", sum(w * x * x) as wa" if has_squares and not is_plain else "")
        found = self._ask("person_counts" if is_plain else "person_moments", keys=self.keys(*more), further=further)
        if not is_plain:
            return found
        counted = {**found, "w": found["n"], "w2": found["n"], "w2x": found["wx"]}
        return {**counted, "wa": found["w2xx"]} if has_squares else counted

    def pairs(self, function: str, *, is_ranged: bool = False) -> Columns:
        """Return moments of the level and of a function of it, an SQL text over `x`, by group."""
        is_plain = self.columns.weight is None
        step, further = "person_pair_counts" if is_plain else "person_pairs", RANGE if is_ranged else ""
        found = self._ask(step, keys=self.keys(), function=function, further=further)
        return found if not is_plain else {**found, "w": found["n"], "w2": found["n"], "w2x": found["wx"], "w2a": found["wa"]}

    def grid(self, bins: float) -> tuple[str, float]:
        """Return the number of the bin that holds a level, as SQL, and how many bins make up a unit of ln x.

        Parameters
        ----------
        bins : float
            About how many bins a standard deviation of ln x is cut into.

        Notes
        -----
        A whole number of bins makes up a doubling, and none ends at a power of two: the scale by which levels are divided moves
        every bin's number and no bin's ends, so that engines which choose different scales have the same bins.
        """
        fine = max(round(bins * LN_2 / self.spread), 1) / LN_2
        return f"case when x > 0e0 then floor(ln(x) * {number_sql(fine)} + 5e-1) else -1e9 end", fine

    def bins(self, bin_sql: str, part: str) -> Columns:
        """Return the levels of one part of the table in bins, by group."""
        return self._ask("person_bins", keys=self.keys(), bin=bin_sql, part=part)

    def rows(self, part: str, *more: str) -> Columns:
        """Return the rows of one part of the table."""
        return self._ask("person_rows", keys=self.keys(*more), part=part)

    def bin_rows(self, bin_sql: str, part: str, fine: float, code: NDArray[np.int64], number: NDArray[np.float64]) -> Columns:
        """Return the rows of one part of the table that lie in these groups' bins, `fine` of which make up a unit of ln x."""
        name = f"picked_{code[0] if len(code) else 0}"
        self.engine.table(name, {"code": code.astype(np.int64) * 2**32 + number.astype(np.int64)})
        part = f"{part} and ({_spans_sql(number, fine)})"
        return self._ask("person_bin_rows", keys=self.keys(), bin=bin_sql, part=part, picked=name)

    def picked_rows(self, codes: NDArray[np.int64], *more: str) -> Columns:
        """Return the rows of the groups with these codes."""
        self.engine.table("picked", {"code": codes})
        return self._ask("person_picked", keys=self.keys(*more))

    def faults(self) -> Columns:
        """Return, by group, how many rows cannot be used, and why."""
        return self._ask("person_bad", inside=self._inside)

    @property
    def _inside(self) -> str:
        return "1 = 1" if self.limits is None else f"x >= {number_sql(self.limits[0])} and x <= {number_sql(self.limits[1])}"

    def _ask(self, step: str, **filled: str) -> Columns:
        found = self.engine.query(step_sql(step, fine=self._fine, **filled))
        self._check_named(found["g"], found.get("n"))
        return found

    def _check_named(self, code: NDArray[np.generic], count: NDArray[np.generic] | None) -> None:
        if code.dtype.kind != "f":
            return
        lost = np.isnan(code.astype(np.float64))
        rows = int(lost.sum()) if count is None else int(count[lost].sum())
        if rows:
            raise InputError(
                "every row must name its group", got=f"{rows} rows that do not", where=f"--by {','.join(self.columns.by)}",
                code="data-faults",
            )  # fmt: skip

    def parts(self, *, size: int = CHUNK) -> tuple[tuple[str, int], ...]:
        """Return conditions that split the table, by its leading column, into parts of about so many rows, and their rows."""
        if self._leads is None:
            found = self.engine.query(step_sql("person_parts"))
            self._check_named(found["lead"], found["n"])
            self._leads = found["lead"].astype(np.int64), found["n"].astype(np.int64)
        lead, count = self._leads
        part = (np.cumsum(count) - 1) // size
        starts = np.flatnonzero(np.diff(part, prepend=-1))
        if not len(starts):
            return ()
        ends = np.append(starts[1:], len(lead)) - 1
        rows = np.add.reduceat(count, starts)
        return tuple(
            (f"lead >= {lead[first]} and lead <= {lead[last]}", int(held))
            for first, last, held in zip(starts.tolist(), ends.tolist(), rows.tolist(), strict=True)
        )

    @property
    def spread(self) -> float:
        """The standard deviation of ln x, over some whole values of the leading column: rows that every engine picks alike."""
        if self._spread is None:
            part = "1 = 1"
            if self.rows_in_all > FEW_ROWS:
                parts = self.parts(size=FEW_ROWS // MOST_SPANS)
                picked = min(-(-FEW_ROWS * len(parts) // self.rows_in_all), len(parts))
                part = " or ".join(f"({parts[(2 * at + 1) * len(parts) // (2 * picked)][0]})" for at in range(picked))
            self._spread = float(self.engine.query(step_sql("person_spread", part=part))["spread"][0])
        return self._spread

    def design(self) -> Design:
        """Return how many units were drawn in every stratum, and from how many.

        Raises
        ------
        InputError
            A row names no stratum or cluster, or a stratum's population is stated in more than one way.
        """
        units = "distinct u" if self.columns.psu is not None else "*"
        found = self.engine.query(step_sql("person_design", units=units))
        stratum = found["h"].astype(np.float64)
        lost = int(found["n"][np.isnan(stratum)].sum() + (found["n"] - found["known"])[~np.isnan(stratum)].sum())
        if lost:
            raise InputError(
                "every row must name its stratum and cluster", got=f"{lost} rows that do not", where="--psu, --strata",
                code="data-faults",
            )  # fmt: skip
        drawn, least, most = (found[name].astype(np.float64) for name in ("units", "least", "most"))
        fraction = np.zeros(len(drawn))
        if self.columns.fpc is not None:
            sound = (found["stated"] == found["n"]) & (least == most) & (least > 0) & ((least <= 1) | (least >= drawn))
            if not sound.all():
                raise InputError(
                    "a stratum must have one population of units, no smaller than what was drawn, or one share of it",
                    got=f"{int((~sound).sum())} strata that do not", where="--fpc", code="data-faults",
                )  # fmt: skip
            fraction = np.where(least <= 1.0, least, drawn / least)
        order = np.argsort(stratum)
        return Design(stratum[order].astype(np.int64), drawn[order], fraction[order])


def number_sql(value: float) -> str:
    """Return a number as SQL that every engine reads as the same double.

    Examples
    --------
    >>> number_sql(0.5)
    '5.0000000000000000e-01'
    """
    return f"{value:.16e}" if value >= 0 else f"({value:.16e})"


def _spans_sql(number: NDArray[np.float64], fine: float) -> str:
    """Return a condition on x that holds in these bins and in few others, so that most rows are passed over at once."""
    bins = np.unique(number[np.isfinite(number) & (number > -1e8)])
    if not len(bins) or (number <= -1e8).any():
        return "1 = 1"
    gaps = np.sort(np.diff(bins))[::-1][: MOST_SPANS - 1]
    apart = np.flatnonzero(np.diff(bins) >= max(gaps[-1], 2.0)) if len(gaps) else np.empty(0, dtype=np.intp)
    low, high = bins[np.append(0, apart + 1)] - 0.5, bins[np.append(apart, len(bins) - 1)] + 0.5
    ends = zip(np.exp(low / fine) * (1.0 - 1e-9), np.exp(high / fine) * (1.0 + 1e-9), strict=True)
    return " or ".join(f"(x >= {number_sql(float(first))} and x <= {number_sql(float(last))})" for first, last in ends)


def _check_columns(engine: PersonEngine, columns: PersonColumns, types: Columns, texts: Collection[str]) -> None:
    unknown = [name for name in columns.all if name not in types]
    if unknown:
        raise InputError(
            "every column named must be in the table", got=", ".join(map(repr, unknown)), where="columns",
            next=f"It has: {', '.join(types)}.",
        )  # fmt: skip
    for name in columns.numbers:
        if name in texts:
            raise InputError(
                "a column of figures must hold numbers", got="numbers that stand for texts", where=f"column {name}",
                next="Make its cells numbers, then write the table anew with 'levelup ingest-persons'.", code="data-faults",
            )  # fmt: skip
        if types[name].dtype.kind in "iufb":
            continue
        wrong = int(engine.query(step_sql("person_faults", column=engine.quote(name)))["n"][0])
        if wrong:
            raise InputError(
                "a column of figures must hold numbers", got=f"{wrong} cells that do not", where=f"column {name}",
                code="data-faults",
            )  # fmt: skip
