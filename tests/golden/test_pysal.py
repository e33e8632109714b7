"""What giddy, segregation and esda of PySAL give on states and on a grid of twenty areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats  # type: ignore[import-untyped,unused-ignore]

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from tests.golden.tables import expected, read_table

pytestmark = pytest.mark.data
CLOSED = 1e-8
QUINTILES = "usjoin 1929-2009 quintiles"
GRID = "synthetic20 5x4 grid (index i -> x=i%5 y=i//5)"
STATES = range(5)


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "reference" / "pysal"


def wanted(folder: Path, package: str, dataset: str, measure: str, args: str) -> float:
    return expected(package, dataset, measure, args, path=folder / "expected_pysal.csv")["estimate"]


@pytest.fixture
def moves(folder: Path) -> dict[str, np.ndarray]:
    """Fifths of the states by income in each year, and in the next: as mapclassify cuts them, the bound belongs to the lower."""
    table = read_table(folder / "giddy_usjoin.csv")
    income = np.array([table[str(year)] for year in range(1929, 2010)], dtype=float)
    fifth = np.stack([np.searchsorted(np.percentile(row, [20, 40, 60, 80, 100]), row, side="left") for row in income])
    return {"before": fifth[:-1].ravel(), "after": fifth[1:].ravel()}


def test_moves_between_fifths_as_giddy_has_them(folder: Path, moves: dict[str, np.ndarray]) -> None:
    found = measure_batch("markov", columns=moves, convention="prais-shorrocks")
    for measure, part in (("markov_transitions", "count"), ("markov_p", "chance")):
        for row in STATES:
            for column in STATES:
                value = wanted(folder, "giddy", QUINTILES, measure, f"[{row},{column}]")
                assert found.parts[part][0, row, column] == pytest.approx(value, rel=CLOSED)
    for measure, part in (("steady_state", "steady_state"), ("sojourn_time", "sojourn"), ("prais", "leaving")):
        for row in STATES:
            value = wanted(folder, "giddy", QUINTILES, measure, f"[{row}]")
            assert found.parts[part][0, row] == pytest.approx(value, rel=CLOSED)
    for column in STATES:
        value = wanted(folder, "giddy", QUINTILES, "mfpt", f"[0,{column}]")
        assert found.parts["first_passage"][0, 0, column] == pytest.approx(value, rel=CLOSED)


def test_indices_of_mobility_as_giddy_has_them(folder: Path, moves: dict[str, np.ndarray]) -> None:
    """Its start of a tenth, two, four and a tenth is had by weighting the rows, which leaves the chances as they are."""
    start = np.array([0.1, 0.2, 0.2, 0.4, 0.1]) / np.bincount(moves["before"])
    for measure, args, convention in (
        ("mobility_P", "", "prais-shorrocks"),
        ("mobility_D", "", "determinant"),
        ("mobility_L2", "", "eigenvalue"),
        ("mobility_B1", "ini=[.1 .2 .2 .4 .1]", "bartholomew-moves"),
        ("mobility_B2", "ini=[.1 .2 .2 .4 .1]", "bartholomew-distance"),
    ):
        found = measure_batch("markov", columns=moves, population=1e3 * start[moves["before"]], convention=convention)
        assert found.value[0] == pytest.approx(wanted(folder, "giddy", QUINTILES, measure, args), rel=CLOSED)


def test_kendalls_tau_as_giddy_has_it(folder: Path) -> None:
    """Tau agrees; giddy's p-value leaves out that incomes tie, scipy's does not."""
    incomes, states = (read_table(folder / f"{name}.csv") for name in ("giddy_usjoin", "pysal_mexico"))
    before, after = (np.array(incomes[year], dtype=float) for year in ("1929", "2009"))
    found = measure_batch("kendall tau", columns={"before": before, "after": after})
    assert found.value[0] == pytest.approx(wanted(folder, "giddy", "usjoin", "kendall_tau", "1929 vs 2009"), rel=CLOSED)
    n = len(before)
    without_ties = special.erfc(found.value[0] / np.sqrt((4 * n + 10) / (9 * n * (n - 1))) / np.sqrt(2))
    assert without_ties == pytest.approx(wanted(folder, "giddy", "usjoin", "kendall_tau_p", "1929 vs 2009"), rel=1e-6)
    with_ties = stats.kendalltau(before, after, method="asymptotic").pvalue
    assert found.also["p_value"][0] == pytest.approx(with_ties, rel=CLOSED) != pytest.approx(without_ties, rel=1e-3)
    columns = {"before": np.array(states["pcgdp1940"], dtype=float), "after": np.array(states["pcgdp2000"], dtype=float)}
    mexico = measure_batch("tau", columns=columns)
    assert mexico.value[0] == pytest.approx(wanted(folder, "giddy", "mexico", "kendall_tau", "1940 vs 2000"), rel=CLOSED)


def test_rank_cohesion_as_giddy_has_it(folder: Path) -> None:
    """Six decades in one call."""
    table = read_table(folder / "pysal_mexico.csv")
    levels = np.array([table[f"pcgdp{year}"] for year in range(1940, 2010, 10)], dtype=float)
    region = np.broadcast_to(np.array(table["hanson98"], dtype=float) - 1.0, levels[1:].shape)
    found = measure_batch("theta", columns={"before": levels[:-1], "after": levels[1:], "group": region})
    values = [wanted(folder, "giddy", "mexico", "theta(hanson98)", f"period {period}") for period in range(6)]
    np.testing.assert_allclose(found.value, values, rtol=CLOSED)


@pytest.fixture
def areas(folder: Path) -> dict[str, np.ndarray]:
    table = read_table(folder / "segregation_synthetic20.csv")
    return {name: np.array(cells, dtype=float) for name, cells in table.items()}


SINGLE = {
    "Dissim": "dissimilarity",
    "Gini": "gini",
    "Entropy": "entropy",
    "Isolation": "isolation",
    "Interaction": "interaction",
    "CorrelationR": "correlation-ratio",
    "MinMax": "minmax",
    "Atkinson": "atkinson",
}
SEVERAL = {
    "MultiDissim": "dissimilarity",
    "MultiGini": "gini",
    "MultiInfoTheory": "entropy",
    "MultiNormExposure": "normalised-exposure",
    "MultiDiversity": "diversity",
    "MultiRelativeDiversity": "relative-diversity",
    "MultiSquaredCoefVar": "squared-coefficient-of-variation",
    "SimpsonsConcentration": "simpson-concentration",
    "SimpsonsInteraction": "simpson-interaction",
    "MultiDivergence": "divergence",
}


@pytest.mark.parametrize(("name", "convention"), SINGLE.items())
def test_one_group_as_segregation_has_it(folder: Path, areas: dict[str, np.ndarray], name: str, convention: str) -> None:
    args = "group a of tot; defaults" + " b=0.5" * (name == "Atkinson")
    columns = {"count": areas["a"], "total": areas["tot"]}
    found = measure_batch("segregation index", columns=columns, convention=convention)
    assert found.value[0] == pytest.approx(wanted(folder, "segregation", "synthetic20", name, args), rel=CLOSED)


@pytest.mark.parametrize(("name", "convention"), SEVERAL.items())
def test_several_groups_as_segregation_has_them(folder: Path, areas: dict[str, np.ndarray], name: str, convention: str) -> None:
    columns = {
        "unit": np.tile(np.arange(20.0), 3),
        "group": np.repeat(np.arange(3.0), 20),
        "count": np.concatenate([areas[group] for group in "abc"]),
    }
    found = measure_batch("multigroup segregation", columns=columns, convention=convention)
    value = wanted(folder, "segregation", "synthetic20", f"multigroup {name}", "groups a b c")
    assert found.value[0] == pytest.approx(value, rel=CLOSED)


def on_the_grid(name: str, areas: dict[str, np.ndarray]) -> Readings:
    """Return a measure of the rates with neighbours that share an edge, weighing 1 together."""
    x, y = np.arange(20) % 5, np.arange(20) // 5
    neighbours = np.abs(x[:, None] - x) + np.abs(y[:, None] - y) == 1
    return measure_batch(name, areas["a"] / areas["tot"], columns={"neighbours": neighbours}, convention="row-standardised")


def test_likeness_of_neighbours_as_esda_has_it(folder: Path, areas: dict[str, np.ndarray]) -> None:
    moran, geary = (on_the_grid(name, areas) for name in ("moran", "geary"))
    assert moran.value[0] == pytest.approx(wanted(folder, "esda", GRID, "moran_I", "rook row-std; rate=a/tot"), rel=CLOSED)
    assert geary.value[0] == pytest.approx(wanted(folder, "esda", GRID, "geary_C", ""), rel=CLOSED)
    for measure, name in (("moran_EI", "expected"), ("moran_z_norm", "z_normality"), ("moran_z_rand", "z_randomisation")):
        assert moran.also[name][0] == pytest.approx(wanted(folder, "esda", GRID, measure, ""), rel=CLOSED)


def test_smoothed_rates_as_esda_has_them(folder: Path, areas: dict[str, np.ndarray]) -> None:
    columns = {"count": areas["a"], "total": areas["tot"]}
    found = measure_batch("empirical bayes", columns=columns)
    for area in range(5):
        value = wanted(folder, "esda", "synthetic20", "empirical_bayes rate", f"area {area}")
        assert found.parts["smoothed"][0, area] == pytest.approx(value, rel=CLOSED)


def test_local_figures_as_a_run_of_esda_has_them(areas: dict[str, np.ndarray]) -> None:
    """On the same grid by version 2.9.0: local Moran, Gi* and Gi with neighbours of weight 1, rates smoothed locally."""
    x, y = np.arange(20) % 5, np.arange(20) // 5
    neighbours = np.abs(x[:, None] - x) + np.abs(y[:, None] - y) == 1
    rate = areas["a"] / areas["tot"]
    local = on_the_grid("local_moran", areas).parts["local_i"][0, :5]
    np.testing.assert_allclose(local, [0.05280328, 0.05797799, -0.324708, -0.12037784, -1.79735035], atol=1e-8)
    for convention, scores in (
        ("g-star", [0.41143747, 0.57390229, -0.15527165, -1.8439776, 1.27894346]),
        ("g", [0.23381518, 0.21359128, 0.43119462, -2.07532145, 2.30658917]),
    ):
        found = measure_batch("getis_ord", rate, columns={"neighbours": neighbours}, convention=convention)
        np.testing.assert_allclose(found.parts["z"][0, :5], scores, atol=1e-8)
    columns = {"count": areas["a"], "total": areas["tot"], "neighbours": neighbours}
    smoothed = measure_batch("spatial empirical bayes", columns=columns).parts["smoothed"][0, :5]
    np.testing.assert_allclose(smoothed, [0.26593945, 0.33692777, 0.02009079, 0.22155959, 0.02004978], atol=1e-8)
