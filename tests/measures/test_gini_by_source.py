"""The Gini coefficient by source: worked by hand, taxes, a source that is the same for all."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement


def measured(factor: object, population: object = None) -> Readings:
    return measure_batch("gini_by_source", population=population, columns={"factor": factor})  # type: ignore[arg-type,dict-item]


def test_by_hand() -> None:
    """Wages 1, 3 and a benefit 2, 0: sums of 3 and 3 leave no inequality; with wages 1, 5 sums are 3 and 5 of a mean of 4.

    The coefficient of 3 and 5 is 1/8. Wages are 3/4 of all with a coefficient of 1/3 and rank correlation 1: 1/4. The benefit is
    1/4 of all with a coefficient of 1/2 and rank correlation -1: -1/8.
    """
    found = measured([[1.0, 2.0], [5.0, 0.0]])
    np.testing.assert_allclose(found.value, [0.125])
    np.testing.assert_allclose(found.parts["amount_share"], [[0.75, 0.25]])
    np.testing.assert_allclose(found.parts["gini"], [[1 / 3, 0.5]])
    np.testing.assert_allclose(found.parts["correlation"], [[1.0, -1.0]])
    np.testing.assert_allclose(found.parts["contribution"], [[0.25, -0.125]])
    np.testing.assert_allclose(found.parts["marginal"], [[2.0 - 0.75, -1.0 - 0.25]])


def test_the_contributions_sum_to_the_coefficient_of_the_sum() -> None:
    rng = np.random.default_rng(41)
    source, people = rng.uniform(0.0, 9.0, (3, 40, 4)), rng.uniform(1.0, 5.0, (3, 40))
    source[:, :, 3] *= -0.1
    found = measured(source, people)
    whole = measure_batch("gini", source.sum(axis=2), population=people, polarity=Polarity.MORE)
    np.testing.assert_allclose(found.value, whole.value, atol=1e-12)
    np.testing.assert_allclose(found.parts["contribution"].sum(axis=1), whole.value, atol=1e-12)
    np.testing.assert_allclose(found.parts["marginal"].sum(axis=1), 0.0, atol=1e-12)


def test_a_source_that_is_the_same_for_all_adds_nothing_and_lowers_the_whole() -> None:
    found = measured([[1.0, 2.0], [5.0, 2.0], [3.0, 2.0]]).at(0)
    assert isinstance(found, Measurement)
    assert found.parts["contribution"][1] == pytest.approx(0.0, abs=1e-15)
    assert found.parts["correlation"][1] is None and found.parts["gini"][1] is None
    assert found.parts["marginal"][1] == pytest.approx(-0.4)


@pytest.mark.parametrize(
    ("factor", "code"),
    [
        ([[1.0, -2.0], [5.0, 0.0]], "not-positive"),
        ([[1.0, -1.0], [0.0, 0.0]], "not-positive"),
        ([[1.0, np.nan], [5.0, 0.0]], "missing-values"),
        ([[1.0, 2.0]], "too-few-subjects"),
    ],
)
def test_what_cannot_be_split_is_refused(factor: list[list[float]], code: str) -> None:
    assert measured(factor).code.tolist() == [code]


def test_a_table_names_its_sources() -> None:
    table = {"wage": ["1", "5"], "benefit": ["2", "0"]}
    found = measure_table(table, name="gini_by_source", further={"factor": ["wage", "benefit"]})
    assert isinstance(found, Measurement) and found.parts["factor"] == ["wage", "benefit"]
