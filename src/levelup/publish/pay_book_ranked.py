"""The sheets of ranked people: who stands where in the order of pay, how large each quarter is, how shared rates were divided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelup.duties.pay.quarters import quarter_sizes, share_out
from levelup.duties.pay.records import QUARTERS, Worked
from levelup.duties.pay.rules import DEFAULT, Rules, cite, read_rules
from levelup.publish.pay_book_rows import SHEET, SIDES
from levelup.publish.pay_pen import FIRST, Head, Pen

Places = NDArray[np.int64]

QUARTER_NAMES = {"lower": "Lower", "lower_middle": "Lower middle", "upper_middle": "Upper middle", "upper": "Upper"}
_QUARTER_HEADS = (
    Head("Number", 10, "0"), Head("Quarter", 18), Head("People", 12, "#,##0"), Head("First place", 12, "#,##0"),
    Head("Last place", 12, "#,##0"), Head("Men", 12, "#,##0"), Head("Women", 12, "#,##0"), Head("Paragraph", 40),
)  # fmt: skip
_RANKED_HEADS = (
    Head("Place", 10, "0"), Head("Row", 10, "0"), Head("Sex", 12), Head("Hourly pay", 14, "#,##0.0000"), Head("Quarter", 10, "0"),
    Head("On a rate that quarters share", 16),
)  # fmt: skip
_SHARED_HEADS = (
    Head("Hourly pay", 14, "#,##0.0000"), Head("First place", 10, "0"), Head("Last place", 10, "0"), Head("People", 10, "0"),
    Head("Women", 10, "0"), Head("Quarter", 10, "0"), Head("Places here", 10, "0"), Head("Women in whole people", 12, "0"),
    Head("Remainder", 12, "0"), Head("Women left over", 12, "0"), Head("Order of the remainder", 12, "0"),
    Head("Women here", 12, "0"), Head("Women here on the sheet Ranked", 16, "0"), Head("Check", 12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SharedRate:
    """One rate that people of several quarters are paid: its first and last place from 1, and by quarter its places and women."""

    rate: float
    first: int
    last: int
    women: int
    places: tuple[int, ...]
    women_here: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Ranking:
    """People in order of pay: positions in `Worked`, each one's quarter from 1, both of shape (ranked,); and the shared rates.

    Within a shared rate people stand so that each quarter holds the women who were worked out for it.
    """

    rows: Places
    quarter: Places
    sizes: tuple[int, ...]
    shared: tuple[SharedRate, ...]


def rank_people(worked: Worked, *, rules: Rules = DEFAULT) -> Ranking:
    """Return full-pay relevant employees in order of hourly pay, with quarters.

    Parameters
    ----------
    worked : Worked
        The employees.
    rules : Rules
        `same_rate`.

    Returns
    -------
    Ranking
        Of those whose sex is recorded.

    Source
    ------
    SI 2017/353 Sch 1 para 13; SI 2017/172 reg 13.

    Examples
    --------
    >>> pay, side = np.array([9.0, 11.0, 11.0, 11.0, 11.0, 14.0]), np.array([1, 1, 0, 1, 0, 0], dtype=np.int8)
    >>> people = Worked(np.arange(6), side, pay, np.zeros(6), np.ones(6, dtype=bool), np.full(6, 37.0))
    >>> rank_people(people).quarter.tolist(), rank_people(people).shared[0].women_here
    ([1, 1, 2, 3, 3, 4], (1, 0, 1, 0))
    """
    held = np.flatnonzero(worked.is_full_pay & np.isfinite(worked.hourly) & (worked.side >= 0))
    rows = held[np.argsort(worked.hourly[held], kind="stable")]
    rates, sizes = worked.hourly[rows], quarter_sizes(len(rows))
    edges = np.concatenate(([0], np.cumsum(sizes)))
    starts = np.flatnonzero(np.diff(rates, prepend=-np.inf) > rules.figure("same_rate"))
    ends = np.append(starts[1:], len(rates))
    shared = []
    for at in np.unique(np.searchsorted(starts, edges[1:-1], side="right") - 1).tolist() if len(rows) else []:
        start, end = int(starts[at]), int(ends[at])
        if not ((edges > start) & (edges < end)).any():
            continue
        places = np.clip(edges[1:], start, end) - np.clip(edges[:-1], start, end)
        tied = rows[start:end]
        is_woman = worked.side[tied] == 1
        women = share_out(int(is_woman.sum()), parts=places)
        order = np.concatenate([np.repeat(range(4), women), np.repeat(range(4), places - women)])
        mixed = np.concatenate([tied[is_woman], tied[~is_woman]])
        rows[start:end] = mixed[np.argsort(order, kind="stable")]
        here = tuple(women.tolist())
        shared.append(SharedRate(float(rates[start]), start + 1, end, int(is_woman.sum()), tuple(places.tolist()), here))
    return Ranking(rows, np.repeat(np.arange(1, 5), sizes), sizes, tuple(shared))


def write_quarter_sheets(pen: Pen, worked: Worked, ranking: Ranking, *, rules: Rules = DEFAULT) -> None:
    """Write the sheets of the quarters and of shared rates.

    Parameters
    ----------
    pen : Pen
        The workbook.
    worked : Worked
        The employees.
    ranking : Ranking
        Of the same.
    rules : Rules
        `same_rate`.
    """
    _write_quarters(pen, worked, ranking)
    _write_shared(pen, ranking, same=rules.figure("same_rate"))


def write_ranked_sheet(pen: Pen, worked: Worked, ranking: Ranking, *, hourly: str) -> None:
    """Write the sheet of ranked people.

    Parameters
    ----------
    pen : Pen
        The workbook.
    worked : Worked
        The employees.
    ranking : Ranking
        Of the same.
    hourly : str
        The letter of the column of hourly pay on the sheet of rows.
    """
    line = "Full-pay relevant employees from the lowest to the highest hourly pay; the order was made by the program."
    sheet = pen.open("Ranked", title="People in order of hourly pay", line=line, heads=_RANKED_HEADS)
    is_shared = np.zeros(len(ranking.rows), dtype=np.bool_)
    for item in ranking.shared:
        is_shared[item.first - 1 : item.last] = True
    columns = zip(
        ranking.rows.tolist(), worked.employee[ranking.rows].tolist(), worked.side[ranking.rows].tolist(),
        worked.hourly[ranking.rows].tolist(), ranking.quarter.tolist(), is_shared.tolist(), strict=True,
    )  # fmt: skip
    for place, (position, source, side, rate, quarter, shares) in enumerate(columns, start=1):
        row, at, origin = FIRST + place - 1, FIRST + place, FIRST + 1 + position
        pen.put(sheet, row, 0, float(place), pattern="0")
        pen.work(sheet, row, 1, f"={SHEET}!A{origin}", source, pattern="0")
        pen.work(sheet, row, 2, f"={SHEET}!B{origin}", SIDES[side])
        pen.work(sheet, row, 3, f"={SHEET}!{hourly}{origin}", rate, pattern="#,##0.0000")
        quarters = f"=1+(A{at}>quarter_end_1)+(A{at}>quarter_end_2)+(A{at}>quarter_end_3)"
        pen.work(sheet, row, 4, quarters, quarter, pattern="0")
        pen.put(sheet, row, 5, "yes" if shares else "no")
    for at, name in enumerate(("ranked_place", "ranked_row", "ranked_side", "ranked_pay", "ranked_quarter")):
        pen.name_range(name, sheet="Ranked", column=at, rows=len(ranking.rows))
    pen.close_table(sheet, name="ranked", heads=_RANKED_HEADS, rows=len(ranking.rows))


def in_order(ranking: Ranking, *, rules: Rules = DEFAULT) -> str:
    """Return a formula that counts the people on the sheet of ranked people who are paid less than the one before.

    Examples
    --------
    >>> in_order(Ranking(np.arange(3), np.ones(3, dtype=np.int64), (3, 0, 0, 0), ()))
    'SUMPRODUCT(--(Ranked!$D$5:$D$6<Ranked!$D$4:$D$5-0.000001000000))'
    """
    first, last = FIRST + 1, FIRST + len(ranking.rows)
    if last <= first:
        return "0"
    return f"SUMPRODUCT(--(Ranked!$D${first + 1}:$D${last}<Ranked!$D${first}:$D${last - 1}-{rules.figure('same_rate'):.12f}))"


def _write_quarters(pen: Pen, worked: Worked, ranking: Ranking) -> None:
    line = "People are divided by four; who is left over goes where the guidance says."
    sheet = pen.open("Quarters", title="The quarters of ranked people", line=line, heads=_QUARTER_HEADS)
    side, reached = worked.side[ranking.rows], 0
    for at, (name, size) in enumerate(zip(QUARTERS, ranking.sizes, strict=True)):
        row, here = FIRST + at, FIRST + at + 1
        over = [left for left, names in read_rules().remainders.items() if name in names]
        more = "+".join(f"(MOD(COUNT(ranked_pay),4)={left})" for left in over)
        mine = side[ranking.quarter == at + 1]
        pen.put(sheet, row, 0, float(at + 1), pattern="0")
        pen.put(sheet, row, 1, QUARTER_NAMES[name])
        pen.work(sheet, row, 2, f"=INT(COUNT(ranked_pay)/4){'+' if more else ''}{more}", size, pattern="#,##0")
        pen.work(sheet, row, 3, f"=E{here - 1}+1" if at else "=1", reached + 1, pattern="#,##0")
        reached += size
        pen.work(sheet, row, 4, f"=E{here - 1}+C{here}" if at else f"=C{here}", reached, pattern="#,##0")
        for column, word, label in ((5, 0, SIDES[0]), (6, 1, SIDES[1])):
            formula = f'=COUNTIFS(ranked_quarter,A{here},ranked_side,"{label}")'
            pen.work(sheet, row, column, formula, int((mine == word).sum()), pattern="#,##0")
        pen.put(sheet, row, 7, cite("quarter-remainders"))
        pen.book.define_name(f"quarter_end_{at + 1}", f"=Quarters!$E${here}")
    pen.close_table(sheet, name="quarters", heads=_QUARTER_HEADS, rows=4)


def _first_rows(ranking: Ranking) -> list[int]:
    """Return the row of the sheet of shared rates, from 1, at which each rate's quarters begin."""
    counts = [sum(size > 0 for size in item.places) for item in ranking.shared]
    return [FIRST + 1 + sum(counts[:at]) for at in range(len(counts))]


