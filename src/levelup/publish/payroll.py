"""A payroll from file to pay gaps: read in memory, worked out, said, and written only where that is asked for."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from levelup.duties.pay.action_plan import Plan
from levelup.duties.pay.calendar import last_snapshot, regulations_at
from levelup.duties.pay.cells import Cells
from levelup.duties.pay.compute import Part, mapping_of, pay_report
from levelup.duties.pay.earlier import Figures
from levelup.duties.pay.gaps import as_json
from levelup.duties.pay.mapping import LABELS, PayMapping, guess_mapping, labels_text, mapping_text, parse_mapping, read_roles
from levelup.duties.pay.newcomer import stand_among
from levelup.duties.pay.peers import Peers
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.rules import DEFAULT, Rules, change_rules, read_rules
from levelup.duties.pay.trend import FIGURES, Break, figures_of
from levelup.duties.pay.who import count_heads
from levelup.publish.answer import Answer
from levelup.publish.payroll_inputs import read_earlier_files, read_peer_files, read_plan_file, text_of
from levelup.publish.payroll_words import rules_record, say_pay_report
from levelup.sources import read_table
from levelup.store.payroll_file import read_header, read_large
from levelup.terms.errors import DataFaults, Fault, InputError, LevelupError

Progress = Callable[[str, float], None]
_PUBLIC_LAW = "2017/353"
_FIGURES = ("money", "hours")
_KNOWN = 2
"""So many headers must be known before any header is named in a message: without a header row they would be a person's."""
_ROWS_SHOWN = 6
"""So many rows of one kind of fault a message names."""
_ROW = re.compile(r"\brow (\d+)\b")


