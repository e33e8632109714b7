"""Life tables against tables worked by hand and against a plain second computation, band by band."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.life_doubt import find_doubts
from levelup.inference.life_table import (
    LifeTable,
    build_life_table,
    expect_in_state,
    split_by_age,
    variance_of_expectancy,
    variance_of_shares,
)
from levelup.inference.stepwise import replace_stepwise

AGE = np.array([0, 1, *range(5, 95, 5)], dtype=float)
RATE = np.array([40, 2, 1, 1, 3, 5, 6, 9, 12, 19, 28, 42, 66, 105, 165, 270, 470, 830, 1500, 2600]) / 10_000
PEOPLE = np.array([11, 46, 60, 60, 58, 64, 67, 67, 65, 61, 68, 70, 64, 55, 50, 49, 34, 24, 14, 8]) * 1000.0
"""Made-up counts of the size of a large county's."""


def plain(age: np.ndarray, deaths: np.ndarray, people: np.ndarray, share: np.ndarray) -> dict[str, np.ndarray]:
    """Return the textbook's columns, one band after the other."""
    n = len(age)
    alive, lived, dying, part = [1.0], [], [], []
    for i in range(n - 1):
        width, rate = age[i + 1] - age[i], deaths[i] / people[i]
        a = 0.1 if age[i] == 0 and width <= 5 else 0.5
        q = width * rate / (1 + (1 - a) * width * rate)
        part.append(a * width)
        dying.append(q)
        lived.append(width * alive[i] * (1 - q) + a * width * alive[i] * q)
        alive.append(alive[i] * (1 - q))
    lived.append(alive[-1] * people[-1] / deaths[-1])
    left = [sum(lived[i:]) / alive[i] for i in range(n)]
    well = [sum(h * years for h, years in zip(share[i:], lived[i:], strict=True)) / alive[i] for i in range(n)]
    chiang, open_band = [], (alive[-1] * people[-1] / deaths[-1]) ** 2 / deaths[-1]
    for x in range(n):
        total = sum(
            (alive[i] * (age[i + 1] - age[i] - part[i] + left[i + 1])) ** 2 * dying[i] ** 2 * (1 - dying[i]) / deaths[i]
            for i in range(x, n - 1)
        )
        chiang.append(total / alive[x] ** 2)
    columns = {"survivors": alive, "lived": lived, "left": left, "well": well, "chiang": chiang}
    columns["silcocks"] = [item + open_band / alive[x] ** 2 for x, item in enumerate(chiang)]
    return {name: np.array(item) for name, item in columns.items()}


def one(age: np.ndarray, deaths: np.ndarray, people: np.ndarray) -> LifeTable:
    return build_life_table(age[None], deaths=deaths[None], population=people[None])


@pytest.mark.parametrize(
    "starts",
    [AGE, AGE[:-1], AGE[1:], np.array([0.0, *AGE[2:-1]]), np.arange(0.0, 101.0), np.array([0.0, 15.0, 45.0, 65.0]), AGE[13:]],
    ids=["20 bands", "85+", "from 1", "18 bands from 0 to 4", "single years", "four bands", "from 60"],
)
def test_any_bands_as_a_plain_computation_has_them(starts: np.ndarray) -> None:
    rate = np.exp(np.interp(starts, AGE, np.log(RATE)))
    people = np.linspace(90_000, 9_000, len(starts))
    deaths, share = np.round(rate * people) + 1, np.linspace(0.95, 0.4, len(starts))
    table, wanted = one(starts, deaths, people), plain(starts, deaths, people, share)
    for name, found in {
        "survivors": table.survivors,
        "lived": table.lived,
        "left": table.expectancy,
        "well": expect_in_state(table, share[None]),
        "chiang": variance_of_expectancy(table, method="chiang"),
        "silcocks": variance_of_expectancy(table, method="silcocks"),
    }.items():
        np.testing.assert_allclose(found[0], wanted[name], rtol=1e-12, err_msg=name)


def test_a_constant_risk_of_one_in_fifty_leaves_fifty_years() -> None:
    """Deaths are spread evenly over a year rather than falling off within it: a hundredth of a year at most."""
    age = np.arange(0.0, 111.0)
    table = build_life_table(age[None], deaths=np.full((1, 111), 20.0), population=np.full((1, 111), 1000.0), infant_fraction=0.5)
    np.testing.assert_allclose(table.expectancy[0], 50.0, atol=0.01)


def test_the_variance_is_what_the_years_left_do_when_one_band_has_more_deaths() -> None:
    """The sum over bands of slope^2 times deaths; in a closed band the sources take 1 - q where the slope has (1 - q / 2)^2."""
    deaths = np.round(RATE * PEOPLE)
    share = np.linspace(0.95, 0.4, 20)
    up, down = (
        expect_in_state(
            build_life_table(np.tile(AGE, (20, 1)), deaths=deaths + step * np.eye(20), population=np.tile(PEOPLE, (20, 1))), share
        )
        for step in (0.01, -0.01)
    )
    slope = (up - down)[:, 0] / 0.02
    table = one(AGE, deaths, PEOPLE)
    shrink = (1.0 - table.dying[0]) / (1.0 - (1.0 - table.fraction[0]) * table.dying[0]) ** 2
    shrink[-1] = 1.0
    wanted = (slope**2 * deaths * shrink).sum()
    np.testing.assert_allclose(variance_of_expectancy(table, method="silcocks", share=share[None])[0, 0], wanted, rtol=1e-6)


