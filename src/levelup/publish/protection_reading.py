"""What `levelup protect` and `levelup attack` read beside the table: its rows' numbers, tables that are out, a secret."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from levelup.disclosure.columns import Columns
from levelup.disclosure.profile import Profile
from levelup.disclosure.published_columns import read_earlier
from levelup.disclosure.table import CountTable, Published
from levelup.disclosure.totals import Totals
from levelup.sources import read_numbered
from levelup.terms.errors import DataFaults, Fault, InputError

Numbers = dict[str, list[int]]
"""By file: the number of each of its rows as a spreadsheet shows it."""
EXACT = "none"
"""What is said in place of a profile where a table's figures are exact."""
SECRET, DIGITS = "LEVELUP_SECRET", 8
"""The environment variable that holds the number by which random rounding is drawn, and how many digits it must have."""
DRAW = 'Draw one, and keep it: python -c "import secrets; print(secrets.randbits(48) + 10**8)"'


@contextmanager
def named_rows() -> Iterator[Numbers]:
    """Give faults the numbers of rows that a spreadsheet shows: readers count the filled rows, with the header as the first.

    What is yielded holds by file the numbers of its rows, and is filled by `read_rows`.
    """
    numbers: Numbers = {}
    try:
        yield numbers
    except DataFaults as found:
        faults = tuple(_renumbered(fault, numbers.get(fault.file, [])) for fault in found.faults)
        if faults == found.faults:
            raise
        raise DataFaults(faults) from None


def _renumbered(fault: Fault, numbers: Sequence[int]) -> Fault:
    if fault.row is None or not 2 <= fault.row < len(numbers) + 2:
        return fault
    return replace(fault, row=numbers[fault.row - 2])


def read_rows(path: Path, numbers: Numbers, *, sheet: str | None = None) -> dict[str, list[str]]:
    """Return a table's columns, and keep the numbers of its rows.

    Raises
    ------
    InputError, DataFaults
        As `levelup.sources.read_columns`, with numbers of rows that are right already.
    """
    numbers.pop(path.name, None)
    columns, numbers[path.name] = read_numbered(path, sheet=sheet)
    return columns


def match_rules(files: Sequence[Path], rules: Sequence[Profile | None]) -> list[Profile | None]:
    """Return the rule of each table that is out already: none was named, one for all of them, or one for each.

    Raises
    ------
    InputError
        There are as many rules as neither.

    Examples
    --------
    >>> match_rules([Path("a.csv"), Path("b.csv")], [])
    [None, None]
    """
    if len(rules) not in {0, 1, len(files)}:
        raise InputError(
            "--earlier-profile must be given once for all, or once for each --earlier in the same order",
            got=f"{len(rules)} for {len(files)}", next=f"Say {EXACT} for a table whose figures are exact.",
        )  # fmt: skip
    return list(rules) if len(rules) == len(files) else [rules[0] if rules else None] * len(files)


def read_all(
    files: Sequence[Path],
    rules: Sequence[Profile | None],
    numbers: Numbers,
    *,
    table: CountTable,
    totals: Totals,
    count: str,
    figures: Sequence[str] = (),
) -> list[Published]:
    """Return what each table that is out already says of a table's cells.

    Parameters
    ----------
    files : sequence of Path
    rules : sequence of Profile or None
        As for `match_rules`.
    numbers : dict of str to list of int
        As `named_rows` yields them.
    table : CountTable
    totals : Totals
    count : str
        The column of counts.
    figures : sequence of str
        Columns beside the counts, which an earlier table must not have.

    Raises
    ------
    InputError, DataFaults
        Something is wrong with a file, or with the rules; the faults of all files at once.
    """
    found: list[Published] = []
    faults: list[Fault] = []
    for path, rule in zip(files, match_rules(files, rules), strict=True):
        columns: Columns = read_rows(path, numbers)
        known = [name for name in figures if name in columns]
        if known:
            raise InputError("an earlier table must be of counts: figures beside them are not set against this table's",
                             got=", ".join(known), where=path.name, next="Leave --sum, --mean and --percent out.")  # fmt: skip
        try:
            same = totals.unify_all(columns, list(table.labels))
            found.append(read_earlier(same, table=table, count=count, profile=rule, file=path.name))
        except DataFaults as fault:
            faults += fault.faults
    if faults:
        raise DataFaults(faults)
    return found


def secret_of(given: int | None) -> int | None:
    """Return the number by which random rounding is drawn; None where nobody set one. It is never printed.

    Raises
    ------
    InputError
        It is no whole number, or one so short that it is found by trying.
    """
    where = "--secret" if given is not None else SECRET
    text = str(given) if given is not None else os.environ.get(SECRET, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise InputError(f"{where} must be a whole number of {DIGITS} digits or more", got="another text", next=DRAW)
    if int(text) < 10 ** (DIGITS - 1):
        raise InputError(f"{where} must have {DIGITS} digits or more, or it is found by trying", got="fewer", next=DRAW)
    return int(text)
