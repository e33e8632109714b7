"""The order of states that are words."""

from __future__ import annotations

import numpy as np
import pytest

from levelup.measures.states import UNORDERED, order_of, order_states
from levelup.terms.errors import InputError

NAMES = ["high", "low", "mid"]


@pytest.mark.parametrize("asked", ["low,mid", "low,mid,high,top", "low,low,mid,high", "low;mid;high"])
def test_an_order_names_every_state_once(asked: str) -> None:
    with pytest.raises(InputError, match="every state once"):
        order_of(NAMES, asked=asked)


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["10 top", "2 mid", "1 low"], ("1 low", "2 mid", "10 top")),
        (["-1 down", "0", "1.5: up"], ("-1 down", "0", "1.5: up")),
        (["1 low", "1 mid"], ()),
        (["1 low", "mid"], ()),
        (["1.2.3", "2"], ()),
        (NAMES, ()),
    ],
)
def test_numbers_in_front_are_an_order(names: list[str], order: tuple[str, ...]) -> None:
    assert order_of(names) == order


def test_states_are_renumbered_with_their_names() -> None:
    """High, low, mid stand as 0, 1, 2; in their order they are 2, 0, 1."""
    given = {"before": np.array([0.0, 1.0]), "after": np.array([2.0, np.nan]), "count": np.array([3.0, 4.0])}
    labels = {"before": NAMES, "after": NAMES}
    figures, named, said = order_states(given, labels, parameters={"states": "low,mid,high", "start": "steady"})
    np.testing.assert_array_equal(figures["before"], [2, 0])
    np.testing.assert_array_equal(figures["after"], [1, np.nan])
    assert figures["count"] is given["count"] and named["after"] == ["low", "mid", "high"]
    assert said == {"states": "low, mid, high", "start": "steady"}


def test_words_without_an_order_are_said_to_have_none() -> None:
    given = {"before": np.array([0.0, 1.0]), "after": np.array([2.0, 1.0])}
    figures, _, said = order_states(given, {"before": NAMES, "after": NAMES}, parameters={})
    assert said == {"states": UNORDERED} and figures["before"].tolist() == [0, 1]


def test_numbers_keep_their_own_order() -> None:
    given = {"before": np.array([3.0, 1.0]), "after": np.array([2.0, 1.0])}
    assert order_states(given, {}, parameters={})[2] == {}
    with pytest.raises(InputError, match="are numbers"):
        order_states(given, {}, parameters={"states": "1,2,3"})
