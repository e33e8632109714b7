"""Further measures of persons: the variance, and concentration indices with a stated weight on parts of the order."""

from __future__ import annotations

import numpy as np
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.concentration import Height, extended_height, symmetric_height
from levelup.measures.persons.cells import Cells
from levelup.measures.persons.ranks import divide_index, lenient_of, stop_at_one_rank
from levelup.measures.persons.readings import FEWEST, Ask, Fit, PersonMeasure
from levelup.measures.persons.sums import LINEAR, PLAIN
from levelup.measures.persons.variance import Gradient
from levelup.measures.readings import Stop
from levelup.terms.record import Floats

LOST = 1e-9
"""Below this share of the squared mean a variance keeps fewer than six digits."""
NARROW = 1e-9
"""Persons of one rank who make up less than this share of the weight are taken to be at one place."""
VARIANCE = f"Weighted variance; {LINEAR}; Student's t on the logarithm, too narrow for few persons with lopsided levels"
SAMPLED = "Taylor linearisation, ranks and mean estimated; withheld below 100 persons"


def fit_variance(cells: Cells, ask: Ask) -> Fit:
    """Return the variance of the persons' levels, each a group of its own: A / W - (X / W)^2, with A the sum of weight times x^2.

    Parameters
    ----------
    cells : Cells
        One cell per group, with sums of squared levels.
    ask : Ask
        What is asked.

    Returns
    -------
    Fit
        In the outcome's unit squared. A variance's error grows with it, so that Student's interval is made on the logarithm.

    Notes
    -----
    Its error rests on fourth powers, which few persons hardly show where levels are lopsided. In simulation a 95 % interval
    covers 94 to 95 times in 100 with 100 persons or more and normal or even levels; with lognormal ones (0.5 on the logarithm) 87
    with 100 persons, 92 with 400 and 94 with 1,600.

    Source
    ------
    Särndal, Swensson and Wretman (1992), Model assisted survey sampling, section 5.5: a person adds
    (x - mean)^2 less the variance; Bonett (2006), Computational Statistics and Data Analysis 50: 775-782, for the interval.
    """
    weight, mean = cells.total(cells.w), cells.total(cells.wx) / cells.total(cells.w)
    is_alike = cells.lowest() == cells.highest()
    value = np.where(is_alike, 0.0, np.maximum(cells.total(cells.wa) / weight - mean**2, 0.0))
    parts = (mean**2 - value, -2.0 * mean, np.ones(len(mean)))
    gradient = Gradient(*((ask.size**2 * part / weight)[cells.group] for part in parts))
    stop = Stop(
        "unsupported-combination",
        ~is_alike & (value <= LOST * mean**2),
        "The levels lie so far from zero, and so close together, that their spread is lost to rounding.",
        "Take one round figure away from every level; the variance stays the same.",
    )
    return Fit(
        ask.size**2 * value, gradient, VARIANCE, stops=(stop,),
        also={"mean": ask.shift + ask.size * mean}, interval=_student_of_log, lenient=1e6 * ask.size**2 * mean**2,
    )  # fmt: skip


def _student_of_log(value: Floats, se: Floats, n: Floats, freedom: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return Student's interval on the logarithm, moved up so that both ends fail about as often (Bonett 2006)."""
    reach = special.stdtrit(np.maximum(freedom, 1.0), 0.5 + confidence / 2.0)
    factor, centre = np.exp(reach * se / value), value * n / np.maximum(n - reach, 1.0)
    return np.minimum(centre / factor, value), centre * factor


def fit_extended_concentration_index(cells: Cells, ask: Ask) -> Fit:
    """Return the extended concentration index, of which v = 2 is the standard one (Wagstaff 2002)."""
    power = float(ask.parameters["v"])
    reason = "At 1 everyone counts alike, and the index is 0 whatever the levels."
    stop = Stop("unsupported-combination", np.full(cells.groups, power <= 1.0), reason, "Use a v above 1.")
    return _fit_height(cells, ask, extended_height(power), stop)


def fit_symmetric_concentration_index(cells: Cells, ask: Ask) -> Fit:
    """Return the symmetric concentration index, of which beta = 2 is the standard one (Erreygers, Clarke and Van Ourti 2012)."""
    power = float(ask.parameters["beta"])
    reason = "At 1 only the side of the middle counts, and ranks do not."
    stop = Stop("unsupported-combination", np.full(cells.groups, power <= 1.0), reason, "Use a beta above 1.")
    return _fit_height(cells, ask, symmetric_height(power), stop)


def _fit_height(cells: Cells, ask: Ask, height: Height, stop: Stop) -> Fit:
    """Return an index that weighs levels by the height of their places in the order, divided as the convention says."""
    weight, group = cells.total(cells.w), cells.group
    mean = cells.total(cells.wx) / weight
    index, one, own = _rank_sum(cells, height)
    factor, steepness, stops = divide_index(cells, ask, mean)
    lean = ask.sign * ask.size * steepness * index / weight
    scale = ask.sign * ask.size * factor[group]
    gradient = Gradient(scale * one - (lean * mean)[group], scale * own / weight[group] + lean[group])
    value = ask.sign * ask.size * factor * index
    return Fit(
        value, gradient, SAMPLED, stops=(stop, stop_at_one_rank(cells), *stops),
        also={"mean": ask.shift + ask.size * mean}, lenient=np.abs(factor) * lenient_of(cells, ask),
    )  # fmt: skip


def _rank_sum(cells: Cells, height: Height) -> tuple[Floats, Floats, Floats]:
    """Return the mean of levels times heights, shape (groups,), and what a person adds: over the weight, and by the level.

    Source
    ------
    As `levelup.inference.concentration.rank_sum`, for cells that hold everyone of one rank.
    """
    weight, group = cells.total(cells.w), cells.group
    high = np.clip(cells.reached()[1], 0.0, 1.0)
    low = np.append(0.0, high[:-1])
    low[cells.start] = 0.0
    mass, mean = high - low, cells.wx / np.where(cells.w > 0, cells.w, 1.0)
    is_wide = mass > NARROW
    rise = (height.integral(high) - height.integral(low)) / np.where(is_wide, mass, 1.0)
    own = np.where(is_wide, rise, height.at((low + high) / 2.0))
    gain, loss = mean * height.at(high), mean * height.at(low)
    above = cells.total(gain)[group] - cells.before(gain)
    beyond = cells.total(loss)[group] - cells.before(loss) - loss
    fixed = cells.total(gain * high - loss * low)[group]
    one = (above - beyond - fixed - mean * own) / weight[group]
    return cells.total(cells.wx * own) / weight, one, own


MEASURES: dict[str, PersonMeasure] = {
    "between_group_variance": PersonMeasure(
        "sums", fit_variance, lambda ask: "x * x", PLAIN, is_centred=True, ranged=PLAIN, fewest=FEWEST
    ),
    "extended_concentration_index": PersonMeasure(
        "ranks", fit_extended_concentration_index, intervals=("influence",), ranged=("relative",), fewest=FEWEST
    ),
    "symmetric_concentration_index": PersonMeasure(
        "ranks", fit_symmetric_concentration_index, intervals=("influence",), ranged=("relative",), fewest=FEWEST
    ),
}
"""Further measures, by their card's name."""
