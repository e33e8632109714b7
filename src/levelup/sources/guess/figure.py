"""Which columns hold figures, which of them belong together, and which indicators they make up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from levelup.sources.guess.header import FigureHeader, read_figure_header, says
from levelup.sources.guess.profile import Profile, words_of
from levelup.terms.synonym import cohort_of_text
from levelup.terms.table import ColumnMeaning
from levelup.terms.text import fold
from levelup.terms.written_period import find_period

_BAND = re.compile(r"\d{1,3} (?:to )?\d{1,3}|\d{1,3} ?\+|\d{1,3} and over|under \d{1,2}")


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column of figures: its profile and what its header says."""

    profile: Profile
    header: FigureHeader

    @property
    def key(self) -> tuple[str, str, str]:
        """What figures of one observation share: period, cohort, indicator."""
        return self.header.period, self.header.cohort, self.header.stem


def find_figures(
    profiles: Mapping[str, Profile], found: Mapping[str, ColumnMeaning], *, title: str
) -> tuple[dict[str, ColumnMeaning], list[str]]:
    """Return the meaning of every column left, and the indicators' texts ('' for the table's one indicator)."""
    left = [profile for name, profile in profiles.items() if name not in found]
    columns = [FigureColumn(profile, read_figure_header(profile.name)) for profile in left]
    has_indicator = any(meaning.role == "indicator" for meaning in found.values())
    meanings: dict[str, ColumnMeaning] = {}
    figures = []
    for column in columns:
        if column.profile.is_numeric or column.header.role or column.header.period:
            figures.append(column)
        else:
            meanings[column.profile.name] = ColumnMeaning(
                column.profile.name, "ignore", confidence=0.4, reason="neither figures nor known words"
            )
    figures = _with_totals(_as_bands(figures, title))
    figures = _without_lookalikes(figures, meanings, has_indicator=has_indicator)
    stems = list(dict.fromkeys(column.header.stem for column in figures if _names_indicator(column)))
    if has_indicator or len(stems) <= 1 or _is_one_indicator(figures):
        figures = [replace(column, header=replace(column.header, stem="")) for column in figures]
        stems = [""]
    else:
        figures = [_named(_attached(column, stems)) for column in figures]
        stems = list(dict.fromkeys(column.header.stem for column in figures if column.header.stem)) or [""]
    groups: dict[tuple[str, str, str], list[FigureColumn]] = {}
    for column in figures:
        groups.setdefault(column.key, []).append(column)
    for key, members in groups.items():
        _settle(key, members, meanings)
    return meanings, stems


def _is_one_indicator(figures: list[FigureColumn]) -> bool:
    """Return whether each period and cohort has one value and each other figure at most once, all named by their headers."""
    groups: dict[tuple[str, str], list[str]] = {}
    for column in figures:
        groups.setdefault((column.header.period, column.header.cohort), []).append(column.header.role)
    return all("value" in roles and "" not in roles and len(set(roles)) == len(roles) for roles in groups.values())


def _named(column: FigureColumn) -> FigureColumn:
    """Give a column that shares no indicator's words one of its own, named by its header."""
    if column.header.stem:
        return column
    return replace(column, header=replace(column.header, stem=words_of(find_period(column.profile.name)[1])))


def _names_indicator(column: FigureColumn) -> bool:
    return column.header.role in ("", "value", "numerator") and bool(column.header.stem)


def _as_bands(figures: list[FigureColumn], title: str) -> list[FigureColumn]:
    """Read headers that are ages, or the numbers 1 to 5 or 10 under a title about deprivation, as cohorts."""
    plain = [fold(column.profile.name) for column in figures]
    ages = [bool(_BAND.fullmatch(name)) for name in plain]
    numbers = [int(name) for name in plain if name.isdigit()]
    banded = ""
    if sum(ages) >= 2:
        banded = "age"
    elif sorted(numbers) in (list(range(1, 6)), list(range(1, 11))) and re.search(r"depriv|imd|decile|quintile", title.lower()):
        banded = "deprivation-tenth" if len(numbers) == 10 else "deprivation-fifth"
    if not banded:
        return figures
    found = []
    for column, name in zip(figures, plain, strict=True):
        cohort = cohort_of_text(name, characteristic=banded) if _BAND.fullmatch(name) or name.isdigit() else None
        found.append(replace(column, header=FigureHeader("value", "", cohort, "")) if cohort else column)
    return found


