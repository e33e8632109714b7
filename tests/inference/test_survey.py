"""Variances of survey designs, by hand and against the textbook."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.survey import jackknife_variance, sums_of_units, variance_of_totals
from levelup.terms.errors import InputError


def variance(value: list[float], stratum: list[int], unit: list[int], *, drawn: list[float], fraction: float = 0.0) -> float:
    sums = sums_of_units(value, group=np.zeros(len(value), dtype=int), stratum=stratum, unit=unit)
    units = np.asarray(drawn)[sums.stratum]
    found = variance_of_totals(
        sums.total, square=sums.square, group=sums.group, groups=1, units=units, fraction=np.full(len(units), fraction)
    )
    return float(found.variance[0])


def test_the_mean_of_a_simple_sample() -> None:
    """Values 1, 2, 3, 6 about their mean 3, over 4: the variance is s squared over n, 14 / 3 / 4."""
    influence = [(item - 3.0) / 4.0 for item in (1.0, 2.0, 3.0, 6.0)]
    assert variance(influence, [0] * 4, [0, 1, 2, 3], drawn=[4]) == pytest.approx(14 / 3 / 4)


def test_a_cluster_counts_as_one_unit() -> None:
    """Two clusters with totals 3 and -3: 2 / (2 - 1) times 9 + 9."""
    assert variance([1.0, 2.0, -3.0], [0, 0, 0], [5, 5, 6], drawn=[2]) == pytest.approx(36.0)


def test_one_label_in_two_strata_is_two_units() -> None:
    """Each stratum holds totals 1 and 3: 2 times 2 from each."""
    assert variance([1.0, 3.0, 1.0, 3.0], [0, 0, 1, 1], [5, 6, 5, 6], drawn=[2, 2]) == pytest.approx(8.0)


def test_units_without_members_count() -> None:
    """Of three units one has no member: totals 2, -2 and 0, so 3 / 2 times 8."""
    assert variance([2.0, -2.0], [0, 0], [1, 2], drawn=[3]) == pytest.approx(12.0)


def test_a_finite_population_takes_its_share_off() -> None:
    assert variance([2.0, -2.0], [0, 0], [1, 2], drawn=[2], fraction=0.25) == pytest.approx(0.75 * 16.0)


def test_a_full_count_has_no_error() -> None:
    assert variance([2.0, -2.0], [0, 0], [1, 2], drawn=[2], fraction=1.0) == 0.0


def test_a_stratum_of_one_unit_cannot_tell() -> None:
    found = variance_of_totals([1.0, 2.0], square=[1.0, 4.0], group=[0, 1], groups=2, units=[1, 2])
    assert found.is_lonely.tolist() == [True, False]
    assert np.isnan(found.variance[0]) and found.variance[1] == pytest.approx(2.0 * (4.0 - 4.0 / 2.0))


def test_a_share_above_one_is_an_error() -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        variance_of_totals([1.0], square=[1.0], group=[0], groups=1, units=[2], fraction=1.5)


def test_order_does_not_matter() -> None:
    generator = np.random.default_rng(5)
    value, stratum, unit = generator.normal(size=60), generator.integers(0, 3, 60), generator.integers(0, 6, 60)
    group = generator.integers(0, 4, 60)
    once = sums_of_units(value, group=group, stratum=stratum, unit=unit)
    mixed = generator.permutation(60)
    again = sums_of_units(value[mixed], group=group[mixed], stratum=stratum[mixed], unit=unit[mixed])
    np.testing.assert_allclose(once.square, again.square)
    np.testing.assert_array_equal(once.members, again.members)
    for position in range(len(once.group)):
        mine = (group == once.group[position]) & (stratum == once.stratum[position])
        totals = [value[mine & (unit == item)].sum() for item in np.unique(unit[mine])]
        assert once.square[position] == pytest.approx(np.square(totals).sum())


def test_no_rows_no_sums() -> None:
    assert len(sums_of_units([], group=[], stratum=[], unit=[]).group) == 0


def test_the_jackknife_of_a_mean_is_its_variance() -> None:
    values = np.array([1.0, 2.0, 3.0, 6.0])
    without = np.array([[np.delete(values, item).mean()] for item in range(4)])
    np.testing.assert_allclose(jackknife_variance([values.mean()], without), values.var(ddof=1) / 4)
