"""`levelup ingest-persons`: a table of persons sorted once, so that measuring it is quick."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.workspace import Workspace


@click.command("ingest-persons")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write: new, or empty.")
@click.option("--sort", required=True, metavar="COL,COL", help="Columns to sort by: the place first, then the period.")
@click.option("--keep", default="", metavar="COL,COL", help="Columns to keep besides; all of them, unless some are named.")
@click.option("--replace", "is_replacing", is_flag=True, help="Write anew over an earlier table of this command in DIR.")
@JSON_OPTION
def command(file: Path, out: Path, sort: str, keep: str, *, is_replacing: bool, as_json: bool) -> None:
    """Write the persons in FILE (Parquet, a folder of Parquet, or CSV) into DIR, sorted, with whole numbers for texts.

    Do it once for a table of a million rows or more; FILE is left as it is. DIR gets persons.parquet, and codes.json with the
    texts that its numbers stand for. Answers still name groups by their texts.

    \b
    Examples:
      levelup ingest-persons pupils.csv --out pupils --sort district,year
      levelup ingest-persons survey.parquet --out survey --sort place,year --keep ethnicity,income,weight --replace
    """
    found = Workspace.ingest_persons(file, out, sort=sort, keep=keep, is_replacing=is_replacing)
    follow = shlex.join(
        ["levelup", "measure-persons", "gini", str(found.table), "--outcome", "COL", "--by", ",".join(found.sort)]
    )
    if as_json:
        print_json({**found.as_dict(), "next": follow})
        return
    click.echo(f"Wrote {found.table}: {found.rows:,} rows sorted by {', '.join(found.sort)}; columns {', '.join(found.columns)}.")
    if found.texts:
        named = ", ".join(f"{name} ({count:,})" for name, count in found.texts.items())
        click.echo(
            f"Texts became numbers, listed in {found.codes}: {named}. Keep the two files together: answers name the texts."
        )
    else:
        click.echo("No column held texts, so none became numbers.")
    click.echo(f"Next: {follow}")
    click.echo(f"  where COL is a column of figures: {', '.join(found.figures) or 'none was kept; name one with --keep'}.")
