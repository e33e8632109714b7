"""Cases in, verdicts out: many comparisons at once, each split, stated, put into a word and recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelup.inference.interval import estimate_of
from levelup.inference.plane import SECTORS, sector_probabilities
from levelup.terms.errors import Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import Polarity, good_sign, on_good_scale
from levelup.terms.record import CERTAINTIES, WORDS, Floats, Reading, Subject, Trend, Verdict
from levelup.verdicts.certainty import adjusted_certainty
from levelup.verdicts.fitted import FEWEST, Series, fit_trends
from levelup.verdicts.grammar import ESTABLISHED, Judgement, judge, state
from levelup.verdicts.readings import read_gap
from levelup.verdicts.selection import Selected
from levelup.verdicts.split import Split, split

BROKEN = ("series-broken", "boundary-changed", "deprivation-is-relative")
"""Refusals that make the word 'not comparable' and keep the two dates from being set side by side."""

METHOD = "two dates; exact split; normal errors; each statement one-sided"


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison over one window, ready to be judged, or refused before any arithmetic.

    `before`, `after` are levels of the components in the indicator's unit as published, `se_before`, `se_after` their standard
    errors (NaN where none); weights make the lower and the upper subject out of the components. `guarded` asks for the verdict
    to be refused where the subject designated lower stood above the other at the start. `high` is the indicator's upper bound,
    for the reading of shortfalls; `series` holds every date of the window, for the fitted trend.
    """

    id: str
    indicator: str
    kind: str
    comparison: str
    place: str
    lower: Subject
    upper: Subject
    window: str
    start: Period | None
    end: Period | None
    polarity: Polarity
    order: str
    before: Floats = field(default_factory=lambda: np.empty(0))
    after: Floats = field(default_factory=lambda: np.empty(0))
    se_before: Floats = field(default_factory=lambda: np.empty(0))
    se_after: Floats = field(default_factory=lambda: np.empty(0))
    lower_weights: Floats = field(default_factory=lambda: np.empty(0))
    upper_weights: Floats = field(default_factory=lambda: np.empty(0))
    margin: float = float("nan")
    releases: tuple[str, ...] = ()
    refusal: Refusal | None = None
    guarded: bool = False
    high: float | None = None
    series: Series | None = None
    left_out: tuple[Period, ...] = ()
    """Dates of the table before or after the window, at which a subject has no level."""
    selected: Selected | None = None
    """The gains corrected for the choice, where lower and upper were chosen from the figures themselves."""


def _padded(cases: list[Case], name: str) -> Floats:
    width = max((len(case.before) for case in cases), default=1)
    out = np.zeros((len(cases), max(width, 1)))
    for row, case in enumerate(cases):
        values = getattr(case, name)
        out[row, : len(values)] = values
    return out


def _good(cases: list[Case], name: str) -> Floats:
    levels = _padded(cases, name)
    for polarity in Polarity:
        rows = [row for row, case in enumerate(cases) if case.polarity is polarity]
        levels[rows] = on_good_scale(levels[rows], polarity)
    return levels


def split_cases(cases: list[Case]) -> Split:
    """Split every case's change in its gap, in one vectorised call."""
    shared = [overlap(case.start, case.end) if case.start and case.end else 0.0 for case in cases]
    made = split(
        _good(cases, "before"),
        after=_good(cases, "after"),
        se_before=_padded(cases, "se_before"),
        se_after=_padded(cases, "se_after"),
        lower_weights=_padded(cases, "lower_weights"),
        upper_weights=_padded(cases, "upper_weights"),
        overlap=shared,
    )
    for row, case in enumerate(cases):
        if case.selected is not None:
            for name in ("gain_lower", "gain_upper", "variance_lower", "variance_upper", "covariance"):
                getattr(made, name)[row] = getattr(case.selected, name)
    return made


_NO_UNCERTAINTY = Refusal(
    "no-uncertainty",
    "The publisher gives no interval, standard error or counts for these figures, so the change is described and not judged.",
    "An interval, a standard error, or numerators and denominators for both subjects at both dates would allow a verdict.",
)
_REVERSED = Refusal(
    "gap-reversed",
    "The subject designated lower stood above the other at the start, so there was no gap for it to narrow.",
    "Compare the two the other way round, with a reason for the order that does not come from these figures.",
)


def _own_refusal(case: Case, gap_start: float, variance_start: float, *, evaluable: bool) -> Refusal | None:
    if case.refusal is not None:
        return case.refusal
    if not evaluable:
        return _NO_UNCERTAINTY
    if case.guarded and gap_start < 0 and gap_start + 1.6448536269514722 * np.sqrt(max(variance_start, 0.0)) < 0:
        return _REVERSED
    return None


