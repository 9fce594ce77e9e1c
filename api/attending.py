"""Beside a server: the demonstration once it is up, and its new workers when a release comes.

Runs as a process of its own, ``python -m api.attending PORT [DECLARATION]``, and ends with the
server, its parent.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import msgspec

from api.serving import HOST, Served, served_here
from engine import release as releases
from engine.evidence.signing import read_verifier

READY_WITHIN = 60.0
INTERVAL = 1.0
"""Seconds between two looks at the release file."""


def attend(served: Served, port: int, demonstration: Path | None) -> None:
    """Demonstrate, then watch, as long as the server lives."""
    server = os.getppid()
    if not _ready(f"http://{HOST}:{port}"):
        print("the server did not get ready", file=sys.stderr)
        return
    _announce(served, port, demonstration)
    path = Path(served.release)
    last = _state(path)
    while os.getppid() == server:
        time.sleep(INTERVAL)
        found = _state(path)
        if found is not None and found != last:
            last = found
            _take_up(served, path, server)


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file is replaced; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _take_up(served: Served, path: Path, server: int) -> None:
    """Let new workers take the place of the old ones, if they can run the release."""
    try:
        trusted = [read_verifier(Path(key)) for key in served.trust]
        release = releases.load(path, *trusted)
    except (OSError, ValueError) as error:
        print(f"the new release is not taken up: {error}", file=sys.stderr, flush=True)
        return
    print(f"release {release.ref.id}: new workers take it up", file=sys.stderr, flush=True)
    os.kill(server, signal.SIGHUP)


def _announce(served: Served, port: int, demonstration: Path | None) -> None:
    base = f"http://{HOST}:{port}"
    print(f"\npages:     {base}/")
    print(f"calls:     {base}/docs  (OpenAPI 3.1: {base}/openapi.json)")
    print(f"decisions: {base}/v1/decisions")
    if demonstration is not None and served.demo_key is not None:
        _demonstrate(base, Path(served.demo_key), demonstration)
    print("\nserving; stop with Ctrl-C", flush=True)


def _demonstrate(base: str, key: Path, demonstration: Path) -> None:
    url = f"{base}/v1/decisions?audience=trader"
    token = key.read_text().strip()
    request = urllib.request.Request(
        url,
        data=demonstration.read_bytes(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = response.read()
    except urllib.error.HTTPError as error:
        answer = error.read()
    print(f"\n$ curl -s '{url}' \\")
    print(f'    -H "Authorization: Bearer $(cat {key})" \\')
    print(f"    -H 'Content-Type: application/json' -d @{demonstration}")
    print(msgspec.json.format(answer, indent=2).decode())


def _ready(base: str) -> bool:
    limit = time.monotonic() + READY_WITHIN
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    attend(served_here(), int(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None)
