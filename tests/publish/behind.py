"""What stands behind the invented verdicts: accounts, forecasts and a swept nation, worked out from the invented figures."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from levelup.inference.forecast import Fan
from levelup.publish.gap import Gap, group_gaps
from levelup.publish.publication import Publication
from levelup.verdicts.account import Account, give_accounts
from levelup.verdicts.comparison import Comparison, Scope, cohort_gap, district_and_rest, districts_slope
from levelup.verdicts.conclude import conclude
from levelup.verdicts.follow import Panels, cases_of
from levelup.verdicts.forecast import fans_of
from levelup.verdicts.nation import follow_pair, sweep_gaps
from levelup.verdicts.nation_summary import Nationwide, summarise
from levelup.verdicts.panel import build_panels
from tests.publish.fixture import make_publication
from tests.verdicts.test_nation import NATION, YEARS, invented

PAIR = ("fsm=eligible", "fsm=other")


@lru_cache(maxsize=1)
def whole_publication() -> Publication:
    """Return the invented publication with everything that a report works out beside its verdicts."""
    plain = make_publication()
    panels = build_panels(plain.observations)
    found, verdicts = _behind(plain, panels)
    return replace(plain, verdicts=verdicts, accounts=found, fans=_fans(plain, panels), nationwide=_nation(plain))


def _scope(held: Publication) -> Scope:
    return Scope(held.county, held.districts, "", "", (), held.places, held.population, held.deprivation, held.order_name, (3, 5))


def _comparison(held: Publication, gap: Gap, scope: Scope) -> Comparison | None:
    indicator = held.catalogue.indicators[gap.indicator]
    if gap.kind == "districts":
        return districts_slope(indicator, scope, held=held.districts)
    if gap.kind == "district":
        return district_and_rest(indicator, scope, gap.place, held=held.districts)
    if gap.kind == "cohort":
        pair = (gap.main.lower.cohort, gap.main.upper.cohort)
        return cohort_gap(indicator, scope, gap.place, lower=pair[0], upper=pair[1], designation="said beforehand")
    return None


def _behind(held: Publication, panels: Panels) -> tuple[dict[str, Account], tuple]:
    """Return the accounts, and the verdicts with the regions, readings and trend that their figures give."""
    scope, mains, more = _scope(held), [], {}
    for gap in group_gaps(held.verdicts):
        comparison = _comparison(held, gap, scope) if gap.main.gap_change is not None else None
        if comparison is None:
            continue
        mains.append((gap.main, comparison))
        cases = cases_of(comparison, held.catalogue.indicators[gap.indicator], scope, panels)
        (made,) = conclude(cases[-1:])
        more[gap.main.id] = {"regions": made.regions, "readings": made.readings, "trend": made.trend}
    accounts = give_accounts(mains, scope, indicators=held.catalogue.indicators, panels=panels)
    return accounts, tuple(replace(verdict, **more.get(verdict.id, {})) for verdict in held.verdicts)


def _fans(held: Publication, panels: Panels) -> dict[tuple[str, str, str], Fan]:
    return {
        (key, cohort, place): fan
        for (key, cohort), panel in panels.items()
        for place, fan in fans_of(panel, bounds=held.catalogue.indicators[key].bounds).items()
        if isinstance(fan, Fan)
    }


def _nation(held: Publication) -> Nationwide:
    indicator = replace(held.catalogue.indicators["level-3-by-19"], uncertainty="published-interval")
    panels = {
        (indicator.id, cohort): replace(panel, indicator=indicator.id) for (_, cohort), panel in invented(20, noise=0.3).items()
    }
    sweep = sweep_gaps(panels, indicators=(indicator,), nation=NATION)
    followed = follow_pair(panels, indicators=(indicator,), nation=NATION, pair=PAIR, dates=(YEARS[0], YEARS[-1]))
    return Nationwide(summarise(sweep, nation=NATION), followed)