def _with_totals(figures: list[FigureColumn]) -> list[FigureColumn]:
    """Read a 'Total' beside a percentage or a count, with no column for any group, as what these are divided by."""
    grouped = any(column.header.cohort not in ("", "all") for column in figures)
    figured = any(column.header.role in ("value", "numerator") for column in figures)
    if grouped or not figured:
        return figures
    return [
        replace(column, header=replace(column.header, role="denominator", cohort=""))
        if column.header.cohort == "all" and not column.header.role and not column.header.period
        else column
        for column in figures
    ]


def _without_lookalikes(
    figures: list[FigureColumn], meanings: dict[str, ColumnMeaning], *, has_indicator: bool
) -> list[FigureColumn]:
    """Pass over numbers that are no figures: ranks, weights, and unnamed numbers beside a column that says it is the value."""
    stated = [
        column for column in figures if column.header.role == "value" and not column.header.stem and not column.header.period
    ]
    kept = []
    for column in figures:
        name = column.profile.name
        if says(name, "identifier") and not column.header.period:
            meanings[name] = ColumnMeaning(
                name, "ignore", confidence=0.8, reason="the header speaks of a code or number that names something"
            )
        elif says(name, "passed over") and not column.header.role and len(figures) > 1:
            meanings[name] = ColumnMeaning(
                name, "ignore", confidence=0.75, reason="the header speaks of no figure of its own", alternatives=("value",)
            )
        elif (
            (stated or has_indicator)
            and not column.header.role
            and not column.header.period
            and len(figures) > 1
            and column.header.cohort == ""
        ):
            meanings[name] = ColumnMeaning(
                name, "ignore", confidence=0.55, reason="another column says that it is the value", alternatives=("value",)
            )
        else:
            kept.append(column)
    return kept


def _attached(column: FigureColumn, stems: list[str]) -> FigureColumn:
    """Give an interval's end, a count or a population the indicator whose words it shares, or the one before it."""
    stem = column.header.stem
    if stem in stems and _names_indicator(column):
        return column
    words = set(stem.split())
    best = max(stems, key=lambda each: len(words & set(each.split())) - 0.01 * abs(len(each) - len(stem)))
    return replace(column, header=replace(column.header, stem=best if words & set(best.split()) else stem))


def _settle(key: tuple[str, str, str], members: list[FigureColumn], meanings: dict[str, ColumnMeaning]) -> None:
    """Give the columns of one observation their roles: one value, or counts that make one."""
    period, cohort, stem = key
    roles = [column.header.role for column in members]
    if "value" not in roles:
        unnamed = [index for index, role in enumerate(roles) if not role]
        counted = [index for index, role in enumerate(roles) if role == "numerator"]
        if len(unnamed) == 1:
            roles[unnamed[0]] = "value"
        elif not unnamed and counted and "denominator" not in roles:
            roles[counted[0]] = "value"
        elif roles == ["denominator"]:
            roles[0] = "value"
    taken: set[str] = set()
    for column, role in zip(members, roles, strict=True):
        name, said = column.profile.name, column.header.role
        where = ", ".join(part for part in (period, cohort, stem) if part)
        if not role or role in taken:
            reason = "a second column of the same kind" if role else "nothing says which figure it holds"
            meanings[name] = ColumnMeaning(
                name, "ignore", confidence=0.4, reason=reason, alternatives=("value", "numerator", "denominator")
            )
            continue
        taken.add(role)
        sure = 0.9 if said == role else 0.75 if period or cohort else 0.6
        reason = f"the header says {role}" if said == role else "the only column of figures left for it"
        meanings[name] = ColumnMeaning(
            name,
            role,
            period=period,
            cohort=cohort if cohort != "all" else "",
            indicator=stem,
            confidence=sure,
            reason=reason + (f" for {where}" if where else ""),
            alternatives=("ignore",),
        )
