"""The normal and chi-square wrappers, against tables and against numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from levelup.inference.distribution import (
    chi_square_quantile,
    probability_above,
    probability_both_positive,
    probability_positive,
    z_of,
)
from levelup.terms.errors import InputError


def test_z_is_the_tabled_quantile() -> None:
    np.testing.assert_allclose([z_of(0.9), z_of(0.95), z_of(0.998)], [1.644853627, 1.959963985, 3.090232306], rtol=1e-9)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, float("nan")])
def test_a_confidence_outside_its_range_is_an_input_error(confidence: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        z_of(confidence)


def test_chi_square_quantiles_are_the_tabled_ones() -> None:
    np.testing.assert_allclose(chi_square_quantile(0.95, [1.0, 10.0]), [3.841458821, 18.30703805], rtol=1e-9)
    assert chi_square_quantile(0.5, 0.0) == 0.0
    assert np.isnan(chi_square_quantile(0.5, np.nan))


def test_probability_positive_at_known_points() -> None:
    np.testing.assert_allclose(probability_positive([1.6448536269514722, -1.2815515655446004], 1.0), [0.95, 0.10], rtol=1e-12)


def test_without_error_the_probability_is_a_step() -> None:
    assert probability_positive([2.0, -2.0, 0.0], 0.0).tolist() == [1.0, 0.0, 0.5]


def test_what_is_unknown_has_no_probability() -> None:
    assert np.isnan(probability_positive([np.nan, 1.0, 1.0], [1.0, np.nan, -1.0])).all()


def test_a_threshold_moves_the_question() -> None:
    np.testing.assert_allclose(probability_above(5.0, 2.0, threshold=3.0), probability_positive(2.0, 2.0))


@pytest.mark.parametrize("correlation", [-0.999, -0.6, 0.0, 0.4, 0.95])
@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (1.0, -0.5), (-2.0, 1.5), (0.0, 2.0), (0.7, 0.7)])
def test_both_positive_agrees_with_integration(first: float, second: float, correlation: float) -> None:
    root = np.sqrt(1.0 - correlation**2)

    def inner(x: float) -> float:
        return float(stats.norm.pdf(x) * stats.norm.cdf((second + correlation * x) / root))

    expected = integrate.quad(inner, -first, 12.0, limit=400, points=[0.0], epsabs=1e-12)[0]
    found = probability_both_positive(first, 1.0, second, 1.0, correlation=correlation)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_both_positive_at_the_edges_of_the_correlation() -> None:
    one, two = probability_positive(0.3, 1.0), probability_positive(-0.8, 1.0)
    np.testing.assert_allclose(probability_both_positive(0.3, 1.0, -0.8, 1.0, correlation=1.0), min(one, two))
    np.testing.assert_allclose(probability_both_positive(0.3, 1.0, -0.8, 1.0, correlation=-1.0), max(0.0, one + two - 1.0))
    np.testing.assert_allclose(probability_both_positive(0.3, 1.0, -0.8, 1.0, correlation=0.0), one * two)
    assert np.isnan(probability_both_positive(0.3, 1.0, -0.8, 1.0, correlation=1.5))


def test_both_positive_takes_one_certain_number() -> None:
    np.testing.assert_allclose(probability_both_positive(2.0, 0.0, 1.0, 1.0, correlation=0.3), probability_positive(1.0, 1.0))
    assert probability_both_positive(-2.0, 0.0, 1.0, 1.0, correlation=0.3) == 0.0


def test_limits_of_all_but_zero_do_not_upset_the_joint_probability() -> None:
    for first, second in ((0.0, 1e-308), (1e-308, 0.0), (-1e-308, 1e-200), (0.0, 0.0)):
        assert float(probability_both_positive(first, 1.0, second, 1.0, correlation=0.5)) == pytest.approx(1 / 3)
