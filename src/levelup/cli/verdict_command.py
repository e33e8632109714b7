"""`levelup verdict`: a table of your own."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("verdict")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first.")
@JSON_OPTION
def command(file: Path, sheet: str | None, *, as_json: bool) -> None:
    """Judge every indicator in FILE (CSV or XLSX): how the gap moved, by which route, and how sure that is.

    \b
    Columns: indicator, subject, role (lower or upper), period, value,
             se   (or lower, upper   or numerator, denominator),
             polarity (more-is-better or less-is-better), population.
    Optional: order (1 the most disadvantaged; roles may then be empty), margin (the smallest change that matters),
              highest (the most the figures can reach, for the reading of what is missing).

    Without roles and without an order the two ends are chosen from the figures of the first date and corrected for that
    (six subjects or more). With roles or an order and three dates or more, the line through all dates is judged as well.

    \b
    Example:
      indicator,subject,role,period,value,se,polarity
      reading,Harbour ward,lower,2016,50,0.4,more-is-better
      reading,Harbour ward,lower,2024,58,0.4,more-is-better
      reading,Other wards,upper,2016,74,0.4,more-is-better
      reading,Other wards,upper,2024,75,0.4,more-is-better

    The JSON is an array with one object an indicator; changes are on the good scale, where more is always better.
    """
    found = Workspace.verdict(file, sheet=sheet)
    if as_json:
        print_json([item.record for item in found])
        return
    for item in found:
        click.echo(f"{item.record['indicator']}: {item.sentence}")