def _write_shared(pen: Pen, ranking: Ranking, *, same: float) -> None:
    """Write how women on each shared rate were divided among the quarters, by largest remainder."""
    line = f"Women are divided as the places are; {cite('quarter-ties')}. Who is left over goes to the largest remainder."
    sheet = pen.open("Shared rates", title="Rates that several quarters share", line=line, heads=_SHARED_HEADS)
    if not ranking.shared:
        pen.put(sheet, FIRST, 0, "none")
    edges = np.concatenate(([0], np.cumsum(ranking.sizes))).tolist()
    near = f"{same:.12f}"
    for item, start in zip(ranking.shared, _first_rows(ranking), strict=True):
        held = [at for at, size in enumerate(item.places) if size]
        end, people = start + len(held) - 1, item.last - item.first + 1
        whole = [item.women * item.places[at] // people for at in held]
        over = [item.women * item.places[at] % people for at in held]
        left = item.women - sum(whole)
        for offset, at in enumerate(held):
            row = start + offset
            before = f"quarter_end_{at}" if at else "0"
            order = sum(value > over[offset] for value in over) + over[: offset + 1].count(over[offset])
            boundary = next(k + 1 for k in range(3) if item.first <= edges[k + 1] < item.last)
            cells: tuple[tuple[str, float | str], ...] = (
                (f"=INDEX(ranked_pay,quarter_end_{boundary})", item.rate),
                (f"=SUMPRODUCT(--(ranked_pay<A{row}-{near}))+1", item.first),
                (f"=SUMPRODUCT(--(ranked_pay<=A{row}+{near}))", item.last),
                (f"=C{row}-B{row}+1", people),
                (f'=SUMPRODUCT((ranked_place>=B{row})*(ranked_place<=C{row})*(ranked_side="woman"))', item.women),
                (f"={at + 1}", at + 1),
                (f"=MIN(C{row},quarter_end_{at + 1})-MAX(B{row}-1,{before})", item.places[at]),
                (f"=QUOTIENT(E{row}*G{row},D{row})", whole[offset]),
                (f"=MOD(E{row}*G{row},D{row})", over[offset]),
                (f"=E{row}-SUM(H${start}:H${end})", left),
                (f'=COUNTIF(I${start}:I${end},">"&I{row})+COUNTIF(I${start}:I{row},I{row})', order),
                (f"=H{row}+(K{row}<=J{row})", item.women_here[at]),
                (f'=SUMPRODUCT((ranked_place>=B{row})*(ranked_place<=C{row})*(ranked_quarter=F{row})*(ranked_side="woman"))',
                 item.women_here[at]),
                (f'=IF(L{row}=M{row},"same","differs")', "same"),
            )  # fmt: skip
            for column, ((formula, value), head) in enumerate(zip(cells, _SHARED_HEADS, strict=True)):
                pen.work(sheet, row - 1, column, formula, value, pattern=head.pattern)
    rows = sum(sum(size > 0 for size in item.places) for item in ranking.shared)
    pen.name_range("shared_check", sheet="Shared rates", column=13, rows=rows)
    pen.close_table(sheet, name="shared_rates", heads=_SHARED_HEADS, rows=rows)
