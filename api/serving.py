"""Serving on granian: one process, one release, one thread at a time through the engines."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import msgspec
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from api.app import create_app
from engine import release as releases
from engine.decide.draw import local_keys
from engine.evidence.signing import read_verifier

HOST = "127.0.0.1"
READY_WITHIN = 60.0
_RELEASE, _TRUST, _KEY = "COMMENSURA_RELEASE", "COMMENSURA_TRUST", "COMMENSURA_KEY"


def application() -> Flask:
    """The application of a worker: it loads the release named in its environment."""
    trusted = [read_verifier(Path(name)) for name in os.environ[_TRUST].splitlines()]
    release = releases.load(Path(os.environ[_RELEASE]), *trusted)
    decider = releases.decider(release, isolated=True)
    app = create_app(decider, local_keys(Path(os.environ[_KEY])))
    gc.collect()
    gc.freeze()  # a release lives as long as its worker: never look through it for garbage
    return app


def serve(release: Path, trust: Sequence[Path], key: Path, port: int, demo: Path | None) -> None:
    """Serve until interrupted. With *demo*, post that declaration once and print the exchange."""
    os.environ[_TRUST] = "\n".join(str(path.resolve()) for path in trust)
    os.environ[_RELEASE], os.environ[_KEY] = str(release.resolve()), str(key.resolve())
    server = Granian(
        "api.serving:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        # The C engine holds the GIL: more threads would only wait for it.
        blocking_threads=1,
        log_access=False,
    )
    if demo is not None:
        # A process of its own: a thread here could hold a lock when the workers are forked.
        words = [sys.executable, "-m", "api.serving", str(port), str(demo)]
        subprocess.Popen(words)
    server.serve()


def _demonstrate(port: int, demo: Path) -> None:
    base = f"http://{HOST}:{port}"
    if not _ready(base):
        print("the server did not get ready", file=sys.stderr)
        return
    url = f"{base}/v1/decisions?audience=trader"
    request = urllib.request.Request(
        url, data=demo.read_bytes(), headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = response.read()
    except urllib.error.HTTPError as error:
        answer = error.read()
    print(f"\nrules:     {base}/")
    print(f"decisions: {base}/v1/decisions\n")
    print(f"$ curl -s '{url}' -H 'Content-Type: application/json' -d @{demo}")
    print(msgspec.json.format(answer, indent=2).decode())
    print("\nserving; stop with Ctrl-C", flush=True)


def _ready(base: str) -> bool:
    limit = time.monotonic() + READY_WITHIN
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    _demonstrate(int(sys.argv[1]), Path(sys.argv[2]))
