"""What is promised of many verdicts at once: the share of false words among those that stand after allowing for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from tests.validity import generate
from tests.validity.harness import Draws, Found, Variant, is_false, judge, mean_line
from tests.validity.real import Borrowed, county_series, district_pairs, district_windows

Generator = np.random.Generator
ROWS = 50
"""Indicators in one call of the independent variants."""
CALLS, CALLS_OF_REPORTS = 1 / 10, 1 / 40
"""Calls made for each draw asked for: the share of false words in one call is one observation, and a report holds 500 rows."""
FALSE_SHARE = {"established": 0.05, "established or likely": 0.20, "likely alone": 0.20}
KINDS = (
    (1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0), (0.0, -1.0), (-1.0, -0.5), (-1.0, 0.0), (0.7, -0.7),
)  # fmt: skip
"""Directions of true change: the gains of the lower and the upper subject."""


def mixture(generator: Generator, *, unchanged: float) -> Draws:
    """Return real pairs of which a share did not change, and the rest by one to six standard errors in one of eight ways."""
    found = district_pairs().pick(ROWS, generator)
    way = np.asarray(KINDS)[generator.integers(len(KINDS), size=ROWS)]
    size = generator.uniform(1, 6, size=(ROWS, 1)) * generate.se_of_gain(found.se, shared=found.shared)
    changed = generator.random((ROWS, 1)) >= unchanged
    return generate.on_real_errors(found, generator, gain=np.where(changed, way * size, 0.0))


def uneven(generator: Generator) -> Draws:
    """Return pairs in which nothing changed and one side is ten times as uncertain as the other."""
    return generate.two_subjects(ROWS, generator, se=(10.0, 1.0))


def _windows_of(indicator: str) -> Borrowed:
    every, names = district_windows(), [series.indicator for series in county_series() for _ in series.windows]
    rows = np.flatnonzero(np.asarray(names) == indicator)
    return Borrowed(
        every.level[rows], every.se[rows], every.shared[rows], every.sign[rows], tuple(every.periods[i] for i in rows)
    )


def one_report(generator: Generator, *, unchanged: float) -> Draws:
    """Return every district against the rest of its county, over every window of every series: what one report holds.

    A share of the series did not change anywhere; in each other one half of the districts moved, steadily over the years.
    """
    made = []
    for series in county_series():
        windows = _windows_of(series.indicator)
        years = np.asarray([series.periods[end].middle - series.periods[start].middle for start, end in series.windows])
        districts = series.value.shape[0]
        moved = (generator.random() >= unchanged) & (generator.random(districts) < 0.5)
        pace = moved * generator.normal(size=districts) * 4 * np.median(windows.se[0])
        made.append((windows, years[:, None] / years.max() * pace))
    return generate.as_pairs(made, generator)


def _measure(n: int, generator: Generator, *, name: str, make: Callable[[Generator], Draws], calls: float) -> Found:
    shares: dict[str, list[float]] = {}
    kept, rows = [], 0
    for _ in range(max(4, round(n * calls))):
        draws = make(generator)
        judged = judge(draws, per_call=len(draws))
        false, adjusted = is_false(draws, judged), judged.adjusted.astype(str)
        among = {
            "established": adjusted == "established",
            "established or likely": np.isin(adjusted, ("established", "likely")),
            "likely alone": adjusted == "likely",
            "established before adjusting": judged.certainty == "established",
        }
        for key, mask in among.items():
            shares.setdefault(key, []).append(float(false[mask].mean()) if mask.any() else 0.0)
        kept.append(float(among["established"].mean()))
        rows += len(draws)
    for key, found in shares.items():
        high = FALSE_SHARE.get(key, float("nan"))
        yield mean_line("many-at-once", name, f"false among {key}", found, draws=rows, high=high)
    yield mean_line("many-at-once", name, "rows established after adjusting", kept, draws=rows)


def many_at_once() -> Iterator[Variant]:
    """Whole tables judged in one call."""
    makes: dict[str, Callable[[Generator], Draws]] = {
        "independent pairs, 60 % unchanged": partial(mixture, unchanged=0.6),
        "independent pairs, 90 % unchanged": partial(mixture, unchanged=0.9),
        "independent pairs, nothing changed": partial(mixture, unchanged=1.0),
        "independent pairs, nothing changed, lower ten times as uncertain": uneven,
        "one report: windows and districts share data, 60 % of series unchanged": partial(one_report, unchanged=0.6),
        "one report: windows and districts share data, nothing changed": partial(one_report, unchanged=1.0),
    }
    for name, make in makes.items():
        calls = CALLS_OF_REPORTS if name.startswith("one report") else CALLS
        yield Variant("many-at-once", name, partial(_measure, name=name, make=make, calls=calls))
