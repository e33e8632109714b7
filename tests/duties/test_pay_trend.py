"""Returns of several years: published figures subtracted, and nothing across a break."""

from __future__ import annotations

import pytest

from levelup.duties.pay.records import QUARTERS, PayGaps, Sides
from levelup.duties.pay.trend import FIGURES, Break, Move, Series, figures_of, trend
from levelup.terms.errors import InputError


def gaps(mean: float, median: float, *, bonus: float | None = None, men: float = 0.0) -> PayGaps:
    quarters = {name: Sides(round(100 - share, 1), share) for name, share in zip(QUARTERS, (74.0, 82.0, 75.0, 70.0), strict=True)}
    return PayGaps(mean, median, bonus, bonus, Sides(men, men), quarters, {})


RETURNS = {
    2017: gaps(9.7, 9.7, bonus=14.3, men=19.0),
    2018: gaps(9.9, 8.1, bonus=-21.7, men=0.8),
    2019: gaps(9.7, 8.0, bonus=2.8, men=74.3),
    2021: gaps(9.0, 11.5),
    2022: gaps(8.2, 10.1),
}


FOUND = {year: figures_of(found) for year, found in RETURNS.items()}


def series(name: str, *breaks: Break) -> Series:
    return next(item for item in trend(FOUND, breaks=breaks).series if item.figure == name)


def test_changes_are_differences_of_the_published_figures() -> None:
    mean = series("mean_hourly_gap")
    assert mean.values == (9.7, 9.9, 9.7, 9.0, 8.2)
    assert [(move.start, move.end, move.change) for move in mean.steps] == [
        (2017, 2018, 0.2), (2018, 2019, -0.2), (2019, 2021, -0.7), (2021, 2022, -0.8),
    ]  # fmt: skip
    assert mean.whole == Move(2017, 2022, -1.5, None)


def test_a_figure_that_a_year_lacks_has_no_change() -> None:
    bonus = series("mean_bonus_gap")
    assert [move.change for move in bonus.steps] == [-36.0, 24.5, None, None]
    refusal = bonus.steps[2].refusal
    assert (
        refusal is not None
        and refusal.code == "one-subject-missing"
        and "2021" in refusal.reason
        and "2019" not in refusal.reason
    )


def test_nothing_is_subtracted_across_a_break() -> None:
    found = series("mean_hourly_gap", Break(2019, "sex recorded anew"))
    assert [move.change for move in found.steps] == [0.2, None, -0.7, -0.8]
    assert found.whole.change is None and found.whole.refusal is not None
    assert found.whole.refusal.code == "series-broken" and "sex recorded anew" in found.whole.refusal.reason


def test_a_break_may_concern_some_figures_alone_and_lie_in_a_year_without_a_return() -> None:
    only = Break(2020, "long service awards left out", ("bonus_share_first", "bonus_share_second"))
    assert series("bonus_share_first", only).steps[2].change is None
    assert series("bonus_share_first", only).steps[1].change == 73.5
    assert series("mean_hourly_gap", only).steps[2].change == -0.7


def test_every_figure_of_a_return_is_in_the_trend() -> None:
    assert tuple(figures_of(RETURNS[2022])) == FIGURES
    assert series("upper_second").values == (70.0,) * 5
    assert [item.figure for item in trend(FOUND).series] == list(FIGURES)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(InputError, match="two to 5"):
        trend({2022: FOUND[2022]})
    with pytest.raises(InputError, match="latest 5"):
        trend({**FOUND, 2016: FOUND[2017]})
    with pytest.raises(InputError, match="figures of a return"):
        trend(FOUND, breaks=[Break(2019, "x", ("mean_gap",))])
    with pytest.raises(InputError, match="after the first year"):
        trend(FOUND, breaks=[Break(2017, "x")])
    with pytest.raises(InputError, match="what changed"):
        trend(FOUND, breaks=[Break(2018, " ")])
