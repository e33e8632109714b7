"""Splits by group as dineq, convey and PySAL have them, and the published change of inequality whose parts do not add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.inference.entropy_split import steps_of_change
from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement
from tests.golden.tables import CLEAN, all_expected, expected, read_table

CLOSED = 1e-8
INCOME = {"value": "income", "population": "weight", "polarity": "more-is-better", "further": {"group": ["district"]}}


def measured(name: str, **arguments: Any) -> Measurement:  # noqa: ANN401
    result = measure_table(read_table(CLEAN / "clean_micro600.csv"), name=name, **(INCOME | arguments))
    assert isinstance(result, Measurement), result
    return result


def test_the_gini_coefficient_by_district() -> None:
    result = measured("gini_decomposition")
    found = {"gini_total": result.value} | {f"gini_{name}": result.also[name] for name in ("within", "between", "overlap")}
    for name, value in found.items():
        assert value == pytest.approx(
            expected("dineq", "clean_micro600", "gini_decomp by district w", name)["estimate"], rel=CLOSED
        )


@pytest.mark.parametrize(
    ("package", "measure", "prefix", "convention"),
    [
        ("dineq", "mld_decomp by district w", "mld_", "mean-log-deviation"),
        ("convey", "svygeidec eps=0 by district", "", "mean-log-deviation"),
        ("convey", "svygeidec eps=1 by district", "", "theil"),
    ],
)
def test_the_entropy_by_district(package: str, measure: str, prefix: str, convention: str) -> None:
    result = measured("entropy_decomposition", convention=convention)
    for name, value in {"total": result.value, "within": result.also["within"], "between": result.also["between"]}.items():
        assert value == pytest.approx(expected(package, "clean_micro600", measure, prefix + name)["estimate"], rel=CLOSED)


def test_the_concentration_index_by_factors_as_rineq_has_it() -> None:
    """It breaks ties in the order of the rows, and multiplies every index by two small-sample corrections at odds.

    They are (1 - 1/n) and 1 over one minus the sum of squared shares. Without them contributions and residual are ours; the
    elasticities have no such factor.
    """
    table = read_table(CLEAN / "clean_micro600.csv")
    weight = np.array(table["weight"], dtype=float)
    share = weight / weight.sum()
    factor = (1 - 1 / len(share)) / (1 - (share**2).sum())
    row = np.argsort(np.argsort(np.array(table["ses"], dtype=float), kind="stable")) + 1
    found = measure_table(
        {**table, "row": row.tolist()}, name="concentration_decomposition", value="h", population="weight", order="row",
        further={"factor": ("age", "sex", "edu")}, polarity="more-is-better", convention="relative",
    )  # fmt: skip
    assert isinstance(found, Measurement)

    def wanted(measure: str, args: str) -> float:
        return expected("rineq", "clean_micro600", f"Wagstaff decomposition {measure}", args)["estimate"]

    contributions = "contribution lm(h~age+sex+edu) w"
    for index, name in enumerate(("age", "sex", "edu")):
        part, elasticity = (found.parts[key][index] for key in ("contribution", "elasticity"))  # type: ignore[index]
        assert part * factor == pytest.approx(wanted(contributions, name), rel=CLOSED)
        assert elasticity == pytest.approx(wanted("elasticity", name), rel=CLOSED)
    assert found.also["residual"] * factor == pytest.approx(wanted(contributions, "residual"), rel=CLOSED)


@pytest.mark.data
def test_mexican_states_by_region_as_pysal_has_them(shared: Path) -> None:
    states = read_table(shared / "reference" / "pysal" / "pysal_mexico.csv")
    path = shared / "reference" / "pysal" / "expected_pysal.csv"
    checked = 0
    for package, dataset, measure, year, _ in all_expected(path):
        if measure in ("theil_between(hanson98)", "theil_within(hanson98)"):
            call = {"value": year, "polarity": "more-is-better", "further": {"group": ["hanson98"]}}
            result = measure_table(states, name="theil_decomposition", **call)  # type: ignore[arg-type]
            assert isinstance(result, Measurement)
            value = expected(package, dataset, measure, year, path=path)["estimate"]
            assert result.also[measure.split("_")[1].split("(")[0]] == pytest.approx(value, rel=CLOSED)
            checked += 1
    assert checked == 14


def incomes(shared: Path, year: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the households' incomes above 0, their weights and the education of their heads."""
    table = read_table(shared / "reference" / "inputs" / f"dineq_mex_{year}.csv.gz")
    income, weight = (np.array(table[name], dtype=float) for name in ("income", "factor"))
    return income[income > 0], weight[income > 0], np.array(table["education"])[income > 0]


@pytest.mark.data
def test_the_change_of_mexican_incomes_by_education(shared: Path) -> None:
    """The published approximation comes to -0.03556 for a change of -0.03566; the exact parts come to the change."""
    years = [incomes(shared, year) for year in ("2008", "2016")]
    names = np.unique(np.concatenate([item[2] for item in years]))
    groups, totals = [], []
    for income, weight, education in years:
        columns = {"group": np.searchsorted(names, education).astype(float)}
        call = {"population": weight, "columns": columns, "polarity": Polarity.MORE}
        found = measure_batch("entropy_decomposition", income, convention="mean-log-deviation", **call)  # type: ignore[arg-type]
        groups.append([found.parts[f"group_{name}"] for name in ("share", "mean", "entropy")])
        totals.append(found.value[0])
    before, after = groups
    pairs = [(first, last) for first, last in zip(before, after, strict=True)]
    exact, near = (steps_of_change(pairs[0], pairs[1], pairs[2], approximate=item)[0] for item in (False, True))
    assert round(totals[1] - totals[0], 5) == -0.03566
    assert round(near.sum(), 5) == -0.03556
    np.testing.assert_allclose(exact.sum(), totals[1] - totals[0], atol=1e-12)
