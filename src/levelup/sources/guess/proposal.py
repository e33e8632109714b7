"""The whole guess: every column's meaning, the indicators and their units, and what the table's title fixes."""

from __future__ import annotations

import collections.abc
import re
from dataclasses import replace
from pathlib import PurePath

from levelup.sources.guess.figure import find_figures
from levelup.sources.guess.header import says
from levelup.sources.guess.key import find_keys
from levelup.sources.guess.profile import Profile, fold_names, mark_of, profile_columns
from levelup.sources.guess.quotient import find_counts
from levelup.sources.guess.unit import guess_unit
from levelup.terms.place import level_of
from levelup.terms.table import FIGURES, ColumnMeaning, IndicatorMeaning, Mapping, RawTable, cell_text
from levelup.terms.text import fold, fold_place, slug
from levelup.terms.unit import UNITS
from levelup.terms.written_period import find_period, guess_kind


def guess_mapping(raw: RawTable, places: collections.abc.Mapping[str, str] | None) -> Mapping:
    """Guess what the columns of a table mean.

    Parameters
    ----------
    raw : RawTable
        A table with its header found, long or wide.
    places : mapping of str to str, or None
        Known places' names and the code of each; None where none are known.

    Returns
    -------
    Mapping
        Every column with a role, a confidence between 0 and 1, the reason in words and the alternatives. Polarity is left empty:
        it is never guessed. Nothing is confirmed.
    """
    names = fold_names(places)
    profiles = profile_columns(raw, names)
    title = " ".join((*raw.above, raw.sheet, PurePath(raw.file).stem.replace("_", " ")))
    found = find_keys(raw, profiles)
    figures, stems = find_figures(profiles, found, title=title)
    columns, unit = find_counts(raw, tuple({**found, **figures}[name] for name in raw.headers), profiles)
    indicators = tuple(_with_unit(each, unit) for each in _indicators(raw, columns, profiles, stems, names))
    columns = tuple(_scaled(column, profiles[column.name], indicators) for column in columns)
    kind, remarks = _period_kind(columns, profiles, title)
    columns = tuple(replace(each, reason=f"{each.reason}; {kind[1]}") if each.role == "period" else each for each in columns)
    fixed, said = _fixed(raw, columns, names)
    is_wide = len({column.period or column.cohort for column in columns if column.role == "value"}) > 1
    missing = {mark: mark_of(mark) for column in columns if column.role in FIGURES for mark in profiles[column.name].marks}
    return Mapping(
        file=raw.file,
        columns=columns,
        indicators=indicators,
        sheet=raw.sheet,
        header_rows=raw.header_rows,
        shape="wide" if is_wide else "long",
        period_kind=kind[0],
        decimal=raw.decimal,
        blank="absent" if is_wide else "fault",
        fixed=fixed,
        missing=missing,
        places=_place_codes(columns, profiles, names),
        remarks=(*raw.remarks, *remarks, *said, "polarity must be stated for every indicator: it is never guessed"),
    )


def _indicators(
    raw: RawTable,
    columns: tuple[ColumnMeaning, ...],
    profiles: collections.abc.Mapping[str, Profile],
    stems: list[str],
    names: collections.abc.Mapping[str, str],
) -> tuple[IndicatorMeaning, ...]:
    by_column = next((column.name for column in columns if column.role == "indicator"), "")
    matches = list(profiles[by_column].texts) if by_column else stems
    units = _stated_units(raw, by_column)
    found = []
    for match in matches:
        own = [column for column in columns if column.role in FIGURES and (by_column or column.indicator == match)]
        values = [column for column in own if column.role == "value"] or own
        name = match if by_column else _name_of(match, values, raw, names)
        signs = frozenset(sign for column in values for sign in profiles[column.name].signs)
        near = [units.get(match, "")] if units.get(match) else []
        unit, sure, reason = guess_unit(
            (*near, *(column.name for column in values[:1]), name, *raw.above, raw.sheet),
            signs=signs,
            is_whole=bool(values) and all(profiles[column.name].is_whole for column in values),
        )
        roles = {column.role for column in own}
        bounds = (UNITS[unit].low, UNITS[unit].high) if unit else (None, None)
        found.append(
            IndicatorMeaning(
                id=slug(name) or "indicator",
                name=name,
                match=match,
                unit=unit,
                bounds=bounds,
                confidence=sure,
                reason=reason,
                uncertainty=_uncertainty(roles | _statistic_roles(columns)),
            )
        )
    return tuple(found)


def _with_unit(indicator: IndicatorMeaning, unit: str) -> IndicatorMeaning:
    """Give an indicator whose unit nothing says the one that dividing its counts does."""
    if indicator.unit or not unit:
        return indicator
    reason = "the figures are one column of counts divided by another"
    return replace(indicator, unit=unit, bounds=(UNITS[unit].low, UNITS[unit].high), confidence=0.8, reason=reason)


def _statistic_roles(columns: tuple[ColumnMeaning, ...]) -> set[str]:
    return {role for column in columns if column.role == "statistic" for role in column.categories.values()}


def _uncertainty(roles: set[str]) -> str:
    if {"lower", "upper"} <= roles or "se" in roles:
        return "published-interval"
    return "counts" if {"numerator", "denominator"} <= roles else "none"


