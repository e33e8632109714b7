"""The one object a caller holds: opens a workspace and offers a short method for every verb.

A verb loads what it needs when it is called: a command starts in half the time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from http.server import ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

from levelup import __version__
from levelup.catalogue.entry import Catalogue
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.margin import with_margins
from levelup.catalogue.own import with_own, write_own
from levelup.catalogue.settings import FILE, Settings, read_settings, settings_from, write_settings
from levelup.publish.answer import Answer, Records, ReportResult, VerifyResult
from levelup.store.addition import ImportReport
from levelup.store.own import Proposal, Stated, import_proposal, propose_table, require_polarity
from levelup.store.store import Store
from levelup.terms.errors import GuardRailError, InputError, LevelupError, StoreError

Progress = Callable[[str, float], None]
STORE = "store"
MAPPINGS = "mappings"


def _silent(label: str, share: float) -> None:
    """Say nothing."""


class Workspace:
    """A folder with settings (`levelup.toml`), a store of releases (`store/`) and saved mappings (`mappings/`)."""

    __slots__ = ("catalogue", "folder", "settings", "store")

    def __init__(self, folder: Path, *, settings: Settings, store: Store, catalogue: Catalogue) -> None:
        self.folder, self.settings, self.store, self.catalogue = folder, settings, store, catalogue

    @classmethod
    def open(cls, folder: Path | str) -> Workspace:
        """Open a workspace.

        Raises
        ------
        InputError, StoreError
            The settings or the store are missing or damaged.
        """
        path = Path(folder)
        settings = read_settings(path)
        return cls(path, settings=settings, store=Store.open(path / STORE), catalogue=_catalogue_of(path, settings))

    @classmethod
    def init(cls, folder: Path | str, *, county: str, title: str = "") -> Workspace:
        """Make a workspace for a county out of the public figures that come with the package."""
        from levelup.store.bundled import copy_bundled
        from levelup.verdicts.stage import build_scope

        path = Path(folder)
        if (path / FILE).exists():
            raise InputError("the folder must not hold a workspace yet", got=str(path / FILE), next="Name another folder.")
        copy_bundled(path / STORE)
        try:
            scope = build_scope(
                Store.open(path / STORE), Settings(title=title or county, county=county), catalogue=load_catalogue()
            )
        except LevelupError:
            shutil.rmtree(path / STORE, ignore_errors=True)
            raise
        write_settings(path, Settings(title=title or scope.county.name, county=county))
        return cls.open(path)

    @classmethod
    def demo(cls, folder: Path | str) -> Workspace:
        """Copy the bundled Essex workspace into a folder, or open the copy that is there."""
        from levelup.store.bundled import copy_bundled

        path = Path(folder)
        if not (path / FILE).exists():
            copy_bundled(path / STORE)
            with resources.as_file(resources.files("levelup") / "bundled" / "essex" / FILE) as settings:
                shutil.copyfile(settings, path / FILE)
        return cls.open(path)

    def import_published(self, path: Path, *, source: str = "", progress: Progress = _silent) -> tuple[ImportReport, ...]:
        """Import one published file as the named source, or every source found in a folder."""
        from levelup.store.ingest import import_all, import_source

        if not source:
            found = import_all(
                self.store,
                self.catalogue,
                path,
                progress=lambda done, total, title: progress(f"Importing {title}", done / max(total, 1)),
            )
            return tuple(found)
        if source not in self.catalogue.sources:
            known = ", ".join(self.catalogue.sources)
            raise InputError("--source must be one of the catalogue's", got=source, next=f"Use one of: {known}.")
        return (import_source(self.store, source, catalogue=self.catalogue, path=path),)

    def propose(self, path: Path, *, sheet: str | None = None, mapping: Path | None = None, **said: str) -> Proposal:
        """Read a person's own table and propose what its columns mean, or recognise it from a saved mapping.

        `said` may hold polarity, unit, name, place and period: what holds where the table does not say it.
        """
        stated = Stated(**said)
        return propose_table(self.store, path, folder=self.folder / MAPPINGS, sheet=sheet, mapping=mapping, stated=stated)

    def import_table(self, proposal: Proposal) -> ImportReport:
        """Store a table whose mapping is confirmed; its mapping and its indicators are kept in the workspace."""
        require_polarity(proposal)
        report, entries = import_proposal(self.store, proposal, home=self.folder)
        write_own(self.folder, entries)
        self.catalogue = _catalogue_of(self.folder, self.settings)
        return report

    @staticmethod
    def check_catalogue() -> tuple[str, ...]:
        """Return the faults of the shipped catalogue."""
        from levelup.catalogue.check import check_catalogue

        return check_catalogue(load_catalogue())

    def check(self) -> tuple[str, ...]:
        """Return the faults of catalogue, settings and releases; none where all is in order."""
        from levelup.publish.own_tables import read_own_rule
        from levelup.verdicts.stage import build_scope

        faults = list(self.check_catalogue())
        try:
            self.store.verify()
            build_scope(self.store, self.settings, catalogue=self.catalogue)
            read_own_rule(self.settings.profile, folder=self.folder)
        except (StoreError, InputError) as fault:
            faults.append(str(fault))
        return tuple(faults)

    def gap(
        self, indicator: str, *, place: str = "", window: str = "", dates: tuple[str, str] | None = None
    ) -> tuple[Answer, ...]:
        """Return the verdicts on one indicator's gaps, over the usual windows or between two dates asked for."""
        from levelup.publish.account_json import account_as_dict
        from levelup.publish.own_tables import explain_hidden
        from levelup.publish.sentence import say_verdict
        from levelup.publish.verdict_json import verdict_as_dict
        from levelup.verdicts.account import key_of
        from levelup.verdicts.stage import build_scope, follow_scope
        from levelup.verdicts.table_row import any_period

        if indicator in self.catalogue.stratifiers:
            name = self.catalogue.stratifiers[indicator].name
            raise GuardRailError(
                "a deprivation index ranks places against each other and cannot show a change",
                got=f"{indicator} ({name})",
                next="Use it to order places (`order.stratifier` in levelup.toml) and ask for an outcome instead.",
                code="guard-rail",
            )
        if indicator not in self.catalogue.indicators:
            raise InputError(
                "INDICATOR must be an id of the catalogue",
                got=indicator,
                next="See docs/reference/indicators.md, or the report's indicator pages.",
            )
        store, own = self._shown()
        scope = build_scope(store, self.settings, catalogue=self.catalogue)
        if dates is not None:
            scope = replace(scope, dates=(any_period(dates[0]), any_period(dates[1])))
        entry = self.catalogue.indicators[indicator]
        followed = explain_hidden(follow_scope(store, scope, catalogue=self.catalogue, only=(indicator,)), own)
        kept = [v for v in followed.verdicts if place in ("", v.place, v.lower.place, v.upper.place) and window in ("", v.window)]
        return tuple(
            Answer(
                verdict_as_dict(verdict, sentence=(said := say_verdict(verdict, indicator=entry)))
                | {"account": account_as_dict(followed.accounts[key_of(verdict)])},
                said,
            )
            for verdict in kept
        )

    @staticmethod
    def verdict(file: Path, *, sheet: str | None = None) -> tuple[Answer, ...]:
        """Judge every indicator of a table of one's own."""
        from levelup.publish.own_verdict import judge_file

        return judge_file(file, sheet=sheet)

    @staticmethod
    def mix(file: Path, *, sheet: str | None = None) -> tuple[Answer, ...]:
        """Split every place's change in a table of one's own into people's own change and the mix of people."""
        from levelup.publish.own_verdict import split_file

        return split_file(file, sheet=sheet)

    @staticmethod
    def ceiling(file: Path, *, sheet: str | None = None, **chosen: Any) -> Answer:
        """Compare two groups of persons of a table of one's own low down, in the middle and at the top."""
        from levelup.publish.own_verdict import compare_file

        return compare_file(file, sheet=sheet, **chosen)

    @staticmethod
    def list_measures() -> list[dict[str, Any]]:
        """Return every measure: name, abbreviation, conventions, parameters, what it needs."""
        from levelup.measures.listing import list_measures

        return list_measures()

    @staticmethod
    def measure(name: str, file: Path, **options: Any) -> Answer:
        """Compute one measure of inequality from a table of one's own; options as in `publish.own_answer.measure_file`."""
        from levelup.publish.own_answer import measure_file

        return measure_file(name, file, **options)

    @staticmethod
    def measure_change(name: str, before: Path, after: Path, **texts: Any) -> Answer:
        """Compute how one measure changed between two tables; options as in `measures.change_table`, as texts."""
        from levelup.publish.own_answer import measure_change

        return measure_change(name, before, after, **texts)

    @staticmethod
    def measure_persons(name: str, file: Path, *, profile: str = "", **options: Any) -> Records:
        """Compute one measure for every group of a table of persons; options as in `measures.stage.measure_persons`.

        `profile` names a rule of disclosure control by which small groups are hidden.
        """
        from levelup.measures.stage import measure_persons
        from levelup.publish.shown_persons import hide_small_groups, split_subjects

        found = measure_persons(file, name=name, **options)
        if not profile:
            return found
        persons = measure_persons(file, name="mean", **split_subjects(options)) if options.get("between") else found
        return hide_small_groups(found, persons, profile=profile)

    @staticmethod
    def ingest_persons(file: Path, folder: Path, *, sort: str, keep: str = "", **options: Any) -> Any:
        """Write a table of persons anew, sorted, with numbers for texts; columns with commas between; `is_replacing` or not."""
        from levelup.measures.persons.registry import split_names
        from levelup.store.person_ingest import ingest_persons

        return ingest_persons(file, folder, sort=split_names(sort), keep=split_names(keep), **options)

    @staticmethod
    def warn_of_small_groups(found: Records) -> str:
        """Return a warning where groups of persons are too small to publish what was read of them, '' where none is."""
        from levelup.publish.shown_persons import warn_of_small_groups

        return warn_of_small_groups(found)

    @staticmethod
    def list_profiles() -> list[dict[str, Any]]:
        """Return the profiles of disclosure control that come with the package."""
        from levelup.publish.protected import list_profiles

        return list_profiles()

    @staticmethod
    def protect(file: Path, **options: Any) -> Answer:
        """Protect a table of counts and write it into a folder; options as in `publish.protected.protect_file`."""
        from levelup.publish.protected import protect_file

        return protect_file(file, **options)

    @staticmethod
    def attack(file: Path, **options: Any) -> Answer:
        """Attack a published table; options as in `publish.attacked.attack_file`."""
        from levelup.publish.attacked import attack_file

        return attack_file(file, **options)

    @staticmethod
    def list_pay_rules() -> Answer:
        """Return every rule and parameter of pay gaps, with what is open."""
        from levelup.publish.payroll import list_pay_rules

        return list_pay_rules()

    @staticmethod
    def pay(file: Path, **options: Any) -> Answer:
        """Work out an employer's pay gaps; options as in `publish.payroll.pay_file`."""
        from levelup.publish.payroll import pay_file

        return pay_file(file, **options)

    def report(self, out: Path | str, *, as_at: str = "", progress: Progress = _silent) -> ReportResult:
        """Write the whole report into a folder and return what it found."""
        from levelup.publish.report import write_report
        from levelup.publish.terminal import report_result

        began, folder = time.perf_counter(), Path(out)
        publication = self._publish(as_at or date.today().isoformat(), progress=progress)
        run: dict[str, object] = {
            "time": {"written": date.today().isoformat()},
            "workspace": os.path.relpath(self.folder.resolve(), folder.resolve()),
            "settings": asdict(self.settings),
        }
        write_report(publication, folder, run=run, progress=lambda label, share: progress(label, 0.35 + 0.65 * share))
        return report_result(publication, folder, seconds=time.perf_counter() - began)

    def _publish(self, as_at: str, *, progress: Progress) -> Any:
        """Return the publication: everything a report says."""
        from levelup.measures.stage import measure_scope
        from levelup.publish.own_tables import explain_hidden
        from levelup.publish.publication import MeasuredGap
        from levelup.publish.stage import assemble
        from levelup.verdicts.stage import build_scope, follow_scope, follow_small_areas, forecast_scope, sweep_nation

        progress("Finding places and their order", 0.01)
        store, own = self._shown()
        scope = build_scope(store, self.settings, catalogue=self.catalogue)
        followed = follow_scope(
            store, scope, catalogue=self.catalogue, progress=lambda share: progress("Judging every gap", 0.02 + 0.22 * share)
        )
        progress("Forecasting", 0.24)
        fans = forecast_scope(store, scope, catalogue=self.catalogue)
        progress("Sweeping the nation's authorities", 0.27)
        nationwide = sweep_nation(store, scope, catalogue=self.catalogue)
        progress("Measuring inequality", 0.3)
        measured = measure_scope(store, districts=scope.districts, population=scope.population, catalogue=self.catalogue)
        progress("Setting the report together", 0.32)
        return assemble(
            store,
            scope=scope,
            settings=self.settings,
            catalogue=self.catalogue,
            followed=explain_hidden(followed, own),
            fans=fans,
            nationwide=nationwide,
            small_areas=follow_small_areas(store, scope, catalogue=self.catalogue),
            measured=tuple(MeasuredGap(*found) for found in measured),
            as_at=as_at,
            version=__version__,
            protected=own,
        )

    def _shown(self) -> tuple[Store, Any]:
        """Return the store as everybody may see it: own tables pass the gate before anything is made of them."""
        from levelup.publish.own_tables import protect_own

        return protect_own(self.store, catalogue=self.catalogue, profile=self.settings.profile, folder=self.folder)

    @classmethod
    def verify(cls, run: Path | str, *, workspace: Path | None = None, progress: Progress = _silent) -> VerifyResult:
        """Recompute every published number of a report from the releases it names.

        Raises
        ------
        VerifyError
            A file differs from what the releases give; every one is named.
        """
        from levelup.publish.own_tables import pin_releases
        from levelup.publish.report import render
        from levelup.publish.terminal import verify_result
        from levelup.publish.verify import compare, find_folder, read_run, require_same

        path = Path(run)
        record = read_run(path)
        folder = find_folder(record, path, named=workspace, holds=STORE)
        pinned = pin_releases(Store.open(folder / STORE), record["releases"])  # type: ignore[arg-type]
        pinned.verify()
        settings = settings_from(record["settings"])
        held = cls(folder, settings=settings, store=pinned, catalogue=_catalogue_of(folder, settings))
        publication = held._publish(str(record["as_at"]), progress=progress)
        with tempfile.TemporaryDirectory(prefix="levelup-verify-") as temporary:
            render(publication, Path(temporary), progress=lambda label, share: progress(f"{label} again", 0.35 + 0.6 * share))
            differences = compare(path.parent, Path(temporary), recorded=record["files"])  # type: ignore[arg-type]
        progress("Done", 1.0)
        require_same(differences)
        return verify_result(publication, path, files=len(record["files"]))  # type: ignore[arg-type]

    @staticmethod
    def serve(report: Path | str, *, port: int = 8000) -> ThreadingHTTPServer:
        """Return a server that shows a finished report on this machine only; it runs when `serve_forever` is called."""
        from levelup.publish.preview import make_server

        return make_server(Path(report), port=port)

    @staticmethod
    def fetch(source: str, *, progress: Progress = _silent, **options: Any) -> dict[str, Any]:
        """Download a published file from its publisher's address; options as in `store.download.download_source`."""
        from levelup.store.download import download_source

        return download_source(source, progress=progress, **options)


def _catalogue_of(folder: Path, settings: Settings) -> Catalogue:
    """Return the catalogue with a workspace's own indicators and its own smallest changes that matter."""
    return with_margins(with_own(load_catalogue(), folder), settings.smallest_change)
