"""The rate difference by every convention, worked by hand, against published examples, and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.registry import MEASURES
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity

CONVENTIONS = MEASURES["rate_difference"].card.convention_names
NEWCOMBE = {"count": [48.0, 56.0], "total": [80.0, 70.0]}
TWO = {"count": [10.0, 20.0], "total": [1000.0, 1000.0]}


def test_by_hand() -> None:
    """20 less 10 in 1,000: each end is 10 away by the root of the two squared reaches of Byar's intervals."""
    found = measure_batch("rate_difference", columns=TWO, convention="mover", polarity=Polarity.LESS, parameters={"per": 1000.0})
    ends = measure_batch("crude_rate", columns={"count": [[10], [20]], "total": [[1], [1]]}, parameters={"per": 1.0})
    low = 10 - ((20 - ends.lower[1]) ** 2 + (ends.upper[0] - 10) ** 2) ** 0.5
    high = 10 + ((ends.upper[1] - 20) ** 2 + (10 - ends.lower[0]) ** 2) ** 0.5
    assert found.value[0] == pytest.approx(10.0)
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [low, high], rtol=1e-12)


@pytest.mark.parametrize(
    ("convention", "ends"), [("risk-newcombe", [0.0524, 0.3339]), ("risk-miettinen-nurminen", [0.0528, 0.3382])]
)
def test_newcombes_first_example(convention: str, ends: list[float]) -> None:
    """56 of 70 less 48 of 80, his methods 10 and 6."""
    found = measure_batch(
        "rate_difference", columns=NEWCOMBE, convention=convention, polarity=Polarity.LESS, parameters={"per": 1.0}
    )
    np.testing.assert_allclose([found.value[0], found.lower[0], found.upper[0]], [0.2, *ends], atol=5e-5)


def test_newcombes_example_of_none_and_none() -> None:
    """0 of 10 less 0 of 10, method 10: -0.2775 to 0.2775, the reach of Wilson's interval of 0 of 10."""
    columns = {"count": [0.0, 0.0], "total": [10.0, 10.0]}
    found = measure_batch(
        "rate_difference", columns=columns, convention="risk-newcombe", polarity=Polarity.LESS, parameters={"per": 1}
    )
    np.testing.assert_allclose([found.value[0], found.lower[0], found.upper[0]], [0.0, -0.2775, 0.2775], atol=5e-5)


def test_where_more_is_better_the_difference_is_turned() -> None:
    more, less = (
        measure_batch("rate_difference", columns=TWO, convention="mover", polarity=polarity)
        for polarity in (Polarity.MORE, Polarity.LESS)
    )
    np.testing.assert_allclose([more.value[0], more.lower[0], more.upper[0]], [-less.value[0], -less.upper[0], -less.lower[0]])
    assert (more.also["upper_level"][0], more.also["lower_level"][0]) == (1000.0, 2000.0)


def test_standardised_rates_by_hand() -> None:
    """Bands weighted 1 to 1: 0.1 and 0.3 less 0.1 and 0.2: 0.05."""
    columns = {"count": [10.0, 30.0, 20.0, 20.0], "total": [100.0, 100.0, 200.0, 100.0], "standard": [5.0, 5.0, 5.0, 5.0]}
    call = {"convention": "mover", "polarity": Polarity.LESS, "parameters": {"per": 1.0}}
    found = measure_batch("rate_difference", columns=columns, order=[1, 1, 2, 2], **call)  # type: ignore[arg-type]
    assert found.value[0] == pytest.approx(0.05)
    unlike = {**columns, "standard": [5.0, 5.0, 5.0, 1.0]}
    found = measure_batch("rate_difference", columns=unlike, order=[1, 1, 2, 2], **call)  # type: ignore[arg-type]
    assert found.code.tolist() == ["unsupported-combination"]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        ([1.0, np.nan], [10.0, 10.0], "missing-values"),
        ([1.0, -1.0], [10.0, 10.0], "out-of-bounds"),
        ([1.0, 1.0], [10.0, 0.0], "not-positive"),
        ([1.0], [10.0], "too-few-subjects"),
        ([1.0, 2.0, 3.0], [10.0, 10.0, 10.0], "no-reference"),
        ([0.0, 0.0], [10.0, 10.0], ""),
    ],
)
def test_what_cannot_be_is_refused(convention: str, count: list[float], total: list[float], code: str) -> None:
    found = measure_batch(
        "rate_difference", columns={"count": count, "total": total}, convention=convention, polarity=Polarity.LESS
    )
    assert found.code.tolist() == [code]


def test_more_than_all_is_refused_for_risks_only() -> None:
    columns = {"count": [5, 11], "total": [10, 10]}
    codes = [
        measure_batch("rate_difference", columns=columns, convention=name, polarity=Polarity.LESS).code[0] for name in CONVENTIONS
    ]
    assert codes == ["", "out-of-bounds", "out-of-bounds"]


def test_a_standard_population_needs_an_order_and_rates() -> None:
    with pytest.raises(InputError, match="standard population"):
        measure_batch(
            "rate_difference",
            columns=TWO | {"standard": [1, 1]},
            order=[1, 2],
            convention="risk-newcombe",
            polarity=Polarity.LESS,
        )
