"""Which label stands for all of each dimension: one for the whole table, or one for each dimension that has its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from levelup.disclosure.equations import Labels, Ties
from levelup.terms.errors import InputError

NAME = "Total"


@dataclass(frozen=True, slots=True)
class Totals:
    """The label of totals by dimension, for those that have one, and the one label that stands for all of them in reckoning."""

    label: str = ""
    by: Mapping[str, str] = field(default_factory=dict)

    def unify(self, name: str, cells: Sequence[str] | Labels) -> Labels:
        """Return a dimension's labels with the one for all in place of the dimension's own.

        Examples
        --------
        >>> Totals("Total", {"age": "All ages"}).unify("age", ["16 to 64", "All ages"]).tolist()
        ['16 to 64', 'Total']
        """
        held = np.asarray(cells, dtype=np.str_)
        own = self.by.get(name)
        return held if own is None or own == self.label else np.where(held == own, self.label, held)

    def unify_all(self, columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, Sequence[str]]:
        """Return a table's columns with the labels of some dimensions so changed."""
        return {**columns, **{name: self.unify(name, columns[name]).tolist() for name in names if name in columns}}

    def unify_ties(self, ties: Ties | None) -> Ties | None:
        """Return further sums by the labels so changed."""
        if ties is None:
            return None
        changed: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, sums in ties.items():
            own = {self.by[name]: self.label} if name in self.by else {}
            changed[name] = [(own.get(whole, whole), tuple(own.get(part, part) for part in parts)) for whole, parts in sums]
        return changed


def read_totals(given: str, *, labels: Mapping[str, Labels], file: str, is_needed: bool = True) -> Totals:
    """Return which label stands for all of each dimension.

    Parameters
    ----------
    given : str
        One label for every dimension, or `dimension=label` for each that has totals, with commas between them; empty where the
        table has none.
    labels : mapping of str to array of str, shape (cells,)
    file : str
        What messages call the table.
    is_needed : bool
        Whether one label for every dimension must stand in the table.

    Raises
    ------
    InputError
        A label that stands nowhere, or is spelt in several ways; a dimension that is named twice.

    Examples
    --------
    >>> labels = {"area": np.array(["Ash", "England"]), "age": np.array(["All ages", "All ages"])}
    >>> read_totals("area=England, age=All ages", labels=labels, file="t.csv").by
    {'area': 'England', 'age': 'All ages'}
    """
    where = f"{file}, --total"
    own = _by_dimension(given, list(labels), where=where)
    _check_spelling(dict.fromkeys(labels, given) if own is None else own, labels, where=where)
    held = {name: set(np.unique(column).tolist()) for name, column in labels.items()}
    if own is None:
        if given and is_needed and not any(given in names for names in held.values()):
            raise InputError("the label of totals must stand in the table", got=repr(given), where=where,
                             next="Name the label that the totals have: one for all, or --total 'area=England,age=All ages'; "
                                  "--total '' where the table has none.")  # fmt: skip
        return Totals(given, {name: given for name, names in held.items() if given and given in names})
    for name, label in own.items():
        if label not in held[name]:
            raise InputError("the label of totals must stand in its dimension", got=f"{label!r} of {name}", where=where)
    ordinary = {label for name, names in held.items() for label in names if own.get(name) != label}
    same = set(own.values())
    one = same.pop() if len(same) == 1 else NAME
    while one in ordinary:
        one = f"{one} of all"
    return Totals(one, own)


def _by_dimension(given: str, names: Sequence[str], *, where: str) -> dict[str, str] | None:
    """Return the labels that are given by dimension; None where one is given for all."""
    named = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if not re.match(rf"\s*(?:{named})\s*=", given):
        return None
    found: dict[str, str] = {}
    for piece in re.split(rf",\s*(?=(?:{named})\s*=)", given):
        name, _, label = (part.strip() for part in piece.partition("="))
        if name in found:
            raise InputError("a dimension must have one label of totals", got=name, where=where,
                             next="Further wholes and parts are named by --sums.")  # fmt: skip
        found[name] = label
    return found


def _check_spelling(own: Mapping[str, str], labels: Mapping[str, Labels], *, where: str) -> None:
    near = {
        item
        for name, label in own.items()
        for item in np.unique(labels[name]).tolist()
        if label and item != label and item.casefold() == label.casefold()
    }
    if near:
        told = ", ".join(map(repr, [*sorted(near), *dict.fromkeys(own.values())]))
        raise InputError(
            "the label of totals must be spelt in one way", got=told, where=where, next="Spell it alike in every row."
        )
