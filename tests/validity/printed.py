"""Figures as tables of text: one row a variant, one column a figure, and the promises with what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from levelup.terms.record import WORDS
from tests.validity.harness import Line, Words


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    yield line(head)
    yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    yield from map(line, rows)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _promise(line: Line) -> str:
    return f"{100 * line.low:g} to {100 * line.high:g}" if line.low > 0 else f"at most {100 * line.high:g}"


def _cell(line: Line | None) -> str:
    if line is None:
        return ""
    said = f"{_percent(line.value)} ± {100 * line.error:.2f}"
    return f"{said}, {line.outcome}" if line.is_promised else said


def lines_table(lines: Sequence[Line]) -> Iterator[str]:
    """Yield a table of one scenario's shares, in per cent with their Monte Carlo error; the promised ones carry their outcome."""
    quantities = list(dict.fromkeys(line.quantity for line in lines))
    promised = {line.quantity: _promise(line) for line in lines if line.is_promised}
    head = ["variant", "draws", *(f"{name} ({promised[name]})" if name in promised else name for name in quantities)]
    rows = []
    for variant in dict.fromkeys(line.variant for line in lines):
        held = {line.quantity: line for line in lines if line.variant == variant}
        rows.append([variant, f"{next(iter(held.values())).draws:,}", *(_cell(held.get(name)) for name in quantities)])
    yield from _table(head, rows)


def grid_table(lines: Sequence[Line]) -> Iterator[str]:
    """Yield a table of one scenario with one figure, whose variants are named 'row; column'."""
    cut = [line.variant.split("; ", 1) for line in lines]
    columns, rows = list(dict.fromkeys(cell[1] for cell in cut)), []
    for name in dict.fromkeys(cell[0] for cell in cut):
        held = {cell[1]: line for cell, line in zip(cut, lines, strict=True) if cell[0] == name}
        rows.append([name, *(_cell(held.get(column)) for column in columns)])
    yield from _table([f"{lines[0].quantity}, %", *columns], rows)


def words_table(found: Sequence[Words]) -> Iterator[str]:
    """Yield a table of how often each word came up, in per cent: established / established or likely."""
    seen = [word for word in WORDS if any(key[0] == word for item in found for key in item.counts)]
    rows = []
    for item in found:
        cells = []
        for word in seen:
            sure = item.counts[word, "established"] / item.draws
            either = sure + item.counts[word, "likely"] / item.draws
            unsure = item.counts[word, "not established"] / item.draws
            cells.append(_percent(unsure) if unsure else f"{_percent(sure)} / {_percent(either)}")
        rows.append([item.variant, *cells])
    yield from _table(["variant", *seen], rows)


def summary_table(lines: Sequence[Line]) -> Iterator[str]:
    """Yield one row for each promise: how many figures were held to it, and how many kept it."""
    promised = [line for line in lines if line.is_promised]
    rows = []
    for key in dict.fromkeys((line.scenario, line.quantity, _promise(line)) for line in promised):
        held = [line for line in promised if (line.scenario, line.quantity, _promise(line)) == key]
        counts = [str(sum(line.outcome == outcome for line in held)) for outcome in ("kept", "at the limit", "BROKEN")]
        reach = f"{_percent(min(line.value for line in held))} to {_percent(max(line.value for line in held))}"
        rows.append([key[0], key[1], f"{key[2]} %", reach, *counts])
    yield from _table(["scenario", "figure", "promise", "found, %", "kept", "at the limit", "broken"], rows)


def report(found: dict[str, list[Line | Words]]) -> Iterator[str]:
    """Yield the whole report: the promises first, then every scenario's tables, then what was broken."""
    every = [item for items in found.values() for item in items if isinstance(item, Line)]
    if every:
        yield from ("### Promises", "", *summary_table(every), "")
    for scenario, items in found.items():
        lines = [item for item in items if isinstance(item, Line)]
        words = [item for item in items if isinstance(item, Words)]
        yield from (f"### {scenario}", "")
        grid = [line for line in lines if "; " in line.variant and len({line.quantity for line in lines}) == 1]
        single = [line for line in lines if line not in grid]
        if single:
            yield from (*lines_table(single), "")
        if grid:
            yield from (*grid_table(grid), "")
        if words:
            yield from ("Words given, %: established / established or likely.", "", *words_table(words), "")
    broken = [line for line in every if line.outcome == "BROKEN"]
    yield f"Promises broken: {len(broken)}."
    for line in broken:
        yield f"* {line.scenario}, {line.variant}: {line.quantity} {_percent(line.value)} %, promised {_promise(line)} %"
