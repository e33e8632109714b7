"""Writes docs/reference from the catalogue, the reading cards, the commands' help, the tables and the codes.

`python docs/generate.py` writes the pages; `--check` writes nothing and fails where a page is not what it would be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from levelup import __version__
from levelup.catalogue.entry import Catalogue, Framework, Goal, Indicator, Source
from levelup.catalogue.load import load_catalogue
from levelup.cli.main import COMMANDS, cli
from levelup.measures.card import Card, default_of, example_of, needed
from levelup.measures.listing import KINDS, SECTIONS, use_of
from levelup.measures.registry import MEASURES
from levelup.measures.roles import LABELS, OPTIONS, ROLES, option_of
from levelup.publish import opendata_columns
from levelup.publish.tabular import Column
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import CODES, REFUSALS
from levelup.terms.record import SHORTHAND
from levelup.terms.unit import UNITS

HOME = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py. Change what it is made from, then run `make docs`. -->"
HELP_WIDTH = 100
LABEL_NOTE = "; texts, not figures"
POLARITIES = {
    "more-is-better": "more is better",
    "less-is-better": "less is better",
    "nearer-zero-is-better": "nearer zero is better",
}
UNCERTAINTIES = {
    "published-interval": "a published 95% interval",
    "counts": "published counts",
    "none": "not published: described, never judged",
}


def cell(text: object) -> str:
    """Return a text as the cell of a Markdown table."""
    return " ".join(str(text).replace("|", "\\|").split())


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell(item) for item in line)} |" for line in lines)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a list of named facts, those without a text left out."""
    return "\n".join(f"* **{name}**: {cell(text)}" for name, text in pairs if text)


def page(title: str, *parts: str) -> str:
    """Return a page: the note, the title, the parts that hold anything."""
    return "\n\n".join([NOTE, f"# {title}", *(part for part in parts if part)]) + "\n"


def commands() -> str:
    """Return the page of the commands, from their own help."""
    parts = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        context = click.Context(command, info_name=f"levelup {name}", max_content_width=HELP_WIDTH, terminal_width=HELP_WIDTH)
        parts.append(f"## levelup {name}\n\n```text\n{command.get_help(context)}\n```")
    codes = table(
        ("exit code", "meaning"),
        [
            (0, "done; a refusal is an answer, and ends with 0 too"),
            (1, "something to mend: an argument, a file, a table with faults"),
            (2, "a guard rail or a check failed: `check`, `verify`, or a rule of the house"),
        ],
    )
    opening = (
        "`levelup COMMAND --help` prints the same. Every command takes `--json`, but for `serve`. "
        "Each is also a method of the workspace in Python: `levelup.Workspace`."
    )
    return page("Commands", opening, codes, *parts)


def measures() -> str:
    """Return the page of the measures, from their reading cards."""
    opening = (
        "Find what you want to know in the tables below; each name leads to a card that says what the measure means, what it "
        "needs, and one command to begin with. `levelup measure NAME` prints the same card. A measure that compares subjects is "
        "on the good scale: bigger is always worse. One with several conventions in the literature is computed only when one is "
        "named, unless its card names the usual one. A measure that does not apply is refused, with the reason."
    )
    kinds = table(("kind", "what it is"), [(f"`{name}`", meaning) for name, meaning in KINDS.items()])
    words = [(f"`{option}`", f"{meaning}") for option, meaning in OPTIONS.values()]
    words += [(f"`{option_of(role)}`", ROLES[role] + LABEL_NOTE * (role in LABELS)) for role in ROLES]
    parts = [
        f"## Kinds\n\n{kinds}",
        "## What a column may be\n\nCOL is the heading of a column of your file. A card says which of "
        f"these its measure takes.\n\n{table(('what you type', 'what the column holds'), words)}",
    ]
    return page(
        "Measures of inequality",
        opening,
        *(section(title) for title in SECTIONS),
        *parts,
        *(measure(MEASURES[name].card) for name in MEASURES),
    )


def section(title: str) -> str:
    """Return the overview of one section's measures: when to use each, and what it needs."""
    cards = [MEASURES[name].card for name in SECTIONS[title]]
    listing = [
        (f"[{c.title}](#{c.name}) (`{c.name}`, {c.abbreviation})", use_of(c), ", ".join(needed(c)), f"{c.kind}, {c.scale}")
        for c in cards
    ]
    return f"## {title}\n\n{table(('measure', 'use it when you want to know', 'needs', 'kind'), listing)}"


