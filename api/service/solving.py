"""What a solver finds of a rule while it is written, by a process that keeps all others in mind.

Run as ``python -m api.service.solving``: on standard input a line of JSON that names a base, and
then one for each question; on standard output one for each answer. It ends when its input does.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct

from api.service.apart import Attending, say
from api.service.authoring.trees import unfolded
from api.service.desks import encoded
from api.service.releases import file_of
from api.store import Store
from engine import release as releases
from engine.decide import network
from engine.decide.answer import Deferred, Engine
from engine.decide.deciding import Decider
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.desk.desk import Desk
from engine.evidence.signing import Verifier, verifier_of
from engine.language.diagnostics import RefusedError
from engine.prove.standing import BUDGET, Said, Standing
from engine.prove.testing import UnencodedError

PATIENCE = 60.0
"""Seconds that an answer may take, the first with the reading of the base included."""

IDLE = 600
"""Seconds without a question after which the process ends."""


class Solved(Struct, frozen=True, kw_only=True):
    """What was found of a rule; where nothing could be *said* of it, the reason *why*."""

    said: Said | None = None
    why: str | None = None


class _Base(Struct, frozen=True, kw_only=True):
    release: str
    trusted: tuple[str, ...]
    root: str


class _Question(Struct, frozen=True, kw_only=True):
    path: str
    changes: dict[str, str | None]
    budget: float


class Solver:
    """Asks the process of one base at a time; whoever writes on another has it started anew."""

    def __init__(self, store: Store, trusted: Sequence[Verifier], budget: float = BUDGET) -> None:
        """*budget* is how many seconds are given to one question."""
        self.budget = budget
        self._store, self._trusted = store, tuple(trusted)
        self._lock = Lock()
        self._base: str | None = None
        self._process: Attending | None = None

    def ask(self, base: str, path: str, changes: Mapping[str, str | None]) -> Solved:
        """What is found of the first rule of the file at *path*, as *changes* of a base have it.

        Raises `ApartError` where the process gives no answer, `MissingError`: no such base.
        """
        question = _Question(path=path, changes=dict(changes), budget=self.budget)
        with self._lock:
            if self._process is None or self._base != base or not self._process.alive:
                self.end()
                self._base, self._process = base, self._started(base)
            return msgspec.json.decode(
                self._process.ask(msgspec.json.encode(question), PATIENCE), type=Solved
            )

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _started(self, base: str) -> Attending:
        tree = self._store.authoring.tree(base)
        with tempfile.TemporaryDirectory(prefix="commensura-") as folder, unfolded(tree) as root:
            release = Path(folder) / "release.json"
            release.write_bytes(file_of(self._store, base))
            trusted = tuple(verifier.pem for verifier in self._trusted)
            job = _Base(release=str(release), trusted=trusted, root=str(root))
            process = Attending(__spec__.name)
            process.ask(msgspec.json.encode(job), PATIENCE)  # the files may go once they are read
            return process


# The process


class _Solving:
    def __init__(self, job: _Base) -> None:
        trusted = (verifier_of(pem.encode()) for pem in job.trusted)
        release = releases.load(Path(job.release), *trusted, to_run=False)
        self._ref = releases.reference(release)
        self._desk = Desk.of(Path(job.root), release.vocabulary)
        self._standing: Standing | None = None

    def solved(self, question: _Question) -> Solved:
        desk = self._desk.changed(encoded(question.changes))
        rules = desk.rules(question.path)
        if not rules:
            return Solved(why="the file cannot be read")
        try:
            decider = self._decider(desk.program())
        except RefusedError as error:
            return Solved(why=str(error))
        try:
            if self._standing is None:
                self._standing = Standing(decider)
            return Solved(said=self._standing.ask(decider, rules[0].id, question.budget))
        except UnencodedError as error:
            return Solved(why=str(error))

    def _decider(self, program: Program) -> Decider:
        engines: list[Engine] = [Semantics(program)]
        if network.available():
            engines.append(Deferred(Network.name, lambda: Network(program)))
        return Decider(program, engines, self._ref)


def _main() -> None:
    os.nice(10)  # whoever asks for a decision goes first

    solving = _Solving(msgspec.json.decode(sys.stdin.buffer.readline(), type=_Base))
    say(Solved())
    for line in iter(sys.stdin.buffer.readline, b""):
        signal.alarm(0)
        say(solving.solved(msgspec.json.decode(line, type=_Question)))
        signal.alarm(IDLE)


if __name__ == "__main__":
    _main()
