"""`levelup ceiling`: two groups over a whole outcome."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("ceiling")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--outcome", metavar="COL", required=True, help="Column of the outcome, one row a person.")
@click.option("--group", metavar="COL", required=True, help="Column that says which group a person belongs to.")
@click.option("--lower", metavar="VALUE", multiple=True, required=True, help="What stands there for the lower group; repeatable.")
@click.option("--upper", metavar="VALUE", multiple=True, help="The same for the upper group; everyone else where left out.")
@click.option(
    "--polarity",
    type=click.Choice(["more-is-better", "less-is-better", "nearer-zero-is-better"]),
    required=True,
    help="Which direction is good (always stated).",
)
@click.option("--weight", metavar="COL", help="Column of how many persons a row stands for.")
@click.option("--cluster", metavar="COL", help="Column of what persons were drawn together in, such as a school.")
@click.option("--threshold", metavar="T", type=float, help="A bar, to show what counting who reaches it hides.")
@click.option("--period", metavar="COL", help="Column of dates; the first and the last are compared.")
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(
    file: Path,
    *,
    as_json: bool,
    sheet: str | None,
    lower: tuple[str, ...],
    upper: tuple[str, ...],
    threshold: float | None,
    outcome: str,
    group: str,
    polarity: str,
    **columns: str | None,
) -> None:
    """Compare two groups of persons in FILE (CSV or XLSX) low down, in the middle and at the top.

    A share that reaches a threshold is blind to everything above it. This shows the distance between the groups at the 10th, 50th
    and 90th percentile, between their best-placed tenths, and the share of each that is among the best-placed fifth of all, each
    with its 95 % interval. Distances are on the good scale: bigger is always worse. Figures of groups only; no row is shown.

    \b
    Example:
      levelup ceiling pupils.csv --outcome score --group meals --lower eligible --weight weight \\
              --cluster school --threshold 100 --polarity more-is-better
    """
    found = Workspace.ceiling(
        file,
        sheet=sheet,
        outcome=outcome,
        group=group,
        lower=lower,
        upper=upper,
        polarity=polarity,
        threshold=threshold,
        **columns,
    )
    if as_json:
        print_json(found.record)
        return
    click.echo(found.sentence)
