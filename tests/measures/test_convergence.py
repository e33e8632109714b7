"""Convergence worked by hand, freed of noise, and its intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.terms.record import Measurement

FIVE = {"before": [1, 2, 3, 4, 5], "after": [3, 3, 4, 4, 5]}


def read(convention: str, columns: dict[str, object], scale: str = "level", **more: object) -> Readings:
    return measure_batch("convergence", columns=columns, convention=convention, parameters={"scale": scale}, **more)  # type: ignore[arg-type]


def test_by_hand() -> None:
    """Changes 2, 1, 1, 0, 0 on 1 to 5: -5 / 10; standard deviations root(2.8 / 5) after, root(2) before."""
    beta, sigma = read("beta", FIVE), read("sigma", FIVE)
    assert beta.value[0] == pytest.approx(-0.5)
    assert sigma.value[0] == pytest.approx(np.sqrt(0.56 / 2))
    assert beta.also["mean_change"][0] == pytest.approx(0.8) and beta.also["share_that_fell"][0] == 0.0


def test_beta_is_per_year_and_growth_in_proportion() -> None:
    columns = {"before": np.exp([1.0, 2.0, 3.0, 4.0, 5.0]), "after": np.exp([3.0, 3.0, 4.0, 4.0, 5.0])}
    found = measure_batch("convergence", columns=columns, convention="beta", parameters={"scale": "log", "years": 10})
    assert found.value[0] == pytest.approx(-0.05)


def test_noise_alone_is_no_convergence() -> None:
    """Levels that never move, seen with error: plain beta finds convergence, the corrected slope none on average."""
    rng = np.random.default_rng(4)
    true = rng.normal(size=(400, 150))
    columns = {"before": true + rng.normal(0, 0.7, true.shape), "after": true + rng.normal(0, 0.7, true.shape)}
    plain, freed = (read(name, columns, se=np.full(true.shape, 0.7)) for name in ("beta", "beta-noise-corrected"))
    assert plain.value.mean() < -0.3 and abs(np.median(freed.value)) < 0.03
    assert 0.93 < ((freed.lower <= 0) & (0 <= freed.upper)).mean() < 0.98


def test_the_interval_of_sigma_covers() -> None:
    z = np.random.default_rng(5).normal(size=(2000, 12, 2))
    found = read("sigma", {"before": z[..., 0], "after": 1.5 * (0.5 * z[..., 0] + np.sqrt(0.75) * z[..., 1])})
    assert 0.935 < ((found.lower <= 1.5) & (1.5 <= found.upper)).mean() < 0.965


def test_levels_brought_down_are_seen() -> None:
    found = read("beta", {"before": [1, 2, 3, 4, 5], "after": [1, 1.9, 2.8, 3.6, 4.5]})
    assert found.value[0] < 0 and found.also["share_that_fell"][0] == pytest.approx(0.8)


def test_a_line_without_scatter_has_no_interval() -> None:
    result = read("beta", {"before": [1, 2, 3, 4, 5], "after": [2, 3, 4, 5, 6]}).at(0)
    assert isinstance(result, Measurement) and result.lower is None


@pytest.mark.parametrize(
    ("convention", "scale", "before", "code"),
    [
        ("beta", "level", [2, 2, 2, 2, 2], "all-equal"),
        ("beta", "log", [0, 1, 2, 3, 4], "not-positive"),
        ("beta-noise-corrected", "level", [1, 2, 3, 4, 5], "no-uncertainty"),
    ],
)
def test_what_cannot_be_had_is_refused(convention: str, scale: str, before: list[float], code: str) -> None:
    assert read(convention, {"before": before, "after": [3, 3, 4, 4, 5]}, scale=scale).code.tolist() == [code]


def test_noise_that_is_all_of_the_spread_is_refused() -> None:
    found = read("beta-noise-corrected", FIVE, se=[3.0] * 5)
    assert found.code.tolist() == ["unsupported-combination"]
