"""What a nation's sweep comes to: words by window, indicator, region and route, and how many of them are expected to be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from levelup.terms.period import Period
from levelup.terms.record import WORDS, Floats
from levelup.verdicts.certainty import SHARE_ESTABLISHED, SHARE_LIKELY, false_discovery_q
from levelup.verdicts.grammar import ESTABLISHED, LIKELY, NOT_ENOUGH
from levelup.verdicts.nation import Sweep, allow_for
from levelup.verdicts.nation_row import KINDS, REASONS, Nation
from levelup.verdicts.nation_window import Marks, Rows

NARROWED_WORDS = tuple(WORDS.index(word) for word in ("levelled up", "narrowed from both ends", "levelled down"))
"""The words that say by which route a gap narrowed."""


class Routes(NamedTuple):
    """How many gaps narrowed, and by which route: levelled up, from both ends, levelled down; the rest is not settled."""

    narrowed: int
    up: int
    both: int
    down: int

    @property
    def unsettled(self) -> int:
        """How many narrowed by a route that is not settled."""
        return self.narrowed - self.up - self.both - self.down


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some rows of a sweep; tuples have one element a word, in the order of `WORDS`.

    `counts` are all rows by word; `established` and `likely` the words of that certainty, each row on its own; `firm` and
    `firm_likely` those established and likely once every row is allowed for. `own_routes` are those of the gaps that narrowed
    by a statement established on its own, `likely_routes` of those that at least likely did; `routes` are the words in `firm`
    that say a gap narrowed, so that none of theirs is unsettled.
    """

    rows: int
    judged: int
    counts: tuple[int, ...]
    established: tuple[int, ...]
    likely: tuple[int, ...]
    firm: tuple[int, ...]
    firm_likely: tuple[int, ...]
    routes: Routes
    own_routes: Routes
    likely_routes: Routes

    @property
    def expected_false(self) -> float:
        """How many of the words in `firm` are expected to be wrong, at most."""
        return SHARE_ESTABLISHED * sum(self.firm)

    @property
    def expected_false_likely(self) -> float:
        """How many of the words in `firm_likely` are expected to be wrong, at most."""
        return SHARE_LIKELY * sum(self.firm_likely)


@dataclass(frozen=True, slots=True)
class Summary:
    """A sweep in counts.

    `by_window` is keyed by length in years, `by_kind` by a key of `KINDS`, `by_indicator` by id, `by_region` by the region an
    authority lies in (its slope included; the nation's slope is in none), `by_type` by the first three characters of an
    authority's code (slopes are in none). `disjoint` counts, for each length, only windows of which no two of a series share a
    figure or a day, allowed for among themselves. `any_dependence` is how many words stay established under Benjamini and
    Yekutieli's procedure, which holds however the rows depend on one another. `refusals` counts rows without a verdict by code.
    """

    nation: str
    authorities: tuple[str, ...]
    indicators: tuple[str, ...]
    gaps: int
    dates: tuple[Period, Period]
    total: Tally
    by_window: dict[int, Tally]
    by_kind: dict[str, Tally]
    by_indicator: dict[str, Tally]
    by_region: dict[str, Tally]
    by_type: dict[str, Tally]
    disjoint: dict[int, Tally]
    any_dependence: int
    refusals: dict[str, int]
    order_name: str
    names: dict[str, str]

    def name(self, code: str) -> str:
        """Return what pages call a place; its code where it has no name."""
        return self.names.get(code, code)


