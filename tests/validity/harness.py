"""Draws with a known truth go in as a person's table, the stable call answers, and what it promised is counted."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.terms.record import Estimate, Floats
from levelup.verdicts.grammar import rests_on
from levelup.verdicts.table import verdict_table

PER_CALL = 500
"""How many draws go into one call where the draws have nothing to do with each other."""
CHANCE = 3.0
"""How many Monte Carlo standard errors a figure may lie outside its promise before the promise counts as broken."""
NOTHING = 1e-9
"""A true gain smaller than this is rounding: the truth is no change."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Tables of s subjects at two periods, n of them, with the gains that are really there.

    `value` and `se` have shape (n, s, 2), in the unit as published, or `count` and `total` stand instead. `gain` holds the true
    gains of the lower and the upper subject on the good scale, shape (n, 2). `periods` are ISO texts, one pair for each draw.
    `roles` are one a subject, '' where the order (or nothing) says who is lower; with one row a draw, shape (n, s).
    """

    gain: Floats
    value: Floats = field(default_factory=lambda: np.empty(0))
    se: Floats = field(default_factory=lambda: np.empty(0))
    count: Floats = field(default_factory=lambda: np.empty(0))
    total: Floats = field(default_factory=lambda: np.empty(0))
    roles: Sequence[str] | NDArray[np.object_] = ("lower", "upper")
    order: Sequence[int] = ()
    population: Sequence[float] = ()
    periods: Sequence[tuple[str, str]] = (("2016-01-01/P1Y", "2021-01-01/P1Y"),)
    sign: ArrayLike = 1.0
    margin: ArrayLike = np.nan

    def __len__(self) -> int:
        return len(self.gain)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the call answered, one element a draw; intervals have columns value, lower and upper, NaN where refused."""

    word: NDArray[np.object_]
    certainty: NDArray[np.object_]
    adjusted: NDArray[np.object_]
    refusal: NDArray[np.object_]
    gap: Floats
    lower: Floats
    upper: Floats


def _texts(numbers: Floats, size: int) -> list[str]:
    return [""] * size if numbers.size == 0 else ["" if math.isnan(x) else repr(x) for x in numbers.ravel().tolist()]


def table_of(draws: Draws, *, rows: slice = slice(None)) -> dict[str, list[str]]:
    """Return the columns of the stable call for some of the draws: one indicator a draw, one row a subject and period."""
    numbers = np.arange(len(draws))[rows]
    n = len(numbers)
    s = (draws.value if draws.value.size else draws.count).shape[1]
    size = n * s * 2

    def spread(item: Sequence[Any] | NDArray[np.object_]) -> list[str]:
        return [str(cell) for cell in item for _ in (0, 1)] * n if len(item) else [""] * size

    def each(item: ArrayLike, names: tuple[str, str] | None = None) -> list[str]:
        per_draw = np.broadcast_to(np.asarray(item, dtype=np.float64), (len(draws),))[rows]
        if names is not None:
            return [names[0] if x > 0 else names[1] for x in per_draw for _ in range(2 * s)]
        return ["" if math.isnan(x) else repr(float(x)) for x in per_draw for _ in range(2 * s)]

    roles = np.asarray(draws.roles, dtype=np.object_)
    pairs = draws.periods if len(draws.periods) > 1 else [draws.periods[0]] * len(draws)
    return {
        "indicator": [f"i{number}" for number in numbers for _ in range(2 * s)],
        "subject": spread([f"subject {k + 1}" for k in range(s)]),
        "role": spread(roles) if roles.ndim == 1 else [role for row in roles[rows] for role in row for _ in (0, 1)],
        "period": [period for pair in pairs[rows] for _ in range(s) for period in pair],
        "polarity": each(draws.sign, ("more-is-better", "less-is-better")),
        **{
            name: _texts(grid[rows], size)
            for name, grid in (
                ("value", draws.value),
                ("se", draws.se),
                ("numerator", draws.count),
                ("denominator", draws.total),
            )
        },
        "population": spread(draws.population),
        "order": spread(draws.order),
        "margin": each(draws.margin),
    }


def _three(estimate: Estimate | None) -> tuple[float, float, float]:
    if estimate is None or estimate.lower is None or estimate.upper is None:
        return (math.nan, math.nan, math.nan)
    return (estimate.value, estimate.lower, estimate.upper)


def ask_package(table: dict[str, list[str]]) -> Iterator[tuple[Any, ...]]:
    """Yield the answer of the stable call as a Python call gives it."""
    for item in verdict_table(table):
        yield (
            item.word,
            item.certainty,
            item.certainty_adjusted,
            item.refusal.code if item.refusal else "",
            _three(item.gap_change),
            _three(item.change_lower),
            _three(item.change_upper),
        )


