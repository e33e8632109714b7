"""The six calculations by group: who is shown, who is hidden with whom, and what stays of a group that is small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.duties.pay.breakdown import GroupGaps, breakdown
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import QUARTERS, Sides, Worked
from levelup.duties.pay.uncertainty import mean_gap_interval
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Estimate


def workforce(sizes: list[tuple[int, int]], *, paid: list[tuple[int, int]] | None = None) -> Worked:
    """Return men and women by grade, all full-pay, with pay that rises by row; of each, the first so many paid a bonus."""
    men_and_women = np.array(sizes).reshape(-1, 2)
    grade = np.repeat(np.arange(len(sizes)), men_and_women.sum(axis=1))
    side = np.concatenate([np.repeat([0, 1], pair) for pair in sizes]).astype(np.int8)
    bonus = np.concatenate(
        [np.r_[np.arange(m) < a, np.arange(w) < b] for (m, w), (a, b) in zip(sizes, paid or sizes, strict=True)]
    )
    n = len(side)
    labels = np.array([f"G{at}" for at in range(len(sizes))], dtype=np.str_)[grade] if n else np.empty(0, dtype=np.str_)
    return Worked(
        np.arange(n), side, 12.0 + 0.25 * (np.arange(n) * 7 % 40), 100.0 * bonus, np.ones(n, dtype=bool), np.full(n, 37.0),
        {"grade": labels},
    )  # fmt: skip


def held(worked: Worked, *, minimum: int = 10) -> dict[str, GroupGaps]:
    return {item.group: item for item in breakdown(worked, by="grade", minimum=minimum).groups}


def test_a_group_of_which_everything_is_large_has_the_figures_of_its_own_people() -> None:
    worked = workforce([(120, 300), (400, 100)])
    made = breakdown(worked, by="grade")
    for group in made.groups:
        rows = worked.groups["grade"] == group.group
        alone = Worked(
            *(getattr(worked, name)[rows] for name in ("employee", "side", "hourly", "bonus", "is_full_pay", "weekly_hours"))
        )
        assert group.gaps == pay_gaps(alone) and group.refusal is None
        assert group.people == group.gaps.counts["full_pay"]
    assert [group.group for group in made.groups] == ["G0", "G1"]


def test_nine_of_a_side_are_hidden_and_ten_are_not() -> None:
    found = held(workforce([(9, 50), (10, 50), (3, 20), (30, 30)]))
    assert [name for name, item in found.items() if item.gaps is not None] == ["G1", "G3"]
    assert found["G0"].people[0] is None and found["G2"].people[0] is None
    assert found["G1"].people == (10, 50) and found["G3"].people == (30, 30)


def test_a_shown_gap_has_its_interval_and_a_hidden_one_has_none() -> None:
    worked = workforce([(9, 50), (12, 12), (120, 300), (3, 20), (200, 100)])
    found = held(worked)
    assert [item.interval is None for item in found.values()] == [item.gaps is None for item in found.values()]
    for name in ("G1", "G2"):
        rows = worked.groups["grade"] == name
        pay = [worked.hourly[rows & (worked.side == side)] for side in (0, 1)]
        assert found[name].interval == mean_gap_interval(pay[0], second=pay[1])
    few, many = found["G1"].interval, found["G2"].interval
    assert isinstance(few, Estimate) and isinstance(many, Estimate) and few.se is not None and many.se is not None
    assert few.se > 3 * many.se
    below_ten = held(workforce([(8, 50), (120, 300)]), minimum=5)["G0"]
    assert below_ten.gaps is not None and isinstance(below_ten.interval, Refusal)


def test_a_small_group_loses_its_quarters_and_keeps_its_gaps() -> None:
    """Twelve women among sixty men: some quarter holds fewer than ten of them, whose share would give their number back."""
    found = held(workforce([(60, 12), (100, 100)]))["G0"]
    assert found.gaps is not None and found.people == (60, 12)
    assert found.gaps.mean_hourly_gap is not None and found.gaps.median_hourly_gap is not None
    for name in QUARTERS:
        assert found.gaps.quarters[name] == Sides(None, None) and name not in found.gaps.counts
        assert "A share of a known number of people is a count" in found.gaps.reasons[name]


def test_a_group_hidden_alone_takes_company_and_all_hidden_groups_have_one_reason() -> None:
    made = breakdown(workforce([(9, 50), (60, 60), (11, 70), (30, 30)]), by="grade")
    hidden = [item for item in made.groups if item.gaps is None]
    assert len(hidden) == 2 and hidden[0].group == "G0"
    assert len({item.refusal for item in hidden}) == 1, "a reason of its own would tell which group is small"


def test_two_small_groups_that_are_small_together_take_a_third() -> None:
    found = held(workforce([(3, 40), (4, 40), (30, 30), (50, 50)]))
    assert sum(item.people[0] is None for item in found.values()) == 3


def test_a_bonus_figure_for_a_few_is_left_out_and_so_is_another() -> None:
    found = held(workforce([(20, 20), (30, 30), (40, 40)], paid=[(3, 15), (12, 30), (40, 40)]))
    without = [name for name, item in found.items() if item.gaps is not None and item.gaps.mean_bonus_gap is None]
    assert len(found) == 3 and "G0" in without and len(without) == 2
    for name in without:
        gaps = found[name].gaps
        assert gaps is not None and gaps.bonus_share.first is None and gaps.mean_hourly_gap is not None
        assert not {"paid_bonus", "relevant"} & set(gaps.counts) and "bonus_share" in gaps.reasons


def test_a_share_that_would_tell_who_is_on_leave_is_left_out_and_the_bonus_gap_stays() -> None:
    worked = workforce([(60, 60), (60, 60)], paid=[(30, 30), (30, 30)])
    full = worked.is_full_pay.copy()
    full[[59, 118, 119, 179]] = False
    gaps = held(replace(worked, is_full_pay=full))["G0"].gaps
    assert gaps is not None and gaps.mean_bonus_gap is not None and gaps.counts["paid_bonus"] == (30, 30)
    assert gaps.bonus_share == Sides(None, None) and "relevant" not in gaps.counts
    assert "were on reduced pay" in gaps.reasons["bonus_share"]
    everybody = held(worked)["G0"].gaps
    assert everybody is not None and everybody.bonus_share == Sides(50.0, 50.0)


def test_where_nobody_was_paid_a_bonus_nothing_is_small() -> None:
    found = held(workforce([(20, 20), (30, 30)], paid=[(0, 0), (0, 0)]))
    assert [item.gaps.bonus_share.first for item in found.values() if item.gaps is not None] == [0.0, 0.0]


def test_a_group_of_one_sex_has_its_number_and_nothing_to_compare() -> None:
    found = held(workforce([(20, 0), (30, 30)]))["G0"]
    assert found.people == (20, 0) and found.gaps is None
    assert found.refusal is not None and found.refusal.code == "no-data"


def test_where_all_are_small_every_group_is_refused_and_nothing_fails() -> None:
    found = held(workforce([(3, 4), (5, 2)]))
    assert all(item.gaps is None and item.people == (None, None) and item.refusal is not None for item in found.values())


def test_people_without_a_label_are_a_group_like_any_other_and_stand_last() -> None:
    worked = workforce([(20, 20), (30, 30), (40, 40)])
    labels = worked.groups["grade"]
    worked.groups["grade"] = np.where(labels == "G0", "  ", np.where(labels == "G1", "G10", "G2"))
    assert [item.group for item in breakdown(worked, by="grade").groups] == ["G2", "G10", "not recorded"]


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(InputError, match="Held are: grade"):
        breakdown(workforce([(10, 10)]), by="directorate")
    with pytest.raises(InputError, match="at least 2"):
        breakdown(workforce([(10, 10)]), by="grade", minimum=1)
