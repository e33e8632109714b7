"""What is promised of the words: how often one is given that is not true, and how often the true one is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from tests.validity import generate
from tests.validity.harness import Draws, Found, Variant, is_covered, is_false, judge, share_line, share_of, words_of
from tests.validity.real import cohort_counts, district_pairs, district_windows, population

Generator = np.random.Generator
Make = Callable[[int, Generator], Draws]
BOTH = ("established", "likely")
UP, DOWN, STILL = "levelled up", "levelled down", "no clear change"
FALSE_UP, FALSE_UP_UNDER_DOWN, FALSE_STILL = 0.05, 0.01, 0.05
SPREADS = (0.0, 0.5, 1.0, 3.0)
"""How far the true levels of twelve subjects differ, in standard errors of a level."""
UNEVEN = np.linspace(0.5, 2.0, 12)
"""Standard errors of twelve subjects of unequal size."""


def real_counts(n: int, generator: Generator, *, gain: tuple[float, float] = (0.0, 0.0)) -> Draws:
    """Return two cohorts of an authority with the numbers of pupils that were there."""
    real = cohort_counts()
    rows = generator.integers(len(real.share), size=n)
    return generate.counted(generator, share=real.share[rows], people=real.people[rows], gain=gain)


def _alike(n: int, generator: Generator, *, share: float, people: float) -> Draws:
    return generate.counted(generator, share=np.full((n, 2), share), people=np.full((n, 2, 2), people))


def _pairs(n: int, generator: Generator) -> Draws:
    return generate.on_real_errors(district_pairs().pick(n, generator), generator)


def _slope(n: int, generator: Generator) -> Draws:
    return generate.over_districts(district_windows().pick(n, generator), generator)


UNCHANGED: dict[str, Make] = {
    "two subjects, equal standard errors": generate.two_subjects,
    "lower ten times as uncertain as upper": partial(generate.two_subjects, se=(10, 1)),
    "upper ten times as uncertain as lower": partial(generate.two_subjects, se=(1, 10)),
    "district and the rest of the county, real errors": _pairs,
    "slope over 12 districts, real errors": _slope,
    "two cohorts, real counts": real_counts,
    "counts, 40 people a side, share 0.5": partial(_alike, share=0.5, people=40),
    "counts, 40 people a side, share 0.1": partial(_alike, share=0.1, people=40),
    "three-year windows that share two years": partial(generate.rolling, lag=1),
    "three-year windows that share one year": partial(generate.rolling, lag=2),
}


def no_change() -> Iterator[Variant]:
    """Nobody's true level moves; each subject has its own."""

    def measure(n: int, generator: Generator, *, name: str, make: Make) -> Found:
        draws = make(n, generator)
        judged = judge(draws)
        false = is_false(draws, judged) & (judged.certainty == "established")
        yield share_line("no-change", name, "levelled up, established", share_of(judged, UP), low=0, high=FALSE_UP)
        yield share_line("no-change", name, "levelled up, established or likely", share_of(judged, UP, certainties=BOTH))
        yield share_line("no-change", name, "any false word, established", false)
        yield words_of("no-change", name, judged)

    for name, make in UNCHANGED.items():
        yield Variant("no-change", name, partial(measure, name=name, make=make))


def _pair_falls(n: int, generator: Generator, *, size: float, of_gap: float) -> Draws:
    pairs = district_pairs().pick(n, generator)
    each = generate.se_of_gain(pairs.se, shared=pairs.shared)
    unit = np.hypot(of_gap * each[:, 0], each[:, 1])
    return generate.on_real_errors(pairs, generator, gain=np.stack([np.zeros(n), -size * unit], axis=1))


def _slope_falls(n: int, generator: Generator, *, size: float) -> Draws:
    """Lower the least deprived end of the slope and leave the other where it is, along the line over the districts' ranks."""
    found, people = district_windows().pick(n, generator), population()
    ends = generate.slope_weights(people)
    each = generate.se_of_gain(found.se, shared=found.shared)
    unit = np.sqrt((((ends[1] - ends[0]) * each) ** 2).sum(axis=1))
    rank = (np.cumsum(people) - people / 2) / people.sum()
    return generate.over_districts(found, generator, gain=-size * unit[:, None] * rank)


