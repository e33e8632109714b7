"""Polarity: the good scale."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.terms.polarity import Polarity, on_good_scale


@pytest.mark.parametrize(("polarity", "want"), [(Polarity.MORE, [1, -2]), (Polarity.LESS, [-1, 2]), (Polarity.ZERO, [-1, -2])])
def test_bigger_is_better_on_the_good_scale(polarity: Polarity, want: list[float]) -> None:
    assert on_good_scale([1, -2], polarity).tolist() == want


def test_missing_stays_missing() -> None:
    assert np.isnan(on_good_scale([np.nan], Polarity.LESS)).all()
