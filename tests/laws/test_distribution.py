"""Laws of spreads, shares and shortfalls that no card can say: transfers, parts, floors, and what the correction keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.measures.registry import MEASURES
from levelup.terms.errors import REFUSALS, Refusal
from levelup.terms.polarity import Polarity
from tests.measures.cases import named_parameters

LAW = settings(max_examples=25, deadline=None, derandomize=True)
CORRECTED = [name for name, entry in MEASURES.items() if "noise-corrected" in entry.card.convention_names]
FLOORS: list[tuple[str, dict[str, float | str]]] = [
    ("poverty_shortfall", {"alpha": 0.0}),
    ("poverty_shortfall", {"alpha": 1.0}),
    ("poverty_shortfall", {"alpha": 2.0}),
    ("watts", {}),
]
LEVELS = st.lists(st.integers(100, 9900), min_size=3, max_size=8, unique=True).map(lambda items: np.array(items) / 100.0)
FLOOR = 50.0


def people_of(level: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 100, len(level)) * 10_000.0


def errors_of(level: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.1, 3.0, len(level))


def floored(name: str, parameters: dict[str, float | str], level: np.ndarray, **arguments: Any) -> Readings:  # noqa: ANN401
    floor = arguments.pop("floor", FLOOR)
    given_to = {"polarity": Polarity.MORE, "parameters": {"floor": floor, **parameters}, **arguments}
    return measure_batch(name, level, **given_to)


def corrected(name: str, level: np.ndarray, **arguments: Any) -> Readings:  # noqa: ANN401
    given_to = {"order": np.arange(len(level)), "bounds": None, "polarity": Polarity.MORE, "convention": "noise-corrected"}
    return measure_batch(name, level, **{**given_to, "parameters": named_parameters(name), **arguments})


@pytest.mark.parametrize("name", CORRECTED)
@LAW
@given(LEVELS, st.integers(0, 99))
def test_without_noise_a_correction_changes_nothing(name: str, level: np.ndarray, seed: int) -> None:
    people = people_of(level, seed)
    plain = corrected(name, level, population=people, convention="plug-in")
    found = corrected(name, level, population=people, se=np.zeros(len(level)))
    np.testing.assert_allclose([found.value, found.lower, found.upper], [plain.value] * 3, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CORRECTED)
@LAW
@given(LEVELS, st.integers(0, 99))
def test_a_correction_never_adds_and_lies_in_its_interval(name: str, level: np.ndarray, seed: int) -> None:
    found = corrected(name, level, population=people_of(level, seed), se=errors_of(level, seed))
    if found.code[0]:
        result = found.at(0)
        assert isinstance(result, Refusal) and "no spread can be ruled out" in result.reason
        assert MEASURES[name].card.scale == "relative"
        return
    assert 0.0 <= found.lower[0] <= found.value[0] <= found.upper[0]
    assert found.value[0] <= found.also["plug_in"][0] * 1.01


@pytest.mark.parametrize("name", CORRECTED)
@LAW
@given(LEVELS, st.integers(0, 99))
def test_correction_needs_every_standard_error(name: str, level: np.ndarray, seed: int) -> None:
    people, errors = people_of(level, seed), errors_of(level, seed)
    errors[seed % len(level)] = np.nan
    for se in (None, errors):
        result = corrected(name, level, population=people, se=se).at(0)
        assert isinstance(result, Refusal) and result.code == "no-uncertainty"


TRANSFERS: list[tuple[str, dict[str, float | str]]] = [
    ("generalised_entropy", {"alpha": -1.0}),
    ("generalised_entropy", {"alpha": 0.5}),
    ("generalised_entropy", {"alpha": 3.0}),
    ("kolm_pollak", {"kappa": 0.05}),
    ("hoover", {}),
    ("quantile_share", {"form": "s80s20"}),
    ("quantile_share", {"form": "palma"}),
    ("quantile_share", {"form": "top-tenth"}),
    ("index_of_disparity", {"weighting": "weighted"}),
    ("coefficient_of_variation", {}),
    ("between_group_deviation", {}),
]


@pytest.mark.parametrize(("name", "parameters"), TRANSFERS)
@LAW
@given(LEVELS, st.integers(0, 6), st.floats(0.05, 0.45))
def test_a_transfer_from_higher_to_lower_never_makes_it_larger(
    name: str, parameters: dict[str, float | str], level: np.ndarray, row: int, part: float
) -> None:
    """Between neighbours of one size, neither passing the other."""
    order = np.argsort(level)
    low, high = order[row % (len(level) - 1)], order[row % (len(level) - 1) + 1]
    after = level.copy()
    moved = part * (level[high] - level[low])
    after[high], after[low] = after[high] - moved, after[low] + moved
    given_to = {"polarity": Polarity.MORE, "parameters": parameters, "population": np.ones(len(level))}
    before, later = (measure_batch(name, item, **given_to).value[0] for item in (level, after))  # type: ignore[arg-type]
    assert later <= before * (1.0 + 1e-12)


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
@LAW
@given(LEVELS, LEVELS, st.integers(0, 99))
def test_entropy_is_the_groups_own_and_the_part_between_them(
    alpha: float, first: np.ndarray, second: np.ndarray, seed: int
) -> None:
    """A group's own entropy weighs by its share of people times its ratio to the mean, to the power alpha."""
    groups = [(level, people_of(level, seed + at)) for at, level in enumerate((first, second))]
    call: dict[str, Any] = {"polarity": Polarity.MORE, "parameters": {"alpha": alpha}}
    size = np.array([people.sum() for _, people in groups])
    means = np.array([np.average(level, weights=people) for level, people in groups])
    own = [measure_batch("GE", level, population=people, **call).value[0] for level, people in groups]
    between = measure_batch("GE", means, population=size, **call).value[0]
    ratio = means / np.average(means, weights=size)
    whole = measure_batch("GE", np.append(first, second), population=np.append(groups[0][1], groups[1][1]), **call).value[0]
    np.testing.assert_allclose(whole, between + (size / size.sum() * ratio**alpha * own).sum(), rtol=1e-9, atol=1e-12)


