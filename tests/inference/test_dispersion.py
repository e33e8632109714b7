"""Laws of the noise-corrected measures of dispersion, and what they come to by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.inference.dispersion import FUNCTIONALS, noise_corrected
from levelup.inference.interval import Estimates
from levelup.terms.errors import InputError
from tests.coverage.draws import Floats, plain

ABSOLUTE = tuple(name for name in FUNCTIONALS if name.startswith(("mean-difference", "variance", "standard")))
SQUARED = ("variance",)
ORDERS = {"generalised-entropy": 2.0, "atkinson": 0.5}


def made(seed: int, *, slices: int = 4, k: int = 7) -> tuple[Floats, Floats, Floats]:
    generator = np.random.default_rng(seed)
    level = 50.0 + 3.0 * generator.normal(size=(slices, k))
    return level, generator.uniform(0.5, 1.5, size=(slices, k)), generator.uniform(1.0, 3.0, size=(slices, k))


def ask(functional: str, level: Floats, se: Floats, share: Floats, **more: object) -> Floats:
    found = noise_corrected(functional, level, se=se, share=share, reference=0, order=ORDERS.get(functional), **more)  # type: ignore[arg-type]
    return np.stack([found.value, found.lower, found.upper])


@pytest.mark.parametrize("functional", FUNCTIONALS)
@pytest.mark.parametrize("weighting", ["weighted", "unweighted"])
def test_without_noise_the_plain_measure_comes_back(functional: str, weighting: str) -> None:
    level, se, share = made(1)
    order = ORDERS.get(functional, float("nan"))
    truth = plain(functional, level, share=share / share.sum(axis=1, keepdims=True), weighting=weighting, order=order)
    for item in ask(functional, level, 0.0 * se, share, weighting=weighting):
        np.testing.assert_allclose(item, truth, rtol=1e-10)
    for item in ask(functional, level, 1e-6 * se, share, weighting=weighting):
        np.testing.assert_allclose(item, truth, rtol=1e-4)


@pytest.mark.parametrize("functional", FUNCTIONALS)
def test_the_estimate_lies_in_its_interval_and_below_the_plain_measure(functional: str) -> None:
    level, se, share = made(2, slices=60)
    order = ORDERS.get(functional, float("nan"))
    value, lower, upper = ask(functional, level, se, share)
    observed = plain(functional, level, share=share / share.sum(axis=1, keepdims=True), order=order)
    assert (lower >= 0).all() and (lower <= value).all() and (value <= upper).all() and (upper > 0).all()
    assert np.median(value / observed) < 0.99


@given(st.integers(0, 10**6), st.sampled_from(ABSOLUTE), st.floats(0.01, 1000.0), st.floats(-1e4, 1e4))
@settings(max_examples=25, deadline=None)
def test_absolute_measures_follow_the_unit_and_ignore_a_shift(seed: int, functional: str, unit: float, shift: float) -> None:
    level, se, share = made(seed)
    before = ask(functional, level, se, share)
    after = ask(functional, unit * (level + shift), unit * se, share)
    np.testing.assert_allclose(after, before * unit ** (2 if functional in SQUARED else 1), rtol=1e-5, atol=1e-6 * unit)


@given(st.integers(0, 10**6), st.sampled_from(tuple(set(FUNCTIONALS) - set(ABSOLUTE))), st.floats(0.01, 1000.0))
@settings(max_examples=15, deadline=None)
def test_relative_measures_ignore_the_unit(seed: int, functional: str, unit: float) -> None:
    level, se, share = made(seed)
    np.testing.assert_allclose(
        ask(functional, unit * level, unit * se, share), ask(functional, level, se, share), rtol=1e-5, atol=1e-9
    )


@pytest.mark.parametrize("functional", FUNCTIONALS)
def test_no_unit_and_no_population_is_too_large_or_too_small(functional: str) -> None:
    level, se, share = made(5)
    before = ask(functional, level, se, share)
    power = 2 if functional in SQUARED else 1 if functional in ABSOLUTE else 0
    for unit, people in ((1e-9, 1.0), (1e12, 1.0), (1e100, 1.0), (1.0, 1e300)):
        after = ask(functional, unit * level, unit * se, people * share)
        np.testing.assert_allclose(after / unit**power, before, rtol=1e-9, atol=1e-12)


@given(st.integers(0, 10**6), st.sampled_from(FUNCTIONALS), st.floats(0.01, 100.0))
@settings(max_examples=25, deadline=None)
def test_order_padding_and_scale_of_the_shares_do_not_matter(seed: int, functional: str, factor: float) -> None:
    level, se, share = made(seed)
    before = ask(functional, level, se, share)
    order = np.concatenate([[0], 1 + np.random.default_rng(seed).permutation(level.shape[1] - 1)])
    np.testing.assert_allclose(ask(functional, level[:, order], se[:, order], factor * share[:, order]), before, rtol=1e-6)
    padded = [
        np.pad(item, ((0, 0), (0, 2)), constant_values=fill) for item, fill in ((level, np.nan), (se, np.nan), (share, 0.0))
    ]
    np.testing.assert_allclose(ask(functional, *padded), before, rtol=1e-6)


@pytest.mark.parametrize("functional", FUNCTIONALS)
def test_a_slice_does_not_depend_on_its_neighbours(functional: str) -> None:
    level, se, share = made(3, slices=9)
    together = ask(functional, level, se, share)
    alone = np.concatenate([ask(functional, level[i : i + 1], se[i : i + 1], share[i : i + 1]) for i in range(9)], axis=1)
    np.testing.assert_allclose(together, alone, rtol=1e-9)


def test_the_variance_of_equal_groups_is_corrected_by_what_noise_adds() -> None:
    """By hand: levels 0, 10, ..., 50 have variance 291.667; errors of 2 add 4 * 5 / 6 = 3.333 and leave 288.333."""
    found = noise_corrected("variance", 10.0 * np.arange(6), se=2.0, share=1.0)
    assert float(found.value) == pytest.approx(288.3333333, rel=1e-7)


def test_two_groups_are_two_sided_tests_of_one_difference() -> None:
    """By hand: a difference of 10 with errors of 3 and 4 is 10 +- 1.96 * 5; half of it is the mean difference."""
    found = noise_corrected("mean-difference", [50.0, 60.0], se=[3.0, 4.0], share=[1.0, 1.0])
    assert float(found.upper) == pytest.approx(0.5 * (10.0 + 1.96 * 5.0), abs=0.05)
    assert 0.0 < float(found.lower) < 0.8


def test_two_groups_at_no_difference_are_judged_one_sided() -> None:
    at = [noise_corrected("mean-difference", [0.0, d], se=[3.0, 4.0], share=[1.0, 1.0]).lower for d in (9.5, 10.1)]
    assert float(at[0]) == 0.0 < float(at[1])


def test_no_dispersion_at_all_leaves_an_upper_bound() -> None:
    for functional in FUNCTIONALS:
        value, lower, upper = ask(functional, np.full((1, 12), 50.0), np.full((1, 12), 1.1), np.ones((1, 12)))[:, 0]
        assert value == lower == 0.0 < upper


def test_more_confidence_is_a_wider_interval() -> None:
    level, se, share = made(4, slices=20)
    for functional in FUNCTIONALS:
        _, low, high = ask(functional, level, se, share, confidence=0.8)
        _, lower, upper = ask(functional, level, se, share, confidence=0.99)
        assert (lower <= low).all() and (high < upper).all()


def test_entropies_of_one_family_agree() -> None:
    level, se, share = made(5)
    theil, log = ask("theil", level, se, share), ask("mean-log-deviation", level, se, share)
    for order, same in ((1.0, theil), (0.0, log)):
        found = noise_corrected("generalised-entropy", level, se=se, share=share, order=order)
        np.testing.assert_array_equal(found.upper, same[2])
    atkinson = noise_corrected("atkinson", level, se=se, share=share, order=1.0)
    np.testing.assert_allclose(atkinson.upper, 1.0 - np.exp(-log[2]), rtol=1e-12)
    half = noise_corrected("generalised-entropy", level, se=se, share=share, order=2.0)
    spread = noise_corrected("coefficient-of-variation", level, se=se, share=share)
    np.testing.assert_allclose(100.0 * np.sqrt(2.0 * half.upper), spread.upper, rtol=0.03)


def _is_nan(found: Estimates) -> list[bool]:
    return np.isnan(np.stack([found.value, found.se, found.lower, found.upper])).all(axis=0).tolist()


def test_what_cannot_be_answered_is_not() -> None:
    level = np.array([[50.0, 60.0, 55.0], [50.0, np.nan, 55.0], [50.0, 60.0, 55.0], [50.0, 60.0, 55.0], [50.0, 60.0, 55.0]])
    se = np.array([[1.0, 1, 1], [1, 1, 1], [1, np.nan, 1], [1, -1, 1], [1, 1, 1]])
    share = np.array([[1.0, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 0, 0]])
    assert _is_nan(noise_corrected("mean-difference", level, se=se, share=share)) == [False, True, True, True, True]
    assert _is_nan(noise_corrected("theil", [[-1.0, 2.0], [1.0, 2.0]], se=0.1, share=1.0)) == [True, False]
    assert _is_nan(noise_corrected("disparity-index", [[-1.0, 0.5], [1.0, 2.0]], se=0.1, share=1.0)) == [True, False]
    found = noise_corrected("mean-difference-from-reference", level[[0, 0]], se=1.0, share=1.0, reference=[0, -1])
    assert _is_nan(found) == [False, True]


@pytest.mark.parametrize(
    ("functional", "more"),
    [
        ("gini-of-gini", {}),
        ("mean-difference", {"weighting": "by-head"}),
        ("mean-difference-from-reference", {}),
        ("atkinson", {}),
        ("atkinson", {"order": 0.0}),
        ("generalised-entropy", {"order": float("nan")}),
        ("mean-difference", {"confidence": 1.0}),
        ("mean-difference", {"se": [1.0, 2.0, 3.0]}),
    ],
)
def test_wrong_arguments_are_errors(functional: str, more: dict[str, object]) -> None:
    with pytest.raises(InputError):
        noise_corrected(functional, [50.0, 60.0], **{"se": 1.0, "share": 1.0, **more})  # type: ignore[arg-type]
