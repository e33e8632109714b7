"""Measures of persons: by hand, by the measures of groups with every person a subject, and by numeric derivatives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from tests.measures.persons import Floats, measured, some_persons

ASKED: tuple[dict[str, Any], ...] = (
    {"name": "theil"},
    {"name": "mean_log_deviation"},
    {"name": "atkinson", "parameters": {"epsilon": 0.5}},
    {"name": "atkinson", "parameters": {"epsilon": 1.0}},
    {"name": "atkinson", "parameters": {"epsilon": 2.0}},
    {"name": "generalised_entropy", "parameters": {"alpha": 2.0}},
    {"name": "generalised_entropy", "parameters": {"alpha": -0.5}},
    {"name": "poverty_gap", "parameters": {"floor": 22.0}},
    {"name": "poverty_severity", "parameters": {"floor": 22.0}},
    {"name": "watts", "parameters": {"floor": 22.0}},
    {"name": "coefficient_of_variation"},
    {"name": "s80s20"},
    {"name": "palma"},
    {"name": "top_tenth"},
    {"name": "hoover"},
    {"name": "wolfson", "convention": "wolfson"},
    {"name": "kolm_pollak", "parameters": {"kappa": 0.05}},
    {"name": "kolm_pollak", "parameters": {"epsilon": 0.5}},
    {"name": "quantile_ratio"},
    {"name": "gini"},
    {"name": "concentration_index", "convention": "absolute", "rank": "rank"},
    {"name": "concentration_index", "convention": "relative", "rank": "rank", "parameters": {"interval": "influence"}},
    {"name": "concentration_index", "convention": "wagstaff", "rank": "fine_rank", "bounds": (0.0, 400.0),
     "parameters": {"interval": "influence"}},
    {"name": "concentration_index", "convention": "erreygers", "rank": "rank", "bounds": (0.0, 400.0),
     "parameters": {"interval": "influence"}},
    {"name": "slope_index", "convention": "ohid-linear", "rank": "rank"},
    {"name": "slope_index", "convention": "ohid-linear", "rank": "fine_rank"},
    {"name": "relative_index", "convention": "ohid-linear", "rank": "rank"},
    {"name": "slope_index", "convention": "who-logit", "rank": "rank", "bounds": (0.0, 400.0)},
)  # fmt: skip


LOGS = ("s80s20", "palma", "top_tenth")
"""Measures whose standard error is that of their logarithm."""


def by_groups(asked: dict[str, Any], table: dict[str, Any], weight: Floats) -> Floats:
    """Return the measure with every person a subject, for one or several rows of weights."""
    values = np.broadcast_to(table["x"], weight.shape)
    order = table[asked["rank"]] if "rank" in asked else None
    given = {key: item for key, item in (asked.get("parameters") or {}).items() if key != "interval"}
    found = measure_batch(
        asked["name"], values, polarity=Polarity.MORE, population=weight, order=order, bounds=asked.get("bounds"),
        convention=asked.get("convention"), parameters=given,
    )  # fmt: skip
    return found.value


@pytest.mark.parametrize("asked", [item for item in ASKED if item.get("convention") != "who-logit"], ids=str)
def test_each_person_a_subject_gives_the_same(tmp_path: Path, asked: dict[str, Any]) -> None:
    table = some_persons()
    found = measured(tmp_path, table, outcome="x", weight="w", by="place,year", **asked)
    assert [record["group"] for record in found] == [
        {"place": place, "year": year} for place in ("E0", "E1", "E2") for year in (2019, 2020)
    ]
    for record in found:
        mine = (table["place"] == record["group"]["place"]) & (table["year"] == record["group"]["year"])
        picked = {name: column[mine] for name, column in table.items()}
        np.testing.assert_allclose(record["value"], by_groups(asked, picked, picked["w"])[0], rtol=1e-10)
        assert record["n"] == mine.sum()


@pytest.mark.parametrize(
    "asked",
    [
        item
        for item in ASKED
        if ("rank" not in item or (item.get("parameters") or {}).get("interval") == "influence")
        and item["name"] not in ("quantile_ratio", "wolfson")
    ],
    ids=str,
)
def test_the_error_is_made_from_derivatives_by_weight(tmp_path: Path, asked: dict[str, Any]) -> None:
    """The linearised value of a person is the weight times the measure's derivative by it, here taken numerically."""
    table = some_persons(rows=120, groups=1)
    table["year"] = np.full(120, 2020)
    (record,) = measured(tmp_path, table, outcome="x", weight="w", **asked)
    step = 1e-5
    up, down = table["w"] + step * np.eye(120), table["w"] - step * np.eye(120)
    values = [np.log(item) if asked["name"] in LOGS else item for item in (by_groups(asked, table, w) for w in (up, down))]
    slope = (values[0] - values[1]) / (2 * step)
    influence = table["w"] * slope
    assert record["se"] == pytest.approx(np.sqrt(120 / 119 * np.square(influence).sum()), rel=1e-5)


def test_a_spread_of_few_persons_stands_alone(tmp_path: Path) -> None:
    """Of 99 persons no interval, of 100 one: of fewer it would hold the truth too seldom."""
    for rows, is_given in ((99, False), (100, True)):
        for name in ("theil", "gini", "hoover", "s80s20"):
            (record,) = measured(tmp_path, some_persons(rows=rows, groups=1), name=name, outcome="x", weight="w")
            assert (record["lower"] is not None) == is_given and ("fewer than 100" in record["method"]) != is_given


def test_a_gini_by_hand(tmp_path: Path) -> None:
    """Two persons with 1 and 3: the mean distance over pairs with return is 1, over twice the mean of 2."""
    (record,) = measured(tmp_path, {"x": [3.0, 1.0]}, name="gini", outcome="x")
    assert record["value"] == pytest.approx(0.25)


