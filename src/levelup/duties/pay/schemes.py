"""How the labels of ethnicity and disability are read into groups, from the widest level to the finest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from levelup.duties.pay.records import Texts
from levelup.terms.errors import InputError

Characteristic = Literal["ethnicity", "disability"]

_FACTS = Path(__file__).with_name("characteristics.yaml")
_SIGNS = re.compile(r"[^0-9a-z&]+")
_ROWS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One way to group people: the groups' keys, names and the position of the wider group each is part of, and the reference."""

    key: str
    name: str
    reference: int
    keys: tuple[str, ...]
    names: tuple[str, ...]
    part_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A characteristic's levels from the widest to the finest; `labels` maps a plain label to the group at each level, or -1."""

    characteristic: str
    levels: tuple[Level, ...]
    labels: Mapping[str, tuple[int, ...]]
    not_said: frozenset[str]
    note: str
    open: tuple[str, ...]


def plain_label(text: str) -> str:
    """Return a label without case, signs and the word 'or', as labels are looked up.

    Parameters
    ----------
    text : str
        As an extract writes it.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_label("  Asian/Asian British - INDIAN "), plain_label("Asian or Asian British: Indian")
    ('asian asian british indian', 'asian asian british indian')
    """
    words = _SIGNS.sub(" ", text.casefold()).replace("&", " and ").split()
    return " ".join(word for word in words if word != "or")


@lru_cache(maxsize=2)
def scheme_of(characteristic: Characteristic) -> Scheme:
    """Read how a characteristic is grouped from the cited data beside this file.

    Parameters
    ----------
    characteristic : {'ethnicity', 'disability'}
        Which.

    Returns
    -------
    Scheme

    Examples
    --------
    >>> [len(level.keys) for level in scheme_of("ethnicity").levels]
    [2, 5, 19]
    """
    facts: dict[str, Any] = yaml.safe_load(_FACTS.read_text(encoding="utf-8"))
    own = facts[characteristic]
    entries = {entry["key"]: entry for entry in own["groups"]}
    names = list(reversed(own["levels"]))
    held = {name: [key for key, entry in entries.items() if entry["level"] == name] for name in names}
    levels = tuple(
        Level(
            name,
            own["levels"][name]["name"],
            held[name].index(own["levels"][name]["reference"]),
            tuple(held[name]),
            tuple(entries[key]["name"] for key in held[name]),
            tuple(held[names[at - 1]].index(entries[key]["part_of"]) if at else 0 for key in held[name]),
        )
        for at, name in enumerate(names)
    )
    labels = {
        label: _codes_of(key, levels=levels, entries=entries)
        for key in entries
        for label in _labels_of(entries[key], wider=entries.get(entries[key].get("part_of", "")))
    }
    not_said = frozenset(map(plain_label, facts["not_said"]))
    note, asked = " ".join(own["note"].split()), tuple(facts["open"])
    return Scheme(characteristic, levels, labels, not_said, note, asked)


def _labels_of(entry: Mapping[str, Any], *, wider: Mapping[str, Any] | None) -> set[str]:
    alone = [plain_label(text) for text in (*entry.get("alone", ()), entry["key"])]
    if entry["level"] == "two" or wider is None or wider["level"] == "two":
        return set(alone)
    named = [*alone, *map(plain_label, entry.get("after", ()))]
    return set(alone) | {f"{plain_label(prefix)} {text}" for prefix in wider["alone"] for text in named}


def _codes_of(key: str, *, levels: tuple[Level, ...], entries: Mapping[str, Mapping[str, Any]]) -> tuple[int, ...]:
    """Return the position of a group, and of the wider ones it is part of, at each level; -1 at the finer levels."""
    found = dict.fromkeys((level.key for level in levels), -1)
    name: str | None = key
    while name is not None:
        level = next(item for item in levels if item.key == entries[name]["level"])
        found[level.key] = level.keys.index(name)
        name = entries[name].get("part_of")
    return tuple(found.values())


def place(
    labels: Texts, *, scheme: Scheme, employee: NDArray[np.int64], own: Mapping[str, str] | None = None
) -> NDArray[np.intp]:
    """Place each employee in a group at every level.

    Parameters
    ----------
    labels : ndarray of str, shape (employees,)
        As the extract writes them.
    scheme : Scheme
        The characteristic's.
    employee : ndarray of int, shape (employees,)
        Row numbers, for the message.
    own : mapping of str to str, optional
        Labels of the employer's own, and the key or the label of the scheme that each means.

    Returns
    -------
    ndarray of int, shape (levels, employees)
        The group's position at each level; -1 where the label is too wide for the level, or the employee did not say.

    Raises
    ------
    InputError
        A label is not known. The message names rows and never a label.
    """
    texts, which = np.unique(labels, return_inverse=True)
    nothing = (-1,) * len(scheme.levels)
    found = _codes_of_texts(texts.tolist(), scheme=scheme, own=own)
    unknown = np.array([codes is None for codes in found], dtype=np.bool_)[which]
    if unknown.any():
        rows = employee[unknown]
        shown = ", ".join(map(str, rows[:_ROWS_NAMED].tolist())) + (", ..." if len(rows) > _ROWS_NAMED else "")
        raise InputError(
            "every label must be one of the standard's, or one that says the employee did not say",
            got=f"{len(rows)} rows with another label (rows {shown})",
            where=f"column {scheme.characteristic}",
            next="Say which group each label of your own means.",
        )
    table = np.array([codes or nothing for codes in found], dtype=np.intp).reshape(-1, len(scheme.levels))
    return np.asarray(table[which].T)


def find_unknown(labels: Sequence[str], *, scheme: Scheme, own: Mapping[str, str] | None = None) -> list[int]:
    """Return the places of the labels that `place` would refuse.

    Examples
    --------
    >>> find_unknown(["Indian", "Purple", "", "Mauve"], scheme=scheme_of("ethnicity"), own={"mauve": "Indian"})
    [1]
    """
    texts = list(set(labels))
    codes = _codes_of_texts(texts, scheme=scheme, own=own)
    unknown = {text for text, found in zip(texts, codes, strict=True) if found is None}
    return [at for at, text in enumerate(labels) if text in unknown] if unknown else []


def _codes_of_texts(texts: Iterable[str], *, scheme: Scheme, own: Mapping[str, str] | None) -> list[tuple[int, ...] | None]:
    """Return each text's position at each level, None where it is not known."""
    meant = {plain_label(text): plain_label(target) for text, target in (own or {}).items()}
    nothing = (-1,) * len(scheme.levels)
    found: list[tuple[int, ...] | None] = []
    for text in texts:
        plain = plain_label(text)
        plain = meant.get(plain, plain)
        found.append(nothing if plain in scheme.not_said else scheme.labels.get(plain))
    return found
