"""`levelup measure`: one measure of inequality."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import click

from levelup.cli.output import JSON_OPTION, print_json
from levelup.terms.errors import did_you_mean
from levelup.workspace import Workspace

_WIDTH, _INDENT = 110, 14


@click.command("measure")
@click.argument("name", required=False)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--list", "show_list", is_flag=True, help="List every measure by what it is for, and what it needs.")
@click.option("--value", metavar="COL", help="Column of the subjects' levels.")
@click.option("--population", metavar="COL", help="Column of the subjects' populations.")
@click.option("--se", metavar="COL", help="Column of standard errors.")
@click.option("--order", metavar="COL", help="Column of an independent order, 1 the most disadvantaged.")
@click.option(
    "--label", metavar="COL", help="Column that names the subjects; by default the first of texts that names each once."
)
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
    help="A further column by its role, as the card names it (count=deaths); lower=COL and upper=COL instead of --se.",
)
@click.option("--convention", metavar="C", help="Which of the literature's conventions; required where there are several.")
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given several times.")
@click.option(
    "--confidence", type=float, default=None, metavar="SHARE", help="Of the interval, between 0 and 1; 0.95 unless given."
)
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
    **columns: Any,
) -> None:
    """Compute measure NAME (a name or its abbreviation) from FILE (CSV or XLSX); without FILE, print the measure's card.

    A bigger figure is always worse where a measure compares subjects. A measure that does not apply is refused, with the
    reason and what would lift it: that is an answer, with exit code 0. Where the literature has several conventions one
    must be named.

    \b
    Examples:
      levelup measure --list
      levelup measure slope_index
      levelup measure slope_index deciles.csv --value est --population pop --se se --order decile \\
              --polarity more-is-better --convention ohid-linear
      levelup measure difference districts.csv --value rate --column lower=lci --column upper=uci --polarity less-is-better
      levelup measure proportion wards.csv --column count=smokers --column total=adults
    """
    if show_list:
        _list(as_json=as_json)
        return
    if name is None:
        raise click.UsageError("NAME and FILE must be given. `levelup measure --list` shows every measure.")
    if file is None:
        if not any(item is not None for item in columns.values()) and not further and not parameters:
            _print_card(name, as_json=as_json)
            return
        raise click.UsageError(f"NAME and FILE must be given. `levelup measure {name}` alone prints the measure's card.")
    result = Workspace.measure(name, file, sheet=sheet, parameters=parameters, further=further, source=file.name, **columns)
    if as_json:
        print_json(result.record)
        return
    click.echo(result.sentence)


def _list(*, as_json: bool) -> None:
    listed = Workspace.list_measures()
    if as_json:
        print_json(listed)
        return
    for section in dict.fromkeys(entry["section"] for entry in _in_sections(listed)):
        click.echo(f"{section}\n")
        for entry in listed:
            if entry["section"] == section:
                click.echo(f"  {entry['name']} ({entry['abbreviation']})")
                click.echo(f"      use it when you want to know {entry['use']}")
                click.echo(f"      needs: {', '.join(entry['needs']) or 'nothing'}")
                click.echo(f"      conventions: {', '.join(entry['conventions'])}")
        click.echo()
    click.echo("`levelup measure NAME` prints a measure's card: what it means, what it needs, one command to begin with.")


def _in_sections(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(listed, key=lambda entry: int(entry["section_number"]))


def _print_card(name: str, *, as_json: bool) -> None:
    asked, listed = _plain(name), Workspace.list_measures()
    known = {_plain(text): entry for entry in reversed(listed) for text in (entry["name"], entry["title"], entry["abbreviation"])}
    known |= {_plain(text): entry for entry in listed for text in entry["also_called"]}
    if asked not in known:
        raise click.UsageError(f"No measure is called {name!r}. {did_you_mean(asked, known)} See `levelup measure --list`.")
    if as_json:
        print_json(known[asked])
        return
    for line in known[asked]["card"].splitlines():
        is_kept = not line or line.startswith("Example")
        click.echo(line if is_kept else textwrap.fill(line, _WIDTH, subsequent_indent=" " * _INDENT, break_on_hyphens=False))


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
