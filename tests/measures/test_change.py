"""The change in any measure: by hand, against closed forms, through every kind of interval, and how often it covers."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.interval import Estimates
from levelup.inference.sample import difference_of
from levelup.measures.batch import measure_batch
from levelup.measures.change import MeasuredChange, measure_change
from levelup.measures.dates import Date
from levelup.measures.readings import Readings
from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity

LEVEL = np.array([23.4, 19.2, 13.6, 18.9, 15.1, 20.7, 17.8, 26.3])
LATER = LEVEL * np.linspace(0.85, 1.05, 8)
ERROR = np.linspace(0.4, 0.9, 8)
PEOPLE = np.array([18.8, 15.5, 7.7, 9.0, 18.2, 19.3, 13.5, 9.3]) * 1000
ORDER = np.array([2, 5, 8, 4, 7, 3, 6, 1])
MORE = Polarity.MORE


def dates(**changes: object) -> tuple[Date, Date]:
    given = {"population": PEOPLE, "se": ERROR, "order": ORDER} | changes
    return Date(LEVEL, **given), Date(LATER, **given)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """A gap of 20 with errors of 3 and 4 falls to 12; with correlation 1/2 the variance is 2 (9 + 16) (1 - 1/2) = 25."""
    both = (Date([40.0, 60.0], se=[3.0, 4.0], order=[1, 2]), Date([50.0, 62.0], se=[3.0, 4.0], order=[1, 2]))
    found = measure_change("D", *both, correlation=0.5, polarity=MORE).at(0)
    assert isinstance(found, MeasuredChange) and found.lower is not None and found.se is not None
    assert found.value == -8.0 and found.n == 2
    np.testing.assert_allclose([found.se, found.lower, found.correlation], [5.0, -8.0 - 1.959963985 * 5.0, 0.5], rtol=1e-9)


def test_a_slope_has_the_closed_form() -> None:
    """The slope is a weighted sum of levels, so that a subject's two errors enter by the same weight."""
    rho = np.linspace(0.1, 0.8, 8)
    found = measure_change("SII", *dates(), correlation=rho, polarity=MORE, convention="ohid-linear")
    eye = np.eye(8)
    given = {"population": np.tile(PEOPLE, (8, 1)), "order": np.tile(ORDER, (8, 1)), "convention": "ohid-linear"}
    weights = measure_batch("SII", eye, polarity=MORE, **given).value  # type: ignore[arg-type]
    np.testing.assert_allclose(found.se, np.sqrt((2 * weights**2 * ERROR**2 * (1 - rho)).sum()), rtol=1e-6)


def test_entropy_change_has_the_same_error() -> None:
    errors, rho = ERROR / 2, 0.6
    one = measure_change("MLD", *dates(se=errors), correlation=rho, polarity=MORE)
    columns = {"later": LATER, "later_se": errors, "group": np.zeros(8)}
    call = {"population": PEOPLE, "se": errors, "columns": columns, "parameters": {"correlation": rho}, "polarity": MORE}
    two = measure_batch("entropy_change", LEVEL, convention="exact", **call)  # type: ignore[arg-type]
    np.testing.assert_allclose([one.value[0], one.se[0]], [two.value[0], two.se[0]], rtol=1e-6)


def test_a_lopsided_interval_stays_lopsided() -> None:
    found = measure_change("R", *dates(), correlation=0.0, polarity=MORE)
    assert found.upper[0] - found.value[0] != pytest.approx(found.value[0] - found.lower[0], rel=1e-3)
    wanted = difference_of(*(_estimates(item) for item in (found.after, found.before)))
    np.testing.assert_allclose([found.lower, found.upper], [wanted.lower, wanted.upper])


def _estimates(readings: Readings) -> Estimates:
    return Estimates(readings.value, readings.se, readings.lower, readings.upper)


