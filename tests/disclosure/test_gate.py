"""The gate: thousands of tables pass it, and no attacker, ours or another, can work a hidden count out of any of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from levelup.disclosure.gate import attack_published, protect, said_by
from levelup.disclosure.profile import find_profile, shipped
from levelup.disclosure.shares import read_shares
from levelup.disclosure.table import CountTable, Protected, Published, Setting
from levelup.terms.errors import DataFaults, GuardRailError
from tests.disclosure.generated import cross, generate, generate_many, told

KINDS = ("flat", "deep", "nested", "overlapping")
HIDING = ("threshold-10", "threshold-5", "nhs-sub-national", "ons-10-5")
QUICK = Setting(seconds=0.0)
"""No search for the smallest loss: what is hidden first is attacked as it is."""


def passed(table: CountTable, name: str, *, setting: Setting = QUICK) -> Protected | None:
    """Return a protected table, or None where the gate refuses it."""
    try:
        return protect(table, find_profile(name), setting=setting)
    except GuardRailError:
        return None


def recovered(table: CountTable, published: Published, *, need: float) -> int:
    """Count the hidden cells that our attacker, who has no table to begin with, tells more closely than they need."""
    found = attack_published(table, published, need=need, target=published.hidden)
    return int((published.hidden & ~(found.width >= need)).sum())


@pytest.mark.parametrize(("kind", "number"), [("flat", 1000), ("deep", 240), ("nested", 500), ("overlapping", 300)])
def test_of_thousands_of_tables_no_count_is_recovered(kind: str, number: int) -> None:
    hidden = 0
    for tables in generate_many(kind, number=number, seed=5):
        hidden += int(check_passed(tables).published.hidden.sum())
    assert hidden > 5 * number


def check_passed(table: CountTable) -> Protected:
    """Check that a table passes the gate, that zeros and other shown counts are exact, and that no hidden one is recovered."""
    found = protect(table, find_profile("threshold-10"), setting=QUICK)
    gone = found.published.hidden
    assert (found.published.figure[~gone] == table.count[~gone]).all()
    assert not gone[table.count == 0].any()
    assert gone[(table.count >= 1) & (table.count <= 9)].all()
    assert recovered(table, said_by(found.published.figure, found.profile), need=8.0) == 0
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_by_itself_passes_as_well(kind: str) -> None:
    assert sum(check_passed(table).published.hidden.any() for table in generate(kind, number=20, seed=6)) > 10


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HIDING)
def test_an_attacker_of_another_make_recovers_nothing(kind: str, name: str) -> None:
    profile, tried = find_profile(name), 0
    for number, table in enumerate(generate(kind, number=3, seed=11)):
        found = passed(table, name, setting=Setting(seconds=0.3 if number == 0 else 0.0))
        assert found is not None
        known = said_by(found.published.figure, profile)
        cells = np.flatnonzero(found.published.hidden)
        for cell in np.random.default_rng(number).permutation(cells)[:5].tolist():
            low, high = told(table, known.low, known.high, cell)
            assert low <= table.count[cell] <= high and high - low >= profile.protection
            tried += 1
    assert tried > 5


@pytest.mark.parametrize("kind", KINDS)
def test_both_attackers_find_the_same_bounds(kind: str) -> None:
    for table in generate(kind, number=2, seed=3):
        hidden = np.random.default_rng(1).random(len(table.count)) < 0.3
        known = said_by(np.where(hidden, np.nan, table.count), None)
        found = attack_published(table, known, need=np.inf, target=hidden)
        for cell in np.flatnonzero(hidden)[:8].tolist():
            assert (found.low[cell], found.high[cell]) == told(table, known.low, known.high, cell)


@pytest.mark.parametrize("name", ["random-rounding-3", "random-rounding-5", "controlled-rounding-5"])
def test_rounded_tables_tell_no_small_count(name: str) -> None:
    profile, passed_through = find_profile(name), 0
    for table in generate("flat", number=20, seed=8):
        found = passed(table, name, setting=Setting(secret=2026))
        if found is None:
            continue
        passed_through += 1
        figure = found.published.figure
        assert (figure % profile.base == 0).all() and (np.abs(figure - table.count) < profile.base).all()
        known = said_by(figure, profile)
        small = np.flatnonzero((table.count > 0) & (table.count < 10))[:2].tolist()
        for cell in small:
            low, high = told(table, known.low, known.high, cell)
            assert low <= table.count[cell] <= high and high - low >= profile.protection
    assert passed_through >= 15


@pytest.mark.parametrize("name", shipped())
def test_what_the_file_says_is_what_was_attacked(name: str) -> None:
    (table,) = generate("flat", number=1, seed=21)
    keyed = replace(table, key=np.arange(len(table.count), dtype=np.int64) * 37 % 256)
    found = passed(keyed, name, setting=Setting(secret=7, seconds=0.0))
    assert found is not None
    known = said_by(found.published.figure, found.profile)
    gone = found.published.hidden
    assert (known.low[~gone] == np.maximum(found.published.low[~gone], 0.0)).all()
    assert (known.high[~gone] == found.published.high[~gone]).all()
    assert (known.low[gone] == found.published.low[gone]).all() and np.isinf(known.high[gone]).all()
    assert (known.low <= table.count).all() and (table.count <= known.high).all()


@pytest.mark.parametrize("name", ["threshold-10", "nhs-sub-national", "random-rounding-3"])
def test_the_same_table_is_protected_alike_every_time(name: str) -> None:
    digests = set()
    for _ in range(3):
        (table,) = generate("nested", number=1, seed=2)
        found = passed(table, name, setting=Setting(secret=12))
        assert found is not None
        digests.add(hashlib.sha256(found.published.figure.tobytes()).hexdigest())
    assert len(digests) == 1


def test_another_secret_rounds_otherwise() -> None:
    (table,) = generate("flat", number=1, seed=2)
    found = [passed(table, "random-rounding-5", setting=Setting(secret=secret)) for secret in (1, 2)]
    assert found[0] is not None and found[1] is not None
    assert (found[0].published.figure != found[1].published.figure).any()


def test_the_least_is_hidden_and_proved_so() -> None:
    """One small count inside a table of two by two: nothing less than the square hides it."""
    table = cross(np.array([[4.0, 30.0], [50.0, 70.0]]))
    found = passed(table, "threshold-10", setting=Setting(seconds=30.0))
    assert found is not None and found.optimum is not None
    assert found.optimum.is_best and found.optimum.distance == 0.0
    assert sorted(np.flatnonzero(found.published.hidden).tolist()) == [0, 1, 3, 4]


# Headcount 482; most categories to two decimals, one as less than 3 %.
STAFF = {"White": 401, "Asian": 44, "Black": 28, "Mixed": 6, "Other": 3}
PRINTED = {"White": "83.20", "Asian": "9.13", "Black": "5.81", "Mixed": "less than 3 %", "Other": "0.62", "Total": "100"}


def staff() -> CountTable:
    labels = np.array([*STAFF, "Total"])
    return CountTable({"group": labels}, np.array([*STAFF.values(), sum(STAFF.values())], dtype=np.float64), "Total")


def printed() -> Published:
    """What the percentages say of each count by itself, with the headcount."""
    labels = staff().labels["group"].tolist()
    low, high, is_shown = read_shares([PRINTED[label] for label in labels], base=482)
    low[-1] = high[-1] = 482
    return Published(np.where(is_shown, low, np.nan), low, high)


def test_percentages_of_a_known_headcount_give_a_hidden_count_away() -> None:
    known = printed()
    hidden = known.hidden
    assert hidden.tolist() == [False, False, False, True, False, False]
    assert (known.low[hidden], known.high[hidden]) == (0.0, 14.0)
    found = attack_published(staff(), known, need=np.inf, target=hidden)
    assert (found.low[hidden], found.high[hidden]) == (STAFF["Mixed"], STAFF["Mixed"])


def test_a_protected_table_mends_the_leak() -> None:
    found = passed(staff(), "threshold-10")
    assert found is not None
    labels = staff().labels["group"].tolist()
    gone = {label for label, is_gone in zip(labels, found.published.hidden.tolist(), strict=True) if is_gone}
    assert {"Mixed", "Other"} <= gone and "Total" not in gone and len(gone) < len(STAFF)
    assert recovered(staff(), said_by(found.published.figure, None), need=8.0) == 0


def test_nothing_mends_what_is_out_already() -> None:
    with pytest.raises(GuardRailError) as refused:
        protect(staff(), find_profile("threshold-10"), setting=Setting(earlier=[printed()], seconds=0.0))
    assert not {str(count) for count in STAFF.values()} & set(str(refused.value).replace(",", " ").replace(".", " ").split())


def test_what_partners_have_is_used_by_the_attack() -> None:
    """A partner was shown the cell that would be hidden beside a small one: another must be."""
    table = cross(np.array([[4.0, 30.0, 20.0], [50.0, 70.0, 90.0], [80.0, 40.0, 60.0]]))
    alone = passed(table, "threshold-10")
    assert alone is not None
    second = int(np.flatnonzero(alone.published.hidden & (table.count > 9))[0])
    shown = np.full(len(table.count), np.nan)
    shown[second] = table.count[second]
    earlier = said_by(shown, None)
    found = passed(table, "threshold-10", setting=Setting(earlier=[earlier], seconds=0.0))
    assert found is not None and not found.published.hidden[second]
    known = said_by(found.published.figure, find_profile("threshold-10"))
    both = Published(found.published.figure, np.maximum(known.low, earlier.low), np.minimum(known.high, earlier.high))
    assert recovered(table, both, need=8.0) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_with_much_in_partners_hands_a_table_is_refused_only_where_nothing_helps(kind: str) -> None:
    rng, passed_through = np.random.default_rng(99), 0
    for table in generate(kind, number=20, seed=78):
        shown = (rng.random(len(table.count)) < 0.15) & ((table.count == 0) | (table.count > 9))
        earlier = said_by(np.where(shown, table.count, np.nan), None)
        found = passed(table, "threshold-10", setting=Setting(earlier=[earlier], seconds=0.0))
        if found is None:
            assert not can_be_protected(table, shown, need=8.0)
            continue
        passed_through += 1
        known = said_by(found.published.figure, found.profile)
        both = Published(known.figure, np.maximum(known.low, earlier.low), np.minimum(known.high, earlier.high))
        assert recovered(table, both, need=8.0) == 0
    assert passed_through >= 8


def can_be_protected(table: CountTable, shown: NDArray[np.bool_], *, need: float) -> bool:
    """Return whether some choice protects the small counts: everything hidden, less what is told all the same."""
    hidden = (table.count > 0) & ~shown
    while True:
        known = said_by(np.where(hidden, np.nan, table.count), find_profile("threshold-10"))
        found = attack_published(table, known, need=need, target=hidden)
        told_cells = hidden & ~(found.width >= need)
        if (told_cells & (table.count < 10)).any():
            return False
        if not told_cells.any():
            return True
        hidden &= ~told_cells


def test_what_partners_have_is_used_against_rounding_too() -> None:
    table = cross(np.array([[4.0, 30.0], [50.0, 70.0]]))
    earlier = said_by(table.count, None)
    with pytest.raises(GuardRailError):
        protect(table, find_profile("random-rounding-3"), setting=Setting(earlier=[earlier]))


def test_counts_that_are_none_and_totals_that_do_not_add_up_are_all_named() -> None:
    table = cross(np.array([[4.0, 30.0], [50.0, 70.0]]))
    for changes, rows in (({0: 4.5, 3: -1.0}, [2, 5]), ({0: 5.0}, [4, 8])):
        count = table.count.copy()
        for cell, figure in changes.items():
            count[cell] = figure
        with pytest.raises(DataFaults) as found:
            protect(replace(table, count=count), find_profile("threshold-10"))
        assert sorted({fault.row for fault in found.value.faults}) == rows


def test_what_cell_keys_show_above_zero_counts_somebody() -> None:
    found = said_by(np.array([0.0, 1.0, 6.0, 20.0]), find_profile("cell-key"))
    assert found.low.tolist() == [0.0, 1.0, 1.0, 15.0] and found.high[0] == 5.0


def test_five_ones_beneath_a_total_shown_as_zero_are_not_published() -> None:
    """Each of five cells is shown above zero, so each counts somebody; the total, shown as zero, is five at most."""
    labels = np.array(["a", "b", "c", "d", "e", "Total"])
    shown = said_by(np.array([6.0, 1.0, 1.0, 5.0, 2.0, 0.0]), find_profile("cell-key"))
    table = CountTable({"area": labels}, np.array([1.0, 1, 1, 1, 1, 5]), "Total")
    attacked = attack_published(table, shown, need=np.inf, target=np.ones(6, dtype=np.bool_))
    assert (attacked.low[:5] == 1).all() and (attacked.high[:5] == 1).all()
