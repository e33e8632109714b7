"""The tables of ground: measures of inequality, what could not be judged, the indicators, the releases."""

from __future__ import annotations

from levelup.publish.attribution import licence_name, publisher_name
from levelup.publish.gap import KINDS
from levelup.publish.publication import Publication
from levelup.publish.sentence import capital, say_direction, say_uncertainty
from levelup.publish.sheet_column import (
    NAME,
    PERIOD,
    SUBJECT,
    entry_of,
    figure_column,
    figure_or,
    line_above,
    period_cell,
    refusal_mark,
    text_column,
)
from levelup.publish.sheet_front import note
from levelup.publish.tabular import Cell, Column, Table, finite, gather
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period


def measure_table(publication: Publication) -> Table:
    """Return the measures of inequality over the districts, refused ones with the reason."""
    columns = (
        text_column("Indicator", NAME),
        text_column("Period", PERIOD),
        text_column(f"Measure {note('measures')}", 32),
        text_column("Convention", 26),
        figure_column("Value"),
        figure_column("Standard error"),
        figure_column(f"Low end {note('interval')}"),
        figure_column(f"High end {note('interval')}"),
        Column("subjects", "Districts measured", "integer", width=14),
        text_column("How the interval was made", 36),
        text_column("Why not measured", 60),
    )
    rows: list[tuple[Cell, ...]] = []
    for gap in publication.measured:
        start: tuple[Cell, ...] = (
            entry_of(publication, gap.indicator).name,
            parse_period(gap.period).label,
            gap.measure.replace("-", " "),
        )
        if isinstance(gap.result, Refusal):
            rows.append((*start, None, *(refusal_mark(gap.result),) * 4, None, None, gap.result.reason))
            continue
        found = gap.result
        figures = (figure_or(number, "[x]") for number in (found.value, found.se, found.lower, found.upper))
        rows.append((*start, found.convention or None, *figures, found.n, found.method or None, None))
    line = line_above(
        len(rows), "Measures over the districts at one date, each with the convention it follows. Read several together."
    )
    return Table(
        "inequality", "Measures of inequality over the districts", line, columns, gather(rows), decimals=(3,) * len(rows)
    )


def refusal_table(publication: Publication) -> Table:
    """Return every comparison that could not be judged, and what would allow it."""
    columns = (
        text_column("Indicator", NAME),
        text_column("What is compared", 26),
        text_column("Lower subject", SUBJECT),
        text_column("Upper subject", SUBJECT),
        text_column("From", PERIOD),
        text_column("To", PERIOD),
        text_column("Verdict", 18),
        text_column("Why", 60),
        text_column("What would allow it", 60),
        text_column("Reason code", 24),
    )
    rows = [
        (
            entry_of(publication, verdict.indicator).name,
            KINDS.get(verdict.kind, verdict.kind),
            capital(verdict.lower.label),
            capital(verdict.upper.label),
            period_cell(verdict.start),
            period_cell(verdict.end),
            verdict.word,
            verdict.refusal.reason,
            verdict.refusal.next or None,
            verdict.refusal.code,
        )
        for verdict in publication.verdicts
        if verdict.refusal is not None
    ]
    line = line_above(len(rows), "Every comparison that the data do not allow to be judged, why, and what data would allow it.")
    return Table("could_not_be_judged", "What could not be judged and why", line, columns, gather(rows))


def indicator_table(publication: Publication) -> Table:
    """Return what each indicator measures and where it comes from."""
    catalogue = publication.catalogue
    columns = (
        text_column("Indicator", NAME),
        text_column("Topic", 22),
        text_column("What it measures", 70),
        text_column("Unit", 18),
        text_column("Which way is good", 20),
        text_column("How its uncertainty is known", 40),
        figure_column("Smallest change that matters (in the unit)", absent="z", width=18),
        text_column("Groups of people held", 50),
        text_column("Levels of place", 30),
        text_column("Has a ceiling", 12),
        text_column("Partner without a ceiling", 40),
        text_column("State", 14),
        text_column("Source", 44),
        text_column("Publisher", 34),
        text_column("Licence", 30),
        text_column("Address", 50),
        text_column("Caveats", 70),
        text_column("Identifier", 34),
    )
    rows: list[tuple[Cell, ...]] = []
    for entry in catalogue.indicators.values():
        source = catalogue.sources.get(entry.source)
        publisher = catalogue.publishers.get(source.publisher) if source else None
        licence = catalogue.licences.get(source.licence) if source else None
        partner = catalogue.indicators.get(entry.partner)
        rows.append(
            (
                entry.name,
                catalogue.topics.get(entry.topic, entry.topic),
                entry.description,
                entry.unit.label,
                say_direction(entry),
                say_uncertainty(entry),
                finite(entry.smallest_change),
                tuple(parse_cohort(key).label for key in entry.cohorts),
                entry.levels,
                entry.saturates,
                partner.name if partner else entry.partner_reason or None,
                entry.status,
                source.title if source else None,
                publisher.name if publisher else None,
                licence.name if licence else None,
                (source.address or None) if source else None,
                entry.caveats,
                entry.id,
            )
        )
    line = line_above(
        len(rows), "What each indicator measures, which way is good, how sure its figures are, and where they come from."
    )
    decimals = tuple(max(entry.unit.decimals, 1) for entry in catalogue.indicators.values())
    return Table("indicators", "Indicators", line, columns, gather(rows), decimals=decimals)


def release_table(publication: Publication) -> Table:
    """Return the releases behind the report."""
    columns = (
        text_column("Title", 50),
        text_column("Publisher", 34),
        text_column("Licence", 30),
        text_column("Vintage", 16),
        text_column("Imported", 14),
        Column("rows", "Rows", "integer", width=12),
        text_column("Address", 50),
        text_column("Data set", 28),
        text_column("Release", 34),
        text_column("SHA-256", 70),
    )
    rows = gather(
        (
            release.title,
            publisher_name(publication.catalogue, release.publisher),
            licence_name(publication.catalogue, release.licence),
            release.vintage or None,
            release.imported or None,
            release.rows,
            release.address or None,
            release.dataset,
            release.id,
            release.sha256,
        )
        for release in publication.releases
    )
    line = line_above(
        len(rows), "The releases of published figures behind the report; each is kept unchanged, so that it can be recomputed."
    )
    return Table("releases", "Releases", line, columns, rows)
