"""The tables of the open data: verdicts and what they rest on, from one publication, absences marked and never guessed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from levelup.publish.attribution import find_licence, publisher_name
from levelup.publish.opendata_columns import (
    COVERAGE,
    INDICATORS,
    LOSERS,
    MEASURES,
    OBSERVATIONS,
    PLACES,
    RELEASES,
    STATEMENTS,
    VERDICTS,
)
from levelup.publish.publication import Publication
from levelup.publish.tabular import Cell, Table, finite, finite_column, gather
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.record import OBSERVATION_COLUMNS, Estimate, Observations, Verdict

WITHHELD = frozenset("cxz")
"""Marks under which a row has no figure; 'u' leaves the figure in place and warns."""

_MARKS = {"suppressed": "c", "deprivation-is-relative": "z", "placeholder": "z", "unsupported-combination": "z"}


def mark_of(refusal: Refusal | None) -> str:
    """Return the shorthand that stands for a refused number: [c], [z] or [x]; an empty text where nothing was refused."""
    return "" if refusal is None else _MARKS.get(refusal.code, "x")


def open_tables(publication: Publication, *, sentences: Mapping[str, str]) -> tuple[Table, ...]:
    """Return every table of the open data.

    Parameters
    ----------
    publication : Publication
        What the report holds.
    sentences : mapping of str to str
        A verdict's id to the sentence that says it.

    Returns
    -------
    tuple of Table
        Verdicts, statements, losers, measures, observations, coverage, indicators, places, releases.
    """
    return (
        _verdicts(publication, sentences),
        _statements(publication),
        _losers(publication),
        _measures(publication),
        _observations(publication),
        _coverage(publication),
        _indicators(publication),
        _places(publication),
        _releases(publication),
    )


def _three(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    if estimate is None:
        return None, None, None
    return finite(estimate.value), finite(estimate.lower), finite(estimate.upper)


def _verdict_row(verdict: Verdict, sentence: str) -> tuple[Cell, ...]:
    refusal = verdict.refusal
    return (
        verdict.id, verdict.indicator, verdict.kind, verdict.comparison, verdict.place,
        verdict.lower.place, verdict.lower.cohort, verdict.lower.label,
        verdict.upper.place, verdict.upper.cohort, verdict.upper.label,
        verdict.window, verdict.start.iso if verdict.start else None, verdict.end.iso if verdict.end else None,
        verdict.word, verdict.certainty, verdict.certainty_adjusted, finite(verdict.probability),
        *(finite(level) for level in (*verdict.lower_levels, *verdict.upper_levels, *verdict.gap_levels)),
        *_three(verdict.change_lower), *_three(verdict.change_upper), *_three(verdict.gap_change),
        finite(verdict.share_from_below), verdict.established, verdict.order, verdict.method, verdict.releases,
        mark_of(refusal),
        refusal.code if refusal else None, refusal.reason if refusal else None, (refusal.next or None) if refusal else None,
        sentence or None,
    )  # fmt: skip


def _verdicts(publication: Publication, sentences: Mapping[str, str]) -> Table:
    return Table(
        "verdicts",
        "Verdicts",
        "How each gap moved between two periods: one row an indicator, comparison and window, refused ones included with the "
        "reason.",
        VERDICTS,
        gather(_verdict_row(verdict, sentences.get(verdict.id, "")) for verdict in publication.verdicts),
        key=("id",),
        refers={"indicator": ("indicators", "id")},
    )


def _statements(publication: Publication) -> Table:
    rows = gather(
        (verdict.id, name, finite(probability), name in verdict.established)
        for verdict in publication.verdicts
        for name, probability in verdict.statements.items()
    )
    about = "Every statement tested behind a verdict and the probability that it is true."
    return Table(
        "statements",
        "Statements tested",
        about,
        STATEMENTS,
        rows,
        key=("verdict", "statement"),
        refers={"verdict": ("verdicts", "id")},
    )


def _losers(publication: Publication) -> Table:
    rows = gather(
        (
            verdict.id, verdict.indicator, loser.subject.place, loser.subject.cohort, loser.subject.label,
            verdict.start.iso if verdict.start else None, verdict.end.iso if verdict.end else None,
            *_three(loser.change), finite(loser.probability), loser.certainty,
        )
        for verdict in publication.verdicts
        for loser in verdict.losers
    )  # fmt: skip
    return Table(
        "losers",
        "Subjects worse off than before",
        "Every place or group that is worse off at the end of the window than at its start, whatever happened to the gap.",
        LOSERS,
        rows,
        refers={"verdict": ("verdicts", "id"), "indicator": ("indicators", "id")},
    )


def _measures(publication: Publication) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for gap in publication.measured:
        result = gap.result
        if isinstance(result, Refusal):
            figures: tuple[Cell, ...] = (None,) * 8 + (
                None,
                None,
                mark_of(result),
                result.code,
                result.reason,
                result.next or None,
            )
        else:
            figures = (
                result.convention, finite(result.value), finite(result.se), finite(result.lower), finite(result.upper),
                finite(result.confidence), result.method, result.n,
                tuple(f"{name}={value}" for name, value in result.parameters.items()),
                tuple(f"{name}={value!r}" for name, value in result.also.items() if finite(value) is not None),
                "", None, None, None,
            )  # fmt: skip
        rows.append((gap.indicator, gap.period, gap.measure, *figures))
    return Table(
        "measures",
        "Measures of inequality",
        "Measures of inequality over the districts, on the good scale: bigger is always worse. Refused ones carry the reason.",
        MEASURES,
        gather(rows),
        refers={"indicator": ("indicators", "id")},
    )


def own_observations(publication: Publication) -> Observations:
    """Return the observations of the county, its districts and its comparators, without those of other places drawn as peers."""
    own = {publication.county.code, *publication.districts, *publication.comparators}
    held = publication.observations
    return held.where(np.fromiter((place in own for place in held.place.tolist()), dtype=np.bool_, count=len(held)))


def _observations(publication: Publication) -> Table:
    held = own_observations(publication)
    status = [
        str(mark) or ("" if number is not None else "x")
        for mark, number in zip(held.status, finite_column(held.value), strict=True)
    ]
    columns: list[list[Cell]] = []
    for name in OBSERVATION_COLUMNS:
        values = getattr(held, name)
        if name == "status":
            columns.append(list(status))
        elif name in ("value", "lower", "upper", "numerator", "denominator"):
            figures = finite_column(values)
            columns.append([None if mark in WITHHELD else number for mark, number in zip(status, figures, strict=True)])
        else:
            columns.append([str(text) for text in values])
    return Table(
        "observations",
        "Observations used",
        "The published figures of the county, its districts and its comparators: one row an indicator, place, group of people "
        "and period.",
        OBSERVATIONS,
        tuple(zip(*columns, strict=True)),
        key=("indicator", "place", "cohort", "period", "release"),
        refers={"indicator": ("indicators", "id")},
    )


def _coverage(publication: Publication) -> Table:
    held = publication.observations
    inside = {publication.county.code, *publication.districts}
    groups: dict[tuple[str, str], dict[str, set[str]]] = {}
    withheld: dict[tuple[str, str], int] = {}
    for indicator, place, cohort, period, mark, value in zip(
        held.indicator, held.place, held.cohort, held.period, held.status, finite_column(held.value), strict=True
    ):
        if place not in inside:
            continue
        for name in [part for part, _ in parse_cohort(cohort).parts] or ["everyone"]:
            key = (indicator, name)
            if value is None or mark in WITHHELD:
                withheld[key] = withheld.get(key, 0) + 1
                continue
            seen = groups.setdefault(key, {"place": set(), "cohort": set(), "period": set()})
            seen["place"].add(place)
            seen["cohort"].add(cohort)
            seen["period"].add(period)
    rows = gather(
        _coverage_row(publication, indicator, name, groups.get((indicator, name)), withheld.get((indicator, name), 0))
        for indicator in publication.catalogue.indicators
        for name in ("everyone", *CHARACTERISTICS)
    )
    return Table(
        "coverage",
        "What is broken down",
        "For each indicator and each characteristic: whether figures are held for the county and its districts, and for which "
        "periods.",
        COVERAGE,
        rows,
        key=("indicator", "characteristic"),
        refers={"indicator": ("indicators", "id")},
    )


def _coverage_row(
    publication: Publication, indicator: str, name: str, seen: dict[str, set[str]] | None, withheld: int
) -> tuple[Cell, ...]:
    known = CHARACTERISTICS.get(name)
    start: tuple[Cell, ...] = (indicator, name, known.label if known else "everyone", bool(known and known.protected))
    if seen is None:
        return (*start, False, 0, False, 0, None, None, withheld, "x")
    districts = len(seen["place"] & set(publication.districts))
    county = publication.county.code in seen["place"]
    return (*start, True, len(seen["cohort"]), county, districts, min(seen["period"]), max(seen["period"]), withheld, "")


def _indicators(publication: Publication) -> Table:
    catalogue = publication.catalogue
    rows: list[tuple[Cell, ...]] = []
    for entry in catalogue.indicators.values():
        source = catalogue.sources.get(entry.source)
        publisher = catalogue.publishers.get(source.publisher) if source else None
        licence = catalogue.licences.get(source.licence) if source else None
        rows.append(
            (
                entry.id, entry.name, entry.short, entry.description, catalogue.topics.get(entry.topic, entry.topic),
                entry.unit.label, str(entry.polarity), finite(entry.bounds[0]), finite(entry.bounds[1]), entry.saturates,
                entry.partner if entry.partner not in ("", "none") else None, entry.partner_reason or None, entry.uncertainty,
                entry.cohorts, entry.levels, entry.period_kind, tuple(f"{item.at}: {item.reason}" for item in entry.breaks),
                finite(entry.smallest_change), entry.smallest_change_reason or None, entry.status,
                source.title if source else entry.source, publisher.name if publisher else None,
                licence.name if licence else None, source.address if source else None, entry.caveats, entry.references,
            )
        )  # fmt: skip
    about = "What each indicator measures, which way is good, how sure its figures are, who publishes it and on what terms."
    return Table("indicators", "Indicators", about, INDICATORS, gather(rows), key=("id",))


def _places(publication: Publication) -> Table:
    roles = {**publication.comparators, publication.county.code: "county", **dict.fromkeys(publication.districts, "district")}
    orders = {code: at for at, code in enumerate(publication.districts, start=1)}
    rows = gather(
        (
            place.code, place.name, str(place.level), roles.get(place.code, "peer"), place.parent or None,
            place.vintage or None, place.valid_from or None, place.valid_to or None,
            finite(publication.population.get(place.code)), finite(publication.deprivation.get(place.code)),
            orders.get(place.code),
        )
        for place in publication.places.values()
    )  # fmt: skip
    about = f"The county, its districts in the order of {publication.order_name}, and the places they are compared with."
    return Table("places", "Places", about, PLACES, rows, key=("code",))


def _releases(publication: Publication) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for note in publication.releases:
        licence = find_licence(publication.catalogue, note.licence)
        rows.append(
            (
                note.dataset, note.id, note.title, publisher_name(publication.catalogue, note.publisher),
                licence.name if licence else note.licence, (licence.attribution or None) if licence else None,
                note.vintage, note.imported, note.sha256, note.rows,
                note.address or None,
            )
        )  # fmt: skip
    about = "The immutable releases of published figures behind the report, each with its publisher, licence and hash."
    return Table("releases", "Releases", about, RELEASES, gather(rows), key=("dataset", "id"))
