"""Measures of spread and of shares against the reference software, and what its other figures come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement
from tests.golden.tables import CLEAN, all_expected, expected, read_table

CLOSED = 1e-8
PLACES = {"value": "est", "population": "pop", "se": "se", "polarity": "less-is-better"}
INCOME = {"value": "income", "population": "weight", "polarity": "more-is-better"}
SIMULATED = "pop,se;sim=1000;seed=123456"
DESIGN = "ids=psu,strata,weight"


def measured(table: str, name: str, **arguments: Any) -> Measurement:  # noqa: ANN401
    result = measure_table(read_table(CLEAN / f"{table}.csv"), name=name, **arguments)
    assert isinstance(result, Measurement), result
    return result


SPREADS = [
    ("BGSD", None, "bgsd", SIMULATED),
    ("COV", None, "covar", SIMULATED),
    ("IDISW", None, "idisw", SIMULATED),
    ("IDISU", None, "idisu", SIMULATED),
    ("MDMW", None, "mdmw", SIMULATED),
    ("MDMU", None, "mdmu", SIMULATED),
    ("MDBW", None, "mdbw", "adverse"),
    ("MDBU", None, "mdbu", "adverse"),
    ("MDRW", "P12", "mdrw", "ref=P12"),
    ("MDRU", "P12", "mdru", "ref=P12"),
]


@pytest.mark.parametrize(("name", "reference", "measure", "args"), SPREADS)
def test_spreads_of_places_as_who_has_them(name: str, reference: str | None, measure: str, args: str) -> None:
    result = measured("clean_places12", name, reference=reference, **PLACES)
    assert result.convention == "plug-in"
    assert result.value == pytest.approx(expected("healthequal", "clean_places12", measure, args)["estimate"], rel=CLOSED)


@pytest.mark.parametrize(("name", "reference", "measure", "args"), SPREADS)
def test_whos_simulated_intervals_lie_too_high(name: str, reference: str | None, measure: str, args: str) -> None:
    """It adds noise to levels that have it already: its intervals lie mostly above its estimates, the corrected one below."""
    wanted = expected("healthequal", "clean_places12", measure, args)
    found = measured("clean_places12", name, reference=reference, convention="noise-corrected", **PLACES)
    assert found.lower is not None and found.upper is not None
    assert found.lower < found.value < wanted["estimate"] < (wanted["lower"] + wanted["upper"]) / 2
    assert found.lower < wanted["lower"] and found.upper < wanted["upper"]


@pytest.mark.parametrize(("name", "measure"), [("TI", "ti"), ("MLD", "mld")])
def test_times_a_thousand_as_who_prints_them(name: str, measure: str) -> None:
    """The reference prints its standard error without the thousand, and an interval made from it."""
    wanted = expected("healthequal", "clean_places12", measure, "pop,se")
    result = measured("clean_places12", name, parameters={"per": 1000.0}, **PLACES)
    assert result.value == pytest.approx(wanted["estimate"], rel=CLOSED)
    assert result.se == pytest.approx(1000.0 * wanted["se"], rel=CLOSED)
    assert result.lower is not None and result.upper is not None
    assert result.upper - result.lower == pytest.approx(1000.0 * (wanted["upper"] - wanted["lower"]), rel=1e-6)


@pytest.mark.parametrize(
    ("table", "args", "sign", "call"),
    [
        (
            "clean_deciles",
            "fav;pop",
            1.0,
            {"value": "est", "population": "pop", "order": "decile", "polarity": "more-is-better", "se": "se"},
        ),
        ("clean_places12", "adverse", -1.0, PLACES),
    ],
)
def test_the_attributable_fraction_and_its_interval(table: str, args: str, sign: float, call: dict[str, Any]) -> None:
    """By the two-by-two table the reference's interval is a hundred times narrower than its own standard error."""
    wanted = expected("healthequal", table, "paf", args)
    result = measured(table, "PAF", parameters={"interval": "table"}, bounds=(0.0, 100.0), **call)
    assert sign * 100.0 * result.value == pytest.approx(wanted["estimate"], rel=CLOSED)
    assert result.se == pytest.approx(wanted["se"], rel=CLOSED)
    assert result.lower is not None and result.upper is not None
    assert 100.0 * (result.upper - result.lower) == pytest.approx(100.0 * (wanted["upper"] - wanted["lower"]), rel=1e-6)
    honest = measured(table, "PAF", **call)
    assert honest.se is not None and result.se is not None and honest.se > 2.0 * result.se


