"""The Atkinson index: the share of the mean that equal levels would make needless, and the equal level worth as much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.influence import atkinson_influence, equivalent_influence
from levelup.measures.card import Card, Parameter, convention_of, parameters_of
from levelup.measures.dispersion import CONVENTIONS, COVERS, DELTA, PLUG_IN, conclude_spread
from levelup.measures.readings import Readings, Stop
from levelup.measures.rows import error_of, rows_of
from levelup.measures.slices import QUIET, Flags, Slices, read_slices
from levelup.terms.polarity import Polarity
from levelup.terms.record import Floats

CARD = Card(
    name="atkinson",
    abbreviation="Atkinson",
    title="Atkinson index",
    sentence="One minus the equally distributed equivalent over the mean: the equivalent is the level which, if all had it, "
    "would be worth as much as the levels that there are, to someone with the stated aversion to inequality.",
    kind="complex",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=0.0,
    low=0.0,
    high=1.0,
    sign="Never below 0; it does not say who is worse off. The equally distributed equivalent can only fall when any level "
    "worsens.",
    applicability="Indicators with a true zero and every level above it. Where less is better the index is computed on the "
    "distance below the stated upper bound, so that the equivalent of a burden lies above its mean; without "
    "bounds it is refused.",
    warning="The value depends on the aversion chosen: state it, and show more than one. Noise in the levels adds to the "
    "plain estimate.",
    interval=f"{DELTA} {COVERS}",
    conventions=CONVENTIONS,
    usual=PLUG_IN.name,
    parameters=(
        Parameter(
            "epsilon",
            1.0,
            "aversion to inequality: 0 none, 1 a shared proportional rise is worth the same at every level, more weighs the "
            "worst off",
            low=0.0,
            high=50.0,
            also_called=("aversion", "e"),
        ),
    ),
    citation="Atkinson (1970), On the measurement of inequality, Journal of Economic Theory 2: 244-263.",
    year=1970,
    address="https://doi.org/10.1016/0022-0531(70)90039-6",
    uses=("population", "se", "bounds"),
    also_called=(("atk", ""), ("atkinson_index", "")),
)


@QUIET
def atkinson(
    value: ArrayLike,
    *,
    polarity: Polarity,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    epsilon: float = 1.0,
    convention: str | None = None,
    confidence: float = 0.95,
) -> Readings:
    """Return the Atkinson index and the equally distributed equivalent of every slice.

    Parameters
    ----------
    value : array_like of float, shape (subjects,) or (slices, subjects)
        Above 0, in the indicator's unit; NaN pads a slice.
    polarity : Polarity
        The indicator's direction.
    population : array_like of float, optional
        People or sampling weights, above 0; without them each subject counts once.
    se : array_like of float, optional
        Standard errors, in the value's unit; noise-corrected needs them.
    bounds : tuple of float, optional
        Lowest and highest possible value; needed where less is better.
    epsilon : float
        Aversion to inequality, 0 to 50.
    convention : {'plug-in', 'noise-corrected'}
        The plain estimate where none is named.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        A pure number, 0 to 1; `also` holds `equally_distributed_equivalent` and `mean`, both in the indicator's unit and on its
        own direction, and, where corrected, the plain estimate, `plug_in`.

    Refuses
    -------
    missing-values, not-positive (a population, or a value at or below 0; at the upper bound where less is better),
    out-of-bounds, too-few-subjects, unsupported-combination (less is better and no bounds; nothing to correct with an
    aversion of 0), no-uncertainty (noise-corrected without every subject's standard error).

    Raises
    ------
    InputError
        The aversion is out of range; an unknown convention.

    Source
    ------
    Atkinson (1970), equation 19. With shares p, mean m, equivalent E and index A, the derivative with respect to a level y is
    p (1 - A - (E/y)^epsilon) / m.

    Examples
    --------
    >>> found = atkinson([20.0, 40.0], population=[1, 1], polarity=Polarity.MORE)
    >>> found.also["equally_distributed_equivalent"].round(3).tolist(), found.value.round(6).tolist()
    ([28.284], [0.057191])
    """
    chosen = convention_of(CARD, convention)
    parameters = parameters_of(CARD, {"epsilon": epsilon})
    aversion = float(parameters["epsilon"])
    slices = read_slices(CARD, value, convention=chosen, population=population, se=se, polarity=polarity, bounds=bounds)
    level, stops = _attainment(slices)
    reason = "Without aversion the index is 0 whatever the levels, so that there is nothing to correct."
    stops.append(
        Stop("unsupported-combination", np.bool_(chosen is not PLUG_IN and aversion == 0.0), reason, "State an aversion above 0.")
    )
    rows = replace(rows_of(slices), value=level[slices.present & (slices.code == "")[:, None]])
    found = atkinson_influence(rows, epsilon=aversion)
    mean = (slices.share * level).sum(axis=1)
    top = 0.0 if slices.bounds is None else slices.bounds[1]
    own = [item if slices.sign > 0 else top - item for item in (equivalent_influence(rows, epsilon=aversion).value, mean)]
    return conclude_spread(
        CARD,
        slices,
        chosen,
        "atkinson",
        plain=np.maximum(found.value, 0.0),
        error=error_of(slices, found.by_level),
        confidence=confidence,
        level=level,
        order=aversion,
        stops=stops,
        parameters=parameters,
        also={"equally_distributed_equivalent": own[0], "mean": own[1]},
    )


def _attainment(slices: Slices) -> tuple[Floats, list[Stop]]:
    """Return levels of which more is better, 1 in padding, and the refusals where there are none."""
    everywhere: Flags = np.ones(len(slices.value), dtype=np.bool_)
    stops = []
    level = slices.value
    if slices.sign < 0 and slices.bounds is not None:
        level = slices.bounds[1] - slices.value
    elif slices.sign < 0:
        reason = (
            "Where less is better the index needs the upper bound: on the burden itself its equivalent would lie below the mean."
        )
        stops.append(Stop("unsupported-combination", everywhere, reason, "Give the bounds, for example 0,100."))
    level = np.where(slices.present, level, 1.0)
    where = "A value is at the upper bound or beyond" if slices.sign < 0 else "A value is zero or below"
    stops.append(Stop("not-positive", ~(level > 0).all(axis=1), f"{where}, where the index is not defined."))
    return level, stops
