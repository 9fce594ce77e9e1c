"""The command that changes rules to see whether their examples notice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import click
import typer

from api.commands import terminal
from api.commands.terminal import ROOT, Form, Format, Root
from engine.knowledge import load
from engine.language.base import RuleBase, read_base
from engine.language.diagnostics import did_you_mean
from engine.specs.mutation import Score, score


def mutate(
    rules: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RULE...]", help="Rules or tables by id; all if none is named."),
    ] = None,
    root: Root = ROOT,
    form: Form = Format.TEXT,
    least: Annotated[
        float, typer.Option(metavar="SHARE", help="Refuse a lower score, such as 0.9.")
    ] = 0.0,
) -> None:
    """Change each rule one thing at a time: do its examples notice? Lists what they do not."""
    vocabulary = load(root / "ontology")
    base = read_base(Path(root) / "rules", vocabulary).base
    _check(base, rules or [])
    with terminal.progress() as progress:
        found = score(
            base,
            vocabulary,
            only=rules or (),
            progress=lambda done, total: progress("mutants", done, total),
        )
    if form is Format.JSON:
        terminal.print_json({"share": found.share, "rules": found.rules})
    else:
        typer.echo(_text(found))
    if found.share < least:
        raise typer.Exit(terminal.REFUSED)


def _check(base: RuleBase, names: list[str]) -> None:
    """Raises `BadParameter`: one of the *names* is no rule's."""
    known = {rule.id for rule in base.rules} | {rule.table for rule in base.rules}
    for name in names:
        if name not in known:
            near = did_you_mean(name, known)
            raise click.BadParameter(f"there is no rule `{name}`" + (f": {near}" if near else ""))


def _text(found: Score) -> str:
    lines = [f"{one.rule}: {one.what}: {one.words}" for one in found.survivors]
    lines.append(f"{found.killed} of {found.mutants} changes noticed, {found.share:.1%}")
    return "\n".join(lines)
