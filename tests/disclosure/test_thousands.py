"""Generated tables of awkward kinds, hundreds of each, with rounding and with earlier releases: no count is recovered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from levelup.disclosure.gate import attack_published, protect, said_by
from levelup.disclosure.profile import find_profile
from levelup.disclosure.table import CountTable, Published, Setting
from tests.disclosure.generated import cross, draw, generate_many, told

TOGETHER = 20
QUICK = Setting(seconds=0.0)


def tree(rng: np.random.Generator) -> CountTable:
    """Areas in a random tree of two levels, and groups lying across it."""
    areas = [f"a{at}" for at in range(int(rng.integers(6, 10)))]
    leaf = rng.integers(0, 4, len(areas))
    sums = [(f"w{at}", tuple(np.array(areas)[leaf == at].tolist())) for at in range(4) if (leaf == at).any()]
    sums += [(f"d{at}", tuple(np.array(areas)[leaf // 2 == at].tolist())) for at in range(2) if (leaf // 2 == at).any()]
    sums.append(("patch", tuple(rng.choice(areas, 3, replace=False).tolist())))
    return cross(draw(rng, (len(areas), 3)), ties={"A": sums})


def gaps(rng: np.random.Generator) -> CountTable:
    """Whole blocks of cells that nobody can be in: girls at boys' schools."""
    inside = draw(rng, (6, 4)) + 1.0
    inside[:3, :2] = 0.0
    inside[rng.random(inside.shape) < 0.2] = 0.0
    return cross(inside)


def no_margin(rng: np.random.Generator) -> CountTable:
    """Years that are never added up."""
    table = cross(draw(rng, (4, 3, 2)))
    kept = table.labels["C"] != "Total"
    return CountTable({name: column[kept] for name, column in table.labels.items()}, table.count[kept], "Total")


def kept_back(rng: np.random.Generator) -> CountTable:
    """Totals that are known in the house and published nowhere."""
    table = cross(draw(rng, (5, 3)))
    totals = np.sum([column == "Total" for column in table.labels.values()], axis=0)
    return replace(table, unpublished=(totals > 0) & (rng.random(len(totals)) < 0.5))


KINDS = {"tree": tree, "gaps": gaps, "no margin": no_margin, "kept back": kept_back}


def side_by_side(kind: str, *, number: int, seed: int) -> Iterator[CountTable]:
    """Yield tables of one kind, many in one long table with a dimension that is never added up; their ties differ."""
    if kind in ("flat", "nested", "overlapping"):
        yield from generate_many(kind, number=number, seed=seed, together=TOGETHER)
        return
    rng = np.random.default_rng(seed)
    for _ in range(number // TOGETHER):
        tables = [KINDS[kind](rng) for _ in range(TOGETHER)]
        labels = {
            name: np.concatenate([mark(table.labels[name], at) for at, table in enumerate(tables)]) for name in tables[0].labels
        }
        which = np.repeat([f"t{at}" for at in range(TOGETHER)], [len(table.count) for table in tables])
        sums = [
            (f"{at} {whole}", tuple(f"{at} {part}" for part in parts))
            for at, table in enumerate(tables) for whole, parts in (table.ties or {}).get("A", ())
        ]  # fmt: skip
        yield CountTable(
            {**labels, "table": which}, np.concatenate([table.count for table in tables]), "Total", {"A": sums} if sums else None,
            unpublished=None if tables[0].unpublished is None else np.concatenate([table.kept_back for table in tables]),
        )  # fmt: skip


def mark(column: np.ndarray, at: int) -> np.ndarray:
    return np.array([label if label == "Total" else f"{at} {label}" for label in column.tolist()])


def recovered(table: CountTable, known: Published, *, name: str) -> int:
    """Count the small or hidden cells that our attacker, who has no table to begin with, tells more closely than they need."""
    profile = find_profile(name)
    first, last = profile.hidden or (1, 9)
    target = np.where(table.kept_back, (table.count >= first) & (table.count <= last), np.isnan(known.figure))
    need = float(profile.protection)
    found = attack_published(table, known, need=need, target=target)
    return int((target & ~(found.width >= need)).sum())


def as_read(table: CountTable, published: Published, name: str) -> Published:
    """Return what a reader knows of each count; of what is kept back nothing."""
    known = said_by(published.figure, find_profile(name))
    return replace(known, low=np.where(table.kept_back, 0.0, known.low))


@pytest.mark.parametrize("kind", [*KINDS, "flat", "nested", "overlapping"])
@pytest.mark.parametrize("name", ["threshold-10", "nhs-sub-national"])
def test_of_hundreds_of_each_awkward_kind_no_count_is_recovered(kind: str, name: str) -> None:
    hidden = 0
    number = 140 if name == "threshold-10" else 40
    for table in side_by_side(kind, number=number, seed=31):
        found = protect(table, find_profile(name), setting=QUICK).published
        hidden += int(found.hidden.sum())
        assert recovered(table, as_read(table, found, name), name=name) == 0
    assert hidden > number


@pytest.mark.parametrize("kind", ["tree", "gaps", "flat", "overlapping"])
def test_of_hundreds_with_half_their_rows_out_already_no_count_is_recovered(kind: str) -> None:
    """What was out was protected as a whole, so that there always is a safe way to publish the rest."""
    name, rng = "threshold-10", np.random.default_rng(17)
    for table in side_by_side(kind, number=60, seed=32):
        first = protect(table, find_profile(name), setting=QUICK).published
        out = said_by(np.where(rng.random(len(table.count)) < 0.5, first.figure, np.nan), find_profile(name))
        out = replace(out, low=np.where(out.hidden, 0.0, out.low))
        again = protect(table, find_profile(name), setting=replace(QUICK, earlier=[out])).published
        known = said_by(again.figure, find_profile(name))
        assert not (again.hidden & ~out.hidden & (table.count > 0)).any()
        both = Published(known.figure, np.maximum(known.low, out.low), np.minimum(known.high, out.high))
        assert recovered(table, both, name=name) == 0


@pytest.mark.parametrize("kind", ["tree", "gaps", "kept back"])
def test_an_attacker_of_another_make_agrees_on_awkward_tables(kind: str) -> None:
    rng, tried = np.random.default_rng(41), 0
    for number in range(4):
        table = KINDS[kind](rng)
        found = protect(table, find_profile("threshold-10"), setting=Setting(seconds=3.0 * (number == 0))).published
        known = as_read(table, found, "threshold-10")
        small = (table.count >= 1) & (table.count <= 9)
        for cell in rng.permutation(np.flatnonzero(np.where(table.kept_back, small, found.hidden)))[:4].tolist():
            low, high = told(table, known.low, known.high, cell)
            assert low <= table.count[cell] <= high and high - low >= 8.0
            tried += 1
    assert tried > 4
