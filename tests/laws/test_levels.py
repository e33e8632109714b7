"""What holds of every measure of level: rows in any order, scales, slices that stand alone, nothing but numbers, and coverage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from levelup.terms.errors import REFUSALS, Refusal
from levelup.terms.polarity import Polarity
from levelup.terms.record import Measurement

DSR, ISR, YLL = "directly_standardised_rate", "indirectly_standardised_ratio", "years_of_life_lost"


@dataclass(frozen=True, slots=True)
class Case:
    """One measure in one form: its name, the columns it reads, and what it is asked with."""

    name: str
    roles: tuple[str, ...]
    convention: str | None = None
    parameters: tuple[tuple[str, float | str], ...] = ()
    polar: bool = False

    def __str__(self) -> str:
        """Return what a failing test is known by."""
        return "-".join(
            filter(None, (self.name, self.convention, *(f"{key}={word}" for key, word in self.parameters), *self.roles))
        )


CASES = [
    Case("proportion", ("count", "total")),
    Case("crude_rate", ("count", "total")),
    Case("mean", ("value",)),
    Case("mean", ("value", "population")),
    Case(DSR, ("count", "total", "standard")),
    Case(ISR, ("count", "standard")),
    Case(ISR, ("count", "total", "standard_count", "standard"), parameters=(("scale", "rate"),)),
    Case(YLL, ("count", "total", "age", "width"), "premature-before-limit"),
    Case(YLL, ("count", "total", "remaining", "standard"), "life-table-remaining"),
    *(
        Case("rate_ratio", ("count", "total", "order"), name, polar=True)
        for name in ("log-normal", "exact-conditional", "mover", "risk-log-normal", "risk-miettinen-nurminen")
    ),
    Case("rate_ratio", ("count", "total", "order", "standard"), "mover", polar=True),
    *(
        Case("rate_difference", ("count", "total", "order"), name, polar=True)
        for name in ("mover", "risk-newcombe", "risk-miettinen-nurminen")
    ),
    Case("quantile_group", ("value",), parameters=(("quantiles", 3.0),), polar=True),
    *(
        Case("funnel_limits", ("count", role), name, (("overdispersion", spread),))
        for name, role in (("proportions", "total"), ("rates", "total"), ("ratios", "standard"))
        for spread in ("none", "multiplicative", "additive")
    ),
    Case("quantile", ("value",), parameters=(("q", 0.5),)),
    Case("quantile", ("value", "population"), parameters=(("q", 0.9),)),
]
PERSONS = [case for case in CASES if "count" in case.roles and "total" in case.roles]


def ask(case: Case, columns: Mapping[str, np.ndarray]) -> Readings:
    """Compute a case on columns by role."""
    named = {role: columns[role] for role in case.roles}
    plain = {role: named.pop(role) for role in ("value", "population", "order") if role in named}
    return measure_batch(
        case.name,
        plain.pop("value", None),
        columns=named,
        convention=case.convention,
        parameters=dict(case.parameters),
        polarity=Polarity.LESS if case.polar else None,
        **plain,  # type: ignore[arg-type]
    )


def drawn(seed: int, *, slices: int = 4, rows: int = 6) -> dict[str, np.ndarray]:
    """Return sound columns for every role; on either end of the order the standard population is the same."""
    rng = np.random.default_rng(seed)
    total = rng.integers(40, 400, (slices, rows)).astype(float)
    half = rng.integers(1, 9, (slices, rows // 2)).astype(float)
    return {
        "total": total,
        "count": np.floor(total * rng.uniform(0.05, 0.6, (slices, rows))),
        "standard": np.concatenate([half, half[:, ::-1]], axis=1),
        "standard_count": rng.integers(1, 50, (slices, rows)).astype(float),
        "age": np.tile(np.arange(rows) * 12.0, (slices, 1)),
        "width": np.full((slices, rows), 12.0),
        "remaining": rng.uniform(1.0, 60.0, (slices, rows)),
        "value": rng.normal(50.0, 9.0, (slices, rows)),
        "population": rng.uniform(1.0, 9.0, (slices, rows)),
        "order": np.tile(np.repeat([1.0, 2.0], rows // 2), (slices, 1)),
    }


def numbers(found: Readings) -> list[np.ndarray]:
    """Return every figure of a reading that has one for each slice."""
    return [found.value, found.se, found.lower, found.upper, *found.also.values()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rows_may_come_in_any_order(case: Case) -> None:
    columns, turn = drawn(1), np.random.default_rng(2).permutation(6)
    found, turned = ask(case, columns), ask(case, {role: item[:, turn] for role, item in columns.items()})
    for one, other in zip(numbers(found), numbers(turned), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-9)
    for name, item in found.parts.items():
        np.testing.assert_allclose(turned.parts[name], item[:, turn], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_slice_among_others_is_what_it_is_alone(case: Case) -> None:
    """Padded to the longest, too: what follows a slice's last row has no say."""
    columns = drawn(3)
    together = ask(case, {role: np.concatenate([item, np.full((4, 3), np.nan)], axis=1) for role, item in columns.items()})
    for index in range(4):
        alone = ask(case, {role: item[index] for role, item in columns.items()})
        for one, many in zip(numbers(alone), numbers(together), strict=True):
            np.testing.assert_allclose(many[index], one[0], rtol=1e-12)
        for name, item in alone.parts.items():
            np.testing.assert_allclose(together.parts[name][index, :6], item[0], rtol=1e-12)
            assert np.isnan(together.parts[name][index, 6:]).all()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_bad_slice_spoils_no_other(case: Case) -> None:
    columns = drawn(4)
    bad = {role: item.copy() for role, item in columns.items()}
    bad[case.roles[0]][1, 2] = np.nan
    if len(case.roles) == 1:
        bad[case.roles[0]][1, :] = np.inf
    found, clean = ask(case, bad), ask(case, columns)
    assert found.code.tolist() == ["", "missing-values", "", ""]
    np.testing.assert_array_equal(found.value[[0, 2, 3]], clean.value[[0, 2, 3]])


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_the_value_lies_in_its_interval_and_more_confidence_is_wider(case: Case, confidence: float) -> None:
    columns = drawn(5)
    found = ask(case, columns)
    shown = np.isfinite(found.lower)
    assert (found.lower[shown] <= found.value[shown]).all() and (found.value[shown] <= found.upper[shown]).all()
    assert (found.se[shown] > 0).all() and not np.isinf(numbers(found)[3]).any()


