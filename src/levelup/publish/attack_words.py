"""What is said of an attack on a published table: labels of the cells that are told, and no count unless it is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import Attacked
from levelup.disclosure.equations import Labels
from levelup.disclosure.profile import SMALL, Profile
from levelup.disclosure.table import Published
from levelup.terms.record import Floats

Flags = NDArray[np.bool_]


def attack_record(
    attacked: Attacked,
    published: Published,
    *,
    labels: Mapping[str, Labels],
    need: Floats,
    target: Flags,
    profile: Profile | None,
    ends: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what an attacker can tell of a published table's hidden and rounded counts: labels only, unless ends are asked for.

    Parameters
    ----------
    attacked : Attacked
    published : Published
    labels : mapping of str to array of str, shape (cells,)
    need : ndarray of float, shape (cells,)
        How far apart the ends of each cell must be not to be within the profile's protection.
    target : ndarray of bool, shape (cells,)
        The cells attacked: hidden ones, and rounded ones.
    profile : Profile, optional
    ends : sequence of {'low', 'high'}
    """
    hidden, rounded, width = published.hidden, target & ~published.hidden, attacked.width
    told = target & (width < 1)
    close = target & (width >= 1) & (width < need) & (profile is not None)
    known = hidden & attacked.is_exact
    is_found = (told | close) & hidden
    narrowest = float(width[known].min()) if known.any() and ((known == hidden).all() or is_found.any()) else math.inf
    figure = published.figure
    is_low = rounded & (np.nan_to_num(figure, nan=math.inf) < SMALL)
    listed = []
    for cell in _in_order(target if ends else told | close, (rounded, rounded & ~is_low)):
        entry: dict[str, Any] = {
            "labels": {name: str(column[cell]) for name, column in labels.items()},
            "told": "exactly" if told[cell] else "within the protection" if close[cell] else "no",
        }
        entry |= {"what": "rounded"} if rounded[cell] else {}
        entry |= {end: _whole(getattr(attacked, end)[cell]) for end in ends}
        listed.append(entry)
    return {
        "profile": None if profile is None else profile.name,
        "protection": None if profile is None else profile.protection,
        "cells": len(hidden),
        "hidden": int(hidden.sum()),
        "told_exactly": int((told & hidden).sum()),
        "within_protection": None if profile is None else int((close & hidden).sum()),
        "narrowest": _whole(narrowest),
        "shown_though_small": 0 if profile is None or profile.rounding != "none" else int(profile.hides(figure).sum()),
        "rounded": None if profile is None or profile.rounding == "none" else {
            "cells": int((~hidden).sum()),
            "attacked": int(rounded.sum()),
            "is_under_10_only": bool((~target & (published.low < published.high)).any()),
            "told_exactly": int((told & rounded).sum()),
            "within_protection": int((close & rounded).sum()),
            "under_10": {"told_exactly": int((told & is_low).sum()), "within_protection": int((close & is_low).sum())},
        },
        "programmes": attacked.programmes,
        "found": listed,
    }  # fmt: skip


def _in_order(chosen: Flags, later: Sequence[Flags]) -> list[int]:
    """Return cells with those that are marked behind the others."""
    cells = np.flatnonzero(chosen)
    return cells[np.argsort(np.sum([mark[cells] for mark in later], axis=0), kind="stable")].tolist()  # type: ignore[no-any-return]


def _whole(figure: float) -> int | None:
    return int(figure) if math.isfinite(figure) else None


def attack_sentence(record: Mapping[str, Any]) -> str:
    """Say what an attacker can tell, and of which cells."""
    hidden, exact, close = record["hidden"], record["told_exactly"], record["within_protection"]
    lines = [f"{exact} of {hidden} hidden counts can be told exactly from what is published."]
    if not hidden:
        lines = ["No count is hidden."]
        if record["profile"] is None:
            lines.append("Where counts are rounded, name the rule by --profile: then what can be told of them is looked for.")
    elif close is not None:
        lines.append(
            f"{close} more can be told within the protection of the profile (its ends less than {record['protection']} apart)."
        )
    if record["narrowest"] is not None:
        lines.append(f"The narrowest: its lowest and highest possible counts are {record['narrowest']} apart.")
    if record["shown_though_small"]:
        lines.append(f"{record['shown_though_small']} counts are shown that the profile hides.")
    if record["rounded"] is not None:
        lines += _rounded(record["rounded"])
    if record.get("assumes"):
        lines.append(record["assumes"])
    for entry in record["found"]:
        named = ", ".join(f"{name} {label}" for name, label in entry["labels"].items())
        named += " (rounded)" if "what" in entry else ""
        ends = ""
        if "low" in entry:
            high = "any number" if entry["high"] is None else str(entry["high"])
            ends = f": {entry['low']} to {high}"
        lines.append(f"  {entry['told']}: {named}{ends}" if entry["told"] != "no" else f"  not told: {named}{ends}")
    return "\n".join(lines)


def _rounded(found: Mapping[str, Any]) -> list[str]:
    small = found["under_10"]
    lines = [
        f"Of {found['attacked']} rounded counts {found['told_exactly']} can be told exactly, {small['told_exactly']} of those "
        f"with a figure under {SMALL};",
        f"{found['within_protection']} more, {small['within_protection']} of them so, can be told within the protection.",
    ]
    if found["is_under_10_only"]:
        lines.append(f"There are too many to attack all of them: only those with a figure under {SMALL} were.")
    return lines
