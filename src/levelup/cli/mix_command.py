"""`levelup mix`: people or mix, from a table of your own."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("mix")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(file: Path, sheet: str | None, *, as_json: bool) -> None:
    """Split every place's change in FILE (CSV or XLSX): what people's own change made, and what the mix of people made.

    \b
    Persons: person, period, place, value; weight where there is one. An identifier must mean the same person at both
             dates; the first and the last period are compared. Identifiers and values stand in no message.
    Cohorts: group, period, people, value; place where there are several, se where it is known.

    \b
    Example:
      person,period,place,value
      1,2016,Harbour ward,18.2
      1,2024,Harbour ward,18.9
      2,2016,Harbour ward,14.0
      3,2024,Harbour ward,26.5

    The JSON is an array with one object a place, in the unit of the table. Persons who stayed make the own change; those who
    left and those who joined make the mix. From cohorts, only the mix of cohorts is seen. Where fewer than ten persons stayed,
    left or joined, the object says so and keeps the parts back.
    """
    found = Workspace.mix(file, sheet=sheet)
    if as_json:
        print_json([item.record for item in found])
        return
    for item in found:
        click.echo(item.sentence)