@pytest.mark.parametrize("case", PERSONS, ids=str)
def test_many_more_people_at_the_same_rates_change_no_rate_and_narrow_its_interval(case: Case) -> None:
    columns = drawn(6)
    grown = columns | {role: columns[role] * 100 for role in ("count", "total")}
    found, more = ask(case, columns), ask(case, grown)
    np.testing.assert_allclose(more.value, found.value, rtol=1e-9)
    shown = np.isfinite(found.lower)
    by_chance = not any(word in ("multiplicative", "additive") for _, word in case.parameters)
    width = (more.upper - more.lower)[shown] / (found.upper - found.lower)[shown]
    assert (width < 0.2).all() if by_chance else (width > 0.9).all()


@pytest.mark.parametrize("name", ["mover", "log-normal", "exact-conditional", "risk-log-normal", "risk-miettinen-nurminen"])
def test_turning_the_two_sides_round_turns_the_ratio(name: str) -> None:
    columns = drawn(7)
    case = Case("rate_ratio", ("count", "total", "order"), name, polar=True)
    one, other = ask(case, columns), ask(case, columns | {"order": 3.0 - columns["order"]})
    np.testing.assert_allclose(other.value, 1.0 / one.value, rtol=1e-9)
    np.testing.assert_allclose([other.lower, other.upper], [1.0 / one.upper, 1.0 / one.lower], rtol=1e-7)


@pytest.mark.parametrize("name", ["mover", "risk-newcombe", "risk-miettinen-nurminen"])
def test_turning_the_two_sides_round_turns_the_difference(name: str) -> None:
    columns = drawn(8)
    case = Case("rate_difference", ("count", "total", "order"), name, polar=True)
    one, other = ask(case, columns), ask(case, columns | {"order": 3.0 - columns["order"]})
    np.testing.assert_allclose([other.value, other.lower, other.upper], [-one.value, -one.upper, -one.lower], rtol=1e-7)


def test_one_band_is_the_crude_rate_whatever_the_standard() -> None:
    columns = {role: item[:, :1] for role, item in drawn(9).items()}
    columns["count"] = columns["count"] + 10.0
    crude, standardised = ask(CASES[1], columns), ask(CASES[4], columns)
    for one, other in zip(
        (crude.value, crude.lower, crude.upper), numbers(standardised)[:1] + numbers(standardised)[2:4], strict=True
    ):
        np.testing.assert_allclose(other, one, rtol=1e-12)


def test_the_population_itself_as_the_standard_gives_the_crude_rate() -> None:
    columns = drawn(10)
    crude, standardised = ask(CASES[1], columns), ask(CASES[4], columns | {"standard": columns["total"]})
    np.testing.assert_allclose(standardised.value, crude.value, rtol=1e-12)
    np.testing.assert_allclose(standardised.upper, crude.upper, rtol=1e-12)


