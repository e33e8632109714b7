"""Group disparity worked by hand: differences, ratios, strata, four fifths, and what picking the extremes adds."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.table import measure_table
from levelup.terms.record import Measurement

CHOSEN = [1, 1, 1, 0, 0, 1, 0, 0]
GROUP = [0, 0, 0, 0, 1, 1, 1, 1]


def read(convention: str, value: object = CHOSEN, group: object = GROUP, estimate: str = "plug-in", **more: object) -> Readings:
    columns = {"group": group} | {key: more.pop(key) for key in ("stratum",) if key in more}
    return measure_batch(
        "group_disparity", value, columns=columns, convention=convention, parameters={"estimate": estimate}, **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("convention", "value"), [("difference", 0.5), ("ratio", 1 / 3), ("difference-to-overall", 0.25), ("ratio-to-overall", 0.5)]
)
def test_by_hand(convention: str, value: float) -> None:
    """Three of four and one of four chosen, a half in all."""
    assert read(convention).value[0] == pytest.approx(value)


def test_four_fifths() -> None:
    found = read("ratio", [60, 48, 47.9], [0, 1, 2], se=[1, 1, 1])
    assert found.also["below_four_fifths"].tolist() == [1.0] and found.value[0] == pytest.approx(47.9 / 60)


def test_within_strata_a_difference_of_mix_is_none() -> None:
    """Each stratum chooses alike; the groups lie in them unequally."""
    value = [1, 1, 1, 0, 0, 1, 0, 0, 0]
    group, stratum = [0, 0, 1, 0, 1, 1, 0, 1, 1], [0, 0, 0, 1, 1, 0, 1, 1, 1]
    assert read("difference", value, group).value[0] > 0.0
    found = read("difference", value, group, stratum=stratum)
    assert found.value[0] == 0.0 and found.parts["worst"][0].tolist() == [0.0, 0.0]


def test_bringing_the_better_down_counts_as_less_and_the_levels_say_so() -> None:
    before, after = (read("difference", [90, top], [0, 1], se=[1, 1]) for top in (60, 90))
    lowered = read("difference", [60, 60], [0, 1], se=[1, 1])
    assert before.value[0] == 30 and after.value[0] == lowered.value[0] == 0
    assert lowered.also["highest"][0] < after.also["highest"][0]


def test_picking_the_extremes_is_taken_off() -> None:
    """Twenty groups without a difference, of error 1: the plain gap is 3.7 on average, the corrected one mostly small."""
    level = np.random.default_rng(3).normal(50, 1, size=(400, 20))
    call = {"group": np.broadcast_to(np.arange(20.0), level.shape), "se": np.ones(level.shape)}
    plain, freed = (read("difference", level, estimate=name, **call) for name in ("plug-in", "noise-corrected"))
    assert plain.value.mean() == pytest.approx(3.73, abs=0.15)
    assert np.median(freed.value) < 0.7 and (freed.value == 0).mean() > 0.3
    assert (plain.lower <= 0).mean() > 0.96


@pytest.mark.parametrize("convention", ["difference", "ratio", "difference-to-overall"])
def test_the_bounds_hold(convention: str) -> None:
    """Five groups of rates .3 to .6 and 150 persons each: covered at least as often as promised."""
    rate = np.array([0.3, 0.4, 0.45, 0.5, 0.6])
    group = np.repeat(np.arange(5.0), 150)
    value = (np.random.default_rng(5).uniform(size=(1500, 750)) < np.repeat(rate, 150)).astype(float)
    found = read(convention, value, np.broadcast_to(group, value.shape))
    truth = {"difference": 0.3, "ratio": 0.5, "difference-to-overall": 0.15}[convention]
    assert ((found.lower <= truth) & (truth <= found.upper)).mean() > 0.94


def test_a_group_all_alike_has_no_interval() -> None:
    result = read("difference", [1, 1, 0, 1], [0, 0, 1, 1]).at(0)
    assert isinstance(result, Measurement) and (result.value, result.lower) == (0.5, None)


@pytest.mark.parametrize(
    ("convention", "value", "group", "estimate", "code"),
    [
        ("difference", [1, 0], [0, 0], "plug-in", "too-few-subjects"),
        ("ratio", [-1, 2], [0, 1], "plug-in", "not-positive"),
        ("ratio", [0, 0], [0, 1], "plug-in", "not-positive"),
        ("difference-to-overall", CHOSEN, GROUP, "noise-corrected", "unsupported-combination"),
        ("difference", [1, 0], [0, 1], "noise-corrected", "no-uncertainty"),
        ("difference", [1, np.nan], [0, 1], "plug-in", "missing-values"),
    ],
)
def test_what_cannot_be_had_is_refused(convention: str, value: list[float], group: list[float], estimate: str, code: str) -> None:
    assert read(convention, value, group, estimate).code.tolist() == [code]


def test_groups_stand_beside_their_means() -> None:
    table = {"hired": ["1", "0", "1", "1"], "who": ["b", "b", "a", "a"]}
    found = measure_table(table, name="group disparity", value="hired", further={"group": ["who"]}, convention="difference")
    assert isinstance(found, Measurement)
    assert found.parts["group"] == ["a", "b"] and found.parts["mean"] == [[1.0, 0.5]]
