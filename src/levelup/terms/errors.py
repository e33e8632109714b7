"""Every error this package raises, and the refusal it returns instead of raising.

LevelupError                  the base: code, rule, got, where, next
├── InputError                an argument, option or file the caller can mend
├── DataFaults                a table of faults in somebody's data; nothing was stored
├── CatalogueError            the catalogue breaks one of its own rules
├── StoreError                a release or manifest is missing or damaged
├── GuardRailError            a rule of the house forbids it (exit code 2)
└── VerifyError               a published number differs from its recomputation (exit code 2)

A `Refusal` is a value, not an exception: it says why a number is absent and what data would lift it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

CODES: dict[str, str] = {
    "input": "An argument or option must be something else.",
    "file-missing": "A named file does not exist.",
    "file-too-large": "The file is over the size bound.",
    "file-unreadable": "The file is empty, truncated, mis-encoded or not of the type its name says.",
    "data-faults": "The table has faults; every one is listed with file, sheet, row, column and rule. Nothing was stored.",
    "catalogue": "A catalogue entry breaks a rule of the catalogue.",
    "store": "A release or the manifest is missing or damaged.",
    "guard-rail": "A rule of the house forbids this.",
    "verify": "A published number differs from its recomputation.",
    "fetch": "A download failed, was too large, timed out or did not match its hash.",
}
"""Stable error codes and their meaning."""

REFUSALS: dict[str, str] = {
    "too-few-subjects": "Fewer subjects than the measure needs.",
    "too-few-events": "Fewer events than the interval or the rate needs.",
    "all-equal": "All values are equal where the measure needs them to differ.",
    "no-order": "The measure needs an independent order of the subjects.",
    "no-population": "The measure needs the subjects' populations.",
    "no-reference": "The named reference is not among the subjects.",
    "no-uncertainty": "No interval, standard error or counts were published.",
    "out-of-bounds": "A value lies outside the indicator's bounds.",
    "not-positive": "The measure is defined for positive values only.",
    "missing-values": "A value, weight or population is missing or not a number.",
    "suppressed": "The figure was suppressed by its publisher.",
    "too-few-periods": "Fewer periods than a trend or a forecast needs.",
    "one-period": "Only one period is held; a change needs two.",
    "series-broken": "The series has a break between the two dates.",
    "boundary-changed": "The place's boundary or code changed between the two dates.",
    "deprivation-is-relative": "A deprivation index ranks places against each other; it cannot show a change.",
    "no-levels": "Only gaps were published, without the levels that would show which end moved.",
    "gap-reversed": "The subject designated the lower one stood above the other at the start: there was no gap to narrow.",
    "selection-on-outcome": "Lower and upper would have to be chosen from the outcome itself.",
    "not-yet-known": "The figure is not known yet for this period.",
    "placeholder": "The indicator is a placeholder: its publisher has not yet defined it.",
    "no-data": "Nothing is held for this indicator, place and cohort.",
    "one-subject-missing": "One side of the comparison has no figure for one of the two dates.",
    "population-too-small": "The population is too small for the measure to mean anything.",
    "unsupported-combination": "The chosen convention or parameter does not apply to these data.",
}
"""Stable refusal codes and their meaning."""


class LevelupError(Exception):
    """Base of every error: a rule, what was got, where, and what to do next.

    Parameters
    ----------
    rule : str
        What must be true, in plain words ("must be ...").
    got : str
        What was found instead; never a suppressed count or a personal row.
    where : str
        File, sheet, row, column, option or entry.
    next : str
        What to do about it.
    code : str
        A key of `CODES`.
    """

    code = "input"

    def __init__(self, rule: str, *, got: str = "", where: str = "", next: str = "", code: str | None = None) -> None:
        self.rule, self.got, self.where, self.next = rule, got, where, next
        if code is not None:
            self.code = code
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the message as one line: where, rule, got, next."""
        rule = f"{self.where}: {self.rule}" if self.where else self.rule
        parts = [rule if rule.endswith((".", "!", "?", ":")) or not (self.got or self.next) else f"{rule}."]
        if self.got:
            parts.append(f"Got {self.got}.")
        if self.next:
            parts.append(self.next)
        return " ".join(parts).replace(" \n", "\n")

    def as_dict(self) -> dict[str, object]:
        """Return the error as the JSON object that `--json` prints."""
        return {"code": self.code, "rule": self.rule, "got": self.got, "where": self.where, "next": self.next}


class InputError(LevelupError):
    """An argument, option or file that the caller can mend."""

    code = "input"


class CatalogueError(LevelupError):
    """A catalogue entry breaks a rule of the catalogue."""

    code = "catalogue"


class StoreError(LevelupError):
    """A release or the manifest is missing or damaged."""

    code = "store"


class GuardRailError(LevelupError):
    """A rule of the house forbids what was asked; the command's exit code is 2."""

    code = "guard-rail"


