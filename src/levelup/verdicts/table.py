"""A person's table of two or more subjects by period, turned into one verdict an indicator: the stable call."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from levelup.inference.standard_error import se_from_interval, se_of_proportion
from levelup.terms.errors import DataFaults, Fault, InputError, Refusal
from levelup.terms.period import Period, PeriodKind, parse_period, period_of_label
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Subject, Verdict
from levelup.verdicts.conclude import Case, conclude
from levelup.verdicts.split import slope_ends

NUMBERS = ("value", "se", "lower", "upper", "numerator", "denominator", "population", "order", "margin")
REQUIRED = ("indicator", "subject", "period", "polarity")
_SPAN = re.compile(r"^\s*(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\s*$")
ROUNDING = 0.01
"""How far a published value may be from its counts, as a share: figures are printed to a whole per cent or finer."""
_NOTHING = ("", "na", "n/a", "nan", "null", "none", "-")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, read and checked: NaN where a number is not given."""

    number: int
    indicator: str
    subject: str
    role: str
    period: Period
    polarity: Polarity
    figures: dict[str, float]


def any_period(text: str) -> Period:
    """Read a period in any of the usual ways: ISO 8601, 2016, 2016/17 (financial), 2014-16 (rolling years).

    Raises
    ------
    InputError
        The text is none of these.
    """
    span = _SPAN.match(text)
    if span is not None:
        first = int(span.group(1))
        last = int(span.group(2)) if len(span.group(2)) == 4 else first - first % 100 + int(span.group(2))
        one_year = (last - first) % 100 == 1
        return period_of_label(text, PeriodKind.FINANCIAL if one_year else PeriodKind.ROLLING)
    if re.fullmatch(r"\s*\d{4}(\.0)?\s*", text):
        return period_of_label(text.strip()[:4], PeriodKind.CALENDAR)
    return parse_period(text)


def _number(text: str) -> float:
    cleaned = text.strip().replace(",", "")
    if cleaned.lower() in _NOTHING:
        return math.nan
    value = float(cleaned)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _read_row(raw: Mapping[str, str], number: int, file: str) -> tuple[Row | None, list[Fault]]:
    faults: list[Fault] = []

    def fault(column: str, rule: str) -> None:
        faults.append(Fault(file, "", number, column, repr(str(raw.get(column, ""))[:40]), rule))

    for column in ("indicator", "subject"):
        if not raw[column].strip():
            fault(column, "must not be empty")
    role = raw.get("role", "").strip().lower()
    if role not in ("", "lower", "upper"):
        fault("role", "must be lower, upper or empty")
    period = polarity = None
    try:
        period = any_period(raw["period"])
    except InputError:
        fault("period", "must be a period such as 2016, 2016/17, 2014-16 or 2022-01-01/P3Y")
    try:
        polarity = Polarity(raw["polarity"].strip().lower())
    except ValueError:
        fault("polarity", f"must be one of: {', '.join(Polarity)}")
    figures = {}
    for column in NUMBERS:
        try:
            figures[column] = _number(raw.get(column, ""))
        except ValueError:
            fault(column, "must be a number")
            figures[column] = math.nan
    for column, rule in _broken_rules(figures):
        fault(column, rule)
    if faults or period is None or polarity is None:
        return None, faults
    return Row(number, raw["indicator"].strip(), raw["subject"].strip(), role, period, polarity, figures), faults


def _broken_rules(f: dict[str, float]) -> list[tuple[str, str]]:
    rules = []
    for column in ("se", "numerator", "margin"):
        if f[column] < 0:
            rules.append((column, "must not be negative"))
    for column in ("denominator", "population"):
        if f[column] <= 0:
            rules.append((column, "must be above zero"))
    if f["numerator"] > f["denominator"]:
        rules.append(("numerator", "must not be above the denominator"))
    if f["lower"] > f["upper"]:
        rules.append(("lower", "must not be above upper"))
    elif f["value"] < f["lower"] or f["value"] > f["upper"]:
        rules.append(("value", "must lie between lower and upper"))
    return rules


