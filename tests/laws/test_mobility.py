"""Laws of mobility: what no relabelling, reordering or rescaling changes, and what staying put and mixing come to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelup.measures.batch import measure_batch

LAW = settings(max_examples=40, deadline=None, derandomize=True)
INDICES = ["prais-shorrocks", "determinant", "eigenvalue", "bartholomew-moves", "bartholomew-distance"]


@st.composite
def moves(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Rows that start from every one of three states, with weights."""
    size = draw(st.integers(6, 20))
    before = [0, 1, 2] + [draw(st.integers(0, 2)) for _ in range(size - 3)]
    after = [draw(st.integers(0, 2)) for _ in range(size)]
    weight = [draw(st.integers(1, 9)) for _ in range(size)]
    return {"before": np.array(before), "after": np.array(after), "population": np.array(weight, dtype=float)}


def matrix(given_moves: dict[str, np.ndarray], convention: str, **changes: object) -> object:
    arguments = {**given_moves, **changes}
    population = arguments.pop("population")
    return measure_batch("markov", columns=arguments, population=population, convention=convention)  # type: ignore[arg-type]


@pytest.mark.parametrize("convention", INDICES)
@LAW
@given(moves(), st.integers(0, 99))
def test_the_order_of_rows_and_the_scale_of_weights_never_matter(convention: str, rows: dict[str, np.ndarray], seed: int) -> None:
    index = np.random.default_rng(seed).permutation(len(rows["before"]))
    moved = {name: item[index] for name, item in rows.items()}
    moved["population"] = 7.0 * moved["population"]
    one, other = matrix(rows, convention), matrix(moved, convention)
    np.testing.assert_allclose(one.value, other.value, atol=1e-9)  # type: ignore[attr-defined]
    np.testing.assert_allclose(one.se, other.se, atol=1e-7)  # type: ignore[attr-defined]


@pytest.mark.parametrize("convention", INDICES[:4])
@LAW
@given(moves(), st.permutations([10, 20, 30]))
def test_what_states_are_called_matters_to_no_index_without_distances(
    convention: str, rows: dict[str, np.ndarray], names: list[int]
) -> None:
    called = {role: np.array(names)[rows[role]] for role in ("before", "after")}
    one, other = matrix(rows, convention), matrix(rows, convention, **called)
    np.testing.assert_allclose(one.value, other.value, atol=1e-9)  # type: ignore[attr-defined]


@LAW
@given(moves())
def test_a_steady_state_is_steady_and_chances_add_up(rows: dict[str, np.ndarray]) -> None:
    found = matrix(rows, "prais-shorrocks")
    chance, steady = found.parts["chance"][0], found.parts["steady_state"][0]  # type: ignore[attr-defined]
    np.testing.assert_allclose(chance.sum(axis=1), 1.0)
    if np.isfinite(steady).all():
        np.testing.assert_allclose(steady @ chance, steady, atol=1e-9)


@pytest.mark.parametrize("convention", INDICES)
def test_staying_put_is_no_movement(convention: str) -> None:
    stay = {"before": np.arange(6) % 3, "after": np.arange(6) % 3, "population": np.ones(6)}
    np.testing.assert_allclose(matrix(stay, convention).value, [0.0], atol=1e-12)  # type: ignore[attr-defined]


@pytest.mark.parametrize("convention", INDICES[:4])
def test_a_start_that_does_not_matter_is_full_movement(convention: str) -> None:
    mixed = {"before": np.repeat(np.arange(3), 3), "after": np.tile(np.arange(3), 3), "population": np.ones(9)}
    np.testing.assert_allclose(matrix(mixed, convention).value, [1.0], atol=1e-12)  # type: ignore[attr-defined]


@LAW
@given(moves(), moves())
def test_a_batch_gives_what_each_slice_gives_alone(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    size = max(len(one["before"]), len(other["before"]))
    padded = {
        name: np.stack(
            [np.pad(item[name].astype(float), (0, size - len(item[name])), constant_values=np.nan) for item in (one, other)]
        )
        for name in one
    }
    both = matrix(padded, "determinant")
    alone = [matrix(item, "determinant") for item in (one, other)]
    np.testing.assert_allclose(both.value, [item.value[0] for item in alone], atol=1e-9)  # type: ignore[attr-defined]
    np.testing.assert_allclose(both.se, [item.se[0] for item in alone], atol=1e-7)  # type: ignore[attr-defined]


@st.composite
def pairs(draw: st.DrawFn) -> dict[str, np.ndarray]:
    size = draw(st.integers(6, 15))
    before, after = ([draw(st.integers(0, 30)) for _ in range(size)] for _ in range(2))
    assume(len(set(before)) > 2 and len(set(after)) > 2)
    return {"before": np.array(before, dtype=float), "after": np.array(after, dtype=float)}


@pytest.mark.parametrize("convention", ["slope", "expected-rank", "bottom-to-top"])
@LAW
@given(pairs())
def test_ranks_know_only_the_order(convention: str, rows: dict[str, np.ndarray]) -> None:
    bent = {"before": np.exp(rows["before"] / 10.0), "after": rows["after"] ** 3}
    one, other = (measure_batch("rank_mobility", columns=item, convention=convention) for item in (rows, bent))
    np.testing.assert_allclose(one.value, other.value, atol=1e-12)
    np.testing.assert_allclose(one.se, other.se, atol=1e-12)


@pytest.mark.parametrize("convention", ["slope", "bottom-to-top"])
@LAW
@given(pairs(), st.integers(2, 4))
def test_a_weight_stands_for_copies(convention: str, rows: dict[str, np.ndarray], copies: int) -> None:
    weight = 1.0 + (np.arange(len(rows["before"])) % copies)
    repeated = {name: np.repeat(item, weight.astype(int)) for name, item in rows.items()}
    weighted = measure_batch("rank_mobility", columns=rows, population=weight, convention=convention)
    np.testing.assert_allclose(
        weighted.value, measure_batch("rank_mobility", columns=repeated, convention=convention).value, atol=1e-12
    )


@LAW
@given(pairs())
def test_kendalls_tau_is_even_and_turns_its_sign(rows: dict[str, np.ndarray]) -> None:
    there = measure_batch("tau", columns=rows).value
    back = measure_batch("tau", columns={"before": rows["after"], "after": rows["before"]}).value
    turned = measure_batch("tau", columns={"before": rows["before"], "after": -rows["after"]}).value
    np.testing.assert_allclose([back, turned], [there, -there], atol=1e-12)


@LAW
@given(pairs(), st.sampled_from([0.01, 3.0, 1000.0]), st.sampled_from([-5.0, 40.0]))
def test_convergence_ignores_unit_and_zero(rows: dict[str, np.ndarray], factor: float, shift: float) -> None:
    moved = {name: factor * item + shift for name, item in rows.items()}
    for convention in ("beta", "sigma"):
        one, other = (
            measure_batch("convergence", columns=item, convention=convention, parameters={"scale": "level"})
            for item in (rows, moved)
        )
        np.testing.assert_allclose(one.value, other.value, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(one.lower, other.lower, rtol=1e-6, atol=1e-7)
