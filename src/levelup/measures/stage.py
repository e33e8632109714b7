"""Reads the districts' levels from the store and measures how unequal they are, at the first and the latest date held."""

from __future__ import annotations

import numpy as np

from levelup.catalogue.entry import Catalogue, Indicator
from levelup.inference.standard_error import se_of_published
from levelup.measures.batch import measure_batch
from levelup.measures.card import Card
from levelup.measures.registry import MEASURES
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period
from levelup.terms.record import Floats, Measurement, Observations

CONVENTIONS: dict[str, str] = {
    "slope_index": "ohid-linear",
    "relative_index": "ohid-linear",
    "concentration_index": "relative",
    "mean_difference_from_best": "weighted",
    "mean_difference_from_mean": "weighted",
}
"""Which convention a report uses where the literature has several; it is named beside every figure."""

REPORTED: tuple[str, ...] = (
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
"""The measures that a report works out for every indicator, in this order; the others are there to be asked for."""

CARDS: tuple[Card, ...] = tuple(MEASURES[name].card for name in REPORTED)

Measured = tuple[str, str, str, Measurement | Refusal]
"""Indicator, period, measure, and the result."""


def measure_scope(
    store: Store, *, districts: tuple[str, ...], population: dict[str, float], catalogue: Catalogue
) -> tuple[Measured, ...]:
    """Measure the inequality between districts for every indicator held for all of them.

    Parameters
    ----------
    store : Store
        Where the observations are.
    districts : tuple of str
        In independent order, the most disadvantaged first.
    population : dict of str to float
        Persons by code.
    catalogue : Catalogue
        The indicators.

    Returns
    -------
    tuple of (indicator, period, measure, Measurement or Refusal)
        For the first and the latest period at which every district has a figure.
    """
    rows = select_observations(store, indicators=tuple(catalogue.indicators), places=districts, cohorts=("all",))
    size = np.asarray([population.get(code, np.nan) for code in districts])
    found: list[Measured] = []
    for key in dict.fromkeys(rows.indicator.tolist()):
        indicator = catalogue.indicators[key]
        own = rows.where(rows.indicator == key)
        for period, value, se in _grids(own, districts):
            found.extend((key, period, card.name, _measure(card, indicator, value, se, size)) for card in CARDS)
    return tuple(found)


def _grids(rows: Observations, districts: tuple[str, ...]) -> list[tuple[str, Floats, Floats]]:
    """Return period, levels and standard errors for the first and the latest period at which every district has a figure."""
    complete = []
    for period in dict.fromkeys(rows.period.tolist()):
        here = rows.where(rows.period == period)
        at = {code: row for row, code in enumerate(here.place.tolist())}
        if all(code in at for code in districts):
            ordered = here.where(np.asarray([at[code] for code in districts], dtype=np.intp))
            if np.isfinite(ordered.value).all():
                complete.append((parse_period(period).middle, period, ordered))
    complete.sort(key=lambda item: item[0])
    chosen = complete[:1] + complete[-1:] if len(complete) > 1 else complete
    return [(period, rows_.value, se_of_published(rows_)) for _, period, rows_ in chosen]


def _measure(card: Card, indicator: Indicator, value: Floats, se: Floats, size: Floats) -> Measurement | Refusal:
    low, high = indicator.bounds
    bounds = None if low is None or high is None else (low, high)
    return measure_batch(
        card.name,
        value,
        polarity=indicator.polarity,
        population=size,
        se=se if np.isfinite(se).all() else None,
        order=np.arange(1, len(value) + 1),
        bounds=bounds,
        convention=CONVENTIONS.get(card.name),
    ).at(0)
