"""What the report comes to: tallies add up, the worst are worst and worsening, and nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace

from levelup.publish.gap import group_gaps, main_verdicts, slug_of
from levelup.publish.publication import Publication
from levelup.publish.sentence import say_otherwise
from levelup.publish.summary import (
    covered_years,
    described_worsening,
    held_indicators,
    judged_indicators,
    masked_by_average,
    not_judged,
    tally,
    worst_and_worsening,
)
from levelup.terms.record import WORDS
from levelup.verdicts.account import main_of


def test_the_tally_has_every_word_in_order_and_adds_up(publication: Publication) -> None:
    counted = tally(publication.verdicts)
    assert tuple(counted.counts) == WORDS
    assert sum(counted.counts.values()) == counted.total == len(publication.verdicts)
    settled = sum(counted.established.values()) + sum(counted.likely.values())
    assert settled == counted.worded
    assert counted.judged == counted.worded + counted.counts["not enough evidence"]
    assert all(counted.firm[word] <= counted.established[word] + counted.likely[word] for word in WORDS)


def test_a_gap_holds_all_its_windows_and_is_counted_once(publication: Publication) -> None:
    gaps = group_gaps(publication.verdicts)
    assert sum(len(gap.verdicts) for gap in gaps) == len(publication.verdicts)
    assert len({gap.slug for gap in gaps}) == len(gaps) == len(main_verdicts(publication))
    gap = next(gap for gap in gaps if len(gap.verdicts) == 2)
    assert [verdict.window for verdict in gap.verdicts] == ["5 years", "whole series"]


def test_the_main_window_is_the_longest_that_could_be_judged(publication: Publication) -> None:
    gap = next(gap for gap in group_gaps(publication.verdicts) if len(gap.verdicts) == 2)
    short, long = gap.verdicts
    refused = next(v for v in publication.verdicts if v.refusal is not None)
    assert main_of((short, long)) is long
    assert main_of((short, replace(long, refusal=refused.refusal))) is short
    both = (replace(short, refusal=refused.refusal), replace(long, refusal=refused.refusal))
    assert main_of(both) is both[1]


def test_a_shorter_window_that_says_otherwise_is_named(publication: Publication) -> None:
    gap = next(gap for gap in group_gaps(publication.verdicts) if len(gap.verdicts) == 2)
    assert gap.otherwise == ()
    short = replace(gap.verdicts[0], word="falling behind", certainty="likely", probability=0.9)
    turned = group_gaps((short, gap.verdicts[1]))[0]
    assert turned.otherwise == (short,)
    assert say_otherwise(turned.otherwise) == "Other windows say otherwise: between 2019 and 2024, falling behind (likely)."
    assert say_otherwise(()) == ""


def test_the_worst_stand_worse_and_fall(publication: Publication) -> None:
    found = worst_and_worsening(publication)
    assert found
    for item in found:
        change = item.verdict.change_lower if item.end == "lower" else item.verdict.change_upper
        assert change is not None and change.value < 0
        after = item.verdict.gap_levels[1]
        assert after is not None and (after > 0) is (item.end == "lower")
    keys = [(item.gap.indicator, item.subject.place, item.subject.cohort, item.subject.label) for item in found]
    assert len(set(keys)) == len(keys)
    certainties = [item.certainty for item in found]
    assert certainties == sorted(certainties)


def test_a_rise_is_never_among_the_worst(publication: Publication) -> None:
    rising = replace(publication, verdicts=tuple(v for v in publication.verdicts if v.word == "levelled up"))
    assert worst_and_worsening(rising) == ()


def test_what_is_described_is_listed_apart_from_what_is_judged(publication: Publication) -> None:
    worst = {item.gap.slug for item in worst_and_worsening(publication)}
    assert not worst & {gap.slug for gap in described_worsening(publication)}


def test_masking_is_listed_once_a_gap(publication: Publication) -> None:
    found = masked_by_average(publication)
    assert [v.indicator for v in found] == ["healthy-birth-weight", "weekly-pay"]


def test_reasons_for_no_judgement_count_each_gap_once(publication: Publication) -> None:
    absences = not_judged(publication)
    counted = tally(main_verdicts(publication))
    assert sum(item.gaps for item in absences) == counted.total - counted.judged
    assert [item.gaps for item in absences] == sorted((item.gaps for item in absences), reverse=True)
    assert {item.code for item in absences} == {"no-uncertainty", "series-broken", "suppressed", "one-period"}


def test_indicators_and_years_cover_what_is_held(publication: Publication) -> None:
    assert held_indicators(publication) == tuple(publication.catalogue.indicators)
    assert set(judged_indicators(publication)) < set(held_indicators(publication))
    assert covered_years(publication) == (2016, 2024)
    assert covered_years(replace(publication, verdicts=())) is None


def test_a_slug_is_a_safe_file_name() -> None:
    assert slug_of("Health & care: 0-19 (E07)") == "health-care-0-19-e07"
