"""Publishers' period labels are read by the rule their source and series declare."""

from __future__ import annotations

import pytest

from levelup.catalogue.label import period_of, rule_of
from levelup.catalogue.load import load_catalogue
from levelup.terms.errors import InputError


@pytest.mark.parametrize(
    ("label", "rule", "iso"),
    [
        ("2022-01-01/P3Y", {"kind": "iso"}, "2022-01-01/P3Y"),
        ("1998", {"kind": "iso"}, "1998-01-01/P1Y"),
        ("anything", {"kind": "fixed", "value": "2021-03-21"}, "2021-03-21"),
        ("2024", {"kind": "academic"}, "2023-09-01/P1Y"),
        ("201819", {"kind": "academic"}, "2018-09-01/P1Y"),
        ("2015-16", {"kind": "academic"}, "2015-09-01/P1Y"),
        ("2017 to 2018", {"kind": "financial"}, "2017-04-01/P1Y"),
        ("2021/22 (p)", {"kind": "financial"}, "2021-04-01/P1Y"),
        ("2014-16", {"kind": "rolling"}, "2014-01-01/P3Y"),
        ("December 2021 (r)", {"kind": "month"}, "2021-12-01/P1M"),
        ("2025 (Rev)", {"kind": "academic"}, "2024-09-01/P1Y"),
        ("2016", {"kind": "point", "day": "08-31"}, "2016-08-31"),
        ("2025", {"kind": "span", "start": "12-01", "months": "3", "back": "1"}, "2024-12-01/P3M"),
    ],
)
def test_labels_as_publishers_print_them(label: str, rule: dict[str, str], iso: str) -> None:
    assert period_of(label, rule=rule).iso == iso


@pytest.mark.parametrize(
    ("label", "rule", "words"),
    [
        ("0", {"kind": "point", "day": "03-31"}, "must begin with a year"),
        ("2024", {"kind": "point"}, "must state 'day'"),
        ("2024", {"kind": "fixed"}, "must state 'value'"),
        ("2024", {"kind": "lunar"}, "period rule must be one of"),
        ("2024", {"kind": "indicator"}, "period rule must be one of"),
        ("soon", {"kind": "academic"}, "label must be"),
    ],
)
def test_a_label_or_rule_that_cannot_be_read_is_refused(label: str, rule: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        period_of(label, rule=rule)


def test_the_rule_comes_from_source_then_indicator_then_series() -> None:
    catalogue = load_catalogue()
    lait, els = catalogue.sources["dfe-lait"], catalogue.sources["ons-els"]
    attainment = catalogue.indicators["attainment-8"]
    assert rule_of(lait, attainment, attainment.series[0])["kind"] == "academic"
    point = catalogue.indicators["participation-16-17-by-need"]
    assert rule_of(lait, point, point.series[0]) == {"kind": "point", "day": "03-31"}
    obesity = catalogue.indicators["adult-obesity"]
    assert rule_of(els, obesity, obesity.series[0]) == {"kind": "iso"}
