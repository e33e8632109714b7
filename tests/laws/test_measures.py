"""Laws that every measure of the registry keeps, by what its card says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from levelup.terms.record import Measurement
from tests.measures.cases import SUBJECT_CASES, equality_of, named_parameters

CASES = SUBJECT_CASES
ADDITIVE = [c for c in CASES if c[1] != "ohid-log" and c[0] != "kolm_pollak"]
"""Those whose zero may lie anywhere: a logarithm's does not, nor that of an aversion that is stated relative to the levels."""
LAW = settings(max_examples=25, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Table:
    """Subjects with an order of their own.

    Levels lie between 1 and 99 in hundredths and populations are tens of thousands, so that shares are whole numbers of people
    and a convention that counts people loses nothing by rounding.
    """

    value: np.ndarray
    population: np.ndarray
    order: np.ndarray
    se: np.ndarray

    def measure(self, name: str, convention: str, **changes: Any) -> Readings:  # noqa: ANN401
        """Return a measure of the table, with some of its arguments changed."""
        given = {"value": self.value, "population": self.population, "order": self.order, "se": self.se}
        given |= {"bounds": (0.0, 100.0), "polarity": Polarity.MORE, "convention": convention}
        given |= {"parameters": named_parameters(name), **changes}
        return measure_batch(name, given.pop("value"), **given)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    size = draw(st.integers(3, 8))
    levels = [draw(st.integers(100, 9900)) / 100.0 for _ in range(size)]
    people = [draw(st.integers(1, 100)) * 10_000 for _ in range(size)]
    errors = [draw(st.floats(0.1, 3.0)) for _ in range(size)]
    order = draw(st.permutations(range(1, size + 1)))
    return Table(np.array(levels), np.array(people, dtype=float), np.array(order), np.array(errors))


def assert_same(first: Readings, second: Readings, *, factor: float = 1.0, tolerance: float = 1e-7) -> None:
    assert first.code.tolist() == second.code.tolist()
    scale = np.nanmax(np.abs(first.value)) if np.isfinite(first.value).any() else 1.0
    for name in ("value", "lower", "upper"):
        np.testing.assert_allclose(
            getattr(second, name), factor * getattr(first, name), rtol=tolerance, atol=tolerance * max(abs(factor) * scale, 1e-4)
        )


def relative(name: str, convention: str) -> bool:
    return MEASURES[name].card.scale == "relative" or convention in ("relative", "modified", "wagstaff", "erreygers")


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.integers(0, 99))
def test_the_order_of_the_rows_never_matters(name: str, convention: str, table: Table, seed: int) -> None:
    index = np.random.default_rng(seed).permutation(len(table.value))
    moved = Table(table.value[index], table.population[index], table.order[index], table.se[index])
    assert_same(table.measure(name, convention), moved.measure(name, convention), tolerance=1e-6)


@pytest.mark.parametrize(("name", "convention"), [c for c in CASES if c[1] != "noise-corrected"])
@LAW
@given(tables())
def test_two_copies_of_a_population_are_as_unequal_as_one(name: str, convention: str, table: Table) -> None:
    """Two readings of every subject, each with an error of its own, are more evidence: not the same to a correction for noise."""
    twice = Table(*(np.tile(item, 2) for item in (table.value, table.population, table.order, table.se)))
    one, two = table.measure(name, convention), twice.measure(name, convention)
    assert one.code.tolist() == two.code.tolist()
    np.testing.assert_allclose(one.value, two.value, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.sampled_from([2.0, 10.0, 50.0]))
def test_the_scale_of_the_populations_does_not_matter(name: str, convention: str, table: Table, factor: float) -> None:
    plain, more = table.measure(name, convention), table.measure(name, convention, population=table.population * factor)
    if convention == "binomial":  # ten times the people are ten times the counts
        np.testing.assert_allclose(more.value, plain.value, rtol=1e-7)
    else:
        assert_same(plain, more)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.sampled_from([0.01, 0.5, 1000.0]))
def test_the_unit_cancels_or_carries_through(name: str, convention: str, table: Table, factor: float) -> None:
    plain = table.measure(name, convention)
    scaled = table.measure(name, convention, value=table.value * factor, se=table.se * factor, bounds=(0.0, 100.0 * factor))
    power = 0 if relative(name, convention) else 2 if name == "between_group_variance" else 1
    assert_same(plain, scaled, factor=factor**power)


