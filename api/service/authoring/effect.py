"""What a draft would do to the declarations that are kept: each decided under both releases.

Each release runs in a process that lives for one job (``python -m api.service.authoring.effect``):
its tree and the tasks in files, a line of JSON for each decision on standard output. What is
decided is a what-if: neither process is given the key of the draw.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Timer

import msgspec
from msgspec import Struct

from api.service import apart
from api.service.authoring import trees
from api.service.authoring.building import BuildError, Progress
from api.service.authoring.changes import applied
from api.service.authoring.office import Office
from api.service.authoring.steps import Story
from api.service.elsewhere import Task
from api.service.history import DECISION, ErasedError, history
from api.service.people import Person
from api.service.policy import WRITE, need_duty
from api.store import Store
from api.store.sources import Tree
from engine import release as releases
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import Diagnostic, RefusedError

NAME = "effect"
LIMIT = 10_000
"""Declarations that are decided on at most: the latest."""

PATIENCE = 900.0
"""Seconds that it may take."""

SHOWN = 1000
"""Changed items that are named; beyond them they are counted."""

Load = dict[str, int]
"""Tasks that are selected, by agency and task."""


class Shift(Struct, frozen=True, kw_only=True):
    """How many declarations are in one channel now and would be in another."""

    before: str
    after: str
    count: int


class Burden(Struct, frozen=True, kw_only=True):
    """How often an agency is to carry out a task, now and then."""

    agency: str
    task: str
    before: int
    after: int


class ChangedItem(Struct, frozen=True, kw_only=True):
    """An item of a declaration, by the *decision* that is kept, that would be treated otherwise.

    *rules* are those that bind somebody on one side only.
    """

    declaration: str
    decision: str
    item: int
    before: str
    after: str
    tasks_before: tuple[str, ...]
    tasks_after: tuple[str, ...]
    rules: tuple[str, ...]


class Effect(Struct, frozen=True, kw_only=True):
    """What would change, on the day *on*: of *decided* declarations; *skipped* could not be."""

    base: str
    revision: int
    on: date
    decided: int
    skipped: int
    left_out: int
    shifts: tuple[Shift, ...]
    load: tuple[Burden, ...]
    changed: int
    items: tuple[ChangedItem, ...]


class _Item(Struct, frozen=True, array_like=True):
    item: int
    channel: str
    status: str
    tasks: tuple[str, ...]
    rules: tuple[str, ...]


class _Seen(Struct, frozen=True, kw_only=True):
    """What matters of a decision; no channel: there is none. *refused*: there is no release."""

    channel: str | None = None
    items: tuple[_Item, ...] = ()
    refused: tuple[Diagnostic, ...] = ()


class _Kept(Struct, frozen=True):
    declaration: str
    decision: str
    task: Task


def effect(
    office: Office,
    person: Person,
    draft: str,
    progress: Progress = releases.silent,
    limit: int = LIMIT,
) -> Effect:
    """What the draft as it stands would do to the latest *limit* declarations that are kept.

    Raises `RefusedError` where its release does not build, `BuildError` where it takes too long.
    """
    need_duty(person, WRITE)
    found = office.store.authoring.draft(draft)
    base = office.store.authoring.tree(found.base)
    today = office.clock().date()
    kept, left_out, gone = _kept(office.store, today, min(limit, LIMIT), progress)
    with (
        _deciding(base, today, kept) as before,
        _deciding(applied(base, office.changes(draft)), today, kept) as after,
    ):
        counted = _Counted()
        for done, (one, *sides) in enumerate(zip(kept, before, after, strict=True)):
            progress("decisions", done, len(kept))
            counted.add(one, *sides)
    progress("decisions", len(kept), len(kept))
    return counted.effect(found.base, found.revision, today, gone, left_out)


def attach(office: Office, person: Person, draft: str, found: Effect) -> Story:
    """Attach an effect to the draft, so that whoever approves sees it; it is kept in the log."""
    return office.attach(person, draft, found.revision, NAME, found)


def attached(story: Story) -> Effect | None:
    """The effect that was attached to the latest revision last."""
    body = story.attached(NAME)
    return None if body is None else msgspec.json.decode(body, type=Effect)


# What is kept


def _kept(
    store: Store, today: date, limit: int, progress: Progress
) -> tuple[list[_Kept], int, int]:
    """The latest declarations, how many older ones are left out, and how many were erased."""
    subjects: dict[str, None] = {}
    after, size = -1, store.size()
    while page := store.page(after, 1000, DECISION):
        after = page[-1].index
        for stored in page:
            subjects.pop(stored.record.subject, None)
            subjects[stored.record.subject] = None
        progress("declarations", after, size)
    wanted = list(subjects)[-limit:] if limit > 0 else []
    kept, gone = [], 0
    for done, subject in enumerate(wanted):
        progress("versions", done, len(wanted))
        try:
            last = history(store, subject).last
        except ErasedError:
            last = None
        if last is None:
            gone += 1
            continue
        version = last.version
        task = Task(request=version.request, on=today, first_seen=version.first_seen, what_if=True)
        kept.append(_Kept(subject, version.decision.id, task))
    return kept, len(subjects) - len(wanted), gone


# Counting


class _Counted:
    """What both sides came to, added up."""

    def __init__(self) -> None:
        self.shifts: Counter[tuple[str, str]] = Counter()
        self.loads: tuple[Counter[str], Counter[str]] = Counter(), Counter()
        self.items: list[ChangedItem] = []
        self.decided = self.skipped = self.changed = 0

    def add(self, kept: _Kept, before: _Seen, after: _Seen) -> None:
        if before.channel is None or after.channel is None:
            self.skipped += 1
            return
        self.decided += 1
        self.shifts[before.channel, after.channel] += 1
        for load, side in zip(self.loads, (before, after), strict=True):
            load.update(task for item in side.items for task in item.tasks)
        for old, new in zip(before.items, after.items, strict=True):
            if old != new:
                self._change(kept, old, new)

    def _change(self, kept: _Kept, old: _Item, new: _Item) -> None:
        self.changed += 1
        if len(self.items) < SHOWN:
            self.items.append(
                ChangedItem(
                    declaration=kept.declaration,
                    decision=kept.decision,
                    item=old.item,
                    before=old.channel,
                    after=new.channel,
                    tasks_before=old.tasks,
                    tasks_after=new.tasks,
                    rules=tuple(sorted(set(old.rules) ^ set(new.rules))),
                )
            )

    def effect(self, base: str, revision: int, on: date, gone: int, left_out: int) -> Effect:
        before, after = self.loads
        return Effect(
            base=base,
            revision=revision,
            on=on,
            decided=self.decided,
            skipped=self.skipped + gone,
            left_out=left_out,
            shifts=tuple(
                Shift(before=one, after=other, count=count)
                for (one, other), count in sorted(self.shifts.items())
            ),
            load=tuple(
                Burden(
                    agency=name.partition(" ")[0],
                    task=name.partition(" ")[2],
                    before=before[name],
                    after=after[name],
                )
                for name in sorted(before.keys() | after.keys())
            ),
            changed=self.changed,
            items=tuple(self.items),
        )


# The processes


class _Job(Struct, frozen=True, kw_only=True):
    root: str
    day: date
    tasks: str


@contextmanager
def _deciding(tree: Tree, day: date, kept: Sequence[_Kept]) -> Iterator[Iterator[_Seen]]:
    """A process that decides by the release of a tree, and what it comes to, one by one."""
    with trees.unfolded(tree) as root, tempfile.TemporaryDirectory(prefix="commensura-") as folder:
        tasks, errors = Path(folder) / "tasks", Path(folder) / "errors"
        with tasks.open("wb") as file:
            file.writelines(msgspec.json.encode(one.task) + b"\n" for one in kept)
        job = _Job(root=str(root), day=day, tasks=str(tasks))
        with (
            errors.open("wb") as complaints,
            apart.begun(__spec__.name, complaints=complaints) as process,
        ):
            assert process.stdin is not None
            timer = Timer(PATIENCE, process.kill)
            timer.start()
            try:
                with process.stdin as told:
                    told.write(msgspec.json.encode(job))
                yield _seen(process, errors)
            finally:
                timer.cancel()
                process.kill()


def _seen(process: subprocess.Popen[bytes], errors: Path) -> Iterator[_Seen]:
    assert process.stdout is not None
    for line in process.stdout:
        found = msgspec.json.decode(line, type=_Seen)
        if found.refused:
            raise RefusedError(found.refused)
        yield found
    if process.wait() < 0:
        raise BuildError(f"it was ended, after {PATIENCE:.0f} seconds at the latest")
    if process.returncode:
        lines = errors.read_text("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise BuildError(f"the declarations cannot be decided on: {lines[-1]}")


def _main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)

    def say(seen: _Seen) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(seen) + b"\n")

    try:
        release, _, _ = releases.checked(Path(job.root), job.day)
    except RefusedError as error:
        say(_Seen(refused=error.diagnostics))
        return
    decider = releases.decider(release)
    keys = DrawKeys(b"what-if")
    decode = msgspec.json.Decoder(Task).decode
    with Path(job.tasks).open("rb") as tasks:
        for line in tasks:
            try:
                say(_of(decode(line).done(decider, keys)))
            except MalformedError:
                say(_Seen())


def _of(decision: Decision) -> _Seen:
    items = []
    for item in decision.items:
        controls = [one for one in item.controls if one.selected is not False and not one.lifted]
        statuses = [one for one in item.statuses if not one.lifted]
        items.append(
            _Item(
                item.item,
                str(item.channel),
                item.status,
                tuple(sorted({f"{one.agency} {one.task}" for one in controls})),
                tuple(
                    sorted(
                        {one.reasons.rule for one in controls}
                        | {one.reasons.rule for one in statuses}
                    )
                ),
            )
        )
    return _Seen(channel=str(decision.channel), items=tuple(items))


if __name__ == "__main__":
    _main()
