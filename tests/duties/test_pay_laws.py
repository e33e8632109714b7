"""Laws that the six calculations keep on any payroll, and the package beside a slow reference written from the regulations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from levelup.duties.pay.extract import read_extract
from levelup.duties.pay.gaps import as_json, pay_gaps
from levelup.duties.pay.hourly import work_out
from levelup.duties.pay.mapping import guess_mapping
from levelup.duties.pay.quarters import count_quarters, quarter_sizes, share_out
from levelup.duties.pay.records import QUARTERS, PayGaps, Worked
from levelup.duties.pay.rules import change_rules
from tests.duties.pay_reference import LENGTHS, reference_gaps

SNAPSHOT = date(2026, 3, 31)
FINE = change_rules(decimals=6)
_DATES = (("", ""), ("2010-01-01", "2026-03-31"), ("2026-03-31", ""), ("2026-04-01", ""), ("2010-01-01", "2026-03-30"))
quick = settings(max_examples=60, deadline=None)
person = st.tuples(
    st.sampled_from([0, 1]),
    st.integers(800, 900),
    st.sampled_from([0, 0, 5_000, 10_000, 12_500]),
    st.sampled_from([True] * 4 + [False]),
)
people = st.lists(person, min_size=1, max_size=60)


def worked(rows: list[tuple[int, int, int, bool]]) -> Worked:
    """Return employees from (side, pence an hour, pence of bonus, is on full pay)."""
    side, hourly, bonus, is_full = (np.array(column) for column in zip(*rows, strict=True))
    return Worked(
        employee=np.arange(len(rows)),
        side=side.astype(np.int8),
        hourly=np.where(is_full, hourly / 100, np.nan),
        bonus=bonus / 100,
        is_full_pay=is_full.astype(np.bool_),
        weekly_hours=np.full(len(rows), np.nan),
    )


def both(gaps: PayGaps) -> tuple[float | None, ...]:
    return (gaps.mean_hourly_gap, gaps.median_hourly_gap, gaps.mean_bonus_gap, gaps.median_bonus_gap)


@quick
@given(people, st.sampled_from([2.0, 4.0, 64.0]))
def test_paying_everybody_a_multiple_moves_nothing(rows: list[Any], factor: float) -> None:
    one = worked(rows)
    assert as_json(pay_gaps(replace(one, hourly=one.hourly * factor, bonus=one.bonus * factor))) == as_json(pay_gaps(one))


@quick
@given(people)
def test_swapping_the_sexes_turns_each_ratio_over(rows: list[Any]) -> None:
    """With g the gap as a share of men's pay and g' that of the swapped payroll, (1 - g) (1 - g') is 1; shares change places."""
    one = worked(rows)
    straight, turned = pay_gaps(one, rules=FINE), pay_gaps(replace(one, side=1 - one.side), rules=FINE)
    for gap, other in zip(both(straight), both(turned), strict=True):
        if gap is not None and other is not None and 100.0 not in (gap, other):
            assert (1 - gap / 100) * (1 - other / 100) == pytest.approx(1, abs=1e-6)
    assert (straight.bonus_share.first, straight.bonus_share.second) == (turned.bonus_share.second, turned.bonus_share.first)


@quick
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(1, 10**6)), min_size=1, max_size=50, unique_by=lambda row: row[1]))
def test_swapping_the_sexes_swaps_every_quarter_where_no_rate_is_shared(rows: list[Any]) -> None:
    one = worked([(side, pence, 0, True) for side, pence in rows])
    straight, turned = pay_gaps(one), pay_gaps(replace(one, side=1 - one.side))
    for name in QUARTERS:
        assert (straight.quarters[name].first, straight.quarters[name].second) == (
            turned.quarters[name].second,
            turned.quarters[name].first,
        )


@quick
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[Any], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert as_json(pay_gaps(worked(rows))) == as_json(pay_gaps(worked(shuffled)))


@quick
@given(people)
def test_quarters_hold_everybody_once_and_each_pair_is_a_hundred(rows: list[Any]) -> None:
    one = worked(rows)
    gaps = pay_gaps(one)
    held = np.array([gaps.counts[name] for name in QUARTERS])
    assert tuple(held.sum(axis=1)) == quarter_sizes(int(one.is_full_pay.sum()))
    assert tuple(held.sum(axis=0)) == gaps.counts["full_pay"]
    for name in QUARTERS:
        first, second = gaps.quarters[name].first, gaps.quarters[name].second
        if first is None or second is None:
            assert first is second is None and name in gaps.reasons
        else:
            assert round(first * 10) + round(second * 10) == 1000


@quick
@given(st.integers(0, 10**6))
def test_quarters_differ_by_one_person_at_most(count: int) -> None:
    sizes = quarter_sizes(count)
    assert sum(sizes) == count and max(sizes) - min(sizes) <= 1 and sizes[0] == max(sizes) and sizes[3] == min(sizes)


