"""`levelup pay`: the gender pay gap from a payroll extract, by the regulations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("pay")
@click.argument("file", type=FILE, required=False)
@click.option("--snapshot", metavar="DATE", help="31 March (public authorities) or 5 April (others), as 2026-03-31.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the worked sheet, which stays in the house, and for what may be published.",
)
@click.option("--employer", metavar="NAME", default="", help="The employer's name, as it is published.")
@click.option("--mapping", type=FILE, metavar="FILE.toml", help="What the columns mean, as saved earlier.")
@click.option(
    "--save-mapping", type=FILE, metavar="FILE.toml", help="Save what the columns are taken to mean, to check and keep."
)
@click.option("--hours", type=FILE, metavar="FILE", help="Hours week by week: employee, contract, week ending, hours.")
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the one with most cells.")
@click.option("--plan", type=FILE, metavar="PLAN.yaml", help="An action plan to check against the format.")
@click.option("--earlier", type=FILE, multiple=True, metavar="RETURN.csv", help="A return of an earlier year; may be repeated.")
@click.option(
    "--break", "breaks", multiple=True, metavar="YEAR=REASON", help="From YEAR on figures mean something else; may be repeated."
)
@click.option(
    "--peers",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="All published returns of a year (CSV), or Parquet; may be repeated.",
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of the rules; may be repeated.")
@click.option("--list-rules", is_flag=True, help="List every rule with its paragraph, every parameter, and what is open.")
@JSON_OPTION
def command(file: Path | None, *, snapshot: str | None, list_rules: bool, as_json: bool, **options: Any) -> None:
    """Work out the gender pay gap of an employer from FILE (CSV or XLSX), a payroll extract with one row a contract.

    FILE may also be a sheet already worked out: employee, sex, hourly_pay, bonus, full_pay. It is read where it lies and stored
    nowhere; nothing is written but where --out and --save-mapping say. Faults are named by row and column, all at once, and
    never by what a cell holds.

    \b
    Examples:
      levelup pay payroll.csv --snapshot 2026-03-31
      levelup pay payroll.xlsx --snapshot 2026-03-31 --save-mapping payroll.toml
      levelup pay payroll.xlsx --snapshot 2026-03-31 --mapping payroll.toml --employer "A council" --out pay-gap
      levelup pay worked.csv --snapshot 2026-03-31 --json
    """
    if list_rules:
        _show(Workspace.list_pay_rules(), as_json=as_json)
        return
    if file is None:
        raise click.UsageError("FILE must be given.")
    with progress_bar(quiet=as_json) as progress:
        answer = Workspace.pay(file, snapshot=snapshot or "", progress=progress, **options)
    _show(answer, as_json=as_json)


def _show(answer: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(answer.record)
        return
    click.echo(answer.sentence)
