"""What measures of spread share: weights, the error of a variance, and the reading that is freed of noise."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.inference.dispersion import noise_corrected
from levelup.measures.batch import measure_batch
from levelup.measures.card import parameters_of
from levelup.measures.dispersion import PLUG_IN, weighting, weights_of
from levelup.measures.registry import MEASURES
from levelup.measures.slices import read_slices
from levelup.measures.theil import CARD as THEIL
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from tests.measures.cases import named_parameters

LEVELS = np.array([23.4, 19.2, 13.6, 18.9, 15.1])
PEOPLE = np.array([187.9, 155.2, 77.3, 89.7, 181.6])
ERRORS = np.array([2.0, 1.0, 2.2, 1.3, 0.9])
FUNCTIONALS = {
    "mean_difference_from_mean": "mean-difference",
    "mean_difference_from_best": "mean-difference-from-best",
    "mean_difference_from_reference": "mean-difference-from-reference",
    "between_group_variance": "variance",
    "between_group_deviation": "standard-deviation",
    "coefficient_of_variation": "coefficient-of-variation",
    "index_of_disparity": "disparity-index",
    "theil": "theil",
    "mean_log_deviation": "mean-log-deviation",
    "generalised_entropy": "generalised-entropy",
    "atkinson": "atkinson",
}
ORDERS = {"generalised_entropy": 2.0, "atkinson": 1.0}


def test_unweighted_each_subject_counts_once_and_padding_never() -> None:
    slices = read_slices(THEIL, [[1.0, 2.0, np.nan], [1.0, 2.0, 3.0]], population=[[1.0, 3.0, np.nan], [1.0, 1.0, 2.0]])
    np.testing.assert_allclose(weights_of(slices, "unweighted"), [[0.5, 0.5, 0.0], [1 / 3] * 3])
    np.testing.assert_allclose(weights_of(slices, "weighted"), [[0.25, 0.75, 0.0], [0.25, 0.25, 0.5]])


def test_only_known_weightings_are_taken() -> None:
    assert weighting("MDM").default is None
    with pytest.raises(InputError, match="one of: weighted, unweighted"):
        parameters_of(MEASURES["index_of_disparity"].card, {"weighting": "once"})


@pytest.mark.parametrize("name", [name for name, entry in MEASURES.items() if PLUG_IN in entry.card.conventions])
def test_every_spread_hands_its_levels_to_the_correction(name: str) -> None:
    given = {"population": PEOPLE, "se": ERRORS, "polarity": Polarity.MORE, "order": [1, 2, 5, 4, 3]}
    given |= {"parameters": named_parameters(name), "convention": "noise-corrected"}
    found = measure_batch(name, LEVELS, **given)  # type: ignore[arg-type]
    wanted = noise_corrected(FUNCTIONALS[name], LEVELS, se=ERRORS, share=PEOPLE, reference=2, order=ORDERS.get(name))
    np.testing.assert_allclose([found.value[0], found.lower[0], found.upper[0]], [wanted.value, wanted.lower, wanted.upper])
    plain = measure_batch(name, LEVELS, **{**given, "convention": None})  # type: ignore[arg-type]
    assert plain.convention == "plug-in" and found.also["plug_in"].tolist() == plain.value.tolist()
    assert found.value[0] < plain.value[0]


def test_of_a_burden_the_lowest_is_the_best_also_when_corrected() -> None:
    given = {"population": PEOPLE, "se": ERRORS, "convention": "noise-corrected"}
    burden = measure_batch("MDBW", LEVELS, polarity=Polarity.LESS, **given)  # type: ignore[arg-type]
    turned = measure_batch("MDBW", 100.0 - LEVELS, polarity=Polarity.MORE, **given)  # type: ignore[arg-type]
    np.testing.assert_allclose([burden.value, burden.upper], [turned.value, turned.upper], rtol=1e-6)


def test_the_scale_is_that_of_the_interval_too() -> None:
    given = {"population": PEOPLE, "se": ERRORS, "polarity": Polarity.MORE, "convention": "noise-corrected"}
    one, thousand = (measure_batch("TI", LEVELS, **given, parameters={"per": per}) for per in (1.0, 1000.0))  # type: ignore[arg-type]
    for part in ("value", "lower", "upper", "se"):
        np.testing.assert_allclose(getattr(thousand, part), 1000.0 * getattr(one, part))
