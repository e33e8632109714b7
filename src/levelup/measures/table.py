"""One measure on one table of subjects, as a person gives it: columns checked, every fault at once, one result or one refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.measures.batch import measure_batch
from levelup.measures.card import Card
from levelup.measures.columns import Column, check_columns, find_row, read_figures
from levelup.measures.further import Further, read_further
from levelup.measures.labels import ONE_ROW_EACH, find_repeated, find_totals, name_rows
from levelup.measures.limits import se_of_limits
from levelup.measures.naming import ERRORS_BY, early_refusal, named_parts, named_refusal
from levelup.measures.readings import NO_ERRORS
from levelup.measures.request import check_request
from levelup.measures.slices import check_bounds
from levelup.measures.states import order_states
from levelup.terms.errors import DataFaults, Fault, InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Measurement

_LIMITS = ("lower", "upper")


def measure_table(
    columns: Mapping[str, Column],
    *,
    name: str,
    value: str | None = None,
    polarity: Polarity | str | None = None,
    population: str | None = None,
    se: str | None = None,
    order: str | None = None,
    reference: str | None = None,
    label: str | None = None,
    bounds: tuple[float, float] | None = None,
    further: Mapping[str, Sequence[str]] | None = None,
    convention: str | None = None,
    parameters: Mapping[str, float | str] | None = None,
    confidence: float = 0.95,
    file: str = "table",
    sheet: str = "",
    source: str = "",
) -> Measurement | Refusal:
    """Compute one measure on a table with one row for each subject.

    Parameters
    ----------
    columns : mapping of str to sequence
        The table by column, texts or numbers, all of one length. Empty cells, NA and [x] are missing; [c] is suppressed.
    name : str
        A measure's name or abbreviation.
    value, population, se, order : str
        Names of columns: the indicator's value; people or weights, above 0; standard errors in the value's unit, 0 or more; rank,
        1 the most disadvantaged. Columns that the measure does not use are checked and left aside.
    polarity : Polarity or str
        The indicator's direction, for every measure whose card says that it has one.
    reference : str, optional
        The reference subject's label, as it stands in `label` or, without one, in the only row of some column that holds it.
    label : str, optional
        Name of the column of subjects' labels.
    bounds : tuple of float, optional
        Lowest and highest possible value.
    further : mapping of str to sequence of str, optional
        Names of further columns by role (`levelup.measures.card.ROLES`); only `factor` has several. `lower` and `upper`, the
        published 95 % limits of the levels, may stand wherever `se` may, instead of it.
    convention, parameters : optional
        As the measure's card has them.
    confidence : float
        Between 0 and 1.
    file, sheet, source : str
        What faults call the table; `source` comes before `file`.

    Returns
    -------
    Measurement or Refusal
        On the good scale: bigger is worse. Where a measure has a figure for every row, `parts` begins with the rows' names
        (`labels`) and ages; a gap between two subjects names them (`upper_subject`, `lower_subject`).

    Refuses
    -------
    suppressed, missing-values, out-of-bounds, too-few-subjects, no-population, no-order, no-reference, not-positive, all-equal,
    unsupported-combination.

    Raises
    ------
    InputError
        A column, measure, convention, parameter or polarity that does not exist; a convention is needed; the table holds several
        indicators; a label that stands in several rows.
    DataFaults
        Cells that are not numbers, populations at or below zero, negative standard errors, a subject that stands twice, a row
        that is the sum of the others: all of them at once.

    Examples
    --------
    >>> table = {"place": ["A", "B"], "rate": ["40", "60"], "people": ["1,000", "3,000"]}
    >>> found = measure_table(table, name="PAR", value="rate", population="people", reference="B", polarity="more-is-better")
    >>> found.value
    5.0
    """
    card, direction = check_request(name, value=value, polarity=polarity, convention=convention, further=further or {})
    bounds = bounds and check_bounds(bounds)
    named = {"value": value, "population": population, "se": se, "order": order}
    check_columns(columns, [item for item in (*named.values(), label) if item is not None])
    spots = {"file": source or file, "sheet": sheet}
    figures, hidden, faults = _figures(columns, named, **spots)
    more, chosen = _in_order(read_further(columns, further or {}, label=label, labelled=card.labelled, **spots), card, parameters)
    used = {item for item in (*named.values(), *(name for found in (further or {}).values() for name in found)) if item}
    names, doubled = _rows(columns, card, figures | more.plain, label=label, used=used, **spots)
    if faults := [*faults, *more.faults, *doubled]:
        raise DataFaults(faults, is_import=False, rows=_count(columns))
    se_given, said = _errors_given(card, figures, more, convention=convention)
    plain, named = figures | more.plain, {**named, **more.named}
    seen: dict[str, Any] = dict(hidden=hidden | more.hidden, named=named, bounds=bounds, names=names, rows=_count(columns))
    if refusal := early_refusal(card, plain, **seen):
        return refusal
    is_named = reference is not None and "reference" in (*card.needs, *card.uses)
    pointer = find_row(columns, str(reference), label=label, skip={value, population, se} - {None}) if is_named else None
    readings = measure_batch(
        name,
        figures.get("value"),
        polarity=direction,
        **{role: figures.get(role) for role in ("population", "order")},
        se=se_given,
        reference=pointer,
        bounds=bounds,
        columns={role: item for role, item in more.figures.items() if not said or role not in _LIMITS},
        convention=convention,
        parameters=chosen,
        confidence=confidence,
    )
    result = readings.at(0)
    if isinstance(result, Refusal):
        return named_refusal(result, names, reference=reference, has_errors=se_given is not None)
    return replace(
        result,
        method=_method(card, result, said=said, is_given=se_given is not None),
        parts=named_parts(result, plain, labels=more.labels, names=names, pointer=pointer),
        parameters=result.parameters if pointer is None else {**result.parameters, "reference": str(reference)},
    )


def _count(columns: Mapping[str, Column]) -> int:
    return len(next(iter(columns.values()), ()))


def _in_order(more: Further, card: Card, parameters: Mapping[str, float | str] | None) -> tuple[Further, dict[str, float | str]]:
    """Return columns with states that are words in their order, and the parameters with it."""
    if all(item.name != "states" for item in card.parameters):
        return more, dict(parameters or {})
    figures, labels, chosen = order_states(more.figures, more.labels, parameters=parameters or {})
    return replace(more, figures=figures, labels=labels), chosen


def _rows(
    columns: Mapping[str, Column],
    card: Card,
    figures: Mapping[str, Floats],
    *,
    label: str | None,
    used: set[str],
    file: str,
    sheet: str,
) -> tuple[list[str], list[Fault]]:
    """Return the rows' names, and a fault for each that stands twice or is the sum of the others."""
    names, named_by = name_rows(columns, label=label, used=used)
    people = figures.get("population", figures.get("total"))
    faults = find_totals(columns, label=label, used=used, population=people, file=file, sheet=sheet)
    if card.row in ONE_ROW_EACH and not faults:
        faults = find_repeated(names, column=", ".join(named_by), file=file, sheet=sheet)
    return names, faults


