"""What a caller asks of a table of persons, checked before any file is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from levelup.inference.distribution import z_of
from levelup.measures.card import Card
from levelup.measures.persons.measure import Survey, check_rank, check_replicates
from levelup.measures.persons.question import Between, Table
from levelup.measures.persons.readings import Ask, PersonMeasure
from levelup.measures.persons.registry import find_person_measure, is_between, read_polarity
from levelup.measures.registry import find_measure
from levelup.measures.request import parse_bounds, parse_parameters
from levelup.measures.slices import check_bounds
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity


@dataclass(frozen=True, slots=True)
class Subdivision:
    """Columns that name groups and the subjects within them, the order of persons or of subjects, and the reference's label."""

    by: tuple[str, ...]
    between: tuple[str, ...] = ()
    rank: str | None = None
    order: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """A measure of persons themselves: its card, how it is computed and what is asked of it."""

    card: Card
    measure: PersonMeasure
    ask: Ask


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a table: a measure of persons or of subjects, how persons were drawn, and how their levels are read.

    `is_distance` says that a level counts by its distance from zero, `mirror` the upper bound below which it counts, `is_centred`
    that only distances from the mean matter.
    """

    asked: Each | Between
    survey: Survey
    bounds: tuple[float, float] | None
    is_distance: bool
    is_centred: bool
    mirror: float | None


def read_request(
    name: str,
    *,
    columns: Subdivision,
    convention: str | None,
    parameters: Mapping[str, float | str] | Iterable[str],
    polarity: Polarity | str | None,
    bounds: tuple[float, float] | str | None,
    survey: Survey,
) -> Request:
    """Return what is asked of a table of persons.

    Parameters
    ----------
    name, convention, parameters, polarity, bounds : optional
        As `levelup.measures.stage.measure_persons` takes them.
    columns : Subdivision
        What groups and subjects are.
    survey : Survey
        Replicates and confidence.

    Raises
    ------
    InputError
        No such measure, convention, parameter or polarity; options that do not go together.
    """
    direction = Polarity.MORE if polarity is None else read_polarity(polarity)
    limits = parse_bounds(bounds) if isinstance(bounds, str) else None if bounds is None else check_bounds(bounds)
    z_of(survey.confidence)
    check_replicates(survey.replicates)
    given = dict(parameters) if isinstance(parameters, Mapping) else parse_parameters(parameters)
    if polarity is None:
        survey = replace(survey, stated={"polarity": f"{direction.value} (not stated)"})
    if columns.between:
        about = find_between(name, columns=columns, convention=convention, parameters=given, polarity=direction, bounds=limits)
        return Request(about, survey, limits, is_distance=False, is_centred=True, mirror=None)
    check_alone(columns)
    each = Each(*find_person_measure(name, convention=convention, parameters=given, polarity=direction, bounds=limits))
    check_rank(each.card, each.measure, columns.rank)
    mirror = limits[1] if each.measure.is_mirrored and limits is not None and each.ask.sign < 0 else None
    return Request(
        each, survey, limits, is_distance=direction is Polarity.ZERO, is_centred=each.measure.is_centred, mirror=mirror
    )


def find_between(
    name: str,
    *,
    columns: Subdivision,
    convention: str | None = None,
    parameters: dict[str, float | str] | None = None,
    polarity: Polarity = Polarity.MORE,
    bounds: tuple[float, float] | None = None,
) -> Between:
    """Return what is asked about subjects, checked before any file is read.

    Parameters
    ----------
    name : str
        A measure's name or abbreviation.
    columns : Subdivision
        What the subjects are, and what they are put in order by and compared with.
    convention, parameters, polarity, bounds : optional
        As the card has them.

    Raises
    ------
    InputError
        No such measure, convention or parameter; a measure that does not compare subjects by their levels; an order that is
        missing or that of persons; a column that is to name both groups and subjects.
    """
    card = find_measure(name)[0].card
    if not is_between(card):
        raise InputError(
            f"{card.name} must be asked of a table of groups: it takes more than levels, populations and an order of subjects",
            got=repr(name), where="--between", next="Use `levelup measure`.",
        )  # fmt: skip
    if columns.rank is not None:
        raise InputError(
            "subjects must have an order of their own", got=f"--rank {columns.rank}", where="--rank",
            next="Name a column that is constant within each subject with --order.",
        )  # fmt: skip
    if columns.order is None and "order" in card.needs:
        raise InputError(
            f"{card.name} must have an order of the subjects that is not the outcome itself", got="none", where="--order",
            next="Name a column that is constant within each subject: 1 for the most disadvantaged.",
        )  # fmt: skip
    twice = sorted(set(columns.by) & set(columns.between))
    if twice:
        raise InputError("a column must name groups or subjects, not both", got=", ".join(twice), where="--between")
    known, given = (*card.needs, *card.uses), dict(parameters or {})
    if any(item.name == "interval" and "errors" in item.choices for item in card.parameters):
        given.setdefault("interval", "errors")
    asked = Between(
        name, card, convention, given, polarity, bounds,
        columns.reference if "reference" in known else None, columns.order is not None and "order" in known,
    )  # fmt: skip
    two = np.array([[1.0, 2.0]])
    Table(two, two, two).ask(asked)
    return asked


def check_alone(columns: Subdivision) -> None:
    """Check that nothing is asked about subjects where there are none.

    Raises
    ------
    InputError
        A reference or an order of subjects is named.
    """
    for option, given in (("--reference", columns.reference), ("--order", columns.order)):
        if given is not None:
            raise InputError(
                f"{option} must be about subjects", got=given, where=option,
                next="Name the column whose values are the subjects with --between.",
            )  # fmt: skip