def _falls(size: float) -> dict[str, Make]:
    """Return ways for the upper subject to fall; each says what its size is counted in."""
    of_gap, own = "standard errors of the gap's change", "standard errors of its own gain"
    return {
        f"{size:g} {of_gap}; equal standard errors": partial(generate.two_subjects, gain=(0, -size * np.sqrt(2))),
        f"{size:g} {of_gap}; district and rest, real errors": partial(_pair_falls, size=size, of_gap=1.0),
        f"{size:g} {of_gap}; slope over 12 districts, real errors": partial(_slope_falls, size=size),
        f"{size:g} {own}; equal standard errors": partial(generate.two_subjects, gain=(0, -size)),
        f"{size:g} {own}; district and rest, real errors": partial(_pair_falls, size=size, of_gap=0.0),
        f"{size:g} {own}; lower ten times as uncertain": partial(generate.two_subjects, gain=(0, -size), se=(10, 1)),
    }


def levelling_down() -> Iterator[Variant]:
    """The lower subject stays and the upper falls.

    A fall of one standard error of the upper's own gain is shown without a promise: where the lower subject is far less certain
    it moves the gap by next to nothing, and is no change in all but name.
    """

    def measure(n: int, generator: Generator, *, name: str, make: Make, limit: float) -> Found:
        judged = judge(make(n, generator))
        yield share_line("levelling-down", name, "levelled up, established", share_of(judged, UP), low=0, high=limit)
        yield share_line("levelling-down", name, "levelled up, established or likely", share_of(judged, UP, certainties=BOTH))
        yield share_line("levelling-down", name, "levelled down, established", share_of(judged, DOWN))

    for size in (1.0, 2.0, 4.0):
        for kind, make in _falls(size).items():
            name = f"upper falls by {kind}"
            limit = float("nan") if size == 1 and "its own gain" in kind else FALSE_UP_UNDER_DOWN
            yield Variant("levelling-down", name, partial(measure, name=name, make=make, limit=limit))


def _rising_alike(n: int, generator: Generator, *, size: float) -> Draws:
    pairs = district_pairs().pick(n, generator)
    unit = generate.se_of_gain(pairs.se, shared=pairs.shared).max(axis=1, keepdims=True)
    return generate.on_real_errors(pairs, generator, gain=np.repeat(size * unit, 2, axis=1))


def least_favourable() -> Iterator[Variant]:
    """Truths under which levelled up is false by one of its three statements alone, and the other two are plain."""

    def measure(n: int, generator: Generator, *, name: str, make: Make) -> Found:
        draws = make(n, generator)
        judged = judge(draws)
        sure = judged.certainty == "established"
        yield share_line("least-favourable", name, "levelled up, established", share_of(judged, UP), low=0, high=FALSE_UP)
        yield share_line("least-favourable", name, "any false word, established", is_false(draws, judged) & sure)
        yield words_of("least-favourable", name, judged)

    makes: dict[str, Make] = {
        "both rise by 5 standard errors, the gap stays": partial(generate.two_subjects, gain=(5, 5)),
        "both rise by 5 standard errors, the gap stays; real errors": partial(_rising_alike, size=5.0),
        "both rise alike; windows share two years": partial(generate.rolling, lag=1, growth=(5, 5)),
        "lower stays, upper surely stays": partial(generate.two_subjects, se=(100, 1)),
        "lower surely rises by 1.5, upper falls by 1.6 standard errors of its gain": partial(
            generate.two_subjects, gain=(1.5, -1.6), se=(0.1, 1)
        ),
        "lower rises by 1 and upper falls by 1, standard errors": partial(generate.two_subjects, gain=(1, -1)),
    }
    for name, make in makes.items():
        yield Variant("least-favourable", name, partial(measure, name=name, make=make))


def _real_districts(n: int, generator: Generator) -> Draws:
    return generate.without_order(district_windows().pick(n, generator), generator)


