"""Every gap of a nation's upper-tier authorities over every window, judged on arrays: one row a gap and window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.inference.distribution import z_of
from levelup.terms.errors import InputError
from levelup.terms.period import Period
from levelup.terms.record import WORDS, Floats
from levelup.verdicts.certainty import SHARE_ESTABLISHED, SHARE_LIKELY, false_discovery_q
from levelup.verdicts.comparison import cohort_pairs
from levelup.verdicts.grammar import NOT_ENOUGH, judge, state
from levelup.verdicts.nation_row import REASONS, Block, Book, Ground, Nation, cohort_rows, open_book, rows_of
from levelup.verdicts.nation_window import Marks, Rows
from levelup.verdicts.panel import Panel
from levelup.verdicts.split import Split


@dataclass(frozen=True, slots=True)
class Sweep:
    """Verdicts by column, one row a gap and window; gains are on the good scale, a gap change below zero is a narrowing.

    `indicator`, `place`, `pair`, `start` and `end` are positions in `indicators`, `places`, `pairs` (lower and upper cohort) and
    `periods`; `kind` in `KINDS`, `word` in `WORDS`, `reason` in `REASONS`. `certainty` is 2 established, 1 likely, 0 neither:
    the row's own; `adjusted` allows for every judged row of the sweep. `probability` is the smallest among the statements of
    the word, `narrowed` that of the gap having narrowed; both NaN where there is no word or no verdict. Levels, gains and the
    gap change are in the indicator's unit, NaN where the series is broken. `is_disjoint` marks, for each series and length,
    windows that share no figure and no day with one another.
    """

    indicators: tuple[str, ...]
    places: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    periods: tuple[Period, ...]
    indicator: Rows
    kind: Rows
    place: Rows
    pair: Rows
    years: Rows
    start: Rows
    end: Rows
    is_disjoint: Marks
    word: Rows
    reason: Rows
    certainty: Rows
    adjusted: Rows
    probability: Floats
    narrowed: Floats
    lower_start: Floats
    upper_start: Floats
    gain_lower: Floats
    gain_upper: Floats
    gap_change: Floats
    se_lower: Floats
    se_upper: Floats
    se_gap: Floats

    def __len__(self) -> int:
        return len(self.word)

    @property
    def is_judged(self) -> Marks:
        """Where the data allowed a word about the change, 'not enough evidence' included."""
        return self.word <= NOT_ENOUGH


def sweep_gaps(
    panels: dict[tuple[str, str], Panel], *, indicators: Sequence[Indicator], nation: Nation, years: Sequence[int] = (3, 5, 10)
) -> Sweep:
    """Judge every gap of a nation's authorities over every window.

    Parameters
    ----------
    panels : dict of (indicator, cohort) to Panel
        Figures of the authorities and of the nation.
    indicators : sequence of Indicator
        Those without published uncertainty, and those of which only a gap is published, are left out.
    nation : Nation
        Authorities and their order.
    years : sequence of int
        Lengths of window.

    Returns
    -------
    Sweep
        A row for each gap and window with figures for both subjects at both dates. `adjusted` allows for all of them.

    Raises
    ------
    InputError
        No indicator has figures at two dates that make a window.

    Notes
    -----
    An authority is the lower subject where it is at least as deprived as the nation on average. A slope takes the authorities
    that have figures with their uncertainty at both dates, where these hold three quarters of the people; where too few have
    an uncertainty, all with figures, and is then refused. Windows of one series share figures: see `nation_summary`.
    """
    kept = [item for item in indicators if item.uncertainty != "none" and item.kind == "level"]
    ground = Ground(panels, nation, open_book(panels, indicators=kept, nation=nation))
    blocks = [made for number, item in enumerate(kept) for made in rows_of(item, number=number, ground=ground, years=years)]
    return _judged(blocks, ground.book, tuple(item.id for item in kept))


def follow_pair(
    panels: dict[tuple[str, str], Panel],
    *,
    indicators: Sequence[Indicator],
    nation: Nation,
    pair: tuple[str, str],
    dates: tuple[Period, Period],
) -> Sweep:
    """Judge one pair of cohorts within every authority between two dates.

    Parameters
    ----------
    panels, indicators, nation
        As for `sweep_gaps`.
    pair : tuple of two str
        The cohort designated lower, and the upper one; indicators that do not have the pair are left out.
    dates : tuple of two Period
        The first and the last date.

    Returns
    -------
    Sweep
        At most one row for each indicator and authority; `adjusted` allows for these rows alone.

    Raises
    ------
    InputError
        No indicator has the pair at both dates.
    """
    ground = Ground(panels, nation, open_book(panels, indicators=indicators, nation=nation))
    blocks = [
        made
        for number, item in enumerate(indicators)
        for lower, upper, order in cohort_pairs(item)
        if (lower, upper) == pair
        for made in cohort_rows(item, number=number, pair=pair, order=order, ground=ground, dates=dates)
    ]
    return _judged(blocks, ground.book, tuple(item.id for item in indicators))


def allow_for(probability: Floats) -> Rows:
    """Return the certainty (2 established, 1 likely, 0 neither) that words keep once all of them are allowed for.

    Parameters
    ----------
    probability : ndarray of float, shape (n,)
        Of each word; NaN where none was found.

    Examples
    --------
    >>> allow_for(np.asarray([0.999, 0.95, np.nan])).tolist()
    [2, 1, 0]
    """
    q = false_discovery_q(probability)
    is_found = np.isfinite(probability)
    return np.where(is_found & (q <= SHARE_ESTABLISHED), 2, np.where(is_found & (q <= SHARE_LIKELY), 1, 0)).astype(np.intp)


def _joined(blocks: Sequence[Block]) -> tuple[dict[str, Rows], Floats, Split]:
    about = {name: np.concatenate([block.about[name] for block in blocks]) for name in blocks[0].about}
    moved = Split(*(np.concatenate([getattr(block.moved, item.name) for block in blocks]) for item in fields(Split)))
    return about, np.concatenate([block.margin for block in blocks]), moved


def _judged(blocks: Sequence[Block], book: Book, indicators: tuple[str, ...]) -> Sweep:
    """Judge all rows in one call, and allow for there being so many."""
    if not blocks:
        raise InputError("at least one indicator must have figures at two dates that are a window apart", got="none")
    about, margin, moved = _joined(blocks)
    gap_start = moved.upper[:, 0] - moved.lower[:, 0]
    with np.errstate(invalid="ignore"):
        is_reversed = (gap_start < 0) & (gap_start + z_of(0.90) * np.sqrt(np.maximum(moved.variance_gap_start, 0.0)) < 0)
    is_certain = np.isfinite(moved.variance_gap_change)
    reason = np.where((about["reason"] == 0) & ~is_certain, REASONS.index("no-uncertainty"), about["reason"])
    reason = np.where((reason == 0) & is_reversed, REASONS.index("gap-reversed"), reason)
    rows = np.flatnonzero(reason == 0)
    judgement = judge(
        state(
            moved.gain_lower[rows],
            gain_upper=moved.gain_upper[rows],
            variance_lower=moved.variance_lower[rows],
            variance_upper=moved.variance_upper[rows],
            covariance=moved.covariance[rows],
            margin=margin[rows],
        )
    )
    is_broken = reason == REASONS.index("series-broken")
    word = np.where(is_broken, WORDS.index("not comparable"), WORDS.index("not evaluable"))
    word[rows] = judgement.word
    certainty, adjusted = np.zeros((2, len(reason)), dtype=np.intp)
    certainty[rows] = judgement.certainty
    adjusted[rows] = allow_for(judgement.probability)
    probability, narrowed = np.full((2, len(reason)), np.nan)
    probability[rows], narrowed[rows] = judgement.probability, judgement.statements["narrowed"]

    def shown(values: Floats) -> Floats:
        return np.where(is_broken, np.nan, values)

    def error(variance: Floats) -> Floats:
        return shown(np.sqrt(np.maximum(variance, 0.0)))

    return Sweep(
        indicators,
        tuple(book.places),
        tuple(book.pairs),
        tuple(book.periods),
        **{name: about[name] for name in ("indicator", "kind", "place", "pair", "years", "start", "end")},
        is_disjoint=about["is_disjoint"].astype(np.bool_),
        word=word,
        reason=reason,
        certainty=certainty,
        adjusted=adjusted,
        probability=probability,
        narrowed=narrowed,
        lower_start=shown(moved.lower[:, 0]),
        upper_start=shown(moved.upper[:, 0]),
        gain_lower=shown(moved.gain_lower),
        gain_upper=shown(moved.gain_upper),
        gap_change=shown(moved.gap_change),
        se_lower=error(moved.variance_lower),
        se_upper=error(moved.variance_upper),
        se_gap=error(moved.variance_gap_change),
    )
