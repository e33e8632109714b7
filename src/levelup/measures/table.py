"""One measure on one table of subjects, as a person gives it: columns checked, every fault at once, one result or one refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from levelup.measures.batch import measure_batch
from levelup.measures.card import Card, needed
from levelup.measures.columns import Column, check_columns, find_row, read_figures
from levelup.measures.further import read_further
from levelup.measures.request import check_request
from levelup.measures.slices import check_bounds
from levelup.terms.errors import DataFaults, Fault, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Measurement


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
        Names of further columns by role (`levelup.measures.card.ROLES`); only `factor` has several.
    convention, parameters : optional
        As the measure's card has them.
    confidence : float
        Between 0 and 1.
    file, sheet : str
        What faults call the table.

    Returns
    -------
    Measurement or Refusal
        On the good scale: bigger is worse.

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
        Cells that are not numbers, populations at or below zero, negative standard errors: all of them at once.

    Examples
    --------
    >>> table = {"place": ["A", "B"], "rate": ["40", "60"], "people": ["1,000", "3,000"]}
    >>> found = measure_table(table, name="PAR", value="rate", population="people", reference="B", polarity="more-is-better")
    >>> found.value
    5.0
    """
    card, direction = check_request(name, value=value, polarity=polarity, convention=convention, further=further or {})
    bounds = None if bounds is None else check_bounds(bounds)
    named = {"value": value, "population": population, "se": se, "order": order}
    check_columns(columns, [item for item in (*named.values(), label) if item is not None])
    figures, hidden, faults = _figures(columns, named, file=file, sheet=sheet)
    more = read_further(columns, further or {}, label=label, file=file, sheet=sheet, labelled=card.labelled)
    faults.extend(more.faults)
    if faults:
        raise DataFaults(faults)
    figures, hidden = figures | more.plain, hidden | more.hidden
    refusal = _early_refusal(card, figures, hidden, named | more.named, bounds)
    if refusal is not None:
        return refusal
    pointer = None
    if reference is not None and "reference" in (*card.needs, *card.uses):
        pointer = find_row(columns, str(reference), label=label, skip={value, population, se} - {None})
    readings = measure_batch(
        name,
        figures.get("value"),
        polarity=direction,
        population=figures.get("population"),
        se=figures.get("se"),
        order=figures.get("order"),
        reference=pointer,
        bounds=bounds,
        columns=more.figures,
        convention=convention,
        parameters=dict(parameters or {}),
        confidence=confidence,
    )
    result = readings.at(0)
    if isinstance(result, Refusal):
        return result
    if result.parts:
        result = replace(result, parts={**more.labels, **result.parts})
    if pointer is not None:
        result = replace(result, parameters={**result.parameters, "reference": str(reference)})
    return result


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


def _early_refusal(
    card: Card,
    figures: Mapping[str, Floats],
    hidden: Mapping[str, NDArray[np.bool_]],
    named: Mapping[str, str | None],
    bounds: tuple[float, float] | None,
) -> Refusal | None:
    """Return the refusals that can point at a row: suppressed, missing and out of bounds."""
    used = [role for role in figures if role in needed(card) or (role != "se" and role in card.uses)]
    for role in used:
        if hidden[role].any():
            return Refusal(
                "suppressed",
                f"{int(hidden[role].sum())} figures in column {named[role]!r} were suppressed, and the rest alone would mislead.",
                "Use a release or a grouping in which no figure is suppressed.",
            )
    for role in used:
        gaps = np.flatnonzero(np.isnan(figures[role]))
        if len(gaps):
            return Refusal(
                "missing-values",
                f"{len(gaps)} figures are missing in column {named[role]!r}, the first in row {int(gaps[0]) + 2}.",
                "Give every subject its figures, or leave the subject out and say so.",
            )
    if bounds is not None:
        outside = np.flatnonzero((figures["value"] < bounds[0]) | (figures["value"] > bounds[1]))
        if len(outside):
            return Refusal(
                "out-of-bounds",
                f"{len(outside)} values lie outside {bounds[0]:g} to {bounds[1]:g}, the first in row {int(outside[0]) + 2}.",
                "Mend the figures or the bounds.",
            )
    return None