class VerifyError(LevelupError):
    """A published number differs from its recomputation; the command's exit code is 2.

    `differences` lists every file that differs, with what and where.
    """

    code = "verify"

    def __init__(self, rule: str, *, differences: list[dict[str, str]], next: str = "") -> None:
        self.differences = differences
        super().__init__(rule, next=next)

    def as_dict(self) -> dict[str, object]:
        """Return the error with every difference."""
        return {"code": self.code, "rule": "every published file must be what the releases give", "differences": self.differences}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a table: where it is, what was got, and the rule it breaks (row numbers count from 1, header included)."""

    file: str
    sheet: str
    row: int | None
    column: str
    got: str
    rule: str

    def sentence(self) -> str:
        """Return the fault as one line."""
        where = [self.file]
        if self.sheet:
            where.append(f"sheet {self.sheet}")
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column:
            where.append(f"column {self.column}")
        rule = self.rule if self.rule.endswith((".", "!", "?")) else f"{self.rule}."
        return f"{', '.join(where)}: {rule if self.got else self.rule}" + (f" Got {self.got}." if self.got else "")


class DataFaults(LevelupError):
    """Every fault found in somebody's data at once; nothing was stored.

    Parameters
    ----------
    faults : iterable of Fault
        At least one.
    is_import : bool
        Whether the data were to be stored, so that the message says that they were not.
    rows : int, optional
        How many rows the table has, for "7 of 7 cells".
    """

    code = "data-faults"

    def __init__(self, faults: Iterable[Fault], *, is_import: bool = True, rows: int | None = None) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        self.stored = False
        kinds: dict[tuple[str, str, str, str], list[Fault]] = {}
        for fault in self.faults:
            kinds.setdefault((fault.file, fault.sheet, fault.column, fault.rule), []).append(fault)
        lines = [_kind_sentence(alike, rows) for alike in kinds.values()]
        shown = "\n".join(f"  {line}" for line in lines[:_MOST_KINDS])
        beyond = len(lines) - _MOST_KINDS
        more = f"\n  ... and {beyond} more kinds of fault (all of them with --json)" if beyond > 0 else ""
        super().__init__(
            f"{count} fault{'s' if count != 1 else ''} found{'; nothing was stored' if is_import else ''}.\n{shown}{more}",
            next=f"\n{_remedies(self.faults)}Mend th{'ese' if count != 1 else 'is'} in the file and run the same command again.",
        )

    def as_dict(self) -> dict[str, object]:
        """Return the error with its whole table of faults."""
        rows = [
            {"file": f.file, "sheet": f.sheet, "row": f.row, "column": f.column, "got": f.got, "rule": f.rule}
            for f in self.faults
        ]
        return {"code": self.code, "stored": False, "count": len(rows), "faults": rows}


_MOST_KINDS = 50
_MOST_ROWS = 5
_SIGNS = (
    (re.compile(r"%"), "Take the % signs out of the cells: write 12.5, not 12.5%."),
    (re.compile(r"[\u00a3$\u20ac]"), "Take the currency signs out of the cells: write 1200, not \u00a31200."),
    (re.compile(r"^'?[+-]?\d+,\d{1,2}'?$"), "Write decimals with a full stop: 12.5, not 12,5."),
)


def _kind_sentence(alike: list[Fault], rows: int | None) -> str:
    """Return one line for the faults of one column and rule: all of it where there is one, else how many and the first."""
    first = alike[0]
    if len(alike) == 1:
        return first.sentence()
    where = ", ".join(
        [first.file, *([f"sheet {first.sheet}"] if first.sheet else []), *([f"column {first.column}"] * bool(first.column))]
    )
    count = f"{len(alike):,}" + (f" of {rows:,}" if rows is not None else "")
    rule = "are not numbers" if first.rule == "must be a number" else f"break a rule: {first.rule}"
    at = [fault.row for fault in alike if fault.row is not None]
    begins = f"first: {first.got}" + (f" in row {at[0]}" if at else "") if first.got else f"first in row {at[0]}" if at else ""
    others = ", ".join(str(row) for row in at[1 : _MOST_ROWS + 1])
    if others:
        more = len(at) - 1 - _MOST_ROWS
        begins += f"; then row{'s' if len(at) > 2 else ''} {others}" + (f" and {more:,} more" if more > 0 else "")
    return f"{where}: {count} {'cells' if first.column else 'rows'} {rule}" + (f" ({begins})" if begins else "")


def _remedies(faults: tuple[Fault, ...]) -> str:
    """Return what to do about signs and decimal commas in cells that are to be numbers."""
    got = [fault.got for fault in faults if fault.rule.startswith("must be a number")]
    return "".join(f"{advice}\n" for sign, advice in _SIGNS if any(sign.search(text) for text in got))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question that names the nearest known words, the case of letters left aside; '' where none is near.

    Examples
    --------
    >>> did_you_mean("Rates", ["rate", "people"])
    "Did you mean 'rate'?"
    """
    names: dict[str, str] = {}
    for item in known:
        names.setdefault(item.casefold(), item)
    near = [names[item] for item in get_close_matches(word.strip().casefold(), names, n=3, cutoff=0.6)]
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a number is absent: a stable code of `REFUSALS`, the reason in words, and what data would lift it."""

    code: str
    reason: str
    next: str = ""

    def __post_init__(self) -> None:
        if self.code not in REFUSALS:
            raise ValueError(f"refusal code must be one of {sorted(REFUSALS)}, got {self.code!r}")

    def as_dict(self) -> dict[str, str]:
        """Return the refusal as the JSON object that results carry."""
        return {"code": self.code, "reason": self.reason, "next": self.next}
