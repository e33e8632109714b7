"""A rate's factors, worked by hand under every convention."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.rate_decomposition import CARD
from levelup.measures.table import measure_table
from levelup.terms.errors import InputError
from levelup.terms.record import Measurement

ONE = [[1, 2, 3, 2, 3, 5]]
"""From 1 x 2 x 3 to 2 x 3 x 5."""


@pytest.mark.parametrize(
    ("convention", "parameters", "wanted"),
    [
        ("das-gupta", {}, [61 / 6, 37 / 6, 46 / 6]),
        ("horiuchi", {}, [61 / 6, 37 / 6, 46 / 6]),
        ("stepwise", {}, [10.5, 5.5, 8.0]),
        ("stepwise", {"direction": "up"}, [6.0, 6.0, 12.0]),
        ("stepwise", {"direction": "down"}, [15.0, 5.0, 4.0]),
    ],
)
def test_by_hand(convention: str, parameters: dict[str, str], wanted: list[float]) -> None:
    """The first factor's change of 1 times (2 x 6 + 9 + 10 + 2 x 15) / 6 = 61 / 6, and so on."""
    found = measure_batch("rate_decomposition", columns={"factor": ONE}, convention=convention, parameters=parameters)
    parts = [found.also[f"factor_{number}"][0] for number in (1, 2, 3)]
    assert found.value.tolist() == [24.0] and sum(parts) == pytest.approx(24.0, abs=1e-12)
    np.testing.assert_allclose(parts, wanted, atol=1e-12)


def test_names_that_imply_a_convention() -> None:
    for name, convention in (("das gupta", "das-gupta"), ("Horiuchi", "horiuchi"), ("stepwise replacement", "stepwise")):
        assert measure_batch(name, columns={"factor": ONE}).convention == convention


def test_the_constant_multiplies_everything() -> None:
    plain, tenfold = (measure_batch("das_gupta", columns={"factor": ONE}, parameters={"times": times}) for times in (1.0, 10.0))
    assert tenfold.value[0] == 10 * plain.value[0] and tenfold.also["factor_2"][0] == pytest.approx(
        10 * plain.also["factor_2"][0]
    )


def test_slices_of_different_length_stand_alone() -> None:
    rows = np.random.default_rng(1).uniform(size=(3, 4, 6))
    rows[1, 2:] = np.nan
    together = measure_batch("das_gupta", columns={"factor": rows})
    alone = measure_batch("das_gupta", columns={"factor": rows[1, :2]})
    assert together.value[1] == alone.value[0] and together.n.tolist() == [4, 2, 4]
    np.testing.assert_array_equal(together.parts["by_factor"][1, :2], alone.parts["by_factor"][0])
    assert np.isnan(together.parts["by_factor"][1, 2:]).all()


def test_a_missing_factor_is_refused_and_an_odd_number_is_an_error() -> None:
    assert measure_batch("das_gupta", columns={"factor": [[1, np.nan, 3, 4]]}).code.tolist() == ["missing-values"]
    with pytest.raises(InputError, match="every factor twice"):
        measure_batch("das_gupta", columns={"factor": [[1, 2, 3]]})


def test_two_columns_are_not_two_factors() -> None:
    """They may be two factors at one date or one factor at two dates, of which neither is a decomposition."""
    columns = {"pop16": ["0.4", "0.6"], "y2016": ["10", "20"]}
    with pytest.raises(InputError, match="all of the first date, then all of the second") as caught:
        measure_table(columns, name="das_gupta", further={"factor": ["pop16", "y2016"]})
    assert caught.value.got == "2 columns" and "factor=SHARE_1 --column factor=RATE_1" in caught.value.next
    assert "all of the first date, then all of the second" in CARD.applicability


def test_a_table_names_its_factors_in_order() -> None:
    columns = {"w0": ["0.4", "0.6"], "r0": ["10", "20"], "w1": ["0.5", "0.5"], "r1": ["12", "30"]}
    found = measure_table(columns, name="horiuchi", further={"factor": ["w0", "r0", "w1", "r1"]})
    assert isinstance(found, Measurement) and found.value == pytest.approx(5.0)
    assert [found.also["factor_1"], found.also["factor_2"]] == pytest.approx([-1.4, 6.4])
    assert found.lower is None and "no standard errors" in found.method
    assert "columns 1 to 2 are the first date, 3 to 4 the second (one factor each: 1 and 3, 2 and 4)" in found.method
