"""The whole way from a store to verdicts, on the bundled Essex figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.settings import read_settings, write_settings
from levelup.store.question import select_observations
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.record import WORDS, Verdict
from levelup.verdicts.comparison import Scope
from levelup.verdicts.stage import build_scope, follow_scope
from levelup.verdicts.table_row import any_period

ESSEX = Path(levelup.__file__).parent / "bundled" / "essex"


@pytest.fixture(scope="module")
def scope() -> Scope:
    return build_scope(Store.open(ESSEX / "store"), read_settings(ESSEX), catalogue=load_catalogue())


@pytest.fixture(scope="module")
def verdicts(scope: Scope) -> tuple[Verdict, ...]:
    return follow_scope(Store.open(ESSEX / "store"), scope, catalogue=load_catalogue()).verdicts


def test_the_scope_is_essex_in_the_order_of_deprivation(scope: Scope) -> None:
    assert scope.county.name == "Essex" and len(scope.districts) == 12
    assert scope.districts[0] == "E07000076" and scope.districts[-1] == "E07000077"
    assert scope.region == "E12000006" and len(scope.neighbours) == 10
    assert scope.deprivation["E10000012"] == pytest.approx(17.016, abs=0.05), "the published upper-tier score of 2019"


def test_every_verdict_has_its_own_name_and_a_word_of_the_grammar(verdicts: tuple[Verdict, ...]) -> None:
    assert len({verdict.id for verdict in verdicts}) == len(verdicts)
    assert {verdict.word for verdict in verdicts} <= set(WORDS)
    assert all((verdict.refusal is not None) == (verdict.word in ("not comparable", "not evaluable")) for verdict in verdicts)


def test_all_kinds_of_comparison_are_there(verdicts: tuple[Verdict, ...]) -> None:
    kinds = Counter(verdict.kind for verdict in verdicts)
    assert set(kinds) == {"districts", "district", "patch", "cohort", "county"}
    assert {verdict.upper.place for verdict in verdicts if verdict.kind == "county"} >= {"E10000012", "neighbours"}


def test_an_indicator_without_uncertainty_is_described_never_judged(verdicts: tuple[Verdict, ...]) -> None:
    none = {item.id for item in load_catalogue().indicators.values() if item.uncertainty == "none"}
    mine = [verdict for verdict in verdicts if verdict.indicator in none]
    assert mine and all(verdict.refusal is not None and verdict.probability is None for verdict in mine)


def test_the_split_is_exact_for_every_verdict(verdicts: tuple[Verdict, ...]) -> None:
    for verdict in verdicts:
        if verdict.gap_change is None or verdict.change_lower is None or verdict.change_upper is None:
            continue
        before, after = verdict.gap_levels
        assert before is not None and after is not None
        scale = max(1.0, abs(before), abs(after))
        assert verdict.gap_change.value == pytest.approx(
            verdict.change_upper.value - verdict.change_lower.value, abs=1e-9 * scale
        )
        assert verdict.gap_change.value == pytest.approx(after - before, abs=1e-9 * scale)


def test_the_reception_gap_is_described_with_its_published_levels(verdicts: tuple[Verdict, ...]) -> None:
    [found] = [
        verdict
        for verdict in verdicts
        if verdict.indicator == "good-level-of-development"
        and verdict.kind == "cohort"
        and verdict.place == "E10000012"
        and verdict.lower.cohort == "fsm=eligible"
        and verdict.start is not None
        and verdict.start.label == "2021/22"
    ]
    assert found.lower_levels[0] == pytest.approx(48.1) and found.upper_levels[0] == pytest.approx(70.4)
    assert found.refusal is not None and found.refusal.code == "no-uncertainty"


def test_free_school_meals_at_19_are_judged_from_counts(verdicts: tuple[Verdict, ...]) -> None:
    found = [
        verdict
        for verdict in verdicts
        if verdict.indicator == "level-3-by-19"
        and verdict.kind == "cohort"
        and verdict.place == "E10000012"
        and verdict.lower.cohort == "fsm=eligible"
    ]
    assert found and all(verdict.is_judged for verdict in found)
    assert all(verdict.end is not None and verdict.end.end.year <= 2022 for verdict in found), "2023 to 2025 are not known yet"


def test_the_county_is_never_compared_with_what_contains_it(scope: Scope, verdicts: tuple[Verdict, ...]) -> None:
    rows = select_observations(Store.open(ESSEX / "store"), indicators=("adult-obesity",), places=("E92000001", "E10000012"))
    latest = max(rows.period.tolist())
    england, essex = (rows.value[(rows.place == code) & (rows.period == latest)][0] for code in ("E92000001", "E10000012"))
    share = scope.population["E10000012"] / scope.population["E92000001"]
    [found] = [
        v
        for v in verdicts
        if v.indicator == "adult-obesity" and v.kind == "county" and v.lower.place == "E92000001" and v.window == "3 years"
    ]
    assert found.lower_levels[1] == pytest.approx((england - share * essex) / (1 - share))


def test_a_named_patch_is_set_against_the_exact_rest_of_its_county(verdicts: tuple[Verdict, ...]) -> None:
    store = Store.open(ESSEX / "store")
    [found] = [
        v for v in verdicts if v.kind == "patch" and v.indicator == "household-deprivation-one-or-more" and v.window == "10 years"
    ]
    rows = select_observations(store, indicators=(found.indicator,), places=("E10000012", "E01021988", "E01021989", "E01021990"))
    now = rows.where(rows.period == "2021-03-21")
    part = now.place != "E10000012"
    n, d = now.numerator[~part][0] - now.numerator[part].sum(), now.denominator[~part][0] - now.denominator[part].sum()
    assert found.is_judged and found.lower.label == "Jaywick and West Clacton"
    assert found.upper_levels[1] == pytest.approx(100 * n / d)


def test_losers_are_listed_even_at_the_top(verdicts: tuple[Verdict, ...]) -> None:
    slopes = [verdict for verdict in verdicts if verdict.kind == "districts" and verdict.gap_change is not None]
    assert any(loser.subject.place == "E07000077" for verdict in slopes for loser in verdict.losers)
    assert all(loser.change.value < 0 for verdict in slopes for loser in verdict.losers)


def test_only_what_was_asked_for_is_judged(scope: Scope) -> None:
    found = follow_scope(Store.open(ESSEX / "store"), scope, catalogue=load_catalogue(), only=("weekly-pay",)).verdicts
    assert {verdict.indicator for verdict in found} == {"weekly-pay"}
    assert np.isfinite([v.gap_change.value for v in found if v.gap_change is not None]).all()


def test_any_two_dates_can_be_asked_for(scope: Scope) -> None:
    dates = (any_period("2021/22"), any_period("2023/24"))
    asked = replace(scope, dates=dates)
    store = Store.open(ESSEX / "store")
    found = follow_scope(store, asked, catalogue=load_catalogue(), only=("good-level-of-development",)).verdicts
    [gap] = [
        item for item in found if item.place == "E10000012" and item.lower.cohort == "fsm=eligible" and item.kind == "cohort"
    ]
    assert gap.change_lower is not None
    assert gap.change_upper is not None
    assert (gap.change_lower.value, gap.change_upper.value) == pytest.approx((-0.7, 3.4))
    assert gap.refusal is not None
    assert gap.refusal.code == "no-uncertainty"
    far = replace(scope, dates=(any_period("1990"), any_period("2023/24")))
    none = follow_scope(store, far, catalogue=load_catalogue(), only=("good-level-of-development",)).verdicts
    assert all(item.start is None for item in none)


def test_a_stated_floor_is_what_the_pace_is_measured_against(tmp_path: Path) -> None:
    store = Store.open(ESSEX / "store")
    settings = replace(read_settings(ESSEX), floors={"level-2-by-19": 80.0})
    asked = build_scope(store, settings, catalogue=load_catalogue())
    accounts = follow_scope(store, asked, catalogue=load_catalogue(), only=("level-2-by-19",)).accounts
    courses = accounts["level-2-by-19--cohort-E10000012-fsm-eligible-and-fsm-other"].courses
    assert courses is not None
    assert courses.is_floor_stated
    assert courses.floor == pytest.approx(80.0)
    write_settings(tmp_path, settings)
    assert read_settings(tmp_path).floors == {"level-2-by-19": 80.0}
    for wrong in ({"no-such-indicator": 1.0}, {"level-2-by-19": 120.0}):
        with pytest.raises(InputError, match="floor must"):
            build_scope(store, replace(settings, floors=wrong), catalogue=load_catalogue())
