"""Where the plain interval of a spread is withheld: too much noise, or too much bias beside it."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.bias import variance_error, withheld_from
from levelup.measures.slices import read_slices
from levelup.measures.theil import CARD as THEIL


def test_among_many_noisy_subjects_the_variances_interval_is_biased() -> None:
    for count, is_biased in ((5, False), (12, False), (40, True)):
        slices = read_slices(THEIL, np.linspace(49.0, 51.0, count), se=np.ones(count), population=np.ones(count))
        error, biased = variance_error(slices)
        assert error is not None and error[0] > 0 and biased.tolist() == [is_biased]


@pytest.mark.parametrize(("power", "most"), [(2.0, 0.04), (1.0, 0.02)])
def test_bias_is_the_noises_share_of_the_measure(power: float, most: float) -> None:
    """Two subjects at 1 and 3 with errors of the root of 0.08 have a variance of 1 and a noise of 0.04."""
    slices = read_slices(THEIL, [1.0, 3.0], se=np.full(2, np.sqrt(0.08)))
    np.testing.assert_allclose(slices.noise, [0.04])
    for error, is_biased in ((1.01 * most, False), (0.99 * most, True)):
        (noisy, _), (biased, _) = withheld_from(slices, np.array([1.0]), np.array([error]), power=power)
        assert noisy.tolist() == [False] and biased.tolist() == [is_biased]


def test_without_errors_nothing_more_is_asked() -> None:
    slices = read_slices(THEIL, [1.0, 3.0])
    assert variance_error(slices)[0] is None and len(withheld_from(slices, np.ones(1), None, power=2.0)) == 1
