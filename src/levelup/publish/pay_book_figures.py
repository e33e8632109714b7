"""The sheet of figures: each of the six calculations as a formula over the working, rounded, beside the program's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from levelup.duties.pay.records import QUARTERS, PayGaps, Worked
from levelup.duties.pay.rules import DEFAULT, Regulations, Rules, cite
from levelup.publish.pay_book_ranked import QUARTER_NAMES, Ranking
from levelup.publish.pay_book_rows import SIDES
from levelup.publish.pay_pen import FIRST, Head, Pen
from levelup.terms.record import Floats

HEADS = (
    Head("Figure", 34), Head("First number", 16), Head("What it is", 28), Head("Second number", 16),
    Head("What it is (second)", 28), Head("Exact, per cent", 16, "0.000000"), Head("Rounded, per cent", 12, "0.0"),
    Head("The program's, per cent", 14, "0.0"), Head("Check", 12), Head("How it is worked out", 52), Head("Paragraph", 34),
)  # fmt: skip
NONE = "none"
"""What a cell holds that has no figure."""
_GAP = "First less second, divided by the first, times 100."
_SHARE = "First divided by second, times 100."
_HALVES = {"away-from-zero": "Rounded, halves away from nought.", "even": "Rounded, halves to the even digit."}
_REST = "What is left of 100, as the government's service asks."


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its two parts (formula, what it is, figure), its own formulas with the figure, and the program's figure.

    `exact` and `rounded` have {row} for the row they stand in and {above} for the one above it.
    """

    title: str
    first: tuple[str, str, float | str]
    second: tuple[str, str, float | str]
    exact: str
    value: float | str
    rounded: str
    published: float | None
    how: str
    paragraph: str


def figure_lines(
    worked: Worked, *, gaps: PayGaps, ranking: Ranking, regulations: Regulations | None = None, rules: Rules = DEFAULT
) -> tuple[Line, ...]:
    """Return every published figure of the six calculations, in the order of the regulations.

    Parameters
    ----------
    worked : Worked
        The employees.
    gaps : PayGaps
        The program's figures.
    ranking : Ranking
        The same people in order of pay.
    regulations : Regulations, optional
        Whose paragraphs are cited; those for public authorities where not given.
    rules : Rules
        How figures are rounded.

    Returns
    -------
    tuple of Line
        Four gaps, two shares and eight parts of quarters.
    """
    halves = rules.choice("halves")
    full, paid = worked.is_full_pay & np.isfinite(worked.hourly), worked.bonus > 0
    lines = []
    for name, column, flags, average in (
        ("mean_hourly_gap", "hourly", full, "mean"),
        ("median_hourly_gap", "hourly", full, "median"),
        ("mean_bonus_gap", "bonus", paid, "mean"),
        ("median_bonus_gap", "bonus", paid, "median"),
    ):
        pay = worked.hourly if column == "hourly" else worked.bonus
        of = "hourly pay" if column == "hourly" else "bonus of those paid one"
        parts = [_average(average, column, side, np.sort(pay[flags & (worked.side == side)])) for side in (0, 1)]
        title = f"{average.capitalize()} gap in {'hourly pay' if column == 'hourly' else 'bonus pay'}"
        sides = [
            (formula, f"{average} {of}, {word}", value) for (formula, value), word in zip(parts, ("men", "women"), strict=True)
        ]
        published, reason = getattr(gaps, name), gaps.reasons.get(name, "")
        first, second = (value for _, value in parts)
        stands = published is not None and second == NONE
        other = f'IF(ISNUMBER(B{{row}}),100,"{NONE}")' if stands else f'"{NONE}"'
        exact = (
            f'=IF(AND(ISNUMBER(B{{row}}),ISNUMBER(D{{row}})),IF(B{{row}}>0,(B{{row}}-D{{row}})/B{{row}}*100,"{NONE}"),{other})'
        )
        comparable = isinstance(first, float) and isinstance(second, float) and first > 0
        value = (first - second) / first * 100 if comparable else 100.0 if stands else NONE  # type: ignore[operator]
        convention = " Where no woman was paid a bonus 100 stands by convention." if stands else ""
        how = reason or f"{_GAP}{convention} {_HALVES[halves]}"
        cited = cite(name.replace("_", "-"), regulations=regulations)
        lines.append(Line(title, sides[0], sides[1], exact, value, _rounded(halves, rules=rules), published, how, cited))
    lines += _bonus_shares(worked, gaps=gaps, regulations=regulations, rules=rules)
    return (*lines, *_quarter_lines(worked, gaps=gaps, ranking=ranking, regulations=regulations, rules=rules))


def _rounded(halves: str, *, rules: Rules) -> str:
    """Return the formula that rounds as a published figure is rounded, after the machine's own error is taken off."""
    guard, decimals = rules.whole("guard_decimals"), rules.whole("decimals")
    away = f"ROUND(ROUND(F{{row}},{guard}),{decimals})"
    units = f"ROUND(F{{row}}*{10**decimals},{guard - decimals})"
    even = f"IF(ABS(MOD({units},1)-0.5)<0.0000001,2*ROUND({units}/2,0)/{10**decimals},{away})"
    return f'=IF(ISNUMBER(F{{row}}),{even if halves == "even" else away},"{NONE}")'