def _errors_given(
    card: Card, figures: Mapping[str, Floats], more: Further, *, convention: str | None
) -> tuple[Floats | None, str]:
    """Return the subjects' standard errors, and what to say of them where they come from published limits."""
    given = [role for role in _LIMITS if role in more.plain]
    if not given:
        return figures.get("se"), ""
    if "se" in figures:
        raise InputError(
            "errors must be given once", got="--se and published limits", next="Leave out --se, or --column lower= and upper=."
        )
    if len(given) == 1:
        raise InputError("lower and upper must be given together", next="Give --column lower=COL --column upper=COL.")
    is_own = set(_LIMITS) <= set(card.uses) and (convention or "").strip().lower().startswith("ohid")
    if is_own or "se" not in card.uses or "value" not in figures:
        return None, ""
    return se_of_limits(figures["value"], lower=more.plain["lower"], upper=more.plain["upper"])


def _method(card: Card, result: Measurement, *, said: str, is_given: bool) -> str:
    """Return how the interval was made, or which option would give one where no standard errors were given."""
    if result.method == NO_ERRORS and not is_given and {"se"} <= {*card.needs, *card.uses}:
        return f"No interval: {ERRORS_BY[0].lower()}{ERRORS_BY[1:-1]}"
    return f"{result.method.rstrip('.')}. {said}" if said else result.method


def _figures(
    columns: Mapping[str, Column], named: Mapping[str, str | None], *, file: str, sheet: str
) -> tuple[dict[str, Floats], dict[str, NDArray[np.bool_]], list[Fault]]:
    """Return the named columns' figures by role, where they are suppressed, and every fault."""
    figures: dict[str, Floats] = {}
    hidden: dict[str, NDArray[np.bool_]] = {}
    faults: list[Fault] = []
    for role, column in named.items():
        if column is not None:
            figures[role], hidden[role], found = read_figures(columns[column], role=role, column=column, file=file, sheet=sheet)
            faults.extend(found)
    return figures, hidden, faults
