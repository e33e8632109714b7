"""Young people on free school meals in every authority of England, and what two published gaps cannot tell."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.load import load_catalogue
from levelup.store.question import select_members, select_observations, select_places
from levelup.store.store import Store
from levelup.terms.period import parse_period
from levelup.terms.place import Level
from levelup.terms.record import WORDS
from levelup.verdicts.comparison import Scope, cohort_gap
from levelup.verdicts.conclude import conclude
from levelup.verdicts.follow import cases_of
from levelup.verdicts.nation import Sweep, follow_pair
from levelup.verdicts.nation_row import Nation
from levelup.verdicts.panel import Panel, build_panels
from levelup.verdicts.table import verdict_table
from tests.facts.conftest import Ask

pytestmark = pytest.mark.data

ENGLAND, ESSEX = "E92000001", "E10000012"
FILE = "education/dfe_attainment_by_age_19_la_fsm_sen_gender.parquet"
PAIR = ("fsm=eligible", "fsm=other")
COLUMNS = {"level-2-by-19": "l2_by19", "level-3-by-19": "l3_by19"}
DATES = (parse_period("2004-09-01/P1Y"), parse_period("2021-09-01/P1Y"))
Z = 1.959963984540054


@pytest.fixture(scope="module")
def store() -> Store:
    """The store that comes with the package: every authority's figures."""
    return Store.open(Path(levelup.__file__).parent / "bundled" / "essex" / "store")


@pytest.fixture(scope="module")
def panels(store: Store) -> dict[tuple[str, str], Panel]:
    """The figures of both indicators, for every authority."""
    return build_panels(select_observations(store, indicators=tuple(COLUMNS), cohorts=PAIR))


@pytest.fixture(scope="module")
def sweep(store: Store, panels: dict[tuple[str, str], Panel]) -> Sweep:
    """Those eligible for free school meals against those not, from 2005 to 2022; the order of places plays no part in it."""
    codes = select_members(store, ENGLAND, Level.UPPER)
    alike = dict.fromkeys((*codes, ENGLAND), 1.0)
    nation = Nation(ENGLAND, codes, {}, alike, alike, "none")
    indicators = tuple(load_catalogue().indicators[key] for key in COLUMNS)
    return follow_pair(panels, indicators=indicators, nation=nation, pair=PAIR, dates=DATES)


def published(ask: Ask, column: str) -> dict[tuple[str, int, str], tuple[int, int]]:
    """Return counts and totals as the file has them, by authority, year and eligibility."""
    rows = ask(
        f"select la_code_9, cohort_19_in, fsm, {column}, number_in_ss_cohort from '{FILE}' "
        "where gender = 'ALL' and sen = 'ALL' and fsm != 'ALL'"
    )
    return {(code, year, "fsm=other" if fsm.startswith("Not") else "fsm=eligible"): (n, d) for code, year, fsm, n, d in rows}


def error(count: int, total: int) -> float:
    """Return the standard error in per cent: a quarter of a case more on either side, written out."""
    share = (count + 0.25) / (total + 0.5)
    return 100 * math.sqrt(share * (1 - share) / (total - 1))


def above(value: float, se: float) -> float:
    """Return the normal probability that a true value is above nought."""
    return 0.5 * math.erfc(-value / se / math.sqrt(2))


@pytest.mark.parametrize(("indicator", "word"), [("level-2-by-19", "levelled up"), ("level-3-by-19", "rising together")])
def test_essex_from_2005_to_2022_by_hand(ask: Ask, sweep: Sweep, indicator: str, word: str) -> None:
    held = published(ask, COLUMNS[indicator])
    gains, errors = [], []
    for cohort in PAIR:
        (n0, d0), (n1, d1) = held[ESSEX, 2005, cohort], held[ESSEX, 2022, cohort]
        gains.append(100 * (n1 / d1 - n0 / d0))
        errors.append(math.hypot(error(n0, d0), error(n1, d1)))
    (row,) = np.flatnonzero((sweep.place == sweep.places.index(ESSEX)) & (sweep.indicator == sweep.indicators.index(indicator)))
    assert [sweep.gain_lower[row], sweep.gain_upper[row]] == pytest.approx(gains, abs=1e-9)
    assert [sweep.se_lower[row], sweep.se_upper[row]] == pytest.approx(errors, rel=1e-9)
    assert sweep.gap_change[row] == pytest.approx(gains[1] - gains[0], abs=1e-9)
    x, y = gains
    both = math.hypot(*errors)
    rests = {
        "levelled up": (above(x, errors[0]), above(x - y, both), above(x + y, both)),
        "rising together": (above(x, errors[0]), above(y, errors[1])),
    }
    assert WORDS[sweep.word[row]] == word and sweep.certainty[row] == 2
    assert sweep.probability[row] == pytest.approx(min(rests[word]), abs=1e-9)


