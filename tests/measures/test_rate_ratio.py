"""The rate ratio by every convention, worked by hand, against other routes to the same figure, and at its edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from levelup.measures.batch import measure_batch
from levelup.measures.registry import MEASURES
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

TWO = {"count": [10.0, 20.0], "total": [1000.0, 1000.0]}
CONVENTIONS = MEASURES["rate_ratio"].card.convention_names


def test_by_hand() -> None:
    """20 over 10: 2; the logarithm's standard error is the root of 1/20 + 1/10, and the interval 2 times or over exp(0.759)."""
    found = measure_batch("RR", columns=TWO, convention="log-normal", polarity=Polarity.LESS)
    assert found.value.tolist() == [2.0] and found.se[0] == pytest.approx(0.15**0.5)
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [2 / np.exp(0.759090), 2 * np.exp(0.759090)], rtol=1e-5)


def test_the_exact_interval_is_that_of_a_share_turned_into_odds() -> None:
    found = measure_batch(
        "RR", columns={"count": [5, 9], "total": [300, 200]}, convention="exact-conditional", polarity=Polarity.LESS
    )
    share = stats.binomtest(9, 14).proportion_ci(0.95, method="exact")
    odds = [end / (1 - end) * 300 / 200 for end in (share.low, share.high)]
    np.testing.assert_allclose([found.lower[0], found.upper[0]], odds, rtol=1e-9)


def test_the_score_interval_is_where_the_score_is_the_normal_quantile() -> None:
    """Koopman's example, 36 of 40 over 16 of 80, gives 2.94 to 7.15 without the factor N/(N - 1)."""
    columns = {"count": [16, 36], "total": [80, 40]}
    found = measure_batch("risk_ratio", columns=columns, polarity=Polarity.LESS)
    assert found.convention == "risk-miettinen-nurminen" and found.value[0] == pytest.approx(4.5)
    np.testing.assert_allclose([found.lower[0], found.upper[0]], [2.94, 7.15], atol=0.025)


def test_katz_by_hand() -> None:
    """The logarithm's variance is 1/36 - 1/40 + 1/16 - 1/80."""
    found = measure_batch(
        "RR", columns={"count": [16, 36], "total": [80, 40]}, convention="risk-log-normal", polarity=Polarity.LESS
    )
    assert found.se[0] == pytest.approx((1 / 36 - 1 / 40 + 1 / 16 - 1 / 80) ** 0.5)


def test_where_more_is_better_the_ratio_is_turned() -> None:
    found = measure_batch("RR", columns=TWO, convention="log-normal", polarity=Polarity.MORE)
    assert found.value.tolist() == [0.5]
    assert (found.also["upper_level"][0], found.also["lower_level"][0]) == (0.01, 0.02)


def test_an_order_or_a_reference_says_which_side_is_which() -> None:
    three = {"count": [30.0, 7.0, 10.0], "total": [1000.0, 10.0, 500.0]}
    ordered = measure_batch("RR", columns=three, order=[1, 2, 3], convention="mover", polarity=Polarity.LESS)
    assert ordered.value[0] == pytest.approx(0.03 / 0.02)
    others = measure_batch("RR", columns=three, reference=2, convention="mover", polarity=Polarity.LESS)
    assert others.value[0] == pytest.approx((37 / 1010) / 0.02)
    tied = measure_batch("RR", columns=three, order=[1, 1, 2], convention="mover", polarity=Polarity.LESS)
    assert tied.value[0] == pytest.approx(others.value[0])


def test_a_table_names_its_reference() -> None:
    table = {"area": ["A", "B"], "n": ["20", "10"], "people": ["1000", "1000"]}
    call = {"further": {"count": ["n"], "total": ["people"]}, "polarity": "less-is-better", "convention": "mover"}
    found = measure_table(table, name="rate_ratio", label="area", reference="B", **call)  # type: ignore[arg-type]
    assert isinstance(found, Measurement) and found.value == 2.0 and found.parameters["reference"] == "B"


