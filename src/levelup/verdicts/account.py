"""What stands behind one gap's word: who moved it, who lost, whether people changed or the mix of people, and its memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.inference.shrinkage import Shrunk, shrink
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.period import overlap
from levelup.terms.polarity import on_good_scale
from levelup.terms.record import Floats, Masking, Verdict
from levelup.verdicts.attribution import NobodyFell, SlopeAttribution, attribute_slope, nobody_fell_on_slope
from levelup.verdicts.comparison import EVERYONE, Comparison, Scope
from levelup.verdicts.course import Courses, Pair, follow_courses
from levelup.verdicts.drift import Drift, drifting_membership
from levelup.verdicts.follow import Panels, levels_of
from levelup.verdicts.growth import GrowthCurves, growth_curves
from levelup.verdicts.lorenz import LorenzComparison, compare_lorenz
from levelup.verdicts.loser import gains
from levelup.verdicts.masking import mask_groups
from levelup.verdicts.mixing import Mixing, mix_of_groups
from levelup.verdicts.panel import Panel

ALL_BUT = 0.02
"""Two cohorts make up everybody where no more than this share is in neither, such as pupils whose record is missing."""
FIXED = frozenset({"sex", "ethnicity", "age"})
"""Characteristics that nobody gains or loses by the rule of a scheme; the others' memberships drift."""


@dataclass(frozen=True, slots=True)
class Places:
    """What every place of a county did between two dates, in the independent order, on the good scale.

    `gain` and `se`, shape (k,), are each place's change and its standard error (NaN where none is published); `likely` is what
    is likely true of each gain given all of them, None where no uncertainty is published.
    """

    codes: tuple[str, ...]
    gain: Floats
    se: Floats
    likely: Shrunk | None
    attribution: SlopeAttribution | Refusal
    nobody_fell: NobodyFell | Refusal
    growth: GrowthCurves | Refusal
    lorenz: LorenzComparison | Refusal


@dataclass(frozen=True, slots=True)
class Account:
    """What stands behind one gap's word, over the window that summaries quote.

    `key` is the verdicts' id without the window. `places` is held for a gap across districts; `mixing` splits the change of the
    place's own level into rate and composition where counts are published; `drift` bounds a cohort's change had its membership
    kept its size; `masking` names the cohorts that worsened, by characteristic, while the place did not.
    """

    key: str
    places: Places | None = None
    mixing: Mixing | None = None
    drift: Drift | None = None
    masking: tuple[tuple[str, Masking], ...] = ()
    courses: Courses | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """Every verdict of a scope in the order of the catalogue, and what stands behind each gap's word, by the gap's key."""

    verdicts: tuple[Verdict, ...]
    accounts: dict[str, Account]


def main_of(verdicts: tuple[Verdict, ...]) -> Verdict:
    """Return the verdict that stands for a gap: the longest window that could be judged, else the longest one held.

    The rule looks at what the data allow and never at what they say, so no window is picked for its word.

    Parameters
    ----------
    verdicts : tuple of Verdict
        From the shortest window to the longest, at least one.
    """
    return next((verdict for verdict in reversed(verdicts) if verdict.is_judged), verdicts[-1])


def key_of(verdict: Verdict) -> str:
    """Return what names a verdict's gap: its id without the window."""
    return verdict.id.rpartition("--")[0] or verdict.id


def give_accounts(
    mains: list[tuple[Verdict, Comparison]], scope: Scope, *, indicators: dict[str, Indicator], panels: Panels
) -> dict[str, Account]:
    """Return what stands behind the word of every gap, by the gap's key.

    Parameters
    ----------
    mains : list of (Verdict, Comparison)
        Each gap's verdict that stands for it, as `main_of` chooses it, and what was compared.
    scope, indicators, panels
        Where, the catalogue's indicators by id, and the figures.
    """
    found = {
        key_of(verdict): _account(verdict, comparison, scope, indicators[comparison.indicator], panels)
        for verdict, comparison in mains
    }
    followed = [(key_of(verdict), comparison) for verdict, comparison in mains if verdict.gap_change is not None]
    pairs = [_pair(comparison, scope, indicators[comparison.indicator], panels) for _, comparison in followed]
    for (key, _), courses in zip(followed, follow_courses(pairs), strict=True):
        found[key] = replace(found[key], courses=courses)
    return found


def _account(verdict: Verdict, comparison: Comparison, scope: Scope, indicator: Indicator, panels: Panels) -> Account:
    key = key_of(verdict)
    if verdict.start is None or verdict.end is None or verdict.gap_change is None:
        return Account(key)
    if comparison.kind == "districts":
        places, mixing = _of_places(verdict, comparison, scope, indicator, panels)
        return Account(key, places=places, mixing=mixing)
    if comparison.kind == "cohort":
        place = comparison.place
        drift = _of_cohort(verdict, comparison, indicator, panels) if _may_drift(comparison.cohort) else None
        found = mask_groups(
            panels, indicator=indicator, place=place, start=verdict.start, end=verdict.end, name=scope.name(place)
        )
        hidden = () if isinstance(found, Refusal) else tuple(found)
        return Account(key, drift=drift, mixing=None if drift is None else drift.whole, masking=hidden)
    return Account(key)


