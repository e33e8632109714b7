"""The tables of concern: who stands worse and is getting worse, what the county average masks, who is worse off than before."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.publish.publication import Publication
from levelup.publish.sentence import capital, say_masking
from levelup.publish.sheet_column import (
    NAME,
    PERIOD,
    SUBJECT,
    decimals_of,
    entry_of,
    estimate_cells,
    figure_column,
    figure_or,
    interval_columns,
    line_above,
    period_cell,
    text_column,
)
from levelup.publish.sheet_front import note
from levelup.publish.summary import masked_by_average, worst_and_worsening
from levelup.publish.tabular import Cell, Column, Table, finite, gather
from levelup.terms.record import Loser, Verdict


def concern_table(publication: Publication, sentences: Mapping[str, str]) -> Table:
    """Return who stands worse and is getting worse, one row a gap."""
    columns = (
        text_column("Indicator", NAME),
        text_column("Who", SUBJECT),
        text_column("Compared with", SUBJECT),
        text_column("From", PERIOD),
        text_column("To", PERIOD),
        text_column(f"Unit {note('unit')}", 18),
        figure_column("At the start"),
        figure_column("At the end"),
        *interval_columns("Change", note("good")),
        figure_column(f"Gap at the end {note('gap')}"),
        text_column(f"Certainty of the fall {note('certainty')}", 18),
        text_column("Windows in which it falls", 30),
        text_column("Verdict", 24),
        text_column("In words", 150),
    )
    rows: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    for item in worst_and_worsening(publication):
        verdict, entry = item.verdict, entry_of(publication, item.verdict.indicator)
        lower = item.end == "lower"
        levels = verdict.lower_levels if lower else verdict.upper_levels
        rows.append(
            (
                entry.name,
                capital(item.subject.label),
                capital((verdict.upper if lower else verdict.lower).label),
                period_cell(verdict.start),
                period_cell(verdict.end),
                entry.unit.label,
                *(figure_or(level, "[x]") for level in levels),
                *estimate_cells(verdict.change_lower if lower else verdict.change_upper, "[x]"),
                figure_or(verdict.gap_levels[1], "[x]"),
                item.certainty,
                item.windows,
                verdict.word,
                sentences.get(verdict.id) or None,
            )
        )
        keys.append(verdict.indicator)
    line = line_above(
        len(rows), "Who has the worse figure of a comparison and is getting worse, at least likely. The order is no ranking."
    )
    return Table(
        "worst_and_worsening", "Worst and worsening", line, columns, gather(rows), decimals=decimals_of(publication, keys)
    )


def masking_table(publication: Publication) -> Table:
    """Return what the county average masks, one row a part that got worse."""
    columns = (
        text_column("Indicator", NAME),
        text_column("Whole", 30),
        text_column("Part that got worse", SUBJECT),
        text_column("From", PERIOD),
        text_column("To", PERIOD),
        text_column(f"Unit {note('unit')}", 18),
        *interval_columns("Change, whole", note("good")),
        *interval_columns("Change, part", note("good")),
        text_column(f"Certainty of the part's fall {note('certainty')}", 18),
        text_column("In words", 150),
    )
    rows: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    for verdict in masked_by_average(publication):
        if verdict.masking is None:
            continue
        entry, hidden = entry_of(publication, verdict.indicator), verdict.masking
        said = say_masking(hidden, verdict=verdict, indicator=entry)
        for part in hidden.worsened:
            rows.append(
                (
                    entry.name,
                    capital(hidden.whole.label),
                    capital(part.subject.label),
                    period_cell(verdict.start),
                    period_cell(verdict.end),
                    entry.unit.label,
                    *estimate_cells(hidden.change, "[x]"),
                    *estimate_cells(part.change, "[x]"),
                    part.certainty,
                    said,
                )
            )
            keys.append(verdict.indicator)
    line = line_above(
        len(rows), "Where the county improved while a district inside it got worse: one row a district that got worse."
    )
    return Table(
        "masked_by_the_average",
        "What the county average masks",
        line,
        columns,
        gather(rows),
        decimals=decimals_of(publication, keys),
    )


def loser_table(publication: Publication) -> Table:
    """Return everybody who is worse off than before, each once a window."""
    columns = (
        text_column("Indicator", NAME),
        text_column("Who", SUBJECT),
        text_column("From", PERIOD),
        text_column("To", PERIOD),
        text_column(f"Unit {note('unit')}", 18),
        *interval_columns("Change", note("good")),
        Column("probability", "Probability of a fall (0 to 1)", "probability", width=16),
        text_column(f"Certainty {note('certainty')}", 18),
    )
    seen: dict[tuple[object, ...], tuple[Verdict, Loser]] = {}
    for verdict in publication.verdicts:
        for loser in verdict.losers:
            seen.setdefault((verdict.indicator, loser.subject, verdict.start, verdict.end), (verdict, loser))
    rows = [
        (
            (entry := entry_of(publication, verdict.indicator)).name,
            capital(loser.subject.label),
            period_cell(verdict.start),
            period_cell(verdict.end),
            entry.unit.label,
            *estimate_cells(loser.change, "[x]"),
            finite(loser.probability),
            loser.certainty,
        )
        for verdict, loser in seen.values()
    ]
    line = line_above(
        len(rows), "Every place or group that is worse off than before, whatever happened to the gap; at the top too."
    )
    keys = (verdict.indicator for verdict, _ in seen.values())
    return Table(
        "worse_off_than_before",
        "Who is worse off than before",
        line,
        columns,
        gather(rows),
        decimals=decimals_of(publication, keys),
    )
