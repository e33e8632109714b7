"""The rows of a person's table of subjects by period, read and checked: every fault at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.period import Period, PeriodKind, parse_period, period_of_label
from levelup.terms.polarity import Polarity

NUMBERS = ("value", "se", "lower", "upper", "numerator", "denominator", "population", "order", "margin", "highest")
REQUIRED = ("indicator", "subject", "period", "polarity")
_SPAN = re.compile(r"^\s*(\d{4})\s*[-/–]\s*(\d{2}|\d{4})\s*$")
ROUNDING = 0.01
"""How far a published value may be from its counts: as a share of it, or of the scale up to one whole unit (a whole per cent)."""
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
        denominator; population, order, margin (the smallest change that matters) and highest (the best or worst that the
        indicator's levels can reach) where there are any.
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
        key: multiplier_of([row for row in rows if row.indicator == key])
        for key in {row.indicator for row in rows if is_counted(row)}
    }

    def same(row: Row, column: str, said: str, *whose: str) -> None:
        key = (column, row.indicator, *whose)
        if held.setdefault(key, said) != said:
            owner = "a subject" if whose else "an indicator"
            faults.append(Fault(file, "", row.number, column, repr(said), f"must be the same in every row of {owner}"))

    for row in rows:
        same(row, "polarity", row.polarity.value)
        same(row, "role", row.role, row.subject)
        for column, whose in (("margin", ()), ("highest", ()), ("order", (row.subject,))):
            if not math.isnan(row.figures[column]):
                same(row, column, f"{row.figures[column]:g}", *whose)
        if is_counted(row) and not math.isnan(row.figures["value"]):
            implied = multipliers[row.indicator] * row.figures["numerator"] / row.figures["denominator"]
            if abs(row.figures["value"] - implied) > max(ROUNDING * implied, min(ROUNDING * multipliers[row.indicator], 1.0)):
                rule = f"must agree with numerator over denominator ({implied:.4g})"
                faults.append(Fault(file, "", row.number, "value", f"{row.figures['value']:g}", rule))
    return faults


def is_counted(row: Row) -> bool:
    """Return whether a row gives a count and its total."""
    return not (math.isnan(row.figures["numerator"]) or math.isnan(row.figures["denominator"]))


def multiplier_of(rows: Sequence[Row]) -> float:
    """Return what an indicator's counts are multiplied by to give its values: the power of ten nearest to their ratio.

    One where no row gives a value; NaN where some do and none tells the scale of the counts that are needed.
    """
    counted = [row for row in rows if is_counted(row)]
    if not counted or all(math.isnan(row.figures["value"]) for row in rows):
        return 1.0
    ratios = [
        row.figures["value"] * row.figures["denominator"] / row.figures["numerator"]
        for row in counted
        if row.figures["numerator"] > 0 and not math.isnan(row.figures["value"])
    ]
    known = sorted(ratio for ratio in ratios if ratio > 0)
    return float(10 ** round(math.log10(known[len(known) // 2]))) if known else math.nan
