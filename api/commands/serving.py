"""Commands that serve a release: serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands import terminal
from api.commands.terminal import KEY, RELEASE, ROOT, KeyPath, ReleasePath
from engine import release as releases


def serve(
    port: Annotated[int, typer.Option(help="The port on the loopback address.")] = 8000,
    release_path: ReleasePath = None,
    key: KeyPath = None,
    demo: Annotated[
        Path | None, typer.Option(help="Once up, post this declaration and print the exchange.")
    ] = None,
) -> None:
    """Serve decisions and rules over HTTP."""
    from api import serving  # the web framework is loaded only where it is needed

    path = release_path or ROOT / RELEASE
    releases.load(path)  # refuse a bad release here, not in the worker
    terminal.keys(key or ROOT / KEY)
    serving.serve(path, key or ROOT / KEY, port, demo)
