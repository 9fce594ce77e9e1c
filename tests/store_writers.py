"""Processes that append, for the tests that race and kill them.

    python -m tests.store_writers append URL NAME [GROUPS]
    python -m tests.store_writers claim URL NAME BODY KEYS

What was acknowledged is told on standard output, a line each, once it was.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import count
from pathlib import Path

from api.store import Claim, ConflictError, DuplicateError, Store
from tests.store_sample import AUTHOR, entry

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
MAX_GROUP = 5


def started(*words: str) -> subprocess.Popen[str]:
    """One of the processes, with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store_writers", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(text: str) -> None:
    # One write, so that a process that is killed tells a line whole or not at all.
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


def append(url: str, name: str, groups: str = "") -> None:
    """Groups of records whose ids say how many there are in the group; for ever, or so many."""
    rng = random.Random(name)
    with Store.open(url, create=True, patience=PATIENCE) as store:
        for group in range(int(groups)) if groups else count():
            size = rng.randint(1, MAX_GROUP)
            names = [f"{name}/{group}/{number}of{size}" for number in range(size)]
            for one in store.append([entry(name) for name in names]):
                told(f"{one.index} {one.record.id}")


def claim(url: str, name: str, body: str, keys: str) -> None:
    """See that no key is used yet; wait for a line; use them all, and tell what each stands for."""
    claims = [Claim(f"key-{number}", body.encode()) for number in range(int(keys))]
    with Store.open(url, create=True, patience=PATIENCE) as store:
        assert all(store.recall(AUTHOR, one) is None for one in claims)
        told("ready")
        sys.stdin.readline()
        for one in claims:
            try:
                store.append([entry(f"{name}-{one.key}", claim=one)])
            except DuplicateError:
                pass
            except ConflictError:
                told("conflict")
                continue
            found = store.recall(AUTHOR, one)
            assert found is not None
            told(found.record.id)


if __name__ == "__main__":
    {"append": append, "claim": claim}[sys.argv[1]](*sys.argv[2:])
