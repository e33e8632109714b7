"""Convergence: whether those who started lower gained more, and whether levels lie closer together than before."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.convergence import ratio_of_spreads, slope_of_change
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.record import Floats

CARD = Card(
    name="convergence",
    abbreviation="beta",
    title="Convergence",
    sentence="Whether places that started lower gained more than those that started higher, or lie closer together than before.",
    kind="pattern",
    scale="both",
    weighted=True,
    ordered=False,
    least=5,
    equality=None,
    low=None,
    high=None,
    sign="Beta below 0: the lower a place started, the more it gained. Sigma below 1: the places lie closer than before.",
    applicability="Places or groups with a level at two dates.",
    warning="Levels that draw together because the upper fell converge as well: see `share_that_fell`. Error in the first level "
    "alone makes beta look like convergence; only `beta-noise-corrected` allows for it, and only for errors independent of the "
    "later level's.",
    interval="Beta: least squares with errors that allow for unequal scatter (HC3) and Student's quantile; sigma: Pitman's and "
    "Morgan's, exact for normal levels of equal weight; withheld where noise is most of the spread.",
    conventions=(
        Convention("beta", "slope of the change per year on the level before"),
        Convention("beta-noise-corrected", "the same, freed of what errors in the level before do to it", ("se",)),
        Convention("sigma", "standard deviation after over standard deviation before"),
    ),
    citation="Barro and Sala-i-Martin (1992), Convergence, Journal of Political Economy 100: 223-251.",
    year=1992,
    address="https://doi.org/10.1086/261816",
    parameters=(
        Parameter(
            "scale",
            None,
            "Levels as they are, or their logarithms (growth in proportion), which need levels above 0.",
            choices=("level", "log"),
        ),
        Parameter("years", 1.0, "Years between the two dates; beta is per year.", low=1e-9),
    ),
    needs=("before", "after"),
    uses=("population", "se"),
    also_called=(
        ("beta convergence", "beta"),
        ("sigma convergence", "sigma"),
    ),
    row="a place or a group at two dates",
    takes_value=False,
    polar=False,
)


@QUIET
def convergence(
    *,
    before: ArrayLike,
    after: ArrayLike,
    convention: str,
    scale: str,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    years: float = 1.0,
    confidence: float = 0.95,
) -> Readings:
    """Return beta- or sigma-convergence of every slice.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        Levels at two dates, one unit; NaN pads a slice.
    convention : {'beta', 'beta-noise-corrected', 'sigma'}
        Which reading is the value.
    scale : {'level', 'log'}
        Levels as they are, or their logarithms.
    population : array_like of float, optional
        Weights, above 0; each place counts once without them.
    se : array_like of float, optional
        Standard errors of the levels before, in their unit, 0 or more.
    years : float
        Between the dates.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The value; `also` holds the other of beta and sigma, `share_that_fell` (of the weight, level after below level before),
        `mean_change` and, with standard errors, `share_of_noise` in the spread before.

    Refuses
    -------
    missing-values, not-positive (a population, or a level whose logarithm is asked for), out-of-bounds (a standard error below
    0), too-few-subjects, all-equal (one level before), no-uncertainty (the noise-corrected slope without standard errors),
    unsupported-combination (noise is all of the spread before).

    Source
    ------
    Barro and Sala-i-Martin (1992), doi:10.1086/261816; Fuller (1987), section 1.2; Pitman (1939); Morgan (1939).

    Examples
    --------
    >>> found = convergence(before=[1, 2, 3, 4, 5], after=[3, 3, 4, 4, 5], convention="beta", scale="level")
    >>> found.value.round(3).tolist(), found.also["sigma"].round(3).tolist()
    ([-0.5], [0.529])
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"before": before, "after": after, "population": population, "se": se})
    first, later = (np.where(cells.present, cells[role], 1.0) for role in ("before", "after"))
    noise = cells.get("se", 0.0)
    above = np.asarray(((first > 0) & (later > 0)).all(axis=1))
    if scale == "log":
        noise = noise / first
        first, later = np.log(first), np.log(later)
    weight = cells.get("population", 1.0)
    share = weight / weight.sum(axis=1, keepdims=True)
    rows = 1.0 / (share**2).sum(axis=1)
    corrected, sound = slope_of_change(first, later - first, share=share, noise=noise**2)
    plain, _ = slope_of_change(first, later - first, share=share, noise=np.zeros_like(share))
    beta = corrected if chosen == "beta-noise-corrected" else plain
    ratio, low, high, spread = ratio_of_spreads(first, later, share=share, rows=rows, confidence=confidence)
    slope, error = beta.value / years, np.sqrt((beta.influence**2).sum(axis=1)) / years
    reach = special.stdtrit(np.maximum(rows - 2.0, 1e-9), 0.5 + confidence / 2.0) * error
    is_sigma = chosen == "sigma"
    exact = np.where(is_sigma, high - low, error) <= 1e-12 * np.abs(ratio if is_sigma else slope)
    return conclude(
        CARD,
        cells,
        ratio if is_sigma else slope,
        convention=chosen,
        confidence=confidence,
        method="Pitman's and Morgan's interval." if is_sigma else "Least squares with HC3 errors and Student's quantile.",
        se=(high - low) / (2.0 * special.ndtri(0.5 + confidence / 2.0)) if is_sigma else error,
        interval=(low, high) if is_sigma else (slope - reach, slope + reach),
        stops=_stops(cells, spread, np.abs(first).max(axis=1), sound, above, scale=scale, chosen=chosen, has_se=se is not None),
        withheld=[
            (exact, "estimate alone: every place keeps to the line, which leaves nothing to judge by"),
            ((sound < 0.5) & (chosen == "beta-noise-corrected"), "estimate alone: noise is most of the spread before"),
            (rows <= 3.0, "estimate alone: too few places in effect"),
        ],
        parameters={"scale": scale, "years": years},
        also={
            ("beta" if is_sigma else "sigma"): plain.value / years if is_sigma else ratio,
            "share_that_fell": (share * (later < first)).sum(axis=1),
            "mean_change": (share * (later - first)).sum(axis=1),
            "share_of_noise": 1.0 - sound if se is not None else np.full(len(sound), np.nan),
        },
    )


def _stops(
    cells: Cells,
    spread: Floats,
    size: Floats,
    sound: Floats,
    above: np.ndarray,
    *,
    scale: str,
    chosen: str,
    has_se: bool,
) -> list[Stop]:
    is_corrected = chosen == "beta-noise-corrected"
    return [
        Stop(
            "not-positive", ~above & (scale == "log"), "A level is zero or below, and has no logarithm.", "Ask for scale=level."
        ),
        Stop("no-uncertainty", np.bool_(is_corrected and not has_se), "No standard errors were given.", "Give --se COL."),
        Stop(
            "all-equal",
            ~(spread > 1e-12 * np.maximum(size, np.finfo(np.float64).tiny)),
            "All places have one level at the first date.",
            "Give places that differ.",
        ),
        Stop(
            "unsupported-combination",
            ~(sound > 0) & is_corrected,
            "The places differ by no more at the first date than their standard errors alone would make them.",
            "Use places or dates with less noise.",
        ),
    ]