def _average(average: str, column: str, side: int, pay: Floats) -> tuple[str, float | str]:
    word, kind = SIDES[side], "AVERAGE" if average == "mean" else "MEDIAN"
    more = "*(bonus>0)" if column == "bonus" else ""
    formula = f'{{=IFERROR({kind}(IF((side="{word}")*ISNUMBER({column}){more},{column})),"{NONE}")}}'
    chosen: Callable[[Floats], np.floating[Any]] = np.mean if average == "mean" else np.median
    return formula, float(chosen(pay)) if len(pay) else NONE


def _bonus_shares(worked: Worked, *, gaps: PayGaps, regulations: Regulations | None, rules: Rules) -> list[Line]:
    made = []
    unknown = bool(np.isnan(worked.bonus).any())
    for side, plural in enumerate(("men", "women")):
        everyone, paid = int((worked.side == side).sum()), int(((worked.side == side) & (worked.bonus > 0)).sum())
        word, published = SIDES[side], gaps.bonus_share.first if side == 0 else gaps.bonus_share.second
        counted = ("", NONE) if unknown else (f'=COUNTIFS(side,"{word}",bonus,">0")', float(paid))
        reason = gaps.reasons.get("bonus_share", "") if published is None else ""
        exact = f'=IF(ISNUMBER(B{{row}}),IF(D{{row}}>0,B{{row}}/D{{row}}*100,"{NONE}"),"{NONE}")'
        first = (counted[0], f"{plural} who were paid a bonus", counted[1])
        second = (f'=COUNTIFS(side,"{word}")', f"all relevant employees, {plural}", float(everyone))
        title = f"{plural.capitalize()} who were paid a bonus"
        value = NONE if unknown or not everyone else paid / everyone * 100
        cited = cite("bonus-shares", regulations=regulations)
        halves = rules.choice("halves")
        how = reason or f"{_SHARE} {_HALVES[halves]}"
        made.append(Line(title, first, second, exact, value, _rounded(halves, rules=rules), published, how, cited))
    return made


def _quarter_lines(
    worked: Worked, *, gaps: PayGaps, ranking: Ranking, regulations: Regulations | None, rules: Rules
) -> list[Line]:
    made, cited = [], cite("quarters", regulations=regulations)
    halves, decimals = rules.choice("halves_of_pairs"), rules.whole("decimals")
    ways = (f"{_SHARE} {_HALVES[halves]}", _REST)
    rest = f'=IF(ISNUMBER(F{{row}}),ROUND(100-G{{above}},{decimals}),"{NONE}")'
    for at, name in enumerate(QUARTERS):
        here, pair = FIRST + at + 1, gaps.quarters[name]
        sides = worked.side[ranking.rows][ranking.quarter == at + 1]
        for side, plural in enumerate(("men", "women")):
            exact = f'=IF(D{{row}}>0,B{{row}}/D{{row}}*100,"{NONE}")'
            rounded = rest if side else _rounded(halves, rules=rules)
            published = pair.first if side == 0 else pair.second
            how = gaps.reasons.get(name, "") if published is None else ways[side]
            first = (f"=Quarters!{'FG'[side]}{here}", f"{plural} in the quarter", float((sides == side).sum()))
            second = (f"=Quarters!C{here}", "people in the quarter", float(len(sides)))
            title = f"{QUARTER_NAMES[name]} quarter, {plural}"
            value = first[2] / second[2] * 100 if second[2] else NONE
            made.append(Line(title, first, second, exact, value, rounded, published, how, cited))
    return made


def write_figure_sheet(pen: Pen, lines: tuple[Line, ...], *, order: str) -> None:
    """Write the sheet of figures, with a check of each against the program's.

    Parameters
    ----------
    pen : Pen
        The workbook.
    lines : tuple of Line
        As `figure_lines` makes them.
    order : str
        The formula that counts people out of order.
    """
    sheet = pen.open("Figures", title="The six calculations", line="", heads=HEADS)
    for at, item in enumerate(lines):
        row, here = FIRST + at, FIRST + at + 1
        pen.put(sheet, row, 0, item.title)
        for column, (formula, what, value) in ((1, item.first), (3, item.second)):
            if formula:
                pen.work(sheet, row, column, formula, value, pattern="#,##0.0000" if formula.startswith("{") else "#,##0")
            else:
                pen.put(sheet, row, column, value)
            pen.put(sheet, row, column + 1, what)
        pen.work(sheet, row, 5, item.exact.format(row=here), item.value, pattern=HEADS[5].pattern)
        shown = NONE if item.published is None else item.published
        pen.work(sheet, row, 6, item.rounded.format(row=here, above=here - 1), shown, pattern="0.0")
        pen.put(sheet, row, 7, shown, pattern="0.0")
        check = f'=IF(AND(ISNUMBER(G{here}),ISNUMBER(H{here})),IF(ABS(G{here}-H{here})<0.000001,"same","differs"),'
        pen.work(sheet, row, 8, f'{check}IF(G{here}=H{here},"same","differs"))', "same")
        pen.put(sheet, row, 9, item.how)
        pen.put(sheet, row, 10, item.paragraph)
        sheet.set_row(row, 34)
    last = FIRST + len(lines)
    good = "Every figure below is the same as the program's, people stand in order, and shared rates are divided as worked out."
    bad = "A check below, on the sheet Ranked or on the sheet Shared rates does not hold."
    count = f'COUNTIF(I{FIRST + 1}:I{last},"differs")+{order}+COUNTIF(shared_check,"differs")'
    pen.work(sheet, 1, 0, f'=IF({count}=0,"{good}","{bad}")', good)
    pen.close_table(sheet, name="figures", heads=HEADS, rows=len(lines))