@quick
@given(people)
def test_somebody_more_at_the_median_of_each_sex_leaves_the_median_gap(rows: list[Any]) -> None:
    one = worked(rows)
    gaps = pay_gaps(one)
    assume(gaps.median_hourly_gap is not None)
    more = [(side, 100 * float(np.median(one.hourly[(one.side == side) & one.is_full_pay])), 0, True) for side in (0, 1)]
    assert pay_gaps(worked([*rows, *more])).median_hourly_gap == gaps.median_hourly_gap


@quick
@given(people)
def test_everybody_twice_leaves_gaps_and_shares(rows: list[Any]) -> None:
    once, twice = pay_gaps(worked(rows)), pay_gaps(worked(rows * 2))
    assert both(once) == both(twice) and once.bonus_share == twice.bonus_share


@quick
@given(people)
def test_somebody_more_without_a_bonus_leaves_the_bonus_gaps(rows: list[Any]) -> None:
    once, more = pay_gaps(worked(rows)), pay_gaps(worked([*rows, (0, 850, 0, True), (1, 850, 0, True)]))
    assert once.counts["paid_bonus"] == more.counts["paid_bonus"]
    if min(once.counts["paid_bonus"]) > 0:
        assert (once.mean_bonus_gap, once.median_bonus_gap) == (more.mean_bonus_gap, more.median_bonus_gap)


@quick
@given(st.integers(0, 60), st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_whole_people_are_shared_within_one_of_the_proportion(women: int, sizes: list[int]) -> None:
    parts = np.array(sizes)
    assume(0 < parts.sum() and women <= parts.sum())
    shared = share_out(women, parts=parts)
    assert shared.sum() == women and (shared >= 0).all() and (shared <= parts).all()
    assert (np.abs(shared - women * parts / parts.sum()) < 1).all()


@quick
@given(st.integers(0, 4), st.integers(1, 8))
def test_one_rate_for_all_gives_each_quarter_one_proportion(women: int, times: int) -> None:
    """Where the proportion can be met with whole people it is."""
    count = 4 * 4 * times
    is_woman = np.arange(count) % 4 < women
    men, second = count_quarters(np.full(count, 11.5), is_second=is_woman)
    assert second.tolist() == [women * times] * 4 and men.tolist() == [(4 - women) * times] * 4


def random_jobs(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return a small payroll with everything in it; every second one has few rates, so that many people share one."""
    jobs: list[dict[str, Any]] = []
    is_plain = rng.random() < 0.5

    def pick(*values: object) -> str:
        """Return one of the values, the first where the payroll is plain."""
        return str(values[0] if is_plain else values[int(rng.integers(len(values)))])

    for number in range(int(rng.integers(1, 26))):
        sex = "MF"[int(rng.integers(2))]
        for job in range(1 if is_plain or rng.random() < 0.85 else 2):
            start, end = _DATES[int(rng.choice(5, p=[0.4, 0.35, 0.1, 0.05, 0.1]))]
            is_irregular = pick(False, False, False, True) == "True"
            weeks = rng.choice(["", "0", "12", "16", "20"], p=[0.1, 0.1, 0.2, 0.3, 0.3], size=16).tolist()
            arrears = int(pick(0, 0, 100))
            jobs.append(
                {
                    "Employee": f"P{number}",
                    "Job": str(job),
                    "Sex": sex,
                    "Start date": start,
                    "Leaving date": end,
                    "Maintained school": "yes" if rng.random() < 0.1 else "no",
                    "Reduced pay": "yes" if rng.random() < 0.1 else "no",
                    "Pay frequency": pick("monthly", "weekly", "fortnightly", "four-weekly"),
                    "Basic pay": str(int(rng.choice([500, 600, 800])) + arrears),
                    "Car allowance": pick(0, 0, 50),
                    "Shift premium": pick(0, 0, 25),
                    "Holiday pay": pick(0, 0, 40),
                    "Overtime": pick(0, 90),
                    "Of which arrears": str(arrears),
                    "Bonus in period": pick(0, 0, 365),
                    "Bonus period": pick(*LENGTHS),
                    "Bonus": str(rng.choice([0, 0, 100, 250, 365])),
                    "Weekly hours": "" if is_irregular else pick("20", "18.5", "37"),
                    "weeks": [*weeks, *["18"] * 12] if is_irregular else [""] * 28,
                }
            )
    return jobs


def test_a_thousand_payrolls_agree_with_the_reference() -> None:
    rng, mapping = np.random.default_rng(2017_353), None
    for number in range(1000):
        jobs = random_jobs(rng)
        columns = {name: [job[name] for job in jobs] for name in jobs[0] if name != "weeks"}
        columns |= {f"Hours week {28 - at}": [job["weeks"][at] for job in jobs] for at in range(28)}
        mapping = mapping or guess_mapping(columns)
        one = work_out(read_extract(columns, mapping=mapping, snapshot=SNAPSHOT), snapshot=SNAPSHOT)
        found = as_json(pay_gaps(one))
        found.pop("reasons", None)
        assert found == reference_gaps(jobs), f"payroll {number}"
