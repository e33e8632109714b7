"""Levels as England's public health tools have them; their inputs stay with the shared data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.inference.funnel import binomial_limits, poisson_limits
from levelup.measures.batch import measure_batch, stack_slices
from levelup.measures.table import measure_table
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement
from tests.golden.tables import keep_rows, read_table

pytestmark = pytest.mark.data
CLOSE = 1e-10
"""Relative: both sides are closed forms."""
ENDS = ((0.95, "95_0"), (0.998, "99_8"))


def figures(table: dict[str, list[str]], name: str) -> np.ndarray:
    """Return a column as numbers, NaN where it has none."""
    return np.array([float(cell) if cell not in ("", "NA") else np.nan for cell in table[name]])


@pytest.mark.parametrize(("confidence", "ending"), ENDS)
def test_rates(shared: Path, confidence: float, ending: str) -> None:
    """Each row by its own multiplier, as the package's data masking has it; a row without its figures is refused, not empty."""
    table = read_table(shared / "reference" / "phe" / "hp_rate.csv")
    count, total, per = (figures(table, name) for name in ("Numerator", "Denominator", "multiplier"))
    found = measure_batch("crude_rate", columns={"count": count[:, None], "total": total[:, None]}, confidence=confidence)
    whole = np.isfinite(count) & np.isfinite(total)
    for name, values in (("value", found.value), (f"lower{ending}cl", found.lower), (f"upper{ending}cl", found.upper)):
        np.testing.assert_allclose((values * per / 1e5)[whole], figures(table, name)[whole], rtol=CLOSE)
    assert set(found.code[~whole]) == {"missing-values", "too-few-subjects"}
    assert set(found.code[whole]) == {""} and whole.sum() == 17


@pytest.mark.parametrize(("confidence", "ending"), ENDS)
def test_proportions(shared: Path, confidence: float, ending: str) -> None:
    """Each row by its own multiplier."""
    table = read_table(shared / "reference" / "inputs" / "test_Prop.csv")
    count, total, per = (figures(table, name) for name in ("Numerator", "Denominator", "multiplier"))
    whole = np.isfinite(count) & np.isfinite(total) & np.isfinite(figures(table, "value"))
    columns = {"count": count[whole][:, None], "total": total[whole][:, None]}
    found = measure_batch("proportion", columns=columns, parameters={"per": 1.0}, confidence=confidence)
    for name, values in (("value", found.value), (f"lower{ending}cl", found.lower), (f"upper{ending}cl", found.upper)):
        np.testing.assert_allclose(values * per[whole], figures(table, name)[whole], rtol=1e-8)
    assert whole.sum() >= 16


@pytest.mark.parametrize(("confidence", "ending"), ENDS)
def test_means(shared: Path, confidence: float, ending: str) -> None:
    given, wanted = (read_table(shared / "reference" / "phe" / name) for name in ("test_Mean.csv", "hp_mean.csv"))
    stack = stack_slices(given["area"], figures(given, "values"))
    found = measure_batch("mean", stack.columns[0], confidence=confidence)
    assert list(stack.keys) == wanted["area"]
    for name, values in (
        ("value", found.value),
        ("stdev", found.also["standard_deviation"]),
        (f"lower{ending}cl", found.lower),
        (f"upper{ending}cl", found.upper),
    ):
        np.testing.assert_allclose(values, figures(wanted, name), rtol=CLOSE)


@pytest.mark.parametrize(("confidence", "ending"), ENDS)
def test_a_directly_standardised_rate(shared: Path, confidence: float, ending: str) -> None:
    given, wanted = (read_table(shared / "reference" / "phe" / name) for name in ("test_DSR_1976.csv", "hp_dsr1976.csv"))
    roles = {"count": ["count"], "total": ["pop"], "standard": ["esp1976"]}
    found = measure_table(given, name="DSR", further=roles, confidence=confidence)
    assert isinstance(found, Measurement) and found.lower is not None and found.upper is not None
    expected = [figures(wanted, name)[0] for name in ("value", f"lower{ending}cl", f"upper{ending}cl", "total_count")]
    np.testing.assert_allclose([found.value, found.lower, found.upper, found.also["events"]], expected, rtol=CLOSE)


