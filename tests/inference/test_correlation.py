"""Numbers that share data, against simulation of the people and months they share."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levelup.inference.correlation import (
    correlation_of_nested,
    correlation_of_windows,
    level_of_rest,
    mean_of_parts,
    se_of_difference,
)


def test_a_difference_by_hand() -> None:
    assert se_of_difference(5.0, 12.0) == 13.0
    assert se_of_difference(3.0, 3.0, correlation=1.0) == 0.0
    assert np.isnan(se_of_difference(np.nan, 1.0))


def test_rolling_years_correlate_as_simulated() -> None:
    months = np.random.default_rng(3).normal(size=(60_000, 48))
    first, second = months[:, :36].mean(axis=1), months[:, 12:].mean(axis=1)
    np.testing.assert_allclose(correlation_of_windows(36, 36, common=24), np.corrcoef(first, second)[0, 1], atol=0.01)
    short = months[:, 30:42].mean(axis=1)
    np.testing.assert_allclose(correlation_of_windows(36, 12, common=6), np.corrcoef(first, short)[0, 1], atol=0.01)


def test_windows_without_length_have_no_correlation() -> None:
    assert np.isnan(correlation_of_windows([0, 12], 12, common=[0, -1])).all()
    assert correlation_of_windows(12, 12, common=0) == 0.0


def test_a_part_and_its_whole_correlate_as_simulated() -> None:
    random = np.random.default_rng(5)
    part, rest = random.normal(0, 3.0, 200_000), random.normal(0, 1.0, 200_000)
    whole = 0.2 * part + 0.8 * rest
    np.testing.assert_allclose(correlation_of_nested(3.0, whole.std(), share=0.2), np.corrcoef(part, whole)[0, 1], atol=0.01)


@given(st.floats(0.05, 0.9), st.floats(0.1, 5.0), st.floats(0.1, 5.0), st.floats(-50, 50), st.floats(-50, 50))
def test_the_rest_and_the_part_make_the_whole_again(
    share: float, part_se: float, rest_se: float, part: float, rest: float
) -> None:
    whole = mean_of_parts([part, rest], weight=[share, 1 - share], se=[part_se, rest_se])
    found = level_of_rest(whole.value, part, share=share, whole_se=whole.se, part_se=part_se)
    np.testing.assert_allclose([found.value, found.se], [rest, rest_se], rtol=1e-6, atol=1e-9)


@given(st.floats(0.05, 0.9), st.floats(0.1, 5.0), st.floats(0.1, 5.0))
def test_two_ways_to_compare_a_part_with_the_whole_agree(share: float, part_se: float, rest_se: float) -> None:
    """Whole - part = (1 - share)(rest - part), whichever way its error is reached."""
    whole = mean_of_parts([0.0, 0.0], weight=[share, 1 - share], se=[part_se, rest_se])
    nested = se_of_difference(whole.se, part_se, correlation=correlation_of_nested(part_se, whole.se, share=share))
    np.testing.assert_allclose(nested, (1 - share) * se_of_difference(rest_se, part_se), rtol=1e-6)


def test_what_contradicts_itself_is_unknown() -> None:
    assert np.isnan(level_of_rest(60.0, 50.0, share=0.5, whole_se=1.0, part_se=3.0).se)
    assert np.isnan(level_of_rest(60.0, 50.0, share=1.0).value) and np.isnan(correlation_of_nested(1.0, 0.0, share=0.5))
    assert np.isnan(mean_of_parts([1.0, 2.0], weight=[0.0, 0.0]).value)