@LAW
@given(LEVELS, st.floats(0.001, 0.5), st.sampled_from([-300.0, 7.0, 1000.0]), st.integers(0, 99))
def test_with_one_aversion_kolm_pollak_minds_neither_zero_nor_which_way_is_up(
    level: np.ndarray, kappa: float, shift: float, seed: int
) -> None:
    call: dict[str, Any] = {"population": people_of(level, seed), "parameters": {"kappa": kappa}}
    plain, moved, turned = (
        measure_batch("KP", item, polarity=polarity, **call).value
        for item, polarity in ((level, Polarity.MORE), (level + shift, Polarity.MORE), (shift - level, Polarity.LESS))
    )
    np.testing.assert_allclose([moved, turned], [plain, plain], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("polarity", [Polarity.MORE, Polarity.LESS])
@LAW
@given(LEVELS, st.integers(0, 7), st.floats(0.1, 5.0))
def test_any_worse_level_moves_the_equivalent_the_bad_way(polarity: Polarity, level: np.ndarray, row: int, step: float) -> None:
    worse = level.copy()
    worse[row % len(level)] -= step * (1 if polarity is Polarity.MORE else -1)
    call: dict[str, Any] = {"polarity": polarity, "parameters": {"kappa": 0.02}}
    before, after = (measure_batch("KP", item, **call).also["equally_distributed_equivalent"][0] for item in (level, worse))
    assert after < before if polarity is Polarity.MORE else after > before


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("quantile_share", {"form": "palma"}), ("quantile_share", {"form": "top-tenth"}), ("quantile_ratio", {})],
)
@LAW
@given(LEVELS, st.integers(0, 99))
def test_shares_and_quantiles_read_a_good_and_a_burden_alike(
    name: str, parameters: dict[str, float | str], level: np.ndarray, seed: int
) -> None:
    call: dict[str, Any] = {"population": people_of(level, seed), "se": errors_of(level, seed) / 10.0, "parameters": parameters}
    more, less = (measure_batch(name, level, polarity=polarity, **call) for polarity in (Polarity.MORE, Polarity.LESS))
    for part in ("value", "lower", "upper"):
        np.testing.assert_array_equal(getattr(more, part), getattr(less, part))


@pytest.mark.parametrize(("name", "parameters"), FLOORS)
@LAW
@given(LEVELS, st.integers(0, 99), st.sampled_from([0.01, 1000.0]))
def test_shortfalls_mind_neither_order_nor_copies_nor_units(
    name: str, parameters: dict[str, float | str], level: np.ndarray, seed: int, factor: float
) -> None:
    people = people_of(level, seed)
    plain = floored(name, parameters, level, population=people).value
    index = np.random.default_rng(seed).permutation(len(level))
    same = [
        floored(name, parameters, level[index], population=people[index]),
        floored(name, parameters, np.tile(level, 2), population=np.tile(people, 2)),
        floored(name, parameters, level, population=people * factor),
        floored(name, parameters, level * factor, population=people, floor=FLOOR * factor),
    ]
    np.testing.assert_allclose([item.value for item in same], [plain] * 4, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "parameters"), FLOORS)
