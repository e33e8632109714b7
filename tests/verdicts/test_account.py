"""What stands behind a gap's word: exact against the word's own split, and only where the figures allow it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import levelup
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.settings import read_settings
from levelup.store.store import Store
from levelup.terms.errors import Refusal
from levelup.verdicts.account import Account, Followed, key_of, main_of
from levelup.verdicts.stage import build_scope, follow_scope

ESSEX = Path(levelup.__file__).parent / "bundled" / "essex"
ONLY = ("adult-obesity", "level-2-by-19", "household-deprivation-one-or-more", "good-level-of-development")


@pytest.fixture(scope="module")
def followed() -> Followed:
    store = Store.open(ESSEX / "store")
    scope = build_scope(store, read_settings(ESSEX), catalogue=load_catalogue())
    return follow_scope(store, scope, catalogue=load_catalogue(), only=ONLY)


def account(followed: Followed, key: str) -> Account:
    return followed.accounts[key]


def test_every_gap_has_one_account(followed: Followed) -> None:
    assert set(followed.accounts) == {key_of(verdict) for verdict in followed.verdicts}


def test_the_tenths_add_up_to_the_change_that_the_word_is_about(followed: Followed) -> None:
    checked = 0
    for key, held in followed.accounts.items():
        if held.places is None or isinstance(held.places.attribution, Refusal):
            continue
        main = main_of(tuple(verdict for verdict in followed.verdicts if key_of(verdict) == key))
        assert main.gap_change is not None
        assert held.places.attribution.change == pytest.approx(main.gap_change.value, abs=1e-9)
        assert held.places.attribution.tenth_contribution.sum() == pytest.approx(main.gap_change.value, abs=1e-9)
        if main.gap_change.se is not None:
            assert held.places.attribution.se == pytest.approx(main.gap_change.se, rel=1e-9)
        checked += 1
    assert checked >= 2


def test_places_are_drawn_towards_their_mean_the_more_the_less_is_known(followed: Followed) -> None:
    places = account(followed, "adult-obesity--districts").places
    assert places is not None
    assert places.likely is not None
    off, kept = places.gain - places.likely.mu, places.likely.mean - places.likely.mu
    assert (np.abs(kept) < np.abs(off)).all()
    assert (np.sign(kept) == np.sign(off)).all()


def test_people_and_mix_add_up_where_counts_are_published(followed: Followed) -> None:
    held = account(followed, "level-2-by-19--cohort-E10000012-fsm-eligible-and-fsm-other")
    assert held.mixing is not None
    assert held.drift is not None
    assert held.mixing.total == pytest.approx(held.mixing.rate_part + held.mixing.composition_part)
    assert held.drift.worst.least <= held.drift.between.least <= held.drift.between.most <= held.drift.worst.most
    county = account(followed, "household-deprivation-one-or-more--districts")
    assert county.mixing is not None
    assert len(county.mixing.groups) == 12


def test_a_cohort_fixed_at_birth_has_no_drifting_membership(followed: Followed) -> None:
    assert account(followed, "level-2-by-19--cohort-E10000012-sex-male-and-sex-female").drift is None
