"""Moran's statistic on a chain worked by hand, its variance by dealing levels, and who neighbours whom."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.record import Measurement

CHAIN = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]


def test_by_hand() -> None:
    """4 / 6 times 2 (-1.5 * -.5 + -.5 * .5 + .5 * 1.5) over 5."""
    found = measure_batch("morans_i", [1, 2, 3, 4], columns={"neighbours": CHAIN}, convention="as-given")
    assert found.value[0] == pytest.approx(0.3333333333333333)


def test_scores_of_dealt_levels_have_mean_0_and_variance_1() -> None:
    """Twelve skewed levels dealt to a ring twenty thousand times: the moments under randomisation are exact."""
    rng = np.random.default_rng(1)
    level = rng.exponential(size=12)
    ring = np.roll(np.eye(12), 1, axis=1) + np.roll(np.eye(12), -1, axis=1)
    dealt = rng.permuted(np.tile(level, (20_000, 1)), axis=1)
    score = measure_batch("moran", dealt, columns={"neighbours": ring}, convention="as-given").also["z_randomisation"]
    assert abs(score.mean()) < 0.03 and score.std() == pytest.approx(1.0, abs=0.02)


def test_neighbours_by_name_and_by_nearness_agree() -> None:
    table = {
        "area": ["A", "B", "C", "D"],
        "rate": ["1", "2", "3", "4"],
        "next to": ["B", "A;C", "B;D", "C"],
        "x": ["0", "1", "2", "3"],
        "y": ["0", "0", "0", "0"],
    }
    call = {"name": "moran", "value": "rate", "label": "area", "convention": "row-standardised"}
    named = measure_table(table, further={"neighbours": ["next to"]}, **call)  # type: ignore[arg-type]
    near = measure_table(table, further={"x": ["x"], "y": ["y"]}, parameters={"nearest": 1}, **call)  # type: ignore[arg-type]
    assert isinstance(named, Measurement) and isinstance(near, Measurement)
    assert named.value == pytest.approx(near.value) and named.lower is None


def test_an_area_without_neighbours_is_counted() -> None:
    alone = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    found = measure_batch("moran", [1, 2, 3, 4], columns={"neighbours": alone}, convention="row-standardised")
    assert found.also["without_neighbours"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("value", "neighbours", "code"),
    [
        ([2, 2, 2, 2], CHAIN, "all-equal"),
        ([1, 2, 3, np.nan], CHAIN, "missing-values"),
        ([1, 2, 3, 4], np.zeros((4, 4)), "unsupported-combination"),
        ([1, 2, 3], np.ones((3, 3)), "too-few-subjects"),
    ],
)
def test_areas_that_tell_nothing_are_refused(value: list[float], neighbours: list[list[int]], code: str) -> None:
    found = measure_batch("moran", value, columns={"neighbours": neighbours}, convention="as-given")
    assert found.code.tolist() == [code]


@pytest.mark.parametrize(
    "columns", [{}, {"x": [1, 2, 3, 4], "y": [1, 2, 3, 4]}, {"neighbours": np.ones((3, 3))}, {"neighbours": -np.ones((4, 4))}]
)
def test_neighbours_that_cannot_be_are_errors(columns: dict[str, object]) -> None:
    with pytest.raises(InputError):
        measure_batch("moran", [1, 2, 3, 4], columns=columns, convention="as-given")  # type: ignore[arg-type]
