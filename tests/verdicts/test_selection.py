"""Choosing lower and upper by the figures themselves: what the correction takes off, and how often a word is wrong after it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelup.inference.shrinkage import FAR_SHARE, FAR_TIMES
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import WORDS
from levelup.verdicts.grammar import Judgement, judge, state
from levelup.verdicts.selection import Selected, correct_selection

LEVELS = arrays(np.float64, 8, elements=st.floats(-50, 50), unique=True)
ERRORS = arrays(np.float64, 8, elements=st.floats(0.1, 8))
V0 = np.array([47.0, 50.0, 51.0, 49.0, 53.0, 50.5, 52.0, 48.0])
V1 = V0 + np.array([3.0, 0.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0])


def selected(before: np.ndarray, after: np.ndarray, s0: np.ndarray, s1: np.ndarray, overlap: float = 0.0) -> Selected:
    found = correct_selection(before, after=after, se_before=s0, se_after=s1, overlap=overlap)
    assert isinstance(found, Selected)
    return found


def test_without_error_the_gains_are_the_published_ones() -> None:
    found = selected(V0, V1, np.zeros(8), np.full(8, 0.5), overlap=0.5)
    assert (found.index_lower, found.index_upper) == (0, 4)
    assert (found.gain_lower, found.gain_upper) == (found.raw_lower, found.raw_upper) == (3.0, -2.0)
    assert (found.variance_lower, found.variance_upper, found.covariance) == (0.25, 0.25, 0.0)
    assert (found.kept_lower, found.kept_upper) == (1.0, 1.0)


def test_what_both_dates_share_is_no_luck_that_vanishes() -> None:
    """The same data twice: the error of the first date is the error of the last, so nothing is taken off and nothing is open."""
    found = selected(V0, V1, np.full(8, 2.0), np.full(8, 2.0), overlap=1.0)
    assert (found.gain_lower, found.gain_upper) == (3.0, -2.0)
    assert (found.variance_lower, found.covariance) == (0.0, 0.0)


def test_more_overlap_takes_off_less() -> None:
    s = np.full(8, 2.0)
    taken = [V1[0] - V0[0] - selected(V0, V1, s, s, overlap=rho).gain_lower for rho in (0.0, 1 / 3, 2 / 3)]
    assert taken[0] > 1.0
    assert taken[1:] == pytest.approx([taken[0] * 2 / 3, taken[0] / 3])


def test_equal_standard_errors_far_below_the_spread_change_nothing() -> None:
    found = selected(V0 * 1e4, V1 * 1e4, np.full(8, 3.0), np.full(8, 4.0))
    assert found.gain_lower == pytest.approx(3e4, abs=1e-2)
    assert (found.variance_lower, found.variance_upper) == pytest.approx((25.0, 25.0), rel=1e-4)
    assert abs(found.covariance) < 1e-3


def test_a_subject_without_both_levels_is_left_out_and_positions_stay() -> None:
    hole, s = np.array([np.nan]), np.full(8, 2.0)
    plain = selected(V0, V1, s, s)
    before, after, error = np.r_[10.0, V0, 99.0], np.r_[hole, V1, hole], np.r_[hole, s, 1.0]
    padded = selected(before, after, error, error)
    assert (padded.index_lower, padded.index_upper) == (plain.index_lower + 1, plain.index_upper + 1)
    assert (padded.gain_lower, padded.covariance) == pytest.approx((plain.gain_lower, plain.covariance))


def test_what_cannot_be_corrected_is_refused() -> None:
    s = np.full(8, 2.0)
    missing = np.where(np.arange(8) == 3, np.nan, s)
    for few in (
        correct_selection(V0[:5], after=V1[:5], se_before=s[:5], se_after=s[:5]),
        correct_selection(V0, after=V1, se_before=missing, se_after=s),
        correct_selection(V0, after=V1, se_before=s, se_after=missing),
    ):
        assert isinstance(few, Refusal) and few.code == "selection-on-outcome"
        assert "order" in few.next and "role" in few.next
    level = correct_selection(np.full(8, 5.0), after=V1, se_before=s, se_after=s)
    assert isinstance(level, Refusal) and level.code == "all-equal"


def test_wrong_arguments_are_said() -> None:
    s = np.full(8, 2.0)
    with pytest.raises(InputError, match="one length"):
        correct_selection(V0, after=V1[:7], se_before=s, se_after=s)
    with pytest.raises(InputError, match="overlap"):
        correct_selection(V0, after=V1, se_before=s, se_after=s, overlap=1.5)
    with pytest.raises(InputError, match="0 or more"):
        correct_selection(V0, after=V1, se_before=-s, se_after=s)


@given(
    LEVELS, LEVELS, ERRORS, st.floats(0, 1), st.floats(-1e3, 1e3), st.floats(0.01, 100), st.permutations(range(8)), st.booleans()
)
@settings(max_examples=50, deadline=None)
def test_it_moves_scales_and_reorders_with_the_figures(
    before: np.ndarray,
    after: np.ndarray,
    s: np.ndarray,
    rho: float,
    shift: float,
    scale: float,
    order: list[int],
    flipped: bool,  # noqa: FBT001
) -> None:
    before = np.round(before, 3) + 0.01 * np.arange(8)  # apart by more than rounding, so that no tie is made by scaling
    if len(np.unique(np.round(before, 4))) < 8:
        before = np.arange(8.0)
    factor = -scale if flipped else scale
    plain = selected(before, after, s, s[::-1], rho)
    moved = selected(factor * before[order] + shift, factor * after[order] + shift, scale * s[order], scale * s[::-1][order], rho)
    ends = (plain.gain_lower, plain.gain_upper, plain.variance_lower, plain.variance_upper)
    lower, upper = order[moved.index_lower], order[moved.index_upper]
    got = (moved.gain_lower, moved.gain_upper, moved.variance_lower, moved.variance_upper)
    if flipped:
        lower, upper, got = upper, lower, (got[1], got[0], got[3], got[2])
    near = 1e-4 * (1 + np.abs(before).max() + s.max())
    assert (lower, upper) == (plain.index_lower, plain.index_upper)
    assert np.array(got[:2]) / factor == pytest.approx(np.array(ends[:2]), abs=near)
    assert np.array(got[2:]) / scale**2 == pytest.approx(np.array(ends[2:]), abs=near * s.max())
    assert moved.covariance / scale**2 == pytest.approx(plain.covariance, abs=near * s.max())
    own = s**2 + s[::-1] ** 2 - 2 * rho * s * s[::-1]
    assert plain.variance_lower >= own[plain.index_lower] * (1 - 1e-9)
    assert plain.variance_lower * plain.variance_upper >= plain.covariance**2


def test_variances_and_covariance_allow_for_the_errors_left() -> None:
    """Spread, standard errors and far places drawn as the prior says: what is left of the errors is not more than stated."""
    generator = np.random.default_rng(11)
    rho, left, stated = 0.5, [], []
    for _ in range(1000):
        spread, s0, s1 = generator.uniform(0, 3), generator.uniform(0.5, 2, size=9), generator.uniform(0.5, 2, size=9)
        far = (generator.random(9) < FAR_SHARE) & (generator.random() < 0.5)
        theta = spread * np.where(far, FAR_TIMES, 1.0) * generator.normal(size=9)
        z = generator.normal(size=(2, 9))
        found = selected(theta + s0 * z[0], theta + s1 * (rho * z[0] + np.sqrt(1 - rho**2) * z[1]), s0, s1, rho)
        left.append((found.gain_lower, found.gain_upper))
        stated.append((found.variance_lower, found.variance_upper, found.covariance))
    gains, moments = np.array(left), np.array(stated).mean(axis=0)
    assert np.abs(gains.mean(axis=0)).max() < 0.12
    assert (0.75 * moments[:2] < (gains**2).mean(axis=0)).all()
    assert ((gains**2).mean(axis=0) < 1.08 * moments[:2]).all()
    assert (gains[:, 0] * gains[:, 1]).mean() == pytest.approx(moments[2], abs=0.12)


def simulate(
    *, tau: float, rho: float, spread: float, far: float = 0.0, rise: float = 0.0, draws: int
) -> tuple[Judgement, Judgement, float, float]:
    """Judge twelve subjects with and without correction; the truly lowest rises by `rise`; return both coverages of the gap.

    In 300 draws a coverage of 95 % is seen as 90 to 100 (four standard errors), a share of 1 % as up to 3.
    """
    generator = np.random.default_rng(12)
    pairs: dict[str, list[tuple[float, ...]]] = {"corrected": [], "raw": []}
    true = []
    for _ in range(draws):
        theta = tau * generator.normal(size=12)
        theta[0] += far
        s = generator.permutation(np.geomspace(1 / spread, spread, 12))
        z = generator.normal(size=(2, 12))
        y0, y1 = theta + s * z[0], theta + s * (rho * z[0] + np.sqrt(1 - rho**2) * z[1])
        change = np.where(np.arange(12) == theta.argmin(), rise * s, 0.0)
        found = selected(y0, y1 + change, s, s, rho)
        low, high = found.index_lower, found.index_upper
        own = 2 * s**2 * (1 - rho)
        true.append(change[high] - change[low])
        pairs["corrected"].append(
            (found.gain_lower, found.gain_upper, found.variance_lower, found.variance_upper, found.covariance)
        )
        pairs["raw"].append((found.raw_lower, found.raw_upper, own[low], own[high], 0.0))
    made = []
    cover = []
    for rows in pairs.values():
        x, y, var_x, var_y, cov = np.array(rows).T
        made.append(judge(state(x, gain_upper=y, variance_lower=var_x, variance_upper=var_y, covariance=cov)))
        cover.append(float((np.abs(y - x - np.array(true)) <= 1.959964 * np.sqrt(var_x + var_y - 2 * cov)).mean()))
    return made[0], made[1], cover[0], cover[1]


def share(found: Judgement, word: str) -> float:
    return float(((found.word == WORDS.index(word)) & (found.certainty == 2)).mean())


@pytest.mark.parametrize(
    ("tau", "rho", "spread", "far"),
    [
        (0.0, 0.0, 1.0, 0.0),
        (0.5, 0.0, 2.0, 0.0),
        (1.0, 0.0, 1.0, 0.0),
        (2.0, 2 / 3, 1.0, 0.0),
        (5.0, 0.0, 2.0, 0.0),
        (0.0, 0.0, 2.0, 10.0),
        (0.5, 2 / 3, 1.0, -10.0),
    ],
)
def test_levelled_up_is_rarely_said_of_twelve_subjects_that_did_not_change(
    tau: float, rho: float, spread: float, far: float
) -> None:
    corrected, _, cover, _ = simulate(tau=tau, rho=rho, spread=spread, far=far, draws=300)
    assert share(corrected, "levelled up") <= 0.03
    assert share(corrected, "levelled down") <= 0.03
    assert (corrected.statements["lower-rose"] >= 0.95).mean() <= 0.11
    assert cover >= 0.90


def test_without_the_correction_luck_passes_for_a_rise() -> None:
    """The same check on the published gains fails, so it can tell."""
    corrected, raw, cover, uncorrected_cover = simulate(tau=0.0, rho=0.0, spread=1.0, draws=300)
    rose = [(found.statements["lower-rose"] >= 0.95).mean() for found in (corrected, raw)]
    narrowed = [(found.statements["narrowed"] >= 0.95).mean() for found in (corrected, raw)]
    assert rose[1] > 0.2 > 0.1 > rose[0]
    assert narrowed[1] > 0.4 > 0.12 > narrowed[0]
    assert uncorrected_cover < 0.75 < 0.90 < cover


def test_a_true_rise_is_still_found() -> None:
    corrected, raw, cover, _ = simulate(tau=5.0, rho=2 / 3, spread=1.0, rise=3.0, draws=300)
    assert share(corrected, "levelled up") > 0.85 * share(raw, "levelled up") > 0.35
    assert cover > 0.90
