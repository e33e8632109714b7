"""Kendall's tau worked by hand, with ties as scipy counts them, and its interval by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped,unused-ignore]

from levelup.measures.batch import measure_batch
from levelup.terms.record import Measurement


def test_by_hand() -> None:
    """Of six pairs one is turned round: (5 - 1) / 6."""
    found = measure_batch("tau", columns={"before": [1, 2, 3, 4], "after": [1, 3, 2, 4]})
    assert found.value[0] == pytest.approx(2 / 3)


def test_ties_as_scipy_has_them() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 6, (4, 30)), rng.integers(0, 4, (4, 30))
    found = measure_batch("tau", columns={"before": first, "after": second})
    for at in range(4):
        theirs = stats.kendalltau(first[at], second[at], method="asymptotic")
        np.testing.assert_allclose([found.value[at], found.also["p_value"][at]], theirs, rtol=1e-9)


def test_the_interval_covers() -> None:
    z = np.random.default_rng(2).normal(size=(2000, 30, 2))
    found = measure_batch("tau", columns={"before": z[..., 0], "after": 0.5 * z[..., 0] + np.sqrt(0.75) * z[..., 1]})
    truth = 2 / np.pi * np.arcsin(0.5)
    assert 0.93 < ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.97


def test_an_order_wholly_kept_has_no_interval() -> None:
    result = measure_batch("tau", columns={"before": [1, 2, 3, 4], "after": [2, 4, 6, 8]}).at(0)
    assert isinstance(result, Measurement) and (result.value, result.lower) == (1.0, None)


def test_one_level_alone_is_refused() -> None:
    assert measure_batch("tau", columns={"before": [1, 1, 1, 1], "after": [1, 2, 3, 4]}).code.tolist() == ["all-equal"]
