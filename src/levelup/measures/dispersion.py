"""What measures of spread over noisy subjects share: their two conventions, their rows and the way to a corrected reading."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from levelup.inference.dispersion import noise_corrected
from levelup.measures.bias import withheld_from
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import Slices
from levelup.terms.record import Floats

PLUG_IN = Convention("plug-in", "the literature's estimate from the levels as they stand, which noise makes too large on average")
CORRECTED = Convention(
    "noise-corrected",
    "freed of what the standard errors add to the spread, with an interval that covers; needs standard errors",
    needs=("se",),
)
CONVENTIONS = (PLUG_IN, CORRECTED)
COVERS = (
    "noise-corrected: by inverting a test, so that 95 % intervals cover about 95 times in 100 whether the true spread is nought "
    "or large."
)
"""How every card words the interval of the corrected estimate."""
ASK = "estimate alone: no interval of the uncorrected estimate is honest near equality; ask for noise-corrected"
METHOD = "The truths under which so large an uncorrected estimate is likely, given the standard errors: a test inverted."
BY_DELTA = "Delta method from the subjects' standard errors; normal interval."
DELTA = (
    "plug-in: normal, by the delta method from the subjects' standard errors; withheld where noise makes up more than a fifth of "
    "the variance, or adds more than one standard error to the measure, as it does with many subjects."
)
"""How every card words the delta method's interval."""
NO_ERRORS_AT_ALL = "The estimate is freed of noise by the subjects' standard errors, and not every subject has one."
TOO_NOISY = "The standard errors are so large beside the levels that no spread can be ruled out."


def weighting(abbreviation: str) -> Parameter:
    """Return the parameter that says whether subjects count by population or once.

    Parameters
    ----------
    abbreviation : str
        The literature's, without its last letter.

    Examples
    --------
    >>> weighting("MDM").choices
    ('weighted', 'unweighted')
    """
    return Parameter(
        "weighting",
        None,
        f"weighted ({abbreviation}W): each subject counts by its share of the population; unweighted ({abbreviation}U): each "
        "counts once. A mean is the population's either way, as WHO has it.",
        choices=("weighted", "unweighted"),
    )


def weights_of(slices: Slices, how: str) -> Floats:
    """Return what each subject counts for, shape (slices, subjects): its share of the population, or one over their number.

    Parameters
    ----------
    slices : Slices
        The subjects.
    how : {'weighted', 'unweighted'}
        As the parameter has it.
    """
    if how == "weighted":
        return slices.share
    return np.where(slices.present, 1.0 / np.maximum(slices.n, 1)[:, None], 0.0)


def conclude_corrected(
    card: Card,
    slices: Slices,
    functional: str,
    *,
    plain: Floats,
    confidence: float,
    level: Floats | None = None,
    how: str = "weighted",
    reference: NDArray[np.intp] | None = None,
    order: float | None = None,
    scale: float = 1.0,
    stops: Iterable[Stop] = (),
    parameters: dict[str, float | str] | None = None,
    also: dict[str, Floats] | None = None,
) -> Readings:
    """Put together the reading of the noise-corrected convention.

    Parameters
    ----------
    card, slices : Card and Slices
        The measure's card and its checked input.
    functional : str
        What the correction calls the measure.
    plain : ndarray of float, shape (slices,)
        The uncorrected estimate; recorded as the second reading `plug_in`.
    confidence : float
        Between 0 and 1.
    level : ndarray of float, shape (slices, subjects), optional
        Levels where they are not the slices' own.
    how : {'weighted', 'unweighted'}
        How subjects count.
    reference : ndarray of int, shape (slices,), optional
        Column of the reference.
    order : float, optional
        The measure's own parameter.
    scale : float
        What the correction's result is multiplied by.
    stops, parameters, also : optional
        As in `conclude`.

    Returns
    -------
    Readings
        Refused as `no-uncertainty` where a subject has no standard error, and as `unsupported-combination` where the errors are
        so large that no spread can be ruled out.
    """
    stops = [*stops, Stop("no-uncertainty", ~slices.has_se, NO_ERRORS_AT_ALL, "Give every subject its standard error.")]
    sound = slices.has_se & (slices.code == "")
    for stop in stops:
        sound = sound & ~np.asarray(stop.where, dtype=np.bool_)
    rows = np.flatnonzero(sound)
    value, se, lower, upper = np.full((4, len(sound)), np.nan)
    if len(rows) and slices.se is not None:
        levels = slices.value if level is None else level
        found = noise_corrected(
            functional,
            levels[rows],
            se=slices.se[rows],
            share=np.where(slices.present, slices.weight, 0.0)[rows],
            weighting=how,
            reference=None if reference is None else reference[rows],
            order=order,
            confidence=confidence,
        )
        for target, item in ((value, found.value), (se, found.se), (lower, found.lower), (upper, found.upper)):
            target[rows] = scale * item
    stops.append(Stop("unsupported-combination", sound & ~np.isfinite(value), TOO_NOISY, "Join subjects, or pool periods."))
    return conclude(
        card,
        slices,
        value,
        convention=CORRECTED.name,
        confidence=confidence,
        method=METHOD,
        se=se,
        interval=(lower, upper),
        stops=stops,
        parameters=parameters,
        also={**(also or {}), "plug_in": plain},
    )


def conclude_spread(
    card: Card,
    slices: Slices,
    chosen: Convention,
    functional: str,
    *,
    plain: Floats,
    error: Floats | None,
    confidence: float,
    level: Floats | None = None,
    order: float | None = None,
    scale: float = 1.0,
    power: float = 2.0,
    stops: Iterable[Stop] = (),
    parameters: dict[str, float | str] | None = None,
    also: dict[str, Floats] | None = None,
) -> Readings:
    """Put together the reading of a relative measure by either convention.

    Parameters
    ----------
    card, slices, functional, plain, level, order, scale, stops, parameters, also
        As in `conclude_corrected`.
    chosen : Convention
        `PLUG_IN` or `CORRECTED`.
    error : ndarray of float, shape (slices,), optional
        The plain estimate's standard error by the delta method; its interval is withheld where the levels are noisy.
    confidence : float
        Between 0 and 1.
    power : float
        As in `withheld_from`.
    """
    stops = list(stops)
    if chosen is not PLUG_IN:
        return conclude_corrected(
            card, slices, functional, plain=plain, confidence=confidence, level=level, order=order, scale=scale, stops=stops,
            parameters=parameters, also=also,
        )  # fmt: skip
    return conclude(
        card,
        slices,
        plain,
        convention=chosen.name,
        confidence=confidence,
        method=BY_DELTA,
        se=error,
        stops=stops,
        withheld=withheld_from(slices, plain, error, power=power),
        parameters=parameters,
        also=also,
    )
