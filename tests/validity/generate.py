"""Draws whose truth is known: errors put on true levels, yearly figures rolled into windows, people counted one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from levelup.terms.record import Floats
from tests.validity.harness import Draws
from tests.validity.real import Borrowed, against_rest, population

FIRST_YEAR = 2010
START = np.array([50.0, 70.0])
"""Where the lower and the upper subject stand where nothing is borrowed."""


def spread(item: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return numbers repeated over a shape."""
    return np.broadcast_to(np.asarray(item, dtype=np.float64), shape)


def errors(se: Floats, generator: np.random.Generator, *, shared: ArrayLike = 0.0) -> Floats:
    """Return normal errors of two dates, shape (n, s, 2), whose correlation is the part of their windows that is shared."""
    z = generator.normal(size=se.shape)
    rho = np.asarray(shared, dtype=np.float64).reshape(-1, 1)
    z[..., 0] = rho * z[..., 1] + np.sqrt(1 - rho**2) * z[..., 0]
    return z * se


def se_of_gain(se: Floats, *, shared: ArrayLike = 0.0) -> Floats:
    """Return the true standard error of each subject's gain, shape (n, s)."""
    rho = np.asarray(shared, dtype=np.float64).reshape(-1, 1)
    return np.asarray(np.sqrt(se[..., 0] ** 2 + se[..., 1] ** 2 - 2 * rho * se[..., 0] * se[..., 1]))


def two_subjects(
    n: int,
    generator: np.random.Generator,
    *,
    gain: ArrayLike = (0.0, 0.0),
    se: ArrayLike = (1.0, 1.0),
    margin: float = float("nan"),
) -> Draws:
    """Return two subjects 20 apart; `se` are the standard errors of their gains."""
    both = spread(gain, (n, 2))
    error = np.repeat((spread(se, (n, 2)) / np.sqrt(2))[..., None], 2, axis=2)
    level = np.stack([START + 0 * both, START + both], axis=2)
    return Draws(both, value=level + errors(error, generator), se=error, margin=margin)


def on_real_errors(found: Borrowed, generator: np.random.Generator, *, gain: ArrayLike = (0.0, 0.0)) -> Draws:
    """Return pairs with real levels, errors and windows; gains on the good scale, in the indicator's unit."""
    both = spread(gain, found.level.shape)
    level = np.stack([found.level, found.level + found.sign[:, None] * both], axis=2)
    value = level + errors(found.se, generator, shared=found.shared)
    return Draws(both, value=value, se=found.se, sign=found.sign, periods=found.periods)


def slope_weights(people: ArrayLike) -> Floats:
    """Return the weights of the two ends of a weighted straight line on mid-ranks, shape (2, k), by the normal equations."""
    weight = np.asarray(people, dtype=np.float64) / np.sum(people)
    rank = np.cumsum(weight) - weight / 2
    design = np.stack([np.ones(len(weight)), rank], axis=1)
    line = np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)
    return np.asarray(np.array([[1.0, 0.0], [1.0, 1.0]]) @ line)


def over_districts(found: Borrowed, generator: np.random.Generator, *, gain: ArrayLike = 0.0) -> Draws:
    """Return all districts in their independent order; gains (n, districts) on the good scale."""
    people = population()
    each = spread(gain, found.level.shape)
    level = np.stack([found.level, found.level + found.sign[:, None] * each], axis=2)
    return Draws(
        each @ slope_weights(people).T,
        value=level + errors(found.se, generator, shared=found.shared),
        se=found.se,
        roles=[""] * len(people),
        order=list(range(1, len(people) + 1)),
        population=people.tolist(),
        periods=found.periods,
        sign=found.sign,
    )


def windows_of(width: int, lag: int) -> list[tuple[str, str]]:
    """Return the one pair of rolling windows of a width in years that begin a lag of years apart."""
    first, last = (f"{FIRST_YEAR + year}-01-01/P{width}Y" for year in (0, lag))
    return [(first, last)]


