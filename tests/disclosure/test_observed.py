"""Observations of own tables: what is hidden, what stays, and an attack by another method that finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog  # type: ignore[import-untyped,unused-ignore]

from levelup.disclosure.long_tables.adding import Long, find_sums, name_codes
from levelup.disclosure.long_tables.observed import Judged, protect_observations, read_counts
from levelup.disclosure.profile import Profile, find_profile
from levelup.terms.errors import InputError
from levelup.terms.record import Observations

THRESHOLD = find_profile("threshold-10")
YEAR = "2024-01-01/P1Y"
PARENTS = {"A": "AB", "B": "AB", "C": "AB"}
Row = tuple[str, str, str, str, float, float, float]
"""Indicator, place, cohort, period, value, numerator, denominator."""


def table(*rows: Row) -> Observations:
    texts = [np.array([row[at] for row in rows], dtype=np.object_) for at in range(4)]
    value, numerator, denominator = (np.array([row[at] for row in rows], dtype=np.float64) for at in (4, 5, 6))
    nothing, unmarked = np.full(len(rows), np.nan), np.full(len(rows), "", dtype=np.object_)
    return Observations(
        texts[0], texts[1], texts[2], texts[3], value, nothing, nothing.copy(), numerator, denominator, unmarked, unmarked.copy()
    )


def share(place: str, count: float, total: float, *, indicator: str = "own", cohort: str = "all", period: str = YEAR) -> Row:
    return (indicator, place, cohort, period, 100.0 * count / total, count, total)


def shown(*tables: Observations, profile: Profile = THRESHOLD, unit: str = "percent") -> tuple[Observations, Judged]:
    names = {str(name) for item in tables for name in item.indicator}
    return protect_observations(tables, profile=profile, units=dict.fromkeys(names, unit), parents=PARENTS)


def hidden(rows: Observations) -> list[bool]:
    return [bool(gone) for gone in np.isnan(rows.value)]


def test_a_small_count_goes_with_its_value_and_another_so_that_the_total_does_not_give_it_back() -> None:
    found, judged = shown(table(share("A", 5, 100), share("B", 40, 100), share("C", 50, 100), share("AB", 95, 300)))
    assert hidden(found) == [True, True, False, False]
    assert found.status.tolist() == ["c", "c", "", ""]
    assert np.isnan(found.numerator[:2]).all() and found.denominator.tolist() == [100.0, 100.0, 100.0, 300.0]
    assert (judged.rows, judged.hidden, judged.kept_back, judged.refused) == (4, 2, 0, ())


def test_few_who_are_left_over_are_as_small_as_few_who_are_counted() -> None:
    found, _ = shown(table(share("A", 96, 100), share("B", 50, 100)))
    assert hidden(found) == [True, False]


def test_a_small_denominator_is_hidden_itself() -> None:
    found, _ = shown(table(share("A", 4, 8), share("B", 50, 100)))
    assert np.isnan(found.denominator[0]) and hidden(found) == [True, False]


def test_zeros_and_tables_without_small_counts_stay_as_they_are() -> None:
    given = table(share("A", 0, 100), share("B", 40, 100), share("AB", 40, 200))
    found, judged = shown(given)
    assert found.value.tolist() == given.value.tolist() and found.numerator.tolist() == given.numerator.tolist()
    assert judged.hidden == 0 and judged.cells == 0


def test_a_count_is_read_from_a_value_with_its_denominator_and_from_a_value_that_is_one() -> None:
    found, _ = shown(table(("own", "A", "all", YEAR, 2.5, np.nan, 200.0), ("own", "B", "all", YEAR, 25.0, np.nan, 200.0)))
    assert hidden(found) == [True, False]
    found, _ = shown(
        table(("own", "A", "all", YEAR, 7.0, np.nan, np.nan), ("own", "B", "all", YEAR, 70.0, np.nan, np.nan)), unit="count"
    )
    assert hidden(found) == [True, False]


def test_figures_without_counts_pass_and_are_told_but_not_beside_a_hidden_one() -> None:
    bare = ("own", "AB", "all", YEAR, 30.0, np.nan, np.nan)
    elsewhere = ("own", "Z", "all", YEAR, 30.0, np.nan, np.nan)
    found, judged = shown(table(share("A", 50, 100), share("B", 50, 100), bare, elsewhere))
    assert hidden(found) == [False] * 4 and judged.unjudged == 2
    found, judged = shown(table(share("A", 5, 100), share("B", 50, 100), bare, elsewhere))
    assert hidden(found) == [True, False, True, False] and judged.unjudged == 1


def test_weighted_counts_are_judged_by_their_base() -> None:
    rows = (("own", "A", "all", YEAR, 30.0, 2.6, 8.7), ("own", "B", "all", YEAR, 30.0, 26.1, 87.2))
    found, judged = shown(table(*rows))
    assert hidden(found) == [True, False] and np.isnan(found.denominator[0]) and judged.weighted == 2
    found, _ = shown(table(("own", "A", "all", YEAR, 30.0, 6.6, 22.0)), profile=find_profile("survey-bases"))
    assert hidden(found) == [True]


def test_shares_of_fewer_people_than_the_profile_asks_for_are_hidden() -> None:
    profile = Profile("own", "Own", "Own.", 3, "", "", hidden=(1, 4), statistics_from=30)
    found, _ = shown(table(share("A", 9, 20), share("B", 9, 40)), profile=profile)
    assert hidden(found) == [True, False] and found.denominator.tolist() == [20.0, 40.0]


def test_rounded_counts_stand_in_for_the_counts_and_the_value_is_made_from_them() -> None:
    given = table(share("A", 23, 101), share("B", 4, 99), share("C", 51, 200))
    given.lower[:], given.upper[:] = 1.0, 60.0
    found, _ = shown(given, profile=find_profile("nhs-sub-national"))
    assert hidden(found) == [False, True, False]
    assert (found.numerator[0], found.denominator[0], found.value[0]) == (25.0, 100.0, 25.0)
    assert np.isnan(found.lower).all() and np.isnan(found.upper).all()
    adjusted = table(("own", "A", "all", YEAR, 31.4, 23.0, 101.0))
    found, _ = shown(adjusted, profile=find_profile("nhs-sub-national"))
    assert found.value.tolist() == [31.4] and np.isnan([found.numerator[0], found.denominator[0]]).all()


@pytest.mark.parametrize("name", ["random-rounding-3", "cell-key", "controlled-rounding-5"])
def test_a_profile_that_needs_a_secret_is_refused_and_others_are_named(name: str) -> None:
    with pytest.raises(InputError, match="threshold-10"):
        shown(table(share("A", 5, 100)), profile=find_profile(name))


def test_two_indicators_that_divide_the_same_people_hide_alike() -> None:
    counts = {"A": (5, 95), "B": (30, 70), "C": (60, 40), "AB": (95, 205)}
    rows = [
        share(place, count, yes + no, indicator=name)
        for place, (yes, no) in counts.items()
        for name, count in (("yes", yes), ("no", no))
    ]
    found, _ = shown(table(*rows))
    gone = np.array(hidden(found)).reshape(4, 2)
    assert (gone[:, 0] == gone[:, 1]).all() and gone[0].all() and gone.sum() == 4


def test_a_year_and_its_quarters_are_one_table() -> None:
    quarters = [f"2024-{month:02d}-01/P3M" for month in (1, 4, 7, 10)]
    rows = [share("A", count, 100, period=period) for count, period in zip((4, 30, 30, 36), quarters, strict=True)]
    found, _ = shown(table(*rows, share("A", 100, 400)))
    assert hidden(found)[0] and sum(hidden(found)) >= 2
    alone, _ = shown(table(*rows))
    assert sum(hidden(alone)) == 1


def test_categories_inside_a_broader_one_are_found_and_unknown_ones_are_not_made_up() -> None:
    cohorts = ("all", "send=any", "send=none", "send=support", "send=plan")
    names = name_codes(["A", "B"], cohorts, [YEAR], parents={})
    count = np.array([[100, 30, 70, 20, 10], [200, 50, 150, 41, 9]], dtype=np.float64)
    place, cohort = (axis.ravel() for axis in np.indices(count.shape))
    zero = np.zeros(10, dtype=np.int64)
    part = Long(zero, place, cohort, zero, np.arange(10), count.ravel())
    nobody = Long(*(column[:0] for column in (zero, zero, zero, zero, zero)), count=np.empty(0))
    assert set(find_sums(part, nobody, names=names)) == {
        (0, (1, 2)), (0, (2, 3, 4)), (1, (3, 4)), (5, (6, 7)), (5, (7, 8, 9)), (6, (8, 9)),
    }  # fmt: skip


def test_what_was_shown_before_is_known_and_what_cannot_be_saved_is_kept_back() -> None:
    before = table(share("A", 20, 100), share("AB", 25, 200))
    after = table(share("A", 20, 100), share("B", 5, 100), share("AB", 25, 200))
    alone, judged = shown(after)
    assert hidden(alone) != [True, True, True] and judged.refused == ()
    found, judged = shown(before, after)
    assert hidden(found) == [True] * 3 and judged.refused == (("own", YEAR),) and judged.kept_back == 3


def test_a_partner_hidden_before_is_not_shown_after_where_that_would_tell() -> None:
    before = table(share("A", 5, 100), share("B", 21, 100), share("C", 400, 900), share("AB", 426, 1100))
    first, _ = shown(before)
    partner = hidden(first).index(True, 1)
    grown = list(zip(before.place, before.numerator, before.denominator, strict=True))
    third = 3 - partner
    grown[third] = (grown[third][0], 12.0, grown[third][2])
    grown[3] = ("AB", sum(count for _, count, _ in grown[:3]), 1100.0)
    second, _ = shown(before, table(*(share(*row) for row in grown)))
    told = [place for place, gone in zip(second.place, hidden(second), strict=True) if not gone]
    assert str(before.place[partner]) not in told, "its partner's first total would give the small count back"


def made(seed: int, *, rate: float, size: int) -> Observations:
    """Return a table of two indicators with the same denominators: places, sexes and ages in two years, everything adding up."""
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    for year in (2023, 2024):
        people = draw.poisson(draw.uniform(0.2, 1.0, (3, 1)) * size, (3, 4)).astype(float) + 1.0
        for name, chance in (("first", rate), ("second", 1.0 - rate / 2.0)):
            count = draw.binomial(people.astype(int), chance).astype(float)
            for place, lines in (("A", [0]), ("B", [1]), ("C", [2]), ("AB", [0, 1, 2])):
                for cohort, cells in GROUPS.items():
                    at = np.ix_(lines, cells)
                    rows.append(
                        share(place, count[at].sum(), people[at].sum(), indicator=name, cohort=cohort, period=f"{year}-01-01/P1Y")
                    )
    return table(*rows)


GROUPS = {"all": [0, 1, 2, 3], "sex=female": [0, 1], "sex=male": [2, 3], "age=0-15": [0, 2], "age=16-64": [1, 3]}


def widths(rows: Observations) -> dict[int, float]:
    """Return, for every hidden row, how far apart the ends of its numerator are: by linear programmes of the test's own.

    The unknowns are every row's numerator and denominator; districts add up to the whole, groups to everyone, and two indicators
    share their denominators.
    """
    at = {key: row for row, key in enumerate(zip(rows.indicator, rows.place, rows.cohort, rows.period, strict=True))}
    size = len(rows)
    equations: list[dict[int, float]] = []
    for name, cohort, period in product(("first", "second"), GROUPS, sorted(set(rows.period))):
        line = {at[name, "AB", cohort, period]: 1.0} | {at[name, place, cohort, period]: -1.0 for place in "ABC"}
        equations += [line, {size + cell: sign for cell, sign in line.items()}]
    for name, place, period in product(("first", "second"), ("A", "B", "C", "AB"), sorted(set(rows.period))):
        for cohorts in (("sex=female", "sex=male"), ("age=0-15", "age=16-64")):
            line = {at[name, place, "all", period]: 1.0} | {at[name, place, cohort, period]: -1.0 for cohort in cohorts}
            equations += [line, {size + cell: sign for cell, sign in line.items()}]
    for place, cohort, period in product(("A", "B", "C", "AB"), GROUPS, sorted(set(rows.period))):
        first, second = (size + at[name, place, cohort, period] for name in ("first", "second"))
        equations.append({first: 1.0, second: -1.0})
    matrix, above = np.zeros((len(equations), 2 * size)), np.zeros((size, 2 * size))
    for number, line in enumerate(equations):
        matrix[number, list(line)] = list(line.values())
    above[np.arange(size), np.arange(size)], above[np.arange(size), size + np.arange(size)] = 1.0, -1.0
    known = np.concatenate([rows.numerator, rows.denominator])
    bounds = [(0.0, None) if np.isnan(figure) else (figure, figure) for figure in known.tolist()]
    found = {}
    for row in np.flatnonzero(np.isnan(rows.numerator)).tolist():
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(2 * size)
            aim[row] = sign
            answer = linprog(aim, A_ub=above, b_ub=np.zeros(size), A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds)
            ends.append(np.inf if answer.status == 3 else float(answer.x[row]))
        found[row] = ends[1] - ends[0]
    return found


@pytest.mark.parametrize(("seed", "rate", "size"), [(1, 0.1, 60), (2, 0.3, 30), (3, 0.05, 200), (4, 0.02, 500)])
def test_an_attack_by_another_method_recovers_nothing(seed: int, rate: float, size: int) -> None:
    given = made(seed, rate=rate, size=size)
    found, judged = shown(given)
    small = ((given.numerator > 0) & (given.numerator < 10)) | (
        (given.denominator > given.numerator) & (given.denominator - given.numerator < 10)
    )
    assert 0 < judged.hidden < judged.rows and np.isnan(found.value[small]).all()
    assert min(widths(found).values()) >= THRESHOLD.protection - 1e-6


def test_the_same_table_leaves_alike_every_time() -> None:
    given = made(5, rate=0.1, size=60)
    first, second = (shown(given)[0] for _ in range(2))
    assert hidden(first) == hidden(second)


def test_counts_that_are_no_counts_are_left_alone() -> None:
    found = read_counts(table(("own", "A", "all", YEAR, 5.0, np.nan, np.nan)), {"own": "score"})
    assert np.isnan([found.part[0], found.rest[0], found.everyone[0]]).all() and bool(found.is_bare[0])


def columns(rows: Observations, names: Sequence[str]) -> list[list[object]]:
    return [getattr(rows, name).tolist() for name in names]


def test_everything_but_figures_and_marks_stays() -> None:
    given = made(6, rate=0.1, size=60)
    found, _ = shown(given)
    names = ("indicator", "place", "cohort", "period", "release")
    assert columns(found, names) == columns(given, names)
