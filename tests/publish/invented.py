"""Made-up gaps of invented places: levels, errors and a verdict for every word, kind and refusal."""

from __future__ import annotations

import math
from dataclasses import replace

from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period
from levelup.terms.record import Estimate, Loser, Masking, Subject, Verdict, Welfare

COUNTY, REGION, NATION = "E10999901", "E12999901", "E92999999"
NEIGHBOURS = ("E10999902", "E10999903")
DISTRICTS = {
    "E07999901": "Mudwick",
    "E07999902": "Saltmarsh and the Lower Wexcombe Peninsula",
    "E07999903": "Brindle Forest",
    "E07999904": "Ottering",
    "E07999905": "Upper Wexcombe",
    "E07999906": "Fairlea",
}
"""Codes and names of the invented districts, the most deprived first."""

RELEASE = "invented-1-0a1b2c3d"
START, MIDDLE, END = "2016-01-01/P1Y", "2020-01-01/P1Y", "2024-01-01/P1Y"

PLANS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    # id, name, unit, polarity, uncertainty, topic, word
    (
        "healthy-birth-weight",
        "Babies born at a healthy weight",
        "percent",
        "more-is-better",
        "published-interval",
        "health",
        "levelled up",
    ),
    (
        "adults-who-swim",
        "Adults who swim at least twice a month in pools, lakes, rivers, estuaries or the open sea",
        "percent",
        "more-is-better",
        "published-interval",
        "health",
        "narrowed from both ends",
    ),
    (
        "bus-within-walk",
        "Homes within a ten-minute walk of an hourly bus",
        "percent",
        "more-is-better",
        "published-interval",
        "economy",
        "levelled down",
    ),
    (
        "weekly-pay",
        "Median weekly pay",
        "pounds-and-pence",
        "more-is-better",
        "published-interval",
        "economy",
        "rising, gap widening",
    ),
    (
        "life-in-good-health",
        "Years lived in good health",
        "years",
        "more-is-better",
        "published-interval",
        "health",
        "rising together",
    ),
    ("level-3-by-19", "Level 3 by age 19", "percent", "more-is-better", "counts", "learning", "upper pulling away"),
    ("unemployment", "Unemployment", "percent", "less-is-better", "published-interval", "economy", "falling behind"),
    (
        "falls-over-65",
        "Emergency admissions for falls over 65",
        "rate-per-100000",
        "less-is-better",
        "published-interval",
        "health",
        "falling together",
    ),
    (
        "life-satisfaction",
        "Life satisfaction",
        "score-0-10",
        "more-is-better",
        "published-interval",
        "wellbeing",
        "no clear change",
    ),
    (
        "feeling-safe",
        "People who feel safe after dark",
        "percent",
        "more-is-better",
        "published-interval",
        "wellbeing",
        "not enough evidence",
    ),
    (
        "reading-at-seven",
        "Children reading as expected at seven",
        "percent",
        "more-is-better",
        "published-interval",
        "learning",
        "not comparable",
    ),
    (
        "fibre-broadband",
        "Premises that can get full-fibre broadband",
        "percent",
        "more-is-better",
        "none",
        "economy",
        "not evaluable",
    ),
)

LEVELS: dict[str, tuple[float, float, float, float, float]] = {
    # lower at the start and end, upper at the start and end, standard error of one figure
    "healthy-birth-weight": (71.0, 78.4, 84.0, 84.6, 0.7),
    "adults-who-swim": (12.0, 15.1, 21.0, 18.2, 0.6),
    "bus-within-walk": (55.0, 55.3, 78.0, 69.5, 0.9),
    "weekly-pay": (480.0, 522.5, 560.0, 655.25, 6.0),
    "life-in-good-health": (58.1, 60.0, 65.0, 66.8, 0.3),
    "level-3-by-19": (38.0, 38.4, 58.0, 63.1, 0.9),
    "unemployment": (5.1, 7.3, 3.4, 3.2, 0.3),
    "falls-over-65": (1900.0, 2160.0, 1600.0, 1840.0, 30.0),
    "life-satisfaction": (7.31, 7.33, 7.62, 7.63, 0.008),
    "feeling-safe": (61.0, 66.0, 74.0, 75.0, 2.4),
    "reading-at-seven": (68.0, 63.0, 77.0, 70.0, 1.0),
    "fibre-broadband": (4.0, 61.0, 11.0, 74.0, math.nan),
}

