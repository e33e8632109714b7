"""Everything one report says, as data: assembled once, and rendered as pages, sheets, documents and open data."""

from __future__ import annotations

from dataclasses import dataclass, field

from levelup.catalogue.entry import Catalogue
from levelup.disclosure.long_tables.observed import Judged
from levelup.disclosure.profile import Profile
from levelup.inference.forecast import Fan
from levelup.terms.errors import Refusal
from levelup.terms.place import Place
from levelup.terms.record import Measurement, Observations, Verdict
from levelup.verdicts.account import Account
from levelup.verdicts.nation_summary import Nationwide
from levelup.verdicts.small_area import SmallAreaAccount


@dataclass(frozen=True, slots=True)
class Branding:
    """What a council sets to make the pages its own: a name, colours as CSS values, and a line for the footer."""

    name: str
    colour: str = "#12436D"
    accent: str = "#28A197"
    footer: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """One release behind the report: its data set, id, publisher, licence, vintage, hash and number of rows."""

    dataset: str
    id: str
    title: str
    publisher: str
    licence: str
    vintage: str
    imported: str
    sha256: str
    rows: int
    address: str


@dataclass(frozen=True, slots=True)
class OwnTables:
    """What the gate did to the workspace's own tables: by which profile, to how many of them, and to how many figures.

    `hidden` are the indicators and groups of people of which some figure is hidden.
    """

    profile: Profile
    tables: int
    judged: Judged
    hidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class MeasuredGap:
    """A measure of inequality over the districts at one date, or why it was refused."""

    indicator: str
    period: str
    measure: str
    result: Measurement | Refusal


@dataclass(frozen=True, slots=True)
class Publication:
    """All a report holds.

    `county` is the place reported on, `districts` the codes within it in order of deprivation (the most deprived first),
    `comparators` code -> what it is ('region', 'nation', 'neighbour'); `observations` cover all of those and every peer;
    `verdicts` are in the order of the catalogue. `outlines` maps a place code to an SVG path, `view_box` belongs to them.
    `expected_false` is the expected number of wrong words among those called established, `expected_false_likely` among likely.
    """

    title: str
    county: Place
    districts: tuple[str, ...]
    comparators: dict[str, str]
    places: dict[str, Place]
    population: dict[str, float]
    deprivation: dict[str, float]
    catalogue: Catalogue
    observations: Observations
    verdicts: tuple[Verdict, ...]
    measured: tuple[MeasuredGap, ...]
    releases: tuple[ReleaseNote, ...]
    branding: Branding
    as_at: str
    version: str
    order_name: str
    windows: tuple[str, ...]
    expected_false: float
    expected_false_likely: float
    accounts: dict[str, Account] = field(default_factory=dict)
    """What stands behind each gap's word, by the gap's key."""
    fans: dict[tuple[str, str, str], Fan] = field(default_factory=dict)
    """Forecasts, by indicator, cohort and place; only where one can be given."""
    nationwide: Nationwide | None = None
    """Every gap of the nation's authorities over every window, in counts; None where nothing of it is held."""
    small_areas: dict[str, SmallAreaAccount] = field(default_factory=dict)
    """What the county's small areas show, by indicator; only those of which counts by LSOA are held."""
    own: OwnTables | None = None
    """What the gate did to the workspace's own tables; None where there are none."""
    outlines: dict[str, str] = field(default_factory=dict)
    view_box: str = ""
