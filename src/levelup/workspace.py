"""The one object a caller holds: opens a workspace and offers a short method for every verb."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date
from http.server import ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

from levelup import __version__
from levelup.catalogue.check import check_catalogue
from levelup.catalogue.entry import Catalogue
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.margin import with_margins
from levelup.catalogue.own import with_own, write_own
from levelup.catalogue.settings import FILE, Settings, read_settings, settings_from, write_settings
from levelup.measures.change_table import change_options, change_table
from levelup.measures.listing import list_measures
from levelup.measures.persons.measure import PersonReadings
from levelup.measures.persons.registry import split_names
from levelup.measures.request import check_request, parse_parameters, parse_roles, with_bounds
from levelup.measures.stage import measure_persons, measure_scope
from levelup.measures.table import measure_table
from levelup.publish.account_json import account_as_dict
from levelup.publish.answer import Answer
from levelup.publish.attacked import attack_file
from levelup.publish.ceiling_words import say_ceiling
from levelup.publish.change_words import answer_change
from levelup.publish.measurement_words import measure_sentence
from levelup.publish.payroll import list_pay_rules, pay_file
from levelup.publish.preview import make_server
from levelup.publish.protected import list_profiles, protect_file
from levelup.publish.publication import MeasuredGap, Publication
from levelup.publish.report import render, write_report
from levelup.publish.sentence import say_verdict
from levelup.publish.stage import assemble
from levelup.publish.terminal import ReportResult, VerifyResult, report_result, table_sentence, verify_result
from levelup.publish.verdict_json import verdict_as_dict
from levelup.publish.verify import compare, read_run
from levelup.sources import read_columns
from levelup.sources.fetch import fetch as fetch_file
from levelup.store.addition import ImportReport
from levelup.store.bundled import copy_bundled
from levelup.store.ingest import import_all, import_source
from levelup.store.own import Proposal, Stated, import_proposal, propose_table, require_polarity
from levelup.store.person_ingest import IngestedPersons, ingest_persons
from levelup.store.store import Store
from levelup.terms.errors import GuardRailError, InputError, LevelupError, Refusal, StoreError, VerifyError
from levelup.verdicts.account import key_of
from levelup.verdicts.ceiling_table import ceiling_table
from levelup.verdicts.mixing_table import mix_table, without_cells
from levelup.verdicts.stage import build_scope, follow_scope, follow_small_areas, forecast_scope, sweep_nation
from levelup.verdicts.table import verdict_table
from levelup.verdicts.table_row import any_period

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
        path = Path(folder)
        if not (path / FILE).exists():
            copy_bundled(path / STORE)
            with resources.as_file(resources.files("levelup") / "bundled" / "essex" / FILE) as settings:
                shutil.copyfile(settings, path / FILE)
        return cls.open(path)

    def import_published(self, path: Path, *, source: str = "", progress: Progress = _silent) -> tuple[ImportReport, ...]:
        """Import one published file as the named source, or every source found in a folder."""
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
        return check_catalogue(load_catalogue())

    def check(self) -> tuple[str, ...]:
        """Return the faults of catalogue, settings and releases; none where all is in order."""
        faults = list(self.check_catalogue())
        try:
            self.store.verify()
            build_scope(self.store, self.settings, catalogue=self.catalogue)
        except (StoreError, InputError) as fault:
            faults.append(str(fault))
        return tuple(faults)

    def gap(
        self, indicator: str, *, place: str = "", window: str = "", dates: tuple[str, str] | None = None
    ) -> tuple[Answer, ...]:
        """Return the verdicts on one indicator's gaps, over the usual windows or between two dates asked for."""
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
        scope = build_scope(self.store, self.settings, catalogue=self.catalogue)
        if dates is not None:
            scope = replace(scope, dates=(any_period(dates[0]), any_period(dates[1])))
        entry = self.catalogue.indicators[indicator]
        followed = follow_scope(self.store, scope, catalogue=self.catalogue, only=(indicator,))
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
        found = verdict_table(read_columns(file, sheet=sheet), file=file.name)
        return tuple(_answer(verdict, table_sentence(verdict)) for verdict in found)

    @staticmethod
    def mix(file: Path, *, sheet: str | None = None) -> tuple[Answer, ...]:
        """Split every place's change in a table of one's own into people's own change and the mix of people."""
        with without_cells():
            found = mix_table(read_columns(file, sheet=sheet), file=file.name)
        return tuple(Answer(item.as_dict(), item.sentence()) for item in found)

    @staticmethod
    def ceiling(file: Path, *, sheet: str | None = None, **chosen: Any) -> Answer:
        """Compare two groups of persons of a table of one's own low down, in the middle and at the top."""
        found = ceiling_table(read_columns(file, sheet=sheet), file=file.name, sheet=sheet or "", **chosen)
        return Answer(found.as_dict(), say_ceiling(found))

    @staticmethod
    def list_measures() -> list[dict[str, Any]]:
        """Return every measure: name, abbreviation, conventions, parameters, what it needs."""
        return list_measures()

    @staticmethod
    def measure(
        name: str,
        file: Path,
        *,
        sheet: str | None = None,
        parameters: Iterable[str] = (),
        further: Iterable[str] = (),
        **columns: Any,
    ) -> Answer:
        """Compute one measure of inequality from a table of one's own; options as in `measures.table`, as texts."""
        chosen = {key: text for key, text in columns.items() if text is not None}
        roles = parse_roles(further)
        check_request(
            name,
            value=chosen.get("value"),
            polarity=chosen.get("polarity"),
            convention=chosen.get("convention"),
            further=roles,
        )
        result = measure_table(
            read_columns(file, sheet=sheet),
            name=name,
            parameters=parse_parameters(parameters),
            further=roles,
            **with_bounds(chosen),
        )
        record = {"refusal": result.as_dict()} if isinstance(result, Refusal) else result.as_dict()
        return Answer(record, measure_sentence(result))

    @staticmethod
    def measure_change(name: str, before: Path, after: Path, *, sheet: str | None = None, **texts: Any) -> Answer:
        """Compute how one measure changed between two tables; options as in `measures.change_table`, as texts."""
        asked = change_options(name, texts) | {"files": (before.name, after.name)}
        return answer_change(change_table(read_columns(before, sheet=sheet), read_columns(after, sheet=sheet), **asked))

    @staticmethod
    def measure_persons(name: str, file: Path, **options: Any) -> PersonReadings:
        """Compute one measure for every group of a table of persons; options as in `measures.stage.measure_persons`."""
        return measure_persons(file, name=name, **options)

    @staticmethod
    def ingest_persons(file: Path, folder: Path, *, sort: str, keep: str = "", **options: Any) -> IngestedPersons:
        """Write a table of persons anew, sorted, with numbers for texts; columns with commas between; `is_replacing` or not."""
        return ingest_persons(file, folder, sort=split_names(sort), keep=split_names(keep), **options)

    list_profiles = staticmethod(list_profiles)
    protect = staticmethod(protect_file)
    attack = staticmethod(attack_file)
    list_pay_rules = staticmethod(list_pay_rules)
    pay = staticmethod(pay_file)

    def report(self, out: Path | str, *, as_at: str = "", progress: Progress = _silent) -> ReportResult:
        """Write the whole report into a folder and return what it found."""
        began, folder = time.perf_counter(), Path(out)
        publication = self._publish(as_at or date.today().isoformat(), progress=progress)
        run: dict[str, object] = {
            "time": {"written": date.today().isoformat()},
            "workspace": os.path.relpath(self.folder.resolve(), folder.resolve()),
            "settings": asdict(self.settings),
        }
        write_report(publication, folder, run=run, progress=lambda label, share: progress(label, 0.35 + 0.65 * share))
        return report_result(publication, folder, seconds=time.perf_counter() - began)

    def _publish(self, as_at: str, *, progress: Progress) -> Publication:
        progress("Finding places and their order", 0.01)
        scope = build_scope(self.store, self.settings, catalogue=self.catalogue)
        followed = follow_scope(
            self.store, scope, catalogue=self.catalogue, progress=lambda share: progress("Judging every gap", 0.02 + 0.22 * share)
        )
        progress("Forecasting", 0.24)
        fans = forecast_scope(self.store, scope, catalogue=self.catalogue)
        progress("Sweeping the nation's authorities", 0.27)
        nationwide = sweep_nation(self.store, scope, catalogue=self.catalogue)
        progress("Measuring inequality", 0.3)
        measured = measure_scope(self.store, districts=scope.districts, population=scope.population, catalogue=self.catalogue)
        progress("Setting the report together", 0.32)
        return assemble(
            self.store,
            scope=scope,
            settings=self.settings,
            catalogue=self.catalogue,
            followed=followed,
            fans=fans,
            nationwide=nationwide,
            small_areas=follow_small_areas(self.store, scope, catalogue=self.catalogue),
            measured=tuple(MeasuredGap(*found) for found in measured),
            as_at=as_at,
            version=__version__,
        )

    @classmethod
    def verify(cls, run: Path | str, *, workspace: Path | None = None, progress: Progress = _silent) -> VerifyResult:
        """Recompute every published number of a report from the releases it names.

        Raises
        ------
        VerifyError
            A file differs from what the releases give; every one is named.
        """
        path = Path(run)
        record = read_run(path)
        folder = workspace or (path.parent / str(record["workspace"])).resolve()
        if not (folder / STORE).is_dir():
            raise InputError(
                "the report's workspace must be where its run.json says, or be named",
                got=f"no store in {folder}",
                where=str(path),
                next="If the report or the workspace was moved, pass --workspace FOLDER.",
            )
        notes: list[dict[str, Any]] = record["releases"]  # type: ignore[assignment]
        pinned = Store.open(folder / STORE).at({note["dataset"]: note["id"] for note in notes})
        pinned.verify()
        settings = settings_from(record["settings"])
        held = cls(folder, settings=settings, store=pinned, catalogue=_catalogue_of(folder, settings))
        publication = held._publish(str(record["as_at"]), progress=progress)
        with tempfile.TemporaryDirectory(prefix="levelup-verify-") as temporary:
            render(publication, Path(temporary), progress=lambda label, share: progress(f"{label} again", 0.35 + 0.6 * share))
            differences = compare(path.parent, Path(temporary), recorded=record["files"])  # type: ignore[arg-type]
        progress("Done", 1.0)
        if differences:
            shown = "\n".join(f"  {item.file}: {item.what}" for item in differences[:20])
            more = f"\n  ... and {len(differences) - 20} more" if len(differences) > 20 else ""
            raise VerifyError(
                f"every published file must be what the releases give; {len(differences)} differ:\n{shown}{more}",
                next="\nMake the report again with `levelup report`, or find out who changed these files.",
                differences=[{"file": item.file, "what": item.what} for item in differences],
            )
        return verify_result(publication, path, files=len(record["files"]))  # type: ignore[arg-type]

    @staticmethod
    def serve(report: Path | str, *, port: int = 8000) -> ThreadingHTTPServer:
        """Return a server that shows a finished report on this machine only; it runs when `serve_forever` is called."""
        return make_server(Path(report), port=port)

    @staticmethod
    def fetch(
        source: str,
        *,
        folder: Path,
        address: str = "",
        sha256: str = "",
        max_bytes: int,
        timeout: float,
        progress: Progress = _silent,
    ) -> dict[str, Any]:
        """Download a published file from its publisher's address, or from another that is named."""
        catalogue = load_catalogue()
        if source not in catalogue.sources:
            raise InputError(
                "SOURCE must be one of the catalogue's", got=source, next=f"Use one of: {', '.join(catalogue.sources)}."
            )
        entry = catalogue.sources[source]
        fetched = fetch_file(
            address or entry.address,
            folder=folder,
            expected_sha256=sha256 or None,
            licence=catalogue.licences[entry.licence].name,
            max_bytes=max_bytes,
            timeout=timeout,
            progress=lambda done, total: progress(f"Fetching {source}", done / total if total else 0.0),
        )
        return {key: str(value) if isinstance(value, Path) else value for key, value in asdict(fetched).items()}


def _catalogue_of(folder: Path, settings: Settings) -> Catalogue:
    """Return the catalogue with a workspace's own indicators and its own smallest changes that matter."""
    return with_margins(with_own(load_catalogue(), folder), settings.smallest_change)


def _answer(verdict: Any, sentence: str) -> Answer:
    return Answer(verdict_as_dict(verdict, sentence=sentence), sentence)
