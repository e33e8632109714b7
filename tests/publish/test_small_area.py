"""The page of an indicator says what its small areas show: of areas, never of persons, with a table and its download."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from levelup.publish.grid import grid_csv
from levelup.publish.page import make_desk
from levelup.publish.page_indicator import build_indicator
from levelup.publish.publication import Publication
from levelup.publish.site import make_frame, render_page
from levelup.publish.small_area_words import say_small_areas, small_areas_grid
from levelup.terms.errors import Refusal
from levelup.verdicts.small_area import SmallAreaAccount, read_small_areas
from tests.publish.invented import COUNTY

KEY = "healthy-birth-weight"
AREAS = 100
FILE = f"indicator-{KEY}-small-areas.csv"


def make_account(
    held: Publication, *, better: float = 40.0, grown: float = 0.0, dates: int = 2, key: str = KEY, carried: tuple[str, ...] = ()
) -> SmallAreaAccount:
    """Return an account of 100 invented areas: shares of 30% to 30% plus `better`; the best-placed grew by `grown` of one."""
    first = np.linspace(0.30, 0.30 + better / 100, AREAS)
    bases = np.column_stack([np.full(AREAS, 1000.0), 1000.0 * (1 + np.linspace(0.0, grown, AREAS))])
    shares = np.column_stack([first, first + 0.05])
    made = read_small_areas(
        held.catalogue.indicators[key],
        periods=("2011-03-27", "2021-03-21")[-dates:],
        level=100 * shares[:, -dates:],
        numerator=(shares * bases)[:, -dates:],
        denominator=bases[:, -dates:],
        deprivation=np.arange(AREAS, 0, -1.0),
        order_name="Index of deprivation (invented areas)",
        carried=carried,
    )
    assert isinstance(made, SmallAreaAccount)
    return made


def told(held: Publication, account: SmallAreaAccount) -> str:
    return " ".join(say_small_areas(account, indicator=held.catalogue.indicators[account.indicator], place="Exampleshire"))


def words_of(held: Publication) -> tuple[str, dict[str, object]]:
    page = build_indicator(make_desk(held), held.catalogue.indicators[KEY])
    html = render_page(page, frame=make_frame(held))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)), dict(page.tables)


def test_the_section_stands_on_the_page_with_its_table_and_download(publication: Publication) -> None:
    held = replace(publication, small_areas={KEY: make_account(publication)})
    text, tables = words_of(held)
    for said in (
        "Small areas: people or mix, and from bottom to top",
        "only movement between small areas is seen",
        "10th percentile",
        "Most deprived fifth of areas",
        publication.places[COUNTY].name,
    ):
        assert said.lower() in text.lower()
    assert FILE in tables


def test_a_page_without_small_areas_says_nothing_of_them(publication: Publication) -> None:
    text, tables = words_of(publication)
    assert "Small areas: people or mix" not in text and FILE not in tables


def test_movement_between_areas_is_told_with_its_direction(publication: Publication) -> None:
    """Shares rose by 5 points everywhere; more homes where shares are higher add to that, and fewer there take away."""
    still, more, less = (told(publication, make_account(publication, grown=grown)) for grown in (0.0, 1.0, -0.5))
    assert "rose from 50.0% on 27 March 2011 to 55.0% on 21 March 2021, by 5.0 percentage points" in still
    assert "the part within areas is +5.00 percentage points and the part between them 0.00." in still
    assert "between them +" in more and "where the share is higher" in more
    assert "between them \N{MINUS SIGN}" in less and "where the share is lower" in less


def test_turnover_within_areas_is_bounded_and_never_given_as_known(publication: Publication) -> None:
    """Nobody moved between areas and 5 points more have it: at least one in twenty changed, at most everyone did."""
    text = told(publication, make_account(publication))
    assert "who moved within one is not known: between 5.0% and 100% of the cases counted on 21 March 2021 may be others" in text


def test_the_distances_are_told_and_listed_as_they_are(publication: Publication) -> None:
    account = make_account(publication)
    indicator = publication.catalogue.indicators[KEY]
    grid = small_areas_grid(account, indicator=indicator)
    assert grid is not None and [row[0].text for row in grid.rows] == ["10th percentile", "Median", "90th percentile"]
    assert not isinstance(account.ceiling, Refusal)
    for row, item in zip(grid.rows, account.ceiling.contrasts[:3], strict=True):
        assert item.lower is not None and item.upper is not None and item.distance is not None
        shown = [cell.value for cell in row[1:]]
        assert shown == pytest.approx([item.lower.value, item.upper.value, item.distance.value], abs=1e-4)
        assert float(shown[2] or 0) == pytest.approx(float(shown[1] or 0) - float(shown[0] or 0), abs=1e-3)
    assert grid_csv(grid).decode("utf-8-sig").count("\r\n") == 4
    text = told(publication, account)
    assert "The two stand furthest apart among their best-placed areas." in text
    assert "none is among the best-placed fifth of all areas" in text
    assert "(by index of deprivation)" in text


def test_areas_that_stand_the_other_way_round_are_said_to(publication: Publication) -> None:
    text = told(publication, make_account(publication, better=-20.0))
    assert "with the most deprived fifth ahead" in text and "furthest apart" not in text


def test_areas_are_never_taken_for_the_persons_in_them(publication: Publication) -> None:
    text = told(publication, make_account(publication, carried=("2011-03-27",)))
    assert "say nothing of any one person" in text and "no interval is given" in text
    assert "the same in every part" in text
    assert "the same in every part" not in told(publication, make_account(publication))


def test_one_date_tells_the_distance_only(publication: Publication) -> None:
    text = told(publication, make_account(publication, dates=1))
    assert "movement between small areas" not in text and text.startswith("From bottom to top, on 21 March 2021")


def test_what_is_refused_is_said_with_its_reason(publication: Publication) -> None:
    """A figure that is no share is not split; areas without an order are not compared."""
    pay = make_account(publication, key="weekly-pay")
    assert "Only a share can be split into people and mix." in told(publication, pay)
    ruled = replace(pay, ceiling=Refusal("no-order", "Some areas have no place in the independent order."))
    assert small_areas_grid(ruled, indicator=publication.catalogue.indicators["weekly-pay"]) is None
    assert "Areas are not compared from bottom to top. Some areas have no place" in told(publication, ruled)
