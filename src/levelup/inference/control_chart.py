"""Control charts of many series at once: the points, runs and drifts that are more than noise does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.control_limits import (
    CALIBRATED,
    CONVENTIONS,
    EVEN,
    FEWEST_POINTS,
    MAKING_DATA_COUNT,
    NEAR,
    PUBLISHED,
    RANGE,
    calibrated_rules,
)
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.record import Floats

Marks = NDArray[np.bool_]
Counts = NDArray[np.intp]


class Drawn(NamedTuple):
    """The grids of charts, in the order in which `ControlChart` has them."""

    centre: Floats
    lower: Floats
    upper: Floats
    outside: Marks
    run: Marks
    trend: Marks
    two_of_three: Marks
    points: Counts
    baseline: Counts


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Charts with their special causes; every grid has the shape of the values, series by periods.

    `centre`, `lower` and `upper` are in the values' unit, NaN where there is no chart; `outside`, `run`, `trend` and
    `two_of_three` mark the points that make each special cause; `points` and `baseline` count, for each point, those of its
    chart and those that set its centre and limits (0 where there is no chart).
    """

    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    outside: Marks
    run: Marks
    trend: Marks
    two_of_three: Marks
    points: Counts
    baseline: Counts
    convention: str
    method: str

    @property
    def special(self) -> Marks:
        """Whether each point is part of any special cause."""
        return self.outside | self.run | self.trend | self.two_of_three

    @property
    def side(self) -> Floats:
        """1 where a point lies above its centre, -1 below, 0 on it, NaN where there is no chart."""
        return np.asarray(np.sign(self.value - self.centre))


def overlapping(periods: Sequence[Period]) -> Refusal | None:
    """Return why these periods cannot be charted, or None: windows that share days make runs and trends by themselves.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> overlapping([parse_period("2019-01-01/P3Y"), parse_period("2020-01-01/P3Y")]).code
    'unsupported-combination'
    """
    ordered = sorted(periods)
    if any(overlap(first, second) > 0 for first, second in zip(ordered, ordered[1:], strict=False)):
        return Refusal(
            "unsupported-combination",
            "The periods overlap, so neighbouring figures share data and move together by themselves.",
            next="Use separate periods, such as every third of a rolling three-year series.",
        )
    return None


def control_chart(
    value: ArrayLike,
    *,
    convention: str,
    se: ArrayLike | None = None,
    baseline: int | None = None,
    chart: ArrayLike | None = None,
) -> ControlChart:
    """Draw a control chart of every series and mark its special causes.

    Parameters
    ----------
    value : array_like of float, shape (series, periods) or (periods,)
        One indicator's levels in order of time, from periods that do not overlap (`overlapping`); NaN where missing, and the
        points either side of it then follow each other.
    convention : {'making-data-count', 'calibrated'}
        Which limits and counts apply: see Notes.
    se : array_like of float, same shape, optional
        Standard errors, same unit, above 0; limits then widen and narrow with them (Laney). A point without one is left out.
    baseline : int, optional
        How many of each chart's first points set its centre and limits, at least 5; all of them if None, and where a chart is
        shorter.
    chart : array_like of int, shape (periods,) or (series, periods), optional
        Which chart each point belongs to: a number that changes where the series was broken, so that the chart starts again.

    Returns
    -------
    ControlChart
        No chart is drawn for fewer than 5 points, nor where all of a baseline's values are equal.

    Raises
    ------
    InputError
        An unknown convention, a baseline under 5, or shapes that do not agree.

    Source
    ------
    Shewhart (1931), Economic control of quality of manufactured product; Wheeler (1993), Understanding variation (limits at the
    mean and 2.66 mean moving ranges). Laney (2002), Quality Engineering 14:531 (standard errors, scaled by how far the points
    vary against them). Rules: NHS England, Making data count.

    Notes
    -----
    Special causes of `making-data-count`: a point outside the limits; a run of 7 or more points on one side of the mean; a trend
    of 7 or more points each above (or below) the one before; two of three points in a row that lie more than two thirds of the
    way to one limit but inside it, all three on its side of the mean. Moving ranges are not screened for outliers. Noise alone
    shows one of them in 5 % of charts of 12 points, 16 % of 25, and oftener still where only the first points are the baseline
    (`false_alarm_rate`).

    `calibrated` keeps that chance to 5 % for a whole chart of any length (for each chart, where breaks make several): the same
    four, with longer runs and wider limits where they are needed (`calibrated_rules`; a chart of up to 11 points that is its own
    baseline is as published). Where standard errors are given, noise is not taken to be less than they say. The noise is taken
    to be normal and of separate periods independent: figures with long tails raise more alarms under either convention.

    Examples
    --------
    Values 4, 6, 4, 6, 14: mean 6.8, moving ranges 2, 2, 2, 8 with mean 3.5, limits 6.8 - 9.31 and 6.8 + 9.31:

    >>> made = control_chart([4.0, 6.0, 4.0, 6.0, 14.0], convention="making-data-count")
    >>> round(float(made.lower[0, 0]), 2), round(float(made.upper[0, 0]), 2), bool(made.special.any())
    (-2.51, 16.11, False)
    """
    x = np.atleast_2d(np.asarray(value, dtype=np.float64))
    error = np.ones_like(x) if se is None else np.atleast_2d(np.asarray(se, dtype=np.float64))
    label = np.zeros(x.shape[1], dtype=np.intp) if chart is None else np.asarray(chart)
    if convention not in CONVENTIONS:
        raise InputError(f"convention must be one of {', '.join(CONVENTIONS)}", got=repr(convention))
    if baseline is not None and baseline < FEWEST_POINTS:
        raise InputError(f"a baseline must have at least {FEWEST_POINTS} points", got=str(baseline))
    if error.shape != x.shape or label.shape not in (x.shape, x.shape[1:]):
        raise InputError("standard errors and charts must have the shape of the values", got=f"{error.shape}, {label.shape}")
    label = np.broadcast_to(label, x.shape)
    with np.errstate(invalid="ignore"):
        held = ~np.isnan(x) & (error > 0)
    found = Drawn(
        *(np.full(x.shape, np.nan) for _ in range(3)),
        *(np.zeros(x.shape, dtype=np.bool_) for _ in range(4)),
        *(np.zeros(x.shape, dtype=np.intp) for _ in range(2)),
    )
    for one in np.unique(label):
        mine = held & (label == one)
        order = np.argsort(~mine, axis=1, kind="stable")
        y, e = (np.take_along_axis(grid, order, axis=1) for grid in (x, error))
        made = _draw(y, e, mine.sum(axis=1), baseline, convention, known=se is not None)
        for grid, part in zip(found, made, strict=True):
            back = np.empty_like(part)
            np.put_along_axis(back, order, part, axis=1)
            grid[mine] = back[mine]
    chosen = "all points" if baseline is None else f"the first {baseline} points"
    kind = "individuals" if se is None else "individuals over their standard errors"
    return ControlChart(x, *found, convention, f"control chart of {kind}, centre and limits by {chosen}")


