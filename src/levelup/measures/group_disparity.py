"""Group disparity: the largest difference, or the smallest ratio, of a rate or a mean between groups, within strata."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from levelup.inference.distribution import z_of
from levelup.inference.label import codes_of, sums_by
from levelup.inference.largest_gap import distance_bounds, range_bounds, range_freed_of_noise
from levelup.measures.card import Card, Convention, Parameter, convention_of
from levelup.measures.cells import Cells, read_cells
from levelup.measures.readings import Readings, Stop, conclude
from levelup.measures.slices import QUIET, Flags
from levelup.terms.record import Floats

CARD = Card(
    name="group_disparity",
    abbreviation="GD",
    title="Group disparity",
    sentence="The largest difference, or the smallest ratio, of a rate or a mean between groups, within the worst stratum.",
    kind="pattern",
    scale="both",
    weighted=True,
    ordered=False,
    least=2,
    equality=None,
    low=0.0,
    high=None,
    sign="A difference is 0 and a ratio 1 where all groups are alike; a ratio of 0.8 is the four-fifths rule's line.",
    applicability="Persons (1 for selected, 0 for not, or any amount) or groups with their standard errors. With the true "
    "outcome as stratum a selection rate is the true- and the false-positive rate, and the worst stratum that of equalised odds.",
    warning="It falls just as well when the better-off groups are brought down: equal outcomes are rewarded even if all fall, so "
    "read it beside the groups' own levels. The largest gap of many small groups is large by chance alone. A ratio depends on "
    "whether the good or the bad outcome is counted. Meeting a line proves no fairness and no lawfulness.",
    interval="Bounds that hold whichever groups are truly the extremes, so that they cover more often than they promise; ratios "
    "on the log scale. Withheld where the rows of a group are all alike or single.",
    conventions=(
        Convention("difference", "highest group less lowest"),
        Convention("ratio", "lowest group over highest"),
        Convention("difference-to-overall", "largest distance of a group from everyone together"),
        Convention("ratio-to-overall", "smallest ratio of a group to everyone together, or of everyone to it"),
    ),
    citation="Agarwal, Beygelzimer, Dudik, Langford and Wallach (2018), A reductions approach to fair classification, ICML; "
    "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning, NIPS.",
    year=2016,
    address="https://doi.org/10.48550/arXiv.1610.02413",
    parameters=(
        Parameter(
            "estimate",
            "plug-in",
            "The value as computed, or freed of what picking the extremes of noisy groups adds (one stratum, between groups).",
            choices=("plug-in", "noise-corrected"),
        ),
    ),
    needs=("group",),
    uses=("population", "se", "stratum"),
    also_called=(
        ("demographic parity difference", "difference"),
        ("demographic parity ratio", "ratio"),
        ("disparate impact", "ratio"),
    ),
    row="a person, or a group",
    polar=False,
)


@QUIET
def group_disparity(
    value: ArrayLike,
    *,
    group: ArrayLike,
    convention: str,
    population: ArrayLike | None = None,
    se: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    estimate: str = "plug-in",
    confidence: float = 0.95,
) -> Readings:
    """Return the disparity between groups in every slice.

    Parameters
    ----------
    value : array_like of float, shape (rows,) or (slices, rows)
        Each row's figure, 0 or 1 for a rate; 0 or more for ratios. NaN pads a slice.
    group : array_like of float, shape (rows,) or (slices, rows)
        Groups as numbers from 0.
    convention : {'difference', 'ratio', 'difference-to-overall', 'ratio-to-overall'}
        What is compared with what.
    population : array_like of float, optional
        Weights, above 0.
    se : array_like of float, optional
        Standard errors where a row is a group's figure; without them rows are persons, each an independent draw.
    stratum : array_like of float, optional
        Strata as numbers from 0, within which groups are compared.
    estimate : {'plug-in', 'noise-corrected'}
        Whether what picking the extremes adds is taken off.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Readings
        The worst stratum's. `also` holds the lowest and the highest group's mean (`lowest`, `highest`), `overall`, and
        `below_four_fifths`, how many groups lie below 0.8 of their stratum's highest. `parts`: `mean`, `se` and `rows` by stratum
        and group, `worst` by stratum.

    Refuses
    -------
    missing-values, not-positive (a population; a value below 0 for a ratio, or no value above 0), out-of-bounds (a standard error
    below 0), too-few-subjects (no stratum has two groups), unsupported-combination (noise-corrected with several strata or to the
    whole), no-uncertainty (noise-corrected where there is no error to correct for).

    Source
    ------
    Hardt, Price and Srebro (2016), doi:10.48550/arXiv.1610.02413; 29 CFR 1607.4 D, for four fifths.

    Examples
    --------
    >>> found = group_disparity([1, 1, 1, 0, 0, 1, 0, 0], group=[0, 0, 0, 0, 1, 1, 1, 1], convention="difference")
    >>> found.value.tolist(), found.also["below_four_fifths"].tolist()
    ([0.5], [1.0])
    """
    chosen = convention_of(CARD, convention).name
    cells = read_cells(CARD, {"value": value, "group": group, "population": population, "se": se, "stratum": stratum})
    mean, error, rows, weight = _by_group(cells, has_se=se is not None)
    here = rows > 0
    compared = here & (here.sum(axis=2, keepdims=True) > 1)
    whole = (weight * mean).sum(axis=2, keepdims=True) / weight.sum(axis=2, keepdims=True)
    is_ratio, to_whole = chosen.startswith("ratio"), chosen.endswith("overall")
    each, low, high = _disparities(mean, error, weight, whole, here=compared, name=chosen, confidence=confidence)
    value_found = (np.fmin if is_ratio else np.fmax).reduce(
        np.where(compared.any(axis=2), each, 1.0 if is_ratio else 0.0), axis=1
    )
    ends = low.max(axis=1), high.max(axis=1)
    known = np.asarray(np.where(compared, error > 0, True).all(axis=(1, 2)))
    if estimate == "noise-corrected":
        value_found = _freed(mean[:, 0], error[:, 0], here[:, 0] & known[:, None], is_ratio=is_ratio)
    positive = np.asarray(np.where(compared, mean > 0, True).all(axis=(1, 2)))
    if is_ratio:
        ends = np.exp(-ends[1]), np.exp(-ends[0])
    highest = np.where(compared, mean, -np.inf).max(axis=(1, 2))
    top = np.where(compared, mean, -np.inf).max(axis=2, keepdims=True)
    return conclude(
        CARD,
        cells,
        value_found,
        convention=chosen,
        confidence=confidence,
        method="Bounds over every pair of groups." if not to_whole else "Bounds over every group.",
        se=(ends[1] - ends[0]) / (2.0 * z_of(confidence)),
        interval=ends,
        stops=_stops(cells, mean, compared, known=known, positive=positive, name=chosen, estimate=estimate),
        withheld=[
            (~known, "estimate alone: a group has one row, or rows all alike"),
            (~positive & is_ratio, "estimate alone: a group has 0"),
        ],
        parameters={"estimate": estimate},
        also={
            "lowest": np.where(compared, mean, np.inf).min(axis=(1, 2)),
            "highest": highest,
            "overall": (weight * mean).sum(axis=(1, 2)) / weight.sum(axis=(1, 2)),
            "below_four_fifths": (compared & (mean < 0.8 * top * (1.0 - 1e-12))).sum(axis=(1, 2)).astype(np.float64),
        },
        parts={
            "mean": np.where(here, mean, np.nan),
            "se": np.where(here, error, np.nan),
            "rows": rows,
            "worst": np.where(compared.any(axis=2), each, np.nan),
        },
    )


def _by_group(cells: Cells, *, has_se: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """Return mean, standard error, rows and weight by stratum and group, shape (slices, strata, groups)."""
    group, stratum = (codes_of(cells.get(role, 0.0), present=cells.present, role=role) for role in ("group", "stratum"))
    groups, strata = int(group.max(initial=0)) + 1, int(stratum.max(initial=0)) + 1
    code, count = stratum * groups + group, strata * groups
    w, v = cells.get("population", 1.0), cells["value"]
    rows, weight, total = sums_by(code, cells.present.astype(np.float64), w, w * v, count=count)
    mean = np.where(weight > 0, total / weight, 0.0)
    off = np.where(cells.present, v - np.take_along_axis(mean, code, axis=1), 0.0)
    # Rounding of a mean of equal figures is no scatter.
    off = np.where(np.abs(off) <= 1e-12 * np.abs(v), 0.0, off)
    (square,) = sums_by(code, (w * (cells["se"] if has_se else off)) ** 2, count=count)
    lift = 1.0 if has_se else rows / (rows - 1.0)
    error = np.sqrt(np.where(rows > (0 if has_se else 1), square * lift, 0.0)) / weight
    shape = (-1, strata, groups)
    error = np.where(np.isfinite(error), error, 0.0)
    return mean.reshape(shape), error.reshape(shape), rows.reshape(shape), weight.reshape(shape)


def _disparities(
    mean: Floats, error: Floats, weight: Floats, whole: Floats, *, here: Flags, name: str, confidence: float
) -> tuple[Floats, Floats, Floats]:
    """Return each stratum's disparity and its bounds, shape (slices, strata); a ratio's bounds as logarithms turned round."""
    slices, strata, groups = mean.shape
    is_ratio = name.startswith("ratio")
    level, centre = (np.log(item) if is_ratio else item for item in (mean, whole))
    level = np.where(here & np.isfinite(level), level, 0.0)
    spread = np.where(here, error / np.where(is_ratio, mean, 1.0), 0.0)
    half = (1.0 - confidence) / 2.0
    tail = (half / np.maximum(here.any(axis=2).sum(axis=1).max(initial=1), 1), half)
    flat = (level.reshape(-1, groups), spread.reshape(-1, groups), here.reshape(-1, groups))
    if not name.endswith("overall"):
        top, bottom = np.where(here, mean, -np.inf).max(axis=2), np.where(here, mean, np.inf).min(axis=2)
        low, high = range_bounds(flat[0], flat[1] ** 2, present=flat[2], tail=tail)
        found = bottom / top if is_ratio else top - bottom
    else:
        part = weight / weight.sum(axis=2, keepdims=True) * (mean / whole if is_ratio else 1.0)
        variance = (1.0 - 2.0 * part) * spread**2 + (part**2 * spread**2).sum(axis=2, keepdims=True)
        away = np.where(here & np.isfinite(centre), level - centre, 0.0)
        se = np.sqrt(np.maximum(variance, 0.0)).reshape(-1, groups)
        low, high = distance_bounds(away.reshape(-1, groups), se, present=flat[2], tail=tail)
        part_of = np.minimum(mean / whole, whole / np.where(mean > 0, mean, np.inf))
        found = np.where(here, np.where(mean > 0, part_of, 0.0), 1.0).min(axis=2) if is_ratio else np.abs(away).max(axis=2)
    return found, low.reshape(slices, strata), high.reshape(slices, strata)


def _freed(mean: Floats, error: Floats, here: Flags, *, is_ratio: bool) -> Floats:
    level = np.where(here & (mean > 0), np.log(np.where(mean > 0, mean, 1.0)), 0.0) if is_ratio else mean
    spread = np.where(here & (mean > 0), error / np.where(mean > 0, mean, 1.0), 1.0) if is_ratio else error
    here = here & (spread > 0)
    found = range_freed_of_noise(np.where(here, level, 0.0), np.where(here, spread, 1.0) ** 2, present=here)
    return np.asarray(np.exp(-found) if is_ratio else found)


def _stops(cells: Cells, mean: Floats, compared: Flags, *, known: Flags, positive: Flags, name: str, estimate: str) -> list[Stop]:
    is_ratio, corrected = name.startswith("ratio"), estimate == "noise-corrected"
    below = (cells.present & (cells["value"] < 0)).any(axis=1) | ~(np.where(compared, mean, -np.inf).max(axis=(1, 2)) > 0)
    single = np.bool_(mean.shape[1] == 1 and not name.endswith("overall"))
    return [
        Stop("too-few-subjects", ~compared.any(axis=(1, 2)), "No stratum has two groups to compare.", "Give two groups."),
        Stop("not-positive", below & is_ratio, "A ratio needs figures of 0 or more, and one above 0.", "Ask for a difference."),
        Stop(
            "unsupported-combination",
            ~single & corrected,
            "The correction is known for one stratum, between groups.",
            "Ask for one stratum at a time, or for estimate=plug-in.",
        ),
        Stop(
            "no-uncertainty",
            ~(known & (positive | (not is_ratio))) & corrected,
            "A group has one row, rows all alike, or 0: its error is not known.",
            "Join groups, or give standard errors.",
        ),
    ]
