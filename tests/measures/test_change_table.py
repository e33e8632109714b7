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


def test_a_subject_of_one_date_alone_counts_at_that_date() -> None:
    more = {key: [*cells, new] for (key, cells), new in zip(FIRST.items(), ["D", "30", "0.4", "90"], strict=True)}
    found, same = changed(last=more, overlap="1"), changed(last=FIRST, overlap="1")
    assert (found.n, found.after.n) == (3, 4)
    assert same.correlation == pytest.approx(1.0)
    assert found.correlation is not None and found.correlation < 0.999


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
    with pytest.raises(InputError, match="one row"):
        changed(twice, label="place", correlation=0.5)


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
