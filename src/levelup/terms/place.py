"""Places: what kind a code names, when it was valid, what followed it, and patches named by councillors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """The level of a place, small to large."""

    LSOA = "lsoa"
    MSOA = "msoa"
    WARD = "ward"
    PATCH = "patch"
    DISTRICT = "district"
    UPPER = "upper-tier"
    UNITARY = "unitary"
    COMBINED = "combined-authority"
    HEALTH = "integrated-care-board"
    REGION = "region"
    NATION = "nation"
    COUNTRY = "country"
    EMPLOYER = "employer"


_PREFIXES: dict[str, Level] = {
    "E01": Level.LSOA, "W01": Level.LSOA, "S01": Level.LSOA, "N20": Level.LSOA,
    "E02": Level.MSOA, "W02": Level.MSOA, "S02": Level.MSOA,
    "E05": Level.WARD, "W05": Level.WARD, "S13": Level.WARD, "N08": Level.WARD,
    "E06": Level.UNITARY, "W06": Level.UNITARY, "S12": Level.UNITARY, "N09": Level.UNITARY,
    "E07": Level.DISTRICT, "E08": Level.UNITARY, "E09": Level.UNITARY,
    "E10": Level.UPPER, "E11": Level.COMBINED, "E47": Level.COMBINED,
    "E54": Level.HEALTH, "E12": Level.REGION, "E92": Level.NATION, "W92": Level.NATION,
    "S92": Level.NATION, "N92": Level.NATION, "K02": Level.COUNTRY, "K03": Level.COUNTRY, "K04": Level.COUNTRY,
}  # fmt: skip
_CODE = re.compile(r"^[EWSNK]\d{8}$")


def level_of(code: str) -> Level | None:
    """Return the level that a GSS code's prefix names, or None where it is no GSS code.

    Examples
    --------
    >>> level_of("E10000012").value
    'upper-tier'
    """
    if code.startswith("patch:"):
        return Level.PATCH
    if code.startswith("employer:"):
        return Level.EMPLOYER
    return _PREFIXES.get(code[:3]) if _CODE.match(code) else None


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its code, name, level, the place it lies in, and the dates between which the code was valid.

    `successors` are the codes that took its area over when it ended; `vintage` is the year of the boundary it is drawn on.
    """

    code: str
    name: str
    level: Level
    parent: str = ""
    vintage: int = 0
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()
    members: tuple[str, ...] = field(default=())
    """For a patch, the LSOAs it is made of."""

    @property
    def is_current(self) -> bool:
        """Whether the code has not ended."""
        return not self.valid_to
