"""Every figure of the reference software that a measure here has a counterpart of, on the made-up tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from levelup.inference.line import fit_line
from levelup.inference.ridit import ridit
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement
from tests.golden.tables import CLEAN, expected, read_table

CLOSED, LOGIT, DRAWN = 1e-8, 1e-6, 0.02
"""Relative for closed forms and for logistic fits; of the interval's width where the reference simulated."""
DECILES = {
    "value": "est",
    "population": "pop",
    "se": "se",
    "order": "decile",
    "polarity": "more-is-better",
    "bounds": (0.0, 100.0),
}
PLACES = {"value": "est", "population": "pop", "se": "se", "polarity": "less-is-better", "bounds": (0.0, 100.0)}
PERSONS = {"value": "y", "population": "weight", "order": "order", "polarity": "more-is-better", "bounds": (0.0, 1.0)}
HEALTH = {"value": "h", "population": "weight", "order": "ses", "polarity": "more-is-better"}
INCOME = {"value": "income", "population": "weight", "polarity": "more-is-better"}


def measured(table: str, name: str, **arguments: Any) -> Measurement:  # noqa: ANN401
    result = measure_table(read_table(CLEAN / f"{table}.csv"), name=name, **arguments)
    assert isinstance(result, Measurement), result
    return result


def assert_statistics(result: Measurement, wanted: dict[str, float], scale: dict[str, float], *, tolerance: float) -> None:
    """Compare the named statistics, each multiplied by its scale, with the reference."""
    found = {"estimate": result.value, "se": result.se, "lower": result.lower, "upper": result.upper}
    if any(factor < 0 for factor in scale.values()):
        found["lower"], found["upper"] = found["upper"], found["lower"]
    for stat, factor in scale.items():
        value = found[stat]
        assert value is not None, stat
        assert value * factor == pytest.approx(wanted[stat], rel=tolerance), stat


ALL = {"estimate": 1.0, "se": 1.0, "lower": 1.0, "upper": 1.0}


@pytest.mark.parametrize(
    ("name", "convention", "measure", "args", "scale", "tolerance"),
    [
        ("D", None, "d", "fav", ALL, CLOSED),
        ("R", None, "r", "fav", ALL, CLOSED),
        ("ACI", None, "aci", "pop", ALL, CLOSED),
        ("RCI", None, "rci", "pop", ALL, CLOSED),
        ("CI", "wagstaff", "rci", "pop;wagstaff;0-100", ALL, CLOSED),
        ("CI", "erreygers", "rci", "pop;erreygers;0-100", ALL, CLOSED),
        ("SII", "ohid-linear", "sii", "pop;linear", {"estimate": 1.0}, CLOSED),
        ("RII", "ohid-linear", "rii", "pop;linear", {"estimate": 1.0}, CLOSED),
        ("SII", "who-logit", "sii", "pop;logit", {**ALL, "se": 0.01}, LOGIT),
        ("RII", "who-logit", "rii", "pop;logit", ALL, LOGIT),
        ("PAR", None, "parisk", "fav;pop", {"estimate": 1.0}, CLOSED),
    ],
)
def test_deciles_as_who_has_them(
    name: str, convention: str | None, measure: str, args: str, scale: dict[str, float], tolerance: float
) -> None:
    result = measured("clean_deciles", name, convention=convention, **DECILES)
    assert_statistics(result, expected("healthequal", "clean_deciles", measure, args), scale, tolerance=tolerance)


def test_the_attributable_risk_with_the_table_formula() -> None:
    result = measured("clean_deciles", "PAR", parameters={"interval": "table"}, **DECILES)
    assert_statistics(result, expected("healthequal", "clean_deciles", "parisk", "fav;pop"), ALL, tolerance=CLOSED)
    fraction = expected("healthequal", "clean_deciles", "paf", "fav;pop")
    assert 100 * result.also["fraction"] == pytest.approx(fraction["estimate"], rel=CLOSED)


def test_scotlands_attributable_share_is_the_fraction_with_its_sign_turned() -> None:
    """The sum of p (RR - 1) over one more than it, with RR against the tenth group, is (mean - reference) / mean."""
    wanted = expected("ScotPHO formula (independent lm)", "clean_deciles", "par%", "sum(p(RR-1))/(1+sum) x100; RR vs decile 10")
    result = measured("clean_deciles", "PAF", **DECILES)
    assert -100.0 * result.value == pytest.approx(wanted["estimate"], rel=CLOSED)


