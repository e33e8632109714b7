"""What changed between two releases of one data set, in words a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from levelup.catalogue.entry import Catalogue
from levelup.store.engine import Engine, list_sql
from levelup.store.release import COLUMNS, KEYS
from levelup.terms.cohort import parse_cohort
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period

LARGEST = 20
"""How many of the largest changes are told one by one."""
LISTED = 40
"""How many names a list gives before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What codes are called: the catalogue for indicators and units, and places' names by code."""

    catalogue: Catalogue | None = None
    places: dict[str, str] = field(default_factory=dict)

    def indicator(self, key: str) -> str:
        """Return an indicator's short name, or its id where the catalogue does not hold it."""
        entry = self.catalogue.indicators.get(key) if self.catalogue else None
        return entry.short if entry else key

    def place(self, code: str) -> str:
        """Return 'name (code)', or the code alone."""
        return f"{self.places[code]} ({code})" if code in self.places else code

    def figure(self, indicator: str, value: float | None) -> str:
        """Return a figure in its unit."""
        if value is None:
            return "no figure"
        entry = self.catalogue.indicators.get(indicator) if self.catalogue else None
        return entry.unit.show(value) if entry else f"{value:,.6g}"

    def difference(self, indicator: str, value: float) -> str:
        """Return the size of a change in the indicator's unit."""
        entry = self.catalogue.indicators.get(indicator) if self.catalogue else None
        return entry.unit.show_change(abs(value)) if entry else f"{abs(value):,.6g}"


def cohort_words(key: str) -> str:
    """Return what a cohort is called, or its key where it is none of ours."""
    try:
        return parse_cohort(key).label
    except InputError:
        return key


def period_words(text: str) -> str:
    """Return what a period is called, or its text where it is none."""
    try:
        return parse_period(text).label
    except InputError:
        return text


def write_change_report(
    engine: Engine, *, kind: str, title: str, identity: str, before: str, old_sql: str, new_sql: str, naming: Naming
) -> str:
    """Return the change report of a release, a text in Markdown.

    Parameters
    ----------
    engine : Engine
        Where the two tables are read.
    kind : str
        A key of `COLUMNS`.
    title, identity, before : str
        The data set's title, the new release's id, and the id of the one it replaces ('' for a first release).
    old_sql, new_sql : str
        What reads the two tables; `old_sql` is '' for a first release.
    naming : Naming
        What codes are called.
    """
    lines = [f"# {title}: what changed", ""]
    if not before:
        lines += [
            f"`{identity}` is the first release of this data set that the store holds.",
            "",
            _contents(engine, kind, new_sql),
        ]
        return "\n".join(lines) + "\n"
    lines += [f"Release `{identity}` replaces `{before}`.", ""]
    _join(engine, kind, old_sql, new_sql)
    counts = dict(engine.rows("select verdict, count(*) from changed group by verdict"))
    total = sum(counts.get(word, 0) for word in ("new", "changed", "same"))
    noun = "figures" if kind == "observations" else "rows"
    lines.append(
        f"It holds {total:,} {noun}: {counts.get('new', 0):,} new, {counts.get('changed', 0):,} changed and "
        f"{counts.get('same', 0):,} as they were. {counts.get('gone', 0):,} of the old release's {noun} are gone."
    )
    lines += [""]
    lines += _observation_lines(engine, naming) if kind == "observations" else _row_lines(engine, kind)
    return "\n".join(lines).rstrip() + "\n"


def _contents(engine: Engine, kind: str, new_sql: str) -> str:
    if kind != "observations":
        return f"It holds {engine.rows(f'select count(*) from {new_sql}')[0][0]:,} rows."
    found = engine.rows(
        "select count(*), count(distinct indicator), count(distinct place), count(distinct cohort), min(period), max(period), "
        f"sum(case when status <> '' then 1 else 0 end) from {new_sql}"
    )[0]
    marked = f" {found[6]:,} of them carry a mark such as [c] for suppressed." if found[6] else ""
    return (
        f"It holds {found[0]:,} figures of {_count(found[1], 'indicator')} for {_count(found[2], 'place')} and "
        f"{_count(found[3], 'cohort')}, "
        f"from {period_words(found[4])} to {period_words(found[5])}.{marked}"
    )


