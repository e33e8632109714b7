"""Ethnicity and disability: labels as people write them, groups joined where they are small, and nobody worked out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from levelup.duties.pay import schemes as room
from levelup.duties.pay.breakdown import people_by_group
from levelup.duties.pay.characteristics import LEFT_OUT, CharacteristicGaps, ComparedGroup, characteristic_gaps, leave_out_few
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.records import Worked
from levelup.duties.pay.schemes import place, plain_label, scheme_of
from levelup.duties.pay.uncertainty import mean_gap_interval
from levelup.terms.errors import InputError

KEYS = scheme_of("ethnicity").levels[2].keys
FACTS = yaml.safe_load(Path(room.__file__).with_name("characteristics.yaml").read_text(encoding="utf-8"))


def people(counts: dict[str, int], *, of: str = "ethnicity", paid: int | None = None) -> Worked:
    """Return so many employees of each label; pay falls with the label's place in the list, every other one paid a bonus."""
    labels = np.repeat(np.array(list(counts), dtype=np.str_), list(counts.values()))
    n = len(labels)
    pay = 20.0 - np.repeat(np.arange(len(counts)), list(counts.values())) * 0.5 + 0.01 * (np.arange(n) % 13)
    bonus = np.where(np.arange(n) % 2 == 0, 500.0, 0.0) if paid is None else np.where(np.arange(n) < paid, 500.0, 0.0)
    return Worked(
        np.arange(n) + 2, np.zeros(n, dtype=np.int8), pay, bonus, np.ones(n, dtype=bool), np.full(n, 37.0), {of: labels}
    )


def level(made: CharacteristicGaps, key: str) -> dict[str, bool]:
    """Return which groups of a level are shown."""
    found = next(item for item in made.levels if item.key == key)
    return {group.key: group.gaps is not None for group in found.groups}


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Any other White background", "white-other"),
        ("WHITE - OTHER", "white-other"),
        ("White: English, Welsh, Scottish, Northern Irish or British", "white-british"),
        ("white british", "white-british"),
        ("White - English/Welsh/Scottish/Northern Irish/British", "white-british"),
        (" White  Irish ", "white-irish"),
        ("Gypsy or Irish Traveller", "white-gypsy-or-traveller"),
        ("Roma", "white-roma"),
        ("Mixed/Multiple ethnic groups: White and Black Caribbean", "mixed-white-black-caribbean"),
        ("White & Black African", "mixed-white-black-african"),
        ("Mixed - Any other mixed background", "mixed-other"),
        ("Asian/Asian British - Indian", "asian-indian"),
        ("chinese", "asian-chinese"),
        ("Any other Asian background", "asian-other"),
        ("Black, Black British, Caribbean or African: African", "black-african"),
        ("Black or Black British - Caribbean", "black-caribbean"),
        ("Black/African/Caribbean/Black British: Any other Black/African/Caribbean background", "black-other"),
        ("Arab", "other-arab"),
        ("Other ethnic group - Any other ethnic group", "other-any"),
    ],
)
def test_labels_are_read_as_people_write_them(label: str, key: str) -> None:
    codes = scheme_of("ethnicity").labels[plain_label(label)]
    assert KEYS[codes[2]] == key


@pytest.mark.parametrize("label", ["Prefer not to say", "PREFER NOT TO SAY ", "", "not known", "Not Declared", "N/A"])
def test_people_who_did_not_say_are_in_no_group(label: str) -> None:
    codes = place(np.array([label, "Indian"]), scheme=scheme_of("ethnicity"), employee=np.arange(2))
    assert (codes[:, 0] == -1).all() and (codes[:, 1] >= 0).all()


def test_a_label_means_one_group_alone() -> None:
    """Every way to write every group leads to that group: none is claimed by two."""
    for characteristic in ("ethnicity", "disability"):
        claimed: dict[str, str] = {}
        for entry in FACTS[characteristic]["groups"]:
            for label in map(plain_label, entry.get("alone", ())):
                assert claimed.setdefault(label, entry["key"]) == entry["key"]
                assert label not in scheme_of(characteristic).not_said
    assert len(KEYS) == 19 and len(set(KEYS)) == 19


def test_a_wide_label_counts_in_the_wide_group_alone() -> None:
    codes = place(np.array(["Asian", "BAME"]), scheme=scheme_of("ethnicity"), employee=np.arange(2))
    levels = scheme_of("ethnicity").levels
    assert levels[1].keys[codes[1, 0]] == "asian" and codes[2, 0] == -1
    assert levels[0].keys[codes[0, 1]] == "all-others" and codes[1, 1] == -1


