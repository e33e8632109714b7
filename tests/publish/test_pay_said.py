"""What a pay gap page says of groups with nobody to compare, and of what a gap was adjusted for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.duties.pay.adjusted import AdjustedGap, Hours, adjusted_gap
from levelup.duties.pay.breakdown import breakdown
from levelup.duties.pay.records import Worked
from levelup.publish.grid import grid_csv
from levelup.publish.pay_adjusted import adjusted_grid, adjusted_lead
from levelup.publish.pay_record import figures_record
from levelup.publish.pay_tables import HIDDEN_GROUPS, group_figure
from tests.publish.pay_made import bare_report


def workforce(sides: dict[str, tuple[int, int]]) -> Worked:
    """Return so many men and women of each grade, every third part-time."""
    grade = np.repeat(list(sides), [sum(pair) for pair in sides.values()])
    side = np.concatenate([np.repeat([0, 1], pair) for pair in sides.values()]).astype(np.int8)
    n = len(side)
    pay = 12.0 + np.arange(n) % 7 - 0.5 * side
    hours = np.where(np.arange(n) % 3 == 0, 20.0, 37.0)
    return Worked(np.arange(n), side, pay, np.zeros(n), np.ones(n, dtype=bool), hours, {"grade": grade.astype(np.str_)})


def test_without_any_man_nobody_is_said_to_be_too_few() -> None:
    figure, _ = group_figure(breakdown(workforce({"A": (0, 30), "B": (0, 20)}), by="grade"))
    assert figure.summary == "No group by grade has both men and women on full pay, so there is nobody to compare."


def test_groups_of_one_sex_are_told_from_hidden_ones() -> None:
    figure, _ = group_figure(breakdown(workforce({"A": (30, 30), "B": (0, 20), "C": (25, 15)}), by="grade"))
    assert figure.summary.startswith("2 of 3 groups have their gaps shown. 1 has nobody of a side on full pay")
    assert HIDDEN_GROUPS not in figure.summary
    figure, _ = group_figure(breakdown(workforce({"A": (30, 30), "B": (4, 20), "C": (25, 3), "D": (40, 40)}), by="grade"))
    assert HIDDEN_GROUPS in figure.summary and "nobody" not in figure.summary


@pytest.mark.parametrize(
    ("hours", "said", "key"),
    [
        ("full-or-part-time", "grade and full-time or part-time work", "full_or_part_time"),
        ("weekly-hours", "grade and weekly hours", "weekly_hours"),
    ],
)
def test_the_adjusted_gap_says_how_hours_entered(hours: Hours, said: str, key: str) -> None:
    found = adjusted_gap(workforce({"A": (60, 50), "B": (45, 70)}), hours=hours)
    assert isinstance(found, AdjustedGap)
    table = grid_csv(adjusted_grid(found)).decode()
    record = figures_record(replace(bare_report(), adjusted=found))["beyond_the_law"]["adjusted"]
    assert f"Goes with {said}" in table and f"Is left at the same {said}" in table and f"same {said}" in adjusted_lead(found)
    assert record["adjusted_for"] == said and set(record["splits"][0]["by_factor"]) == {"grade", key}
    assert any("one step: full-time (more than 30 hours a week)" in text for text in found.meaning) == (
        key == "full_or_part_time"
    )


def test_a_gap_adjusted_for_grade_alone_says_nothing_of_hours() -> None:
    found = adjusted_gap(workforce({"A": (60, 50), "B": (45, 70)}), hours="none")
    assert isinstance(found, AdjustedGap) and "Goes with grade," in grid_csv(adjusted_grid(found)).decode()