@dataclass(frozen=True, slots=True, repr=False)
class _Extract:
    """A table as read: its columns, the number of each row in the file, what is wrong with the file, and what was assumed."""

    file: str
    columns: Mapping[str, Cells]
    rows: Sequence[int] | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What goes into the report besides the extract."""

    snapshot: date
    employer: str
    mapping: PayMapping | None
    own_labels: Mapping[str, Mapping[str, str]]
    rules: Rules
    plan: Plan | None
    earlier: dict[int, Figures]
    breaks: tuple[Break, ...]
    part: Part


def list_pay_rules() -> Answer:
    """Return every rule and parameter of pay gaps: paragraph, source, how well it is known, and what is open."""
    record, words = rules_record(read_rules())
    return Answer(record, words)


def pay_file(
    file: Path,
    *,
    snapshot: str,
    employer: str = "",
    sheet: str | None = None,
    mapping: Path | None = None,
    save_mapping: Path | None = None,
    hours: Path | None = None,
    plan: Path | None = None,
    earlier: Sequence[Path] = (),
    breaks: Iterable[str] = (),
    peers: Sequence[Path] = (),
    settings: Iterable[str] = (),
    out: Path | None = None,
    progress: Progress = lambda label, share: None,
) -> Answer:
    """Work out an employer's pay gaps from a payroll extract, or from a sheet already worked out.

    Parameters
    ----------
    file : Path
        CSV or workbook; it is read where it lies, kept in memory, and stored nowhere.
    snapshot : str
        31 March or 5 April of a year, as 2026-03-31.
    employer : str
        Its name.
    sheet : str, optional
        A workbook's sheet.
    mapping, save_mapping : Path, optional
        What the columns mean, as saved earlier; where to save what they are taken to mean.
    hours : Path, optional
        Hours week by week.
    plan : Path, optional
        An action plan as YAML.
    earlier : sequence of Path
        Returns of earlier years.
    breaks : iterable of str
        From which year figures mean something else than before, as YEAR=REASON or YEAR,bonus=REASON.
    peers : sequence of Path
        All published returns: the service's yearly CSV files, or Parquet files with `reporting_year`.
    settings : iterable of str
        Parameters of the rules as NAME=VALUE.
    out : Path, optional
        The folder that sheets, page and return are written into; without it nothing is written, and only the law's figures are
        worked out.
    progress : callable
        Told what is being done, and what share is done.

    Returns
    -------
    Answer
        The six calculations as the stable record, and words.

    Raises
    ------
    InputError, DataFaults
        As `levelup.duties.pay.compute.pay_report`, and for what is wrong with a file. No cell of a personal file is in any
        message.
    """
    progress("Reading", 0.02)
    stated, own_labels = _read_mapping(mapping)
    published = read_peer_files(peers, employer=employer)
    asked = _Asked(
        _day(snapshot), employer.strip(), stated, own_labels, parse_settings(settings), read_plan_file(plan),
        read_earlier_files(earlier, employer=employer), tuple(map(parse_break, breaks)), "law" if out is None else "all",
    )  # fmt: skip
    saved = ""
    report = None if save_mapping else _try_large(file, hours, asked, progress=progress)
    if report is None:
        extract = _read_extract(file, sheet=sheet, stated=stated)
        weeks = None if hours is None else _read_extract(hours, sheet=None, stated=None, part="weeks")
        progress("Working out hourly pay", 0.4)
        try:
            report = _work(extract, weeks, asked)
        except LevelupError as fault:
            _add_to(fault, _save_mapping(extract, save_mapping, asked=asked))
            raise
        saved = _save_mapping(extract, save_mapping, asked=asked)
    report = _with_day(_with_peers(report, published))
    written: list[Path] = []
    if out is not None:
        # Pages and sheets take longer to load than six figures to work out.
        from levelup.publish.pay_report import write_pay_report

        progress("Writing", 0.7)
        written = write_pay_report(report, out)
    progress("Done", 1.0)
    said = (say_pay_report(report, out=out, files=written), *([saved] if saved else []))
    return Answer(as_json(report.gaps), "\n\n".join(said))


def parse_settings(settings: Iterable[str]) -> Rules:
    """Read parameters of the rules from NAME=VALUE.

    Examples
    --------
    >>> parse_settings(["days_in_month=30", "halves=even"]).changed
    (('days_in_month', 30.0), ('halves', 'even'))
    """
    rules = DEFAULT
    for text in settings:
        name, is_said, value = (part.strip() for part in text.partition("="))
        if not is_said:
            raise InputError("--set must be NAME=VALUE", got=repr(text), next="`levelup pay --list-rules` lists every name.")
        parameter = read_rules().parameters.get(name)
        is_number = parameter is not None and not parameter.choices and re.fullmatch(r"\d+(\.\d*)?|\.\d+", value)
        rules = change_rules(rules, **{name: float(value) if is_number else value})
    return rules


def parse_break(text: str) -> Break:
    """Read a break of the series from YEAR=REASON, or from YEAR,KIND=REASON for hourly or bonus figures alone.

    Examples
    --------
    >>> parse_break("2025,bonus=Long service awards count.").figures[:2]
    ('mean_bonus_gap', 'median_bonus_gap')
    """
    left, _, reason = text.partition("=")
    year, _, kind = (part.strip() for part in left.partition(","))
    if not re.fullmatch(r"20\d\d", year) or not reason.strip() or kind not in ("", "hourly", "bonus"):
        raise InputError("--break must be YEAR=REASON", got=repr(text), next="Or YEAR,hourly=REASON, or YEAR,bonus=REASON.")
    figures = tuple(name for name in FIGURES if kind and ("bonus" in name) == (kind == "bonus"))
    return Break(int(year), reason.strip().rstrip("."), figures)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        last = " or ".join(
            f"{last_snapshot(date.today(), number=found.number).isoformat()} ({found.who})" for found in read_rules().regulations
        )
        said = "--snapshot must be a date such as 2026-03-31" if text.strip() else "--snapshot must be given"
        raise InputError(said, got=repr(text) if text.strip() else "", next=f"The last snapshot date was {last}.") from None


def _try_large(file: Path, hours: Path | None, asked: _Asked, *, progress: Progress) -> PayReport | None:
    """Return the report of a large, clean file read by the engine; None where the plain reader must look at it row by row."""
    names = read_header(file) if hours is None else ()
    if not names:
        return None
    chosen, kind = mapping_of(names, stated=asked.mapping)
    held = {role: columns for role, columns in chosen.roles.items() if asked.part == "all" or role not in LABELS}
    if _count_known(names, asked.mapping) < _KNOWN or not {name for columns in held.values() for name in columns} <= set(names):
        return None
    kinds = read_roles(kind)
    wanted: dict[str, list[str]] = {"figures": [], "days": [], "texts": []}
    for role, found in held.items():
        kind_of = kinds[role].kind
        wanted["figures" if kind_of in _FIGURES else "days" if kind_of == "date" else "texts"] += found
    columns = read_large(file, **wanted)
    if columns is None:
        return None
    progress("Working out hourly pay", 0.4)
    unread = np.broadcast_to(np.array("", dtype=np.object_), len(next(iter(columns.values()))))
    try:
        return _report_of(_Extract(file.name, {name: columns.get(name, unread) for name in names}, None), None, asked)
    except LevelupError:
        return None


def _count_known(names: Sequence[str], stated: PayMapping | None, *, part: str = "") -> int:
    """Return how many headers are known, by the mapping or by their words."""
    named = set() if stated is None else {name for held in stated.roles.values() for name in held} & set(names)
    parts = (part,) if part else ("extract", "worked")
    return max(len(named), *(len(guess_mapping(names, part=name).roles) for name in parts))


def _read_extract(path: Path, *, sheet: str | None, stated: PayMapping | None, part: str = "") -> _Extract:
    """Read a personal table; what is wrong with the file is kept without any cell's content."""
    table = read_table(path, sheet=sheet)
    if len(table.header_rows) > 1:
        levels = [read_table(path, sheet=sheet, header=(number,)) for number in table.header_rows]
        table = max(levels, key=lambda level: _count_known(level.headers, stated, part=part))
    if _count_known(table.headers, stated, part=part) < _KNOWN:
        raise InputError(
            "the table must begin with a row of column names, of which at least two are known",
            where=path.name,
            next="Nothing was written. State by --mapping what each column means, or name the columns as docs/how-to/pay-gaps.md "
            "lists them.",
        )
    if table.decimal != ".":
        raise InputError(
            "numbers must have a point before the decimals, not a comma", where=path.name, next="Nothing was written."
        )
    faults = tuple(replace(fault, got="") for fault in table.faults)
    remarks = tuple(f"{path.name}: {remark}." for remark in table.remarks)
    return _Extract(path.name, table.columns, table.numbers, faults, remarks)


