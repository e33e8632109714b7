"""Two tables of one's own: rows paired by name, what the dates have in common, refusals and faults."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.change import MeasuredChange, measure_change
from levelup.measures.change_table import change_options, change_table
from levelup.measures.dates import Date
from levelup.terms.errors import DataFaults, InputError, Refusal
from levelup.terms.polarity import Polarity

FIRST = {"place": ["A", "B", "C"], "x": ["10", "14", "22"], "se": ["0.3", "0.4", "0.5"], "n": ["100", "300", "200"]}
LAST = {"place": ["C", "A", "B"], "x": ["20", "12", "15"], "se": ["0.5", "0.3", "0.4"], "n": ["210", "110", "310"]}
OPTIONS = {"value": "x", "polarity": "more-is-better"}
CALL = {"name": "theil", "value": "x", "se": "se", "population": "n", "polarity": "more-is-better"}


def changed(first: object = FIRST, last: object = LAST, **rest: object) -> MeasuredChange:
    found = change_table(first, last, **(CALL | rest))  # type: ignore[arg-type]
    assert isinstance(found, MeasuredChange)
    return found


def test_rows_are_paired_by_name_not_by_place_in_the_table() -> None:
    rho = np.array([0.1, 0.5, 0.9])
    dates = (
        Date([10.0, 14.0, 22.0], [100, 300, 200], [0.3, 0.4, 0.5]),
        Date([12.0, 15.0, 20.0], [110, 310, 210], [0.3, 0.4, 0.5]),
    )
    wanted = measure_change("theil", *dates, correlation=rho, polarity=Polarity.MORE).at(0)
    assert isinstance(wanted, MeasuredChange)
    found = changed({**FIRST, "rho": ["0.1", "0.5", "0.9"]}, correlation="rho")
    assert (found.value, found.n) == (pytest.approx(wanted.value), 3)
    assert found.lower == pytest.approx(wanted.lower) and found.correlation == pytest.approx(wanted.correlation)


@pytest.mark.parametrize(
    "said",
    [
        {"overlap": "2/3"},
        {"overlap": 2 / 3},
        {"periods": "2018/20, 2019/21"},
        {"periods": "2018-01-01/P3Y,2019-01-01/P3Y"},
        {"correlation": str(2 / 3)},
        {"overlap": "1", "correlation": 2 / 3},
    ],
)
def test_what_both_dates_share_may_be_said_in_many_ways(said: dict[str, object]) -> None:
    assert changed(**said).lower == pytest.approx(changed(overlap="2/3").lower, rel=1e-12)


def test_periods_without_a_common_day_share_nothing() -> None:
    alike = [
        changed(**said).lower for said in ({"periods": "2018,2019"}, {"correlation": 0}, {"periods": "2021-03-21,2022-03-21"})
    ]
    assert alike[0] == alike[1] == alike[2]


def test_persons_answers_and_the_share_of_persons_multiply() -> None:
    assert changed(overlap="0.5", correlation="0.8").lower == pytest.approx(changed(correlation="0.4").lower, rel=1e-12)


MORE = {key: [*cells, new] for (key, cells), new in zip(FIRST.items(), ["D", "90", "0.4", "90"], strict=True)}
"""The first table, and a subject that stands far from the others."""


def test_both_figures_are_over_the_subjects_of_both_tables() -> None:
    """With a far subject in the later table alone nothing changed; counted there, inequality would have risen fivefold."""
    found = changed(last=MORE, overlap="1")
    assert (found.value, found.n, found.before.n, found.after.n) == (0.0, 3, 3, 3)
    assert found.correlation == pytest.approx(1.0)
    assert found.as_dict()["pairing"] == {"columns": ["place"], "both": 3, "only_before": [], "only_after": ["D"]}
    assert "over the 3 that both tables have; only in the later table: D." in found.method
    gone = changed(MORE, FIRST).pairing
    assert gone is not None and (gone.only_before, gone.only_after) == (("D",), ())


def test_a_subject_of_one_table_alone_does_not_reach_the_interval() -> None:
    rho = np.array([0.1, 0.5, 0.9])
    whole, cut = changed(FIRST, MORE, correlation=0.5), changed(FIRST, FIRST, correlation=0.5)
    assert (whole.lower, whole.upper) == (cut.lower, cut.upper)
    by_column = changed({**FIRST, "rho": [*map(str, rho)]}, {**MORE, "rho": [*map(str, rho), "0"]}, correlation="rho")
    assert by_column.correlation == changed({**FIRST, "rho": [*map(str, rho)]}, FIRST, correlation="rho").correlation


def test_too_few_of_the_same_subjects_are_refused() -> None:
    for names, both in ((["P", "Q", "R"], "none"), (["A", "Q", "R"], "1")):
        found = change_table(FIRST, {**LAST, "place": names}, correlation=0, **CALL)  # type: ignore[arg-type]
        assert isinstance(found, Refusal) and found.code == "too-few-subjects"
        assert f"Both tables have {both} of the same subjects by 'place'" in found.reason and "only in the later" in found.reason
    with pytest.raises(DataFaults) as caught:
        changed({**MORE, "place": ["D", "A", "B", "C"], "x": ["1", "2", "3", "much"]}, FIRST)
    assert caught.value.faults[0].row == 5, "a fault keeps its place in the file"


def test_one_column_names_the_rows_and_the_answer_says_which() -> None:
    """A region written in other words does not part a place from itself; a label may name another column."""
    first, last = {"region": ["N", "S", "S"], **FIRST}, {"region": ["South", "North", "S"], **LAST}
    found = changed(first, last, correlation=0.5)
    assert found.n == 3 and found.pairing is not None and found.pairing.columns == ("place",)
    assert found.method.endswith("Paired by the column 'place'.")
    codes = [{**table, "code": names} for table, names in ((FIRST, ["1", "2", "3"]), (LAST, ["1", "2", "9"]))]
    chosen = changed(*codes, label="code").pairing
    assert chosen is not None and (chosen.columns, chosen.both, chosen.only_after) == (("code",), 2, ("9",))


def test_rows_without_names_are_samples_of_their_own_and_nothing_is_paired() -> None:
    first, last = ({key: cells for key, cells in table.items() if key != "place"} for table in (MORE, LAST))
    found = changed(first, last, correlation=0)
    assert (found.before.n, found.after.n, found.n) == (4, 3, 3) and "Nothing was paired" in found.method
    assert found.as_dict()["pairing"] == {"columns": [], "both": 0, "only_before": [], "only_after": []}


def test_age_bands_are_never_left_out() -> None:
    """A last band of 85 and over against one of 90: leaving both out would open the band before them."""
    first = {"band": ["0 to 64", "65 to 84", "85+"], "age": ["0", "65", "85"], "d": ["90", "900", "800"]}
    last = {"band": ["0 to 64", "65 to 84", "85 to 89", "90+"], "age": ["0", "65", "85", "90"], "d": ["90", "900", "400", "400"]}
    first["n"], last["n"] = ["90000", "30000", "5000"], ["90000", "30000", "3000", "2000"]
    further = {"age": ["age"], "count": ["d"], "total": ["n"]}
    call = {"name": "life_expectancy", "further": further, "convention": "silcocks", "correlation": 0}
    found = change_table(first, last, **call)  # type: ignore[arg-type]
    assert isinstance(found, MeasuredChange) and (found.before.n, found.after.n) == (3, 4)
    assert abs(found.value) < 1 and "only in the earlier table: 85+" in found.method and "make up one figure" in found.method


def test_a_school_without_one_group_stays_whole() -> None:
    """Rows of nobody are often left out: the school is paired, not each of its rows."""
    first = {"school": ["A", "A", "B", "B", "D"], "group": ["x", "y", "x", "y", "x"], "n": ["30", "10", "10", "30", "9"]}
    last = {"school": ["A", "B", "B"], "group": ["x", "x", "y"], "n": ["40", "10", "30"]}
    further = {"unit": ["school"], "group": ["group"], "count": ["n"]}
    call = {"name": "multigroup_segregation", "further": further, "convention": "entropy"}
    found = change_table(first, last, **call)  # type: ignore[arg-type]
    assert isinstance(found, MeasuredChange) and found.pairing is not None
    assert (found.before.n, found.after.n, found.pairing.columns, found.pairing.only_before) == (4, 3, ("school",), ("D",))


def test_neighbours_are_those_of_both_tables() -> None:
    size = 6
    names = [f"P{number}" for number in range(size)]
    near = [";".join(names[other] for other in (at - 1, at + 1) if 0 <= other < size) for at in range(size)]
    first = {"place": names, "x": ["1", "2", "3", "5", "4", "9"], "near": near}
    last = {"place": names[:5], "x": ["1", "3", "2", "5", "4"], "near": [*near[:4], "P3"]}
    call = {"name": "moran", "value": "x", "label": "place", "further": {"neighbours": ["near"]}, "polarity": "more-is-better"}
    call["convention"] = "row-standardised"
    found = change_table(first, last, **call)  # type: ignore[arg-type]
    assert isinstance(found, MeasuredChange) and found.before.n == found.after.n == 5
    cut = {key: cells[:5] for key, cells in first.items()} | {"near": [*near[:4], "P3"]}
    alone = change_table(cut, last, **call)  # type: ignore[arg-type]
    assert isinstance(alone, MeasuredChange) and found.value == alone.value


def test_periods_stand_in_the_answer_and_the_earlier_comes_first() -> None:
    found = changed(periods="2018/20, 2019/21")
    assert found.as_dict()["periods"] == ["2018/20", "2019/21"]
    assert changed(overlap="1/2").as_dict()["periods"] is None
    for ask in (lambda: changed(periods="2019/21,2018/20"), lambda: change_options("theil", {**OPTIONS, "periods": "2024,2023"})):
        with pytest.raises(InputError, match="earlier period must come first"):
            ask()


def test_the_order_of_states_holds_at_both_dates() -> None:
    """Nobody was in the middle at the first date, where all moved by one state of one; later a third, by two of two."""
    first = {"then": ["low", "high"], "now": ["high", "low"], "n": ["5", "5"]}
    last = {"then": ["low", "mid", "high"], "now": ["low", "mid", "low"], "n": ["5", "5", "5"]}
    number = {"low": "1 low", "mid": "2 mid", "high": "3 high"}
    numbered = [
        {**table, **{role: [number[word] for word in table[role]] for role in ("then", "now")}} for table in (first, last)
    ]
    further = {"before": ["then"], "after": ["now"], "count": ["n"]}
    call = {"name": "markov", "further": further, "convention": "bartholomew-distance", "correlation": 0}
    found = change_table(*numbered, **call)  # type: ignore[arg-type]
    assert isinstance(found, MeasuredChange) and found.value == pytest.approx(1 / 3 - 1)
    refused = change_table(first, last, **call)  # type: ignore[arg-type]
    assert isinstance(refused, Refusal) and "without an order" in refused.reason


def test_published_limits_stand_for_errors_at_both_dates() -> None:
    z = 1.959963984540054
    first, last = (
        {**table, **{end: [str(float(x) + side * z * float(e)) for x, e in zip(table["x"], table["se"], strict=True)]}}
        for table, end, side in ((FIRST, "low", -1), (LAST, "low", -1))
    )
    for table in (first, last):
        table["high"] = [str(2 * float(x) - float(low)) for x, low in zip(table["x"], table["low"], strict=True)]
    limits = changed(first, last, se=None, further={"lower": ["low"], "upper": ["high"]}, correlation=0.5)
    assert limits.lower == pytest.approx(changed(correlation=0.5).lower, rel=1e-9)


def test_rows_may_be_named_by_several_columns() -> None:
    first = {"sex": ["F", "F", "M", "M"], "age": ["old", "young"] * 2, "x": ["1", "2", "3", "8"], "e": ["0.1"] * 4}
    last = {**first, "x": ["2", "2", "4", "8"]}
    found = changed(first, last, se="e", population=None, correlation=0.5)
    assert found.n == 4 and found.lower is not None


def test_rows_without_names_need_a_label_only_where_something_is_shared() -> None:
    first, last = ({key: cells for key, cells in table.items() if key != "place"} for table in (FIRST, LAST))
    assert changed(first, last, correlation=0).lower is not None
    with pytest.raises(InputError, match="--label"):
        changed(first, last, correlation=0.5)


def test_a_label_names_one_row() -> None:
    twice = {**FIRST, "place": ["A", "A", "C"]}
    with pytest.raises(DataFaults, match="'A' in rows 2 and 3"):
        changed(twice, label="place", correlation=0.5)
    with pytest.raises(InputError, match="name every row"):
        changed({**FIRST, "place": ["A", "", "C"]}, label="place")


def test_both_figures_stand_in_the_record_with_their_labels() -> None:
    further = {"further": {"group": ["place"]}, "name": "entropy_decomposition", "convention": "theil"}
    record = changed(correlation=0.5, **further).as_dict()
    assert list(record)[:4] == ["measure", "convention", "before", "after"]
    assert record["before"]["parts"]["group"] == ["A", "B", "C"]  # type: ignore[index]


@pytest.mark.parametrize(
    "said",
    [
        {"overlap": "3/2"},
        {"overlap": "much"},
        {"overlap": "1/0"},
        {"overlap": "1/2", "periods": "2018,2019"},
        {"periods": "2018"},
        {"periods": "one,two"},
        {"correlation": "some"},
        {"correlation": "1.2"},
        {"colour": "x"},
    ],
)
def test_what_cannot_be_read_is_an_error(said: dict[str, object]) -> None:
    with pytest.raises(InputError):
        changed(**said)


def test_a_column_of_correlations_holds_numbers() -> None:
    with pytest.raises(DataFaults):
        changed({**FIRST, "rho": ["0.1", "half", "0.9"]}, correlation="rho")


def test_a_suppressed_figure_refuses_the_change() -> None:
    found = change_table(FIRST, {**LAST, "x": ["20", "[c]", "15"]}, overlap="1/2", **CALL)  # type: ignore[arg-type]
    assert isinstance(found, Refusal) and found.code == "suppressed" and found.reason.startswith("At the later date")


def test_options_are_checked_before_any_file_is_read() -> None:
    with pytest.raises(InputError, match="--value"):
        change_options("theil", {"polarity": "more-is-better"})
    with pytest.raises(InputError, match="overlap"):
        change_options("theil", {"value": "x", "polarity": "more-is-better", "overlap": "7"})
