"""The reading card: what a measure is, how to read it and where it comes from, as checked data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from levelup.measures.roles import Column, option_of
from levelup.terms.errors import InputError, did_you_mean


@dataclass(frozen=True, slots=True)
class Convention:
    """One way the literature computes a measure: its name and what it does, and the columns that it needs beyond the card's.

    `equality` is its value where all subjects are equal, where that is another than the card's.
    """

    name: str
    line: str
    needs: tuple[Column, ...] = ()
    equality: float | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number or word a caller may set: its default, what it does, its range or choices, and other names it goes by.

    A default of None means that the literature has several and one must be named. `is_text` says that it may be any text.
    """

    name: str
    default: float | str | None
    line: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """How to read one measure.

    `name` is the call's name, `abbreviation` the literature's; `also_called` maps further accepted names to the convention they
    imply ('' for none), or to the parameter ('weighting=weighted'). `kind` is simple (two subjects), complex (all of them), level
    (one subject's own figure, no comparison), split (a figure into parts) or pattern (how subjects lie or move among each other);
    `scale` says whether the unit stays (absolute) or cancels (relative). `row` says what one row of the table is. `least` is the
    smallest number of rows, `equality` the value where all subjects are equal, `low` and `high` the range (None for unbounded).
    `needs` are columns the measure does not work without, `uses` those it takes where given; `takes_value` and `polar` say
    whether it reads a column of levels and needs to know which direction is good. `usual` names the convention meant where none
    is asked for, lawful only where the literature has one and the others correct it; `labelled` roles hold labels like `LABELS`.
    """

    name: str
    abbreviation: str
    title: str
    sentence: str
    kind: Literal["simple", "complex", "level", "split", "pattern"]
    scale: Literal["absolute", "relative", "both"]
    weighted: bool
    ordered: bool
    least: int
    equality: float | None
    low: float | None
    high: float | None
    sign: str
    applicability: str
    warning: str
    interval: str
    conventions: tuple[Convention, ...]
    citation: str
    year: int
    address: str
    parameters: tuple[Parameter, ...] = ()
    needs: tuple[Column, ...] = ()
    uses: tuple[Column, ...] = ()
    also_called: tuple[tuple[str, str], ...] = ()
    row: str = "a subject"
    takes_value: bool = True
    polar: bool = True
    usual: str = ""
    labelled: tuple[Column, ...] = ()

    @property
    def convention_names(self) -> tuple[str, ...]:
        """The names of the conventions, in the card's order."""
        return tuple(item.name for item in self.conventions)


def convention_of(card: Card, name: str | None) -> Convention:
    """Return the convention asked for, the usual one, or the only one there is.

    Raises
    ------
    InputError
        The name is unknown, or none was given where the literature has several.
    """
    if name is None and len(card.conventions) == 1:
        return card.conventions[0]
    wanted = card.usual if name is None else name.strip().lower()
    for item in card.conventions:
        if item.name == wanted:
            return item
    known = "".join(f"\n  {item.name}: {_first_clause(item.line)}" for item in card.conventions)
    rule = f"{card.name} must be asked for by a convention" if name is None else f"convention must be one of {card.name}'s"
    near = "" if name is None else did_you_mean(wanted, card.convention_names)
    usual = next((item for item in card.conventions if item.name == _ENGLISH), None)
    paste = "" if usual is None else f"\nEnglish public health uses {usual.name}:\n  {example_of(card, convention=usual)}"
    advice = f"{near} Use --convention with one of:{known}{paste}".strip()
    raise InputError(rule, got="none" if name is None else repr(name), where="convention", next=advice)


def _first_clause(line: str) -> str:
    return re.split(r"[;:.,] |\.$", line, maxsplit=1)[0]


def example_of(card: Card, *, convention: Convention | None = None) -> str:
    """Return one command that asks for a measure, with all that it needs and column names to be put in.

    Examples
    --------
    >>> from levelup.measures.proportion import CARD
    >>> example_of(CARD)
    'levelup measure proportion FILE.csv --column count=COL --column total=COL'
    """
    if convention is None:
        named = [item for item in card.conventions if item.name in (_ENGLISH, card.usual)]
        convention = (named or list(card.conventions))[0]
    roles = dict.fromkeys((*needed(card), *convention.needs))
    words = [f"levelup measure {card.name} FILE.csv", *(option_of(role) for role in roles)]
    words += ["--polarity more-is-better"] * card.polar
    words += [f"--parameter {_named_value(item)}" for item in card.parameters if item.default is None]
    words += [f"--convention {convention.name}"] * (len(card.conventions) > 1 and convention.name != card.usual)
    return " ".join(words)


