"""A profile says what may be shown: which counts are hidden, how the others are rounded, how uncertain hidden ones must stay."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from levelup.disclosure.primary import Flags, too_few
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

SMALL = 10
"""Counts under this are to stay uncertain by a profile that hides none."""
ROUNDINGS = ("none", "nearest", "random", "controlled", "cell-key")


@dataclass(frozen=True, slots=True)
class Profile:
    """One named rule, as cited data.

    `hidden` are the lowest and highest count that must not be shown, None where nothing is; zeros are always shown. `rounding` is
    one of `ROUNDINGS`, to multiples of `base`; `most` and `variance` are those of cell key perturbation. `protection` is how many
    numbers, less one, a hidden or rounded count must still be able to be. Means, shares and gaps of fewer people than
    `statistics_from` are not shown. `dominance` is (n, share) and `p_percent` p, for tables of sums.
    """

    name: str
    title: str
    sentence: str
    protection: int
    source: str
    address: str
    hidden: tuple[int, int] | None = None
    rounding: str = "none"
    base: int = 1
    most: int = 0
    variance: float = 0.0
    statistics_from: int = 0
    dominance: tuple[int, float] | None = None
    p_percent: float | None = None

    def hides(self, count: Floats) -> Flags:
        """Return which counts must not be shown."""
        return too_few(count, least=self.hidden[0], most=self.hidden[1]) if self.hidden else np.zeros(len(count), dtype=np.bool_)

    def guards(self, count: Floats) -> Flags:
        """Return which counts must stay uncertain: those that are hidden, or where none are, those of 1 to 9."""
        return self.hides(count) if self.hidden else too_few(count, least=1, most=SMALL - 1)

    @property
    def reach(self) -> int:
        """How far a shown count may lie from the true one, at most."""
        return {"none": 0, "nearest": self.base // 2, "cell-key": self.most}.get(self.rounding, self.base - 1)


def read_profile(name: str, given: dict[str, Any]) -> Profile:
    """Return a profile from its entry, checked.

    Raises
    ------
    InputError
        A field is unknown, missing, or does not make sense.

    Examples
    --------
    >>> entry = {"title": "Own", "sentence": "Counts of 1 to 4 are hidden.", "hidden": [1, 4], "protection": 3}
    >>> read_profile("own", {**entry, "source": "Council, 2026", "address": "https://example.org"}).hidden
    (1, 4)
    """
    known = {item.name for item in fields(Profile)} - {"name"}
    where = f"profile {name}"
    unknown, missing = sorted(set(given) - known), sorted({"title", "sentence", "protection", "source", "address"} - set(given))
    if unknown or missing:
        got = ", ".join([*(f"unknown {item}" for item in unknown), *(f"no {item}" for item in missing)])
        raise InputError(
            "a profile must have its fields and no others", got=got, where=where, next=f"It may have: {', '.join(sorted(known))}."
        )
    pairs = {key: tuple(given[key]) for key in ("hidden", "dominance") if given.get(key) is not None}
    found = Profile(name=name, **{**given, **pairs})
    if found.rounding not in ROUNDINGS:
        raise InputError(
            "rounding must be one of a list", got=repr(found.rounding), where=where, next=f"Use: {', '.join(ROUNDINGS)}."
        )
    if found.hidden is not None and not 1 <= found.hidden[0] <= found.hidden[1]:
        raise InputError(
            "hidden must be the lowest and the highest count that is hidden, from 1", got=str(found.hidden), where=where
        )
    if found.rounding in ("nearest", "random", "controlled") and found.base < 2:
        raise InputError("rounding needs a base of 2 or more", got=str(found.base), where=where)
    if found.rounding == "cell-key" and not (found.most >= 1 and 0 < found.variance <= found.most**2):
        raise InputError(
            "cell keys need a largest change (most) of 1 or more, and a variance above 0 and up to its square",
            got=f"{found.most} and {found.variance:g}",
            where=where,
        )
    _check_zeros(found, where=where)
    if found.protection < 1:
        raise InputError("protection must be 1 or more", got=str(found.protection), where=where)
    check_rules(found, where=where)
    return found


def _check_zeros(profile: Profile, *, where: str) -> None:
    """Check that a profile which hides and rounds shows a zero only where nobody is: what a figure says holds only then."""
    if profile.hidden is None or profile.rounding == "none":
        return
    first, last = profile.hidden
    if first != 1:
        raise InputError(
            "a profile that hides and rounds must hide from 1 on, or a shown zero could be somebody", got=f"hidden from {first}",
            where=where, next=f"Write hidden: [1, {last}].",
        )  # fmt: skip
    least = {"nearest": (profile.base - 1) // 2, "cell-key": profile.most}.get(profile.rounding, profile.base - 1)
    if last < least:
        raise InputError(
            "a profile that hides and rounds must hide every count that is rounded to zero", got=f"hidden up to {last}",
            where=where, next=f"Write hidden: [1, {least}] or more, or a smaller base.",
        )  # fmt: skip


def check_rules(profile: Profile, *, where: str) -> None:
    """Check that a profile's rules for sums make sense.

    Parameters
    ----------
    profile : Profile
    where : str
        What messages name.

    Raises
    ------
    InputError
        n is below 1, k does not lie between 0 and 1, or p does not lie above 0 and up to 100.
    """
    if profile.dominance is not None and not (profile.dominance[0] >= 1 and 0 < profile.dominance[1] < 1):
        raise InputError(
            "dominance must be how many contributions, from 1, and a share between 0 and 1", got=str(profile.dominance),
            where=where, next="For example 2 and 0.9.",
        )  # fmt: skip
    if profile.p_percent is not None and not 0 < profile.p_percent <= 100:
        raise InputError(
            "p_percent must lie above 0 and be 100 at most", got=f"{profile.p_percent:g}", where=where, next="For example 10."
        )


@cache
def shipped() -> dict[str, Profile]:
    """Return the profiles that come with the package, by name."""
    text = (resources.files("levelup") / "disclosure" / "profiles.yaml").read_text(encoding="utf-8")
    return {name: read_profile(name, entry) for name, entry in yaml.safe_load(text).items()}


def find_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises
    ------
    InputError
        There is none.

    Examples
    --------
    >>> find_profile("threshold-10").hidden
    (1, 9)
    """
    found = shipped().get(name)
    if found is None:
        raise InputError(
            "a profile must be one of those known",
            got=repr(name),
            where="--profile",
            next=f"Use one of: {', '.join(shipped())}; or the path of your own.",
        )
    return found
