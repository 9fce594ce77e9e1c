"""Who asks in demo mode: an officer's key, and persons who may sign in. Never made elsewhere.

Their secrets are kept beside the other keys, for their owner only, and told when they are made.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import typer

from api.commands import terminal
from api.service import passwords
from api.service.accounts import Accounts
from api.service.people import Duty
from api.store import Role, Store
from engine import files

DAYS = 90
PEOPLE = {
    "demo-author": ("Demo author", "agency:Customs", (Duty.AUTHOR,)),
    "demo-approver": ("Demo approver", "agency:Customs", (Duty.APPROVER, Duty.ADMINISTRATOR)),
    "demo-counsel": ("Demo counsel", "agency:Customs", (Duty.COUNSEL,)),
    "demo-neighbour": ("Demo neighbour", "agency:FoodAndFeed", (Duty.AUTHOR, Duty.APPROVER)),
}


def key(store: Store, path: Path) -> None:
    """Keep the demo's key at *path*: made, and told, on first use."""
    if path.exists() and store.authenticate(path.read_text().strip(), terminal.now()):
        return
    _, token = store.create_key(
        Role.OFFICER,
        "demo",
        agency="agency:Customs",
        expires=terminal.now() + timedelta(days=DAYS),
        at=terminal.now(),
    )
    files.replace(path, f"{token}\n".encode())
    typer.echo(f"demo key, an officer of customs for {DAYS} days, told this once: {token}")


def people(store: Store, path: Path, agencies: Collection[str]) -> None:
    """Add the demo's persons where they are not there; their passwords are kept at *path*."""
    accounts = Accounts(store, terminal.now)
    known = dict(_read(path))
    for identifier, (name, agency, duties) in PEOPLE.items():
        if agency not in agencies or accounts.found(identifier) is not None:
            continue
        password = known[identifier] = known.get(identifier) or passwords.made()
        # Kept first: a person whose password nobody knows would be of no use.
        lines = "".join(f"{one} {secret}\n" for one, secret in known.items())
        files.replace(path, lines.encode())
        accounts.add(identifier, name, agency, duties, agencies=agencies, password=password)
        words = f"{', '.join(duties)} of {agency}"
        typer.echo(f"demo person, {words}, told this once: {identifier} {password}")


def warn(store: Store) -> None:
    """Say so where persons of a demo may sign in outside of one."""
    left = [
        account.id
        for account in store.people.listed()
        if account.id in PEOPLE and account.disabled is None
    ]
    if left:
        words = "; ".join(f"`commensura person disable {one}`" for one in left)
        terminal.err.print(f"persons of the demo may still sign in: {words}", markup=False)


def _read(path: Path) -> list[tuple[str, str]]:
    if not path.exists():
        return []
    pairs = (line.split() for line in path.read_text("utf-8").splitlines())
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
