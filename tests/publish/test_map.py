"""A map's areas are links with a name and a value in text; classes are equal steps; a missing figure has none."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from levelup.publish.map import Area, class_bounds, class_of, draw_locator, draw_map, map_keys, outline_box
from levelup.publish.publication import Publication

OUTLINES = {"a": "M0 0l100 0 0 90 -100 0z", "b": "M100 0l100 0 0 90 -100 0z", "c": "M105 10l12 0 0 10 -12 0z"}
BOX = "0 0 200 90"
AREAS = (
    Area("a", "Mudwick", 10.0, "10.0%", "../places/a.html"),
    Area("b", "Fairlea & District", 20.0, "20.0%", "../places/b.html"),
    Area("c", "Ottering", None, "[c]", "../places/c.html"),
)


def test_every_area_is_a_link_with_name_and_value() -> None:
    tree = ElementTree.fromstring(draw_map(AREAS, outlines=OUTLINES, view_box=BOX, label="A map"))
    links = list(tree.iter("a"))
    assert [link.attrib["aria-label"] for link in links] == ["Mudwick: 10.0%", "Fairlea & District: 20.0%", "Ottering: [c]"]
    assert [link.attrib["href"] for link in links] == [area.link for area in AREAS]
    texts = [item.text for item in tree.iter("text")]
    assert {"Mudwick", "10.0%", "Ottering", "[c]"} <= set(texts)
    assert tree.attrib["role"] == "group" and tree.attrib["aria-label"] == "A map"


def test_classes_are_equal_steps_and_a_missing_figure_has_none() -> None:
    bounds = class_bounds([0.0, 10.0])
    assert [class_of(value, bounds) for value in (0.0, 1.9, 2.0, 9.9, 10.0, None)] == [1, 1, 2, 5, 5, 0]
    assert class_of(4.0, class_bounds([4.0, 4.0])) == 3
    keys = map_keys(AREAS)
    assert [key.number for key in keys] == [1, 2, 3, 4, 5]
    assert sum(key.areas for key in keys) == 2
    drawing = draw_map(AREAS, outlines=OUTLINES, view_box=BOX, label="x")
    assert 'class="k1"' in drawing and 'class="k5"' in drawing and 'class="k0"' in drawing


def test_names_do_not_lie_over_each_other() -> None:
    drawing = draw_map(AREAS, outlines=OUTLINES, view_box=BOX, label="x")
    size = float(re.findall(r'font-size="([\d.]+)"', drawing)[0])
    placed = [(float(x), float(y), text) for x, y, text in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)<', drawing)]
    for index, (x1, y1, one) in enumerate(placed):
        for x2, y2, other in placed[index + 1 :]:
            apart = abs(y1 - y2) >= 0.9 * size or abs(x1 - x2) >= 0.5 * size * (len(one) + len(other)) / 2
            assert apart, (one, other)


def test_an_area_without_an_outline_is_left_to_the_list() -> None:
    assert draw_map(AREAS, outlines={}, view_box=BOX, label="x") == ""
    assert draw_map(AREAS, outlines=OUTLINES, view_box="", label="x") == ""
    assert draw_map(AREAS, outlines={"a": OUTLINES["a"]}, view_box=BOX, label="x").count("<a ") == 1


def test_the_box_of_an_outline_by_hand() -> None:
    assert outline_box("M10 20l30 0 0 -5 -30 0z") == (10.0, 15.0, 40.0, 20.0)
    assert outline_box("") == (0.0, 0.0, 0.0, 0.0)


def test_a_locator_marks_one_place(publication: Publication) -> None:
    outlines, box = publication.outlines, publication.view_box
    drawing = draw_locator("E07999901", outlines=outlines, view_box=box, label="Where Mudwick lies.")
    assert ElementTree.fromstring(drawing).attrib["aria-label"] == "Where Mudwick lies."
    assert drawing.count('class="k5"') == 1
    assert draw_locator("E10999901", outlines=outlines, view_box=box, label="x") == ""
