"""The sweep of a nation: every row is what the careful way gives one by one, and the counts of it add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import levelup
from levelup.catalogue.entry import Break, Indicator
from levelup.catalogue.load import load_catalogue
from levelup.store.question import select_members, select_observations, select_places, select_population, select_stratifier
from levelup.store.store import Store
from levelup.terms.errors import InputError
from levelup.terms.period import Period, parse_period
from levelup.terms.place import Level, Place
from levelup.terms.polarity import Polarity
from levelup.terms.record import WORDS, Verdict
from levelup.terms.unit import unit_of
from levelup.verdicts.certainty import false_discovery_q
from levelup.verdicts.comparison import Scope, cohort_gap, cohort_pairs, county_and_whole, districts_slope
from levelup.verdicts.conclude import conclude
from levelup.verdicts.follow import Panels, cases_of
from levelup.verdicts.grammar import rests_on
from levelup.verdicts.nation import Sweep, follow_pair, sweep_gaps
from levelup.verdicts.nation_row import KINDS, REASONS, Nation
from levelup.verdicts.nation_summary import Summary, summarise
from levelup.verdicts.nation_window import every_window
from levelup.verdicts.panel import Panel, build_panels

ENGLAND = "E92000001"
STORE = Path(levelup.__file__).parent / "bundled" / "essex" / "store"
YEARS = tuple(parse_period(f"{year}-01-01/P1Y") for year in range(2010, 2023))
CODES = tuple(f"E0699990{number}" for number in range(8))
BASE = load_catalogue().indicators["level-2-by-19"]
FOUND = replace(BASE, cohorts=("all", "fsm=eligible", "fsm=other"), smallest_change=0.5)
NATION = Nation(
    ENGLAND,
    CODES,
    {code: "E12000001" if number < 4 else "E12000002" for number, code in enumerate(CODES)},
    {ENGLAND: 9000.0, **{code: 500.0 + 100 * number for number, code in enumerate(CODES)}},
    {ENGLAND: 20.0, **{code: 40.0 - 5 * number for number, code in enumerate(CODES)}},
    "an invented order",
)


def panel_of(cohort: str, value: np.ndarray, se: np.ndarray, *, periods: tuple[Period, ...] = YEARS, counts: float = 0) -> Panel:
    """Return a panel of the invented authorities and, last, their nation; counts of this size where asked for."""
    people = np.full(value.shape, counts or np.nan)
    people[-1] *= 40
    places = {code: row for row, code in enumerate((*CODES, ENGLAND))}
    return Panel(FOUND.id, cohort, places, periods, value, se, value / 100 * people, people, ("r/1",))


def invented(seed: int, *, move: float = 3.0, noise: float = 1.0, counts: float = 0) -> Panels:
    """Return panels that drift by `move` a year at random, each with its own sampling error and some figures missing."""
    generator = np.random.default_rng(seed)
    made = {}
    for cohort, start in (("all", 60.0), ("fsm=eligible", 40.0), ("fsm=other", 66.0)):
        drift = generator.normal(0, move / 4, (9, 13)).cumsum(axis=1) if move else np.zeros((9, 13))
        se = np.full((9, 13), noise) * np.r_[np.ones(8), 0.3][:, None]
        value = np.clip(start + drift + generator.normal(size=(9, 13)) * se, 1, 99)
        value[0, 2], se[1, 5] = np.nan, np.nan
        made[FOUND.id, cohort] = panel_of(cohort, value, se, counts=counts)
    return made


def scope_of(nation: Nation, county: str, members: tuple[str, ...] = ()) -> Scope:
    """Return the scope that the careful way needs to look at one authority, or at the members of a slope."""
    place = Place(county, county, Level.UPPER)
    years = tuple(range(1, 25))
    return Scope(place, members, "", nation.code, (), {county: place}, nation.population, nation.deprivation, "order", years)


def verdict_of(sweep: Sweep, row: int, nation: Nation, indicator: Indicator, panels: Panels) -> Verdict:
    """Judge one row of a sweep again by the way every report takes: a comparison, its case, its verdict."""
    kind, place = KINDS[sweep.kind[row]], sweep.places[sweep.place[row]]
    lower, upper = sweep.pairs[sweep.pair[row]]
    dates = (sweep.periods[sweep.start[row]], sweep.periods[sweep.end[row]])
    cut = {key: panel.at(dates) for key, panel in panels.items() if key in ((indicator.id, lower), (indicator.id, upper))}
    if kind == "authority":
        scope = scope_of(nation, place)
        comparison = county_and_whole(indicator, scope, nation.code, cohort=lower)
    elif kind == "cohort":
        scope = scope_of(nation, place)
        reason = next(reason for *pair, reason in cohort_pairs(indicator) if pair == [lower, upper])
        comparison = cohort_gap(indicator, scope, place, lower=lower, upper=upper, designation=reason)
    else:
        among = [code for code in nation.authorities if kind == "nation" or nation.region[code] == place]
        value, se = cut[indicator.id, lower].rows(tuple(among))
        size = np.asarray([nation.population[code] for code in among])
        full, known = (np.isfinite(grid).all(axis=1) for grid in (value + se, value))
        at = np.flatnonzero(full if size[full].sum() >= 0.75 * size.sum() else known)
        held = tuple(among[row] for row in at.tolist())
        scope = scope_of(nation, place, held)
        comparison = districts_slope(indicator, scope, cohort=lower, held=held)
    (verdict,) = conclude([case for case in cases_of(comparison, indicator, scope, cut) if case.end == dates[1]])
    return verdict


def assert_same(sweep: Sweep, row: int, verdict: Verdict) -> None:
    """Hold one row of a sweep to its verdict."""
    assert WORDS[sweep.word[row]] == verdict.word
    assert REASONS[sweep.reason[row]] == (verdict.refusal.code if verdict.refusal else "")
    assert (2 - ("established", "likely", "not established").index(verdict.certainty)) == sweep.certainty[row]
    if verdict.probability is None:
        assert np.isnan(sweep.probability[row])
    else:
        assert sweep.probability[row] == pytest.approx(verdict.probability, abs=1e-6)
    if verdict.word == "not comparable":
        assert np.isnan(sweep.gap_change[row]) and verdict.gap_change is None
        return
    assert verdict.change_lower and verdict.change_upper and verdict.gap_change
    for name, change in (("lower", verdict.change_lower), ("upper", verdict.change_upper), ("gap", verdict.gap_change)):
        gain = sweep.gap_change if name == "gap" else getattr(sweep, f"gain_{name}")
        assert gain[row] == pytest.approx(change.value, abs=1e-9)
        error = getattr(sweep, f"se_{name}")[row]
        assert np.isnan(error) if change.se is None else error == pytest.approx(change.se, abs=1e-9)


@pytest.mark.parametrize("polarity", list(Polarity))
@pytest.mark.parametrize("counts", [0, 400])
def test_every_row_is_what_the_careful_way_gives(polarity: Polarity, counts: float) -> None:
    indicator = replace(FOUND, polarity=polarity, breaks=(Break("2013-01-01", "the question changed"),))
    panels = invented(1, counts=counts)
    sweep = sweep_gaps(panels, indicators=(indicator,), nation=NATION)
    assert {KINDS[kind] for kind in sweep.kind.tolist()} == set(KINDS)
    assert {"levelled up", "not comparable", "not enough evidence"} <= {WORDS[word] for word in sweep.word.tolist()}
    rows = np.random.default_rng(2).choice(len(sweep), 120, replace=False)
    for row in rows.tolist():
        assert_same(sweep, row, verdict_of(sweep, row, NATION, indicator, panels))


def test_every_window_of_every_gap_is_there() -> None:
    sweep = sweep_gaps(invented(3), indicators=(FOUND,), nation=NATION, years=(3, 5))
    windows = {3: 10, 5: 8}
    for kind, series in (("authority", 24), ("cohort", 8), ("nation", 3), ("region", 6)):
        for length, count in windows.items():
            found = int(((sweep.kind == KINDS.index(kind)) & (sweep.years == length)).sum())
            # The missing figure takes one window of three years, and one of five, from each series it belongs to.
            lost = {"authority": 3, "cohort": 1, "nation": 0, "region": 0}[kind]
            assert found == series * count - lost
    keys = np.stack([sweep.kind, sweep.place, sweep.pair, sweep.start, sweep.end])
    assert np.unique(keys, axis=1).shape[1] == len(sweep), "no gap is judged twice over one window"


def test_who_is_lower_is_fixed_by_deprivation() -> None:
    sweep = sweep_gaps(invented(4), indicators=(FOUND,), nation=NATION, years=(3,))
    panels = invented(4)
    row = np.flatnonzero((sweep.kind == 0) & (sweep.place == 7))[0]
    own = panels[FOUND.id, sweep.pairs[sweep.pair[row]][0]].rows((CODES[7],))[0][0]
    first, last = (YEARS.index(sweep.periods[at[row]]) for at in (sweep.start, sweep.end))
    assert sweep.upper_start[row] == own[first] and sweep.gain_upper[row] == pytest.approx(own[last] - own[first])


def test_the_rest_of_a_nation_is_exact_where_people_were_counted() -> None:
    panels = invented(5, counts=400)
    sweep = sweep_gaps(panels, indicators=(FOUND,), nation=NATION, years=(3,))
    row = np.flatnonzero((sweep.kind == 0) & (sweep.place == 3))[0]
    panel = panels[FOUND.id, sweep.pairs[sweep.pair[row]][0]]
    at = YEARS.index(sweep.periods[sweep.start[row]])
    n, d = panel.numerator[8, at] - panel.numerator[3, at], panel.denominator[8, at] - panel.denominator[3, at]
    assert d == 400 * 39 and sweep.upper_start[row] == pytest.approx(100 * n / d)


def test_a_cohort_inside_the_other_is_taken_out_of_it_by_counts_or_refused() -> None:
    indicator = replace(FOUND, cohorts=("all", "fsm=eligible"))
    for counts, reason in ((400, ""), (0, "unsupported-combination")):
        panels = {key: panel for key, panel in invented(6, counts=counts).items() if key[1] in indicator.cohorts}
        if counts:
            whole = panels[FOUND.id, "all"]
            panels[FOUND.id, "all"] = replace(whole, numerator=whole.numerator * 4, denominator=whole.denominator * 4)
        sweep = sweep_gaps(panels, indicators=(indicator,), nation=NATION, years=(3,))
        row = np.flatnonzero((sweep.kind == KINDS.index("cohort")) & (sweep.place == 4))[0]
        assert REASONS[sweep.reason[row]] == reason
        if counts:
            at, whole, part = YEARS.index(sweep.periods[sweep.start[row]]), *panels.values()
            outside = (whole.numerator[4, at] - part.numerator[4, at]) / (whole.denominator[4, at] - part.denominator[4, at])
            assert sweep.upper_start[row] == pytest.approx(100 * outside)


def test_places_are_not_compared_by_a_total_and_nobody_is_chosen_from_the_figures() -> None:
    total = replace(FOUND, unit=unit_of("count"))
    sweep = sweep_gaps(invented(7), indicators=(total,), nation=NATION, years=(3,))
    places = sweep.kind != KINDS.index("cohort")
    assert {REASONS[reason] for reason in sweep.reason[places].tolist()} == {"unsupported-combination"}
    assert (sweep.reason[~places] != REASONS.index("unsupported-combination")).all()
    plain = replace(FOUND, cohorts=("ethnicity=asian", "ethnicity=other"))
    panels = {(FOUND.id, cohort): panel for cohort, panel in zip(plain.cohorts, list(invented(8).values())[1:], strict=True)}
    sweep = sweep_gaps(panels, indicators=(plain,), nation=NATION, years=(3,))
    mine = sweep.reason[sweep.kind == KINDS.index("cohort")]
    assert {REASONS[reason] for reason in mine.tolist()} == {"selection-on-outcome"}


def test_only_levels_with_uncertainty_are_swept_and_each_authority_must_have_its_place_in_the_order() -> None:
    bare, gap = replace(FOUND, id="bare", uncertainty="none"), replace(FOUND, id="gap", kind="gap")
    sweep = sweep_gaps(invented(9), indicators=(bare, FOUND, gap), nation=NATION, years=(3,))
    assert sweep.indicators == (FOUND.id,)
    with pytest.raises(InputError, match="deprivation"):
        replace(NATION, deprivation={ENGLAND: 20.0})
    with pytest.raises(InputError, match="two dates"):
        sweep_gaps({}, indicators=(FOUND,), nation=NATION)


def test_what_is_allowed_for_is_the_whole_sweep() -> None:
    sweep = sweep_gaps(invented(10), indicators=(FOUND,), nation=NATION)
    q = false_discovery_q(sweep.probability[sweep.is_judged])
    word = np.isfinite(sweep.probability[sweep.is_judged])
    assert np.array_equal(sweep.adjusted[sweep.is_judged] == 2, word & (q <= 0.05))
    assert not sweep.adjusted[~sweep.is_judged].any()


@given(st.integers(2, 24), st.sampled_from([(3,), (3, 5), (10,)]), st.integers(1, 3))
def test_disjoint_windows_share_no_day_and_no_window_is_forgotten(count: int, years: tuple[int, ...], length: int) -> None:
    periods = tuple(parse_period(f"{2000 + year}-01-01/P{length}Y") for year in range(count))
    found = every_window(periods, years=years)
    for wanted in years:
        mine = np.flatnonzero(found.years == wanted)
        assert len(mine) == max(0, count - wanted)
        assert (found.end[mine] - found.start[mine] == wanted).all()
        apart = mine[found.is_disjoint[mine]]
        assert len(apart) >= bool(len(mine))
        for earlier, later in zip(apart, apart[1:], strict=False):
            assert found.end[earlier] < found.start[later]
            assert periods[found.end[earlier]].end <= periods[found.start[later]].start


def assert_adds_up(summary: Summary) -> None:
    """Hold the parts of a summary to its whole."""
    for parts in (summary.by_window, summary.by_kind, summary.by_indicator):
        assert sum(part.rows for part in parts.values()) == summary.total.rows
        for name in ("counts", "established", "likely", "firm", "firm_likely"):
            added = np.sum([getattr(part, name) for part in parts.values()], axis=0)
            assert added.tolist() == list(getattr(summary.total, name))
        for name in ("routes", "own_routes", "likely_routes"):
            added = np.sum([getattr(part, name) for part in parts.values()], axis=0)
            assert added.tolist() == list(getattr(summary.total, name))
    slopes = summary.by_kind["nation"].rows
    assert sum(part.rows for part in summary.by_region.values()) + slopes == summary.total.rows
    owned = summary.by_kind["authority"].rows + summary.by_kind["cohort"].rows
    assert sum(part.rows for part in summary.by_type.values()) == owned
    assert sum(summary.refusals.values()) == summary.total.rows - summary.total.judged
    for tally in (summary.total, *summary.by_window.values(), *summary.disjoint.values()):
        assert sum(tally.counts) == tally.rows
        for routes in (tally.routes, tally.own_routes, tally.likely_routes):
            assert 0 <= routes.unsettled <= routes.narrowed


def test_a_summary_adds_up_and_says_how_many_words_are_expected_to_be_wrong() -> None:
    sweep = sweep_gaps(invented(11), indicators=(FOUND,), nation=NATION)
    summary = summarise(sweep, nation=NATION)
    assert_adds_up(summary)
    assert summary.gaps == 24 + 8 + 3 + 6 and summary.dates == (YEARS[0], YEARS[-1])
    assert summary.total.expected_false == pytest.approx(0.05 * (sweep.adjusted == 2).sum())
    assert 0 < summary.any_dependence < sum(summary.total.firm)


def test_routes_by_hand() -> None:
    """Six authorities that stand still but for the ends that are moved, so that each route is known."""
    value, se = np.full((9, 13), 50.0), np.full((9, 13), 0.2)
    low, high = value.copy(), value + 20
    low[0, -1] += 5
    high[1, -1] -= 5
    low[2, -1] += 3
    high[2, -1] -= 3
    low[3, -1] += 5
    high[3, -1] += 5
    panels = {
        (FOUND.id, "fsm=eligible"): panel_of("fsm=eligible", low, se),
        (FOUND.id, "fsm=other"): panel_of("fsm=other", high, se),
    }
    indicator = replace(FOUND, cohorts=("fsm=eligible", "fsm=other"), smallest_change=None)
    pair = ("fsm=eligible", "fsm=other")
    found = follow_pair(panels, indicators=(indicator,), nation=NATION, pair=pair, dates=(YEARS[0], YEARS[-1]))
    words = [WORDS[word] for word in found.word[np.argsort(found.place)].tolist()]
    assert words[:4] == ["levelled up", "levelled down", "narrowed from both ends", "rising together"]
    assert set(words[4:]) == {"not enough evidence"} and found.years.tolist() == [12] * 8
    routes = summarise(found, nation=NATION).total.routes
    assert tuple(routes) == (3, 1, 1, 1) and routes.unsettled == 0


def test_few_words_are_found_where_nothing_moved_though_windows_overlap() -> None:
    """With nothing to find, the promised share of false words is the chance of finding any: at most one sweep in twenty."""
    found = 0
    for seed in range(200):
        sweep = sweep_gaps(invented(1000 + seed, move=0.0), indicators=(FOUND,), nation=NATION)
        found += bool((sweep.adjusted == 2).any())
    assert found <= 0.05 * 200


def test_the_realised_share_of_false_words_is_within_the_promise() -> None:
    """Half of the authorities drift steadily and half stand still; each word is held to the drift it was drawn from."""
    generator, wrong, said = np.random.default_rng(12), 0, 0
    pace = np.where(np.arange(9) % 2, generator.normal(0, 0.5, (2, 9)), 0.0)
    level = np.asarray([40.0, 66.0])[:, None, None] + pace[:, :, None] * np.arange(13)
    se = np.full((9, 13), 1.0)
    cohorts = ("fsm=eligible", "fsm=other")
    indicator = replace(FOUND, cohorts=cohorts, smallest_change=None)

    def swept(figures: np.ndarray) -> Sweep:
        panels = {(FOUND.id, key): panel_of(key, grid, se) for key, grid in zip(cohorts, figures, strict=True)}
        return sweep_gaps(panels, indicators=(indicator,), nation=NATION)

    true = swept(level)
    x, y = true.gain_lower, true.gain_upper
    holds = {
        "lower-rose": x > 0, "lower-fell": x < 0, "upper-rose": y > 0, "upper-fell": y < 0, "narrowed": x > y, "widened": y > x,
        "from-below": x + y > 0, "from-above": x + y < 0,
    }  # fmt: skip
    for _ in range(60):
        found = swept(level + generator.normal(size=level.shape) * se)
        assert np.array_equal(found.end, true.end) and np.array_equal(found.place, true.place)
        for row in np.flatnonzero(found.adjusted == 2).tolist():
            said += 1
            wrong += not all(holds[key][row] for key in rests_on(WORDS[found.word[row]]))
    assert said > 1000 and wrong <= 0.05 * said


@pytest.fixture(scope="module")
def real() -> tuple[Nation, Panels, Sweep]:
    """The bundled figures of every authority that the index of deprivation of 2019 was published for."""
    store, catalogue = Store.open(STORE), load_catalogue()
    places, population = select_places(store), select_population(store)
    score = select_stratifier(store, "imd-2019-upper-tier")
    held = [code for code in select_members(store, ENGLAND, Level.UPPER) if code in score]
    mean = np.average([score[code] for code in held], weights=[population[code] for code in held])
    order = tuple(sorted(held, key=lambda code: (-score[code], code)))
    regions = {code: places[code].parent for code in order}
    nation = Nation(ENGLAND, order, regions, population, {**score, ENGLAND: float(mean)}, "deprivation")
    wanted = tuple(item for item in catalogue.indicators.values() if item.uncertainty != "none" and item.kind == "level")
    panels = build_panels(select_observations(store, indicators=[item.id for item in wanted], places=(*order, ENGLAND)))
    return nation, panels, sweep_gaps(panels, indicators=wanted, nation=nation)


def test_real_rows_are_what_the_careful_way_gives(real: tuple[Nation, Panels, Sweep]) -> None:
    nation, panels, sweep = real
    assert len(sweep) > 200_000 and len(nation.authorities) == 146
    generator = np.random.default_rng(5)
    rows = [generator.choice(np.flatnonzero(sweep.kind == kind), 50, replace=False) for kind in range(len(KINDS))]
    catalogue = load_catalogue()
    for row in np.concatenate(rows).tolist():
        indicator = catalogue.indicators[sweep.indicators[sweep.indicator[row]]]
        assert_same(sweep, row, verdict_of(sweep, row, nation, indicator, panels))


def test_what_is_not_known_yet_is_never_read_as_nought(real: tuple[Nation, Panels, Sweep]) -> None:
    _, panels, sweep = real
    by_19 = [at for at, key in enumerate(sweep.indicators) if key.endswith("-by-19")]
    rows = np.isin(sweep.indicator, by_19)
    ends = {sweep.periods[at].label for at in np.unique(sweep.end[rows]).tolist()}
    assert len(by_19) == 3 and max(ends) == "2021/22"
    assert {"2022/23", "2023/24", "2024/25"} <= {period.label for period in panels["level-2-by-19", "all"].periods}
    after = np.minimum(sweep.lower_start + sweep.gain_lower, sweep.upper_start + sweep.gain_upper)
    large = [at for at, pair in enumerate(sweep.pairs) if not any(cohort.startswith("send") for cohort in pair)]
    assert (after[rows & (sweep.kind <= 1) & np.isin(sweep.pair, large)] > 0).all()


def test_the_real_summary_adds_up(real: tuple[Nation, Panels, Sweep]) -> None:
    nation, _, sweep = real
    summary = summarise(sweep, nation=nation)
    assert_adds_up(summary)
    assert set(summary.by_window) == {3, 5, 10} and len(summary.by_region) == 9
    assert all(sum(part.firm) < sum(summary.by_window[length].firm) for length, part in summary.disjoint.items())
