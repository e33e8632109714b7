"""Rows paired by the column that names them: which column that is, and what cannot name a row."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.pairing import SHOWN, Pairing, keep_both, match_rows, naming_columns
from levelup.terms.errors import InputError

PLACES = {"region": ["N", "N", "S"], "place": ["A", "B", "C"], "note": ["a", "b", "c"]}


def test_the_first_column_that_names_every_row_in_both_tables() -> None:
    assert naming_columns(PLACES, PLACES, worded=["region", "place", "note"]) == ("place",)
    assert naming_columns(PLACES, {**PLACES, "place": ["A", "A", "C"]}, worded=["region", "place", "note"]) == ("note",)
    assert naming_columns(PLACES, {**PLACES, "place": ["A", "", "C"]}, worded=["place"]) == ()


def test_several_columns_name_rows_together_and_no_more_than_it_takes() -> None:
    cells = {"county": ["N", "N", "N", "S"], "sex": ["F", "F", "M", "M"], "age": ["old", "young", "old", "young"]}
    assert naming_columns(cells, cells, worded=["county", "sex", "age"]) == ("sex", "age")
    assert naming_columns(cells, cells, worded=["county", "sex"]) == ()


def test_texts_and_numbers_of_one_name_are_one_subject() -> None:
    found = match_rows({"code": np.array([1.0, 2.0])}, {"code": [" 2 ", "1"]}, columns=["code"])
    assert (found.first.tolist(), found.last.tolist()) == ([0, 1], [1, 0])


def test_a_name_stands_in_one_row() -> None:
    with pytest.raises(InputError, match="'A' in 2 rows"):
        match_rows({"place": ["A", "A"]}, {"place": ["A"]}, columns=["place"])


def test_a_subject_of_several_rows_keeps_them_all() -> None:
    tables = ({"school": ["A", "A", "B"]}, {"school": ["A", "C"]})
    found = match_rows(*tables, columns=["school"], may_repeat=True)
    assert [item["school"] for item in keep_both(tables, found)] == [["A", "A"], ["A"]] and not len(found.first)


def test_a_long_list_of_names_is_cut_in_words_alone() -> None:
    pairing = Pairing(("place",), 3, tuple(f"P{number}" for number in range(SHOWN + 2)))
    assert pairing.absent().endswith(f"P{SHOWN - 1} and 2 more") and len(pairing.as_dict()["only_before"]) == SHOWN + 2  # type: ignore[arg-type]


@pytest.mark.parametrize(("columns", "said"), [((), "Nothing was paired"), (("sex", "age"), "columns 'sex' and 'age'.")])
def test_what_paired_the_rows_is_said(columns: tuple[str, ...], said: str) -> None:
    assert said in Pairing(columns).sentence()
