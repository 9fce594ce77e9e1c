"""The command line for tests: a command in the test's own process, or in one that it starts.

In the test's process a command takes the time of what it does. A process of its own takes a second
more, to import everything: only what is claimed of processes needs one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest

from api.cli import main
from engine import release as releases
from engine.decide.deciding import Decider
from engine.release import Release

ROOT = Path(__file__).resolve().parent.parent


class Done(NamedTuple):
    """What a command that ended has left."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str, body: bytes = b"", cwd: Path = ROOT) -> Done:
    """Give a command here, with *body* on its standard input. What it raises, it raises."""
    streams = {name: TextIOWrapper(BytesIO(), "utf-8") for name in ("stdout", "stderr")}
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["commensura", *words])
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(body), "utf-8"))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        with deciders_made_once():
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
    written = []
    for stream in streams.values():
        stream.flush()
        written.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Done(code, *written)


def run_apart(*words: str, body: bytes = b"", cwd: Path = ROOT) -> Done:
    """Give a command in a process of its own, as a shell does."""
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        input=body,
        cwd=cwd,
        capture_output=True,
        timeout=180,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


_DECIDERS: dict[str, Decider] = {}
"""By the digest of their release: a process loads a release once, as rulesets are never freed."""


@contextmanager
def deciders_made_once() -> Iterator[None]:
    """While it lasts, whoever asks for the decider of a release again gets the same one."""
    make = releases.decider

    @wraps(make)
    def made(release: Release, *, isolated: bool = False) -> Decider:
        assert not isolated
        digest = release.ref.digest
        if digest not in _DECIDERS:
            _DECIDERS[digest] = make(release)
        return _DECIDERS[digest]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releases, "decider", made)
        yield
