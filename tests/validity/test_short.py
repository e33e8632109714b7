"""The short form of the harness: every promise at a few hundred draws, and what it takes to break each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from levelup.verdicts import grammar
from tests.validity import harness, together
from tests.validity.harness import Line, ask_package, judge
from tests.validity.scenarios import SCENARIOS, measure

SEED = 20261123
Table = dict[str, list[str]]

# A promise counts as broken when a share lies more than CHANCE = 3 Monte Carlo standard errors outside it. At these draws that
# turns a limit of 5 % into 6.5 to 8 %, of 1 % into 2 to 3 %, and 94 to 96 % into 92.5 to 97.5 %; the mutations below show that
# what is wrong lies further out than that.
SHORT = (
    ("no-change", "lower ten times as uncertain", 1000),
    ("no-change", "district and the rest", 800),
    ("no-change", "slope over 12 districts", 400),
    ("no-change", "two cohorts, real counts", 600),
    ("levelling-down", "1 standard errors of the gap's change; equal", 1000),
    ("levelling-down", "1 standard errors of the gap's change; district", 1000),
    ("levelling-down", "2 standard errors of its own gain; lower ten times", 1500),
    ("least-favourable", "both rise by 5 standard errors, the gap stays; real errors", 1000),
    ("least-favourable", "lower surely rises", 800),
    ("selection", "levels spread by 1; errors", 300),
    ("selection", "12 districts", 300),
    ("coverage-nested", "normal scores, the rest as one row", 1000),
    ("coverage-nested", "counts, shares about a half, each other district", 300),
    ("coverage-overlapping", "2 of three years shared; averages of years", 1500),
    ("coverage-overlapping", "1 of three years shared; counts", 1000),
    ("coverage-counted", "two cohorts", 800),
    ("coverage-counted", "share 0.2; 300 people", 800),
    ("coverage-given", "10 to 1", 1500),
    ("many-at-once", "independent pairs, 60 % unchanged", 400),
    ("many-at-once", "one report: windows and districts share data, 60 %", 40),
    ("no-clear-change", "m = 6 standard errors; the gap narrows", 800),
    ("no-clear-change", "m = 6 standard errors; lower gains m, upper half", 800),
)


def promised(scenario: str, holding: str, draws: int) -> list[Line]:
    found = [item for item in measure(scenario, draws=draws, seed=SEED, holding=holding) if isinstance(item, Line)]
    return [line for line in found if line.is_promised]


def broken(scenario: str, holding: str, draws: int) -> list[Line]:
    return [line for line in promised(scenario, holding, draws) if line.outcome == "BROKEN"]


@pytest.mark.parametrize(("scenario", "holding", "draws"), SHORT, ids=[f"{name}, {holding}" for name, holding, _ in SHORT])
def test_a_promise_is_kept(scenario: str, holding: str, draws: int) -> None:
    lines = promised(scenario, holding, draws)
    assert lines
    assert not [line for line in lines if line.outcome == "BROKEN"]


def test_every_scenario_that_promises_is_in_the_short_form() -> None:
    assert set(SCENARIOS) - {name for name, _, _ in SHORT} == {"power"}


def asked(monkeypatch: pytest.MonkeyPatch, change: Callable[[Table], Table]) -> None:
    """Let the call see a table that was changed on its way."""
    monkeypatch.setitem(harness.ASK, "package", lambda table: ask_package(change(table)))


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_errors_wrong_by_a_factor_are_noticed(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, lambda table: table | {"se": [repr(float(cell) * factor) for cell in table["se"]]})
    assert broken("coverage-given", "10 to 1", 1500)


def test_windows_taken_for_separate_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, lambda table: table | {"period": [period.replace("2011-", "2015-") for period in table["period"]]})
    assert broken("coverage-overlapping", "2 of three years shared; averages of years", 1500)


def test_counts_taken_for_five_times_as_many_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def swell(table: Table) -> Table:
        return table | {name: [repr(5 * float(cell)) for cell in table[name]] for name in ("numerator", "denominator")}

    asked(monkeypatch, swell)
    assert broken("coverage-counted", "two cohorts", 500)


def test_a_likely_fall_at_the_top_that_does_not_count_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = grammar._excluded

    def without(word: str, sure: dict[str, Any], p: dict[str, Any]) -> Any:
        return np.zeros_like(sure["narrowed"]) if word == "levelled up" else whole(word, sure, p)

    monkeypatch.setattr(grammar, "_excluded", without)
    assert broken("levelling-down", "2 standard errors of its own gain; lower ten times", 1500)


@pytest.mark.parametrize(
    ("kept", "holding", "draws"),
    [
        (("lower-rose", "narrowed"), "lower surely rises", 800),
        (("lower-rose", "from-below"), "both rise by 5 standard errors, the gap stays; real errors", 300),
    ],
    ids=["from below", "narrowed"],
)
def test_levelled_up_without_one_of_its_statements_is_noticed(
    kept: tuple[str, ...], holding: str, draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third, that the lower rose, follows from these two: x is half of (x - y) + (x + y)."""
    monkeypatch.setitem(grammar._RESTS_ON, "levelled up", kept)
    assert broken("least-favourable", holding, draws)


@pytest.mark.parametrize(
    ("scenario", "holding"),
    [
        ("least-favourable", "both rise by 5 standard errors, the gap stays; real errors"),
        ("no-clear-change", "m = 6 standard errors; the gap narrows"),
    ],
)
def test_established_at_nine_tenths_is_noticed(scenario: str, holding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "ESTABLISHED", 0.90)
    assert broken(scenario, holding, 1200)


def test_certainty_that_does_not_allow_for_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def own(table: Table) -> Iterator[tuple[Any, ...]]:
        for answer in ask_package(table):
            yield (*answer[:2], answer[1], *answer[3:])

    monkeypatch.setitem(harness.ASK, "package", own)
    assert broken("many-at-once", "independent pairs, 60 % unchanged", 300)


def test_the_lowest_figure_taken_as_lower_would_break_the_promise() -> None:
    """What item 4 of the method guards against: the harness sees it, and it is large."""
    lines = measure("selection", draws=600, seed=SEED, holding="levels spread by 0; NAIVE, the lowest figure against all others")
    (up,) = [line for line in lines if isinstance(line, Line) and line.quantity == "levelled up, established"]
    assert up.value > 0.05 + harness.CHANCE * up.error


def test_the_command_answers_as_the_package_does() -> None:
    draws = together.mixture(np.random.default_rng(SEED), unchanged=0.5)
    there, here = judge(draws, through="command"), judge(draws)
    for name in ("word", "certainty", "adjusted", "refusal"):
        assert getattr(there, name).tolist() == getattr(here, name).tolist()
    for name in ("gap", "lower", "upper"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), rtol=1e-9)


def test_a_seed_gives_the_same_figures_whatever_else_is_run() -> None:
    alone = measure("coverage-given", draws=50, seed=1, holding="10 to 1")
    assert alone == [line for line in measure("coverage-given", draws=50, seed=1) if line.variant == "standard errors 10 to 1"]
    assert alone != measure("coverage-given", draws=50, seed=2, holding="10 to 1")
