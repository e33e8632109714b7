"""Sums that are in no row of an own table: nothing hidden is told by them, by an attacker of the tests' own who knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.long_tables.adding import Long, name_codes
from levelup.disclosure.long_tables.atoms import find_told
from levelup.disclosure.long_tables.observed import Judged, protect_observations
from levelup.disclosure.profile import Profile, find_profile
from levelup.terms.record import Observations

PARENTS = {"w1": "D1", "w2": "D1", "D1": "C", "D2": "C", "D3": "C"}
PLACES = {"C": (0, 1, 2, 3), "D1": (0, 1), "D2": (2,), "D3": (3,), "w1": (0,), "w2": (1,)}
SEXES = {"": (0, 1), "sex=male": (0,), "sex=female": (1,)}
AGES = {"": (0, 1, 2), "age=0-15": (0,), "age=16-64": (1,), "age=65+": (2,), "age=16+": (1, 2), "age=0-64": (0, 1)}
PERIODS = {
    "2019-01-01/P1Y": (0,), "2020-01-01/P1Y": (1,), "2021-01-01/P1Y": (2,), "2022-01-01/P1Y": (3,), "2019-01-01/P2Y": (0, 1),
    "2019-01-01/P3Y": (0, 1, 2), "2020-01-01/P3Y": (1, 2, 3), "2021-01-01/P2Y": (2, 3), "2019-01-01/P4Y": (0, 1, 2, 3),
}  # fmt: skip
SHAPE = (4, 2, 3, 4)
Key = tuple[str, str, str]
"""Place, cohort, period."""


@dataclass(frozen=True, slots=True)
class Own:
    """Rows by place, cohort and period with their counts, and which of the people at the bottom each counts."""

    keys: tuple[Key, ...]
    count: NDArray[np.float64]
    inside: NDArray[np.float64]


def inside_of(key: Key) -> NDArray[np.float64]:
    """Return which of the people at the bottom a row counts, shape (places x sexes x ages x years,)."""
    place, cohort, period = key
    pieces = cohort.split(";")
    sex = next((piece for piece in pieces if piece.startswith("sex")), "")
    age = next((piece for piece in pieces if piece.startswith("age")), "")
    found = np.zeros(SHAPE)
    found[np.ix_(PLACES[place], SEXES[sex], AGES[age], PERIODS[period])] = 1.0
    return found.ravel()


def make_own(keys: list[Key], people: NDArray[np.float64]) -> Own:
    """Return the rows of some keys."""
    inside = np.array([inside_of(key) for key in keys])
    return Own(tuple(keys), inside @ people.ravel(), inside)


def observe(own: Own, *, indicator: str = "own") -> Observations:
    """Return rows as observations of a count."""
    size = len(own.keys)
    nothing, unmarked = np.full(size, np.nan), np.full(size, "", dtype=np.object_)
    texts = [np.array(column, dtype=np.object_) for column in ([indicator] * size, *zip(*own.keys, strict=True))]
    return Observations(
        texts[0], texts[1], texts[2], texts[3], own.count.copy(), nothing, nothing.copy(), nothing.copy(), nothing.copy(),
        unmarked, unmarked.copy(),
    )  # fmt: skip


def widths(own: Own, shown: NDArray[np.float64], *, least: float) -> list[float]:
    """Return how far apart the ends of each hidden row's count are, by all that is shown and by who is counted where.

    The unknowns are the people at the bottom, of whom there is no row: they are `least` or more, and hidden rows one or more.
    """
    is_hidden = np.isnan(shown)
    used = own.inside.any(axis=0)
    known, rest = own.inside[~is_hidden][:, used], own.inside[is_hidden][:, used]
    ends: list[float] = []
    for row in rest:
        pair = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * row, A_ub=-rest, b_ub=-np.ones(len(rest)), A_eq=known if len(known) else None,
                b_eq=shown[~is_hidden] if len(known) else None, bounds=(least, 1e5), method="highs",
            )  # fmt: skip
            assert found.status == 0
            pair.append(sign * float(found.fun))
        ends.append(pair[1] - pair[0])
    return ends


def generate_own(*, number: int, seed: int, is_calm: bool = False) -> Iterator[Own]:
    """Yield long tables of mixed shape: each level of place, length of period and crossing of groups in or out at random.

    Calm ones have the same years everywhere, and every row of what they have.
    """
    draw = np.random.default_rng(seed)
    for _ in range(number):
        people = draw.negative_binomial(0.7, 0.7 / (0.7 + draw.choice([2.0, 6.0, 20.0])), size=SHAPE).astype(np.float64)
        keys: dict[Key, None] = {}
        for places in (("C",), ("D1", "D2", "D3"), ("w1", "w2")):
            kinds = draw.permutation(4)[: draw.integers(0, 3)]
            periods = (
                np.array(list(PERIODS))[:2] if is_calm else draw.choice(list(PERIODS), size=draw.integers(1, 4), replace=False)
            )
            for kind, place, period in product(kinds.tolist(), places, periods.tolist()):
                keys |= dict.fromkeys((place, cohort, period) for cohort in cohorts_of(kind, draw))
        drops = draw.random() < 0.3 and not is_calm
        chosen = [key for key in keys if not drops or draw.random() > 0.1]
        if len(chosen) > 1:
            yield make_own(chosen, people)


def cohorts_of(kind: int, draw: np.random.Generator) -> list[str]:
    """Return groups that divide everybody in one way: nobody apart, by sex, by age, or by both."""
    broad = [["age=16+"], ["age=0-64"], [], []][int(draw.integers(4))]
    bands = ["age=0-15", "age=16-64", "age=65+"]
    return [
        ["all"],
        ["sex=male", "sex=female"],
        bands + broad,
        [f"{age};{sex}" for age in bands for sex in ("sex=male", "sex=female")],
    ][kind]


THRESHOLD = find_profile("threshold-10")
FREE = -1e5
"""Where people at the bottom may be fewer than nobody: only what adds up tells then."""


def protect(own: Own, *, profile: Profile = THRESHOLD) -> tuple[NDArray[np.float64], Judged]:
    found, judged = protect_observations([observe(own)], profile=profile, units={"own": "count"}, parents=PARENTS)
    return found.value, judged


def counted(*rows: tuple[str, str, str, float]) -> Own:
    """Return rows whose counts are as given; the people at the bottom are made to fit by the attacker."""
    keys = tuple((place, cohort, period) for place, cohort, period, _ in rows)
    return Own(keys, np.array([count for *_, count in rows]), np.array([inside_of(key) for key in keys]))


Y = {year: f"{year}-01-01/P1Y" for year in range(2019, 2023)}
FIRST, LATER = "2019-01-01/P3Y", "2020-01-01/P3Y"
NOW = Y[2019]
CASES = {
    "bands of age in one row": counted(
        ("C", "all", NOW, 150), ("C", "age=0-15", NOW, 47), ("C", "age=16-64", NOW, 100), ("C", "age=65+", NOW, 3),
        ("C", "age=16+", NOW, 103),
    ),
    "rolling years beside single ones": counted(
        ("C", "all", FIRST, 90), ("C", "all", LATER, 82), ("C", "all", Y[2019], 12), ("C", "all", Y[2022], 4),
    ),
    "districts and the county's men and women": counted(
        ("D1", "all", NOW, 3), ("D2", "all", NOW, 50), ("D3", "all", NOW, 60), ("C", "sex=male", NOW, 53),
        ("C", "sex=female", NOW, 60),
    ),
    "sexes and bands of age": counted(
        ("C", "sex=male", NOW, 53), ("C", "sex=female", NOW, 60), ("C", "age=0-15", NOW, 3), ("C", "age=16+", NOW, 110),
    ),
    "districts by age and the county": counted(
        ("C", "all", NOW, 163), ("D1", "age=0-15", NOW, 3), ("D1", "age=16+", NOW, 30), ("D2", "age=0-15", NOW, 30),
        ("D2", "age=16+", NOW, 50), ("D3", "all", NOW, 50),
    ),
    "years by sex and all of them": counted(
        ("C", "all", "2019-01-01/P4Y", 113), *(
            ("C", cohort, year, count)
            for year, pair in zip(Y.values(), ((3, 30), (10, 20), (10, 20), (10, 10)), strict=True)
            for cohort, count in zip(("sex=male", "sex=female"), pair, strict=True)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("profile", ["threshold-10", "threshold-5"])
def test_a_small_count_is_not_told_by_sums_that_are_in_no_row(name: str, profile: str) -> None:
    own, rule = CASES[name], find_profile(profile)
    alone = np.where((own.count >= 1) & (own.count <= (rule.hidden or (1, 0))[1]), np.nan, own.count)
    assert max(widths(own, alone, least=0.0)) == 0, "the small count by itself would be told"
    shown, judged = protect(own, profile=rule)
    assert judged.refused == () and 2 <= judged.hidden < len(own.keys)
    assert np.isnan(shown[np.isnan(alone)]).all()
    assert min(widths(own, shown, least=0.0)) >= rule.protection - 1e-6


@pytest.mark.parametrize("name", ["nhs-sub-national", "ons-10-5"])
def test_rounded_counts_are_shown_beside_hidden_ones(name: str) -> None:
    for own in CASES.values():
        shown, judged = protect(own, profile=find_profile(name))
        is_shown = ~np.isnan(shown)
        assert judged.refused == () and not is_shown[own.count < 8].any() and is_shown.any()
        assert (shown[is_shown] == 5.0 * np.rint(own.count[is_shown] / 5.0)).all()


def test_few_who_are_in_no_row_do_not_make_a_count_safe() -> None:
    own = counted(("C", "all", NOW, 115), ("D1", "all", NOW, 3), ("D2", "all", NOW, 110))
    shown, _ = protect(own)
    assert np.isnan(shown).tolist() == [False, True, True]
    assert min(widths(own, shown, least=0.0)) >= THRESHOLD.protection - 1e-6
    many = counted(("C", "all", NOW, 315), ("D1", "all", NOW, 3), ("D2", "all", NOW, 110))
    assert np.isnan(protect(many)[0]).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("is_calm", "seed", "number", "least"), [(True, 12, 105, 0.0), (False, 13, 110, FREE), (False, 202, 110, 0.0)]
)
def test_generated_tables_of_mixed_shape_tell_nothing(*, is_calm: bool, seed: int, number: int, least: float) -> None:
    tables, hidden, told = 0, 0, 0
    for own in generate_own(number=number, seed=seed, is_calm=is_calm):
        shown, _ = protect(own)
        assert np.isnan(shown[(own.count > 0) & (own.count < 10)]).all()
        found = widths(own, shown, least=least)
        tables, hidden = tables + 1, hidden + len(found)
        told += sum(width < THRESHOLD.protection - 1e-6 for width in found)
    assert tables >= 100 and hidden > 1000 and told == 0


def test_what_rows_tell_of_each_other_by_whom_they_count_is_found() -> None:
    """A small count of one year, in a district, between a sex of two years and the other sex of the county: no sum, only ends."""
    places, cohorts = ["D1", "C"], ["all", "sex=female"]
    names = name_codes(places, cohorts, ["2019-01-01/P1Y", "2019-01-01/P2Y"], parents={"D1": "C"})
    zero = np.zeros(2, dtype=np.int64)
    rows = Long(zero, np.array([0, 1]), np.array([1, 0]), np.array([0, 1]), np.arange(2), np.array([3.0, 5.0]))
    asked = {"names": names, "target": np.array([True, False]), "need": 8.0}
    told = find_told(rows, low=np.array([1.0, 5.0]), high=np.array([np.inf, 5.0]), **asked)  # type: ignore[arg-type]
    safe = find_told(rows, low=np.array([1.0, 50.0]), high=np.array([np.inf, 50.0]), **asked)  # type: ignore[arg-type]
    assert told.tolist() == [True, False] and not safe.any()


def test_a_difference_is_told_and_so_are_the_sums_of_differences() -> None:
    own = counted(
        ("C", "all", NOW, 203), ("D1", "all", "2019-01-01/P2Y", 150), ("D1", "all", Y[2020], 50),
        ("D2", "all", NOW, 100), ("D3", "all", NOW, 3),
    )  # fmt: skip
    shown, _ = protect(own)
    assert np.isnan(shown[-1]) and np.isnan(shown).sum() >= 2
    assert min(widths(own, shown, least=FREE)) >= THRESHOLD.protection - 1e-6


def test_an_unchanged_table_and_a_longer_one_share_what_is_in_no_row() -> None:
    before, after = CASES["sexes and bands of age"], CASES["sexes and bands of age"]
    more = Own(
        (*after.keys, ("D1", "all", NOW)), np.append(after.count, 40.0), np.vstack([after.inside, inside_of(("D1", "all", NOW))])
    )
    first, _ = protect_observations([observe(before)], profile=THRESHOLD, units={"own": "count"}, parents=PARENTS)
    tables = [observe(before), observe(more)]
    second, judged = protect_observations(tables, profile=THRESHOLD, units={"own": "count"}, parents=PARENTS)
    assert judged.refused == () and np.isnan(second.value[:-1]).tolist() == np.isnan(first.value).tolist()


def test_twenty_bands_of_age_are_read_as_ranges() -> None:
    bands = [f"age={low}-{low + 4}" for low in range(0, 95, 5)] + ["age=95+"]
    counts = np.append(3.0, np.arange(20.0, 39.0))
    cohorts = ["all", *bands, "age=0-9", "age=10+"]
    values = np.concatenate([[counts.sum()], counts, [counts[:2].sum(), counts[2:].sum()]])
    own = Own(tuple(("C", cohort, NOW) for cohort in cohorts), values, np.empty((0, 0)))
    shown, _ = protect(own)
    assert np.isnan(shown[1]) and np.isnan(shown[2]), "a band and the only other one in ages 0 to 9"
    assert np.isnan(shown).sum() == 2
