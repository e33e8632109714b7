"""Laws of the indices that weigh levels by their places in an order, and of their split by factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.terms.polarity import Polarity

LAW = settings(max_examples=40, deadline=None, derandomize=True)
INDICES: list[tuple[str, dict[str, float]]] = [
    ("concentration_index", {}),
    ("extended_concentration_index", {"v": 1.5}),
    ("extended_concentration_index", {"v": 4.0}),
    ("symmetric_concentration_index", {"beta": 1.5}),
    ("symmetric_concentration_index", {"beta": 5.0}),
]


@st.composite
def tables(draw: st.DrawFn, factors: int = 0) -> dict[str, np.ndarray]:
    """Return persons with levels above 0, weights, an order with ties and, if asked for, factors."""
    size = draw(st.integers(factors + 4, 12))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    table = {
        "value": np.round(random.uniform(1.0, 99.0, size=size), 2),
        "population": np.round(random.uniform(0.5, 4.0, size=size), 2),
        "order": np.append([0.0, 9.0], random.integers(0, 10, size=size - 2)),
    }
    return {**table, "factor": np.round(random.normal(size=(size, factors)), 3)} if factors else table


def index(table: dict[str, np.ndarray], name: str, parameters: dict[str, float], convention: str, **changes: Any) -> Readings:  # noqa: ANN401
    given_to = {**table, "polarity": Polarity.MORE, "parameters": dict(parameters), "convention": convention, **changes}
    return measure_batch(name, given_to.pop("value"), **given_to)


@pytest.mark.parametrize(("name", "parameters"), INDICES)
@LAW
@given(tables(), st.sampled_from([0.01, 7.0]), st.floats(-30.0, 30.0))
def test_the_relative_index_has_no_unit_and_the_absolute_no_zero(
    name: str, parameters: dict[str, float], table: dict[str, np.ndarray], unit: float, shift: float
) -> None:
    relative = [index(table, name, parameters, "relative", value=table["value"] * k).value for k in (1.0, unit)]
    np.testing.assert_allclose(*relative, rtol=1e-9, atol=1e-12)
    absolute = [index(table, name, parameters, "absolute", value=table["value"] + k).value for k in (0.0, shift)]
    np.testing.assert_allclose(*absolute, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("name", "parameters"), INDICES)
@LAW
@given(tables(), st.sampled_from([0.001, 50.0]))
def test_neither_the_scale_of_weights_nor_the_cutting_of_a_person_matters(
    name: str, parameters: dict[str, float], table: dict[str, np.ndarray], factor: float
) -> None:
    plain = index(table, name, parameters, "relative").value
    scaled = index(table, name, parameters, "relative", population=table["population"] * factor).value
    cut = {key: np.append(item, item[0]) for key, item in table.items()}
    cut["population"][[0, -1]] /= 2.0
    np.testing.assert_allclose([scaled, index(cut, name, parameters, "relative").value], [plain, plain], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "parameter"), [("extended_concentration_index", "v"), ("symmetric_concentration_index", "beta")]
)
@pytest.mark.parametrize("convention", ["relative", "absolute"])
@LAW
@given(tables())
def test_at_two_both_are_the_standard_index(name: str, parameter: str, convention: str, table: dict[str, np.ndarray]) -> None:
    ours = index(table, name, {parameter: 2.0}, convention).value
    np.testing.assert_allclose(ours, index(table, "concentration_index", {}, convention).value, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("beta", [1.2, 2.0, 5.0])
@LAW
@given(tables())
def test_the_symmetric_index_treats_both_ends_alike(beta: float, table: dict[str, np.ndarray]) -> None:
    """Turning the order round turns the sign, as it does not for the extended index."""
    there, back = (
        index(table, "symmetric_concentration_index", {"beta": beta}, "absolute", order=sign * table["order"]).value
        for sign in (1.0, -1.0)
    )
    np.testing.assert_allclose(there, -back, rtol=1e-9, atol=1e-9)


@LAW
@given(tables(), st.floats(1.0, 40.0))
def test_the_extended_index_of_one_short_person_grows_with_v(table: dict[str, np.ndarray], lost: float) -> None:
    """Where only the most disadvantaged are short, each larger v counts it more."""
    value = np.full(len(table["value"]), 50.0) - np.where(table["order"] == table["order"].min(), lost, 0.0)
    found = [index(table, "extended_concentration_index", {"v": v}, "absolute", value=value).value[0] for v in (1.5, 2.0, 4.0)]
    assert 0 < found[0] < found[1] < found[2]


@pytest.mark.parametrize(("name", "parameters"), INDICES)
@LAW
@given(tables(), st.integers(0, 99))
def test_a_batch_and_padding_give_what_each_slice_gives_alone(
    name: str, parameters: dict[str, float], table: dict[str, np.ndarray], seed: int
) -> None:
    turn = np.random.default_rng(seed).permutation(len(table["value"]))
    padded = {key: np.stack([np.append(item, np.nan), np.append(item[turn], np.nan)]) for key, item in table.items()}
    se = np.where(np.isnan(padded["value"]), np.nan, 1.0)
    together = index(padded, name, {**parameters, "interval": "errors"}, "relative", se=se)  # type: ignore[dict-item]
    alone = index(table, name, {**parameters, "interval": "errors"}, "relative", se=np.ones(len(turn)))  # type: ignore[dict-item]
    np.testing.assert_allclose(together.value, np.repeat(alone.value, 2), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(together.se, np.repeat(alone.se, 2), rtol=1e-9)


def split(table: dict[str, np.ndarray], convention: str, polarity: Polarity = Polarity.MORE, **changes: Any) -> Readings:  # noqa: ANN401
    given_to = {**table, "polarity": polarity, "convention": convention, **changes}
    return measure_batch(
        "concentration_decomposition", given_to.pop("value"), columns={"factor": given_to.pop("factor")}, **given_to
    )


@pytest.mark.parametrize("convention", ["relative", "absolute"])
@pytest.mark.parametrize("polarity", list(Polarity))
@LAW
@given(tables(factors=2))
def test_the_parts_add_up_to_the_index(convention: str, polarity: Polarity, table: dict[str, np.ndarray]) -> None:
    found = split(table, convention, polarity)
    whole = {key: item for key, item in table.items() if key != "factor"}
    plain = index(whole, "concentration_index", {}, convention, polarity=polarity)
    np.testing.assert_allclose(found.value, plain.value, rtol=1e-9, atol=1e-12)
    size = max(abs(found.value[0]), 1.0) * 1e-12
    assert found.parts["contribution"][0].sum() + found.also["residual"][0] == pytest.approx(found.value[0], abs=size)
    sign = 1.0 if polarity is Polarity.MORE else -1.0
    scale = found.also["mean"][:, None] if convention == "absolute" else 1.0
    product = sign * scale * found.parts["elasticity"] * found.parts["concentration_index"]
    np.testing.assert_allclose(found.parts["contribution"], product, rtol=1e-7, atol=1e-9)


@LAW
@given(tables(factors=2), st.floats(0.5, 3.0))
def test_factors_in_other_words_explain_as_much(table: dict[str, np.ndarray], mix: float) -> None:
    """Any change of units, of zero or of mixture leaves what all factors explain together."""
    other = table["factor"] @ np.array([[2.0, mix], [-1.0, 3.0]]) + 5.0
    plain, changed = split(table, "relative"), split(table, "relative", factor=other)
    for name in ("explained", "residual"):
        np.testing.assert_allclose(changed.also[name], plain.also[name], rtol=1e-6, atol=1e-9)


@LAW
@given(tables(factors=2))
def test_a_level_made_of_its_factors_leaves_nothing_over(table: dict[str, np.ndarray]) -> None:
    value = 50.0 + table["factor"] @ np.array([3.0, -1.0])
    found = split(table, "absolute", value=value)
    np.testing.assert_allclose(found.parts["coefficient"], [[3.0, -1.0]], rtol=1e-6)
    np.testing.assert_allclose(found.also["residual"], 0.0, atol=1e-9)
