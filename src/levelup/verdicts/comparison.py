"""Which gaps a report looks at: districts within a county, cohorts within places, the county against its comparators."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.terms.cohort import CHARACTERISTICS, Cohort, parse_cohort
from levelup.terms.period import Period
from levelup.terms.place import Place
from levelup.terms.record import Floats, Subject
from levelup.verdicts.split import slope_ends

EVERYONE = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: a county, its districts, its comparators, and the independent order of all of them.

    `districts` are codes in order of deprivation, the most deprived first; `deprivation` maps a code to the stratifier's value
    (higher is more deprived); `population` to persons. `order_name` is what sentences call the order.
    """

    county: Place
    districts: tuple[str, ...]
    region: str
    nation: str
    neighbours: tuple[str, ...]
    places: dict[str, Place]
    population: dict[str, float]
    deprivation: dict[str, float]
    order_name: str
    years: tuple[int, ...]
    patches: tuple[str, ...] = ()
    """Codes of named patches of LSOAs; their Place holds the members."""
    dates: tuple[Period, Period] | None = None
    """Two dates asked for in place of the usual windows."""
    floors: dict[str, float] = field(default_factory=dict)
    """Indicator to the level that nobody should be below, in its unit, where one is stated."""

    def name(self, code: str) -> str:
        """Return a place's name, or its code where none is held."""
        return self.places[code].name if code in self.places else code


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a subject: a place's own figures, or what is left of it without a place (`less`) or a cohort inside it."""

    place: str
    cohort: str
    less: str = ""
    share: float = 0.0
    """The share of the whole's people who live in the part taken out; NaN where only counts can tell."""
    less_cohort: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One gap to be followed: its subjects as weighted sums of components, and what fixed which of them is lower."""

    key: str
    indicator: str
    kind: str
    label: str
    place: str
    cohort: str
    lower: Subject
    upper: Subject
    components: tuple[Component, ...]
    lower_weights: Floats
    upper_weights: Floats
    order: str
    guarded: bool = True
    nested: bool = False
    """Whether the upper subject contains the lower one, its share unknown, so that their errors are tied in an unknown way."""


def districts_slope(indicator: Indicator, scope: Scope, *, cohort: str = EVERYONE, held: tuple[str, ...]) -> Comparison:
    """Return the comparison of the two ends of the fitted slope over the county's districts.

    Parameters
    ----------
    indicator, scope
        What and where.
    cohort : str
        A cohort key.
    held : tuple of str
        Districts with figures, at least two, in order of deprivation.
    """
    size = np.asarray([scope.population.get(code, 1.0) for code in held])
    low, high = slope_ends(np.arange(1, len(held) + 1), population=size)
    name, group = scope.county.name, _of(cohort)
    return Comparison(
        key=f"districts{_slug(cohort)}",
        indicator=indicator.id,
        kind="districts",
        label=f"districts of {name}{group}: the most against the least deprived end",
        place=scope.county.code,
        cohort=cohort,
        lower=Subject(scope.county.code, cohort, f"the most deprived end of the districts of {name}{group}"),
        upper=Subject(scope.county.code, cohort, f"the least deprived end of the districts of {name}{group}"),
        components=tuple(Component(code, cohort) for code in held),
        lower_weights=low,
        upper_weights=high,
        order=scope.order_name,
    )


def district_and_rest(
    indicator: Indicator, scope: Scope, district: str, *, cohort: str = EVERYONE, held: tuple[str, ...]
) -> Comparison:
    """Return the comparison of one district with the rest of its county (the other districts, weighted by population)."""
    others = tuple(code for code in held if code != district)
    size = np.asarray([scope.population.get(code, 1.0) for code in others])
    own, rest = np.append(1.0, np.zeros(len(others))), np.append(0.0, size / size.sum())
    scores = np.asarray([scope.deprivation.get(code, np.nan) for code in others])
    is_lower = scope.deprivation.get(district, np.nan) >= float((size * scores).sum() / size.sum())
    group = _of(cohort)
    subject = Subject(district, cohort, f"{scope.name(district)}{group}")
    remainder = Subject(scope.county.code, cohort, f"the rest of {scope.county.name}{group}")
    low, high = _ordered((subject, own), (remainder, rest), is_lower=is_lower)
    return Comparison(
        key=f"district-{district}{_slug(cohort)}",
        indicator=indicator.id,
        kind="district",
        label=f"{scope.name(district)} and the rest of {scope.county.name}{group}",
        place=district,
        cohort=cohort,
        lower=low[0],
        upper=high[0],
        components=tuple(Component(code, cohort) for code in (district, *others)),
        lower_weights=low[1],
        upper_weights=high[1],
        order=scope.order_name,
    )


def county_and_whole(indicator: Indicator, scope: Scope, whole: str, *, cohort: str = EVERYONE) -> Comparison:
    """Return the comparison of the county with the rest of a region or nation that contains it."""
    share = scope.population.get(scope.county.code, 0.0) / max(scope.population.get(whole, 0.0), 1.0)
    inner, outer = scope.deprivation.get(scope.county.code, np.nan), scope.deprivation.get(whole, np.nan)
    is_lower = inner >= outer
    group = _of(cohort)
    subject = Subject(scope.county.code, cohort, f"{scope.county.name}{group}")
    remainder = Subject(whole, cohort, f"the rest of {_the(scope.name(whole))}{group}")
    own, rest = np.asarray([1.0, 0.0]), np.asarray([0.0, 1.0])
    low, high = _ordered((subject, own), (remainder, rest), is_lower=is_lower)
    return Comparison(
        key=f"county-{whole}{_slug(cohort)}",
        indicator=indicator.id,
        kind="county",
        label=f"{scope.county.name} and the rest of {_the(scope.name(whole))}{group}",
        place=scope.county.code,
        cohort=cohort,
        lower=low[0],
        upper=high[0],
        components=(Component(scope.county.code, cohort), Component(whole, cohort, less=scope.county.code, share=share)),
        lower_weights=low[1],
        upper_weights=high[1],
        order=scope.order_name,
    )


def patch_and_rest(indicator: Indicator, scope: Scope, patch: str, *, cohort: str = EVERYONE) -> Comparison:
    """Return the comparison of a named patch with the rest of its county; the patch was named as the lower one beforehand."""
    group = _of(cohort)
    return Comparison(
        key=f"patch-{scope.name(patch).lower().replace(' ', '-')}{_slug(cohort)}",
        indicator=indicator.id,
        kind="patch",
        label=f"{scope.name(patch)} and the rest of {scope.county.name}{group}",
        place=patch,
        cohort=cohort,
        lower=Subject(patch, cohort, f"{scope.name(patch)}{group}"),
        upper=Subject(scope.county.code, cohort, f"the rest of {scope.county.name}{group}"),
        components=(Component(patch, cohort), Component(scope.county.code, cohort, less=patch)),
        lower_weights=np.asarray([1.0, 0.0]),
        upper_weights=np.asarray([0.0, 1.0]),
        order="named as a patch in levelup.toml before any figure was seen",
    )


def county_and_neighbours(indicator: Indicator, scope: Scope, *, cohort: str = EVERYONE, held: tuple[str, ...]) -> Comparison:
    """Return the comparison of the county with the mean of its statistical neighbours, weighted by population."""
    size = np.asarray([scope.population.get(code, 1.0) for code in held])
    scores = np.asarray([scope.deprivation.get(code, np.nan) for code in held])
    is_lower = scope.deprivation.get(scope.county.code, np.nan) >= float(
        np.nansum(size * scores) / size[np.isfinite(scores)].sum()
    )
    own, rest = np.append(1.0, np.zeros(len(held))), np.append(0.0, size / size.sum())
    group = _of(cohort)
    subject = Subject(scope.county.code, cohort, f"{scope.county.name}{group}")
    remainder = Subject("neighbours", cohort, f"the statistical neighbours of {scope.county.name}{group}")
    low, high = _ordered((subject, own), (remainder, rest), is_lower=is_lower)
    return Comparison(
        key=f"county-neighbours{_slug(cohort)}",
        indicator=indicator.id,
        kind="county",
        label=f"{scope.county.name} and its statistical neighbours{group}",
        place=scope.county.code,
        cohort=cohort,
        lower=low[0],
        upper=high[0],
        components=tuple(Component(code, cohort) for code in (scope.county.code, *held)),
        lower_weights=low[1],
        upper_weights=high[1],
        order=scope.order_name,
    )


def _ordered(
    own: tuple[Subject, Floats], other: tuple[Subject, Floats], *, is_lower: bool
) -> tuple[tuple[Subject, Floats], tuple[Subject, Floats]]:
    """Return a subject and its counterpart, each with its weights, the lower one first."""
    return (own, other) if is_lower else (other, own)


COMPLEMENTS = ("other", "none", "no")
"""Categories that name everybody who is not in the designated one; they stand second in a pair."""


def cohort_pairs(indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return the pairs of cohorts of an indicator that make a gap: lower, upper, and what designates the lower one.

    A pair differs in one characteristic and shares the rest. Where no category is designated, the designation is empty and the
    verdict is refused: lower and upper would have to be chosen from the outcome.
    """
    keys = set(indicator.cohorts)
    pairs = []
    for key in sorted(keys):
        for name, value in parse_cohort(key).parts:
            rest = tuple(part for part in parse_cohort(key).parts if part[0] != name)
            designated = indicator.designated.get(name) or CHARACTERISTICS[name].disadvantaged
            other = _counterpart(name, value, designated)
            for category in other:
                parts = rest if category == EVERYONE else (*rest, (name, category))
                candidate = Cohort(tuple(sorted(parts))).key
                if candidate in keys:
                    stated = designated or (name == "send" and value != "none")
                    reason = f"{CHARACTERISTICS[name].label}: designated before any figure was seen" if stated else ""
                    pairs.append((key, candidate, reason))
                    break
    return pairs


