"""Concentration indices of 600 made-up persons against conindex and rineq, and what those packages get wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from levelup.inference.line import fit_line
from levelup.inference.ridit import ridit
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement
from tests.golden.tables import CLEAN, expected, read_table

CLOSED = 1e-8
TABLE = "clean_micro600"
HEALTH = {"value": "h", "population": "weight", "order": "ses", "polarity": "more-is-better", "convention": "relative"}
BOUNDED = {"value": "y", "order": "order", "bounds": (0.0, 1.0), "convention": "erreygers"}
UNIT = {"unit": ("psu",)}


def measured(name: str, **more: Any) -> Measurement:  # noqa: ANN401
    table = read_table(CLEAN / f"{TABLE}.csv")
    row = np.argsort(np.argsort(np.array(table["ses"], dtype=float), kind="stable")) + 1
    result = measure_table({**table, "row": row.tolist()}, name=name, **{**HEALTH, **more})
    assert isinstance(result, Measurement), result
    return result


def reference(measure: str, package: str = "conindex", args: str = "") -> dict[str, float]:
    return expected(package, TABLE, measure, args)


@pytest.mark.parametrize(
    ("measure", "interval", "further"),
    [
        ("CI h~ses w", "regression", {}),
        ("CI h~ses w robust(HC1)", "robust", {}),
        ("CI h~ses w cluster(psu)", "robust", UNIT),
    ],
)
def test_standard_errors_as_stata_has_them(measure: str, interval: str, further: dict[str, tuple[str, ...]]) -> None:
    found, wanted = measured("CI", parameters={"interval": interval}, further=further), reference(measure)
    np.testing.assert_allclose([found.value, found.se], [wanted["estimate"], wanted["se"]], rtol=CLOSED)


@pytest.mark.parametrize(
    ("name", "parameter", "measure"),
    [
        ("extended_concentration_index", {"v": 1.5}, "Extended v=1.5 h~ses w"),
        ("extended_concentration_index", {"v": 4.0}, "Extended v=4 h~ses w"),
        ("symmetric_concentration_index", {"beta": 1.5}, "Symmetric b=1.5 h~ses w"),
        ("symmetric_concentration_index", {"beta": 5.0}, "Symmetric b=5 h~ses w"),
    ],
)
def test_other_weights_of_the_ranks(name: str, parameter: dict[str, float], measure: str) -> None:
    """The reference gives no standard error; ours is there."""
    found = measured(name, parameters=parameter)
    assert found.value == pytest.approx(reference(measure)["estimate"], rel=CLOSED)
    assert found.se is not None and 0 < found.se < found.value


def test_the_modified_index_is_corrected_once() -> None:
    """The reference multiplies by mean / (mean - minimum) twice: an index of levels above 5 is the index of levels less 5."""
    wanted = reference("Modified CI (limits min=5) h~ses w")
    found = measured("CI", convention="modified", bounds=(5.0, 200.0))
    table = read_table(CLEAN / f"{TABLE}.csv")
    less = [float(cell) - 5.0 for cell in table["h"]]
    again = measure_table({**table, "less": less}, name="CI", **{**HEALTH, "value": "less"})
    assert isinstance(again, Measurement)
    mean = found.also["mean"]
    np.testing.assert_allclose(found.value, again.value, rtol=CLOSED)
    np.testing.assert_allclose(
        np.array([found.value, found.se]) * mean / (mean - 5.0), [wanted["estimate"], wanted["se"]], rtol=CLOSED
    )


def test_an_order_without_ties_is_rineqs() -> None:
    """Its direct method breaks ties by row; the others multiply a variance by two small-sample corrections at odds.

    Its direct method's variance is below zero, and so has no counterpart here.
    """
    found = measured("CI", order="row")
    assert found.value == pytest.approx(reference("CI h~ses w", "rineq", "direct")["estimate"], rel=CLOSED)
    weight = np.array(read_table(CLEAN / f"{TABLE}.csv")["weight"], dtype=float)
    share = weight / weight.sum()
    factor = (1 - 1 / len(share)) / (1 - (share**2).sum())
    for method in ("linreg_delta", "linreg_convenience"):
        assert found.value * factor == pytest.approx(reference("CI h~ses w", "rineq", method)["estimate"], rel=CLOSED)
    bounded = measured("CI", **BOUNDED)
    wanted = reference("CIc y~order w", "rineq", "linreg_delta;rank_gwt")["estimate"]
    assert bounded.value * factor == pytest.approx(wanted, rel=CLOSED)


def test_rineqs_errors_are_corrected_otherwise_than_its_indices() -> None:
    """Its errors have one of the two corrections of its indices, 1 over one minus the sum of squared shares, and not the other.

    The convenient regression's is otherwise ours. The other method's is that of the plain line of levels on ranks, by which both
    the slope and the mean at the middle of the ranks are uncertain.
    """
    weight = np.array(read_table(CLEAN / f"{TABLE}.csv")["weight"], dtype=float)
    excess = 1 - np.square(weight / weight.sum()).sum()
    found, convenient = measured("CI", order="row"), reference("CI h~ses w", "rineq", "linreg_convenience")
    assert found.se is not None
    assert found.se / excess == pytest.approx(convenient["se"], rel=CLOSED)
    health = line_error("h", "ses", first_come=True)
    assert health / excess == pytest.approx(reference("CI h~ses w", "rineq", "linreg_delta")["se"], rel=CLOSED)
    bounded = measured("CI", **BOUNDED)
    share = 4.0 * bounded.also["mean"] * line_error("y", "order", first_come=False)
    wanted = reference("CIc y~order w", "rineq", "linreg_delta;rank_gwt")["se"]
    assert share / excess == pytest.approx(wanted, rel=CLOSED)


def line_error(value: str, order: str, *, first_come: bool) -> float:
    """Return the error of 2 var(rank) slope / (level at the middle) of a weighted line; ties by row, or pooled."""
    table = read_table(CLEAN / f"{TABLE}.csv")
    level, rank, weight = (np.array(table[name], dtype=float) for name in (value, order, "weight"))
    rank = ridit(np.argsort(np.argsort(rank, kind="stable")) if first_come else rank, weight=weight)
    share = weight / weight.sum()
    line = fit_line(rank, level, weight=weight)
    slope, middle = line.slope[0], line.intercept[0] + line.slope[0] / 2.0
    residual = level - line.intercept[0] - slope * rank
    scatter = (share * residual**2).sum() / (len(level) - 2)
    spread = (share * (rank - 0.5) ** 2).sum()
    return float(2.0 * spread * np.hypot(np.sqrt(scatter / spread) / middle, slope / middle**2 * np.sqrt(scatter)))


def test_the_gini_as_an_index_of_incomes_by_income() -> None:
    """There its error is that of the convenient regression, which takes the ranks as known.

    The influence of a sample, which counts that ranks are drawn too, is a third wider.
    """
    incomes = {"value": "income", "order": "income"}
    found, wanted = measured("CI", **incomes), reference("Gini income w")
    np.testing.assert_allclose([found.value, found.se], [wanted["estimate"], wanted["se"]], rtol=CLOSED)
    influence = measured("CI", parameters={"interval": "influence"}, **incomes)
    assert influence.se is not None and influence.se > 1.3 * wanted["se"]


def test_the_influence_of_a_sample_lies_near_the_other_errors() -> None:
    """It counts that ranks and mean are drawn too, which a regression holds fixed."""
    influence, robust = (measured("CI", parameters={"interval": item}) for item in ("influence", "robust"))
    assert influence.se is not None and robust.se is not None
    assert 0.8 < influence.se / robust.se < 1.2


@pytest.mark.parametrize("measure", ["aci", "rci"])
def test_a_survey_without_clusters_is_the_robust_error(measure: str) -> None:
    """WHO's survey path has n / (n - 1) where HC1 has n / (n - 2)."""
    shares = {"value": "y", "order": "order", "convention": "absolute" if measure == "aci" else "relative"}
    found = measured("CI", parameters={"interval": "robust"}, **shares)
    wanted = reference(measure, "healthequal", "y;w")
    assert found.se is not None
    np.testing.assert_allclose([found.value, found.se * np.sqrt(598 / 599)], [wanted["estimate"], wanted["se"]], rtol=CLOSED)