def summarise(sweep: Sweep, *, nation: Nation) -> Summary:
    """Count a sweep's words, routes and refusals.

    Parameters
    ----------
    sweep : Sweep
        As `sweep_gaps` returns it, with at least one row.
    nation : Nation
        What was swept.

    Returns
    -------
    Summary
        The tallies of `by_window`, `by_kind` and `by_indicator` each add up to `total`.

    Source
    ------
    Benjamini and Hochberg (1995), JRSS B 57:289: the expected share of false words among the established is at most 5 %
    where rows are independent, and where they depend positively (Benjamini and Yekutieli 2001, Annals of Statistics 29:1165).

    Notes
    -----
    Windows that overlap share a date or years between them, and their rows depend positively; a window that ends where the
    next begins shares that date's error with the opposite sign, for which the promise is not proved. `disjoint` and
    `any_dependence` are there for that reason: the first uses no figure twice, the second assumes nothing of the dependence.
    """
    where = np.asarray([nation.region.get(code, code if code != nation.code else "") for code in sweep.places], dtype=np.str_)
    own = np.isin(sweep.kind, (KINDS.index("authority"), KINDS.index("cohort")))
    types = np.asarray([code[:3] for code in sweep.places], dtype=np.str_)
    key = ((sweep.indicator * len(KINDS) + sweep.kind) * len(sweep.places) + sweep.place) * len(sweep.pairs) + sweep.pair
    lengths = np.unique(sweep.years).tolist()

    def split_by(values: Rows, names: Iterable[int]) -> dict[int, Tally]:
        return {at: _tally(sweep, values == at, sweep.adjusted) for at in names}

    by_kind, by_indicator = (split_by(values, np.unique(values).tolist()) for values in (sweep.kind, sweep.indicator))
    return Summary(
        nation.code,
        nation.authorities,
        sweep.indicators,
        len(np.unique(key)),
        (sweep.periods[int(sweep.start.min())], sweep.periods[int(sweep.end.max())]),
        _tally(sweep, np.ones(len(sweep), dtype=np.bool_), sweep.adjusted),
        split_by(sweep.years, lengths),
        {KINDS[at]: tally for at, tally in by_kind.items()},
        {sweep.indicators[at]: tally for at, tally in by_indicator.items()},
        {code: _tally(sweep, where[sweep.place] == code, sweep.adjusted) for code in sorted(set(nation.region.values()))},
        {
            code: _tally(sweep, own & (types[sweep.place] == code), sweep.adjusted)
            for code in sorted({c[:3] for c in nation.authorities})
        },
        {length: _apart(sweep, sweep.is_disjoint & (sweep.years == length)) for length in lengths},
        _any_dependence(sweep.probability[sweep.is_judged]),
        {code: int((sweep.reason == at).sum()) for at, code in enumerate(REASONS) if code},
        nation.order_name,
        nation.names,
    )


def _any_dependence(probability: Floats) -> int:
    """Return how many words stay established however the rows depend on one another (Benjamini and Yekutieli 2001)."""
    harmonic = (1.0 / np.arange(1, len(probability) + 1)).sum()
    return int((false_discovery_q(probability) * harmonic <= SHARE_ESTABLISHED).sum())


def _apart(sweep: Sweep, rows: Marks) -> Tally:
    """Return the tally of some rows that are allowed for among themselves alone."""
    judged = rows & sweep.is_judged
    adjusted = np.zeros(len(sweep), dtype=np.intp)
    adjusted[judged] = allow_for(sweep.probability[judged])
    return _tally(sweep, rows, adjusted)


def _tally(sweep: Sweep, rows: Marks, allowed: Rows) -> Tally:
    word, certainty, adjusted, narrowed = sweep.word[rows], sweep.certainty[rows], allowed[rows], sweep.narrowed[rows]

    def words(among: Marks) -> tuple[int, ...]:
        return tuple(np.bincount(word[among], minlength=len(WORDS)).tolist())

    def routes(among: Marks, has_narrowed: Marks) -> Routes:
        up, both, down = (int((among & (word == said)).sum()) for said in NARROWED_WORDS)
        return Routes(int((has_narrowed | (among & np.isin(word, NARROWED_WORDS))).sum()), up, both, down)

    return Tally(
        len(word),
        int((word <= NOT_ENOUGH).sum()),
        words(np.ones(len(word), dtype=np.bool_)),
        words(certainty == 2),
        words(certainty == 1),
        words(adjusted == 2),
        words(adjusted == 1),
        routes(adjusted == 2, np.zeros(len(word), dtype=np.bool_)),
        routes(certainty == 2, narrowed >= ESTABLISHED),
        routes(certainty >= 1, narrowed >= LIKELY),
    )


@dataclass(frozen=True, slots=True)
class Nationwide:
    """What a page about a whole nation is made of: the sweep in counts, and one pair of cohorts followed from end to end."""

    summary: Summary
    followed: Sweep | None
