"""A mapping as a YAML file that a person can read, edit and keep, and the saved mapping that fits a table."""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from pathlib import Path, PurePath
from typing import Any

import yaml

from levelup.terms.errors import DataFaults, Fault, InputError
from levelup.terms.polarity import Polarity
from levelup.terms.table import FIGURES, ROLES, ColumnMeaning, IndicatorMeaning, Mapping, RawTable
from levelup.terms.text import shorten, slug
from levelup.terms.unit import UNITS

VERSION = 1
_MOST_BYTES = 8_000_000
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HEAD = """\
# How one table is read. Edit anything; state the polarity of every indicator (more-is-better, less-is-better or
# nearer-zero-is-better). Roles: {roles}.
# A category or place of 'leave out' passes over its rows; 'confirmed: true' lets the mapping be used again.
"""
_UNCERTAINTIES = ("published-interval", "counts", "none")
_KINDS = ("", "calendar", "financial", "academic", "rolling", "point", "month")
_MAPPING_KEYS = frozenset(
    "version file sheet header_rows shape confirmed period_kind decimal blank fixed indicators columns missing places "
    "remarks".split()
)
_INDICATOR_KEYS = frozenset("id name match unit polarity bounds uncertainty confidence reason".split())
_COLUMN_KEYS = frozenset("name role period cohort indicator scale categories confidence reason alternatives".split())


def mapping_name(mapping: Mapping) -> str:
    """Return the file name a mapping is saved under: the table's name and sheet, and a mark of its headers."""
    mark = hashlib.sha256("\0".join(mapping.headers).encode("utf-8", errors="replace")).hexdigest()[:8]
    stem = slug(f"{PurePath(mapping.file).stem} {mapping.sheet}")[:80] or "table"
    return f"{stem}-{mark}.yaml"


