"""Pages of places: how is this place doing, against whom, and is it moving."""

from __future__ import annotations

from markupsafe import Markup

from levelup.catalogue.entry import Indicator
from levelup.publish.gap import Gap
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.map import Area, draw_locator, draw_map
from levelup.publish.page import (
    Desk,
    Page,
    csv_name,
    gap_row,
    point_cells,
    short_period,
    unit_label,
)
from levelup.publish.page_gaps import COLUMNS, NOTE
from levelup.publish.place_row import Row, place_comparators, place_row
from levelup.publish.sentence import say_masking, say_order
from levelup.publish.summary import tally
from levelup.publish.wording import inline
from levelup.terms.record import WORDS

FIRST = 3
"""How many indicators of a topic stand open; the others unfold."""


def build_places(desk: Desk) -> list[Page]:
    """Return the index of places and one page for the county and for each district."""
    publication = desk.publication
    codes = (publication.county.code, *publication.districts)
    return [_index(desk), *(_place(desk, code) for code in codes)]


def _index(desk: Desk) -> Page:
    publication = desk.publication
    rows, areas = [], []
    wanted = ("levelled up", "levelled down", "falling behind", "not enough evidence")
    for code in (publication.county.code, *publication.districts):
        counted = tally(gap.main for gap in desk.by_place.get(code, ()) if gap.kind in ("district", "county"))
        people = publication.population.get(code)
        rows.append(
            (
                Cell(desk.name(code), None, f"{code}.html", small=code),
                Cell(f"{people:,.0f}" if people else "[x]", round(people) if people else None),
                Cell(f"{counted.total:,}", counted.total),
                Cell(f"{counted.judged:,}", counted.judged),
                *(Cell(f"{counted.counts[word]:,}", counted.counts[word]) for word in wanted),
            )
        )
        areas.append(Area(code, desk.name(code), None, "", f"{code}.html"))
    heads = (
        Head("Place"),
        Head("People", figures=True),
        Head("Gaps followed", figures=True),
        Head("Judged", figures=True),
        *(Head(word.capitalize(), figures=True) for word in wanted),
    )
    grid = Grid(
        "Places in this report",
        heads,
        tuple(rows),
        "A district against the rest of the county, the county against its comparators. [x] not available.",
    )
    label = f"Map of the districts of {publication.county.name}; each is a link to its page."
    drawn = draw_map(
        [area for area in areas if area.code != publication.county.code],
        outlines=publication.outlines,
        view_box=publication.view_box,
        label=label,
    )
    csv, patches = csv_name("places"), _patches(desk)
    return Page(
        path="places/index.html",
        title="Places",
        template="places.html",
        section="places",
        context={
            "grid": grid,
            "csv_name": csv,
            "map": Markup(drawn),
            "order": say_order(publication),
            "county": publication.county.name,
            "patches": patches,
            "patches_csv": csv_name("places", "patches"),
        },
        tables={csv: grid} | ({csv_name("places", "patches"): patches} if patches else {}),
        description="The county and its districts: how each is doing, against whom, and whether it is moving.",
    )


def _patches(desk: Desk) -> Grid | None:
    """Return the gaps between named patches of small areas and the rest of the county; None where no patch is named."""
    gaps = [gap for found in desk.by_place.values() for gap in found if gap.kind == "patch"]
    return _list_grid(desk, "Named patches and the rest of the county", gaps) if gaps else None


def _place(desk: Desk, code: str) -> Page:
    publication = desk.publication
    name, is_county = desk.name(code), code == publication.county.code
    own = [gap for gap in desk.by_place.get(code, ()) if gap.kind == ("county" if is_county else "district")]
    for_all = {gap.indicator: gap for gap in reversed(own) if gap.cohort == "all"}
    sections, absent = _sections(desk, code, for_all)
    grid, csv, lists = _figures_grid(desk, code), csv_name("place", code, "figures"), _lists(desk, code, own)
    counted = tally(gap.main for gap in own)
    place = publication.places.get(code)
    context: dict[str, object] = {
        "code": code,
        "name": name,
        "is_county": is_county,
        "people": publication.population.get(code),
        "locator": Markup(_locator(desk, code)),
        "ended": place is not None and not place.is_current,
        "successors": [desk.name(item) for item in place.successors] if place else [],
        "standing": _standing(desk, code),
        "numbers": [(f"{counted.counts[word]:,}", word) for word in WORDS if counted.counts[word] and word != "not evaluable"],
        "counted": counted,
        "sections": sections,
        "absent": absent,
        "masked": _masked(desk, code),
        "legend": _legend(desk, code),
        "lists": lists,
        "grid": grid,
        "csv_name": csv,
        "others": [
            (desk.name(item), f"{item}.html") for item in (publication.county.code, *publication.districts) if item != code
        ],
        "neighbours": [desk.name(item) for item, role in publication.comparators.items() if is_county and role == "neighbour"],
    }
    return Page(
        path=f"places/{code}.html",
        title=name,
        template="place.html",
        section="places",
        context=context,
        crumbs=(("Places", "places/index.html"),),
        tables={csv: grid} | {file: listed for _, listed, file in lists},
        description=f"How {name} is doing, indicator by indicator, against whom, and whether it is moving.",
    )


