"""Life expectancy, worked by hand, with its limits and its bands."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.life_table import build_life_table, find_uneven, say_uneven
from levelup.measures.batch import measure_batch
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Measurement

AGE = np.array([0, 1, *range(5, 95, 5)], dtype=float)
DEATHS = np.array([44, 9, 6, 6, 17, 32, 40, 60, 78, 116, 190, 294, 422, 577, 825, 1323, 1598, 1992, 2100, 2080], dtype=float)
PEOPLE = np.array([11, 46, 60, 60, 58, 64, 67, 67, 65, 61, 68, 70, 64, 55, 50, 49, 34, 24, 14, 8]) * 1000.0


def test_by_hand() -> None:
    """Infants: q = 0.01 / (1 + 0.9 x 0.01); to 61: q = 60 x 0.004 / (1 + 0.5 x 60 x 0.004); then 10 years.

    Who reaches them: 1, 0.9900892, 0.7779272; lived: 0.9910803, 53.0404917 and 7.7792721 years.
    """
    q0, q1 = 0.01 / 1.009, 0.24 / 1.12
    l1 = 1 - q0
    l2 = l1 * (1 - q1)
    years = (l1 + 0.1 * q0) + 60 * l2 + 30 * l1 * q1 + 10 * l2
    columns = {"age": [0, 1, 61], "count": [100, 4000, 1000], "total": [10_000, 1_000_000, 10_000]}
    found = measure_batch("life_expectancy", columns=columns, convention="chiang")
    assert found.value[0] == pytest.approx(years, rel=1e-14) == pytest.approx(61.8108, abs=1e-4)
    reach0, reach1 = 0.9 + found.parts["expectancy"][0, 1], 30 + 10
    chiang = (reach0 * q0) ** 2 * (1 - q0) / 100 + (l1 * reach1 * q1) ** 2 * (1 - q1) / 4000
    assert found.se[0] == pytest.approx(chiang**0.5, rel=1e-12)
    silcocks = measure_batch("LE", columns=columns, convention="silcocks")
    assert silcocks.se[0] == pytest.approx((chiang + (l2 * 10) ** 2 / 1000) ** 0.5, rel=1e-12)


def test_the_convention_must_be_named() -> None:
    with pytest.raises(InputError, match="convention"):
        measure_batch("LE", columns={"age": AGE, "count": DEATHS, "total": PEOPLE})


def test_a_table_with_bands_in_any_order() -> None:
    mixed = np.random.default_rng(1).permutation(20)
    columns = {"from": AGE[mixed], "died": DEATHS[mixed], "people": PEOPLE[mixed]}
    roles = {"age": ["from"], "count": ["died"], "total": ["people"]}
    found = measure_table(columns, name="LE", further=roles, convention="silcocks", parameters={"at_age": 65})
    assert isinstance(found, Measurement) and found.lower is not None and found.n == 20
    assert found.also == {"deaths": DEATHS.sum(), "population": PEOPLE.sum()}
    at = int(np.flatnonzero(AGE[mixed] == 65)[0])
    assert found.parts["expectancy"][at] == found.value and found.parts["expectancy_se"][at] == found.se
    assert found.parts["survivors"][int(np.flatnonzero(mixed == 0)[0])] == 1.0


def test_a_later_open_band_changes_the_figure_by_a_little() -> None:
    """Ninety and over against eighty-five and over, from the same deaths."""
    joined = {"age": AGE[:-1], "count": np.append(DEATHS[:-2], DEATHS[-2:].sum())}
    joined["total"] = np.append(PEOPLE[:-2], PEOPLE[-2:].sum())
    values = [
        measure_batch("LE", columns=item, convention="silcocks").value[0]
        for item in ({"age": AGE, "count": DEATHS, "total": PEOPLE}, joined)
    ]
    assert 0 < abs(values[0] - values[1]) < 0.1


def changed(role: str, row: int, figure: float) -> dict[str, np.ndarray]:
    columns = {"age": AGE.copy(), "count": DEATHS.copy(), "total": PEOPLE.copy()}
    columns[role][row] = figure
    return columns


@pytest.mark.parametrize(
    ("columns", "parameters", "code"),
    [
        (changed("count", 3, -1), {}, "out-of-bounds"),
        (changed("count", 3, 60_001), {}, "out-of-bounds"),
        (changed("total", 3, 0), {}, "not-positive"),
        (changed("total", 3, np.nan), {}, "missing-values"),
        (changed("age", 3, np.inf), {}, "missing-values"),
        (changed("age", 3, -5), {}, "out-of-bounds"),
        (changed("age", 3, 5), {}, "unsupported-combination"),
        (changed("count", 19, 0), {}, "not-positive"),
        (changed("count", 3, 0), {"at_age": 12}, "unsupported-combination"),
        (changed("count", 3, 0), {"least_population": 995_000}, "population-too-small"),
        (changed("count", 3, 0), {"widest": 0.1}, "population-too-small"),
        ({"age": [0.0], "count": [10.0], "total": [9000.0]}, {}, "too-few-subjects"),
        ({"age": [0.0, 50.0], "count": [0.0, 0.0], "total": [9e3, 9e3]}, {"last_band": "merge"}, "not-positive"),
    ],
)
def test_what_has_no_life_table_is_refused(columns: dict[str, np.ndarray], parameters: dict[str, float], code: str) -> None:
    found = measure_batch("LE", columns=columns, convention="silcocks", parameters=parameters).at(0)
    assert isinstance(found, Refusal) and found.code == code and found.reason


def test_a_band_without_deaths_is_no_obstacle_and_an_empty_last_band_may_be_merged() -> None:
    few = {"age": AGE, "count": DEATHS.copy(), "total": PEOPLE}
    few["count"][[2, 18, 19]] = 0
    found = measure_batch("LE", columns=few, convention="silcocks", parameters={"last_band": "merge"}).at(0)
    assert isinstance(found, Measurement) and found.lower is not None
    assert found.parts["dying"][2] == 0.0 and found.parts["expectancy"][18:] == [None, None]
    beyond = measure_batch("LE", columns=few, convention="silcocks", parameters={"last_band": "merge", "at_age": 90}).at(0)
    assert isinstance(beyond, Refusal) and beyond.code == "unsupported-combination"


def without(*ages: float) -> dict[str, np.ndarray]:
    """Return the table without the bands that begin at some ages."""
    stay = ~np.isin(AGE, ages)
    return {"age": AGE[stay], "count": DEATHS[stay], "total": PEOPLE[stay]}


EVEN = [(), (85, 90), (1,), (15, 25, 35, 45, 55, 65, 75, 85, 90), (70, 75, 80, 85, 90)]
"""Bands left out so that none stands for two: no band for infants, ten years after fifteen, a last band from 70 years on."""


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ((30,), "Band 25 is read as 25 to 34; those beside it are 5 years wide."),
        ((30, 35, 60), "Band 25 is read as 25 to 39; those beside it are 5 years wide. Band 55 is read as 55 to 64;"),
        ((10,), "Band 5 is read as 5 to 14; those beside it are 4 and 5 years wide."),
    ],
)
def test_a_band_that_stands_for_two_is_said(ages: tuple[float, ...], said: str) -> None:
    found = measure_batch("LE", columns=without(*ages), convention="silcocks").at(0)
    assert isinstance(found, Measurement) and said in found.method
    alone = measure_batch("LE", columns=without(*ages), convention="chiang", parameters={"at_age": 90}).at(0)
    assert isinstance(alone, Measurement) and "is read as" not in alone.method
    others = [measure_batch("LE", columns=without(*even), convention="silcocks").at(0) for even in EVEN]
    assert not [item for item in others if isinstance(item, Refusal) or "is read as" in item.method]


def test_slices_of_other_bands_are_found_each_by_itself() -> None:
    ages = np.array([[20, 25, 35, 40, 45], [20, 25, 30, 40, 45], [20, 25, 30, 35, np.nan]])
    ones = np.ones_like(ages)
    table = build_life_table(ages, deaths=ones, population=100 * ones)
    assert find_uneven(table).tolist() == [[False, True, *[False] * 3], [False, False, True, False, False], [False] * 5]
    assert say_uneven(table) == ""


def test_chiangs_open_band_has_no_interval() -> None:
    found = measure_batch(
        "LE", columns={"age": AGE, "count": DEATHS, "total": PEOPLE}, convention="chiang", parameters={"at_age": 90}
    )
    result = found.at(0)
    assert isinstance(result, Measurement) and result.value == pytest.approx(8000 / 2080)
    assert result.lower is None and "no variance" in result.method
