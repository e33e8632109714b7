"""Whether a table's places fit its periods and each other: codes that had ended, and codes of two vintages side by side."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.terms.place import Level, Place
from levelup.terms.table import FaultList

_CENSUS = frozenset({Level.LSOA, Level.MSOA})
"""Levels whose codes belong to a census and are drawn anew by the next: they never mix, whatever the periods."""


Standings = dict[tuple[str, str, str], list[int]]
"""For every indicator, period and place code of a table, the numbers of the rows they stand in."""


def check_places(standings: Standings, *, column: str, known: Mapping[str, Place], faults: FaultList) -> None:
    """Note every place code that had ended before its period, and every ended code beside one of a later vintage.

    Parameters
    ----------
    standings : dict of (str, str, str) to list of int
        Indicator, period (ISO 8601) and place code, with the rows they stand in.
    column : str
        The column the codes come from.
    known : mapping of str to Place
        Known places by code; a code that is not among them is passed over.
    faults : FaultList
        Takes the faults: one on every row for an ended code, one on its first row for a code of another vintage.
    """
    groups: dict[tuple[str, Level, str], dict[str, int]] = {}
    for (indicator, period, code), rows in standings.items():
        place = known.get(code)
        if place is None:
            continue
        if place.valid_to and period[:10] >= place.valid_to:
            rule = f"place code must be valid in its period; it ended on {place.valid_to}{_followed_by(place)}"
            for row in rows:
                faults.add(rule, row=row, column=column, got=code)
            continue
        shared = "" if place.level in _CENSUS else period
        groups.setdefault((indicator, place.level, shared), {}).setdefault(code, rows[0])
    reported: set[str] = set()
    for group in groups.values():
        for code, other in _clashes(group, known):
            if code not in reported:
                reported.add(code)
                faults.add(
                    f"places must be of one vintage; {code} ended on {known[code].valid_to}{_followed_by(known[code])}, "
                    f"and {other} in the same table began later",
                    row=group[code],
                    column=column,
                    got=code,
                )


def _followed_by(place: Place) -> str:
    if not place.successors:
        return ""
    return f", followed by {', '.join(place.successors[:6])}{' and others' if len(place.successors) > 6 else ''}"


def _clashes(group: Mapping[str, int], known: Mapping[str, Place]) -> list[tuple[str, str]]:
    """Return the ended codes that stand beside a successor or any code that began when they ended."""
    newest = max((known[code] for code in group), key=lambda place: place.valid_from)
    found = []
    for code in group:
        place = known[code]
        if not place.valid_to:
            continue
        successor = next((other for other in place.successors if other in group and other != code), "")
        later = bool(newest.valid_from) and newest.valid_from >= place.valid_to
        redrawn = place.level in _CENSUS and newest.vintage > place.vintage > 0 and newest.valid_from[:4] > str(place.vintage)
        if successor or later or redrawn:
            found.append((code, successor or newest.code))
    return found