def _work(extract: _Extract, weeks: _Extract | None, asked: _Asked) -> PayReport:
    """Return the report, or raise every fault of the files and of what they hold at once."""
    found = [*extract.faults, *(weeks.faults if weeks else ()), *_broken_cells(extract, stated=asked.mapping)]
    report = None
    try:
        report = _report_of(extract, weeks, asked)
    except DataFaults as fault:
        own = {extract.file: extract, "hours by week": weeks or extract}
        found += [_at_home(item, own[item.file]) for item in fault.faults]
    if found or report is None:
        raise DataFaults(found)
    return replace(report, remarks=(*extract.remarks, *(weeks.remarks if weeks else ()), *report.remarks))


def _broken_cells(extract: _Extract, *, stated: PayMapping | None) -> list[Fault]:
    """Return every cell with a line break in a column that is read: an open quotation mark swallows the rows after it."""
    chosen, _ = mapping_of(list(extract.columns), stated=stated)
    rule = "must be on one line: a quotation mark left open makes one cell of the rows after it, and nobody in them is counted"
    faults = []
    for name in dict.fromkeys(name for held in chosen.roles.values() for name in held):
        cells = extract.columns.get(name, ())
        texts = [cell for cell in cells if isinstance(cell, str)]
        if "\n" in (joined := "\t".join(texts)) or "\r" in joined:
            broken = [at for at, cell in enumerate(cells) if isinstance(cell, str) and ("\n" in cell or "\r" in cell)]
            faults += [
                Fault(extract.file, "", at + 2 if extract.rows is None else extract.rows[at], name, "", rule) for at in broken
            ]
    return faults


