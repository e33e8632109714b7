"""The rules of pay gaps as cited data, and the named parameters that stand where the law leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from levelup.terms.errors import InputError

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STATUSES = ("read", "secondary", "from memory", "open")
"""How well a rule is known: its text was read, somebody else says so, nothing was seen, or it is not settled."""

Value = float | str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says, its paragraph in SI 2017/353, the parallel in SI 2017/172, where it was read, and what is open."""

    key: str
    says: str
    paragraph: str
    parallel: str
    source: str
    status: str
    question: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named parameter: its shipped value, its unit or its choices, the rule it belongs to, and the open question."""

    name: str
    value: Value
    rule: str
    says: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Regulations:
    """One set of regulations: its number and title, who is bound, its snapshot day, and how partners and schools stand in it."""

    number: str
    title: str
    who: str
    month: int
    day: int
    partners: str
    maintained_schools: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything in `rules.yaml`; `periods` gives (days, months, years) by the name that a pay or bonus period goes by."""

    rules: Mapping[str, Rule]
    parameters: Mapping[str, Parameter]
    regulations: tuple[Regulations, ...]
    periods: Mapping[str, tuple[float, float, float]]
    remainders: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The shipped rules with the parameters a caller has set otherwise.

    Examples
    --------
    >>> DEFAULT.figure("days_in_month"), change_rules(days_in_month=30).figure("days_in_month")
    (30.44, 30.0)
    """

    changed: tuple[tuple[str, Value], ...] = ()

    def value(self, name: str) -> Value:
        """Return a parameter's value, as set or as shipped."""
        return dict(self.changed).get(name, _parameter(name).value)

    def figure(self, name: str) -> float:
        """Return a parameter that is a number."""
        return float(self.value(name))

    def whole(self, name: str) -> int:
        """Return a parameter that is a whole number."""
        return int(self.value(name))

    def choice(self, name: str) -> str:
        """Return a parameter that is a choice."""
        return str(self.value(name))


DEFAULT = Rules()
"""The rules as shipped."""


@lru_cache(maxsize=1)
def read_rules() -> RuleBook:
    """Return every shipped rule and parameter; the file is read once.

    Returns
    -------
    RuleBook
        As `rules.yaml` has them, in its order.
    """
    held: dict[str, Any] = yaml.load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"), Loader=_LOADER)
    return RuleBook(
        rules={entry["key"]: Rule(**entry) for entry in held["rules"]},
        parameters={
            entry["name"]: Parameter(**(entry | {"choices": tuple(entry.get("choices", ()))})) for entry in held["parameters"]
        },
        regulations=tuple(_regulations(entry) for entry in held["regulations"]),
        periods={
            word: (float(entry.get("days", 0)), float(entry.get("months", 0)), float(entry.get("years", 0)))
            for entry in held["periods"]
            for word in entry["words"]
        },
        remainders={int(left): tuple(names) for left, names in held["remainders"].items()},
    )


def change_rules(rules: Rules = DEFAULT, **values: Value) -> Rules:
    """Return rules with some parameters set otherwise.

    Parameters
    ----------
    rules : Rules
        What they are set on top of.
    **values : float or str
        By the parameter's name: a number not below 0, or one of its choices.

    Returns
    -------
    Rules
        A new record; the given one stands.

    Raises
    ------
    InputError
        There is no such parameter, or it cannot have that value.

    Examples
    --------
    >>> change_rules(several_jobs="one-per-employment").choice("several_jobs")
    'one-per-employment'
    """
    for name, value in values.items():
        parameter = _parameter(name)
        if parameter.choices:
            allowed = value in parameter.choices
            rule = f"must be one of {', '.join(parameter.choices)}"
        else:
            allowed = isinstance(value, int | float) and 0 <= value < float("inf")
            rule = "must be a number, 0 or more"
        if not allowed:
            raise InputError(rule, got=repr(value), where=f"parameter {name}", next=parameter.says)
    return Rules(tuple((dict(rules.changed) | values).items()))


def cite(key: str, *, regulations: Regulations | None = None) -> str:
    """Return a rule's paragraph in the regulations that apply, those for public authorities by default.

    Examples
    --------
    >>> cite("multiplier")
    'SI 2017/353 Sch 1 para 6(1) step 5'
    >>> cite("several-jobs")
    'no paragraph: guidance'
    """
    rule = read_rules().rules[key]
    is_private = regulations is not None and regulations.number == "2017/172"
    paragraph = rule.parallel if is_private else rule.paragraph
    if paragraph == "none":
        return "no paragraph: guidance"
    schedule = " Sch 1" if paragraph.startswith("para") else ""
    return f"SI {'2017/172' if is_private else '2017/353'}{schedule} {paragraph}"


def _parameter(name: str) -> Parameter:
    known = read_rules().parameters
    if name not in known:
        raise InputError("must be a parameter of the pay rules", got=repr(name), next=f"There are: {', '.join(known)}.")
    return known[name]


def _regulations(entry: dict[str, Any]) -> Regulations:
    day = entry["snapshot"]
    return Regulations(
        entry["number"],
        entry["title"],
        entry["who"],
        day["month"],
        day["day"],
        entry["partners"],
        entry["maintained_schools"],
    )
