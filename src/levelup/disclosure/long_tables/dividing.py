"""Which groups of people divide which others: categories of one characteristic beside the same rest, and bands of age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.long_tables.adding import Codes, Long, find_divisions
from levelup.disclosure.long_tables.ranges import Range, read_age
from levelup.terms.cohort import Cohort, parse_cohort

CROSSED = 4
"""Characteristics of one group up to which every choice of them is a group of its own; of more, all but one at a time."""
NESTED: dict[str, tuple[str, frozenset[str]]] = {"send": ("any", frozenset({"support", "plan"}))}
"""Categories that are broader than others by what they mean."""
Division = tuple[str, frozenset[str]]
"""A category, '' for everybody, and those that make it up."""


@dataclass(frozen=True, slots=True)
class Family:
    """Groups that differ in one characteristic, and the group that they divide: codes of cohorts.

    `ways` mark members that make up the whole, `parts` a member by number and those that make it up. `ranges` are the members'
    ages, where they are ages; then there are no ways.
    """

    whole: int
    members: Codes
    ways: tuple[NDArray[np.bool_], ...]
    parts: tuple[tuple[int, NDArray[np.bool_]], ...]
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Every group of a table and every broader one: the first as the table's codes say, then those that it has no code for."""

    texts: tuple[str, ...]
    families: tuple[Family, ...]


def find_groups(tables: Sequence[Long], *, cohorts: Sequence[str]) -> Groups:
    """Return the groups of people in tables and how they divide each other.

    Parameters
    ----------
    tables : sequence of Long
        Counts, from which divisions that no name tells are learned.
    cohorts : sequence of str
        What the codes of groups stand for.
    """
    held = np.unique(np.concatenate([table.cohort for table in tables])).tolist()
    at = {parse_cohort(cohorts[code]).parts: code for code in held}
    texts = list(cohorts)
    for code in held:
        for parts in _broader(parse_cohort(cohorts[code]).parts):
            if parts not in at:
                at[parts] = len(texts)
                texts.append(Cohort(parts).key)
    found: dict[tuple[tuple[tuple[str, str], ...], str], dict[str, int]] = {}
    for parts, code in at.items():
        for number, (name, value) in enumerate(parts):
            found.setdefault((parts[:number] + parts[number + 1 :], name), {})[value] = code
    learned: dict[str, set[Division]] = {name: {division} for name, division in NESTED.items()}
    for (rest, name), members in found.items():
        learned.setdefault(name, set()).update(_learn(tables, members, at[rest]))
    families = [item for (rest, name), members in found.items() for item in _families(at[rest], name, members, learned[name])]
    return Groups(tuple(texts), tuple(families))


def _broader(parts: tuple[tuple[str, str], ...]) -> Iterable[tuple[tuple[str, str], ...]]:
    """Yield what is left of a group's characteristics when some are left out."""
    if len(parts) <= CROSSED:
        for size in range(len(parts)):
            yield from combinations(parts, size)
    else:
        yield from (parts[:number] + parts[number + 1 :] for number in range(len(parts)))


def _learn(tables: Sequence[Long], members: dict[str, int], whole: int) -> Iterable[Division]:
    values, codes = list(members), list(members.values())
    for table in tables:
        for at, chosen in find_divisions(table, "cohort", ("indicator", "place", "period"), codes, whole):
            if at < 0 or len(chosen) > 1:  # two categories are alike by chance where counts are small
                yield ("" if at < 0 else values[at]), frozenset(values[other] for other in chosen.tolist())


def _families(whole: int, name: str, members: dict[str, int], learned: set[Division]) -> Iterable[Family]:
    """Yield the members that name ages, if any, and all of them as categories."""
    ages = {value: read_age(value) for value in members} if name == "age" else {}
    bands = {value: found for value, found in ages.items() if found is not None}
    if bands:
        yield Family(whole, np.array([members[value] for value in bands]), (), (), tuple(bands.values()))
    if len(bands) == len(members):
        return
    values = list(members)
    known = sorted((item for item in learned if item[1] <= set(values)), key=lambda item: (item[0], sorted(item[1])))
    inner = [(broad, parts) for broad, parts in known if broad in members]
    tops = set(values) - {part for _, parts in inner for part in parts}
    bottoms = set(values) - {broad for broad, _ in inner}
    choices = [tops, bottoms, *(set(parts) for broad, parts in known if not broad)]
    ways = {tuple(value in choice for value in values): None for choice in choices if choice}
    yield Family(
        whole,
        np.array(list(members.values())),
        tuple(np.array(way, dtype=np.bool_) for way in ways),
        tuple((values.index(broad), np.array([value in parts for value in values])) for broad, parts in inner),
        (),
    )
