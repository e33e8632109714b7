"""Which column of a payroll extract means what: guessed from header words, stated by a person, saved and read again as TOML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from levelup.terms.errors import InputError

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NEWEST, OLDEST = "newest first", "oldest first"
SEX_RULE = "must be a code that the mapping names under men, women or not_recorded"
LABELS = ("ethnicity", "disability", "grade", "directorate")
_SHARED = {
    "worked": ("employee", "sex", "bonus_in_year", "full_pay", "weekly_hours", *LABELS),
    "weeks": ("employee", "contract"),
}


@dataclass(frozen=True, slots=True)
class Role:
    """What a column can mean: its kind, whether several columns may share it, and the header words it is known by."""

    role: str
    kind: str
    says: str
    words: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class PayMapping:
    """The stated meaning of an extract: columns by role, what the codes mean, and in which order columns of weeks stand.

    `codes` has the keys 'men', 'women', 'not_recorded', 'yes' and 'no', with texts in lower case. `not_read` are columns without
    a role; they are not read, and pay that stands in one of them does not count.
    """

    roles: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[str, ...]]
    weeks: str = NEWEST
    not_read: tuple[str, ...] = field(default=())

    def column(self, role: str) -> str:
        """Return the first column of a role, or '' where it has none."""
        return next(iter(self.roles.get(role, ())), "")


def sex_codes(mapping: PayMapping) -> dict[str, int]:
    """Return what stands for whom: 0 for men, 1 for women, -1 where no sex is recorded."""
    codes = mapping.codes
    return dict.fromkeys(codes["not_recorded"], -1) | dict.fromkeys(codes["men"], 0) | dict.fromkeys(codes["women"], 1)


def answer_codes(mapping: PayMapping) -> dict[str, int]:
    """Return what stands for no (0) and for yes (1)."""
    return dict.fromkeys(mapping.codes["no"], 0) | dict.fromkeys(mapping.codes["yes"], 1)


def say_not_read(mapping: PayMapping) -> tuple[str, ...]:
    """Return the remark that names the columns without a role, if there are any."""
    return (f"Not read: {', '.join(mapping.not_read)}.",) if mapping.not_read else ()


@lru_cache(maxsize=3)
def read_roles(part: str = "extract") -> dict[str, Role]:
    """Return the roles of an 'extract', of the sheet already 'worked' out, or of a table of hours by 'weeks', by their keys."""
    held = _held()
    own: list[dict[str, Any]] = [] if part == "extract" else held[part]
    shared: list[dict[str, Any]] = [entry for entry in held["roles"] if entry["role"] in _SHARED.get(part, (entry["role"],))]
    return {entry["role"]: Role(**(entry | {"words": tuple(entry["words"])})) for entry in (*shared, *own)}


def default_codes() -> dict[str, tuple[str, ...]]:
    """Return the codes that are read without being stated."""
    return {name: tuple(texts) for name, texts in _held()["codes"].items()}


def guess_mapping(columns: Iterable[str], *, part: str = "extract") -> PayMapping:
    """Guess what each column means from the words of its header.

    Parameters
    ----------
    columns : iterable of str
        Headers, in the order of the file.
    part : str
        'extract', 'worked' (the sheet already worked out) or 'weeks' (a table of hours by weeks).

    Returns
    -------
    PayMapping
        The longest known words win, then the column that stands first. Columns of weeks are taken in the order of their dates or
        numbers, a week with a higher number being the later one.

    Examples
    --------
    >>> found = guess_mapping(["Employee No", "Gender", "Basic Pay (GBP)", "Car allowance", "Night shift premium", "Notes"])
    >>> found.roles["basic_pay"], found.roles["shift_premium"], found.not_read
    (('Basic Pay (GBP)',), ('Night shift premium',), ('Notes',))
    """
    headers, roles = list(columns), read_roles(part)
    scored = {header: _best_role(header, roles.values()) for header in headers}
    found: dict[str, tuple[str, ...]] = {}
    for key, role in roles.items():
        fitting = [header for header in headers if scored[header][0] == key]
        if fitting:
            best = max(fitting, key=lambda header: scored[header][1])
            found[key] = tuple(fitting) if role.several else (best,)
    if "hours_week" in found:
        found["hours_week"] = _newest_first(found["hours_week"])
    used = {header for chosen in found.values() for header in chosen}
    return PayMapping(found, default_codes(), NEWEST, tuple(header for header in headers if header not in used))


def parse_mapping(stated: str | Mapping[str, Any]) -> PayMapping:
    """Read a mapping from its saved text, or from a dict of the same shape.

    Parameters
    ----------
    stated : str or mapping
        TOML with a table `roles` (role to a column or a list of columns), and, where the shipped ones do not hold, a table
        `codes` (men, women, not_recorded, yes, no) and `weeks`.

    Returns
    -------
    PayMapping
        As stated; codes in lower case, those not stated as shipped.

    Raises
    ------
    InputError
        It is not TOML, a role is not known, has several columns where it can have one, or a column has two roles.

    Examples
    --------
    >>> parse_mapping({"roles": {"employee": "ID", "sex": "S"}, "codes": {"men": ["1"], "women": ["2"]}}).codes["women"]
    ('2',)
    """
    if isinstance(stated, str):
        try:
            stated = tomllib.loads(stated)
        except tomllib.TOMLDecodeError as fault:
            raise InputError("a mapping must be TOML", got=str(fault), where="mapping") from fault
    roles = {str(role): _texts(columns, where=f"roles.{role}") for role, columns in _table(stated, "roles").items()}
    codes = {str(name): _texts(texts, where=f"codes.{name}") for name, texts in _table(stated, "codes").items()}
    weeks = stated.get("weeks", NEWEST)
    known = read_roles()
    for role, columns in roles.items():
        if role not in known:
            raise InputError(
                "must be a known role", got=repr(role), where="mapping roles", next=f"There are: {', '.join(known)}."
            )
        if len(columns) > 1 and not known[role].several:
            raise InputError("this role must have one column", got=f"{len(columns)} columns", where=f"mapping roles.{role}")
    repeated = _repeated(column for columns in roles.values() for column in columns)
    if repeated:
        raise InputError("a column must have one role", got=repr(repeated), where="mapping roles")
    if set(codes) - set(default_codes()):
        got = repr(sorted(set(codes) - set(default_codes()))[0])
        raise InputError(f"codes must be of {', '.join(default_codes())}", got=got, where="mapping codes")
    if weeks not in (NEWEST, OLDEST):
        raise InputError(f"weeks must be '{NEWEST}' or '{OLDEST}'", got=repr(weeks), where="mapping weeks")
    folded = {name: tuple(text.strip().casefold() for text in texts) for name, texts in codes.items()}
    _check_codes(default_codes() | folded)
    return PayMapping(roles, default_codes() | folded, weeks)


def mapping_text(mapping: PayMapping) -> str:
    """Return a mapping as TOML that a person can read, edit and keep; `parse_mapping` reads it back."""
    known = read_roles()
    lines = ["# How one payroll extract is read: the role of each column, and what its codes mean.", f'weeks = "{mapping.weeks}"']
    if mapping.not_read:
        lines.append("# Not read, so that no pay in them counts: " + ", ".join(json.dumps(name) for name in mapping.not_read))
    lines += ["", "[roles]"]
    for role, columns in mapping.roles.items():
        lines.append(f"# {known[role].says}")
        lines.append(f"{role} = {_toml(columns) if known[role].several else json.dumps(columns[0], ensure_ascii=False)}")
    lines += ["", "[codes]", *(f"{name} = {_toml(texts)}" for name, texts in mapping.codes.items())]
    return "\n".join(lines) + "\n"


def _toml(texts: Sequence[str]) -> str:
    return "[" + ", ".join(json.dumps(text, ensure_ascii=False) for text in texts) + "]"


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    held: dict[str, Any] = yaml.load(Path(__file__).with_name("roles.yaml").read_text(encoding="utf-8"), Loader=_LOADER)
    return held


def _best_role(header: str, roles: Iterable[Role]) -> tuple[str, tuple[int, int]]:
    """Return the role whose words fit a header best, with (is the whole header, words that fit), or '' where none do."""
    words = _words(header)
    best: tuple[str, tuple[int, int]] = ("", (0, 0))
    for role in roles:
        if role.kind == "money" and "hours" in words:
            continue
        named = [word for word in words if not (role.several and word.isdigit())]
        for phrase in role.words:
            wanted = phrase.split()
            score = (int(named == wanted), len(wanted))
            if score > best[1] and (score[0] or (_may_stand_among_others(role, wanted) and _holds(words, wanted))):
                best = (role.role, score)
    return best


def _may_stand_among_others(role: Role, wanted: list[str]) -> bool:
    """Return whether words name the role inside a longer header; one word alone rarely does ('Annual salary', 'Job title')."""
    return len(wanted) > 1 or role.several or role.kind == "code"


def _holds(words: list[str], wanted: list[str]) -> bool:
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _words(header: str) -> list[str]:
    """Return a header's words in lower case; numbers, which only count weeks, stand apart."""
    return re.findall(r"[a-z]+|\d+", header.casefold().replace("'s", ""))


