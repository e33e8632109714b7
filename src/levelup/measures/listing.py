"""Every measure as the plain list of the stable call."""

from __future__ import annotations

import re

from levelup.measures.card import Card, default_of, example_of, needed
from levelup.measures.registry import MEASURES
from levelup.measures.roles import OPTIONS, ROLES, option_of

KINDS: dict[str, str] = {
    "simple": "compares two of the subjects",
    "complex": "takes all subjects into one figure",
    "level": "a figure of one place or group, with nothing compared",
    "split": "a figure, a difference or a change, split into parts that sum to it",
    "pattern": "how subjects lie, mix or move among each other",
}
"""What each kind of measure is."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "Two groups compared": (
        "difference", "ratio", "rate_difference", "rate_ratio", "population_attributable_risk", "group_disparity",
    ),
    "A gradient along an order": (
        "slope_index", "relative_index", "concentration_index", "extended_concentration_index", "symmetric_concentration_index",
    ),
    "Spread among many": (
        "mean_difference_from_best", "mean_difference_from_mean", "mean_difference_from_reference", "index_of_disparity",
        "between_group_variance", "between_group_deviation", "coefficient_of_variation", "theil", "mean_log_deviation",
        "generalised_entropy", "gini", "hoover", "wolfson", "atkinson", "kolm_pollak", "quantile_share", "quantile_ratio",
    ),
    "Levels, rates and life expectancy": (
        "proportion", "crude_rate", "mean", "quantile", "directly_standardised_rate", "indirectly_standardised_ratio",
        "years_of_life_lost", "life_expectancy", "healthy_life_expectancy", "poverty_shortfall", "watts", "funnel_limits",
        "quantile_group",
    ),
    "Splitting a difference or a change": (
        "kitagawa", "rate_decomposition", "concentration_decomposition", "entropy_decomposition", "gini_decomposition",
        "gini_by_source", "shapley", "place_cohort_decomposition", "entropy_change",
    ),
    "Mobility, segregation and maps": (
        "transition_matrix", "rank_mobility", "rank_correlation", "rank_cohesion", "convergence", "segregation_index",
        "multigroup_segregation", "moran", "geary", "local_moran", "getis_ord", "smoothed_rate",
    ),
}  # fmt: skip
"""The measures by what is asked of them, each in one section."""


def list_measures() -> list[dict[str, object]]:
    """Return every measure as the JSON list of the stable call.

    Returns
    -------
    list of dict
        Each with `name`, `abbreviation`, `title`, `sentence`, `conventions` (names), `convention_lines` (name to line),
        `default_convention` (None where the literature has several), `parameters` (name to default), `parameter_lines`, `needs`,
        `uses`, `least`, `equality`, `kind`, `scale`, `also_called`, `section` and `section_number` (of `SECTIONS`), `use` (what
        it says, in a line), `example` (one command), `choices` (the words that a parameter may be), `card` (all of it as text).
    """
    return [_listed(entry.card) for entry in MEASURES.values()]


def _listed(card: Card) -> dict[str, object]:
    return {
        "name": card.name,
        "abbreviation": card.abbreviation,
        "title": card.title,
        "sentence": card.sentence,
        "conventions": list(card.convention_names),
        "convention_lines": {item.name: item.line for item in card.conventions},
        "default_convention": card.conventions[0].name if len(card.conventions) == 1 else card.usual or None,
        "row": card.row,
        "polarity": card.polar,
        "parameters": {item.name: item.default for item in card.parameters},
        "parameter_lines": {item.name: item.line for item in card.parameters},
        "needs": list(needed(card)),
        "uses": list(card.uses),
        "least": card.least,
        "equality": card.equality,
        "kind": card.kind,
        "scale": card.scale,
        "also_called": [name for name, _ in card.also_called],
        "interval": card.interval,
        "warning": card.warning,
        "citation": card.citation,
        "address": card.address,
        "section": section_of(card),
        "section_number": list(SECTIONS).index(section_of(card)) + 1,
        "use": use_of(card),
        "example": example_of(card),
        "choices": {item.name: list(item.choices) for item in card.parameters if item.choices},
        "card": describe(card),
    }


def section_of(card: Card) -> str:
    """Return the section that a measure stands in."""
    return next(title for title, names in SECTIONS.items() if card.name in names)


def use_of(card: Card) -> str:
    """Return what a measure says, in a line that can follow "use it when you want to know": its sentence, cut short.

    Examples
    --------
    >>> use_of(MEASURES["mean"].card)
    "the average of the rows' values, each counted once or by its weight"
    """
    text = re.split(r": |; |, so that |, turned so |, and the other way |, unless |\.$", card.sentence, maxsplit=1)[0]
    return text[0].lower() + text[1:]


def describe(card: Card) -> str:
    """Return the card as the plain text that help pages and documentation print."""
    span = f"{'no lower limit' if card.low is None else card.low:} to {'no upper limit' if card.high is None else card.high}"
    lines = [
        f"{card.title} ({card.abbreviation})",
        "",
        card.sentence,
        "",
        f"Kind          {card.kind}, {card.scale}, {'weighted' if card.weighted else 'not weighted'}"
        + (", ordered" if card.ordered else ""),
        f"              {card.kind}: {KINDS[card.kind]}",
        f"One row       {card.row}; at least {card.least}",
        *_asked("Needs", (*needed(card), *(("polarity",) if card.polar else ()))),
        *_asked("Also takes", card.uses),
        f"At equality   {'no such value' if card.equality is None else f'{card.equality:g}'}",
        f"Range         {span}",
        f"Sign          {card.sign}",
        f"Interval      {card.interval}",
        f"Applies to    {card.applicability}",
        f"Warning       {card.warning}",
    ]
    lines += [f"Convention    {item.name}: {item.line}" for item in card.conventions]
    lines += [f"Parameter     {item.name} ({default_of(item)}): {item.line}" for item in card.parameters]
    return "\n".join([*lines, f"Source        {card.citation} {card.address}", f"Example       {example_of(card)}"])


def _asked(heading: str, roles: tuple[str, ...]) -> list[str]:
    """Return a line for every column: what is typed, and what it holds."""
    lines: list[str] = []
    for role in roles:
        meaning = OPTIONS[role][1] if role in OPTIONS else ROLES[role]
        lines.append(f"{'' if lines else heading:<13} {option_of(role)}: {meaning}")
    return lines or [f"{heading:<13} nothing else"]
