"""The integral along a line: exact for products, and for a smooth function ever closer as steps are added."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.line_integral import decompose_along_line
from levelup.terms.errors import InputError


def test_a_function_of_one_parameter_gets_all_of_it_up_to_the_steps() -> None:
    found = decompose_along_line(lambda x: np.exp(x[..., 0]), [0.0], [1.0], steps=7)
    assert found[0] == pytest.approx(np.e - 1, abs=1e-13)


def test_an_integral_worked_by_hand() -> None:
    """Of x^2 y from (0, 0) to (1, 1): the slopes 2t^2 and t^2 along the line, so two thirds and one third."""
    found = decompose_along_line(lambda x: x[..., 0] ** 2 * x[..., 1], [0.0, 0.0], [1.0, 1.0], levels=2)
    np.testing.assert_allclose(found, [2 / 3, 1 / 3], atol=1e-14)


def test_the_error_falls_with_the_square_of_the_steps_and_extrapolation_removes_it() -> None:
    def curve(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(x[..., 0] * x[..., 1]) / (1 + x[..., 2] ** 2))

    before, after = np.array([0.2, 0.5, 1.0]), np.array([0.9, 1.1, 0.3])
    whole = curve(after) - curve(before)
    errors = [abs(decompose_along_line(curve, before, after, steps=steps).sum() - whole) for steps in (10, 20)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.02)
    assert abs(decompose_along_line(curve, before, after, levels=4).sum() - whole) < 1e-12


def test_many_slices_at_once_are_what_each_is_alone() -> None:
    before, after = np.random.default_rng(1).uniform(size=(2, 5, 3))

    def curve(x: np.ndarray) -> np.ndarray:
        return np.asarray(x[..., 0] ** 2 * x[..., 1] + np.sqrt(x[..., 2]))

    together = decompose_along_line(curve, before, after)
    for row in range(5):
        np.testing.assert_array_equal(together[row], decompose_along_line(curve, before[row], after[row]))


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"levels": 0}])
def test_no_steps_are_an_error(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="steps and levels"):
        decompose_along_line(lambda x: x[..., 0], [0.0], [1.0], **wrong)