def rolling(
    n: int,
    generator: np.random.Generator,
    *,
    lag: int,
    width: int = 3,
    growth: ArrayLike = (0.0, 0.0),
    drift: float = 0.0,
) -> Draws:
    """Return averages of `width` single years, `lag` years apart, made from yearly figures with independent yearly errors.

    `growth` is each subject's true gain a year; the standard error of a year is larger by the share `drift` than the last one's.
    """
    yearly = np.arange(width + lag)
    slope = spread(growth, (n, 2))
    se = np.array([1.5, 1.0])[:, None] * (1 + drift) ** yearly
    figures = START[:, None] + slope[..., None] * yearly + generator.normal(size=(n, 2, width + lag)) * se
    cuts = (slice(0, width), slice(lag, lag + width))
    value = np.stack([figures[..., cut].mean(axis=2) for cut in cuts], axis=2)
    published = np.stack([np.sqrt((se[:, cut] ** 2).sum(axis=1)) / width for cut in cuts], axis=1)
    return Draws(slope * lag, value=value, se=np.broadcast_to(published, value.shape), periods=windows_of(width, lag))


def rolling_counts(
    n: int, generator: np.random.Generator, *, lag: int, width: int = 3, people: int = 300, growth: ArrayLike = (0.0, 0.0)
) -> Draws:
    """Return shares of the people of `width` years together, `people` a year, counted year by year; growth in points a year."""
    yearly = np.arange(width + lag)
    slope = spread(growth, (n, 2))
    level = START[:, None] + slope[..., None] * yearly
    cases = generator.binomial(people, level / 100).astype(np.float64)
    count = np.stack([cases[..., cut].sum(axis=2) for cut in (slice(0, width), slice(lag, lag + width))], axis=2)
    total = np.full_like(count, people * width)
    return Draws(slope * lag / 100, count=count, total=total, periods=windows_of(width, lag))


def counted(
    generator: np.random.Generator,
    *,
    share: Floats,
    people: Floats,
    gain: ArrayLike = 0.0,
    roles: Sequence[str] = ("lower", "upper"),
) -> Draws:
    """Return two subjects counted person by person: shares at the start (n, 2), people (n, 2, 2), gains as shares."""
    level = np.clip(np.stack([share, share + spread(gain, share.shape)], axis=2), 0.0, 1.0)
    count = generator.binomial(people.astype(np.int64), level).astype(np.float64)
    return Draws(level[..., 1] - level[..., 0], count=count, total=people.astype(np.float64), roles=roles)


def surveyed(n: int, generator: np.random.Generator, *, people: Floats, parts: Floats, gain: Floats, is_pooled: bool) -> Draws:
    """Return one district and the rest of its county, from people with normal scores asked one by one.

    People in the sample (k,), district levels `parts` and true gains `gain` (k,); the first district is the lower subject. Sample
    means and their estimated standard errors are drawn from their exact distributions. The rest is one row, all its people
    together, where `is_pooled`; else each other district is a row of the upper subject, weighted by its people.
    """
    deviation = 15.0
    level = np.stack([parts, parts + gain], axis=1)
    mean = level + generator.normal(size=(n, len(parts), 2)) * deviation / np.sqrt(people)[:, None]
    within = deviation**2 * generator.chisquare((people - 1)[:, None], size=(n, len(parts), 2))
    rest = people[1:] / people[1:].sum()
    truth = np.array([gain[0], rest @ gain[1:]])
    if not is_pooled:
        se = np.sqrt(within / ((people - 1) * people)[:, None])
        roles = ["lower"] + ["upper"] * (len(parts) - 1)
        return Draws(spread(truth, (n, 2)), value=mean, se=se, roles=roles, population=people.tolist())
    together = (rest[:, None] * mean[:, 1:]).sum(axis=1)
    among = (people[1:, None] * (mean[:, 1:] - together[:, None]) ** 2).sum(axis=1)
    size = people[1:].sum()
    se = np.stack(
        [
            np.sqrt(within[:, 0] / ((people[0] - 1) * people[0])),
            np.sqrt((within[:, 1:].sum(axis=1) + among) / ((size - 1) * size)),
        ],
        axis=1,
    )
    return Draws(spread(truth, (n, 2)), value=np.stack([mean[:, 0], together], axis=1), se=se)


