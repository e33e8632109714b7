"""What a column looks like: which of its cells are numbers, codes, periods, known names, marks."""

from __future__ import annotations

import collections.abc
import re
from collections import Counter
from dataclasses import dataclass

from levelup.terms.place import level_of
from levelup.terms.synonym import cohort_of_text
from levelup.terms.table import Cell, RawTable, cell_text
from levelup.terms.text import fold, fold_place, read_marked_number
from levelup.terms.written_period import is_period

MARKS: dict[str, str] = {
    "c": "c", "[c]": "c", "*": "c", "**": "c", "supp": "c", "suppressed": "c", "s": "c", "x": "x", "[x]": "x", "..": "x",
    ".": "x", ":": "x", "-": "x", "–": "x", "n/a": "x", "na": "x", "#n/a": "x", "null": "x", "none": "x", "no data": "x",
    "not available": "x",
    "z": "z", "[z]": "z", "not applicable": "z", "u": "u", "[u]": "u", "low": "u", "[low]": "u",
}  # fmt: skip
"""Marks that publishers put where a figure would stand, in small letters, and our shorthand for each."""

_SMALL_COUNT = re.compile(r"[<≤]\s*\d{1,2}|(?:fewer|less) than \d{1,2}|1-4|1 to 4")
_NOTE_MARKS = re.compile(r"\[[^\]]{0,30}\]|\(numeric\)", re.IGNORECASE)
_SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Profile:
    """One column: its distinct texts with how often each occurs, and the shares of its filled cells that read as something."""

    name: str
    texts: dict[str, int]
    filled: int
    numbers: float
    codes: float
    periods: float
    places: float
    cohorts: float
    marks: tuple[str, ...]
    low: float
    high: float
    is_whole: bool
    signs: frozenset[str]
    """'%' or '£' where cells carry them."""

    @property
    def is_numeric(self) -> bool:
        """Whether most cells that are no marks are numbers."""
        return self.filled > 0 and self.numbers >= 0.6

    @property
    def is_text(self) -> bool:
        """Whether the column holds words."""
        return self.filled > 0 and self.numbers < 0.5


def profile_columns(raw: RawTable, names: collections.abc.Mapping[str, str]) -> dict[str, Profile]:
    """Return the profile of every column; `names` maps folded place names to codes."""
    return {name: _profile(name, cells, raw.decimal, names) for name, cells in raw.columns.items()}


def mark_of(text: str) -> str:
    """Return our shorthand for a mark that stands for a missing figure, or ''."""
    plain = text.strip().lower()
    return MARKS.get(plain) or ("c" if _SMALL_COUNT.fullmatch(plain) else "")


def _profile(name: str, cells: list[Cell], decimal: str, names: collections.abc.Mapping[str, str]) -> Profile:
    texts: Counter[str] = Counter()
    for cell, count in Counter(cells).items():
        texts[cell_text(cell)] += count
    del texts[""]
    filled = texts.total()
    marks = {text: count for text, count in texts.items() if mark_of(text)}
    figures = {text: number for text in texts if (number := read_marked_number(text, decimal=decimal)[0]) is not None}
    plain = max(filled - sum(marks.values()), 1)
    sample = dict(texts.most_common(_SAMPLE))
    shown = max(sum(sample.values()), 1)
    unmarked = max(sum(count for text, count in sample.items() if text not in marks), 1)
    values = list(figures.values())
    return Profile(
        name=name,
        texts=dict(texts),
        filled=filled,
        numbers=sum(texts[text] for text in figures) / plain,
        codes=sum(count for text, count in sample.items() if level_of(text) is not None) / unmarked,
        periods=sum(count for text, count in sample.items() if is_period(text)) / shown,
        places=sum(count for text, count in sample.items() if fold_place(text) in names) / shown,
        cohorts=sum(1 for text in sample if cohort_of_text(text)) / max(len(sample), 1),
        marks=tuple(marks),
        low=min(values, default=0.0),
        high=max(values, default=0.0),
        is_whole=all(number.is_integer() for number in values),
        signs=frozenset(sign for sign in "%£" if any(sign in text for text in figures)),
    )


def fold_names(places: collections.abc.Mapping[str, str] | None) -> dict[str, str]:
    """Return place names folded for comparison, each with its code; a name that means two places is left out."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for name, code in (places or {}).items():
        folded = fold_place(name)
        if found.setdefault(folded, code) != code:
            doubtful.add(folded)
    return {name: code for name, code in found.items() if name not in doubtful}


def words_of(name: str) -> str:
    """Return a header folded for a search for words; underscores and joined capitals part words."""
    plain = _NOTE_MARKS.sub(" ", name.replace("_", " ").replace("|", " "))
    return fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain))
