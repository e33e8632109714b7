"""The Gini coefficient by group: worked by hand, its interval, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.terms.polarity import Polarity


def measured(value: object, group: object, **rest: object) -> Readings:
    given = {"polarity": Polarity.MORE, "columns": {"group": group}} | rest
    return measure_batch("gini_decomposition", value, **given)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """Levels 1, 3 and 2, 2: equal means; the first group's own coefficient is 1/4, weighing a half by a half; the whole 3/16."""
    found = measured([1.0, 3.0, 2.0, 2.0], [0, 0, 1, 1])
    assert found.value.tolist() == [0.1875]
    assert [found.also[name][0] for name in ("between", "within", "overlap")] == [0.0, 0.0625, 0.125]
    assert found.parts["group_gini"].tolist() == [[0.25, 0.0]]


def test_the_whole_is_the_coefficient_with_its_interval() -> None:
    level, people, errors = np.array([4.0, 9.0, 15.0, 23.0]), np.array([3.0, 1.0, 2.0, 2.0]), np.array([0.2, 0.4, 0.3, 0.5])
    found = measured(level, [0, 1, 0, 1], population=people, se=errors)
    whole = measure_batch("gini", level, population=people, se=errors, polarity=Polarity.MORE)
    for name in ("value", "lower", "upper"):
        np.testing.assert_allclose(getattr(found, name), getattr(whole, name), rtol=1e-12)
    for name in ("between", "within", "overlap"):
        assert found.also[f"{name}_lower"][0] < found.also[name][0] < found.also[f"{name}_upper"][0]


def test_the_scale_of_the_weights_does_not_matter() -> None:
    level, group, people = [4.0, 9.0, 15.0, 23.0], [0, 1, 0, 1], np.array([3.0, 1.0, 2.0, 2.0])
    one, two = (measured(level, group, population=people * factor) for factor in (0.02, 10.0))
    for name in ("between", "within", "overlap"):
        np.testing.assert_allclose(one.also[name], two.also[name], atol=1e-14)


@pytest.mark.parametrize(
    ("value", "group", "code"),
    [
        ([-1.0, 2.0], [0, 1], "not-positive"),
        ([0.0, 0.0], [0, 1], "not-positive"),
        ([np.nan, 2.0], [0, 1], "missing-values"),
        ([2.0], [0], "too-few-subjects"),
    ],
)
def test_what_cannot_be_split_is_refused(value: list[float], group: list[int], code: str) -> None:
    assert measured(value, group).code.tolist() == [code]
