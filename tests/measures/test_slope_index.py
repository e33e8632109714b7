"""The slope index, worked by hand, in every convention."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.slope_index import slope_index
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity

DECILES = {"population": [200, 300, 500], "order": [1, 2, 3]}


def test_a_straight_gradient_is_its_own_slope() -> None:
    """Ridits 0.1, 0.35, 0.75; values 40 + 20 ridit."""
    found = slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="ohid-linear")
    np.testing.assert_allclose(found.value, [20.0])
    np.testing.assert_allclose([found.also["lower_level"][0], found.also["upper_level"][0]], [40.0, 60.0])


def test_by_hand_with_two_ends_and_a_middle() -> None:
    """Equal thirds: ridits 1/6, 1/2, 5/6; the slope is (y3 - y1) / (2/3), its variance (s1^2 + s3^2) x 9/4."""
    found = slope_index(
        [50.0, 99.0, 60.0],
        population=[1, 1, 1],
        order=[1, 2, 3],
        se=[3.0, 8.0, 4.0],
        polarity=Polarity.MORE,
        convention="ohid-linear",
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [15.0, 7.5])


def test_it_is_turned_where_less_is_better() -> None:
    more, less = (
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=p, convention="ohid-linear") for p in (Polarity.MORE, Polarity.LESS)
    )
    assert more.value[0] == -less.value[0] > 0


def test_without_errors_the_linear_convention_gives_the_estimate_alone() -> None:
    result = slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="ohid-linear").at(0)
    assert not isinstance(result, Refusal)
    assert result.lower is None and result.se is None and "estimate alone" in result.method


def test_the_logistic_convention_fits_a_logistic_line_exactly() -> None:
    """Shares on logit p = -1 + 2 ridit: the index is expit(1) - expit(-1) = 0.462117."""
    rank = np.array([0.1, 0.35, 0.75])
    share = 100.0 / (1.0 + np.exp(1.0 - 2.0 * rank))
    people = np.array([2, 3, 5]) * 10**9
    found = slope_index(
        share, population=people, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="who-logit"
    )
    np.testing.assert_allclose(found.value, [46.2117157], rtol=1e-6)


def test_the_scatter_of_an_exact_fit_is_no_interval() -> None:
    people = np.array([2, 4, 6]) * 1000
    result = slope_index(
        [50.0] * 3, population=people, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="who-logit"
    ).at(0)
    assert not isinstance(result, Refusal)
    assert result.value == pytest.approx(0.0, abs=1e-9) and result.lower is None and "no scatter" in result.method


def test_a_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="(?s)ohid-linear.*who-logit"):
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE)
    with pytest.raises(InputError, match="median"):
        slope_index([42.0, 47.0, 55.0], **DECILES, polarity=Polarity.MORE, convention="median")


@pytest.mark.parametrize("convention", ["ohid-logit", "binomial"])
def test_shares_on_a_logistic_line_give_it_back(convention: str) -> None:
    """Shares on logit p = -1 + 2 ridit, as above, however many people there are."""
    share = 100.0 / (1.0 + np.exp(1.0 - 2.0 * np.array([0.1, 0.35, 0.75])))
    found = slope_index(share, **DECILES, bounds=(0, 100), polarity=Polarity.LESS, convention=convention)
    np.testing.assert_allclose(found.value, [-46.2117157], rtol=1e-8)


def test_rates_on_a_logarithmic_line_give_it_back() -> None:
    """Rates 5 exp(ridit) end at 5 and 5e; an error of 2 % in the first carries through the line."""
    rank = np.array([0.1, 0.35, 0.75])
    found = slope_index(
        5.0 * np.exp(rank), **DECILES, se=[0.1 * np.exp(0.1), 0.0, 0.0], polarity=Polarity.MORE, convention="ohid-log"
    )
    np.testing.assert_allclose(found.value, [5.0 * (np.e - 1.0)])
    share = np.array([0.2, 0.3, 0.5])
    centre, spread = 0.5, (share * (rank - 0.5) ** 2).sum()
    top = share[0] * (1.0 + (rank[0] - centre) * 0.5 / spread)
    bottom = share[0] * (1.0 - (rank[0] - centre) * 0.5 / spread)
    np.testing.assert_allclose(found.se, [0.02 * abs(5.0 * np.e * top - 5.0 * bottom)])


def test_intervals_give_the_errors_of_logarithms() -> None:
    """Ends at a tenth less and a ninth more of the value are as far from it, on the logarithm, on either side."""
    values = np.array([42.0, 47.0, 55.0])
    common = {**DECILES, "polarity": Polarity.MORE, "convention": "ohid-log"}
    by_ends = slope_index(values, **common, lower=values * 0.9, upper=values / 0.9, se=[9.0, 9.0, 9.0])  # type: ignore[arg-type]
    by_error = slope_index(values, **common, se=-np.log(0.9) / 1.959963985 * values)  # type: ignore[arg-type]
    np.testing.assert_allclose(by_ends.se, by_error.se, rtol=1e-8)


def test_an_interval_that_reaches_the_bound_leaves_the_error_to_serve() -> None:
    values = np.array([42.0, 47.0, 55.0])
    common = {**DECILES, "polarity": Polarity.MORE, "convention": "ohid-log", "se": [2.0, 2.0, 2.0]}
    found = slope_index(values, **common, lower=[0.0, 40.0, 50.0], upper=values + 5)  # type: ignore[arg-type]
    assert np.isfinite(found.lower).all()


def test_intervals_come_in_pairs_and_hold_their_values() -> None:
    common = {**DECILES, "polarity": Polarity.MORE, "convention": "ohid-linear"}
    with pytest.raises(InputError, match="together"):
        slope_index([42.0, 47.0, 55.0], **common, lower=[40.0, 45.0, 50.0])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="shape"):
        slope_index([42.0, 47.0, 55.0], **common, lower=[40.0, 45.0], upper=[50.0, 50.0])  # type: ignore[arg-type]
    ends = {"lower": [40.0, 48.0, 50.0], "upper": [50.0, 50.0, 60.0]}
    assert slope_index([42.0, 47.0, 55.0], **common, **ends).code.tolist() == ["out-of-bounds"]  # type: ignore[arg-type]
    ends["lower"] = [40.0, np.nan, 50.0]
    assert slope_index([42.0, 47.0, 55.0], **common, **ends).code.tolist() == ["missing-values"]  # type: ignore[arg-type]


def test_counts_of_two_ends_and_a_middle_by_hand() -> None:
    """Equal shares of a half: the information is n/4 (3, 3/2; 3/2, 35/36), the slope's variance 4/n x 3 / (3 x 35/36 - 9/4).

    The ends are a quarter as steep as the logit, which makes the index's variance a sixteenth of that: 9 / (8n).
    """
    found = slope_index(
        [50.0] * 3, population=[200] * 3, order=[1, 2, 3], bounds=(0, 100), polarity=Polarity.MORE, convention="binomial"
    )
    np.testing.assert_allclose([found.value[0], found.se[0]], [0.0, 100.0 * np.sqrt(9.0 / 8.0 / 200)], atol=1e-9)


def test_scatter_with_one_degree_of_freedom_by_hand() -> None:
    """Equal thirds of 50, 80, 70: slope 30, residuals -20/3, 40/3, -20/3; variance (800/3 / 1) / (2/9) = 1200; t(1) is 12.706."""
    found = slope_index([50.0, 80.0, 70.0], population=[1, 1, 1], order=[1, 2, 3], polarity=Polarity.LESS, convention="scotpho")
    np.testing.assert_allclose([found.value[0], found.se[0]], [-30.0, np.sqrt(1200.0)])
    np.testing.assert_allclose(found.upper - found.value, [12.7062047 * np.sqrt(1200.0)], rtol=1e-7)


def test_it_says_which_end_is_the_advantaged_one() -> None:
    for polarity, words in ((Polarity.MORE, "the advantaged end minus"), (Polarity.LESS, "the disadvantaged end minus")):
        found = slope_index([42.0, 47.0, 55.0], **DECILES, se=[1.0, 1.0, 1.0], polarity=polarity, convention="ohid-linear").method
        assert words in found


@pytest.mark.parametrize(
    ("values", "arguments", "convention", "code"),
    [
        ([1.0, 2.0], {"population": [1, 1], "order": [1, 2]}, "ohid-linear", "too-few-subjects"),
        ([1.0, 2.0, 3.0], {"population": [1, 1, 1], "order": [2, 2, 2]}, "ohid-linear", "no-order"),
        ([1.0, 2.0, 3.0], {"population": [1, 1, 1], "order": None}, "ohid-linear", "no-order"),
        ([1.0, 2.0, 3.0], {"population": None, "order": [1, 2, 3]}, "ohid-linear", "no-population"),
        ([1.0, 2.0, 3.0], {"population": [99] * 3, "order": [1, 2, 3]}, "who-logit", "unsupported-combination"),
        (
            [1.0, 2.0, 3.0],
            {"population": [0.2, 0.3, 0.5], "order": [1, 2, 3], "bounds": (0, 9)},
            "who-logit",
            "unsupported-combination",
        ),
        ([0.0, 0.0, 0.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "all-equal"),
        ([0.0, 0.0, 9.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "unsupported-combination"),
        ([1.0, 2.0, 10.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "who-logit", "out-of-bounds"),
        ([0.0, 2.0, 3.0], {"population": [1, 1, 1], "order": [1, 2, 3]}, "ohid-log", "not-positive"),
        ([0.0, 2.0, 3.0], {"population": [1, 1, 1], "order": [1, 2, 3], "bounds": (0, 9)}, "ohid-logit", "out-of-bounds"),
        ([1.0, 2.0, 3.0], {"population": [1, 1, 1], "order": [1, 2, 3]}, "ohid-logit", "unsupported-combination"),
        ([1.0, 2.0, 3.0], {"population": [0.2] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "binomial", "unsupported-combination"),
        ([0.0, 0.0, 9.0], {"population": [99] * 3, "order": [1, 2, 3], "bounds": (0, 9)}, "binomial", "unsupported-combination"),
    ],
)
def test_refusals(values: list[float], arguments: dict[str, object], convention: str, code: str) -> None:
    assert slope_index(values, **arguments, polarity=Polarity.MORE, convention=convention).code.tolist() == [code]
