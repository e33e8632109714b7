"""The transition matrix: the chance of moving from each state to each other, and how much movement there is in all."""

from __future__ import annotations

from dataclasses import replace

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
from levelup.terms.errors import InputError
from levelup.terms.record import Floats

UNORDERED = "unordered"
"""What the order of states is called where they have none."""

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
    applicability="Persons or places in one of two or more states at two dates, one in a row or counted (column `count`); a "
    "population is a sampling weight, and the rows stay the sample. For B2 the states are in order, as numbers are.",
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
        Parameter("states", "", "The order of states that are words: low,mid,high; B2 is refused without.", is_text=True),
    ),
    needs=("before", "after"),
    uses=("count", "population"),
    also_called=(
        ("shorrocks index", "prais-shorrocks"),
        ("prais index", "prais-shorrocks"),
        ("markov", ""),
        ("bartholomew index", "bartholomew-distance"),
    ),
    row="a person or place at two dates, or those who made one move, counted",
    labelled=("before", "after"),
    takes_value=False,
    polar=False,
)


@QUIET
def transition_matrix(
    *,
    before: ArrayLike,
    after: ArrayLike,
    convention: str,
    count: ArrayLike | None = None,
    population: ArrayLike | None = None,
    start: str = "observed",
    states: str = "",
    confidence: float = 0.95,
) -> Readings:
    """Return the transition matrix of every slice, with an index of mobility.

    Parameters
    ----------
    before, after : array_like of float, shape (rows,) or (slices, rows)
        States as numbers, in their order; NaN pads a slice.
    convention : str
        Which index is the value; all five stand in `also`.
    count : array_like of float, optional
        How many persons made this move, 0 or more: they are the sample, each an independent draw.
    population : array_like of float, optional
        A row's sampling weight, above 0: the rows are the sample, whatever they weigh.
    start : {'observed', 'steady', 'uniform'}
        From where Bartholomew's indices start.
    states : str
        What the numbers stand for, in their order, with commas between; '' for the numbers themselves, and 'unordered' where the
        numbers name states that have no order, so that Bartholomew's distance has no meaning.
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
    cells, weight, sample = _people(
        read_cells(CARD, {"before": before, "after": after, "count": count, "population": population})
    )
    whole = weight > 0
    known, code = np.unique(np.where(whole, (cells["before"], cells["after"]), np.inf), return_inverse=True)
    known = known[np.isfinite(known)]
    first, later = codes_of(np.where(whole, code.reshape(2, *whole.shape), 0), present=whole[None], role="before")
    size, square = max(len(known), 2), None if count is None else weight
    moves = moves_of(first, later, weight=weight, states=size, square=square)
    steady, inverse = fundamental(moves)
    values, errors = _indices(moves, steady, inverse, start=start, rows=cells.n)
    if states == UNORDERED:
        values["bartholomew-distance"] = np.full(len(cells.n), np.nan)
    numbers = [f"{number:g}" for number in known]
    said: dict[str, float | str] = {"states": states or ", ".join(numbers[:3] + ["..."] * (size > 4) + numbers[3:][-1:])}
    staying = np.einsum("sii->si", moves.chance)
    lived = np.where(moves.from_state > 0, staying, np.nan)
    parts = {
        "state": np.broadcast_to(np.resize(known, moves.chance.shape[1]), steady.shape),
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
        method=f"Delta method on the multinomial shares of each row; {sample} are the sample. Order of states: {said['states']}.",
        se=errors[chosen],
        stops=_stops(moves, steady, chosen, is_steady=start == "steady", is_ordered=states != UNORDERED),
        withheld=[(~(errors[chosen] > 0), "estimate alone: every row moved alike, which leaves nothing to judge by")],
        absent="estimate alone: the index stands where its error cannot be taken to first order",
        parameters=said | ({"start": start} if chosen.startswith("bartholomew") else {}),
        also={name: item for name, item in values.items() if name != chosen},
        parts=parts,
    )


def _people(cells: Cells) -> tuple[Cells, Floats, str]:
    """Return the rows with the sample's size, what each weighs (0 where it does not count), and who the sample is."""
    whole = cells.present & np.isfinite(cells["before"]) & np.isfinite(cells["after"])
    if "count" not in cells.columns:
        weighed = "population" in cells.columns
        return cells, np.where(whole, cells.get("population", 1.0), 0.0), "the rows" + ", whatever they weigh," * weighed
    if "population" in cells.columns:
        raise InputError(
            "count and population must not both be given",
            where="--column count",
            next="Give count where a row is as many persons as it counts, population where it is one person with that weight.",
        )
    weight = np.where(whole, cells["count"], 0.0)
    n = weight.sum(axis=1).round().astype(np.intp)
    enough = np.where(n < CARD.least, "too-few-subjects", "")
    code = np.where(np.isin(cells.code, ["", "too-few-subjects"]), enough, cells.code)
    return replace(cells, n=n, code=code), weight, "the persons counted"


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


def _stops(moves: Moves, steady: Floats, chosen: str, *, is_steady: bool, is_ordered: bool) -> list[Stop]:
    needs_steady = is_steady and chosen.startswith("bartholomew")
    return [
        Stop(
            "unsupported-combination",
            np.bool_(chosen == "bartholomew-distance" and not is_ordered),
            "Bartholomew's distance counts the states that are passed, and these states are words without an order.",
            "Give --parameter states=LOW,MID,HIGH, or number the states (1 low, 2 mid, 3 high).",
        ),
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
