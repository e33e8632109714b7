"""Reference values whose inputs stay with the shared data: PySAL, England's slope indices, WHO's samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.measures.batch import measure_batch, stack_slices
from levelup.measures.registry import MEASURES
from levelup.measures.table import measure_table
from levelup.terms.errors import Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement
from tests.golden.tables import all_expected, expected, keep_rows, read_table
from tests.measures.cases import SUBJECT_CASES, named_parameters

pytestmark = pytest.mark.data
PYSAL = {"gini": ("gini", {}), "theil_T": ("theil", {})} | {
    f"atkinson_{e}": ("atkinson", {"epsilon": float(e)}) for e in ("0.5", "1", "2")
}


def test_mexican_states_as_pysal_has_them(shared: Path) -> None:
    """Unweighted spreads of the states' product in seven years."""
    states = read_table(shared / "reference" / "pysal" / "pysal_mexico.csv")
    path = shared / "reference" / "pysal" / "expected_pysal.csv"
    checked = 0
    for package, dataset, measure, year, _ in all_expected(path):
        if dataset == "mexico" and measure in PYSAL:
            name, parameters = PYSAL[measure]
            result = measure_table(states, name=name, value=year, parameters=parameters, polarity="more-is-better")
            assert isinstance(result, Measurement)
            assert result.value == pytest.approx(expected(package, dataset, measure, year, path=path)["estimate"], rel=1e-8)
            checked += 1
    assert checked == 35


def test_two_areas_as_england_has_them(shared: Path) -> None:
    """Both areas in one call; the reference draws its intervals, so they are compared to 2 % of their width."""
    folder = shared / "reference" / "phe"
    given = read_table(folder / "sii_example_input.csv")
    wanted = keep_rows(read_table(folder / "hp_sii.csv"), "case", "value_type0_se")
    columns = (np.array(given[name], dtype=float) for name in ("value", "population", "decile", "StandardError"))
    stack = stack_slices(given["area"], *columns)
    value, population, order, se = stack.columns
    common = {"population": population, "order": order, "se": se, "convention": "ohid-linear", "polarity": Polarity.MORE}
    assert stack.keys.tolist() == wanted["area"]
    for name, prefix in (("SII", "sii"), ("RII", "rii")):
        found = measure_batch(name, value, **common)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.value, np.array(wanted[prefix], dtype=float), rtol=1e-8)
        low, high = (np.array(wanted[f"{prefix}_{end}95_0cl"], dtype=float) for end in ("lower", "upper"))
        assert (np.abs(found.lower - low) < 0.02 * (high - low)).all() and (
            np.abs(found.upper - high) < 0.02 * (high - low)
        ).all()


@pytest.mark.parametrize(
    ("test", "polarity", "factor"),
    [
        ("default (e.g. life expectancy) - default parameters", Polarity.MORE, 1.0),
        ("default - testing quintiles", Polarity.MORE, 1.0),
        ("rate (e.g. infant mortality) - default parameters", Polarity.MORE, 1.0),
        ("proportion - testing multiplier (x 100)", Polarity.MORE, 100.0),
        ("proportion - testing multiplier (x -100)", Polarity.LESS, 100.0),
    ],
)
def test_the_reference_packages_own_examples(shared: Path, test: str, polarity: Polarity, factor: float) -> None:
    """A negative multiplier there is less-is-better here: the slope changes sign and the ratio is turned over."""
    table = keep_rows(read_table(shared / "reference" / "inputs" / "SII_test_data.csv.gz"), "TestDescription", test)
    checked = 0
    for area in ("area1", "area2"):
        rows = keep_rows(table, "Area", area)
        call = {
            "value": "Value",
            "population": "Population",
            "order": "Quantile",
            "polarity": polarity,
            "convention": "ohid-linear",
        }
        for name, column, scale in (("SII", "sii", factor), ("RII", "rii", 1.0)):
            result = measure_table(rows, name=name, **call)  # type: ignore[arg-type]
            assert isinstance(result, Measurement)
            wanted = [float(cell) for cell in rows[column] if cell not in ("", "NA")]
            assert [result.value * scale] == pytest.approx(wanted, rel=1e-8)
            checked += 1
    assert checked == 4


ORDERED = {"value": "estimate", "population": "population", "se": "se", "order": "subgroup_order"}
CASES = SUBJECT_CASES


@pytest.mark.parametrize(("name", "convention"), CASES)
def test_every_measure_reads_whos_ordered_sample(shared: Path, name: str, convention: str) -> None:
    table = read_table(shared / "reference" / "inputs" / "OrderedSample.csv")
    chosen = {"convention": convention, "parameters": named_parameters(name), "bounds": (0.0, 100.0)}
    result = measure_table(table, name=name, polarity="more-is-better", **chosen, **ORDERED)  # type: ignore[arg-type]
    assert isinstance(result, Measurement) and result.n == 5


@pytest.mark.parametrize(("name", "convention"), CASES)
def test_every_measure_reads_or_refuses_whos_other_sample(shared: Path, name: str, convention: str) -> None:
    table = read_table(shared / "reference" / "inputs" / "NonorderedSample.csv")
    call = {key: item for key, item in ORDERED.items() if key != "order"}
    chosen = {"convention": convention, "parameters": named_parameters(name), "bounds": (0.0, 100.0), "reference": "aceh"}
    result = measure_table(table, name=name, polarity="more-is-better", **chosen, **call)  # type: ignore[arg-type]
    if "order" in MEASURES[name].card.needs:
        assert isinstance(result, Refusal) and result.code == "no-order"
    else:
        assert isinstance(result, Measurement) and result.n == 34


def test_the_theil_interval_of_whos_sample_is_the_wide_one(shared: Path) -> None:
    """In thousandths: 3.144, and 1.92 to 4.37 where the package itself prints 3.1426 to 3.1451."""
    table = read_table(shared / "reference" / "inputs" / "NonorderedSample.csv")
    result = measure_table(table, name="TI", value="estimate", population="population", se="se", polarity="more-is-better")
    assert isinstance(result, Measurement) and result.lower is not None and result.upper is not None
    np.testing.assert_allclose([result.value, result.lower, result.upper], [0.003144, 0.00192, 0.00437], atol=5e-6)


def test_deaths_per_thousand_are_fitted_on_their_own_scale(shared: Path) -> None:
    """With stated bounds the fall over the order is 30.3 per thousand; a scale guessed from the highest value gives 29.5."""
    table = keep_rows(
        read_table(shared / "reference" / "inputs" / "OrderedSampleMultipleind.csv"),
        "indicator",
        "Under-five mortality rate (deaths per 1000 live births)",
    )
    call = {"convention": "who-logit", "polarity": "less-is-better", **ORDERED}
    right, guessed = (measure_table(table, name="SII", bounds=(0.0, high), **call) for high in (1000.0, 100.0))  # type: ignore[arg-type]
    assert isinstance(right, Measurement) and isinstance(guessed, Measurement)
    assert (round(right.value, 1), round(guessed.value, 1)) == (30.3, 29.5)