@pytest.mark.parametrize(
    ("name", "parameters", "package", "measure", "args"),
    [
        ("theil", {}, "dineq", "theil income", "w"),
        ("MLD", {}, "dineq", "mld income", "w"),
        ("gini", {}, "dineq", "gini income", "w"),
        ("gini", {}, "conindex", "Gini income w", ""),
        ("GE", {"alpha": 0.0}, "convey", "svygei0", DESIGN),
        ("GE", {"alpha": 1.0}, "convey", "svygei1", DESIGN),
        ("GE", {"alpha": 2.0}, "convey", "svygei2", DESIGN),
        ("poverty gap", {"floor": 20000.0}, "convey", "svyfgt1 abs 20000", DESIGN),
    ],
)
def test_persons(name: str, parameters: dict[str, float], package: str, measure: str, args: str) -> None:
    result = measured("clean_micro600", name, parameters=parameters, **INCOME)
    assert result.value == pytest.approx(expected(package, "clean_micro600", measure, args)["estimate"], rel=CLOSED)


def incomes() -> tuple[np.ndarray, np.ndarray]:
    """Return the made-up incomes in their order, and the weights."""
    table = read_table(CLEAN / "clean_micro600.csv")
    income, weight = (np.array(table[name], dtype=float) for name in ("income", "weight"))
    order = np.argsort(income)
    return income[order], weight[order]


def test_conveys_gini_hangs_on_the_scale_of_the_weights() -> None:
    """Its sum takes each person's whole weight up to and with his own: it is off by the share that one person weighs."""
    income, weight = incomes()
    wanted = expected("convey", "clean_micro600", "svygini income", DESIGN)["estimate"]

    def as_there(w: np.ndarray) -> float:
        total = (w * income).sum()
        return float(((2.0 * np.cumsum(w) - 1.0) * w * income).sum() / (w.sum() * total) - 1.0)

    assert as_there(weight) == pytest.approx(wanted, rel=CLOSED)
    assert abs(as_there(0.02 * weight) - wanted) > 0.05
    ours = [measure_batch("gini", income, population=w, polarity=Polarity.MORE).value[0] for w in (weight, 0.02 * weight)]
    assert ours[0] == pytest.approx(ours[1], rel=1e-12) and abs(ours[0] - wanted) < 0.001


def test_conveys_fifths_are_made_of_whole_persons() -> None:
    """S80/S20 there: everybody above the one quantile over everybody up to the other, 0.3 % from the exact fifths."""
    income, weight = incomes()
    wanted = expected("convey", "clean_micro600", "svyqsr", DESIGN)["estimate"]
    share = np.cumsum(weight) / weight.sum()
    low, high = (income[np.searchsorted(share, rank)] for rank in (0.2, 0.8))
    held = weight * income
    assert held[income > high].sum() / held[income <= low].sum() == pytest.approx(wanted, rel=CLOSED)
    ours = measured("clean_micro600", "s80s20", **INCOME).value
    assert ours == pytest.approx(wanted, rel=0.003) and ours != pytest.approx(wanted, rel=0.001)


