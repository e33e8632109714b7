"""Which two subjects are compared."""

from __future__ import annotations

import numpy as np

from levelup.measures.difference import CARD
from levelup.measures.ends import find_ends
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
