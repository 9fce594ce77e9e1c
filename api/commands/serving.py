"""Commands that run the service: serve."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.commands import terminal
from api.commands.terminal import (
    COOKIE_KEY,
    DEMO_KEY,
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
from api.store import Role, Store
from engine import files
from engine import release as releases

DEMO_DAYS = 90


def serve(
    port: Annotated[int, typer.Option(help="The port on the loopback address.")] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that serve [one a core].")
    ] = None,
    database: Database = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: KeyPath = None,
    limit: Annotated[str, typer.Option(help="How often one key may ask a worker.")] = "500/second",
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

    path = (release_path or ROOT / RELEASE).resolve()
    trusted = terminal.trusted_files(trust)
    terminal.keys(key or ROOT / KEY)
    terminal.signer(ROOT / SIGNING_KEY)
    url = terminal.database_url(database)
    with Store.open(url, create=True) as store:
        settle(store, path)
        releases.load(path, *terminal.trusted(trust))  # refuse a bad one here, not in a worker
        store.keep_release(path.read_bytes(), terminal.now())
        demo_key = _demo_key(store) if demo is not None else None
    served = serving.Served(
        release=str(path),
        trust=tuple(str(file.resolve()) for file in trusted),
        draw_key=str((key or ROOT / KEY).resolve()),
        signing_key=str(ROOT / SIGNING_KEY),
        cookie_key=str(ROOT / COOKIE_KEY),
        database=url,
        limit=limit,
        demo_key=None if demo_key is None else str(demo_key),
    )
    serving.serve(served, port, workers or os.cpu_count() or 1, demo)


def _demo_key(store: Store) -> Path:
    """The file of the demo's key: made, and its key printed, on first use."""
    path = ROOT / DEMO_KEY
    if path.exists() and store.authenticate(path.read_text().strip(), terminal.now()):
        return path
    _, token = store.create_key(
        Role.OFFICER,
        "demo",
        agency="agency:Customs",
        expires=terminal.now() + timedelta(days=DEMO_DAYS),
        at=terminal.now(),
    )
    files.replace(path, f"{token}\n".encode())
    typer.echo(f"demo key, an officer of customs for {DEMO_DAYS} days, told this once: {token}")
    return path
