"""The six calculations: mean and median gaps in hourly pay and in bonus, shares paid a bonus, and quarters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from levelup.duties.pay.quarters import count_quarters
from levelup.duties.pay.records import QUARTERS, Flags, PayGaps, Sides, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.terms.record import Floats

_HALVES = {"away-from-zero": ROUND_HALF_UP, "even": ROUND_HALF_EVEN}
_AVERAGES: tuple[Callable[[Floats], np.floating[Any]], ...] = (np.mean, np.median)
_NAMES = ("mean_hourly_gap", "median_hourly_gap", "mean_bonus_gap", "median_bonus_gap")


def pay_gaps(worked: Worked, *, rules: Rules = DEFAULT, labels: tuple[str, str] = ("man", "woman")) -> PayGaps:
    """Return the six calculations for the first and the second of the compared groups.

    Parameters
    ----------
    worked : Worked
        Relevant employees with hourly pay and bonus; who is in neither group (`side` -1) is left out.
    rules : Rules
        Rounding, the rate taken as one, and what stands where no woman was paid a bonus.
    labels : tuple of str
        What one of each group is called in the reasons.

    Returns
    -------
    PayGaps
        In per cent; None where there is no figure, with its reason.

    Source
    ------
    SI 2017/353 Sch 1 paras 8 to 13; SI 2017/172 regs 8 to 13.

    Notes
    -----
    Pay is sorted before it is added, so that the order of rows cannot move a figure.

    Examples
    --------
    >>> sides, pay = np.array([0, 0, 1, 1], dtype=np.int8), np.array([20.0, 16.0, 15.0, 12.0])
    >>> people = Worked(np.arange(4), sides, pay, np.zeros(4), np.ones(4, dtype=bool), np.full(4, np.nan))
    >>> pay_gaps(people).mean_hourly_gap, pay_gaps(people).quarters["upper"]
    (25.0, Sides(first=100.0, second=0.0))
    """
    groups = (worked.side == 0, worked.side == 1)
    full = worked.is_full_pay & np.isfinite(worked.hourly)
    paid = worked.bonus > 0
    reasons: dict[str, str] = {}
    hourly = [np.sort(worked.hourly[full & group]) for group in groups]
    mean_hourly, median_hourly = _gaps(hourly, names=_NAMES[:2], what="hourly pay", labels=labels, rules=rules, reasons=reasons)
    if np.isnan(worked.bonus).any():
        for name in (*_NAMES[2:], "bonus_share"):
            reasons[name] = "The extract does not say who was paid a bonus in the twelve months."
        mean_bonus = median_bonus = None
        share = Sides(None, None)
    else:
        bonus = [np.sort(worked.bonus[paid & group]) for group in groups]
        mean_bonus, median_bonus = _bonus_gaps(bonus, groups=groups, labels=labels, rules=rules, reasons=reasons)
        share = _bonus_share(bonus, groups=groups, labels=labels, rules=rules, reasons=reasons)
    ranked = full & (worked.side >= 0)
    in_quarters = count_quarters(worked.hourly[ranked], is_second=groups[1][ranked], rules=rules)
    pairs = {name: (int(in_quarters[0][at]), int(in_quarters[1][at])) for at, name in enumerate(QUARTERS)}
    counts = {
        "relevant": (int(groups[0].sum()), int(groups[1].sum())),
        "full_pay": (len(hourly[0]), len(hourly[1])),
        "paid_bonus": (int((paid & groups[0]).sum()), int((paid & groups[1]).sum())),
    }
    quarters = {name: _pair(name, pair, rules=rules, reasons=reasons) for name, pair in pairs.items()}
    return PayGaps(mean_hourly, median_hourly, mean_bonus, median_bonus, share, quarters, counts | pairs, reasons)


def as_json(gaps: PayGaps, *, first: str = "men", second: str = "women") -> dict[str, object]:
    """Return the six calculations as the stable JSON object; `reasons` is there only where a figure is not.

    Parameters
    ----------
    gaps : PayGaps
        The six calculations.
    first, second : str
        The names of the two groups.

    Returns
    -------
    dict
        `mean_hourly_gap`, `median_hourly_gap`, `mean_bonus_gap`, `median_bonus_gap`, `bonus_share` and `quarters`, in per cent
        to one decimal.
    """

    def sides(pair: Sides) -> dict[str, float | None]:
        return {first: pair.first, second: pair.second}

    found: dict[str, object] = {name: getattr(gaps, name) for name in _NAMES}
    found["bonus_share"] = sides(gaps.bonus_share)
    found["quarters"] = {name: sides(gaps.quarters[name]) for name in QUARTERS}
    return found | ({"reasons": dict(gaps.reasons)} if gaps.reasons else {})


def round_figure(value: float, *, halves: str, rules: Rules = DEFAULT) -> float:
    """Return a figure rounded as it is published.

    Parameters
    ----------
    value : float
        Any finite number.
    halves : str
        'away-from-zero' or 'even'.
    rules : Rules
        `decimals`, and `guard_decimals`, to which the figure is exact before it is judged a half.

    Examples
    --------
    >>> round_figure(16.25, halves="away-from-zero"), round_figure(16.25, halves="even"), round_figure(-0.04, halves="even")
    (16.3, 16.2, 0.0)
    """
    exact = Decimal(repr(round(value, rules.whole("guard_decimals"))))
    return float(exact.quantize(Decimal(1).scaleb(-rules.whole("decimals")), rounding=_HALVES[halves])) + 0.0


def _gaps(
    groups: list[Floats], *, names: tuple[str, ...], what: str, labels: tuple[str, str], rules: Rules, reasons: dict[str, str]
) -> tuple[float | None, float | None]:
    """Return the mean and the median gap of two sorted samples, or None with the reason."""
    found: list[float | None] = []
    for name, average in zip(names, _AVERAGES, strict=True):
        nobody = next((label for label, group in zip(labels, groups, strict=True) if not len(group)), "")
        if nobody:
            reasons[name] = f"There is no {nobody} with {what}, so there is nothing to compare."
            found.append(None)
            continue
        first, second = (float(average(group)) for group in groups)
        if first <= 0:
            reasons[name] = f"The {what} of {_plural(labels[0])} comes to nothing, which a gap cannot be a share of."
            found.append(None)
            continue
        found.append(round_figure((first - second) / first * 100, halves=rules.choice("halves"), rules=rules))
    return found[0], found[1]


def _plural(label: str) -> str:
    return {"man": "men", "woman": "women"}.get(label, label.replace("person", "people", 1))


def _bonus_gaps(
    bonus: list[Floats], *, groups: tuple[Flags, Flags], labels: tuple[str, str], rules: Rules, reasons: dict[str, str]
) -> tuple[float | None, float | None]:
    """Return the two bonus gaps over those paid one; a convention stands where nobody of the second group was."""
    is_one_sided = len(bonus[0]) > 0 and not len(bonus[1]) and bool(groups[1].any())
    if is_one_sided and rules.choice("no_woman_paid_bonus") == "hundred":
        return 100.0, 100.0
    return _gaps(bonus, names=_NAMES[2:], what="a bonus", labels=labels, rules=rules, reasons=reasons)


def _bonus_share(
    bonus: list[Floats], *, groups: tuple[Flags, Flags], labels: tuple[str, str], rules: Rules, reasons: dict[str, str]
) -> Sides:
    """Return the share of each group that was paid a bonus."""
    shares: list[float | None] = []
    for label, paid, group in zip(labels, bonus, groups, strict=True):
        everyone = int(group.sum())
        if not everyone:
            said = f"There is no {label} among the relevant employees."
            reasons["bonus_share"] = " ".join(filter(None, (reasons.get("bonus_share", ""), said)))
        share = len(paid) / everyone * 100 if everyone else None
        shares.append(None if share is None else round_figure(share, halves=rules.choice("halves"), rules=rules))
    return Sides(shares[0], shares[1])


def _pair(name: str, pair: tuple[int, int], *, rules: Rules, reasons: dict[str, str]) -> Sides:
    """Return the two shares of a quarter, which come to exactly 100."""
    if not sum(pair):
        reasons[name] = "There is nobody in this quarter."
        return Sides(None, None)
    first = round_figure(pair[0] / sum(pair) * 100, halves=rules.choice("halves_of_pairs"), rules=rules)
    return Sides(first, round(100 - first, rules.whole("decimals")))