def test_essex_in_the_figures_of_the_issue(sweep: Sweep) -> None:
    rows = np.flatnonzero(sweep.place == sweep.places.index(ESSEX))
    held = {
        sweep.indicators[sweep.indicator[row]]: [
            round(float(level), 1)
            for start, gain in ((sweep.lower_start[row], sweep.gain_lower[row]), (sweep.upper_start[row], sweep.gain_upper[row]))
            for level in (start, start + gain)
        ]
        for row in rows.tolist()
    }
    assert held == {"level-2-by-19": [42.1, 59.9, 71.8, 84.0], "level-3-by-19": [18.0, 36.2, 45.8, 63.6]}


def test_every_authority_of_england_is_followed(ask: Ask, sweep: Sweep) -> None:
    compared = 0
    for indicator, column in COLUMNS.items():
        held = published(ask, column)
        for row in np.flatnonzero(sweep.indicator == sweep.indicators.index(indicator)).tolist():
            code = sweep.places[sweep.place[row]]
            gains = []
            for cohort in PAIR:
                (n0, d0), (n1, d1) = held[code, 2005, cohort], held[code, 2022, cohort]
                gains.append(100 * (n1 / d1 - n0 / d0))
            assert [sweep.gain_lower[row], sweep.gain_upper[row]] == pytest.approx(gains, abs=1e-9), code
            compared += 1
        both = {code for code, year, _ in held if year == 2005} & {code for code, year, _ in held if year == 2022}
        swept = {sweep.places[at] for at in sweep.place[sweep.indicator == sweep.indicators.index(indicator)].tolist()}
        assert swept == {code for code in both if code in sweep.places}
    assert compared == len(sweep) > 280


def test_nought_for_those_who_turn_19_later_is_not_a_figure(ask: Ask, panels: dict[tuple[str, str], Panel]) -> None:
    for indicator, column in COLUMNS.items():
        later = [n for (_, year, _), (n, _) in published(ask, column).items() if year >= 2023]
        assert later and not any(later), "the file still holds a nought for every cohort that is not known yet"
        for cohort in PAIR:
            panel = panels[indicator, cohort]
            known = [period for at, period in enumerate(panel.periods) if np.isfinite(panel.value[:, at]).any()]
            assert known[-1].label == "2021/22" and len(panel.periods) == len(known) + 3


def test_the_reception_year_is_described_and_given_no_word(ask: Ask, store: Store) -> None:
    rows = ask(
        "select \"Short Desc\", Years, value_numeric from 'education/dfe_lait_long.parquet' where \"LA and Regions\" = 'Essex' "
        "and \"Short Desc\" in ('FSP_Gooddev_FSM', 'FSP_Gooddev_FSM_Other') and Years in ('2022', '2024')"
    )
    assert {(name, year): value for name, year, value in rows} == {
        ("FSP_Gooddev_FSM", "2022"): 48.1,
        ("FSP_Gooddev_FSM", "2024"): 47.4,
        ("FSP_Gooddev_FSM_Other", "2022"): 70.4,
        ("FSP_Gooddev_FSM_Other", "2024"): 73.8,
    }
    indicator = load_catalogue().indicators["good-level-of-development"]
    dates = (parse_period("2021-09-01/P1Y"), parse_period("2023-09-01/P1Y"))
    found = build_panels(select_observations(store, indicators=(indicator.id,), places=(ESSEX,), cohorts=PAIR))
    cut = {key: panel.at(dates) for key, panel in found.items()}
    places = select_places(store)
    scope = Scope(places[ESSEX], (), "", ENGLAND, (), places, {}, {}, "none", (2,))
    gap = cohort_gap(indicator, scope, ESSEX, lower=PAIR[0], upper=PAIR[1], designation="free school meals")
    (verdict,) = conclude(cases_of(gap, indicator, scope, cut))
    assert verdict.lower_levels == pytest.approx((48.1, 47.4)) and verdict.upper_levels == pytest.approx((70.4, 73.8))
    assert verdict.change_lower and verdict.change_upper and verdict.gap_change and verdict.refusal
    assert verdict.change_lower.value == pytest.approx(-0.7) and verdict.change_upper.value == pytest.approx(3.4)
    assert verdict.gap_change.value == pytest.approx(4.1) and verdict.gap_change.se is None
    assert verdict.word == "not evaluable" and verdict.refusal.code == "no-uncertainty" and verdict.probability is None


def test_two_gaps_and_one_years_levels_are_refused() -> None:
    """As the press had it: the gaps of 2022 (21.9) and 2024 (26.6), and the levels of 2024 alone."""
    told = [("eligible", "lower", "2022", ""), ("eligible", "lower", "2024", "47.4")]
    told += [("others", "upper", "2022", ""), ("others", "upper", "2024", "74.0")]
    table = {name: [row[at] for row in told] for at, name in enumerate(("subject", "role", "period", "value"))}
    table |= {"indicator": ["reception"] * 4, "polarity": ["more-is-better"] * 4, "se": ["0.5"] * 4}
    (verdict,) = verdict_table(table)
    assert verdict.word == "not evaluable" and verdict.gap_change is None and verdict.probability is None
    assert verdict.refusal is not None and verdict.refusal.code == "no-levels"