def test_more_in_common_makes_a_change_surer() -> None:
    widths = []
    for rho in (0.0, 1 / 3, 2 / 3, 0.95):
        found = measure_change("theil", *dates(), correlation=rho, polarity=MORE)
        widths.append(float(found.upper[0] - found.lower[0]))
    assert widths == sorted(widths, reverse=True) and widths[-1] < 0.5 * widths[0]


def test_counts_take_the_correlation_as_given() -> None:
    first, last = (Date(columns={"count": [count], "total": [100]}) for count in (20, 30))
    found = measure_change("proportion", first, last, correlation=0.4)
    a, b = (measure_batch("proportion", columns=item.columns) for item in (first, last))
    wanted = difference_of(_estimates(b), _estimates(a), correlation=0.4)
    np.testing.assert_allclose([found.value, found.lower, found.upper], [wanted.value, wanted.lower, wanted.upper])
    assert "taken as that of the rows" in found.method


def test_a_noise_corrected_spread_keeps_its_own_interval() -> None:
    found = measure_change("theil", *dates(), correlation=0.5, polarity=MORE, convention="noise-corrected").at(0)
    assert isinstance(found, MeasuredChange) and found.lower is not None and found.upper is not None
    assert found.lower < found.value < found.upper and found.convention == "noise-corrected"


def test_where_nothing_was_said_there_is_no_interval() -> None:
    found = measure_change("theil", *dates(), correlation=None, polarity=MORE).at(0)
    assert isinstance(found, MeasuredChange) and found.lower is None and "in common" in found.method


def test_a_date_without_interval_leaves_the_change_without() -> None:
    first, last = dates()
    found = measure_change("theil", first, Date(LATER, population=PEOPLE), correlation=0.5, polarity=MORE).at(0)
    assert isinstance(found, MeasuredChange) and found.lower is None and found.method.startswith("estimate alone")
    drowned = measure_change("theil", first, Date(LATER, PEOPLE, 9 * ERROR), correlation=0.5, polarity=MORE).at(0)
    assert isinstance(drowned, MeasuredChange) and drowned.lower is None and "fifth" in drowned.method


def test_a_date_that_is_refused_refuses_the_change_and_says_which() -> None:
    first, last = dates()
    found = measure_change("theil", Date(-LEVEL, PEOPLE, ERROR), last, correlation=0.5, polarity=MORE).at(0)
    assert isinstance(found, Refusal) and found.code == "not-positive" and found.reason.startswith("At the first date")
    found = measure_change("theil", first, Date(-LEVEL, PEOPLE, ERROR), correlation=0.5, polarity=MORE).at(0)
    assert isinstance(found, Refusal) and found.reason.startswith("At the later date")


def test_bounds_are_never_stepped_over() -> None:
    """Levels that stand on their bounds: derivatives are taken from inside."""
    both = (
        Date([0.0, 40.0, 100.0], se=[1.0, 2.0, 1.0], order=[1, 2, 3]),
        Date([0.0, 50.0, 100.0], se=[1.0, 2.0, 1.0], order=[1, 2, 3]),
    )
    found = measure_change("D", *both, correlation=0.5, polarity=MORE, bounds=(0.0, 100.0))
    np.testing.assert_allclose(found.correlation, 0.5, rtol=1e-9)


def test_a_subject_of_one_date_alone_shares_nothing() -> None:
    lone = LATER.copy()
    lone[7] = np.nan
    first, last = dates()
    gone = Date(lone[None], np.where(np.isnan(lone), np.nan, PEOPLE)[None], np.where(np.isnan(lone), np.nan, ERROR)[None])
    found = measure_change("theil", Date(LEVEL[None], PEOPLE[None], ERROR[None]), gone, correlation=0.6, polarity=MORE)
    assert found.n.tolist() == [7] and 0 < found.correlation[0] < 0.6