def test_an_unknown_label_is_named_by_row_and_never_by_itself() -> None:
    with pytest.raises(InputError) as caught:
        characteristic_gaps(people({"White British": 20, "Martian": 2}), characteristic="ethnicity")
    assert "Martian" not in str(caught.value) and "rows 22, 23" in str(caught.value)
    own = {"martian": "other-any"}
    made = characteristic_gaps(people({"White British": 20, "Martian": 12}), characteristic="ethnicity", own=own)
    assert level(made, "nineteen")["other-any"]


def test_each_shown_group_has_the_six_calculations_against_its_reference() -> None:
    worked = people({"White British": 40, "Indian": 20, "African": 15, "White Irish": 11, "prefer not to say": 15})
    made = characteristic_gaps(worked, characteristic="ethnicity")
    labels = worked.groups["ethnicity"]
    for key, reference, group in (
        ("nineteen", ["White British"], {"asian-indian": ["Indian"], "white-irish": ["White Irish"]}),
        ("five", ["White British", "White Irish"], {"asian": ["Indian"], "black": ["African"]}),
        ("two", ["White British", "White Irish"], {"all-others": ["Indian", "African"]}),
    ):
        found = {item.key: item for item in next(item for item in made.levels if item.key == key).groups}
        for name, members in group.items():
            rows = np.isin(labels, reference + members)
            side = np.isin(labels[rows], members).astype(np.int8)
            alone = pay_gaps(Worked(np.arange(rows.sum()), side, worked.hourly[rows], worked.bonus[rows],
                                    worked.is_full_pay[rows], worked.weekly_hours[rows]))  # fmt: skip
            assert found[name].gaps is not None
            assert found[name].gaps.mean_hourly_gap == alone.mean_hourly_gap
            assert found[name].gaps.median_hourly_gap == alone.median_hourly_gap
            assert found[name].people == side.sum()
            assert found[name].share == round(100 * side.sum() / 86, 1)


def test_the_interval_is_that_of_the_group_against_its_reference() -> None:
    counts = {"No": 90, "Yes": 15, "": 12}
    worked = people(counts, of="disability")
    (group,) = characteristic_gaps(worked, characteristic="disability").levels[0].groups
    label = worked.groups["disability"]
    assert group.interval == mean_gap_interval(worked.hourly[label == "No"], second=worked.hourly[label == "Yes"])
    (hidden,) = characteristic_gaps(people(counts | {"Yes": 9}, of="disability"), characteristic="disability").levels[0].groups
    assert hidden.gaps is None and hidden.interval is None


def test_a_group_of_nine_is_counted_in_the_wider_one() -> None:
    counts = {"White British": 100, "Indian": 9, "Pakistani": 5, "Chinese": 30, "African": 20, "Caribbean": 20}
    made = characteristic_gaps(people(counts), characteristic="ethnicity")
    assert level(made, "five") == {"mixed": False, "asian": True, "black": True, "other": False}
    nineteen = level(made, "nineteen")
    assert [key for key, is_shown in nineteen.items() if is_shown] == ["asian-chinese", "black-caribbean", "black-african"]
    hidden = next(item for item in made.levels[2].groups if item.key == "asian-indian")
    assert hidden.counted_in == "Asian or Asian British" and hidden.share is None and hidden.refusal is not None


def groups(made: CharacteristicGaps, key: str) -> dict[str, ComparedGroup]:
    return {item.key: item for item in next(item for item in made.levels if item.key == key).groups}


def test_a_single_small_group_takes_company_so_that_it_is_not_the_total_less_the_rest() -> None:
    made = characteristic_gaps(
        people({"White British": 90, "Indian": 4, "Pakistani": 25, "Chinese": 12}), characteristic="ethnicity"
    )
    assert level(made, "five")["asian"]
    found = groups(made, "nineteen")
    hidden = [name for name in ("asian-indian", "asian-pakistani", "asian-chinese") if found[name].people is None]
    assert "asian-indian" in hidden and len(hidden) == 2


def test_people_whose_label_is_too_wide_are_protected_too() -> None:
    """Three who wrote 'Asian' alone would be the wide group less the narrow ones."""
    made = characteristic_gaps(people({"White British": 90, "Asian": 3, "Indian": 30, "Chinese": 12}), characteristic="ethnicity")
    found = groups(made, "nineteen")
    assert level(made, "five")["asian"]
    assert (found["asian-indian"].people is None) != (found["asian-chinese"].people is None)


