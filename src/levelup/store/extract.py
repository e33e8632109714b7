"""A part of one store taken over into another: the same releases, for fewer places."""

from __future__ import annotations

from collections.abc import Collection

from levelup.catalogue.entry import Catalogue
from levelup.store.addition import Draft, ImportReport, add_release
from levelup.store.release import staging
from levelup.store.store import Store
from levelup.terms.errors import InputError

_BELONGS_SQL = {
    "places": "code in (select code from kept)",
    "lookup": "(from_code in (select code from kept) or (not regexp_matches(from_code, '^[EWSNK][0-9]{8}$') "
    "and to_code in (select code from kept)))",
}
"""Which rows belong to the kept places, where that is not simply the rows of the place."""


def kept_sql(store: Store, kind: str, places: Collection[str]) -> str:
    """Make the table `kept` of codes in a store's engine, and return the SQL condition that a row of a kind belongs to them."""
    store.engine.table("kept", {"code": sorted(places) or [""]})
    return _BELONGS_SQL.get(kind, "place in (select code from kept)")


def extract_release(
    origin: Store, target: Store, dataset: str, *, places: Collection[str], catalogue: Catalogue | None = None
) -> ImportReport:
    """Take over a data set's current release into another store, for some places only.

    Parameters
    ----------
    origin, target : Store
        The store that holds the release, and the one to add to.
    dataset : str
        The data set.
    places : collection of str
        Codes of the places to keep.
    catalogue : Catalogue, optional
        Names and units for the change report.

    Returns
    -------
    ImportReport
        The release of the target store. It says in its notes that it is a part, and names the release it was taken from.

    Raises
    ------
    InputError
        The origin holds no such data set.
    """
    release = origin.current(dataset)
    if release is None:
        raise InputError("the store must hold the data set", got=repr(dataset))
    with staging(target.root) as staged:
        target.refresh()
        condition = kept_sql(target, release.kind, places)
        target.engine.run(
            f"create or replace temp table made as select * from {origin.table_sql(release.kind, releases=(release,))} r where "
            f"{condition}"
        )
        draft = Draft(
            dataset=release.dataset,
            kind=release.kind,
            title=release.title,
            publisher=release.publisher,
            licence=release.licence,
            vintage=release.vintage,
            imported=release.imported,
            address=release.address,
            source_sha256=release.source_sha256,
            recipe="",
            notes=(
                *release.notes,
                f"Holds only the places that were asked for; taken from release {release.reference} of {release.rows:,} rows.",
            ),
        )
        return add_release(target, staged, draft, table="made", catalogue=catalogue)
