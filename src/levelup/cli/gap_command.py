"""`levelup gap`: one indicator's gaps."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, WORKSPACE_ARGUMENT, print_json
from levelup.terms.errors import InputError
from levelup.workspace import Workspace


@click.command("gap")
@WORKSPACE_ARGUMENT
@click.argument("indicator")
@click.option("--place", default="", metavar="CODE", help="Only gaps that this place is part of.")
@click.option("--window", default="", help="Only this window, for example '10 years'.")
@click.option("--from", "first", default="", metavar="DATE", help="First of two dates of your own, for example 2021/22.")
@click.option("--to", "last", default="", metavar="DATE", help="Second of two dates of your own.")
@JSON_OPTION
def command(workspace: Path, indicator: str, place: str, window: str, first: str, last: str, *, as_json: bool) -> None:
    """Say how the gaps of INDICATOR (an id of the catalogue) moved in WORKSPACE, one sentence each.

    \b
    Example:  levelup gap essex adult-obesity --place E07000076 --window "5 years"
              levelup gap essex good-level-of-development --from 2021/22 --to 2023/24
    """
    if bool(first) is not bool(last):
        raise InputError("--from and --to must be given together", got=first or last, next="Name both dates.")
    dates = (first, last) if first else None
    found = Workspace.open(workspace).gap(indicator, place=place, window=window, dates=dates)
    if as_json:
        print_json([item.record for item in found])
        return
    if not found:
        click.echo(
            "No gap of this indicator can be followed here: it needs figures for at least three districts, for the county and a "
            "comparator, or for two groups of people in one place."
        )
    for item in found:
        click.echo(f"- {item.sentence}")
