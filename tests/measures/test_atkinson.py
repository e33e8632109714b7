"""The Atkinson index and its equally distributed equivalent, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.measures.atkinson import atkinson
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

EDE = "equally_distributed_equivalent"


@pytest.mark.parametrize(
    ("epsilon", "equivalent"), [(0.0, 5.0), (0.5, 4.5), (1.0, 4.0), (2.0, 3.2)], ids=["none", "half", "one", "two"]
)
def test_by_hand(epsilon: float, equivalent: float) -> None:
    """Levels 2 and 8: arithmetic mean 5, ((root 2 + root 8) / 2)^2 = 4.5, geometric mean 4, harmonic mean 3.2."""
    found = atkinson([2.0, 8.0], epsilon=epsilon, polarity=Polarity.MORE)
    np.testing.assert_allclose([found.also[EDE][0], found.value[0]], [equivalent, 1 - equivalent / 5], atol=1e-12)


def test_a_worse_lower_level_never_improves_the_equivalent() -> None:
    """The gap halves from [20, 40] to [20, 30] and the equivalent still falls, 28.284 to 24.495."""
    before, after = (atkinson([20.0, top], polarity=Polarity.MORE).also[EDE][0] for top in (40.0, 30.0))
    np.testing.assert_allclose([before, after], [28.284271, 24.494897], rtol=1e-6)


@given(st.lists(st.floats(1.0, 99.0), min_size=2, max_size=6), st.floats(0.0, 5.0), st.integers(0, 5), st.floats(0.01, 0.9))
def test_lowering_any_level_lowers_the_equivalent(values: list[float], epsilon: float, place: int, cut: float) -> None:
    lowered = list(values)
    lowered[place % len(values)] *= cut
    before, after = (atkinson(v, epsilon=epsilon, polarity=Polarity.MORE).also[EDE][0] for v in (values, lowered))
    assert after <= before * (1 + 1e-12)


def test_a_burden_is_read_below_its_upper_bound() -> None:
    """Burdens of 98 and 92 out of 100 leave 2 and 8: the equivalent burden is 96, above the mean of 95."""
    found = atkinson([98.0, 92.0], bounds=(0, 100), polarity=Polarity.LESS)
    np.testing.assert_allclose([found.value[0], found.also[EDE][0], found.also["mean"][0]], [0.2, 96.0, 95.0])


def test_a_burden_without_bounds_is_refused() -> None:
    assert atkinson([98.0, 92.0], polarity=Polarity.LESS).code.tolist() == ["unsupported-combination"]
    assert atkinson([100.0, 92.0], bounds=(0, 100), polarity=Polarity.LESS).code.tolist() == ["not-positive"]


@pytest.mark.parametrize("epsilon", [0.5, 1.0, 3.0])
def test_its_error_is_the_derivative(epsilon: float) -> None:
    levels, people, errors = np.array([10.0, 30.0, 22.0]), np.array([1.0, 3.0, 2.0]), np.array([2.0, 1.0, 1.5])
    found = atkinson(levels, population=people, se=errors, epsilon=epsilon, polarity=Polarity.MORE)
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = atkinson(steps, population=people, epsilon=epsilon, polarity=Polarity.MORE).value
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_great_aversion_reads_the_worst_level_without_overflow() -> None:
    found = atkinson([1e-3, 1e6, 1e6], epsilon=50.0, polarity=Polarity.MORE)
    np.testing.assert_allclose(found.also[EDE], [1e-3 * 3 ** (1 / 49)], rtol=1e-9)


@pytest.mark.parametrize("epsilon", [-0.1, 51.0, float("nan")])
def test_an_aversion_out_of_range_is_an_input_error(epsilon: float) -> None:
    with pytest.raises(InputError, match="epsilon"):
        atkinson([1.0, 2.0], epsilon=epsilon, polarity=Polarity.MORE)


def test_zero_is_refused() -> None:
    assert atkinson([0.0, 2.0], polarity=Polarity.MORE).code.tolist() == ["not-positive"]
