"""Measures over subjects of persons: against the table of subjects, against the design worked in full, and by drawing surveys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.persons.registry import is_between
from levelup.measures.registry import MEASURES
from levelup.measures.stage import measure_persons
from levelup.store.parquet import write_parquet
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from tests.measures.persons import Floats, measured, some_persons

NAMED: dict[str, float | str] = {
    "floor": 40.0, "v": 2.0, "beta": 2.0, "weighting": "weighted", "form": "s80s20", "q": 0.5, "at": 0.5,
    "quantiles": 2.0,
}  # fmt: skip
ASKED = [
    (name, item.name, {part.name: NAMED[part.name] for part in entry.card.parameters if part.name in NAMED})
    for name, entry in MEASURES.items()
    if is_between(entry.card)
    for item in entry.card.conventions
]
BOUNDS = (0.0, 1000.0)
EXACT = 1e-12
SLOPES = 1e-5
"""Slopes are taken numerically, to about six digits."""


def persons(**changed: Any) -> dict[str, Any]:
    """Return persons whose places differ, with the places' own order."""
    table = some_persons(rows=1500, groups=4)
    table["tenth"] = np.array([int(place[1:]) + 1.0 for place in table["place"]])
    table["x"] = table["x"] + 9.0 * table["tenth"]
    return {**table, **changed}


def by_hand(table: dict[str, Any], mine: Any) -> tuple[Floats, Floats, Floats]:
    """Return the places' weighted means, their sums of weights and standard errors, of persons drawn one by one."""
    found = []
    for place in np.unique(table["place"][mine]):
        here = mine & (table["place"] == place)
        x, w = table["x"][here], table["w"][here]
        mean = (w * x).sum() / w.sum()
        error = np.sqrt(len(x) / (len(x) - 1) * ((w * (x - mean)) ** 2).sum()) / w.sum()
        found.append((mean, w.sum(), error))
    level, people, se = np.array(found).T
    return level, people, se


@pytest.mark.parametrize(("name", "convention", "parameters"), ASKED)
def test_values_are_those_of_the_table_of_subjects(
    tmp_path: Path, name: str, convention: str, parameters: dict[str, float | str]
) -> None:
    table = persons()
    asked = {"name": name, "convention": convention, "parameters": parameters, "bounds": BOUNDS}
    found = measured(tmp_path, table, outcome="x", weight="w", by="year", between="place", order="tenth", **asked)
    assert [record["group"] for record in found] == [{"year": 2019}, {"year": 2020}]
    for record in found:
        level, people, se = by_hand(table, table["year"] == record["group"]["year"])
        columns = {"group": np.arange(4.0)} if name == "group_disparity" else None
        wanted = measure_batch(
            name, level, polarity=Polarity.MORE, population=people, se=se, order=np.arange(1, 5), bounds=BOUNDS,
            convention=convention, parameters=parameters, columns=columns,
        ).at(0)  # fmt: skip
        assert record["value"] == pytest.approx(wanted.value, rel=EXACT)  # type: ignore[union-attr]
        assert record["n"] == 4 and record["also"]["persons"] == (table["year"] == record["group"]["year"]).sum()


def test_a_difference_by_hand(tmp_path: Path) -> None:
    """Levels 2 and 7, each with variance 2 x (1 + 1) / 4 = 1 over two persons; 5 +/- t with 3 degrees of freedom x root 2."""
    table = {"x": [1.0, 3.0, 6.0, 8.0], "side": ["a", "a", "b", "b"]}
    (record,) = measured(tmp_path, table, name="difference", outcome="x", between="side", reference="b")
    assert record["value"] == pytest.approx(5.0) and record["se"] == pytest.approx(np.sqrt(2.0), rel=SLOPES)
    assert record["lower"] == pytest.approx(5.0 - 3.182446 * np.sqrt(2.0), rel=1e-4)
    assert record["parameters"]["reference"] == "b" and "one by one" in record["method"] and record["group"] == {}


