"""Forecasts of many short yearly series at once, with quantiles whose width is learned from all the series together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.forecast_model import predict
from levelup.terms.errors import InputError
from levelup.terms.period import Period
from levelup.terms.record import Floats

LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)
FEWEST_POINTS = 5
FARTHEST = 5
METHOD = (
    "A place keeps its own distance, smoothed, from the path that all places of the indicator share; the shared path goes on "
    "with a drift that dies away. The width comes from how far such forecasts missed before, the place's own and the others'."
)

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Fan:
    """The forecast of one series from its last period on, in the indicator's unit as published.

    `values` has shape (years, levels): the quantiles `levels` (0 to 1) for each of `years` ahead of `origin`. `points` is how
    many periods the series has. `coverage` is the share of this indicator's figures that fell within the outermost quantiles when
    they were forecast from earlier years, `tested` how many there were; None and 0 where the series are too short to try.
    """

    origin: Period
    years: tuple[int, ...]
    levels: tuple[float, ...]
    values: Floats
    points: int
    method: str = METHOD
    coverage: float | None = None
    tested: int = 0

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods that are forecast."""
        return tuple(years_after(self.origin, ahead) for ahead in self.years)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecasts of n series.

    `quantiles` has shape (n, years, levels), NaN where refused: beyond `reach`, shape (n,), the most years ahead that the series
    bears (0 with too few points). `points` and `origin`, shape (n,), are how many figures a series has and the column of its last
    one (-1 where it has none). `varied`, shape (n,), is False where nothing has ever changed, so that no width is known.
    """

    quantiles: Floats
    points: NDArray[np.intp]
    reach: NDArray[np.intp]
    origin: NDArray[np.intp]
    varied: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have been forecast in earlier years beside what came; one row a forecast.

    `series`, `origin` (a column), `ahead` (years) and `points` (held at the origin) are whole numbers, shape (m,); `actual` has
    shape (m,) and `quantiles` (m, levels).
    """

    series: NDArray[np.intp]
    origin: NDArray[np.intp]
    ahead: NDArray[np.intp]
    points: NDArray[np.intp]
    actual: Floats
    quantiles: Floats

    @property
    def is_inside(self) -> NDArray[np.bool_]:
        """Whether the figure that came lay within the outermost quantiles."""
        return np.asarray((self.actual >= self.quantiles[:, 0]) & (self.actual <= self.quantiles[:, -1]))


def years_after(period: Period, years: int) -> Period:
    """Return the period of the same length that begins some whole years later, or earlier below 0.

    Examples
    --------
    >>> years_after(Period(date(2022, 4, 1), 12), 2).label
    '2024/25'
    """
    start = period.start
    is_leap_day = (start.month, start.day) == (2, 29)
    return Period(date(start.year + years, start.month, 28 if is_leap_day else start.day), period.months)