def save_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping as YAML; the file is replaced whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    text = _HEAD.format(roles=", ".join(ROLES)) + yaml.dump(
        _as_data(mapping), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".new", delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except (OSError, UnicodeError) as fault:
        raise InputError(
            "mapping must be written to a folder that can be written to", got=type(fault).__name__, where=str(path)
        ) from fault


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, which a reader of the file would stumble over, and marks that do not print as escapes."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if data.isprintable() else '"')


_Dumper.add_representer(str, _Dumper.represent_str)


def _as_data(mapping: Mapping) -> dict[str, Any]:
    data: dict[str, Any] = {
        "version": mapping.version,
        "file": mapping.file,
        "sheet": mapping.sheet,
        "header_rows": list(mapping.header_rows),
        "shape": mapping.shape,
        "confirmed": mapping.confirmed,
        "period_kind": mapping.period_kind,
        "decimal": mapping.decimal,
        "blank": mapping.blank,
        "fixed": dict(mapping.fixed),
        "indicators": [
            {
                "id": each.id,
                "name": each.name,
                "match": each.match,
                "unit": each.unit,
                "polarity": each.polarity,
                "bounds": ["none" if bound is None else bound for bound in each.bounds],
                "uncertainty": each.uncertainty,
                "confidence": each.confidence,
                "reason": each.reason,
            }
            for each in mapping.indicators
        ],
        "columns": [_column_data(column) for column in mapping.columns],
        "missing": dict(mapping.missing),
        "places": dict(mapping.places),
        "remarks": list(mapping.remarks),
    }
    return data


def _column_data(column: ColumnMeaning) -> dict[str, Any]:
    data: dict[str, Any] = {"name": column.name, "role": column.role}
    for key in ("period", "cohort", "indicator"):
        if getattr(column, key):
            data[key] = getattr(column, key)
    if column.scale != 1.0:
        data["scale"] = column.scale
    if column.categories:
        data["categories"] = dict(column.categories)
    data["confidence"] = column.confidence
    if column.reason:
        data["reason"] = column.reason
    if column.alternatives:
        data["alternatives"] = list(column.alternatives)
    return data


def load_mapping(path: Path) -> Mapping:
    """Read a saved mapping and check all of it.

    Raises
    ------
    InputError
        The file is missing, too large, no YAML, or of a later version.
    DataFaults
        Every entry that is not what it must be, at once.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as fault:
        raise InputError("mapping must exist", where=str(path), code="file-missing") from fault
    except OSError as fault:
        raise InputError("mapping must be readable", got=type(fault).__name__, where=path.name, code="file-unreadable") from fault
    if len(text) > _MOST_BYTES:
        raise InputError(f"mapping must be at most {_MOST_BYTES // 1_000_000} MB", where=path.name, code="file-too-large")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
            raise InputError("mapping must use no YAML aliases", where=path.name, code="file-unreadable")
        data = yaml.load(text, Loader=_LOADER)
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as fault:
        raise InputError(
            "mapping must be YAML", got=shorten(fault, width=120), where=path.name, code="file-unreadable"
        ) from fault
    reader = _Reader(path.name)
    mapping = reader.mapping(data)
    if reader.faults:
        raise DataFaults(reader.faults)
    return mapping


class _Reader:
    """Turns the YAML's texts into a mapping and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, at: str, rule: str, got: object = "") -> None:
        self.faults.append(Fault(self.file, "", None, at, repr(shorten(got)) if got != "" else "", rule))

    def mapping(self, data: object) -> Mapping:
        top = self.table(data, "mapping", _MAPPING_KEYS)
        version = top.get("version", "")
        if version != str(VERSION):
            raise InputError(
                f"mapping's version must be {VERSION}", got=repr(version)[:40], where=self.file, next="Guess it again."
            )
        columns = tuple(
            self.column(each, f"columns[{index}]") for index, each in enumerate(self.items(top.get("columns"), "columns"))
        )
        indicators = tuple(
            self.indicator(each, f"indicators[{index}]")
            for index, each in enumerate(self.items(top.get("indicators"), "indicators"))
        )
        names = [column.name for column in columns]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault("columns", "a column must be named once", name)
        rows = tuple(int(self.number(each, "header_rows", 1.0)) for each in self.items(top.get("header_rows"), "header_rows"))
        return Mapping(
            file=self.text(top, "file", "file"),
            columns=columns,
            indicators=indicators,
            version=VERSION,
            sheet=self.text(top, "sheet", "sheet"),
            header_rows=rows,
            shape=self.one_of(top, "shape", ("long", "wide"), "long"),
            period_kind=self.one_of(top, "period_kind", _KINDS, ""),
            decimal=self.one_of(top, "decimal", (".", ","), "."),
            blank=self.one_of(top, "blank", ("fault", "absent"), "fault"),
            fixed=self.texts(top.get("fixed"), "fixed", allowed=("place", "period", "cohort")),
            missing=self.texts(top.get("missing"), "missing", values=("c", "x", "z", "u", "")),
            places=self.texts(top.get("places"), "places"),
            remarks=tuple(str(each) for each in self.items(top.get("remarks"), "remarks")),
            confirmed=self.one_of(top, "confirmed", ("true", "false"), "false") == "true",
        )

    def column(self, data: object, at: str) -> ColumnMeaning:
        entry = self.table(data, at, _COLUMN_KEYS)
        role = self.one_of(entry, "role", tuple(ROLES), "ignore", at=at)
        categories = self.texts(entry.get("categories"), f"{at}.categories")
        if role == "statistic":
            for text, figure in categories.items():
                if figure not in (*FIGURES, "", "leave out"):
                    self.fault(f"{at}.categories", f"{shorten(text)!r} must be one of {', '.join(FIGURES)}", figure)
        if not self.text(entry, "name", at):
            self.fault(f"{at}.name", "must be the header of a column")
        return ColumnMeaning(
            name=self.text(entry, "name", at),
            role=role,
            period=self.text(entry, "period", at),
            cohort=self.text(entry, "cohort", at),
            indicator=self.text(entry, "indicator", at),
            scale=self.number(entry.get("scale", "1"), f"{at}.scale", 1.0),
            categories=categories,
            confidence=self.number(entry.get("confidence", "1"), f"{at}.confidence", 1.0),
            reason=self.text(entry, "reason", at),
            alternatives=tuple(str(each) for each in self.items(entry.get("alternatives"), f"{at}.alternatives")),
        )

    def indicator(self, data: object, at: str) -> IndicatorMeaning:
        entry = self.table(data, at, _INDICATOR_KEYS)
        bounds = self.items(entry.get("bounds", ["none", "none"]), f"{at}.bounds")
        if len(bounds) != 2:
            self.fault(f"{at}.bounds", "must be two: the lowest and the highest possible value, or none", bounds)
            bounds = ["none", "none"]
        low, high = (None if each in ("none", "", "null") else self.number(each, f"{at}.bounds", 0.0) for each in bounds)
        if low is not None and high is not None and low >= high:
            self.fault(f"{at}.bounds", "the lower bound must be below the upper one", bounds)
        identity = self.text(entry, "id", at)
        if not identity or slug(identity) != identity:
            self.fault(f"{at}.id", "must be small letters, digits and hyphens", identity)
        return IndicatorMeaning(
            id=identity,
            name=self.text(entry, "name", at),
            match=self.text(entry, "match", at),
            unit=self.one_of(entry, "unit", ("", *UNITS), "", at=at),
            polarity=self.one_of(entry, "polarity", ("", *(str(each) for each in Polarity)), "", at=at),
            bounds=(low, high),
            uncertainty=self.one_of(entry, "uncertainty", _UNCERTAINTIES, "none", at=at),
            confidence=self.number(entry.get("confidence", "1"), f"{at}.confidence", 1.0),
            reason=self.text(entry, "reason", at),
        )

    def table(self, data: object, at: str, keys: frozenset[str]) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fault(at, "must be a table of entries", data)
            return {}
        for key in data:
            if key not in keys:
                self.fault(at, f"must have no other entries than {', '.join(sorted(keys))}", key)
        return data

    def items(self, data: object, at: str) -> list[Any]:
        if data is None or data == "":
            return []
        if not isinstance(data, list):
            self.fault(at, "must be a list", data)
            return []
        return data

    def texts(self, data: object, at: str, *, allowed: tuple[str, ...] = (), values: tuple[str, ...] = ()) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in (
            self.table(data, at, frozenset(map(str, data)) if isinstance(data, dict) else frozenset()) if data else {}
        ).items():
            if not isinstance(key, str) or not isinstance(value, str):
                self.fault(at, "must map texts to texts", key)
            elif (allowed and key not in allowed) or (values and value not in values):
                self.fault(at, f"must be one of {', '.join(allowed or values)}", key if allowed else value)
            else:
                found[key] = value
        return found

    def text(self, entry: dict[str, Any], key: str, at: str) -> str:
        value = entry.get(key, "")
        if not isinstance(value, str):
            self.fault(f"{at}.{key}" if at != key else key, "must be text", value)
            return ""
        return value

    def one_of(self, entry: dict[str, Any], key: str, allowed: tuple[str, ...], default: str, *, at: str = "") -> str:
        value = entry.get(key, default)
        if value not in allowed:
            named = ", ".join(each or "''" for each in allowed)
            self.fault(f"{at}.{key}" if at else key, f"must be one of {named}", value)
            return default
        return str(value)

    def number(self, value: object, at: str, default: float) -> float:
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fault(at, "must be a number", value)
            return default
        return number


def find_mapping(folder: Path, raw: RawTable) -> Mapping | None:
    """Return the confirmed mapping in a folder whose headers are this table's, or None.

    A mapping made for the same file and sheet wins over others; then the first by name.

    Raises
    ------
    InputError, DataFaults
        A mapping in the folder cannot be read.
    """
    fitting: list[tuple[bool, bool, Mapping]] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        mapping = load_mapping(path)
        if mapping.confirmed and mapping.headers == raw.headers:
            fitting.append((mapping.file != raw.file, mapping.sheet != raw.sheet, mapping))
    return min(fitting, key=lambda entry: entry[:2])[2] if fitting else None