@pytest.mark.parametrize("more", [{}, {"strata": "stratum"}, {"psu": "psu"}, {"psu": "psu", "strata": "stratum"}], ids=str)
def test_a_difference_has_the_design_s_covariance(tmp_path: Path, more: dict[str, str]) -> None:
    """The variance of units' linearised values, here of a difference, worked in full."""
    table = persons()
    asked = {"outcome": "x", "weight": "w", "between": "place", "order": "tenth"}
    (record,) = measured(tmp_path, table, name="difference", **asked, **more)
    z, units = np.zeros(1500), table["psu"] if "psu" in more else np.arange(1500)
    stratum = table["stratum"] if "strata" in more else np.zeros(1500)
    for place, sign in (("E3", 1.0), ("E0", -1.0)):
        here = table["place"] == place
        x, w = table["x"][here], table["w"][here]
        n = len(np.unique(units[here]))
        lift = 1.0 if "strata" in more else np.sqrt(n / (n - 1))
        z[here] = sign * lift * w * (x - (w * x).sum() / w.sum()) / w.sum()
    variance = 0.0
    for layer in np.unique(stratum):
        drawn = np.unique(units[stratum == layer])
        total = np.array([z[(stratum == layer) & (units == unit)].sum() for unit in drawn])
        n = len(drawn)
        variance += ((total - total.mean()) ** 2).sum() * (n / (n - 1) if "strata" in more else 1.0)
    assert record["se"] == pytest.approx(np.sqrt(variance), rel=SLOPES)
    assert ("several subjects" in record["method"]) == bool(more)


@pytest.mark.parametrize("weight", ["w", None])
@pytest.mark.parametrize("more", [{}, {"psu": "psu"}], ids=str)
def test_the_mean_over_subjects_is_the_mean_of_persons(tmp_path: Path, weight: str | None, more: dict[str, str]) -> None:
    """Levels and populations are both estimated: together they must make the error that everyone's mean has."""
    asked = {"name": "mean", "outcome": "x", "weight": weight, "by": "year", "strata": "stratum", **more}
    for whole, split in zip(
        measured(tmp_path, persons(), **asked), measured(tmp_path, persons(), between="place", **asked), strict=True
    ):
        for key in ("value", "se", "lower", "upper"):
            assert split[key] == pytest.approx(whole[key], rel=SLOPES)


@pytest.mark.parametrize("name", ["theil", "gini", "between_group_variance", "ratio", "slope_index", "par"])
def test_replicates_leave_units_out(tmp_path: Path, name: str) -> None:
    """With as many random groups as clusters, numbered to fall apart, each replicate is the table without one cluster."""
    table = persons()
    table["psu"] = np.random.default_rng(5).integers(1, 30, 1500)
    count = 997
    convention = "ohid-linear" if name == "slope_index" else None
    asked = {"name": name, "outcome": "x", "weight": "w", "between": "place", "order": "tenth", "convention": convention}
    (record,) = measured(tmp_path, table, replicates=count, unit="psu", **asked)
    values = []
    for left in [None, *range(1, 30)]:
        level, people, _ = by_hand(table, table["psu"] != left)
        found = measure_batch(
            name, level, polarity=Polarity.MORE, population=people, order=np.arange(1, 5), convention=convention
        ).value[0]  # fmt: skip
        values.append(np.log(found) if name == "ratio" else found)
    spread = np.sum((np.array(values[1:]) - values[0]) ** 2)
    assert record["se"] == pytest.approx(np.sqrt(28 / 29 * spread), rel=1e-9)
    assert "replicate" in record["method"]


MEAN, SHARE = np.array([20.0, 24.0, 25.0, 30.0]), np.array([0.4, 0.3, 0.2, 0.1])
CENTRE = float((SHARE * MEAN).sum())
RIDIT = np.cumsum(SHARE) - SHARE / 2.0 - 0.5
TRUTH: dict[str, tuple[dict[str, Any], float]] = {
    "difference": ({"order": "tenth"}, 10.0),
    "between_group_variance": ({}, float((SHARE * (MEAN - CENTRE) ** 2).sum())),
    "slope_index": (
        {"order": "tenth", "convention": "ohid-linear"}, float((SHARE * RIDIT * MEAN).sum() / (SHARE * RIDIT**2).sum())
    ),
    "theil": ({}, float((SHARE * MEAN / CENTRE * np.log(MEAN / CENTRE)).sum())),
    "group_disparity": ({"convention": "difference"}, 10.0),
}  # fmt: skip


def surveys(*, draws: int = 300, clusters: int = 40, size: int = 20, seed: int = 1) -> dict[str, Any]:
    """Return surveys of clusters that hold persons of four subjects, in shares and with levels that differ by cluster."""
    generator, rows = np.random.default_rng(seed), draws * clusters
    share = np.cumsum(generator.dirichlet(8.0 * SHARE, rows), axis=1)
    who = np.minimum((generator.random((rows, size))[:, :, None] > share[:, None, :]).sum(axis=2), 3).ravel()
    cluster = np.repeat(np.arange(rows), size)
    own = generator.normal(0.0, 3.0, rows)[cluster] + generator.normal(0.0, 1.5, (rows, 4))[cluster, who]
    return {
        "draw": cluster // clusters,
        "cluster": cluster,
        "who": np.array(list("abcd"))[who],
        "tenth": who + 1,
        "x": MEAN[who] + own + generator.normal(0.0, 6.0, rows * size),
    }


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("surveys") / "persons.parquet"
    write_parquet(surveys(), path)
    return path


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("how", [{"psu": "cluster"}, {"replicates": 200, "unit": "cluster"}], ids=["clusters", "replicates"])
def test_intervals_cover_where_clusters_hold_several_subjects(drawn: Path, name: str, how: dict[str, Any]) -> None:
    """Of 300 draws 95 % cover with a Monte Carlo error of 1.3 %: 91 to 99 % are three of these either way."""
    options, truth = TRUTH[name]
    asked: dict[str, Any] = {"name": name, "outcome": "x", "by": "draw", "between": "who", **options}
    found = measure_persons(drawn, **asked, **how).readings
    assert np.isfinite(found.lower).all()
    assert 0.91 <= ((found.lower <= truth) & (truth <= found.upper)).mean() <= 0.99


