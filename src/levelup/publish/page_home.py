"""The first page: are we levelling up, what is worst and worsening, what the average masks, and what could not be judged."""

from __future__ import annotations

from markupsafe import Markup

from levelup.publish.chart import draw_counts
from levelup.publish.gap import KINDS, Gap, slug_of
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import Desk, Figure, Page, csv_name, move_text, window_text
from levelup.publish.sentence import MEANINGS, say_expected_false, say_masking, say_title
from levelup.publish.summary import (
    Concern,
    Tally,
    covered_years,
    described_worsening,
    judged_indicators,
    masked_as_published,
    masked_by_average,
    not_judged,
    tally,
    worst_and_worsening,
)
from levelup.publish.wording import capital, inline
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.record import WORDS, Verdict

SHOWN = 10
"""How many of the worst and worsening the first page lists before it links to all of them."""


def build_home(desk: Desk) -> Page:
    """Return the first page."""
    publication = desk.publication
    counted = tally(gap.main for gap in desk.gaps)
    concerns = worst_and_worsening(publication)
    hidden = masked_by_average(publication)
    words = words_figure(desk, counted, title=_finding(counted), key="words", csv=csv_name("home", "words"), root="")
    worst = concern_grid(desk, concerns[:SHOWN], root="")
    everyone = concern_grid(desk, concerns, root="../")
    kinds, windows = _kinds_grid(desk), _windows_grid(desk)
    absences = absences_grid(desk, root="")
    masked = [
        (say_masking(v.masking, verdict=v, indicator=desk.indicator(v.indicator)), slug)
        for v, slug in _with_slugs(desk, hidden)
        if v.masking
    ]
    context: dict[str, object] = {
        "lead": _lead(desk, counted),
        "numbers": _numbers(counted),
        "words": words,
        "windows": windows,
        "turned": sum(gap.main.word == "levelled up" and bool(gap.otherwise) for gap in desk.gaps),
        "risen": counted.counts["levelled up"],
        "windows_csv": csv_name("home", "windows"),
        "expected": say_expected_false(publication),
        "worst": worst,
        "worst_csv": csv_name("worst-and-worsening"),
        "worst_count": len(concerns),
        "worst_established": sum(item.certainty == "established" for item in concerns),
        "described": len(described_worsening(publication)),
        "masked": masked,
        "masked_as_published": [
            (say_masking(v.masking, verdict=v, indicator=desk.indicator(v.indicator)), slug)
            for v, slug in _with_slugs(desk, masked_as_published(publication))
            if v.masking
        ],
        "kinds": kinds,
        "kinds_csv": csv_name("home", "kinds"),
        "absences": absences,
        "absences_csv": csv_name("home", "not-judged"),
        "refused": counted.total - counted.judged,
        "ways": _ways(desk),
    }
    return Page(
        path="index.html",
        title=say_title(publication),
        template="home.html",
        section="home",
        context=context,
        tables={
            words.csv: words.grid,
            csv_name("worst-and-worsening"): everyone,
            csv_name("home", "kinds"): kinds,
            csv_name("home", "windows"): windows,
            csv_name("home", "not-judged"): absences,
        },
        description=_lead(desk, counted),
    )


def _lead(desk: Desk, counted: Tally) -> str:
    years = covered_years(desk.publication)
    when = f" between {years[0]} and {years[1]}" if years else ""
    judged = len(judged_indicators(desk.publication))
    county = desk.publication.county.name
    followed = len({gap.indicator for gap in desk.gaps})
    return (
        f"This report follows {counted.total:,} gaps in {followed:,} indicators for {county}{when}: "
        f"between its districts, between groups of people, and between the county and its comparators. "
        f"{counted.judged:,} gaps in {judged:,} "
        f"indicators could be judged, and {counted.worded:,} of them carry a word for what happened."
    )


