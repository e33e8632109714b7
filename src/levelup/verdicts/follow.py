"""Follows every gap of a scope: from panels of figures to cases, and from verdicts to who lost and what an average hides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.inference.correlation import level_of_rest
from levelup.inference.standard_error import se_of_proportion
from levelup.terms.errors import Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import on_good_scale
from levelup.terms.record import Floats, Loser, Masking, Subject, Verdict
from levelup.verdicts.comparison import (
    Comparison,
    Component,
    Scope,
    cohort_gap,
    cohort_pairs,
    county_and_neighbours,
    county_and_whole,
    district_and_rest,
    districts_slope,
    patch_and_rest,
)
from levelup.verdicts.conclude import Case
from levelup.verdicts.fitted import FEWEST, Series
from levelup.verdicts.loser import gains, losers, masked
from levelup.verdicts.panel import Panel, Window, choose_windows, window_between
from levelup.verdicts.welfare import welfare_change

Panels = dict[tuple[str, str], Panel]
"""Panels by indicator and cohort."""

TOTALS = ("count", "million-pounds")
"""Units of totals, by which places of different size are not compared."""

SHARE_HELD = 0.75
"""A comparison over many places needs figures for places that hold at least this share of the people."""


def comparisons_of(indicator: Indicator, scope: Scope, panels: Panels) -> list[Comparison]:
    """Return every comparison of one indicator that its published levels allow."""
    found: list[Comparison] = []
    for cohort in indicator.cohorts:
        panel = panels.get((indicator.id, cohort))
        if panel is None:
            continue
        districts = tuple(code for code in scope.districts if _is_held(panel, code))
        if len(districts) >= 3 and _share(scope, districts, scope.districts) >= SHARE_HELD:
            found.append(districts_slope(indicator, scope, cohort=cohort, held=districts))
            found.extend(district_and_rest(indicator, scope, code, cohort=cohort, held=districts) for code in districts)
        if _is_held(panel, scope.county.code):
            found.extend(
                county_and_whole(indicator, scope, whole, cohort=cohort)
                for whole in (scope.nation, scope.region)
                if whole and _is_held(panel, whole)
            )
            found.extend(patch_and_rest(indicator, scope, code, cohort=cohort) for code in scope.patches if _is_held(panel, code))
            near = tuple(code for code in scope.neighbours if _is_held(panel, code))
            if len(near) >= 3:
                found.append(county_and_neighbours(indicator, scope, cohort=cohort, held=near))
    for lower, upper, designation in cohort_pairs(indicator):
        low, high = panels.get((indicator.id, lower)), panels.get((indicator.id, upper))
        if low is None or high is None:
            continue
        found.extend(
            cohort_gap(indicator, scope, place, lower=lower, upper=upper, designation=designation)
            for place in (scope.county.code, *scope.districts, scope.region, scope.nation)
            if place and _is_held(low, place) and _is_held(high, place)
        )
    return found


def _is_held(panel: Panel, code: str) -> bool:
    row = panel.places.get(code)
    return row is not None and bool(np.isfinite(panel.value[row]).any())


def _share(scope: Scope, part: tuple[str, ...], whole: tuple[str, ...]) -> float:
    sizes = {code: scope.population.get(code, 1.0) for code in whole}
    return sum(sizes[code] for code in part) / max(sum(sizes.values()), 1.0)


def _levels(component: Component, indicator: Indicator, panels: Panels) -> tuple[Panel, Floats, Floats]:
    """Return one component's levels and standard errors by period; a remainder is taken out of its whole.

    Where both counts are published the remainder is exact. Elsewhere the part's share of the people is taken for its share of
    the denominator, and the variance of what is left is the whole's without the part's; where that would be negative the
    published errors contradict each other and none is given.
    """
    panel = panels[indicator.id, component.cohort]
    value, se = (grid[0] for grid in panel.rows((component.place,)))
    if not (component.less or component.less_cohort):
        return panel, value, se
    inside = panels[indicator.id, component.less_cohort or component.cohort].at(panel.periods)
    part = component.less or component.place
    inner, inner_se = (grid[0] for grid in inside.rows((part,)))
    left = level_of_rest(value, inner, share=component.share, whole_se=se, part_se=inner_se)
    rest, rest_se = left.value.copy(), left.se.copy()
    (whole_n, whole_d), (part_n, part_d) = panel.counts(component.place), inside.counts(part)
    n, d = whole_n - part_n, whole_d - part_d
    counted = np.isfinite(n) & (d > 0) & (n >= 0) & (n <= d) & (whole_n > 0)
    if counted.any():
        scale = value[counted] * whole_d[counted] / whole_n[counted]
        rest[counted] = scale * n[counted] / d[counted]
        rest_se[counted] = scale * se_of_proportion(n[counted], d[counted])
    return panel, rest, rest_se


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a comparison's components at every period held, shape (k, periods), as published, and their standard errors."""

    periods: tuple[Period, ...]
    value: Floats
    se: Floats
    releases: tuple[str, ...]


