"""Every sentence names reference, period and certainty beside its number, and no word says more than the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from levelup.catalogue.entry import Indicator
from levelup.publish.publication import Publication
from levelup.publish.sentence import (
    MEANINGS,
    STATEMENT_TEXTS,
    say_established,
    say_expected_false,
    say_gap,
    say_headline,
    say_loser,
    say_masking,
    say_move,
    say_position,
    say_route,
    say_settle,
    say_title,
    say_verdict,
    say_word,
)
from levelup.publish.wording import inline, interval_words, level, number, period_label, size, span
from levelup.terms.record import WORDS, Estimate, Verdict
from levelup.verdicts.grammar import STATEMENTS


def one(publication: Publication, word: str, *, kind: str = "district") -> tuple[Verdict, Indicator]:
    """Return the first verdict of a word and kind over the longest window, with its indicator."""
    found = next(v for v in publication.verdicts if v.word == word and v.kind == kind and v.window == "whole series")
    return found, publication.catalogue.indicators[found.indicator]


def test_every_word_has_a_meaning_and_every_statement_a_text() -> None:
    assert tuple(MEANINGS) == WORDS
    assert set(STATEMENT_TEXTS) == set(STATEMENTS)


def test_a_levelled_up_gap_is_said_in_full(publication: Publication) -> None:
    verdict, indicator = one(publication, "levelled up")
    assert say_verdict(verdict, indicator=indicator) == (
        "Between 2016 and 2024, the gap between Mudwick and the rest of Exampleshire in babies born at a healthy weight narrowed "
        "by 6.8 percentage points (95% interval 4.1 to 9.5). In the published figures all of it came from Mudwick improving. "
        "Mudwick improved by 7.4 percentage points, from 71.0% to 78.4%. "
        "The rest of Exampleshire went from 84.0% to 84.6%, too little to tell from chance. Levelled up (established)."
    )


def test_a_levelled_down_gap_says_which_end_did_it(publication: Publication) -> None:
    verdict, indicator = one(publication, "levelled down")
    said = say_route(verdict, indicator=indicator)
    assert said.startswith("3% of it came from Mudwick improving and 97% from the rest of Exampleshire getting worse.")
    assert "Mudwick improved" not in said


def test_less_is_better_reads_as_worse_when_the_figure_rises(publication: Publication) -> None:
    verdict, indicator = one(publication, "falling behind")
    assert say_move(verdict, end="lower", indicator=indicator) == "Mudwick got worse by 2.2 percentage points, from 5.1% to 7.3%"


@pytest.mark.parametrize("word", WORDS)
def test_reference_period_and_word_stand_in_every_paragraph(publication: Publication, word: str) -> None:
    for verdict in publication.verdicts:
        if verdict.word != word or verdict.start is None:
            continue
        said = say_verdict(verdict, indicator=publication.catalogue.indicators[verdict.indicator])
        assert "Between 20" in said and word in said.lower()
        assert verdict.gap_change is None or verdict.refusal is not None or "95% interval" in said
        assert "closed" not in said and "because of" not in said


def test_what_is_not_established_is_not_said_to_have_narrowed(publication: Publication) -> None:
    verdict, indicator = one(publication, "not enough evidence")
    said = say_gap(verdict, indicator=indicator)
    assert "it cannot be told whether" in said
    assert "4.0 percentage points narrower (95% interval 13.4 narrower to 5.4 wider)" in said
    assert say_established(verdict) == "No single statement about either end is established."
    assert say_headline(verdict, indicator=indicator) == "Not enough evidence"


def test_single_statements_are_said_where_no_word_is(publication: Publication) -> None:
    verdict, indicator = one(publication, "not enough evidence")
    told = replace(verdict, established=("narrowed",), statements={**verdict.statements, "narrowed": 0.97})
    assert say_established(told) == "Established: the gap narrowed; by which route is not established."
    assert say_headline(told, indicator=indicator).endswith("by which route is not established")


def test_a_likely_move_is_called_probable(publication: Publication) -> None:
    verdict, indicator = one(publication, "levelled up")
    told = replace(verdict, established=(), statements={"narrowed": 0.9, "lower-rose": 0.85})
    assert "probably narrowed by about 6.8" in say_gap(told, indicator=indicator)
    assert say_move(told, end="lower", indicator=indicator).startswith("Mudwick probably improved by about")


def test_a_described_gap_moves_without_being_judged(publication: Publication) -> None:
    verdict, indicator = one(publication, "not evaluable")
    said = say_verdict(verdict, indicator=indicator)
    assert "6.0 percentage points wider in the published figures, which carry no uncertainty" in said
    assert "Not evaluable. The publisher gives no interval" in said
    assert say_settle(verdict, indicator=indicator) == "Counts of premises for each district would allow a verdict."


def test_the_certainty_among_many_is_said_where_it_is_weaker(publication: Publication) -> None:
    verdict, _ = one(publication, "falling behind")
    assert say_word(verdict) == (
        "Falling behind (established on its own; likely once all the report's comparisons are allowed for)."
    )


def test_what_would_settle_it_counts_people(publication: Publication) -> None:
    verdict, indicator = one(publication, "not enough evidence")
    assert verdict.gap_change is not None and verdict.gap_change.se is not None
    times = (1.645 * verdict.gap_change.se / verdict.gap_change.value) ** 2
    assert 3 < times < 4
    assert "about 4 times as many people asked or counted" in say_settle(verdict, indicator=indicator)


def test_a_lower_subject_that_stands_better_is_pointed_out(publication: Publication) -> None:
    verdict, _ = one(publication, "rising together")
    assert say_position(verdict) == ""
    assert "at both dates" in say_position(replace(verdict, gap_levels=(-2.0, -1.0)))
    assert say_position(replace(verdict, gap_levels=(2.0, -1.0))) == "By the second date Mudwick had the better figure."


def test_losers_and_masking_name_who_and_how_sure(publication: Publication) -> None:
    verdict = next(v for v in publication.verdicts if v.masking is not None)
    indicator = publication.catalogue.indicators[verdict.indicator]
    assert verdict.masking is not None
    assert say_loser(verdict.losers[0], indicator=indicator).endswith("(95% interval 1.6 to 5.2): established.")
    said = say_masking(verdict.masking, verdict=verdict, indicator=indicator)
    assert "Exampleshire improved by 2.1 percentage points" in said and "Saltmarsh" in said
    weak = replace(verdict.masking, certainty="not established")
    assert "did not clearly move" in say_masking(weak, verdict=verdict, indicator=indicator)


def test_the_expected_number_of_wrong_words_is_printed(publication: Publication) -> None:
    said = say_expected_false(publication)
    assert "about 0.4 of these are expected to be wrong" in said and "about 1.7 wrong" in said


def test_the_title_is_the_workspaces_own_or_the_question(publication: Publication) -> None:
    assert say_title(publication) == "Are we levelling up in Exampleshire?"
    assert say_title(replace(publication, title="Exampleshire")) == "Are we levelling up in Exampleshire?"
    assert say_title(replace(publication, title="Our gaps")) == "Our gaps"


def test_figures_never_show_a_negative_nothing(publication: Publication) -> None:
    indicator = publication.catalogue.indicators["healthy-birth-weight"]
    assert number(-0.04, decimals=1) == "0.0"
    assert size(0.01, indicator=indicator) == "less than 0.1 percentage points"
    assert level(None, indicator=indicator) == "no figure"
    assert span(None, 1.0, indicator=indicator) == ""
    assert span(-1.0, 1.0, indicator=indicator) == "\N{MINUS SIGN}1.0 to 1.0"
    both = interval_words(Estimate(-3.0, 1.0, -5.0, -1.0), indicator=indicator, less="narrower", more="wider")
    assert both == "1.0 to 5.0"


def test_names_and_periods_read_inside_a_sentence() -> None:
    assert inline("Universal Credit claimants") == "Universal Credit claimants"
    assert inline("Adults who smoke") == "adults who smoke"
    assert period_label("2022-01-01/P3Y") == "the three years 2022 to 2024"
    assert period_label("2024-04-01/P1Y") == "2024/25"