def conclude(cases: list[Case]) -> list[Verdict]:
    """Judge every case; refused and described ones are recorded with their reason.

    Parameters
    ----------
    cases : list of Case
        In the order in which verdicts are wanted.

    Returns
    -------
    list of Verdict
        One a case. `certainty` is each row's own; `certainty_adjusted` allows for all rows of this call together.
    """
    if not cases:
        return []
    moved = split_cases(cases)
    held = np.asarray([len(case.before) > 0 for case in cases])
    known = held & np.isfinite(moved.gain_lower) & np.isfinite(moved.gain_upper)
    finite = known & np.isfinite(moved.variance_gap_change)
    gap_start = moved.upper[:, 0] - moved.lower[:, 0]
    refusals = [
        _own_refusal(case, float(gap_start[row]), float(moved.variance_gap_start[row]), evaluable=bool(finite[row]))
        for row, case in enumerate(cases)
    ]
    judged = finite & np.asarray([refusal is None for refusal in refusals])
    judgement = judge(
        state(
            np.where(finite, moved.gain_lower, 0.0),
            gain_upper=np.where(finite, moved.gain_upper, 0.0),
            variance_lower=np.where(finite, moved.variance_lower, 1.0),
            variance_upper=np.where(finite, moved.variance_upper, 1.0),
            covariance=np.where(finite, moved.covariance, 0.0),
            margin=np.asarray([case.margin for case in cases]),
        )
    )
    adjusted = np.full(len(cases), CERTAINTIES[2], dtype=np.object_)
    adjusted[judged] = adjusted_certainty(judgement.probability[judged])
    regions = _regions(moved, judged)
    trends = _trends(cases, refusals)
    return [
        replace(
            _described(case, moved, row, refusals[row], known=bool(known[row])),
            trend=trends.get(row),
            **(_given(judgement, row, str(adjusted[row])) | {"regions": regions[row]} if judged[row] else {}),
        )
        for row, case in enumerate(cases)
    ]


def _regions(moved: Split, judged: NDArray[np.bool_]) -> dict[int, dict[str, float]]:
    """Return, for each judged row, the probability of each sector of the plane of the two gains."""
    rows = np.flatnonzero(judged)
    chances = sector_probabilities(
        moved.gain_lower[rows],
        upper=moved.gain_upper[rows],
        variance_lower=moved.variance_lower[rows],
        variance_upper=moved.variance_upper[rows],
        covariance=moved.covariance[rows],
    )
    return {int(row): dict(zip(SECTORS, held, strict=True)) for row, held in zip(rows, chances.round(6).tolist(), strict=True)}


def _trends(cases: list[Case], refusals: list[Refusal | None]) -> dict[int, Trend]:
    """Return the fitted trend of each case that has three dates or more and may be described."""
    held = [
        (row, case.series)
        for row, case in enumerate(cases)
        if case.series is not None
        and len(case.series.periods) >= FEWEST
        and ((refusal := refusals[row]) is None or refusal.code == "no-uncertainty")
    ]
    return dict(zip([row for row, _ in held], fit_trends([series for _, series in held]), strict=True))


def _readings(case: Case) -> tuple[Reading, ...]:
    """Return the change as a difference and as ratios, where the two dates can be compared."""
    return read_gap(
        case.before,
        after=case.after,
        se_before=case.se_before,
        se_after=case.se_after,
        lower_weights=case.lower_weights,
        upper_weights=case.upper_weights,
        polarity=case.polarity,
        overlap=overlap(case.start, case.end) if case.start and case.end else 0.0,
        high=case.high,
    )


def _given(judgement: Judgement, row: int, adjusted: str) -> dict[str, Any]:
    """Return the fields that only a judged row has: the word and what it rests on."""
    shown = {key: round(float(p[row]), 6) for key, p in judgement.statements.items() if np.isfinite(p[row])}
    probability = float(judgement.probability[row])
    return {
        "word": WORDS[judgement.word[row]],
        "certainty": CERTAINTIES[2 - int(judgement.certainty[row])],
        "probability": round(probability, 6) if np.isfinite(probability) else None,
        "statements": shown,
        "established": tuple(key for key, p in shown.items() if p >= ESTABLISHED),
        "certainty_adjusted": adjusted,
    }


def _described(case: Case, moved: Split, row: int, refusal: Refusal | None, *, known: bool) -> Verdict:
    """Return the record of what the figures are, before any word: levels, gains and gaps where they are comparable."""
    broken = refusal is not None and refusal.code in BROKEN
    sign = good_sign(case.polarity)
    shown = known and not broken
    share = float(moved.share_from_below[row])
    return Verdict(
        id=case.id,
        indicator=case.indicator,
        kind=case.kind,
        comparison=case.comparison,
        place=case.place,
        lower=case.lower,
        upper=case.upper,
        window=case.window,
        start=case.start,
        end=case.end,
        word="not comparable" if broken else "not evaluable",
        certainty=CERTAINTIES[2],
        probability=None,
        lower_levels=_levels(moved.lower[row] * sign, shown=shown),
        upper_levels=_levels(moved.upper[row] * sign, shown=shown),
        change_lower=estimate_of(float(moved.gain_lower[row]), variance=float(moved.variance_lower[row])) if shown else None,
        change_upper=estimate_of(float(moved.gain_upper[row]), variance=float(moved.variance_upper[row])) if shown else None,
        gap_levels=_levels(moved.upper[row] - moved.lower[row], shown=shown),
        gap_change=estimate_of(float(moved.gap_change[row]), variance=float(moved.variance_gap_change[row])) if shown else None,
        share_from_below=share if shown and np.isfinite(share) else None,
        statements={},
        established=(),
        order=case.order,
        method=_method(case),
        releases=case.releases,
        refusal=refusal,
        readings=_readings(case) if shown and case.selected is None else (),
    )


def _method(case: Case) -> str:
    said = [METHOD]
    if case.selected is not None:
        said.append("gains corrected for the choice of the two ends, levels as given")
    if case.left_out:
        said.append(f"without a level of every subject, and left out: {', '.join(period.label for period in case.left_out)}")
    return "; ".join(said)


def _levels(pair: Floats, *, shown: bool) -> tuple[float | None, float | None]:
    return (float(pair[0]), float(pair[1])) if shown else (None, None)
