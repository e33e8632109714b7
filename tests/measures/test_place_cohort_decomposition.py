"""Place and cohort: worked by hand, what each part means, uneven spreads, links, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

PARTS = ("place", "cohort", "crossing", "within")
UNIT, GROUP = (item.ravel().astype(float) for item in np.meshgrid(range(4), range(3), indexing="ij"))
PEOPLE = np.random.default_rng(61).uniform(1.0, 9.0, 12)
PLACE, COHORT = np.array([0.5, 0.9, 1.4, 2.0])[UNIT.astype(int)], np.array([1.0, 1.5, 0.6])[GROUP.astype(int)]


def measured(value: object, *, unit: object = UNIT, group: object = GROUP, convention: str = "theil", **rest: object) -> Readings:
    given = {"polarity": Polarity.MORE, "columns": {"unit": unit, "group": group}, "convention": convention} | rest
    return measure_batch("place_cohort_decomposition", value, **given)  # type: ignore[arg-type]


def parts(found: Readings) -> list[float]:
    return [float(found.also[name][0]) for name in PARTS]


def test_by_hand() -> None:
    """Means 1, 3, 5, 11 of two places and two cohorts: effects 3, 2 and 1 about 5; squares over twice the squared mean."""
    found = measured(
        [1.0, 3.0, 5.0, 11.0],
        unit=[0, 0, 1, 1],
        group=[0, 1, 0, 1],
        convention="half-squared-variation",
        parameters={"model": "additive"},
    )
    np.testing.assert_allclose(parts(found), [9 / 50, 4 / 50, 1 / 50, 0.0], atol=1e-15)


def test_the_cumulant_form_of_the_mean_log_deviation_by_hand() -> None:
    """Effects of ln 2 and ln 3 either way in equal cells: each worth is the logarithm of a mean of exponentials."""
    found = measured([1.0, 9.0, 4.0, 36.0], unit=[0, 0, 1, 1], group=[0, 1, 0, 1], convention="mean-log-deviation")
    np.testing.assert_allclose(parts(found), [np.log((2 + 1 / 2) / 2), np.log((3 + 1 / 3) / 2), 0.0, 0.0], atol=1e-14)


@pytest.mark.parametrize("convention", ["mean-log-deviation", "theil", "half-squared-variation"])
@pytest.mark.parametrize("model", ["multiplicative", "additive"])
def test_a_cohort_without_effect_accounts_for_nothing_however_it_is_spread(convention: str, model: str) -> None:
    found = measured(PLACE, population=PEOPLE, convention=convention, parameters={"model": model})
    np.testing.assert_allclose(parts(found)[1:], 0.0, atol=1e-14)
    assert found.also["cohort_alone"][0] > 1e-4


def test_effects_that_combine_as_the_model_says_leave_nothing_to_the_crossing() -> None:
    times, plus = PLACE * COHORT, PLACE + COHORT
    for level, model in ((times, "multiplicative"), (plus, "additive")):
        found = measured(level, population=PEOPLE, parameters={"model": model})
        assert abs(found.also["crossing"][0]) < 1e-14 and min(parts(found)[:2]) > 1e-3
    other = measured(plus, population=PEOPLE)
    assert abs(other.also["crossing"][0]) > 1e-5


def test_the_parts_sum_to_the_entropy_of_the_rows() -> None:
    rng = np.random.default_rng(62)
    twice = np.tile(PLACE * COHORT, 2) * rng.uniform(0.8, 1.2, 24)
    found = measured(twice, unit=np.tile(UNIT, 2), group=np.tile(GROUP, 2), population=np.tile(PEOPLE, 2))
    whole = measure_batch("theil", twice, population=np.tile(PEOPLE, 2), polarity=Polarity.MORE)
    np.testing.assert_allclose([sum(parts(found)), found.value[0]], whole.value[0], atol=1e-12)
    assert found.also["within"][0] > 0


def test_not_every_crossing_needs_to_be_there() -> None:
    some = np.array([0, 1, 4, 5, 6, 9, 11])
    found = measured((PLACE * COHORT)[some], unit=UNIT[some], group=GROUP[some], population=PEOPLE[some])
    assert found.code.tolist() == [""]
    np.testing.assert_allclose(found.also["crossing"], 0.0, atol=1e-14)


def test_places_that_no_cohort_links_are_refused() -> None:
    found = measured([1.0, 2.0, 3.0, 4.0], unit=[0, 0, 1, 1], group=[0, 1, 2, 3])
    assert found.code.tolist() == ["unsupported-combination"]
    assert "not linked" in found.at(0).reason  # type: ignore[union-attr]


def test_an_additive_model_below_zero_is_refused() -> None:
    call = {"unit": [0, 0, 1, 1], "group": [0, 1, 0, 1], "population": [40, 25, 25, 10], "parameters": {"model": "additive"}}
    assert measured([1.0, 3.0, 3.0, 40.0], **call).code.tolist() == ["not-positive"]  # type: ignore[arg-type]
    assert measured([0.0, 3.0, 3.0, 40.0], unit=[0, 0, 1, 1], group=[0, 1, 0, 1]).code.tolist() == ["not-positive"]


def test_a_part_that_is_noise_has_no_interval() -> None:
    rng = np.random.default_rng(63)
    found = measured(20 * PLACE * COHORT + rng.normal(size=12), population=PEOPLE, se=np.ones(12)).at(0)
    assert isinstance(found, Measurement) and found.lower is not None
    assert found.also["place_lower"] < found.also["place"] < found.also["place_upper"]
    assert "crossing_lower" not in found.also


def test_a_table_shows_both() -> None:
    table = {"ward": ["A", "A", "B", "B"], "age": ["young", "old"] * 2, "x": ["1", "2", "3", "6"]}
    call = {"value": "x", "polarity": "more-is-better", "further": {"unit": ["ward"], "group": ["age"]}}
    found = measure_table(table, name="PxC", convention="mean-log-deviation", **call)  # type: ignore[arg-type]
    assert isinstance(found, Measurement) and {"place", "cohort", "crossing", "within"} <= set(found.also)