def _name_of(match: str, values: list[ColumnMeaning], raw: RawTable, names: collections.abc.Mapping[str, str]) -> str:
    """Return the indicator's name: the header that names it, or the first line above the table, or the sheet's or file's name."""
    headers = [column.name for column in values]
    if match:
        return next((name for name in headers if fold(match) in fold(name.replace("_", " "))), match).replace("|", "").strip()
    if len(headers) == 1 and not find_period(headers[0])[0] and len(headers[0]) > 12:
        return headers[0]
    for line in raw.above:
        _, rest = find_period(line)
        plain = re.sub(r"^table \w+[:.]?\s*", "", rest, flags=re.IGNORECASE).strip(" ,:-")
        plain = re.sub(r"\s+(?:in|for|by|at|of|to)$", "", plain)
        if len(plain) > 3 and fold_place(plain) not in names:
            return plain[:120]
    generic = re.fullmatch(r"(?:sheet|data|table)\s*\d*", raw.sheet.strip(), re.IGNORECASE)
    return raw.sheet if raw.sheet and not generic else PurePath(raw.file).stem.replace("_", " ")


def _stated_units(raw: RawTable, by_column: str) -> dict[str, str]:
    """Return each indicator's unit where a column of units says it."""
    column = next((name for name in raw.headers if says(name, "unit")), "")
    if not column:
        return {}
    if not by_column:
        texts = {cell_text(cell) for cell in raw.columns[column]} - {""}
        return {"": next(iter(texts))} if len(texts) == 1 else {}
    return {cell_text(key): cell_text(unit) for key, unit in zip(raw.columns[by_column], raw.columns[column], strict=True)}


def _scaled(column: ColumnMeaning, profile: Profile, indicators: tuple[IndicatorMeaning, ...]) -> ColumnMeaning:
    """Read shares between 0 and 1 as percentages where the unit is a percentage."""
    if column.role not in ("value", "lower", "upper", "se") or len(indicators) != 1 and not column.indicator:
        return column
    indicator = next((each for each in indicators if each.match == column.indicator), indicators[0] if indicators else None)
    shares = not profile.is_whole and 0 <= profile.low and profile.high <= 1 and "%" not in profile.signs
    if indicator is None or indicator.unit != "percent" or not shares:
        return column
    return replace(
        column,
        scale=100.0,
        reason=f"{column.reason}; every figure lies between 0 and 1 and the unit is percent, so each is multiplied by 100",
        confidence=min(column.confidence, 0.75),
        alternatives=(*column.alternatives, "scale: 1"),
    )


def _period_kind(
    columns: tuple[ColumnMeaning, ...], profiles: collections.abc.Mapping[str, Profile], title: str
) -> tuple[tuple[str, str], tuple[str, ...]]:
    by_column = next((column.name for column in columns if column.role == "period"), "")
    labels = list(profiles[by_column].texts) if by_column else [column.period for column in columns if column.period]
    words = " ".join(
        [title, *profiles, *(text for name in profiles if says(name, "period") for text in list(profiles[name].texts)[:5])]
    )
    if not labels:
        return ("", ""), ()
    kind, sure, reason = guess_kind(labels, hint=words)
    remark = f"periods counted as {kind.value if kind else 'they say'} ({sure:.0%} sure): {reason}"
    return (kind.value if kind else "", remark), (() if by_column else (remark,))


def _fixed(
    raw: RawTable, columns: tuple[ColumnMeaning, ...], names: collections.abc.Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Take from the title what no column says: the one period, the one place."""
    roles = {column.role for column in columns}
    fixed: dict[str, str] = {}
    said: list[str] = []
    lines = (*raw.above, raw.sheet, PurePath(raw.file).stem.replace("_", " "))
    if "period" not in roles and not all(column.period for column in columns if column.role == "value"):
        for line in lines:
            label, _ = find_period(line)
            if label:
                fixed["period"] = label
                said.append(f"no column says the period; {label!r} is taken from {line[:80]!r}")
                break
        else:
            said.append("no column says the period: it must be stated under 'fixed'")
    if "place" not in roles:
        code, line = _place_in(lines, names)
        if code:
            fixed["place"] = code
        said.append(
            f"no column says the place; {code} is taken from {line[:80]!r}"
            if code
            else "no column says the place: it must be stated under 'fixed'"
        )
    return fixed, tuple(said)


def _place_in(lines: tuple[str, ...], names: collections.abc.Mapping[str, str]) -> tuple[str, str]:
    for line in lines:
        words = fold_place(line).split()
        for length in range(min(5, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                code = names.get(" ".join(words[start : start + length]))
                if code:
                    return code, line
        code = next((word for word in re.findall(r"[EWSNK]\d{8}", line) if level_of(word)), "")
        if code:
            return code, line
    return "", ""


def _place_codes(
    columns: tuple[ColumnMeaning, ...], profiles: collections.abc.Mapping[str, Profile], names: collections.abc.Mapping[str, str]
) -> dict[str, str]:
    """Return the code of each name in the place column; '' where it is to be stated."""
    column = next((column.name for column in columns if column.role == "place"), "")
    if not column or not names:
        return {}
    return {
        text: names.get(fold_place(text), "") for text in profiles[column].texts if level_of(text) is None and not mark_of(text)
    }