def read_rows(columns: Mapping[str, Sequence[str]], *, file: str = "table") -> list[Row]:
    """Read and check the table of the stable call, gathering every fault.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Column name to cells: indicator, subject, role, period, polarity; value with se, or lower and upper, or numerator and
        denominator; population, order and margin where there are any.
    file : str
        What messages call the table.

    Returns
    -------
    list of Row

    Raises
    ------
    DataFaults
        Any fault: every one with its row and column.
    InputError
        A required column is missing.
    """
    table = {name.strip().lower(): cells for name, cells in columns.items()}
    missing = [name for name in REQUIRED if name not in table]
    if missing or not ({"value", "numerator"} & set(table)):
        wanted = ", ".join([*missing, *([] if {"value", "numerator"} & set(table) else ["value (or numerator and denominator)"])])
        raise InputError(
            f"the table must have the columns: {wanted}",
            got=", ".join(table) or "no columns",
            where=file,
            next="See `levelup verdict --help` for an example of the table.",
        )
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str, str], int] = {}
    names = list(table)
    for number, cells in enumerate(zip(*table.values(), strict=True), start=2):
        row, found = _read_row({"role": "", **dict(zip(names, cells, strict=True))}, number, file)
        faults.extend(found)
        if row is None:
            continue
        key = (row.indicator, row.subject, row.period.iso)
        if key in seen:
            faults.append(
                Fault(
                    file,
                    "",
                    number,
                    "subject",
                    repr(row.subject[:40]),
                    f"must be there once a period; row {seen[key]} has it too",
                )
            )
        seen.setdefault(key, number)
        rows.append(row)
    faults.extend(_contradictions(rows, file))
    if not rows and not faults:
        faults.append(Fault(file, "", None, "", "no rows", "must have at least one row below its header"))
    if faults:
        raise DataFaults(faults)
    return rows


def _contradictions(rows: Sequence[Row], file: str) -> list[Fault]:
    """Return where rows of one indicator, or of one subject in it, contradict each other or themselves."""
    faults: list[Fault] = []
    held: dict[tuple[str, ...], str] = {}
    multipliers = {
        key: _multiplier([row for row in rows if row.indicator == key])
        for key in {row.indicator for row in rows if _is_counted(row)}
    }

    def same(row: Row, column: str, said: str, *whose: str) -> None:
        key = (column, row.indicator, *whose)
        if held.setdefault(key, said) != said:
            owner = "a subject" if whose else "an indicator"
            faults.append(Fault(file, "", row.number, column, repr(said), f"must be the same in every row of {owner}"))

    for row in rows:
        same(row, "polarity", row.polarity.value)
        same(row, "role", row.role, row.subject)
        for column, whose in (("margin", ()), ("order", (row.subject,))):
            if not math.isnan(row.figures[column]):
                same(row, column, f"{row.figures[column]:g}", *whose)
        if _is_counted(row) and not math.isnan(row.figures["value"]):
            implied = multipliers[row.indicator] * row.figures["numerator"] / row.figures["denominator"]
            if abs(row.figures["value"] - implied) > ROUNDING * multipliers[row.indicator]:
                rule = f"must agree with numerator over denominator ({implied:.4g})"
                faults.append(Fault(file, "", row.number, "value", f"{row.figures['value']:g}", rule))
    return faults


def _is_counted(row: Row) -> bool:
    return not (math.isnan(row.figures["numerator"]) or math.isnan(row.figures["denominator"]))


def _level(row: Row | None) -> float:
    if row is None:
        return math.nan
    f = row.figures
    return f["value"] if not math.isnan(f["value"]) else f["numerator"] / f["denominator"]


