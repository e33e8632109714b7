"""The tables of the workbook, worded for a reader and in the order of its sheets; here those of verdicts and levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from levelup.catalogue.entry import Indicator
from levelup.publish.gap import KINDS
from levelup.publish.opendata_tables import WITHHELD, own_observations
from levelup.publish.publication import Publication
from levelup.publish.sentence import capital, say_direction
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
    refusal_mark,
    text_column,
)
from levelup.publish.sheet_concern import concern_table, loser_table, masking_table
from levelup.publish.sheet_front import note
from levelup.publish.sheet_ground import indicator_table, measure_table, refusal_table, release_table
from levelup.publish.tabular import Cell, Column, Table, finite, gather
from levelup.publish.track import Point, Track, build_tracks
from levelup.terms.period import Period
from levelup.terms.record import Verdict

_SURE = (
    text_column("Verdict", 24),
    text_column(f"Certainty {note('certainty')}", 17),
    text_column(f"Certainty, all comparisons allowed for {note('certainty')}", 20),
    Column("probability", "Probability (0 to 1)", "probability", width=14),
)
_MOVES = (
    text_column(f"Unit {note('unit')}", 18),
    figure_column("Lower at the start"),
    figure_column("Lower at the end"),
    figure_column("Upper at the start"),
    figure_column("Upper at the end"),
    *interval_columns("Change, lower", note("good")),
    *interval_columns("Change, upper", note("good")),
    figure_column(f"Gap at the start {note('gap')}"),
    figure_column(f"Gap at the end {note('gap')}"),
    *interval_columns("Change in the gap", note("gap")),
    Column("share", f"Share of the narrowing from below {note('share')}", "share", width=18),
)


def sheet_tables(publication: Publication, *, sentences: Mapping[str, str]) -> tuple[Table, ...]:
    """Return the tables of the workbook, in the order of its sheets.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    sentences : mapping of str to str
        A verdict's id to the sentence that says it.
    """
    verdicts = publication.verdicts
    by_kind = {kind: [verdict for verdict in verdicts if verdict.kind == kind] for kind in KINDS}
    return (
        _verdict_table(
            publication,
            "verdicts",
            "Verdicts: how every gap moved, by which route, and how sure that is",
            verdicts,
            sentences=sentences,
        ),
        _levels(publication),
        _verdict_table(
            publication, "change_by_district", "Change in each district and in the rest of its county", by_kind["district"]
        ),
        _verdict_table(
            publication, "groups_of_people", "Change in each group of people and in those it is compared with", by_kind["cohort"]
        ),
        concern_table(publication, sentences),
        masking_table(publication),
        loser_table(publication),
        measure_table(publication),
        refusal_table(publication),
        indicator_table(publication),
        release_table(publication),
    )


def _moves(verdict: Verdict, indicator: Indicator) -> tuple[Cell, ...]:
    mark = refusal_mark(verdict.refusal)
    return (
        indicator.unit.label,
        *(figure_or(level, mark) for level in (*verdict.lower_levels, *verdict.upper_levels)),
        *estimate_cells(verdict.change_lower, mark),
        *estimate_cells(verdict.change_upper, mark),
        *(figure_or(level, mark) for level in verdict.gap_levels),
        *estimate_cells(verdict.gap_change, mark),
        finite(verdict.share_from_below),
    )


def _verdict_table(
    publication: Publication, name: str, title: str, verdicts: Iterable[Verdict], *, sentences: Mapping[str, str] | None = None
) -> Table:
    held = tuple(verdicts)
    last = (text_column("In words", 150),) if sentences is not None else ()
    columns = (
        text_column("Indicator", NAME),
        text_column("What is compared", 26),
        text_column(f"Lower subject {note('order')}", SUBJECT),
        text_column(f"Upper subject {note('order')}", SUBJECT),
        text_column("From", PERIOD),
        text_column("To", PERIOD),
        *_SURE,
        *_MOVES,
        text_column("What fixed the order", 34),
        text_column("Why not judged", 44),
        *last,
    )
    rows = [
        (
            (entry := entry_of(publication, verdict.indicator)).name,
            KINDS.get(verdict.kind, verdict.kind),
            capital(verdict.lower.label),
            capital(verdict.upper.label),
            period_cell(verdict.start),
            period_cell(verdict.end),
            verdict.word,
            verdict.certainty,
            verdict.certainty_adjusted,
            finite(verdict.probability),
            *_moves(verdict, entry),
            verdict.order or None,
            verdict.refusal.reason if verdict.refusal else None,
            *((sentences.get(verdict.id) or None,) if sentences is not None else ()),
        )
        for verdict in held
    ]
    line = line_above(len(rows), "One row a comparison and window. Lower and upper are never chosen from the figures compared.")
    return Table(
        name, title, line, columns, gather(rows), decimals=decimals_of(publication, (verdict.indicator for verdict in held))
    )


def _levels(publication: Publication) -> Table:
    county = publication.county.code
    roles = {county: "county", **dict.fromkeys(publication.districts, "district"), **publication.comparators}
    columns = (
        text_column("Indicator", NAME),
        text_column("Which way is good", 20),
        text_column("Place", 34),
        text_column("Code", 13),
        text_column("Role", 13),
        text_column("Period", PERIOD),
        text_column(f"Unit {note('unit')}", 18),
        figure_column("Value"),
        figure_column(f"Low end {note('interval')}"),
        figure_column(f"High end {note('interval')}"),
        text_column("Reliability", 16),
    )
    rows: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    tracks = build_tracks(own_observations(publication))
    for key, entry in publication.catalogue.indicators.items():
        own = tracks.get(key, {})
        period = _latest(own, {county, *publication.districts})
        for code, role in roles.items():
            track = own.get((code, "all"))
            if track is None or period is None or code not in publication.places:
                continue
            name = publication.places[code].name
            rows.append(
                (entry.name, say_direction(entry), name, code, role, period.label, entry.unit.label, *_shown(track.at(period)))
            )
            keys.append(key)
    line = line_above(
        len(rows), "The county, its districts and its comparators, for everyone, at the latest period held for each indicator."
    )
    return Table(
        "levels",
        "Latest figures of the county, its districts and its comparators",
        line,
        columns,
        gather(rows),
        decimals=decimals_of(publication, keys),
    )


def _latest(own: Mapping[tuple[str, str], Track], places: set[str]) -> Period | None:
    ends = [
        track.last.period
        for (place, cohort), track in own.items()
        if place in places and cohort == "all" and track.last is not None
    ]
    return max(ends, key=lambda period: (period.end, period.months), default=None)


def _shown(point: Point | None) -> tuple[Cell, ...]:
    if point is None or point.value is None or point.status in WITHHELD:
        mark = f"[{point.status or 'x'}]" if point is not None else "[x]"
        return mark, mark, mark, "[z]"
    return (
        point.value,
        figure_or(point.lower, "[x]"),
        figure_or(point.upper, "[x]"),
        "[u] low reliability" if point.status == "u" else "as published",
    )