NOISE: dict[str, Make] = {
    **{f"levels spread by {tau:g}": partial(generate.of_twelve, tau=tau) for tau in SPREADS},
    **{f"levels spread by {tau:g}; errors of 0.5 to 2": partial(generate.of_twelve, tau=tau, se=UNEVEN) for tau in SPREADS},
    "levels spread by 1; windows share two years": partial(generate.of_twelve, tau=1.0, lag=1),
    "two groups 4 apart": partial(generate.of_twelve, apart=4.0),
    "two groups 8 apart": partial(generate.of_twelve, apart=8.0),
    "12 districts, real levels, errors and windows": _real_districts,
}
HARDER: dict[str, Make] = {
    **{
        f"levels spread by {tau:g}; HARDER, all rise by 4": partial(generate.of_twelve, tau=tau, rise_of_all=4.0)
        for tau in SPREADS
    },
    "two groups 4 apart; HARDER, all rise by 4": partial(generate.of_twelve, apart=4.0, rise_of_all=4.0),
    "two groups 8 apart; HARDER, all rise by 4": partial(generate.of_twelve, apart=8.0, rise_of_all=4.0),
    **{
        f"levels spread by {tau:g}; NAIVE, the lowest figure against {naive}": partial(generate.of_twelve, tau=tau, naive=naive)
        for tau in SPREADS
        for naive in ("all others", "the highest")
    },
}
"""Shown without a promise: a rise that all share makes one of the three statements true, and naive roles have no defence."""


def selection() -> Iterator[Variant]:
    """Twelve subjects with neither roles nor an order; no gap changes between the two dates."""

    def measure(n: int, generator: Generator, *, name: str, make: Make, limit: float, is_true: bool = True) -> Found:
        draws = make(n, generator)
        judged = judge(draws)
        sure = (judged.certainty == "established") & (judged.refusal == "")
        rise = sure & np.isin(judged.word.astype(str), (UP, "narrowed from both ends"))
        yield share_line("selection", name, "levelled up, established", share_of(judged, UP), low=0, high=limit)
        yield share_line("selection", name, "levelled up or narrowed from both ends, established", rise)
        if is_true:
            yield share_line("selection", name, "any false word, established", sure & is_false(draws, judged))
            yield share_line("selection", name, "coverage where judged", is_covered(draws, judged)[judged.refusal == ""])
        yield share_line("selection", name, "refused", np.asarray(judged.refusal != ""))

    for made, limit in ((NOISE, FALSE_UP), (HARDER, float("nan"))):
        for name, make in made.items():
            yield Variant("selection", name, partial(measure, name=name, make=make, limit=limit))
    for rise in (3.0, 6.0):
        name = f"levels spread by 3; POWER, the lowest truly rises by {rise:g} standard errors of its gain"
        make = partial(generate.of_twelve, tau=3.0, rise_of_lowest=rise * np.sqrt(2))
        yield Variant("selection", name, partial(measure, name=name, make=make, limit=float("nan"), is_true=False))


POWER = {
    "only the lower rises": (1.0, 0.0),
    "both rise, the upper half as much": (1.0, 0.5),
    "the lower rises, the upper falls as much": (1.0, -1.0),
    "only the upper falls": (0.0, -1.0),
}


def power() -> Iterator[Variant]:
    """How often each word comes up as the true change grows, in standard errors of a gain; both equally uncertain."""

    def measure(n: int, generator: Generator, *, name: str, gain: tuple[float, float]) -> Found:
        yield words_of("power", name, judge(generate.two_subjects(n, generator, gain=gain)))

    for shape, (x, y) in POWER.items():
        for size in range(7):
            name = f"{shape}: {size}"
            yield Variant("power", name, partial(measure, name=name, gain=(x * size, y * size)))


def no_clear_change() -> Iterator[Variant]:
    """A smallest change m that matters is stated; the truth stands exactly on it, or nothing moved."""

    def measure(n: int, generator: Generator, *, name: str, gain: tuple[float, float], m: float, limit: float) -> Found:
        judged = judge(generate.two_subjects(n, generator, gain=gain, margin=m))
        yield share_line("no-clear-change", name, "no clear change, established", share_of(judged, STILL), low=0, high=limit)

    for m in (2.0, 3.0, 4.0, 6.0):
        edge = {
            "lower gains m": (m, 0.0),
            "lower gains m, upper half of it": (m, m / 2),
            "lower loses m": (-m, 0.0),
            "upper loses m": (0.0, -m),
            "the gap narrows by m from both ends": (m / 2, -m / 2),
        }
        for kind, gain in edge.items():
            name = f"m = {m:g} standard errors; {kind}"
            yield Variant("no-clear-change", name, partial(measure, name=name, gain=gain, m=m, limit=FALSE_STILL))
        name = f"m = {m:g} standard errors; POWER, nothing moved"
        yield Variant("no-clear-change", name, partial(measure, name=name, gain=(0.0, 0.0), m=m, limit=float("nan")))
