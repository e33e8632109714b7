"""Laws of the splits: parts sum to the whole to 1e-12, labels are only labels, and nothing is attributed to what does nothing."""

from __future__ import annotations

from dataclasses import dataclass
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

LAW = settings(max_examples=25, deadline=None, derandomize=True)
EXACT = 1e-12
SPLITS = (
    "entropy_decomposition",
    "gini_decomposition",
    "gini_by_source",
    "shapley",
    "place_cohort_decomposition",
    "entropy_change",
)
CASES = [(name, convention) for name in SPLITS for convention in MEASURES[name].card.convention_names]
GROUPED = [case for case in CASES if case[0] != "gini_by_source"]


@dataclass(frozen=True)
class Table:
    """Rows with levels at two dates, people, and labels of a place, a cohort and two further groupings."""

    value: np.ndarray
    later: np.ndarray
    people: np.ndarray
    place: np.ndarray
    cohort: np.ndarray
    factor: np.ndarray

    def columns(self, name: str) -> dict[str, np.ndarray]:
        """Return the further columns that a split takes."""
        return {
            "entropy_decomposition": {"group": self.place},
            "gini_decomposition": {"group": self.place},
            "gini_by_source": {"factor": np.stack([self.value, self.later, 0.5 * self.people], axis=-1)},
            "shapley": {"factor": self.factor},
            "place_cohort_decomposition": {"unit": self.place, "group": self.cohort},
            "entropy_change": {"group": self.place, "later": self.later, "later_population": self.people[..., ::-1]},
        }[name]

    def split(self, name: str, convention: str, **changes: Any) -> Readings:  # noqa: ANN401
        """Return a split of the table, with some of its arguments changed."""
        given = {"value": self.value, "population": self.people, "columns": self.columns(name)} | changes
        return measure_batch(name, given.pop("value"), polarity=Polarity.MORE, convention=convention, **given)


