"""Charts are drawn where the figures are, say what they show, and tell nothing by colour alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from levelup.publish.chart import Bar, Guide, Line, axis_text, draw_counts, draw_moves, draw_places, draw_split, draw_trend
from levelup.publish.strip import Strip, draw_spark, draw_strip
from levelup.publish.svg import SHAPES, linear, mark, spread, ticks, whisker_across, wrap
from levelup.terms.polarity import Polarity
from levelup.terms.unit import unit_of

PERCENT = unit_of("percent")
LINES = (
    Line("Mudwick", ((2016.5, 70.0, 68.0, 72.0), (2020.5, 74.0, 72.0, 76.0), (2024.5, 80.0, 78.0, 82.0))),
    Line("The rest of Exampleshire", ((2016.5, 84.0, None, None), (2024.5, 85.0, None, None))),
)
DATES = ((2016.5, "2016"), (2020.5, "2020"), (2024.5, "2024"))
BARS = (Bar("Mudwick", 7.4, 6.8, 8.0, "7.4%"), Bar("Fairlea", 3.2, 2.6, 3.8, "3.2%"), Bar("Ottering", None, None, None, "[c]"))


def parts(drawing: str) -> ElementTree.Element:
    """Return a drawing's tree; it must be well-formed."""
    return ElementTree.fromstring(drawing)


def across(drawing: str) -> list[float]:
    """Return where the circles of a drawing stand, left to right in their order."""
    return [float(found) for found in re.findall(r'<circle class="m1" cx="([\d.]+)"', drawing)]


def test_a_trend_names_every_series_and_gives_each_its_own_mark() -> None:
    drawing = draw_trend(LINES, unit=PERCENT, dates=DATES, label="Mudwick rose.")
    tree = parts(drawing)
    assert tree.attrib["role"] == "img" and tree.attrib["aria-label"] == "Mudwick rose."
    texts = [item.text for item in tree.iter("text")]
    assert "Mudwick" in texts and "Exampleshire" in texts and "2024" in texts
    assert drawing.count('class="w1"') == 3 and 'class="w2"' not in drawing
    assert "circle" in drawing and drawing.count('class="m2"') == 3


def test_a_trend_stays_on_its_board() -> None:
    tree = parts(draw_trend(LINES, unit=PERCENT, dates=DATES, label="x"))
    wide, tall = (float(number) for number in tree.attrib["viewBox"].split()[2:])
    for item in tree.iter("text"):
        assert 0 <= float(item.attrib["x"]) <= wide and 0 <= float(item.attrib["y"]) <= tall


def test_no_line_is_drawn_across_a_break() -> None:
    broken = Line("Mudwick", LINES[0].points, breaks=(2022.0,))
    drawing = draw_trend((broken,), unit=PERCENT, dates=DATES, label="x")
    path = re.findall(r'<path class="l1" d="([^"]+)"', drawing)
    assert len(path) == 1 and path[0].count("L") == 1
    assert 'class="br"' in drawing


def test_nothing_is_drawn_from_nothing() -> None:
    assert draw_trend((Line("Mudwick", ()),), unit=PERCENT, dates=(), label="x") == ""
    assert draw_places((BARS[2],), unit=PERCENT, guides=(), polarity=Polarity.MORE, label="x") == ""
    assert draw_counts([("levelled up", 0, 0, 0)], label="x") == ""
    assert draw_spark([(2024.0, 1.0, None, None)], other=(), label="x") == ""


@pytest.mark.parametrize(("polarity", "left"), [(Polarity.MORE, "Fairlea"), (Polarity.LESS, "Mudwick")])
def test_right_is_better_whichever_way_the_indicator_runs(polarity: Polarity, left: str) -> None:
    drawing = draw_places(BARS, unit=PERCENT, guides=(), polarity=polarity, label="x")
    mudwick, fairlea = across(drawing)
    assert (mudwick < fairlea) is (left == "Mudwick")
    low = draw_strip(Strip(7.4, None, None, (3.2,), ()), polarity=polarity, label="x")
    assert (across(low)[0] < 150) is (left == "Mudwick")


