"""The pages of gaps say what stands behind the word: every date, who moved it, people or mix, readings, forecasts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from levelup.publish.account_json import account_as_dict
from levelup.publish.account_sentence import say_fitted, say_nobody_fell
from levelup.publish.gap import Gap, group_gaps
from levelup.publish.page import Desk, make_desk
from levelup.publish.page_gap import build_gap
from levelup.publish.page_indicator import build_indicator
from levelup.publish.page_losers import build_losers, register
from levelup.publish.plane import draw_plane
from levelup.publish.site import make_frame, render_page
from levelup.terms.record import CERTAINTIES, Loser
from levelup.verdicts.account import key_of
from tests.publish.behind import whole_publication


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk(whole_publication())


def gap_of(desk: Desk, kind: str) -> Gap:
    def is_whole(gap: Gap) -> bool:
        places = desk.publication.accounts[key_of(gap.main)].places
        return places is None or places.likely is not None

    return next(gap for gap in desk.gaps if gap.kind == kind and gap.main.regions and is_whole(gap))


def words_of(desk: Desk, gap: Gap) -> str:
    html = render_page(build_gap(desk, gap), frame=make_frame(desk.publication))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_gap_across_districts_says_which_places_made_it(desk: Desk) -> None:
    text = words_of(desk, gap_of(desk, "districts"))
    for said in (
        "Every date, not only the two",
        "Which places made the change",
        "What both did, taken together",
        "Three readings",
    ):
        assert said in text
    assert "Change once noise is allowed for" in text


def test_the_tenths_on_the_page_add_up_to_the_change(desk: Desk) -> None:
    gap = gap_of(desk, "districts")
    page = build_gap(desk, gap)
    grid = next(grid for name, grid in page.tables.items() if name.endswith("-tenths.csv"))
    account = desk.publication.accounts[key_of(gap.main)]
    assert account.places is not None
    held = account.places.attribution
    assert sum(float(row[2].value or 0) for row in grid.rows) == pytest.approx(-held.change, abs=1e-3)


def test_a_gap_between_groups_shows_a_forecast_of_both(desk: Desk) -> None:
    page = build_gap(desk, gap_of(desk, "cohort"))
    assert sum(name.endswith("-forecast.csv") for name in page.tables) == 2
    keys = [figure.key for figure in page.context["fans"]]
    assert keys == ["fan-lower", "fan-upper"]


def test_an_indicator_shows_where_the_county_may_go(desk: Desk) -> None:
    page = build_indicator(desk, desk.indicator("healthy-birth-weight"))
    assert any(name.endswith("-forecast.csv") for name in page.tables)


def test_the_fitted_line_is_told_with_verbs_and_its_word(desk: Desk) -> None:
    gap = gap_of(desk, "districts")
    told = " ".join(say_fitted(gap.main, indicator=desk.indicator(gap.indicator)))
    assert gap.main.trend is not None
    assert f"through all {gap.main.trend.points} dates" in told
    assert any(verb in told for verb in ("improved by", "got worse by", "did not move"))


def test_the_part_owed_to_falls_is_told_only_where_the_gap_is_likely_to_have_narrowed(desk: Desk) -> None:
    told = {}
    for gap in group_gaps(desk.publication.verdicts):
        account = desk.publication.accounts.get(key_of(gap.main))
        if account is None or account.places is None:
            continue
        said = " ".join(say_nobody_fell(account.places, gap.main, indicator=desk.indicator(gap.indicator)))
        told[gap.slug] = ("owed to falls, its" in said, gap.main.statements.get("narrowed", 0.0) >= 0.8)
    assert told
    assert all(likely for said, likely in told.values() if said)


def test_the_plane_is_drawn_only_where_uncertainty_is_published(desk: Desk) -> None:
    gap = gap_of(desk, "districts")
    assert draw_plane(gap.main, label="x").startswith("<svg")
    bare = next(gap for gap in desk.gaps if gap.main.word == "not evaluable")
    assert draw_plane(bare.main, label="x") == ""


def test_a_place_without_a_figure_has_a_mark_and_never_a_nan(desk: Desk) -> None:
    gap = next(gap for gap in desk.gaps if gap.slug == "healthy-birth-weight--districts")
    grid = next(grid for name, grid in build_gap(desk, gap).tables.items() if name.endswith("-places.csv"))
    assert any(row[1].text == "[x]" for row in grid.rows)
    assert "nan" not in words_of(desk, gap).lower().split()


def test_the_register_lists_everybody_worse_off_once_with_the_side_they_stand_on(desk: Desk) -> None:
    entries, looked = register(desk)
    keys = [(entry.gap.indicator, entry.loser.subject, entry.gap.main.window) for entry in entries]
    assert len(keys) == len(set(keys))
    assert {entry.side for entry in entries} <= {"lower", "upper", "part"}
    assert looked > len(entries) / 2
    listed = {(entry.gap.indicator, entry.loser.subject.label) for entry in entries}
    assert all((gap.indicator, loser.subject.label) in listed for gap in desk.gaps for loser in gap.main.losers)
    page = build_losers(desk)
    (whole,) = page.tables.values()
    assert len(whole.rows) == len(entries)


def test_allowing_for_all_never_makes_a_loser_surer(desk: Desk) -> None:
    rank = {name: position for position, name in enumerate(CERTAINTIES)}
    entries, _ = register(desk)
    assert all(rank[entry.among] >= rank[entry.loser.certainty] for entry in entries)


def test_every_account_is_json_without_a_nan(desk: Desk) -> None:
    texts = [json.dumps(account_as_dict(account), allow_nan=False) for account in desk.publication.accounts.values()]
    assert any('"by_tenth"' in text for text in texts)


def test_the_upper_subject_is_in_the_register_too(desk: Desk) -> None:
    gap = next(gap for gap in desk.gaps if gap.kind == "district" and gap.main.word == "levelled down")
    change = gap.main.change_upper
    assert change is not None
    fallen = replace(gap.main, losers=(Loser(gap.main.upper, change, 0.999, "established"),))
    verdicts = tuple(fallen if verdict.id == fallen.id else verdict for verdict in desk.publication.verdicts)
    entries, _ = register(make_desk(replace(desk.publication, verdicts=verdicts)))
    (entry,) = [entry for entry in entries if entry.loser.subject == fallen.upper and entry.gap.slug == gap.slug]
    assert entry.side == "upper"
