"""An account of small areas: its parts add up, what cannot be told is refused, and the bundled county's figures are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.entry import Break, Indicator
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.settings import Settings
from levelup.store.store import Store
from levelup.terms.errors import Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.unit import unit_of
from levelup.verdicts.between import Between
from levelup.verdicts.ceiling import Ceiling
from levelup.verdicts.small_area import SmallAreaAccount, orders_like, read_small_areas
from levelup.verdicts.stage import build_scope, follow_small_areas
from tests.store.little import little_catalogue, little_indicator

CENSUSES = ("2011-03-27", "2021-03-21")
AREAS = 100
PRINTED = 0.005
"""The figures below are written to two decimals."""


def percent(**changes: object) -> Indicator:
    return little_indicator(polarity=Polarity.LESS, **changes)


def account(
    indicator: Indicator, counts: np.ndarray, *, bases: np.ndarray, periods: tuple[str, ...] = CENSUSES, **changes: object
) -> SmallAreaAccount | Refusal:
    """Return the account of counts by area and period, areas in order from the most deprived on."""
    given: dict[str, object] = {"deprivation": np.arange(len(bases), 0, -1.0), "order_name": "an order"} | changes
    return read_small_areas(
        indicator,
        periods=periods,
        level=100.0 * counts / bases,
        numerator=counts,
        denominator=bases,
        **given,  # type: ignore[arg-type]
    )


def some_counts() -> tuple[np.ndarray, np.ndarray]:
    """Shares that fall by a tenth everywhere, from 60% in the first area to 10.5% in the last; households unmoved."""
    bases = np.full((AREAS, 2), 200.0)
    before = np.linspace(120.0, 21.0, AREAS)
    return np.column_stack([before, 0.9 * before]), bases


def test_a_fall_everywhere_with_nobody_moving_is_all_within_areas() -> None:
    counts, bases = some_counts()
    made = account(percent(), counts, bases=bases)
    assert isinstance(made, SmallAreaAccount) and isinstance(made.between, Between)
    assert made.between.total == pytest.approx(-0.1 * 35.25) and made.between.between_part == pytest.approx(0.0)
    assert (made.start, made.end, made.areas, made.carried) == (*CENSUSES, AREAS, False)


def test_the_distance_is_read_at_the_last_date_in_the_given_order() -> None:
    """Levels run in a line, so both sets' medians lie half the whole line apart: 50 areas of 0.45 points."""
    counts, bases = some_counts()
    made = account(percent(), counts, bases=bases, carried=(CENSUSES[0],))
    assert isinstance(made, SmallAreaAccount) and isinstance(made.ceiling, Ceiling) and made.carried
    middle = made.ceiling.contrasts[1]
    assert made.ceiling.rows == (20, 80, 0) and middle.distance is not None
    assert middle.distance.value == pytest.approx(50 * 0.45)


def test_the_direction_of_the_order_is_that_bigger_is_more_disadvantaged() -> None:
    counts, bases = some_counts()
    turned = account(percent(), counts, bases=bases, deprivation=np.arange(AREAS))
    assert isinstance(turned, SmallAreaAccount) and isinstance(turned.ceiling, Ceiling)
    assert all(item.distance is not None and item.distance.value < 0 for item in turned.ceiling.contrasts[:3])


def test_one_date_has_no_change_to_split() -> None:
    counts, bases = some_counts()
    made = account(percent(), counts[:, :1], bases=bases[:, :1], periods=CENSUSES[1:])
    assert isinstance(made, SmallAreaAccount) and made.between is None and made.start == "" and made.end == CENSUSES[1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": unit_of("score")}, "unsupported-combination"),
        ({"breaks": (Break("2015-01-01", "The question changed."),)}, "series-broken"),
    ],
)
def test_a_change_that_cannot_be_split_is_refused(changes: dict[str, object], code: str) -> None:
    counts, bases = some_counts()
    made = account(percent(**changes), counts, bases=bases)
    assert isinstance(made, SmallAreaAccount) and isinstance(made.between, Refusal) and made.between.code == code
    assert isinstance(made.ceiling, Ceiling)


def test_an_area_without_a_count_leaves_the_split_refused_and_the_rest_told() -> None:
    counts, bases = some_counts()
    counts[3, 0] = np.nan
    made = account(percent(), counts, bases=bases)
    assert isinstance(made, SmallAreaAccount) and isinstance(made.between, Refusal) and made.between.code == "missing-values"
    assert isinstance(made.ceiling, Ceiling) and "1 small areas" in made.between.reason


