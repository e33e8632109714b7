"""Every measure that can be computed on persons, by its card's name, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence

from levelup.measures.card import Card, convention_of, parameters_of
from levelup.measures.persons import extended, levels, quantiles, ranks, sums
from levelup.measures.persons.readings import Ask, PersonMeasure
from levelup.measures.registry import MEASURES, find_measure
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity, good_sign

PERSON_MEASURES: dict[str, PersonMeasure] = {
    **sums.MEASURES,
    **ranks.MEASURES,
    **levels.MEASURES,
    **quantiles.MEASURES,
    **extended.MEASURES,
}
"""By the card's name; a card that is not here compares subjects, and is for `--between` or for `levelup measure`."""
SELVES = ("group_disparity",)
"""Measures whose column of groups is the subjects themselves."""
PLACED = {"neighbours", "x", "y"}
"""Roles of measures that must know where subjects lie."""


def find_person_measure(
    name: str,
    *,
    convention: str | None = None,
    parameters: dict[str, float | str] | None = None,
    polarity: Polarity = Polarity.MORE,
    bounds: tuple[float, float] | None = None,
) -> tuple[Card, PersonMeasure, Ask]:
    """Return the card, the computation and what is asked of it.

    Parameters
    ----------
    name : str
        A measure's name or abbreviation, which may imply its convention.
    convention, parameters : optional
        As the card has them; 'interval' of a measure along an order is 'regression' or 'influence' for persons.
    polarity : Polarity
        The outcome's direction.
    bounds : tuple of float, optional
        Lowest and highest possible outcome.

    Raises
    ------
    InputError
        No such measure or convention, or one that makes no sense for persons.
    """
    entry, implied = find_measure(name)
    card = entry.card
    measure = PERSON_MEASURES.get(card.name)
    if measure is None:
        if is_between(card):
            raise InputError(
                f"{card.name} compares subjects, and must be told which", got=repr(name), where="--between",
                next="Name the column whose values are the subjects, for example --between ethnic_group.",
            )  # fmt: skip
        raise InputError(
            f"{card.name} must be asked of a table of groups, not of persons",
            got=repr(name),
            where="measure",
            next=f"Use `levelup measure`, or one of: {', '.join(supported())}.",
        )
    parameter, is_parameter, setting = (implied or "").partition("=")
    by_name = None if is_parameter else implied
    if by_name is not None and convention is not None and convention.strip().lower() != by_name:
        raise InputError(
            f"{name} means the convention {by_name}", got=repr(convention), where="convention", next=f"Ask for {card.name}."
        )
    wanted = convention or by_name
    known = [item for item in card.convention_names if not measure.conventions or item in measure.conventions]
    if wanted is None and len(known) == 1:
        wanted = known[0]
    chosen = convention_of(card, wanted).name
    if chosen not in known:
        raise InputError(
            f"{card.name} by {chosen} must be asked of a table of groups, not of persons",
            got=repr(chosen),
            where="convention",
            next=f"Use one of: {', '.join(known)}.",
        )
    return (
        card,
        measure,
        Ask(
            chosen,
            _parameters(card, measure, {**({parameter: setting} if is_parameter else {}), **(parameters or {})}),
            good_sign(polarity),
            bounds,
        ),
    )


def is_between(card: Card) -> bool:
    """Return whether a measure compares subjects by their levels, so that it can be had between groups of persons."""
    return (
        card.takes_value and (set(card.needs) <= {"population", "order"} or card.name in SELVES) and not set(card.uses) & PLACED
    )


def _parameters(card: Card, measure: PersonMeasure, given: dict[str, float | str]) -> dict[str, float | str]:
    asked = dict(given)
    if not measure.intervals:
        return parameters_of(card, asked)
    interval = str(asked.pop("interval", measure.intervals[0]))
    if interval not in measure.intervals:
        raise InputError(f"interval must be one of: {', '.join(measure.intervals)}", got=repr(interval), where="parameter")
    return {**parameters_of(card, asked), "interval": interval}


def supported() -> tuple[str, ...]:
    """Return the names of the measures that stand in the registry and can be computed on persons."""
    return tuple(name for name in PERSON_MEASURES if name in MEASURES)


def read_polarity(text: Polarity | str) -> Polarity:
    """Return a direction by its name.

    Raises
    ------
    InputError
        There is no such direction.
    """
    try:
        return Polarity(text)
    except ValueError:
        known = ", ".join(item.value for item in Polarity)
        raise InputError(
            "polarity must be one of a list", got=repr(text), where="polarity", next=f"Use one of: {known}."
        ) from None


def split_names(names: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns that a list or a comma-separated option names.

    Examples
    --------
    >>> split_names("place, year")
    ('place', 'year')
    """
    if names is None:
        return ()
    return tuple(name.strip() for name in (names.split(",") if isinstance(names, str) else names) if name.strip())
