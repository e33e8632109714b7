"""The fitted ends of an order, and the covariance between them."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.gradient import GRADIENTS, fit_gradient
from levelup.measures.slices import read_slices
from levelup.measures.slope_index import CARD

PEOPLE, ERRORS = [2000.0, 3000.0, 1500.0, 3500.0], [1.0, 2.0, 1.5, 1.0]
VALUES = np.array([52.3, 47.1, 60.2, 71.8])


def test_the_covariance_of_the_ends_is_that_of_the_values() -> None:
    """The linear fit is linear in the values, so the ends' variances are those of its own derivatives."""
    steps = np.vstack([VALUES, VALUES + np.eye(4)])
    line = fit_gradient(read_slices(CARD, steps, population=PEOPLE, order=[1, 2, 3, 4]), convention="ohid-linear")
    bottom, top = line.bottom[1:] - line.bottom[0], line.top[1:] - line.top[0]
    found = fit_gradient(read_slices(CARD, VALUES, population=PEOPLE, order=[1, 2, 3, 4], se=ERRORS), convention="ohid-linear")
    expected = [((a * b) * np.square(ERRORS)).sum() for a, b in ((bottom, bottom), (top, top), (bottom, top))]
    np.testing.assert_allclose([found.bottom_variance[0], found.top_variance[0], found.covariance[0]], expected, rtol=1e-8)


@pytest.mark.parametrize("bounds", [(0.0, 100.0), (40.0, 80.0)])
def test_the_logistic_ends_lie_within_the_bounds(bounds: tuple[float, float]) -> None:
    slices = read_slices(CARD, VALUES, population=PEOPLE, order=[1, 2, 3, 4], bounds=bounds)
    line = fit_gradient(slices, convention="who-logit")
    assert bounds[0] < line.bottom[0] < line.top[0] < bounds[1]


def test_whole_people_are_what_the_logistic_line_counts() -> None:
    """A share of 0.50333 of 60 people is 30 of them, as 0.5 is."""
    common = {"population": [60.0, 60.0, 60.0], "order": [1, 2, 3], "bounds": (0.0, 1.0)}
    lines = [
        fit_gradient(read_slices(CARD, [share, 0.6, 0.8], **common), convention="who-logit")  # type: ignore[arg-type]
        for share in (0.5, 0.50333)
    ]
    assert lines[0].bottom[0] == lines[1].bottom[0]


def test_many_subjects_at_the_bounds_are_persons() -> None:
    """Weights below one would round every count to nothing; fewer than fifty such subjects are still groups."""
    random = np.random.default_rng(9)
    values, order = (random.uniform(size=60) < np.linspace(0.2, 0.8, 60)).astype(float), np.arange(60)
    persons = read_slices(CARD, values, population=np.full(60, 0.3), order=order, bounds=(0.0, 1.0))
    line = fit_gradient(persons, convention="who-logit")
    assert 0 < line.bottom[0] < line.top[0] < 1 and not any(stop.where.any() for stop in line.stops)
    groups = read_slices(CARD, values[::2], population=np.full(30, 0.3), order=order[::2], bounds=(0.0, 1.0))
    assert fit_gradient(groups, convention="who-logit").stops[0].where.tolist() == [True]


@pytest.mark.parametrize("convention", [item.name for item in GRADIENTS])
def test_every_line_has_a_covariance_of_its_two_ends(convention: str) -> None:
    """A covariance matrix: neither variance below 0, and no correlation beyond 1."""
    slices = read_slices(CARD, VALUES, population=PEOPLE, order=[1, 2, 3, 4], se=ERRORS, bounds=(0.0, 100.0))
    line = fit_gradient(slices, convention=convention)
    assert line.bottom_variance[0] > 0 and line.top_variance[0] > 0
    assert line.covariance[0] ** 2 < line.bottom_variance[0] * line.top_variance[0]
    assert (line.freedom is not None) == (convention == "scotpho")


@pytest.mark.parametrize("convention", ["ohid-log", "ohid-logit", "binomial"])
def test_the_delta_method_is_the_derivative(convention: str) -> None:
    """Each value moved by a little moves the ends as their variances say."""
    step = 1e-4
    moved = np.vstack([VALUES + step * np.eye(4), VALUES - step * np.eye(4)])
    common = {"population": PEOPLE, "order": [1, 2, 3, 4], "bounds": (0.0, 100.0)}
    line = fit_gradient(read_slices(CARD, moved, **common), convention=convention)  # type: ignore[arg-type]
    bottom, top = ((end[:4] - end[4:]) / (2.0 * step) for end in (line.bottom, line.top))
    found = fit_gradient(read_slices(CARD, VALUES, **common, se=ERRORS), convention=convention)  # type: ignore[arg-type]
    # The variance of a share counted among the people whom the line expects to have it.
    fitted = _fitted(found.bottom[0], found.top[0]) if convention == "binomial" else VALUES
    noise = fitted * (100.0 - fitted) / np.array(PEOPLE) if convention == "binomial" else np.square(ERRORS)
    expected = [((a * b) * noise).sum() for a, b in ((bottom, bottom), (top, top), (bottom, top))]
    np.testing.assert_allclose([found.bottom_variance[0], found.top_variance[0], found.covariance[0]], expected, rtol=1e-5)


def _fitted(bottom: float, top: float) -> np.ndarray:
    """Return the logistic line's levels at the four subjects' ridits."""
    ends = np.log(np.array([bottom, top]) / (100.0 - np.array([bottom, top])))
    people = np.array(PEOPLE)
    ridits = (np.cumsum(people) - people / 2) / people.sum()
    return np.asarray(100.0 / (1.0 + np.exp(-(ends[0] + (ends[1] - ends[0]) * ridits))))
