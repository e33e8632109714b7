"""An employer's published figures among those of all employers, of its size and of its sector, year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from levelup.duties.pay.records import QUARTERS, Flags
from levelup.duties.pay.service_return import figure_fields
from levelup.duties.pay.trend import FIGURES
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats

Labels = NDArray[np.str_]
Column = Sequence[object] | NDArray[Any]
Group = tuple[str, str, Flags | None]
"""A group's key, its name in words, and which returns are in it, None where that cannot be known."""

_FACTS = Path(__file__).with_name("peers.yaml")
_TEXTS = {
    "year": "reporting_year",
    "name": "EmployerName",
    "current_name": "CurrentName",
    "size": "EmployerSize",
    "sic": "SicCodes",
}
_ID = "EmployerId"
QUANTILES: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The ranks at which a group's distribution is told."""
_PAIR_TOLERANCE = 0.15
_EMPTY = ("None", "nan", "NaN")
"""What an absent cell is as a text."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Published returns by column, one row a return; figures in per cent by the names of a trend, NaN where there is none.

    `sections` has shape (rows, sections of the industrial classification), `section_keys` their letters. `read_as_missing` says
    how many figures were given and cannot be, by rule.
    """

    year: Labels
    name: Labels
    current_name: Labels
    id: Labels
    size: Labels
    is_public: Flags
    sections: Flags
    section_keys: tuple[str, ...]
    figures: dict[str, Floats]
    read_as_missing: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one figure stands in one group of employers in one year, the employer itself counted in.

    `below`, `equal` and `above` are employers with a lower, the same (itself included) and a higher figure; a lower figure is
    not a better one. `quantiles` are the group's figures at the ranks of `QUANTILES`.
    """

    group: str
    name: str
    employers: int
    below: int
    equal: int
    above: int
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PeerFigure:
    """One figure of the employer in one year, with its standing in each group, or why there is none."""

    figure: str
    value: float | None
    standings: tuple[Standing | Refusal, ...]


@dataclass(frozen=True, slots=True)
class PeerYear:
    """The employer's figures among those that employers published for one year.

    `remark` says in words which year the employer's own figures are of, for whoever shows them beside this year's.
    """

    year: str
    size: str
    sections: tuple[str, ...]
    is_public: bool
    figures: tuple[PeerFigure, ...]
    remark: str = ""


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(_FACTS.read_text(encoding="utf-8"))
    return facts


def list_columns() -> tuple[str, ...]:
    """Return the columns that a table of published returns must have."""
    return (*_TEXTS.values(), *figure_fields().values())


def read_peers(columns: Mapping[str, Column]) -> Peers:
    """Read the yearly files of all published figures, set one under the other, with what cannot be read as missing.

    Parameters
    ----------
    columns : mapping of str to sequence or ndarray
        The columns of the government's file by its names, and `reporting_year`; cells are texts, numbers or None.

    Returns
    -------
    Peers

    Raises
    ------
    InputError
        A column is not there, columns differ in length, or a figure is no number.

    Notes
    -----
    A bonus gap is read as missing where no man was paid a bonus: the earlier files hold 0 there, which is no gap of 0. So are
    gaps above 100, shares outside 0 to 100, and both shares of a quarter that do not add up to 100.

    Examples
    --------
    >>> cells = {name: [25.0, 75.0] for name in figure_fields().values()} | {"MaleBonusPercent": [0.0, 4.0]}
    >>> cells |= {f"Female{name}Quartile": [75.0, 25.0] for name in ("Lower", "LowerMiddle", "UpperMiddle", "Top")}
    >>> cells |= {name: ["a", "b"] for name in ("reporting_year", "EmployerName", "CurrentName", "EmployerSize")}
    >>> read = read_peers(cells | {"SicCodes": ["1, 84110", None]})
    >>> read.figures["mean_bonus_gap"].tolist(), read.is_public.tolist(), read.section_keys[int(read.sections[0].argmax())]
    ([nan, 75.0], [True, False], 'O')
    """
    fields = figure_fields()
    missing = [name for name in list_columns() if name not in columns]
    if missing:
        raise InputError("the table must hold the columns of the published file", got=f"no {', '.join(missing)}")
    texts = {key: _texts(columns[name]) for key, name in _TEXTS.items()}
    rows = len(texts["year"])
    figures = {key: _numbers(columns[name], where=name) for key, name in fields.items()}
    if {len(item) for item in (*texts.values(), *figures.values())} != {rows}:
        raise InputError("every column of the table must have as many rows as the others")
    dropped = _drop_impossible(figures)
    is_public, sections = _sectors(texts["sic"])
    ids = _texts(columns[_ID]) if _ID in columns else np.full(rows, "")
    keys = tuple(item["key"] for item in _facts()["sections"])
    kept = {name: figures[name] for name in FIGURES}
    return Peers(
        texts["year"], texts["name"], texts["current_name"], ids, texts["size"], is_public, sections, keys, kept, dropped
    )


def _texts(column: Column) -> Labels:
    texts = np.char.strip(plain_cells(column).astype(str))
    return np.where(np.isin(texts, _EMPTY), "", texts)


def _numbers(column: Column, *, where: str) -> Floats:
    cells = plain_cells(column)
    try:
        return np.asarray(cells.astype(np.float64))
    except (TypeError, ValueError):
        pass
    texts = _texts(column)
    try:
        return np.where(texts == "", "nan", texts).astype(np.float64)
    except ValueError:
        raise InputError("a figure must be a number or empty", where=f"column {where}") from None


def plain_cells(column: Column) -> NDArray[np.object_]:
    """Return a column's cells as they are, None where one is masked."""
    given: Any = column
    cells: Any = np.array(np.ma.getdata(given), dtype=np.object_)
    cells[np.ma.getmaskarray(given)] = None
    return np.asarray(cells)


