"""Funnel limits: how far places may stray from their common centre by chance alone, given how many people each has."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.funnel import Funnel, make_funnel
from levelup.inference.interval import rate_interval, wilson_interval
from levelup.inference.weighted_mean import mean_of_rows
from levelup.measures.card import Card, Convention, Parameter
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

CARD = Card(
    name="funnel_limits",
    abbreviation="Funnel",
    title="Funnel limits",
    sentence="The rows' common centre, and the limits that chance alone would keep each row within 95 and 99.8 times in 100.",
    kind="pattern",
    scale="both",
    weighted=False,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="For each row 2 or 1 above the 99.8 % or the 95 % limits, -2 or -1 below them, 0 within; which is good is not asked.",
    applicability="Places with counts among persons (proportions), events among person-years (rates), or events against expected "
    "ones (ratios).",
    warning="Being outside says that chance alone is a poor account, not why. Of 300 places alike, 15 lie outside the 95 % "
    "limits. With many people in each place nearly all lie outside; the dispersion says how much more they differ.",
    interval="That of the centre: Wilson's or Byar's, of the persons in these rows; where dispersion is allowed for, Student's "
    "from the spread of the rows, of places like these. A ratio's centre is set.",
    conventions=(
        Convention("proportions", "Wilson's interval turned round: normal at the centre", ("total",)),
        Convention(
            "rates", "Byar's interval turned round, exact below 10 events, at the events expected at the centre", ("total",)
        ),
        Convention("ratios", "as rates, around a ratio of 1, with the expected events as the standard column", ("standard",)),
    ),
    citation="Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24: 1185-1202; "
    "and Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14: 347-351.",
    year=2005,
    address="https://doi.org/10.1002/sim.1970",
    parameters=(
        Parameter(
            "overdispersion",
            "none",
            "What is made of spread beyond chance: left out, stretching all limits alike, or added to every row's variance.",
            choices=("none", "multiplicative", "additive"),
        ),
        Parameter("winsorise", 0.1, "The share of rows at either end drawn in before the spread is judged.", low=0.0, high=0.45),
        Parameter(
            "rescale",
            "no",
            "Whether the spread is made up for what drawing in takes: yes leaves 4 to 7 rows of 100 that are alike in their "
            "spread outside the 95 % limits, no, as published, 7 to 12.",
            choices=("no", "yes"),
        ),
        Parameter("per", 1.0, "What centre and limits are multiplied by: 100 for per cent, 100000 for rates.", low=1e-9),
    ),
    needs=("count",),
    uses=("total", "standard"),
    also_called=(("funnel_plot", ""),),
    row="a place",
    takes_value=False,
    polar=False,
)


@QUIET
def funnel_limits(
    *,
    count: ArrayLike,
    convention: str,
    total: ArrayLike | None = None,
    standard: ArrayLike | None = None,
    overdispersion: str = "none",
    winsorise: float = 0.1,
    rescale: str = "no",
    per: float = 1.0,
    confidence: float = 0.95,
) -> Readings:
    """Return the centre of every slice and the limits of every row.

    Parameters
    ----------
    count : array_like of float, shape (rows,) or (slices, rows)
        Events or persons counted, 0 or more; NaN pads a slice.
    convention : {'proportions', 'rates', 'ratios'}
        What the counts are of.
    total : array_like of float, optional
        Persons or person-years, above 0, for proportions and rates.
    standard : array_like of float, optional
        Expected events, above 0, for ratios.
    overdispersion : {'none', 'multiplicative', 'additive'}
        Whether limits are stretched by the root of the dispersion, never below 1, or a variance between rows is added.
    winsorise : float
        The share of z scores at either end drawn in to the next quantile before the dispersion is judged.
    rescale : {'no', 'yes'}
        Whether the dispersion is divided by what drawing in leaves of chance alone (0.68 at a tenth).
    per : float
        What centre and limits are multiplied by.
    confidence : float
        Of the centre's interval; the limits are always those of 95 and 99.8 %.

    Returns
    -------
    Readings
        The centre. `parts` has for every row its `level`, `lower_95`, `upper_95`, `lower_99.8`, `upper_99.8`, its `z` (distance
        in standard errors, without stretching) and `outside` (-2 to 2); `also` has `phi` (the dispersion used), `phi_plain`
        (nothing drawn in), `tau` (the standard deviation between rows) and how many rows are outside either pair.

    Refuses
    -------
    missing-values, not-positive (a total, an expected count, or no event at all), out-of-bounds (a count below 0 or above its
    total; all of all), too-few-subjects.

    Raises
    ------
    InputError
        The convention's column is not given.

    Source
    ------
    Spiegelhalter (2005), doi:10.1002/sim.1970 and doi:10.1136/qshc.2005.013755.

    Notes
    -----
    Without overdispersion a row is outside exactly where its own interval leaves out the centre.

    Examples
    --------
    >>> found = funnel_limits(count=[10, 30], total=[100, 100], convention="proportions", per=100)
    >>> found.value.tolist(), found.parts["lower_95"].round(2).tolist(), found.parts["outside"].tolist()
    ([20.0], [[12.16, 12.16]], [[-1.0, 1.0]])
    """
    role, base = ("standard", standard) if convention == "ratios" else ("total", total)
    if base is None:
        raise InputError(f"{convention} must be given {role}", where="column", next=f"Give --column {role}=COL.")
    cells = read_cells(CARD, {"count": count, role: base})
    exposure = np.where(cells.present, cells[role], 1.0)
    empty, exposure = (cells.present & ~(exposure > 0)).any(axis=1), np.where(exposure > 0, exposure, 1.0)
    held = np.where(cells.present, exposure, 0.0)
    events = cells["count"].sum(axis=1)
    centre = np.ones(len(events)) if convention == "ratios" else events / held.sum(axis=1)
    is_share = convention == "proportions"
    rows = make_funnel(
        cells["count"],
        exposure=exposure,
        centre=centre,
        present=cells.present,
        is_share=is_share,
        overdispersion=overdispersion,
        winsorise=winsorise,
        rescale=rescale == "yes",
    )
    spread = mean_of_rows(rows.level, weight=held, present=cells.present, centre=centre, confidence=confidence)
    centre_se, interval = spread.se, (spread.lower, np.minimum(spread.upper, 1.0 if is_share else np.inf))
    if overdispersion == "none":
        centre_se = np.sqrt(centre * (1.0 - centre if is_share else 1.0) / held.sum(axis=1))
        interval = (wilson_interval if is_share else rate_interval)(events, held.sum(axis=1), confidence=confidence)
    return conclude(
        CARD,
        cells,
        per * centre,
        convention=convention,
        confidence=confidence,
        method=f"{'Wilson' if is_share else 'Byar'}'s interval turned round, overdispersion: {overdispersion}.",
        se=per * centre_se,
        interval=(per * interval[0], per * interval[1]),
        stops=[
            Stop(
                "out-of-bounds", is_share & (cells["count"] > held).any(axis=1), "More were counted than there are.", "Mend it."
            ),
            Stop("not-positive", empty | ~(events > 0), "There is no event, or none is expected in a row.", "Put rows together."),
            Stop(
                "out-of-bounds", is_share & (centre >= 1.0), "Everybody has it: there is nothing to stray.", "Count the opposite."
            ),
        ],
        withheld=[(np.full(len(centre), convention == "ratios"), "estimate alone: the centre of ratios is set, not estimated")],
        parameters={"overdispersion": overdispersion, "winsorise": winsorise, "rescale": rescale, "per": per},
        also=_also(cells, rows, per),
        parts={name: np.where(cells.present, item, np.nan) for name, item in _parts(rows, per).items()},
    )


def _also(cells: Cells, rows: Funnel, per: float) -> dict[str, Floats]:
    """Return the dispersion, and how many rows are outside either pair of limits."""
    inner, outer = (cells.present & (np.abs(rows.outside) > least) for least in (0, 1))
    return {
        "phi": rows.spread.factor,
        "phi_plain": rows.spread.plain,
        "tau": per * np.sqrt(rows.spread.between),
        "outside_95": inner.sum(axis=1).astype(np.float64),
        "outside_99.8": outer.sum(axis=1).astype(np.float64),
    }


def _parts(rows: Funnel, per: float) -> dict[str, Floats]:
    """Return what each row is shown with, levels and limits in the unit asked for."""
    scaled = {"level": rows.level, **rows.limits}
    return {**{name: per * item for name, item in scaled.items()}, "z": rows.z, "outside": rows.outside}