def test_several_areas_and_too_few_events(shared: Path) -> None:
    """The package takes a missing count for 0 and so gives no rate for 9 events; a missing count is refused here first."""
    given = read_table(shared / "reference" / "inputs" / "test_multiarea_esp.csv")
    columns = [figures(given, name) for name in ("count", "pop", "esp2013")]
    stack = stack_slices(given["area"], *columns)
    named = dict(zip(("count", "total", "standard"), stack.columns, strict=True))
    assert measure_batch("DSR", columns=named).code.tolist() == ["", "", "missing-values"]
    named["count"] = np.nan_to_num(named["count"])
    found = measure_batch("DSR", columns=named)
    assert found.code.tolist() == ["", "", "too-few-events"] and found.at(2).as_dict()["code"] == "too-few-events"
    weights, rates = stack.columns[2][0], stack.columns[0][0] / stack.columns[1][0]
    assert found.value[0] == pytest.approx(1e5 * (weights * rates).sum() / weights.sum(), rel=1e-12)


def test_events_that_come_several_to_a_person(shared: Path) -> None:
    """The variance is the sum over f of f squared times that of the persons with f events each."""
    given = read_table(shared / "reference" / "inputs" / "test_DSR_nonind.csv")
    area, band = np.array(given["area"]), np.array(given["ageband"])
    count, total, event, standard = (figures(given, name) for name in ("persons", "pop", "freq", "esp2013"))
    count = np.nan_to_num(count)
    ages = np.unique(band, return_inverse=True)[1].astype(float)
    stack = stack_slices(area, count, total, event, standard, ages)
    named = dict(zip(("count", "total", "event", "standard", "group"), stack.columns, strict=True))
    found = measure_batch("DSR", columns=named)
    assert set(found.code[:3]) <= {"", "too-few-events"} and (found.code == "").sum() >= 2
    for index, name in enumerate(stack.keys):
        here = area == name
        bands = {b: (total[here & (band == b)][0], standard[here & (band == b)][0]) for b in set(band[here])}
        whole = sum(weight for _, weight in bands.values())
        pieces = [(count[i], event[i], standard[i] / total[i] / whole) for i in np.flatnonzero(here)]
        events, rate = sum(x * f for x, f, _ in pieces), sum(x * f * w for x, f, w in pieces)
        if events < 10:
            assert found.code[index] == "too-few-events"
            continue
        assert found.value[index] == pytest.approx(1e5 * rate, rel=1e-12)
        assert found.se[index] == pytest.approx(1e5 * sum(f**2 * x * w**2 for x, f, w in pieces) ** 0.5, rel=1e-12)


def test_ratios_to_a_standard(shared: Path) -> None:
    """Observed over expected at the standard's own rates, with the count's interval.

    The package takes the band of one area without figures for 0; here it is left out by hand, which comes to the same.
    """
    given = read_table(shared / "reference" / "inputs" / "test_ISR_ownref.csv")
    columns = np.array([figures(given, name) for name in ("count", "pop", "refcount", "refpop")])
    stack = stack_slices(given["area"], *np.where(np.isnan(columns).any(axis=0), np.nan, columns))
    named = dict(zip(("count", "total", "standard_count", "standard"), stack.columns, strict=True))
    ratio, rate = (
        measure_batch("SMR", columns=named),
        measure_batch("indirectly_standardised_rate", columns=named, parameters={"per": 1e5}),
    )
    for index in range(len(stack.keys)):
        held = np.isfinite(stack.columns[0][index])
        x, n, events, persons = (column[index][held] for column in stack.columns)
        expected = (n * events / persons).sum()
        assert ratio.value[index] == pytest.approx(x.sum() / expected, rel=1e-12)
        alone = measure_batch("crude_rate", columns={"count": [x.sum()], "total": [expected]}, parameters={"per": 1.0})
        np.testing.assert_allclose([ratio.lower[index], ratio.upper[index]], [alone.lower[0], alone.upper[0]], rtol=1e-12)
        assert rate.value[index] == pytest.approx(1e5 * x.sum() / expected * events.sum() / persons.sum(), rel=1e-12)