def levels_of(comparison: Comparison, indicator: Indicator, panels: Panels) -> Levels:
    """Return the levels of a comparison's components, NaN where a period is not held."""
    parts = [_levels(component, indicator, panels) for component in comparison.components]
    periods = sorted({period for panel, _, _ in parts for period in panel.periods})
    column = {period: index for index, period in enumerate(periods)}
    value = np.full((len(parts), len(periods)), np.nan)
    se = np.full_like(value, np.nan)
    for row, (panel, levels, errors) in enumerate(parts):
        at = [column[period] for period in panel.periods]
        value[row, at], se[row, at] = levels, errors
    return Levels(tuple(periods), value, se, tuple(sorted({name for panel, _, _ in parts for name in panel.releases})))


def cases_of(comparison: Comparison, indicator: Indicator, scope: Scope, panels: Panels) -> list[Case]:
    """Return one case for each window of a comparison; a single refused one where no window can be made."""
    held = levels_of(comparison, indicator, panels)
    periods, value, se = held.periods, held.value, held.se
    breaks = tuple((item.at, item.reason) for item in indicator.breaks)
    whole = np.asarray(np.isfinite(value).all(axis=0))
    if scope.dates is None:
        windows = choose_windows(periods, held=whole, years=scope.years, breaks=breaks)
    else:
        windows = window_between(scope.dates, periods=periods, held=whole, breaks=breaks)
    blank = Case(
        id=f"{indicator.id}--{comparison.key}",
        indicator=indicator.id,
        kind=comparison.kind,
        comparison=comparison.label,
        place=comparison.place,
        lower=comparison.lower,
        upper=comparison.upper,
        window="latest",
        start=None,
        end=None,
        polarity=indicator.polarity,
        order=comparison.order,
        margin=indicator.smallest_change if indicator.smallest_change is not None else float("nan"),
        releases=held.releases,
        guarded=comparison.guarded,
        high=_ceiling(indicator),
    )
    if not windows:
        return [_single(blank, periods, value)]
    return [
        replace(
            blank,
            id=f"{blank.id}--{window.label.replace(' ', '-')}",
            window=window.label,
            start=periods[window.start],
            end=periods[window.end],
            before=value[:, window.start],
            after=value[:, window.end],
            se_before=se[:, window.start],
            se_after=se[:, window.end],
            lower_weights=comparison.lower_weights,
            upper_weights=comparison.upper_weights,
            refusal=_refusal(comparison, indicator, window),
            series=_series(blank, comparison, window, held),
        )
        for window in windows
    ]


def _ceiling(indicator: Indicator) -> float | None:
    """Return the best an indicator can reach where its unit ends there, so that what is missing from it has a meaning."""
    high = indicator.bounds[1]
    return high if high and high == indicator.unit.high else None


def _series(blank: Case, comparison: Comparison, window: Window, levels: Levels) -> Series | None:
    """Return every date of a window at which all components are held, for the fitted trend."""
    held = np.flatnonzero(np.isfinite(levels.value).all(axis=0))
    held = held[(held >= window.start) & (held <= window.end)]
    if len(held) < FEWEST:
        return None
    return Series(
        tuple(levels.periods[column] for column in held),
        levels.value[:, held],
        levels.se[:, held],
        comparison.lower_weights,
        comparison.upper_weights,
        blank.polarity,
        blank.margin,
    )


