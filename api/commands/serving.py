"""Commands that run the service: serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click
import typer

from api.commands import demo as demonstration
from api.commands import proving, terminal
from api.commands.terminal import (
    COOKIE_KEY,
    DEMO_KEY,
    DEMO_PEOPLE,
    KEY,
    RELEASE,
    ROOT,
    SIGNING_KEY,
    Database,
    KeyPath,
    ReleasePath,
    Trust,
)
from api.service.authoring.publishing import settle
from api.service.authoring.trees import seeded
from api.store import MissingError, Store
from engine import cores
from engine import release as releases
from engine.release import Release

if TYPE_CHECKING:
    from api.serving import Registration


def serve(
    port: Annotated[int, typer.Option(help="The port on the loopback address.")] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that serve [one a core].")
    ] = None,
    database: Database = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: KeyPath = None,
    limit: Annotated[str, typer.Option(help="How often one key may ask.")] = "500/second",
    proxies: Annotated[
        int, typer.Option(min=0, help="How many proxies stand before it and say who asked.")
    ] = 0,
    required: proving.Required = None,
    examine: Annotated[
        bool, typer.Option(help="Review and prove each release, beside serving it.")
    ] = True,
    oidc_issuer: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="COMMENSURA_OIDC_ISSUER",
            help="A provider of OpenID Connect by whom persons may sign in, too.",
        ),
    ] = None,
    oidc_client: Annotated[
        str | None,
        typer.Option(envvar="COMMENSURA_OIDC_CLIENT", help="As what we are registered there."),
    ] = None,
    oidc_secret: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", envvar="COMMENSURA_OIDC_SECRET", help="The file of our secret there."
        ),
    ] = None,
    oidc_claim: Annotated[
        str,
        typer.Option(
            envvar="COMMENSURA_OIDC_CLAIM",
            help="What names the person: `sub`, or `preferred_username` if it is never reassigned.",
        ),
    ] = "sub",
    demo: Annotated[
        Path | None,
        typer.Option(
            help="Demo mode: rules, terms and trials are open to whoever reaches the port, and "
            "once up, this declaration is lodged and the exchange printed."
        ),
    ] = None,
) -> None:
    """Serve decisions, rules and pages over HTTP; take up new releases as they are published."""
    from api import serving  # the web framework is loaded only where it is needed

    _check_limit(limit)
    path = (release_path or ROOT / RELEASE).resolve()
    trusted = terminal.trusted_files(trust)
    registration = _registration(oidc_issuer, oidc_client, oidc_secret, oidc_claim)
    terminal.keys(key or ROOT / KEY)
    terminal.signer(ROOT / SIGNING_KEY)
    url = terminal.database_url(database)
    with Store.open(url, create=True) as store:
        settle(store, path)
        release = releases.load(path, *terminal.trusted(trust))  # refuse it here, not in a worker
        store.keep_release(path.read_bytes(), terminal.now())
        _keep_sources(store, release)
        if demo is None:
            demonstration.warn(store)
        else:
            demonstration.key(store, ROOT / DEMO_KEY)
            demonstration.people(store, ROOT / DEMO_PEOPLE, release.vocabulary.agencies)
    served = serving.Served(
        release=str(path),
        root=str(ROOT),
        trust=tuple(str(file.resolve()) for file in trusted),
        draw_key=str((key or ROOT / KEY).resolve()),
        signing_key=str(ROOT / SIGNING_KEY),
        cookie_key=str(ROOT / COOKIE_KEY),
        database=url,
        limit=limit,
        demo_key=None if demo is None else str(ROOT / DEMO_KEY),
        proxies=proxies,
        required=proving.properties(required),
        examines=examine,
        oidc=registration,
    )
    serving.serve(served, port, workers or cores.count(), demo)


def _keep_sources(store: Store, release: Release) -> None:
    """Keep the files of the release, so that drafts can change them; say so where they differ."""
    try:
        seeded(store, release, ROOT, terminal.now)
    except MissingError as error:
        typer.echo(f"warning: nothing can be drafted: {error}", err=True)


def _check_limit(words: str) -> None:
    from limits import parse  # a sixth of a second that other commands need not take

    try:
        parse(words)
    except ValueError:
        raise click.BadParameter(f"`{words}` is no limit: write one as `500/second`") from None


def _registration(
    issuer: str | None, client: str | None, secret: Path | None, claim: str
) -> Registration | None:
    """As what we are registered at a provider, if it is named; its secret is in a file."""
    from api.serving import Registration

    if issuer is None and client is None and secret is None:
        return None
    if issuer is None or client is None or secret is None:
        words = "`--oidc-issuer`, `--oidc-client` and `--oidc-secret` go together"
        raise click.BadParameter(words)
    registration = Registration(
        issuer=issuer, client=client, secret_file=str(secret.resolve()), claim=claim
    )
    try:
        registration.read()
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the provider cannot be used: {error}") from None
    return registration