def _draw(y: Floats, e: Floats, count: Counts, baseline: int | None, convention: str, *, known: bool) -> Drawn:
    """Chart rows whose first `count` columns hold their points in order."""
    column = np.arange(y.shape[1])
    base = count if baseline is None else np.minimum(count, baseline)
    here, based = column < count[:, None], column < base[:, None]
    with np.errstate(all="ignore"):
        weight = np.where(based, 1.0 / (e * e), 0.0)
        total = weight.sum(axis=1, keepdims=True)
        centre = (weight * np.where(based, y, 0.0)).sum(axis=1, keepdims=True) / total
        z = np.where(here, (y - centre) / e, 0.0)
        grain = 1e-12 * np.abs(np.where(here, y / e, 0.0)).max(axis=1, keepdims=True)
        z = np.where(np.abs(z) > grain, z, 0.0)
        ranges = np.where(based[:, 1:], np.abs(np.diff(z, axis=1)), 0.0).sum(axis=1, keepdims=True) / (base - 1)[:, None]
        if known and convention == CALIBRATED:
            ranges = np.maximum(ranges, RANGE)
        run, trend, limit = _rules(e, based, count, base, convention).T[:, :, None]
        far = limit * ranges
    drawn = here & ((count >= FEWEST_POINTS) & np.where(based, z != 0, False).any(axis=1))[:, None]
    size, side = np.abs(z), np.where(drawn, np.sign(z), 0.0)
    outside = drawn & (size > far)
    close = drawn & (size > NEAR * far) & ~outside
    drift = np.where(drawn[:, 1:], np.sign(np.diff(np.where(here, y, 0.0), axis=1)), 0.0)
    steady = _in_a_row(drift) >= trend - 1
    trending = np.zeros_like(drawn)
    trending[:, 1:] |= steady
    trending[:, :-1] |= steady
    half = np.where(drawn, far * e, np.nan)
    return Drawn(
        centre=np.where(drawn, centre, np.nan),
        lower=centre - half,
        upper=centre + half,
        outside=outside,
        run=_in_a_row(side) >= run,
        trend=trending,
        two_of_three=close & _two_of_three(close, side),
        points=np.where(drawn, count[:, None], 0),
        baseline=np.where(drawn, base[:, None], 0),
    )


def _rules(e: Floats, based: Marks, count: Counts, base: Counts, convention: str) -> Floats:
    """Return the run length, trend length and limit of each row."""
    if convention == MAKING_DATA_COUNT:
        return np.tile(PUBLISHED, (len(e), 1)).astype(np.float64)
    even = np.where(based, e, 0.0).max(axis=1) <= EVEN * np.where(based, e, np.inf).min(axis=1)
    kinds, which = np.unique(np.stack([count, base, even]), axis=1, return_inverse=True)
    found = [calibrated_rules(int(n), int(m), even=bool(same)) if m >= FEWEST_POINTS else PUBLISHED for n, m, same in kinds.T]
    return np.asarray(found, dtype=np.float64)[which.ravel()]


def _in_a_row(sign: Floats) -> Floats:
    """Return how many columns stand in the unbroken row of one sign that each is part of; 0 where the sign is 0."""
    size = sign.shape[1]
    before, after = (sign != 0).astype(np.float64), (sign != 0).astype(np.float64)
    for column in range(1, size):
        back = size - 1 - column
        before[:, column] += np.where(sign[:, column] == sign[:, column - 1], before[:, column - 1], 0.0)
        after[:, back] += np.where(sign[:, back] == sign[:, back + 1], after[:, back + 1], 0.0)
    return np.where(sign != 0, before + after - 1, 0.0)


def _two_of_three(close: Marks, side: Floats) -> Marks:
    """Return the points that belong to three in a row on one side of which at least two are close to the limit."""
    wide = np.pad(close, ((0, 0), (2, 2))).astype(np.intp)
    which = np.pad(side, ((0, 0), (2, 2)))
    threes = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    alike = np.abs(which[:, :-2] + which[:, 1:-1] + which[:, 2:]) == 3
    hit = (threes >= 2) & alike
    return np.asarray(hit[:, :-2] | hit[:, 1:-1] | hit[:, 2:])
