"""The smallest change that matters: the catalogue's values are what the figures give, and a workspace may state its own."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from example import smallest_changes
from levelup.catalogue.load import load_catalogue
from levelup.catalogue.margin import with_margins
from levelup.catalogue.settings import FILE, Settings, read_settings, settings_from, write_settings
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period
from levelup.verdicts.panel import Panel

ESSEX = Settings(title='The "old" county', county="E10000012", smallest_change={"adult-obesity": 2.5, "weekly-pay": 10.0})


def panel(value: np.ndarray, se: np.ndarray, codes: list[str]) -> Panel:
    periods = (parse_period("2022-01-01/P1Y"), parse_period("2023-01-01/P1Y"))
    empty = np.full(value.shape, np.nan)
    return Panel("x", "all", {code: row for row, code in enumerate(codes)}, periods, value, se, empty, empty, ())


def test_the_catalogue_says_what_the_bundled_figures_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert smallest_changes.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_stale_value_is_noticed() -> None:
    assert smallest_changes.differences({}) != []
    found = {key: None for key in load_catalogue().indicators}
    assert {line.partition(":")[0] for line in smallest_changes.differences(found)} == {
        key for key, entry in load_catalogue().indicators.items() if entry.smallest_change is not None
    }


def test_the_spread_is_that_of_the_latest_date_without_its_noise() -> None:
    """Forty authorities at 10 and 20: a variance of 1000/39 with noise of 4 taken out."""
    codes = ["E10000001", *(f"E06{number:06d}" for number in range(39))]
    values = np.tile([10.0, 20.0], 20)
    grid, errors = np.stack([values * 9, values], axis=1), np.full((40, 2), 2.0)
    found = smallest_changes.true_variance(panel(grid, errors, codes), smallest_changes.UPPER_TIER)
    assert found == (pytest.approx(1000 / 39 - 4), 40, "2023")


def test_too_few_at_the_latest_date_sends_it_back_and_no_county_to_the_districts() -> None:
    codes = ["E10000001", *(f"E06{number:06d}" for number in range(39))]
    grid = np.stack([np.arange(40.0), np.where(np.arange(40) < 29, 1.0, np.nan)], axis=1)
    held = panel(grid, np.zeros((40, 2)), codes)
    found = smallest_changes.true_variance(held, smallest_changes.UPPER_TIER)
    assert found is not None and found[2] == "2022"
    lone = panel(grid, np.zeros((40, 2)), [code.replace("E10", "E07") for code in codes])
    assert smallest_changes.true_variance(lone, smallest_changes.UPPER_TIER) is None
    assert smallest_changes.true_variance(lone, smallest_changes.DISTRICTS) is not None


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(1.2058, 1, 1.2), (16.8, 2, 17.0), (0.0358, 1, 0.04), (0.0223, 2, 0.02), (0.96, 1, 1.0), (123.4, 0, 120.0), (9.96, 1, 10.0)],
)
def test_a_working_value_is_rounded_to_a_sensible_figure(value: float, decimals: int, expected: float) -> None:
    assert smallest_changes.rounded(value, decimals=decimals) == pytest.approx(expected)


def test_a_workspaces_own_value_takes_the_place_of_the_catalogues() -> None:
    catalogue = load_catalogue()
    changed = with_margins(catalogue, {"adult-obesity": 2.5, "phonics": 1.0})
    entry = changed.indicators["adult-obesity"]
    assert entry.smallest_change == 2.5
    assert entry.smallest_change_reason == f"Stated for this workspace in its {FILE}, in place of the catalogue's 1.2."
    assert changed.indicators["phonics"].smallest_change_reason == f"Stated for this workspace in its {FILE}."
    assert replace(changed, indicators=catalogue.indicators) == catalogue
    assert with_margins(catalogue, {}) is catalogue


@pytest.mark.parametrize("name", ["no-such", "imd-2019"])
def test_a_value_for_no_indicator_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="must be stated for an indicator") as caught:
        with_margins(load_catalogue(), {name: 1.0})
    assert caught.value.got == name


def test_settings_come_back_from_a_run_and_from_a_file_as_they_were(tmp_path: Path) -> None:
    assert settings_from(json.loads(json.dumps(asdict(ESSEX)))) == ESSEX
    patched = replace(ESSEX, patches={"The Quay": ("E01021988",)}, branding={"name": "A", "colour": "#000000"})
    write_settings(tmp_path, patched)
    read = read_settings(tmp_path)
    assert (read.title, read.smallest_change, read.patches) == (patched.title, patched.smallest_change, patched.patches)
    write_settings(tmp_path / "again", read)
    assert read_settings(tmp_path / "again") == read


def test_a_run_that_knew_of_no_smallest_change_is_still_read() -> None:
    record = asdict(ESSEX)
    del record["smallest_change"]
    assert settings_from(record).smallest_change == {}


@pytest.mark.parametrize("value", ["0", "-1", "true", "'2'", "nan", "inf", "[1]"])
def test_a_value_that_is_no_number_above_zero_is_refused(tmp_path: Path, value: str) -> None:
    (tmp_path / FILE).write_text(f'county = "E10000012"\n[smallest_change]\nadult-obesity = {value}\n', encoding="utf-8")
    with pytest.raises(InputError, match="must be a number above 0") as caught:
        read_settings(tmp_path)
    assert caught.value.where == f"{FILE}, [smallest_change]"
    assert "adult-obesity" in caught.value.got