def test_the_variance_of_the_shares_adds_up_over_the_years_lived() -> None:
    table = one(AGE, np.round(RATE * PEOPLE), PEOPLE)
    spread = np.full((1, 20), 0.0004)
    assert variance_of_shares(table, spread)[0, 0] == pytest.approx(0.0004 * (table.lived**2).sum(), rel=1e-12)
    assert variance_of_shares(table, spread)[0, -1] == pytest.approx(0.0004 * table.expectancy[0, -1] ** 2, rel=1e-12)


def test_bands_may_come_in_any_order_and_go_back_into_it() -> None:
    mixed = np.random.default_rng(3).permutation(20)
    deaths = np.round(RATE * PEOPLE)
    straight, shuffled = one(AGE, deaths, PEOPLE), one(AGE[mixed], deaths[mixed], PEOPLE[mixed])
    np.testing.assert_array_equal(shuffled.expectancy, straight.expectancy)
    np.testing.assert_array_equal(shuffled.as_given(shuffled.expectancy)[0], straight.expectancy[0][mixed])
    np.testing.assert_array_equal(shuffled.in_order(PEOPLE[mixed][None]), PEOPLE[None])


def test_a_shorter_slice_is_padded_and_left_alone() -> None:
    deaths = np.round(RATE * PEOPLE)
    padded = np.array([AGE, np.append(AGE[:-1], np.nan)])
    both = build_life_table(padded, deaths=np.tile(deaths, (2, 1)), population=np.tile(PEOPLE, (2, 1)))
    alone = one(AGE[:-1], deaths[:-1], PEOPLE[:-1])
    np.testing.assert_array_equal(both.expectancy[1, :-1], alone.expectancy[0])
    assert np.isnan(both.expectancy[1, -1]) and both.last.tolist() == [19, 18]
    assert both.column_at(85.0).tolist() == [18, 18] and both.column_at(90.0).tolist() == [19, -1]


def test_empty_bands_at_the_end_join_the_last_with_deaths() -> None:
    deaths = np.round(RATE * PEOPLE)
    deaths[-2:] = 0
    merged = build_life_table(AGE[None], deaths=deaths[None], population=PEOPLE[None], merge=True)
    wanted = one(AGE[:-2], deaths[:-2], np.append(PEOPLE[:-3], PEOPLE[-3:].sum()))
    np.testing.assert_allclose(merged.expectancy[0, :-2], wanted.expectancy[0], rtol=1e-14)
    assert np.isnan(merged.expectancy[0, -2:]).all()
    full = np.round(RATE * PEOPLE)[None]
    untouched = build_life_table(AGE[None], deaths=full, population=PEOPLE[None], merge=True)
    np.testing.assert_array_equal(untouched.expectancy, one(AGE, full[0], PEOPLE).expectancy)


def test_a_split_by_age_is_the_symmetric_replacement_of_the_rates() -> None:
    """Arriaga's formula over both orders, against replacing one band's rate after the other, there and back."""
    later = RATE * np.linspace(0.6, 1.1, 20)

    def years(rates: np.ndarray) -> np.ndarray:
        flat = rates.reshape(-1, 20)
        table = build_life_table(np.tile(AGE, (len(flat), 1)), deaths=flat * 1e6, population=np.full(flat.shape, 1e6))
        return table.expectancy[:, 0].reshape(rates.shape[:-1])

    first, second = (one(AGE, rate * 1e6, np.full(20, 1e6)) for rate in (RATE, later))
    found = split_by_age(first.survivors, first.expectancy, later_survivors=second.survivors, later_expectancy=second.expectancy)[
        0
    ]
    np.testing.assert_allclose(found, replace_stepwise(years, RATE, later), atol=1e-12)
    assert found.sum() == pytest.approx(second.expectancy[0, 0] - first.expectancy[0, 0], abs=1e-12)


@pytest.mark.parametrize(
    ("change", "at_age", "code"),
    [
        ({}, 0.0, []),
        ({"deaths": (3, 70_000.0)}, 0.0, ["out-of-bounds"]),
        ({"deaths": (17, 23_000.0)}, 0.0, ["out-of-bounds"]),
        ({"age": (4, 10.0)}, 0.0, ["unsupported-combination"]),
        ({"deaths": (19, 0.0)}, 0.0, ["not-positive"]),
        ({}, 7.0, ["unsupported-combination"]),
    ],
    ids=["none", "more deaths than people", "nobody would live through it", "a band twice", "no death at the end", "no such age"],
)
def test_doubts(change: dict[str, tuple[int, float]], at_age: float, code: list[str]) -> None:
    columns = {"age": AGE.copy(), "deaths": np.round(RATE * PEOPLE), "population": PEOPLE.copy()}
    for name, (row, figure) in change.items():
        columns[name][row] = figure
    table = build_life_table(columns["age"][None], deaths=columns["deaths"][None], population=columns["population"][None])
    doubts = find_doubts(table, at_age=at_age, least_population=5000, se=np.array([1.0]), widest=10)
    assert [doubt.code for doubt in doubts if doubt.where.any()] == code


def test_few_people_or_a_wide_interval_are_doubts() -> None:
    table = one(AGE, np.round(RATE * PEOPLE), PEOPLE)
    for least, se in ((PEOPLE.sum(), 1.0), (0.0, 5.2)):
        doubts = find_doubts(table, at_age=0, least_population=least, se=np.array([se]), widest=10)
        assert [doubt.code for doubt in doubts if doubt.where.any()] == ["population-too-small"]