def test_dineqs_polarisation_takes_a_median_that_hangs_on_the_scale_of_the_weights() -> None:
    """Its median is the value that one half of one person past half the weight reaches, and its lower half those up to it."""
    income, weight = incomes()
    wanted = expected("dineq", "clean_micro600", "wolfson income", "w")["estimate"]
    gini = measured("clean_micro600", "gini", **INCOME).value

    def as_there(w: np.ndarray) -> float:
        place = 1.0 + (w.sum() - 1.0) / 2.0
        low = np.floor(place)
        steps = [income[min(np.searchsorted(np.cumsum(w), at), len(income) - 1)] for at in (low, low + 1.0)]
        median = (1.0 - place % 1.0) * steps[0] + (place % 1.0) * steps[1]
        held = w * income
        half = held[income <= median].sum() / held.sum()
        return float(2.0 * (1.0 - 2.0 * half - gini) * held.sum() / w.sum() / median)

    assert as_there(weight) == pytest.approx(wanted, rel=CLOSED)
    assert abs(as_there(10.0 * weight) - wanted) > 0.001
    given = {"polarity": Polarity.MORE, "convention": "wolfson"}
    ours = [measure_batch("wolfson", income, population=w, **given) for w in (weight, 10.0 * weight)]  # type: ignore[arg-type]
    assert ours[0].value[0] == pytest.approx(ours[1].value[0], rel=1e-12)
    assert ours[0].value[0] == pytest.approx(wanted, rel=0.03)


@pytest.mark.data
def test_mexican_states_as_pysal_has_them(shared: Path) -> None:
    """Its distance of the Lorenz curve from the diagonal is the Hoover index; its polarisation half of Wolfson's."""
    states = read_table(shared / "reference" / "pysal" / "pysal_mexico.csv")
    path = shared / "reference" / "pysal" / "expected_pysal.csv"
    known = {"wolfson": ("wolfson", "pysal"), "schutz_distance": ("hoover", None), "theil_T": ("GE", None)}
    checked = 0
    for package, dataset, measure, year, _ in all_expected(path):
        if dataset == "mexico" and measure in known:
            name, convention = known[measure]
            parameters = {"alpha": 1.0} if name == "GE" else {}
            given = {"convention": convention, "parameters": parameters, "polarity": "more-is-better"}
            result = measure_table(states, name=name, value=year, **given)  # type: ignore[arg-type]
            assert isinstance(result, Measurement)
            assert result.value == pytest.approx(expected(package, dataset, measure, year, path=path)["estimate"], rel=CLOSED)
            checked += 1
    assert checked == 21


@pytest.mark.data
def test_lists_of_numbers_as_pysal_has_them(shared: Path) -> None:
    """The lists of its own tests, named by their figures."""
    path = shared / "reference" / "pysal" / "expected_pysal.csv"
    checked = 0
    for package, dataset, measure, args, _ in all_expected(path):
        if package == "pysal-inequality" and dataset.startswith("["):
            levels = np.array(dataset.strip("[]").split(), dtype=float)
            name, _, epsilon = measure.partition("_")
            given = {"parameters": {"epsilon": epsilon}} if epsilon else {"convention": "pysal"}
            found = measure_batch(name, levels, polarity=Polarity.MORE, **given)  # type: ignore[arg-type]
            assert found.value[0] == pytest.approx(expected(package, dataset, measure, args, path=path)["estimate"], rel=CLOSED)
            checked += 1
    assert checked == 5


@pytest.mark.data
def test_states_between_and_within_regions(shared: Path) -> None:
    """Of the regions' own means, each weighted by its number of states."""
    states = read_table(shared / "reference" / "pysal" / "pysal_mexico.csv")
    path = shared / "reference" / "pysal" / "expected_pysal.csv"
    region = np.array(states["hanson98"])
    for package, dataset, measure, year, _ in all_expected(path):
        if measure == "theil_between(hanson98)":
            level = np.array(states[year], dtype=float)
            means = [level[region == item].mean() for item in np.unique(region)]
            people = [int((region == item).sum()) for item in np.unique(region)]
            found = measure_batch("theil", means, population=people, polarity=Polarity.MORE)
            assert found.value[0] == pytest.approx(expected(package, dataset, measure, year, path=path)["estimate"], rel=CLOSED)
