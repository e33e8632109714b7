"""The change in inequality between two dates: due to inequality within groups, to the mix of people, or to the groups' means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.entropy_split import (
    EntropySplit,
    noise_within_and_between,
    slopes_of_change,
    split_entropy,
    steps_of_change,
)
from levelup.inference.interval import normal_interval
from levelup.inference.label import Codes, codes_of
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.grouped import Grouped, is_drowned, read_grouped
from levelup.measures.readings import NOISY, Readings, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="entropy_change",
    abbreviation="dMLD",
    title="Change in the mean log deviation",
    sentence="The change in inequality between two dates, split into changes of inequality within groups, of the mix of people, "
    "and of the groups' means.",
    kind="split",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=None,
    high=None,
    sign="Above 0 where inequality grew. The exact parts sum to the change; those of Mookherjee and Shorrocks nearly do.",
    applicability="Rows that are the same at both dates (places within regions, cohorts in places), with levels above 0 at both.",
    warning="A fall of inequality is no gain by itself: it may be that the top fell. Read it beside the levels.",
    interval="Normal, by the delta method from the rows' standard errors at both dates and the stated correlation of a row's two "
    "errors; withheld where noise makes up more than a fifth of the variance at either date.",
    conventions=(
        Convention("exact", "Shapley values over inequality within groups, shares of people and means: they sum to the change"),
        Convention(
            "mookherjee-shorrocks", "the published approximation, with averages of both dates; what is left over is shown"
        ),
    ),
    citation="Mookherjee and Shorrocks (1982), A decomposition analysis of the trend in UK income inequality, Economic Journal "
    "92: 886-902.",
    year=1982,
    address="https://doi.org/10.2307/2232673",
    parameters=(
        Parameter(
            "correlation",
            0.0,
            "Of the errors of a row's two levels: the share of the window or of the persons that both dates have in common.",
            low=-1.0,
            high=1.0,
        ),
    ),
    needs=("group", "later"),
    uses=("population", "later_population", "se", "later_se"),
    also_called=(("mld_change", "mookherjee-shorrocks"),),
    row="a subject that belongs to a group, with its level at both dates",
)
PARTS = ("within", "mix_within", "mix_between", "means")


@QUIET
def entropy_change(
    value: ArrayLike,
    *,
    later: ArrayLike,
    group: ArrayLike,
    polarity: Polarity,
    population: ArrayLike | None = None,
    later_population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    later_se: ArrayLike | None = None,
    convention: str | None = None,
    correlation: float = 0.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the change in the mean log deviation of every slice, and its parts.

    Parameters
    ----------
    value, later : array_like of float, shape (rows,) or (slices, rows)
        Levels at the first and the later date, above 0, in the indicator's unit; NaN in all columns pads a slice.
    group : array_like of float, same shape
        The group each row belongs to, numbered from 0.
    polarity : Polarity
        The indicator's direction; only nearer-zero-is-better changes the result, by using distances from zero.
    population, later_population : array_like of float, optional
        People at either date, above 0; without the first each row counts once, without the later the first stands for both.
    se, later_se : array_like of float, optional
        Standard errors at either date, in the value's unit; both are needed for an interval.
    convention : {'exact', 'mookherjee-shorrocks'}
        How the change is split.
    correlation : float
        Of the errors of a row's two levels, -1 to 1.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        Later less earlier. `also` holds `within` (the groups' own inequality), `mix_within` and `mix_between` (the mix of people,
        by way of either), `means` (the groups' means), `residual` (0 but for rounding where exact), both dates' figures, and
        under 'exact' the ends of each part's interval.

    Refuses
    -------
    missing-values, not-positive (a population or a level), out-of-bounds (an error below 0), too-few-subjects.

    Source
    ------
    Mookherjee and Shorrocks (1982), doi:10.2307/2232673; Shorrocks (2013), doi:10.1007/s10888-011-9214-z.

    Notes
    -----
    With the same populations at both dates the two parts of the mix are 0; with rows that are groups of their own, `within` is.

    Examples
    --------
    >>> same = {"group": [0, 0], "polarity": Polarity.MORE, "convention": "exact"}
    >>> found = entropy_change([1.0, 1.0], later=[1.0, 3.0], **same)
    >>> float(found.value[0].round(6)), float(found.also["within"][0].round(6)), float(abs(found.also["means"][0]).round(6))
    (0.143841, 0.143841, 0.0)
    """
    chosen = convention_of(CARD, convention).name
    if population is None and later_population is not None:
        raise InputError("population must be given at both dates or at the first alone", where="population")
    people = population if later_population is None else later_population
    given = {"value": value, "population": population, "group": group, "later": later, "later_population": later_population}
    turned = {**given, "value": later, "later": value, "population": people, "later_population": population}
    dates = (read_grouped(CARD, given, se=se, polarity=polarity), read_grouped(CARD, turned, se=later_se, polarity=polarity))
    cells = dates[0].cells
    code = codes_of(cells["group"], present=cells.present)
    groups = int(code.max(initial=0)) + 1
    splits = [split_entropy(item.level, share=item.share, group=code, groups=groups, order=0.0) for item in dates]
    share, mean, entropy = (tuple(_of_groups(item)[at] for item in splits) for at in range(3))
    steps = steps_of_change(_pair(share), _pair(mean), _pair(entropy), approximate=chosen != "exact")
    change = splits[1].total - splits[0].total
    also = dict(zip(PARTS, steps.T, strict=True))
    also |= {"residual": change - steps.sum(axis=1), "before": splits[0].total, "after": splits[1].total}
    withheld = []
    if all(item.variance is not None for item in dates):
        noises = [_noises(item, code, groups) for item in dates]
        wholes = [item[0][0] + item[1][0] for item in noises]
        withheld = [(is_drowned((w, n[0][1] + n[1][1]), whole=w), NOISY) for n, w in zip(noises, wholes, strict=True)]
        if chosen == "exact":
            errors = _errors(dates, slopes_of_change(_pair(share), _pair(mean)), _pair(share), _pair(mean), code, correlation)
            for at, name in enumerate(PARTS):
                drowned = [is_drowned(n[at // 2], whole=w) for n, w in zip(noises, wholes, strict=True)]
                held = np.where(drowned[0] | drowned[1], np.nan, errors[at])
                lower, upper = normal_interval(also[name], held, confidence=confidence)
                also |= {f"{name}_se": held, f"{name}_lower": lower, f"{name}_upper": upper}
    return conclude(
        CARD,
        replace(cells, code=np.where(cells.code == "", dates[1].cells.code, cells.code)),
        change,
        convention=chosen,
        confidence=confidence,
        method="Delta method from the rows' standard errors at both dates; normal interval.",
        se=_joint(dates, (-splits[0].total_slope, splits[1].total_slope), correlation),
        stops=[item.stop_at(0.0) for item in dates],
        withheld=withheld,
        absent="estimate alone: not every row has a standard error at both dates",
        parameters={"correlation": float(correlation)},
        also=also,
    )


def _of_groups(split: EntropySplit) -> tuple[Floats, Floats, Floats]:
    """Return the groups' shares, means and own inequality, with the share 0 and the mean 1 where a group has nobody."""
    share = np.nan_to_num(split.group_share)
    return share, np.where(share > 0, split.group_mean, 1.0), np.where(share > 0, split.group_entropy, 0.0)


def _pair(items: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    return items[0], items[1]


def _noises(rows: Grouped, code: Codes, groups: int) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    variance = np.zeros_like(rows.level) if rows.variance is None else rows.variance
    return noise_within_and_between(rows.level, variance=variance, share=rows.share, group=code, groups=groups)


def _errors(
    dates: tuple[Grouped, Grouped],
    slopes: tuple[tuple[Floats, Floats], tuple[Floats, Floats]],
    share: tuple[Floats, Floats],
    mean: tuple[Floats, Floats],
    code: Codes,
    correlation: float,
) -> list[Floats]:
    """Return the standard error of each part of the change."""
    by_row: list[list[Floats]] = []
    for at, rows in enumerate(dates):
        inside = rows.share / np.take_along_axis(np.where(share[at] > 0, share[at], 1.0), code, axis=1)
        own = np.take_along_axis(mean[at], code, axis=1)
        level = np.where(rows.cells.present, rows.level, 1.0)
        steep = 1.0 / own - 1.0 / level
        by_entropy, by_mean = ([np.take_along_axis(part, code, axis=1) for part in kind[at]] for kind in slopes)
        by_row.append([inside * (e * steep + m) for e, m in zip(by_entropy, by_mean, strict=True)])
    return [_joint(dates, (before, after), correlation) for before, after in zip(*by_row, strict=True)]


def _joint(dates: tuple[Grouped, Grouped], slopes: tuple[Floats, Floats], correlation: float) -> Floats:
    """Return the standard error of a figure with these derivatives by the levels of the two dates; NaN without errors."""
    first, last = dates
    if first.variance is None or last.variance is None:
        return np.full(len(first.level), np.nan)
    a, b = slopes[0] * np.sqrt(first.variance), slopes[1] * np.sqrt(last.variance)
    found = np.sqrt(np.maximum((a * a + b * b + 2.0 * correlation * a * b).sum(axis=1), 0.0))
    return np.where(first.has_se & last.has_se, found, np.nan)
