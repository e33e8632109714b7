"""An action plan as people write it down (YAML), read into a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from levelup.duties.pay.action_plan import Chosen, Plan, read_status
from levelup.terms.errors import InputError

_KEYS = ("actions", "narrative", "link", "published")
_ACTION_KEYS = ("number", "status", "text")


def read_plan(given: object, *, where: str = "plan") -> Plan:
    """Read an action plan.

    Parameters
    ----------
    given : object
        A mapping with `actions` (each with `number`, `status` and `text`), and, if wanted, `narrative`, `link` and `published`
        (a day, or its text such as '2026-09-01').
    where : str
        The file's name, for messages.

    Returns
    -------
    Plan
        As written, each status in the service's words; whether it is what the format asks for is for `check_plan`.

    Raises
    ------
    InputError
        It is not of this shape.

    Examples
    --------
    >>> read_plan({"actions": [{"number": 6, "status": "Embedded"}]}).actions
    (Chosen(number=6, status='Embedded', text=''),)
    """
    table = _table(given, keys=_KEYS, where=where)
    actions = table.get("actions")
    if not isinstance(actions, list):
        raise InputError("a plan must have a list of actions", got=type(actions).__name__, where=where)
    chosen = []
    for at, item in enumerate(actions, start=1):
        entry = _table(item, keys=_ACTION_KEYS, where=f"{where}, action {at}")
        number = entry.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            raise InputError(
                "an action must have its number on the government's list", got=repr(number), where=f"{where}, action {at}"
            )
        status = read_status(_text(entry, "status", where=where))
        chosen.append(Chosen(number, status, _text(entry, "text", where=where)))
    return Plan(
        tuple(chosen), _text(table, "narrative", where=where), _text(table, "link", where=where), _day(table, where=where)
    )


def _table(given: object, *, keys: tuple[str, ...], where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping) or not set(given) <= set(keys):
        strange = [str(key) for key in given if key not in keys] if isinstance(given, Mapping) else []
        got = ", ".join(strange) or type(given).__name__
        raise InputError(f"must be a table of {', '.join(keys)}", got=got, where=where)
    return given


def _text(table: Mapping[str, Any], key: str, *, where: str) -> str:
    found = table.get(key) or ""
    if not isinstance(found, str):
        raise InputError(f"{key} must be text", got=type(found).__name__, where=where)
    return found.strip()


def _day(table: Mapping[str, Any], *, where: str) -> date | None:
    found = table.get("published")
    if found is None:
        return None
    if isinstance(found, str):
        try:
            return date.fromisoformat(found.strip())
        except ValueError:
            pass
    if type(found) is not date:
        raise InputError("published must be a day such as 2026-09-01", got=repr(found), where=where)
    return found
