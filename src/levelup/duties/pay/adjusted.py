"""The adjusted gap: how much of the difference in pay goes with grade and hours, and how much does not (Oaxaca and Blinder)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.breakdown import MINIMUM
from levelup.duties.pay.records import Flags, Texts, Worked
from levelup.inference.distribution import z_of
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Estimate, Floats

Scale = Literal["log", "pounds"]
Reference = Literal["first", "second", "pooled"]
Hours = Literal["full-or-part-time", "weekly-hours", "none"]

FULL_TIME_ABOVE = 30.0
"""Weekly hours above which work is full-time, as the Annual Survey of Hours and Earnings has it."""
LEAST = 30
"""People on each side of the comparison below which nothing is adjusted, where nothing else is asked for."""
_ALONE = 1e-10
"""A column of whose squares the earlier columns leave no more than this share adds nothing and is left out."""
_FITTED = 1e-9
"""A row whose leverage is within this of 1 decides its own coefficient and has no residual."""
SAID: dict[Hours, str] = {
    "full-or-part-time": "grade and full-time or part-time work",
    "weekly-hours": "grade and weekly hours",
    "none": "grade",
}
"""What pay is adjusted for in words, by how hours enter."""


def explain(hours: Hours, *, above: float = FULL_TIME_ABOVE) -> tuple[str, ...]:
    """Return what an adjusted gap means and does not mean, in sentences for readers.

    Parameters
    ----------
    hours : {'full-or-part-time', 'weekly-hours', 'none'}
        How hours entered.
    above : float
        Weekly hours above which work is full-time.

    Examples
    --------
    >>> explain("full-or-part-time")[1]
    'Hours enter as one step: full-time (more than 30 hours a week) or part-time; no finer difference.'
    """
    said = SAID[hours]
    step = f"Hours enter as one step: full-time (more than {above:g} hours a week) or part-time; no finer difference."
    return (
        f"The explained part is the difference in mean pay that goes with the two sides being spread differently over {said}, "
        "each valued as the stated coefficients value it.",
        *([step] if hours == "full-or-part-time" else []),
        f"The unexplained part is what is left at the same {said}. It is no measure of discrimination: it also holds "
        "whatever was not recorded, such as length of service.",
        "Explained does not mean fair. Who reaches which grade, and who works full-time, may itself come from unequal treatment.",
        "Which side's coefficients value the differences changes the answer; both readings are equally good arithmetic.",
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """What pay is explained by: figures of shape (people, columns), each column's name, and the factor it belongs to."""

    figures: Floats
    names: tuple[str, ...]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A difference of two means, first less second, split in two: gap = explained + unexplained, in the unit of the figures.

    `by_factor` are the explained parts, which add up to `explained`; a factor with no column left is not among them. `left_out`
    names the columns that add nothing to the earlier ones among those whose coefficients are used. `people` are the first and
    the second side's.
    """

    reference: str
    people: tuple[int, int]
    gap: Estimate
    explained: Estimate
    unexplained: Estimate
    by_factor: dict[str, Estimate]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdjustedGap:
    """An adjusted gap on one scale under each set of coefficients.

    On the 'log' scale, figures are differences of mean natural logarithms of hourly pay; in 'pounds', of mean hourly pay.
    `whole_gap` is that of all who have every factor; `gap_outside` is the part of it that is there only because grades with one
    side alone (`one_sided`, by name) are in it: they have nothing to compare and are not in the splits. `people_one_sided` are
    how many there are of each side. The three are None, for the reason in `withheld`, where so few stand outside that their pay
    could be worked out. `not_used` says how many people were left out otherwise, by reason; `hours` how hours entered.
    """

    scale: Scale
    whole_gap: float | None
    gap_outside: float | None
    splits: tuple[Split, ...]
    one_sided: tuple[str, ...]
    people_one_sided: tuple[int, int] | None
    withheld: str
    not_used: tuple[tuple[str, int], ...]
    hours: Hours
    meaning: tuple[str, ...]


def adjusted_gap(
    worked: Worked,
    *,
    scale: Scale = "log",
    grade: str = "grade",
    hours: Hours = "full-or-part-time",
    full_time_above: float = FULL_TIME_ABOVE,
    references: tuple[Reference, ...] = ("first", "pooled"),
    confidence: float = 0.95,
    least: int = LEAST,
    minimum: int = MINIMUM,
) -> AdjustedGap | Refusal:
    """Split the gap in hourly pay into a part that goes with grade and hours and a part that does not.

    Parameters
    ----------
    worked : Worked
        The employees; full-pay relevant employees of the two sides are used.
    scale : {'log', 'pounds'}
        Whether logarithms of hourly pay or pounds an hour are compared; logarithms weigh a tenth more the same at every grade.
    grade : str
        The label in `worked.groups` that holds the grade; '' for none.
    hours : {'full-or-part-time', 'weekly-hours', 'none'}
        How hours enter: as one step, as a straight line, or not at all.
    full_time_above : float
        Hours a week above which work is full-time.
    references : tuple of {'first', 'second', 'pooled'}
        Whose coefficients value the differences: the first side's (men's), the second's, or those of both sides together with a
        mark for the side.
    confidence : float
        Between 0 and 1.
    least : int
        People on each side, in grades with both, below which the gap is refused.
    minimum : int
        People of a side in grades without the other below which, if there are any, the gap of all is withheld.

    Returns
    -------
    AdjustedGap or Refusal

    Raises
    ------
    InputError
        An option is none of the words, or the grade is not held.

    Source
    ------
    Oaxaca (1973), International Economic Review 14:693; Blinder (1973), Journal of Human Resources 8:436; for 'pooled', Jann
    (2008), Stata Journal 8:453; for grades with one side alone, Nopo (2008), Review of Economics and Statistics 90:290.

    Notes
    -----
    A grade without the other side would be compared with nobody, so its people are set apart and named, and
    whole_gap = gap_outside + explained + unexplained exactly.
    """
    if scale not in ("log", "pounds") or hours not in ("full-or-part-time", "weekly-hours", "none"):
        raise InputError("the scale must be log or pounds, and hours a known word", got=f"{scale!r}, {hours!r}")
    if grade and grade not in worked.groups:
        raise InputError("the employees must carry this label", got=repr(grade))
    labels = np.char.strip(worked.groups[grade]) if grade else np.full(len(worked.side), "all")
    used, not_used = _used(worked, labels=labels, scale=scale, hours=hours)
    side, pay, labels = worked.side[used], worked.hourly[used], labels[used]
    outcome = np.log(pay) if scale == "log" else pay
    grades, which = np.unique(labels, return_inverse=True)
    counts = np.bincount(2 * which + side, minlength=2 * len(grades)).reshape(-1, 2)
    alone = (counts == 0).any(axis=1)
    inside = ~alone[which]
    if min(int((side[inside] == at).sum()) for at in (0, 1)) < least:
        reason = f"Fewer than {least} people on a side, in grades that hold both and with every factor recorded."
        return Refusal("too-few-subjects", reason, "Record grade and hours of more people, or join grades.")
    columns = _columns(
        which[inside], grades=grades[~alone], weekly=worked.weekly_hours[used][inside], hours=hours, above=full_time_above,
        kept=np.flatnonzero(~alone), grade=grade,
    )  # fmt: skip
    splits = [
        oaxaca_blinder(outcome[inside], side=side[inside], columns=columns, reference=item, confidence=confidence)
        for item in references
    ]
    refused = next((item for item in splits if isinstance(item, Refusal)), None)
    if refused is not None:
        return refused
    whole = float(outcome[side == 0].mean() - outcome[side == 1].mean())
    made = tuple(item for item in splits if isinstance(item, Split))
    meaning = explain(hours, above=full_time_above)
    names, outside = tuple(grades[alone].tolist()), counts[alone].sum(axis=0)
    if ((outside > 0) & (outside < minimum)).any():
        withheld = f"Fewer than {minimum} people of a side are in grades without the other, and their pay could be worked out."
        return AdjustedGap(scale, None, None, made, names, None, withheld, not_used, hours, meaning)
    people = (int(outside[0]), int(outside[1]))
    return AdjustedGap(scale, whole, whole - made[0].gap.value, made, names, people, "", not_used, hours, meaning)


def _used(worked: Worked, *, labels: Texts, scale: Scale, hours: Hours) -> tuple[Flags, tuple[tuple[str, int], ...]]:
    """Return who has everything that is needed, and how many were left out by the first reason that holds."""
    base = (worked.side >= 0) & worked.is_full_pay & np.isfinite(worked.hourly)
    reasons = [("grade not recorded", labels == "")]
    if hours != "none":
        reasons.append(("weekly hours not recorded", ~np.isfinite(worked.weekly_hours)))
    if scale == "log":
        reasons.append(("hourly pay not above 0, which has no logarithm", ~(worked.hourly > 0)))
    not_used = []
    for reason, flags in reasons:
        if (base & flags).any():
            not_used.append((reason, int((base & flags).sum())))
        base = base & ~flags
    return np.asarray(base), tuple(not_used)


def _columns(
    which: NDArray[np.intp], *, grades: Texts, weekly: Floats, hours: Hours, above: float, kept: NDArray[np.intp], grade: str
) -> Columns:
    """Return a column for each grade but the first, and one for hours."""
    names = [f"{grade} {name}" for name in grades[1:].tolist()]
    figures = [(which == code).astype(np.float64) for code in kept[1:].tolist()]
    factors = [grade] * len(names)
    if hours != "none":
        names.append("part-time" if hours == "full-or-part-time" else "weekly hours")
        figures.append((weekly <= above).astype(np.float64) if hours == "full-or-part-time" else weekly)
        factors.append("hours")
    table = np.column_stack(figures) if figures else np.empty((len(which), 0))
    return Columns(table, tuple(names), tuple(factors))


def oaxaca_blinder(
    outcome: Floats, *, side: NDArray[np.int8], columns: Columns, reference: Reference = "first", confidence: float = 0.95
) -> Split | Refusal:
    """Split the difference of two means by two regressions into an explained and an unexplained part.

    Parameters
    ----------
    outcome : ndarray of float, shape (people,)
        Finite.
    side : ndarray of int, shape (people,)
        0 for the first side, 1 for the second.
    columns : Columns
        What the outcome is explained by, finite; an intercept is added.
    reference : {'first', 'second', 'pooled'}
        Whose coefficients b value the difference of the columns' means: explained = (x1 - x2)' b.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Split or Refusal
        First less second. Parts by factor do not depend on which category of a factor has no column; the same cannot be had for
        the unexplained part, so that it is not split.

    Raises
    ------
    InputError
        The reference is none of the words.

    Source
    ------
    Oaxaca (1973), doi:10.2307/2525981; Blinder (1973), doi:10.2307/144855; Jann (2008), Stata Journal 8:453, for the pooled
    coefficients with a mark for the side.

    Notes
    -----
    Standard errors sum the squared influence of each person on a part. They hold whatever the spread about the line in each
    grade (residuals divided by the root of 1 - leverage, MacKinnon and White 1985) and count the columns' means as uncertain.

    Examples
    --------
    >>> pay, x = np.array([10.0, 12.0, 14.0, 9.0, 11.0, 10.0]), np.array([[0.0], [1.0], [2.0], [0.0], [1.0], [0.0]])
    >>> made = oaxaca_blinder(pay, side=np.array([0, 0, 0, 1, 1, 1], dtype=np.int8), columns=Columns(x, ("x",), ("grade",)))
    >>> [round(item.value, 9) for item in (made.gap, made.explained, made.unexplained)]
    [2.0, 1.333333333, 0.666666667]
    """
    if reference not in ("first", "second", "pooled"):
        raise InputError("the coefficients must be of the first side, of the second, or pooled", got=repr(reference))
    z = z_of(confidence)
    masks = (side == 0, side == 1)
    rows = masks[0] | masks[1] if reference == "pooled" else masks[0 if reference == "first" else 1]
    mark = [masks[0][rows].astype(np.float64)] if reference == "pooled" else []
    lead = np.column_stack([np.ones(int(rows.sum())), *mark])
    keep = _independent(lead, columns.figures[rows])
    design = np.column_stack([lead, columns.figures[rows][:, keep]])
    if min(int(mask.sum()) for mask in masks) < 2 or len(design) <= design.shape[1]:
        return Refusal("too-few-subjects", "Fewer people than the regression has columns.", "Join grades.")
    x = columns.figures[:, keep]
    inverse, coefficients, residual = _regression(design, outcome[rows])
    skip, b = lead.shape[1], coefficients[lead.shape[1] :]
    apart = x[masks[0]].mean(axis=0) - x[masks[1]].mean(axis=0)
    gap_moves = _centred(outcome, masks=masks)
    factors = [columns.factors[at] for at in np.flatnonzero(keep).tolist()]
    found: dict[str, Estimate] = {}
    total, total_moves = 0.0, np.zeros(len(outcome))
    for factor in dict.fromkeys(factors):
        mine = np.array([name == factor for name in factors], dtype=np.bool_)
        part = float(apart[mine] @ b[mine])
        influence = _centred(x[:, mine] @ b[mine], masks=masks)
        influence[rows] += (design @ (inverse[:, skip:][:, mine] @ apart[mine])) * residual
        found[factor] = _estimate(part, influence, z=z, confidence=confidence)
        total, total_moves = total + part, total_moves + influence
    gap = float(outcome[masks[0]].mean() - outcome[masks[1]].mean())
    return Split(
        reference,
        (int(masks[0].sum()), int(masks[1].sum())),
        _estimate(gap, gap_moves, z=z, confidence=confidence),
        _estimate(total, total_moves, z=z, confidence=confidence),
        _estimate(gap - total, gap_moves - total_moves, z=z, confidence=confidence),
        found,
        tuple(columns.names[at] for at in np.flatnonzero(~keep).tolist()),
    )


def _independent(lead: Floats, figures: Floats) -> Flags:
    """Return which columns add to the leading ones and to the columns before them, by elimination in their products."""
    table = np.column_stack([lead, figures])
    size = np.sqrt((table**2).sum(axis=0))
    products = (table.T @ table) / np.outer(np.where(size > 0, size, 1.0), np.where(size > 0, size, 1.0))
    keep = np.zeros(table.shape[1], dtype=np.bool_)
    for at in range(table.shape[1]):
        keep[at] = size[at] > 0 and products[at, at] > _ALONE
        if keep[at]:
            products = products - np.outer(products[:, at], products[at]) / products[at, at]
    return np.asarray(keep[lead.shape[1] :])


def _regression(design: Floats, outcome: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the inverse of the columns' products, the coefficients, and residuals over the root of 1 - leverage."""
    size = np.sqrt((design**2).sum(axis=0))
    inverse = np.linalg.inv(design.T @ design / np.outer(size, size)) / np.outer(size, size)
    coefficients = inverse @ (design.T @ outcome)
    rest = 1.0 - np.einsum("ij,ij->i", design @ inverse, design)
    spare = rest > _FITTED
    residual = np.where(spare, (outcome - design @ coefficients) / np.sqrt(np.where(spare, rest, 1.0)), 0.0)
    return inverse, coefficients, residual


def _centred(values: Floats, *, masks: tuple[Flags, Flags]) -> Floats:
    """Return each person's influence on the difference of the two sides' means, their squares summing to its variance."""
    out = np.zeros(len(values))
    for sign, mask in zip((1.0, -1.0), masks, strict=True):
        n = int(mask.sum())
        out[mask] = sign * (values[mask] - values[mask].mean()) / np.sqrt(n * (n - 1.0))
    return out


def _estimate(value: float, influence: Floats, *, z: float, confidence: float) -> Estimate:
    se = float(np.sqrt((influence**2).sum()))
    return Estimate(value, se, value - z * se, value + z * se, confidence)