def _named_value(item: Parameter) -> str:
    return f"{item.name}={item.choices[0] if item.choices else 'NUMBER'}"


def parameters_of(card: Card, given: dict[str, float | str] | None) -> dict[str, float | str]:
    """Return every parameter of the card with its value: as given, checked, or by default.

    Raises
    ------
    InputError
        A parameter is unknown, not a number where one is due, or out of its range or choices; or one must be named and is not.
    """
    values: dict[str, float | str] = {item.name: item.default for item in card.parameters if item.default is not None}
    names = {name: item for item in card.parameters for name in (item.name, *item.also_called)}
    for name, value in (given or {}).items():
        item = names.get(name.strip().lower())
        if item is None:
            known, near = ", ".join(names) or "none", did_you_mean(name, names)
            raise InputError(
                f"parameter must be one of {card.name}'s",
                got=repr(name),
                where="parameter",
                next=f"{near} It has: {known}.".strip(),
            )
        values[item.name] = _checked(item, value)
    for item in card.parameters:
        if item.name not in values:
            raise InputError(
                f"{card.name} must be asked for with {item.name}",
                got="none",
                where="parameter",
                next=f"Use {' or '.join(f'--parameter {item.name}={word}' for word in item.choices or ['NUMBER'])}: {item.line}",
            )
    return values


def _checked(item: Parameter, value: float | str) -> float | str:
    if item.choices:
        if str(value) in item.choices:
            return str(value)
        raise InputError(f"{item.name} must be one of: {', '.join(item.choices)}", got=repr(value), where="parameter")
    if item.is_text:
        return str(value).strip()
    try:
        number = float(value)
    except ValueError:
        raise InputError(f"{item.name} must be a number", got=repr(value), where="parameter") from None
    low, high = item.low, item.high
    if not (number == number and (low is None or number >= low) and (high is None or number <= high)):
        raise InputError(f"{item.name} must lie between {low} and {high}", got=repr(value), where="parameter")
    return number


def check_card(card: Card) -> tuple[str, ...]:
    """Return every fault in a card: an empty text, no convention, a limit out of order, a source without an address."""
    faults = [f"{card.name}: {field} must not be empty" for field in _TEXTS if not str(getattr(card, field)).strip()]
    if card.name != card.name.lower() or " " in card.name:
        faults.append(f"{card.name}: name must be lower case with underscores")
    if not card.conventions or any(not item.line for item in card.conventions):
        faults.append(f"{card.name}: every measure must have a convention, and every convention a line")
    if not card.address.startswith("https://"):
        faults.append(f"{card.name}: address must be an https address or a DOI link")
    if card.least < (1 if card.kind in ("level", "split") else 2) or not 1900 < card.year < 2100:
        faults.append(f"{card.name}: least must be 2 or more (1 for a level or a split) and year a year")
    if card.usual and card.usual not in card.convention_names:
        faults.append(f"{card.name}: the usual convention must be one of its conventions")
    if card.low is not None and card.equality is not None and card.equality < card.low:
        faults.append(f"{card.name}: value at equality must lie in the range")
    if card.weighted and "population" not in (*card.needs, *card.uses):
        faults.append(f"{card.name}: a weighted measure must take populations")
    if card.ordered and "order" not in (*card.needs, *card.uses):
        faults.append(f"{card.name}: an ordered measure must take an order")
    return tuple(faults)


_ENGLISH = "ohid-linear"
"""The convention that English public health uses, where a card has it."""

_TEXTS = ("name", "abbreviation", "title", "sentence", "sign", "applicability", "warning", "interval", "citation", "address")


def needed(card: Card) -> tuple[str, ...]:
    """Return every column that a measure does not work without, the levels first."""
    return ("value",) * card.takes_value + card.needs


def default_of(item: Parameter) -> str:
    """Return the words that a parameter may be, if any, and its default, as help prints them."""
    default = "must be named" if item.default is None else f"default {item.default}" if item.default != "" else "none by default"
    return f"{', '.join(item.choices)}; {default}" if item.choices else default
