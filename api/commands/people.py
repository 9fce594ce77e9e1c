"""Commands on persons who sign in: person add, list, duties, password, disable.

The first administrator of an agency is made here; administrators do the rest on their page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import click
import typer

from api.commands import terminal
from api.commands.terminal import RELEASE, ROOT, Database, Form, Format, ReleasePath, Trust
from api.service import passwords
from api.service.accounts import Accounts
from api.service.people import Duty
from api.store import Account, MissingError, Store
from engine import release as releases

person = typer.Typer(help="Persons who sign in to the pages.", no_args_is_help=True)
_READ_AT_MOST = 10_000

Id = Annotated[str, typer.Argument(metavar="ID", help="The name to sign in with.")]
Duties = Annotated[list[Duty] | None, typer.Option("--duty", help="May be repeated.")]
OneTime = Annotated[
    bool, typer.Option("--one-time", help="The password opens nothing but the choice of another.")
]


@person.command("add")
def add_person(
    identifier: Id,
    name: Annotated[str, typer.Option(help="The name that others read.")],
    agency: Annotated[str, typer.Option(help="Such as `agency:Customs`; for good.")],
    duties: Duties = None,
    one_time: OneTime = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Signs in by the provider only.")
    ] = False,
    subject: Annotated[
        str | None, typer.Option(help="What the provider calls the person, if not ID.")
    ] = None,
    database: Database = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    form: Form = Format.TEXT,
) -> None:
    """Add a person. The password is asked for, or is the first line on stdin."""
    release = releases.load(release_path or ROOT / RELEASE, *terminal.trusted(trust))
    with _accounts(database, create=True) as accounts:
        added = accounts.add(
            identifier,
            name,
            agency,
            duties or (),
            agencies=release.vocabulary.agencies,
            password=None if no_password else _password(),
            one_time=one_time and not no_password,
            subject=subject,
        )
    _tell([added], form)


@person.command("list")
def list_persons(database: Database = None, form: Form = Format.TEXT) -> None:
    """List everybody who ever was."""
    with _accounts(database) as accounts:
        found = accounts.listed()
    if form is Format.TEXT and not found:
        typer.echo("nobody yet: `commensura person add`")
    else:
        _tell(found, form)


@person.command("duties")
def set_duties(identifier: Id, duties: Duties = None, database: Database = None) -> None:
    """Give a person these duties instead."""
    with _accounts(database) as accounts:
        _tell([accounts.set_duties(identifier, duties or ())])


@person.command("password")
def set_password(identifier: Id, one_time: OneTime = False, database: Database = None) -> None:
    """Set a password, asked for or from stdin; all sessions of the person end."""
    with _accounts(database) as accounts:
        _tell([accounts.set_password(identifier, _password(), one_time=one_time)])


@person.command("disable")
def disable_person(identifier: Id, database: Database = None) -> None:
    """Let a person sign in no more, for good; its sessions end."""
    with _accounts(database) as accounts:
        _tell([accounts.disable(identifier)])


@contextmanager
def _accounts(database: str | None, *, create: bool = False) -> Iterator[Accounts]:
    with Store.open(terminal.database_url(database), create=create) as store:
        try:
            yield Accounts(store, terminal.now)
        except MissingError as error:
            raise click.BadParameter(f"{error}: see `commensura person list`") from None


def _password() -> str:
    words = f"a password of at least {passwords.SHORTEST} characters"
    if sys.stdin.isatty():
        return str(typer.prompt(words, hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline(_READ_AT_MOST).rstrip("\r\n")


def _tell(found: list[Account], form: Form = Format.TEXT) -> None:
    if form is Format.JSON:
        shown = [_shown(account) for account in found]
        terminal.print_json(shown[0] if len(shown) == 1 else shown)
    else:
        typer.echo("\n".join(map(_line, found)))


def _shown(account: Account) -> dict[str, Any]:
    """All but the hash."""
    names = ("id", "name", "agency", "subject", "created", "disabled")
    fields: dict[str, Any] = {name: getattr(account, name) for name in names}
    return fields | {"duties": sorted(account.duties)}


def _line(account: Account) -> str:
    duties = ", ".join(sorted(account.duties)) or "no duty"
    state = f"  (disabled {account.disabled:%Y-%m-%d})" if account.disabled else ""
    return f"{account.id}  {account.name} of {account.agency}  {duties}{state}"