def test_a_batch_gives_what_each_slice_gives_alone() -> None:
    rng = np.random.default_rng(81)
    levels = LEVEL * rng.uniform(0.8, 1.2, (2, 5, 8))
    together = [Date(level, PEOPLE, ERROR) for level in levels]
    whole = measure_change("gini", *together, correlation=0.5, polarity=MORE)
    for at in range(5):
        single = [Date(level[at], PEOPLE, ERROR) for level in levels]
        alone = measure_change("gini", *single, correlation=0.5, polarity=MORE)
        for name in ("value", "lower", "upper", "correlation"):
            np.testing.assert_allclose(getattr(whole, name)[at], getattr(alone, name)[0], rtol=1e-9)


@pytest.mark.parametrize("correlation", [1.5, [-2.0, 0.0]])
def test_a_correlation_is_at_most_one(correlation: object) -> None:
    with pytest.raises(InputError, match="between -1 and 1"):
        measure_change("theil", *dates(), correlation=correlation, polarity=MORE)  # type: ignore[arg-type]


def test_both_dates_must_have_the_same_shape() -> None:
    with pytest.raises(InputError, match="same subjects"):
        measure_change("gini", Date(LEVEL), Date(LATER[:7]), correlation=0.0, polarity=MORE)
    with pytest.raises(InputError, match="same slices"):
        measure_change("gini", Date(LEVEL), Date(np.tile(LATER, (2, 1))), correlation=0.0, polarity=MORE)


TIMES = 3000
SLACK = 0.016
"""Four standard errors of a simulated coverage of 0.95 over 3,000 draws."""
COVERED = [
    ("difference", None, {}),
    ("ratio", None, {}),
    ("slope_index", "ohid-linear", {}),
    ("relative_index", "ohid-linear", {}),
    ("concentration_index", "relative", {"interval": "errors"}),
    ("theil", "plug-in", {}),
    ("gini", None, {}),
]


def covers(name: str, convention: str | None, parameters: dict[str, object], first: Date, last: Date, rho: float) -> float:
    """Return the share of simulated intervals that hold the true change, which the first slice is."""
    call = {"polarity": MORE, "convention": convention, "parameters": parameters, "correlation": rho}
    found = measure_change(name, first, last, **call)  # type: ignore[arg-type]
    truth, has = found.value[0], np.isfinite(found.lower)
    assert has.mean() > 0.95
    return float(((found.lower <= truth) & (truth <= found.upper))[has][1:].mean())


@pytest.mark.parametrize(("name", "convention", "parameters"), COVERED)
def test_coverage_with_three_year_windows_that_share_two(name: str, convention: str, parameters: dict[str, object]) -> None:
    rng = np.random.default_rng(82)
    years = [
        np.vstack([rate * PEOPLE / 1e3, rng.poisson(rate * PEOPLE / 1e3, (TIMES, 8))]) for rate in np.linspace(LEVEL, LATER, 4)
    ]
    windows = (sum(years[:3]), sum(years[1:]))
    scale = 3 * PEOPLE / 1e3
    first, last = (Date(count / scale, PEOPLE, np.sqrt(count) / scale, ORDER) for count in windows)
    assert abs(covers(name, convention, parameters, first, last, 2 / 3) - 0.95) < SLACK


@pytest.mark.parametrize(("name", "convention", "parameters"), COVERED)
def test_coverage_with_samples_that_share_half_their_persons(name: str, convention: str, parameters: dict[str, object]) -> None:
    """Of two samples half the persons are the same, whose answers correlate by 0.7: the means correlate by 0.35."""
    rng = np.random.default_rng(83)
    shared = rng.normal(size=(2, TIMES, 8))
    own = rng.normal(size=(2, TIMES, 8))
    shared[1] = 0.7 * shared[0] + np.sqrt(1 - 0.49) * shared[1]
    errors = np.concatenate([np.zeros((2, 1, 8)), (shared + own) / np.sqrt(2)], axis=1) * ERROR
    first, last = (Date(level + error, PEOPLE, ERROR, ORDER) for level, error in zip((LEVEL, LATER), errors, strict=True))
    assert abs(covers(name, convention, parameters, first, last, 0.35) - 0.95) < SLACK
