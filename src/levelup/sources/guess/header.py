"""What a header says: the role of its column, and the period, cohort and indicator it fixes in a wide table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from levelup.sources.guess.profile import words_of
from levelup.terms.synonym import characteristic_of_text, cohort_of_text
from levelup.terms.text import fold
from levelup.terms.written_period import find_period

_NOT_AN_END = r"(?! (?:tier|quartile|middle|quarter|layer|super|age|secondary|school|income))"
_FIGURE_WORDS: tuple[tuple[str, str], ...] = (
    ("lower", rf"lower{_NOT_AN_END}|lcl|lci|lower95|ci lb|ci low|lb|ll|lowerci|min ci"),
    ("upper", rf"upper{_NOT_AN_END}|ucl|uci|upper95|ci ub|ci high|ub|ul|upperci|max ci"),
    ("se", r"se|std err(?:or)?|standard errors?|stderr|s e"),
    (
        "denominator",
        r"denominators?|denom|population|pop|base|cohort size|total (?:pupils|children|people|population|number)|"
        r"number in cohort|number of (?:pupils|children|people|residents|households|persons|adults|students|families)$",
    ),
    (
        "value",
        r"values?|val|rates?|%|per ?cent(?:age)?s?|percentages?|proportions?|estimates?|est|means?|averages?|medians?|ratios?|"
        r"figures?|pct|result",
    ),
    ("numerator", r"numerators?|counts?|numbers?|num|events|cases|observed"),
)
_FIGURES = tuple((role, re.compile(rf"(?<![\w%])(?:{words})(?![\w%])")) for role, words in _FIGURE_WORDS)
_STATISTICS = {
    "value": "value", "estimate": "value", "rate": "value", "percentage": "value", "percent": "value",
    "%": "value", "mean": "value",
    "lower": "lower", "lower ci": "lower", "lower limit": "lower", "lower 95% ci": "lower", "lower confidence limit": "lower",
    "95% lower": "lower", "lower confidence interval": "lower", "lower bound": "lower",
    "upper": "upper", "upper ci": "upper", "upper limit": "upper", "upper 95% ci": "upper", "upper confidence limit": "upper",
    "95% upper": "upper", "upper confidence interval": "upper", "upper bound": "upper",
    "se": "se", "standard error": "se", "numerator": "numerator", "count": "numerator", "number": "numerator",
    "denominator": "denominator", "population": "denominator",
}  # fmt: skip
_PLAIN_WORDS = frozenset("of the for in at a 95% 95 99 ci cl confidence interval limit limits bound level".split())

OTHER_WORDS: dict[str, re.Pattern[str]] = {
    role: re.compile(rf"\b(?:{words})\b")
    for role, words in {
        "personal": r"nhs number|upn|forenames?|first name|surnames?|last name|date of birth|dob|e ?mail(?: address)?|"
        r"postcode|post code|"
        r"telephone|phone|national insurance|ni number|home address|full name",
        "passed over": r"rank(?:ing)?|row|sample size|latitude|longitude|easting|northing|weight|sort|order|"
        r"significance|trend|"
        r"compared|url|link|targets?|owner|rag|comments?|confidence level",
        "identifier": r"(?:company|registration|reference|account|charity) numbers?|codes?|urn|uprn|laestab|id|objectid",
        "period": r"years?|periods?|time|dates?|quarters?|months?|yr|timeperiod",
        "code": r"codes?|gss|cd|(?:lad|lsoa|msoa|ward|wd|la|area|utla|ltla|ctyua|rgn)\d{0,2}cd|areacd|new la",
        "place": r"areas?|districts?|local authorit(?:y|ies)|authority|la|lad|ltla|utla|boroughs?|councils?|wards?|lsoas?|"
        r"msoas?|geograph(?:y|ic)|"
        r"places?|regions?|count(?:y|ies)|localit(?:y|ies)|neighbourhoods?|towns?|areanm|(?:lad|lsoa|msoa|wd|ward|"
        r"la)\d{0,2}nm|setting|patch",
        "indicator": r"indicators?|measures?|metrics?|kpis?|variables?|questions?",
        "statistic": r"statistics?|measure type|figure type|value type|estimate type|measures?|metric",
        "dimension": r"dimensions?|characteristics?|breakdowns?|breakdown topic|category type|demographics?|stratification|"
        r"group type|"
        r"disaggregation|equality strand",
        "category": r"sub ?groups?|categor(?:y|ies)|groups?|cohorts?|breakdowns?|characteristic value|level",
        "status": r"status|flags?|notes?|symbols?|markers?|shorthand|suppress(?:ion|ed)|quality",
        "unit": r"units?|units? of measure|unit of measurement",
    }.items()
}
"""Words in a header that speak for a role."""


@dataclass(frozen=True, slots=True)
class FigureHeader:
    """What the header of a column of figures says: its role ('' where it does not), and what it fixes."""

    role: str
    period: str
    cohort: str
    stem: str


def says(name: str, role: str) -> bool:
    """Return whether a header holds a word that speaks for this role."""
    return bool(OTHER_WORDS[role].search(words_of(name)))


def statistic_of_text(text: str) -> str:
    """Return the figure role that a cell of a 'statistic' column names, or ''."""
    return _STATISTICS.get(fold(text), "")


def read_figure_header(name: str) -> FigureHeader:
    """Take a figure column's header apart.

    Examples
    --------
    >>> read_figure_header("2022/23 | Girls | Lower CI")
    FigureHeader(role='lower', period='2022/23', cohort='sex=female', stem='')
    >>> read_figure_header("Adult obesity (%)")
    FigureHeader(role='value', period='', cohort='', stem='adult obesity')
    """
    period, rest = find_period(name)
    role, cohort, stems = "", "", []
    pieces = [piece for piece in rest.split("|") if piece.strip()]
    context = next((characteristic_of_text(piece) for piece in pieces if _is_only_characteristic(piece)), "")
    for piece in pieces:
        if _is_only_characteristic(piece):
            continue
        known = _cohort(piece, context)
        if known and not cohort and not (known == "all" and len(pieces) == 1 and _role_of(words_of(piece))[0]):
            cohort = known
            continue
        said, left = _role_of(words_of(piece))
        role = role or said
        known = _cohort(left, context) if left else None
        if known and not cohort:
            cohort = known
        elif left:
            stems.append(left)
    return FigureHeader(role, period, cohort, " ".join(stems))


def _is_only_characteristic(piece: str) -> bool:
    found = characteristic_of_text(piece)
    return bool(found) and len(fold(piece).split()) <= 2 and cohort_of_text(piece) is None


def _cohort(text: str, context: str) -> str | None:
    found = cohort_of_text(text)
    if found is None and context:
        found = cohort_of_text(text, characteristic=context)
    return found


def _role_of(words: str) -> tuple[str, str]:
    """Return the role that the words name, and the words left when role words and small words are taken away."""
    role = ""
    for each, pattern in _FIGURES:
        if pattern.search(words):
            role = role or each
            words = pattern.sub(" ", words)
    if role == "se" and not words.strip():
        return role, ""
    return role, " ".join(word for word in words.split() if word not in _PLAIN_WORDS)
