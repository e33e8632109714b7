"""What a catalogue entry is: an indicator, a source, a publisher, a framework; frozen records as the YAML states them."""

from __future__ import annotations

from dataclasses import dataclass, field

from levelup.terms.polarity import Polarity
from levelup.terms.unit import Unit


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: id, name, short name, web address."""

    id: str
    name: str
    short: str
    address: str


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms figures may be used again, the attribution they ask for, and whether they may be bundled."""

    id: str
    name: str
    address: str
    attribution: str
    open: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One published file or table: where it comes from, how it is read, and what its columns are called.

    `columns` maps each of our names to the names accepted in the file, the publisher's own and those of our copies alike.
    `kind` is what the release holds: 'observations', 'population', 'stratifier', 'lookup', 'neighbours', 'places' or
    'boundaries'. `options` are read by the reader alone.
    """

    id: str
    title: str
    publisher: str
    licence: str
    address: str
    kind: str
    reader: str
    file: str
    sheet: str
    vintage: str
    published: str
    columns: dict[str, tuple[str, ...]]
    missing: dict[str, str]
    period: dict[str, str]
    options: dict[str, object]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Which rows of a source make up one cohort's series of one indicator.

    `where` holds a value (or several) for columns of the source; `take` names the columns the figures come from
    (value, lower, upper, numerator, denominator) where they are not the source's usual ones; `cohort` is a cohort key.
    """

    where: dict[str, tuple[str, ...]]
    cohort: str
    take: dict[str, str]
    scale: float
    source: str = ""
    """The source the rows come from; empty where it is the indicator's own."""
    period: dict[str, str] = field(default_factory=dict)
    """How this series' period labels are read where it differs from the source's rule (see `levelup.catalogue.label`)."""
    combine: str = ""
    """'share' where the figure is the picked rows' counts over all rows' counts of the place and period; else empty."""


@dataclass(frozen=True, slots=True)
class Break:
    """A date from which a series is no longer comparable with what stands before it, and why."""

    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: what it measures, which way is good, its bounds, how its uncertainty is known, and where it comes from.

    `uncertainty` is 'published-interval', 'counts' or 'none'; `partner` is the id of the uncapped indicator that a saturating
    one stands beside, or 'none' (`partner_reason` says why no published one exists); `status` is 'live', 'placeholder' or
    'annual-lag'; `smallest_change` is the smallest change that matters, in the indicator's unit, or None where none is stated.
    """

    id: str
    name: str
    short: str
    description: str
    topic: str
    unit: Unit
    polarity: Polarity
    bounds: tuple[float | None, float | None]
    saturates: bool
    partner: str
    partner_reason: str
    uncertainty: str
    source: str
    series: tuple[Series, ...]
    cohorts: tuple[str, ...]
    levels: tuple[str, ...]
    period_kind: str
    breaks: tuple[Break, ...]
    smallest_change: float | None
    smallest_change_reason: str
    status: str
    caveats: tuple[str, ...]
    references: tuple[str, ...]
    designated: dict[str, str] = field(default_factory=dict)
    """Characteristic -> the category designated as lower for this indicator, where the characteristic itself names none."""
    kind: str = "level"
    """'level', or 'gap' where the publisher gives only a gap, without the levels that would show which end moved."""


@dataclass(frozen=True, slots=True)
class Stratifier:
    """A ranking of places that is independent of an outcome: allowed to order subjects, refused as an outcome."""

    id: str
    name: str
    source: str
    high_is: str
    column: str
    level: str
    vintage: int
    description: str


@dataclass(frozen=True, slots=True)
class Goal:
    """One heading of a framework, the heading it lies under, and the indicators that speak to it."""

    id: str
    title: str
    parent: str
    indicators: tuple[str, ...]
    status: str = "live"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A swappable mapping over the indicators: a plan's aims and commitments, national missions, an outcomes framework."""

    id: str
    title: str
    owner: str
    reference: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, by id."""

    publishers: dict[str, Publisher]
    licences: dict[str, Licence]
    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    stratifiers: dict[str, Stratifier]
    frameworks: dict[str, Framework]
    topics: dict[str, str] = field(default_factory=dict)
    """Topic key to the title a page shows, in order."""