def _multiplier(rows: Sequence[Row]) -> float:
    """Return what an indicator's counts are multiplied by to give its values: the power of ten nearest to their ratio."""
    ratios = [
        row.figures["value"] * row.figures["denominator"] / row.figures["numerator"]
        for row in rows
        if row.figures["numerator"] > 0 and not math.isnan(row.figures["value"])
    ]
    known = [ratio for ratio in ratios if ratio > 0]
    return float(10 ** round(math.log10(sorted(known)[len(known) // 2]))) if known else 1.0


def _standard_error(row: Row, multiplier: float) -> float:
    f = row.figures
    if not math.isnan(f["se"]):
        return f["se"]
    if not math.isnan(f["lower"]) and not math.isnan(f["upper"]):
        return float(se_from_interval(f["lower"], f["upper"]))
    if math.isnan(f["numerator"]) or math.isnan(f["denominator"]):
        return math.nan
    return float(se_of_proportion(f["numerator"], f["denominator"])) * multiplier


@dataclass(frozen=True, slots=True)
class Roles:
    """Weights that make the lower and the upper subject out of the table's subjects, and what fixed them."""

    lower: Floats
    upper: Floats
    order: str


def _roles(rows: Sequence[Row]) -> Roles | Refusal:
    population = np.asarray([row.figures["population"] for row in rows])
    roles = np.asarray([row.role for row in rows])
    given = np.isfinite(population)
    if given.any() and not given.all() and len(rows) > 2:
        lacking = ", ".join(str(row.number) for row in rows if math.isnan(row.figures["population"]))
        return Refusal(
            "no-population", f"The population is given for some subjects and not in row {lacking}.", "Fill it, or leave it out."
        )
    size = np.where(given, population, 1.0)
    if (roles == "lower").any() and (roles == "upper").any():
        low, high = np.where(roles == "lower", size, 0.0), np.where(roles == "upper", size, 0.0)
        return Roles(low / low.sum(), high / high.sum(), "roles named in the table")
    if (roles != "").any():
        return Refusal("one-subject-missing", "Only one of the two roles is named.", "Name a lower and an upper subject.")
    order = np.asarray([row.figures["order"] for row in rows])
    if np.isfinite(order).all() and len(np.unique(order)) > 1:
        low, high = slope_ends(order, population=size)
        return Roles(low, high, "the ends of the slope over the independent order in the table")
    if np.isfinite(order).any():
        lacking = ", ".join(str(row.number) for row in rows if math.isnan(row.figures["order"]))
        reason = f"The order is missing in row {lacking}." if lacking else "Every subject has the same place in the order."
        return Refusal("no-order", reason, "Give every subject its rank, 1 the most disadvantaged.")
    return Refusal(
        "selection-on-outcome",
        "Neither roles nor an independent order are given, so lower and upper would be chosen from the outcome itself.",
        "Fill the role column (lower, upper) or add an order column (1 the most disadvantaged).",
    )


def _bare(numbers: Sequence[int]) -> Refusal:
    rows = ", ".join(str(number) for number in sorted(numbers))
    return Refusal(
        "no-uncertainty",
        f"No whole interval, standard error or counts stand in row {rows}, so the change is described and not judged.",
        "Give a standard error, both ends of an interval, or numerator and denominator in every row that is compared.",
    )


def _case(indicator: str, rows: Sequence[Row]) -> Case:
    periods = sorted({row.period for row in rows}, key=lambda period: (period.middle, period.months))
    start, end = periods[0], periods[-1]
    subjects: dict[str, dict[Period, Row]] = {}
    for row in rows:
        subjects.setdefault(row.subject, {})[row.period] = row
    latest = [held[max(held)] for held in subjects.values()]
    roles = _roles(latest)
    lower, upper = (
        Subject("", "all", ", ".join(row.subject for row in latest if row.role == role) or f"the {role} end")
        for role in ("lower", "upper")
    )
    margins = [row.figures["margin"] for row in rows if not math.isnan(row.figures["margin"])]
    blank = Case(
        id=indicator,
        indicator=indicator,
        kind="table",
        comparison=f"{lower.label} and {upper.label}",
        place="",
        lower=lower,
        upper=upper,
        window=f"{start.label} to {end.label}",
        start=start,
        end=end,
        polarity=rows[0].polarity,
        order="" if isinstance(roles, Refusal) else roles.order,
        margin=max(margins) if margins else math.nan,
    )
    if start == end:
        return replace(
            blank, refusal=Refusal("one-period", "Only one period is given; a change needs two.", "Add the levels of another.")
        )
    if isinstance(roles, Refusal):
        return replace(blank, refusal=roles)
    pairs = [(held.get(start), held.get(end)) for held in subjects.values()]
    if any(math.isnan(_level(row)) for pair in pairs for row in pair):
        reason = f"A subject has no level for {start.label} or for {end.label}, so which end moved cannot be seen."
        return replace(
            blank, refusal=Refusal("no-levels", reason, "Give every subject's level for the first and the last period.")
        )
    multiplier = _multiplier(rows)
    before, after = ([row for row in side if row is not None] for side in zip(*pairs, strict=True))
    bare = [row.number for row in (*before, *after) if math.isnan(_standard_error(row, multiplier))]
    return replace(
        blank,
        refusal=_bare(bare) if bare else None,
        before=np.asarray([_level(row) for row in before]),
        after=np.asarray([_level(row) for row in after]),
        se_before=np.asarray([_standard_error(row, multiplier) for row in before]),
        se_after=np.asarray([_standard_error(row, multiplier) for row in after]),
        lower_weights=roles.lower,
        upper_weights=roles.upper,
    )


def verdict_table(columns: Mapping[str, Sequence[str]], *, file: str = "table") -> list[Verdict]:
    """Judge every indicator of a table: the stable call behind `levelup verdict FILE --json`.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        As `read_rows` takes them.
    file : str
        What messages call the table.

    Returns
    -------
    list of Verdict
        One an indicator, in the order of their first row. With more than two periods the first and the last are compared.

    Raises
    ------
    DataFaults, InputError
        As `read_rows` does.
    """
    rows = read_rows(columns, file=file)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.indicator, []).append(row)
    return conclude([_case(indicator, group) for indicator, group in groups.items()])
