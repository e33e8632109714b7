"""The concentration index by factors, worked by hand and against the reference software."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.concentration_decomposition import concentration_decomposition
from levelup.measures.concentration_index import concentration_index
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement
from tests.golden.tables import CLEAN, expected, read_table

FOUR = {"population": np.ones(4), "order": [1, 2, 3, 4]}
PACKAGE, TABLE = "rineq", "clean_micro600"
CONTRIBUTION = "Wagstaff decomposition contribution lm(h~age+sex+edu) w"
ELASTICITY = "Wagstaff decomposition elasticity"


def test_by_hand() -> None:
    """Levels 10, 14, 10, 18 on a factor 0, 1, 0, 1: coefficient 6, mean 13.

    Heights -3/4, -1/4, 1/4, 3/4 give the index (-30/4 - 14/4 + 10/4 + 54/4) / 4 = 5/4; the factor's own (-1/4 + 3/4) / 4 = 1/8,
    so that 6/8 of 5/4 goes along with it and 1/2 with none.
    """
    levels, x = [10.0, 14.0, 10.0, 18.0], np.array([[0.0], [1.0], [0.0], [1.0]])
    found = concentration_decomposition(levels, **FOUR, factor=x, polarity=Polarity.MORE, convention="absolute")
    np.testing.assert_allclose([found.value[0], found.parts["contribution"][0, 0], found.also["residual"][0]], [1.25, 0.75, 0.5])
    less = concentration_decomposition(levels, **FOUR, factor=x, polarity=Polarity.LESS, convention="relative")
    np.testing.assert_allclose(less.parts["contribution"], [[-0.75 / 13]])
    np.testing.assert_allclose(less.parts["elasticity"] * less.parts["concentration_index"], [[0.75 / 13]])


def test_persons_as_the_reference_has_them() -> None:
    """Contributions, residual and elasticities of three factors.

    The reference breaks ties in the order of the rows, and multiplies every index by (1 - 1/n) over one minus the sum of squared
    shares: two small-sample corrections of a variance, one of them turned round. Without them its figures are ours.
    """
    table = read_table(CLEAN / f"{TABLE}.csv")
    weight = np.array(table["weight"], dtype=float)
    share = weight / weight.sum()
    factor = (1 - 1 / len(share)) / (1 - (share**2).sum())
    row = np.argsort(np.argsort(np.array(table["ses"], dtype=float), kind="stable")) + 1
    found = measure_table(
        {**table, "row": row.tolist()}, name="concentration_decomposition", value="h", population="weight", order="row",
        further={"factor": ("age", "sex", "edu")}, polarity="more-is-better", convention="relative",
    )  # fmt: skip
    assert isinstance(found, Measurement)
    assert found.value * factor == pytest.approx(expected(PACKAGE, TABLE, "CI h~ses w", "linreg_delta")["estimate"], rel=1e-8)
    for index, name in enumerate(("age", "sex", "edu")):
        part, elasticity = (found.parts[key][index] for key in ("contribution", "elasticity"))  # type: ignore[index]
        assert part * factor == pytest.approx(expected(PACKAGE, TABLE, CONTRIBUTION, name)["estimate"], rel=1e-8)
        assert elasticity == pytest.approx(expected(PACKAGE, TABLE, ELASTICITY, name)["estimate"], rel=1e-8)
    residual = expected(PACKAGE, TABLE, CONTRIBUTION, "residual")["estimate"]
    assert found.also["residual"] * factor == pytest.approx(residual, rel=1e-8)
    assert found.lower is not None and None not in found.parts["contribution_se"]  # type: ignore[operator]


def test_the_index_is_the_plain_one_with_its_interval() -> None:
    random = np.random.default_rng(8)
    order, people = random.normal(size=120), random.uniform(1, 2, size=120)
    x = np.stack([order + random.normal(size=120), random.normal(size=120)], axis=1)
    values = 50 + 3 * x[:, 0] + random.normal(size=120)
    for convention in ("relative", "absolute"):
        shape = {"population": people, "order": order, "polarity": Polarity.LESS, "convention": convention}
        found = concentration_decomposition(values, **shape, factor=x, unit=np.arange(120) // 4)
        plain = concentration_index(values, **shape, interval="influence", unit=np.arange(120) // 4)
        np.testing.assert_allclose([found.value[0], found.se[0]], [plain.value[0], plain.se[0]], rtol=1e-9)


def test_slices_of_different_lengths_stand_alone() -> None:
    random = np.random.default_rng(2)
    values, x = 50 + random.normal(size=(2, 6)), random.normal(size=(2, 6, 2))
    people, order = np.ones((2, 6)), np.tile(np.arange(6.0), (2, 1))
    for item in (values, people, order):
        item[1, 5] = np.nan
    x[1, 5] = np.nan
    common = {"polarity": Polarity.MORE, "convention": "relative"}
    both = concentration_decomposition(values, population=people, order=order, factor=x, **common)
    alone = concentration_decomposition(values[1, :5], population=people[1, :5], order=order[1, :5], factor=x[1, :5], **common)
    np.testing.assert_allclose(both.parts["contribution"][1], alone.parts["contribution"][0])
    np.testing.assert_allclose([both.value[1], both.also["residual"][1]], [alone.value[0], alone.also["residual"][0]])


@pytest.mark.parametrize(
    ("levels", "order", "factor", "code"),
    [
        ([1.0, 2, 3, 4, 5], None, [[1.0], [2], [3], [5], [4]], "no-order"),
        ([1.0, 2, 3, 4, 5], [1, 1, 1, 1, 1], [[1.0], [2], [3], [5], [4]], "no-order"),
        ([1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [[1.0], [1], [1], [1], [1]], "unsupported-combination"),
        ([1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [[1.0, 2], [2, 4], [3, 6], [5, 10], [4, 8]], "unsupported-combination"),
        ([1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [[1.0, 2, 0], [2, 4, 1], [3, 1, 1], [5, 1, 0], [4, 8, 0]], "too-few-subjects"),
        ([-1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [[1.0], [2], [3], [5], [4]], "not-positive"),
        ([1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [[1.0], [2], [np.nan], [5], [4]], "missing-values"),
    ],
)
def test_refusals(levels: list[float], order: list[int] | None, factor: list[list[float]], code: str) -> None:
    found = concentration_decomposition(
        levels, population=np.ones(5), order=order, factor=factor, polarity=Polarity.MORE, convention="relative"
    )
    assert found.code.tolist() == [code]


def test_without_populations_or_factors() -> None:
    common = {"order": [1, 2, 3, 4], "polarity": Polarity.MORE, "convention": "relative"}
    found = concentration_decomposition([1.0, 2, 3, 4], population=None, factor=[[1.0], [2], [4], [3]], **common)
    assert found.code.tolist() == ["no-population"]
    with pytest.raises(InputError, match="factor"):
        concentration_decomposition([1.0, 2, 3, 4], population=np.ones(4), factor=None, **common)
