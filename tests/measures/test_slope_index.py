"""The slope index, worked by hand, in both conventions."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.slope_index import slope_index
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity

DECILES = {"population": [200, 300, 500], "order": [1, 2, 3]}


def test_a_straight_gradient_is_its_own_slope() -> None:
    """Ridits 0.1, 0.35, 0.75; values 40 + 20 ridit."""
    found = slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="ohid-linear")
    np.testing.assert_allclose(found.value, [20.0])
    np.testing.assert_allclose([found.also["lower_level"][0], found.also["upper_level"][0]], [40.0, 60.0])


def test_by_hand_with_two_ends_and_a_middle() -> None:
    """Equal thirds: ridits 1/6, 1/2, 5/6; the slope is (y3 - y1) / (2/3), its variance (s1^2 + s3^2) x 9/4."""
    found = slope_index(
        [50.0, 99.0, 60.0],
        population=[1, 1, 1],
        order=[1, 2, 3],
        se=[3.0, 8.0, 4.0],
        polarity=Polarity.MORE,
        convention="ohid-linear",
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [15.0, 7.5])


def test_it_is_turned_where_less_is_better() -> None:
    more, less = (
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=p, convention="ohid-linear") for p in (Polarity.MORE, Polarity.LESS)
    )
    assert more.value[0] == -less.value[0] > 0


def test_without_errors_the_linear_convention_gives_the_estimate_alone() -> None:
    result = slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="ohid-linear").at(0)
    assert not isinstance(result, Refusal)
    assert result.lower is None and result.se is None and "estimate alone" in result.method


def test_the_logistic_convention_fits_a_logistic_line_exactly() -> None:
    """Shares on logit p = -1 + 2 ridit: the index is expit(1) - expit(-1) = 0.462117."""
    rank = np.array([0.1, 0.35, 0.75])
    share = 100.0 / (1.0 + np.exp(1.0 - 2.0 * rank))
    people = np.array([2, 3, 5]) * 10**9
    found = slope_index(
        share, population=people, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="who-logit"
    )
    np.testing.assert_allclose(found.value, [46.2117157], rtol=1e-6)


def test_the_scatter_of_an_exact_fit_is_no_interval() -> None:
    people = np.array([2, 4, 6]) * 1000
    result = slope_index(
        [50.0] * 3, population=people, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="who-logit"
    ).at(0)
    assert not isinstance(result, Refusal)
    assert result.value == pytest.approx(0.0, abs=1e-9) and result.lower is None and "no scatter" in result.method


def test_a_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="ohid-linear.*who-logit"):
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE)
    with pytest.raises(InputError, match="scotpho"):
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="scotpho")


@pytest.mark.parametrize(
    ("values", "arguments", "convention", "code"),
    [
        ([1.0, 2.0], {"population": [1, 1], "order": [1, 2]}, "ohid-linear", "too-few-subjects"),
        ([1.0, 2.0, 3.0], {"population": [1, 1, 1], "order": [2, 2, 2]}, "ohid-linear", "no-order"),
        ([1.0, 2.0, 3.0], {"population": [1, 1, 1], "order": None}, "ohid-linear", "no-order"),
        ([1.0, 2.0, 3.0], {"population": None, "order": [1, 2, 3]}, "ohid-linear", "no-population"),
        ([1.0, 2.0, 3.0], {"population": [99] * 3, "order": [1, 2, 3]}, "who-logit", "unsupported-combination"),
        (
            [1.0, 2.0, 3.0],
            {"population": [0.2, 0.3, 0.5], "order": [1, 2, 3], "bounds": (0, 9)},
            "who-logit",
            "unsupported-combination",
        ),
        ([0.0, 0.0, 0.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "all-equal"),
        ([0.0, 0.0, 9.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "unsupported-combination"),
        ([1.0, 2.0, 10.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "out-of-bounds"),
    ],
)
def test_refusals(values: list[float], arguments: dict[str, object], convention: str, code: str) -> None:
    assert slope_index(values, **arguments, polarity=Polarity.MORE, convention=convention).code.tolist() == [code]