def test_without_clusters_the_same_intervals_are_too_narrow(drawn: Path) -> None:
    options, truth = TRUTH["slope_index"]
    asked: dict[str, Any] = {"name": "slope_index", "outcome": "x", "by": "draw", "between": "who", **options}
    found = measure_persons(drawn, **asked).readings
    assert ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.9


def test_populations_are_estimated_too(tmp_path: Path) -> None:
    """Persons drawn one by one, whose subjects differ by more than persons do: with populations known 88 % would cover."""
    generator = np.random.default_rng(3)
    who = generator.choice(4, p=SHARE, size=400 * 400)
    table = {"draw": np.arange(400 * 400) // 400, "who": who, "x": MEAN[who] + generator.normal(0.0, 3.0, 400 * 400)}
    path, truth = tmp_path / "persons.parquet", TRUTH["between_group_variance"][1]
    write_parquet(table, path)
    for convention in ("plug-in", "noise-corrected"):
        found = measure_persons(
            path, name="between_group_variance", outcome="x", by="draw", between="who", convention=convention
        ).readings
        assert 0.915 <= ((found.lower <= truth) & (truth <= found.upper)).mean() <= 0.985


def test_a_correction_for_noise_needs_independent_errors(tmp_path: Path) -> None:
    asked = {"name": "between_group_variance", "convention": "noise-corrected", "outcome": "x", "between": "place"}
    for more in ({"psu": "psu"}, {"strata": "stratum"}, {"replicates": 20, "unit": "unit"}):
        (record,) = measured(tmp_path, persons(), **asked, **more)
        assert record["refusal"]["code"] == "unsupported-combination" and "--replicates 200" in record["refusal"]["next"]
    apart = persons(psu=np.arange(1500) // 40)
    apart["place"] = np.array([f"E{item % 4}" for item in apart["psu"]])
    (record,) = measured(tmp_path, apart, psu="psu", **asked)
    assert record["lower"] <= record["value"] <= record["upper"] and "no cluster holds" in record["method"]


def test_bounds_over_pairs_are_withheld_where_noise_is_large(tmp_path: Path) -> None:
    table = persons(x=np.random.default_rng(2).normal(50.0, 5.0, 1500))
    (record,) = measured(
        tmp_path, table, name="group_disparity", convention="difference", outcome="x", between="place", psu="psu"
    )
    assert record["lower"] is None and "as independent" in record["method"]
    assert record["parts"]["subject"] == ["E0", "E1", "E2", "E3"]


def test_a_convention_in_whole_people_has_no_slopes(tmp_path: Path) -> None:
    asked = {"name": "slope_index", "convention": "who-logit", "outcome": "ill", "bounds": (0, 1), "between": "place"}
    (record,) = measured(tmp_path, persons(), order="tenth", psu="psu", **asked)
    assert record["lower"] is None and "--replicates 200 --unit" in record["method"]
    (record,) = measured(tmp_path, persons(), order="tenth", replicates=200, unit="psu", **asked)
    assert record["lower"] < record["value"] < record["upper"]


def test_subjects_in_only_some_groups(tmp_path: Path) -> None:
    table = persons()
    kept = ~((table["place"] == "E2") & (table["year"] == 2020))
    table = {name: column[kept] for name, column in table.items()}
    first, second = measured(tmp_path, table, name="difference", outcome="x", by="year", between="place", reference="E2")
    assert first["value"] != 0.0 and second["refusal"]["code"] == "no-reference"
    first, second = measured(tmp_path, table, name="theil", outcome="x", by="year", between="place")
    assert (first["n"], second["n"]) == (4, 3)
    for record in measured(tmp_path, table, name="difference", outcome="x", by="year", between="place", reference="E9"):
        assert record["refusal"]["code"] == "no-reference"


def test_one_person_shows_no_error(tmp_path: Path) -> None:
    table = persons()
    table["place"] = np.where(np.arange(1500) == 7, "only", table["place"])
    table["tenth"] = np.where(np.arange(1500) == 7, 9, table["tenth"])
    asked = {"name": "slope_index", "convention": "ohid-linear", "outcome": "x", "between": "place", "order": "tenth"}
    for more in ({}, {"psu": "psu"}, {"replicates": 50, "unit": "unit"}):
        (record,) = measured(tmp_path, table, **asked, **more)
        assert record["n"] == 5 and record["lower"] is None and "a subject has" in record["method"]


def test_an_order_must_be_one_within_a_subject(tmp_path: Path) -> None:
    table = persons()
    table["tenth"] = np.where((table["year"] == 2020) & (np.arange(1500) % 50 == 0), 2.0, table["tenth"])
    asked = {"name": "slope_index", "convention": "ohid-linear", "outcome": "x", "by": "year", "between": "place"}
    first, second = measured(tmp_path, table, order="tenth", **asked)
    assert first["lower"] < first["upper"] and second["refusal"]["code"] == "no-order"
    assert "not the same" in second["refusal"]["reason"]
    table["tenth"] = np.where((table["year"] == 2019) & (table["place"] == "E1"), np.nan, persons()["tenth"])
    first, second = measured(tmp_path, table, order="tenth", **asked)
    assert first["refusal"]["code"] == "missing-values" and second["lower"] < second["upper"]


@pytest.mark.parametrize(
    ("column", "worth", "code"), [("x", np.nan, "missing-values"), ("w", 0.0, "not-positive"), ("x", 2000.0, "out-of-bounds")]
)
def test_rows_at_fault_refuse_their_group_alone(tmp_path: Path, column: str, worth: float, code: str) -> None:
    table = persons()
    row = int(np.flatnonzero(table["year"] == 2020)[3])
    table[column] = np.where(np.arange(1500) == row, worth, table[column])
    asked = {"name": "theil", "outcome": "x", "weight": "w", "by": "year", "between": "place", "bounds": BOUNDS}
    first, second = measured(tmp_path, table, **asked)
    assert first["value"] > 0 and second["refusal"]["code"] == code and "1 row" in second["refusal"]["reason"]


def test_one_subject_is_too_few(tmp_path: Path) -> None:
    (record,) = measured(tmp_path, persons(place=np.full(1500, "E0")), name="ratio", outcome="x", between="place")
    assert record["refusal"]["code"] == "too-few-subjects"


def test_two_columns_name_a_subject(tmp_path: Path) -> None:
    asked = {"outcome": "x", "between": "place,year", "name": "difference"}
    (record,) = measured(tmp_path, persons(), reference="E3, 2020", **asked)
    (other,) = measured(tmp_path, persons(), polarity="less-is-better", reference="E0, 2019", **asked)
    assert record["n"] == other["n"] == 8 and record["value"] > 25.0 and other["value"] > 25.0


def test_a_distance_from_zero_is_the_mean_s_own(tmp_path: Path) -> None:
    table = {"x": [-3.0, 1.0, 4.0, 6.0], "side": [1, 1, 2, 2]}
    (record,) = measured(
        tmp_path, table, name="difference", outcome="x", between="side", reference="1", polarity="nearer-zero-is-better"
    )
    assert record["value"] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("asked", "where", "said"),
    [
        ({"name": "difference"}, "--between", "--between"),
        ({"name": "theil", "reference": "E1"}, "--reference", "--between"),
        ({"name": "theil", "order": "tenth"}, "--order", "--between"),
        ({"name": "slope_index", "convention": "ohid-linear", "between": "place"}, "--order", "1 for the most"),
        ({"name": "RCI", "between": "place", "rank": "rank"}, "--rank", "--order"),
        ({"name": "theil", "between": "place", "by": "place"}, "--between", "not both"),
        ({"name": "moran", "between": "place"}, "--between", "levelup measure"),
        ({"name": "crude_rate", "between": "place"}, "--between", "levelup measure"),
        ({"name": "entropy_decomposition", "convention": "theil", "between": "place"}, "--between", "levelup measure"),
        ({"name": "theil", "between": "place", "convention": "pink"}, "convention", "plug-in"),
        ({"name": "mean_difference_from_best", "between": "place"}, "parameter", "weighting"),
        ({"name": "theil", "between": "nowhere"}, "columns", "nowhere"),
        ({"name": "theil", "between": "place", "replicates": 1, "unit": "unit"}, "--replicates", "2 to"),
    ],
    ids=str,
)
def test_what_does_not_go_together(tmp_path: Path, asked: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        measured(tmp_path, persons(), outcome="x", **asked)
    assert caught.value.where == where and said in str(caught.value)
