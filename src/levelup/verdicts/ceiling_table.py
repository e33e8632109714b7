"""A person's table of one row a person, read and checked: two groups compared over a whole outcome, and how that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.measures.columns import Column, check_columns, read_figures
from levelup.terms.errors import DataFaults, Fault, InputError, Refusal
from levelup.terms.period import Period
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Texts
from levelup.terms.written_period import read_period
from levelup.verdicts.ceiling import Ceiling, change_of, compare_people
from levelup.verdicts.contrast import Contrast, ContrastChange, certainty_of_side

_MISSING = frozenset({"", "na", "n/a", "nan", "[c]", "[u]", "[x]", "[z]"})
"""Texts that say that a person's group or cluster is not known, unless a group goes by that name."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What was found at one date; `period` is '' where the table has no column of dates."""

    period: str
    found: Ceiling | Refusal


@dataclass(frozen=True, slots=True)
class CeilingTable:
    """One outcome of a table: the groups as they were named, what was found at each date, and the change from first to last.

    `upper` is empty where it is everyone whose group is given and is not the lower one; `ungrouped` counts rows whose group is
    not given, which only belong to the whole. `change` holds nothing where fewer than two dates could be compared.
    """

    outcome: str
    group: str
    lower: tuple[str, ...]
    upper: tuple[str, ...]
    dates: tuple[Dated, ...]
    change: tuple[ContrastChange, ...]
    ungrouped: int

    def as_dict(self) -> dict[str, Any]:
        """Return the table's answer as the JSON object of the stable call."""
        return {
            "outcome": self.outcome,
            "group": self.group,
            "lower": list(self.lower),
            "upper": list(self.upper) or "everyone else",
            "dates": [{"period": item.period, **_found(item.found)} for item in self.dates],
            "change": [_contrast(item) for item in self.change],
            "ungrouped": self.ungrouped,
        }


def _found(found: Ceiling | Refusal) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"refusal": found.as_dict()}
    return {
        "about": found.about,
        "polarity": found.polarity.value,
        "contrasts": [_contrast(item) for item in found.contrasts],
        "threshold": None if found.threshold is None else {"bar": found.bar, **_contrast(found.threshold)},
        "edge_of_top_fifth": found.edge,
        "rows": dict(zip(("lower", "upper", "neither"), found.rows, strict=True)),
        "effective_rows": dict(zip(("lower", "upper"), found.effective, strict=True)),
        "left_out": found.left_out,
        "method": found.method,
    }


def _contrast(item: Contrast | ContrastChange) -> dict[str, Any]:
    figures = {name: getattr(item, name) for name in ("lower", "upper", "distance")}
    shown = {name: None if figure is None else asdict(figure) for name, figure in figures.items()}
    refusal = None if item.refusal is None else item.refusal.as_dict()
    return {"key": item.key, **shown, "certainty": certainty_of_side(item.distance), "refusal": refusal}


