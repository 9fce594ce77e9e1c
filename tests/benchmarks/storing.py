"""Records a second into the store, beside a file that is synced as often.

    python -m tests.benchmarks.storing [COMMITS]

A record is a real decision with its request, an idempotency key and a unit first seen. The floor
appends the same bytes, deflated as the store keeps them, to a file, and syncs it once a commit:
nothing durable is quicker. The rest of a commit is the tree, the indexes and the guards. Parts
are salted before the clock starts. The database lies in the folder for temporary files, so the
disk is that one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import msgspec
import pytest

from api.store import Claim, Entry, Sighting, Store
from engine import release as releases
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request
from engine.evidence.canonical import canonical
from engine.evidence.record import salted
from tests.benchmarks.timing import Contestant, rounds
from tests.databases import Server, started

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
GROUPS = (1, 100)
COMMITS, FEW = 200, 20
"""Commits a round of single records, and of groups."""


def main(commits: int) -> None:
    """Print a table for each size of group."""
    template = decided()
    words = sum(len(part.body) for part in template.parts.values())
    packed = sum(len(zlib.compress(part.body, 1)) for part in template.parts.values())
    print(f"a record of {words / 1024:.1f} KiB, {packed / 1024:.1f} KiB deflated")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cmns-")))
        stores = {"SQLite, synchronous=FULL": f"sqlite:///{folder / 'log.db'}"}
        try:
            server = Server(stack.enter_context(started()))
            stores["PostgreSQL, by a socket"] = stack.enter_context(server.database())
        except pytest.skip.Exception as reason:
            print(reason)
        file = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        stack.callback(os.close, file)
        appending: dict[str, Callable[[Sequence[Entry]], object]] = {
            "floor: a synced file": lambda entries: _synced(file, entries)
        }
        for name, url in stores.items():
            appending[name] = stack.enter_context(Store.open(url, create=True)).append
        for size in GROUPS:
            _table(size, commits if size == 1 else FEW, template, appending)
        print()
        for name, url in stores.items():
            with Store.open(url) as store:
                start = time.perf_counter()
                audit = store.audit()
                seconds = time.perf_counter() - start
            assert audit.findings == ()
            print(f"audit, {name}: {audit.size / seconds:,.0f} records/s of {audit.size:,}")


def _table(
    size: int,
    commits: int,
    template: Entry,
    appending: dict[str, Callable[[Sequence[Entry]], object]],
) -> None:
    timings = rounds(
        [
            Contestant(name, lambda given, append=append: append(list(given())), groups)
            for name, append in appending.items()
            for groups in [[lambda: _fresh(template, size)] * commits]
        ],
        commits,
    )
    floor = timings[0].mean
    print(f"\n{size} a commit{'':14}{'records/s':>12}{'ms p50':>9}{'ms p99':>9}{'to floor':>10}")
    for one in timings:
        print(
            f"{one.name:26}{size / one.mean * 1e6:12,.0f}{one.p50 / 1000:9.2f}"
            f"{one.p99 / 1000:9.2f}{one.mean / floor:10.2f}"
        )


def decided() -> Entry:
    """The record of a real decision."""
    release, _, _ = releases.checked(ROOT, DAY)
    body = (ROOT / "features/declarations/sesame-nigeria.json").read_bytes()
    keys = DrawKeys(b"benchmark")
    decision = releases.decider(release).decide(read_request(body), on=DAY, keys=keys)
    return Entry(
        kind="decision",
        id=decision.id,
        subject=decision.declaration,
        at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        author="benchmark",
        parts={"request": salted(body), "decision": salted(canonical(decision))},
    )


_numbers = count()


def _fresh(template: Entry, size: int) -> Iterator[Entry]:
    """The same record under new names."""
    body = template.parts["request"].body
    for _ in range(size):
        name = f"b-{next(_numbers)}"
        yield msgspec.structs.replace(
            template,
            id=name,
            subject=name,
            after=-1,
            claim=Claim(name, body),
            sighting=Sighting(name, DAY),
        )


def _synced(file: int, entries: Sequence[Entry]) -> None:
    kept = b"".join(
        piece
        for entry in entries
        for piece in (
            canonical(entry.record),
            *(part.salt + zlib.compress(part.body, 1) for part in entry.parts.values()),
        )
    )
    os.write(file, kept)
    os.fsync(file)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMMITS)