def forecast(
    values: ArrayLike,
    *,
    se: ArrayLike | None = None,
    bounds: Bounds = (None, None),
    years: int = FARTHEST,
    levels: tuple[float, ...] = LEVELS,
) -> Forecast:
    """Forecast the series of one indicator, each from its own last figure.

    Parameters
    ----------
    values : array_like of float, shape (n, t)
        One row a place, one column a year in order, in the indicator's unit; NaN where no figure is held. Rows with too few
        figures to be forecast still teach the width.
    se : array_like of float, same shape, optional
        Published standard errors, NaN where missing; places with larger ones are expected to miss by more.
    bounds : (float or None, float or None)
        The lowest and the highest value there can be.
    years : int
        The most years ahead, 1 or more.
    levels : tuple of float
        Quantiles wanted, rising, each above 0 and below 1.

    Returns
    -------
    Forecast
        Of the published figures (their sampling error included). Within the bounds; rising over the levels. A series of fewer
        than five points is refused, and so is a horizon beyond half of its points.

    Raises
    ------
    InputError
        The table is not two-dimensional, a value lies outside the bounds, or years or levels are out of range.

    Source
    ------
    Gardner and McKenzie (1985), Management Science 31:1237 (damped trend); Smyth (2004), doi:10.2202/1544-6115.1027, section 6
    (variances of many series drawn towards their common one); Satterthwaite (1946), Biometrics Bulletin 2:110.

    Notes
    -----
    Bounded values are forecast on the scale where shares and rates have even spread: the arcsine of the root where there are two
    bounds, the root where there is one. Without bounds the forecast moves and stretches with the values. A single series is a
    random walk with damped drift, too wide some years ahead if its figures are noise about a level; many series are smoothed.
    Figures later than a series' last one are not used for it.

    Examples
    --------
    Changes of 1, -1, 1 and -1 give no drift, a one-year spread of 1 and four degrees of freedom:

    >>> made = forecast([[5.0, 6.0, 5.0, 6.0, 5.0]], years=2)
    >>> made.quantiles[0, 0].round(3).tolist()
    [3.467, 4.259, 5.0, 5.741, 6.533]
    >>> int(made.reach[0])
    2
    """
    root, error = _on_root(values, se, bounds=bounds, years=years, levels=levels)
    held = np.isfinite(root)
    points = held.sum(axis=1)
    origin = np.where(points > 0, root.shape[1] - 1 - np.argmax(held[:, ::-1], axis=1), -1)
    reach = np.where(points >= FEWEST_POINTS, np.minimum(points // 2, years), 0)
    quantiles = np.full((len(root), years, len(levels)), np.nan)
    varied = np.zeros(len(root), dtype=bool)
    for column in np.unique(origin[reach > 0]):
        rows = np.flatnonzero((origin == column) & (reach > 0))
        made = predict(root[:, : column + 1], error[:, : column + 1], years=int(reach[rows].max()))
        varied[rows] = made.spread[rows, 0] > 0
        quantiles[rows, : made.spread.shape[1]] = _from_root(made.quantiles(rows, levels), bounds)
    beyond = np.arange(1, years + 1) > np.where(varied, reach, 0)[:, None]
    quantiles[beyond] = np.nan
    return Forecast(quantiles, points.astype(np.intp), reach.astype(np.intp), origin.astype(np.intp), varied)


def backtest(
    values: ArrayLike,
    *,
    se: ArrayLike | None = None,
    bounds: Bounds = (None, None),
    years: int = FARTHEST,
    levels: tuple[float, ...] = LEVELS,
) -> Backtest:
    """Forecast from every earlier year what has come since, each time from the figures up to that year alone.

    Parameters
    ----------
    values, se, bounds, years, levels
        As in `forecast`.

    Returns
    -------
    Backtest
        A row for every series, origin and horizon that `forecast` would not have refused and whose figure is held.

    Examples
    --------
    >>> tried = backtest([[5.0, 6.0, 5.0, 6.0, 5.0, 7.0]])
    >>> tried.actual.tolist(), tried.ahead.tolist(), tried.is_inside.tolist()
    ([7.0], [1], [False])
    """
    root, error = _on_root(values, se, bounds=bounds, years=years, levels=levels)
    actual = np.asarray(values, dtype=np.float64)
    held = np.isfinite(root)
    seen = np.cumsum(held, axis=1)
    parts = []
    for column in range(FEWEST_POINTS - 1, root.shape[1] - 1):
        rows = np.flatnonzero(held[:, column] & (seen[:, column] >= FEWEST_POINTS))
        farthest = min(years, root.shape[1] - 1 - column, int(seen[rows, column].max(initial=0)) // 2)
        if not held[rows, column + 1 : column + 1 + farthest].any():
            continue
        made = predict(root[:, : column + 1], error[:, : column + 1], years=farthest)
        ahead = np.arange(1, farthest + 1)
        known = held[rows, column + 1 : column + 1 + farthest] & (ahead <= seen[rows, column, None] // 2)
        at, step = np.nonzero(known & (made.spread[rows, :1] > 0))
        quantiles = _from_root(made.quantiles(rows, levels)[at, step], bounds)
        row = rows[at]
        parts.append(
            (row, np.full(len(row), column), ahead[step], seen[row, column], actual[row, column + ahead[step]], quantiles)
        )
    if not parts:
        none = np.zeros(0, dtype=np.intp)
        return Backtest(none, none, none, none, np.zeros(0), np.zeros((0, len(levels))))
    series, origin, ahead, points, came, quantiles = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Backtest(
        series.astype(np.intp), origin.astype(np.intp), ahead.astype(np.intp), points.astype(np.intp), came, quantiles
    )


def _on_root(
    values: ArrayLike, se: ArrayLike | None, *, bounds: Bounds, years: int, levels: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Check the arguments and return values and standard errors on the scale they are forecast on."""
    level = np.asarray(values, dtype=np.float64)
    if level.ndim != 2:
        raise InputError("values must have one row a place and one column a year", got=f"{level.ndim} dimensions")
    if years < 1:
        raise InputError("years must be 1 or more", got=repr(years))
    if not levels or list(levels) != sorted(set(levels)) or not 0.0 < levels[0] <= levels[-1] < 1.0:
        raise InputError("levels must rise, each above 0 and below 1", got=repr(levels))
    error = np.full_like(level, np.nan) if se is None else np.asarray(se, dtype=np.float64)
    if error.shape != level.shape:
        raise InputError("se must have the shape of the values", got=f"{error.shape} beside {level.shape}")
    level = np.where(np.isfinite(level), level, np.nan)
    low, high = bounds
    known = level[np.isfinite(level)]
    if len(known) and ((low is not None and known.min() < low) or (high is not None and known.max() > high)):
        raise InputError("values must lie within the bounds", got=f"{known.min()} to {known.max()} beside {bounds}")
    if low is not None and high is not None:
        share = (level - low) / (high - low)
        scale = (high - low) * 2.0 * np.sqrt(np.maximum(share * (1.0 - share), 1e-4))
        return np.arcsin(np.sqrt(share)), error / scale
    if low is not None or high is not None:
        root = np.sqrt(level - low) if low is not None else -np.sqrt((high or 0.0) - level)
        far = np.abs(root) + np.sqrt(root**2 + error)
        return root, error / np.where(far > 0, far, 1.0)
    return level, error


def _from_root(root: Floats, bounds: Bounds) -> Floats:
    """Return forecasts in the indicator's unit, never outside the bounds."""
    low, high = bounds
    if low is not None and high is not None:
        return np.asarray(low + (high - low) * np.sin(np.clip(root, 0.0, np.pi / 2.0)) ** 2)
    if low is not None:
        return np.asarray(low + np.maximum(root, 0.0) ** 2)
    if high is not None:
        return np.asarray(high - np.minimum(root, 0.0) ** 2)
    return root
