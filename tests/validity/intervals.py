"""What is promised of the intervals: 95 % of them hold the true change in the gap, whatever the figures are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from tests.validity import generate
from tests.validity.harness import Draws, Found, Variant, is_covered, judge, share_line
from tests.validity.real import district_pairs, district_windows
from tests.validity.words import real_counts

Generator = np.random.Generator
Make = Callable[[int, Generator], Draws]
COVERAGE = (0.94, 0.96)
ASKED = np.array([260.0, 310, 180, 420, 150, 390, 220, 340, 280, 200, 450, 330])
"""How many people a survey asked in each of twelve districts."""
LEVELS, GAINS = np.linspace(48, 66, len(ASKED)), np.linspace(4, -3, len(ASKED))
GROWTH = (0.6, -0.2)
"""True gains a year of the two subjects in the rolling windows."""
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.9, 0.98)
SIZES = (30, 50, 100, 300, 1000, 5000)
FEWEST = 2.0
"""Coverage is promised where this many people or more are expected on either side of the share; below that it is shown."""


def _measure(n: int, generator: Generator, *, scenario: str, name: str, make: Make, is_promised: bool) -> Found:
    draws = make(n, generator)
    low, high = COVERAGE if is_promised else (float("nan"), float("nan"))
    yield share_line(scenario, name, "coverage", is_covered(draws, judge(draws)), low=low, high=high)


def _variant(scenario: str, name: str, make: Make, *, is_promised: bool = True) -> Variant:
    return Variant(scenario, name, partial(_measure, scenario=scenario, name=name, make=make, is_promised=is_promised))


def _real_pairs(n: int, generator: Generator) -> Draws:
    pairs = district_pairs().pick(n, generator)
    gain = generator.normal(size=(n, 2)) * generate.se_of_gain(pairs.se, shared=pairs.shared)
    return generate.on_real_errors(pairs, generator, gain=gain)


def _real_slope(n: int, generator: Generator) -> Draws:
    found = district_windows().pick(n, generator)
    return generate.over_districts(found, generator, gain=generator.normal(size=found.level.shape) * found.se[..., 0])


def nested() -> Iterator[Variant]:
    """A district inside its county, with people asked or counted one by one."""
    for is_pooled, rows in ((True, "the rest as one row"), (False, "each other district a row")):
        for kind, make, unit in (
            ("normal scores", generate.surveyed, 1.0),
            ("counts, shares about a half", generate.nested_counts, 100.0),
            ("counts, shares about a tenth", generate.nested_counts, 600.0),
        ):
            made = partial(make, people=ASKED, parts=LEVELS / unit, gain=GAINS / unit, is_pooled=is_pooled)
            yield _variant("coverage-nested", f"{kind}, {rows}", made)
    yield _variant("coverage-nested", "district and rest, real errors and windows", _real_pairs)
    yield _variant("coverage-nested", "slope over 12 districts, real errors and windows", _real_slope)


def overlapping() -> Iterator[Variant]:
    """Rolling windows made from yearly figures; the covariance follows from the years, and the call is not told it."""
    for lag in (1, 2, 3):
        shared = f"{3 - lag} of three years shared"
        kinds: dict[str, Make] = {
            "averages of years": partial(generate.rolling, lag=lag, growth=GROWTH),
            "averages, each year's error a tenth larger than the last": partial(
                generate.rolling, lag=lag, growth=GROWTH, drift=0.1
            ),
            "counts of 300 people a year": partial(generate.rolling_counts, lag=lag, growth=GROWTH),
        }
        for kind, make in kinds.items():
            yield _variant("coverage-overlapping", f"{shared}; {kind}", make)
    five = partial(generate.rolling, lag=1, width=5, growth=GROWTH)
    yield _variant("coverage-overlapping", "4 of five years shared; averages of years", five)


def _cell(n: int, generator: Generator, *, share: float, size: int) -> Draws:
    """Return a lower subject of `size` people whose share moves a tenth of the way to one half, and an upper of twice as many."""
    people = np.broadcast_to(np.array([[size, size], [2 * size, 2 * size]]), (n, 2, 2))
    return generate.counted(generator, share=np.full((n, 2), share), people=people, gain=((0.5 - share) / 10, 0.0))


def counted() -> Iterator[Variant]:
    """Numerators and denominators, from tiny to large."""
    real = partial(real_counts, gain=(0.02, 0.01))
    yield _variant("coverage-counted", "two cohorts of real size, gaining 2 points and 1", real)
    for share in SHARES:
        for size in SIZES:
            make = partial(_cell, share=share, size=size)
            is_promised = size * min(share, 1 - share) >= FEWEST
            yield _variant("coverage-counted", f"share {share:g}; {size} people, and {2 * size}", make, is_promised=is_promised)


def given() -> Iterator[Variant]:
    """Standard errors given, and right."""
    for ratio in (0.1, 1.0, 10.0):
        make = partial(generate.two_subjects, gain=(1.0, -0.5), se=(ratio, 1.0))
        yield _variant("coverage-given", f"standard errors {ratio:g} to 1", make)
