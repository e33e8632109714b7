"""The six calculations by group: who is shown, who is hidden with whom, and that nobody small can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.duties.pay.breakdown import bonus_hidden, breakdown, complete_hiding, people_by_group
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import Worked
from levelup.terms.errors import InputError

SIZES = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=8)


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


def shown(worked: Worked, *, minimum: int = 10) -> list[str]:
    return [item.group for item in breakdown(worked, by="grade", minimum=minimum).groups if item.gaps is not None]


def test_groups_that_are_large_enough_have_the_figures_of_their_own_people() -> None:
    worked = workforce([(12, 30), (40, 10)])
    made = breakdown(worked, by="grade")
    for group in made.groups:
        rows = worked.groups["grade"] == group.group
        alone = Worked(
            *(getattr(worked, name)[rows] for name in ("employee", "side", "hourly", "bonus", "is_full_pay", "weekly_hours"))
        )
        assert group.gaps == pay_gaps(alone)
        assert group.refusal is None
    assert [group.group for group in made.groups] == ["G0", "G1"]


def test_nine_of_a_side_are_hidden_and_ten_are_not() -> None:
    assert shown(workforce([(9, 50), (10, 50), (3, 20), (30, 30)])) == ["G1", "G3"]


def test_a_group_hidden_alone_takes_the_next_smallest_with_it() -> None:
    made = breakdown(workforce([(9, 50), (60, 60), (11, 70), (30, 30)]), by="grade")
    assert [item.group for item in made.groups if item.gaps is None] == ["G0", "G2"]
    reasons = {item.refusal for item in made.groups if item.refusal is not None}
    assert len(reasons) == 1, "a reason of its own would tell which group is small"


def test_two_small_groups_that_are_small_together_take_a_third() -> None:
    assert shown(workforce([(3, 40), (4, 40), (30, 30), (50, 50)])) == ["G3"]


def test_a_bonus_figure_for_a_few_is_left_out_and_so_is_another() -> None:
    made = breakdown(workforce([(20, 20), (30, 30), (40, 40)], paid=[(3, 15), (12, 30), (40, 40)]), by="grade")
    held = {item.group: item.gaps for item in made.groups if item.gaps is not None}
    assert set(held) == {"G0", "G1", "G2"}
    for name in ("G0", "G1"):
        assert held[name].mean_bonus_gap is None and held[name].bonus_share.first is None
        assert "paid_bonus" not in held[name].counts
        assert held[name].mean_hourly_gap is not None and "bonus_share" in held[name].reasons
    assert held["G2"].mean_bonus_gap is not None and held["G2"].bonus_share.first == 100.0


def test_where_nobody_was_paid_a_bonus_nothing_is_small() -> None:
    made = breakdown(workforce([(20, 20), (30, 30)], paid=[(0, 0), (0, 0)]), by="grade")
    assert [item.gaps.bonus_share.first for item in made.groups if item.gaps is not None] == [0.0, 0.0]


def test_people_without_a_label_are_a_group_like_any_other() -> None:
    worked = workforce([(20, 20), (30, 30)])
    worked.groups["grade"][worked.groups["grade"] == "G0"] = "  "
    assert [item.group for item in breakdown(worked, by="grade").groups] == ["not recorded", "G1"]


@given(SIZES)
def test_what_is_hidden_is_nobody_or_never_one_small_group(sizes: list[tuple[int, int]]) -> None:
    """Whatever the sizes: the total less the shown groups holds 0 or at least 10 of each sex, in more than one group."""
    worked = workforce(sizes)
    if not len(worked.side):
        return
    labels, group = np.unique(worked.groups["grade"], return_inverse=True)
    people = people_by_group(worked, group, groups=len(labels))["full_pay"]
    hidden = np.isin(labels, shown(worked), invert=True)
    assert (people[~hidden] >= 10).all()
    if hidden.any() and not hidden.all():
        together = people[hidden].sum(axis=0)
        assert hidden.sum() > 1
        assert ((together == 0) | (together >= 10)).all()


@given(SIZES, st.integers(1, 12))
def test_hiding_more_never_shows_a_group_again(sizes: list[tuple[int, int]], minimum: int) -> None:
    people = np.array(sizes, dtype=float)
    first = (people < minimum).any(axis=1)
    made = complete_hiding(people, hidden=first, minimum=minimum)
    assert (made | ~first).all()
    assert (made == first).all() or first.any()
    assert (bonus_hidden(people, hidden=first, minimum=minimum) >= first).all()


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(InputError, match="Held are: grade"):
        breakdown(workforce([(10, 10)]), by="directorate")
    with pytest.raises(InputError, match="at least 1"):
        breakdown(workforce([(10, 10)]), by="grade", minimum=0)