@pytest.mark.parametrize("args", ["phe_sii value_type=0 se; 1e6 reps"])
def test_the_slope_as_england_has_it(args: str) -> None:
    """The reference draws a million times; the closed form gives the same interval to a small part of its width."""
    wanted = expected("PHEindicatormethods", "clean_deciles", args, "sii")
    slope = measured("clean_deciles", "SII", convention="ohid-linear", **DECILES)
    assert slope.value == pytest.approx(wanted["sii"], rel=CLOSED)
    assert slope.also["lower_level"] == pytest.approx(
        expected("PHEindicatormethods", "clean_deciles", args, "intercept")["intercept"]
    )
    ratio = measured("clean_deciles", "RII", convention="ohid-linear", **DECILES)
    assert ratio.value == pytest.approx(expected("PHEindicatormethods", "clean_deciles", args, "rii")["rii"], rel=CLOSED)
    for prefix, name in (("sii", "SII"), ("rii", "RII")):
        for level, confidence in (("95_0", 0.95), ("99_8", 0.998)):
            ends = [f"{prefix}_{end}{level}cl" for end in ("lower", "upper")]
            low, high = (expected("PHEindicatormethods", "clean_deciles", args, end)[end] for end in ends)
            found = measured("clean_deciles", name, convention="ohid-linear", confidence=confidence, **DECILES)
            assert found.lower == pytest.approx(low, abs=DRAWN * (high - low))
            assert found.upper == pytest.approx(high, abs=DRAWN * (high - low))


def test_whos_straight_line_has_the_robust_error_of_ten_rows() -> None:
    """Its interval is HC1 over the ten groups, whatever their own errors; ours is made from those errors, as England's is.

    The same residuals of our line, each by the part its group has in the slope, give its figures. The error of the ratio's
    logarithm is a closed form here and rests on numerical derivatives there, good to the root of the machine's precision; the
    ends of the interval agree within 1e-8 all the same.
    """
    table = read_table(CLEAN / "clean_deciles.csv")
    level, people = (np.array(table[name], dtype=float) for name in ("est", "pop"))
    rank = ridit(np.arange(10.0), weight=people)
    line = fit_line(rank, level, weight=people)
    first, last = line.intercept[0], line.intercept[0] + line.slope[0]
    residual = level - first - line.slope[0] * rank
    slope_parts, first_parts = line.slope_parts[0], line.intercept_parts[0]
    logarithm_parts = (first_parts + slope_parts) / last - first_parts / first
    slope_error, ratio_error = (np.sqrt(10 / 8 * ((parts * residual) ** 2).sum()) for parts in (slope_parts, logarithm_parts))
    slope, ratio = (expected("healthequal", "clean_deciles", measure, "pop;linear") for measure in ("sii", "rii"))
    ends = {"lower": -1.959963984540054, "upper": 1.959963984540054}
    assert slope_error == pytest.approx(100.0 * slope["se"], rel=CLOSED)
    assert ratio_error == pytest.approx(ratio["se"], rel=np.sqrt(np.finfo(float).eps))
    for end, z in ends.items():
        assert last - first + z * slope_error == pytest.approx(slope[end], rel=CLOSED)
        assert last / first * np.exp(z * ratio_error) == pytest.approx(ratio[end], rel=CLOSED)
    ours = measured("clean_deciles", "SII", convention="ohid-linear", **DECILES)
    own = np.array(table["se"], dtype=float)
    assert ours.se == pytest.approx(np.sqrt(((slope_parts * own) ** 2).sum()), rel=CLOSED)


def test_the_slope_as_scotland_has_it_has_the_other_sign() -> None:
    wanted = expected("ScotPHO formula (independent lm)", "clean_deciles", "sii", "sign flipped; t-CI df=n-2")
    result = measured("clean_deciles", "SII", convention="ohid-linear", **DECILES)
    assert result.value == pytest.approx(-wanted["estimate"], rel=CLOSED)


@pytest.mark.parametrize(
    ("name", "convention", "reference", "measure", "args", "scale"),
    [
        ("D", None, None, "d", "adverse;noref", ALL),
        ("D", None, "P12", "d", "adverse;ref=P12", ALL),
        ("R", None, "P12", "r", "adverse;ref=P12", ALL),
        ("BGV", None, None, "bgv", "pop,se", ALL),
        ("TI", None, None, "ti", "pop,se", {"estimate": 1000.0, "se": 1.0}),
        ("MLD", None, None, "mld", "pop,se", {"estimate": 1000.0, "se": 1.0}),
        ("MDMW", None, None, "mdmw", "pop,se;sim=1000;seed=123456", {"estimate": 1.0}),
        ("MDMU", None, None, "mdmu", "pop,se;sim=1000;seed=123456", {"estimate": 1.0}),
        ("MDBW", None, None, "mdbw", "adverse", {"estimate": 1.0}),
        ("MDBU", None, None, "mdbu", "adverse", {"estimate": 1.0}),
        ("PAR", None, None, "parisk", "adverse", {"estimate": -1.0}),
    ],
)
def test_places_as_who_has_them(
    name: str, convention: str | None, reference: str | None, measure: str, args: str, scale: dict[str, float]
) -> None:
    result = measured("clean_places12", name, convention=convention, reference=reference, **PLACES)
    assert_statistics(result, expected("healthequal", "clean_places12", measure, args), scale, tolerance=CLOSED)


def test_the_attributable_risk_of_places_with_the_table_formula() -> None:
    result = measured("clean_places12", "PAR", parameters={"interval": "table"}, **PLACES)
    wanted = expected("healthequal", "clean_places12", "parisk", "adverse")
    assert_statistics(result, wanted, {"estimate": -1.0, "lower": -1.0, "upper": -1.0}, tolerance=CLOSED)
    assert result.se == pytest.approx(wanted["se"], rel=CLOSED)


