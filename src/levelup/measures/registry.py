"""Every measure by name: its reading card and its function, listed one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from levelup.measures import (
    atkinson,
    between_group_deviation,
    between_group_variance,
    coefficient_of_variation,
    concentration_decomposition,
    concentration_index,
    convergence,
    crude_rate,
    difference,
    directly_standardised_rate,
    entropy_change,
    entropy_decomposition,
    extended_concentration_index,
    funnel_limits,
    geary,
    generalised_entropy,
    getis_ord,
    gini,
    gini_by_source,
    gini_decomposition,
    group_disparity,
    healthy_life_expectancy,
    hoover,
    index_of_disparity,
    indirectly_standardised_ratio,
    kitagawa,
    kolm_pollak,
    life_expectancy,
    local_moran,
    mean,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_difference_from_reference,
    mean_log_deviation,
    moran,
    multigroup_segregation,
    place_cohort_decomposition,
    population_attributable_risk,
    poverty_shortfall,
    proportion,
    quantile,
    quantile_group,
    quantile_ratio,
    quantile_share,
    rank_cohesion,
    rank_correlation,
    rank_mobility,
    rate_decomposition,
    rate_difference,
    rate_ratio,
    ratio,
    relative_index,
    segregation_index,
    shapley,
    slope_index,
    smoothed_rate,
    symmetric_concentration_index,
    theil,
    transition_matrix,
    watts,
    wolfson,
    years_of_life_lost,
)
from levelup.measures.card import Card
from levelup.measures.readings import Readings
from levelup.terms.errors import InputError, did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure: its card and the function that computes it on arrays."""

    card: Card
    compute: Callable[..., Readings]


MEASURES: dict[str, Entry] = {
    module.CARD.name: Entry(module.CARD, getattr(module, module.CARD.name))
    for module in (
        difference,
        ratio,
        slope_index,
        relative_index,
        concentration_index,
        extended_concentration_index,
        symmetric_concentration_index,
        concentration_decomposition,
        between_group_variance,
        between_group_deviation,
        coefficient_of_variation,
        mean_difference_from_best,
        mean_difference_from_mean,
        mean_difference_from_reference,
        index_of_disparity,
        theil,
        mean_log_deviation,
        generalised_entropy,
        gini,
        hoover,
        wolfson,
        atkinson,
        kolm_pollak,
        quantile_share,
        quantile_ratio,
        poverty_shortfall,
        watts,
        population_attributable_risk,
        proportion,
        crude_rate,
        mean,
        quantile,
        directly_standardised_rate,
        indirectly_standardised_ratio,
        years_of_life_lost,
        rate_ratio,
        rate_difference,
        quantile_group,
        funnel_limits,
        life_expectancy,
        healthy_life_expectancy,
        kitagawa,
        rate_decomposition,
        entropy_decomposition,
        gini_decomposition,
        gini_by_source,
        shapley,
        place_cohort_decomposition,
        entropy_change,
        transition_matrix,
        rank_mobility,
        rank_correlation,
        rank_cohesion,
        convergence,
        segregation_index,
        multigroup_segregation,
        moran,
        geary,
        local_moran,
        getis_ord,
        smoothed_rate,
        group_disparity,
    )
}
"""Every measure, by its card's name, in the order that lists show them."""

REPORTED: tuple[Card, ...] = tuple(
    MEASURES[name].card
    for name in (
        "difference",
        "ratio",
        "slope_index",
        "relative_index",
        "concentration_index",
        "between_group_variance",
        "mean_difference_from_best",
        "mean_difference_from_mean",
        "theil",
        "mean_log_deviation",
        "gini",
        "atkinson",
        "population_attributable_risk",
    )
)
"""The cards of the measures that a report works out for every indicator, in this order; the others are there to be asked for."""


def find_measure(name: str) -> tuple[Entry, str | None]:
    """Return the measure that a name or an abbreviation means, and the convention that the abbreviation implies, if any.

    Parameters
    ----------
    name : str
        In any case, with spaces, hyphens or underscores: 'slope index', 'SII', 'rci'.

    Returns
    -------
    tuple of Entry and str or None
        'rci' implies the relative convention of the concentration index, 'mdmw' the parameter 'weighting=weighted'; a full name
        implies none.

    Raises
    ------
    InputError
        No measure has this name.

    Examples
    --------
    >>> entry, convention = find_measure("RCI")
    >>> entry.card.name, convention
    ('concentration_index', 'relative')
    """
    asked = _plain(name)
    for entry in MEASURES.values():
        card = entry.card
        if asked in (card.name, _plain(card.title), *(_plain(part) for part in (card.abbreviation,))):
            return entry, None
        for other, convention in card.also_called:
            if asked == _plain(other):
                return entry, convention or None
    raise InputError("measure must be one of the list", got=repr(name), where="measure", next=_advice(asked))


def _advice(asked: str) -> str:
    """Return what may have been meant: the measure that has this for a convention, the nearest names, or the list."""
    listing = "See `levelup measure --list`."
    for entry in MEASURES.values():
        convention = next((item for item in entry.card.convention_names if _plain(item) == asked), None)
        if convention is not None:
            return (
                f"{convention} is a convention: use `levelup measure {entry.card.name} ... --convention {convention}`. {listing}"
            )
    others = [
        name
        for entry in MEASURES.values()
        for name in (entry.card.abbreviation, _plain(entry.card.title), *(other for other, _ in entry.card.also_called))
    ]
    return f"{did_you_mean(asked, MEASURES) or did_you_mean(asked, others)} {listing}".strip()


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
