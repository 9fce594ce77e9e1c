"""The command line: its commands, in the order in which help shows them, and its exit codes.

Exit codes: 0 done, 1 refused by a check, 2 bad input. Answers go to stdout, progress and
diagnostics to stderr.
"""

from __future__ import annotations

import sys

import click
import typer

from api.commands import (
    browsing,
    deciding,
    keeping,
    mutating,
    people,
    proving,
    publishing,
    reviewing,
    serving,
    terminal,
)
from api.exchange import UnreadableError
from api.reporting import KindError
from api.store import StoreError
from api.verifying import UnverifiableError
from engine.decide.answer import EngineError
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import RefusedError
from engine.release import ReleaseError

app = typer.Typer(
    help="Harmonised, proportionate risk criteria for border agencies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(publishing.check)
app.command()(publishing.publish)
app.command()(reviewing.review)
app.command()(mutating.mutate)
app.command()(deciding.decide)
app.command("survey")(deciding.survey_folders)
app.command()(publishing.verify)
app.command()(publishing.export)
app.command()(publishing.diff)
app.command()(proving.prove)
app.command()(proving.analyse)
app.command()(deciding.schema)
app.command()(browsing.term)
app.command()(serving.serve)
app.command()(keeping.migrate)
app.command()(keeping.replay)
app.command()(keeping.reveal)
app.command()(keeping.erase)
app.command()(keeping.audit)
app.command()(keeping.sources)
app.add_typer(keeping.key, name="key")
app.add_typer(people.person, name="person")

new = typer.Typer(help="Start a new file from a template.", no_args_is_help=True)
new.command("rule")(publishing.new_rule)
app.add_typer(new, name="new")


def main() -> None:
    """Run the command line; no error of a user shows a stack trace."""
    try:
        app()
    except RefusedError as error:
        terminal.report(error.diagnostics)
        sys.exit(terminal.REFUSED)
    except (
        KindError,
        MalformedError,
        ReleaseError,
        UnreadableError,
        UnverifiableError,
        click.BadParameter,
    ) as error:
        terminal.complain(error)
        sys.exit(terminal.BAD_INPUT)
    except (EngineError, StoreError) as error:
        terminal.complain(error)
        sys.exit(terminal.REFUSED)
