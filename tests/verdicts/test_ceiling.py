"""No ceiling: what happens at the top moves the figures that a threshold leaves still, and intervals cover what they promise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from levelup.terms.errors import InputError, Refusal
from levelup.terms.polarity import Polarity
from levelup.verdicts.ceiling import Ceiling, change_of, compare_areas, compare_people
from levelup.verdicts.contrast import LABELS, Contrast

SEEDS = st.integers(0, 2**32 - 1)
LOW = np.arange(1000) < 400


def compare(outcome: np.ndarray, *, lower: np.ndarray = LOW, **given: object) -> Ceiling:
    given.setdefault("polarity", Polarity.MORE)
    found = compare_people(outcome, lower=lower, **given)  # type: ignore[arg-type]
    assert isinstance(found, Ceiling)
    return found


def figures(found: Ceiling, side: str = "distance") -> dict[str, float]:
    return {item.key: getattr(item, side).value for item in found.every if getattr(item, side) is not None}


def scores(seed: int, *, decimals: int = 1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.round(np.where(LOW, draw.normal(45, 12, 1000), draw.normal(55, 12, 1000)), decimals)


@given(SEEDS, st.floats(0.5, 30.0), st.floats(0.0, 50.0))
@settings(max_examples=40)
def test_raising_the_top_tenth_of_the_lower_group_moves_the_suite_and_not_the_threshold(seed: int, by: float, bar: float) -> None:
    before = scores(seed)
    best = LOW & (before >= np.quantile(before[LOW], 0.9))
    after = before + by * best
    first, second = (compare(x, threshold=bar) for x in (before, after))
    assert second.threshold == first.threshold
    moved = {item.key: item.distance.value for item in change_of(first, after=second) if item.distance is not None}
    assert moved["threshold"] == 0.0
    assert moved["top-tenth"] == pytest.approx(-by, rel=0.2)
    assert moved["p90"] < 0 and moved["p50"] == 0.0
    assert all(change <= 0 for change in moved.values())


def test_the_best_of_a_group_that_are_at_the_top_already_still_have_no_ceiling() -> None:
    """Above every percentile and inside the top fifth, a rise shows in the mean of the best-placed tenth alone."""
    before = scores(1)
    after = before + 40.0 * (LOW & (before > np.sort(before[LOW])[-20]))
    moved = {item.key: item.distance.value for item in change_of(compare(before), after=compare(after)) if item.distance}
    assert moved["top-tenth"] < -15
    assert [moved[key] for key in ("p10", "p50", "p90")] == [0.0, 0.0, 0.0]


@given(SEEDS, st.data())
@settings(max_examples=40)
def test_raising_anyone_of_the_lower_group_never_widens_a_distance(seed: int, data: st.DataObject) -> None:
    before = scores(seed, decimals=0)
    after = before.copy()
    after[data.draw(st.lists(st.integers(0, 399), min_size=1, max_size=40))] += data.draw(st.integers(1, 40))
    first, second = (figures(compare(x, threshold=50.0)) for x in (before, after))
    assert all(second[key] <= first[key] + 1e-9 for key in LABELS)


@given(SEEDS)
@settings(max_examples=15)
def test_a_burden_turned_round_is_the_same_comparison(seed: int) -> None:
    values = scores(seed)
    more, less = compare(values, threshold=50), compare(-values, polarity=Polarity.LESS, threshold=-50)
    assert [item.distance for item in less.every] == [item.distance for item in more.every]
    assert figures(less, "lower")["p90"] == -figures(more, "lower")["p90"]
    assert (less.edge, less.bar) == (-more.edge, -50)
    turned = less.contrasts[0].lower
    assert turned is not None and turned.lower is not None and turned.lower <= turned.value <= turned.upper


@given(SEEDS)
@settings(max_examples=15)
def test_place_and_size_carry_over_and_a_weight_is_so_many_rows(seed: int) -> None:
    values = scores(seed)
    plain, moved = figures(compare(values)), figures(compare(100 + 2 * values))
    assert moved == pytest.approx({key: value if key == "top-fifth" else 2 * value for key, value in plain.items()})
    weight = np.random.default_rng(seed).integers(1, 4, 1000)
    weighted = figures(compare(values, weight=weight, threshold=50))
    repeated = figures(compare(np.repeat(values, weight), lower=np.repeat(LOW, weight), threshold=50))
    assert weighted == pytest.approx(repeated)


def test_who_reaches_the_top_fifth_by_hand() -> None:
    """A hundred people, of whom the top fifth begins within 40 that tie: 10 above them, so a quarter of each of the 40."""
    outcome = np.concatenate([np.full(50, 1.0), np.full(40, 2.0), np.full(10, 3.0)])
    lower = np.concatenate([np.arange(50) < 25, np.arange(40) < 20, np.arange(10) < 2])
    found = compare(outcome, lower=lower)
    reached = next(item for item in found.contrasts if item.key == "top-fifth")
    assert reached.lower is not None and reached.lower.value == pytest.approx((2 + 20 / 4) / 47)
    assert reached.upper is not None and reached.upper.value == pytest.approx((8 + 20 / 4) / 53)
    assert found.rows == (47, 53, 0) and found.edge == 2.0


def test_shares_of_the_groups_make_up_the_fifth() -> None:
    found = compare(scores(4), weight=np.random.default_rng(4).random(1000) + 0.1)
    share = next(item for item in found.contrasts if item.key == "top-fifth")
    weights = np.random.default_rng(4).random(1000) + 0.1
    assert share.lower is not None and share.upper is not None
    whole = weights[LOW].sum() * share.lower.value + weights[~LOW].sum() * share.upper.value
    assert whole / weights.sum() == pytest.approx(0.2)


def test_whoever_is_in_neither_group_belongs_to_the_whole() -> None:
    values = np.concatenate([scores(5), np.full(1000, 200.0)])
    lower, upper = np.arange(2000) < 400, (np.arange(2000) >= 400) & (np.arange(2000) < 1000)
    found = compare(values, lower=lower, upper=upper)
    assert found.rows == (400, 600, 1000)
    assert figures(found, "lower")["top-fifth"] == figures(found, "upper")["top-fifth"] == 0.0
    assert figures(found)["p50"] == figures(compare(scores(5)))["p50"]


def test_rows_without_an_outcome_are_left_out_and_counted() -> None:
    values = scores(6)
    values[:5] = np.nan
    found = compare(values)
    assert (found.left_out, found.rows, found.about) == (5, (395, 600, 0), "people")


def test_people_drawn_in_schools_are_not_so_sure() -> None:
    draw = np.random.default_rng(8)
    school = np.tile(np.arange(50), 20)
    values = scores(8) + draw.normal(0, 10, 50)[school]
    alone, together = (compare(values, cluster=cluster, threshold=50) for cluster in (None, school))
    assert figures(alone) == figures(together)
    pairs = {a.key: (a.lower, b.lower) for a, b in zip(alone.every, together.every, strict=True)}
    for key in ("p10", "p50", "p90", "threshold"):
        plain, clustered = pairs[key]
        assert plain is not None and clustered is not None and clustered.se > plain.se


@pytest.mark.parametrize(
    ("outcome", "lower", "code"),
    [
        (np.arange(100.0), np.arange(100) < 29, "too-few-subjects"),
        (np.arange(100.0), np.arange(100) > 28, "too-few-subjects"),
        (np.full(100, 7.0), np.arange(100) < 50, "all-equal"),
    ],
)
def test_what_cannot_be_compared_is_refused(outcome: np.ndarray, lower: np.ndarray, code: str) -> None:
    found = compare_people(outcome, lower=lower, upper=~lower, polarity=Polarity.MORE)
    assert isinstance(found, Refusal) and found.code == code
    assert not any(mark.isdigit() for mark in found.reason.replace("30", ""))


def test_a_group_too_small_for_a_tail_is_refused_that_contrast_alone() -> None:
    found = compare(np.arange(64.0), lower=np.arange(64) % 2 == 0)
    given = {item.key: item.refusal for item in found.contrasts}
    assert given["p50"] is None and given["top-fifth"] is None
    assert {key for key, refusal in given.items() if refusal} == {"p10", "p90", "top-tenth"}
    moved = change_of(found, after=found)
    assert [item.refusal is None for item in moved] == [item.refusal is None for item in found.contrasts]


def test_arguments_that_contradict_each_other_are_named() -> None:
    everyone = np.ones(1000, dtype=bool)
    with pytest.raises(InputError, match="in both groups"):
        compare(scores(1), upper=everyone)
    with pytest.raises(InputError, match="one outcome"):
        change_of(compare(scores(1)), after=compare(scores(1), threshold=3))
    with pytest.raises(InputError, match="one length"):
        compare_areas([1.0, 2.0], order=[1.0], polarity=Polarity.MORE)


def test_a_change_is_the_difference_of_two_dates_and_less_sure_than_either() -> None:
    first, second = compare(scores(1), threshold=50), compare(scores(2) + 3 * LOW, threshold=50)
    for item in change_of(first, after=second):
        before, after = (next(x for x in found.every if x.key == item.key) for found in (first, second))
        assert item.distance is not None and before.distance is not None and after.distance is not None
        assert item.distance.value == pytest.approx(after.distance.value - before.distance.value)
        assert item.distance.se == pytest.approx(np.hypot(after.distance.se, before.distance.se))
        assert item.distance.lower < item.distance.value < item.distance.upper
    turned = [compare(-x, polarity=Polarity.LESS) for x in (scores(1), scores(2) + 3 * LOW)]
    for plain, other in zip(change_of(first, after=second), change_of(turned[0], after=turned[1]), strict=False):
        assert other.lower == plain.lower and other.distance == plain.distance


def normal_truth(low: float, high: float, share: float, bar: float) -> dict[str, tuple[float, float]]:
    """What two normal groups of spread 1 have: percentiles, the mean beyond the ninth tenth, and shares beyond edge and bar."""
    edge = optimize.brentq(lambda c: share * stats.norm.sf(c - low) + (1 - share) * stats.norm.sf(c - high) - 0.2, -5, 5)
    tail = stats.norm.pdf(stats.norm.ppf(0.9)) / 0.1
    truth = {key: (low + stats.norm.ppf(p), high + stats.norm.ppf(p)) for key, p in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))}
    truth["top-tenth"] = (low + tail, high + tail)
    return truth | {
        key: (stats.norm.sf(at - low), stats.norm.sf(at - high)) for key, at in (("top-fifth", edge), ("threshold", bar))
    }


def coverage(draw: Callable[[], Ceiling], truth: dict[str, tuple[float, float]], *, times: int) -> dict[tuple[str, str], float]:
    """How often the intervals of both levels and of the distance hold what is true."""
    hits: dict[tuple[str, str], list[bool]] = {}
    for _ in range(times):
        for item in draw().every:
            low, high = truth[item.key]
            for side, value in (("lower", low), ("upper", high), ("distance", high - low)):
                found = getattr(item, side)
                if found is not None:
                    hits.setdefault((item.key, side), []).append(found.lower <= value <= found.upper)
    return {key: float(np.mean(held)) for key, held in hits.items()}


@pytest.mark.parametrize(("low", "share"), [(-0.5, 0.3), (0.0, 0.5)])
def test_every_interval_covers_95_times_in_100(low: float, share: float) -> None:
    """Also where nothing tells the groups apart, and the edge of the top fifth moves with both."""
    draw, size = np.random.default_rng(17), 2000

    def once() -> Ceiling:
        lower = draw.random(size) < share
        return compare(draw.normal(size=size) + np.where(lower, low, 0.0), lower=lower, threshold=0.3)

    covered = coverage(once, normal_truth(low, 0.0, share, 0.3), times=1000)
    assert len(covered) == 18
    assert all(0.93 < value < 0.97 for value in covered.values()), covered


def test_distances_cover_95_times_in_100_where_people_are_drawn_in_schools() -> None:
    draw, schools, pupils = np.random.default_rng(23), 80, 20

    def population(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        effect, school = draw.normal(0, np.sqrt(0.25), count), np.repeat(np.arange(count), pupils)
        lower = draw.random(count * pupils) < np.clip(0.35 - 0.3 * effect, 0.05, 0.95)[school]
        return effect[school] + draw.normal(0, np.sqrt(0.75), count * pupils) - 0.4 * lower, lower, school

    values, lower, _ = population(100_000)
    edge = np.quantile(values, 0.8)
    truth: dict[str, tuple[float, float]] = {}
    for key, figure in {
        "p10": lambda x: np.quantile(x, 0.1), "p50": np.median, "p90": lambda x: np.quantile(x, 0.9),
        "top-tenth": lambda x: np.mean(x[x >= np.quantile(x, 0.9)]),
        "top-fifth": lambda x: (x >= edge).mean(), "threshold": lambda x: (x >= 0.0).mean(),
    }.items():  # fmt: skip
        truth[key] = (float(figure(values[lower])), float(figure(values[~lower])))

    def once() -> Ceiling:
        outcome, low, school = population(schools)
        return compare(outcome, lower=low, cluster=school, threshold=0.0)

    covered = coverage(once, truth, times=500)
    assert all(0.93 < value < 0.97 for (_, side), value in covered.items() if side == "distance"), covered


AREAS = np.arange(100.0)


def test_areas_are_compared_as_areas_without_an_interval() -> None:
    """Areas at 0 to 99 in the order of their disadvantage: the lower fifth is 0 to 19, its median 9.5, the rest's 59.5."""
    found = compare_areas(AREAS, order=np.arange(1, 101), polarity=Polarity.MORE, threshold=90)
    assert isinstance(found, Ceiling)
    assert found.about == "areas" and "any one person" in found.method
    assert found.rows == (20, 80, 0)
    assert figures(found, "lower")["p50"] == 9.5 and figures(found, "upper")["p50"] == 59.5
    assert figures(found) == pytest.approx(
        {"p10": 26.0, "p50": 50.0, "p90": 74.0, "top-tenth": 77.0, "top-fifth": 0.25, "threshold": 0.125}
    )
    assert all(item.distance is not None and item.distance.se is None for item in found.every)
    assert all(item.distance is not None and item.distance.se is None for item in change_of(found, after=found))


