"""The `levelup` command: finds the sub-command's file, and turns errors into words and exit codes."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from levelup import __version__
from levelup.terms.errors import GuardRailError, LevelupError, VerifyError

COMMANDS: dict[str, str] = {
    "demo": "Make the bundled Essex report and say where to open it.",
    "init": "Start a workspace for a county.",
    "import": "Bring a table, a published file or a folder of them into a workspace.",
    "check": "Check a workspace: settings, catalogue, releases, guard rails.",
    "gap": "Say how one indicator's gaps moved.",
    "verdict": "Judge a table of your own: did the gap narrow, and by which route?",
    "mix": "Split a change in a table of your own: people's own change, or the mix of people?",
    "ceiling": "Compare two groups of persons low down, in the middle and at the top.",
    "measure": "Compute one measure of inequality from a table.",
    "measure-persons": "Compute one measure for every group of a table of persons.",
    "ingest-persons": "Sort a large table of persons once, so that measuring it is quick.",
    "measure-change": "Say how one measure changed between two tables of yours, with an interval.",
    "pay": "Work out an employer's gender pay gap from its payroll, by the regulations.",
    "protect": "Hide or round the small counts of a table, and attack it before it is written.",
    "attack": "Say which hidden counts of a published table can be told.",
    "report": "Write the site, the committee paper, the tables and the open data.",
    "verify": "Recompute every published number of a report from its releases.",
    "fetch": "Download a published file from its publisher.",
    "serve": "Show a finished report in a browser on this machine.",
}
"""Every command and its one line, in the order in which a newcomer meets them."""

EXIT_ERROR = 1
EXIT_GUARD_RAIL = 2


class LazyGroup(click.Group):
    """Loads a command's file only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in reading order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"levelup.cli.{cmd_name.replace('-', '_')}_command")
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the commands without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="levelup")
def cli() -> None:
    """Say whether a county is levelling up: for whom, where, and because the bottom rose or because the top fell.

    Begin with `levelup demo`. Then `levelup init`, `levelup import` and `levelup report` with your own county.
    Every command takes --json for machines. Exit codes: 0 done, 1 something to mend, 2 a guard rail or check failed.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli.main(args=words, prog_name="levelup", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.exceptions.Abort:
        click.echo("Stopped; whatever was stored before is whole.", err=True)
        sys.exit(EXIT_ERROR)
    except click.ClickException as fault:
        _say({"code": "input", "rule": fault.format_message(), "got": "", "where": "", "next": ""}, fault.format_message(), words)
        sys.exit(EXIT_ERROR)
    except LevelupError as fault:
        _say(fault.as_dict(), str(fault), words)
        sys.exit(EXIT_GUARD_RAIL if isinstance(fault, GuardRailError | VerifyError) else EXIT_ERROR)
    except BrokenPipeError:
        sys.exit(EXIT_ERROR)


def _say(record: dict[str, Any], words: str, arguments: Sequence[str]) -> None:
    if "--json" in arguments:
        click.echo(json.dumps({"error": record}, ensure_ascii=False, indent=2))
    click.echo(f"levelup: {words}", err=True)