def test_the_scale_of_a_standard_population_does_not_matter() -> None:
    columns = drawn(11)
    for case in (CASES[4], CASES[8], Case("rate_ratio", ("count", "total", "order", "standard"), "mover", polar=True)):
        found, scaled = ask(case, columns), ask(case, columns | {"standard": columns["standard"] * 7.0})
        for one, other in zip(numbers(found), numbers(scaled), strict=True):
            np.testing.assert_allclose(other, one, rtol=1e-12)


def test_one_event_to_each_person_is_independent_events() -> None:
    columns = drawn(12)
    plain = ask(CASES[4], columns)
    by_person = ask(
        Case(DSR, ("count", "total", "standard", "event", "age")), columns | {"event": np.ones_like(columns["count"])}
    )
    for one, other in zip(numbers(plain), numbers(by_person), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12)


def test_the_standard_against_itself_is_one() -> None:
    columns = drawn(13)
    columns |= {"standard": columns["total"], "standard_count": columns["count"]}
    found = ask(Case(ISR, ("count", "total", "standard_count", "standard")), columns)
    np.testing.assert_allclose(found.value, 1.0, rtol=1e-12)


def test_equal_weights_are_no_weights() -> None:
    columns = drawn(14)
    plain, weighted = ask(CASES[2], columns), ask(CASES[3], columns | {"population": np.full_like(columns["value"], 3.0)})
    for one, other in zip(numbers(plain), numbers(weighted), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12)


FIGURE = st.sampled_from([0.0, 1.0, 2.0, 5.0, 9.0, 10.0, 40.0, 1e6, 1e12, 1e300, 1e-300, -1.0, float("nan"), float("inf"), 0.5])


@pytest.mark.parametrize("case", CASES, ids=str)
@given(st.lists(st.lists(FIGURE, min_size=6, max_size=6), min_size=0, max_size=4))
def test_whatever_is_put_in_a_number_or_a_reason_comes_out(case: Case, rows: list[list[float]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 6)
    columns = {role: table[:, place] for place, role in enumerate(case.roles)}
    result = ask(case, columns).at(0)
    if isinstance(result, Refusal):
        assert result.code in REFUSALS and result.reason
        return
    assert isinstance(result, Measurement)
    json.dumps(result.as_dict(), allow_nan=False)
    if result.lower is not None:
        assert result.upper is not None and result.se is not None
        slack = 1e-9 * max(abs(result.value), abs(result.upper))
        assert result.lower <= result.value + slack and result.value <= result.upper + slack


TIMES = 4000
SLACK = 0.0138
"""Four standard errors of a simulated coverage of 0.95 over 4,000 draws."""
MEANS = np.array([2.0, 3.0, 5.0, 10.0, 20.0, 15.0])
PEOPLE = np.array([900.0, 1000.0, 1100.0, 800.0, 500.0, 300.0])
WEIGHTS = np.array([5.0, 6.0, 9.0, 9.0, 6.0, 2.0])


def covered(found: Readings, truth: float) -> float:
    """Return the share of intervals that hold the truth, of those shown, of which there must be nearly all."""
    shown = np.isfinite(found.lower)
    assert shown.mean() > 0.98
    return float(((found.lower <= truth) & (truth <= found.upper))[shown].mean())


def repeat(item: np.ndarray) -> np.ndarray:
    return np.tile(item, (TIMES, 1))


@pytest.mark.parametrize("mean", [2.0, 12.0, 60.0])
def test_rates_cover_at_least_as_often_as_they_say(mean: float) -> None:
    count = np.random.default_rng(21).poisson(mean, (TIMES, 1))
    found = measure_batch("crude_rate", columns={"count": count, "total": np.full((TIMES, 1), 1e5)})
    assert 0.95 - SLACK < covered(found, mean) < 0.99


@pytest.mark.parametrize("size", [0.5, 1.0, 6.0])
def test_standardised_rates_cover(size: float) -> None:
    count = np.random.default_rng(22).poisson(size * MEANS, (TIMES, 6))
    truth = 1e5 * (WEIGHTS * size * MEANS / PEOPLE).sum() / WEIGHTS.sum()
    found = measure_batch("DSR", columns={"count": count, "total": repeat(PEOPLE), "standard": repeat(WEIGHTS)})
    assert abs(covered(found, truth) - 0.955) < SLACK


def test_repeated_events_cover_and_would_not_as_if_independent() -> None:
    """One to four events a person: counted as independent only 82 of 100 intervals cover."""
    events, share = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.6, 0.2, 0.1, 0.1])
    persons = np.random.default_rng(23).poisson((MEANS[:, None] * share).ravel(), (TIMES, 24)).astype(float)
    truth = 1e5 * (WEIGHTS * MEANS * (events * share).sum() / PEOPLE).sum() / WEIGHTS.sum()
    four = {"total": PEOPLE, "standard": WEIGHTS, "group": np.arange(6.0)}
    columns = {"count": persons, "event": repeat(np.tile(events, 6))} | {
        role: repeat(np.repeat(x, 4)) for role, x in four.items()
    }
    assert abs(covered(measure_batch("DSR", columns=columns), truth) - 0.955) < SLACK
    summed = (persons * np.tile(events, 6)).reshape(TIMES, 6, 4).sum(axis=2)
    naive = measure_batch("DSR", columns={"count": summed, "total": repeat(PEOPLE), "standard": repeat(WEIGHTS)})
    assert covered(naive, truth) < 0.86


