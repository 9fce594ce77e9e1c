"""Commands that ask what holds of every declaration: prove, analyse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import click
import typer
from msgspec.structs import replace

from api import inputs
from api.commands import terminal
from api.commands.terminal import ROOT, Form, Format, Trust
from engine import release as releases
from engine.decide.deciding import Decider
from engine.language.diagnostics import RefusedError
from engine.language.stated import Stated, read_stated
from engine.language.vocabulary import Vocabulary
from engine.prove import analysis, comparison
from engine.prove.proving import BUDGET, Prover
from engine.prove.record import missing, recorded
from engine.prove.report import Report, UnknownPropertyError, lines, named, report

Source = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PATH]", help="A release file, or a folder with `ontology/` and `rules/`."
    ),
]

Required = Annotated[
    list[str] | None,
    typer.Option("--require", metavar="ID", help="No release unless this property is proved."),
]


def prove(
    path: Source = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--property", metavar="ID", help="Ask this one; may be repeated [all]."),
    ] = None,
    stated: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="A property or assumption of your own, as TOML; may be repeated."
        ),
    ] = None,
    budget: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="The time that one may take.")
    ] = BUDGET,
    form: Form = Format.TEXT,
    trust: Trust = None,
) -> None:
    """Prove properties of every possible declaration, or show one that breaks them."""
    with terminal.progress() as progress:
        decider = _decider(path or ROOT, trust, progress)
        own = [read_stated(file, decider.program.vocabulary) for file in stated or ()]
        found = _report(decider, names or (), budget, progress, own)
    if form is Format.JSON:
        terminal.print_json(found)
    else:
        typer.echo("\n".join(lines(found)))
    if not found.holds:
        raise typer.Exit(terminal.REFUSED)


def proofs(
    release: releases.Release, required: list[str] | None, progress: releases.Progress
) -> Report:
    """The answers on a release about to be published.

    Raises `RefusedError` where one that is *required* is not proved.
    """
    wanted = properties(required)
    found = _report(releases.decider(release), (), BUDGET, progress)
    lacking = missing(recorded(found, BUDGET).properties, wanted)
    if lacking:
        raise RefusedError(lacking)
    return found


def _report(
    decider: Decider,
    names: Sequence[str],
    budget: float,
    progress: releases.Progress,
    stated: Sequence[Stated] = (),
) -> Report:
    return report(decider, properties(names), stated=stated, budget=budget, progress=progress)


def properties(names: Sequence[str] | None) -> tuple[str, ...]:
    """The names of properties. Raises `BadParameter` where there is none of a name."""
    try:
        return tuple(named(name).id for name in names or ())
    except UnknownPropertyError as error:
        raise click.BadParameter(str(error)) from None


def analyse(
    path: Source = None,
    budget: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="The time that all of it may take.")
    ] = analysis.BUDGET,
    form: Form = Format.TEXT,
    trust: Trust = None,
) -> None:
    """Find rules that never apply, say the same, conflict, inspect twice or leave gaps."""
    with terminal.progress() as progress:
        prover = Prover(_decider(path or ROOT, trust, progress))
        found = analysis.analyse(prover, budget=budget, progress=progress)
    if form is Format.JSON:
        terminal.print_json(found)
    else:
        typer.echo("\n".join(analysis.lines(found, prover.program.vocabulary)))


def meaning_of_change(
    before: Path, after: Path, sample: Path | None, trust: list[Path] | None
) -> tuple[comparison.MeaningOfChange, Vocabulary]:
    """What a change means, with the share of a folder of declarations that it affects; and the
    words in which that is told.
    """
    declarations, without = ({}, {}) if sample is None else inputs.read_sample(sample)
    with terminal.progress() as progress:
        old, new = (_decider(path, trust, progress) for path in (before, after))
        requests = {name: one.request for name, one in declarations.items()}
        meant = comparison.compare(old, new, requests, progress=progress)
    return replace(meant, left_out=without | meant.left_out), new.program.vocabulary


def _decider(path: Path, trust: list[Path] | None, progress: releases.Progress) -> Decider:
    """What decides by a release file, or by the files of a folder, checked."""
    if path.is_dir():
        release = releases.checked(path, terminal.today(), progress)[0]
    else:
        release = releases.load(path, *terminal.trusted(trust))
    return releases.decider(release)
