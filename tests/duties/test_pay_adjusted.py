"""The adjusted gap: by hand, against least squares worked out otherwise, against the reference package, and its errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelup.duties.pay.adjusted import AdjustedGap, Columns, Reference, Split, adjusted_gap, oaxaca_blinder
from levelup.duties.pay.records import Worked
from levelup.terms.errors import InputError, Refusal
from levelup.terms.record import Floats
from tests.golden.tables import CLEAN, expected, read_table


def people(pay: Floats, *, side: list[int], grade: list[str], hours: Floats | None = None) -> Worked:
    n = len(pay)
    weekly = np.full(n, 37.0) if hours is None else hours
    return Worked(np.arange(n), np.array(side, dtype=np.int8), pay, np.zeros(n), np.ones(n, dtype=bool), weekly,
                  {"grade": np.array(grade)})  # fmt: skip


def simulated(rng: np.random.Generator, n: int, *, unexplained: float = 0.05) -> tuple[Floats, np.ndarray, Columns]:
    """Return pay whose side differs in grades and hours, with a share that nothing explains, and noise that grows with grade."""
    side = (rng.uniform(size=n) < 0.6).astype(np.int8)
    grade = np.clip(rng.poisson(2.2 - 0.6 * side, size=n), 0, 4)
    part = (rng.uniform(size=n) < 0.15 + 0.35 * side).astype(float)
    pay = 2.5 + 0.2 * grade - 0.05 * part - unexplained * side + (0.05 + 0.05 * grade) * rng.normal(size=n)
    table = np.column_stack([*(grade == at for at in range(1, 5)), part]).astype(float)
    return pay, side, Columns(table, ("G1", "G2", "G3", "G4", "part"), ("grade",) * 4 + ("hours",))


def test_a_split_by_hand() -> None:
    """Two grades. Men: 2 at 10, 2 at 20; women: 3 at 9, 1 at 16. At men's rates women would have 12.50, so 2.50 is explained."""
    pay = np.array([10.0, 10, 20, 20, 9, 9, 9, 16])
    made = adjusted_gap(people(pay, side=[0] * 4 + [1] * 4, grade=list("aabbaaab")), scale="pounds", hours="none", least=4)
    assert isinstance(made, AdjustedGap)
    mens, pooled = made.splits
    assert (mens.gap.value, mens.explained.value, mens.unexplained.value) == pytest.approx((4.25, 2.5, 1.75))
    assert mens.by_factor["grade"].value == pytest.approx(2.5)
    assert made.whole_gap == pytest.approx(4.25) and made.gap_outside == 0.0
    # Both together, with a mark for the side: y = a + 8.4286 grade b + 1.8929 man, by the normal equations.
    design = np.column_stack([np.ones(8), [0, 0, 1, 1, 0, 0, 0, 1], [1, 1, 1, 1, 0, 0, 0, 0]])
    slope = np.linalg.solve(design.T @ design, design.T @ pay)[1]
    assert pooled.explained.value == pytest.approx((0.5 - 0.25) * slope)
    assert pooled.explained.value + pooled.unexplained.value == pytest.approx(4.25)


@pytest.mark.parametrize("reference", ["first", "second", "pooled"])
def test_a_split_is_that_of_least_squares_worked_out_otherwise(reference: Reference) -> None:
    pay, side, columns = simulated(np.random.default_rng(5), 400)
    made = oaxaca_blinder(pay, side=side, columns=columns, reference=reference)
    assert isinstance(made, Split)
    use = np.ones(400, dtype=bool) if reference == "pooled" else side == (0 if reference == "first" else 1)
    lead = [np.ones(400), side] if reference == "pooled" else [np.ones(400)]
    design = np.column_stack([*lead, columns.figures])[use]
    b = np.linalg.lstsq(design, pay[use], rcond=None)[0][len(lead) :]
    apart = columns.figures[side == 0].mean(axis=0) - columns.figures[side == 1].mean(axis=0)
    assert made.explained.value == pytest.approx(float(apart @ b), rel=1e-10)
    assert made.by_factor["hours"].value == pytest.approx(float(apart[4] * b[4]), rel=1e-8)
    assert sum(item.value for item in made.by_factor.values()) == pytest.approx(made.explained.value)
    assert made.explained.value + made.unexplained.value == pytest.approx(made.gap.value)


