"""Measures of persons, with and without a survey's design, against other packages' figures for the 600 persons made up for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped,unused-ignore]

from levelup.measures.batch import measure_batch
from levelup.measures.stage import measure_persons
from levelup.terms.polarity import Polarity
from tests.golden.tables import CLEAN, Noted, expected, read_table

CLOSED, LOGIT = 1e-8, 1e-6
DESIGN = {"psu": "psu", "strata": "strata"}
SURVEY = "ids=psu,strata,weight"
STATISTICS = {"estimate": "value", "se": "se", "lower": "lower", "upper": "upper"}
"""What a reference value is called there and in a record here."""


def reference(package: str, measure: str, args: str) -> Noted:
    return expected(package, "clean_micro600", measure, args)


def ours(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
    (record,) = measure_persons(CLEAN / "clean_micro600.csv", **{"weight": "weight", **asked}).records()
    return dict(record)


def person_columns(*names: str) -> list[np.ndarray]:
    table = read_table(CLEAN / "clean_micro600.csv")
    return [np.array(table[name], dtype=float) for name in names]


def assert_record(record: dict[str, Any], wanted: Noted, *, tolerance: float) -> None:
    """Compare every statistic that the reference has."""
    for stat in wanted:
        assert record[STATISTICS[stat]] == pytest.approx(wanted[stat], rel=tolerance), stat


def design_error(score: np.ndarray, stratum: np.ndarray, cluster: np.ndarray) -> float:
    """Return the standard error of a sum of weighted scores: between clusters within strata."""
    variance = 0.0
    for layer in np.unique(stratum):
        inside = stratum == layer
        sums = np.array([score[inside & (cluster == drawn)].sum() for drawn in np.unique(cluster[inside])])
        variance += len(sums) / (len(sums) - 1.0) * float(np.square(sums - sums.mean()).sum())
    return float(np.sqrt(variance))


BINARY = {"outcome": "y", "rank": "order", "bounds": (0.0, 1.0)}
HEALTHEQUAL: tuple[tuple[str, str, dict[str, Any], float], ...] = (
    ("aci", "", {"name": "ACI"}, CLOSED),
    ("rci", "", {"name": "RCI"}, CLOSED),
    ("sii", "", {"name": "SII", "convention": "who-logit"}, LOGIT),
    ("rii", "", {"name": "RII", "convention": "who-logit"}, LOGIT),
    ("sii", ";linear", {"name": "SII", "convention": "ohid-linear"}, CLOSED),
    ("rii", ";linear", {"name": "RII", "convention": "ohid-linear"}, CLOSED),
    ("rci", ";wagstaff", {"name": "concentration_index", "convention": "wagstaff"}, CLOSED),
    ("rci", ";erreygers", {"name": "concentration_index", "convention": "erreygers"}, CLOSED),
)


@pytest.mark.parametrize("design", [{}, DESIGN], ids=["weights", "clusters in strata"])
@pytest.mark.parametrize(("measure", "form", "asked", "tolerance"), HEALTHEQUAL, ids=[a + b for a, b, _, _ in HEALTHEQUAL])
def test_whos_survey_path(measure: str, form: str, asked: dict[str, Any], tolerance: float, design: dict[str, str]) -> None:
    """Estimates and errors agree; their intervals take the normal quantile, ours Student's with clusters minus strata."""
    args = ("y;w+psu+strata" if design else "y;w") + form
    record, theirs = ours(**BINARY, **asked, **design), reference("healthequal", measure, args)
    stratum, cluster = person_columns("strata", "psu")
    units = len(np.unique(np.column_stack([stratum, cluster]), axis=0))
    freedom = units - len(np.unique(stratum)) if design else len(stratum) - 1
    assert_record(record, Noted(theirs.key, {stat: theirs[stat] for stat in ("estimate", "se")}), tolerance=tolerance)
    for turn, end in ((-1.0, "lower"), (1.0, "upper")):
        assert interval_end(record, turn * stats.norm.ppf(0.975)) == pytest.approx(theirs[end], rel=tolerance)
        assert interval_end(record, turn * stats.t.ppf(0.975, freedom)) == pytest.approx(record[end], rel=1e-12)


def interval_end(record: dict[str, Any], reach: float) -> float:
    """Return the end so many standard errors away, on the logarithm's scale for a ratio."""
    if record["measure"] == "relative_index":
        return float(record["value"] * np.exp(reach * record["se"]))
    return float(record["value"] + reach * record["se"])


@pytest.mark.parametrize(
    ("measure", "asked"),
    [
        ("svygei0", {"name": "mean_log_deviation"}),
        ("svygei1", {"name": "theil"}),
        ("svygei2", {"name": "generalised_entropy", "parameters": {"alpha": 2}}),
        ("svyfgt1 abs 20000", {"name": "poverty_gap", "parameters": {"floor": 20000}}),
        ("svyatk0.5", {"name": "atkinson", "parameters": {"epsilon": 0.5}}),
        ("svyatk1", {"name": "atkinson", "parameters": {"epsilon": 1}}),
        ("svyatk2", {"name": "atkinson", "parameters": {"epsilon": 2}}),
    ],
)
def test_conveys_linearised_errors(measure: str, asked: dict[str, Any]) -> None:
    assert_record(ours(outcome="income", **asked, **DESIGN), reference("convey", measure, SURVEY), tolerance=CLOSED)