def _drop_impossible(figures: dict[str, Floats]) -> tuple[tuple[str, int], ...]:
    """Set what cannot be to NaN, in place, and count it by rule."""
    found: dict[str, int] = {}

    def drop(name: str, flags: Flags, rule: str) -> None:
        wrong = flags & np.isfinite(figures[name])
        figures[name] = np.where(wrong, np.nan, figures[name])
        found[rule] = found.get(rule, 0) + int(wrong.sum())

    no_man = figures["bonus_share_first"] == 0
    for name in ("mean_bonus_gap", "median_bonus_gap"):
        drop(name, no_man, "a bonus gap where no man was paid a bonus")
    for name in FIGURES[:4]:
        drop(name, figures[name] > 100, "a gap above 100")
    for quarter in QUARTERS:
        first, second = f"{quarter}_first", f"{quarter}_second"
        odd = np.abs(figures[first] + figures[second] - 100.0) > _PAIR_TOLERANCE
        for name in (first, second):
            drop(name, odd, "shares of a quarter that do not add up to 100")
    for name in figures:
        if name not in FIGURES[:4]:
            drop(name, (figures[name] < 0) | (figures[name] > 100), "a share outside 0 to 100")
    return tuple((rule, count) for rule, count in found.items() if count)


def _sectors(sic: Labels) -> tuple[Flags, Flags]:
    """Return which rows bear the mark of the public sector, and which sections of the classification each belongs to."""
    facts = _facts()
    codes, which = np.unique(sic, return_inverse=True)
    starts = np.array([item["from"] for item in facts["sections"]])
    ends = np.array([item["to"] for item in facts["sections"]])
    public, sections = np.zeros(len(codes), dtype=np.bool_), np.zeros((len(codes), len(starts)), dtype=np.bool_)
    for at, text in enumerate(codes.tolist()):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        public[at] = facts["public_sector_code"] in parts
        divisions = [int(part.zfill(5)[:2]) for part in parts if part.isdigit() and part != facts["public_sector_code"]]
        for division in divisions:
            sections[at] |= (starts <= division) & (division <= ends)
    return public[which], sections[which]


def plain_name(name: str) -> str:
    """Return a name as names are compared: in small letters, with single spaces."""
    return " ".join(name.casefold().split())


def find_employer(peers: Peers, *, name: str, employer_id: str = "") -> dict[str, int]:
    """Return the row of an employer in every year in which it published.

    Parameters
    ----------
    peers : Peers
        All returns.
    name : str
        As published then or as it is now; case and spaces do not count.
    employer_id : str
        The service's number, where two employers bear one name. Returns of another number are not its own.

    Returns
    -------
    dict of str to int
        The year and the row, in the years' order.

    Raises
    ------
    InputError
        No return, or two of one year, bear the name.
    """
    wanted = plain_name(name)
    names, which = np.unique(np.concatenate([peers.name, peers.current_name]), return_inverse=True)
    hit = np.array([plain_name(text) == wanted for text in names.tolist()], dtype=np.bool_)[which]
    rows = hit[: len(peers.name)] | hit[len(peers.name) :]
    if employer_id:
        rows = (rows & (peers.id == "")) | (peers.id == employer_id)
    else:
        held = np.unique(peers.id[rows & (peers.id != "")])
        rows = rows | (peers.id == held[0]) if len(held) == 1 else rows
    found = np.flatnonzero(rows)
    if not len(found):
        raise InputError("an employer of this name must be among the published", got=repr(name), next="Write it as published.")
    years, counts = np.unique(peers.year[found], return_counts=True)
    if (counts > 1).any():
        twice = ", ".join(years[counts > 1].tolist())
        raise InputError(
            "an employer must have one return a year", got=f"more in {twice}", next="Give the service's employer id."
        )
    order = np.argsort(peers.year[found], kind="stable")
    return dict(zip(years.tolist(), found[order].tolist(), strict=True))


