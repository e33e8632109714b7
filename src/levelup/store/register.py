"""The register of places: every code the lookups and area lists hold, with its name, level, parent, validity and successors."""

from __future__ import annotations

from levelup.store.engine import quote_text_sql
from levelup.store.store import Store
from levelup.terms.place import level_of

TABLE = "register"
CENSUS_DAYS = {2001: "2001-04-29", 2011: "2011-03-27", 2021: "2021-03-21"}
"""The census days from which the small areas of each vintage count."""
_NATIONS = {"E": "E92000001", "W": "W92000004", "S": "S92000003", "N": "N92000002"}
_UNITED_KINGDOM = "K02000001"


def register_sql(store: Store) -> str:
    """Make the register in the store's engine, once for each set of places and lookups, and return the SQL of its table.

    The table has code, name, level, parent, vintage, valid_from, valid_to and successors (joined by ';'). A store without places
    and lookups has none, and the answer is ''.
    """
    held = (*store.releases(kind="places"), *store.releases(kind="lookup"))
    if not held:
        return ""
    key = ";".join(release.reference for release in held)
    if store.made.get(TABLE) != key:
        _make(store)
        store.made[TABLE] = key
    return TABLE


def _make(store: Store) -> None:
    run = store.engine.run
    run(
        f"create or replace temp table link as select {_LINK_COLUMNS} from {store.table_sql('lookup')} l where from_code <> '' "
        "and to_code <> ''"
    )
    run(_SEEN_SQL)
    _make_levels(store)
    run(_SPANS_SQL.format(begins=_begins_sql()))
    run(_NAMES_SQL.format(places=store.table_sql("places")))
    run(_PARENTS_SQL.format(places=store.table_sql("places")))
    run(_SUCCESSORS_SQL)
    run(_REGISTER_SQL.format(kingdom=quote_text_sql(_UNITED_KINGDOM), nation=_nation_sql()))
    for step in _MENDING_SQL:
        run(step)


