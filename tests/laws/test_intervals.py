"""Nominal 95 % intervals cover the truth about as often as they say, by seeded simulation of noisy levels."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.registry import MEASURES
from levelup.terms.polarity import Polarity

LEVELS = np.array([23.4, 19.2, 13.6, 18.9, 15.1, 20.7, 17.8, 26.3, 16.4, 14.9, 29.8, 12.7])
PEOPLE = np.array([187.9, 155.2, 77.3, 89.7, 181.6, 192.7, 135.2, 93.3, 66.2, 85.6, 148.1, 91.3]) * 1000
ERRORS = np.array([0.98, 1.01, 1.24, 1.32, 0.85, 0.93, 1.04, 1.46, 1.45, 1.23, 1.2, 1.1])
ORDER = np.array([2, 5, 12, 4, 10, 6, 8, 3, 9, 11, 1, 7])
TIMES = 6000
SLACK = 0.012
"""Four standard errors of a simulated coverage of 0.95 over 6,000 draws."""
LINEAR = [
    ("difference", "simple", {}),
    ("ratio", "simple", {}),
    ("slope_index", "ohid-linear", {}),
    ("relative_index", "ohid-linear", {}),
    ("concentration_index", "absolute", {"interval": "errors"}),
    ("concentration_index", "relative", {"interval": "errors"}),
    ("concentration_index", "wagstaff", {"interval": "errors"}),
    ("concentration_index", "erreygers", {"interval": "errors"}),
    ("population_attributable_risk", "absolute", {}),
]
SPREADS = [
    ("between_group_variance", "plug-in"),
    ("theil", "plug-in"),
    ("mean_log_deviation", "plug-in"),
    ("gini", "mid-rank"),
    ("atkinson", "plug-in"),
]


def covered(name: str, convention: str, truth: np.ndarray, parameters: dict[str, float | str]) -> tuple[float, float]:
    """Return the share of simulated intervals that hold the truth and the share of draws that have an interval."""
    common = {"population": PEOPLE, "order": ORDER, "polarity": Polarity.MORE, "bounds": (-50.0, 200.0), "parameters": parameters}
    common |= {"convention": convention}
    drawn = truth + ERRORS * np.random.default_rng(20240229).normal(size=(TIMES, len(truth)))
    exact = measure_batch(name, truth, **common).value[0]  # type: ignore[arg-type]
    found = measure_batch(name, drawn, se=ERRORS, **common)  # type: ignore[arg-type]
    shown = np.isfinite(found.lower)
    hit = (found.lower <= exact) & (exact <= found.upper)
    return float(hit[shown].mean()) if shown.any() else np.nan, float(shown.mean())


@pytest.mark.parametrize(("name", "convention", "parameters"), LINEAR)
@pytest.mark.parametrize("stretch", [0.0, 0.3, 1.0])
def test_gaps_along_an_order_cover(name: str, convention: str, parameters: dict[str, float | str], stretch: float) -> None:
    truth = 20.0 + stretch * (LEVELS - 20.0)
    coverage, shown = covered(name, convention, truth, parameters)
    assert shown == 1.0 and abs(coverage - 0.95) < SLACK


@pytest.mark.parametrize(("name", "convention"), SPREADS)
def test_spreads_cover_where_levels_differ(name: str, convention: str) -> None:
    coverage, shown = covered(name, convention, LEVELS, {})
    assert shown == 1.0 and abs(coverage - 0.95) < SLACK


@pytest.mark.parametrize("stretch", [0.0, 0.1, 0.3, 0.6])
def test_the_variance_covers_down_to_equality(stretch: float) -> None:
    coverage, shown = covered("between_group_variance", "plug-in", 20.0 + stretch * (LEVELS - 20.0), {})
    assert shown == 1.0 and coverage > 0.95 - SLACK


@pytest.mark.parametrize(("name", "convention"), SPREADS[1:])
@pytest.mark.parametrize("stretch", [0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5])
def test_a_delta_interval_is_seldom_both_shown_and_wrong(name: str, convention: str, stretch: float) -> None:
    """Near equality it is withheld; bare, it would err in up to 44 draws of 100."""
    coverage, shown = covered(name, convention, 20.0 + stretch * (LEVELS - 20.0), {})
    assert shown == 0.0 or shown * (1.0 - coverage) < 0.09
    assert shown < 0.9


def test_the_peers_theil_interval_would_not_cover() -> None:
    """A thousandth of the width, as WHO's package prints it, misses nearly always."""
    drawn = LEVELS + ERRORS * np.random.default_rng(7).normal(size=(TIMES, len(LEVELS)))
    truth = measure_batch("theil", LEVELS, population=PEOPLE, polarity=Polarity.MORE).value[0]
    found = measure_batch("theil", drawn, population=PEOPLE, se=ERRORS, polarity=Polarity.MORE)
    assert (np.abs(found.value - truth) < 1.96 * found.se / 1000).mean() < 0.01


def test_the_table_formula_of_the_attributable_risk_does_not_cover() -> None:
    """It takes the published populations for the sample, which the levels' own errors contradict."""
    coverage, _ = covered("population_attributable_risk", "absolute", LEVELS + 30.0, {})
    assert abs(coverage - 0.95) < SLACK
    common = {"population": PEOPLE, "order": ORDER, "polarity": Polarity.MORE, "bounds": (0.0, 100.0)}
    drawn = LEVELS + ERRORS * np.random.default_rng(3).normal(size=(2000, len(LEVELS)))
    truth = measure_batch("PAR", LEVELS, **common).value[0]  # type: ignore[arg-type]
    found = measure_batch("PAR", drawn, parameters={"interval": "table"}, **common)  # type: ignore[arg-type]
    assert ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.5


@pytest.mark.parametrize("convention", ["absolute", "relative"])
def test_the_convenient_regression_covers_for_persons(convention: str) -> None:
    """Three hundred persons a slice, whose values scatter evenly about a line along their order."""
    random = np.random.default_rng(11)
    order = np.arange(300)
    truth = 30.0 + 20.0 * order / 300
    drawn = truth + 8.0 * random.normal(size=(2000, 300))
    common = {"population": np.ones(300), "order": order, "polarity": Polarity.MORE, "convention": convention}
    exact = measure_batch("CI", truth, **common).value[0]  # type: ignore[arg-type]
    found = measure_batch("CI", drawn, **common)  # type: ignore[arg-type]
    assert abs(((found.lower <= exact) & (exact <= found.upper)).mean() - 0.95) < 0.02


def test_the_scatter_interval_of_the_logistic_line_covers_too_seldom_and_says_so() -> None:
    """The peers' HC1 interval over ten subjects; the card warns of it."""
    random = np.random.default_rng(5)
    people = random.integers(50_000, 150_000, 10).astype(float)
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    truth = 100.0 / (1.0 + np.exp(-(0.4 + 1.2 * rank)))
    exact = 100.0 / (1.0 + np.exp(-1.6)) - 100.0 / (1.0 + np.exp(-0.4))
    common = {
        "population": people,
        "order": np.arange(10),
        "polarity": Polarity.MORE,
        "bounds": (0.0, 100.0),
        "convention": "who-logit",
    }
    found = measure_batch("SII", truth + 0.8 * random.normal(size=(4000, 10)), **common)  # type: ignore[arg-type]
    assert 0.7 < ((found.lower <= exact) & (exact <= found.upper)).mean() < 0.9
    assert "80 %" in MEASURES["slope_index"].card.interval and "80 %" in MEASURES["relative_index"].card.interval