def test_a_theil_by_hand(tmp_path: Path) -> None:
    """Weights 1 and 3 of levels 10 and 30: mean 25, ratios 0.4 and 1.2."""
    (record,) = measured(tmp_path, {"x": [10.0, 30.0], "w": [1, 3]}, name="theil", outcome="x", weight="w")
    assert record["value"] == pytest.approx(1 / 4 * 0.4 * np.log(0.4) + 3 / 4 * 1.2 * np.log(1.2))


def test_a_concentration_index_by_hand(tmp_path: Path) -> None:
    """Three persons with 10, 20, 30 in order: ridits 1/6, 3/6, 5/6, so 2 x (10 x 1/6 + 20 x 3/6 + 30 x 5/6) / 3 / 20 - 1."""
    table = {"x": [10.0, 20.0, 30.0], "r": [1, 2, 3]}
    (record,) = measured(tmp_path, table, name="RCI", outcome="x", rank="r")
    assert record["value"] == pytest.approx(2 * (10 / 6 + 10 + 25) / 3 / 20 - 1)


def test_a_slope_index_by_hand(tmp_path: Path) -> None:
    """Levels rise by 10 from ridit 1/6 to 3/6 to 5/6: 30 from end to end; on a straight line no interval can be had."""
    table = {"x": [50.0, 60.0, 70.0], "r": [1, 2, 3]}
    (record,) = measured(tmp_path, table, name="SII", outcome="x", rank="r", convention="ohid-linear")
    assert record["value"] == pytest.approx(30.0)
    assert record["lower"] is None and "no scatter" in record["method"]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_scale_of_weights_does_not_matter(tmp_path: Path, asked: dict[str, Any]) -> None:
    table = some_persons(rows=300)
    once = measured(tmp_path, table, outcome="x", weight="w", **asked)[0]
    again = measured(tmp_path, {**table, "w": table["w"] * 1000.0}, outcome="x", weight="w", **asked)[0]
    for key in ("value", "se", "lower", "upper"):
        assert again[key] == pytest.approx(once[key], rel=1e-9)


@pytest.mark.parametrize("name", ["SII", "RCI"])
def test_turning_the_polarity_turns_the_sign(tmp_path: Path, name: str) -> None:
    asked = {"name": name, "outcome": "x", "rank": "rank", "convention": "ohid-linear" if name == "SII" else None}
    table = some_persons(rows=200)
    up = measured(tmp_path, table, **asked, polarity="more-is-better")[0]
    down = measured(tmp_path, table, **asked, polarity="less-is-better")[0]
    assert down["value"] == pytest.approx(-up["value"]) and down["lower"] == pytest.approx(-up["upper"])
    assert "polarity" not in up["parameters"]


def test_a_polarity_that_was_not_stated_is_said(tmp_path: Path) -> None:
    (record,) = measured(tmp_path, {"x": [1.0, 2.0]}, name="gini", outcome="x")
    assert "not stated" in record["parameters"]["polarity"]


def test_ranks_with_ties_and_ranks_read_row_by_row_agree(tmp_path: Path) -> None:
    """Ranks that hardly repeat are read as rows; to give each a tiny lead of its own changes next to nothing."""
    table = some_persons(rows=400, groups=2)
    asked = {"name": "RCI", "outcome": "x", "weight": "w", "by": "place"}
    table["own"] = np.argsort(np.argsort(table["fine_rank"])) / 400.0
    by_rank = measured(tmp_path, table, rank="own", **asked)
    by_fine = measured(tmp_path, table, rank="fine_rank", **asked)
    for one, other in zip(by_rank, by_fine, strict=True):
        assert one["value"] == pytest.approx(other["value"], rel=1e-12)
        assert one["se"] == pytest.approx(other["se"], rel=1e-12)


@pytest.mark.parametrize(
    "asked",
    [item for item in ASKED if item["name"] in ("theil", "gini", "palma") or item.get("convention") == "relative"],
    ids=str,
)
def test_replicates_agree_with_linearisation(tmp_path: Path, asked: dict[str, Any]) -> None:
    table = some_persons(rows=4000, groups=1)
    settled = {key: item for key, item in asked.items() if key != "parameters"}
    settled["parameters"] = asked.get("parameters") or {}
    straight = measured(tmp_path, table, outcome="x", weight="w", **settled)[0]
    drawn = measured(tmp_path, table, outcome="x", weight="w", unit="unit", replicates=200, **settled)[0]
    assert drawn["value"] == pytest.approx(straight["value"], rel=1e-12)
    assert drawn["se"] == pytest.approx(straight["se"], rel=0.15)
    assert "jackknife" in drawn["method"]
    again = measured(tmp_path, table, outcome="x", weight="w", unit="unit", replicates=200, **settled)[0]
    assert again == drawn


def test_a_measure_of_groups_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="difference compares subjects, and must be told which"):
        measured(tmp_path, {"x": [1.0, 2.0]}, name="difference", outcome="x")


def test_a_convention_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must be asked for by a convention"):
        measured(tmp_path, {"x": [1.0, 2.0], "r": [1, 2]}, name="SII", outcome="x", rank="r")


def test_an_abbreviation_means_its_convention(tmp_path: Path) -> None:
    table = {"x": [1.0, 2.0, 4.0], "r": [1, 2, 3]}
    assert measured(tmp_path, table, name="ACI", outcome="x", rank="r")[0]["convention"] == "absolute"
    with pytest.raises(InputError, match="means the convention absolute"):
        measured(tmp_path, table, name="ACI", outcome="x", rank="r", convention="relative")
