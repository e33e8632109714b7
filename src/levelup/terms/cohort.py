"""Cohorts: the nine protected characteristics, age bands, schooling and place circumstances, and their crossings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from levelup.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One way of grouping people: its key, label, categories (key to label), and whether the Equality Act protects it."""

    key: str
    label: str
    categories: dict[str, str]
    protected: bool = False
    open: bool = False
    disadvantaged: str = ""
    """The category designated as the lower one before any outcome is seen; empty where none is."""


_SEND = {
    "any": "pupils with special educational needs",
    "none": "pupils without special educational needs",
    "support": "pupils with SEN support",
    "plan": "pupils with an education, health and care plan",
}
_ETHNIC = {
    "asian": "Asian people",
    "black": "Black people",
    "mixed": "people of mixed ethnicity",
    "white": "White people",
    "other": "people of another ethnic group",
    "chinese": "Chinese people",
}

CHARACTERISTICS: dict[str, Characteristic] = {
    item.key: item
    for item in (
        Characteristic("age", "age", {}, protected=True, open=True),
        Characteristic(
            "disability",
            "disability",
            {"yes": "disabled people", "no": "people who are not disabled"},
            protected=True,
            disadvantaged="yes",
        ),
        Characteristic(
            "gender-reassignment",
            "gender reassignment",
            {"yes": "gender differs from sex registered at birth", "no": "gender same as sex registered at birth"},
            protected=True,
        ),
        Characteristic(
            "marriage",
            "marriage and civil partnership",
            {"married": "married or in a civil partnership", "other": "not married or in a civil partnership"},
            protected=True,
        ),
        Characteristic(
            "maternity", "pregnancy and maternity", {"yes": "pregnant or on maternity leave", "no": "neither"}, protected=True
        ),
        Characteristic("ethnicity", "race", _ETHNIC, protected=True, open=True),
        Characteristic("religion", "religion or belief", {}, protected=True, open=True),
        Characteristic("sex", "sex", {"female": "women and girls", "male": "men and boys"}, protected=True),
        Characteristic("sexual-orientation", "sexual orientation", {}, protected=True, open=True),
        Characteristic(
            "fsm",
            "free school meals",
            {"eligible": "pupils eligible for free school meals", "other": "pupils not eligible for free school meals"},
            disadvantaged="eligible",
        ),
        Characteristic(
            "disadvantage",
            "disadvantage at school",
            {"disadvantaged": "disadvantaged pupils", "other": "other pupils"},
            disadvantaged="disadvantaged",
        ),
        Characteristic("send", "special educational needs", _SEND, disadvantaged="any"),
        Characteristic(
            "care",
            "care experience",
            {
                "looked-after": "children looked after",
                "care-leaver": "care leavers",
                "in-need": "children in need",
                "other": "never in care",
            },
            disadvantaged="looked-after",
        ),
        Characteristic(
            "deprivation-tenth",
            "tenth of deprivation",
            {str(n): f"tenth {n} (1 the most deprived)" for n in range(1, 11)},
            disadvantaged="1",
        ),
        Characteristic(
            "deprivation-fifth",
            "fifth of deprivation",
            {str(n): f"fifth {n} (1 the most deprived)" for n in range(1, 6)},
            disadvantaged="1",
        ),
        Characteristic("rurality", "rural and urban", {"rural": "rural areas", "urban": "urban areas"}),
        Characteristic(
            "household-deprivation",
            "dimensions of household deprivation",
            {str(n): f"deprived in {n} dimensions" for n in range(5)},
        ),
        Characteristic(
            "occupation",
            "occupation",
            {"routine-manual": "routine and manual workers", "other": "other workers"},
            disadvantaged="routine-manual",
        ),
        Characteristic("tenure", "tenure", {}, open=True),
        Characteristic("group", "group as its table names it", {}, open=True),
    )
}
"""Every characteristic, by key. `open` ones take further categories from the data."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group of people: pairs of characteristic and category, in the characteristics' alphabetical order; none for everybody."""

    parts: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The canonical text, for example 'fsm=eligible;sex=female', or 'all'."""
        return ";".join(f"{name}={value}" for name, value in self.parts) or "all"

    @property
    def label(self) -> str:
        """What a page calls the group."""
        names = [
            CHARACTERISTICS[name].categories.get(value, f"{CHARACTERISTICS[name].label}: {value}") for name, value in self.parts
        ]
        return ", ".join(names) or "everyone"

    @property
    def is_crossing(self) -> bool:
        """Whether more than one characteristic is involved."""
        return len(self.parts) > 1


@lru_cache(maxsize=4096)
def parse_cohort(text: str) -> Cohort:
    """Read a cohort key such as 'all', 'sex=female' or 'sex=female;fsm=eligible'.

    Raises
    ------
    InputError
        A characteristic or category is unknown.

    Examples
    --------
    >>> parse_cohort("sex=female;fsm=eligible").key
    'fsm=eligible;sex=female'
    """
    if text in ("", "all"):
        return Cohort()
    parts = []
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        known = CHARACTERISTICS.get(name.strip())
        value = value.strip()
        if known is None:
            raise InputError(
                "cohort must use a known characteristic", got=repr(text), next=f"Use one of: {', '.join(CHARACTERISTICS)}."
            )
        if not value or (not known.open and value not in known.categories):
            allowed = ", ".join(known.categories)
            raise InputError(f"category of {known.key} must be one of: {allowed or 'any non-empty text'}", got=repr(text))
        parts.append((known.key, value))
    if len({name for name, _ in parts}) != len(parts):
        raise InputError("a cohort must name each characteristic once", got=repr(text))
    return Cohort(tuple(sorted(parts)))
