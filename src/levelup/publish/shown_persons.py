"""Readings of groups of persons as they may leave the house: those of small groups hidden by a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.gate import protect
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import CountTable, Setting
from levelup.measures.persons.measure import PersonReadings
from levelup.measures.persons.registry import split_names
from levelup.publish.answer import Records
from levelup.publish.protected import read_rule
from levelup.terms.errors import InputError, Refusal

Flags = NDArray[np.bool_]
SMALL = Refusal(
    "suppressed",
    "The group is of few people, or could tell of one that is.",
    "Put groups together, or leave out a column of --by, until each has enough persons.",
)
FEW = 10
"""Groups of fewer persons than this are not for publication as they are."""


@dataclass(frozen=True, slots=True)
class ShownPersons:
    """The readings of every group, and which of them are hidden, shape (groups,)."""

    readings: PersonReadings
    hidden: Flags

    def records(self) -> list[dict[str, object]]:
        """Return the groups as the JSON array of the stable call; a hidden one holds its labels and a refusal, and no figure."""
        refusal = SMALL.as_dict()
        return [
            {"refusal": refusal, "group": record["group"]} if gone else record
            for record, gone in zip(self.readings.records(), self.hidden.tolist(), strict=True)
        ]


def hide_small_groups(readings: PersonReadings, persons: PersonReadings, *, profile: str) -> ShownPersons:
    """Hide what was read of groups that a profile would not show the number of.

    Parameters
    ----------
    readings : PersonReadings
        A measure of every group.
    persons : PersonReadings
        Readings that count the persons: the same ones, or where subjects were compared those of every subject in every group.
    profile : str
        A shipped profile's name, or the path of one's own.

    Returns
    -------
    ShownPersons
        A group is hidden where it, or a subject in it, is of as few persons as the profile hides, or of fewer than it asks of
        statistics.

    Raises
    ------
    InputError
        There is no such profile, it hides nothing, or it rounds: a figure with its standard error gives the number of persons
        back, so that nothing shown beside a rounded number leaves it rounded.
    """
    rule = read_rule(profile)
    if rule.hidden is None:
        raise InputError(
            "--profile must be one that hides small counts", got=rule.name, next="Use threshold-10 or another that does."
        )
    if rule.rounding != "none":
        raise InputError(
            "--profile must be one that does not round: a figure and its error would undo the rounding of how many persons",
            got=rule.name, next="Use threshold-10 or another that hides and does not round.",
        )  # fmt: skip
    small = _too_small(persons, rule)
    shared = [name for name in persons.group if name in readings.group]
    owner = {key for key, is_small in zip(_keys(persons, shared), small.tolist(), strict=True) if is_small}
    return ShownPersons(readings, np.array([key in owner for key in _keys(readings, shared)], dtype=np.bool_))


def split_subjects(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options by which the persons of every subject in every group are counted, where subjects are compared.

    Examples
    --------
    >>> split_subjects({"outcome": "ill", "by": "ward", "between": "sex, age", "weight": "w"})
    {'outcome': 'ill', 'by': ('ward', 'sex', 'age')}
    """
    kept = {key: options[key] for key in ("outcome", "engine") if key in options}
    return {**kept, "by": (*split_names(options.get("by")), *split_names(options.get("between")))}


def warn_of_small_groups(found: Records) -> str:
    """Return a warning where groups are too small to publish what was read of them, '' where none is or they are hidden."""
    few = int((found.readings.n < FEW).sum()) if isinstance(found, PersonReadings) and found.label is None else 0
    if not few:
        return ""
    groups = "One group has" if few == 1 else f"{few} groups have"
    return f"{groups} fewer than {FEW} persons: not for publication as they are. --profile threshold-10 hides them."


def _too_small(persons: PersonReadings, rule: Profile) -> Flags:
    count = persons.readings.n.astype(np.float64)
    labels = {name: np.asarray([str(item) for item in column.tolist()]) for name, column in persons.group.items()}
    table = CountTable(labels or {"group": np.array(["everyone"])}, count, "")
    return protect(table, rule, setting=Setting(seconds=0.0)).published.hidden | (count < rule.statistics_from)


def _keys(readings: PersonReadings, names: list[str]) -> list[tuple[object, ...]]:
    columns = [readings.group[name].tolist() for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * len(readings.readings)
