"""Deciding by another release than the one that serves: in a process that lives for one job.

A release is loaded once a process (see `engine/README.md`), so replays of old decisions and
questions of what another release would decide run apart. Run as ``python -m
api.service.elsewhere``: a job as JSON on standard input, its answers on standard output.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from api.service import apart
from engine import release as releases
from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.acts import Act
from engine.declaration.declaration import Request
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.reading import prepare
from engine.evidence.signing import Verifier, verifier_of

PATIENCE = 120.0
"""Seconds that a job may take."""


class Task(Struct, frozen=True, kw_only=True):
    """One decision to take: what `Decider.decide` is told."""

    request: Request
    on: date
    first_seen: date | None = None
    acts: tuple[Act, ...] = ()
    before: Decision | None = None
    what_if: bool = False

    def done(self, decider: Decider, keys: DrawKeys) -> Decision:
        """The decision. Raises what `Decider.decide` raises."""
        return decider.decide(
            self.request,
            on=self.on,
            keys=keys,
            first_seen=self.first_seen,
            what_if=self.what_if,
            acts=self.acts,
            before=self.before,
        )


class Answer(Struct, frozen=True, kw_only=True):
    """A decision, or why there is none."""

    decision: Decision | None = None
    problems: tuple[Problem, ...] = ()


prepare(Answer)


class _Job(Struct, frozen=True, kw_only=True):
    release: str
    trusted: tuple[str, ...]
    secret: bytes
    tasks: tuple[Task, ...]


class ElsewhereError(Exception):
    """The other release cannot be run; the message says why."""


def decided(
    release: bytes, trusted: Sequence[Verifier], keys: DrawKeys, tasks: Sequence[Task]
) -> list[Answer]:
    """What *release*, a release file that one of the *trusted* signed, decides on each of *tasks*.

    Raises `ElsewhereError`: it cannot be run by this code, or took longer than `PATIENCE`.
    """
    with tempfile.TemporaryDirectory(prefix="commensura-") as folder:
        path = Path(folder) / "release.json"
        path.write_bytes(release)
        job = _Job(
            release=str(path),
            trusted=tuple(verifier.pem for verifier in trusted),
            secret=keys.secret,
            tasks=tuple(tasks),
        )
        try:
            said = apart.answer(__spec__.name, job=msgspec.json.encode(job), patience=PATIENCE)
        except apart.ApartError as error:
            raise ElsewhereError(f"it {error}") from None
    return msgspec.json.decode(said, type=list[Answer])


def _main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)
    try:
        trusted = [verifier_of(pem.encode("ascii")) for pem in job.trusted]
        decider = releases.decider(releases.load(Path(job.release), *trusted))
    except releases.ReleaseError as error:
        sys.exit(str(error))
    keys = DrawKeys(job.secret)
    answers = []
    for task in job.tasks:
        try:
            answers.append(Answer(decision=task.done(decider, keys)))
        except MalformedError as error:
            answers.append(Answer(problems=error.problems))
    sys.stdout.buffer.write(msgspec.json.encode(answers))


if __name__ == "__main__":
    _main()
