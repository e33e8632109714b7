"""Healthy life expectancy, worked by hand, with the variance of both its parts."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement

COLUMNS = {"age": [80, 90], "count": [200, 2000], "total": [7000, 10_000], "probability": [0.5, 0.2]}
AT = {"at_age": 80}


def test_by_hand() -> None:
    """L = 8.75 and 0.75 x 5 years; deaths: (5 x 0.5 + 1)^2 q^2 p / 200 and (0.75 x 0.2 x 5)^2 / 2000, with q = 0.25."""
    found = measure_batch("HLE", columns=COLUMNS, se=[0.01, 0.02], convention="both-parts", parameters=AT)
    assert found.value.tolist() == [5.125]
    from_shares, from_deaths = 8.75**2 * 1e-4 + 3.75**2 * 4e-4, 3.5**2 * 0.0625 * 0.75 / 200 + 0.75**2 / 2000
    np.testing.assert_allclose(found.se, (from_shares + from_deaths) ** 0.5, rtol=1e-12)
    np.testing.assert_allclose(found.also["se_from_deaths"], from_deaths**0.5, rtol=1e-12)
    assert found.also["life_expectancy"].tolist() == [12.5]
    np.testing.assert_allclose(found.also["share_in_good_health"], 0.41)
    health = measure_batch("HLE", columns=COLUMNS, se=[0.01, 0.02], convention="health-part", parameters=AT)
    np.testing.assert_allclose(health.se, from_shares**0.5, rtol=1e-12)


def test_a_sample_size_gives_the_error_of_a_random_sample() -> None:
    sampled = measure_batch("HLE", columns=COLUMNS | {"sample": [100, 64]}, convention="health-part", parameters=AT)
    given = measure_batch("HLE", columns=COLUMNS, se=[0.05, 0.05], convention="health-part", parameters=AT)
    np.testing.assert_allclose(sampled.se, given.se, rtol=1e-12)


def test_without_either_there_is_an_estimate_alone() -> None:
    found = measure_batch("HLE", columns=COLUMNS, convention="both-parts", parameters=AT).at(0)
    assert isinstance(found, Measurement) and found.value == 5.125 and found.lower is None
    assert "neither standard errors nor sample sizes" in found.method
    assert "se_from_deaths" in found.also and "se_from_shares" not in found.also


def test_a_band_that_stands_for_two_is_said() -> None:
    """Of 20, 25, 35, 40, 45 and over: 30 was left out; the same is said where there is no interval."""
    age, deaths, people = [20, 25, 35, 40, 45], [5, 5, 9, 9, 900], [9000, 9000, 9000, 9000, 30_000]
    columns = {"age": age, "count": deaths, "total": people, "probability": [0.9] * 5}
    for se in (None, [0.01] * 5):
        found = measure_batch("HLE", columns=columns, se=se, convention="both-parts", parameters={"at_age": 20}).at(0)
        assert isinstance(found, Measurement) and (found.lower is None) == (se is None)
        assert "Band 25 is read as 25 to 34; those beside it are 5 years wide." in found.method


def test_everyone_in_good_health_is_life_expectancy() -> None:
    age, deaths, people = [0, 1, 5, 65, 80], [30, 5, 500, 900, 1200], [9000, 30_000, 400_000, 60_000, 12_000]
    healthy = {"age": age, "count": deaths, "total": people, "probability": np.ones(5)}
    found = measure_batch("HLE", columns=healthy, se=np.zeros(5), convention="both-parts")
    life = measure_batch("LE", columns={"age": age, "count": deaths, "total": people}, convention="silcocks")
    np.testing.assert_allclose([found.value, found.se], [life.value, life.se], rtol=1e-14)


def test_merged_bands_share_their_persons_health() -> None:
    """Nobody died at 90 and over: 10,000 at a fifth and 30,000 at two fifths of the persons are 0.35 of all."""
    columns = {"age": [70, 80, 90], "count": [200, 2000, 0], "total": [7000, 10_000, 30_000], "probability": [0.5, 0.2, 0.4]}
    merged = measure_batch(
        "HLE", columns=columns, se=[0.01, 0.02, 0.02], convention="health-part", parameters={"at_age": 80, "last_band": "merge"}
    )
    assert merged.value.tolist() == pytest.approx([20 * 0.35])
    assert merged.se.tolist() == pytest.approx([20 * 0.02 * (1 / 16 + 9 / 16) ** 0.5])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"probability": [1.2, 0.2]}, "out-of-bounds"),
        ({"probability": [np.nan, 0.2]}, "missing-values"),
        ({"sample": [0, 10]}, "not-positive"),
        ({"count": [200, 0]}, "not-positive"),
        ({"total": [2000, 2500]}, "population-too-small"),
    ],
)
def test_refusals(change: dict[str, list[float]], code: str) -> None:
    found = measure_batch("HLE", columns=COLUMNS | change, convention="both-parts", parameters=AT).at(0)
    assert isinstance(found, Refusal) and found.code == code


def test_a_table_names_its_columns_by_role() -> None:
    columns = {"from": ["80", "90"], "died": ["200", "2,000"], "people": ["7,000", "10,000"], "well": ["0.5", "0.2"]}
    roles = {"age": ["from"], "count": ["died"], "total": ["people"], "probability": ["well"]}
    found = measure_table(columns, name="HLE", further=roles, convention="both-parts", parameters=AT)
    assert isinstance(found, Measurement) and found.value == 5.125
    assert found.parts["healthy"] == [5.125, 1.0]
