"""Decompositions and life tables whose inputs stay with the shared data: DemoDecomp and decompositionLE."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from levelup.inference.life_table import build_life_table, split_by_age
from levelup.inference.line_integral import decompose_along_line
from levelup.inference.stepwise import replace_stepwise
from levelup.measures.batch import measure_batch
from tests.golden.tables import expected, read_table

pytestmark = pytest.mark.data
Wanted = Callable[[str, str], float]
SHARE = 0.4886
"""The share of girls among births, by which DemoDecomp's example multiplies: with it both of its rates come out."""


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "reference" / "demography"


@pytest.fixture
def rates(folder: Path) -> np.ndarray:
    """Survivors and births by single year of age at two dates: Lx1, Fx1, Lx2, Fx2."""
    return np.array(list(read_table(folder / "DemoDecomp_rates.csv").values()), dtype=float).T


@pytest.fixture
def wanted(folder: Path) -> Wanted:
    """What the reference gives under a measure's name and its arguments."""
    path = folder / "expected_DemoDecomp.csv"
    return lambda measure, args: expected("DemoDecomp", "rates", measure, args, path=path)["estimate"]


@pytest.mark.parametrize(
    ("convention", "method", "args"),
    [("das-gupta", "horiuchi", "N=20"), ("horiuchi", "horiuchi", "N=20"), ("stepwise", "stepwise", "")],
)
def test_a_growth_rate_as_demodecomp_has_it(rates: np.ndarray, wanted: Wanted, convention: str, method: str, args: str) -> None:
    found = measure_batch("rate_decomposition", columns={"factor": rates}, convention=convention, parameters={"times": SHARE})
    pairs = {
        "before": ("R0 rates1", ""),
        "after": ("R0 rates2", ""),
        "factor_1": (f"{method} col1 sum", args),
        "factor_2": (f"{method} col2 sum", args),
    }
    for name, key in pairs.items():
        assert found.also[name][0] == pytest.approx(wanted(*key), rel=1e-8), name
    total = wanted(f"{method} sum", args or "sym,up")
    assert found.value[0] == pytest.approx(total, rel=1e-8)
    assert found.also["factor_1"][0] + found.also["factor_2"][0] == pytest.approx(found.value[0], abs=1e-12)


def test_the_general_forms_of_both_methods_as_demodecomp_has_them(rates: np.ndarray, wanted: Wanted) -> None:
    """All 182 figures of a date are one long list of parameters, as in the reference."""
    before, after = rates[:, :2].T.ravel(), rates[:, 2:].T.ravel()

    def births(x: np.ndarray) -> np.ndarray:
        return SHARE * np.asarray((x[..., : len(rates)] * x[..., len(rates) :]).sum(axis=-1))

    for name, args, parts in (
        ("horiuchi", "N=20", decompose_along_line(births, before, after, steps=20)),
        ("stepwise", "", replace_stepwise(births, before, after)),
    ):
        first, second = parts.reshape(2, -1).sum(axis=1)
        assert [first, second] == pytest.approx([wanted(f"{name} col{n} sum", args) for n in (1, 2)], rel=1e-8)


def test_a_gain_in_life_expectancy_by_age_as_decompositionle_has_it(folder: Path) -> None:
    """Women of the United States, 1935 and 1995; the reference prints seven decimals."""
    table = read_table(folder / "decompositionLE_us_females.csv")
    l1, e1, l2, e2, total = (np.array(table[name], dtype=float) for name in ("l1x", "e1x", "l2x", "e2x", "total"))
    found = split_by_age(l1, e1, later_survivors=l2, later_expectancy=e2)
    np.testing.assert_allclose(found, total, atol=6e-8)
    assert found.sum() == pytest.approx(79.00 - 63.32, abs=1e-12)


@pytest.mark.parametrize("date", ["1", "2"])
def test_published_life_tables_come_out_of_their_rates(folder: Path, date: str) -> None:
    """The same two tables from their death rates: years left to a twentieth of a year, survivors to 1 in 500.

    The published ones take the years lived in a band from elsewhere, ours half the band, or a tenth in the first.
    """
    table = read_table(folder / "decompositionLE_us_females.csv")
    age = np.array([float(text.rstrip("+")) for text in table["age"]])
    rate, survivors, left = (np.array(table[name], dtype=float) for name in (f"nm{date}x", f"l{date}x", f"e{date}x"))
    found = build_life_table(age[None], deaths=rate[None] * 1e6, population=np.full((1, len(age)), 1e6))
    np.testing.assert_allclose(found.expectancy[0], left, atol=0.06)
    np.testing.assert_allclose(found.survivors[0], survivors, atol=0.002)
