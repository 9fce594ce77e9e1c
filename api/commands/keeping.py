"""Commands on what is kept: migrate, key, replay, reveal, erase, audit, sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import click
import typer

from api.commands import terminal
from api.commands.terminal import (
    KEY,
    RELEASE,
    ROOT,
    Database,
    Form,
    Format,
    KeyPath,
    ReleasePath,
    Trust,
)
from api.inputs import shown
from api.service.authoring import trees
from api.service.authoring.office import in_force
from api.service.deciding import Service
from api.service.draws import Draws, KeepSecretError
from api.service.history import DECISION, ErasedError, history
from api.service.releases import one_of
from api.service.replaying import Old, Replay
from api.service.replaying import replay as replayed
from api.store import Key, MissingError, Role, Store, Stored
from api.store import migrate as migrate_store
from engine import release as releases

PAGE = 200
PERSONS = ("persons",)
key = typer.Typer(help="Keys of those who may ask over HTTP.", no_args_is_help=True)


def migrate(database: Database = None) -> None:
    """Bring the database to the schema of this version; make it where there is none."""
    url = terminal.database_url(database)
    migrate_store(url)
    typer.echo("the database has the schema of this version")


def sources(
    folder: Annotated[Path, typer.Argument(help="Where to: a folder that is empty.")],
    of: Annotated[
        str | None,
        typer.Option(metavar="RELEASE", help="A kept release by id or digest [that in force]."),
    ] = None,
    database: Database = None,
) -> None:
    """Write the files of ontology and rules that a release was made from."""
    with _opened(database) as store:
        try:
            found = in_force(store).release if of is None else one_of(store, of).digest
            tree = store.authoring.tree(found)
        except MissingError as error:
            raise click.BadParameter(str(error)) from None
    trees.write(tree, folder)
    typer.echo(f"{len(tree)} files of {found}  {shown(folder)}")


@key.command("create")
def create_key(
    role: Annotated[Role, typer.Argument(help="As what its holder asks.")],
    label: Annotated[str, typer.Argument(help="The office or system that it is for.")],
    agency: Annotated[
        str | None,
        typer.Option(help="Such as `agency:Customs`; officers and systems of agencies need one."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="How long it holds [until it is revoked].")
    ] = None,
    database: Database = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    form: Form = Format.TEXT,
) -> None:
    """Make a key. It is told this once: only a digest is kept."""
    if agency is not None:
        _check_agency(agency, release_path, trust)
    now = terminal.now()
    with _opened(database, create=True) as store:
        try:
            made, token = store.create_key(
                role,
                label,
                agency=agency,
                expires=None if days is None else now + timedelta(days=days),
                at=now,
            )
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    if form is Format.JSON:
        terminal.print_json({"key": made, "token": token})
    else:
        typer.echo(_line(made))
        typer.echo(f"told this once: {token}")


@key.command("list")
def list_keys(database: Database = None, form: Form = Format.TEXT) -> None:
    """List all keys that ever were, without their secrets."""
    with _opened(database) as store:
        found = store.api_keys()
    if form is Format.JSON:
        terminal.print_json(found)
    else:
        typer.echo("\n".join(map(_line, found)) or "no keys yet: `commensura key create`")


@key.command("revoke")
def revoke_key(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="As `key list` shows it.")],
    database: Database = None,
) -> None:
    """Revoke a key for good."""
    with _opened(database) as store:
        try:
            revoked = store.revoke_key(identifier, terminal.now())
        except MissingError as error:
            raise click.BadParameter(f"{error}: see `commensura key list`") from None
    typer.echo(_line(revoked))


def replay(
    decisions: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Decisions; all, if none is named.")
    ] = None,
    database: Database = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: KeyPath = None,
    form: Form = Format.TEXT,
) -> None:
    """Take kept decisions again, each by the release that took it, and compare."""
    trusted = terminal.trusted(trust)
    decider = releases.decider(releases.load(release_path or ROOT / RELEASE, *trusted))
    keys = terminal.keys(key or ROOT / KEY, drew=True)
    with _opened(database) as store, terminal.progress() as progress:
        service = Service(store, decider, keys, terminal.now, trusted)
        erased: list[str] = []
        count, wrong = 0, list[Replay]()
        total = len(decisions) if decisions else store.size()
        for one in replayed(service, _olds(store, decisions, erased)):
            count += 1
            progress("replay", count, max(total, count))
            if not one.exact:
                wrong.append(one)
    if form is Format.JSON:
        terminal.print_json(
            {
                "replayed": count,
                "exact": count - len(wrong),
                "differing": wrong,
                "erased": erased,
            }
        )
    else:
        for one in wrong:
            without = ", without its persons" if one.persons_erased else ""
            typer.echo(f"{one.decision}: {one.failed or 'differs'}{without}")
            for difference in one.differences:
                typer.echo(f"  {difference.pointer}: {difference.before} → {difference.after}")
        typer.echo(
            f"{count} replayed, {count - len(wrong)} exact, {len(wrong)} not; "
            f"{len(erased)} erased, which nobody can take again"
        )
    if wrong:
        raise typer.Exit(terminal.REFUSED)


def reveal(
    day: Annotated[str, typer.Argument(metavar="DAY", help="Such as 2026-11-23.")],
    database: Database = None,
    key: KeyPath = None,
    form: Form = Format.TEXT,
) -> None:
    """Reveal the draw's key of a day that is long past, so that anyone can draw again."""
    keys, that_day = terminal.keys(key or ROOT / KEY, drew=True), terminal.day(day)
    with _opened(database) as store:
        try:
            stored = Draws(store, keys, terminal.now).reveal(that_day, "command line")
        except KeepSecretError as error:
            terminal.complain(error)
            raise typer.Exit(terminal.REFUSED) from None
    told = keys.revealed(that_day)
    if form is Format.JSON:
        terminal.print_json({"day": that_day, "key": told, "logIndex": stored.index})
    else:
        typer.echo(f"{that_day}: {told}")
        typer.echo(f"revealed for good, as entry {stored.index} of the log says")