@pytest.mark.parametrize(("reference", "weight"), [("first", "1"), ("second", "0"), ("pooled", "-2")])
def test_the_reference_package_gives_the_same(reference: Reference, weight: str) -> None:
    """R's oaxaca: logarithm of income by sex, explained by age, education and order."""
    table = read_table(CLEAN / "clean_micro600.csv")
    column = {name: np.array(table[name], dtype=float) for name in ("income", "sex", "age", "edu", "order")}
    names = ("age", "edu", "order")
    columns = Columns(np.column_stack([column[name] for name in names]), names, names)
    made = oaxaca_blinder(np.log(column["income"]), side=column["sex"].astype(np.int8), columns=columns, reference=reference)
    assert isinstance(made, Split)
    for part in ("explained", "unexplained"):
        wanted = expected("oaxaca", "clean_micro600", f"twofold coef({part})", f"weight={weight}")["estimate"]
        assert getattr(made, part).value == pytest.approx(wanted, rel=1e-8)
    if reference == "second":
        for name in names:
            wanted = expected("oaxaca", "clean_micro600", "threefold coef(endowments)", name)["estimate"]
            assert made.by_factor[name].value == pytest.approx(wanted, rel=1e-8)


def test_standard_errors_are_as_large_as_the_scatter_over_samples() -> None:
    """Over 300 samples, and the intervals of the unexplained part hold the truth 92 to 98 times in 100."""
    rng = np.random.default_rng(11)
    for reference in ("first", "pooled"):
        made = []
        for _ in range(300):
            pay, side, columns = simulated(rng, 250)
            split = oaxaca_blinder(pay, side=side, columns=columns, reference=reference)  # type: ignore[arg-type]
            assert isinstance(split, Split)
            made.append([getattr(split, name) for name in ("gap", "explained", "unexplained")] + [split.by_factor["hours"]])
        values = np.array([[item.value for item in row] for row in made])
        errors = np.array([[item.se for item in row] for row in made])
        assert np.sqrt((errors**2).mean(axis=0)) == pytest.approx(values.std(axis=0, ddof=1), rel=0.13)
        inside = np.mean([row[2].lower <= 0.05 <= row[2].upper for row in made])
        assert 0.92 <= inside <= 0.98


def test_the_error_of_the_gap_is_that_of_two_means() -> None:
    pay, side, columns = simulated(np.random.default_rng(2), 90)
    made = oaxaca_blinder(pay, side=side, columns=columns)
    assert isinstance(made, Split)
    wanted = np.sqrt(sum(pay[side == at].var(ddof=1) / (side == at).sum() for at in (0, 1)))
    assert made.gap.se == pytest.approx(wanted)


@given(st.permutations(range(4)))
def test_which_grade_has_no_column_changes_no_part(order: list[int]) -> None:
    pay, side, columns = simulated(np.random.default_rng(8), 300)
    dummies = np.column_stack([1.0 - columns.figures[:, :4].sum(axis=1), columns.figures[:, :4]])
    kept = [at + 1 for at in order[:3]] + [0]
    other = Columns(np.column_stack([dummies[:, kept], columns.figures[:, 4]]), columns.names, columns.factors)
    for reference in ("first", "pooled"):
        one, two = (oaxaca_blinder(pay, side=side, columns=item, reference=reference) for item in (columns, other))  # type: ignore[arg-type]
        assert isinstance(one, Split) and isinstance(two, Split)
        for factor in ("grade", "hours"):
            first, second = one.by_factor[factor], two.by_factor[factor]
            assert (first.value, first.se) == pytest.approx((second.value, second.se), rel=1e-6)


def one_sided(chiefs: int, cooks: int) -> Worked:
    """Return 40 people in two grades of both sexes, men who are chiefs, and women who are cooks."""
    pay = np.concatenate([np.linspace(10, 14, 40), np.linspace(30, 31, chiefs), np.linspace(8, 9, cooks)])
    grade = ["a"] * 20 + ["b"] * 20 + ["chief"] * chiefs + ["cook"] * cooks
    return people(pay, side=[0, 1] * 20 + [0] * chiefs + [1] * cooks, grade=grade)


def test_a_grade_with_one_sex_alone_is_named_and_set_apart() -> None:
    worked = one_sided(10, 17)
    made = adjusted_gap(worked, scale="pounds", hours="none", least=20)
    assert isinstance(made, AdjustedGap)
    assert made.one_sided == ("chief", "cook") and made.people_one_sided == (10, 17)
    assert made.splits[0].people == (20, 20) and made.withheld == ""
    men, women = (worked.hourly[worked.side == at].mean() for at in (0, 1))
    assert made.whole_gap == pytest.approx(men - women) and made.gap_outside is not None
    for split in made.splits:
        assert made.gap_outside + split.explained.value + split.unexplained.value == pytest.approx(made.whole_gap)