def test_quantile_groups(shared: Path) -> None:
    """Every group of the package's own test: where it inverts, the highest value is in group 1, as where less is better.

    The sets are: regions' areas in tenths by each indicator's own direction; areas in sevenths, not inverted; all in quarters.
    """
    given = read_table(shared / "reference" / "inputs" / "test_quantiles_g.csv.gz")
    regions = keep_rows(given, "GroupSet", "IndSexReg")
    checked = sum(
        same_groups(keep_rows(regions, "Polarity", way), ("IndSexRef", "ParentCode"), 10.0, polarity)
        for way, polarity in (("TRUE", Polarity.LESS), ("FALSE", Polarity.MORE))
    )
    checked += same_groups(keep_rows(given, "GroupSet", "IndSex"), ("IndSexRef",), 7.0, Polarity.MORE)
    checked += same_groups(keep_rows(given, "GroupSet", "None"), ("GroupSet",), 4.0, Polarity.LESS)
    assert checked > 900


def same_groups(table: dict[str, list[str]], names: tuple[str, ...], size: float, polarity: Polarity) -> int:
    """Check one table's groups against the published ones, and return how many were; what has none is refused."""
    key = ["/".join(parts) for parts in zip(*(table[name] for name in names), strict=True)]
    stack = stack_slices(key, figures(table, "Value"), figures(table, "QuantileInGrp"))
    found = measure_batch("quantile_group", stack.columns[0], polarity=polarity, parameters={"quantiles": size})
    held = (found.code == "")[:, None] & np.isfinite(stack.columns[0])
    np.testing.assert_array_equal(found.parts["group"][held], stack.columns[1][held])
    assert np.isnan(stack.columns[1][~held]).all()
    return int(held.sum())


def test_the_funnel_of_291_areas(shared: Path) -> None:
    """Which of the package's own areas are outside which limits, and the limits at one population of its published plot."""
    given = read_table(shared / "reference" / "inputs" / "test_funnel_inputs.csv")
    count, total = figures(given, "numerator"), figures(given, "denominator")
    held = np.isfinite(count) & np.isfinite(total)
    found = measure_batch("funnel_limits", columns={"count": count[held], "total": total[held]}, convention="proportions")
    meaning = {"High (0.001)": 2, "High (0.025)": 1, "Not significant": 0, "Low (0.025)": -1, "Low (0.001)": -2}
    assert found.parts["outside"][0].tolist() == [meaning[word] for word in np.array(given["significance"])[held]]
    assert found.value[0] == pytest.approx(0.80642448, rel=1e-7)
    limits = [end for confidence in (0.95, 0.998) for end in binomial_limits(found.value[0], 102.0, confidence=confidence)]
    np.testing.assert_allclose(limits, [0.72974925, 0.88309971, 0.68553233, 0.92731663], rtol=1e-7)


def test_limits_of_ratios_as_published() -> None:
    """Expected events at which 1, 5, 20 and 100 observed ones lie on the 95 % limits of the package's published funnel.

    A spreadsheet found them by trial, to three or four digits from 10 events on, hence the tolerance.
    """
    observed = np.array([1.0, 5.0, 20.0, 100.0])
    on_lower = np.array([5.571643391, 11.6683320793, 30.88838097, 121.6268111])
    on_upper = np.array([0.0253178080, 1.6234863901, 12.21651877, 81.36400699])
    np.testing.assert_allclose(poisson_limits(on_lower, confidence=0.95)[0], observed, rtol=5e-4)
    np.testing.assert_allclose(poisson_limits(on_upper, confidence=0.95)[1], observed, rtol=5e-4)
