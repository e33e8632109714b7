"""The shipped catalogue loads whole, and a broken file is named with every fault at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from levelup.catalogue import load
from levelup.catalogue.load import HOME, load_catalogue
from levelup.terms.errors import CatalogueError
from levelup.terms.polarity import Polarity


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped catalogue's YAML that a test may break."""
    target = tmp_path / "catalogue"
    shutil.copytree(HOME, target, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.md"))
    return target


def faults_of(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert caught.value.code == "catalogue"
    return str(caught.value)


def test_shipped_catalogue_holds_every_part() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.indicators) >= 120
    assert set(catalogue.frameworks) == {
        "everyones-essex", "levelling-up-missions", "local-outcomes-framework", "marmot", "ten-principles",
    }  # fmt: skip
    assert list(catalogue.topics)[0] == "early-years"
    assert load_catalogue() is catalogue


def test_one_entry_is_read_as_it_is_written() -> None:
    catalogue = load_catalogue()
    entry = catalogue.indicators["adult-obesity"]
    assert entry.polarity is Polarity.LESS
    assert entry.bounds == (0.0, 100.0)
    assert entry.partner == "healthy-life-expectancy"
    assert entry.cohorts == ("all",)
    assert entry.series[0].where["dataset"] == ("adult-obesity-prevalence",)
    assert entry.series[0].scale == 1.0
    numbers = catalogue.sources["dfe-lait"].options["place_codes"]
    assert isinstance(numbers, dict)
    assert numbers["place"]["881"] == "E10000012"


def test_frameworks_have_their_published_shape() -> None:
    frameworks = load_catalogue().frameworks
    essex = frameworks["everyones-essex"].goals
    aims = [goal for goal in essex if not goal.parent]
    assert (len(aims), len(essex) - len(aims)) == (4, 20)
    assert all(sum(goal.parent == aim.id for goal in essex) == 5 for aim in aims)
    assert len(frameworks["ten-principles"].goals) == 10
    assert len(frameworks["levelling-up-missions"].goals) == 12
    assert len(frameworks["local-outcomes-framework"].goals) == 16
    assert len(frameworks["marmot"].goals) == 8
    states = {goal.status for goal in frameworks["local-outcomes-framework"].goals}
    assert states == {"placeholder", "annual-lag"}


def test_deprivation_is_held_to_order_places_only() -> None:
    catalogue = load_catalogue()
    assert {"imd-2025", "imd-2019", "imd-2015", "deprivation-income-2019", "imd-2025-lsoa", "imd-2019-lsoa"} <= set(
        catalogue.stratifiers
    )
    assert all(catalogue.stratifiers[key].high_is == "disadvantaged" for key in catalogue.stratifiers if key.startswith("imd-"))
    assert not [key for key in catalogue.indicators if key.startswith(("imd-", "deprivation-"))]


def test_unknown_missing_and_wrong_fields_come_together(copy: Path) -> None:
    (copy / "indicators" / "adult-obesity.yaml").write_text("id: adult-obesity\npolarity: sideways\nbounds: [0]\ncolour: red\n")
    (copy / "sources" / "dfe-lait.yaml").write_text("id: dfe-lait\ncolumns: [a]\n")
    message = faults_of(copy)
    assert (
        "indicators/adult-obesity.yaml: `polarity` must be one of more-is-better, less-is-better, nearer-zero-is-better"
        in message
    )
    assert "indicators/adult-obesity.yaml: `bounds` must be a list of two" in message
    assert "indicators/adult-obesity.yaml: `name` must be given" in message
    assert "indicators/adult-obesity.yaml: `colour` must be a known field" in message
    assert "sources/dfe-lait.yaml: `columns` must be a mapping" in message


@pytest.mark.parametrize("missing", ["polarity", "source", "uncertainty", "unit", "saturates"])
def test_an_indicator_without_a_field_it_needs_is_refused(copy: Path, missing: str) -> None:
    path = copy / "indicators" / "adult-obesity.yaml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{missing}:")]
    path.write_text("\n".join(kept))
    assert f"indicators/adult-obesity.yaml: `{missing}` must be" in faults_of(copy)


def test_an_unknown_unit_is_refused_with_the_known_ones(copy: Path) -> None:
    path = copy / "indicators" / "adult-obesity.yaml"
    path.write_text(path.read_text().replace("unit: percent\n", "unit: furlongs\n"))
    message = faults_of(copy)
    assert "furlongs" in message and "percent" in message


def test_an_id_that_is_not_the_files_name_is_refused(copy: Path) -> None:
    (copy / "indicators" / "adult-obesity.yaml").rename(copy / "indicators" / "obesity.yaml")
    assert "indicators/obesity.yaml: id must be the file's name. Got 'adult-obesity'." in faults_of(copy)


def test_an_id_used_twice_in_a_list_is_refused(copy: Path) -> None:
    path = copy / "publishers.yaml"
    path.write_text(path.read_text() + '- {id: ons, name: Again, short: A, address: "https://example.org"}\n')
    assert "id must be used once. Got 'ons' again." in faults_of(copy)


def test_text_that_is_no_yaml_is_named(copy: Path) -> None:
    (copy / "topics.yaml").write_text("a: [1, 2\n")
    (copy / "licences.yaml").write_bytes(b"\xff\xfe\x00")
    message = faults_of(copy)
    assert "topics.yaml: must be YAML in UTF-8" in message
    assert "licences.yaml: must be YAML in UTF-8" in message


def test_a_missing_list_and_a_list_of_the_wrong_kind_are_named(copy: Path) -> None:
    (copy / "publishers.yaml").unlink()
    (copy / "stratifiers.yaml").write_text("id: one\n")
    message = faults_of(copy)
    assert "publishers.yaml: must exist and be readable" in message
    assert "stratifiers.yaml: must be a list of entries" in message


def test_an_entry_that_is_no_mapping_is_named(copy: Path) -> None:
    (copy / "frameworks" / "marmot.yaml").write_text("- a\n- b\n")
    assert "frameworks/marmot.yaml: must be a mapping of field names to values" in faults_of(copy)


def test_a_map_of_places_that_does_not_exist_is_named(copy: Path) -> None:
    path = copy / "sources" / "dfe-lait.yaml"
    path.write_text(path.read_text().replace("place: dfe-number", "place: dfe-letters"))
    assert "must name a file of place_codes. Got 'dfe-letters'." in faults_of(copy)


def test_an_oversized_file_is_not_read(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_LIMIT", 100)
    assert "must be smaller than" in faults_of(copy)