def _newest_first(headers: Sequence[str]) -> tuple[str, ...]:
    """Return columns of weeks with the latest first, by the dates or numbers in their headers."""

    def place(header: str) -> list[int]:
        figures = [int(text) for text in re.findall(r"\d+", header)]
        return figures[::-1] if len(figures) == 3 and figures[-1] > 31 else figures

    return tuple(sorted(headers, key=place, reverse=True))


def _table(stated: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = stated.get(name, {})
    if not isinstance(found, Mapping):
        raise InputError("must be a table", got=type(found).__name__, where=f"mapping {name}")
    return found


def _texts(value: object, *, where: str) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
        raise InputError("must be a text or a list of texts", got=type(value).__name__, where=f"mapping {where}")
    return tuple(texts)


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), "")  # type: ignore[func-returns-value]


def _check_codes(codes: Mapping[str, Sequence[str]]) -> None:
    for group in (("men", "women", "not_recorded"), ("yes", "no")):
        repeated = _repeated(text for name in group for text in codes[name])
        if repeated:
            raise InputError("a code must mean one thing", got=repr(repeated), where=f"mapping codes {', '.join(group)}")


def labels_text(labels: Mapping[str, Mapping[str, str]]) -> str:
    """Return what labels of the employer's own mean, by characteristic, as the tables of a mapping.

    Examples
    --------
    >>> print(labels_text({"ethnicity": {"Code 7": "Indian"}}).strip())
    [labels.ethnicity]
    "Code 7" = "Indian"
    """

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return "".join(
        f"\n[labels.{name}]\n" + "".join(f"{quoted(own)} = {quoted(meant)}\n" for own, meant in held.items())
        for name, held in labels.items()
    )
