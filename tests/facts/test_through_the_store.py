"""Published facts as the project itself gives them: read by the catalogue, imported into a store, asked for by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from levelup.catalogue.load import load_catalogue
from levelup.store.ingest import import_source
from levelup.store.question import select_observations
from levelup.store.store import Store

pytestmark = pytest.mark.data

SOURCES = ("dfe-lait", "dfe-neet-scorecard", "gender-pay-gap", "ohid-slope-life-expectancy", "ons-els")
ENGLAND, ESSEX, SOUTHEND, THURROCK = "E92000001", "E10000012", "E06000033", "E06000034"
BASILDON, TENDRING, UTTLESFORD, KINGDOM = "E07000066", "E07000076", "E07000077", "K02000001"
COUNCIL = "employer:essex-county-council"


@pytest.fixture(scope="session")
def store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the releases that the facts below come from, and the places and lookups that imports are checked against."""
    catalogue = load_catalogue()
    made = Store.create(tmp_path_factory.mktemp("facts") / "store")
    grounds = [source.id for kind in ("places", "lookup") for source in catalogue.sources.values() if source.kind == kind]
    for source in (*grounds, *SOURCES):
        import_source(made, source, catalogue=catalogue, path=shared / "data" / catalogue.sources[source].file)
    return made


def figures(
    store: Store, indicator: str, *, places: tuple[str, ...], cohorts: tuple[str, ...] = ("all",), period: str = ""
) -> list[float]:
    """Return an indicator's values for places, then cohorts, then periods in order; all periods where none is named."""
    found = select_observations(store, indicators=(indicator,), places=places, cohorts=cohorts)
    held = {
        (place, cohort, when): value
        for place, cohort, when, value in zip(found.place, found.cohort, found.period, found.value, strict=True)
        if not period or when == period
    }
    return [held[key] for key in sorted(held, key=lambda key: (places.index(key[0]), cohorts.index(key[1]), key[2]))]


def test_weekly_pay(store: Store, known: dict[str, dict[str, Any]]) -> None:
    places = (ENGLAND, ESSEX, BASILDON, TENDRING)
    assert figures(store, "weekly-pay", places=places, period="2025-04-30") == known["pay-2025"]["expected"]


def test_disposable_income(store: Store, known: dict[str, dict[str, Any]]) -> None:
    places = (KINGDOM, ESSEX, UTTLESFORD, TENDRING)
    assert figures(store, "disposable-income", places=places, period="2023-01-01/P1Y") == known["gdhi-2023"]["expected"]


def test_healthy_life_expectancy_with_its_interval(store: Store, known: dict[str, dict[str, Any]]) -> None:
    found = []
    for cohort in ("sex=male", "sex=female"):
        held = select_observations(store, indicators=("healthy-life-expectancy",), places=(ESSEX,), cohorts=(cohort,))
        (row,) = [number for number, when in enumerate(held.period) if when == "2022-01-01/P3Y"]
        found += [held.value[row], held.lower[row], held.upper[row]]
    assert found == known["hle-essex"]["expected"]


def test_attainment_8_of_all_and_of_disadvantaged_pupils(store: Store, known: dict[str, dict[str, Any]]) -> None:
    cohorts = ("all", "disadvantage=disadvantaged")
    found = figures(store, "attainment-8", places=(ENGLAND, ESSEX), cohorts=cohorts, period="2023-09-01/P1Y")
    assert found == known["lait-a8"]["expected"]


def test_young_people_not_in_education_or_work(store: Store, known: dict[str, dict[str, Any]]) -> None:
    assert figures(store, "neet-or-not-known", places=(ENGLAND, ESSEX)) == known["neet"]["expected"]


def test_slope_index_of_life_expectancy(store: Store, known: dict[str, dict[str, Any]]) -> None:
    places, cohorts = (ENGLAND, ESSEX, SOUTHEND, THURROCK), ("sex=male", "sex=female")
    found = figures(store, "life-expectancy-gap", places=places, cohorts=cohorts, period="2015-01-01/P3Y")
    assert found == known["sii-2015-17"]["expected"]


def test_pay_gap_of_the_county_council(store: Store, known: dict[str, dict[str, Any]]) -> None:
    assert figures(store, "gender-pay-gap-median", places=(COUNCIL,)) == known["ecc-pay-gap"]["expected"]