def _locator(desk: Desk, code: str) -> str:
    publication = desk.publication
    label = f"Where {desk.name(code)} lies in {publication.county.name}."
    return draw_locator(code, outlines=publication.outlines, view_box=publication.view_box, label=label)


def _lists(desk: Desk, code: str, own: list[Gap]) -> list[tuple[str, Grid, str]]:
    """Return the place's other gaps as lists: title, table, download."""
    here = desk.by_place.get(code, ())
    found = (
        ("Across the districts", "districts", [gap for gap in here if gap.kind == "districts"]),
        ("Between groups of people", "groups", [gap for gap in here if gap.kind == "cohort"]),
        ("For one group of people, against its comparators", "crossed", [gap for gap in own if gap.cohort != "all"]),
    )
    return [
        (title, _list_grid(desk, f"{title}: {desk.name(code)}", gaps), csv_name("place", code, key))
        for title, key, gaps in found
        if any(gap.has_page for gap in gaps)
    ]


def _sections(desk: Desk, code: str, gaps: dict[str, Gap]) -> tuple[list[tuple[str, str, list[Row], list[Row]]], list[Indicator]]:
    """Return the rows of each topic, what can be judged first, as those that stand open and those folded; and what is absent."""
    sections, absent = [], []
    for topic, title in desk.publication.catalogue.topics.items():
        rows = []
        for indicator in desk.indicators:
            if indicator.topic != topic:
                continue
            row = place_row(desk, indicator, code, gaps.get(indicator.id))
            if row is None:
                absent.append(indicator)
            else:
                rows.append(row)
        rows.sort(key=lambda row: not row.judged)
        if rows:
            sections.append((title, topic, rows[:FIRST], rows[FIRST:]))
    return sections, absent


def _list_grid(desk: Desk, caption: str, gaps: list[Gap]) -> Grid:
    """Return a list of the gaps that have two dates, those that could be judged first."""
    shown = sorted((gap for gap in gaps if gap.has_page), key=lambda gap: not gap.main.is_judged)
    return Grid(caption, COLUMNS, tuple(gap_row(desk, gap, root="../") for gap in shown), NOTE, hide_caption=True)


def _standing(desk: Desk, code: str) -> str:
    """Return where the place stands in the order that fixes who is lower, in words."""
    publication = desk.publication
    if code not in publication.districts:
        return ""
    rank, count = publication.districts.index(code) + 1, len(publication.districts)
    which = (
        "the most deprived"
        if rank == 1
        else "the least deprived"
        if rank == count
        else f"number {rank} of {count} from the most deprived"
    )
    return (
        f"By {inline(publication.order_name)}, it is {which} of the districts of {publication.county.name}. "
        "The order decides only which side of a comparison is called lower."
    )


def _legend(desk: Desk, code: str) -> list[tuple[str, str]]:
    publication = desk.publication
    is_county = code == publication.county.code
    nation = desk.comparator("nation")
    found = [
        ("m1", desk.name(code)),
        ("pe", "Statistical neighbours" if is_county else f"Other districts of {publication.county.name}"),
    ]
    if not is_county:
        found.append(("m2", publication.county.name))
    if nation:
        found.append(("m3", desk.name(nation)))
    region = desk.comparator("region")
    return [*found, ("m4", desk.name(region))] if is_county and region else found


def _figures_grid(desk: Desk, code: str) -> Grid:
    publication = desk.publication
    compared = [place for _, place in place_comparators(desk, code)]
    rows = []
    for indicator in desk.indicators:
        track = desk.track(indicator.id, code)
        last = track.last if track else None
        if track is None or last is None:
            continue
        value, interval = point_cells(last, indicator)
        others = []
        for place in compared:
            other = desk.track(indicator.id, place)
            others.append(point_cells(other.at(last.period) if other else None, indicator)[0])
        rows.append(
            (
                Cell(indicator.name, None, f"../indicators/{indicator.id}.html"),
                Cell(short_period(last.period), last.period.iso),
                value,
                interval,
                *others,
                Cell(unit_label(indicator.unit)),
            )
        )
    heads = (
        Head("Indicator"), Head("Period"), Head(desk.name(code), figures=True), Head("95% interval", figures=True),
        *(Head(desk.name(place), figures=True) for place in compared), Head("Unit"),
    )  # fmt: skip
    return Grid(
        f"Latest figures for {desk.name(code)}, {publication.as_at}",
        heads,
        tuple(rows),
        "[c] confidential, [x] not available, [z] not applicable.",
    )


def _masked(desk: Desk, code: str) -> list[tuple[str, str]]:
    """Return the averages that hide a fall: for the county all of them, for a district those in which it is the one hidden."""
    found = []
    for gap in desk.by_place.get(desk.publication.county.code, ()):
        verdict = gap.main
        if gap.kind != "districts" or verdict.masking is None:
            continue
        hidden = {loser.subject.place for loser in verdict.masking.worsened}
        if code == desk.publication.county.code or code in hidden:
            said = say_masking(verdict.masking, verdict=verdict, indicator=desk.indicator(gap.indicator))
            found.append((said, f"../gaps/{gap.slug}.html"))
    return found