def ceiling_table(
    columns: Mapping[str, Column],
    *,
    outcome: str,
    group: str,
    lower: Sequence[str],
    polarity: Polarity | str,
    upper: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    period: str | None = None,
    threshold: float | None = None,
    file: str = "table",
    sheet: str = "",
) -> CeilingTable:
    """Compare two groups over a whole outcome, in a table with one row a person.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column, texts or numbers, all of one length.
    outcome, weight : str
        Names of columns: the outcome, any number; how many persons a row stands for, zero or more. An empty cell leaves its row
        out, which is counted.
    group : str
        Name of the column that says who belongs where.
    lower, upper : sequence of str
        The texts of that column that make the lower and the upper group; without `upper` it is every other text. A row whose cell
        is empty is in neither, and still belongs to the whole.
    polarity : Polarity or str
        The outcome's direction, always stated.
    cluster, period : str, optional
        Names of columns: what persons were drawn together in (a school); the date of a row.
    threshold : float, optional
        A bar in the outcome's unit.
    file, sheet : str
        What faults call the table.

    Returns
    -------
    CeilingTable
        A date that cannot be compared holds a refusal.

    Raises
    ------
    InputError
        A column that does not exist, a group that no row is in, a text named for both groups, a polarity that does not exist.
    DataFaults
        Every cell that breaks a rule, by its row and column; never with what stands in it.

    Examples
    --------
    >>> table = {"score": [str(n) for n in range(80)], "meals": ["yes", "no"] * 40}
    >>> found = ceiling_table(table, outcome="score", group="meals", lower=["yes"], polarity="more-is-better")
    >>> [(item.key, round(item.distance.value, 9)) for item in found.dates[0].found.contrasts[:3]]
    [('p10', 1.0), ('p50', 1.0), ('p90', 1.0)]
    """
    direction = _direction(polarity)
    if threshold is not None and not np.isfinite(threshold):
        raise InputError("a threshold must be a finite number", got=repr(threshold), where="--threshold")
    check_columns(columns, [item for item in (outcome, group, weight, cluster, period) if item is not None])
    rows = _read(columns, outcome=outcome, weight=weight, cluster=cluster, period=period, spots={"file": file, "sheet": sheet})
    texts = _texts(columns[group])
    is_lower, is_upper = _sides(texts, lower, upper, column=group)
    answers = []
    for place, date in enumerate(rows.dates):
        at = rows.dated == place
        answer = compare_people(
            rows.value[at],
            lower=is_lower[at],
            upper=is_upper[at],
            weight=None if rows.weight is None else rows.weight[at],
            cluster=None if rows.cluster is None else rows.cluster[at],
            polarity=direction,
            threshold=threshold,
        )
        answers.append(Dated(date, answer))
    ungrouped = int((_is_absent(texts) & ~is_lower & ~is_upper).sum())
    return CeilingTable(outcome, group, tuple(lower), tuple(upper), tuple(answers), _change(answers), ungrouped)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The table's figures, and the dates in order with each row's place among them."""

    value: Floats
    weight: Floats | None
    cluster: Texts | None
    dates: tuple[str, ...]
    dated: NDArray[np.intp]


def _read(
    columns: Mapping[str, Column],
    *,
    outcome: str,
    weight: str | None,
    cluster: str | None,
    period: str | None,
    spots: Mapping[str, str],
) -> _Rows:
    """Return the columns as figures; every fault of every column comes at once, without what stands in the cells."""
    faults: list[Fault] = []

    def break_rule(rule: str, column: str, at: NDArray[np.bool_]) -> None:
        faults.extend(Fault(**spots, row=int(row) + 2, column=column, got="", rule=rule) for row in np.flatnonzero(at))

    def read(column: str) -> Floats:
        numbers, _, found = read_figures(columns[column], role="value", column=column, file=spots["file"], sheet=spots["sheet"])
        faults.extend(replace(fault, got="") for fault in found)
        return numbers

    value = read(outcome)
    size = together = None
    if weight is not None:
        size = read(weight)
        break_rule("must not be negative", weight, size < 0)
    if cluster is not None:
        together = _texts(columns[cluster])
        break_rule("must say what the row was drawn with", cluster, _is_absent(together))
    dates: tuple[str, ...] = ("",)
    dated = np.zeros(len(value), dtype=np.intp)
    if period is not None:
        labels = _texts(columns[period])
        dates, dated = _dated(labels)
        break_rule("must be a period such as 2016, 2016/17 or 2022-01-01/P3Y", period, dated < 0)
    if not len(value):
        faults.append(Fault(**spots, row=None, column="", got="no rows", rule="must have at least one row below its header"))
    if faults:
        raise DataFaults(faults)
    return _Rows(value, size, together, dates, dated)


def _dated(labels: Texts) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the labels' periods in order, and each row's place among them, -1 where its label is no period."""
    found: dict[str, Period] = {}
    for text in dict.fromkeys(labels.tolist()):
        with suppress(InputError):
            found[text] = read_period(text)
    held = sorted(set(found.values()), key=lambda item: (item.middle, item.months))
    place = {text: held.index(period) for text, period in found.items()}
    return tuple(item.label for item in held), np.asarray([place.get(text, -1) for text in labels.tolist()], dtype=np.intp)


def _change(answers: Sequence[Dated]) -> tuple[ContrastChange, ...]:
    held = [item.found for item in answers if isinstance(item.found, Ceiling)]
    return change_of(held[0], after=held[-1]) if len(held) > 1 else ()


def _direction(polarity: Polarity | str) -> Polarity:
    try:
        return Polarity(polarity)
    except ValueError:
        known = ", ".join(item.value for item in Polarity)
        raise InputError("polarity must be stated", got=repr(polarity), where="polarity", next=f"Use one of: {known}.") from None


def _texts(cells: Column) -> Texts:
    """Return a column as texts; a whole number is the same with and without its decimals, as a spreadsheet gives it."""
    return np.asarray(
        [
            "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
            for cell in cells
        ],
        dtype=np.object_,
    )


def _is_absent(texts: Texts) -> NDArray[np.bool_]:
    return np.asarray([text.lower() in _MISSING for text in texts.tolist()], dtype=np.bool_)


def _sides(
    texts: Texts, lower: Sequence[str], upper: Sequence[str], *, column: str
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who is in either group, by the texts that name them."""
    low, high = ([text.strip() for text in side] for side in (lower, upper))
    both = set(low) & set(high)
    if both or not low:
        raise InputError(
            "lower and upper must be named apart, and lower must be named",
            got=", ".join(map(repr, sorted(both))) or "no lower group",
            where="--lower",
        )
    absent = [name for name in (*low, *high) if not (texts == name).any()]
    if absent:
        count = len(set(texts.tolist()) - {""})
        raise InputError(
            "every group named must be in the table",
            got=", ".join(map(repr, absent)),
            where=f"column {column}",
            next=f"That column holds {count} different texts; check how they are spelt there.",
        )
    is_lower = np.isin(texts.astype(str), low)
    return is_lower, np.isin(texts.astype(str), high) if high else ~is_lower & ~_is_absent(texts)
