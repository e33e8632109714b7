"""The action plan that goes with a pay gap: its gates passed and failed, and what is left to people's judgement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from levelup.terms.errors import InputError

_FACTS = Path(__file__).with_name("actions.yaml")
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:gov|co|org|ac)\.uk\b|\b[\w-]+\.(?:com|org|net)\b", re.IGNORECASE)
_BOTH = "Whether an action about the gap also counts for menopause: the plan rests on it, and the sources disagree."


@dataclass(frozen=True, slots=True)
class Action:
    """One of the listed actions: its number, name and section, and whether it counts for the gap, for menopause or for both."""

    number: int
    name: str
    section: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An action in a plan: its number on the list, its status in the exact words, and its text."""

    number: int
    status: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """An action plan: the chosen actions, the narrative, the link that has its own field, and the day it was published."""

    actions: tuple[Chosen, ...]
    narrative: str = ""
    link: str = ""
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing a plan must be, in a sentence, what was found, and the source that asks for it."""

    key: str
    must: str
    found: str
    source: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review that falls due on a day, and what it is; on 29 February it falls on 28 February of another year."""

    due: date
    what: str


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """Gates passed, gates failed, and what people must judge; no gate says that a plan is good, or that the duty is met.

    Of all this only `plan` and `reviews` are for publication.
    """

    passed: tuple[Gate, ...]
    failed: tuple[Gate, ...]
    judgement_required: tuple[str, ...]
    reviews: tuple[Review, ...]
    open: tuple[str, ...]
    plan: Plan


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(_FACTS.read_text(encoding="utf-8"))
    return facts


def listed_actions() -> tuple[Action, ...]:
    """Return the actions of the government's list, in its order.

    Returns
    -------
    tuple of Action

    Examples
    --------
    >>> actions = listed_actions()
    >>> len(actions), sum("gap" in item.tags for item in actions), sum("menopause" in item.tags for item in actions)
    (18, 12, 7)
    """
    facts = _facts()
    return tuple(
        Action(item["number"], item["name"], facts["sections"][item["section"]], tuple(item["tags"])) for item in facts["actions"]
    )


def read_status(text: str) -> str:
    """Return a status in the service's words, whatever its capitals; as it is given where it is none of them.

    Parameters
    ----------
    text : str
        Such as 'New', 'new or in progress', 'EMBEDDED'.

    Returns
    -------
    str

    Examples
    --------
    >>> read_status("new"), read_status(" EMBEDDED "), read_status("Done")
    ('New or in progress', 'Embedded', 'Done')
    """
    plain = " ".join(text.casefold().split())
    meant = {word.casefold(): word for word in _facts()["statuses"]} | {"new": _facts()["statuses"][0]}
    return str(meant.get(plain, text))


def count_words(text: str) -> int:
    """Return how many words the service counts in a text: runs of characters between spaces or line breaks.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    int

    Examples
    --------
    >>> count_words("part-time staff, 4 April - 2027")
    6
    """
    return len(text.split())


def reviews_due(published: date) -> tuple[Review, ...]:
    """Return when a plan is to be reviewed, counted from the day it was published.

    Parameters
    ----------
    published : date
        The plan's first day.

    Returns
    -------
    tuple of Review
        After one, two and three years.

    Examples
    --------
    >>> [review.due.isoformat() for review in reviews_due(date(2028, 2, 29))]
    ['2029-02-28', '2030-02-28', '2031-02-28']
    """
    made = []
    for item in _facts()["reviews"]:
        year = published.year + item["years"]
        day = 28 if (published.month, published.day) == (2, 29) else published.day
        made.append(Review(date(year, published.month, day), item["what"]))
    return tuple(made)


def check_plan(plan: Plan, *, menopause_also: Sequence[int] | None = None) -> PlanCheck:
    """Check an action plan against what the government's format asks for.

    Parameters
    ----------
    plan : Plan
        What people wrote.
    menopause_also : sequence of int, optional
        Which of the actions about the gap also count for menopause; as the list has it where not given (whether action 6 does
        is open).

    Returns
    -------
    PlanCheck
        Every gate is in exactly one of `passed` and `failed`.

    Raises
    ------
    InputError
        `menopause_also` names a number that is not on the list.

    Source
    ------
    Equality Act 2010 s.78A for the matters; guidance, steps 2, 3 and 6, and the service's code for numbers, words and statuses.

    Examples
    --------
    >>> plan = Plan((Chosen(1, "New or in progress", "Why, and how we track it."), Chosen(13, "Embedded")))
    >>> [gate.key for gate in check_plan(plan).failed]
    ['two-new', 'gap-and-menopause']
    """
    tags = {item.number: set(item.tags) for item in listed_actions()}
    if menopause_also is not None:
        strange = [number for number in menopause_also if number not in tags]
        if strange:
            raise InputError("the numbers must be on the list of actions", got=", ".join(map(str, strange)))
        tags = {number: _strict(held) | ({"menopause"} if number in menopause_also else set()) for number, held in tags.items()}
    made = (*_action_gates(plan, tags=tags), *_text_gates(plan))
    passed = tuple(gate for gate, holds in made if holds)
    failed = tuple(gate for gate, holds in made if not holds)
    reviews = reviews_due(plan.published) if plan.published else ()
    rests = _pairs(plan, tags=tags) and not _pairs(plan, tags={key: _strict(held) for key, held in tags.items()})
    judgements = (*_judgements(plan), *((_BOTH,) if rests else ()))
    return PlanCheck(passed, failed, judgements, reviews, tuple(_facts()["open"]), plan)