@pytest.mark.parametrize("convention", ["log-normal", "exact-conditional", "mover"])
@pytest.mark.parametrize("means", [(15.0, 10.0), (60.0, 90.0)])
def test_rate_ratios_cover(convention: str, means: tuple[float, float]) -> None:
    count = np.random.default_rng(24).poisson(means, (TIMES, 2))
    call = {"polarity": Polarity.LESS, "convention": convention}
    found = measure_batch("rate_ratio", columns={"count": count, "total": repeat(np.array([1e3, 2e3]))}, **call)  # type: ignore[arg-type]
    assert 0.95 - SLACK < covered(found, means[1] / means[0] / 2.0) < 0.98


@pytest.mark.parametrize("means", [(3.0, 5.0), (15.0, 10.0), (60.0, 90.0)])
def test_rate_differences_cover(means: tuple[float, float]) -> None:
    count = np.random.default_rng(25).poisson(means, (TIMES, 2))
    call = {"polarity": Polarity.LESS, "convention": "mover", "parameters": {"per": 1.0}}
    found = measure_batch("rate_difference", columns={"count": count, "total": repeat(np.array([1.0, 2.0]))}, **call)  # type: ignore[arg-type]
    assert 0.95 - SLACK < covered(found, means[1] / 2.0 - means[0]) < 0.985


@pytest.mark.parametrize(
    ("name", "convention"),
    [
        ("rate_ratio", "risk-log-normal"),
        ("rate_ratio", "risk-miettinen-nurminen"),
        ("rate_difference", "risk-newcombe"),
        ("rate_difference", "risk-miettinen-nurminen"),
    ],
)
@pytest.mark.parametrize("shares", [(0.3, 0.5), (0.12, 0.2)])
def test_risks_cover(name: str, convention: str, shares: tuple[float, float]) -> None:
    sizes = np.array([60, 80])
    count = np.random.default_rng(26).binomial(sizes, shares, (TIMES, 2))
    parameters = {"per": 1.0} if name == "rate_difference" else {}
    found = measure_batch(
        name,
        columns={"count": count, "total": repeat(sizes.astype(float))},
        convention=convention,
        polarity=Polarity.LESS,
        parameters=parameters,
    )
    truth = shares[1] - shares[0] if name == "rate_difference" else shares[1] / shares[0]
    assert 0.95 - SLACK < covered(found, truth) < 0.975


@pytest.mark.parametrize("people", [None, np.array([1.0, 9.0, 3.0, 2.0, 5.0, 7.0, 1.0, 4.0])])
def test_means_cover_with_weights_too(people: np.ndarray | None) -> None:
    value = np.random.default_rng(27).normal(5.0, 2.0, (TIMES, 8))
    assert abs(covered(measure_batch("mean", value, population=people), 5.0) - 0.95) < SLACK


@pytest.mark.parametrize("convention", ["proportions", "rates"])
def test_places_alike_stay_within_their_limits(convention: str) -> None:
    """About 5 in 100 lie outside the inner limits and 2 in 1,000 outside the outer; fewer for rates, whose counts are coarse."""
    rng = np.random.default_rng(28)
    total = rng.integers(200, 3000, (200, 100))
    count = rng.binomial(total, 0.3) if convention == "proportions" else rng.poisson(total * 0.05)
    found = measure_batch("funnel_limits", columns={"count": count, "total": total}, convention=convention)
    assert 0.038 < found.also["outside_95"].mean() / 100 < 0.055 and found.also["outside_99.8"].mean() / 100 < 0.003


def test_places_that_differ_stay_within_limits_that_allow_for_it() -> None:
    """Added to every row's variance and made up for drawing in: 4 to 7 in 100 outside; as published, without, 9 to 13."""
    rng = np.random.default_rng(29)
    total = rng.integers(200, 3000, (100, 100))
    count = rng.binomial(total, np.clip(rng.normal(0.3, 0.03, total.shape), 0.01, 0.99))
    shares = [
        measure_batch(
            "funnel_limits",
            columns={"count": count, "total": total},
            convention="proportions",
            parameters={"overdispersion": "additive", "rescale": word},
        )
        .also["outside_95"]
        .mean()
        / 100
        for word in ("yes", "no")
    ]
    assert 0.04 < shares[0] < 0.07 and 0.09 < shares[1] < 0.13
