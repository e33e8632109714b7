"""Quantiles, the variance and indices with a weight on parts of the order, of persons: against the table's, and by simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from tests.measures.persons import Floats, measured, some_persons

ENDS = ("lower", "upper")
INDICES: tuple[dict[str, Any], ...] = (
    {"name": "extended_concentration_index", "parameters": {"v": 1.5}},
    {"name": "extended_concentration_index", "parameters": {"v": 5.0}},
    {"name": "symmetric_concentration_index", "parameters": {"beta": 1.5}},
    {"name": "symmetric_concentration_index", "parameters": {"beta": 4.0}},
)


def places(table: dict[str, Any], *, by: str = "place") -> list[dict[str, Any]]:
    """Return the rows of each place, in the order of their names."""
    return [{name: column[table[by] == place] for name, column in table.items()} for place in np.unique(table[by])]


def shares_covered(found: Readings, truth: float) -> tuple[float, float]:
    """Return the share of groups that have an interval, and of those the share that hold the truth."""
    shown = np.isfinite(found.lower)
    return float(shown.mean()), float(((found.lower <= truth) & (truth <= found.upper))[shown].mean())


def simulated(folder: Path, table: dict[str, Any], **asked: Any) -> Readings:
    """Return one measure of every group `g` of a table."""
    write_parquet(table, folder / "drawn.parquet")
    return measure_persons(folder / "drawn.parquet", outcome="x", by="g", **asked).readings


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_a_quantile_of_persons_is_the_table_s(tmp_path: Path, q: float, confidence: float) -> None:
    table = some_persons()
    table["x"] = np.round(table["x"])
    asked = {"outcome": "x", "by": "place", "name": "quantile", "parameters": {"q": q}, "confidence": confidence}
    for record, rows in zip(measured(tmp_path, table, **asked), places(table), strict=True):
        same = measure_batch("quantile", rows["x"], parameters={"q": q}, confidence=confidence)
        for name in ("value", *ENDS, *(("se",) if confidence == 0.95 else ())):
            assert record[name] == pytest.approx(getattr(same, name)[0], rel=1e-12)
    for record, rows in zip(measured(tmp_path, table, weight="w", **asked), places(table), strict=True):
        same = measure_batch("quantile", rows["x"], population=rows["w"], parameters={"q": q}, confidence=confidence)
        assert record["value"] == same.value[0]
        # Student's t is a little wider than the table's normal interval, so that an end may be the next level.
        np.testing.assert_allclose([record[name] for name in ENDS], [same.lower[0], same.upper[0]], atol=1.0)


def test_bins_and_whole_rows_give_one_quantile(tmp_path: Path) -> None:
    """Five thousand persons are read in bins: the value is exact, and the ends lie on a line through the bins next to it."""
    table = some_persons(rows=5000, groups=1)
    table["x"] = np.random.default_rng(1).lognormal(3.0, 0.5, 5000)
    for q in (0.05, 0.5):
        (record,) = measured(tmp_path, table, outcome="x", name="quantile", parameters={"q": q})
        same = measure_batch("quantile", table["x"], parameters={"q": q})
        assert record["value"] == pytest.approx(same.value[0], rel=1e-12)
        width = same.upper[0] - same.lower[0]
        for name in ENDS:
            assert abs(record[name] - getattr(same, name)[0]) < 0.05 * width


def test_levels_on_both_sides_of_zero_have_quantiles(tmp_path: Path) -> None:
    values = np.random.default_rng(2).normal(size=6000)
    for q in (0.2, 0.6):
        (record,) = measured(tmp_path, {"x": values}, outcome="x", name="quantile", parameters={"q": q})
        same = measure_batch("quantile", values, parameters={"q": q})
        np.testing.assert_allclose(
            [record[name] for name in ("value", *ENDS)], [same.value[0], same.lower[0], same.upper[0]], atol=0.003
        )


def test_a_median_within_clusters_by_hand(tmp_path: Path) -> None:
    """Ten clusters of ten alike: the share below has the error of 10 shares of 0 or 1, and Student's t 9 degrees of freedom."""
    values = np.repeat(np.arange(1.0, 11.0), 10) + np.tile(np.arange(10) / 100.0, 10)
    (record,) = measured(tmp_path, {"x": values, "c": np.repeat(np.arange(10), 10)}, name="median", outcome="x", psu="c")
    wide = 2.262157 * np.sqrt(10 / 9 * 10 * (0.5 / 10) ** 2)
    ends = [np.sort(values)[int(np.ceil(100 * (0.5 - wide))) - 1], np.sort(values)[int(np.floor(100 * (0.5 + wide)))]]
    assert record["value"] == pytest.approx(5.545) and [record[name] for name in ENDS] == pytest.approx(ends)


