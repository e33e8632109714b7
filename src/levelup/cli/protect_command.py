"""`levelup protect`: a table of counts with the small ones hidden or rounded, attacked before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json, progress_bar
from levelup.workspace import Workspace

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("protect")
@click.argument("table", type=FILE, required=False)
@click.option("--list", "show_list", is_flag=True, help="List the profiles that come with the package.")
@click.option("--dimensions", metavar="COL,COL", help="Columns that tell one count from another; totals are rows of the table.")
@click.option("--count", metavar="COL", help="Column of the counts.")
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
@click.option("--profile", metavar="P", help="A profile by name, or the path of a YAML file of your own.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write into.")
@click.option("--sums", type=FILE, metavar="LOOKUP", help="Labels that are sums of others: columns dimension, whole, part (way).")
@click.option(
    "--earlier", type=FILE, multiple=True, metavar="FILE", help="A table of the same counts that is out already; may be repeated."
)
@click.option(
    "--unpublished", metavar="COL", help="Column of yes and no: rows that stay in the house, and that others are made of."
)
@click.option(
    "--earlier-profile",
    multiple=True,
    metavar="P",
    help="The profile of the earlier tables: once for all, or once for each --earlier in order, 'none' where figures are exact.",
)
@click.option("--cell-key", metavar="COL", help="Column of the cells' keys, for the profile cell-key; it is emptied.")
@click.option(
    "--keep", multiple=True, metavar="COL", help="A column of figures that tells nothing of the counts; may be repeated."
)
@click.option(
    "--sum", "amounts", multiple=True, metavar="COL", help="A column of sums that add up as the counts do; may be repeated."
)
@click.option(
    "--largest",
    multiple=True,
    metavar="COL,COL",
    help="Each sum's largest contributions, in falling order: one list for each --sum. They are emptied.",
)
@click.option("--mean", "means", multiple=True, metavar="COL", help="A column of means per person counted; may be repeated.")
@click.option(
    "--percent", "percents", multiple=True, metavar="COL", help="A column of percentages of the counts; may be repeated."
)
@click.option(
    "--p-percent", type=float, metavar="P", help="Hide sums whose second contributor can tell the largest within P per cent."
)
@click.option("--dominance", metavar="N:K", help="Hide sums of which the N largest contributions are more than a share K.")
@click.option(
    "--secret",
    type=int,
    metavar="N",
    help="Number of 8 digits or more that random rounding is drawn by, or LEVELUP_SECRET.",
)
@click.option("--seconds", type=float, default=60.0, show_default=True, help="How long to look for less to hide.")
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(table: Path | None, *, show_list: bool, as_json: bool, dimensions: str | None, **options: Any) -> None:
    """Hide or round the small counts of TABLE, a long table (CSV or XLSX) whose totals are rows, so that none can be worked out.

    The result is attacked with everything that is published before it is written; where the attack succeeds nothing is written
    and the exit code is 2. Writes protected.csv, report.json and log.csv. A label whose counts are the sum of others must be
    declared, by --total or --sums.

    \b
    Examples:
      levelup protect --list
      levelup protect counts.csv --dimensions area,cohort --count n --total Total --profile threshold-10 --out protected
      levelup protect counts.csv --dimensions area,cohort --count n --profile own.yaml --sums areas.csv --out protected \\
              --earlier partners.csv
      levelup protect ages.csv --dimensions area,age --count n --total "area=England,age=All ages" \\
              --profile threshold-10 --out ages
      levelup protect pay.csv --dimensions area,sex --count n --profile threshold-10 --out protected \\
              --sum pay --largest pay_1,pay_2 --p-percent 10 --mean hours --percent part_time
    """
    if show_list:
        _show(Workspace.list_profiles(), as_json)
        return
    needed = {"TABLE": table, "--dimensions": dimensions} | {f"--{name}": options[name] for name in ("count", "profile", "out")}
    absent = [name for name, given in needed.items() if given is None]
    if table is None or dimensions is None or absent:
        raise click.UsageError(f"{', '.join(absent)} must be given. `levelup protect --list` shows every profile.")
    with progress_bar(quiet=as_json) as progress:
        answer = Workspace.protect(table, dimensions=dimensions, progress=progress, **options)
    if as_json:
        print_json(answer.record)
        return
    click.echo(answer.sentence)
    click.echo(f"Written to {options['out']}.")


def _show(profiles: list[dict[str, Any]], as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        print_json(profiles)
        return
    for entry in profiles:
        click.echo(f"{entry['name']:<24} {entry['title']}")
        click.echo(f"    {entry['sentence']}")
