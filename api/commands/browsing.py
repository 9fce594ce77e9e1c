"""Commands that show what a release holds: term."""

from __future__ import annotations

from typing import Annotated

import click
import typer

from api.commands import terminal
from api.commands.terminal import RELEASE, ROOT, Form, Format, ReleasePath, Trust
from api.words.terms import TermPages
from api.words.text import look_up
from engine import release as releases


def term(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Such as `product:Toy` or `goods.value`. A word or a commodity code searches.",
        ),
    ],
    form: Form = Format.TEXT,
    release_path: ReleasePath = None,
    trust: Trust = None,
) -> None:
    """Show terms and facts: what they mean, their place, the law and the rules that use them."""
    release = releases.load(release_path or ROOT / RELEASE, *terminal.trusted(trust))
    pages = TermPages(release.base.rules, release.vocabulary, release.base.parameters)
    try:
        shown = [look_up(pages, name, terminal.today()) for name in names]
    except LookupError as error:
        raise click.BadParameter(str(error.args[0])) from None
    terminal.answer(form, [one.value for one in shown], (one.text for one in shown))
