"""Webs of neighbours, moments of dealt sums and q-values, worked by hand and by every way to deal."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import sparse  # type: ignore[import-untyped,unused-ignore]

from levelup.inference.multiplicity import false_discovery
from levelup.inference.spatial import dealt_at_random, deviations, web_of
from levelup.terms.errors import InputError

FIVE = np.full((1, 5), True)


@pytest.mark.parametrize("with_itself", [False, True])
def test_moments_are_those_of_all_ways_to_deal(with_itself: bool) -> None:  # noqa: FBT001
    """Five levels, uneven weights: every permutation, with an area's own level kept or dealt as well."""
    level = deviations(np.array([[1.0, 2.0, 4.0, 9.0, 3.0]]), present=FIVE)
    weight = np.array([[0, 1, 2, 0, 0.5], [1, 0, 0, 0, 0], [1, 1, 0, 1, 1], [0, 0, 3, 0, 1], [1, 0, 0, 2, 0]], dtype=float)
    dealt = dealt_at_random(web_of(weight, x=None, y=None, nearest=0, present=FIVE), level, present=FIVE, with_itself=with_itself)
    every = np.array(list(permutations(level[0])))
    for area in range(5):
        ways = every if with_itself else every[every[:, area] == level[0, area]]
        sums = ways @ (weight[area] + with_itself * (np.arange(5) == area))
        assert dealt.mean[0, area] == pytest.approx(sums.mean(), abs=1e-12)
        assert dealt.sd[0, area] == pytest.approx(sums.std(), abs=1e-9)
        third = ((sums - sums.mean()) ** 3).mean()
        assert dealt.skewness[0, area] * dealt.sd[0, area] ** 3 == pytest.approx(third, abs=1e-9)


def test_no_sum_that_can_happen_has_a_p_value_of_0() -> None:
    level = deviations(np.array([[0.0, 0.0, 0.1, 0.2, 30.0]]), present=FIVE)
    ring = np.roll(np.eye(5), 1, axis=1) + np.roll(np.eye(5), -1, axis=1)
    dealt = dealt_at_random(web_of(ring, x=None, y=None, nearest=0, present=FIVE), level, present=FIVE, with_itself=False)
    assert (dealt.p_value(dealt.lowest + 1e-6) > 0).all()
    assert (dealt.p_value(dealt.mean) > 0.5).all()


def test_the_nearest_with_their_ties() -> None:
    """The middle of a cross has four at one distance: asked for one, it has all four."""
    web = web_of(None, x=[0, 1, -1, 0, 0], y=[0, 0, 0, 1, -1], nearest=1, present=FIVE)
    assert web.matrix.toarray()[0].tolist() == [0, 1, 1, 1, 1]
    assert web.power_sums(1).tolist() == [[4.0, 1.0, 1.0, 1.0, 1.0]]


def test_many_areas_at_one_point_are_all_neighbours() -> None:
    web = web_of(None, x=np.zeros(30), y=np.zeros(30), nearest=2, present=np.full((1, 30), True))
    assert (web.power_sums(1) == 29).all()


def test_slices_never_neighbour_each_other() -> None:
    x = np.array([[0.0, 1.0, 2.0], [0.0, 5.0, np.nan]])
    present = np.isfinite(x)
    web = web_of(None, x=x, y=np.where(present, 0.0, np.nan), nearest=2, present=present)
    found = web.matrix.toarray()
    assert found[:3, 3:].sum() == 0 and found[3:, :3].sum() == 0 and found[:, 5].sum() == 0
    assert web.lag(np.where(present, x, 0.0)).tolist() == [[3.0, 2.0, 1.0], [5.0, 0.0, 0.0]]


def test_sums_of_cliff_and_ord_by_hand() -> None:
    """A chain of three: four links in all, each seen from both ends 2 squared over 2, and ends of 2, 4 and 2 squared."""
    web = web_of(np.eye(3, k=1) + np.eye(3, k=-1), x=None, y=None, nearest=0, present=np.full((1, 3), True))
    assert [item.tolist() for item in web.totals()] == [[4.0], [8.0], [24.0]]
    assert web.standardised().power_sums(1).tolist() == [[1.0, 1.0, 1.0]]


def test_a_sparse_matrix_is_taken_as_it_is_and_the_diagonal_left_aside() -> None:
    dense = np.array([[9.0, 1.0], [2.0, 0.0]])
    both = [
        web_of(item, x=None, y=None, nearest=0, present=np.full((1, 2), True)).matrix.toarray().tolist()
        for item in (dense, sparse.csr_array(dense))
    ]
    assert both == [[[0.0, 1.0], [2.0, 0.0]]] * 2


@pytest.mark.parametrize("weight", [np.full((2, 2), np.nan), -np.ones((2, 2)), np.ones((3, 3)), np.ones(2)])
def test_weights_that_cannot_be_are_errors(weight: np.ndarray) -> None:
    with pytest.raises(InputError):
        web_of(weight, x=None, y=None, nearest=0, present=np.full((1, 2), True))


def test_q_values_by_hand() -> None:
    """.01 * 4, the smaller of .02 * 4 / 2 and what follows, .04 * 4 / 3, .9; a row outside the family counts for nothing."""
    q = false_discovery(np.array([[0.01, 0.02, 0.04, 0.9, 0.0]]), present=np.array([[True, True, True, True, False]]))
    np.testing.assert_allclose(q, [[0.04, 0.04, 0.16 / 3, 0.9, 1.0]])
