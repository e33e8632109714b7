"""A workspace's own settings: which county, against whom, over which windows, in which order, under whose colours."""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from levelup.terms.errors import InputError
from levelup.terms.place import level_of

FILE = "levelup.toml"
PROFILE = "threshold-10"
"""What is shown of counts in own tables where the settings do not say."""
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_KNOWN = {
    "": {"title", "county", "comparators", "windows", "order", "branding", "patches", "smallest_change", "floors", "disclosure"},
    "comparators": {"region", "nation", "neighbours", "neighbour_count"},
    "windows": {"years"},
    "order": {"stratifier"},
    "disclosure": {"profile"},
    "branding": {"name", "colour", "accent", "footer", "contact"},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What `levelup.toml` says.

    `county` is the GSS code of the place reported on; `region` and `nation` may be empty, then they are the ones it lies in;
    `neighbours` names a published model of statistical neighbours; `years` are window lengths; `stratifier` fixes the order;
    `patches` maps a patch's name to the LSOAs it is made of; `branding` maps a branding key to its text; `smallest_change` maps
    an indicator's id to the smallest change that matters here, in its unit, in place of the catalogue's; `floors` maps it to the
    level that nobody should be below, which a pace is measured against and which caps nobody. `profile` says what is shown of
    counts in the workspace's own tables: a shipped profile's name, or the path of a file in the workspace.
    """

    title: str
    county: str
    region: str = ""
    nation: str = "E92000001"
    neighbours: str = "dfe-statistical"
    neighbour_count: int = 10
    years: tuple[int, ...] = (3, 5, 10)
    stratifier: str = "imd-2019"
    branding: dict[str, str] = field(default_factory=dict)
    patches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    smallest_change: dict[str, float] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)
    profile: str = PROFILE


def _table(data: dict[str, object], name: str) -> dict[str, object]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise InputError(f"[{name}] must be a table", got=repr(value), where=FILE)
    return value


def _check_keys(data: dict[str, object]) -> None:
    for name, allowed in _KNOWN.items():
        section = data if name == "" else _table(data, name)
        for key in section:
            if key not in allowed:
                where = f"{FILE}, [{name}]" if name else FILE
                raise InputError(
                    "every key must be a known one", got=key, where=where, next=f"Use one of: {', '.join(sorted(allowed))}."
                )


def read_settings(folder: Path) -> Settings:
    """Read and check a workspace's `levelup.toml`.

    Raises
    ------
    InputError
        The file is absent, is not TOML, or breaks a rule; the message names the key.
    """
    path = folder / FILE
    if not path.is_file():
        raise InputError(
            f"a workspace must hold a {FILE}",
            got=f"no such file in {folder}",
            next="Make one with `levelup init FOLDER --county CODE`.",
            code="file-missing",
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InputError("the settings must be TOML in UTF-8", got=str(fault), where=FILE) from fault
    _check_keys(data)
    county = str(data.get("county", ""))
    if level_of(county) is None:
        raise InputError("county must be a GSS code such as E10000012", got=repr(county), where=FILE)
    comparators, windows, order = _table(data, "comparators"), _table(data, "windows"), _table(data, "order")
    years = windows.get("years", [3, 5, 10])
    if not isinstance(years, list) or not years or not all(isinstance(y, int) and 1 <= y <= 50 for y in years):
        raise InputError("windows.years must be a list of whole years from 1 to 50", got=repr(years), where=FILE)
    branding = {str(key): str(value) for key, value in _table(data, "branding").items()}
    for key in ("colour", "accent"):
        if key in branding and not _COLOUR.match(branding[key]):
            raise InputError(f"branding.{key} must be a colour such as #12436D", got=repr(branding[key]), where=FILE)
    return Settings(
        title=str(data.get("title", county)),
        county=county,
        region=str(comparators.get("region", "")),
        nation=str(comparators.get("nation", "E92000001")),
        neighbours=str(comparators.get("neighbours", "dfe-statistical")),
        neighbour_count=int(str(comparators.get("neighbour_count", 10))),
        years=tuple(sorted(set(years))),
        stratifier=str(order.get("stratifier", "imd-2019")),
        branding=branding,
        patches=_patches(data),
        smallest_change=_smallest_change(data),
        floors=_floors(data),
        profile=_profile(data),
    )


def settings_from(record: object) -> Settings:
    """Turn settings recorded with a run back into what they were; a run from before profiles hid nothing, and has none."""
    if not isinstance(record, dict):
        raise InputError("recorded settings must be an object", got=type(record).__name__, where="run.json")
    known = {name: record[name] for name in Settings.__slots__ if name in record}
    known["profile"] = str(known.get("profile", ""))
    known["years"] = tuple(known.get("years", (3, 5, 10)))
    known["patches"] = {name: tuple(codes) for name, codes in dict(known.get("patches", {})).items()}
    return Settings(**known)


def _profile(data: dict[str, object]) -> str:
    given = _table(data, "disclosure").get("profile", PROFILE)
    if not isinstance(given, str) or not given.strip():
        raise InputError(
            "disclosure.profile must be the name of a profile, or the path of a file that holds one",
            got=repr(given),
            where=FILE,
            next=f"Leave the line out for {PROFILE}; see `levelup protect --list`.",
        )
    return given.strip()


def _patches(data: dict[str, object]) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, codes in _table(data, "patches").items():
        if (
            not isinstance(codes, list)
            or not codes
            or not all(isinstance(code, str) and level_of(code) == "lsoa" for code in codes)
        ):
            raise InputError("a patch must be a list of LSOA codes", got=f"{name!r}", where=f"{FILE}, [patches]")
        found[name] = tuple(codes)
    return found


def _smallest_change(data: dict[str, object]) -> dict[str, float]:
    found = {}
    for name, value in _table(data, "smallest_change").items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
            raise InputError(
                "the smallest change that matters must be a number above 0, in the indicator's unit",
                got=f"{name} = {value!r}",
                where=f"{FILE}, [smallest_change]",
            )
        found[name] = float(value)
    return found


def _floors(data: dict[str, object]) -> dict[str, float]:
    found = {}
    for name, value in _table(data, "floors").items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(
                "a floor must be a number, a level in the indicator's unit", got=f"{name} = {value!r}", where=f"{FILE}, [floors]"
            )
        found[name] = float(value)
    return found


def write_settings(folder: Path, settings: Settings) -> Path:
    """Write a first `levelup.toml` for a county, with every choice spelled out, and return its path."""
    years = ", ".join(str(year) for year in settings.years)
    margins, floors = (
        "".join(f"{_quoted(name)} = {value!r}\n" for name, value in held.items())
        for held in (settings.smallest_change, settings.floors)
    )
    patches = "".join(f"{_quoted(name)} = {json.dumps(list(codes))}\n" for name, codes in settings.patches.items())
    text = f'''# What this workspace reports on. Change a value, run `levelup report` again.
title = {_quoted(settings.title)}
county = "{settings.county}"            # GSS code

[comparators]
region = "{settings.region}"                  # empty: the region the county lies in
nation = "{settings.nation}"
neighbours = "{settings.neighbours}"          # published model of statistical neighbours
neighbour_count = {settings.neighbour_count}

[windows]
years = [{years}]               # the latest period against the one this many years before; the whole series is added

[order]
stratifier = "{settings.stratifier}"   # fixes which places are the lower ones, whatever an indicator says

[disclosure]
profile = {_quoted(settings.profile or PROFILE)}        # what is shown of counts in your own tables; see `levelup protect --list`

[branding]
name = {_quoted(settings.branding.get("name", settings.title))}
colour = "{settings.branding.get("colour", "#12436D")}"
accent = "{settings.branding.get("accent", "#28A197")}"
footer = {_quoted(settings.branding.get("footer", ""))}
contact = {_quoted(settings.branding.get("contact", ""))}

[smallest_change]               # indicator = the smallest change that matters, in its unit, where not the catalogue's
{margins}
[floors]                        # indicator = the level that nobody should be below, in its unit; a floor caps nobody
{floors}
[patches]                       # name = [list of LSOA codes]
{patches}'''
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: its basic strings escape what JSON's do."""
    return json.dumps(text, ensure_ascii=False)