@pytest.mark.parametrize("name", ["TI", "MLD"])
def test_entropy_intervals_have_the_width_their_error_says(name: str) -> None:
    """The reference prints an interval a thousand times narrower than its own standard error."""
    result = measured("clean_places12", name, **PLACES)
    assert result.lower is not None and result.upper is not None and result.se is not None
    assert result.upper - result.lower == pytest.approx(2 * 1.959963985 * result.se, rel=1e-8)


@pytest.mark.parametrize(
    ("name", "convention", "package", "measure", "args", "call", "scale"),
    [
        ("ACI", None, "healthequal", "aci", "y;w", PERSONS, {"estimate": 1.0}),
        ("RCI", None, "healthequal", "rci", "y;w", PERSONS, {"estimate": 1.0}),
        ("CI", "wagstaff", "healthequal", "rci", "y;w;wagstaff", PERSONS, {"estimate": 1.0}),
        ("CI", "erreygers", "healthequal", "rci", "y;w;erreygers", PERSONS, {"estimate": 1.0}),
        ("SII", "ohid-linear", "healthequal", "sii", "y;w;linear", PERSONS, {"estimate": 1.0}),
        ("RII", "ohid-linear", "healthequal", "rii", "y;w;linear", PERSONS, {"estimate": 1.0}),
        ("RCI", None, "conindex", "CI y~order w (ties)", "", PERSONS, {"estimate": 1.0, "se": 1.0}),
        ("CI", "erreygers", "conindex", "Erreygers y~order w", "", PERSONS, {"estimate": 1.0, "se": 1.0}),
        ("CI", "wagstaff", "conindex", "Wagstaff y~order w", "", PERSONS, {"estimate": 1.0, "se": 1.0}),
        ("RCI", None, "conindex", "CI h~ses w", "", HEALTH, {"estimate": 1.0, "se": 1.0}),
        ("ACI", None, "conindex", "GenCI h~ses w", "", HEALTH, {"estimate": 1.0, "se": 1.0}),
        ("gini", None, "conindex", "Gini income w", "", INCOME, {"estimate": 1.0}),
        ("gini", None, "dineq", "gini income", "w", INCOME, {"estimate": 1.0}),
        ("MLD", None, "dineq", "mld income", "w", INCOME, {"estimate": 1.0}),
        ("TI", None, "dineq", "theil income", "w", INCOME, {"estimate": 1.0}),
        ("MLD", None, "convey", "svygei0", "ids=psu,strata,weight", INCOME, {"estimate": 1.0}),
        ("TI", None, "convey", "svygei1", "ids=psu,strata,weight", INCOME, {"estimate": 1.0}),
    ],
)
def test_persons(
    name: str,
    convention: str | None,
    package: str,
    measure: str,
    args: str,
    call: dict[str, Any],
    scale: dict[str, float],
) -> None:
    result = measured("clean_micro600", name, convention=convention, **call)
    assert_statistics(result, expected(package, "clean_micro600", measure, args), scale, tolerance=CLOSED)


@pytest.mark.parametrize(("name", "measure"), [("SII", "sii"), ("RII", "rii")])
def test_the_logistic_line_of_persons(name: str, measure: str) -> None:
    """Each row a person with or without the thing, with a sampling weight: the reference's survey path without clusters."""
    result = measured("clean_micro600", name, convention="who-logit", **PERSONS)
    assert_statistics(result, expected("healthequal", "clean_micro600", measure, "y;w"), ALL, tolerance=LOGIT)


@pytest.mark.parametrize("epsilon", ["0.5", "1", "2"])
def test_atkinson_of_persons(epsilon: str) -> None:
    result = measured("clean_micro600", "atkinson", parameters={"epsilon": epsilon}, **INCOME)
    wanted = expected("convey", "clean_micro600", f"svyatk{epsilon}", "ids=psu,strata,weight")
    assert_statistics(result, wanted, {"estimate": 1.0}, tolerance=CLOSED)


def test_between_groups_as_the_decomposition_has_it() -> None:
    """The mean log deviation of the districts' own means, weighted by their people."""
    table = read_table(CLEAN / "clean_micro600.csv")
    totals: dict[str, list[float]] = {}
    for district, weight, income in zip(table["district"], table["weight"], table["income"], strict=True):
        entry = totals.setdefault(district, [0.0, 0.0])
        entry[0] += float(weight)
        entry[1] += float(weight) * float(income)
    means = {"mean": [total / people for people, total in totals.values()], "people": [people for people, _ in totals.values()]}
    for name, measure in (("MLD", "svygeidec eps=0 by district"), ("TI", "svygeidec eps=1 by district")):
        result = measure_table(means, name=name, value="mean", population="people", polarity="more-is-better")
        assert isinstance(result, Measurement)
        assert result.value == pytest.approx(expected("convey", "clean_micro600", measure, "between")["estimate"], rel=1e-7)
