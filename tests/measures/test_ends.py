"""Which two subjects are compared."""

from __future__ import annotations

import numpy as np

from levelup.measures.difference import CARD
from levelup.measures.ends import find_ends, is_picked_by_noise
from levelup.measures.slices import read_slices
from levelup.terms.polarity import Polarity


def test_padding_is_at_neither_end() -> None:
    values = [[10.0, 20.0, np.nan, 30.0]]
    for polarity, best in ((Polarity.MORE, 3), (Polarity.LESS, 0)):
        ends = find_ends(read_slices(CARD, values, polarity=polarity))
        assert ends.upper.argmax() == best and ends.lower.argmax() == 3 - best
    ordered = find_ends(read_slices(CARD, values, order=[[4.0, 2.0, np.nan, 3.0]]))
    assert ordered.upper.argmax() == 0 and ordered.lower.argmax() == 1


def test_the_reference_is_never_its_own_worst_other() -> None:
    ends = find_ends(read_slices(CARD, [5.0, 9.0], reference=0))
    assert ends.upper.tolist() == [[1.0, 0.0]] and ends.lower.tolist() == [[0.0, 1.0]]


def test_rows_add_to_one() -> None:
    ends = find_ends(read_slices(CARD, [1.0, 2.0, 3.0, 4.0], order=[1, 1, 2, 2], population=[1, 2, 3, 4]))
    np.testing.assert_allclose([ends.upper.sum(), ends.lower.sum()], 1.0)
    np.testing.assert_allclose(ends.lower[0, :2], [1 / 3, 2 / 3])


def test_noise_picks_among_three_or_more_that_nobody_named() -> None:
    """Two subjects are not picked; an order or a gap far above the noise is not noise's."""
    near, far, errors = [50.0, 51.0, 52.0], [50.0, 60.0, 70.0], [1.0, 1.0, 1.0]
    assert is_picked_by_noise(read_slices(CARD, near, se=errors)).tolist() == [True]
    assert is_picked_by_noise(read_slices(CARD, near, se=errors, reference=0)).tolist() == [True]
    assert is_picked_by_noise(read_slices(CARD, near, se=errors, order=[1, 2, 3])).tolist() == [False]
    assert is_picked_by_noise(read_slices(CARD, far, se=errors)).tolist() == [False]
    assert is_picked_by_noise(read_slices(CARD, near[:2], se=errors[:2])).tolist() == [False]
