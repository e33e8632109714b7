"""A small made-up publication: invented places, codes and figures that show every verdict word, refusal and status mark."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from levelup.catalogue.entry import Break, Catalogue, Framework, Goal, Indicator, Licence, Publisher, Series, Source, Stratifier
from levelup.publish.publication import Branding, MeasuredGap, Publication, ReleaseNote
from levelup.terms.errors import Refusal
from levelup.terms.place import Level, Place
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement, Observations
from levelup.terms.unit import unit_of
from tests.publish.invented import (
    COUNTY,
    DISTRICTS,
    END,
    LEVELS,
    NATION,
    NEIGHBOURS,
    PLANS,
    REGION,
    RELEASE,
    START,
    make_verdicts,
)


def _indicator(plan: tuple[str, str, str, str, str, str, str], number: int) -> Indicator:
    key, name, unit, polarity, uncertainty, topic, _ = plan
    cohorts = ["all"]
    if key in ("level-3-by-19", "reading-at-seven"):
        cohorts += ["fsm=eligible", "fsm=other", "sex=female", "sex=male", "fsm=eligible;sex=female"]
    if key == "unemployment":
        cohorts += ["disability=yes", "disability=no"]
    levels = ("upper-tier", "region", "nation") if key == "level-3-by-19" else ("district", "upper-tier", "region", "nation")
    return Indicator(
        id=key,
        name=name,
        short=name.split(" who ")[0],
        description=f"{name}, as an invented survey counts it for this example.",
        topic=topic,
        unit=unit_of(unit),
        polarity=Polarity(polarity),
        bounds=(0.0, 100.0 if unit == "percent" else None),
        saturates=unit == "percent",
        partner="",
        partner_reason="No uncapped figure is published." if unit == "percent" else "",
        uncertainty=uncertainty,
        source="invented-survey" if number % 2 else "invented-register",
        series=tuple(Series({}, cohort, {}, 1.0) for cohort in cohorts),
        cohorts=tuple(cohorts),
        levels=levels,
        period_kind="calendar",
        breaks=(Break("2020-01-01", "Testing changed in 2020."),) if key == "reading-at-seven" else (),
        smallest_change=0.1 if key == "life-satisfaction" else None,
        smallest_change_reason="A tenth of a point is the least that the invented survey treats as a change."
        if key == "life-satisfaction"
        else "",
        status="live",
        caveats=("Figures are invented for testing and describe no real place.",),
        references=("https://example.org/method",),
    )


def _observations() -> Observations:
    rows: list[tuple[object, ...]] = []
    places = [*DISTRICTS, COUNTY, REGION, NATION, *NEIGHBOURS]
    for plan in PLANS:
        key, uncertainty = plan[0], plan[4]
        low0, low1, high0, high1, se = LEVELS[key]
        for position, place in enumerate(places):
            weight = position / (len(DISTRICTS) - 1) if position < len(DISTRICTS) else 0.55 + 0.1 * (position - len(DISTRICTS))
            if key == "level-3-by-19" and position < len(DISTRICTS):
                continue
            for year in range(2016, 2025):
                part = (year - 2016) / 8
                value = (
                    (1 - weight) * (low0 + part * (low1 - low0))
                    + weight * (high0 + part * (high1 - high0))
                    + 0.3 * se * math.sin(year + position)
                    if math.isfinite(se)
                    else ((1 - weight) * (low0 + part * (low1 - low0)) + weight * (high0 + part * (high1 - high0)))
                )
                wide = 1.96 * se if math.isfinite(se) else math.nan
                cohorts = [("all", 0.0)]
                if key in ("level-3-by-19", "reading-at-seven") and place == COUNTY:
                    cohorts += [
                        ("fsm=eligible", -15.0),
                        ("fsm=other", 4.0),
                        ("sex=female", 3.0),
                        ("sex=male", -3.0),
                        ("fsm=eligible;sex=female", -12.0),
                    ]
                if key == "unemployment" and place == COUNTY:
                    cohorts += [("disability=yes", 2.5), ("disability=no", -0.7)]
                for cohort, shift in cohorts:
                    status = (
                        "c"
                        if (place == "E07999902" and key == "healthy-birth-weight" and year == 2016)
                        else "x"
                        if (place == "E07999904" and key == "feeling-safe" and year < 2019)
                        else ""
                    )
                    figure = math.nan if status else value + shift
                    counted = uncertainty == "counts"
                    low = math.nan if status or uncertainty == "none" else figure - wide
                    high = math.nan if status or uncertainty == "none" else figure + wide
                    rows.append(
                        (
                            key,
                            place,
                            cohort,
                            f"{year}-01-01/P1Y",
                            figure,
                            low,
                            high,
                            figure * 30 if counted else math.nan,
                            3000.0 if counted else math.nan,
                            status,
                            RELEASE,
                        )
                    )
    columns = list(zip(*rows, strict=True))
    texts = {0, 1, 2, 3, 9, 10}
    return Observations(
        *(np.array(column, dtype=object if number in texts else np.float64) for number, column in enumerate(columns))
    )


def _catalogue() -> Catalogue:
    licence = Licence(
        "invented-open",
        "Invented Open Licence 1.0",
        "https://example.org/licence",
        "Contains invented information under the Invented Open Licence.",
        True,
    )
    publishers = {"iso": Publisher("iso", "Invented Statistics Office", "ISO", "https://example.org/")}
    sources = {
        key: Source(
            key,
            title,
            "iso",
            licence.id,
            f"https://example.org/{key}",
            "observations",
            "csv",
            "",
            "",
            "2025",
            "2025-06-01",
            {},
            {},
            {},
            {},
            ("Invented.",),
        )
        for key, title in (
            ("invented-survey", "Invented survey of residents"),
            ("invented-register", "Invented register of homes and births"),
        )
    }
    indicators = {plan[0]: _indicator(plan, number) for number, plan in enumerate(PLANS)}
    stratifiers = {
        "imd": Stratifier(
            "imd",
            "Index of Multiple Deprivation (invented ranks)",
            "invented-register",
            "more deprived",
            "score",
            "district",
            2019,
            "Orders the districts; never an outcome.",
        )
    }
    goals = (
        Goal("aim-1", "A good start in life", "", ("healthy-birth-weight", "reading-at-seven", "level-3-by-19")),
        Goal("aim-2", "Good jobs within reach", "", ("weekly-pay", "unemployment", "bus-within-walk")),
        Goal("aim-3", "Clean rivers", "", (), "placeholder", "Nothing is published for it yet."),
    )
    frameworks = {
        "plan": Framework("plan", "The invented county plan", "Exampleshire County Council", "https://example.org/plan", goals)
    }
    topics = {"health": "Health", "learning": "Learning", "economy": "Work and income", "wellbeing": "Wellbeing"}
    return Catalogue(publishers, {licence.id: licence}, sources, indicators, stratifiers, frameworks, topics)


def _outlines() -> tuple[dict[str, str], str]:
    shapes = {}
    for number, code in enumerate(DISTRICTS):
        x, y = 100 * (number % 3), 90 * (number // 3)
        shapes[code] = f"M{x} {y}h100v90h-{100 if number % 2 else 90}l-{0 if number % 2 else 10} -30z"
    return shapes, "0 0 300 180"


def make_publication() -> Publication:
    """Return the made-up publication: one county of six districts, twelve indicators, one per verdict word, and refusals."""
    places = {code: Place(code, name, Level.DISTRICT, COUNTY, 2023) for code, name in DISTRICTS.items()}
    places[COUNTY] = Place(COUNTY, "Exampleshire", Level.UPPER, REGION, 2023)
    places[REGION] = Place(REGION, "Invented region", Level.REGION, NATION, 2023)
    places[NATION] = Place(NATION, "Invented nation", Level.NATION, "", 2023)
    places[NEIGHBOURS[0]] = Place(NEIGHBOURS[0], "Nearshire", Level.UPPER, REGION, 2023)
    places[NEIGHBOURS[1]] = Place(NEIGHBOURS[1], "Farshire", Level.UPPER, REGION, 2023)
    outlines, view_box = _outlines()
    slope = Measurement(
        "slope-index", "ohid-linear", 13.4, 1.2, 11.0, 15.8, 0.95, "weighted least squares, t", 6, {"order": "deprivation"}
    )
    ratio = Measurement("ratio", "upper-over-lower", 1.19, None, None, None, 0.95, "none", 6)
    return Publication(
        title="Are we levelling up in Exampleshire?",
        county=places[COUNTY],
        districts=tuple(DISTRICTS),
        comparators={REGION: "region", NATION: "nation", NEIGHBOURS[0]: "neighbour", NEIGHBOURS[1]: "neighbour"},
        places=places,
        population={**{code: 80_000.0 + 12_500 * n for n, code in enumerate(DISTRICTS)}, COUNTY: 667_500.0},
        deprivation={code: 32.0 - 4.5 * n for n, code in enumerate(DISTRICTS)},
        catalogue=_catalogue(),
        observations=_observations(),
        verdicts=make_verdicts(),
        measured=(
            MeasuredGap("healthy-birth-weight", START, "slope-index", replace(slope, value=16.0, lower=13.6, upper=18.4)),
            MeasuredGap("healthy-birth-weight", END, "slope-index", slope),
            MeasuredGap("healthy-birth-weight", END, "ratio", ratio),
            MeasuredGap(
                "fibre-broadband",
                END,
                "slope-index",
                Refusal("no-uncertainty", "The publisher gives no interval.", "Counts of premises."),
            ),
        ),
        releases=(
            ReleaseNote(
                "invented-survey",
                RELEASE,
                "Invented survey of residents",
                "Invented Statistics Office",
                "Invented Open Licence 1.0",
                "2025",
                "2026-01-05",
                "0a1b2c3d" * 8,
                1200,
                "https://example.org/invented-survey",
            ),
            ReleaseNote(
                "invented-register",
                "invented-2-4e5f6a7b",
                "Invented register of homes and births",
                "Invented Statistics Office",
                "Invented Open Licence 1.0",
                "2025",
                "2026-01-05",
                "4e5f6a7b" * 8,
                830,
                "https://example.org/invented-register",
            ),
        ),
        branding=Branding(
            "Exampleshire County Council",
            "#12436D",
            "#28A197",
            "Published by the invented council for testing.",
            "data@exampleshire.example",
        ),
        as_at="2026-01-31",
        version="0.1.0",
        order_name="Index of Multiple Deprivation 2019 (invented ranks)",
        windows=("5 years", "whole series"),
        expected_false=0.42,
        expected_false_likely=1.7,
        outlines=outlines,
        view_box=view_box,
    )
