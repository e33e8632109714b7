"""The grammar over the whole plane: every word is reachable, exclusive, and rests on what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelup.terms.record import WORDS
from levelup.verdicts.grammar import ESTABLISHED, LIKELY, NOT_ENOUGH, judge, rests_on, state

GAINS = st.floats(-10, 10)
SPREAD = st.floats(0.05, 4)


def words_of(
    x: np.ndarray, y: np.ndarray, *, se: float = 1.0, cov: float = 0.0, margin: float = np.nan
) -> tuple[list[str], np.ndarray, dict]:
    statements = state(
        x,
        gain_upper=y,
        variance_lower=np.full(len(x), se**2),
        variance_upper=np.full(len(x), se**2),
        covariance=cov,
        margin=margin,
    )
    found = judge(statements)
    return [WORDS[i] for i in found.word], found.certainty, statements


def test_every_word_of_the_grammar_can_be_reached() -> None:
    grid = np.linspace(-12, 12, 121)
    x, y = (axis.ravel() for axis in np.meshgrid(grid, grid))
    reached = set(words_of(x, y)[0]) | set(words_of(np.zeros(1), np.zeros(1), margin=5.0)[0])
    assert reached == set(WORDS[: NOT_ENOUGH + 1])


@given(GAINS, GAINS, SPREAD, SPREAD, st.floats(-0.9, 0.9))
@settings(max_examples=300, deadline=None)
def test_a_word_rests_only_on_statements_at_its_level(x: float, y: float, sx: float, sy: float, rho: float) -> None:
    statements = state([x], gain_upper=[y], variance_lower=[sx**2], variance_upper=[sy**2], covariance=[rho * sx * sy])
    found = judge(statements)
    word = WORDS[found.word[0]]
    if word == "not enough evidence":
        assert np.isnan(found.probability[0]) and found.certainty[0] == 0
        return
    least = min(statements[key][0] for key in rests_on(word))
    assert found.probability[0] == pytest.approx(least)
    assert least >= (ESTABLISHED if found.certainty[0] == 2 else LIKELY)


@given(GAINS, GAINS, SPREAD, SPREAD)
@settings(max_examples=300, deadline=None)
def test_levelled_up_is_never_said_where_the_upper_probably_fell(x: float, y: float, sx: float, sy: float) -> None:
    statements = state([x], gain_upper=[y], variance_lower=[sx**2], variance_upper=[sy**2])
    if WORDS[judge(statements).word[0]] == "levelled up":
        assert statements["upper-fell"][0] < LIKELY
        assert statements["lower-rose"][0] >= LIKELY


def test_a_word_is_first_sought_among_the_established_and_then_among_the_likely() -> None:
    words, certainty, _ = words_of(np.array([5.0, 1.4, 0.5]), np.array([0.0, 0.0, 0.0]))
    assert words == ["levelled up", "levelled up", "not enough evidence"]
    assert certainty.tolist() == [2, 1, 0]


def test_a_certain_gain_of_nothing_is_half_likely_either_way() -> None:
    statements = state([0.0], gain_upper=[0.0], variance_lower=[0.0], variance_upper=[0.0])
    assert statements["lower-rose"][0] == 0.5 and statements["narrowed"][0] == 0.5


def test_no_clear_change_needs_a_stated_margin() -> None:
    x, y = np.array([0.05]), np.array([0.0])
    assert words_of(x, y, se=0.1)[0] == ["not enough evidence"]
    assert words_of(x, y, se=0.1, margin=1.0)[0] == ["no clear change"]


def test_no_clear_change_comes_before_every_other_word() -> None:
    words, _, _ = words_of(np.array([0.5]), np.array([0.0]), se=0.1, margin=2.0)
    assert words == ["no clear change"]


def test_false_levelled_up_under_no_change_is_at_most_five_in_a_hundred() -> None:
    generator = np.random.default_rng(20261123)
    noise = generator.normal(size=(4, 200_000))
    x, y = noise[0] - noise[1], noise[2] - noise[3]
    statements = state(x, gain_upper=y, variance_lower=2.0, variance_upper=2.0)
    found = judge(statements)
    established = (found.word == WORDS.index("levelled up")) & (found.certainty == 2)
    assert established.mean() <= 0.05


def test_false_levelled_up_under_a_true_levelling_down_is_at_most_one_in_a_hundred() -> None:
    generator = np.random.default_rng(7)
    noise = generator.normal(size=(2, 200_000)) * np.sqrt(2)
    for fall in (0.5, 1.0, 2.0, 4.0):
        found = judge(state(noise[0], gain_upper=noise[1] - fall, variance_lower=2.0, variance_upper=2.0))
        assert ((found.word == WORDS.index("levelled up")) & (found.certainty == 2)).mean() <= 0.01
