"""Laws of group disparity: units, labels, copies, strata, batches; and the gap of noisy groups freed of noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelup.inference.largest_gap import chance_of_range, range_bounds, range_freed_of_noise, range_quantile
from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.registry import MEASURES

LAW = settings(max_examples=40, deadline=None, derandomize=True)
CONVENTIONS = MEASURES["group_disparity"].card.convention_names


@st.composite
def people(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Persons in three groups and two strata with amounts above 0, every group in both strata twice."""
    base = [(group, stratum) for group in range(3) for stratum in range(2)] * 2
    extra = [(draw(st.integers(0, 2)), draw(st.integers(0, 1))) for _ in range(draw(st.integers(0, 8)))]
    group, stratum = np.array(base + extra, dtype=float).T
    value = np.array([draw(st.integers(1, 50)) for _ in group], dtype=float) + 0.01 * np.arange(len(group))
    weight = np.array([draw(st.integers(1, 5)) for _ in group], dtype=float)
    return {"value": value, "group": group, "stratum": stratum, "population": weight}


def read(convention: str, rows: dict[str, np.ndarray], **more: object) -> Readings:
    columns = {role: rows[role] for role in ("group", "stratum") if role in rows}
    return measure_batch(
        "group_disparity",
        rows["value"],
        columns=columns,
        population=rows.get("population"),
        se=rows.get("se"),
        convention=convention,
        parameters=more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("convention", CONVENTIONS)
@LAW
@given(people(), st.sampled_from([0.01, 400.0]))
def test_the_unit_cancels_or_carries_through(convention: str, rows: dict[str, np.ndarray], factor: float) -> None:
    one, other = read(convention, rows), read(convention, {**rows, "value": factor * rows["value"]})
    by = 1.0 if convention.startswith("ratio") else factor
    for name in ("value", "lower", "upper"):
        np.testing.assert_allclose(by * getattr(one, name), getattr(other, name), rtol=1e-7, atol=1e-9 * by)


@pytest.mark.parametrize("convention", CONVENTIONS)
@LAW
@given(people(), st.integers(0, 99), st.permutations([0.0, 1.0, 2.0]))
def test_neither_the_order_of_rows_nor_the_names_of_groups_matter(
    convention: str, rows: dict[str, np.ndarray], seed: int, names: list[float]
) -> None:
    index = np.random.default_rng(seed).permutation(len(rows["value"]))
    moved = {role: item[index] for role, item in rows.items()}
    moved["group"] = np.array(names)[moved["group"].astype(int)]
    one, other = read(convention, rows), read(convention, moved)
    for name in ("value", "lower", "upper"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("convention", CONVENTIONS)
@LAW
@given(people())
def test_the_worst_stratum_is_that_of_a_stratum_alone(convention: str, rows: dict[str, np.ndarray]) -> None:
    whole = read(convention, rows)
    parts = []
    for stratum in (0.0, 1.0):
        kept = rows["stratum"] == stratum
        parts.append(read(convention, {role: item[kept] for role, item in rows.items() if role != "stratum"}).value[0])
    worst = min if convention.startswith("ratio") else max
    assert whole.value[0] == pytest.approx(worst(parts))
    assert whole.lower[0] - 1e-9 <= whole.value[0] <= whole.upper[0] + 1e-9


@pytest.mark.parametrize("convention", CONVENTIONS)
@LAW
@given(people(), people())
def test_a_batch_gives_what_each_slice_gives_alone(
    convention: str, one: dict[str, np.ndarray], other: dict[str, np.ndarray]
) -> None:
    size = max(len(one["value"]), len(other["value"]))
    both = {
        role: np.stack([np.pad(item[role], (0, size - len(item[role])), constant_values=np.nan) for item in (one, other)])
        for role in one
    }
    together, alone = read(convention, both), [read(convention, item) for item in (one, other)]
    for name in ("value", "lower", "upper"):
        np.testing.assert_allclose(getattr(together, name), [getattr(item, name)[0] for item in alone], rtol=1e-9, atol=1e-12)


@st.composite
def estimates(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(2, 6))
    level = np.array([[draw(st.floats(-20.0, 20.0)) for _ in range(size)]])
    variance = np.array([[draw(st.floats(0.05, 4.0)) for _ in range(size)]])
    return level, variance


@LAW
@given(estimates())
def test_a_gap_freed_of_noise_is_never_more_than_the_plain_one_and_within_its_bounds(
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    level, variance = drawn
    here = np.full(level.shape, True)
    freed = range_freed_of_noise(level, variance, present=here)[0]
    low, high = range_bounds(level, variance, present=here, tail=(0.025, 0.025))
    assert 0.0 <= freed <= np.ptp(level) + 1e-9
    assert low[0] - 1e-6 <= freed <= high[0]


@LAW
@given(estimates(), st.floats(0.1, 30.0), st.floats(0.1, 10.0))
def test_the_chance_of_a_range_grows_with_it(drawn: tuple[np.ndarray, np.ndarray], within: float, more: float) -> None:
    level, variance = drawn
    here = np.full(level.shape, True)
    small, large = (chance_of_range(level, variance, present=here, within=np.array([r])) for r in (within, within + more))
    assert small[0] <= large[0] + 1e-6


@pytest.mark.parametrize(("groups", "quantile"), [(2, 2.772), (3, 3.314), (5, 3.858), (10, 4.474), (20, 5.012)])
def test_the_quantile_of_a_range_is_that_of_the_tables(groups: int, quantile: float) -> None:
    """The studentised range with infinite degrees of freedom at 0.95."""
    assert range_quantile(0.95, groups) == pytest.approx(quantile, abs=5e-3)


def test_the_chance_of_a_range_is_that_of_draws() -> None:
    rng = np.random.default_rng(6)
    level, variance = np.array([[0.0, 1.0, 2.5, 0.3]]), np.array([[1.0, 0.5, 0.2, 2.0]])
    drawn = level + np.sqrt(variance) * rng.normal(size=(200_000, 4))
    for within in (1.5, 3.0, 5.0):
        found = chance_of_range(level, variance, present=np.full((1, 4), True), within=np.array([within]))[0]
        assert found == pytest.approx((np.ptp(drawn, axis=1) <= within).mean(), abs=0.006)


@LAW
@given(people())
def test_bringing_the_highest_group_down_narrows_it_and_lowers_its_levels(rows: dict[str, np.ndarray]) -> None:
    """The warning on the card: the measure itself cannot tell, the levels beside it do."""
    before = read("difference", {role: item for role, item in rows.items() if role != "stratum"})
    means = before.parts["mean"][0, 0]
    assume(np.sort(means)[-1] - np.sort(means)[-2] > 0.01)
    top = rows["group"] == means.argmax()
    lowered = {**rows, "value": rows["value"] - top * (np.sort(means)[-1] - np.sort(means)[-2])}
    after = read("difference", {role: item for role, item in lowered.items() if role != "stratum"})
    assert after.value[0] < before.value[0]
    assert after.also["highest"][0] < before.also["highest"][0] and after.also["overall"][0] < before.also["overall"][0]