@pytest.mark.parametrize(("name", "convention"), [c for c in ADDITIVE if not relative(*c) or c[1] in ("wagstaff", "erreygers")])
@LAW
@given(tables(), st.sampled_from([-40.0, 3.0, 500.0]))
def test_an_absolute_measure_ignores_where_zero_lies(name: str, convention: str, table: Table, shift: float) -> None:
    moved = table.measure(name, convention, value=table.value + shift, bounds=(shift, 100.0 + shift))
    assert_same(table.measure(name, convention), moved, tolerance=1e-6)


@pytest.mark.parametrize(
    ("name", "convention"), [c for c in ADDITIVE if not relative(*c) or c[1] in ("wagstaff", "erreygers") or c[0] == "atkinson"]
)
@LAW
@given(tables())
def test_a_good_and_its_opposite_as_a_burden_read_alike(name: str, convention: str, table: Table) -> None:
    turned = table.measure(name, convention, value=100.0 - table.value, polarity=Polarity.LESS)
    assert_same(table.measure(name, convention), turned, tolerance=1e-6)


@pytest.mark.parametrize(
    ("name", "convention"), [c for c in CASES if equality_of(*c) == 1.0 and not c[0].startswith("quantile_")]
)
@LAW
@given(tables())
def test_polarity_turns_a_ratio_over(name: str, convention: str, table: Table) -> None:
    more, less = (table.measure(name, convention, polarity=polarity) for polarity in (Polarity.MORE, Polarity.LESS))
    np.testing.assert_allclose(more.value * less.value, np.where(more.code == "", 1.0, np.nan), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "convention"), [c for c in CASES if MEASURES[c[0]].card.ordered and c[0] != "extended_concentration_index"]
)
@LAW
@given(tables())
def test_turning_the_order_turns_the_sign(name: str, convention: str, table: Table) -> None:
    there, back = table.measure(name, convention), table.measure(name, convention, order=-table.order)
    if equality_of(name, convention) == 1.0:
        np.testing.assert_allclose(there.value * back.value, np.where(there.code == "", 1.0, np.nan), rtol=1e-7)
    else:
        np.testing.assert_allclose(there.value, -back.value, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(("name", "convention"), CASES)
@pytest.mark.parametrize("polarity", list(Polarity))
def test_equal_levels_give_the_cards_value(name: str, convention: str, polarity: Polarity) -> None:
    level, people = np.full(5, 50.0), np.array([2.0, 4.0, 8.0, 6.0, 10.0]) * 1000
    found = Table(level, people, np.arange(1, 6), np.full(5, 0.5)).measure(name, convention, polarity=polarity)
    assert found.code.tolist() == [""]
    np.testing.assert_allclose(found.value, equality_of(name, convention), atol=1e-12)


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(tables(), st.sampled_from(list(Polarity)))
def test_the_value_lies_in_the_cards_range_and_its_interval(name: str, convention: str, table: Table, polarity: Polarity) -> None:
    card = MEASURES[name].card
    if equality_of(name, convention) != card.equality:  # another number under the same name, with a range of its own
        card = replace(card, low=None, high=None)
    result = table.measure(name, convention, polarity=polarity).at(0)
    if isinstance(result, Refusal):
        assert result.code in ("not-positive", "unsupported-combination")
        return
    assert (card.low is None or result.value >= card.low) and (card.high is None or result.value <= card.high)
    if result.lower is not None and result.upper is not None:
        assert result.lower <= result.value <= result.upper
        assert (card.low is None or result.lower >= card.low) and (card.high is None or result.upper <= card.high)


SPREADS = ["between_group_variance", "theil", "mean_log_deviation", "gini", "atkinson"]


@pytest.mark.parametrize("name", SPREADS)
@LAW
@given(tables(), st.floats(0.05, 0.45))
def test_a_transfer_from_higher_to_lower_makes_it_smaller(name: str, table: Table, part: float) -> None:
    """Between subjects of one size, without changing which of them is the higher."""
    people = np.full(len(table.value), 1000.0)
    low, high = table.value.argmin(), table.value.argmax()
    if table.value[high] - table.value[low] < 0.1:
        return
    after = table.value.copy()
    moved = part * (after[high] - after[low])
    after[high], after[low] = after[high] - moved, after[low] + moved
    before = measure_batch(name, table.value, population=people, polarity=Polarity.MORE).value[0]
    assert measure_batch(name, after, population=people, polarity=Polarity.MORE).value[0] < before


@pytest.mark.parametrize("weighting", ["weighted", "unweighted"])
@LAW
@given(tables(), st.floats(0.05, 0.45))
def test_a_transfer_never_raises_the_mean_difference(weighting: str, table: Table, part: float) -> None:
    people = np.full(len(table.value), 1000.0)
    low, high = table.value.argmin(), table.value.argmax()
    after = table.value.copy()
    moved = part * (after[high] - after[low])
    after[high], after[low] = after[high] - moved, after[low] + moved
    given_to = {"population": people, "polarity": Polarity.MORE, "parameters": {"weighting": weighting}}
    before, later = (measure_batch("MDM", v, **given_to).value[0] for v in (table.value, after))  # type: ignore[arg-type]
    assert later <= before + 1e-9


@pytest.mark.parametrize(
    ("name", "convention"), [c for c in CASES if MEASURES[c[0]].card.ordered or c[0] in ("difference", "ratio")]
)
@LAW
@given(tables(), st.floats(0.1, 0.9))
def test_a_fall_of_the_most_disadvantaged_is_a_larger_gap(name: str, convention: str, table: Table, cut: float) -> None:
    worse = table.value.copy()
    worse[table.order.argmin()] *= cut
    before, after = table.measure(name, convention), table.measure(name, convention, value=worse)
    if before.code[0] == after.code[0] == "" and convention not in ("relative", "wagstaff"):
        assert after.value[0] > before.value[0] - 1e-9


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(st.lists(tables(), min_size=2, max_size=4))
def test_a_batch_gives_what_each_slice_gives_alone(name: str, convention: str, stack: list[Table]) -> None:
    width = max(len(table.value) for table in stack)

    def padded(field: str) -> np.ndarray:
        return np.array(
            [np.pad(getattr(t, field).astype(float), (0, width - len(t.value)), constant_values=np.nan) for t in stack]
        )

    together = Table(*(padded(field) for field in ("value", "population", "order", "se"))).measure(name, convention)
    for index, table in enumerate(stack):
        alone, beside = table.measure(name, convention).at(0), together.at(index)
        assert type(alone) is type(beside)
        if isinstance(alone, Measurement) and isinstance(beside, Measurement):
            assert alone.n == beside.n and alone.method == beside.method
            np.testing.assert_allclose(beside.value, alone.value, rtol=1e-9, atol=1e-10)
            assert (alone.lower is None) == (beside.lower is None)
            if alone.lower is not None and beside.lower is not None:
                np.testing.assert_allclose(beside.lower, alone.lower, rtol=1e-7, atol=1e-9)


NASTY = st.sampled_from([0.0, -0.0, -1.0, 1.0, 50.0, 100.0, 1e-300, 1e300, -1e300, np.nan, np.inf, -np.inf])


@pytest.mark.parametrize(("name", "convention"), CASES)
@LAW
@given(st.data())
def test_whatever_is_put_in_a_number_or_a_reason_comes_out(name: str, convention: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    column = st.lists(NASTY, min_size=size, max_size=size).map(np.array)
    optional = st.none() | column
    found = measure_batch(
        name,
        data.draw(column),
        population=data.draw(optional),
        se=data.draw(optional),
        order=data.draw(optional),
        reference=data.draw(st.none() | st.integers(-2, size + 1)),
        bounds=data.draw(st.none() | st.just((0.0, 100.0))),
        polarity=data.draw(st.sampled_from(list(Polarity))),
        convention=convention,
        parameters=named_parameters(name),
    )
    result = found.at(0)
    if isinstance(result, Refusal):
        assert result.code in REFUSALS and result.reason
        return
    numbers = [result.value, result.se, result.lower, result.upper, *result.also.values()]
    assert all(number is None or np.isfinite(number) for number in numbers)
    assert (result.lower is None) == (result.upper is None) == (result.se is None)


@pytest.mark.parametrize(("name", "convention"), CASES)
def test_one_subject_is_too_few_everywhere(name: str, convention: str) -> None:
    found = Table(np.array([50.0]), np.array([1000.0]), np.array([1]), np.array([1.0])).measure(name, convention)
    assert found.code.tolist() == ["too-few-subjects"]
