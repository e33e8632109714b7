"""What the tables of the workbook are made of: their kinds of column, and cells whose absence carries its mark."""

from __future__ import annotations

from collections.abc import Iterable

from levelup.catalogue.entry import Indicator
from levelup.publish.opendata_tables import mark_of
from levelup.publish.publication import Publication
from levelup.publish.sheet_front import note
from levelup.publish.tabular import Cell, Column, finite
from levelup.terms.errors import Refusal
from levelup.terms.period import Period
from levelup.terms.record import Estimate

SUBJECT, NAME, PERIOD = 40, 44, 22
"""Widths of the columns that hold a subject, an indicator's name, a period, in characters."""


def text_column(title: str, width: int, *, absent: str = "z") -> Column:
    """Return a column of texts; an empty cell shows the mark of what does not apply."""
    return Column(title.lower(), title, "text", absent=absent, width=width)


def figure_column(title: str, *, absent: str = "x", width: int = 15) -> Column:
    """Return a column of figures, shown with the decimals of their row's unit."""
    return Column(title.lower(), title, "figure", absent=absent, width=width)


def interval_columns(title: str, marker: str) -> tuple[Column, Column, Column]:
    """Return the three columns of an estimate: its value, and the low and the high end of its interval."""
    return (
        figure_column(f"{title} {marker}"),
        figure_column(f"{title}, low end {note('interval')}"),
        figure_column(f"{title}, high end {note('interval')}"),
    )


def line_above(rows: int, more: str) -> str:
    """Return the line between a sheet's title and its table: how many rows, and what they are."""
    return f"This sheet holds one table of {rows:,} row{'' if rows == 1 else 's'}. {more}"


def entry_of(publication: Publication, key: str) -> Indicator:
    """Return an indicator's entry in the catalogue."""
    return publication.catalogue.indicators[key]


def decimals_of(publication: Publication, keys: Iterable[str]) -> tuple[int, ...]:
    """Return, for each row, the decimals of its indicator's unit."""
    return tuple(entry_of(publication, key).unit.decimals for key in keys)


def period_cell(period: Period | None) -> str | None:
    """Return a period as a reader says it."""
    return None if period is None else period.label


def estimate_cells(estimate: Estimate | None, mark: str) -> tuple[Cell, Cell, Cell]:
    """Return the cells of an estimate and its interval, each the figure or the mark."""
    if estimate is None:
        return mark, mark, mark
    return figure_or(estimate.value, mark), figure_or(estimate.lower, mark), figure_or(estimate.upper, mark)


def figure_or(value: float | None, mark: str) -> Cell:
    """Return a figure, or the mark where there is none."""
    number = finite(value)
    return mark if number is None else number


def refusal_mark(refusal: Refusal | None) -> str:
    """Return the mark that stands for a refused number, in square brackets."""
    return f"[{mark_of(refusal) or 'x'}]"
