"""Results and refusals with the names of the rows they are about: what only the table knows, and the numbers do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from levelup.measures.card import Card, needed
from levelup.terms.errors import Refusal, did_you_mean
from levelup.terms.record import Floats, Measurement, Part

BY_ROW = frozenset(
    {"funnel_limits", "smoothed_rate", "quantile_group", "local_moran", "getis_ord", "kitagawa", "rate_decomposition"}
    | {"life_expectancy", "healthy_life_expectancy"}
)
"""Measures whose parts have a figure for every row."""

ERRORS_BY = (
    "Name the column of standard errors with --se COL (or its published interval with --column lower=COL --column upper=COL)."
)
"""What to type for an interval where nobody gave errors."""

_GAPS = frozenset({"difference", "ratio"})
_ABOVE_ZERO = frozenset({"total", "width", "sample", "later_population"})
_NOT_BELOW_ZERO = frozenset({"count", "standard", "deviation", "age", "event", "later_se", "standard_count", "remaining"})
_MOST_NAMES = 8


def early_refusal(
    card: Card,
    figures: Mapping[str, Floats],
    *,
    hidden: Mapping[str, NDArray[np.bool_]],
    named: Mapping[str, str | None],
    bounds: tuple[float, float] | None,
    names: Sequence[str],
    rows: int,
) -> Refusal | None:
    """Return the refusals that can point at a row: suppressed, missing, out of bounds, not above zero, two bands of one age.

    Parameters
    ----------
    card : Card
        Whose columns count.
    figures, hidden : mapping of str to ndarray, shape (rows,)
        Figures by role, NaN where missing, and where they were suppressed.
    named : mapping of str to str
        The columns' names by role.
    bounds : tuple of float, optional
        Lowest and highest possible value.
    names : sequence of str
        The rows' names, empty where nothing names them.
    rows : int
        How many there are.
    """
    if not rows:
        return Refusal("too-few-subjects", "The table has no rows below its header.", "Fill it in, or name another sheet.")
    used = [role for role in figures if role in needed(card) or (role != "se" and role in card.uses)]
    for role in used:
        if hidden[role].any():
            return Refusal(
                "suppressed",
                f"{_count(hidden[role], 'figure')} in column {named[role]!r} {_was(hidden[role])} suppressed, "
                f"the first in {_row(hidden[role], names)}, and the rest alone would mislead.",
                "Use a release or a grouping in which no figure is suppressed.",
            )
    for role in used:
        gaps = np.isnan(figures[role])
        if gaps.any():
            return Refusal(
                "missing-values",
                f"{_count(gaps, 'figure')} {'is' if gaps.sum() == 1 else 'are'} missing in column {named[role]!r}, "
                f"the first in {_row(gaps, names)}.",
                "Give every subject its figures, or leave the subject out and say so.",
            )
    if bounds is not None and "value" in figures:
        outside = (figures["value"] < bounds[0]) | (figures["value"] > bounds[1])
        if outside.any():
            return Refusal(
                "out-of-bounds",
                f"{_count(outside, 'value')} {'lies' if outside.sum() == 1 else 'lie'} outside {bounds[0]:g} to {bounds[1]:g}, "
                f"the first in {_row(outside, names)}.",
                "Mend the figures or the bounds.",
            )
    return _wrong_sign(figures, used, named, names) or _same_age(card, figures)


def _wrong_sign(
    figures: Mapping[str, Floats], used: Sequence[str], named: Mapping[str, str | None], names: Sequence[str]
) -> Refusal | None:
    for role in used:
        low = figures[role] <= 0 if role in _ABOVE_ZERO else figures[role] < 0
        if role in _ABOVE_ZERO | _NOT_BELOW_ZERO and low.any():
            got = figures[role][np.flatnonzero(low)[0]]
            code, rule = ("not-positive", "above zero") if role in _ABOVE_ZERO else ("out-of-bounds", "zero or more")
            reason = f"Column {named[role]!r} must be {rule}, and is {got:g} in {_row(low, names)}."
            return Refusal(code, reason, "Mend the figure, or leave the row out and say so.")
    return None


def _same_age(card: Card, figures: Mapping[str, Floats]) -> Refusal | None:
    if card.row != "an age band of a place" or "age" not in figures:
        return None
    ages, first = np.unique(figures["age"], return_index=True)
    if len(ages) == len(figures["age"]):
        return None
    again = min(set(range(len(figures["age"]))) - set(first.tolist()))
    age = figures["age"][again]
    before = int(first[int(np.searchsorted(ages, age))])
    return Refusal(
        "unsupported-combination",
        f"Two rows begin at the same age: rows {before + 2} and {again + 2} both begin at {age:g}.",
        "Give one place, one sex and one period at a time, and every band once.",
    )


def named_refusal(refusal: Refusal, names: Sequence[str], *, reference: str | None, has_errors: bool) -> Refusal:
    """Return a refusal of the numbers in the table's words: which names there are, which option lifts it.

    Examples
    --------
    >>> named_refusal(Refusal("no-reference", "Not there."), ["Ash", "Beck"], reference="Bek", has_errors=True).next
    "Did you mean 'Beck'? The subjects are: Ash, Beck."
    """
    if refusal.code == "no-reference" and reference is not None and names:
        shown = ", ".join(names[:_MOST_NAMES]) + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else "")
        advice = f"{did_you_mean(reference, names)} The subjects are: {shown}.".strip()
        return Refusal(refusal.code, f"{reference!r} is not among the subjects.", advice)
    if refusal.code == "no-uncertainty" and not has_errors:
        return Refusal(refusal.code, "No standard errors were given.", ERRORS_BY)
    return refusal


def named_parts(
    result: Measurement,
    figures: Mapping[str, Floats],
    *,
    labels: Mapping[str, list[str]],
    names: Sequence[str],
    pointer: int | None,
) -> dict[str, Part]:
    """Return a result's parts with names: of every row, of the labels that numbers stand for, of the two subjects of a gap.

    Parameters
    ----------
    result : Measurement
        The numbers' answer.
    figures : mapping of str to ndarray, shape (rows,)
        Figures by role.
    labels : mapping of str to list of str
        What the numbers of a role stand for.
    names : sequence of str
        The rows' names, empty where nothing names them.
    pointer : int, optional
        The row of the reference.
    """
    parts: dict[str, Part] = {}
    if result.measure in _GAPS and names:
        return parts | _ends_of(result, figures, names, pointer) | result.parts
    if result.measure in BY_ROW:
        if "age" in figures:
            parts["age"] = figures["age"].tolist()
        elif names:
            parts["labels"] = list(names)
    factors = labels.get("factor", [])
    half = len(factors) // 2
    if result.measure == "rate_decomposition" and half:
        pairs = zip(factors[:half], factors[half:], strict=False)
        parts["factor"] = [f"{before} to {after}" for before, after in pairs]
        labels = {role: known for role, known in labels.items() if role != "factor"}
    return {**parts, **labels, **result.parts} if result.parts else {}


def _ends_of(result: Measurement, figures: Mapping[str, Floats], names: Sequence[str], pointer: int | None) -> dict[str, Part]:
    """Return who the two subjects of a gap are, and by what they were chosen."""
    value, order = figures["value"], figures.get("order")
    at = {side: value == result.also.get(f"{side}_level") for side in ("upper", "lower")}
    if pointer is not None:
        at["upper"] = np.arange(len(value)) == pointer
        at["lower"] = at["lower"] & ~at["upper"]
    elif order is not None:
        at = {"upper": order == order.max(), "lower": order == order.min()}
    chosen = "reference" if pointer is not None else "order" if order is not None else "values"
    by_value = {"upper": chosen == "values", "lower": chosen != "order"}
    found: dict[str, Part] = {}
    for side, where in at.items():
        rows = np.flatnonzero(where)[: 1 if by_value[side] else None]
        found[f"{side}_subject"] = [names[row] for row in rows]
    return {**found, "chosen_by": [chosen]}


def _count(where: NDArray[np.bool_], noun: str) -> str:
    count = int(where.sum())
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _was(where: NDArray[np.bool_]) -> str:
    return "was" if where.sum() == 1 else "were"


def _row(where: NDArray[np.bool_], names: Sequence[str]) -> str:
    row = int(np.flatnonzero(where)[0])
    return f"row {row + 2}" + (f" ({names[row]})" if names and names[row] else "")
