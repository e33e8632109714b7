"""Quantile groups, worked by hand, with ties and at their edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement


def groups(value: list[float], size: float, polarity: Polarity = Polarity.MORE) -> list[float]:
    found = measure_batch("quantile_group", value, polarity=polarity, parameters={"quantiles": size})
    return [float(item) for item in found.parts["group"][0]]


def test_by_hand() -> None:
    """Seven into three: 8 - r in steps of 7/3 reach into 3, 3, 3, 2, 2, 1, 1 parts, so 1, 1, 1, 2, 2, 3, 3 from the worst."""
    assert groups([1, 2, 3, 4, 5, 6, 7], 3.0) == [1, 1, 1, 2, 2, 3, 3]


def test_the_worst_level_is_in_the_first_group() -> None:
    assert groups([1, 2, 3, 4], 2.0, Polarity.LESS) == [2, 2, 1, 1]
    assert groups([-9, 1, 2, 5], 2.0, Polarity.ZERO) == [1, 2, 2, 1]


def test_equal_levels_share_the_worse_group() -> None:
    """Ranks 1, 2, 2, 2: four into four, so groups 1, 2, 2, 2 and two groups with nobody."""
    assert groups([1, 5, 5, 5], 4.0) == [1, 2, 2, 2]
    found = measure_batch("quantile_group", [1.0, 5, 5, 5], polarity=Polarity.MORE, parameters={"quantiles": 4.0})
    assert (found.value[0], found.also["smallest"][0], found.also["largest"][0]) == (2.0, 1.0, 3.0)


def test_all_equal_is_one_group() -> None:
    assert groups([3, 3, 3], 2.0) == [1, 1, 1]


@pytest.mark.parametrize("size", [2, 4, 5, 7, 10])
@pytest.mark.parametrize("count", range(10, 61, 7))
def test_without_ties_groups_differ_by_at_most_one_subject(size: int, count: int) -> None:
    found = np.array(groups(list(map(float, range(count))), float(size)))
    sizes = np.bincount(found.astype(int))[1:]
    assert len(sizes) == size and sizes.max() - sizes.min() <= 1 and (np.diff(found) >= 0).all()


@pytest.mark.parametrize(
    ("value", "size", "code"),
    [
        ([1.0, 2.0], 4.0, "too-few-subjects"),
        ([1.0, np.nan, 3.0], 2.0, "missing-values"),
        ([1.0, 2.0, 3.0], 2.5, "unsupported-combination"),
    ],
)
def test_what_cannot_be_is_refused(value: list[float], size: float, code: str) -> None:
    assert measure_batch("quantile_group", value, polarity=Polarity.MORE, parameters={"quantiles": size}).code.tolist() == [code]


def test_no_rounding_moves_a_subject_over_an_edge() -> None:
    """From rank 8 of 28 to the end there are 21, which is 15 parts of 28/20 exactly; floating point makes it more than 15."""
    assert groups(list(map(float, range(28))), 20.0)[7] == 20 + 1 - 15
    assert np.ceil(21 / (28 / 20)) == 16


def test_padding_has_no_group() -> None:
    found = measure_batch(
        "quantile_group", [[4.0, np.nan, 1.0], [1.0, 2.0, 3.0]], polarity=Polarity.MORE, parameters={"quantiles": 2.0}
    )
    np.testing.assert_array_equal(found.parts["group"], [[2, np.nan, 1], [1, 1, 2]])


def test_a_name_may_say_how_many() -> None:
    table = {"rate": [str(item) for item in range(10)]}
    found = measure_table(table, name="quintile", value="rate", polarity="more-is-better")
    assert isinstance(found, Measurement) and found.parts["group"] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
