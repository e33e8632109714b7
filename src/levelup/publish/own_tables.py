"""A workspace's own tables on their way out: what a report, a gap or open data may see of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from levelup.catalogue.entry import Catalogue
from levelup.catalogue.own import OWN
from levelup.disclosure.long_tables.observed import MARK, check_rounding, protect_observations
from levelup.disclosure.profile import Profile, shipped
from levelup.publish.protected import read_rule
from levelup.publish.publication import OwnTables
from levelup.store.patch import join_observations
from levelup.store.question import select_observations, select_parents
from levelup.store.release import COLUMNS, Release
from levelup.store.store import Store
from levelup.terms.errors import Refusal, StoreError
from levelup.terms.record import Observations, Verdict
from levelup.verdicts.account import Followed

LACKING = ("one-subject-missing", "one-period")
"""Refusals for want of a figure, which may be one that is hidden."""
SMALL = Refusal(
    "suppressed",
    "Figures that this comparison needs are hidden: they are of few people, or could tell of few.",
    "Figures of larger groups, or of longer periods, would allow a verdict.",
)


def protect_own(store: Store, *, catalogue: Catalogue, profile: str, folder: Path) -> tuple[Store, OwnTables | None]:
    """Return a view of a store in which own tables show only what may be published; every other release is as it is.

    Parameters
    ----------
    store : Store
        As opened, or as it stood when a report was made.
    catalogue : Catalogue
        With the workspace's own indicators, for their units.
    profile : str
        A shipped profile's name, or the path of a file in the folder; '' for a report from before there were profiles.
    folder : Path
        The workspace's.

    Returns
    -------
    (Store, OwnTables or None)
        The store itself and None where it holds no own table.

    Raises
    ------
    InputError
        There is no such profile, or it rounds by a secret.

    Notes
    -----
    Every earlier release of an own table may have been published with a report: what it showed is taken as known. A release is
    named in the view by its day and its number, and its hash is that of what is shown: a hash of hidden counts would let anybody
    who guesses them know that the guess is right.
    """
    own = tuple(release for release in store.releases(kind="observations") if release.publisher == OWN)
    if not own or not profile:
        return store, None
    rule = read_own_rule(profile, folder=folder)
    units = {key: indicator.unit.key for key, indicator in catalogue.indicators.items()}
    tables = _tables_of(store, own)
    shown, judged = protect_observations(tables, profile=rule, units=units, parents=select_parents(store))
    view = {}
    for release in own:
        rows = shown.where(np.asarray(shown.release == release.reference, dtype=np.bool_))
        columns = {name: getattr(rows, name) for name in COLUMNS["observations"]}
        view[_renamed(store, release, rows)] = columns
    marked = np.asarray(shown.status == MARK, dtype=np.bool_)
    hidden = frozenset(zip(shown.indicator[marked].tolist(), shown.cohort[marked].tolist(), strict=True))
    return store.with_tables(view), OwnTables(rule, len(own), judged, hidden)


def explain_hidden(followed: Followed, own: OwnTables | None) -> Followed:
    """Return what was followed, saying of a gap that lacks a figure that it is hidden where that is why.

    Parameters
    ----------
    followed : Followed
        Verdicts and accounts.
    own : OwnTables or None
        What the gate did; None leaves all as it is.
    """
    if own is None or not own.hidden:
        return followed
    return replace(followed, verdicts=tuple(_explained(verdict, own.hidden) for verdict in followed.verdicts))


def _explained(verdict: Verdict, hidden: frozenset[tuple[str, str]]) -> Verdict:
    lacks = verdict.refusal is not None and verdict.refusal.code in LACKING
    groups = {(verdict.indicator, subject.cohort) for subject in (verdict.lower, verdict.upper)}
    return replace(verdict, refusal=SMALL) if lacks and groups & hidden else verdict


def read_own_rule(profile: str, *, folder: Path) -> Profile:
    """Return the profile that the settings name.

    Raises
    ------
    InputError
        There is none, or it rounds by a secret.
    """
    rule = read_rule(profile if profile in shipped() else str(folder / profile) if Path(profile).suffix else profile)
    check_rounding(rule)
    return rule


def _tables_of(store: Store, own: Iterable[Release]) -> list[Observations]:
    """Return what all own tables held together after each import, up to what they hold now."""
    steps: list[tuple[str, str, int, Release]] = []
    for current in own:
        day = ""
        for number, release in enumerate(_until(store, current)):
            day = max(day, release.imported)
            steps.append((day, release.dataset, number, release))
    held: dict[str, Observations] = {}
    tables = []
    for _, dataset, _, release in sorted(steps, key=lambda step: step[:3]):
        held[dataset] = select_observations(store, releases=(release.reference,))
        tables.append(join_observations([held[name] for name in sorted(held)]))
    return tables


def _until(store: Store, current: Release) -> list[Release]:
    """Return the releases of a data set up to one of them, oldest first."""
    history = list(store.history(current.dataset))
    return history[: [release.id for release in history].index(current.id) + 1]


def _renamed(store: Store, release: Release, rows: Observations) -> Release:
    """Return what a release is called where only what it shows is known."""
    digest = hashlib.sha256()
    for name in COLUMNS["observations"]:
        digest.update(repr(getattr(rows, name).tolist()).encode())
    name = f"{release.imported}-{len(_until(store, release))}"
    return replace(release, id=name, sha256=digest.hexdigest(), rows=len(rows), files=(), notes=(), source_sha256="", recipe="")


def pin_releases(store: Store, notes: Iterable[Mapping[str, Any]]) -> Store:
    """Return a store as it stood when a report was made, from the report's list of releases.

    Parameters
    ----------
    store : Store
        The workspace's.
    notes : iterable of mappings
        Each with 'dataset' and 'id', as a run's record holds them.

    Raises
    ------
    StoreError
        The store does not hold one of them.
    """
    identities = {}
    for note in notes:
        dataset, identity = str(note["dataset"]), str(note["id"])
        history = store.history(dataset)
        if note.get("publisher") == OWN and identity not in {release.id for release in history}:
            number = identity.rpartition("-")[2]
            if not number.isdecimal() or not 1 <= int(number) <= len(history):
                raise StoreError("a release must be one that the store holds", got=f"{dataset}/{identity}")
            identity = history[int(number) - 1].id
        identities[dataset] = identity
    return store.at(identities)