def _strict(tags: set[str]) -> set[str]:
    """Return the tags of an action about the gap without that about menopause."""
    return tags - {"menopause"} if "gap" in tags else tags


def _pairs(plan: Plan, *, tags: dict[int, set[str]]) -> bool:
    """Return whether one new action is about the gap and another about menopause."""
    status = _facts()["statuses"][0]
    new = {item.number for item in plan.actions if item.status == status and item.number in tags}
    return any(one != other and "gap" in tags[one] and "menopause" in tags[other] for one in new for other in new)


def _action_gates(plan: Plan, *, tags: dict[int, set[str]]) -> list[tuple[Gate, bool]]:
    facts, limits = _facts(), _facts()["limits"]
    statuses = facts["statuses"]
    unknown = sorted({item.number for item in plan.actions} - set(tags))
    twice = sorted(number for number, count in Counter(item.number for item in plan.actions).items() if count > 1)
    wrong = [item.number for item in plan.actions if item.status not in statuses]
    new = {item.number for item in plan.actions if item.status == statuses[0] and item.number in tags}
    gap = {number for number in new if "gap" in tags[number]}
    menopause = {number for number in new if "menopause" in tags[number]}
    least, chosen = limits["new_or_in_progress"], {item.number for item in plan.actions if item.status in statuses} & set(tags)
    return [
        (
            Gate("listed", "Every action must be on the list of 18.", _numbers(unknown, "not on the list"), "guidance"),
            not unknown,
        ),
        (Gate("once", "No action may stand in the plan twice.", _numbers(twice, "in the plan twice"), "service"), not twice),
        (
            Gate(
                "status",
                f"A status must be {' or '.join(map(repr, statuses))}; 'New' is short for the first.",
                _numbers(wrong, "of another status"),
                "service",
            ),
            not wrong,
        ),
        (
            Gate(
                "two-actions",
                f"At least {limits['actions']} actions must be chosen, {statuses[0]!r} or {statuses[1]!r}.",
                f"{len(chosen)} such action{'' if len(chosen) == 1 else 's'}",
                "summary",
            ),
            len(chosen) >= limits["actions"],
        ),
        (
            Gate(
                "two-new",
                f"At least {least} actions must be {statuses[0]!r}.",
                f"{len(new)} such action{'' if len(new) == 1 else 's'}",
                "service",
            ),
            len(new) >= least,
        ),
        (
            Gate(
                "gap-and-menopause",
                f"Among those {statuses[0]!r}, one action must be about the gap and another about menopause.",
                f"{len(gap)} about the gap, {len(menopause)} about menopause, {len(gap & menopause)} of them about both",
                "service",
            ),
            _pairs(plan, tags=tags),
        ),
    ]


def _text_gates(plan: Plan) -> list[tuple[Gate, bool]]:
    limits, statuses = _facts()["limits"], _facts()["statuses"]
    most, narrative = limits["action_words"], limits["narrative_words"]
    empty = [item.number for item in plan.actions if item.status == statuses[0] and not item.text.strip()]
    long = [item.number for item in plan.actions if count_words(item.text) > most]
    linked = [item.number for item in plan.actions if _LINK.search(item.text)]
    words, narrative_link = count_words(plan.narrative), "a link" if _LINK.search(plan.narrative) else "none"
    rule = f"Every action {statuses[0]!r} must say why it was chosen and how it will be tracked."
    return [
        (Gate("text", rule, _numbers(empty, "without text"), "guidance"), not empty),
        (Gate("text-words", f"A text must have at most {most} words.", _numbers(long, "longer"), "guidance"), not long),
        (
            Gate("text-links", "A text must hold no link.", _numbers(linked, "a link", verbs=("has", "have")), "guidance"),
            not linked,
        ),
        (
            Gate("narrative-words", f"The narrative must have at most {narrative} words.", f"{words} words", "guidance"),
            words <= narrative,
        ),
        (
            Gate("narrative-links", "The narrative must hold no link; the link has its own field.", narrative_link, "guidance"),
            narrative_link == "none",
        ),
    ]


def _numbers(numbers: Sequence[int], what: str, *, verbs: tuple[str, str] = ("is", "are")) -> str:
    if not numbers:
        return "none"
    *first, last = map(str, numbers)
    return f"actions {', '.join(first)} and {last} {verbs[1]} {what}" if first else f"action {last} {verbs[0]} {what}"


def _judgements(plan: Plan) -> tuple[str, ...]:
    """Return what no program can decide."""
    asked = [
        "Whether the actions answer what the figures, and the people they are about, say.",
        "Whether each text says why the action was chosen and how its effect will be known.",
        "Whether those who decide have approved the plan.",
    ]
    if plan.published is None:
        asked.append("When the plan is published, from which its reviews are counted.")
    return tuple(asked)