def _refusal(comparison: Comparison, indicator: Indicator, window: Window) -> Refusal | None:
    if window.crosses:
        return Refusal("series-broken", window.crosses, "Compare dates on one side of the break, or wait for later figures.")
    if indicator.kind == "gap":
        return Refusal(
            "no-levels",
            "The publisher gives only a gap, without the levels that would show which end moved.",
            "The levels of both ends at both dates would allow a verdict.",
        )
    if indicator.unit.key in TOTALS and comparison.kind != "cohort":
        return Refusal(
            "unsupported-combination",
            "The figure is a total, which grows with the size of a place, so places cannot be compared by it.",
            "A rate or a share of the same thing would allow a comparison.",
        )
    if not comparison.order:
        return Refusal(
            "selection-on-outcome",
            "Neither side is designated as the lower one, so it would have to be chosen from the figures themselves.",
            "State which cohort is the lower one, with a reason that does not come from these figures.",
        )
    if comparison.nested and indicator.uncertainty != "none":
        return Refusal(
            "unsupported-combination",
            "The upper subject contains the lower one and its share is not published, so their errors cannot be told apart.",
            "Figures for everybody outside the cohort would allow a verdict.",
        )
    return None


def _single(blank: Case, periods: tuple[Period, ...], value: Floats) -> Case:
    held = np.flatnonzero(np.isfinite(value).all(axis=0))
    if len(held):
        refusal = Refusal(
            "one-period", "Only one period is held for both subjects; a change needs two.", "The next release will add one."
        )
    else:
        refusal = Refusal(
            "one-subject-missing", "No period holds figures for both subjects.", "Figures for both at the same dates."
        )
    return replace(blank, id=f"{blank.id}--latest", end=periods[int(held[-1])] if len(held) else None, refusal=refusal)


def with_losers(verdict: Verdict, comparison: Comparison, scope: Scope, indicator: Indicator, panels: Panels) -> Verdict:
    """Add who lost, and for the districts of a county what its average hides and the equally distributed equivalent."""
    if verdict.gap_change is None or verdict.start is None or verdict.end is None:
        return verdict
    if comparison.kind == "districts":
        return _with_districts(verdict, comparison, scope, indicator, panels[indicator.id, comparison.cohort])
    both = [item for item in (verdict.change_lower, verdict.change_upper) if item is not None]
    gain = np.asarray([item.value for item in both])
    error = np.asarray([np.nan if item.se is None else item.se for item in both])
    return replace(verdict, losers=losers((verdict.lower, verdict.upper), gain=gain, se=error))


def _with_districts(verdict: Verdict, comparison: Comparison, scope: Scope, indicator: Indicator, panel: Panel) -> Verdict:
    assert verdict.start is not None and verdict.end is not None, "only windows with two dates have losers"
    codes = tuple(part.place for part in comparison.components)
    held = codes if scope.county.code not in panel.places else (*codes, scope.county.code)
    value, se = panel.rows(held)
    first, last = panel.periods.index(verdict.start), panel.periods.index(verdict.end)
    good = on_good_scale(value, indicator.polarity)
    gain, error = gains(
        good[:, first],
        after=good[:, last],
        se_before=se[:, first],
        se_after=se[:, last],
        overlap=overlap(verdict.start, verdict.end),
    )
    count = len(codes)
    subjects = tuple(Subject(code, comparison.cohort, scope.name(code)) for code in codes)
    fell: tuple[Loser, ...] = losers(subjects, gain=gain[:count], se=error[:count])
    hidden: Masking | None = None
    if len(held) > count:
        whole = Subject(scope.county.code, comparison.cohort, scope.county.name)
        hidden = masked(whole, gain=float(gain[count]), se=float(error[count]), parts=fell, looked_at=count)
    size = np.asarray([scope.population.get(code, 1.0) for code in codes])
    levels = value[:count]
    welfare = welfare_change(
        levels[:, first],
        after=levels[:, last],
        population=size,
        polarity=indicator.polarity,
        low=indicator.bounds[0],
        high=indicator.bounds[1],
    )
    return replace(verdict, losers=fell, masking=hidden, welfare=welfare)
