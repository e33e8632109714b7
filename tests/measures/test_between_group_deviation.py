"""The between-group standard deviation, worked by hand."""

from __future__ import annotations

import numpy as np

from levelup.measures.between_group_deviation import between_group_deviation
from levelup.measures.between_group_variance import between_group_variance
from levelup.terms.polarity import Polarity


def test_by_hand() -> None:
    """Shares 1/4 and 3/4 of levels 10 and 30: mean 25, (225 + 3 x 25) / 4 = 75."""
    found = between_group_deviation([10.0, 30.0], population=[1, 3], polarity=Polarity.LESS)
    np.testing.assert_allclose([found.value[0], found.also["mean"][0]], [np.sqrt(75.0), 25.0])


def test_its_interval_is_the_root_of_the_variances() -> None:
    given = {"population": [1, 3, 2], "se": [2.0, 1.0, 3.0], "polarity": Polarity.MORE}
    found, square = (measure([10.0, 30.0, 22.0], **given) for measure in (between_group_deviation, between_group_variance))  # type: ignore[arg-type]
    np.testing.assert_allclose([found.lower**2, found.upper**2], [square.lower, square.upper])


def test_many_noisy_subjects_have_no_plain_interval() -> None:
    """Forty subjects with nothing but noise between them, and then with thirty times as much."""
    level = np.tile([49.0, 51.0], 20)
    for stretch, is_shown in ((1.0, False), (30.0, True)):
        found = between_group_deviation(
            stretch * level, population=np.ones(40), se=np.ones(40), polarity=Polarity.MORE, convention="plug-in"
        )
        assert bool(np.isfinite(found.lower[0])) is is_shown
        assert is_shown or "noise adds" in str(found.absent[0])


def test_correction_takes_away_what_noise_adds() -> None:
    """About 4 - 1 = 3 is left of a variance of 4 with errors of 1."""
    level = np.tile([48.0, 52.0], 50)
    found = between_group_deviation(
        level, population=np.ones(100), se=np.ones(100), polarity=Polarity.MORE, convention="noise-corrected"
    )
    np.testing.assert_allclose(found.value, [np.sqrt(3.0)], rtol=0.02)
    np.testing.assert_allclose(found.also["plug_in"], [2.0])
    assert found.lower[0] < np.sqrt(3.0) < found.upper[0]
