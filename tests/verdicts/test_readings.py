"""Three readings of one gap: by hand, against each other, and with intervals that a simulation confirms."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.terms.polarity import Polarity
from levelup.terms.record import Reading
from levelup.verdicts.readings import ABSOLUTE, ATTAINMENT, SHORTFALL, disagree, movement, read_gap


def pair(lower: tuple[float, float], upper: tuple[float, float], **more: object) -> dict[str, Reading]:
    said = {"se_before": [1.0, 1.0], "se_after": [1.0, 1.0], "polarity": Polarity.MORE, "high": 100.0} | more
    found = read_gap([lower[0], upper[0]], after=[lower[1], upper[1]], lower_weights=[1, 0], upper_weights=[0, 1], **said)
    return {item.name: item for item in found}


def test_the_worked_case_in_which_the_readings_disagree() -> None:
    found = pair((50, 56), (74, 79))
    assert found[ABSOLUTE].change == pytest.approx(-1.0)
    assert (round(found[ATTAINMENT].before, 3), round(found[ATTAINMENT].after, 3)) == (1.480, 1.411)
    assert (round(found[SHORTFALL].before, 3), round(found[SHORTFALL].after, 3)) == (1.923, 2.095)
    assert [movement(item) for item in found.values()] == ["narrower", "narrower", "wider"]
    assert disagree(tuple(found.values()))
    assert not disagree(tuple(pair((50, 58), (74, 75)).values()))


def test_a_burden_reads_its_shortfall_as_what_is_left_without_it() -> None:
    burden = pair((50, 44), (26, 21), polarity=Polarity.LESS)
    good = pair((50, 56), (74, 79))
    assert burden[ABSOLUTE].before == pytest.approx(good[ABSOLUTE].before)
    assert burden[SHORTFALL].after == pytest.approx(good[SHORTFALL].after)
    assert burden[ATTAINMENT].after == pytest.approx(good[ATTAINMENT].after)
    assert burden[SHORTFALL].probability == pytest.approx(good[SHORTFALL].probability)


def test_a_reading_that_has_no_meaning_is_left_out() -> None:
    assert set(pair((50, 56), (74, 79), high=None)) == {ABSOLUTE, ATTAINMENT}
    assert set(pair((-1, 2), (3, 4))) == {ABSOLUTE, SHORTFALL}
    assert set(pair((50, 56), (74, 100))) == {ABSOLUTE, ATTAINMENT}
    assert set(pair((-3, 1), (0, 2), polarity=Polarity.ZERO)) == {ABSOLUTE}
    assert pair((-3, 1), (0, 2), polarity=Polarity.ZERO)[ABSOLUTE].change == pytest.approx(-4.0)


def test_without_uncertainty_the_readings_are_described() -> None:
    found = pair((50, 56), (74, 79), se_before=[np.nan, 1.0])
    assert all(item.probability is None and item.lower is None for item in found.values())


def test_a_gap_that_did_not_move_or_turned_neither_narrowed_nor_widened() -> None:
    assert movement(Reading(ABSOLUTE, 2.0, 2.0 + 1e-14, 1e-14)) == "no change"
    assert movement(Reading(ATTAINMENT, 1.2, 0.9, 0.75)) == "changed sides"


@pytest.mark.parametrize("rho", [0.0, 2 / 3])
def test_intervals_of_the_ratios_cover(rho: float) -> None:
    generator = np.random.default_rng(8)
    true0, true1, error = np.array([40.0, 70.0]), np.array([46.0, 73.0]), np.array([1.5, 1.0])
    draws = 4000
    first = generator.normal(size=(draws, 2))
    second = rho * first + np.sqrt(1 - rho**2) * generator.normal(size=(draws, 2))
    hits = np.zeros(3)
    truth = [-3.0, (73 / 46) / (70 / 40), (54 / 27) / (60 / 30)]
    for e0, e1 in zip(first * error, second * error, strict=True):
        found = read_gap(
            true0 + e0,
            after=true1 + e1,
            se_before=error,
            se_after=error,
            lower_weights=[1, 0],
            upper_weights=[0, 1],
            polarity=Polarity.MORE,
            overlap=rho,
            high=100,
        )
        hits += [(item.lower or 0) <= true <= (item.upper or 0) for item, true in zip(found, truth, strict=True)]
    assert hits / draws == pytest.approx([0.95] * 3, abs=0.012)
