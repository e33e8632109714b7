"""The one gate through which a table of counts leaves: hidden or rounded by a profile, attacked, refused if it gives way."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from levelup.disclosure.attack import Attacked, attack
from levelup.disclosure.cell_key import make_table
from levelup.disclosure.closing import close_table, cut_attack, cut_protected, drop_short, stretch_published, stretch_setting
from levelup.disclosure.equations import Equations, tie_cells
from levelup.disclosure.optimum import Optimum, improve
from levelup.disclosure.profile import Profile
from levelup.disclosure.rounding import chance_of, round_additively, round_at_random, round_to_nearest
from levelup.disclosure.suppress import Suppressed, hide
from levelup.disclosure.table import CountTable, Flags, Protected, Published, Setting
from levelup.disclosure.task import Task
from levelup.terms.errors import DataFaults, Fault, GuardRailError, InputError
from levelup.terms.record import Floats

MARGIN = 4.0
"""What hiding a total loses, for each dimension that it adds up, against 1 for a cell inside."""
TRIES = 20


def protect(table: CountTable, profile: Profile, *, setting: Setting | None = None) -> Protected:
    """Hide or round a table's counts by a profile, and attack the result with everything that is public.

    Parameters
    ----------
    table : CountTable
        Whole counts of zero or more; totals as rows.
    profile : Profile
        What may be shown.
    setting : Setting, optional
        Tables of the same cells that are out already, and the rest.

    Returns
    -------
    Protected

    Raises
    ------
    DataFaults
        A count is no whole number of zero or more, or a total is not the sum of its parts.
    GuardRailError
        The attack finds a count out, and hiding more does not help: nothing may be published.
    InputError
        Cell key perturbation without keys.

    Examples
    --------
    >>> from levelup.disclosure.profile import find_profile
    >>> table = CountTable({"area": np.array(["a", "b", "c", "all"])}, np.array([3.0, 20.0, 40.0, 63.0]), "all")
    >>> protect(table, find_profile("threshold-10")).status.tolist()
    ['[c]', '[c]', '', '']
    """
    check_counts(table, tie_cells(table.labels, total=table.total, ties=table.ties))
    whole, equations = close_table(table)
    found = _protect_whole(whole, equations, profile, stretch_setting(setting or Setting(), len(whole.count)))
    return cut_protected(found, len(table.count))


def _protect_whole(table: CountTable, equations: Equations, profile: Profile, chosen: Setting) -> Protected:
    if profile.hidden is None:
        return _perturb(table, equations, profile, chosen)
    primary = profile.hides(table.count) | table.kept_back
    primary = primary if chosen.always is None else primary | chosen.always
    figure = _rounded(table, equations, profile, chosen.secret * TRIES)
    task = _task(table, equations, profile, primary, figure, chosen)
    task, found = hide(task, report=chosen.report)
    if len(found.unsafe):
        _refuse(table, found.unsafe, profile)
    optimum = improve(task, found.hidden, seconds=chosen.seconds, report=chosen.report)
    hidden = optimum.hidden
    low, high = task.known(hidden)
    published = Published(np.where(hidden, np.nan, figure), low, high)
    return _attacked(
        table,
        equations,
        profile,
        published,
        hidden,
        int((primary & ~table.kept_back).sum()),
        replace(found, hidden=hidden),
        optimum,
        chosen,
    )


def check_counts(table: CountTable, equations: Equations) -> None:
    """Check that counts are whole numbers of zero or more, and that totals are the sums of their parts.

    Raises
    ------
    DataFaults
        Every row that is wrong, and every total that its parts do not come to.
    """
    faults = []
    wrong = ~np.isfinite(table.count) | (table.count < 0) | (table.count != np.rint(table.count))
    for row in np.flatnonzero(wrong).tolist():
        faults.append(Fault(table.file, "", row + 2, "count", "", "a count must be a whole number, zero or more"))
    if not faults:
        for row in equations.broken(table.count).tolist():
            cell = equations.total_of(row)
            faults.append(Fault(table.file, "", cell + 2, "count", "", "a total must be the sum of its parts"))
    if faults:
        raise DataFaults(faults)


def attack_published(
    table: CountTable, published: Published, *, need: float | Floats, target: Flags, truth: Floats | None = None
) -> Attacked:
    """Attack what is published with nothing else to go by.

    Parameters
    ----------
    table : CountTable
        For its labels and what adds up to what; its counts are not looked at.
    published : Published
        What is out.
    need : float or ndarray of float, shape (cells,)
        How wide a target must stay for the attack on it to end; infinity for the exact bounds of every target.
    target : ndarray of bool, shape (cells,)
        The cells attacked.
    truth : ndarray of float, optional
        A table that is known to fit, which saves the search for one.
    """
    cells = len(target)
    needed = np.broadcast_to(np.asarray(need, dtype=np.float64), target.shape)
    if truth is not None:
        whole, equations = close_table(table, truth=truth)
        return _attack_whole(equations, published, target, needed, whole.count, cells)
    whole, equations = close_table(table, truth=np.full(cells, np.nan))
    known = stretch_published(published, len(whole.count))
    for tried in (equations, drop_short(equations, known.low, known.high, given=cells)):
        try:
            return _attack_whole(tried, published, target, needed, None, cells)
        except InputError:  # rows that are missing need not be zero
            continue
    own = tie_cells(table.labels, total=table.total, ties=table.ties)
    return attack(own, low=published.low, high=published.high, target=target, need=needed)


def _attack_whole(
    equations: Equations, published: Published, target: Flags, need: Floats, truth: Floats | None, cells: int
) -> Attacked:
    size = equations.matrix.shape[1]
    known, more = stretch_published(published, size), size - cells
    found = attack(
        equations, low=known.low, high=known.high, target=np.concatenate([target, np.zeros(more, dtype=np.bool_)]),
        need=np.concatenate([need, np.zeros(more)]), truth=truth,
    )  # fmt: skip
    return cut_attack(found, cells)


def _task(table: CountTable, equations: Equations, profile: Profile, primary: Flags, figure: Floats, setting: Setting) -> Task:
    said = said_by(figure, profile)
    low, high = said.low, said.high
    totals = np.sum([np.asarray(column) == table.total for column in table.labels.values()], axis=0)
    least, most = np.where(table.kept_back, 0.0, 1.0), np.full(len(primary), np.inf)
    for item in setting.earlier:
        low, high = np.maximum(low, item.low), np.minimum(high, item.high)
        least, most = np.maximum(least, item.low), np.minimum(most, item.high)
    differs = sum(int(((table.count < item.low) | (table.count > item.high))[~item.hidden].sum()) for item in setting.earlier)
    if differs:
        raise InputError(
            "an earlier table must be of the same counts", got=f"{differs} that are not", where=table.file,
            next="Leave out of the earlier table the rows whose counts have changed since.",
        )  # fmt: skip
    cost = 1.0 + MARGIN * totals + 1e-3 * np.log1p(table.count) / np.log1p(table.count.max(initial=1.0))
    cost = np.where(table.kept_back, 0.0, cost if setting.weight is None else cost * setting.weight)
    need = _needs(table, profile)
    known = most - least < need
    may_hide = ((table.count > 0) & ~known) | table.kept_back
    if (primary & known & (need > 0)).any():
        _refuse(table, np.flatnonzero(primary & known & (need > 0)), profile)
    return Task(equations, table.count, low, high, least, primary, may_hide, cost, need, most=most)


def _needs(table: CountTable, profile: Profile) -> Floats:
    """Return how uncertain each cell must stay when it is not shown; cells that stay in the house only where they are small."""
    return np.where(table.kept_back & ~profile.guards(table.count), 0.0, float(profile.protection))


def said_by(figure: Floats, profile: Profile | None) -> Published:
    """Return what published figures, NaN where hidden, say of the counts by themselves.

    Parameters
    ----------
    figure : ndarray of float, shape (cells,)
    profile : Profile, optional
        The rule they were published by; without one a figure is the count, and a hidden count may be zero.

    Examples
    --------
    >>> from levelup.disclosure.profile import find_profile
    >>> found = said_by(np.array([0.0, 10.0, np.nan]), find_profile("nhs-sub-national"))
    >>> found.low.tolist(), found.high.tolist()
    ([0.0, 8.0, 1.0], [0.0, 12.0, inf])
    """
    hidden = np.isnan(figure)
    if profile is None:
        return Published(figure, np.where(hidden, 0.0, figure), np.where(hidden, np.inf, figure))
    low, high = figure - profile.reach, figure + profile.reach
    if profile.rounding == "nearest":
        low, high = figure - profile.base // 2, figure + (profile.base - 1) // 2
    if profile.hidden is not None and profile.rounding != "none":
        is_zero = figure == 0
        low = np.where(is_zero, 0.0, np.maximum(low, profile.hidden[1] + 1.0))
        high = np.where(is_zero, 0.0, high)
    if profile.rounding == "cell-key":  # a count of zero stays zero, so what is shown above zero counts somebody
        low = np.where(figure > 0, np.maximum(low, 1.0), low)
    least = 0.0 if profile.hidden is None else 1.0
    return Published(figure, np.where(hidden, least, np.maximum(low, 0.0)), np.where(hidden, np.inf, high))


def _rounded(table: CountTable, equations: Equations, profile: Profile, salt: int) -> Floats:
    if profile.rounding == "none":
        return table.count
    if profile.rounding == "nearest":
        return round_to_nearest(table.count, base=profile.base)
    if profile.rounding == "random":
        names = ["\x1f".join(parts) for parts in zip(*(np.asarray(item).tolist() for item in table.labels.values()), strict=True)]
        keys = np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint64)
        return round_at_random(table.count, base=profile.base, chance=chance_of(keys, secret=salt))
    if profile.rounding == "controlled":
        found = round_additively(table.count, equations, base=profile.base)
        if found is None:
            raise GuardRailError(
                "a table must have a rounding that adds up", got="none found in time", where=table.file,
                next="Leave out a dimension, or use random rounding.",
            )  # fmt: skip
        return found
    if table.key is None:
        raise InputError(
            "cell key perturbation must have the cells' keys", got="none", where="--cell-key",
            next="Give every record a key once, add the keys up by cell, and name the column; or use random rounding.",
        )  # fmt: skip
    changes = make_table(most=profile.most, variance=profile.variance)
    return changes.apply(table.count.astype(np.int64), table.key).astype(np.float64)


def _perturb(table: CountTable, equations: Equations, profile: Profile, setting: Setting) -> Protected:
    """Round or perturb every count; where an attack succeeds on random rounding, draw anew."""
    target, need = profile.guards(table.count), _needs(table, profile)
    tries = TRIES if profile.rounding == "random" else 1
    for salt in range(tries):
        figure = _rounded(table, equations, profile, setting.secret * TRIES + salt)
        said = said_by(np.where(table.kept_back, np.nan, figure), profile)
        published = _with_earlier(replace(said, low=np.where(table.kept_back, 0.0, said.low)), setting)
        found = attack_published(table, published, need=need, target=target, truth=table.count)
        exposed = np.flatnonzero(target & ~(found.width >= need))
        if not len(exposed):
            notes = () if salt == 0 else (f"Rounded anew {salt} times, because an attack succeeded before.",)
            return Protected(profile, published, found, target, 0, None, None, notes)
    _refuse(table, exposed, profile)


def _attacked(
    table: CountTable, equations: Equations, profile: Profile, published: Published, hidden: Flags, primary: int,
    found: Suppressed, optimum: Optimum | None, setting: Setting,
) -> Protected:  # fmt: skip
    """Attack what is published from the outside, and refuse it where a hidden count is told too closely."""
    published, need = _with_earlier(published, setting), _needs(table, profile)
    attacked = attack_published(table, published, need=need, target=hidden & (need > 0), truth=table.count)
    exposed = np.flatnonzero(hidden & ~(attacked.width >= need))
    if len(exposed):
        _refuse(table, exposed, profile)
    return Protected(profile, published, attacked, hidden, primary, found, optimum)


def _with_earlier(published: Published, setting: Setting) -> Published:
    """Return what is published with what tables that are out already say of the same counts."""
    for item in setting.earlier:
        published = replace(published, low=np.maximum(published.low, item.low), high=np.minimum(published.high, item.high))
    return published


def _refuse(table: CountTable, cells: NDArray[np.intp], profile: Profile) -> NoReturn:
    first = int(cells[0])
    named = ", ".join(f"{name} {column[first]}" for name, column in table.labels.items())
    raise GuardRailError(
        "no hidden count may be worked out from what is published", got=f"{len(cells)} that could be, the first of them {named}",
        where=f"{table.file}, profile {profile.name}",
        next="Put categories together, leave out a total, or keep back a table that is out with the same counts.",
    )  # fmt: skip
