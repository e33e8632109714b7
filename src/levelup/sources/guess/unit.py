"""Which unit an indicator's figures are in, from what headers, titles and cells say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from levelup.sources.guess.profile import words_of

_WORDS: tuple[tuple[str, str], ...] = (
    ("rate-per-100000", r"per 100 ?000"),
    ("rate-per-10000", r"per 10 ?000"),
    ("rate-per-1000", r"per 1 ?000|per thousand"),
    ("percent", r"%|per ?cent|percentages?|proportions?|prevalence|shares?(?: of)?|pct"),
    ("million-pounds", r"£ ?m\b|£ million|million pounds"),
    ("years", r"life expectancy|\(years\)|in years|^years$"),
    ("pounds", r"£|earnings|pay|salary|wages?|(?:median|mean|average|gross|net|disposable|weekly|annual) income"),
    ("minutes", r"minutes?|mins"),
    ("score-0-10", r"out of 10|0 to 10|0 10"),
    ("ratio", r"ratio"),
    ("score", r"scores?|points"),
    ("index-100", r"index"),
    ("count", r"numbers?|counts?|total|cases|households|people"),
)
_UNITS = tuple((unit, re.compile(rf"(?:^|(?<![\w])){words}(?![\w])" if unit != "percent" else words)) for unit, words in _WORDS)


def guess_unit(texts: Iterable[str], *, signs: frozenset[str] = frozenset(), is_whole: bool = False) -> tuple[str, float, str]:
    """Guess a unit.

    Parameters
    ----------
    texts : iterable of str
        What speaks of the unit, the nearest first: the unit's own column, the figure's header, the indicator's name, the title.
    signs : frozenset of str
        '%' or '£' where the cells carry them.
    is_whole : bool
        Whether every figure is a whole number.

    Returns
    -------
    tuple of (str, float, str)
        A key of our units or '', a confidence, and the reason.

    Examples
    --------
    >>> guess_unit(["Rate per 1,000 population"])[0]
    'rate-per-1000'
    """
    if "%" in signs:
        return "percent", 0.95, "the cells carry a % sign"
    if "£" in signs:
        return "pounds", 0.85, "the cells carry a £ sign"
    for distance, text in enumerate(texts):
        plain = words_of(text.replace("1,000", "1000").replace("10,000", "10000").replace("100,000", "100000"))
        for unit, pattern in _UNITS:
            match = pattern.search(plain)
            if match:
                return unit, round(max(0.9 - 0.15 * distance, 0.4), 2), f"the text {text[:60]!r} says {match.group().strip()!r}"
    if is_whole:
        return "count", 0.3, "every figure is a whole number"
    return "", 0.0, "nothing says the unit: it must be stated"
