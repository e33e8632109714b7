"""What is simulated: measures, numbers of groups and shapes of the true levels, and how often each interval holds the truth."""

from __future__ import annotations

import math
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from levelup.inference.dispersion import noise_corrected
from tests.coverage.draws import REQUIRED, SHAPES, Draws, Floats, Setting, draw, plain, weights_of

GRID = (0.0, 0.1, 0.25, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
"""True dispersion, in the level's unit; a standard error is about 1.1."""
LOW, HIGH = 0.93, 0.98
CHANCE = 3.0
"""How many Monte Carlo standard errors a share may lie outside the promise before it counts as broken."""
RESAMPLES = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """One measure under one setting."""

    functional: str
    setting: Setting
    weighting: str = "weighted"
    order: float | None = None

    @property
    def is_slow(self) -> bool:
        """Whether it takes minutes at ten thousand draws."""
        return self.setting.groups >= 40 or self.is_integrated

    @property
    def is_integrated(self) -> bool:
        """Whether its law is found by quadrature."""
        return self.functional.endswith(("-best", "-reference"))

    @property
    def name(self) -> str:
        """What a table calls it."""
        measure = self.functional.replace("-", " ") + ("" if self.order is None else f" of order {self.order:g}")
        return f"{measure}, {self.weighting}, {self.setting.name}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The share of intervals that hold the truth, at one true dispersion and shape; `method` is ours or one to compare with."""

    dispersion: float
    shape: str
    method: str
    covered: float
    draws: int

    @property
    def error(self) -> float:
        """The share's Monte Carlo standard error, of one case more on either side."""
        shrunk = (self.covered * self.draws + 1.0) / (self.draws + 2.0)
        return math.sqrt(shrunk * (1.0 - shrunk) / self.draws)

    @property
    def is_promised(self) -> bool:
        """Whether the promise holds for this shape."""
        return self.method == OURS and self.shape in REQUIRED

    @property
    def outcome(self) -> str:
        """Whether the promise is kept; within three Monte Carlo errors outside it nothing surer can be said."""
        high = 1.0 if self.dispersion == 0 else HIGH
        if LOW <= self.covered <= high:
            return "kept"
        slack = CHANCE * self.error
        return "at the limit" if LOW - slack <= self.covered <= high + slack else "BROKEN"


OURS, DELTA, RESAMPLED = "noise-corrected", "delta method", "noise added again"

_SIZES = tuple(Setting(k) for k in (5, 12, 40, 300))
_UNEVEN = tuple(Setting(k, is_uneven=True) for k in (5, 12, 40))
SCENARIOS: dict[str, tuple[Scenario, ...]] = {
    "mean-difference": (
        *(Scenario("mean-difference", setting) for setting in (*_SIZES, *_UNEVEN)),
        Scenario("mean-difference", _UNEVEN[1], "unweighted"),
    ),
    "variance": tuple(Scenario("variance", setting) for setting in (*_SIZES, *_UNEVEN)),
    "relative": tuple(
        Scenario(name, setting)
        for name in ("disparity-index", "coefficient-of-variation", "theil", "mean-log-deviation")
        for setting in (Setting(12), Setting(12, is_uneven=True))
    ),
    "entropy-orders": (Scenario("generalised-entropy", Setting(12), order=2.0), Scenario("atkinson", Setting(12), order=0.5)),
    "mean-difference-from-best": tuple(
        Scenario("mean-difference-from-best", setting)
        for setting in (Setting(5), Setting(12), _UNEVEN[1], Setting(40), Setting(300))
    ),
    "mean-difference-from-reference": tuple(
        Scenario("mean-difference-from-reference", setting) for setting in (Setting(5), Setting(12), _UNEVEN[1], Setting(40))
    ),
}
"""Families of scenarios, by the name that `--only` takes."""


def measure(
    scenario: Scenario, *, draws: int, seed: int, shapes: tuple[str, ...] = tuple(SHAPES), grid: tuple[float, ...] = GRID
) -> Iterator[Cell]:
    """Yield one cell for each true dispersion and shape; what is drawn depends on the seed and on the cell's own name.

    Shapes without a promise get a fifth of the draws.
    """
    for dispersion in grid:
        for shape in shapes:
            key = zlib.crc32(f"{scenario.name}: {dispersion:g}, {shape}".encode())
            generator = np.random.default_rng([seed, key])
            made = draw(
                scenario.functional,
                scenario.setting,
                shape=shape,
                dispersion=dispersion,
                draws=draws if shape in REQUIRED else -(-draws // 5),
                generator=generator,
                weighting=scenario.weighting,
            )
            held = covers(scenario, made)[np.isfinite(true_of(scenario, made))]
            yield Cell(dispersion, shape, OURS, float(held.mean()), len(held))


def timed(scenario: Scenario, draws: int, seed: int) -> list[Cell]:
    """Return every cell of a scenario, and say on the error stream how long it took."""
    started = time.perf_counter()
    cells = list(measure(scenario, draws=draws, seed=seed))
    print(f"{scenario.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return cells


def true_of(scenario: Scenario, made: Draws) -> Floats:
    """Return the measure of the true levels; NaN where an entropy meets a level that is not above zero."""
    order = math.nan if scenario.order is None else scenario.order
    with np.errstate(invalid="ignore"):
        return plain(scenario.functional, made.true, share=made.share, weighting=scenario.weighting, order=order)


def covers(scenario: Scenario, made: Draws) -> Floats:
    """Return which intervals hold the truth; an interval that is missing holds nothing."""
    found = noise_corrected(
        scenario.functional,
        made.level,
        se=made.se,
        share=made.share,
        weighting=scenario.weighting,
        reference=0,
        order=scenario.order,
    )
    truth = true_of(scenario, made)
    slack = 1e-9 * (1.0 + np.abs(truth))
    return (found.lower <= truth + slack) & (truth - slack <= found.upper)


def compared(*, draws: int, seed: int, shape: str = "normal scores") -> Iterator[Cell]:
    """Yield the coverage of two other intervals of the mean difference from the mean of twelve groups, beside ours.

    One is the normal interval by the delta method about the plain measure; the other adds noise to the observed levels 100 times
    and takes the middle 95 %.
    """
    scenario = Scenario("mean-difference", Setting(12))
    for dispersion in GRID:
        generator = np.random.default_rng([seed, zlib.crc32(f"compared: {dispersion:g}".encode())])
        made = draw("mean-difference", scenario.setting, shape=shape, dispersion=dispersion, draws=draws, generator=generator)
        truth, weight = true_of(scenario, made), weights_of(made.share, "weighted")
        mean = (made.share * made.level).sum(axis=1, keepdims=True)
        sign = np.sign(made.level - mean)
        gradient = weight * sign - made.share * (weight * sign).sum(axis=1, keepdims=True)
        reach = ndtri(0.975) * np.sqrt((gradient**2 * made.se**2).sum(axis=1))
        seen = plain("mean-difference", made.level, share=made.share)
        again = np.stack(
            [
                plain("mean-difference", made.level + made.se * generator.normal(size=made.level.shape), share=made.share)
                for _ in range(RESAMPLES)
            ]
        )
        low, high = np.quantile(again, (0.025, 0.975), axis=0)
        for method, held in (
            (OURS, covers(scenario, made)),
            (DELTA, np.abs(seen - truth) <= reach),
            (RESAMPLED, (low <= truth) & (truth <= high)),
        ):
            yield Cell(dispersion, shape, method, float(held.mean()), draws)