def erase(
    subject: Annotated[
        str, typer.Argument(metavar="DECLARATION", help="The id of the declaration.")
    ],
    authority: Annotated[str, typer.Option(help="Who ordered it, for which office.")],
    reason: Annotated[str, typer.Option(help="On what ground, such as an article.")],
    everything: Annotated[
        bool, typer.Option("--everything", help="All that was said, not only who stood behind it.")
    ] = False,
    database: Database = None,
) -> None:
    """Erase a person's data from what is kept of a declaration. The log, and its proofs, stand."""
    with _opened(database) as store:
        if not store.records(subject, DECISION):
            raise click.BadParameter(f"nothing is kept of a declaration {subject!r}")
        try:
            stored = store.erase(
                subject,
                None if everything else PERSONS,
                authority=authority,
                reason=reason,
                at=terminal.now(),
                author="command line",
            )
        except (MissingError, ValueError) as error:
            raise click.BadParameter(str(error)) from None
    typer.echo(f"erased, as entry {stored.index} of the log says: {stored.record.id}")


def audit(database: Database = None, form: Form = Format.TEXT) -> None:
    """Compute the whole log anew, and tell what is not as it was written."""
    with _opened(database) as store, terminal.progress() as progress:
        found = store.audit(progress)
    if form is Format.JSON:
        terminal.print_json(found)
    else:
        for finding in found.findings:
            place = "" if finding.index is None else f"entry {finding.index}: "
            typer.echo(f"{place}{finding.message}")
        typer.echo(f"{found.size} entries, {len(found.findings)} not as written")
    if found.findings:
        raise typer.Exit(terminal.REFUSED)


def _opened(database: str | None, *, create: bool = False) -> Store:
    return Store.open(terminal.database_url(database), create=create)


def _check_agency(agency: str, release_path: Path | None, trust: list[Path] | None) -> None:
    release = releases.load(release_path or ROOT / RELEASE, *terminal.trusted(trust))
    known = sorted(release.vocabulary.agencies)
    if agency not in known:
        raise click.BadParameter(f"`{agency}` is no agency; one of {', '.join(known)}")


def _olds(store: Store, decisions: list[str] | None, erased: list[str]) -> Iterator[Old]:
    """The decisions that are named, or all, with what each rested on; *erased* are told apart."""
    if decisions:
        for name in decisions:
            stored = store.record(name)
            if stored is None or stored.record.kind != DECISION:
                raise click.BadParameter(f"there is no decision `{name}`")
            yield from _old(store, stored, erased)
        return
    after = -1
    while page := store.page(after=after, limit=PAGE, kind=DECISION):
        for stored in page:
            yield from _old(store, stored, erased)
        after = page[-1].index


def _old(store: Store, stored: Stored, erased: list[str]) -> Iterator[Old]:
    try:
        whole = history(store, stored.record.subject)
    except ErasedError:
        erased.append(stored.record.id)
        return
    yield Old(whole, whole.at(stored))


def _line(key: Key) -> str:
    state = (
        "revoked" if key.revoked else f"until {key.expires:%Y-%m-%d}" if key.expires else "holds"
    )
    agency = f" of {key.agency}" if key.agency else ""
    return f"{key.id}  {key.role}{agency}  {key.label}  ({state})"