def parts_of(found: Readings) -> np.ndarray:
    """Return the parts that sum to the value, shape (slices, parts)."""
    names = {
        "entropy_decomposition": ("between", "within"),
        "gini_decomposition": ("between", "within", "overlap"),
        "place_cohort_decomposition": ("place", "cohort", "crossing", "within"),
        "entropy_change": ("within", "mix_within", "mix_between", "means", "residual"),
    }
    if found.measure == "gini_by_source":
        return found.parts["contribution"]
    if found.measure == "shapley":
        return np.concatenate([found.parts["component"], found.also["within"][:, None]], axis=1)
    return np.stack([found.also[name] for name in names[found.measure]], axis=1)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Every place is linked: the first rows cross the first place with every cohort and the first cohort with every place."""
    size, rng = draw(st.integers(7, 14)), np.random.default_rng(draw(st.integers(0, 10**6)))
    place, cohort = rng.integers(0, 3, size), rng.integers(0, 3, size)
    place[:5], cohort[:5] = [0, 0, 0, 1, 2], [0, 1, 2, 0, 0]
    level, later = rng.uniform(1.0, 50.0, (2, size))
    factor = np.column_stack([place, cohort, rng.integers(0, 2, size)])
    return Table(level, later, rng.uniform(1.0, 100.0, size), *(item.astype(float) for item in (place, cohort, factor)))


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables())
def test_parts_sum_to_the_whole(name: str, convention: str, table: Table) -> None:
    found = table.split(name, convention)
    assert found.code.tolist() == [""]
    np.testing.assert_allclose(parts_of(found).sum(axis=1), found.value, rtol=0, atol=EXACT * max(1.0, abs(found.value[0])))


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.integers(0, 99))
def test_the_order_of_the_rows_never_matters(name: str, convention: str, table: Table, seed: int) -> None:
    index = np.random.default_rng(seed).permutation(len(table.value))
    columns = table.columns(name)
    moved = table.split(
        name,
        convention,
        value=table.value[index],
        population=table.people[index],
        columns={role: item[index] for role, item in columns.items()},
    )
    np.testing.assert_allclose(parts_of(moved), parts_of(table.split(name, convention)), atol=1e-11, rtol=1e-11)


@pytest.mark.parametrize(("name", "convention"), GROUPED)
@LAW
@given(tables(), st.permutations(range(5)))
def test_labels_are_only_labels(name: str, convention: str, table: Table, new: list[int]) -> None:
    named = {
        role: np.array(new, dtype=float)[item.astype(int)] if role in ("group", "unit", "factor") else item
        for role, item in table.columns(name).items()
    }
    found = table.split(name, convention, columns=named)
    np.testing.assert_allclose(parts_of(found), parts_of(table.split(name, convention)), atol=1e-11, rtol=1e-11)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.sampled_from([0.01, 50.0]))
def test_the_scale_of_the_populations_does_not_matter(name: str, convention: str, table: Table, factor: float) -> None:
    columns = table.columns(name)
    more = {role: item * factor if role == "later_population" else item for role, item in columns.items()}
    found = table.split(name, convention, population=table.people * factor, columns=more)
    np.testing.assert_allclose(parts_of(found), parts_of(table.split(name, convention)), atol=1e-11, rtol=1e-11)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.sampled_from([0.01, 1000.0]))
def test_the_unit_cancels_or_is_squared(name: str, convention: str, table: Table, factor: float) -> None:
    columns = {
        role: item * factor if role == "later" or name == "gini_by_source" else item for role, item in table.columns(name).items()
    }
    found = table.split(name, convention, value=table.value * factor, columns=columns)
    power = factor**2 if convention == "variance" else 1.0
    np.testing.assert_allclose(parts_of(found), power * parts_of(table.split(name, convention)), atol=1e-11 * power, rtol=1e-10)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(st.lists(tables(), min_size=2, max_size=4))
def test_a_batch_gives_what_each_slice_gives_alone(name: str, convention: str, stack: list[Table]) -> None:
    width = max(len(table.value) for table in stack)

    def padded(field: str) -> np.ndarray:
        items = [np.asarray(getattr(table, field), dtype=float) for table in stack]
        return np.stack(
            [np.pad(item, [(0, width - len(item))] + [(0, 0)] * (item.ndim - 1), constant_values=np.nan) for item in items]
        )

    fields = ("value", "later", "people", "place", "cohort", "factor")
    together = Table(*map(padded, fields))
    backwards = np.stack([np.pad(t.people[::-1], (0, width - len(t.people)), constant_values=np.nan) for t in stack])
    columns = together.columns(name) | ({"later_population": backwards} if name == "entropy_change" else {})
    errors = np.where(np.isnan(together.value), np.nan, 0.1)
    rest = {} if name == "gini_by_source" else {"se": errors}
    whole = together.split(name, convention, columns=columns, **rest)
    for at, table in enumerate(stack):
        alone = table.split(name, convention, **({} if name == "gini_by_source" else {"se": np.full(len(table.value), 0.1)}))
        np.testing.assert_allclose(parts_of(whole)[at], parts_of(alone)[0], atol=1e-11, rtol=1e-9)
        for key in ("se", "lower", "upper"):
            np.testing.assert_allclose(getattr(whole, key)[at], getattr(alone, key)[0], rtol=1e-7)
        for key, item in alone.also.items():
            np.testing.assert_allclose(whole.also[key][at], item[0], atol=1e-11, rtol=1e-7)


SHAPLEY = MEASURES["shapley"].card.convention_names


@pytest.mark.parametrize("convention", SHAPLEY)
@LAW
@given(tables())
def test_a_circumstance_that_is_the_same_for_all_accounts_for_nothing(convention: str, table: Table) -> None:
    more = np.column_stack([table.factor, np.ones(len(table.value))])
    plain, found = table.split("shapley", convention), table.split("shapley", convention, columns={"factor": more})
    scale = max(1.0, plain.value[0])
    np.testing.assert_allclose(found.parts["component"][:, 3], 0.0, atol=EXACT * scale)
    np.testing.assert_allclose(found.parts["component"][:, :3], plain.parts["component"], atol=EXACT * scale)


@pytest.mark.parametrize("convention", SHAPLEY)
@LAW
@given(tables())
def test_a_circumstance_given_twice_changes_nothing_in_the_whole(convention: str, table: Table) -> None:
    twice = np.column_stack([table.factor, table.factor[:, 0]])
    plain, found = table.split("shapley", convention), table.split("shapley", convention, columns={"factor": twice})
    scale = max(1.0, plain.value[0])
    np.testing.assert_allclose(found.also["explained"], plain.also["explained"], atol=EXACT * scale)
    np.testing.assert_allclose(found.parts["component"][:, 0], found.parts["component"][:, 3], atol=EXACT * scale)


@pytest.mark.parametrize("convention", SHAPLEY)
@LAW
@given(tables(), st.permutations(range(3)))
def test_the_order_of_the_circumstances_never_matters(convention: str, table: Table, order: list[int]) -> None:
    plain = table.split("shapley", convention)
    found = table.split("shapley", convention, columns={"factor": table.factor[:, order]})
    np.testing.assert_allclose(found.parts["component"], plain.parts["component"][:, order], rtol=1e-10, atol=1e-12)


@LAW
@given(tables())
def test_between_groups_never_exceeds_the_whole_and_finer_groups_take_up_more(table: Table) -> None:
    finer = 3 * table.place + table.cohort
    for convention in ("mean-log-deviation", "theil", "half-squared-variation"):
        coarse = table.split("entropy_decomposition", convention)
        fine = table.split("entropy_decomposition", convention, columns={"group": finer})
        assert -1e-15 <= coarse.also["between"][0] <= fine.also["between"][0] + 1e-15 <= fine.value[0] + 2e-15


@LAW
@given(tables())
def test_place_and_cohort_change_parts_when_they_change_names(table: Table) -> None:
    one = parts_of(table.split("place_cohort_decomposition", "theil"))
    two = parts_of(table.split("place_cohort_decomposition", "theil", columns={"unit": table.cohort, "group": table.place}))
    np.testing.assert_allclose(one, two[:, [1, 0, 2, 3]], atol=1e-11)


NASTY = st.sampled_from([0.0, -1.0, 1.0, 50.0, 1e-300, 1e300, np.nan, np.inf, -np.inf])


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(st.data())
def test_whatever_is_put_in_a_number_or_a_reason_comes_out(name: str, convention: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    column = st.lists(NASTY, min_size=size, max_size=size).map(np.array)
    labels = st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=size, max_size=size).map(np.array)
    place, cohort = data.draw(labels), data.draw(labels)
    table = Table(data.draw(column), data.draw(column), data.draw(column), place, cohort, np.column_stack([place, cohort]))
    rest = {} if name == "gini_by_source" else {"se": data.draw(st.none() | column)}
    found = table.split(name, convention, **rest)
    result = found.at(0)
    if isinstance(result, Refusal):
        assert result.code in REFUSALS and result.reason
        return
    numbers = [result.value, result.se, result.lower, result.upper, *result.also.values()]
    assert all(number is None or np.isfinite(number) for number in numbers)
    flat = np.array([x for part in result.parts.values() for x in part if x is not None], dtype=float)
    assert np.isfinite(flat).all()