def test_a_group_with_nobody_in_it_says_so() -> None:
    made = characteristic_gaps(people({"White British": 90, "Indian": 30}), characteristic="ethnicity")
    found = groups(made, "five")["black"]
    assert found.people == 0 and found.gaps is None and found.refusal is not None and found.refusal.code == "no-data"


def test_a_rate_of_those_who_said_that_tells_how_few_did_not_is_left_out() -> None:
    few = characteristic_gaps(people({"Y": 20, "N": 60, "Not stated": 4}, of="disability"), characteristic="disability")
    many = characteristic_gaps(people({"Y": 20, "N": 60, "Not stated": 20}, of="disability"), characteristic="disability")
    assert few.declared is None and many.declared == 80.0


def test_where_the_two_groups_are_too_small_nothing_is_shown() -> None:
    made = characteristic_gaps(people({"White British": 90, "Indian": 9}), characteristic="ethnicity")
    assert not any(is_shown for key in ("two", "five", "nineteen") for is_shown in level(made, key).values())
    assert made.levels[0].groups[0].counted_in == ""


def test_bonus_figures_for_a_few_are_left_out() -> None:
    worked = people({"no": 60, "yes": 30, "prefer not to say": 15}, of="disability", paid=66)
    group = characteristic_gaps(worked, characteristic="disability").levels[0].groups[0]
    assert group.gaps is not None and group.gaps.mean_hourly_gap is not None
    assert group.gaps.mean_bonus_gap is None and "paid_bonus" not in group.gaps.counts


def test_disability_is_two_groups_and_a_rate_of_those_who_said() -> None:
    made = characteristic_gaps(people({"Y": 10, "N": 30, "Not stated": 60}, of="disability"), characteristic="disability")
    assert made.declared == 40.0
    assert made.levels[0].groups[0].key == "disabled" and made.levels[0].reference == "Not disabled"
    assert made.levels[0].groups[0].share == 25.0


def without_sex(worked: Worked, rows: list[int], *, reduced: tuple[int, ...] = ()) -> Worked:
    """Return employees of whom some have no recorded sex, the rest men and women in turn, and some are on reduced pay."""
    side = (np.arange(len(worked.side)) % 2).astype(np.int8)
    side[rows] = -1
    is_full_pay = ~np.isin(np.arange(len(side)), reduced)
    return replace(worked, side=side, is_full_pay=is_full_pay, hourly=np.where(is_full_pay, worked.hourly, np.nan))


COUNTS = {"White British": 60, "Indian": 40}


def total(made: CharacteristicGaps) -> int:
    (group,) = made.levels[0].groups
    return (made.levels[0].people or 0) + (group.people or 0)


@pytest.mark.parametrize("few", [1, 2, 9])
def test_how_few_have_no_recorded_sex_is_no_difference_of_two_tables(few: int) -> None:
    """The tables by sex count everybody on full pay but these; the table of a characteristic must not count them either."""
    worked = without_sex(people(COUNTS), list(range(few)))
    by_sex = people_by_group(worked, np.zeros(100, dtype=np.intp), groups=1)["full_pay"].sum()
    made = characteristic_gaps(worked, characteristic="ethnicity")
    assert total(made) == by_sex == 100 - few
    assert made.declared == 100.0 and made.left_out == LEFT_OUT and not any(sign.isdigit() for sign in LEFT_OUT)


def test_who_has_no_recorded_sex_counts_where_the_difference_is_no_small_number() -> None:
    many = characteristic_gaps(without_sex(people(COUNTS), list(range(20))), characteristic="ethnicity")
    none = characteristic_gaps(without_sex(people(COUNTS), []), characteristic="ethnicity")
    assert total(many) == total(none) == 100 and many.left_out == none.left_out == ""


def test_all_without_a_recorded_sex_go_where_a_few_of_them_are_on_reduced_pay_or_paid_a_bonus() -> None:
    on_leave = without_sex(people(COUNTS), list(range(20, 45)), reduced=(20, 21, 22))
    paid = without_sex(people(COUNTS, paid=24), list(range(20, 45)))
    for worked in (on_leave, paid):
        assert len(leave_out_few(worked, minimum=10).employee) == 75
        assert total(characteristic_gaps(worked, characteristic="ethnicity")) == 75


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(InputError, match="no column disability"):
        characteristic_gaps(people({"Indian": 12}), characteristic="disability")
    with pytest.raises(InputError, match="at least 2"):
        characteristic_gaps(people({"Indian": 12}), characteristic="ethnicity", minimum=1)