@pytest.mark.parametrize("values", [[3.0], [1.0, 2.0, 3.0, 4.0, 5.0], [4.0] * 30])
def test_persons_that_cannot_tell_have_a_quantile_and_no_interval(tmp_path: Path, values: list[float]) -> None:
    (record,) = measured(tmp_path, {"x": values}, name="median", outcome="x")
    assert record["value"] == np.median(values) and record["lower"] is None and "estimate alone" in record["method"]


@pytest.mark.parametrize(("q", "clusters"), [(0.5, 12), (0.25, 40)])
def test_quantiles_cover_with_clusters(tmp_path: Path, q: float, clusters: int) -> None:
    """As if persons were drawn one by one fewer than 90 of 100 would."""
    random, draws, size = np.random.default_rng(3), 1000, 10
    psu = np.repeat(np.arange(draws * clusters), size)
    values = np.repeat(random.normal(0.0, 0.4, draws * clusters), size) + random.normal(size=len(psu))
    table, truth = {"x": values, "g": psu // clusters, "c": psu}, float(np.sqrt(1.16) * special.ndtri(q))
    asked = {"name": "quantile", "parameters": {"q": q}}
    shown, covered = shares_covered(simulated(tmp_path, table, **asked, psu="c"), truth)
    assert shown > 0.99 and abs(covered - 0.95) < 0.025
    assert shares_covered(simulated(tmp_path, table, **asked), truth)[1] < 0.9


def test_a_variance_is_numpy_s_and_the_table_s(tmp_path: Path) -> None:
    table = some_persons()
    found = measured(tmp_path, table, outcome="x", weight="w", by="place", name="variance")
    for record, rows in zip(found, places(table), strict=True):
        assert record["value"] == pytest.approx(float(np.cov(rows["x"], aweights=rows["w"], ddof=0)), rel=1e-12)
        same = measure_batch("between_group_variance", rows["x"], population=rows["w"], polarity=Polarity.MORE)
        assert record["value"] == pytest.approx(same.value[0], rel=1e-12)
        assert record["also"]["mean"] == pytest.approx(same.also["mean"][0], rel=1e-12)
    plain = measured(tmp_path, table, outcome="x", by="place", name="between_group_variance")
    assert [record["value"] for record in plain] == pytest.approx([float(np.var(rows["x"])) for rows in places(table)], rel=1e-12)


def test_a_variance_by_hand(tmp_path: Path) -> None:
    """1, 3, 5, 7, 25 times: mean 4, variance 5; squared distances lie 4 from it: its error is the root of 100/99 x 16 / 100."""
    (record,) = measured(tmp_path, {"x": [1.0, 3.0, 5.0, 7.0] * 25}, name="variance", outcome="x")
    assert (record["value"], record["se"]) == pytest.approx((5.0, np.sqrt(16 / 99)))


def test_the_error_of_a_variance_is_made_from_derivatives_by_weight(tmp_path: Path) -> None:
    table = some_persons(rows=120, groups=1)
    (record,) = measured(tmp_path, table, outcome="x", weight="w", name="variance")

    def variances(weight: Floats) -> Floats:
        share = weight / weight.sum(axis=1, keepdims=True)
        return np.asarray((share * (table["x"] - share @ table["x"][:, None]) ** 2).sum(axis=1))

    step = 1e-5 * np.eye(120)
    influence = table["w"] * (variances(table["w"] + step) - variances(table["w"] - step)) / 2e-5
    assert record["se"] == pytest.approx(np.sqrt(120 / 119 * np.square(influence).sum()), rel=1e-5)


@pytest.mark.parametrize("asked", [{"name": "variance"}, {"name": "median"}, *INDICES], ids=str)
def test_the_scale_of_weights_does_not_matter(tmp_path: Path, asked: dict[str, Any]) -> None:
    table = some_persons(rows=300)
    if "index" in asked["name"]:
        asked = {**asked, "rank": "rank", "convention": "absolute"}
    once = measured(tmp_path, table, outcome="x", weight="w", **asked)[0]
    again = measured(tmp_path, {**table, "w": table["w"] * 1000.0}, outcome="x", weight="w", **asked)[0]
    for key in ("value", "se", *ENDS):
        assert again[key] == pytest.approx(once[key], rel=1e-9)


@pytest.mark.parametrize("shift", [0.0, 1e3, 15 / 16 * 2.0**30])
def test_a_shift_leaves_a_variance_alone(tmp_path: Path, shift: float) -> None:
    """The last is about 1e9, where levels themselves keep seven digits after the point."""
    values = np.random.default_rng(4).normal(0.0, 3.0, 500) + shift
    (record,) = measured(tmp_path, {"x": values}, name="variance", outcome="x")
    truth = np.var(values - shift)
    error = np.sqrt(np.mean(((values - values.mean()) ** 2 - truth) ** 2) / 499)
    assert record["value"] == pytest.approx(truth, rel=1e-9) and record["se"] == pytest.approx(error, rel=1e-4)


def test_a_spread_that_is_lost_to_rounding_is_refused_and_none_is_none(tmp_path: Path) -> None:
    """Beside a group at 0 a group at 1e9 keeps none of the digits of a spread of 1; levels that are all alike have no spread."""
    table = {"x": [0.0, 1.0, 5.0, 1e9, 1e9 + 1.0, 1e9 + 3.0, 7.1, 7.1, 7.1], "g": np.repeat([0, 1, 2], 3)}
    far, alike = measured(tmp_path, table, outcome="x", by="g", name="variance")[1:]
    assert far["refusal"]["code"] == "unsupported-combination" and "rounding" in far["refusal"]["reason"]
    assert alike["value"] == 0.0 and alike["lower"] is None


def test_variances_cover(tmp_path: Path) -> None:
    """As often as they say with normal levels; lopsided ones need more persons, as the measure's notes have it."""
    random, draws, size = np.random.default_rng(5), 1000, 300
    table = {"g": np.repeat(np.arange(draws), size), "w": random.uniform(0.5, 2.0, draws * size)}
    normal = simulated(tmp_path, {**table, "x": random.normal(5.0, 2.0, draws * size)}, name="variance", weight="w")
    assert abs(shares_covered(normal, 4.0)[1] - 0.945) < 0.025
    truth = float((np.exp(0.25) - 1.0) * np.exp(0.25))
    lopsided = simulated(tmp_path, {**table, "x": random.lognormal(0.0, 0.5, draws * size)}, name="variance", weight="w")
    assert shares_covered(lopsided, truth)[1] > 0.86


@pytest.mark.parametrize("rank", ["rank", "fine_rank"])
@pytest.mark.parametrize("convention", ["relative", "absolute"])
@pytest.mark.parametrize("asked", INDICES, ids=str)
def test_an_index_of_persons_is_the_table_s(tmp_path: Path, asked: dict[str, Any], convention: str, rank: str) -> None:
    table = some_persons()
    asked = {**asked, "convention": convention}
    common = {"outcome": "x", "weight": "w", "by": "place", "rank": rank, "polarity": "less-is-better", **asked}
    for psu in (None, "psu"):
        found = measured(tmp_path, table, **common, **({} if psu is None else {"psu": psu}))
        for record, rows in zip(found, places(table), strict=True):
            name, given = asked["name"], {key: item for key, item in asked.items() if key != "name"}
            units = None if psu is None else {"unit": rows[psu]}
            same = measure_batch(
                name, rows["x"], population=rows["w"], order=rows[rank], polarity=Polarity.LESS, columns=units, **given
            )
            assert (record["value"], record["se"]) == pytest.approx((same.value[0], same.se[0]), rel=1e-9)


def test_at_two_both_are_the_standard_index(tmp_path: Path) -> None:
    table = some_persons(rows=500, groups=1)
    asked = {"outcome": "x", "weight": "w", "rank": "rank", "convention": "relative"}
    (standard,) = measured(tmp_path, table, name="RCI", parameters={"interval": "influence"}, **{**asked, "convention": None})
    for name, parameter in (("ECI", "v"), ("SCI", "beta")):
        (record,) = measured(tmp_path, table, name=name, parameters={parameter: 2.0}, **asked)
        assert (record["value"], record["se"]) == pytest.approx((standard["value"], standard["se"]), rel=1e-9)


def test_few_persons_have_an_index_and_no_interval(tmp_path: Path) -> None:
    table = {"x": [10.0, 35.0, 30.0], "r": [1, 2, 3]}
    (record,) = measured(tmp_path, table, name="ECI", parameters={"v": 3}, outcome="x", rank="r", convention="relative")
    assert record["value"] == pytest.approx(1 - (10 * 19 + 35 * 7 + 30) / 27 / 25)
    assert record["lower"] is None and "below 100 persons" in record["method"]


@pytest.mark.parametrize(("name", "parameter"), [("ECI", "v"), ("SCI", "beta")])
def test_what_an_index_cannot_say_is_refused(tmp_path: Path, name: str, parameter: str) -> None:
    table = {"x": [-1.0, 35.0, 30.0], "r": [1, 2, 3], "one": [4, 4, 4]}
    asked = {"name": name, "outcome": "x", "rank": "r", "convention": "absolute", "parameters": {parameter: 3.0}}

    def code(**changed: Any) -> str:
        return str(measured(tmp_path, table, **{**asked, **changed})[0]["refusal"]["code"])

    assert code(parameters={parameter: 1.0}) == "unsupported-combination"
    assert code(convention="relative") == "not-positive" and code(rank="one") == "no-order"
    with pytest.raises(InputError, match="interval must be one of: influence"):
        code(parameters={parameter: 3.0, "interval": "errors"})


@pytest.mark.parametrize("asked", INDICES[1:3], ids=str)
def test_indices_cover(tmp_path: Path, asked: dict[str, Any]) -> None:
    """Levels rise by 1 along the order; ranks come in tenths, and weights have nothing to do with either."""
    random, draws, size = np.random.default_rng(6), 1000, 400
    tenth = random.integers(0, 10, draws * size)
    table = {
        "g": np.repeat(np.arange(draws), size), "r": tenth, "w": random.uniform(0.5, 2.0, draws * size),
        "x": 5.0 + tenth / 10.0 + random.exponential(2.0, draws * size),
    }  # fmt: skip
    truth = measure_batch(
        asked["name"], 7.0 + np.arange(10) / 10.0, population=np.ones(10), order=np.arange(10), polarity=Polarity.MORE,
        convention="relative", parameters=asked["parameters"],
    ).value[0]  # fmt: skip
    found = simulated(tmp_path, table, **asked, rank="r", weight="w", convention="relative")
    assert abs(shares_covered(found, float(truth))[1] - 0.95) < 0.025
