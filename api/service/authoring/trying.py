"""Trying a draft: a declaration decided by its release and by that in force, side by side.

Both decide in processes of their own, which end with the answer: the engine loads a release once a
process. Nothing is kept, and draws use a key that anybody may know.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from api.service import apart
from api.service.authoring import trees
from api.service.authoring.building import BuildError
from api.service.elsewhere import Task
from api.store.sources import Tree
from engine import release as releases
from engine.decide.audience import RESTRICTED, Ruled
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.reading import prepare
from engine.language.diagnostics import Diagnostic, RefusedError

PATIENCE = 120.0
"""Seconds that a trial may take."""


class _Job(Struct, frozen=True, kw_only=True):
    root: str
    day: date
    task: Task


class Tried(Struct, frozen=True, kw_only=True):
    """What a release decides, and its rules that are *restricted*.

    Or the *problems* of the declaration, or why there is no release.
    """

    decision: Decision | None = None
    restricted: tuple[Ruled, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: tuple[Diagnostic, ...] = ()


prepare(Tried)


def tried(tree: Tree, day: date, task: Task) -> tuple[Decision, tuple[Ruled, ...]]:
    """What the release of a tree decides on *task*, and its rules that are restricted.

    Raises `RefusedError` where the tree makes no release, `MalformedError` for what a declaration
    may not state, `BuildError` where it takes too long.
    """
    with trees.unfolded(tree) as root:
        job = msgspec.json.encode(_Job(root=str(root), day=day, task=task))
        try:
            said = apart.answer(__spec__.name, job=job, patience=PATIENCE)
        except apart.ApartError as error:
            raise BuildError(f"the trial {error}") from None
    found = msgspec.json.decode(said, type=Tried)
    if found.decision is None:
        raise RefusedError(found.refused) if found.refused else MalformedError(found.problems)
    return found.decision, found.restricted


def _main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)
    try:
        release, _, _ = releases.checked(Path(job.root), job.day)
        decision = job.task.done(releases.decider(release), DrawKeys(b"what-if"))
        restricted = tuple(
            Ruled(rule.id, rule.title, rule.agency, rule.disclosure)
            for rule in release.base.rules
            if rule.disclosure == RESTRICTED
        )
        answer = Tried(decision=decision, restricted=restricted)
    except RefusedError as error:
        answer = Tried(refused=error.diagnostics)
    except MalformedError as error:
        answer = Tried(problems=error.problems)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    _main()