def compare_with_peers(
    peers: Peers, *, name: str, employer_id: str = "", figures: Sequence[str] = FIGURES
) -> tuple[PeerYear, ...]:
    """Set an employer's published figures among those of all employers, of its size, of its sectors and of the public sector.

    Parameters
    ----------
    peers : Peers
        All returns.
    name, employer_id : str
        As for `find_employer`.
    figures : sequence of str
        Names of `FIGURES`.

    Returns
    -------
    tuple of PeerYear
        One for every year in which it published, earliest first. Groups are 'all', 'size', 'public' and 'section X' for each
        section of its own; a group too small to be told, or one the employer is in without a figure, is a refusal.

    Raises
    ------
    InputError
        The employer is not found, or a name is no figure.

    Notes
    -----
    Every published employer is counted, so a place among them has no error of sampling; figures are rounded to one decimal, so
    many are equal, and one employer's changes from year to year are often larger than the distance to its neighbours. A lower
    gap is not a better one: below 0 men are paid less. Nothing here lists other employers in an order.
    """
    strange = [item for item in figures if item not in FIGURES]
    if strange:
        raise InputError("figures must be of a return", got=", ".join(strange), next=f"Use {', '.join(FIGURES)}.")
    made = []
    for year, row in find_employer(peers, name=name, employer_id=employer_id).items():
        groups = _groups(peers, row=row, in_year=peers.year == year)
        told = tuple(
            tell_figure(peers.figures[item], figure=item, own=float(peers.figures[item][row]), groups=groups) for item in figures
        )
        sections = tuple(key for key, inside in zip(peers.section_keys, peers.sections[row].tolist(), strict=True) if inside)
        made.append(PeerYear(year, str(peers.size[row]), sections, bool(peers.is_public[row]), told))
    return tuple(made)


def size_group(peers: Peers, *, size: str, in_year: Flags) -> Group:
    """Return the group of employers of one size in a year; its flags are None where the size is not known."""
    known = size not in ("", _facts()["size_unknown"])
    return ("size", f"employers of {size} employees" if known else "size", in_year & (peers.size == size) if known else None)


def public_group(peers: Peers, *, in_year: Flags) -> Group:
    """Return the group of employers that bear the mark of the public sector in a year."""
    return ("public", "employers marked as public sector", in_year & peers.is_public)


def _groups(peers: Peers, *, row: int, in_year: Flags) -> list[Group]:
    groups: list[Group] = [
        ("all", "all published employers", in_year),
        size_group(peers, size=str(peers.size[row]), in_year=in_year),
    ]
    if peers.is_public[row]:
        groups.append(public_group(peers, in_year=in_year))
    for at in np.flatnonzero(peers.sections[row]).tolist():
        section = _facts()["sections"][at]
        groups.append((f"section {section['key']}", section["name"], in_year & peers.sections[:, at]))
    return groups


def tell_figure(
    values: Floats,
    *,
    figure: str,
    own: float,
    groups: Sequence[Group],
    is_new: Literal[0, 1] = 0,
    absent: str = "The employer published no such figure in this year.",
) -> PeerFigure:
    """Return a figure of the employer with its standing in each group.

    Parameters
    ----------
    values : ndarray of float64, shape (rows,)
        The figure of every return, per cent.
    figure : str
        Its name.
    own : float
        The employer's, NaN where it has none.
    groups : sequence of tuple
        Key, name, and which rows are in the group.
    is_new : {0, 1}
        1 where the employer is not among the rows, and so is to be counted in.
    absent : str
        What is said where it has none.

    Returns
    -------
    PeerFigure
    """
    if not np.isfinite(own):
        return PeerFigure(figure, None, (Refusal("no-data", absent),))
    standings: list[Standing | Refusal] = []
    for key, name, inside in groups:
        if inside is None:
            standings.append(Refusal("no-data", f"The employer gave no {name} in this year."))
            continue
        held = values[inside & np.isfinite(values)]
        if len(held) < _facts()["least_employers"]:
            standings.append(Refusal("too-few-subjects", f"Too few employers with the figure: {name}."))
            continue
        below, above, count = int((held < own).sum()), int((held > own).sum()), len(held) + is_new
        told = tuple(float(item) for item in np.quantile(held, QUANTILES))
        standings.append(Standing(key, name, count, below, count - below - above, above, told))
    return PeerFigure(figure, own, tuple(standings))