def ask_command(table: dict[str, list[str]]) -> Iterator[tuple[Any, ...]]:
    """Yield the same answer as `levelup verdict FILE --json` prints it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))
        done = subprocess.run(
            [sys.executable, "-m", "levelup", "verdict", str(path), "--json"], capture_output=True, text=True, check=True
        )
    for item in json.loads(done.stdout):
        gap, ends = item["gap_change"], ("change_lower", "change_upper")
        yield (
            item["word"],
            item["certainty"],
            item["certainty_adjusted"],
            item["refusal"]["code"] if item["refusal"] else "",
            (gap["value"], gap["lower"], gap["upper"]) if gap else (math.nan,) * 3,
            *((item[end], *(item[f"{end}_interval"] or (math.nan, math.nan))) for end in ends),
        )


ASK = {"package": ask_package, "command": ask_command}


def judge(draws: Draws, *, per_call: int = PER_CALL, through: str = "package") -> Judged:
    """Put every draw to the stable call, `per_call` of them in one table."""
    answers: list[tuple[Any, ...]] = []
    for start in range(0, len(draws), per_call):
        answers.extend(ASK[through](table_of(draws, rows=slice(start, start + per_call))))
    if len(answers) != len(draws):
        raise AssertionError(f"{len(draws)} indicators were asked about and {len(answers)} answered")
    columns = list(zip(*answers, strict=True))
    word, certainty, adjusted, refusal = (np.asarray(column, dtype=np.object_) for column in columns[:4])
    gap, lower, upper = (np.asarray(column, dtype=np.float64) for column in columns[4:])
    return Judged(word, certainty, adjusted, refusal, gap, lower, upper)


def share_of(judged: Judged, word: str, *, certainties: tuple[str, ...] = ("established",)) -> NDArray[np.bool_]:
    """Return where a word was given with one of these certainties."""
    return np.asarray((judged.word == word) & np.isin(judged.certainty.astype(str), certainties))


def is_covered(draws: Draws, judged: Judged) -> NDArray[np.bool_]:
    """Return where the interval of the change in the gap holds the true one; only a refused row may lack one."""
    truth = draws.gain[:, 1] - draws.gain[:, 0]
    if np.isnan(judged.gap[judged.refusal == ""]).any():
        raise AssertionError("an interval is missing where nothing was refused")
    return np.asarray((judged.gap[:, 1] <= truth + NOTHING) & (truth - NOTHING <= judged.gap[:, 2]))


def is_false(draws: Draws, judged: Judged) -> NDArray[np.bool_]:
    """Return where the word rests on a statement that is not true of the real gains."""
    gain = np.where(np.abs(draws.gain) < NOTHING, 0.0, draws.gain)
    x, y, margin = gain[:, 0], gain[:, 1], np.asarray(draws.margin, dtype=np.float64)
    narrowing = np.where(np.abs(x - y) < NOTHING, 0.0, x - y)
    true = {
        "lower-rose": x > 0,
        "lower-fell": x < 0,
        "upper-rose": y > 0,
        "upper-fell": y < 0,
        "narrowed": narrowing > 0,
        "widened": narrowing < 0,
        "from-below": x + y > NOTHING,
        "from-above": x + y < -NOTHING,
        "lower-still": np.abs(x) < margin,
        "upper-still": np.abs(y) < margin,
        "gap-still": np.abs(narrowing) < margin,
    }
    false = np.zeros(len(draws), dtype=bool)
    for word in set(judged.word.tolist()):
        for statement in rests_on(str(word)):
            false |= (judged.word == word) & ~true[statement]
    return false


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the harness: a share with its Monte Carlo standard error, and what was promised of it (NaN: nothing)."""

    scenario: str
    variant: str
    quantity: str
    value: float
    error: float
    draws: int
    low: float = math.nan
    high: float = math.nan

    @property
    def is_promised(self) -> bool:
        """Whether anything was promised of this figure."""
        return not math.isnan(self.high)

    @property
    def outcome(self) -> str:
        """Whether the promise was kept; within three Monte Carlo errors outside a limit nothing surer can be said."""
        if not self.is_promised:
            return ""
        if self.low <= self.value <= self.high:
            return "kept"
        slack = CHANCE * self.error
        return "at the limit" if self.low - slack <= self.value <= self.high + slack else "BROKEN"


def share_line(
    scenario: str, variant: str, quantity: str, hits: NDArray[np.bool_], *, low: float = math.nan, high: float = math.nan
) -> Line:
    """Return the share of draws where something happened; its error is binomial, of one case more on either side."""
    n = len(hits)
    shrunk = (int(hits.sum()) + 1) / (n + 2)
    return Line(scenario, variant, quantity, float(hits.mean()), math.sqrt(shrunk * (1 - shrunk) / n), n, low=low, high=high)


def mean_line(scenario: str, variant: str, quantity: str, shares: Sequence[float], *, draws: int, high: float = math.nan) -> Line:
    """Return the mean of one share a call, whose error is that of a mean over the calls."""
    error = float(np.std(shares, ddof=1)) / math.sqrt(len(shares))
    return Line(scenario, variant, quantity, float(np.mean(shares)), error, draws, low=0.0, high=high)


@dataclass(frozen=True, slots=True)
class Words:
    """How often each word came up in one variant, at either certainty."""

    scenario: str
    variant: str
    draws: int
    counts: Counter[tuple[str, str]]


def words_of(scenario: str, variant: str, judged: Judged) -> Words:
    """Return the count of every word with its certainty."""
    found = Counter(zip(judged.word.tolist(), judged.certainty.tolist(), strict=True))
    return Words(scenario, variant, len(judged.word), found)


Found = Iterator[Line | Words]


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that is simulated: from a number of draws and a generator to its figures."""

    scenario: str
    name: str
    measure: Callable[[int, np.random.Generator], Found]

    def run(self, *, draws: int, seed: int) -> list[Line | Words]:
        """Measure it; what is drawn depends on the seed and its own name, not on what else is run."""
        key = zlib.crc32(f"{self.scenario}: {self.name}".encode())
        return list(self.measure(draws, np.random.default_rng([seed, key])))
