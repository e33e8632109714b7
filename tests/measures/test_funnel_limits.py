"""Funnel limits, worked by hand, turned round from each row's own interval, with dispersion and at their edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.interval import count_interval, wilson_interval
from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError
from levelup.terms.record import Measurement

COUNT = np.array([3.0, 12.0, 40.0, 8.0, 95.0, 0.0])
TOTAL = np.array([100.0, 150.0, 300.0, 90.0, 500.0, 60.0])


def test_by_hand() -> None:
    """10 and 30 of 100: centre 0.2, standard error 0.04, limits 1.96 and 3.09 times that either way; the scores are 2.5."""
    columns = {"count": [10, 30], "total": [100, 100]}
    found = measure_batch("funnel_limits", columns=columns, convention="proportions", parameters={"per": 100.0})
    ends = {name: round(float(item[0, 0]), 3) for name, item in found.parts.items()}
    assert ends == {
        "level": 10.0,
        "lower_95": 12.16,
        "upper_95": 27.84,
        "lower_99.8": 7.639,
        "upper_99.8": 32.361,
        "z": -2.5,
        "outside": -1.0,
    }
    assert found.also["phi_plain"][0] == pytest.approx(6.25) and found.also["outside_95"].tolist() == [2.0]


def test_dispersion_by_hand() -> None:
    """Scores of -2.5 and 2.5, none drawn in: phi 6.25, and (2 x 6.25 - 1) over 2/0.0016 - 1/0.0016 = 0.0184 between rows."""
    columns = {"count": [10, 30], "total": [100, 100]}
    flat, spread = (
        measure_batch(
            "funnel_limits", columns=columns, convention="proportions", parameters={"overdispersion": word, "winsorise": 0.0}
        )
        for word in ("multiplicative", "additive")
    )
    assert flat.also["phi"][0] == pytest.approx(6.25)
    assert flat.parts["upper_95"][0, 0] == pytest.approx(0.2 + 2.5 * 0.04 * 1.959964)
    assert spread.also["tau"][0] == pytest.approx(0.0184**0.5)
    assert spread.parts["upper_95"][0, 0] == pytest.approx(0.2 + 1.959964 * (0.0016 + 0.0184) ** 0.5)
    assert spread.parts["outside"][0].tolist() == [0.0, 0.0]


def test_drawing_in_leaves_one_outlier_outside() -> None:
    """Nine rows at the centre's level and one far off: drawn in by a tenth it hardly widens the limits that show it."""
    columns = {"count": [20.0, 22, 18, 21, 19, 20, 23, 17, 20, 60], "total": [100.0] * 10}
    drawn, bare = (
        measure_batch(
            "funnel_limits",
            columns=columns,
            convention="proportions",
            parameters={"overdispersion": "multiplicative", "winsorise": share},
        )
        for share in (0.1, 0.0)
    )
    assert drawn.also["phi"][0] < 0.3 * bare.also["phi"][0]
    assert drawn.parts["outside"][0, -1] == 2.0 > bare.parts["outside"][0, -1]


@pytest.mark.parametrize("convention", ["proportions", "rates", "ratios"])
@pytest.mark.parametrize(("level", "confidence"), [(1, 0.95), (2, 0.998)])
def test_a_row_is_outside_exactly_where_its_own_interval_leaves_the_centre_out(
    convention: str, level: int, confidence: float
) -> None:
    base = TOTAL / 10 if convention == "ratios" else TOTAL
    columns = {"count": COUNT, "standard" if convention == "ratios" else "total": base}
    found = measure_batch("funnel_limits", columns=columns, convention=convention)
    centre = found.value[0]
    if convention == "proportions":
        low, high = wilson_interval(COUNT, base, confidence=confidence)
    else:
        low, high = (end / base for end in count_interval(COUNT, confidence=confidence))
    side = (low > centre).astype(int) - (high < centre)
    np.testing.assert_array_equal(
        np.where(np.abs(found.parts["outside"][0]) >= level, np.sign(found.parts["outside"][0]), 0), side
    )


def test_rescaling_makes_up_for_drawing_in() -> None:
    """Chance alone leaves 0.6786 of the dispersion where a tenth is drawn in at either end."""
    columns = {"count": COUNT, "total": TOTAL}
    plain, scaled = (
        measure_batch(
            "funnel_limits",
            columns=columns,
            convention="rates",
            parameters={"overdispersion": "multiplicative", "rescale": word},
        )
        for word in ("no", "yes")
    )
    assert plain.also["phi"][0] / scaled.also["phi"][0] == pytest.approx(0.678664, abs=1e-5)


def test_the_centre_of_ratios_is_set() -> None:
    result = measure_batch("funnel_limits", columns={"count": COUNT, "standard": TOTAL / 10}, convention="ratios").at(0)
    assert isinstance(result, Measurement) and result.value == 1.0 and result.lower is None


@pytest.mark.parametrize(
    ("convention", "count", "base", "code"),
    [
        ("proportions", [1.0, 11.0], [10.0, 10.0], "out-of-bounds"),
        ("proportions", [10.0, 10.0], [10.0, 10.0], "out-of-bounds"),
        ("rates", [0.0, 0.0], [10.0, 10.0], "not-positive"),
        ("rates", [1.0, 2.0], [10.0, 0.0], "not-positive"),
        ("ratios", [1.0, 2.0], [10.0, 0.0], "not-positive"),
        ("rates", [1.0, np.nan], [10.0, 10.0], "missing-values"),
        ("rates", [1.0, -1.0], [10.0, 10.0], "out-of-bounds"),
        ("rates", [1.0], [10.0], "too-few-subjects"),
    ],
)
def test_what_cannot_be_is_refused(convention: str, count: list[float], base: list[float], code: str) -> None:
    columns = {"count": count, "standard" if convention == "ratios" else "total": base}
    assert measure_batch("funnel_limits", columns=columns, convention=convention).code.tolist() == [code]


@pytest.mark.parametrize(("convention", "needed"), [("ratios", "standard"), ("rates", "total")])
def test_each_convention_needs_its_column(convention: str, needed: str) -> None:
    with pytest.raises(InputError, match=needed):
        measure_batch("funnel_limits", columns={"count": [1.0, 2.0]}, convention=convention)
