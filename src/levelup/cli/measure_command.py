"""`levelup measure`: one measure of inequality."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("measure")
@click.argument("name", required=False)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--list", "show_list", is_flag=True, help="List every measure, its conventions and parameters.")
@click.option("--value", metavar="COL", help="Column of the subjects' levels.")
@click.option("--population", metavar="COL", help="Column of the subjects' populations.")
@click.option("--se", metavar="COL", help="Column of standard errors.")
@click.option("--order", metavar="COL", help="Column of an independent order, 1 the most disadvantaged.")
@click.option("--label", metavar="COL", help="Column that names the subjects; by default the first that is not a number.")
@click.option("--reference", metavar="LABEL", help="The subject that others are compared with.")
@click.option(
    "--polarity", type=click.Choice(["more-is-better", "less-is-better"]), help="Which direction is good (always stated)."
)
@click.option("--bounds", metavar="LOW,HIGH", help="The levels' bounds, for example 0,100.")
@click.option(
    "--column",
    "further",
    multiple=True,
    metavar="ROLE=COL",
    help="A further column by its role, as --list names them (count=deaths).",
)
@click.option("--convention", metavar="C", help="Which of the literature's conventions; required where there are several.")
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given several times.")
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(
    name: str | None,
    file: Path | None,
    *,
    show_list: bool,
    as_json: bool,
    sheet: str | None,
    parameters: tuple[str, ...],
    further: tuple[str, ...],
    **columns: str | None,
) -> None:
    """Compute measure NAME (a name or its abbreviation) from FILE (CSV or XLSX).

    Values are on the good scale: bigger is always worse. A measure that does not apply is refused, with the reason and
    what would lift it; where the literature has several conventions one must be named.

    \b
    Examples:
      levelup measure --list
      levelup measure slope_index deciles.csv --value est --population pop --se se --order decile \\
              --polarity more-is-better --convention ohid-linear
      levelup measure proportion wards.csv --column count=smokers --column total=adults
    """
    if show_list:
        listed = Workspace.list_measures()
        if as_json:
            print_json(listed)
            return
        for entry in listed:
            click.echo(f"{entry['name']:<36} {entry['abbreviation']:<9} {entry['title']}")
            click.echo(f"    conventions: {', '.join(entry['conventions'])}; needs: {', '.join(entry['needs']) or 'nothing'}")
        return
    if name is None or file is None:
        raise click.UsageError("NAME and FILE must be given. `levelup measure --list` shows every measure.")
    result = Workspace.measure(name, file, sheet=sheet, parameters=parameters, further=further, **columns)
    if as_json:
        print_json(result.record)
        return
    click.echo(result.sentence)
