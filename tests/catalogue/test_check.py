"""The shipped catalogue keeps its own rules, and each rule catches an entry that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from levelup.catalogue.check import check_catalogue
from levelup.catalogue.entry import Break, Catalogue, Goal
from levelup.catalogue.load import load_catalogue
from levelup.terms.polarity import Polarity
from levelup.terms.unit import unit_of


def with_indicator(key: str, **changes: Any) -> Catalogue:  # noqa: ANN401
    catalogue = load_catalogue()
    return replace(catalogue, indicators={**catalogue.indicators, key: replace(catalogue.indicators[key], **changes)})


def with_series(key: str, place: int, **changes: Any) -> Catalogue:  # noqa: ANN401
    series = list(load_catalogue().indicators[key].series)
    series[place] = replace(series[place], **changes)
    return with_indicator(key, series=tuple(series))


def with_source(key: str, **changes: Any) -> Catalogue:  # noqa: ANN401
    catalogue = load_catalogue()
    return replace(catalogue, sources={**catalogue.sources, key: replace(catalogue.sources[key], **changes)})


def with_goals(*goals: Goal) -> Catalogue:
    catalogue = load_catalogue()
    framework = replace(catalogue.frameworks["marmot"], goals=goals)
    return replace(catalogue, frameworks={**catalogue.frameworks, "marmot": framework})


def with_stratifier(key: str, **changes: Any) -> Catalogue:  # noqa: ANN401
    catalogue = load_catalogue()
    return replace(catalogue, stratifiers={**catalogue.stratifiers, key: replace(catalogue.stratifiers[key], **changes)})


def options_of(key: str, **changes: object) -> dict[str, object]:
    return {**load_catalogue().sources[key].options, **changes}


def test_the_shipped_catalogue_has_no_fault() -> None:
    assert check_catalogue(load_catalogue()) == ()


def test_every_indicator_states_its_direction_and_how_sure_it_is() -> None:
    indicators = load_catalogue().indicators.values()
    assert {entry.polarity for entry in indicators} == set(Polarity)
    tally = {kind: sum(entry.uncertainty == kind for entry in indicators) for kind in ("published-interval", "counts", "none")}
    assert tally["published-interval"] >= 15
    assert tally["counts"] >= 10


def test_nothing_that_saturates_stands_alone() -> None:
    """Every measure with a ceiling has a partner without one, or says which uncapped figure is missing."""
    indicators = load_catalogue().indicators
    capped = [entry for entry in indicators.values() if entry.saturates]
    assert len(capped) >= 90
    alone = [entry for entry in capped if entry.partner not in indicators]
    assert all(entry.partner == "none" and entry.partner_reason for entry in alone)
    assert not [entry.id for entry in capped if entry not in alone and indicators[entry.partner].saturates]
    assert len(alone) < len(capped) / 2


def test_all_uncertain_indicators_state_the_smallest_change_that_matters() -> None:
    for entry in load_catalogue().indicators.values():
        assert (entry.smallest_change is not None) == (entry.uncertainty != "none"), entry.id


BEHIND = " ".join(("left", "behind"))
BROKEN: dict[str, tuple[Callable[[], Catalogue], str]] = {
    "no source": (lambda: with_indicator("adult-obesity", source="nobody"), "`source` must name a source of the catalogue"),
    "no partner": (
        lambda: with_indicator("adult-obesity", partner=""),
        "saturates, so `partner` must name an uncapped indicator",
    ),
    "partner none without reason": (
        lambda: with_indicator("adult-obesity", partner="none"),
        "saturates, so `partner_reason` must say which uncapped figure is missing",
    ),
    "partner unknown": (lambda: with_indicator("adult-obesity", partner="nothing"), "`partner` must be an indicator"),
    "partner saturates": (
        lambda: with_indicator("adult-obesity", partner="phonics"),
        "`partner` must not saturate itself. phonics does",
    ),
    "partner without figures": (
        lambda: with_indicator("healthy-life-expectancy", status="placeholder", series=(), cohorts=()),
        "`partner` must hold figures. healthy-life-expectancy is a placeholder",
    ),
    "partner beside a reason": (
        lambda: with_indicator("adult-obesity", partner_reason="Because."),
        "`partner_reason` must be left out where a partner is named",
    ),
    "partner where nothing saturates": (
        lambda: with_indicator("weekly-pay", partner="attainment-8"),
        "`partner` must be left out where the indicator does not saturate",
    ),
    "bounds outside the unit": (lambda: with_indicator("adult-obesity", bounds=(0.0, 101.0)), "must not end above 100.0"),
    "bounds below the unit": (lambda: with_indicator("weekly-pay", bounds=(None, None)), "must not begin below 0.0"),
    "bounds upside down": (lambda: with_indicator("attainment-8", bounds=(90.0, 0.0)), "`bounds` must be the lowest and then"),
    "unit and bounds": (lambda: with_indicator("attainment-8", unit=unit_of("score-0-10")), "must not end above 10.0"),
    "description without a stop": (
        lambda: with_indicator("adult-obesity", description="Adults"),
        "`description` must end with a full stop",
    ),
    "name with a stop": (lambda: with_indicator("adult-obesity", name="Adults."), "must not end with a full stop"),
    "short too long": (lambda: with_indicator("adult-obesity", short="a" * 49), "`short` must be at most 48 characters"),
    "topic": (lambda: with_indicator("adult-obesity", topic="weather"), "`topic` must be one of topics.yaml"),
    "no caveat": (lambda: with_indicator("adult-obesity", caveats=()), "`caveats` must say at least one thing"),
    "no reference": (lambda: with_indicator("adult-obesity", references=()), "`references` must give at least one address"),
    "bare reference": (
        lambda: with_indicator("adult-obesity", references=("ons.gov.uk",)),
        "`references` must begin with https://",
    ),
    "uncertainty": (lambda: with_indicator("adult-obesity", uncertainty="guess"), "`uncertainty` must be one of"),
    "status": (lambda: with_indicator("adult-obesity", status="soon"), "`status` must be one of"),
    "kind": (lambda: with_indicator("adult-obesity", kind="ratio"), "`kind` must be one of level, gap"),
    "no level": (lambda: with_indicator("adult-obesity", levels=()), "`levels` must name at least one level"),
    "level": (lambda: with_indicator("adult-obesity", levels=("parish",)), "`levels` must be among"),
    "designated characteristic": (
        lambda: with_indicator("attainment-8", designated={"height": "tall"}),
        "`designated` must name a characteristic",
    ),
    "designated cohort not held": (
        lambda: with_indicator("adult-obesity", designated={"sex": "male"}),
        "`designated` must name a cohort the indicator holds",
    ),
    "period kind": (lambda: with_indicator("adult-obesity", period_kind="lunar"), "`period_kind` must be one of"),
    "break without a date": (
        lambda: with_indicator("adult-obesity", breaks=(Break("2020", "Why."),)),
        "must be at ISO 8601 dates",
    ),
    "breaks out of order": (
        lambda: with_indicator("adult-obesity", breaks=(Break("2021-01-01", "a"), Break("2020-01-01", "b"))),
        "`breaks` must stand in the order of their dates",
    ),
    "smallest change below zero": (
        lambda: with_indicator("adult-obesity", smallest_change=-1.0, smallest_change_reason="Why."),
        "`smallest_change` must be above 0",
    ),
    "smallest change without a reason": (
        lambda: with_indicator("adult-obesity", smallest_change_reason=""),
        "must stand together",
    ),
    "placeholder with figures": (
        lambda: with_indicator("adult-obesity", status="placeholder"),
        "a placeholder must have no series",
    ),
    "no series": (lambda: with_indicator("adult-obesity", series=()), "`series` must hold at least one series"),
    "series twice": (
        lambda: with_indicator("adult-obesity", series=load_catalogue().indicators["adult-obesity"].series * 2),
        "must not repeat an earlier series",
    ),
    "cohort": (lambda: with_series("adult-obesity", 0, cohort="fsm=maybe"), "category of fsm must be one of"),
    "cohort out of order": (
        lambda: with_series("adult-obesity", 0, cohort="sex=male;fsm=other"),
        "`cohort` must be written 'fsm=other;sex=male'",
    ),
    "where": (
        lambda: with_series("adult-obesity", 0, where={"planet": ("earth",)}),
        "`where` must use columns of ons-els. Got 'planet'",
    ),
    "empty where": (lambda: with_series("adult-obesity", 0, where={"dataset": ()}), "must accept at least one text"),
    "take a figure": (lambda: with_series("adult-obesity", 0, take={"mean": "value"}), "`take` must name figures"),
    "take a column": (lambda: with_series("adult-obesity", 0, take={"value": "weight"}), "`take` must use columns of ons-els"),
    "combine": (lambda: with_series("adult-obesity", 0, combine="mean"), "`combine` must be 'share' or be left out"),
    "scale": (lambda: with_series("adult-obesity", 0, scale=0.0), "`scale` must be above 0"),
    "series source": (lambda: with_series("adult-obesity", 0, source="nobody"), "`source` must name a source"),
    "series from a ranking": (
        lambda: with_series("adult-obesity", 0, source="iod-2025-districts", where={}),
        "must not be read from iod-2025-districts, which ranks places",
    ),
    "series from a lookup": (
        lambda: with_series("adult-obesity", 0, source="els-areas", where={}),
        "must be read from a source of kind observations",
    ),
    "no figure": (
        lambda: with_series("adult-obesity", 0, take={"value": ""}),
        "must take a value, or a numerator and a denominator",
    ),
    "no interval": (lambda: with_series("adult-obesity", 0, take={"lower": ""}), "`lower` and `upper` must come from ons-els"),
    "no counts": (
        lambda: with_indicator("employment-rate", uncertainty="counts"),
        "uncertainty is counts, so a numerator or a denominator must come from ons-els",
    ),
    "share of nothing": (lambda: with_series("adult-obesity", 0, combine="share"), "shares need a `numerator` column"),
    "series period": (
        lambda: with_series("adult-obesity", 0, period={"kind": "fixed"}),
        "a period of kind fixed must state 'value'",
    ),
    "series period kind": (lambda: with_series("adult-obesity", 0, period={"kind": "moon"}), "`period`, 'kind' must be one of"),
    "series period value": (
        lambda: with_series("adult-obesity", 0, period={"kind": "fixed", "value": "2020"}),
        "period must be an ISO 8601 date",
    ),
    "banned words": (lambda: with_indicator("adult-obesity", description=f"Places {BEHIND}."), f"must not say {BEHIND!r}"),
    "publisher": (lambda: with_source("ons-els", publisher="nobody"), "`publisher` must be one of publishers.yaml"),
    "licence": (lambda: with_source("ons-els", licence="none"), "`licence` must be one of licences.yaml"),
    "source kind": (lambda: with_source("els-areas", kind="rumours"), "`kind` must be one of"),
    "reader": (lambda: with_source("ons-els", reader="crystal"), "`reader` must be one of"),
    "address": (lambda: with_source("ons-els", address="http://x"), "`address` must begin with https://"),
    "file": (lambda: with_source("ons-els", file="../secret"), "`file` must be a path below the data folder"),
    "no place column": (lambda: with_source("els-areas", columns={"x": ("x",)}), "`columns` must declare 'place'"),
    "no header": (lambda: with_source("els-areas", columns={"place": ()}), "'place' must accept at least one header"),
    "missing mark": (lambda: with_source("ons-els", missing={"?": "q"}), "'?' must stand for one of c, x, z, u or nothing"),
    "source period": (lambda: with_source("ons-els", period={"kind": "lunar"}), "`period`, 'kind' must be one of"),
    "source without periods": (
        lambda: with_source("desnz-fuel-poverty-la", period={"kind": "calendar"}),
        "`columns` must declare 'period'",
    ),
    "population period": (lambda: with_source("mid-2020-lsoa", period={"kind": "fixed"}), "must state its value"),
    "source period value": (
        lambda: with_source("mid-2020-lsoa", period={"kind": "fixed", "value": "x"}),
        "must be an ISO 8601 date",
    ),
    "option": (lambda: with_source("ons-els", options=options_of("ons-els", colour=1)), "'colour' must be a known option"),
    "no way to the file": (lambda: with_source("ons-els", options={}), "'address_is' must be one of file, page"),
    "option of a column": (
        lambda: with_source("ons-els", options=options_of("ons-els", leave_out={"planet": ["x"]})),
        "'leave_out' must name columns of the source",
    ),
    "place_from": (
        lambda: with_source("ons-els", options=options_of("ons-els", place_from=["planet"])),
        "'place_from' must name columns",
    ),
    "sum_to": (
        lambda: with_source("ons-els", options=options_of("ons-els", sum_to=["ltla24"])),
        "'sum_to' must stand beside 'vintage'",
    ),
    "lookup sides": (
        lambda: with_source("lookup-lsoa01-lsoa11", options={"address_is": "page"}),
        "must state 'from_vintage' and 'to_vintage'",
    ),
    "stratifier source": (lambda: with_stratifier("imd-2025", source="nobody"), "`source` must name a source"),
    "stratifier of observations": (
        lambda: with_stratifier("imd-2025", source="ons-els"),
        "its source must be of kind stratifier",
    ),
    "stratifier column": (
        lambda: with_stratifier("imd-2025", column="weather"),
        "`column` must be a column of iod-2025-districts",
    ),
    "stratifier level": (lambda: with_stratifier("imd-2025", level="parish"), "`level` must be one of"),
    "stratifier vintage": (lambda: with_stratifier("imd-2025", vintage=25), "`vintage` must be a year"),
    "stratifier description": (lambda: with_stratifier("imd-2025", description="Score"), "must end with a full stop"),
    "goal indicator": (
        lambda: with_goals(Goal("a", "A", "", ("nothing",))),
        "must name indicators of the catalogue. Got 'nothing'",
    ),
    "goal stratifier": (lambda: with_goals(Goal("a", "A", "", ("imd-2025",))), "It is a stratifier, which is never an outcome"),
    "goal indicator twice": (lambda: with_goals(Goal("a", "A", "", ("phonics", "phonics"))), "must name each indicator once"),
    "goal id": (lambda: with_goals(Goal("A!", "A", "", ())), "id must be lower-case letters and digits"),
    "goal twice": (lambda: with_goals(Goal("a", "A", "", ()), Goal("a", "B", "", ())), "goal a: id must be used once"),
    "goal parent": (lambda: with_goals(Goal("a", "A", "b", ())), "`parent` must be another goal"),
    "goal status": (lambda: with_goals(Goal("a", "A", "", (), "soon")), "`status` must be one of"),
    "goal note": (lambda: with_goals(Goal("a", "A", "", (), "placeholder")), "`note` must say why the goal is placeholder"),
    "no goals": (lambda: with_goals(), "must have at least one goal"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_catches_an_entry_that_breaks_it(name: str) -> None:
    break_it, sentence = BROKEN[name]
    faults = check_catalogue(break_it())
    assert any(sentence in fault for fault in faults), faults


def test_an_idle_source_and_an_empty_topic_are_caught() -> None:
    catalogue = load_catalogue()
    kept = {key: entry for key, entry in catalogue.indicators.items() if entry.topic != "pay-gaps"}
    faults = check_catalogue(replace(catalogue, indicators=kept))
    assert any("source gender-pay-gap: must be used by an indicator or a stratifier" in fault for fault in faults)
    assert any("topic pay-gaps: must have at least one indicator" in fault for fault in faults)


def test_a_stratifier_that_doubles_as_an_indicator_is_caught() -> None:
    catalogue = load_catalogue()
    copied = replace(catalogue.indicators["adult-obesity"], id="imd-2025")
    faults = check_catalogue(replace(catalogue, indicators={**catalogue.indicators, "imd-2025": copied}))
    assert "stratifier imd-2025: must not be an indicator too; a ranking of places is never an outcome" in faults


def test_ids_and_addresses_of_publishers_and_licences_are_checked() -> None:
    catalogue = load_catalogue()
    publisher = replace(catalogue.publishers["ons"], id="O N S", address="ons")
    licence = replace(catalogue.licences["ogl-3"], address="ogl")
    faults = check_catalogue(
        replace(
            catalogue, publishers={**catalogue.publishers, "O N S": publisher}, licences={**catalogue.licences, "ogl-3": licence}
        )
    )
    assert "publisher O N S: id must be lower-case letters and digits, joined by single hyphens" in faults
    assert "publisher O N S: `address` must begin with https://. Got 'ons'." in faults
    assert "licence ogl-3: `address` must begin with https://. Got 'ogl'." in faults


def test_all_faults_come_at_once() -> None:
    catalogue = with_indicator("adult-obesity", description="Adults", topic="weather", partner="")
    assert len(check_catalogue(catalogue)) >= 3
