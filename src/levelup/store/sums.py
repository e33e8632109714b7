"""Counts of small areas added up to larger places, where every part of the larger place is held."""

from __future__ import annotations

from levelup.store.engine import quote_text_sql
from levelup.store.register import register_sql
from levelup.store.store import Store

ENGLAND = "E92000001"


def add_sums(store: Store, *, vintage: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Add rows to the engine's table `settled`: sums of both counts over the parts of each larger place.

    Parameters
    ----------
    store : Store
        Holding the lookups; its engine holds `settled` and `series`.
    vintage : str
        The vintage of the small areas, such as 'lsoa21'.
    targets : tuple of str
        The vintages to sum to; from the first that is of districts, sums go on to upper-tier authorities, regions and England.

    Returns
    -------
    tuple of str
        Notes: which lookups were missing.
    """
    notes = []
    upward = False
    for target in targets:
        lookup = (
            f"(select from_code as part, to_code as whole from {store.table_sql('lookup')} l "
            f"where from_vintage = {quote_text_sql(vintage)} and to_vintage = {quote_text_sql(target)})"
        )
        store.engine.run(f"create or replace temp table membership as select distinct part, whole from {lookup} m")
        if not store.engine.rows("select count(*) from membership")[0][0]:
            notes.append(f"Not summed to {target}: the store holds no lookup from {vintage} to {target}.")
            continue
        if target.startswith("ltla") and not upward:
            _add_larger(store)
            upward = True
        store.engine.run(_SUM_SQL)
    return tuple(notes)


_SUM_SQL = (
    "insert into settled select 0, s.no, s.indicator, m.whole, s.cohort, s.period, g.scale * sum(s.numerator) / "
    "sum(s.denominator), null, null, "
    "sum(s.numerator), sum(s.denominator), '' from settled s join membership m on m.part = s.place join series g on g.no = s.no "
    "join (select whole, count(*) as parts from membership group by whole) w on w.whole = m.whole "
    "where s.numerator is not null and s.denominator is not null "
    "group by s.no, s.indicator, m.whole, s.cohort, s.period, g.scale, w.parts having count(*) = w.parts and sum(s.denominator) "
    "> 0"
)


def _add_larger(store: Store) -> None:
    """Add to `membership` the small areas of every upper-tier authority and region, and of England, through their districts."""
    register = register_sql(store)
    store.engine.run(
        "create or replace temp table membership as select part, whole from membership union "
        f"select m.part, r.parent from membership m join {register} r on r.code = m.whole where r.parent <> '' union "
        f"select m.part, u.parent from membership m join {register} r on r.code = m.whole join {register} u on u.code = r.parent "
        "where u.parent <> '' and u.level in ('upper-tier', 'region') union "
        f"select part, {quote_text_sql(ENGLAND)} from membership where substr(whole, 1, 1) = 'E'"
    )
