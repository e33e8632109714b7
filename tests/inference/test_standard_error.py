"""Standard errors recovered from intervals and counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.inference.interval import log_interval, normal_interval
from levelup.inference.standard_error import se_from_interval, se_of_proportion, se_of_rate
from levelup.terms.errors import InputError


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.sampled_from([0.9, 0.95, 0.998]))
def test_an_interval_gives_back_the_error_it_was_made_from(value: float, se: float, confidence: float) -> None:
    lower, upper = normal_interval(value, se, confidence=confidence)
    assert se_from_interval(lower, upper, confidence=confidence) == pytest.approx(se, rel=1e-6)


def test_a_log_interval_gives_back_its_error() -> None:
    assert se_from_interval(*log_interval(5.0, 0.2), scale="log") == pytest.approx(0.2)


def test_a_logit_interval_is_read_on_its_scale() -> None:
    low, high = 1 / (1 + np.exp(0.5)), 1 / (1 + np.exp(-0.5))
    assert se_from_interval(low, high, scale="logit") == pytest.approx(1.0 / (2 * 1.959963985))


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (np.nan, 1.0), (1.0, np.nan)])
def test_a_reversed_or_missing_bound_gives_no_error(low: float, high: float) -> None:
    assert np.isnan(se_from_interval(low, high))


def test_a_bound_outside_the_scale_gives_no_error() -> None:
    assert np.isnan(se_from_interval(0.0, 1.0, scale="log")) and np.isnan(se_from_interval(0.5, 1.0, scale="logit"))


def test_an_unknown_scale_is_an_input_error() -> None:
    with pytest.raises(InputError, match="scale"):
        se_from_interval(0.0, 1.0, scale="probit")  # type: ignore[arg-type]


def test_none_of_ten_is_less_certain_than_none_of_a_thousand() -> None:
    small, large, whole = se_of_proportion([0, 0, 10], [10, 1000, 10])
    assert 0 < large < small and whole == pytest.approx(small)


def test_in_large_samples_it_is_the_textbook_error() -> None:
    assert se_of_proportion(30000, 100000) == pytest.approx(np.sqrt(0.3 * 0.7 / 100000), rel=1e-4)
    assert se_of_rate(10000, 1e6, per=1000) == pytest.approx(1000 * np.sqrt(10000) / 1e6, rel=0.01)


def test_impossible_counts_have_no_error() -> None:
    assert np.isnan(se_of_proportion([5, -1], [4, 10])).all() and np.isnan(se_of_rate(1, 0))
