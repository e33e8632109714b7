"""`levelup measure-change`: how one measure changed between two tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("measure-change")
@click.argument("name")
@click.argument("before", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("after", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--value", metavar="COL", help="Column of the subjects' levels.")
@click.option("--population", metavar="COL", help="Column of the subjects' populations.")
@click.option("--se", metavar="COL", help="Column of standard errors.")
@click.option("--order", metavar="COL", help="Column of an independent order, 1 the most disadvantaged.")
@click.option(
    "--label", metavar="COL", help="Column that names the subjects; by default the first of texts that names every row once."
)
@click.option("--reference", metavar="LABEL", help="The subject that others are compared with.")
@click.option(
    "--polarity",
    type=click.Choice(["more-is-better", "less-is-better", "nearer-zero-is-better"]),
    help="Which direction is good (always stated).",
)
@click.option("--bounds", metavar="LOW,HIGH", help="The levels' bounds, for example 0,100.")
@click.option(
    "--column",
    "further",
    multiple=True,
    metavar="ROLE=COL",
    help="A further column by its role, as `levelup measure --list` names them (count=deaths).",
)
@click.option("--convention", metavar="C", help="Which of the literature's conventions; required where there are several.")
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given several times.")
@click.option("--overlap", metavar="SHARE", help="Share of the window, or of the sample, that both dates share, such as 2/3.")
@click.option(
    "--periods", metavar="A,B", help="The dates' periods, the earlier first; the overlap follows from them: 2018/20,2019/21."
)
@click.option(
    "--correlation",
    metavar="R",
    help="Of the errors of a subject's two figures (0 where the dates share nothing), or a column of it; with an overlap, of "
    "what both share, such as a person's two answers.",
)
@click.option(
    "--confidence", type=float, default=None, metavar="SHARE", help="Of the interval, between 0 and 1; 0.95 unless given."
)
@click.option("--sheet", default=None, help="Sheet of the workbooks; by default the first.")
@JSON_OPTION
def command(
    name: str,
    before: Path,
    after: Path,
    *,
    as_json: bool,
    sheet: str | None,
    parameters: tuple[str, ...],
    further: tuple[str, ...],
    **chosen: Any,
) -> None:
    """Say how measure NAME changed from table BEFORE to table AFTER (CSV or XLSX, with columns of the same names).

    The interval knows what the two dates have in common: two three-year windows one year apart share two years in three, two
    waves of a panel most of their persons. Say so by --periods, --overlap or --correlation; without any of them there is no
    interval. Of a measure of inequality a change above 0 is worse; of a level, the card says which way is good.

    Rows are paired by the column that names the subjects. Where one table has subjects that the other has not, both figures
    are over those of both, and the answer says who was left out; rows without names are separate samples, and nothing is paired.

    \b
    Examples:
      levelup measure-change slope_index 2018-20.csv 2019-21.csv --value rate --se se --population pop --order decile \\
              --polarity less-is-better --convention ohid-linear --periods 2018/20,2019/21
      levelup measure-change theil wave1.csv wave2.csv --value score --se se --polarity more-is-better \\
              --overlap 0.6 --correlation 0.7
      levelup measure-change proportion 2023.csv 2024.csv --column count=smokers --column total=adults --correlation 0
    """
    result = Workspace.measure_change(name, before, after, sheet=sheet, parameters=parameters, further=further, **chosen)
    if as_json:
        print_json(result.record)
        return
    click.echo(result.sentence)