def test_without_an_order_areas_are_not_compared() -> None:
    counts, bases = some_counts()
    made = account(percent(), counts, bases=bases, deprivation=np.full(AREAS, np.nan))
    assert isinstance(made, SmallAreaAccount) and isinstance(made.ceiling, Refusal) and made.ceiling.code == "no-order"


def test_no_figure_at_all_is_refused() -> None:
    counts, bases = some_counts()
    made = account(percent(), np.full_like(counts, np.nan), bases=bases)
    assert isinstance(made, Refusal) and made.code == "no-data"


def test_an_order_is_of_the_reports_own_column_and_first_of_its_own_year() -> None:
    catalogue = load_catalogue()
    own = [item.id for item in orders_like(catalogue.stratifiers["imd-2019"].name, catalogue=catalogue)]
    assert own[:2] == ["imd-2019-lsoa", "imd-2025-lsoa"]
    unknown = [item.id for item in orders_like("no such order", catalogue=catalogue)]
    assert unknown[0] == "imd-2025-lsoa" and set(unknown) == set(own)
    assert orders_like("imd", catalogue=little_catalogue()) == ()


@pytest.fixture(scope="module")
def bundled() -> dict[str, SmallAreaAccount]:
    store = Store.open(Path(levelup.__file__).parent / "bundled" / "essex" / "store")
    catalogue = load_catalogue()
    settings = Settings(title="County", county="E10000012", stratifier="imd-2019")
    return follow_small_areas(store, build_scope(store, settings, catalogue=catalogue), catalogue=catalogue)


@pytest.mark.parametrize(
    ("key", "before", "after", "within", "between", "least"),
    [
        ("household-deprivation-one-or-more", 56.12, 50.99, -4.92, -0.21, 0.1026),
        ("household-deprivation-two-or-more", 22.88, 16.91, -5.86, -0.10, 0.1179),
        ("household-deprivation-three-or-more", 4.37, 3.29, -1.07, -0.01, 0.0840),
    ],
)
def test_the_bundled_county_has_the_figures_of_both_censuses(
    bundled: dict[str, SmallAreaAccount], key: str, before: float, after: float, within: float, between: float, least: float
) -> None:
    """Of households with no dimension 43.88% became 49.01%: these are the others, with the signs turned."""
    found = bundled[key]
    assert isinstance(found.between, Between) and (found.start, found.end, found.areas) == (*CENSUSES, 903)
    assert (found.between.before, found.between.after) == pytest.approx((before, after), abs=PRINTED)
    assert (found.between.within_part, found.between.between_part) == pytest.approx((within, between), abs=PRINTED)
    assert found.between.least_turnover_of_all == pytest.approx(least, abs=0.00005)
    assert found.carried and found.order_name == load_catalogue().stratifiers["imd-2019-lsoa"].name


def test_the_bundled_countys_areas_stand_apart_from_bottom_to_top(bundled: dict[str, SmallAreaAccount]) -> None:
    found = bundled["household-deprivation-one-or-more"].ceiling
    assert isinstance(found, Ceiling) and found.about == "areas" and found.rows == (181, 722, 0) and found.left_out == 0
    apart = [item.distance.value for item in found.contrasts[:3] if item.distance is not None]
    assert apart == pytest.approx([11.82, 15.85, 15.41], abs=PRINTED)
    assert all(item.distance is not None and item.distance.se is None for item in found.contrasts)
    assert bundled["fuel-poverty"].between is None


def test_a_store_without_small_areas_gives_no_accounts(tmp_path: Path, bundled: dict[str, SmallAreaAccount]) -> None:
    store = Store.open(Path(levelup.__file__).parent / "bundled" / "essex" / "store")
    settings = Settings(title="County", county="E10000012", stratifier="imd-2019")
    scope = build_scope(store, settings, catalogue=load_catalogue())
    nowhere = replace(scope, county=replace(scope.county, code="E10999999"))
    assert follow_small_areas(store, nowhere, catalogue=load_catalogue()) == {} and bundled
    assert follow_small_areas(Store.create(tmp_path / "store"), scope, catalogue=load_catalogue()) == {}
