"""An employer among the published returns, whether or not a return of its own is among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from levelup.duties.pay.peers import (
    Peers,
    PeerYear,
    compare_with_peers,
    plain_name,
    public_group,
    size_group,
    tell_figure,
)  # fmt: skip
from levelup.duties.pay.service_return import size_name
from levelup.duties.pay.trend import FIGURES
from levelup.terms.errors import InputError

_MOST_NAMES = 4
_ALIKE = 0.8


def stand_among(
    peers: Peers, *, name: str, own: Mapping[str, float | None], employees: int | None, year: int, is_public: bool
) -> tuple[tuple[PeerYear, ...], str]:
    """Set an employer among the published: by its own returns, or by this payroll's figures where it has none.

    Parameters
    ----------
    peers : Peers
        All returns.
    name : str
        The employer's, as published then or as it is now.
    own : mapping of str to float or None
        This payroll's figures in per cent, by the names of a trend.
    employees : int or None
        This payroll's headcount.
    year : int
        The year of its snapshot date.
    is_public : bool
        Whether its regulations are those of public authorities.

    Returns
    -------
    tuple of tuple of PeerYear, and str
        The years in which it published, earliest first, or, where it never did, the last year of the table with this payroll's
        figures; and the names near to its own where none was found, '' where it was. The last year's `remark` says which year
        the employer's figures are of, and whether its size is another now.

    Raises
    ------
    InputError
        There is no return at all, or two of one year bear the name.
    """
    if not len(peers.year):
        raise InputError("the table of published returns must hold a return")
    if plain_name(name) not in _published_names(peers):
        found = _compare_new(peers, own=own, employees=employees, year=year, is_public=is_public)
        near = suggest_names(peers, name=name)
        said = f"Names near to it among the published: {'; '.join(near)}." if near else "No published name is near to it."
        return (found,), said
    years = compare_with_peers(peers, name=name)
    last, size = years[-1], size_name(employees)
    told = [f"The employer's figures here are those it published for {last.year}, not those of this payroll ({year})."]
    if last.size != size and employees is not None and last.size:
        told.append(f"Its size then was given as {last.size}, and it is compared with that size; by this payroll it is {size}.")
    return (*years[:-1], replace(last, remark=" ".join(told))), ""


def _compare_new(peers: Peers, *, own: Mapping[str, float | None], employees: int | None, year: int, is_public: bool) -> PeerYear:
    """Return this payroll's figures among the returns of the last year that the table holds."""
    last, size = max(peers.year.tolist()), size_name(employees)
    in_year = peers.year == last
    groups = [("all", "all published employers", in_year), size_group(peers, size=size, in_year=in_year)]
    if is_public:
        groups.append(public_group(peers, in_year=in_year))
    figures = tuple(
        tell_figure(
            peers.figures[item], figure=item, own=_number(own.get(item)), groups=groups, is_new=1,
            absent="This payroll gives no such figure.",
        )
        for item in FIGURES
    )  # fmt: skip
    size_said = "" if employees is None else f", and, by this payroll's headcount, employers of {size} employees"
    said = (
        f"No earlier return of this name was found. The employer's figures here are those of this payroll ({year}), set among "
        f"the returns of {last}: employers of all sectors{' and those marked as public sector' if is_public else ''}{size_said}."
    )
    return PeerYear(last, size, (), is_public, figures, said)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def suggest_names(peers: Peers, *, name: str) -> tuple[str, ...]:
    """Return published names that are near to one, the nearest first, at most four.

    Parameters
    ----------
    peers : Peers
        All returns.
    name : str
        The name that was not found.

    Returns
    -------
    tuple of str
        Names that hold it, or are spelled much as it is, as they are published.
    """
    by_plain = _published_names(peers)
    wanted = plain_name(name)
    holding = sorted((text for text in by_plain if wanted and wanted in text), key=len)
    alike: Sequence[str] = get_close_matches(wanted, by_plain, n=_MOST_NAMES, cutoff=_ALIKE)
    return tuple(by_plain[text] for text in dict.fromkeys((*alike, *holding)))[:_MOST_NAMES]


def _published_names(peers: Peers) -> dict[str, str]:
    """Return every published name as it is, by the name as names are compared."""
    found = np.unique(np.concatenate([peers.name, peers.current_name])).tolist()
    return {plain_name(text): text for text in found if text}
