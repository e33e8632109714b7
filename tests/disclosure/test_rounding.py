"""Rounding: to the nearest, at random without bias, and so that totals still add up."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.disclosure.equations import tie_cells
from levelup.disclosure.rounding import chance_of, round_additively, round_at_random, round_to_nearest
from tests.disclosure.grid import counts_with_totals


@pytest.mark.parametrize("base", [3, 5])
def test_random_rounding_has_the_count_as_its_average_and_a_known_variance(base: int) -> None:
    """At remainder r the variance is r (base - r)."""
    draws = 200_000
    for count in range(7, 7 + base):
        chance = chance_of(np.arange(draws, dtype=np.uint64), secret=count)
        found = round_at_random(np.full(draws, float(count)), base=base, chance=chance)
        rest = count % base
        assert (found % base == 0).all() and np.abs(found - count).max() < base
        assert found.mean() == pytest.approx(count, abs=4 * np.sqrt(rest * (base - rest) / draws) + 1e-12)
        assert found.var() == pytest.approx(rest * (base - rest), rel=0.02, abs=1e-12)


def test_chances_are_even_and_do_not_depend_on_what_is_asked_together() -> None:
    keys = np.arange(100_000, dtype=np.uint64)
    found = chance_of(keys, secret=5)
    assert np.histogram(found, bins=20, range=(0, 1))[0] == pytest.approx(5000, rel=0.06)
    assert (chance_of(keys[::-1], secret=5)[::-1] == found).all() and (chance_of(keys, secret=6) != found).mean() > 0.99
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.02


@pytest.mark.parametrize("dims", [(4, 5), (12, 9), (3, 3, 3)])
def test_controlled_rounding_adds_up_and_stays_beside_the_count(dims: tuple[int, ...]) -> None:
    labels, count = counts_with_totals(np.random.default_rng(9).integers(0, 40, dims))
    table = tie_cells(labels, total="Total")
    found = round_additively(count, table, base=5)
    assert found is not None and not len(table.broken(found))
    assert (found % 5 == 0).all() and np.abs(found - count).max() < 5 and (found[count % 5 == 0] == count[count % 5 == 0]).all()


def test_nearest() -> None:
    assert round_to_nearest(np.array([8.0, 12.0, 13.0, 17.0, 18.0]), base=5).tolist() == [10, 10, 15, 15, 20]