def _pair(comparison: Comparison, scope: Scope, indicator: Indicator, panels: Panels) -> Pair:
    """Return both subjects through every date at which all their components are held."""
    held = levels_of(comparison, indicator, panels)
    at = np.flatnonzero(np.isfinite(held.value).all(axis=0))
    weights = np.stack([comparison.lower_weights, comparison.upper_weights])
    variance = np.where(weights[:, :, None] != 0, weights[:, :, None] ** 2 * held.se[None, :, at] ** 2, 0.0).sum(axis=1)
    return Pair(
        (comparison.lower.label, comparison.upper.label),
        tuple(held.periods[column] for column in at),
        weights @ held.value[:, at],
        np.sqrt(variance),
        indicator,
        scope.floors.get(indicator.id),
    )


def _of_places(
    verdict: Verdict, comparison: Comparison, scope: Scope, indicator: Indicator, panels: Panels
) -> tuple[Places, Mixing | None]:
    assert verdict.start is not None and verdict.end is not None, "only windows with two dates are accounted for"
    held = levels_of(comparison, indicator, panels)
    at = [held.periods.index(verdict.start), held.periods.index(verdict.end)]
    good = on_good_scale(held.value[:, at], indicator.polarity)
    gain, error = gains(
        good[:, 0],
        after=good[:, 1],
        se_before=held.se[:, at[0]],
        se_after=held.se[:, at[1]],
        overlap=overlap(verdict.start, verdict.end),
    )
    codes = tuple(part.place for part in comparison.components)
    people = np.asarray([scope.population.get(code, 1.0) for code in codes])
    order = np.arange(1.0, len(codes) + 1)
    variance = error**2 if np.isfinite(error).all() else None
    places = Places(
        codes=codes,
        gain=gain,
        se=error,
        likely=None if variance is None else shrink(gain, se=error),
        attribution=attribute_slope(gain, order=order, population=people, variance=variance),
        nobody_fell=nobody_fell_on_slope(good[:, 0], after=good[:, 1], order=order, population=people, variance=variance),
        growth=growth_curves(good[:, 0], after=good[:, 1], order=order, population=people),
        lorenz=compare_lorenz(good[:, 0], after=good[:, 1], population=people, rounding=10.0**-indicator.unit.decimals),
    )
    panel = panels[indicator.id, comparison.cohort]
    counts = np.stack([panel.counts(code)[1] for code in codes])
    dates = [panel.periods.index(verdict.start), panel.periods.index(verdict.end)]
    if not (np.isfinite(counts[:, dates]).all() and (counts[:, dates] > 0).all()):
        return places, None
    mixing = mix_of_groups(
        held.value[:, at[0]],
        rate_after=held.value[:, at[1]],
        people_before=counts[:, dates[0]],
        people_after=counts[:, dates[1]],
        groups=tuple(scope.name(code) for code in codes),
        places=(scope.county.name,),
        se_before=held.se[:, at[0]],
        se_after=held.se[:, at[1]],
        tier="published margins",
    )
    return places, mixing


def _of_cohort(verdict: Verdict, comparison: Comparison, indicator: Indicator, panels: Panels) -> Drift | None:
    """Return what a cohort's drifting membership leaves open, where both cohorts' counts make up everybody; else None."""
    assert verdict.start is not None and verdict.end is not None, "only windows with two dates are accounted for"
    lower, upper = (panels.get((indicator.id, part.cohort)) for part in comparison.components)
    whole = panels.get((indicator.id, EVERYONE))
    low, high = indicator.bounds
    if lower is None or upper is None or whole is None or low is None or high is None:
        return None
    total, part, rest = (_people(panel, comparison.place, verdict) for panel in (whole, lower, upper))
    if total is None or part is None or rest is None or not np.allclose(part + rest, total, rtol=ALL_BUT):
        return None
    held = levels_of(comparison, indicator, panels)
    at = [held.periods.index(verdict.start), held.periods.index(verdict.end)]
    found = drifting_membership(
        held.value[0, at],
        cohort_share=part / (part + rest),
        rest_rate=held.value[1, at],
        low=low,
        high=high,
        cohort_se=held.se[0, at],
        rest_se=held.se[1, at],
        names=(comparison.lower.label, comparison.upper.label),
    )
    return None if isinstance(found, Refusal) else found


def _may_drift(cohort: str) -> bool:
    """Return whether people can join or leave a cohort between two dates: not where it is fixed at birth."""
    return not {name for name, _ in parse_cohort(cohort).parts} <= FIXED


def _people(panel: Panel, place: str, verdict: Verdict) -> Floats | None:
    """Return how many people a panel's figures stand for at the verdict's two dates; None where they are not published."""
    if verdict.start not in panel.periods or verdict.end not in panel.periods:
        return None
    at = [panel.periods.index(period) for period in (verdict.start, verdict.end) if period is not None]
    found = panel.counts(place)[1][at]
    return found if (found > 0).all() else None
