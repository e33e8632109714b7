"""Cells that stay in the house: what is published of overlapping areas must not tell the small areas that make them up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from levelup.disclosure.gate import protect, said_by
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Protected, Published, Setting
from levelup.terms.errors import GuardRailError
from levelup.terms.record import Floats
from tests.disclosure.generated import generate, told

AREAS = np.array(["l1", "l2", "l3", "l4", "ward", "patch", "Total"])
TIES = {"area": [("ward", ("l1", "l2", "l3")), ("patch", ("l1", "l3"))]}
QUICK = Setting(seconds=0.0)


def overlapping(l2: float) -> CountTable:
    """Return a ward and a patch within it: the ward less the patch is one small area, and neither small area is published."""
    small = np.array([20.0, l2, 30.0, 40.0])
    count = np.array([*small, small[:3].sum(), small[[0, 2]].sum(), small.sum()])
    return CountTable({"area": AREAS}, count, "Total", TIES, unpublished=np.char.startswith(AREAS, "l"))


def test_without_the_small_areas_the_difference_would_be_published() -> None:
    table = overlapping(4.0)
    shown = ~table.kept_back
    coarse = CountTable({"area": AREAS[shown]}, table.count[shown], "")
    assert not protect(coarse, find_profile("threshold-10"), setting=QUICK).published.hidden.any()


def test_a_small_area_that_is_the_difference_of_two_published_ones_hides_one_of_them() -> None:
    found = protect(overlapping(4.0), find_profile("threshold-10"), setting=QUICK)
    hidden = dict(zip(AREAS.tolist(), found.published.hidden.tolist(), strict=True))
    assert all(hidden[name] for name in ("l1", "l2", "l3", "l4"))
    assert hidden["ward"] or hidden["patch"]
    assert not hidden["Total"]


def test_a_large_difference_is_no_secret() -> None:
    found = protect(overlapping(25.0), find_profile("threshold-10"), setting=QUICK)
    assert found.published.hidden.tolist() == [True] * 4 + [False] * 3


def test_rounding_does_not_tell_the_small_area_or_the_gate_refuses() -> None:
    table = overlapping(4.0)
    found = protect(table, find_profile("random-rounding-5"), setting=Setting(secret=3))
    assert np.isnan(found.published.figure[table.kept_back]).all()
    low, high = told(table, found.published.low, found.published.high, 1)
    assert high - low >= find_profile("random-rounding-5").protection


def test_a_partner_who_has_the_patch_already_makes_the_ward_hidden() -> None:
    table = overlapping(4.0)
    shown = np.where(AREAS == "patch", table.count, np.nan)
    partner = said_by(shown, None)
    found = protect(table, find_profile("threshold-10"), setting=replace(QUICK, earlier=[partner]))
    assert found.published.hidden[4]
    both = Published(shown, partner.low, partner.high)
    exact = replace(both, figure=table.count, low=table.count, high=table.count)
    with pytest.raises(GuardRailError):
        protect(table, find_profile("threshold-10"), setting=replace(QUICK, earlier=[exact]))


def attacked(found: Protected, table: CountTable) -> list[float]:
    """Return how widely an attacker of the tests' own bounds each small area that stays in the house."""
    small = np.flatnonzero(table.kept_back & (table.count > 0) & (table.count < 10))
    low: Floats = np.where(table.kept_back, 0.0, found.published.low)
    ends = [told(table, low, found.published.high, int(cell)) for cell in small]
    return [high - low for low, high in ends]


def test_no_small_area_is_told_by_generated_overlapping_tables() -> None:
    widths, hidden = [], 0
    for table in generate("overlapping", number=60, seed=12):
        inner = np.char.startswith(table.labels["A"], "a")
        held = replace(table, unpublished=inner)
        try:
            found = protect(held, find_profile("threshold-10"), setting=QUICK)
        except GuardRailError:
            continue
        assert (found.published.hidden[inner]).all()
        hidden += int(found.published.hidden[~inner].sum())
        widths += attacked(found, held)
    assert len(widths) > 100 and hidden > 100
    assert min(widths) >= 8.0
