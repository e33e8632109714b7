"""Cuts a page's lists and tables so that it fills one page and no more, saying how many entries are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from levelup.publish.document_block import BODY_HEIGHT, Block, Bullets, Figure, Grid, block_height

SLACK = 0.98
"""Share of the page that is filled: word processors differ by a little in how tall they set a line."""


def fit_page(blocks: Sequence[Block], *, height: float = BODY_HEIGHT * SLACK) -> tuple[Block, ...]:
    """Return a page's blocks cut to fit.

    Every list and table starts with its least number of entries; entries are then added in turn, one to each, while the page
    has room. Where even the least do not fit, figures go first, from the last.

    Parameters
    ----------
    blocks : sequence of Block
        In the order of the page.
    height : float
        Centimetres there are.

    Returns
    -------
    tuple of Block
        The same blocks with as many entries as fit; what is left out is said at the end of each list or table.
    """
    kept = list(blocks)
    shown = [_least(block) for block in kept]
    while _total(kept, shown) > height and any(isinstance(block, Figure) for block in kept):
        last = max(at for at, block in enumerate(kept) if isinstance(block, Figure))
        del kept[last], shown[last]
    while _total(kept, shown) > height and any(shown):
        most = max(range(len(shown)), key=lambda at: shown[at])
        shown[most] -= 1
    growing = True
    while growing:
        growing = False
        for at, block in enumerate(kept):
            if shown[at] >= _most(block):
                continue
            shown[at] += 1
            if _total(kept, shown) > height:
                shown[at] -= 1
            else:
                growing = True
    return tuple(cut(block, shown=count) for block, count in zip(kept, shown, strict=True))


def cut(block: Block, *, shown: int) -> Block:
    """Return a list or table with its first entries only, and the sentence that says how many are left out."""
    match block:
        case Bullets():
            left = len(block.items) - shown
            return replace(block, items=block.items[:shown], tail=_say(block, left))
        case Grid():
            left = len(block.rows) - shown
            return replace(block, rows=block.rows[:shown], tail=_say(block, left))
        case _:
            return block


def _say(block: Bullets | Grid, left: int) -> str:
    return block.more.format(n=f"{left:,}") if left > 0 else ""


def _entries(block: Block) -> int:
    return len(block.items) if isinstance(block, Bullets) else len(block.rows) if isinstance(block, Grid) else 0


def _least(block: Block) -> int:
    return min(block.least, _most(block)) if isinstance(block, Bullets | Grid) else 0


def _most(block: Block) -> int:
    return min(_entries(block), block.most) if isinstance(block, Bullets | Grid) else 0


def _total(blocks: Sequence[Block], shown: Sequence[int]) -> float:
    return sum(block_height(cut(block, shown=count)) for block, count in zip(blocks, shown, strict=True))
