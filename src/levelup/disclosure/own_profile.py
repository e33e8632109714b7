"""A council's own profile, checked field by field before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from levelup.disclosure.profile import Profile, read_profile
from levelup.terms.errors import InputError

_TEXTS = ("title", "sentence", "source", "address", "rounding")
_WHOLES = ("protection", "base", "most", "statistics_from")
_NUMBERS = ("variance", "p_percent")
_PAIRS = ("hidden", "dominance")


def read_own_profile(given: object, *, name: str) -> Profile:
    """Return a profile from what a council's file holds: its fields, or one name with the fields below it.

    Parameters
    ----------
    given : object
        What the file was read as.
    name : str
        What the profile is called where the file does not say.

    Raises
    ------
    InputError
        The file holds several profiles or none, or a field is not what it must be.

    Examples
    --------
    >>> entry = {"title": "Own", "sentence": "Counts of 1 to 4 are hidden.", "hidden": [1, 4], "protection": 3}
    >>> read_own_profile({"own": {**entry, "source": "Council, 2026", "address": "https://example.org"}}, name="file").name
    'own'
    """
    fields = given
    if isinstance(given, Mapping) and given and all(isinstance(entry, Mapping) for entry in given.values()):
        if len(given) > 1:
            raise InputError("a file must hold one profile", got=", ".join(map(str, given)), where="--profile")
        name, fields = next((str(key), entry) for key, entry in given.items())
    if not isinstance(fields, Mapping):
        raise InputError("a file must hold a profile: fields with their values", got=type(given).__name__, where="--profile")
    entry = {str(key): value for key, value in fields.items()}
    _check_types(entry, name)
    found = read_profile(name, entry)
    if found.hidden is None and found.rounding == "none":
        raise InputError(
            "a profile must hide or round", got="neither", where=f"profile {name}", next="Name hidden, rounding, or both."
        )
    return found


def _check_types(entry: dict[str, Any], name: str) -> None:
    wrong = [key for key in _TEXTS if not isinstance(entry.get(key, ""), str)]
    wrong += [key for key in _WHOLES if not _is_number(entry.get(key, 0), whole=True)]
    wrong += [key for key in _NUMBERS if entry.get(key) is not None and not _is_number(entry[key])]
    wrong += [key for key in _PAIRS if entry.get(key) is not None and not _is_pair(entry[key], whole=key == "hidden")]
    if wrong:
        raise InputError(
            "a profile's fields must be texts, whole numbers, or pairs of them, as those that are shipped have them",
            got=f"another kind in {', '.join(wrong)}", where=f"profile {name}", next="See `levelup protect --list`.",
        )  # fmt: skip


def _is_number(value: object, *, whole: bool = False) -> bool:
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)


def _is_pair(value: object, *, whole: bool) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(_is_number(item, whole=whole) for item in value)
