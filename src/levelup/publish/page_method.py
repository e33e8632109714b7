"""The pages of method and accessibility: how a word is reached, how sure it is, and how to read every measure."""

from __future__ import annotations

from markupsafe import Markup

from levelup.measures.card import Card
from levelup.measures.registry import REPORTED
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.own_words import say_own
from levelup.publish.page import Desk, Page
from levelup.publish.sentence import MEANINGS, STATEMENT_TEXTS, say_expected_false, say_order
from levelup.publish.strip import Strip, draw_strip
from levelup.publish.summary import not_judged, tally
from levelup.publish.wording import capital, number
from levelup.terms.errors import REFUSALS
from levelup.terms.polarity import Polarity
from levelup.terms.record import SHORTHAND, WORDS
from levelup.verdicts.grammar import ESTABLISHED, LIKELY, rests_on

_ENDS = {"lower": "the lower subject", "upper": "the upper subject"}
_SUMS = {
    "from-below": "taken together, the two changes are an improvement",
    "from-above": "taken together, the two changes are a worsening",
}


TRIED_FIRST = "no clear change"
"""The word that the grammar tries before all others, where a smallest change that matters is stated."""


def build_method(desk: Desk) -> list[Page]:
    """Return the page of method and the accessibility statement."""
    words, refusals = _words_grid(desk), _refusals_grid(desk)
    context: dict[str, object] = {
        "words": words,
        "refusals": refusals,
        "expected": say_expected_false(desk.publication),
        "order": say_order(desk.publication),
        "established": f"{ESTABLISHED:.2f}",
        "likely": f"{LIKELY:.2f}",
        "windows": desk.publication.windows,
        "cards": [_card(card) for card in REPORTED],
        "own": say_own(desk.publication.own),
        "shorthand": list(SHORTHAND.items()),
        "example": _example(),
        "strip": _strip(),
        "uncertainty": _uncertainty(desk),
        "methods": sorted({verdict.method for verdict in desk.publication.verdicts}),
    }
    method = Page(
        path="method/index.html",
        title="Method",
        template="method.html",
        section="method",
        context=context,
        tables={"verdict-words.csv": words, "refusals.csv": refusals},
        description="How a verdict word is reached, how sure it is, what is refused and why, and how to read every measure.",
    )
    statement = Page(
        path="method/accessibility.html",
        title="Accessibility statement",
        template="accessibility.html",
        section="method",
        context={},
        crumbs=(("Method", "method/index.html"),),
        description="How accessible these pages are, how that was tested, and what to do if something does not work.",
    )
    return [method, statement]


def _words_grid(desk: Desk) -> Grid:
    """Return the grammar: each word, what it means, what it rests on, and how many gaps carry it."""
    counted = tally(gap.main for gap in desk.gaps)
    rows = []
    for word in sorted(WORDS, key=lambda word: word != TRIED_FIRST):
        rests = [(STATEMENT_TEXTS.get(key) or _SUMS[key]).format(**_ENDS) for key in rests_on(word)]
        rows.append(
            (
                Cell("", word, tag=word),
                Cell(MEANINGS[word]),
                Cell(capital("; ".join(rests)) if rests else "[z]"),
                Cell(f"{counted.counts[word]:,}", counted.counts[word]),
            )
        )
    heads = (Head("Word"), Head("What it means"), Head("What it rests on"), Head("Gaps here", figures=True))
    return Grid("The words, in the order in which they are tried", heads, tuple(rows))


def _refusals_grid(desk: Desk) -> Grid:
    counts = {absence.code: absence.gaps for absence in not_judged(desk.publication)}
    rows = tuple(
        (Cell(code), Cell(text), Cell(f"{counts.get(code, 0):,}", counts.get(code, 0))) for code, text in REFUSALS.items()
    )
    return Grid("Why a number or a word may be absent", (Head("Code"), Head("Reason"), Head("Gaps here", figures=True)), rows)


def _card(card: Card) -> dict[str, object]:
    """Return a reading card as its entry on the page."""
    bounds = (
        number(card.low, decimals=0) if card.low is not None else "no lower bound",
        number(card.high, decimals=0) if card.high is not None else "no upper bound",
    )
    return {
        "id": f"measure-{card.name}",
        "title": card.title,
        "abbreviation": card.abbreviation,
        "sentence": card.sentence,
        "facts": [
            ("Kind", {"simple": "two subjects", "complex": "all subjects"}[card.kind]),
            (
                "Scale",
                {
                    "absolute": "absolute: keeps the unit",
                    "relative": "relative: the unit cancels",
                    "both": "absolute or relative, by convention",
                }[card.scale],
            ),
            ("Weighted by people", "yes" if card.weighted else "no"),
            ("Needs an independent order", "yes" if card.ordered else "no"),
            ("Fewest subjects", str(card.least)),
            ("Where all are equal", "no such value" if card.equality is None else f"{card.equality:g}"),
            ("Range", f"{bounds[0]} to {bounds[1]}"),
            ("Sign", card.sign),
            ("Interval", card.interval),
        ],
        "warning": card.warning,
        "conventions": [(item.name, item.line) for item in card.conventions],
        "citation": f"{card.citation}",
        "address": card.address,
    }


def _uncertainty(desk: Desk) -> list[tuple[str, int]]:
    """Return how the uncertainty of the indicators held is known, with how many there are of each."""
    texts = {
        "published-interval": "The publisher gives a 95% interval; half its width over 1.96 is taken as the standard error.",
        "counts": "The publisher gives counts; the interval is worked out from numerator and denominator.",
        "none": "Nothing is published. What is held is described, and no word is given.",
    }
    return [(text, sum(indicator.uncertainty == key for indicator in desk.indicators)) for key, text in texts.items()]


def _example() -> list[tuple[str, str, str, str, str]]:
    """Return worked examples of the split, on made-up figures: levels, the two changes, and what that is called."""
    return [
        ("50 to 58", "74 to 75", "+8", "+1", "levelled up"),
        ("50 to 50", "74 to 68", "0", "\N{MINUS SIGN}6", "levelled down"),
        ("50 to 54", "74 to 80", "+4", "+6", "rising, gap widening"),
        ("50 to 47", "74 to 74", "\N{MINUS SIGN}3", "0", "falling behind"),
    ]


def _strip() -> Markup:
    """Return the strip that shows how a strip is read, on made-up figures."""
    strip = Strip(62.0, 59.0, 65.0, (55.0, 58.0, 66.0, 70.0, 73.0), ((2, 67.0), (3, 69.0)))
    return Markup(
        draw_strip(
            strip,
            polarity=Polarity.MORE,
            label="An example on made-up figures: the named place at 62 (59 to 65), the county at 67, the nation at 69.",
        )
    )
