"""What a solver finds of a rule while it is written, by a process that keeps all others in mind.

Run as ``python -m api.service.solving``: on standard input a line of JSON that names a base, and
then one for each question; on standard output one for each answer. It ends when its input does.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from enum import StrEnum
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
from engine.desk.desk import Desk, is_rule
from engine.evidence.signing import Verifier, verifier_of
from engine.prove.standing import BUDGET, Said, Standing

PATIENCE = 60.0
"""Seconds that an answer may take, the first with the reading of the base included."""

IDLE = 600
"""Seconds without a question after which the process ends."""

MEMORY = 600 << 20
"""Bytes beyond which the process is started anew: rulesets of durable-rules are never freed."""


class Why(StrEnum):
    """Why nothing is said of a rule."""

    UNREADABLE = "unreadable"
    SHARED = "shared"
    UNSOUND = "unsound"
    SILENT = "silent"


class Solved(Struct, frozen=True, kw_only=True):
    """What was found of a rule; where nothing could be *said* of it, the reason *why*, which tells
    nothing of any other rule.
    """

    said: Said | None = None
    why: Why | None = None


class _Base(Struct, frozen=True, kw_only=True):
    release: str
    trusted: tuple[str, ...]
    root: str


class _Question(Struct, frozen=True, kw_only=True):
    path: str
    changes: dict[str, str | None]
    unseen: frozenset[str]
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

    def ask(
        self, base: str, path: str, changes: Mapping[str, str | None], unseen: frozenset[str]
    ) -> Solved:
        """What is found of the first rule of the file at *path*, as *changes* of a base have it,
        beside rules that are *unseen* by who asks.

        Raises `ApartError` where the process gives no answer, `MissingError`: no such base.
        """
        question = _Question(path=path, changes=dict(changes), unseen=unseen, budget=self.budget)
        with self._lock:
            kept = self._process
            fresh = kept is not None and kept.alive and kept.resident < MEMORY
            if kept is None or self._base != base or not fresh:
                self.end()
                self._base, kept = base, self._started(base)
                self._process = kept
            return msgspec.json.decode(
                kept.ask(msgspec.json.encode(question), PATIENCE), type=Solved
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
        self._ref = release.ref
        self._desk = Desk.of(Path(job.root), release.vocabulary)
        self._standing: Standing | None = None

    def solved(self, question: _Question) -> Solved:
        desk = self._desk.changed(encoded(question.changes))
        if not all(is_rule(path) or desk.tables_of(path) for path in question.changes):
            return Solved(why=Why.SHARED)
        rules = desk.rules(question.path)
        if not rules:
            return Solved(why=Why.UNREADABLE)
        if desk.unread:  # what is said beside the others must not pass over some of them
            return Solved(why=Why.UNSOUND)
        try:
            decider = self._decider(desk.program())
            if self._standing is None:
                self._standing = Standing(decider)
            said = self._standing.ask(decider, rules[0].id, question.budget, question.unseen)
        except Exception:  # rules with errors may fail anywhere; the log says where
            traceback.print_exc()
            return Solved(why=Why.UNSOUND)
        return Solved(said=said)

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
