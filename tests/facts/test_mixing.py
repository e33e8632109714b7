"""People or mix on published figures: pupils on free school meals by 19, and households of two censuses by small area."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from levelup.inference.rebasing import make_crossing, rebase_counts
from levelup.inference.standard_error import se_of_proportion
from levelup.terms.errors import Refusal
from levelup.verdicts.between import Between, seen_between
from levelup.verdicts.drift import Drift, drifting_membership
from tests.facts.conftest import Ask

pytestmark = pytest.mark.data

ESSEX = "E10000012"
MEALS, OTHERS = "Eligible for FSM", "Not eligible for FSM"
PRINTED = 0.005
"""The figures below are written to two decimals."""


def by_19(ask: Ask, place: str, start: int, end: int, *, level: str = "l2_by19") -> Drift | Refusal:
    """Return the drift of pupils on free school meals; a year in which no count of the whole file is above 0 is not yet known."""
    file = "'education/dfe_attainment_by_age_19_la_fsm_sen_gender.parquet'"
    known = {year for (year,) in ask(f"select cohort_19_in from {file} group by 1 having max({level}) > 0")}
    rows = ask(
        f"select fsm, cohort_19_in, number_in_ss_cohort, {level} from {file} "
        f"where la_code_9 = '{place}' and gender = 'ALL' and sen = 'ALL'"
    )
    held = {(group, year): (pupils, count if year in known else np.nan) for group, year, pupils, count in rows}
    counts = np.array([[held[group, year] for year in (start, end)] for group in (MEALS, OTHERS)], dtype=np.float64)
    pupils, reached = counts[..., 0], counts[..., 1]
    rate, se = 100 * reached / pupils, 100 * se_of_proportion(reached, pupils)
    return drifting_membership(
        rate[0],
        cohort_share=pupils[0] / pupils.sum(axis=0),
        rest_rate=rate[1],
        low=0.0,
        high=100.0,
        cohort_se=se[0],
        rest_se=se[1],
        names=(MEALS, OTHERS),
    )


@pytest.mark.parametrize(
    ("start", "change", "rest", "whole", "own", "worst", "between"),
    [
        (2005, 17.82, 12.24, 12.45, 12.74, (12.68, 25.50), (14.73, 17.82)),
        (2015, -10.24, -3.10, -3.93, -3.76, (-14.03, -4.58), (-12.52, -10.24)),
    ],
)
def test_level_2_by_19_in_essex(
    ask: Ask,
    start: int,
    change: float,
    rest: float,
    whole: float,
    own: float,
    worst: tuple[float, float],
    between: tuple[float, float],
) -> None:
    """Rates did it, not the mix of pupils; and the fall since 2015 is a fall however its extra members did."""
    made = by_19(ask, ESSEX, start, 2022)
    assert isinstance(made, Drift) and made.direction == "rose"
    assert (made.change, made.rest[1] - made.rest[0]) == pytest.approx((change, rest), abs=PRINTED)
    assert (made.whole.total[0], made.whole.rate_part[0]) == pytest.approx((whole, own), abs=PRINTED)
    assert made.whole.rate_part[0] + made.whole.composition_part[0] == pytest.approx(made.whole.total[0], abs=1e-9)
    assert abs(made.whole.composition_share[0]) < 0.05
    assert (made.worst.least, made.worst.most) == pytest.approx(worst, abs=PRINTED)
    assert (made.between.least, made.between.most) == pytest.approx(between, abs=PRINTED)
    assert made.worst.lower is not None and made.worst.upper is not None and made.worst.lower * made.worst.upper > 0


def test_the_share_on_free_school_meals_rose_by_half_after_2022(ask: Ask) -> None:
    """Cohorts from 2023 on were 15 when those once eligible kept their eligibility; what they reached is not in the file."""
    file = "'education/dfe_attainment_by_age_19_la_fsm_sen_gender.parquet'"
    rows = ask(
        f"select cohort_19_in, sum(number_in_ss_cohort) filter (fsm = '{MEALS}') / sum(number_in_ss_cohort) filter (fsm = 'ALL') "
        f"from {file} where la_code_9 = '{ESSEX}' and gender = 'ALL' and sen = 'ALL' group by 1"
    )
    share = {year: 100 * part for year, part in rows}
    found = [share[year] for year in (2005, 2015, 2022, 2023, 2024, 2025)]
    assert found == pytest.approx([8.50, 8.76, 9.59, 11.12, 12.96, 14.67], abs=PRINTED)


@pytest.mark.parametrize("end", [2023, 2024, 2025])
def test_what_is_not_yet_known_is_refused_and_never_a_fall_to_nothing(ask: Ask, end: int) -> None:
    refused = by_19(ask, ESSEX, 2022, end)
    assert isinstance(refused, Refusal) and refused.code == "missing-values"


Households = Callable[[str], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def households(ask: Ask) -> Households:
    """Households of Essex by LSOA of 2021, those of 2011 moved to them: all of them, and those with a number of dimensions."""
    county = (
        "select distinct w.lsoa21_code as code from 'lookups/lookup_lsoa21_ward24_ltla24.parquet' w "
        f"join 'lookups/lookup_ltla23_utla23.parquet' u on u.ltla23_code = w.ltla24_code where u.utla23_code = '{ESSEX}'"
    )
    pieces = ask(
        f"select distinct l.lsoa11_code, l.lsoa21_code from 'lookups/lookup_lsoa11_lsoa21_ltla22.parquet' l join ({county}) c "
        "on c.code = l.lsoa21_code order by 1, 2"
    )
    old, new = (sorted({pair[side] for pair in pieces}) for side in (0, 1))
    assert (len(old), len(new)) == (872, 903)

    def counts(names: list[str], rows: list[tuple[str, int, int]]) -> np.ndarray:
        position = {code: at for at, code in enumerate(names)}
        table = np.zeros((len(names), 5))
        for code, dimensions, count in rows:
            if code in position:
                table[position[code], dimensions] += count
        return table

    words = "case " + " ".join(f"when deprivation_dimensions like '% {word} dim%' then {n}" for word, n in WORDS) + " else 0 end"
    before = ask(
        "select lsoa11_code, households_number_deprivation_dimensions, count "
        "from 'population/census2011_household_deprivation_lsoa11.parquet'"
    )
    after = ask(f"select lsoa21_code, {words}, n from 'population/census2021_ts011_household_deprivation_lsoa21.parquet'")
    first, second = counts(old, before), counts(new, after)  # type: ignore[arg-type]
    crossing = make_crossing(
        [old.index(pair[0]) for pair in pieces],
        [new.index(pair[1]) for pair in pieces],
        sources=len(old),
        targets=len(new),
        population=second.sum(axis=1)[[new.index(pair[1]) for pair in pieces]],
    )
    moved = rebase_counts(first.T, crossing).T
    assert moved.sum() == pytest.approx(first.sum())
    return lambda kind: (moved[:, PICKED[kind]].sum(axis=1), second[:, PICKED[kind]].sum(axis=1))


WORDS = (("one", 1), ("two", 2), ("three", 3), ("four", 4))
PICKED = {"all": [0, 1, 2, 3, 4], "none": [0], "two or more": [2, 3, 4], "three or more": [3, 4]}


def seen(households: Households, kind: str) -> Between:
    (t0, t1), (c0, c1) = households("all"), households(kind)
    return seen_between(t0, households_after=t1, with_before=c0, with_after=c1)


@pytest.mark.parametrize(
    ("kind", "before", "after", "within", "between", "least"),
    [
        ("none", 43.88, 49.01, 4.92, 0.21, 0.1026),
        ("two or more", 22.88, 16.91, -5.86, -0.10, 0.1179),
        ("three or more", 4.37, 3.29, -1.07, -0.01, 0.0840),
    ],
)
def test_households_of_two_censuses_moved_little_between_small_areas(
    households: Households, kind: str, before: float, after: float, within: float, between: float, least: float
) -> None:
    """Nearly all of the change is within small areas, where turnover is open between about a tenth and everybody."""
    made = seen(households, kind)
    assert (made.before, made.after) == pytest.approx((before, after), abs=PRINTED)
    assert (made.within_part, made.between_part) == pytest.approx((within, between), abs=PRINTED)
    assert made.within_part + made.between_part == pytest.approx(made.total, abs=1e-9)
    assert made.least_turnover_of_all == pytest.approx(least, abs=0.00005) and made.most_turnover_of_all == 1
    assert len(made.within_by_area) == 903 and (made.least_turnover <= made.most_turnover).all()


def test_all_households_of_essex_in_both_censuses(households: Households) -> None:
    before, after = households("all")
    assert (round(before.sum()), round(after.sum())) == (581_589, 626_471)
