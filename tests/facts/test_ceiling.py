"""No ceiling, on published rows: pupils of the United Kingdom by their mother's schooling, and small areas of Essex."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.terms.polarity import Polarity
from levelup.terms.record import Estimate
from levelup.verdicts.ceiling import Ceiling, compare_areas
from levelup.verdicts.ceiling_table import ceiling_table
from tests.facts.conftest import Ask

pytestmark = pytest.mark.data

PUPILS = "'microdata/pisa_2000_2003_students_10_countries.parquet' where country = 'GBR' and year = 2003"
LITTLE, MUCH = ("less than ISCED1", "ISCED 1", "ISCED 2"), ("ISCED 3A",)
"""Mother's highest schooling: up to the end of lower secondary school, and upper secondary school that leads to university."""
BARS = {"math": 482.38, "read": 480.18}
"""Where level 3 of PISA 2003 begins."""


def pupils(ask: Ask, subject: str) -> Ceiling:
    rows = ask(f"select {subject}, coalesce(mother_educ, ''), stu_wgt, school_id from {PUPILS}")
    names = ("score", "schooling", "weight", "school")
    found = ceiling_table(
        {
            name: ["" if cell is None else cell for cell in cells]
            for name, cells in zip(names, zip(*rows, strict=True), strict=True)
        },
        outcome="score",
        group="schooling",
        lower=LITTLE,
        upper=MUCH,
        weight="weight",
        cluster="school",
        threshold=BARS[subject],
        polarity="more-is-better",
    )
    [date] = found.dates
    assert isinstance(date.found, Ceiling)
    return date.found


def figure(found: Ceiling, key: str, side: str) -> Estimate:
    [held] = [getattr(item, side) for item in found.every if item.key == key]
    assert isinstance(held, Estimate)
    return held


@pytest.mark.parametrize(
    ("subject", "distances", "reached"),
    [
        ("math", {"p10": 50.9, "p50": 64.8, "p90": 70.7, "top-tenth": 66.6}, (0.112, 0.352)),
        ("read", {"p10": 56.6, "p50": 59.7, "p90": 58.6, "top-tenth": 49.7}, (0.121, 0.340)),
    ],
)
def test_pupils_by_their_mothers_schooling(
    ask: Ask, subject: str, distances: dict[str, float], reached: tuple[float, float]
) -> None:
    """In mathematics the distance at the top is the largest, which a share at a level cannot show."""
    found = pupils(ask, subject)
    assert found.rows == (1571, 2647, 5317)
    for key, value in distances.items():
        item = figure(found, key, "distance")
        assert item.value == pytest.approx(value, abs=0.05)
        assert item.lower is not None and item.lower > 30
    for side, share in zip(("lower", "upper"), reached, strict=True):
        assert figure(found, "top-fifth", side).value == pytest.approx(share, abs=0.0005)
    both = [figure(found, "top-fifth", side) for side in ("lower", "upper")]
    assert both[0].upper is not None and both[1].lower is not None and both[0].upper < 0.2 < both[1].lower


def test_the_figures_are_those_of_a_question_in_sql(ask: Ask) -> None:
    """The weighted middle and the top fifth, by running sums of the weights."""
    found = pupils(ask, "math")
    ranked = (
        "select math, stu_wgt w, mother_educ m, sum(stu_wgt) over (order by math) run, sum(stu_wgt) over () whole from "
        f"{PUPILS} and math is not null"
    )
    little = ", ".join(f"'{name}'" for name in LITTLE)
    [[edge]] = ask(f"select min(math) from ({ranked}) where run >= 0.8 * whole")
    [[share]] = ask(f"select sum(w) filter (math > {edge}) / sum(w) from ({ranked}) where m in ({little})")
    assert found.edge == pytest.approx(edge, abs=0.5)
    assert figure(found, "top-fifth", "lower").value == pytest.approx(share, abs=0.002)
    [[middle]] = ask(f"select min(math) from ({ranked} and mother_educ in ({little})) where run >= 0.5 * whole")
    assert figure(found, "p50", "lower").value == pytest.approx(middle, abs=1e-9)
    [[over]] = ask(f"select sum(w) filter (math >= {BARS['math']}) / sum(w) from ({ranked}) where m in ({little})")
    assert figure(found, "threshold", "lower").value == pytest.approx(over, abs=1e-9)


def test_pupils_of_one_school_are_alike(ask: Ask) -> None:
    """With schools as clusters the share of pupils at level 3 is less sure than rows drawn one by one would make it."""
    found = pupils(ask, "math")
    share, rows = figure(found, "threshold", "lower"), found.effective[0]
    assert share.se is not None and share.se > 1.2 * np.sqrt(share.value * (1 - share.value) / rows)


def test_fuel_poverty_in_small_areas_of_essex(ask: Ask) -> None:
    """The most disadvantaged fifth of areas by IMD 2019 and the rest, weighted by households: 7 points apart at the middle."""
    rows = ask(
        'select "Number of households in fuel poverty", "Number of households", IMD_rank '
        "from 'economy/desnz_fuel_poverty_2020_lsoa11.parquet' a "
        "join 'deprivation/iod2019_lsoa11_scores_ranks_deciles.parquet' i on i.lsoa11_code = a.\"LSOA Code\" "
        "join 'lookups/lookup_lsoa11_ltla21.parquet' k on k.lsoa11_code = a.\"LSOA Code\" "
        "where k.ltla21_code between 'E07000066' and 'E07000077'"
    )
    poor, households, rank = (np.asarray(column, dtype=np.float64) for column in zip(*rows, strict=True))
    found = compare_areas(100 * poor / households, order=rank, population=households, polarity=Polarity.LESS, threshold=10)
    assert isinstance(found, Ceiling)
    assert found.about == "areas" and found.rows == (174, 698, 0)
    distances = {"p10": 7.5, "p50": 6.9, "p90": 6.3, "top-tenth": 5.7, "top-fifth": 0.228, "threshold": 0.420}
    for key, value in distances.items():
        assert figure(found, key, "distance").value == pytest.approx(value, abs=0.05 if value > 1 else 0.0005)
        assert figure(found, key, "distance").se is None
    assert figure(found, "p50", "lower").value == pytest.approx(17.4, abs=0.05)