_LINK_COLUMNS = (
    "from_code, to_code, from_name, to_name, change, regexp_replace(from_vintage, '[0-9]+$', '') as from_family, "
    "regexp_replace(to_vintage, '[0-9]+$', '') as to_family, "
    "coalesce(2000 + try_cast(regexp_extract(from_vintage, '[0-9]+$') as integer), 0) as from_year, "
    "coalesce(2000 + try_cast(regexp_extract(to_vintage, '[0-9]+$') as integer), 0) as to_year"
)
_SEEN_SQL = (
    "create or replace temp table seen as select distinct family, year, code, name from (select from_family as family, from_year "
    "as year, from_code as code, "
    "from_name as name from link union all select to_family, to_year, to_code, to_name from link) s where regexp_matches(code, "
    "'^[EWSNK][0-9]{8}$')"
)
_SPANS_SQL = (
    # What a country's later vintages lack has ended; a lookup that covers fewer countries than another ends nothing.
    "create or replace temp table spans as select c.code, c.family, c.last, case when c.first > f.first then b.begins else '' "
    "end as valid_from, "
    "case when c.last < f.last then cast(cast(e.begins as date) - interval 1 day as date) end as ended from "
    "(select code, family, min(year) as first, max(year) as last from seen group by code, family) c "
    "join (select family, substr(code, 1, 1) as country, min(year) as first, max(year) as last from seen group by family, "
    "substr(code, 1, 1)) f "
    "on f.family = c.family and f.country = substr(c.code, 1, 1) "
    "left join {begins} b on b.family = c.family and b.year = c.first "
    "left join {begins} e on e.family = c.family and e.year = (select min(n.year) from seen n where n.family = c.family and "
    "n.year > c.last)"
)
_NAMES_SQL = (
    "create or replace temp table names as select code, arg_max(name, year) as name, max(year) as vintage from "
    "(select code, name, year from seen where name <> '' union all "
    "select code, name, 3000 as year from {places} p where name <> '') n group by code"
)
_PARENTS_SQL = (
    "create or replace temp table parents as select c.code, arg_max(c.parent, c.rank) as parent from "
    "(select from_code as code, to_code as parent, to_year + case when p.level in ('upper-tier', 'district', 'unitary') then "
    "10000 else 0 end as rank "
    "from link l join levels p on p.prefix = substr(l.to_code, 1, 3) where l.from_code <> l.to_code and (l.change = 'within' or "
    "l.to_family = 'region') "
    "union all select code, parent, 1 from {places} a where parent <> '') c group by c.code"
)
_SUCCESSORS_SQL = (
    "create or replace temp table heirs as select l.from_code as code, string_agg(distinct l.to_code, ';' order by l.to_code) as "
    "successors from link l "
    "join spans s on s.code = l.from_code and s.family = l.from_family and s.last = l.from_year and s.ended is not null "
    "where l.from_family = l.to_family and l.from_code <> l.to_code group by l.from_code"
)
_REGISTER_SQL = (
    "create or replace temp table register as select k.code, coalesce(n.name, k.code) as name, v.level, "
    "case when v.level = 'region' then {nation} when v.level = 'nation' then {kingdom} when v.level in ('unitary', 'upper-tier', "
    "'combined-authority') "
    "and p.parent is null and substr(k.code, 1, 1) <> 'E' then {nation} else coalesce(p.parent, '') end as parent, "
    "cast(coalesce(s.last, k.vintage, 0) as integer) as vintage, coalesce(s.valid_from, '') as valid_from, "
    "coalesce(cast(s.ended as varchar), '') as valid_to, coalesce(h.successors, '') as successors from "
    "(select code, max(vintage) as vintage from (select code, year as vintage from seen union all select code, vintage from "
    "areas) c group by code) k "
    "join levels v on v.prefix = substr(k.code, 1, 3) left join names n on n.code = k.code left join parents p on p.code = "
    "k.code "
    "left join (select code, max(last) as last, min(valid_from) as valid_from, max(ended) as ended from spans group by code) s "
    "on s.code = k.code "
    "left join heirs h on h.code = k.code"
)
_MENDING_SQL = (
    # A county ends when its last district does; the lookups to counties skip years, so their own gap would date it late.
    "update register set valid_to = c.ended from (select parent, max(valid_to) as ended from register where parent <> '' group "
    "by parent "
    "having min(case when valid_to = '' then 0 else 1 end) = 1) c where register.code = c.parent and register.level = "
    "'upper-tier'",
    "update register set successors = c.heirs from (select r.parent, string_agg(distinct h.to_code, ';' order by h.to_code) as "
    "heirs from register r "
    "join link h on h.from_code = r.code and h.from_family = 'ltla' and h.to_family = 'ltla' where r.successors <> '' and "
    "h.from_code <> h.to_code "
    "group by r.parent) c where register.code = c.parent and register.level = 'upper-tier' and register.valid_to <> ''",
    "update register set parent = c.region from (select d.to_code as code, max(l.to_code) as region from link d join link l on "
    "l.from_code = d.from_code "
    "and l.to_family = 'region' where d.to_family = 'utla' group by d.to_code) c where register.code = c.code and register.level "
    "= 'upper-tier'",
    "update register set parent = c.district from (select m.to_code as code, max(l.to_code) as district from link m join link l "
    "on l.from_code = m.from_code "
    "and l.to_family = 'ltla' and l.change = 'within' where m.to_family = 'msoa' and m.from_family = 'lsoa' group by m.to_code) "
    "c "
    "where register.code = c.code and register.level = 'msoa' and register.parent = ''",
    "update register set parent = h.parent from register h where register.parent = '' and register.level = 'unitary' and h.code "
    "= register.successors",
)
_AMONG = {"district": ("district", "unitary"), "upper-tier": ("upper-tier", "unitary")}
"""Unitary authorities stand among districts and among upper-tier authorities alike."""


def levels_among(level: str) -> tuple[str, ...]:
    """Return the levels that a table of one level holds: unitary authorities do the work of both tiers."""
    return _AMONG.get(level, (level,))


def _make_levels(store: Store) -> None:
    """Make the tables of area lists' codes, and of the level that each prefix names; codes of no level of ours are left out."""
    store.engine.run(f"create or replace temp table areas as select code, vintage, level from {store.table_sql('places')} a")
    prefixes = [
        str(row[0])
        for row in store.engine.rows(
            "select distinct substr(code, 1, 3) from (select code from seen union all select code from areas) c order by 1"
        )
    ]
    levels = {prefix: level_of(f"{prefix}000001") for prefix in prefixes}
    known = {prefix: level.value for prefix, level in levels.items() if level is not None}
    store.engine.table("levels", {"prefix": list(known) or [""], "level": list(known.values()) or [""]})


def _begins_sql() -> str:
    small = [(family, year, day) for family in ("lsoa", "msoa") for year, day in CENSUS_DAYS.items()]
    large = [(family, year, f"{year}-04-01") for family in ("ltla", "utla") for year in range(2001, 2050)]
    rows = ", ".join(f"({quote_text_sql(family)}, {year}, {quote_text_sql(day)})" for family, year, day in (*small, *large))
    return f"(select * from (values {rows}) t(family, year, begins))"


def _nation_sql() -> str:
    cases = " ".join(f"when {quote_text_sql(letter)} then {quote_text_sql(code)}" for letter, code in _NATIONS.items())
    return f"case substr(k.code, 1, 1) {cases} else '' end"
