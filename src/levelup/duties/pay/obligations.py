"""What an employer of a size must do about pay gaps: what is law, and apart from it what is announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from levelup.duties.pay.calendar import publish_by, regulations_at
from levelup.duties.pay.rules import DEFAULT, Rules, cite

Standing = Literal["law", "announced"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that is asked of employers from a size on, whether this one has it, and where it stands in the law.

    `standing` is 'law', or 'announced' for what no law asks for yet; `paragraph` is '' for the latter. `least` is the number of
    employees from which it holds.
    """

    key: str
    standing: Standing
    least: int
    applies: bool
    says: str
    paragraph: str
    source: str
    status: str
    question: str


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("obligations.yaml").read_text(encoding="utf-8"))
    return found


def as_of() -> str:
    """Return the day at which the obligations were looked up, as 2026-11-23."""
    return str(_facts()["as_of"])


def find_obligations(headcount: int, *, snapshot: date, rules: Rules = DEFAULT) -> tuple[Obligation, ...]:
    """Return what is asked of employers under the regulations of a snapshot date, and whether of one with so many employees.

    Parameters
    ----------
    headcount : int
        People employed on the snapshot date.
    snapshot : date
        31 March or 5 April; it decides which regulations hold.
    rules : Rules
        The numbers from which duties hold: `least_employees` and `least_employees_information`.

    Returns
    -------
    tuple of Obligation
        What is law first.

    Raises
    ------
    InputError
        The day is no snapshot date.

    Source
    ------
    SI 2017/353 Sch 1 paras 1(1) and 2, and reg 4; SI 2017/172 regs 1(2), 2 and 14; Equality Act 2010 s.78A; CP 1542.

    Examples
    --------
    >>> [item.key for item in find_obligations(150, snapshot=date(2026, 3, 31)) if item.applies]
    ['employee-information']
    """
    regulations = regulations_at(snapshot)
    last = publish_by(snapshot, rules=rules)
    day = f"{last.day} {last.strftime('%B %Y')}"
    found = []
    for entry in _facts()["obligations"]:
        if regulations.number in entry["under"]:
            least = rules.whole(entry["from"])
            paragraph = cite(entry["rule"], regulations=regulations) if entry["rule"] else ""
            says = " ".join(entry["says"].split()).format(day=day)
            own = (entry["source"], entry["status"], entry["question"])
            found.append(Obligation(entry["key"], entry["standing"], least, headcount >= least, says, paragraph, *own))
    return tuple(found)
