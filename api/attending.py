"""Beside a server: the demonstration once it is up; workers and kept files for a new release.

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
from threading import Thread

import msgspec

from api.service import proofs
from api.service.authoring.office import in_force
from api.service.authoring.publishing import settle
from api.service.authoring.trees import seeded
from api.service.clock import now
from api.service.reviews import FOLDER, ReviewError, Reviews, made
from api.serving import HOST, Served, served_here
from api.store import Store, StoreError
from engine import release as releases
from engine.evidence.signing import read_verifier
from engine.release import Release

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
    _examine(served, path)
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
        _say(f"the new release is not taken up: {error}")
        return
    if _is_put_back(served, path, release):
        return
    _say(f"release {release.ref.id}: new workers take it up")
    os.kill(server, signal.SIGHUP)
    _keep_sources(served, path, release)
    _examine(served, path)


def _is_put_back(served: Served, path: Path, release: Release) -> bool:
    """Whether another release is in force by consent, whose file was then put back."""
    try:
        with Store.open(served.database) as store:
            if not settle(store, path):
                return False
            last = in_force(store).release
    except StoreError as error:
        _say(f"whether another release is in force is not known: {error}")
        return False
    _say(
        f"the release {release.ref.id} is not taken up: {last} is in force by consent in the "
        "editor, and its file is put back; publish over it with `commensura publish --over`"
    )
    return True


def _keep_sources(served: Served, path: Path, release: Release) -> None:
    """Keep the files of a release, so that drafts can change it, while new workers start."""
    try:
        with Store.open(served.database) as store:
            store.keep_release(path.read_bytes(), now())
            seeded(store, release, Path(served.root), now)
    except (OSError, StoreError) as error:
        _say(f"nothing can be drafted of the release {release.ref.id}: {error}")
    else:
        _say(f"release {release.ref.id}: its files are kept for drafts")


def _examine(served: Served, path: Path) -> None:
    """Review the release in force, and prove it, if nobody did, while the file is watched on."""
    if served.examines:
        Thread(target=_examined, args=(served, path), daemon=True).start()


def _examined(served: Served, path: Path) -> None:
    _reviewed(served, path)
    _proved(served, path)


def _reviewed(served: Served, path: Path) -> None:
    try:
        trusted = [read_verifier(Path(key)) for key in served.trust]
        release = releases.load(path, *trusted)
        with Store.open(served.database) as store:
            reviews = Reviews(path.parent / FOLDER, store, release, trusted, make=made)
            if reviews.found(reviews.ref.digest) is None:
                found = reviews.make(reviews.ref.digest, releases.silent)
                _say(f"release {release.ref.id}: reviewed, in {found.seconds:.0f} s")
    except (OSError, ValueError, StoreError, ReviewError) as error:
        _say(f"the release is not reviewed: {error}")


def _proved(served: Served, path: Path) -> None:
    try:
        trusted = [read_verifier(Path(key)) for key in served.trust]
        release = releases.load(path, *trusted)
        if not proofs.on_record(path, release, trusted):
            proofs.make(path, release, trusted, Path(served.signing_key))
            if proofs.on_record(path, release, trusted):
                _say(f"release {release.ref.id}: what is proved of it is on record")
    except (OSError, ValueError, proofs.ProofsError) as error:
        _say(f"what is proved of the release is not put on record: {error}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


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
    os.nice(10)  # whatever is done here, workers go first
    attend(served_here(), int(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None)
