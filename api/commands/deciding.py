"""Commands that decide on declarations: decide, survey, schema."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from api import inputs
from api.commands import terminal
from api.commands.terminal import KEY, RELEASE, ROOT, Day, Form, Format, KeyPath, ReleasePath, Trust
from api.messages import Cancellation, by_declaration
from api.survey import as_text, survey
from engine import release as releases
from engine.decide.audience import for_trader
from engine.decide.decision import Decision
from engine.decide.text import officer_text, trader_text
from engine.declaration.problems import MalformedError
from engine.declaration.schema import request_schema
from engine.language.vocabulary import Vocabulary


class Audience(StrEnum):
    """Who the answer is for."""

    OFFICER = "officer"
    TRADER = "trader"


def decide(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Declarations or requests, as JSON or WCO XML. Files with the same declaration "
            "id are versions, oldest first; an amendment follows what it amends. `-` reads "
            "standard input.",
        ),
    ],
    on: Day = None,
    known: Annotated[
        Path | None,
        typer.Option(help="What the agency knows: a JSON file in the shape of `known`."),
    ] = None,
    acts: Annotated[
        Path | None,
        typer.Option(help="What officers have done about the goods: a JSON file of acts."),
    ] = None,
    form: Form = Format.TEXT,
    audience: Annotated[Audience, typer.Option(help="Whose answer.")] = Audience.OFFICER,
    first_seen: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day the goods were first seen; keys the draw."),
    ] = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: KeyPath = None,
) -> None:
    """Decide on declarations and say why."""
    messages, cancelled = inputs.read_all(files, known)
    decider = releases.decider(
        releases.load(release_path or ROOT / RELEASE, *terminal.trusted(trust))
    )
    day = terminal.day(on)
    seen = terminal.day(first_seen) if first_seen else None
    keys = terminal.keys(key or ROOT / KEY)
    groups = list(by_declaration(messages))
    done = () if acts is None else inputs.read_acts_on(acts, len(groups))
    decisions: list[Decision] = []
    for versions in groups:
        try:
            with versions[-1].naming():
                decided = decider.decide_versions(
                    [one.request for one in versions],
                    on=day,
                    keys=keys,
                    first_seen=seen,
                    what_if=day != terminal.today(),
                    acts=done,
                )
        except MalformedError as error:
            if acts is not None and error.problems[0].pointer.startswith("/acts"):
                raise error.below(inputs.place(acts)) from None
            raise
        decisions += (one.told(decision) for one, decision in zip(versions, decided, strict=True))
    _answer(decider.program.vocabulary, decisions, cancelled, form, audience)


def _answer(
    vocabulary: Vocabulary,
    decisions: list[Decision],
    cancelled: list[Cancellation],
    form: Format,
    audience: Audience,
) -> None:
    if audience is Audience.TRADER:
        views = [for_trader(decision, vocabulary) for decision in decisions]
        texts = [trader_text(view) for view in views]
        answers: list[Any] = list(views)
    else:
        texts = [officer_text(decision, vocabulary) for decision in decisions]
        answers = list(decisions)
    answers += cancelled
    texts += (f"{one.declaration or 'no number'}: {one.message}" for one in cancelled)
    terminal.answer(form, answers, texts)


def survey_folders(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Declarations, as XML or JSON.")
    ],
    on: Day = None,
    form: Form = Format.TEXT,
    release_path: ReleasePath = None,
    trust: Trust = None,
) -> None:
    """Decide on every declaration in folders and sum up; a what-if that binds nobody."""
    decider = releases.decider(
        releases.load(release_path or ROOT / RELEASE, *terminal.trusted(trust))
    )
    with terminal.progress() as progress:
        found = survey(folders, decider, terminal.day(on), progress)
    if form is Format.JSON:
        terminal.print_json(found)
    else:
        typer.echo(as_text(found))


def schema() -> None:
    """Print the JSON Schema of a request for a decision."""
    terminal.print_json(request_schema())