@LAW
@given(LEVELS, LEVELS, st.integers(0, 99))
def test_the_shortfall_of_all_is_the_mean_of_the_groups(
    name: str, parameters: dict[str, float | str], first: np.ndarray, second: np.ndarray, seed: int
) -> None:
    people = [people_of(item, seed) for item in (first, second)]
    own = [floored(name, parameters, item, population=size).value[0] for item, size in zip((first, second), people, strict=True)]
    whole = floored(name, parameters, np.append(first, second), population=np.append(*people)).value[0]
    np.testing.assert_allclose(whole, np.average(own, weights=[item.sum() for item in people]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "parameters"), FLOORS)
@LAW
@given(LEVELS, st.integers(0, 7), st.floats(0.05, 0.9))
def test_a_fall_of_somebody_never_lowers_it_and_one_above_the_floor_changes_nothing(
    name: str, parameters: dict[str, float | str], level: np.ndarray, row: int, cut: float
) -> None:
    row = row % len(level)
    fallen, risen = level.copy(), level.copy()
    fallen[row] *= cut
    risen[row] = max(level[row], FLOOR) + 1.0
    before, worse, better = (floored(name, parameters, item).value[0] for item in (level, fallen, risen))
    assert worse >= before >= better
    if level[row] >= FLOOR:
        assert before == better


@pytest.mark.parametrize(("name", "parameters"), [FLOORS[2], FLOORS[3]])
@LAW
@given(LEVELS, st.floats(0.05, 0.45))
def test_a_transfer_to_the_lowest_of_those_below_makes_it_smaller(
    name: str, parameters: dict[str, float | str], level: np.ndarray, part: float
) -> None:
    below = level / 2.0 - 0.4
    low, high = below.argmin(), below.argmax()
    after = below.copy()
    moved = part * (below[high] - below[low])
    after[high], after[low] = after[high] - moved, after[low] + moved
    before, later = (floored(name, parameters, item).value[0] for item in (below, after))
    assert later < before


@pytest.mark.parametrize(("name", "parameters"), FLOORS)
@LAW
@given(st.lists(LEVELS, min_size=2, max_size=4), st.integers(0, 99))
def test_a_batch_gives_what_each_slice_gives_alone(
    name: str, parameters: dict[str, float | str], stack: list[np.ndarray], seed: int
) -> None:
    width = max(map(len, stack))

    def padded(items: list[np.ndarray]) -> np.ndarray:
        return np.array([np.pad(item, (0, width - len(item)), constant_values=np.nan) for item in items])

    people, errors = [people_of(item, seed) for item in stack], [errors_of(item, seed) for item in stack]
    together = floored(name, parameters, padded(stack), population=padded(people), se=padded(errors))
    for index, level in enumerate(stack):
        alone = floored(name, parameters, level, population=people[index], se=errors[index])
        for part in ("value", "lower", "upper"):
            np.testing.assert_allclose(getattr(together, part)[index], getattr(alone, part)[0], rtol=1e-9, atol=1e-12)


NASTY = st.sampled_from([0.0, -0.0, -1.0, 1.0, 50.0, 100.0, 1e-300, 1e300, -1e300, np.nan, np.inf, -np.inf])


@pytest.mark.parametrize(("name", "parameters"), FLOORS)
@LAW
@given(st.data())
def test_whatever_is_put_in_a_number_or_a_reason_comes_out(
    name: str, parameters: dict[str, float | str], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, 5))
    column = st.lists(NASTY, min_size=size, max_size=size).map(np.array)
    given_to = {key: data.draw(st.none() | column) for key in ("population", "se")}
    polarity = data.draw(st.sampled_from(list(Polarity)))
    result = floored(name, parameters, data.draw(column), polarity=polarity, **given_to).at(0)
    if isinstance(result, Refusal):
        assert result.code in REFUSALS and result.reason
        return
    numbers = [result.value, result.se, result.lower, result.upper, *result.also.values()]
    assert all(number is None or np.isfinite(number) for number in numbers)
    assert (result.lower is None) == (result.upper is None) == (result.se is None)