def _ways(desk: Desk) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the ways in: by place, by group of people, by plan; each with its links."""
    publication = desk.publication
    places = [(desk.name(code), f"places/{code}.html") for code in (publication.county.code, *publication.districts)]
    held = {name for tracks in desk.tracks.values() for _, cohort in tracks for name, _ in parse_cohort(cohort).parts}
    people = [(capital(item.label), f"people/{key}.html") for key, item in CHARACTERISTICS.items() if key in held]
    plans = [
        (framework.title, f"indicators/framework-{framework.id}.html") for framework in publication.catalogue.frameworks.values()
    ]
    return [
        (head, links)
        for head, links in (("By place", places), ("By group of people", people), ("By plan or framework", plans))
        if links
    ]


def _finding(counted: Tally) -> str:
    """Return the title of the tally: how many narrowed by which route."""
    up, down = counted.counts["levelled up"], counted.counts["levelled down"]
    none = counted.counts["not enough evidence"]
    return f"Over the longest window {up:,} gaps levelled up, {down:,} levelled down; for {none:,} there is not enough evidence"


def _numbers(counted: Tally) -> list[tuple[str, str, str]]:
    wanted = ("levelled up", "levelled down", "falling behind", "not enough evidence")
    return [(f"{counted.counts[word]:,}", word, f"gaps/word-{slug_of(word)}.html") for word in wanted]


def words_figure(desk: Desk, counted: Tally, *, title: str, key: str, csv: str, root: str) -> Figure:
    """Return the tally of verdict words as a chart with its table."""
    rows = []
    for word in WORDS:
        each = (counted.established[word], counted.likely[word], counted.firm[word])
        link = f"{root}gaps/word-{slug_of(word)}.html" if counted.counts[word] else ""
        rows.append(
            (
                Cell("", word, link, tag=word, small=MEANINGS[word]),
                Cell(f"{counted.counts[word]:,}", counted.counts[word]),
                *(Cell(f"{number:,}" if _is_settled(word) else "[z]", number if _is_settled(word) else None) for number in each),
            )
        )
    heads = (
        Head("Verdict"),
        Head("Gaps", figures=True),
        Head("Established", figures=True),
        Head("Likely", figures=True),
        Head("Established, all comparisons allowed for", figures=True),
    )
    note = (
        "Each gap counts once, by the longest window that could be judged. "
        "Established and likely: each comparison on its own. [z] not applicable."
    )
    grid = Grid("How every gap moved", heads, tuple(rows), note)
    judged = [word for word in WORDS if _is_settled(word) or word == "not enough evidence"]
    bars = [
        (
            word,
            counted.established[word],
            counted.likely[word],
            counted.counts[word] - counted.established[word] - counted.likely[word],
        )
        for word in judged
    ]
    summary = "; ".join(f"{word} {counted.counts[word]:,}" for word in judged if counted.counts[word])
    summary += f". A further {counted.total - counted.judged:,} gaps could not be judged, for the reasons given below"
    return Figure(
        key,
        title,
        f"Number of judged gaps by verdict, {desk.publication.county.name}, longest window of each. "
        "Tall bar: established. Low bar: likely. Outline: no word.",
        capital(summary) + ".",
        Markup(draw_counts(bars, label=capital(summary) + ".")),
        "Source: the releases listed under Data and coverage; verdicts worked out in this report.",
        grid,
        csv,
    )


def _is_settled(word: str) -> bool:
    return word not in ("not enough evidence", "not comparable", "not evaluable")


def concern_grid(desk: Desk, concerns: tuple[Concern, ...], *, root: str) -> Grid:
    """Return the worst and worsening as a table: who, in what, over which window, how far it fell, the verdict."""
    rows = []
    for item in concerns:
        indicator = desk.indicator(item.gap.indicator)
        rows.append(
            (
                Cell(capital(item.subject.label), None, f"{root}gaps/{item.gap.slug}.html", small=indicator.name),
                Cell("; ".join(_against(gap, item) for gap in item.against)),
                Cell(window_text(item.verdict)),
                Cell(move_text(item.verdict, item.end, indicator)),
                Cell("", item.verdict.word, tag=item.verdict.word),
                Cell(item.certainty),
            )
        )
    heads = (
        Head("Who"),
        Head("Worse than"),
        Head("Window"),
        Head("What happened"),
        Head("Verdict on the gap"),
        Head("Certainty of the fall"),
    )
    note = "Established falls first, then by deprivation and topic. The order is no ranking."
    return Grid("Worse than the comparator and getting worse", heads, tuple(rows), note)


def _against(gap: Gap, concern: Concern) -> str:
    """Return what a subject stands worse than, without repeating the group that both sides belong to."""
    lower, upper, who = gap.main.lower, gap.main.upper, concern.subject
    if (lower.place, lower.cohort) == (who.place, who.cohort) and lower.label != upper.label and gap.kind != "districts":
        text = upper.label
    elif (upper.place, upper.cohort) == (who.place, who.cohort) and gap.kind != "districts":
        text = lower.label
    else:
        text = upper.label if concern.end == "lower" else lower.label
    return text.replace(f" ({parse_cohort(who.cohort).label})", "")


def _with_slugs(desk: Desk, verdicts: tuple[Verdict, ...]) -> list[tuple[Verdict, str]]:
    slugs = {verdict.id: gap.slug for gap in desk.gaps for verdict in gap.verdicts}
    return [(verdict, slugs[verdict.id]) for verdict in verdicts]


def _kinds_grid(desk: Desk) -> Grid:
    """Return how many gaps of each kind carry each group of words."""
    rows = []
    for kind, title in KINDS.items():
        counted = tally(gap.main for gap in desk.gaps if gap.kind == kind)
        counts = [counted.counts[word] for word in WORDS]
        link = f"gaps/kind-{kind}.html" if counted.total else ""
        rows.append((Cell(title, None, link), *(Cell(f"{count:,}", count) for count in (counted.total, *counts))))
    heads = (Head("Kind of gap"), Head("All", figures=True), *(Head(capital(word), figures=True) for word in WORDS))
    return Grid("Verdicts by kind of gap", heads, tuple(rows))


def _windows_grid(desk: Desk) -> Grid:
    """Return the words of all verdicts by the length of their window: what happened lately may differ from the long run."""
    held = {verdict.window for gap in desk.gaps for verdict in gap.verdicts}
    windows = [window for window in desk.publication.windows if window in held]
    tallies = [tally(v for gap in desk.gaps for v in gap.verdicts if v.window == window) for window in windows]
    rows = []
    for word in WORDS:
        counts = [counted.counts[word] for counted in tallies]
        rows.append((Cell("", word, tag=word), *(Cell(f"{count:,}", count) for count in counts)))
    note = "Every window of every gap. A whole series that is as long as one of the other windows counts under that one."
    return Grid(
        "The same gaps by window", (Head("Verdict"), *(Head(window, figures=True) for window in windows)), tuple(rows), note
    )


def absences_grid(desk: Desk, *, root: str) -> Grid:
    """Return why gaps were not judged, how many, in which indicators, and what would lift it."""
    rows = []
    for absence in not_judged(desk.publication):
        names = [inline(desk.indicator(key).name) for key in absence.indicators]
        some = "; ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        lift = absence.example.refusal.next if absence.example.refusal else ""
        rows.append(
            (
                Cell(absence.meaning, None, f"{root}method/index.html#refusals", small=some),
                Cell(f"{absence.gaps:,}", absence.gaps),
                Cell(f"{len(names):,}", len(names)),
                Cell(lift),
            )
        )
    heads = (Head("Reason"), Head("Gaps", figures=True), Head("Indicators", figures=True), Head("What would lift it"))
    return Grid("What could not be judged, and why", heads, tuple(rows))
