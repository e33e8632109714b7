"""The wording of one measurement: its value, its interval, what it is over, and a small table of its parts."""

from __future__ import annotations

from levelup.measures.registry import MEASURES
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement, Part

SHOWN = 40
"""How many rows of the parts the terminal shows; `--json` holds all."""


def measure_sentence(result: Measurement | Refusal) -> str:
    """Say a measurement, or why it was refused: one line, and its parts as a table beneath where it has any.

    Examples
    --------
    >>> found = Measurement("proportion", "wilson", 20.0, None, None, None, 0.95, "By hand.", 1)
    >>> measure_sentence(found)
    'proportion (wilson) over 1 row: 20; no interval. By hand.'
    """
    if isinstance(result, Refusal):
        return f"Refused ({result.code}): {result.reason} {result.next}".strip()
    card = MEASURES[result.measure].card
    interval = (
        f", {100 * result.confidence:g}% interval {result.lower:.6g} to {result.upper:.6g}"
        if result.lower is not None and result.upper is not None
        else "; no interval"
    )
    also = "".join(f"; {name.replace('_', ' ')} {value:.6g}" for name, value in result.also.items())
    rows = "subject" if card.row == "a subject" else "row"
    over = f"{result.measure} ({result.convention}) over {result.n} {rows}{'s' * (result.n != 1)}"
    direction = " Bigger is worse." if card.kind in ("simple", "complex") else ""
    line = f"{over}: {result.value:.6g}{interval}{also}.{direction} {result.method}"
    return "\n".join([line, *_table({name: part for name, part in result.parts.items() if _is_column(part)}), *_matrices(result)])


def _is_column(part: Part) -> bool:
    return not any(isinstance(item, list) for item in part)


def _table(columns: dict[str, Part]) -> list[str]:
    """Return columns side by side, those of one length together."""
    lines: list[str] = []
    for size in dict.fromkeys(len(part) for part in columns.values()):
        beside = {name: [_figure(item) for item in part] for name, part in columns.items() if len(part) == size}
        widths = [max(len(text) for text in (name, *texts)) for name, texts in beside.items()]
        rows = [list(beside), *(list(row) for row in zip(*beside.values(), strict=True))]
        lines.append("")
        lines += ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows[: SHOWN + 1]]
        lines += [f"... and {size - SHOWN} more; --json gives all."] * (size > SHOWN)
    return lines


def _matrices(result: Measurement) -> list[str]:
    """Return every part that has rows of its own, a line for each row."""
    lines: list[str] = []
    for name, part in result.parts.items():
        if part and not _is_column(part):
            lines += ["", name]
            lines += ["  " + "  ".join(_figure(item).rjust(10) for item in row) for row in part[:SHOWN]]
    return lines


def _figure(item: object) -> str:
    if item is None:
        return "-"
    return f"{item:.6g}" if isinstance(item, (int, float)) else str(item)
