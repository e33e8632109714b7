"""Shares by quantile, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.quantile_share import quantile_share
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

TEN = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 15.0])


@pytest.mark.parametrize(
    ("form", "expected", "least"), [("s80s20", 24 / 3, 1.0), ("palma", 15 / 10, 0.25), ("top-tenth", 15 / 60, 0.1)]
)
def test_by_hand(form: str, expected: float, least: float) -> None:
    for polarity in (Polarity.MORE, Polarity.LESS):
        np.testing.assert_allclose(quantile_share(TEN, polarity=polarity, form=form).value, [expected])
    np.testing.assert_allclose(quantile_share(np.full(7, 3.0), polarity=Polarity.MORE, form=form).value, [least])


def test_levels_at_an_edge_are_split() -> None:
    """Three subjects: the top fifth is 0.6 of the highest, the lowest fifth 0.6 of the lowest."""
    np.testing.assert_allclose(quantile_share([1.0, 2.0, 4.0], polarity=Polarity.MORE, form="s80s20").value, [4.0])
    np.testing.assert_allclose(quantile_share([1.0, 2.0, 4.0], polarity=Polarity.MORE, form="palma").value, [1.2 / (1 + 0.4)])


@pytest.mark.parametrize("form", ["s80s20", "palma", "top-tenth"])
def test_its_error_is_the_derivative_of_the_logarithm(form: str) -> None:
    errors = np.linspace(0.1, 0.4, 10)
    steps = TEN + np.vstack([np.eye(10), -np.eye(10)]) * 1e-5
    moved = np.log(quantile_share(steps, polarity=Polarity.MORE, form=form).value)
    found = quantile_share(TEN, se=errors, polarity=Polarity.MORE, form=form)
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:10] - moved[10:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_a_part_that_holds_nothing_is_refused() -> None:
    level = [0.0, 0.0, 0.0, 1.0, 2.0]
    assert quantile_share(level, polarity=Polarity.MORE, form="s80s20").code.tolist() == ["not-positive"]
    assert quantile_share(level, polarity=Polarity.MORE, form="top-tenth").code.tolist() == [""]
    assert quantile_share([-1.0, 2.0], polarity=Polarity.MORE, form="top-tenth").code.tolist() == ["not-positive"]


def test_the_form_must_be_named_and_may_be_by_an_alias() -> None:
    with pytest.raises(InputError, match="form=palma"):
        quantile_share(TEN, polarity=Polarity.MORE)
    for name, form in (("Palma ratio", "palma"), ("S80/S20", "s80s20"), ("top tenth", "top-tenth")):
        assert measure_batch(name, TEN, polarity=Polarity.MORE).parameters == {"form": form}