def nested_counts(
    n: int, generator: np.random.Generator, *, people: Floats, parts: Floats, gain: Floats, is_pooled: bool
) -> Draws:
    """Return one district and the rest of its county, counted person by person; `parts` and `gain` are shares (k,)."""
    total = np.broadcast_to(people[:, None], (n, len(people), 2)).astype(np.float64)
    count = generator.binomial(total.astype(np.int64), np.stack([parts, parts + gain], axis=1)).astype(np.float64)
    rest = people[1:] / people[1:].sum()
    truth = spread([gain[0], rest @ gain[1:]], (n, 2))
    if not is_pooled:
        roles = ["lower"] + ["upper"] * (len(people) - 1)
        return Draws(truth, count=count, total=total, roles=roles, population=people.tolist())
    count, total = (np.stack([item[:, 0], item[:, 1:].sum(axis=1)], axis=1) for item in (count, total))
    return Draws(truth, count=count, total=total)


def of_twelve(
    n: int,
    generator: np.random.Generator,
    *,
    tau: float = 0.0,
    se: ArrayLike = 1.0,
    apart: float = 0.0,
    rise_of_all: float = 0.0,
    rise_of_lowest: float = 0.0,
    lag: int = 0,
    naive: str = "",
) -> Draws:
    """Return twelve subjects with neither role nor order; every gain is the same, but for that of the truly lowest.

    True levels vary by `tau`, and half of the subjects stand `apart` higher, in the unit of `se`. With a `lag` the two dates are
    three-year windows that many years apart. A `naive` analyst takes the lowest figure of the first date as the lower subject and
    'all others' or 'the highest' as the upper. `gain` is that of any two subjects but the lowest.
    """
    error = np.broadcast_to(spread(se, (12,))[:, None], (n, 12, 2))
    first = 60 + tau * generator.normal(size=(n, 12)) + apart * (np.arange(12) >= 6)
    lowest = np.arange(12) == first.argmin(axis=1)[:, None]
    level = np.stack([first, first + rise_of_all + rise_of_lowest * lowest], axis=2)
    value = level + errors(error, generator, shared=(3 - lag) / 3 if lag else 0.0)
    roles = np.full((n, 12), "upper" if naive == "all others" else "", dtype=np.object_)
    if naive:
        roles[np.arange(n), value[..., 0].argmin(axis=1)] = "lower"
    if naive == "the highest":
        roles[np.arange(n), value[..., 0].argmax(axis=1)] = "upper"
    gain = spread(rise_of_all, (n, 2))
    return Draws(gain, value=value, se=error, roles=roles, periods=windows_of(3, lag) if lag else Draws(gain).periods)


def without_order(found: Borrowed, generator: np.random.Generator) -> Draws:
    """Return the districts of the county, their levels unchanged, with neither role nor order."""
    gain = np.zeros((len(found), 2))
    value = np.repeat(found.level[..., None], 2, axis=2) + errors(found.se, generator, shared=found.shared)
    roles = [""] * found.level.shape[1]
    return Draws(gain, value=value, se=found.se, roles=roles, periods=found.periods, sign=found.sign)


def as_pairs(series: Sequence[tuple[Borrowed, Floats]], generator: np.random.Generator) -> Draws:
    """Return every district against the rest of its county over every window of each series, all windows ending together.

    Each item holds one series' windows (k, districts) and the true gains of the districts over each (k, districts). The last date
    is drawn once a series, so that its windows, and the districts of the county, share their luck.
    """
    sides = np.stack(against_rest())
    gains, values, ses, signs = [], [], [], []
    periods: list[tuple[str, str]] = []
    for windows, gain in series:
        last = generator.normal(size=windows.level.shape[1])
        rho = windows.shared[:, None]
        first = rho * last + np.sqrt(1 - rho**2) * generator.normal(size=windows.level.shape)
        shown = np.stack([windows.level, windows.level + windows.sign[:, None] * gain], axis=2)
        shown += np.stack([first, np.broadcast_to(last, first.shape)], axis=2) * windows.se
        gains.append(np.einsum("adk,wk->wda", sides, gain).reshape(-1, 2))
        values.append(np.einsum("adk,wkt->wdat", sides, shown).reshape(-1, 2, 2))
        ses.append(np.sqrt(np.einsum("adk,wkt->wdat", sides**2, windows.se**2)).reshape(-1, 2, 2))
        signs.append(np.repeat(windows.sign, sides.shape[1]))
        periods.extend(pair for pair in windows.periods for _ in range(sides.shape[1]))
    return Draws(
        np.concatenate(gains), value=np.concatenate(values), se=np.concatenate(ses), sign=np.concatenate(signs), periods=periods
    )
