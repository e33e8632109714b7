"""The transition matrix: the chance of moving from each state to each other, and how much movement there is in all."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.label import codes_of
from levelup.inference.markov import (
    Moves,
    determinant_index,
    distance_index,
    eigenvalue_index,
    first_passage,
    fundamental,
    moves_of,
    se_of_index,
    trace_index,
)
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET
from levelup.terms.record import Floats

CARD = Card(
    name="transition_matrix",
    abbreviation="TM",
    title="Transition matrix",
    sentence="The chance of being in each state later on, given the state at the first date, with one figure for all the "
    "movement together.",
    kind="pattern",
    scale="relative",
    weighted=True,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="Larger means more movement, up and down alike; 0 where nobody moves.",
    applicability="Persons or places in one of two or more states at two dates; for B2 the states are in order, as numbers are.",
    warning="Movement is not improvement: whoever moves up a rank moves another down, and error in either record reads as "
    "movement. Rows of one subject over several periods count as independent given where each starts, which they are only if "
    "the past does not matter.",
    interval="Delta method on the multinomial shares of each row; withheld where nobody moved or everybody did alike, and where "
    "the determinant or the second eigenvalue stands at an edge.",
    conventions=(
        Convention("prais-shorrocks", "(k - trace) / (k - 1): how likely a state is left (P)"),
        Convention("determinant", "1 - |det| of the matrix (D)"),
        Convention("eigenvalue", "1 - |second eigenvalue|: how fast the start is forgotten (L2)"),
        Convention("bartholomew-moves", "k / (k - 1) times the share that moves (B1)"),
        Convention("bartholomew-distance", "states passed by the average row, over k - 1 (B2); the states must be in order"),
    ),
    citation="Shorrocks (1978), The measurement of mobility, Econometrica 46: 1013-1024; Bartholomew (1973), Stochastic models "
    "for social processes.",
    year=1978,
    address="https://doi.org/10.2307/1911433",
    parameters=(
        Parameter(
            "start",
            "observed",
            "From where Bartholomew's indices start: the states of the first date, the steady state, or each state alike.",
            choices=("observed", "steady", "uniform"),
        ),
    ),
    needs=("before", "after"),
    uses=("population",),
    also_called=(
        ("shorrocks index", "prais-shorrocks"),
        ("prais index", "prais-shorrocks"),
        ("markov", ""),
        ("bartholomew index", "bartholomew-distance"),
    ),
    row="a person or place at two dates",
    takes_value=False,
    polar=False,
)


@QUIET
def transition_matrix(
    *,
    before: ArrayLike,
    after: ArrayLike,
    convention: str,
    population: ArrayLike | None = None,
    start: str = "observed",
    confidence: float = 0.95,
) -> Readings:
    """Return the transition matrix of every slice, with an index of mobility.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        States as numbers, in their order; NaN pads a slice.
    convention : str
        Which index is the value; all five stand in `also`.
    population : array_like of float, optional
        How many persons a row stands for, above 0.
    start : {'observed', 'steady', 'uniform'}
        From where Bartholomew's indices start.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The index. `parts`, by state: `state`, `count`, `chance`, `steady_state`, `leaving` (1 minus the chance to stay, Prais),
        `sojourn` (periods in a state before leaving it) and `first_passage` (periods until a state is first reached); none where
        there is no such number, as where a state is never left or never reached.

    Refuses
    -------
    missing-values, not-positive (a population), too-few-subjects, all-equal (one state only), unsupported-combination (a state
    that rows move to and none start from; a steady start where there is no single steady state).

    Source
    ------
    Shorrocks (1978), doi:10.2307/1911433; Anderson and Goodman (1957), doi:10.1214/aoms/1177707039.

    Examples
    --------
    >>> found = transition_matrix(before=[1, 1, 2, 2], after=[1, 2, 2, 2], convention="prais-shorrocks")
    >>> found.value.tolist(), found.parts["chance"][0].tolist()
    ([0.5], [[0.5, 0.5], [0.0, 1.0]])
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"before": before, "after": after, "population": population})
    whole = cells.present & np.isfinite(cells["before"]) & np.isfinite(cells["after"])
    states, code = np.unique(np.where(whole, (cells["before"], cells["after"]), np.inf), return_inverse=True)
    states = states[np.isfinite(states)]
    first, later = codes_of(np.where(whole, code.reshape(2, *whole.shape), 0), present=whole[None], role="before")
    moves = moves_of(first, later, weight=np.where(whole, cells.get("population", 1.0), 0.0), states=max(len(states), 2))
    steady, inverse = fundamental(moves)
    values, errors = _indices(moves, steady, inverse, start=start, rows=cells.n)
    staying = np.einsum("sii->si", moves.chance)
    lived = np.where(moves.from_state > 0, staying, np.nan)
    parts = {
        "state": np.broadcast_to(np.resize(states, moves.chance.shape[1]), steady.shape),
        "count": moves.count,
        "chance": np.where(moves.from_state[:, :, None] > 0, moves.chance, np.nan),
        "steady_state": np.where(moves.seen, steady, np.nan),
        "leaving": 1.0 - lived,
        "sojourn": 1.0 / (1.0 - lived),
        "first_passage": first_passage(steady, inverse),
    }
    return conclude(
        CARD,
        cells,
        values[chosen],
        convention=chosen,
        confidence=confidence,
        method="Delta method on the multinomial shares of each row.",
        se=errors[chosen],
        stops=_stops(cells, moves, steady, needs_steady=start == "steady" and chosen.startswith("bartholomew")),
        withheld=[(~(errors[chosen] > 0), "estimate alone: every row moved alike, which leaves nothing to judge by")],
        absent="estimate alone: the index stands where its error cannot be taken to first order",
        parameters={"start": start} if chosen.startswith("bartholomew") else {},
        also={name: item for name, item in values.items() if name != chosen},
        parts=parts,
    )


def _indices(
    moves: Moves, steady: Floats, inverse: Floats, *, start: str, rows: np.ndarray
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return all five indices and their standard errors, by convention."""
    share = {"observed": moves.start, "steady": steady, "uniform": moves.seen / moves.size[:, None]}[start]
    found = {
        "prais-shorrocks": trace_index(moves),
        "determinant": determinant_index(moves),
        "eigenvalue": eigenvalue_index(moves),
    }
    values = {name: item[0] for name, item in found.items()}
    errors = {name: se_of_index(moves, item[1], rows=rows) for name, item in found.items()}
    for name, leaving in (("bartholomew-moves", True), ("bartholomew-distance", False)):
        values[name], slope, each = distance_index(moves, start=share, leaving=leaving)
        if start == "steady":
            onward = np.matmul(inverse, each[:, :, None])[:, :, 0]
            slope = slope + share[:, :, None] * onward[:, None, :]
        errors[name] = se_of_index(moves, slope, rows=rows, of_start=each if start == "observed" else None)
    return values, errors


def _stops(cells: Cells, moves: Moves, steady: Floats, *, needs_steady: bool) -> list[Stop]:
    return [
        Stop("all-equal", moves.size < 2, "Every row has one and the same state at both dates.", "Give rows in several states."),
        Stop(
            "unsupported-combination",
            moves.stranded,
            "Rows move to a state that none start from, so that its own chances are not known.",
            "Join states, or give rows that start from every state.",
        ),
        Stop(
            "unsupported-combination",
            np.isnan(steady).any(axis=1) & needs_steady,
            "The states fall into parts that are never left, so that there is no single steady state.",
            "Start from the observed states.",
        ),
    ]
