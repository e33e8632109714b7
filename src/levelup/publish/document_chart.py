"""Pictures of the paper: the report's own drawings as PNG, in the council's colour, with fonts that every machine has."""

from __future__ import annotations

import re
from dataclasses import dataclass

import vl_convert

from levelup.catalogue.entry import Indicator
from levelup.publish.chart import Bar, draw_moves
from levelup.publish.document_block import Figure
from levelup.publish.publication import Branding
from levelup.publish.sentence import capital, inline, number, period_label
from levelup.terms.record import Estimate, Verdict

_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
WIDTH = 11.5
"""Centimetres: text in the drawings is then about 10 points tall."""
PIXELS = 2.4
"""Pixels a unit of the drawing: 212 to the inch at that width."""
TONES = ("#F46A25", "#801650", "#28A197")
"""The colours after the council's own, as the Government Analysis Function's palette has them."""


def _style(colour: str) -> str:
    """Return the style sheet of a drawing that stands alone; the converter bundles the typeface named here."""
    tones = (colour, *TONES)
    rules = [
        "text{font-family:'Liberation Sans',Arial,sans-serif;fill:#0b0c0c}.t{font-size:12px}.ts{font-size:11px;fill:#383f43}",
        ".gr{stroke:#d0d3d6;stroke-width:.75}.ax{stroke:#0b0c0c;stroke-width:1}path.l1,path.l2,path.l3,path.l4{fill:none;stroke-width:2}",
    ]
    for at, tone in enumerate(tones, start=1):
        rules.append(
            f".l{at},.w{at},.b{at},.v{at}{{stroke:{tone};fill:none}}.w{at}{{stroke-width:1.5}}.b{at}{{stroke-width:7;opacity:.35}}"
        )
        rules.append(f".m{at},.f{at}{{fill:{tone}}}.v{at}{{stroke-dasharray:4 3}}")
    return "".join(rules)


def picture(svg: str, *, branding: Branding) -> tuple[bytes, float, float]:
    """Return one of the report's drawings as a PNG, with its width and height in centimetres.

    Parameters
    ----------
    svg : str
        A drawing as `chart.py` makes it.
    branding : Branding
        Gives the first colour.
    """
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("a drawing must state its viewBox")
    wide, tall = float(found.group(1)), float(found.group(2))
    opening, _, rest = svg.partition(">")
    alone = (
        f'{opening} xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}">'
        f'<style>{_style(branding.colour)}</style><rect width="100%" height="100%" fill="#ffffff"/>{rest}'
    )
    return vl_convert.svg_to_png(alone, scale=PIXELS), WIDTH, WIDTH * tall / wide


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a picture of changes: who, and by how much."""

    label: str
    change: Estimate


def moves_figure(
    moves: tuple[Move, ...], *, finding: str, verdict: Verdict, indicator: Indicator, said: str, source: str, branding: Branding
) -> Figure:
    """Return a picture of what each subject did, on the good scale: right is better.

    Parameters
    ----------
    moves : tuple of Move
        At least one; in an order that does not come from the changes.
    finding : str
        The title: what the picture shows.
    verdict, indicator
        Where the figures come from.
    said : str
        The sentence that stands in for the picture.
    source : str
        Who publishes the figures.
    branding : Branding
        Gives the first colour.
    """
    decimals = indicator.unit.decimals
    bars = [
        Bar(
            capital(move.label),
            move.change.value,
            move.change.lower,
            move.change.upper,
            ("+" if move.change.value > 0 else "") + number(move.change.value, decimals=decimals),
            tone=1 if at == 0 else 2,
        )
        for at, move in enumerate(moves)
    ]
    png, width, height = picture(draw_moves(bars, unit=indicator.unit, ends=("worse", "better"), label=said), branding=branding)
    unit = indicator.unit.change or indicator.unit.label
    return Figure(
        caption=finding,
        note=(
            f"Change in {inline(indicator.name)} between {period_label(verdict.start)} and {period_label(verdict.end)}, "
            f"{unit}; to the right is better; bars show 95% intervals. {source}"
        ),
        png=png,
        width=width,
        height=height,
        alternative=said,
    )
