"""A difference between two rates, split into what each of the factors that they are made of adds to it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.das_gupta import decompose_product
from levelup.inference.line_integral import decompose_along_line
from levelup.inference.stepwise import replace_stepwise
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import read_cells
from levelup.measures.readings import Readings, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

CARD = Card(
    name="rate_decomposition",
    abbreviation="RD",
    title="Rate decomposition",
    sentence="How much of the difference between two overall rates comes with each of the factors whose product, summed over "
    "groups, makes the rate.",
    kind="split",
    scale="absolute",
    weighted=False,
    ordered=False,
    least=1,
    equality=None,
    low=None,
    high=None,
    sign="The later rate less the earlier, or the second population's less the first's; which direction is good is not asked.",
    applicability="Two dates or two populations with the same groups, whose overall rate is a sum over groups of a product of "
    "two or more factors: share by rate, or people by employment by hours. Every factor has a column for each date: all of the "
    "first date, then all of the second in the same order (--column factor=SHARE_1 --column factor=RATE_1 --column "
    "factor=SHARE_2 --column factor=RATE_2).",
    warning="Arithmetic, not cause: it says how much would differ if one factor alone had moved while the others stood at their "
    "averages, and which factors are told apart is the analyst's choice.",
    interval="None: the factors carry no standard errors here. Kitagawa's split of a rate and a mix has one.",
    conventions=(
        Convention("das-gupta", "the mean over every order in which the factors may be replaced; does not depend on their order"),
        Convention("horiuchi", "all factors move together along a straight line; for products the same number as das-gupta"),
        Convention("stepwise", "the factors are replaced one by one in the order given, by default there and back"),
    ),
    citation="Das Gupta (1993), Standardization and decomposition of rates: a user's manual, US Bureau of the Census, P23-186; "
    "Horiuchi, Wilmoth and Pletcher (2008), A decomposition method based on a model of continuous change, Demography 45: 785; "
    "Andreev, Shkolnikov and Begun (2002), Demographic Research 7: 499-522.",
    year=2008,
    address="https://doi.org/10.1353/dem.0.0033",
    parameters=(
        Parameter(
            "times", 1.0, "A constant that multiplies both rates: 100 for per cent, or a share the factors have in common."
        ),
        Parameter(
            "direction",
            "symmetric",
            "For stepwise: from the first factor to the last (up), back (down), or the mean of both.",
            choices=("symmetric", "up", "down"),
        ),
    ),
    needs=("factor",),
    also_called=(("das_gupta", "das-gupta"), ("horiuchi", "horiuchi"), ("stepwise_replacement", "stepwise")),
    row="a group, the same in both populations",
    takes_value=False,
    polar=False,
)


@QUIET
def rate_decomposition(
    *,
    factor: ArrayLike,
    convention: Literal["das-gupta", "horiuchi", "stepwise"],
    times: float = 1.0,
    direction: Literal["symmetric", "up", "down"] = "symmetric",
    confidence: float = 0.95,
) -> Readings:
    """Return the difference between two rates and its parts by factor, for every slice.

    Parameters
    ----------
    factor : array_like of float, shape (rows, 2 factors) or (slices, rows, 2 factors)
        All factors of the first population or date, two or more, and then, in the same order, all of the second; NaN pads a
        slice.
    convention : {'das-gupta', 'horiuchi', 'stepwise'}
        How factors that moved together share what they did together.
    times : float
        A constant in both rates.
    direction : {'symmetric', 'up', 'down'}
        The way of stepwise replacement; the other conventions have none.
    confidence : float
        Between 0 and 1; recorded alone.

    Returns
    -------
    Readings
        The second rate less the first. `also` holds both rates, and each factor's part as factor_1, factor_2 and so on, which
        add up to the value; `parts` the same by row and factor.

    Refuses
    -------
    missing-values, too-few-subjects.

    Raises
    ------
    InputError
        Fewer than two factors at both dates, or one without its second date.

    Source
    ------
    Das Gupta (1993); Horiuchi, Wilmoth and Pletcher (2008), doi:10.1353/dem.0.0033; Andreev, Shkolnikov and Begun (2002).

    Examples
    --------
    One group, from 2 x 3 to 4 x 5:

    >>> found = rate_decomposition(factor=[[2, 3, 4, 5]], convention="das-gupta")
    >>> found.value.tolist(), found.also["factor_1"].tolist(), found.also["factor_2"].tolist()
    ([14.0], [8.0], [6.0])
    """
    cells = read_cells(CARD, {"factor": factor})
    given = cells["factor"]
    size = given.shape[2]
    if size % 2 or size < 4:
        raise InputError(
            "rate_decomposition must be given two factors or more, every factor twice: all of the first date, then all of the "
            "second in the same order",
            got=f"{size} column{'s' * (size != 1)}",
            where="--column factor=COL",
            next="For example: --column factor=SHARE_1 --column factor=RATE_1 --column factor=SHARE_2 --column factor=RATE_2",
        )
    first, second = np.split(given, 2, axis=2)
    by_row = times * _parts(first, second, convention=convention, direction=direction)
    totals = by_row.sum(axis=1)
    before, after = (times * item.prod(axis=2).sum(axis=1) for item in (first, second))
    return conclude(
        CARD,
        cells,
        after - before,
        convention=convention,
        confidence=confidence,
        method="",
        absent="estimate alone: the factors carry no standard errors. Read as " + _layout(size // 2),
        parameters={"times": times} | ({"direction": direction} if convention == "stepwise" else {}),
        also={"before": before, "after": after} | {f"factor_{number + 1}": part for number, part in enumerate(totals.T)},
        parts={"by_factor": np.where(cells.present[:, :, None], by_row, np.nan)},
    )


def _layout(size: int) -> str:
    """Return which column was read as what."""
    pairs = ", ".join(f"{number} and {number + size}" for number in range(1, size + 1))
    return (
        f"{size} factors: columns 1 to {size} are the first date, {size + 1} to {2 * size} the second (one factor each: {pairs})."
    )


def _parts(first: Floats, second: Floats, *, convention: str, direction: Literal["symmetric", "up", "down"]) -> Floats:
    """Return each factor's part of the change in every row's product, shape (slices, rows, factors)."""
    if convention == "das-gupta":
        return decompose_product(first, second)
    if convention == "horiuchi":
        # A product's slope is a polynomial along the line: one step extrapolated this often is the integral itself.
        return decompose_along_line(_product, first, second, steps=1, levels=(first.shape[2] + 1) // 2)
    return replace_stepwise(_product, first, second, direction=direction)


def _product(item: Floats) -> Floats:
    return np.asarray(item.prod(axis=-1))
