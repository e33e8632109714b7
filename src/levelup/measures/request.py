"""What a caller asks of a measure, as options and names, checked before any file is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from levelup.measures.card import Card, convention_of, example_of
from levelup.measures.registry import find_measure
from levelup.measures.roles import ROLES
from levelup.terms.errors import InputError, did_you_mean
from levelup.terms.polarity import Polarity

_DIRECTIONS = "--polarity more-is-better (or less-is-better)"


def check_request(
    name: str,
    *,
    value: str | None,
    polarity: Polarity | str | None,
    convention: str | None,
    further: Mapping[str, Sequence[str]],
) -> tuple[Card, Polarity | None]:
    """Return the card that a name means and the direction, after checking what can be checked before any file is read.

    Raises
    ------
    InputError
        No such measure, convention, polarity or role; or one that the measure needs is absent.
    """
    entry, implied = find_measure(name)
    card = entry.card
    missing = [f"--column {role}=COL" for role in card.needs if role in ROLES and role not in further]
    missing += ["--value COL"] * (card.takes_value and value is None) + [_DIRECTIONS] * (card.polar and polarity is None)
    if missing:
        advice = f"For example:\n  {example_of(card)}\nSee `levelup measure {card.name}`."
        raise InputError(f"{card.name} must be given {' and '.join(missing)}", got="none", next=advice)
    direction = None if polarity is None else _direction(polarity)
    convention_of(card, convention or (None if "=" in (implied or "") else implied))
    return card, direction


def parse_bounds(text: str) -> tuple[float, float]:
    """Read the option LOW,HIGH.

    Raises
    ------
    InputError
        The text is not two numbers, the lower first.

    Examples
    --------
    >>> parse_bounds("0,100")
    (0.0, 100.0)
    """
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low, high = 0.0, 0.0
    if not low < high:
        raise InputError(
            "bounds must be two numbers, the lower first", got=repr(text), where="--bounds", next="For example: --bounds 0,100"
        )
    return low, high


def with_bounds(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return options as given, with the text of `bounds`, where there is one, as its two ends.

    Examples
    --------
    >>> with_bounds({"value": "rate", "bounds": "0,100"})
    {'value': 'rate', 'bounds': (0.0, 100.0)}
    """
    return {key: parse_bounds(text) if key == "bounds" else text for key, text in texts.items()}


def parse_parameters(texts: Iterable[str]) -> dict[str, float | str]:
    """Read options of the form NAME=VALUE.

    Raises
    ------
    InputError
        A text has no name or no value.

    Examples
    --------
    >>> parse_parameters(["epsilon=0.5"])
    {'epsilon': '0.5'}
    """
    found: dict[str, float | str] = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not (mark and name.strip() and value.strip()):
            raise InputError(
                "a parameter must be NAME=VALUE", got=repr(text), where="--parameter", next="For example: --parameter epsilon=0.5"
            )
        found[name.strip()] = value.strip()
    return found


def parse_roles(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read options of the form ROLE=COL; a role given twice has two columns.

    Raises
    ------
    InputError
        A text has no role or no column, or the role is unknown.

    Examples
    --------
    >>> parse_roles(["factor=age", "factor=sex"])
    {'factor': ('age', 'sex')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        role, mark, column = text.partition("=")
        role = role.strip().lower()
        if not (mark and role in ROLES and column.strip()):
            advice = f"{did_you_mean(role, ROLES)} For example: --column count=deaths. Roles: {', '.join(ROLES)}.".strip()
            raise InputError("a further column must be ROLE=COL", got=repr(text), where="--column", next=advice)
        found[role] = (*found.get(role, ()), column.strip())
    return found


def _direction(polarity: Polarity | str) -> Polarity:
    try:
        return Polarity(polarity)
    except ValueError:
        known = ", ".join(item.value for item in Polarity)
        raise InputError("polarity must be stated", got=repr(polarity), where="polarity", next=f"Use one of: {known}.") from None
