"""A mapping as a table that a person can read and correct."""

from __future__ import annotations

from levelup.terms.table import ROLES, ColumnMeaning, Mapping
from levelup.terms.text import shorten

HEADINGS = ("Column", "Read as", "What it says", "How sure", "Why", "Could also be")


def mapping_rows(mapping: Mapping) -> tuple[tuple[str, ...], ...]:
    """Return one row for every column of the table, under `HEADINGS`."""
    return tuple(
        (
            column.name,
            column.role,
            _meaning(column),
            f"{column.confidence:.0%}",
            column.reason,
            ", ".join(column.alternatives),
        )
        for column in mapping.columns
    )


def _meaning(column: ColumnMeaning) -> str:
    fixed = [text for text in (column.indicator, column.cohort, column.period) if text]
    parts = [f"{ROLES[column.role]}" + (f" of {', '.join(fixed)}" if fixed else "")]
    if column.scale != 1.0:
        parts.append(f"multiplied by {column.scale:g}")
    if column.categories:
        parts.append("; ".join(f"{text} = {key or '(to be stated)'}" for text, key in list(column.categories.items())[:12]))
        if len(column.categories) > 12:
            parts.append(f"and {len(column.categories) - 12} more")
    return ": ".join(parts)


def describe_mapping(mapping: Mapping, *, width: int = 110) -> str:
    """Return the mapping in words: the columns as a table, then indicators, what is fixed, marks, and what is still to be stated.

    Parameters
    ----------
    mapping : Mapping
        Guessed or saved.
    width : int
        Characters a line may take.

    Returns
    -------
    str
        Several lines of plain text.
    """
    name = min(max([len(column.name) for column in mapping.columns] + [6]), 32)
    role = max([len(column.role) for column in mapping.columns] + [7])
    lines = [f"{'Column':<{name}}  {'Read as':<{role}}  Sure  What it says, and why"]
    lines.append("-" * min(width, 100))
    for column in mapping.columns:
        said = f"{_meaning(column)}. {column.reason[:1].upper()}{column.reason[1:]}." if column.reason else f"{_meaning(column)}."
        head = f"{shorten(column.name, width=name):<{name}}  {column.role:<{role}}  {column.confidence:>4.0%}  "
        lines.append(head + shorten(said, width=max(width - len(head), 30)))
    lines.append("")
    for each in mapping.indicators[:40]:
        unit = (
            f"unit {each.unit or '(to be stated)'}, polarity {each.polarity or '(to be stated)'}, bounds {_bounds(each.bounds)}"
        )
        lines.append(f"Indicator {each.id}: {shorten(each.name, width=60)} ({unit}; uncertainty: {each.uncertainty})")
    if len(mapping.indicators) > 40:
        lines.append(f"... and {len(mapping.indicators) - 40} more indicators")
    for key, value in mapping.fixed.items():
        lines.append(f"For every row, {key}: {value}")
    if mapping.missing:
        lines.append("Marks read as missing: " + ", ".join(f"{mark} = [{ours}]" for mark, ours in mapping.missing.items()))
    unmatched = [shorten(text) for text, code in mapping.places.items() if not code]
    if unmatched:
        lines.append(f"Places to be given a code ({len(unmatched)}): {', '.join(unmatched[:10])}")
    lines.extend(f"Note: {remark}" for remark in mapping.remarks)
    return "\n".join(lines)


def _bounds(bounds: tuple[float | None, float | None]) -> str:
    low, high = ("none" if each is None else f"{each:g}" for each in bounds)
    return f"{low} to {high}"
