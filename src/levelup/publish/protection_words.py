"""What is said of a protected table, in a form that gives no count away."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.amounts import ProtectedAmounts
from levelup.disclosure.equations import Labels
from levelup.disclosure.gate import MARGIN
from levelup.disclosure.optimum import Optimum
from levelup.disclosure.percentages import ProtectedParts
from levelup.disclosure.profile import Profile
from levelup.disclosure.table import HIDDEN, CountTable, Protected
from levelup.terms.text import safe_cell

PROVED = "For every hidden count: exact bounds, or whole tables that fit everything published and give it different counts."
WIDE = (
    "For every hidden figure: the ends between which an attacker who knows every count can tell it to lie, by everything that is "
    "shown of the column, are as far apart, and the upper one as far above it, as its protection asks."
)
PARTS = "The part and the rest that each percentage makes of its count were hidden and attacked together with the counts."
WEIGHED = f"A hidden cell counts 1, and {MARGIN:g} more for each dimension that it adds up."


def profile_record(profile: Profile) -> dict[str, Any]:
    """Return a profile's name, what it does, and where it comes from."""
    return {
        "name": profile.name, "title": profile.title, "sentence": profile.sentence, "protection": profile.protection,
        "source": profile.source, "address": profile.address,
    }  # fmt: skip


def protection_record(protected: Protected, table: CountTable) -> dict[str, Any]:
    """Return what was done to a table, as `report.json` holds it.

    Notes
    -----
    Cells hidden for their own count and cells hidden to protect them are never told apart, and no figure here is made from hidden
    counts: the loss is that of the cells as anybody can see them, its distance from the bound is rounded up to a hundredth.
    """
    profile, cells = protected.profile, int((~table.kept_back).sum())
    hidden = int((protected.published.hidden & ~table.kept_back).sum())
    record = {
        "profile": profile_record(profile),
        "cells": cells,
        "hidden": hidden,
        "share_hidden": round(hidden / cells, 4) if cells else 0.0,
        "largest_change_of_a_shown_count": profile.reach,
        "attack": {
            "recovered": 0,
            "within_protection": 0,
            "protection": profile.protection,
            "how": PROVED if profile.hidden else PROVED.replace("hidden count", "count under 10"),
        },
        "information_lost": _loss(protected, table),
        "notes": list(protected.notes),
    }
    return record


def amounts_record(found: ProtectedAmounts, *, table: CountTable, like: str = "") -> dict[str, Any]:
    """Return what was done to a column of sums or means, as `report.json` holds it.

    Parameters
    ----------
    found : ProtectedAmounts
    table : CountTable
    like : str
        The column of sums that a column of means is hidden with.

    Notes
    -----
    The rules' parameters are left out: who knows them turns a hidden sum into bounds for the largest contribution.
    """
    record = {
        **_share(found.hidden, table),
        "attack": {
            "recovered": 0,
            "within_protection": 0,
            "how": WIDE,
        },
        "information_lost": _lost(found.optimum, found.hidden, table),
    }
    return record | ({"hidden_with": like} if like else {})


def parts_record(found: ProtectedParts, name: str, *, table: CountTable) -> dict[str, Any]:
    """Return what was done to a column of percentages of a table, as `report.json` holds it."""
    return {
        **_share(found.hidden[name], table),
        "attack": {
            "recovered": 0,
            "within_protection": 0,
            "how": PARTS,
        },
    }


def joint_loss(found: ProtectedParts) -> dict[str, Any] | None:
    """Return what was lost of the counts and of the parts of them together."""
    return _loss(found.whole, found.table)


def _share(hidden: NDArray[np.bool_], table: CountTable) -> dict[str, Any]:
    shown = hidden[~table.kept_back]
    return {"hidden": int(shown.sum()), "share_hidden": round(float(shown.mean()), 4) if len(shown) else 0.0}


def _loss(protected: Protected, table: CountTable) -> dict[str, Any] | None:
    return None if protected.optimum is None else _lost(protected.optimum, protected.published.hidden, table)


