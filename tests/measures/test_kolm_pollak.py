"""The Kolm-Pollak index, worked by hand, for goods and for burdens."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.kolm_pollak import kolm_pollak
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

EDE = "equally_distributed_equivalent"
LEVELS = np.array([10.0, 30.0, 22.0])
PEOPLE = np.array([1.0, 3.0, 2.0])


def test_by_hand() -> None:
    """Levels 0 and ln 3 with an aversion of 1: the mean of 1 and 1/3 is 2/3, that of 1 and 3 is 2."""
    level = [0.0, np.log(3.0)]
    good = kolm_pollak(level, polarity=Polarity.MORE, kappa=1.0)
    np.testing.assert_allclose([good.also[EDE][0], good.value[0]], [np.log(1.5), np.log(3.0) / 2 - np.log(1.5)])
    burden = kolm_pollak(level, polarity=Polarity.LESS, kappa=1.0)
    np.testing.assert_allclose([burden.also[EDE][0], burden.value[0]], [np.log(2.0), np.log(2.0) - np.log(3.0) / 2])


def test_the_aversion_per_unit_comes_from_epsilon() -> None:
    """Sum over sum of squares: 4 / 10."""
    found = kolm_pollak([1.0, 3.0], polarity=Polarity.MORE, epsilon=0.5)
    stated = kolm_pollak([1.0, 3.0], polarity=Polarity.MORE, kappa=0.2)
    np.testing.assert_allclose([found.also["kappa"], found.value], [[0.2], stated.value])


def test_a_burdens_equivalent_lies_above_its_mean_and_a_goods_below() -> None:
    for polarity, sign in ((Polarity.MORE, -1), (Polarity.LESS, 1), (Polarity.ZERO, 1)):
        found = kolm_pollak(LEVELS, population=PEOPLE, polarity=polarity)
        assert sign * (found.also[EDE][0] - found.also["mean"][0]) > 0
        np.testing.assert_allclose(found.value, np.abs(found.also[EDE] - found.also["mean"]))


def test_stated_aversion_does_not_mind_where_zero_lies_nor_which_way_is_up() -> None:
    plain = kolm_pollak(LEVELS, population=PEOPLE, polarity=Polarity.MORE, kappa=0.1)
    moved = kolm_pollak(LEVELS - 500.0, population=PEOPLE, polarity=Polarity.MORE, kappa=0.1)
    turned = kolm_pollak(100.0 - LEVELS, population=PEOPLE, polarity=Polarity.LESS, kappa=0.1)
    np.testing.assert_allclose([moved.value, turned.value], [plain.value] * 2)


def test_the_equivalent_of_the_groups_equivalents_is_that_of_all() -> None:
    level, people = np.array([1.0, 4.0, 2.0, 7.0, 3.0]), np.array([2.0, 1.0, 3.0, 1.0, 2.0])
    given = {"polarity": Polarity.LESS, "kappa": 0.3}
    parts = [kolm_pollak(level[part], population=people[part], **given).also[EDE][0] for part in (slice(0, 2), slice(2, 5))]  # type: ignore[arg-type]
    joint = kolm_pollak(parts, population=[3.0, 6.0], **given).also[EDE]  # type: ignore[arg-type]
    np.testing.assert_allclose(joint, kolm_pollak(level, population=people, **given).also[EDE])  # type: ignore[arg-type]


@pytest.mark.parametrize("polarity", [Polarity.MORE, Polarity.LESS])
@pytest.mark.parametrize("kappa", [0.0, 0.05])
def test_its_error_is_the_derivative(polarity: Polarity, kappa: float) -> None:
    errors = np.array([1.0, 0.5, 0.7])
    steps = LEVELS + np.vstack([np.eye(3), -np.eye(3)]) * 1e-4
    moved = kolm_pollak(steps, population=PEOPLE, polarity=polarity, kappa=kappa).value
    found = kolm_pollak(LEVELS, population=PEOPLE, se=errors, polarity=polarity, kappa=kappa)
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-4 * errors) ** 2).sum()), rtol=1e-6)


def test_small_and_great_aversion_lose_no_digits() -> None:
    """Half the aversion times the variance as it goes to nought; the worst level as it grows."""
    small = kolm_pollak(LEVELS, population=PEOPLE, polarity=Polarity.MORE, kappa=1e-6)
    variance = np.average((LEVELS - np.average(LEVELS, weights=PEOPLE)) ** 2, weights=PEOPLE)
    np.testing.assert_allclose(small.value, [0.5e-6 * variance], rtol=1e-4)
    great = kolm_pollak(LEVELS, population=PEOPLE, polarity=Polarity.MORE, kappa=1e4)
    np.testing.assert_allclose(great.also[EDE], [10.0 - np.log(1 / 6) / 1e4])


def test_zeros_are_read_and_a_mean_of_zero_is_not() -> None:
    assert kolm_pollak([0.0, 0.0, 3.0], polarity=Polarity.LESS).code.tolist() == [""]
    assert kolm_pollak([-1.0, 1.0], polarity=Polarity.LESS).code.tolist() == ["not-positive"]
    assert kolm_pollak([-1.0, 1.0], polarity=Polarity.LESS, kappa=1.0).code.tolist() == [""]
    with pytest.raises(InputError, match="kappa"):
        kolm_pollak([1.0, 2.0], polarity=Polarity.MORE, kappa=-1.0)
