"""`levelup attack`: what can be told of the hidden counts of a published table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("attack")
@click.argument("published", type=FILE)
@click.option("--dimensions", required=True, metavar="COL,COL", help="Columns that tell one count from another.")
@click.option("--count", metavar="COL", help="Column of the counts; empty or a mark ([c], *, -, s, #, <5, 1 to 4) where hidden.")
@click.option(
    "--total",
    metavar="LABEL",
    default="Total",
    show_default=True,
    help="The label of totals; or one for each dimension, 'area=England,age=All ages'; '' where there are none.",
)
@click.option(
    "--ordinary", multiple=True, metavar="LABEL", help="A label that is no sum, though its counts look so; may be repeated."
)
@click.option(
    "--profile", metavar="P", help="The profile it was published by, by name or path; without one any count may be hidden."
)
@click.option("--sums", type=FILE, metavar="LOOKUP", help="Labels that are sums of others: columns dimension, whole, part (way).")
@click.option(
    "--earlier", type=FILE, multiple=True, metavar="FILE", help="Another table of the same counts that is out; may be repeated."
)
@click.option(
    "--earlier-profile",
    multiple=True,
    metavar="P",
    help="The profile of the other tables where it is another: once for all or for each --earlier in order, 'none' if exact.",
)
@click.option("--shares", metavar="COL:BASE", help="Column of percentages of a known number of people, for example percent:482.")
@click.option(
    "--show-bounds", is_flag=True, help="List the lowest and the highest possible count of every hidden or rounded cell."
)
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(published: Path, *, as_json: bool, show_bounds: bool, **options: Any) -> None:
    """Say which hidden or rounded counts of the table PUBLISHED (CSV or XLSX) can be told from what it shows, and how closely.

    Nothing but the published table is read. Cells are named by their labels; what their counts can be is shown only where
    --show-bounds asks for it. Shares of a known number of people are taken for those of groups that do not overlap and leave
    nobody out, where no row is the total. The exit code is 0 whatever is found.

    \b
    Examples:
      levelup attack published.csv --dimensions area,cohort --count n --total Total
      levelup attack published.csv --dimensions area,cohort --count n --profile threshold-10 --earlier partners.csv --json
      levelup attack shares.csv --dimensions group --shares percent:482
    """
    with progress_bar(quiet=as_json) as progress:
        progress("Attacking", 0.0)
        answer = Workspace.attack(published, ends=("low", "high") if show_bounds else (), **options)
    if as_json:
        print_json(answer.record)
        return
    click.echo(answer.sentence)
