"""Laws of spatial statistics: neither the order of the areas, nor unit, zero or map scale, nor a batch changes anything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.inference.multiplicity import false_discovery
from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings

LAW = settings(max_examples=25, deadline=None, derandomize=True)
CASES = [
    ("moran", "row-standardised"),
    ("moran", "as-given"),
    ("geary", "row-standardised"),
    ("local_moran", "row-standardised"),
    ("getis_ord", "g-star"),
    ("getis_ord", "g"),
]


@st.composite
def maps(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Areas at distinct points of a lattice, with levels."""
    size = draw(st.integers(6, 14))
    at = draw(st.lists(st.integers(0, 99), min_size=size, max_size=size, unique=True))
    level = [draw(st.integers(0, 40)) + index / 7.0 for index in range(size)]
    return {"value": np.array(level), "x": np.array(at) % 10.0, "y": np.array(at) // 10.0}


def read(name: str, convention: str, areas: dict[str, np.ndarray], nearest: int = 3) -> Readings:
    columns = {role: areas[role] for role in ("x", "y")}
    return measure_batch(name, areas["value"], columns=columns, parameters={"nearest": nearest}, convention=convention)


def assert_alike(one: Readings, other: Readings, *, index: np.ndarray | None = None) -> None:
    np.testing.assert_allclose(one.value, other.value, rtol=1e-7, atol=1e-9)
    for name in one.also:
        np.testing.assert_allclose(one.also[name], other.also[name], rtol=1e-6, atol=1e-8)
    for name, part in one.parts.items():
        moved = part if index is None else part[:, index]
        np.testing.assert_allclose(moved, other.parts[name], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(maps(), st.integers(0, 99))
def test_the_order_of_areas_never_matters_even_where_distances_tie(
    name: str, convention: str, areas: dict[str, np.ndarray], seed: int
) -> None:
    index = np.random.default_rng(seed).permutation(len(areas["x"]))
    moved = {role: item[index] for role, item in areas.items()}
    assert_alike(read(name, convention, areas), read(name, convention, moved), index=index)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(maps(), st.sampled_from([0.01, 300.0]), st.sampled_from([-7.0, 90.0]))
def test_unit_zero_and_map_scale_never_matter(
    name: str, convention: str, areas: dict[str, np.ndarray], factor: float, shift: float
) -> None:
    moved = {role: factor * item + shift for role, item in areas.items()}
    assert_alike(read(name, convention, areas), read(name, convention, moved))


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(maps(), maps())
def test_a_batch_gives_what_each_map_gives_alone(
    name: str, convention: str, one: dict[str, np.ndarray], other: dict[str, np.ndarray]
) -> None:
    size = max(len(one["x"]), len(other["x"]))
    both = {
        role: np.stack([np.pad(item[role], (0, size - len(item[role])), constant_values=np.nan) for item in (one, other)])
        for role in one
    }
    together = read(name, convention, both)
    for at, areas in enumerate((one, other)):
        alone = read(name, convention, areas)
        np.testing.assert_allclose(together.value[at], alone.value[0], atol=1e-9)
        for part, figures in alone.parts.items():
            np.testing.assert_allclose(together.parts[part][at, : len(areas["x"])], figures[0], atol=1e-8)
            assert np.isnan(together.parts[part][at, len(areas["x"]) :]).all()


@LAW
@given(maps())
def test_one_web_of_neighbours_serves_every_slice(areas: dict[str, np.ndarray]) -> None:
    several = {**areas, "value": np.stack([areas["value"], areas["value"][::-1]])}
    found = read("moran", "row-standardised", several)
    turned = read("moran", "row-standardised", {**areas, "value": areas["value"][::-1]})
    np.testing.assert_allclose(found.value, [read("moran", "row-standardised", areas).value[0], turned.value[0]], atol=1e-12)


@LAW
@given(maps())
def test_weights_of_rows_leave_the_local_score_alone(areas: dict[str, np.ndarray]) -> None:
    plain, scaled = (read("local_moran", convention, areas) for convention in ("as-given", "row-standardised"))
    np.testing.assert_allclose(plain.parts["z"], scaled.parts["z"], atol=1e-9)
    np.testing.assert_allclose(plain.parts["p_value"], scaled.parts["p_value"], atol=1e-9)


@LAW
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_q_values_are_never_below_p_values_and_keep_their_order(p: list[float]) -> None:
    given_p = np.array([p])
    q = false_discovery(given_p, present=np.full(given_p.shape, True))
    assert (q >= given_p - 1e-15).all() and (q <= 1.0).all()
    place = np.argsort(given_p[0], kind="stable")
    assert (np.diff(q[0, place]) >= -1e-15).all()
    wider = false_discovery(np.pad(given_p, ((0, 0), (0, 3))), present=np.pad(np.full(given_p.shape, True), ((0, 0), (0, 3))))
    np.testing.assert_allclose(wider[:, : len(p)], q)


@LAW
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 500)), min_size=2, max_size=9), st.sampled_from([1.0, 1000.0]))
def test_smoothing_never_leaves_the_span_of_the_rates(areas: list[tuple[int, int]], per: float) -> None:
    count, total = np.array(areas, dtype=float).T
    found = measure_batch("empirical bayes", columns={"count": count, "total": total}, parameters={"per": per})
    if found.code[0]:
        assert count.sum() == 0
        return
    rates, smoothed = found.parts["rate"][0], found.parts["smoothed"][0]
    assert rates.min() - 1e-9 <= smoothed.min() and smoothed.max() <= rates.max() + 1e-9
    common = found.also["rate"][0]
    assert (np.abs(smoothed - common) <= np.abs(rates - common) + 1e-9 * per).all()
