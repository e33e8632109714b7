"""Profiles: what one says of a figure holds for every count that is shown so, or the profile is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from levelup.disclosure.cell_key import KEYS, make_table
from levelup.disclosure.gate import said_by
from levelup.disclosure.profile import Profile, read_profile, shipped
from levelup.disclosure.rounding import round_at_random, round_to_nearest
from levelup.terms.errors import InputError

TEXTS = {"title": "Own", "sentence": "Some are hidden.", "protection": 2, "source": "Council", "address": "none"}


def figures(profile: Profile, count: int) -> set[float]:
    """Return every figure by which a profile can show a count."""
    whole = np.array([float(count)])
    if profile.rounding == "nearest":
        return set(round_to_nearest(whole, base=profile.base).tolist())
    if profile.rounding == "cell-key":
        table = make_table(most=profile.most, variance=profile.variance)
        return set(table.apply(np.full(KEYS, count), np.arange(KEYS)).astype(np.float64).tolist())
    return {float(round_at_random(whole, base=profile.base, chance=np.array([chance]))[0]) for chance in (0.0, 0.999999)}


def holds(profile: Profile, *, most: int = 130) -> bool:
    """Return whether every count that is shown lies between the ends that its figure says."""
    first, last = profile.hidden or (1, 0)
    for count in range(most):
        for figure in figures(profile, count) if not first <= count <= last else ():
            said = said_by(np.array([figure]), profile)
            if not said.low[0] <= count <= said.high[0]:
                return False
    return True


def own(rounding: str, hidden: tuple[int, int], base: int) -> dict[str, object]:
    size = {"most": base, "variance": 2.0} if rounding == "cell-key" else {"base": base}
    return {**TEXTS, "rounding": rounding, "hidden": list(hidden), **size}


@pytest.mark.parametrize("rounding", ["nearest", "random", "controlled", "cell-key"])
def test_a_profile_is_refused_just_where_a_shown_zero_could_be_somebody(rounding: str) -> None:
    for base, first, last in itertools.product((2, 3, 5, 10, 20), (1, 2, 4), (1, 2, 4, 5, 9, 10, 19)):
        if first > last:
            continue
        entry = own(rounding, (first, last), base)
        try:
            found = read_profile("own", entry)
        except InputError as fault:
            assert "hides and rounds" in fault.rule
            read = Profile(name="own", **{**entry, "hidden": (first, last)})  # type: ignore[arg-type]
            assert rounding == "cell-key" or not holds(read), f"{entry} was refused and holds"
        else:
            assert holds(found), f"{entry} was accepted and does not hold"


def test_what_to_write_instead_is_said_and_is_accepted() -> None:
    with pytest.raises(InputError) as fault:
        read_profile("own", own("nearest", (1, 5), 20))
    assert "[1, 9]" in fault.value.next and "hidden up to 5" in fault.value.got
    assert holds(read_profile("own", own("nearest", (1, 9), 20)))
    with pytest.raises(InputError, match="from 1 on"):
        read_profile("own", own("nearest", (3, 9), 5))
    with pytest.raises(InputError, match="cell keys need"):
        read_profile("own", {**TEXTS, "rounding": "cell-key"})


def test_every_shipped_profile_that_rounds_holds() -> None:
    rounding = [profile for profile in shipped().values() if profile.rounding != "none"]
    assert len(rounding) >= 5 and all(holds(profile) for profile in rounding)
