"""Reads what a report needs from the store and sets it beside the verdicts: one publication."""

from __future__ import annotations

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.settings import Settings
from levelup.inference.forecast import Fan
from levelup.publish.outline import outline_paths
from levelup.publish.publication import Branding, MeasuredGap, OwnTables, Publication, ReleaseNote
from levelup.store.patch import join_observations, select_patches
from levelup.store.question import select_observations, select_outlines
from levelup.store.release import Release
from levelup.store.store import Store
from levelup.terms.place import Level
from levelup.terms.record import CERTAINTIES
from levelup.verdicts.account import Followed
from levelup.verdicts.certainty import SHARE_ESTABLISHED, SHARE_LIKELY
from levelup.verdicts.comparison import Scope
from levelup.verdicts.nation_summary import Nationwide
from levelup.verdicts.small_area import SmallAreaAccount

PEER_LEVELS = (Level.DISTRICT, Level.UNITARY, Level.UPPER)


def assemble(
    store: Store,
    *,
    scope: Scope,
    settings: Settings,
    catalogue: Catalogue,
    followed: Followed,
    fans: dict[tuple[str, str, str], Fan],
    nationwide: Nationwide | None,
    small_areas: dict[str, SmallAreaAccount],
    measured: tuple[MeasuredGap, ...],
    as_at: str,
    version: str,
    protected: OwnTables | None = None,
) -> Publication:
    """Set everything a report says side by side.

    Parameters
    ----------
    store, scope, settings, catalogue
        What the workspace holds and reports on.
    followed, fans, nationwide, small_areas, measured
        What was concluded.
    as_at : str
        ISO date that the report carries.
    version : str
        Of the software.
    protected : OwnTables, optional
        What the gate did to the workspace's own tables.

    Returns
    -------
    Publication
    """
    comparators = {scope.nation: "nation", scope.region: "region", **dict.fromkeys(scope.neighbours, "neighbour")}
    comparators.pop("", None)
    own = (scope.county.code, *scope.districts, *comparators)
    peers = tuple(
        code for code, place in scope.places.items() if place.level in PEER_LEVELS and code.startswith("E") and place.is_current
    )
    wanted = tuple(dict.fromkeys((*own, *peers, *scope.patches)))
    patches = {scope.name(code): scope.places[code].members for code in scope.patches}
    outlines, view_box = outline_paths(
        {code: text for code, text in select_outlines(store, Level.DISTRICT).items() if code in scope.districts}
    )
    found = [verdict.certainty_adjusted for verdict in followed.verdicts]
    return Publication(
        title=settings.title,
        county=scope.county,
        districts=scope.districts,
        comparators=comparators,
        places={code: scope.places[code] for code in wanted if code in scope.places},
        population={code: scope.population[code] for code in wanted if code in scope.population},
        deprivation={code: scope.deprivation[code] for code in wanted if code in scope.deprivation},
        catalogue=catalogue,
        observations=join_observations(
            [
                select_observations(store, indicators=tuple(catalogue.indicators), places=wanted),
                select_patches(store, patches, catalogue=catalogue, indicators=tuple(catalogue.indicators))[0],
            ]
        ),
        verdicts=followed.verdicts,
        accounts=followed.accounts,
        fans=fans,
        nationwide=nationwide,
        small_areas=small_areas,
        measured=measured,
        releases=tuple(release_note(item) for item in store.releases()),
        branding=Branding(**{"name": settings.title, **settings.branding}),
        as_at=as_at,
        version=version,
        order_name=scope.order_name,
        windows=tuple(dict.fromkeys([f"{years} years" for years in scope.years] + ["whole series"])),
        expected_false=SHARE_ESTABLISHED * found.count(CERTAINTIES[0]),
        expected_false_likely=SHARE_LIKELY * found.count(CERTAINTIES[1]),
        own=protected,
        outlines=outlines,
        view_box=view_box,
    )


def release_note(release: Release) -> ReleaseNote:
    """Return what a report says of one release."""
    return ReleaseNote(
        dataset=release.dataset,
        id=release.id,
        title=release.title,
        publisher=release.publisher,
        licence=release.licence,
        vintage=release.vintage,
        imported=release.imported,
        sha256=release.sha256,
        rows=release.rows,
        address=release.address,
    )