def _lost(optimum: Optimum, hidden: NDArray[np.bool_], table: CountTable) -> dict[str, Any]:
    totals = np.sum([column == table.total for column in table.labels.values()], axis=0)
    return {
        "lost": round(float((1.0 + MARGIN * totals)[hidden & ~table.kept_back].sum())),
        "is_least": bool(optimum.is_best),
        "is_cut_short": bool(optimum.is_cut_short),
        "stopped_after": round(optimum.seconds) if optimum.is_cut_short else None,
        "distance": math.ceil(100.0 * optimum.distance - 1e-6) / 100.0,
        "how": f"{WEIGHED} The distance is the share of the loss that a bound does not prove to be needed.",
    }


def protection_sentence(record: Mapping[str, Any]) -> str:
    """Say what was done to a table, in a few lines."""
    lines = [f"{record['profile']['title']}: {record['profile']['sentence']}"]
    if record["hidden"] or record["information_lost"] is not None:
        lines.append(f"{record['hidden']} of {record['cells']} counts are hidden ({100 * record['share_hidden']:.1f} %).")
    else:
        lines.append(
            f"Each of the {record['cells']} counts is at most {record['largest_change_of_a_shown_count']} from the true one."
        )
    lines.append("The attack recovered none, and told none within the profile's protection.")
    loss = record["information_lost"]
    if loss is not None and record["hidden"]:
        share = f"at most {100 * loss['distance']:.0f} % of what is hidden could be shown"
        lines.append("No safe choice hides less." if loss["is_least"] else f"Of the loss, {share} by a better choice.")
        lines += _cut_short(loss)
    for name, entry in record.get("figures", {}).items():
        lines.append(
            f"Column {name}: {entry['hidden']} of {record['cells']} figures are hidden ({100 * entry['share_hidden']:.1f} %)."
        )
        lines += [f"Column {name}: {said}" for said in _cut_short(entry.get("information_lost"))]
    lines += [f"Column {name}: {what}." for name, what in record.get("emptied", {}).items()]
    return "\n".join([*lines, *record["notes"]])


def _cut_short(loss: Mapping[str, Any] | None) -> list[str]:
    """Say that the search for less to hide was stopped by the clock."""
    if loss is None or not loss["is_cut_short"]:
        return []
    return [
        f"The search was stopped after {loss['stopped_after']} s, before its work was done: another run may hide others. "
        "--seconds gives it longer."
    ]


def log_text(
    protected: Protected,
    table: CountTable,
    *,
    labels: Mapping[str, Labels],
    count: str = "",
    figures: Mapping[str, NDArray[np.bool_]] | None = None,
) -> str:
    """Return the log of what is hidden, as a table: the same reason in every row.

    Parameters
    ----------
    protected : Protected
    table : CountTable
    labels : mapping of str to array of str, shape (cells,)
        As the table has them; no spreadsheet takes one for a formula in the log.
    count : str
        The column of counts; only needed beside figures.
    figures : mapping of str to ndarray of bool, optional
        Where the figures beside the counts are hidden, by column.
    """
    profile = protected.profile
    what = "figure" if figures else "count"
    reason = f"Profile {profile.name}: the {what}, or others together with it, could tell of few people."
    said = io.StringIO(newline="")
    writer = csv.writer(said, lineterminator="\n")
    writer.writerow([*map(safe_cell, labels), *(["column"] if figures else []), "status", "reason"])
    for name, hidden in {count: protected.published.hidden, **(figures or {})}.items():
        rows = np.flatnonzero(hidden & ~table.kept_back)
        same = [[word] * len(rows) for word in ([safe_cell(name)] if figures else []) + [HIDDEN, reason]]
        held = [[safe_cell(label) for label in column[rows].tolist()] for column in labels.values()]
        writer.writerows(zip(*held, *same, strict=True))
    return said.getvalue()
