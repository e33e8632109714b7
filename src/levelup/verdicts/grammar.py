"""The grammar of words: from two gains and their joint uncertainty to one exact word, its certainty and its probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from levelup.inference.distribution import probability_positive
from levelup.terms.record import WORDS, Floats

ESTABLISHED = 0.95
LIKELY = 0.80
SETTLED_WORDS = 9
"""The first nine of `WORDS` rest on statements; 'not enough evidence' follows them."""
NOT_ENOUGH = WORDS.index("not enough evidence")

STATEMENTS: dict[str, str] = {
    "lower-rose": "the lower subject rose",
    "lower-fell": "the lower subject fell",
    "upper-rose": "the upper subject rose",
    "upper-fell": "the upper subject fell",
    "narrowed": "the gap narrowed",
    "widened": "the gap widened",
    "from-below": "the two gains sum to more than zero: most of a narrowing came from below",
    "from-above": "the two gains sum to less than zero: most of a narrowing came from above",
    "lower-still": "the lower subject moved by less than the smallest change that matters",
    "upper-still": "the upper subject moved by less than the smallest change that matters",
    "gap-still": "the gap moved by less than the smallest change that matters",
}
"""Every statement a word can rest on."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Words for many pairs of gains at once; every array has one element a pair.

    `word` holds positions in `WORDS`; `certainty` is 2 established, 1 likely, 0 not established; `probability` is the smallest
    among the statements the word rests on, NaN where the word is 'not enough evidence'; `statements` maps each key of
    `STATEMENTS` to its probability (NaN for the three about a smallest change where none is stated).
    """

    word: NDArray[np.intp]
    certainty: NDArray[np.intp]
    probability: Floats
    statements: dict[str, Floats]


def _positive(value: Floats, variance: Floats) -> Floats:
    return probability_positive(value, np.sqrt(np.maximum(variance, 0.0)))


def _within(value: Floats, variance: Floats, margin: Floats) -> Floats:
    """Return the smaller of P(true value > -margin) and P(true value < margin): two one-sided tests."""
    return np.minimum(_positive(value + margin, variance), _positive(margin - value, variance))


def state(
    gain_lower: ArrayLike,
    *,
    gain_upper: ArrayLike,
    variance_lower: ArrayLike,
    variance_upper: ArrayLike,
    covariance: ArrayLike = 0.0,
    margin: ArrayLike = np.nan,
) -> dict[str, Floats]:
    """Return the probability of every statement, each one-sided and alone.

    Parameters
    ----------
    gain_lower, gain_upper : array_like of float, shape (n,)
        Gains of the lower and the upper subject on the good scale (x and y), in the indicator's unit.
    variance_lower, variance_upper, covariance : array_like of float, shape (n,) or scalar
        Their joint sampling covariance, unit squared.
    margin : array_like of float, shape (n,) or scalar
        The smallest change that matters, in the indicator's unit; NaN where none is stated.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        A probability for each key of `STATEMENTS`.

    Source
    ------
    Intersection-union testing: Berger (1982), Technometrics 24:295; two one-sided tests: Schuirmann (1987).
    """
    x, y, var_x, var_y, cov, m = np.broadcast_arrays(
        *(
            np.asarray(item, dtype=np.float64)
            for item in (gain_lower, gain_upper, variance_lower, variance_upper, covariance, margin)
        )
    )
    rose_x, rose_y = _positive(x, var_x), _positive(y, var_y)
    narrowed = _positive(x - y, var_x + var_y - 2 * cov)
    below = _positive(x + y, var_x + var_y + 2 * cov)
    return {
        "lower-rose": rose_x,
        "lower-fell": 1 - rose_x,
        "upper-rose": rose_y,
        "upper-fell": 1 - rose_y,
        "narrowed": narrowed,
        "widened": 1 - narrowed,
        "from-below": below,
        "from-above": 1 - below,
        "lower-still": _within(x, var_x, m),
        "upper-still": _within(y, var_y, m),
        "gap-still": _within(x - y, var_x + var_y - 2 * cov, m),
    }


_RESTS_ON: dict[str, tuple[str, ...]] = {
    "no clear change": ("lower-still", "upper-still", "gap-still"),
    "levelled up": ("lower-rose", "narrowed", "from-below"),
    "narrowed from both ends": ("lower-rose", "narrowed", "upper-fell"),
    "levelled down": ("narrowed", "upper-fell", "from-above"),
    "rising, gap widening": ("lower-rose", "widened"),
    "rising together": ("lower-rose", "upper-rose"),
    "upper pulling away": ("widened", "upper-rose", "from-below"),
    "falling behind": ("lower-fell", "widened"),
    "falling together": ("lower-fell", "upper-fell"),
}
"""What each word rests on, in the order in which the words are tried."""


def rests_on(word: str) -> tuple[str, ...]:
    """Return the statements a word rests on; none for the words that settle nothing."""
    return _RESTS_ON.get(word, ())


def _excluded(word: str, sure: dict[str, NDArray[np.bool_]], p: dict[str, Floats]) -> NDArray[np.bool_]:
    """Return where something forbids the word although all it rests on is sure at this level."""
    nothing = np.zeros_like(sure["narrowed"])
    match word:
        case "levelled up":
            return p["upper-fell"] >= LIKELY
        case "levelled down":
            return sure["lower-rose"]
        case "rising together":
            return sure["narrowed"] | sure["widened"]
        case "upper pulling away":
            return sure["lower-rose"] | sure["lower-fell"]
        case "falling behind":
            return sure["upper-fell"]
        case "falling together":
            return sure["narrowed"]
        case _:
            return nothing


def judge(statements: dict[str, Floats]) -> Judgement:
    """Turn probabilities of statements into words: the whole grammar at 0.95, then, where no word was found, at 0.80.

    Parameters
    ----------
    statements : dict of str to ndarray, shape (n,)
        As `state` returns them.

    Returns
    -------
    Judgement
        One word, certainty and probability a pair.

    Examples
    --------
    Lower 50 to 58, upper 74 to 75, every standard error one half:

    >>> p = state([8.0], gain_upper=[1.0], variance_lower=[0.5], variance_upper=[0.5])
    >>> WORDS[judge(p).word[0]]
    'levelled up'
    """
    count = len(statements["narrowed"])
    word = np.full(count, NOT_ENOUGH, dtype=np.intp)
    certainty = np.zeros(count, dtype=np.intp)
    probability = np.full(count, np.nan)
    open_ = np.ones(count, dtype=bool)
    for rank, level in ((2, ESTABLISHED), (1, LIKELY)):
        sure = {key: values >= level for key, values in statements.items()}
        for name, needed in _RESTS_ON.items():
            least = np.minimum.reduce([statements[key] for key in needed])
            hit = open_ & (least >= level) & ~_excluded(name, sure, statements)
            word[hit], certainty[hit], probability[hit] = WORDS.index(name), rank, least[hit]
            open_ &= ~hit
    return Judgement(word, certainty, probability, statements)
