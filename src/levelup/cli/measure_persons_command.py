"""`levelup measure-persons`: one measure for every group of a table of persons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("measure-persons")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--outcome", metavar="COL", required=True, help="Column of the persons' outcome.")
@click.option("--rank", metavar="COL", help="Column of an order that is not the outcome, 1 the most disadvantaged.")
@click.option("--weight", metavar="COL", help="Column of weights, above 0; only their proportions matter.")
@click.option("--psu", metavar="COL", help="Column of the clusters that were drawn; without it every person was.")
@click.option("--strata", metavar="COL,COL", help="Columns that together name the strata within which they were drawn.")
@click.option("--fpc", metavar="COL", help="Column of a stratum's number of units in the population, or the share drawn.")
@click.option("--by", metavar="COL,COL", help="Columns whose every combination is a group.")
@click.option("--between", metavar="COL,COL", help="Columns whose values are the subjects, which the measure then compares.")
@click.option("--order", metavar="COL", help="With --between: a column constant within each subject, 1 the most disadvantaged.")
@click.option("--engine", default="duckdb", show_default=True, help="duckdb or spark.")
@click.option("--convention", metavar="C", help="Which of the literature's conventions; required where there are several.")
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given several times.")
@click.option(
    "--polarity",
    type=click.Choice(["more-is-better", "less-is-better", "nearer-zero-is-better"]),
    help="Which direction is good; more, unless stated.",
)
@click.option("--bounds", metavar="LOW,HIGH", help="The outcome's bounds, for example 0,1.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of the intervals, between 0 and 1.")
@click.option("--replicates", type=int, default=0, metavar="N", help="Intervals by the jackknife over N random groups of units.")
@click.option("--unit", metavar="COL", help="Column that tells replicates what was drawn together; by default the cluster.")
@click.option("--reference", metavar="LABEL", help="With --between: the subject that others are compared with.")
@click.option(
    "--profile", metavar="P", default="", help="Hide small groups by a profile that does not round; `levelup protect --list`."
)
@JSON_OPTION
def command(name: str, file: Path, *, as_json: bool, **options: Any) -> None:
    """Compute measure NAME for every group of the persons in FILE (Parquet, a folder of Parquet, or CSV).

    Groups are domains of one sample. A group that cannot be measured is refused by itself, with the reason and what would
    lift it. Measures of inequality are on the good scale: bigger is worse.

    With --between the measure compares subjects within each group: a subject's level is the weighted mean of its persons.

    What is printed is for your own desk. With --profile, groups too small to publish are refused, their figures left out.

    \b
    Examples:
      levelup measure-persons gini persons.parquet --outcome income --weight w --by place,year
      levelup measure-persons slope_index survey.csv --outcome score --rank tenth --weight w --psu area --strata region \\
              --convention ohid-linear --json
      levelup measure-persons difference persons.parquet --outcome ill --polarity less-is-better --by place \\
              --between ethnic_group --reference "White British" --profile threshold-10
    """
    found = Workspace.measure_persons(name, file, **options)
    records = found.records()
    if as_json:
        print_json(records)
        return
    for record in records:
        click.echo(_line(record, "subjects" if options["between"] else "persons"))
    if warning := Workspace.warn_of_small_groups(found):
        click.echo(f"\n{warning}", err=True)


def _line(record: dict[str, object], of: str) -> str:
    """Say one group's result, or why it was refused, in one line."""
    group = record["group"]
    named = ", ".join(f"{key} {value}" for key, value in group.items()) if isinstance(group, dict) and group else "everyone"
    refusal = record.get("refusal")
    if isinstance(refusal, dict):
        return f"{named}: refused ({refusal['code']}): {refusal['reason']}"
    interval = "no interval" if record["lower"] is None else f"{record['lower']:.6g} to {record['upper']:.6g}"
    return f"{named}: {record['measure']} ({record['convention']}) {record['value']:.6g} ({interval}), {record['n']} {of}"