def test_areas_are_weighted_by_whom_they_speak_of_and_turned_by_polarity() -> None:
    weight = np.where(AREAS == 19, 1000.0, 1.0)
    found = compare_areas(AREAS, order=np.arange(1, 101), polarity=Polarity.MORE, population=weight)
    assert isinstance(found, Ceiling) and figures(found, "lower")["p50"] == 19.0
    burden = compare_areas(100 - AREAS, order=np.arange(1, 101), polarity=Polarity.LESS)
    assert isinstance(burden, Ceiling)
    assert figures(burden)["p50"] == 50.0 and figures(burden, "lower")["p50"] == 90.5


def test_areas_that_cannot_be_compared_are_refused() -> None:
    few = compare_areas(np.arange(30.0), order=np.arange(30), polarity=Polarity.MORE)
    assert isinstance(few, Refusal) and few.code == "too-few-subjects" and "areas" in few.reason
    bare = compare_areas(AREAS, order=np.where(AREAS == 3, np.nan, AREAS), polarity=Polarity.MORE)
    assert isinstance(bare, Refusal) and bare.code == "no-order"
    gone = compare_areas(np.full(100, np.nan), order=AREAS, polarity=Polarity.MORE)
    assert isinstance(gone, Refusal) and gone.code == "too-few-subjects"


def test_every_contrast_has_its_words() -> None:
    assert [item.key for item in compare(scores(1), threshold=1).every] == list(LABELS)
    assert Contrast("p10", None, None, None).refusal is None
