"""The population attributable risk, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.population_attributable_risk import population_attributable_risk
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

LEVELS = {"value": [10.0, 20.0, 40.0], "population": [500, 300, 200]}


@pytest.mark.parametrize(
    ("polarity", "arguments", "expected"),
    [
        (Polarity.MORE, {}, 21.0),
        (Polarity.LESS, {}, 9.0),
        (Polarity.MORE, {"order": [3, 2, 1]}, -9.0),
        (Polarity.LESS, {"order": [1, 2, 3]}, -21.0),
        (Polarity.MORE, {"reference": 1, "order": [3, 2, 1]}, 1.0),
    ],
)
def test_by_hand(polarity: Polarity, arguments: dict[str, object], expected: float) -> None:
    """The mean is 5 + 6 + 8 = 19."""
    found = population_attributable_risk(**LEVELS, polarity=polarity, **arguments)
    np.testing.assert_allclose([found.value[0], found.also["fraction"][0]], [expected, expected / 19])


def test_its_error_keeps_the_references_own_part_in_the_mean() -> None:
    """The reference counts 1 - 0.2, the others 0.5 and 0.3."""
    found = population_attributable_risk(**LEVELS, se=[2.0, 0.0, 1.0], polarity=Polarity.MORE)
    np.testing.assert_allclose(found.se, [np.hypot(1.0, 0.8)])


def test_the_table_formula_by_hand() -> None:
    """1,000 people, 190 cases, of whom the best 200 have 80: a = 110, b = 690, c = 80, d = 120."""
    found = population_attributable_risk(**LEVELS, bounds=(0, 100), interval="table", polarity=Polarity.MORE)
    fraction = np.sqrt(80 * 1000 * (110 * 120 * 920 + 690 * 80**2) / (190**3 * 200**3))
    np.testing.assert_allclose(found.se, [19.0 * fraction])
    assert "two-by-two" in found.method


@pytest.mark.parametrize("bounds", [None, (1.0, 100.0)])
def test_the_table_formula_needs_bounds_from_zero(bounds: tuple[float, float] | None) -> None:
    found = population_attributable_risk(**LEVELS, bounds=bounds, interval="table", polarity=Polarity.MORE)
    assert found.code.tolist() == ["unsupported-combination"]


def test_it_needs_populations_and_a_reference_that_is_there() -> None:
    assert population_attributable_risk([1.0, 2.0], population=None, polarity=Polarity.MORE).code.tolist() == ["no-population"]
    assert population_attributable_risk(**LEVELS, reference=-1, polarity=Polarity.MORE).code.tolist() == ["no-reference"]


def test_an_unknown_interval_is_an_input_error() -> None:
    with pytest.raises(InputError, match="errors, table"):
        population_attributable_risk(**LEVELS, polarity=Polarity.MORE, interval="bootstrap")


def test_the_fraction_is_the_share_of_the_mean_and_scotlands_form_the_same() -> None:
    """Rates 30, 20 and 10 of shares 0.2, 0.3 and 0.5 average 17; against 10 the relative risks are 3, 2 and 1."""
    given = {"population": [2, 3, 5], "order": [1, 2, 3], "polarity": Polarity.LESS}
    found = population_attributable_risk([30.0, 20.0, 10.0], **given, convention="relative")  # type: ignore[arg-type]
    excess = 0.2 * (3 - 1) + 0.3 * (2 - 1)
    np.testing.assert_allclose([found.value[0], found.also["risk"][0]], [7 / 17, 7.0])
    np.testing.assert_allclose(found.value, [excess / (1 + excess)])


def test_the_fractions_error_is_the_derivative() -> None:
    levels, errors = np.array([30.0, 20.0, 10.0]), np.array([1.0, 0.5, 0.7])
    given = {"population": [2, 3, 5], "order": [1, 2, 3], "polarity": Polarity.MORE, "convention": "relative"}
    found = population_attributable_risk(levels, se=errors, **given)  # type: ignore[arg-type]
    steps = levels + np.vstack([np.eye(3), -np.eye(3)]) * 1e-5
    moved = population_attributable_risk(steps, **given).value  # type: ignore[arg-type]
    np.testing.assert_allclose(found.se, np.sqrt((((moved[:3] - moved[3:]) / 2e-5 * errors) ** 2).sum()), rtol=1e-6)


def test_a_fraction_of_no_mean_is_refused() -> None:
    given = {"population": [1, 1], "order": [1, 2], "polarity": Polarity.MORE}
    assert population_attributable_risk([-1.0, 1.0], **given, convention="relative").code.tolist() == ["not-positive"]  # type: ignore[arg-type]
    assert population_attributable_risk([-1.0, 1.0], **given).value.tolist() == [1.0]  # type: ignore[arg-type]