def test_places_show_comparators_marks_and_missing_figures() -> None:
    guides = (Guide("Exampleshire 5.1%", 5.1), Guide("Nation 4.3%", 4.3))
    drawing = draw_places(BARS, unit=PERCENT, guides=guides, polarity=Polarity.LESS, label="x")
    texts = [item.text for item in parts(drawing).iter("text")]
    assert "[c]" in texts and "Exampleshire 5.1%" in texts and "Nation 4.3%" in texts
    assert drawing.count('class="w1"') == 2
    assert 'class="v2"' in drawing and 'class="v3"' in drawing


def test_an_earlier_date_is_an_open_mark() -> None:
    drawing = draw_places(
        (Bar("Mudwick", 7.4, None, None, "7.4%", before=5.1),), unit=PERCENT, guides=(), polarity=Polarity.LESS, label="x"
    )
    assert 'class="mo"' in drawing


def test_moves_stand_on_either_side_of_no_change() -> None:
    rows = (Bar("Lower", -2.0, -3.0, -1.0, "2.0 worse", 1), Bar("Upper", 2.0, 1.0, 3.0, "2.0 better", 2))
    drawing = draw_moves(rows, unit=PERCENT, ends=("worse", "better"), label="x")
    zero = float(re.findall(r'class="ax" d="M([\d.]+)', drawing)[0])
    assert across(drawing)[0] < zero
    assert "no change" in drawing


def test_a_split_is_drawn_only_where_both_ends_took_part() -> None:
    assert draw_split(1.1, lower="A", upper="B", label="x") == ""
    assert draw_split(-0.1, lower="A", upper="B", label="x") == ""
    drawing = draw_split(0.92, lower="Mudwick", upper="the rest", label="x")
    texts = " ".join(item.text or "" for item in parts(drawing).iter("text"))
    assert "92% from Mudwick improving" in texts and "8% from the rest getting worse" in texts


def test_certainty_is_told_by_height_as_well_as_colour() -> None:
    drawing = draw_counts([("levelled up", 3, 2, 0), ("not enough evidence", 0, 0, 4)], label="x")
    assert 'class="f1"' in drawing and "v18" in drawing
    assert 'class="f4"' in drawing and "v8" in drawing
    assert 'class="f5"' in drawing


def test_a_strip_holds_peers_comparators_and_the_interval() -> None:
    strip = Strip(62.0, 59.0, 65.0, (55.0, 73.0), ((2, 67.0), (3, 69.0), (4, 68.0)))
    drawing = draw_strip(strip, polarity=Polarity.MORE, label="Mudwick & others")
    assert parts(drawing).attrib["aria-label"] == "Mudwick & others"
    assert drawing.count("h0") == 2 and 'class="w1"' in drawing
    assert all(f'class="m{tone}"' in drawing for tone in (1, 2, 3, 4))


def test_a_history_has_a_band_and_the_comparator() -> None:
    points = [(2016.0, 70.0, 68.0, 72.0), (2024.0, 80.0, 78.0, 82.0)]
    drawing = draw_spark(points, other=[(2016.0, 75.0), (2024.0, 76.0)], label="x")
    assert all(f'class="{kind}"' in drawing for kind in ("bd", "l1", "l2", "m1"))
    assert parts(drawing).tag == "svg"


def test_labels_are_escaped() -> None:
    drawing = draw_trend((Line("<b>A & B</b>", LINES[0].points),), unit=PERCENT, dates=DATES, label='"quoted" <tag>')
    assert "<b>" not in drawing and "&lt;b&gt;A" in drawing
    assert parts(drawing).attrib["aria-label"] == '"quoted" <tag>'


def test_pieces_by_hand() -> None:
    assert ticks(0.0, 1.0, count=4) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert ticks(5.0, 5.0, count=4)[0] <= 5.0
    assert linear(2.0, 2.0, start=0.0, end=10.0)(7.0) == 5.0
    assert spread([10.0, 11.0], gap=[10.0, 10.0], low=0.0, high=40.0) == [10.0, 20.0]
    assert wrap("one two three four", width=7, lines=2) == ["one two", "three\N{HORIZONTAL ELLIPSIS}"]
    assert axis_text(-5.0, unit=unit_of("pounds"), step=5.0) == "\N{MINUS SIGN}£5"
    assert axis_text(0.5, unit=PERCENT, step=0.5) == "0.5%"
    assert len({mark(shape, 5, 5, radius=3, kind="m1") for shape in SHAPES}) == len(SHAPES)
    assert whisker_across(5.0, 1.0, 9.0, kind="w1").startswith('<path class="w1" d="M1 2v6')
