"""The adjusted gap on the page: its table, and what is said before and after it."""

from __future__ import annotations

from levelup.duties.pay.adjusted import SAID, AdjustedGap
from levelup.duties.pay.report import PayReport
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.pay_words import adjusted_unit, say_left
from levelup.publish.wording import capital, number
from levelup.terms.record import Estimate

VALUED = {"first": "men's pay", "second": "women's pay", "pooled": "the pay of both"}
"""Whose pay values grade and hours, by the reference of a split."""


def adjusted_grid(found: AdjustedGap) -> Grid:
    """Return the gap split into what goes with what it was adjusted for and what does not, under each set of coefficients."""
    unit, said = adjusted_unit(found), SAID[found.hours]

    def cell(item: Estimate) -> Cell:
        value = round(item.value * unit.scale, 1) + 0.0
        shown = number(value, decimals=1)
        if item.lower is None or item.upper is None:
            return Cell(shown, value)
        ends = " to ".join(number(end * unit.scale, decimals=1) for end in (item.lower, item.upper))
        return Cell(shown, value, small=f"({ends})")

    rows = tuple(
        (Cell(f"As {VALUED[item.reference]} values them"), cell(item.gap), cell(item.explained), cell(item.unexplained))
        for item in found.splits
    )
    heads = (
        Head(f"{capital(said)}, valued"),
        *(
            Head(title, figures=True, name=f"{title}, {unit.name}")
            for title in ("Gap", f"Goes with {said}", f"Is left at the same {said}")
        ),
    )
    close = "; small ones are close to per cent" if found.scale == "log" else ""
    return Grid("The adjusted gap, with 95% intervals", heads, rows, f"In {unit.name}{close}.")


def adjusted_lead(found: AdjustedGap) -> str:
    """Return the adjusted gap on the logarithmic scale as sentences in per cent; '' on the other scale."""
    if found.scale != "log":
        return ""
    first = found.splits[0]
    whole = say_left(first.gap.value, low=first.gap.lower, high=first.gap.upper)
    left = [(split.reference, say_left(split.unexplained.value, low=split.unexplained.lower, high=split.unexplained.upper))
            for split in found.splits]  # fmt: skip
    at = "; ".join(f"{text}, where these are valued as {VALUED[reference]} values them" for reference, text in left)
    return (
        f"Between the geometric means of hourly pay, in grades that hold both, women are paid {whole}. At the "
        f"same {SAID[found.hours]} there is left: {at}. In brackets: 95% intervals, in per cent less."
    )


def adjusted_notes(report: PayReport) -> list[str]:
    """Return what else is to be known of the adjusted gap: who is not in it, or why there is none."""
    found = report.adjusted
    if found is None:
        return []
    if not isinstance(found, AdjustedGap):
        return [found.reason]
    notes = []
    if found.one_sided:
        count = len(found.one_sided)
        notes.append(f"{count} grade{'s' if count != 1 else ''} with one side alone: nothing to compare, and in no split.")
    if found.withheld:
        notes.append(found.withheld)
    if found.not_used:
        notes.append(f"Not in it for want of a figure: {'; '.join(reason for reason, _ in found.not_used)}.")
    return notes
