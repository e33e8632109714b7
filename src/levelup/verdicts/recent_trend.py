"""The recent trend of a series by the published rule of Fingertips, in its current form and in the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats, Texts

CURRENT = "fingertips-recent-trend"
EXPANDING = "fingertips-recent-trend-expanding"
CONVENTIONS = (CURRENT, EXPANDING)
"""The rule in force (the latest five points, none of which may carry the trend) and the one before it (five, then more)."""

POINTS = 5
"""The points that the rule uses; fewer cannot be tested."""
THRESHOLD = 9.54953570608324
"""The chi-square of one degree of freedom that noise passes with a chance of 0.002."""
WIDTH_IN_ERRORS = 3.92
"""How many standard errors wide the rule takes a 95 % interval to be."""

INCREASING, DECREASING, NO_CHANGE, NONE = "increasing", "decreasing", "no recent change", "cannot be calculated"
OUTCOMES = (INCREASING, DECREASING, NO_CHANGE, NONE)

TOO_FEW = "fewer than five periods"
MISSING = "a figure of the latest five periods is missing"
DEGENERATE = "a count is nought or the whole, or an interval has no width"
OUTLIER = "one period carries the trend"


@dataclass(frozen=True, slots=True)
class RecentTrend:
    """The outcome of the rule for each series.

    `outcome` is one of `OUTCOMES`; `meaning` is 'better' or 'worse' for a trend whose polarity is stated, else empty; `points` is
    how many periods were used and `chi_square` what they gave (0 and NaN where nothing could be calculated); `gradient` has the
    sign of the trend; `reason` says why there is none, where it is not simply that the test was not passed.
    """

    outcome: Texts
    meaning: Texts
    points: NDArray[np.intp]
    chi_square: Floats
    gradient: Floats
    reason: Texts
    convention: str
    method: str


def check_periods(periods: Sequence[Period], *, breaks: Sequence[str] = ()) -> Refusal | None:
    """Return why the rule does not apply to a series of these periods, or None.

    Parameters
    ----------
    periods : sequence of Period
        Those that the series holds, in order.
    breaks : sequence of str
        ISO dates from which figures are not comparable with earlier ones.

    Returns
    -------
    Refusal or None
        'unsupported-combination' where the latest five periods are not separate years one after another, 'series-broken' where a
        break lies among them.

    Source
    ------
    Office for Health Improvement and Disparities, Public health technical guidance, Fingertips trend markers: separate years, not
    rolling periods, no break in the series.

    Examples
    --------
    >>> from levelup.terms.period import parse_period
    >>> check_periods([parse_period(f"{year}-01-01/P1Y") for year in range(2018, 2024)]) is None
    True
    """
    latest = list(periods)[-POINTS:]
    steps = {round(later.middle - earlier.middle, 1) for earlier, later in zip(latest, latest[1:], strict=False)}
    shared = any(overlap(a, b) > 0 for a, b in zip(latest, latest[1:], strict=False))
    if shared or any(period.months not in (0, 12) for period in latest) or steps - {1.0}:
        return Refusal(
            "unsupported-combination",
            "The rule is for separate years that follow each other; these periods overlap, are not years, or leave a gap.",
            next="Use single-year figures.",
        )
    if any(latest[0].start.isoformat() < at <= latest[-1].start.isoformat() for at in breaks):
        return Refusal("series-broken", "The series has a break among its latest five periods.", next="Wait for five since.")
    return None


def recent_trend_of_counts(
    numerator: ArrayLike,
    *,
    denominator: ArrayLike,
    polarity: Polarity | None = None,
    convention: str = CURRENT,
    rate: str = "proportion",
) -> RecentTrend:
    """Return the recent trend of proportions from their counts.

    Parameters
    ----------
    numerator, denominator : array_like of float, shape (series, periods) or (periods,)
        Counts by year in order, the last column being the latest year; NaN where missing or suppressed.
    polarity : Polarity, optional
        Whether more is better, in the indicator's own direction (not turned to the good scale).
    convention : {'fingertips-recent-trend', 'fingertips-recent-trend-expanding'}
        Which version of the rule: see Notes.
    rate : {'proportion', 'crude rate'}
        A crude rate is taken by the expanding version only, which reads its direction from logarithms, not logits.

    Returns
    -------
    RecentTrend

    Raises
    ------
    InputError
        Shapes that differ, an unknown convention, or a crude rate under the current rule.

    Source
    ------
    Office for Health Improvement and Disparities, Public health technical guidance, Fingertips trend markers. The test is that of
    Cochran (1954), Biometrics 10:417, and Armitage (1955), Biometrics 11:375: with counts r of n at times t, N and R their sums,
    N (N sum rt - R sum nt)^2 / (R (N - R) (N sum nt^2 - (sum nt)^2)).

    Notes
    -----
    What differs between the versions of the rule that have been published or run:

    * `fingertips-recent-trend` follows the guidance: the latest five points, always; the gradient is that of an unweighted line
      through the logits of the five proportions; the test must pass 9.5495, and the gradient must keep its sign when each point
      is left out in turn. A missing figure among the five, or a count of nought or of the whole, gives 'cannot be calculated'.
      The website differs from the guidance in three things: it tested a proportion by its counts only where places were compared
      by control limits for proportions, and by its intervals otherwise; it counted a gradient of exactly nought as rising; and
      its latest version passes over missing years instead of stopping at them.
    * `fingertips-recent-trend-expanding` is the website's rule before that: the latest five points, and where they do not pass
      9.5495 the latest six, seven and so on, back to the first missing figure; no point is left out, and crude rates with counts
      are tested like proportions. The more points a series has, the more often noise passes it.
    * The website's first version, not offered here, began with the oldest five points instead of the latest, and tested at 0.05
      where an indicator was compared at 95 %.

    Examples
    --------
    Five years of 100 persons each, 10, 20, 30, 40, 50 of them counted: chi-square 500 (500 x 500)^2 / (150 x 350 x 500^2):

    >>> made = recent_trend_of_counts([10, 20, 30, 40, 50], denominator=[100] * 5, polarity=Polarity.MORE)
    >>> made.outcome[0], made.meaning[0], round(float(made.chi_square[0]), 2)
    ('increasing', 'better', 47.62)
    """
    r, n = (np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in (numerator, denominator))
    if r.shape != n.shape:
        raise InputError("numerators and denominators must have one shape", got=f"{r.shape} and {n.shape}")
    if convention not in CONVENTIONS or rate not in ("proportion", "crude rate"):
        raise InputError(f"convention must be one of {', '.join(CONVENTIONS)}", got=f"{convention!r}, {rate!r}")
    if rate == "crude rate" and convention == CURRENT:
        raise InputError("a crude rate must have intervals under the current rule", next="Use recent_trend_of_values.")
    held = np.isfinite(r) & (n > 0)
    if r.shape[1] < POINTS:
        return _result(np.full(len(r), TOO_FEW, dtype=object), np.full(len(r), np.nan), np.zeros(len(r)), 0, polarity, convention)
    if convention == EXPANDING:
        return _expand(r, n, held, rate, polarity)
    r, n, held = r[:, -POINTS:], n[:, -POINTS:], held[:, -POINTS:]
    with np.errstate(all="ignore"):
        chi_square = _trend_in_proportions(r, n)
        gradients = _leave_out(np.log(r / (n - r)), np.ones_like(r))
    sound = (r > 0) & (r < n)
    reason = _reason(held, sound)
    return _judge(reason, chi_square, gradients, polarity, convention)


def recent_trend_of_values(
    value: ArrayLike, *, lower: ArrayLike, upper: ArrayLike, polarity: Polarity | None = None
) -> RecentTrend:
    """Return the recent trend of figures that are not proportions from their 95 % intervals.

    Parameters
    ----------
    value, lower, upper : array_like of float, shape (series, periods) or (periods,)
        Figures with the limits of their 95 % intervals by year in order, the last column being the latest; NaN where missing.
        Where only standard errors are held, give value -/+ 1.96 of them.
    polarity : Polarity, optional
        Whether more is better, in the indicator's own direction.

    Returns
    -------
    RecentTrend
        By the convention `fingertips-recent-trend`.

    Raises
    ------
    InputError
        Shapes that differ.

    Source
    ------
    Office for Health Improvement and Disparities, Public health technical guidance, Fingertips trend markers: weights 1 / se^2
    with se = (upper - lower) / 3.92; gradient b of the weighted line over the latest five years; chi-square (b / se of b)^2.

    Notes
    -----
    The gradient must keep its sign when each point is left out in turn. Intervals that are not symmetric are taken by their
    width; one without width gives 'cannot be calculated'. The rule treats the intervals as all the noise there is, so that a
    series that varies more than they say passes it more often than 0.002.

    Examples
    --------
    Errors of 1, values 1 to 5: gradient 1 with a standard error of root(1 / 10), chi-square 10.

    >>> made = recent_trend_of_values([1, 2, 3, 4, 5], lower=np.arange(1, 6) - 1.96, upper=np.arange(1, 6) + 1.96)
    >>> made.outcome[0], round(float(made.chi_square[0]), 6), int(made.points[0])
    ('increasing', 10.0, 5)
    """
    x, low, high = (np.atleast_2d(np.asarray(item, dtype=np.float64)) for item in (value, lower, upper))
    if not x.shape == low.shape == high.shape:
        raise InputError("values and limits must have one shape", got=f"{x.shape}, {low.shape} and {high.shape}")
    if x.shape[1] < POINTS:
        return _result(np.full(len(x), TOO_FEW, dtype=object), np.full(len(x), np.nan), np.zeros(len(x)), 0, polarity, CURRENT)
    x, low, high = x[:, -POINTS:], low[:, -POINTS:], high[:, -POINTS:]
    with np.errstate(all="ignore"):
        se = (high - low) / WIDTH_IN_ERRORS
        weight = 1.0 / (se * se)
        gradients = _leave_out(x, weight)
        time = np.arange(POINTS) - (weight * np.arange(POINTS)).sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
        chi_square = gradients[:, 0] ** 2 * (weight * time * time).sum(axis=1)
    reason = _reason(np.isfinite(x) & np.isfinite(se), se > 0)
    return _judge(reason, chi_square, gradients, polarity, CURRENT)


def _trend_in_proportions(r: Floats, n: Floats) -> Floats:
    """Return the chi-square for a trend in proportions over the last axis."""
    total, events = n.sum(axis=-1), r.sum(axis=-1)
    time = np.arange(r.shape[-1]) - ((n * np.arange(r.shape[-1])).sum(axis=-1) / total)[..., None]
    moved = (r * time).sum(axis=-1)
    return np.asarray(total * total * moved**2 / (events * (total - events) * (n * time * time).sum(axis=-1)))


def _leave_out(y: Floats, weight: Floats) -> Floats:
    """Return the gradient of the weighted line through all five points, then without each of them in turn: shape (series, 6)."""
    kept = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)])
    w = weight[:, None, :] * kept
    total = w.sum(axis=2, keepdims=True)
    time = np.arange(POINTS) - (w * np.arange(POINTS)).sum(axis=2, keepdims=True) / total
    gradient = (w * time * y[:, None, :]).sum(axis=2) / (w * time * time).sum(axis=2)
    return np.asarray(np.where(np.abs(gradient) > 1e-13 * np.abs(y).max(axis=1, keepdims=True), gradient, gradient * 0.0))


def _reason(held: NDArray[np.bool_], sound: NDArray[np.bool_]) -> Texts:
    """Return why a series of five points cannot be tested; empty where it can."""
    first = np.where(held.all(axis=1), "", MISSING).astype(object)
    return np.where((first == "") & ~sound.all(axis=1), DEGENERATE, first)


def _judge(reason: Texts, chi_square: Floats, gradients: Floats, polarity: Polarity | None, convention: str) -> RecentTrend:
    """Give five points their outcome: the test passed, and no point without which the gradient turns."""
    sign = np.sign(gradients)
    steady = (sign == sign[:, :1]).all(axis=1)
    testable = reason == ""
    with np.errstate(invalid="ignore"):
        passed = testable & (chi_square > THRESHOLD)
    reason = np.where(passed & ~steady, OUTLIER, reason)
    moved = np.where(passed & steady, gradients[:, 0], 0.0)
    return _result(reason, chi_square, moved, POINTS, polarity, convention, gradient=gradients[:, 0])


def _expand(r: Floats, n: Floats, held: NDArray[np.bool_], rate: str, polarity: Polarity | None) -> RecentTrend:
    """Apply the earlier rule: the fewest of the latest points, five or more, that pass the test."""
    back = np.logical_and.accumulate(held[:, ::-1], axis=1)
    run = back.sum(axis=1)
    counted, whole = np.where(back, r[:, ::-1], 0.0), np.where(back, n[:, ::-1], 0.0)
    time = -np.arange(r.shape[1], dtype=np.float64)
    with np.errstate(all="ignore"):
        total, events = whole.cumsum(axis=1), counted.cumsum(axis=1)
        first, second = (whole * time).cumsum(axis=1), (whole * time * time).cumsum(axis=1)
        moved = total * (counted * time).cumsum(axis=1) - events * first
        chi_square = total * moved**2 / (events * (total - events) * (total * second - first**2))
        y = np.log(counted / (whole - counted)) if rate == "proportion" else np.log(counted / whole)
        y = np.where(back, y, 0.0)
        many = np.arange(1, r.shape[1] + 1)
        gradient = (y * time).cumsum(axis=1) - y.cumsum(axis=1) * time.cumsum() / many
        passed = (many >= POINTS) & back & (chi_square > THRESHOLD)
    used = np.where(passed.any(axis=1), passed.argmax(axis=1) + 1, run)
    at = np.maximum(used - 1, 0)[:, None]
    chi_square, gradient = (np.take_along_axis(grid, at, axis=1)[:, 0] for grid in (chi_square, gradient))
    reason = np.where(run < POINTS, np.where(held.sum(axis=1) < POINTS, TOO_FEW, MISSING), "").astype(object)
    reason = np.where((reason == "") & ~np.isfinite(chi_square), DEGENERATE, reason)
    reason = np.where((reason == "") & passed.any(axis=1) & ~np.isfinite(gradient), DEGENERATE, reason)
    moved_by = np.where(passed.any(axis=1) & (reason == ""), gradient, 0.0)
    return _result(reason, chi_square, moved_by, used, polarity, EXPANDING, gradient=gradient)


def _result(
    reason: Texts,
    chi_square: Floats,
    moved: Floats,
    points: NDArray[np.intp] | int,
    polarity: Polarity | None,
    convention: str,
    *,
    gradient: Floats | None = None,
) -> RecentTrend:
    """Put the words to what was found; `moved` is above, below or at 0 for a series that rose, fell or did neither."""
    none = np.isin(reason, (TOO_FEW, MISSING, DEGENERATE))
    outcome = np.where(none, NONE, np.where(moved > 0, INCREASING, np.where(moved < 0, DECREASING, NO_CHANGE))).astype(object)
    good = {Polarity.MORE: 1, Polarity.LESS: -1}.get(polarity, 0) if polarity is not None else 0
    way = np.where(none, 0.0, np.sign(moved)) * good
    return RecentTrend(
        outcome=outcome,
        meaning=np.where(way > 0, "better", np.where(way < 0, "worse", "")).astype(object),
        points=np.where(none, 0, points),
        chi_square=np.where(none, np.nan, chi_square),
        gradient=np.where(none, np.nan, moved if gradient is None else gradient),
        reason=reason,
        convention=convention,
        method=f"chi-square for trend above {THRESHOLD:.4f} (0.002)",
    )