def _counterpart(name: str, value: str, designated: str) -> tuple[str, ...]:
    """Return the categories a category may be compared with, the best first; none where it stands second itself."""
    if value in COMPLEMENTS:
        return ()
    if name in ("deprivation-tenth", "deprivation-fifth"):
        return ("10" if name.endswith("tenth") else "5",) if value == "1" else ()
    if name == "sex":
        return tuple({"female", "male"} - {value}) if value == (designated or "female") else ()
    return (*COMPLEMENTS, EVERYONE)


def cohort_gap(indicator: Indicator, scope: Scope, place: str, *, lower: str, upper: str, designation: str) -> Comparison:
    """Return the comparison of two cohorts within one place."""
    low, high = parse_cohort(lower), parse_cohort(upper)
    where = _the(scope.name(place))
    is_inside = set(high.parts) < set(low.parts)
    counted = is_inside and indicator.uncertainty == "counts"
    rest = Component(place, upper, share=float("nan"), less_cohort=lower) if counted else Component(place, upper)
    others = f"everybody else in {where}" if counted and upper == EVERYONE else f"{high.label} in {where}"
    return Comparison(
        key=f"cohort-{place}-{_slug(lower).strip('-')}-and{_slug(upper) or '-all'}",
        indicator=indicator.id,
        kind="cohort",
        label=f"{low.label} and {others}",
        place=place,
        cohort=lower,
        lower=Subject(place, lower, f"{low.label} in {where}"),
        upper=Subject(place, upper, others),
        components=(Component(place, lower), rest),
        lower_weights=np.asarray([1.0, 0.0]),
        upper_weights=np.asarray([0.0, 1.0]),
        order=designation,
        nested=is_inside and not counted,
    )


def _of(cohort: str) -> str:
    return "" if cohort == EVERYONE else f" ({parse_cohort(cohort).label})"


def _slug(cohort: str) -> str:
    return "" if cohort == EVERYONE else "-" + cohort.replace("=", "-").replace(";", "-").lower().replace(" ", "-")


def _the(name: str) -> str:
    return f"the {name}" if name.startswith(("East of", "East Midlands", "West Midlands", "North ", "South ")) else name