def measure(card: Card) -> str:
    """Return one measure's section."""
    low = "no lower limit" if card.low is None else f"{card.low:g}"
    high = "no upper limit" if card.high is None else f"{card.high:g}"
    weighing = "weighted by population" if card.weighted else "not weighted"
    ordering = "over ordered subjects" if card.ordered else "over subjects in any order"
    parts = [
        f"## {card.name}",
        f"**{card.title}** ({card.abbreviation}). {card.sentence}",
        facts(
            [
                ("Kind", f"{card.kind}, {card.scale}, {weighing}, {ordering}"),
                ("Also called", ", ".join(f"`{name}`" for name, _ in card.also_called)),
                ("One row", f"{card.row}; at least {card.least}"),
                ("Needs", ", ".join(needed(card))),
                ("Takes where given", ", ".join(card.uses)),
                ("At equality", "no such value" if card.equality is None else f"{card.equality:g}"),
                ("Range", f"{low} to {high}"),
                ("Sign", card.sign),
                ("Applies to", card.applicability),
                ("Interval", card.interval),
                ("Warning", card.warning),
                ("Source", f"{card.citation} <{card.address}>"),
            ]
        ),
        table(("convention", "what it does"), [(f"`{item.name}`", item.line) for item in card.conventions]),
    ]
    if card.usual:
        parts.append(f"Without `--convention` it is `{card.usual}`.")
    if card.parameters:
        rows = [(f"`{item.name}`", default_of(item), item.line) for item in card.parameters]
        parts.append(table(("parameter", "default", "meaning"), rows))
    parts.append(f"```text\n{example_of(card)}\n```")
    return "\n\n".join(parts)


def indicators(catalogue: Catalogue) -> str:
    """Return the page of the indicators, by topic."""
    judged = sum(item.uncertainty != "none" for item in catalogue.indicators.values())
    opening = (
        f"{len(catalogue.indicators)} indicators, of which {judged} are published with what it takes to judge a change. "
        "The others are described."
    )
    parts = []
    for topic, title in catalogue.topics.items():
        held = [item for item in catalogue.indicators.values() if item.topic == topic]
        if held:
            parts += [f"## {title}", *(indicator(item, catalogue) for item in held)]
    return page("Indicators", opening, *parts)


def indicator(item: Indicator, catalogue: Catalogue) -> str:
    """Return one indicator's section."""
    low, high = ("" if bound is None else f"{bound:g}" for bound in item.bounds)
    bounds = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else "none"
    named = f"its uncapped partner is [`{item.partner}`](#{item.partner})"
    partner = named if item.partner in catalogue.indicators else f"no uncapped partner is published: {item.partner_reason}"
    smallest = (
        "" if item.smallest_change is None else f"{item.unit.show_change(item.smallest_change)}. {item.smallest_change_reason}"
    )
    source = catalogue.sources[item.source]
    return "\n\n".join(
        [
            f"### {item.id}",
            f"**{item.name}.** {item.description}",
            facts(
                [
                    ("Unit", item.unit.label),
                    ("Good direction", POLARITIES[item.polarity.value]),
                    ("Bounds", bounds),
                    ("Uncertainty", UNCERTAINTIES[item.uncertainty]),
                    ("Saturates", f"yes; {partner}" if item.saturates else ""),
                    ("Cohorts", "; ".join(cohort_label(key) for key in item.cohorts)),
                    ("Places", ", ".join(item.levels)),
                    ("Periods", item.period_kind),
                    ("Breaks", "; ".join(f"{found.at}: {found.reason}" for found in item.breaks)),
                    ("Smallest change that matters", smallest),
                    ("State", "" if item.status == "live" else item.status),
                    ("Source", f"[{source.title}](sources.md#{source.id}), {catalogue.publishers[source.publisher].short}"),
                    ("Caveats", " ".join(item.caveats)),
                    ("References", " ".join(f"<{address}>" for address in item.references)),
                ]
            ),
        ]
    )


def cohort_label(key: str) -> str:
    """Return a cohort's label with its key."""
    return f"{parse_cohort(key).label} (`{key}`)"


def sources(catalogue: Catalogue) -> str:
    """Return the page of the sources, their publishers and licences."""
    publishers = table(
        ("publisher", "known as", "address"),
        [(item.name, item.short, f"<{item.address}>") for item in catalogue.publishers.values()],
    )
    licences = table(
        ("licence", "may be bundled", "attribution", "address"),
        [
            (item.name, "yes" if item.open else "no", item.attribution, f"<{item.address}>")
            for item in catalogue.licences.values()
        ],
    )
    strata = table(
        ("id", "name", "level", "orders places by"),
        [(f"`{item.id}`", item.name, item.level, item.description) for item in catalogue.stratifiers.values()],
    )
    return page(
        "Sources and licences",
        "Where every figure comes from and on what terms it may be used again.",
        f"## Publishers\n\n{publishers}",
        f"## Licences\n\n{licences}",
        f"## Rankings of places\n\nThey order subjects and are refused as outcomes.\n\n{strata}",
        "## Published files",
        *(source(item, catalogue) for item in catalogue.sources.values()),
    )


def source(item: Source, catalogue: Catalogue) -> str:
    """Return one source's section."""
    return "\n\n".join(
        [
            f"### {item.id}",
            f"**{item.title}.**",
            facts(
                [
                    ("Publisher", catalogue.publishers[item.publisher].name),
                    ("Licence", catalogue.licences[item.licence].name),
                    ("Holds", item.kind),
                    ("Edition", ", ".join(filter(None, (item.vintage, item.published and f"published {item.published}")))),
                    ("Address", f"<{item.address}>"),
                    ("Caveats", " ".join(item.caveats)),
                ]
            ),
        ]
    )


