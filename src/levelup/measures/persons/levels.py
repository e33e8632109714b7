"""Measures of persons in the order of their own levels: the Gini coefficient, from single persons or from bins of them."""

from __future__ import annotations

import numpy as np

from levelup.measures.persons.cells import Cells
from levelup.measures.persons.readings import FEWEST, Ask, Fit, PersonMeasure
from levelup.measures.persons.variance import Gradient
from levelup.measures.readings import Stop


def fit_gini(cells: Cells, ask: Ask) -> Fit:
    """Return the Gini coefficient: the average distance between two persons' levels, over twice the mean.

    Parameters
    ----------
    cells : Cells
        In the order of their levels; each one person, or the persons of one bin with what their pairs add.
    ask : Ask
        What is asked.

    Returns
    -------
    Fit
        A pure number that does not depend on the scale of the weights.

    Source
    ------
    Lerman and Yitzhaki (1989), equation 4. With W the weights' sum, X that of weight times level, and D_i the weighted sum of
    distances from person i, the sum over pairs T gives T / (W X), and the derivative with respect to i's weight is
    D_i / (W X) - G (1 / W + x_i / X); Langel and Tillé (2013), JRSS A 176: 521-540.
    """
    weight, level, group = cells.total(cells.w), cells.total(cells.wx), cells.group
    below_w, below_x = cells.before(cells.w), cells.before(cells.wx)
    above_w = weight[group] - below_w - cells.w
    above_x = level[group] - below_x - cells.wx
    pairs = cells.total(cells.wx * below_w - cells.w * below_x + cells.inside)
    scale = 1.0 / (weight * level)
    gini = pairs * scale
    # Within a bin each person is given the average distance from the others.
    own = np.where(cells.w > 0, 2.0 * cells.inside / np.where(cells.w > 0, cells.w, 1.0), 0.0)
    gradient = Gradient(
        scale[group] * (above_x - below_x + own) - (gini / weight)[group],
        scale[group] * (below_w - above_w) - (gini / level)[group],
    )
    wrong = (cells.lowest() < 0) | ~(level > 0)
    reason = "A level is negative or the mean is zero, where the coefficient has no meaning."
    return Fit(
        np.maximum(gini, 0.0), gradient, "Weighted pairs of persons; Taylor linearisation",
        stops=(Stop("not-positive", wrong, reason, "Use a measure for levels of either sign."),),
        also={"mean": ask.size * level / weight}, lenient=np.full(len(gini), 1e4),
    )  # fmt: skip


MEASURES: dict[str, PersonMeasure] = {
    "gini": PersonMeasure("levels", fit_gini, conventions=("mid-rank", "plug-in"), is_binned=True, fewest=FEWEST)
}
"""Measures that need every level in order, by their card's name."""
