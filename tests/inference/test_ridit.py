"""Mid-ranks with ties pooled."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from levelup.inference.ridit import ridit

SUBJECTS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 1000)), min_size=2, max_size=12)


def test_by_hand() -> None:
    """Shares 0.2, 0.3 and 0.5, of which the third comes first: the middles of the blocks are 0.6, 0.85 and 0.25."""
    np.testing.assert_allclose(ridit([2, 3, 1], weight=[2, 3, 5]), [0.6, 0.85, 0.25])


@given(SUBJECTS)
def test_the_weighted_mean_is_one_half(rows: list[tuple[int, int]]) -> None:
    order, weight = np.array(rows, dtype=float).T
    np.testing.assert_allclose((weight * ridit(order, weight=weight)).sum() / weight.sum(), 0.5, atol=1e-12)


@given(SUBJECTS)
def test_the_order_of_rows_never_matters(rows: list[tuple[int, int]]) -> None:
    order, weight = np.array(rows, dtype=float).T
    index = np.random.default_rng(len(rows)).permutation(len(rows))
    np.testing.assert_allclose(ridit(order[index], weight=weight[index]), ridit(order, weight=weight)[index], atol=1e-12)


@given(SUBJECTS)
def test_splitting_a_subject_changes_nothing(rows: list[tuple[int, int]]) -> None:
    order, weight = np.array(rows, dtype=float).T
    split = ridit(np.append(order, order[0]), weight=np.append(weight, weight[0]) * np.r_[0.5, np.ones(len(rows) - 1), 0.5])
    np.testing.assert_allclose(split[:-1], ridit(order, weight=weight), atol=1e-12)
    assert split[-1] == split[0]


def test_padding_takes_no_place() -> None:
    padded = ridit([[1, 2, np.inf], [3, 1, 2]], weight=[[1, 1, 0], [1, 1, 2]])
    np.testing.assert_allclose(padded[0, :2], [0.25, 0.75])
    np.testing.assert_allclose(padded[1], [0.875, 0.125, 0.5])