def test_the_total_of_conveys_splits_has_the_error_of_the_whole() -> None:
    for order, name in (("0", "mean_log_deviation"), ("1", "theil")):
        theirs = expected("convey", "clean_micro600", f"svygeidec eps={order} by district", "total")
        assert_record(ours(outcome="income", name=name, **DESIGN), theirs, tolerance=CLOSED)


def test_the_gini_is_dineqs_and_conindexs() -> None:
    record = ours(name="gini", outcome="income")
    for package, measure, args in (("dineq", "gini income", "w"), ("conindex", "Gini income w", "")):
        assert record["value"] == pytest.approx(reference(package, measure, args)["estimate"], rel=CLOSED)


def test_conveys_gini_is_ours_plus_what_the_scale_of_weights_adds() -> None:
    """Theirs takes 1 off twice the running weight where a person's own weight is due, in the estimate as in its error.

    That adds the sum of (w - 1) w x over W X. Their own sum, linearised, gives their error; with the person's own weight in place
    of the 1, it gives ours.
    """
    weight, income, stratum, cluster = person_columns("weight", "income", "strata", "psu")
    theirs = reference("convey", "svygini income", SURVEY)
    record = ours(name="gini", outcome="income", **DESIGN)
    people, total = weight.sum(), (weight * income).sum()
    shift = ((weight - 1.0) * weight * income).sum() / (people * total)
    assert theirs["estimate"] == pytest.approx(record["value"] + shift, rel=CLOSED)

    rising = np.argsort(income)
    w, x = weight[rising], income[rising]
    running, above = np.cumsum(w), total - np.cumsum(w * x)

    def error(change: np.ndarray, gini: float) -> float:
        score = change / (people * total) - (gini + 1.0) * (1.0 / people + x / total)
        return design_error(w * score, stratum[rising], cluster[rising])

    with_one = (2.0 * running - 1.0) * x + 2.0 * (above + w * x)
    with_own = (2.0 * running - w) * x + 2.0 * above + w * x
    assert error(with_one, theirs["estimate"]) == pytest.approx(theirs["se"], rel=CLOSED)
    assert error(with_own, record["value"]) == pytest.approx(record["se"], rel=CLOSED)


def test_conindexs_errors_count_two_degrees_of_freedom() -> None:
    """HC1 has n / (n - 2) where a survey's variance has n / (n - 1), without clusters and with them."""
    for design, measure in (({}, "CI h~ses w robust(HC1)"), ({"psu": "psu"}, "CI h~ses w cluster(psu)")):
        record, theirs = ours(name="RCI", outcome="h", rank="ses", **design), reference("conindex", measure, "")
        assert record["value"] == pytest.approx(theirs["estimate"], rel=CLOSED)
        assert record["se"] * np.sqrt(599 / 598) == pytest.approx(theirs["se"], rel=CLOSED)


def test_the_share_below_six_tenths_of_the_median() -> None:
    """A headcount under a floor that is stated, here at what the reference takes from the sample."""
    income, weight = person_columns("income", "weight")
    rising = np.argsort(income)
    median = income[rising][np.searchsorted(np.cumsum(weight[rising]), weight.sum() / 2)]
    record = ours(name="poverty_headcount", outcome="income", parameters={"floor": 0.6 * float(median)}, **DESIGN)
    assert record["value"] == pytest.approx(reference("convey", "svyarpr", SURVEY)["estimate"], rel=CLOSED)


def test_conveys_quintile_ratio_takes_whole_persons_and_a_smoothed_density() -> None:
    """Ours holds a fifth in each part exactly; its error is within 3 % of leaving each cluster out in turn, theirs 8 % above."""
    theirs = reference("convey", "svyqsr", SURVEY)
    record = ours(name="s80s20", outcome="income", **DESIGN)
    assert record["value"] == pytest.approx(theirs["estimate"], rel=3e-3)
    income, weight, stratum, cluster = person_columns("income", "weight", "strata", "psu")

    def without(drawn: float, layer: float) -> float:
        mine = stratum == layer
        count = len(np.unique(cluster[mine]))
        changed = np.where(mine, weight * count / (count - 1.0), weight)
        held = ~(mine & (cluster == drawn))
        found = measure_batch("s80s20", income[held], polarity=Polarity.MORE, population=changed[held])
        return float(np.log(found.value[0]))

    variance = 0.0
    for layer in np.unique(stratum).tolist():
        left_out = np.array([without(drawn, layer) for drawn in np.unique(cluster[stratum == layer]).tolist()])
        variance += (len(left_out) - 1.0) / len(left_out) * float(np.square(left_out - left_out.mean()).sum())
    assert record["se"] == pytest.approx(np.sqrt(variance), rel=0.03)
    assert theirs["se"] / theirs["estimate"] > 1.05 * np.sqrt(variance)
