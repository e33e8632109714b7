"""`levelup import`: figures into a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from levelup.cli.output import JSON_OPTION, WORKSPACE_ARGUMENT, print_json, progress_bar
from levelup.workspace import Workspace


@click.command("import")
@WORKSPACE_ARGUMENT
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--source", default="", metavar="ID", help="Read PATH as this published source of the catalogue.")
@click.option("--all", "everything", is_flag=True, help="PATH is a folder of published files: import every source found in it.")
@click.option("--sheet", default=None, help="Sheet of a workbook; by default the first with a table in it.")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), default=None, help="A saved mapping (YAML) to use.")
@click.option(
    "--polarity",
    type=click.Choice(["more-is-better", "less-is-better", "nearer-zero-is-better"]),
    help="Which direction is good, for indicators whose mapping does not say.",
)
@click.option("--unit", default="", metavar="KEY", help="The unit of the figures, for example percent or rate-per-1000.")
@click.option("--name", default="", help="The indicator's name, where the table holds one.")
@click.option("--place", default="", metavar="CODE", help="The place a HEAT table is about, where it names no setting.")
@click.option("--period", default="", metavar="ISO", help="The period a HEAT table is of, where it names no date.")
@click.option("--yes", is_flag=True, help="Accept the mapping that was guessed without asking.")
@JSON_OPTION
def command(
    workspace: Path,
    path: Path,
    source: str,
    sheet: str | None,
    mapping: Path | None,
    polarity: str | None,
    unit: str,
    name: str,
    place: str,
    period: str,
    *,
    everything: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Bring PATH into WORKSPACE: your own CSV or workbook, a WHO HEAT template, a published file, or a folder of them.

    For a table of your own the columns' meaning is guessed, shown, confirmed and saved, so that next time it is known.
    Every fault is named at once with sheet, row and column; if there is one, nothing is stored.

    \b
    Examples:
      levelup import essex kpis.xlsx
      levelup import essex deprivation.csv --source iod-2019-districts
      levelup import essex downloads --all
    """
    held = Workspace.open(workspace)
    if everything or source:
        with progress_bar(quiet=as_json) as progress:
            reports = held.import_published(path, source=source, progress=progress)
    else:
        proposal = held.propose(
            path, sheet=sheet, mapping=mapping, polarity=polarity or "", unit=unit, name=name, place=place, period=period
        )
        if not as_json:
            click.echo(proposal.words)
        if not (proposal.is_confirmed or yes or (not as_json and click.confirm("Store these figures?", default=False))):
            raise click.ClickException(
                f"nothing was stored: the mapping is not confirmed. Edit {proposal.path} and pass it with --mapping, or --yes."
            )
        reports = (held.import_table(proposal),)
    if as_json:
        print_json(
            [{"release": report.release.reference, "rows": report.release.rows, "new": report.is_new} for report in reports]
        )
        return
    for report in reports:
        click.echo(report.sentence)
        for note in report.release.notes:
            click.echo(f"  note: {note}")
    if not (everything or source):
        click.echo(f"Small numbers of your own tables are hidden in reports, by the profile {held.settings.profile}.")
    if len(reports) == 1 and reports[0].is_new:
        click.echo(reports[0].changes)
