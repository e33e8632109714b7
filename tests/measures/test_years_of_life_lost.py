"""Years of life lost, worked by hand under both conventions and at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.terms.errors import InputError

AT_DEATH = {"ages": "at-death"}
BANDS = {"count": [4.0, 6.0, 9.0], "total": [1000.0, 1000.0, 500.0], "age": [35.0, 65.0, 80.0]}


def test_by_hand() -> None:
    """4 x 40 + 6 x 10 = 220 years among 2,000 below 75; variance 4 x 40^2 + 6 x 10^2 = 7,000. The 80-year-olds count nowhere."""
    found = measure_batch("YLL", columns=BANDS, convention="premature-before-limit", parameters={"per": 1000.0, **AT_DEATH})
    assert found.value[0] == pytest.approx(110.0) and found.se[0] == pytest.approx(7000**0.5 / 2)
    assert (found.also["years"][0], found.also["deaths"][0]) == (220.0, 10.0)
    assert found.lower[0] < 110 < found.upper[0]


def test_the_middle_of_a_band_and_of_what_lies_below_the_limit() -> None:
    """From 30 for 10 years: 40 years each. From 70 for 10 years, 5 of them below 75: 2.5 years each."""
    columns = {"count": [10.0, 10.0], "total": [100.0, 100.0], "age": [30.0, 70.0], "width": [10.0, 10.0]}
    found = measure_batch("PYLL", columns=columns, parameters={"per": 200.0})
    assert found.value[0] == pytest.approx(10 * 40 + 10 * 2.5)


def test_a_band_reaches_to_the_next_and_the_oldest_to_the_limit() -> None:
    """Bands 0-4, 5-69, 70-74, 75+: 3 x 72.5 + 20 x 37.5 + 40 x 2.5; the same whatever the rows' order, and with widths given."""
    columns = {"count": [40.0, 3.0, 60.0, 20.0], "total": [4000.0, 5000.0, 3000.0, 60000.0], "age": [70.0, 0.0, 75.0, 5.0]}
    found = measure_batch("PYLL", columns=columns)
    assert found.also["years"][0] == pytest.approx(3 * 72.5 + 20 * 37.5 + 40 * 2.5)
    given = measure_batch("PYLL", columns={**columns, "width": [5.0, 5.0, 20.0, 65.0]})
    assert given.value[0] == found.value[0]
    by_sex = {name: column * 2 for name, column in columns.items()}
    assert measure_batch("PYLL", columns=by_sex).value[0] == pytest.approx(found.value[0])
    oldest = {"count": [10.0, 10.0], "total": [100.0, 100.0], "age": [30.0, 65.0]}
    assert measure_batch("PYLL", columns=oldest).also["years"][0] == pytest.approx(10 * (75 - 47.5) + 10 * 5.0)


def test_remaining_years_standardised_by_hand() -> None:
    """10 x 50 in 100 and 10 x 5 in 50, weighted 1 to 3: (5 + 3 x 1) / 4 = 2 years a person."""
    columns = {"count": [10.0, 10.0], "total": [100.0, 50.0], "remaining": [50.0, 5.0], "standard": [1.0, 3.0]}
    found = measure_batch("YLL", columns=columns, convention="life-table-remaining", parameters={"per": 1.0})
    assert found.value[0] == pytest.approx(2.0)


def test_another_limit_leaves_other_deaths_out() -> None:
    found = measure_batch("PYLL", columns=BANDS, parameters={"until": 90.0, **AT_DEATH})
    assert found.also["deaths"].tolist() == [19.0] and found.also["years"].tolist() == [4 * 55.0 + 6 * 25.0 + 9 * 10.0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": [3.0, 6.0, 9.0]}, "too-few-events"),
        ({"age": [75.0, 80.0, 85.0]}, "not-positive"),
        ({"age": [-1.0, 65.0, 80.0]}, "out-of-bounds"),
        ({"total": [0.0, 1.0, 1.0]}, "not-positive"),
        ({"count": [np.inf, 6.0, 9.0]}, "missing-values"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, list[float]], code: str) -> None:
    assert measure_batch("PYLL", columns=BANDS | change).code.tolist() == [code]


def test_each_convention_needs_its_column_and_one_must_be_named() -> None:
    with pytest.raises(InputError, match="remaining"):
        measure_batch("YLL", columns=BANDS, convention="life-table-remaining")
    with pytest.raises(InputError, match="convention"):
        measure_batch("YLL", columns=BANDS)