def _report_of(extract: _Extract, weeks: _Extract | None, asked: _Asked) -> PayReport:
    return pay_report(
        extract.columns,
        snapshot=asked.snapshot,
        employer=asked.employer,
        file=extract.file,
        mapping=asked.mapping,
        rows=extract.rows,
        hours=None if weeks is None else weeks.columns,
        rules=asked.rules,
        own_labels=asked.own_labels,
        plan=asked.plan,
        earlier=asked.earlier,
        breaks=asked.breaks,
        part=asked.part,
    )


def _at_home(fault: Fault, extract: _Extract) -> Fault:
    """Return a fault with the file's name and its own numbers of rows, and without what the cell holds."""
    rows = extract.rows

    def number(row: int) -> int:
        return row if rows is None or not 2 <= row < len(rows) + 2 else rows[row - 2]

    rule = _ROW.sub(lambda held: f"row {number(int(held[1]))}", fault.rule)
    return replace(fault, file=extract.file, row=None if fault.row is None else number(fault.row), got="", rule=rule)


def _read_mapping(path: Path | None) -> tuple[PayMapping | None, dict[str, dict[str, str]]]:
    if path is None:
        return None, {}
    text = text_of(path)
    stated = parse_mapping(text)
    labels = tomllib.loads(text).get("labels", {})
    is_sound = isinstance(labels, dict) and all(
        isinstance(held, dict) and all(isinstance(meant, str) for meant in held.values()) for held in labels.values()
    )
    if not is_sound:
        raise InputError("labels must be tables of texts, by characteristic", where=f"{path.name} labels")
    return stated, labels


def _with_peers(report: PayReport, peers: Peers | None) -> PayReport:
    """Return a report with its employer's place among published returns, and the remark that says whose figures stand there."""
    if peers is None:
        return report
    years, near = stand_among(
        peers,
        name=report.employer,
        own=figures_of(report.gaps),
        employees=count_heads(report.worked),
        year=report.snapshot.year,
        is_public=regulations_at(report.snapshot).number == _PUBLIC_LAW,
    )
    said = (years[-1].remark,)
    return replace(
        report,
        peers=tuple((item.year, asdict(item)) for item in years),
        remarks=(*report.remarks, *said, *([near] if near else [])),
        public_remarks=(*report.public_remarks, *said),
    )


def _with_day(report: PayReport) -> PayReport:
    """Return a report with a remark where its snapshot date is still to come."""
    if report.snapshot <= date.today():
        return report
    said = "The snapshot date is still to come: who is employed and what is paid on it is not known yet."
    return replace(report, remarks=(said, *report.remarks), public_remarks=(said, *report.public_remarks))


def _add_to(fault: LevelupError, saved: str) -> None:
    """Add to a message of faults where all rows are listed, and that the mapping was saved."""
    kinds = Counter((item.file, item.column, item.rule) for item in getattr(fault, "faults", ()))
    listed = "With --json every row is listed." if any(count > _ROWS_SHOWN for count in kinds.values()) else ""
    fault.next += "".join(f"\n{text}" for text in (listed, saved) if text)
    fault.args = (fault.sentence(),)


def _save_mapping(extract: _Extract, path: Path | None, *, asked: _Asked) -> str:
    """Save what the columns are taken to mean where that is asked for, and return the sentence that says so."""
    if path is None:
        return ""
    chosen, kind = mapping_of(list(extract.columns), stated=asked.mapping)
    if kind == "worked":
        raise InputError("a mapping is saved of an extract, not of a sheet already worked out", where="--save-mapping")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(mapping_text(chosen) + labels_text(asked.own_labels))
        return f"What the columns are taken to mean was written to {path}."
    except FileExistsError:
        raise InputError("the file must not exist yet", where=str(path), next="Name another, or remove it.") from None
    except OSError as fault:
        raise InputError("the mapping must be writable", got=fault.strerror or "an error", where=str(path)) from fault
