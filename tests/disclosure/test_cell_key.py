"""Cell keys: the same people always get the same change, without bias, and never a negative count."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.disclosure.cell_key import KEYS, cell_keys, make_table
from levelup.terms.errors import InputError


@pytest.mark.parametrize(("most", "variance", "least"), [(2, 1.0, 0), (5, 3.0, 0), (5, 3.0, 2), (8, 6.0, 3)])
def test_changes_have_mean_zero_the_variance_asked_for_and_no_forbidden_result(most: int, variance: float, least: int) -> None:
    table = make_table(most=most, variance=variance, least_shown=least)
    for count, change in enumerate(table.change):
        assert change.mean() == 0.0 and np.abs(change).max() <= most and (count + change >= 0).all()
        results = set((count + change).tolist())
        assert not results & set(range(1, least + 1)) or count == 0
        if count >= most:
            assert change.var() == pytest.approx(variance, rel=0.06)


def test_the_same_people_are_changed_alike_in_every_table() -> None:
    draw = np.random.default_rng(2)
    keys, table = draw.integers(0, KEYS, 1000), make_table(most=5, variance=3.0)
    by_area, by_ward = draw.integers(0, 7, 1000), draw.integers(0, 3, 1000)
    by_ward[by_area == 4] = 2
    by_ward[(by_area != 4) & (by_ward == 2)] = 0
    one = cell_keys(keys, by_area, cells=7)[4]
    other = cell_keys(keys[::-1], by_ward[::-1], cells=3)[2]
    assert one == other
    count = np.array([int((by_area == 4).sum())])
    assert table.apply(count, np.array([one])) == table.apply(count, np.array([other]))


def test_zero_stays_zero_and_many_cells_average_to_their_counts() -> None:
    table, keys = make_table(most=5, variance=3.0), np.arange(KEYS)
    assert (table.apply(np.zeros(KEYS, dtype=np.int64), keys) == 0).all()
    for count in (1, 3, 6, 400):
        assert table.apply(np.full(KEYS, count), keys).mean() == count


def test_a_variance_that_cannot_be_is_an_error() -> None:
    with pytest.raises(InputError, match="variance"):
        make_table(most=2, variance=5.0)
