"""What an average hides among cohorts and tenths: found on the good scale, with the evidence that many looks leave."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.catalogue.entry import Break, Indicator
from levelup.catalogue.load import load_catalogue
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import parse_period
from levelup.terms.record import Masking, Observations
from levelup.verdicts.masking import mask_groups
from levelup.verdicts.panel import build_panels

START, END = parse_period("2018-01-01/P1Y"), parse_period("2023-01-01/P1Y")
Levels = dict[str, tuple[float, float]]


def entry(indicator: str = "level-2-by-19", *, breaks: tuple[Break, ...] = ()) -> Indicator:
    found = load_catalogue().indicators[indicator]
    return Indicator(**{name: getattr(found, name) for name in Indicator.__slots__} | {"breaks": breaks})


def masks(levels: Levels, *, se: float = 0.5, indicator: Indicator | None = None) -> list[tuple[str, Masking]] | Refusal:
    """Return what is masked among invented cohorts, each with a level at both dates and one standard error."""
    item = indicator or entry()
    rows = [(cohort, when, pair[at]) for cohort, pair in levels.items() for at, when in enumerate((START.iso, END.iso))]
    value = np.asarray([row[2] for row in rows])
    nothing, reach = np.full(len(rows), np.nan), 1.959964 * se
    text = [np.full(len(rows), word, dtype=object) for word in (item.id, "P1", "", "r/1")]
    cohort, period = (np.asarray([row[at] for row in rows], dtype=object) for at in (0, 1))
    held = Observations(text[0], text[1], cohort, period, value, value - reach, value + reach, nothing, nothing, text[2], text[3])
    return mask_groups(build_panels(held), indicator=item, place="P1", start=START, end=END, name="Harbour")


def test_a_cohort_that_fell_behind_a_rising_average_is_named() -> None:
    found = masks(
        {"all": (60, 64), "sex=female": (60, 70), "sex=male": (60, 55), "fsm=eligible": (40, 41), "fsm=other": (65, 66)}
    )
    assert isinstance(found, list)
    [(characteristic, hidden)] = found
    assert characteristic == "sex" and hidden.whole.label == "Harbour" and hidden.certainty == "established"
    [part] = hidden.worsened
    assert part.subject.cohort == "sex=male" and part.subject.label == "men and boys in Harbour"
    assert part.change.value == -5 and part.certainty == "established"


def test_nothing_is_masked_where_the_average_fell_too_or_nobody_fell() -> None:
    assert masks({"all": (60, 59), "sex=female": (60, 64), "sex=male": (60, 55)}) == []
    assert masks({"all": (60, 61), "sex=female": (60, 61), "sex=male": (60, 61)}) == []
    assert masks({"all": (60, 61)}) == []


def test_where_less_is_better_a_rise_is_the_fall() -> None:
    burden = entry("household-deprivation-one-or-more")
    found = masks({"all": (30, 25), "tenure=rented": (40, 48), "tenure=owned": (20, 12)}, indicator=burden)
    assert isinstance(found, list)
    assert [part.subject.cohort for part in found[0][1].worsened] == ["tenure=rented"]
    assert found[0][1].worsened[0].change.value == -8 and found[0][1].change.value == 5


def test_the_more_tenths_are_looked_at_the_more_evidence_one_needs() -> None:
    """A fall of 1.9 standard errors is likely alone, and is nothing among ten."""
    fall = 1.9 * 0.5 * np.sqrt(2)
    alone: Levels = {"all": (60, 62), "deprivation-tenth=1": (60, 60 - fall)}
    among = alone | {f"deprivation-tenth={n}": (60.0, 62.0) for n in range(2, 11)}
    found = masks(alone)
    assert isinstance(found, list) and found[0][0] == "deprivation-tenth" and found[0][1].worsened[0].certainty == "established"
    assert masks(among) == []


def test_tenths_stand_in_their_own_order() -> None:
    found = masks({"all": (60.0, 62.0)} | {f"deprivation-tenth={n}": (60.0, 50.0) for n in range(1, 11)})
    assert isinstance(found, list)
    assert [part.subject.cohort.split("=")[1] for part in found[0][1].worsened] == [str(n) for n in range(1, 11)]


def test_without_uncertainty_falls_are_described() -> None:
    found = masks({"all": (60, 62), "sex=female": (60, 66), "sex=male": (60, 55)}, se=float("nan"))
    assert isinstance(found, list) and found[0][1].is_described and found[0][1].certainty == "not established"


def test_crossings_and_cohorts_without_both_dates_are_not_looked_at() -> None:
    nan = float("nan")
    assert masks({"all": (60, 62), "fsm=eligible;sex=male": (60, 40), "sex=female": (60, nan)}) == []


def test_a_break_and_a_missing_whole_are_refused() -> None:
    broken = masks({"all": (60, 62), "sex=male": (60, 55)}, indicator=entry(breaks=(Break("2020-01-01", "New rule."),)))
    assert isinstance(broken, Refusal) and broken.code == "series-broken" and broken.reason == "New rule."
    missing = masks({"sex=male": (60, 55)})
    assert isinstance(missing, Refusal) and missing.code == "no-data"
    with pytest.raises(InputError, match="after the first"):
        mask_groups({}, indicator=entry(), place="P1", start=END, end=START)
