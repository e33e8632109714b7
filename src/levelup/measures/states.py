"""The order of states that are words: as it was given, or by the numbers they begin with; else they have none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from levelup.terms.errors import InputError
from levelup.terms.record import Floats

UNORDERED = "unordered"
"""What the parameter `states` says where they have no order, as `levelup.measures.transition_matrix` reads it."""
_NUMBERED = re.compile(r"^([+-]?\d+(?:\.\d+)?)(?![\d.])")


def order_of(names: Sequence[str], *, asked: str = "") -> tuple[str, ...]:
    """Return states that are words from the first to the last, nothing where they have no order.

    Parameters
    ----------
    names : sequence of str
        All states, each once.
    asked : str
        Their order as a caller gave it, with commas between them; '' where none was given.

    Returns
    -------
    tuple of str
        Without an order asked for, that of the numbers that all names begin with ('1 low', '2 mid'), if they do.

    Raises
    ------
    InputError
        The order leaves a state out, names one twice, or one that no row has.

    Examples
    --------
    >>> order_of(["high", "low", "mid"], asked="low, mid, high"), order_of(["10 top", "2 low"]), order_of(["high", "low"])
    (('low', 'mid', 'high'), ('2 low', '10 top'), ())
    """
    if asked.strip():
        order = tuple(text.strip() for text in asked.split(","))
        if sorted(order) != sorted(names):
            raise InputError(
                "states must name every state once, from the lowest to the highest",
                got=repr(asked),
                where="--parameter states",
                next=f"The rows have: {', '.join(names)}.",
            )
        return order
    found = [_NUMBERED.match(name) for name in names]
    numbers = {name: float(match.group(1)) for name, match in zip(names, found, strict=True) if match}
    if len(numbers) < len(names) or len(set(numbers.values())) < len(names):
        return ()
    return tuple(sorted(names, key=numbers.__getitem__))


def order_states(
    figures: Mapping[str, Floats], labels: Mapping[str, list[str]], *, parameters: Mapping[str, float | str]
) -> tuple[dict[str, Floats], dict[str, list[str]], dict[str, float | str]]:
    """Return states that are words renumbered by their order, their names so, and the parameter `states` that says it.

    Parameters
    ----------
    figures : mapping of str to ndarray, shape (rows,)
        Columns by role; `before` and `after` are numbered by the place of their names in `labels`, NaN where missing.
    labels : mapping of str to list of str
        What the numbers stand for; nothing for states that are numbers, which keep their own order.
    parameters : mapping
        As a caller gave them; `states` may name the order.

    Raises
    ------
    InputError
        As `order_of`; or an order was given for numbers.

    Examples
    --------
    >>> names = ["high", "low"]
    >>> given = {"before": np.array([0.0, 1.0]), "after": np.array([1.0, np.nan])}
    >>> found, _, said = order_states(given, {"before": names, "after": names}, parameters={"states": "low,high"})
    >>> found["before"].tolist(), found["after"].tolist(), said
    ([1.0, 0.0], [0.0, nan], {'states': 'low, high'})
    """
    names, asked = labels.get("before"), str(parameters.get("states", ""))
    if names is None:
        if asked:
            raise InputError("states must be left out where they are numbers", got=repr(asked), where="--parameter states")
        return dict(figures), dict(labels), dict(parameters)
    order = order_of(names, asked=asked)
    if not order:
        return dict(figures), dict(labels), {**parameters, "states": UNORDERED}
    place = np.array([order.index(name) for name in names], dtype=np.float64)
    moved = {}
    for role in ("before", "after"):
        known = np.isfinite(figures[role])
        moved[role] = np.where(known, place[np.where(known, figures[role], 0.0).astype(np.intp)], np.nan)
    named = {role: list(order) for role in moved}
    return {**figures, **moved}, {**labels, **named}, {**parameters, "states": ", ".join(order)}