def test_standardised_rates_by_hand() -> None:
    """Bands weighted 1 to 1: 0.1 and 0.3 against 0.1 and 0.2, so 0.2 over 0.15."""
    columns = {"count": [10.0, 30.0, 20.0, 20.0], "total": [100.0, 100.0, 200.0, 100.0], "standard": [5.0, 5.0, 5.0, 5.0]}
    for convention in ("mover", "log-normal"):
        found = measure_batch("RR", columns=columns, order=[1, 1, 2, 2], convention=convention, polarity=Polarity.LESS)
        assert found.value[0] == pytest.approx(0.2 / 0.15) and found.lower[0] < 0.2 / 0.15 < found.upper[0]
    unlike = {**columns, "standard": [5.0, 5.0, 5.0, 1.0]}
    found = measure_batch("RR", columns=unlike, order=[1, 1, 2, 2], convention="mover", polarity=Polarity.LESS)
    assert found.code.tolist() == ["unsupported-combination"]
    few = {**columns, "count": [1.0, 3.0, 20.0, 20.0]}
    found = measure_batch("RR", columns=few, order=[1, 1, 2, 2], convention="mover", polarity=Polarity.LESS)
    assert found.code.tolist() == ["too-few-events"]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        ([0.0, 5.0], [10.0, 10.0], "not-positive"),
        ([1.0, np.nan], [10.0, 10.0], "missing-values"),
        ([1.0, -1.0], [10.0, 10.0], "out-of-bounds"),
        ([1.0, 1.0], [10.0, 0.0], "not-positive"),
        ([1.0], [10.0], "too-few-subjects"),
        ([1.0, 2.0, 3.0], [10.0, 10.0, 10.0], "no-reference"),
    ],
)
def test_what_cannot_be_is_refused(convention: str, count: list[float], total: list[float], code: str) -> None:
    found = measure_batch("RR", columns={"count": count, "total": total}, convention=convention, polarity=Polarity.LESS)
    assert found.code.tolist() == [code]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_no_event_above_the_line_is_a_ratio_of_nothing(convention: str) -> None:
    columns = {"count": [5.0, 0.0], "total": [100.0, 100.0]}
    result = measure_batch("RR", columns=columns, convention=convention, polarity=Polarity.LESS).at(0)
    assert isinstance(result, Measurement) and result.value == 0.0
    if convention.endswith("log-normal"):
        assert result.upper is None
    else:
        assert result.lower == 0.0 and result.upper is not None and 0.5 < result.upper < 2.0


def test_everybody_on_both_sides_has_no_normal_interval() -> None:
    columns = {"count": [10.0, 10.0], "total": [10.0, 10.0]}
    normal = measure_batch("RR", columns=columns, convention="risk-log-normal", polarity=Polarity.LESS).at(0)
    assert isinstance(normal, Measurement) and normal.value == 1.0 and normal.lower is None
    score = measure_batch("RR", columns=columns, convention="risk-miettinen-nurminen", polarity=Polarity.LESS).at(0)
    assert isinstance(score, Measurement) and score.lower is not None and 0.6 < score.lower < 0.8


def test_more_than_all_is_refused_for_risks() -> None:
    found = measure_batch("risk_ratio", columns={"count": [5, 11], "total": [10, 10]}, polarity=Polarity.LESS)
    assert found.code.tolist() == ["out-of-bounds"]


def test_flat_orders_and_absent_references() -> None:
    flat = measure_batch("RR", columns=TWO, order=[1, 1], convention="mover", polarity=Polarity.LESS)
    absent = measure_batch("RR", columns=TWO, reference=-1, convention="mover", polarity=Polarity.LESS)
    assert (flat.code[0], absent.code[0]) == ("no-order", "no-reference")


@pytest.mark.parametrize(("convention", "order"), [("exact-conditional", [1, 2]), ("risk-log-normal", [1, 2]), ("mover", None)])
def test_a_standard_population_needs_an_order_and_a_convention_for_it(convention: str, order: list[int] | None) -> None:
    with pytest.raises(InputError, match="standard population"):
        measure_batch("RR", columns=TWO | {"standard": [1, 1]}, order=order, convention=convention, polarity=Polarity.LESS)
