"""Coverage as tables of text: true dispersion down, shapes of the true levels across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.coverage.draws import REQUIRED
from tests.coverage.scenarios import Cell, Scenario


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    yield line(head)
    yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    yield from map(line, rows)


def _percent(cell: Cell) -> str:
    said = f"{100 * cell.covered:.1f}"
    return said if not cell.is_promised or cell.outcome == "kept" else f"{said} {cell.outcome}"


def scenario_table(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield one scenario: the shapes that the promise holds for stand first, the others are marked with a circle."""
    shapes = list(dict.fromkeys(cell.shape for cell in cells))
    rows = []
    for dispersion in dict.fromkeys(cell.dispersion for cell in cells):
        held = {cell.shape: cell for cell in cells if cell.dispersion == dispersion}
        rows.append([f"{dispersion:g}", *(_percent(held[shape]) for shape in shapes)])
    yield from _table(["true dispersion", *(shape if shape in REQUIRED else f"{shape} °" for shape in shapes)], rows)


def compared_table(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield our interval beside two others."""
    methods = list(dict.fromkeys(cell.method for cell in cells))
    rows = []
    for dispersion in dict.fromkeys(cell.dispersion for cell in cells):
        held = {cell.method: cell for cell in cells if cell.dispersion == dispersion}
        rows.append([f"{dispersion:g}", *(f"{100 * held[method].covered:.1f}" for method in methods)])
    yield from _table(["true dispersion", *methods], rows)


def summary_table(found: Mapping[Scenario, Sequence[Cell]]) -> Iterator[str]:
    """Yield one row for each scenario: the reach of what was promised, what became of it, and the reach of the other shapes."""
    rows = []
    for scenario, cells in found.items():
        promised = [cell for cell in cells if cell.is_promised]
        others = [cell.covered for cell in cells if not cell.is_promised]
        counts = [str(sum(cell.outcome == outcome for cell in promised)) for outcome in ("kept", "at the limit", "BROKEN")]
        shares = [cell.covered for cell in promised]
        reach = [f"{100 * min(item):.1f} to {100 * max(item):.1f}" if item else "" for item in (shares, others)]
        rows.append([scenario.name, f"{cells[0].draws:,}", reach[0], *counts, reach[1]])
    yield from _table(["scenario", "draws", "found, %", "kept", "at the limit", "broken", "other shapes °, %"], rows)