def test_the_pay_of_a_few_in_grades_of_one_sex_cannot_be_worked_out() -> None:
    """With one chief, the gap of all less the gap of the compared grades would be the chief's pay."""
    made = adjusted_gap(one_sided(1, 17), scale="pounds", hours="none", least=20)
    assert isinstance(made, AdjustedGap)
    assert (made.whole_gap, made.gap_outside, made.people_one_sided) == (None, None, None) and made.withheld
    assert made.splits[0].people == (20, 20)


def test_a_column_that_adds_nothing_is_named() -> None:
    """Everybody in grade b works part-time, and nobody else does: hours tell nothing beyond the grade."""
    grade = ["a", "b"] * 30
    hours = np.where(np.array(grade) == "b", 20.0, 37.0)
    made = adjusted_gap(people(np.linspace(10, 20, 60), side=[0, 0, 1, 1] * 15, grade=grade, hours=hours), least=10)
    assert isinstance(made, AdjustedGap)
    assert [split.left_out for split in made.splits] == [("part-time",), ("part-time",)]
    assert list(made.splits[0].by_factor) == ["grade"]


def test_a_column_after_one_that_adds_nothing_is_still_used() -> None:
    pay, side, columns = simulated(np.random.default_rng(4), 200)
    double = Columns(
        np.column_stack([columns.figures[:, [0, 1, 0]], columns.figures[:, 1:]]),
        ("G1", "G2", "G1 again", "G2 again", "G3", "G4", "part"),
        ("grade",) * 6 + ("hours",),
    )
    one, two = (oaxaca_blinder(pay, side=side, columns=item) for item in (columns, double))
    assert isinstance(one, Split) and isinstance(two, Split)
    assert two.left_out == ("G1 again", "G2 again")
    assert two.explained.value == pytest.approx(one.explained.value) and two.explained.se == pytest.approx(one.explained.se)


def test_hours_come_in_as_a_step_or_as_a_line() -> None:
    rng = np.random.default_rng(9)
    hours = rng.choice([18.5, 30.0, 37.0], size=200)
    side = (rng.uniform(size=200) < 0.5).astype(int)
    pay = 10 + 0.1 * hours + 0.01 * rng.normal(size=200)
    worked = people(pay, side=side.tolist(), grade=["a", "b"] * 100, hours=hours)
    line = adjusted_gap(worked, scale="pounds", hours="weekly-hours")
    step = adjusted_gap(worked, scale="pounds")
    assert isinstance(line, AdjustedGap) and isinstance(step, AdjustedGap)
    assert line.splits[0].by_factor["hours"].value == pytest.approx(
        0.1 * (hours[side == 0].mean() - hours[side == 1].mean()), abs=5e-3
    )
    part = hours <= 30
    rates = [pay[(side == 0) & (part == flag)].mean() for flag in (True, False)]
    wanted = (part[side == 0].mean() - part[side == 1].mean()) * (rates[0] - rates[1])
    assert step.splits[0].by_factor["hours"].value == pytest.approx(wanted, abs=0.05)


def test_who_lacks_a_factor_is_counted_by_reason() -> None:
    rng = np.random.default_rng(1)
    pay = 15 + rng.normal(size=100)
    pay[3] = -2.0
    hours = np.full(100, 37.0)
    hours[:2] = np.nan
    worked = people(pay, side=[0, 1] * 50, grade=["", "a", "b", "b"] + ["a", "a", "b", "b"] * 24, hours=hours)
    made = adjusted_gap(worked)
    assert isinstance(made, AdjustedGap)
    assert [count for _, count in made.not_used] == [1, 1, 1]
    assert made.splits[0].people == (49, 48)


def test_too_few_people_are_refused() -> None:
    few = people(np.linspace(10, 20, 50), side=[0] * 29 + [1] * 21, grade=["a"] * 50)
    found = adjusted_gap(few)
    assert isinstance(found, Refusal) and found.code == "too-few-subjects"
    pay = np.array([1.0, 2.0, 3.0, 4.0])
    columns = Columns(np.array([[0.0], [1.0], [0.0], [1.0]]), ("x",), ("x",))
    assert isinstance(oaxaca_blinder(pay, side=np.array([0, 0, 1, 1], dtype=np.int8), columns=columns), Refusal)


def test_wrong_arguments_are_named() -> None:
    worked = people(np.linspace(10, 20, 80), side=[0, 1] * 40, grade=["a"] * 80)
    with pytest.raises(InputError, match="log or pounds"):
        adjusted_gap(worked, scale="euros")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="carry this label"):
        adjusted_gap(worked, grade="band")
    with pytest.raises(InputError, match="pooled"):
        adjusted_gap(worked, references=("both",))  # type: ignore[arg-type]