def frameworks(catalogue: Catalogue) -> str:
    """Return the page of the frameworks: headings and the indicators that speak to each."""
    opening = (
        "A framework arranges the indicators; a report can be read through any of them. A heading without an indicator says so."
    )
    return page("Frameworks", opening, *(framework(item) for item in catalogue.frameworks.values()))


def framework(item: Framework) -> str:
    """Return one framework's section, its headings indented below their parents."""
    lines = []

    def add(goal: Goal, depth: int) -> None:
        spoken = ", ".join(f"[`{name}`](indicators.md#{name})" for name in goal.indicators)
        state = "" if goal.status == "live" else f" ({goal.status})"
        below = [child for child in item.goals if child.parent == goal.id]
        tail = f": {spoken}" if spoken else "" if below else ": no indicator"
        lines.append(f"{'  ' * depth}* {cell(goal.title)}{state}{tail}" + (f". {cell(goal.note)}" if goal.note else ""))
        for child in below:
            add(child, depth + 1)

    for goal in item.goals:
        if not goal.parent:
            add(goal, 0)
    return "\n\n".join([f"## {item.title}", f"`{item.id}`. {item.owner}. <{item.reference}>", "\n".join(lines)])


def tables() -> str:
    """Return the page of the open data's tables, and of the units, groups and marks that stand in them."""
    held = {name.lower(): value for name, value in vars(opendata_columns).items() if name.isupper() and is_columns(value)}
    parts = [f"## {name}\n\n{table(('column', 'title', 'what it holds'), rows(columns))}" for name, columns in held.items()]
    units = table(
        ("unit", "label", "natural bounds"), [(f"`{u.key}`", u.label, f"{show(u.low)} to {show(u.high)}") for u in UNITS.values()]
    )
    groups = table(
        ("characteristic", "called", "protected", "categories"),
        [
            (
                f"`{item.key}`",
                item.label,
                "yes" if item.protected else "",
                ", ".join([*(f"`{key}`" for key in item.categories), *(["those of the data"] if item.open else [])]),
            )
            for item in CHARACTERISTICS.values()
        ],
    )
    marks = table(("mark", "meaning"), [(f"[{mark}]", meaning) for mark, meaning in SHORTHAND.items()])
    return page(
        "Tables",
        "What the folder `data/` of a report holds: each table as CSV and Parquet, described by CSVW metadata beside it.",
        *parts,
        f"## Units\n\n{units}",
        "## Groups of people\n\nA cohort is written `characteristic=category`, several parted by `;`, everyone `all`.\n\n"
        + groups,
        f"## Marks\n\n{marks}",
    )


def is_columns(value: object) -> bool:
    """Return whether a value is a table's columns."""
    return isinstance(value, tuple) and bool(value) and all(isinstance(item, Column) for item in value)


def rows(columns: Iterable[Column]) -> list[tuple[str, str, str]]:
    """Return the columns of a table as rows of the page."""
    return [(f"`{column.name}`", column.title, column.description) for column in columns]


def show(bound: float | None) -> str:
    """Return a bound in words."""
    return "none" if bound is None else f"{bound:g}"


def errors() -> str:
    """Return the page of the error and refusal codes."""
    mended = table(("code", "meaning"), [(f"`{code}`", meaning) for code, meaning in CODES.items()])
    refused = table(("code", "meaning"), [(f"`{code}`", meaning) for code, meaning in REFUSALS.items()])
    return page(
        "Errors and refusals",
        "The codes are stable: scripts may rest on them.",
        "## Errors",
        "Something has to be mended. A message says the rule, what was got, where, and what to do next. "
        "Faults in a table are listed all at once, those of one column and rule in one line (`--json` has every one), and "
        "nothing is stored.",
        mended,
        "## Refusals",
        "A number is absent on purpose. A refusal is a result: it stands where the number would, with the reason and what would "
        "lift it.",
        refused,
    )


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    catalogue = load_catalogue()
    made = {
        "commands.md": commands(),
        "indicators.md": indicators(catalogue),
        "measures.md": measures(),
        "sources.md": sources(catalogue),
        "frameworks.md": frameworks(catalogue),
        "tables.md": tables(),
        "errors.md": errors(),
    }
    listing = "\n".join(f"* [{text.splitlines()[2].removeprefix('# ')}]({name})" for name, text in made.items())
    return {"README.md": page("Reference", f"Of levelup {__version__}.", listing), **made}


def stale(made: dict[str, str]) -> list[str]:
    """Return the names of pages that are not what they would be, missing and left-over ones included."""
    found = {path.name: path.read_text(encoding="utf-8") for path in HOME.glob("*.md")}
    return sorted(name for name in {*made, *found} if made.get(name) != found.get(name))


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check say which are stale; return the exit code."""
    made = pages()
    if "--check" in arguments:
        old = stale(made)
        print(f"docs/reference is stale: {', '.join(old)}. Run `make docs`." if old else "docs/reference is current.")
        return 1 if old else 0
    HOME.mkdir(parents=True, exist_ok=True)
    for path in HOME.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (HOME / name).write_text(text, encoding="utf-8")
    print(f"Wrote {len(made)} pages into docs/reference.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
