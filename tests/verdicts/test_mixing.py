"""People or mix: residents swapped are all composition, residents who stay none; what margins leave open holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.terms.errors import InputError, Refusal
from levelup.verdicts.between import seen_between
from levelup.verdicts.drift import ASSUMPTIONS, Drift, drifting_membership
from levelup.verdicts.mixing import KINDS, Mixing, mix_of_groups, mix_of_persons

ROUNDING = 1e-9
"""Absolute, for values up to a hundred: sums of floats in another order."""
NAN = float("nan")
SEEDS = st.integers(0, 2**32 - 1)


def of_people(seed: int, *, people: int = 60, places: int = 4, weighted: bool = False, moving: bool = True) -> Mixing:
    """Return the split of invented people in invented places, of whom some move, some come and some go."""
    generator = np.random.default_rng(seed)
    before = generator.integers(-1 if moving else 0, places, people)
    after = np.where(generator.random(people) < 0.6, before, generator.integers(-1, places, people)) if moving else before
    weights = generator.uniform(0.5, 3, (2, people)) if weighted else np.ones((2, people))
    values = generator.uniform(0, 100, (2, people))
    return mix_of_persons(
        before,
        place_after=after,
        value_before=values[0],
        value_after=values[1],
        weight_before=weights[0],
        weight_after=weights[1] if moving else weights[0],
        places=tuple("abcdefgh"[:places]),
    )


@pytest.mark.parametrize("weighted", [False, True])
@given(seed=SEEDS)
def test_own_change_and_mix_add_up_in_every_place(seed: int, *, weighted: bool) -> None:
    made = of_people(seed, weighted=weighted)
    assert made.rate_part + made.composition_part == pytest.approx(made.total, abs=ROUNDING, nan_ok=True)
    assert made.rate_by_group.sum(axis=1) == pytest.approx(made.rate_part, abs=ROUNDING, nan_ok=True)
    assert made.composition_by_group.sum(axis=1) == pytest.approx(made.composition_part, abs=ROUNDING, nan_ok=True)
    assert np.isfinite(made.total).any()


@pytest.mark.parametrize("weighted", [False, True])
@given(seed=SEEDS)
def test_where_nobody_moves_all_of_it_is_own_change(seed: int, *, weighted: bool) -> None:
    made = of_people(seed, weighted=weighted, moving=False)
    held = np.isfinite(made.total)
    assert held.any() and (made.composition_part[held] == 0).all() and (made.rate_share[held] == 1).all()


@given(SEEDS)
def test_where_nobody_changes_all_of_it_is_mix(seed: int) -> None:
    """The gentrification test: residents are replaced by better-off ones, and none of them changes."""
    generator = np.random.default_rng(seed)
    residents, newcomers = generator.uniform(0, 50, 40), generator.uniform(60, 100, 20)
    values = np.concatenate([residents, newcomers])
    made = mix_of_persons(
        np.repeat([0, -1], [40, 20]),
        place_after=np.repeat([0, -1, 0], [20, 20, 20]),
        value_before=values,
        value_after=values,
        places=("the quay",),
    )
    assert made.rate_part[0] == 0 and made.composition_share[0] == 1 and made.rate_share[0] == 0
    assert made.total[0] > 0 and made.composition_by_group[0].sum() == pytest.approx(made.total[0], abs=ROUNDING)


@given(SEEDS)
def test_the_order_of_persons_and_of_places_changes_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    before, after = generator.integers(-1, 3, (2, 50))
    values = generator.uniform(0, 100, (2, 50))
    made = mix_of_persons(before, place_after=after, value_before=values[0], value_after=values[1], places="abc")
    order, turned = generator.permutation(50), np.array([2, 0, 1, -1])
    moved = mix_of_persons(
        turned[before[order]],
        place_after=turned[after[order]],
        value_before=values[0, order],
        value_after=values[1, order],
        places="bca",
    )
    assert moved.rate_part[turned[:3]] == pytest.approx(made.rate_part, abs=ROUNDING, nan_ok=True)
    assert moved.composition_by_group[turned[:3]] == pytest.approx(made.composition_by_group, abs=ROUNDING, nan_ok=True)


def test_somebody_who_moves_between_places_leaves_one_and_joins_the_other_with_one_value_in_each() -> None:
    made = mix_of_persons(
        [0, 0, 1], place_after=[0, 1, 1], value_before=[10, 40, 80], value_after=[20, 60, 80], places=("hill", "shore")
    )
    # hill: one stays (10 to 20), one at 40 leaves: 25 to 20; shore: one stays at 80, one at 60 joins: 80 to 70
    assert made.total.tolist() == [-5, -10]
    assert made.rate_part.tolist() == [7.5, 0] and made.composition_part.tolist() == [-12.5, -10]
    assert made.people_before.tolist() == [[1, 1, 0], [1, 0, 0]] and made.people_after.tolist() == [[1, 0, 0], [1, 0, 1]]
    assert made.groups == KINDS and made.rate_after[1, 2] == 60 and np.isnan(made.rate_after[0, 2])
    half = mix_of_persons(
        [0, 0, 1],
        place_after=[0, 1, 1],
        value_before=[10, 40, 80],
        value_after=[20, 60, 80],
        places=("hill", "shore", "nobody's"),
    )
    assert np.isnan(half.total[2]) and np.isnan(half.rate_part[2]) and np.isnan(half.composition_part[2])


def test_somebody_who_stays_with_one_value_is_left_out_of_both_dates_and_counted() -> None:
    made = mix_of_persons(
        [0, 0, 0, 0, 0],
        place_after=[0, 0, 0, -1, 0],
        value_before=[10, NAN, 30, NAN, np.inf],
        value_after=[20, 50, NAN, 0, 1],
        places=("hill",),
    )
    assert (made.level_before[0], made.level_after[0], made.rate_part[0], made.composition_part[0]) == (10, 20, 10, 0)
    assert made.left_out.tolist() == [4]


def test_weights_say_how_much_a_person_counts_and_a_new_weight_is_mix() -> None:
    made = mix_of_persons(
        [0, 0],
        place_after=[0, 0],
        value_before=[10, 20],
        value_after=[10, 20],
        weight_before=[1, 1],
        weight_after=[1, 3],
        places=("hill",),
    )
    assert made.total[0] == 2.5 and made.rate_part[0] == 0 and made.composition_share[0] == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"place_after": [0]}, "one length"),
        ({"value_before": [1.0]}, "one length"),
        ({"place_before": [[0, 0]]}, "one column"),
        ({"place_before": [0, 2]}, "position in places"),
        ({"place_after": [0, -2]}, "position in places"),
        ({"weight_before": [0, 1]}, "above 0"),
        ({"places": ()}, "at least one place"),
    ],
)
def test_wrong_persons_are_told_without_their_values(changed: dict[str, object], message: str) -> None:
    call: dict[str, object] = {
        "place_before": [0, -1], "place_after": [-1, 0], "value_before": [7.25, 0], "value_after": [0, 7.25], "places": ("hill",),
    }  # fmt: skip
    call |= changed
    if changed.get("places") == ():
        call |= {"place_before": [-1, -1], "place_after": [-1, -1]}
    with pytest.raises(InputError, match=message) as told:
        mix_of_persons(call.pop("place_before"), **call)  # type: ignore[arg-type]
    assert "7.25" not in str(told.value)


def test_groups_are_split_place_by_place_with_the_error_of_each_part() -> None:
    made = mix_of_groups(
        [[40.0, 80.0], [40.0, NAN]],
        rate_after=[[50.0, 90.0], [40.0, 70.0]],
        people_before=[[50, 50], [10, 0]],
        people_after=[[75, 25], [5, 5]],
        se_before=[[1, 1], [1, NAN]],
        se_after=[[1, 1], [1, 1]],
        groups=("low", "high"),
        places=("a", "b"),
    )
    assert made.rate_part.tolist() == [10, 0] and made.composition_part.tolist() == [-10, 15]
    assert np.isnan(made.composition_share[0]) and made.composition_share[1] == 1
    assert made.se_rate_part[0] == pytest.approx(math.sqrt(2 * (0.625**2 + 0.375**2)))
    assert made.tier == "cohort table" and np.isnan(made.rate_before[1, 1])


def test_wrong_groups_are_told() -> None:
    rates, people = [1.0, 2.0], [1, 1]
    with pytest.raises(InputError, match="tier must be"):
        mix_of_groups(rates, rate_after=rates, people_before=people, people_after=people, groups="ab", tier="person table")
    with pytest.raises(InputError, match="rate_after must have one figure"):
        mix_of_groups(rates, rate_after=[1.0], people_before=people, people_after=people, groups="ab")
    with pytest.raises(InputError, match="one figure for every place"):
        mix_of_groups(rates, rate_after=rates, people_before=people, people_after=people, groups="ab", places="xy")


def test_only_movement_between_areas_is_seen_and_turnover_has_bounds() -> None:
    made = seen_between([100, 100], households_after=[100, 300], with_before=[50, 20], with_after=[30, 60])
    # shares 50 and 20, then 30 and 20; weights a half each, then a quarter and three quarters
    assert (made.before, made.after) == (35.0, 22.5)
    assert made.within_part == pytest.approx(-7.5) and made.between_part == pytest.approx(-5.0)
    assert made.within_by_area.tolist() == [-7.5, 0.0]
    assert made.least_turnover.tolist() == pytest.approx([0.2, 200 / 300]) and made.most_turnover.tolist() == [1, 1]
    assert made.least_turnover_of_all == pytest.approx(220 / 400) and made.most_turnover_of_all == 1
    assert "between areas" in made.assumptions[0]


@given(SEEDS)
def test_the_least_turnover_is_never_above_what_happened(seed: int) -> None:
    """Invented households stay, change, go and come: what the counts force is at most what is true."""
    generator = np.random.default_rng(seed)
    before, after = generator.integers(-1, 6, (2, 300))
    stays = generator.random(300) < generator.random()
    after = np.where(stays, before, after)
    had, has = generator.random((2, 300)) < 0.4
    has = np.where(generator.random(300) < 0.5, had, has)
    counts = [
        np.bincount(area[(area >= 0) & mask], minlength=6)
        for area, mask in ((before, np.ones(300, bool)), (after, np.ones(300, bool)), (before, had), (after, has))
    ]
    made = seen_between(counts[0], households_after=counts[1], with_before=counts[2], with_after=counts[3])
    same = np.bincount(after[(after >= 0) & (after == before) & (had == has)], minlength=6)
    true = 1 - same / np.maximum(counts[1], 1)
    held = counts[1] > 0
    assert (made.least_turnover[held] <= true[held] + ROUNDING).all()
    assert made.least_turnover_of_all <= 1 - same.sum() / counts[1].sum() + ROUNDING
    assert made.within_part + made.between_part == pytest.approx(made.total, abs=ROUNDING)


def test_counts_that_cannot_be_are_told_and_missing_ones_stay_missing() -> None:
    with pytest.raises(InputError, match="at most all"):
        seen_between([1], households_after=[1], with_before=[2], with_after=[1])
    with pytest.raises(InputError, match="four columns"):
        seen_between([1], households_after=[1, 1], with_before=[1], with_after=[1])
    made = seen_between([4, NAN], households_after=[4, 4], with_before=[4, 1], with_after=[2, 1])
    assert math.isnan(made.total) and math.isnan(made.within_part) and math.isnan(made.least_turnover_of_all)
    assert made.least_turnover[0] == 0.5 and np.isnan(made.most_turnover[1]) and np.isnan(made.within_by_area).all()
    empty = seen_between([4, 0], households_after=[4, 0], with_before=[4, 0], with_after=[2, 0])
    assert empty.total == -50 and empty.least_turnover_of_all == 0.5 and np.isnan(empty.least_turnover[1])


def drift(rate: list[float], share: list[float], rest: list[float], **more: object) -> Drift:
    made = drifting_membership(rate, cohort_share=share, rest_rate=rest, low=0.0, high=100.0, **more)  # type: ignore[arg-type]
    assert isinstance(made, Drift)
    return made


@given(SEEDS)
def test_the_bounds_hold_the_truth_whoever_joined_or_was_lost(seed: int) -> None:
    """Known members and known joiners: what the former membership did lies within the bounds, whichever way the share went."""
    generator = np.random.default_rng(seed)
    members, moved, others = generator.integers(5, 60, 3)
    before = generator.uniform(0, 100, 2)
    levels = [generator.uniform(0, 100) for _ in range(3)]
    pooled = (members * levels[0] + moved * levels[1]) / (members + moved)
    everybody = members + moved + others
    if generator.random() < 0.5:
        shares, rates = [members / everybody, (members + moved) / everybody], [before[0], pooled]
        rest, truth = [before[1], levels[2]], levels[0] - before[0]
    else:
        outside = (others * levels[2] + moved * levels[1]) / (others + moved)
        shares, rates = [(members + moved) / everybody, members / everybody], [before[0], levels[0]]
        rest, truth = [before[1], outside], pooled - before[0]
    made = drift(rates, shares, rest)
    assert made.worst.least - ROUNDING <= truth <= made.worst.most + ROUNDING
    assert made.worst.least - ROUNDING <= made.between.least <= made.between.most <= made.worst.most + ROUNDING
    if min(rates[1], rest[1]) <= levels[1] <= max(rates[1], rest[1]):
        assert made.between.least - ROUNDING <= truth <= made.between.most + ROUNDING
    assert -before[0] - ROUNDING <= made.worst.least and made.worst.most <= 100 - before[0] + ROUNDING


def test_a_share_that_rose_by_hand() -> None:
    made = drift([40.0, 44.0], [0.1, 0.125], [80.0, 80.0], names=("meals", "others"))
    assert (made.direction, made.change, round(made.moved, 9)) == ("rose", 4.0, 0.2)
    assert made.worst.assumption == ASSUMPTIONS["rose"]["worst"] and made.between.assumption == ASSUMPTIONS["rose"]["between"]
    # over everybody: 76.0 to 75.5; the rate part is 4 x 0.1125, the rest is composition
    assert made.whole.total[0] == pytest.approx(-0.5) and made.whole.rate_part[0] == pytest.approx(0.45)
    assert made.whole.tier == "published margins" and made.whole.groups == ("meals", "others")
    assert made.worst.lower is None


def test_a_share_that_fell_by_hand() -> None:
    """An eighth falls to a tenth at 40: a fifth of the former cohort is now a thirty-sixth of the rest, which stands at 80."""
    made = drift([44.0, 40.0], [0.125, 0.1], [80.0, 80.0])
    assert made.direction == "fell" and made.moved == pytest.approx(0.2)
    assert (made.between.least, made.between.most) == pytest.approx((-4.0, 4.0))
    assert (made.worst.least, made.worst.most) == pytest.approx((-12.0, 8.0))
    # the rest at 99.9 cannot hide anybody below 96.4 in its thirty-sixth
    tight = drift([44.0, 40.0], [0.125, 0.1], [80.0, 99.9])
    assert tight.worst.least == pytest.approx(0.8 * 40 + 0.2 * (100 - 0.1 * 36) - 44)
    assert tight.between.least == tight.worst.least and tight.between.most == pytest.approx(0.8 * 40 + 0.2 * 99.9 - 44)


def test_a_share_that_held_leaves_nothing_open() -> None:
    made = drift([44.0, 40.0], [0.125, 0.125], [80.0, 80.0])
    assert made.direction == "held" and made.moved == 0
    assert made.worst.least == made.worst.most == made.between.least == made.between.most == -4


def test_sampling_error_widens_each_end_by_its_own() -> None:
    made = drift([40.0, 44.0], [0.1, 0.125], [80.0, 80.0], cohort_se=[0.6, 0.64], rest_se=[0.1, 0.2])
    assert made.worst.lower == pytest.approx(-10 - 1.959964 * math.hypot(0.6, 0.8), abs=1e-5)
    assert made.between.lower == pytest.approx(-5 - 1.959964 * math.hypot(0.6, 0.8, 0.05), abs=1e-5)
    assert made.between.upper == pytest.approx(4 + 1.959964 * math.hypot(0.6, 0.64), abs=1e-5)


def test_a_unit_without_bounds_leaves_the_worst_case_open() -> None:
    made = drifting_membership([40.0, 44.0], cohort_share=[0.1, 0.125], rest_rate=[80.0, 80.0], low=-math.inf, high=math.inf)
    assert isinstance(made, Drift)
    assert (made.worst.least, made.worst.most) == (-math.inf, math.inf)
    assert (made.between.least, made.between.most) == pytest.approx((-5, 4))


def test_what_is_missing_is_refused_and_what_is_wrong_is_told() -> None:
    refused = drifting_membership([40.0, NAN], cohort_share=[0.1, 0.1], rest_rate=[80.0, 80.0], low=0.0, high=100.0)
    assert isinstance(refused, Refusal) and refused.code == "missing-values"
    for rate, share, message in (
        ([40.0, 101.0], [0.1, 0.1], "unit's bounds"),
        ([40.0, 41.0], [0.1, 1.0], "above 0 and below 1"),
        ([40.0], [0.1, 0.1], "two dates"),
    ):
        with pytest.raises(InputError, match=message):
            drifting_membership(rate, cohort_share=share, rest_rate=[80.0, 80.0], low=0.0, high=100.0)