def _join(engine: Engine, kind: str, old_sql: str, new_sql: str) -> None:
    keys = KEYS[kind]
    rest = [name for name in COLUMNS[kind] if name not in keys]
    picks = [f"coalesce(o.{name}, n.{name}) as {name}" for name in keys]
    picks += [f"o.{name} as old_{name}, n.{name} as new_{name}" for name in rest]
    differs = " or ".join(f"o.{name} is distinct from n.{name}" for name in rest) or "1 = 0"
    matched = " and ".join(f"o.{name} = n.{name}" for name in keys)
    engine.run(
        f"create or replace temp table changed as select {', '.join(picks)}, case when o.here is null then 'new' "
        f"when n.here is null then 'gone' when {differs} then 'changed' else 'same' end as verdict "
        f"from (select *, 1 as here from {old_sql}) o full outer join (select *, 1 as here from {new_sql}) n on {matched}"
    )


def _observation_lines(engine: Engine, naming: Naming) -> list[str]:
    lines = ["## Indicators, periods, places and cohorts", ""]
    for column, noun, words in (
        ("indicator", "indicators", naming.indicator),
        ("period", "periods", period_words),
        ("place", "places", naming.place),
        ("cohort", "cohorts", cohort_words),
    ):
        for only, name in (("new", "New"), ("gone", "Gone")):
            found = engine.rows(
                f"select {column} from changed group by {column} having sum(case when verdict <> '{only}' then 1 else 0 end) = 0 "
                f"order by {column}"
            )
            if found:
                lines.append(f"- {name} {noun}: {_listing([words(row[0]) for row in found])}.")
    if len(lines) == 2:
        lines.append("None came and none went.")
    added = engine.rows(
        "select indicator, period from changed group by indicator, period having sum(case when verdict <> 'new' then 1 else 0 "
        "end) = 0 "
        "and indicator in (select indicator from changed where verdict <> 'new') order by indicator, period"
    )
    if added:
        lines += ["", "## New periods by indicator", ""]
        by_indicator: dict[str, list[str]] = {}
        for indicator, period in added:
            by_indicator.setdefault(indicator, []).append(period_words(period))
        lines += [f"- {naming.indicator(key)}: {_listing(periods)}." for key, periods in by_indicator.items()]
    return lines + _largest_lines(engine, naming)


def _largest_lines(engine: Engine, naming: Naming) -> list[str]:
    rows = engine.rows(
        "select c.indicator, c.place, c.cohort, c.period, c.old_value, c.new_value, c.old_status, c.new_status from changed c "
        "left join "
        "(select indicator, stddev_samp(new_value) as spread from changed group by indicator) s on c.indicator = s.indicator "
        "where c.verdict = 'changed' and (c.old_value is distinct from c.new_value or c.old_status <> c.new_status) "
        "order by abs(c.new_value - c.old_value) / nullif(s.spread, 0) desc nulls last, c.indicator, c.place, c.cohort, c.period "
        f"limit {LARGEST}"
    )
    if not rows:
        return []
    lines = ["", "## Largest changes", "", "In the order of their size against the spread of the indicator's own figures.", ""]
    for indicator, place, cohort, period, old, new, old_status, new_status in rows:
        subject = f"{naming.indicator(indicator)}, {naming.place(place)}, {cohort_words(cohort)}, {period_words(period)}"
        moved = f"{naming.figure(indicator, old)}{_mark(old_status)} became {naming.figure(indicator, new)}{_mark(new_status)}"
        if old is not None and new is not None and old != new:
            moved += f", {'up' if new > old else 'down'} {naming.difference(indicator, new - old)}"
        lines.append(f"- {subject}: {moved}.")
    return lines


def _row_lines(engine: Engine, kind: str) -> list[str]:
    keys = KEYS[kind]
    lines = []
    for verdict, title in (("new", "New"), ("gone", "Gone"), ("changed", "Changed")):
        found = engine.rows(
            f"select {', '.join(keys)} from changed where verdict = '{verdict}' order by {', '.join(keys)} limit {LISTED + 1}"
        )
        if found:
            count = engine.rows(f"select count(*) from changed where verdict in {list_sql([verdict])}")[0][0]
            lines.append(f"- {title}: {_listing([' '.join(str(part) for part in row) for row in found], total=count)}.")
    return lines


def _listing(names: Sequence[str], *, total: int | None = None) -> str:
    count = len(names) if total is None else total
    more = f"; and {count - LISTED:,} more" if count > LISTED else ""
    return f"{count:,} ({'; '.join(names[:LISTED])}{more})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _mark(status: str) -> str:
    return f" [{status}]" if status else ""
