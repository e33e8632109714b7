"""The equally distributed equivalent: lowering anyone never improves it, whatever the indicator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.terms.polarity import Polarity
from levelup.terms.record import Subject
from levelup.verdicts.loser import losers, masked
from levelup.verdicts.welfare import welfare_change

VALUES = arrays(np.float64, 6, elements=st.floats(0.5, 99.5))
SIGNED = arrays(np.float64, 6, elements=st.floats(-50, 50))
SIZES = arrays(np.float64, 6, elements=st.floats(1, 1000))


@pytest.mark.parametrize("polarity", list(Polarity))
@pytest.mark.parametrize("high", [None, 100.0])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_lowering_anyone_never_improves_it(polarity: Polarity, high: float | None, data: st.DataObject) -> None:
    levels = data.draw(VALUES if high else SIGNED)
    size = data.draw(SIZES)
    who = data.draw(st.integers(0, 5))
    worse = levels.copy()
    step = data.draw(st.floats(0.001, 5))
    match polarity:
        case Polarity.MORE:
            worse[who] -= step
        case Polarity.LESS:
            worse[who] += step
        case Polarity.ZERO:
            worse[who] += step if worse[who] >= 0 else -step
    made = welfare_change(levels, after=worse, population=size, polarity=polarity, high=high)
    assert made is not None
    assert made.after <= made.before + 1e-9
    assert made.growth <= 1e-12


def test_halving_a_gap_by_lowering_the_top_lowers_it() -> None:
    made = welfare_change([20, 40], after=[20, 30], population=[1, 1], polarity=Polarity.MORE)
    assert made is not None
    assert (round(made.before, 3), round(made.after, 3)) == (28.284, 24.495)
    assert made.growth + made.equality == pytest.approx(made.after - made.before)
    assert made.equality > 0 > made.after - made.before


def test_it_is_refused_where_a_level_is_missing() -> None:
    assert welfare_change([1, np.nan], after=[1, 2], population=[1, 1], polarity=Polarity.MORE) is None


WHO = tuple(Subject(code, "all", code) for code in "abc")


def test_losers_are_listed_with_their_evidence_at_the_top_too() -> None:
    found = losers(WHO, gain=np.array([-3.0, 2.0, -0.1]), se=np.array([1.0, 1.0, 1.0]))
    assert [(item.subject.label, item.certainty) for item in found] == [("a", "established"), ("c", "not established")]


def test_a_fall_without_uncertainty_is_listed_without_a_probability() -> None:
    [found] = losers(WHO[:1], gain=np.array([-3.0]), se=np.array([np.nan]))
    assert found.probability is None and found.change.lower is None


def test_an_average_that_rose_hides_the_part_that_fell() -> None:
    parts = losers(WHO, gain=np.array([-3.0, 2.0, -0.1]), se=np.ones(3))
    hidden = masked(WHO[1], gain=1.5, se=0.5, parts=parts, looked_at=3)
    assert hidden is not None and [item.subject.label for item in hidden.worsened] == ["a"]
    assert masked(WHO[1], gain=-1.5, se=0.5, parts=parts, looked_at=3) is None


def test_among_many_parts_a_chance_fall_hides_behind_nothing() -> None:
    parts = losers(WHO[:1], gain=np.array([-1.7]), se=np.ones(1))
    alone = masked(WHO[1], gain=1.5, se=0.5, parts=parts, looked_at=1)
    assert alone is not None and alone.worsened[0].certainty == "established"
    assert masked(WHO[1], gain=1.5, se=0.5, parts=parts, looked_at=12) is None
