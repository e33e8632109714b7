"""Whether a table's places fit its periods and each other: codes that had ended, and codes of two vintages side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from levelup.terms.place import Level, Place
from levelup.terms.table import FaultList

_CENSUS = frozenset({Level.LSOA, Level.MSOA})
"""Levels whose codes belong to a census and are drawn anew by the next: they never mix, whatever the periods."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One row's place: which indicator and period it stands under, its code, and the row and column it is in."""

    indicator: str
    period: str
    code: str
    row: int
    column: str


def check_places(standings: Iterable[Standing], *, known: Mapping[str, Place], faults: FaultList) -> None:
    """Note every place code that had ended before its period, and every ended code beside one of a later vintage.

    Parameters
    ----------
    standings : iterable of Standing
        Rows whose place and period were read.
    known : mapping of str to Place
        Known places by code; a code that is not among them is passed over.
    faults : FaultList
        Takes the faults: one on every row for an ended code, one on its first row for a code of another vintage.
    """
    groups: dict[tuple[str, Level, str], dict[str, Standing]] = {}
    for standing in standings:
        place = known.get(standing.code)
        if place is None:
            continue
        if place.valid_to and standing.period[:10] >= place.valid_to:
            faults.add(
                f"place code must be valid in its period; it ended on {place.valid_to}{_followed_by(place)}",
                row=standing.row,
                column=standing.column,
                got=standing.code,
            )
            continue
        period = "" if place.level in _CENSUS else standing.period
        groups.setdefault((standing.indicator, place.level, period), {}).setdefault(standing.code, standing)
    reported: set[str] = set()
    for group in groups.values():
        for standing, other in _clashes(group, known):
            if standing.code not in reported:
                reported.add(standing.code)
                place = known[standing.code]
                faults.add(
                    f"places must be of one vintage; {standing.code} ended on {place.valid_to}{_followed_by(place)}, "
                    f"and {other} in the same table began later",
                    row=standing.row,
                    column=standing.column,
                    got=standing.code,
                )


def _followed_by(place: Place) -> str:
    if not place.successors:
        return ""
    return f", followed by {', '.join(place.successors[:6])}{' and others' if len(place.successors) > 6 else ''}"


def _clashes(group: Mapping[str, Standing], known: Mapping[str, Place]) -> list[tuple[Standing, str]]:
    """Return the ended codes that stand beside a successor or any code that began when they ended."""
    newest = max((known[code] for code in group), key=lambda place: place.valid_from)
    found = []
    for code, standing in group.items():
        place = known[code]
        if not place.valid_to:
            continue
        successor = next((other for other in place.successors if other in group and other != code), "")
        later = bool(newest.valid_from) and newest.valid_from >= place.valid_to
        redrawn = place.level in _CENSUS and newest.vintage > place.vintage > 0 and newest.valid_from[:4] > str(place.vintage)
        if successor or later or redrawn:
            found.append((standing, successor or newest.code))
    return found