_CODES = {"not comparable": "series-broken", "not evaluable": "no-uncertainty"}
_REASONS = {
    "series-broken": Refusal(
        "series-broken",
        "Testing changed in 2020, so figures before and after measure different things.",
        "Compare only from 2020 on, once a second comparable year is published.",
    ),
    "no-uncertainty": Refusal(
        "no-uncertainty",
        "The publisher gives no interval, standard error or counts.",
        "Counts of premises for each district would allow a verdict.",
    ),
    "suppressed": Refusal(
        "suppressed",
        "The figure for 2016 was suppressed because fewer than six children were counted.",
        "A three-year figure would be large enough to publish.",
    ),
    "one-period": Refusal("one-period", "Only 2024 is held.", "A second year of the same series."),
}


def _phi(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def _estimate(value: float, se: float) -> Estimate:
    if not math.isfinite(se):
        return Estimate(value)
    return Estimate(value, se, value - 1.96 * se, value + 1.96 * se)


def _verdict(
    plan: tuple[str, str, str, str, str, str, str],
    *,
    kind: str,
    comparison: str,
    lower: Subject,
    upper: Subject,
    window: str,
    start: str = START,
    end: str = END,
    word: str = "",
    certainty: str = "established",
) -> Verdict:
    key, _, _, polarity, _, _, planned = plan
    word = word or planned
    sign = -1 if polarity == "less-is-better" else 1
    low0, low1, high0, high1, se = LEVELS[key]
    if word == "not enough evidence" and planned != word:
        low0, high0 = low1 - 0.1 * (low1 - low0), high1 - 0.1 * (high1 - high0)
    x, y = sign * (low1 - low0), sign * (high1 - high0)
    both = se * math.sqrt(2)
    base = dict(
        id=f"{key}--{_key(kind, comparison)}--{window.replace(' ', '-')}",
        indicator=key,
        kind=kind,
        comparison=_label(kind, lower, upper),
        place=COUNTY if kind != "district" else lower.place,
        lower=lower,
        upper=upper,
        window=window,
        order="Index of Multiple Deprivation 2019 (invented ranks)",
        releases=(RELEASE,),
        start=parse_period(start),
        end=parse_period(end),
        lower_levels=(low0, low1),
        upper_levels=(high0, high1),
        gap_levels=(sign * (high0 - low0), sign * (high1 - low1)),
    )
    if word in _CODES:
        refusal = _REASONS[_CODES[word]]
        described = word == "not evaluable"
        return Verdict(
            **base,
            word=word,
            certainty="not established",
            probability=None,
            method="no method: described only",
            change_lower=Estimate(x) if described else None,
            change_upper=Estimate(y) if described else None,
            gap_change=Estimate(y - x) if described else None,
            share_from_below=None,
            statements={},
            established=(),
            refusal=refusal,
        )
    probabilities = {
        "lower-rose": _phi(x / both),
        "lower-fell": _phi(-x / both),
        "upper-rose": _phi(y / both),
        "upper-fell": _phi(-y / both),
        "narrowed": _phi((x - y) / (both * math.sqrt(2))),
        "widened": _phi((y - x) / (both * math.sqrt(2))),
        "from-below": _phi((x + y) / (both * math.sqrt(2))),
        "from-above": _phi(-(x + y) / (both * math.sqrt(2))),
    }
    if word == "no clear change":
        probabilities |= {"lower-still": 0.99, "upper-still": 0.99, "gap-still": 0.98}
    sure = tuple(name for name, chance in probabilities.items() if chance >= 0.95)
    if word == "not enough evidence":
        certainty = "not established"
    return Verdict(
        **base,
        word=word,
        certainty=certainty,
        probability=None if word == "not enough evidence" else 0.981 if certainty == "established" else 0.874,
        change_lower=_estimate(x, both),
        change_upper=_estimate(y, both),
        gap_change=_estimate(y - x, both * math.sqrt(2)),
        share_from_below=x / (x - y) if x > y else None,
        statements=probabilities,
        established=sure,
        method="two dates, normal, independent",
        certainty_adjusted="not established"
        if word == "not enough evidence"
        else "likely"
        if key in ("unemployment", "weekly-pay") or certainty == "likely"
        else "established",
    )


def _key(kind: str, comparison: str) -> str:
    return {"districts": "districts", "district": "district-E07999901", "county": f"county-{NATION}"}.get(
        kind, f"cohort-{COUNTY}-{comparison}"
    )


def _label(kind: str, lower: Subject, upper: Subject) -> str:
    if kind == "districts":
        return "districts of Exampleshire: the most against the least deprived end"
    return f"{lower.label.removesuffix(' in Exampleshire')} and {upper.label}"


def _subject(place: str, cohort: str, name: str) -> Subject:
    label = name if cohort == "all" else f"{parse_cohort(cohort).label} in {name}"
    return Subject(place, cohort, label)


def make_verdicts() -> tuple[Verdict, ...]:
    """Return one made-up verdict for every word, kind and two windows, and refusals."""
    found: list[Verdict] = []
    worst = next(iter(DISTRICTS))
    for plan in PLANS:
        key = plan[0]
        lower, upper = Subject(worst, "all", DISTRICTS[worst]), Subject(COUNTY, "all", "the rest of Exampleshire")
        ends = (
            Subject(worst, "all", "the most deprived end of Exampleshire"),
            Subject("E07999906", "all", "the least deprived end of Exampleshire"),
        )
        county, nation = Subject(COUNTY, "all", "Exampleshire"), Subject(NATION, "all", "the invented nation")
        if key != "level-3-by-19":
            found.append(
                _verdict(plan, kind="district", comparison="rest-of-county", lower=lower, upper=upper, window="whole series")
            )
            found.append(
                _verdict(
                    plan,
                    kind="district",
                    comparison="rest-of-county",
                    lower=lower,
                    upper=upper,
                    window="5 years",
                    start="2019-01-01/P1Y",
                    word="" if plan[6] in _CODES else "not enough evidence",
                )
            )
            found.append(
                _verdict(plan, kind="districts", comparison="slope", lower=ends[0], upper=ends[1], window="whole series")
            )
        found.append(
            _verdict(
                plan, kind="county", comparison="nation", lower=county, upper=nation, window="whole series", certainty="likely"
            )
        )
        if key == "level-3-by-19":
            low, high = _subject(COUNTY, "fsm=eligible", "Exampleshire"), _subject(COUNTY, "fsm=other", "Exampleshire")
            found.append(_verdict(plan, kind="cohort", comparison="fsm", lower=low, upper=high, window="whole series"))
        if key == "unemployment":
            low, high = _subject(COUNTY, "disability=yes", "Exampleshire"), _subject(COUNTY, "disability=no", "Exampleshire")
            found.append(_verdict(plan, kind="cohort", comparison="disability", lower=low, upper=high, window="whole series"))
    long_name = Subject("E07999902", "all", DISTRICTS["E07999902"])
    lost = Loser(long_name, Estimate(-3.4, 0.9, -5.16, -1.64), 0.9999, "established")
    county_change = Masking(Subject(COUNTY, "all", "Exampleshire"), Estimate(2.1, 0.5, 1.1, 3.1), "established", (lost,))
    welfare = Welfare(78.2, 81.0, 2.1, 0.7, 1.0)
    found = [
        replace(v, losers=(lost,), masking=county_change, welfare=welfare)
        if v.kind == "districts" and v.indicator in ("healthy-birth-weight", "weekly-pay")
        else v
        for v in found
    ]
    missing = _REASONS["suppressed"]
    one = _REASONS["one-period"]
    first = found[0]
    for number, (code, refusal) in enumerate((("E07999902", missing), ("E07999903", one))):
        found.append(
            replace(
                first,
                id=f"{first.indicator}--district-{code}--{('whole-series', 'latest')[number]}",
                place=code,
                window=("whole series", "latest")[number],
                comparison=f"{DISTRICTS[code]} and the rest of Exampleshire",
                lower=Subject(code, "all", DISTRICTS[code]),
                word="not evaluable",
                certainty="not established",
                probability=None,
                start=None,
                end=None,
                lower_levels=(None, 71.2),
                upper_levels=(None, 84.6),
                change_lower=None,
                change_upper=None,
                gap_levels=(None, 13.4),
                gap_change=None,
                share_from_below=None,
                statements={},
                established=(),
                refusal=refusal,
            )
        )
    return tuple(found)
