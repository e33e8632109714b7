"""What passes the gate of small numbers, and an attack from outside on everything that groups have shown of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from levelup.duties.pay.breakdown import breakdown
from levelup.duties.pay.characteristics import characteristic_gaps
from levelup.duties.pay.hiding import pass_counts, pass_quarters, profile_of
from levelup.duties.pay.quarters import quarter_sizes
from levelup.duties.pay.records import QUARTERS, PayGaps, Sides, Worked
from levelup.duties.pay.schemes import place, scheme_of
from levelup.duties.pay.withheld import Passed, withhold
from levelup.publish.pay_record import figures_record
from levelup.terms.record import Floats
from tests.publish.pay_made import bare_report

PARTS = ("full", "leave", "paid", "unpaid")
NEED = 8
LABELS = ("White British", "White Irish", "White Roma", "Asian", "Indian", "Chinese", "African", "Caribbean", "Arab", "bame")


def workforce(people: int, *, groups: int, seed: int) -> Worked:
    """Return invented employees in many groups of which most are small, some on leave and some paid a bonus."""
    draw = np.random.default_rng(seed)
    shares = draw.dirichlet(np.full(groups, 0.45))
    names = np.array([f"G{at}" for at in range(groups)])
    labels = np.array([*LABELS, "prefer not to say"])
    return Worked(
        np.arange(people), (draw.random(people) < 0.6).astype(np.int8), np.round(11.0 + draw.gamma(2.0, 3.0, people), 2),
        np.where(draw.random(people) < 0.3, 100.0, 0.0), draw.random(people) < draw.choice([1.0, 0.97, 0.6]),
        np.full(people, 37.0),
        {
            "grade": names[draw.choice(groups, people, p=shares)],
            "ethnicity": labels[draw.choice(len(labels), people, p=draw.dirichlet(np.full(len(labels), 0.8)))],
        },
    )  # fmt: skip


@dataclass
class Attacker:
    """Whole-number programme over counts by cell and part, from what is said of them."""

    cells: int
    rows: list[dict[int, float]] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for cell in range(self.cells):
            self.say({self.at(cell, part): sign for part, sign in zip(PARTS, (1, 1, -1, -1), strict=True)}, 0, 0)

    def at(self, cell: int, part: str) -> int:
        """Return the place of an unknown."""
        return cell * len(PARTS) + PARTS.index(part)

    def say(self, row: dict[int, float], low: float, high: float) -> None:
        """Say that a weighted sum of unknowns lies between two ends."""
        self.rows.append(row)
        self.ends.append((low, high))

    def say_sum(self, cells: list[int], part: str, count: float) -> None:
        """Say how many some cells have together."""
        self.say({self.at(cell, part): 1.0 for cell in cells}, count, count)

    def say_share(self, cell: int, share: float) -> None:
        """Say that those paid a bonus are so many per cent of relevant employees, to one decimal."""
        paid, full, leave = (self.at(cell, part) for part in ("paid", "full", "leave"))
        for half, ends in ((0.0501, (-np.inf, 0.0)), (-0.0501, (0.0, np.inf))):
            self.say({paid: 100.0, full: -(share + half), leave: -(share + half)}, *ends)

    def bound(self, cells: list[int], part: str) -> tuple[int, int]:
        """Return the least and the most that some cells can have together."""
        row = [at for at, row in enumerate(self.rows) for _ in row]
        matrix = sparse.csr_array(
            ([item for entry in self.rows for item in entry.values()], (row, [key for entry in self.rows for key in entry])),
            shape=(len(self.rows), self.cells * len(PARTS)),
        )
        aim = np.zeros(matrix.shape[1])
        aim[[self.at(cell, part) for cell in cells]] = 1.0
        low, high = np.array(self.ends).T
        found = []
        for sign in (1, -1):
            made = optimize.milp(
                sign * aim, integrality=np.ones(len(aim)), constraints=optimize.LinearConstraint(matrix, low, high),
                bounds=optimize.Bounds(0, 10_000), options={"mip_rel_gap": 0.0},
            )  # fmt: skip
            assert made.status == 0, "what is published must fit together"
            found.append(round(sign * made.fun))
        return found[0], found[1]


def parts_of(worked: Worked, which: np.ndarray[Any, Any], *, cells: int) -> dict[str, Floats]:
    full, paid = worked.is_full_pay, worked.bonus > 0
    return {
        name: np.bincount(which[flags & (which >= 0)], minlength=cells).astype(float)
        for name, flags in zip(PARTS, (full, ~full, paid, ~paid), strict=True)
    }


def said_zero(figures: dict[str, Any], side: str) -> bool:
    """Whether a reason says that nobody of a side was paid a bonus."""
    return f"no {side} with a bonus" in figures.get("reasons", {}).get("mean_bonus_gap", "")


def hidden_small(truth: dict[str, Floats], seen: dict[tuple[int, str], float]) -> list[tuple[int, str]]:
    return [
        (cell, part)
        for part in PARTS
        for cell, count in enumerate(truth[part].tolist())
        if 1 <= count <= 9 and (cell, part) not in seen
    ]


@pytest.mark.parametrize("seed", range(5))
def test_no_small_number_of_a_group_comes_out_of_what_is_published(seed: int) -> None:
    """From counts, shares, reasons and the employer's totals: every hidden count of 1 to 9 stays as uncertain as asked for."""
    worked = workforce(700, groups=9, seed=seed)
    report = replace(bare_report(), breakdowns=(breakdown(worked, by="grade"),))
    groups = figures_record(report)["beyond_the_law"]["groups"]["grade"]
    assert any(item["figures"] is not None for item in groups)
    names = [item["group"] for item in groups]
    which = 2 * np.array([names.index(label) for label in worked.groups["grade"]]) + worked.side
    truth = parts_of(worked, which, cells=2 * len(names))
    attacker, seen = Attacker(2 * len(names)), {}
    for at, item in enumerate(groups):
        figures = item["figures"]
        for side, (word, one) in enumerate((("men", "man"), ("women", "woman"))):
            cell = 2 * at + side
            if item["on_full_pay"][word] is not None:
                seen[cell, "full"] = item["on_full_pay"][word]
            if figures is None:
                continue
            if figures["paid_bonus"] is not None:
                seen[cell, "paid"] = figures["paid_bonus"][word]
            share = figures["bonus_share"][word]
            if share == 0.0 or said_zero(figures, one):
                seen[cell, "paid"] = 0
            elif share is not None:
                attacker.say_share(cell, share)
            assert figures["paid_bonus"] is not None or share is None
            for name, size in zip(QUARTERS, quarter_sizes(sum(item["on_full_pay"].values())), strict=True):
                quarter = figures["quarters"][name][word]
                assert quarter is None or round(quarter * size / 100) == 0 or round(quarter * size / 100) >= 10
    assert all(truth[part][cell] == count for (cell, part), count in seen.items())
    assert not [count for count in seen.values() if 1 <= count <= 9]
    for (cell, part), count in seen.items():
        attacker.say_sum([cell], part, count)
    for side in (0, 1):
        cells = list(range(side, 2 * len(names), 2))
        for part in PARTS:
            attacker.say_sum(cells, part, truth[part][cells].sum())
    attacked = hidden_small(truth, seen)
    assert attacked
    for cell, part in attacked:
        low, high = attacker.bound([cell], part)
        whole = truth[part][cell % 2 :: 2].sum()
        assert high - low >= min(NEED, whole) > 0, (names[cell // 2], part)


@pytest.mark.parametrize("seed", range(4))
def test_no_small_number_of_an_ethnic_group_comes_out_at_any_level(seed: int) -> None:
    worked = workforce(600, groups=3, seed=seed)
    report = replace(bare_report(), characteristics=(characteristic_gaps(worked, characteristic="ethnicity"),))
    record = figures_record(report)["beyond_the_law"]["characteristics"]["ethnicity"]
    scheme = scheme_of("ethnicity")
    codes = place(worked.groups["ethnicity"], scheme=scheme, employee=worked.employee)
    kinds, which = np.unique(codes.T, axis=0, return_inverse=True)
    truth = parts_of(worked, which, cells=len(kinds))
    attacker = Attacker(len(kinds))
    everybody = list(range(len(kinds)))
    nodes: dict[tuple[str, str], list[int]] = {("all", "said"): np.flatnonzero(kinds[:, 0] >= 0).tolist()}
    nodes["all", "not said"] = [cell for cell in everybody if cell not in nodes["all", "said"]]
    for at, level in enumerate(scheme.levels):
        nodes |= {(level.key, key): np.flatnonzero(kinds[:, at] == code).tolist() for code, key in enumerate(level.keys)}
    for part in PARTS:
        attacker.say_sum(everybody, part, truth[part].sum())
    if record["declared"] is not None:
        attacker.say_sum(nodes["all", "said"], "full", truth["full"][nodes["all", "said"]].sum())
    shown: set[tuple[str, str, str]] = set()
    for level, own in zip(record["levels"], scheme.levels, strict=True):
        reference = own.keys[own.reference]
        for key, count in [
            (reference, level["reference_on_full_pay"]),
            *((g["group"], g["on_full_pay"]) for g in level["groups"]),
        ]:
            if count is not None:
                shown.add((own.key, key, "full"))
                attacker.say_sum(nodes[own.key, key], "full", count)
        for group in level["groups"]:
            if group["figures"] and group["figures"]["paid_bonus"]:
                for key, word in ((reference, "reference"), (group["group"], "group")):
                    shown.add((own.key, key, "paid"))
                    attacker.say_sum(nodes[own.key, key], "paid", group["figures"]["paid_bonus"][word])
                    cells = nodes[own.key, key]
                    if group["figures"]["bonus_share"][word] not in (None, 0.0):
                        attacker.say_sum(cells, "leave", truth["leave"][cells].sum())
    attacked = 0
    for (level_key, key), cells in nodes.items():
        for part in PARTS:
            count = truth[part][cells].sum()
            if 1 <= count <= 9 and (level_key, key, part) not in shown:
                attacked += 1
                low, high = attacker.bound(cells, part)
                assert high - low >= min(NEED, truth[part].sum()) > 0, (level_key, part)
    assert attacked and not [name for name in shown if 1 <= truth[name[2]][nodes[name[0], name[1]]].sum() <= 9]


def test_the_attacker_finds_out_what_lies_open() -> None:
    """The attack of these tests succeeds where it should: one hidden count, and a share that tells who is on leave."""
    attacker = Attacker(2)
    for part, counts in (("full", (30, 47)), ("leave", (2, 5)), ("paid", (12, 20)), ("unpaid", (20, 32))):
        attacker.say_sum([0, 1], part, sum(counts))
    attacker.say_sum([0], "full", 30)
    assert attacker.bound([1], "full") == (47, 47) and attacker.bound([0], "leave") == (0, 7)
    attacker.say_sum([0], "paid", 12)
    attacker.say_share(0, 37.5)
    assert attacker.bound([0], "leave") == (2, 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=7), st.integers(2, 12))
def test_what_passes_is_never_small(rows: list[tuple[int, int, int, int]], minimum: int) -> None:
    counts = np.array(rows, dtype=float)
    full, leave = counts[:, :2], counts[:, 2:] // 4
    relevant = full + leave
    paid = np.minimum(counts[:, 2:], relevant)
    found = pass_counts(full, relevant=relevant, paid_bonus=paid, part_of=[-1] * len(rows), minimum=minimum)
    for flags, held in ((found.full_pay, full), (found.paid_bonus, paid), (found.relevant, relevant)):
        assert not ((held[flags] > 0) & (held[flags] < minimum)).any()
    for told in (leave, relevant - paid):
        shown = told[found.relevant]
        assert not ((shown > 0) & (shown < minimum)).any()
    assert not (found.relevant & ~found.full_pay).any() and not (found.relevant & ~found.paid_bonus).any()
    for flags, held in ((found.full_pay, full), (found.paid_bonus, paid)):
        for side in (0, 1):
            hidden = held[~flags[:, side], side]
            assert not flags.any() or len(hidden[hidden > 0]) != 1, "one hidden count is the total less the rest"


def test_a_large_table_of_large_groups_passes_whole() -> None:
    counts = np.full((40, 2), 50.0)
    found = pass_counts(counts, relevant=counts, paid_bonus=counts / 2, part_of=[-1] * 40, minimum=10)
    assert all(flags.all() for flags in (found.full_pay, found.paid_bonus, found.relevant))


def test_wider_groups_are_known_to_be_the_sum_of_theirs() -> None:
    """Of two parts of a shown wider group one is small: the other is hidden, though the employer has many groups more."""
    counts = np.array([[70.0], [4.0], [66.0], [50.0], [60.0]])
    found = pass_counts(counts, relevant=counts, paid_bonus=0 * counts, part_of=[-1, 0, 0, -1, -1], minimum=10)
    assert found.full_pay[:, 0].tolist() == [True, False, False, True, True]


def test_quarters_pass_whole_or_not_at_all() -> None:
    people = np.array(
        [
            [[20, 20]] * 4,
            [[31, 9], [20, 20], [20, 20], [20, 20]],
            [[40, 0], [40, 0], [40, 0], [10, 30]],
        ],
        dtype=float,
    )
    assert pass_quarters(people, minimum=10).tolist() == [True, False, True]
    assert pass_quarters(people[:0], minimum=10).shape == (0,)


def test_what_did_not_pass_is_taken_out_with_its_count_and_a_reason() -> None:
    quarters = dict.fromkeys(QUARTERS, Sides(40.0, 60.0))
    counts = {"full_pay": (50, 60), "relevant": (52, 60), "paid_bonus": (0, 20), **dict.fromkeys(QUARTERS, (12, 15))}
    gaps = PayGaps(1.0, 2.0, None, None, Sides(0.0, 33.3), quarters, counts, {"mean_bonus_gap": "There is no man with a bonus."})
    kept = withhold(gaps, bonus=True, shares=True, quarters=True, minimum=10)
    assert kept == gaps
    less = withhold(gaps, bonus=True, shares=False, quarters=False, minimum=10)
    assert less.bonus_share == Sides(0.0, None) and set(less.counts) == {"full_pay", "paid_bonus"}
    assert less.reasons["mean_bonus_gap"] == gaps.reasons["mean_bonus_gap"] and "fewer than 10" in less.reasons["lower"]
    none = withhold(gaps, bonus=False, shares=False, quarters=False, minimum=10)
    assert none.bonus_share == Sides(None, None) and set(none.counts) == {"full_pay"}
    assert "Fewer than 10 of a side were paid a bonus" in none.reasons["mean_bonus_gap"] and none.mean_hourly_gap == 1.0


def test_the_profile_is_the_shipped_one_with_the_minimum_asked_for() -> None:
    assert profile_of(10).name == "pay-gap-groups" and profile_of(4).hidden == (1, 3) and profile_of(4).statistics_from == 4


def test_nothing_at_all_has_nothing_to_pass() -> None:
    empty = np.zeros((0, 2))
    found = pass_counts(empty, relevant=empty, paid_bonus=empty, part_of=[], minimum=10)
    assert isinstance(found, Passed) and found.full_pay.shape == (0, 2)
