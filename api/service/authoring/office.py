"""The office in which drafts are written and consented to: what all of its work needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from api.service.authoring import steps
from api.service.authoring.building import Build, Built, Progress, built
from api.service.authoring.steps import Step, Story
from api.service.clock import Clock, now
from api.service.people import Person
from api.service.policy import WRITE, need_duty
from api.store import Entry, MissingError, StaleError, Store, UnavailableError
from api.store.drafts import State, Version
from api.store.sources import InForce, Tree
from engine import release as releases
from engine.evidence.signing import Signer

TRIES = 8


class StatusError(Exception):
    """Where the draft stands, this cannot be done; the message says where, *mend* what to do."""

    def __init__(self, message: str, mend: str) -> None:
        self.mend = mend
        super().__init__(message)


class Office(Struct, frozen=True, kw_only=True):
    """A *store*, the *signer* of its releases, and the *release* file that servers watch.

    *required* are the properties without whose proof nothing is published from here.
    """

    store: Store
    signer: Signer
    release: Path
    clock: Clock = now
    build: Build = built
    required: tuple[str, ...] = ()

    def in_force(self) -> InForce:
        """The release in force. Raises `MissingError` where its files are not kept yet."""
        return in_force(self.store)

    def story(self, draft: str) -> Story:
        """All that happened to a draft. Raises `MissingError`."""
        return steps.story(self.store, draft)

    def entry(self, story: Story, person: Person, step: Step, release: str | None = None) -> Entry:
        """The entry of the draft's next step, refused if another is kept meanwhile."""
        return steps.entry(
            story.draft.id,
            len(story.steps),
            person,
            step,
            self.clock(),
            story.last_index,
            release,
        )

    def changes(self, draft: str) -> dict[str, str | None]:
        """What a draft changes of its base."""
        return changes_of(self.store.authoring.files(draft)[1].values())

    def repeated(self, attempt: Callable[[], Story]) -> Story:
        """What *attempt* makes, which reads the story anew each time that another was quicker.

        What it finds out to be refused it says itself; only the writing may be late.
        """
        for _ in range(TRIES):
            try:
                return attempt()
            except LateError:
                continue
        raise UnavailableError("others keep working on the same draft: try again later")

    def built(self, release: str, tree: Tree, base: Tree, day: date, progress: Progress) -> Built:
        """The release of *tree*, which changes *base*, the files of *release*. `BuildError`."""
        body = self.store.release(release)
        reasoner = None if body is None else releases.reasoner(body)
        return self.build(tree, base, day, progress, reasoner)

    def append(self, story: Story, person: Person, step: Step) -> Story:
        """Keep a step that changes nothing but the story. Raises `LateError`."""
        try:
            self.store.append([self.entry(story, person, step)])
        except StaleError as error:
            raise LateError(str(error)) from None
        return self.story(story.draft.id)

    def attach(self, person: Person, draft: str, revision: int, name: str, found: Struct) -> Story:
        """Keep among a draft's steps what was *found* of it at a revision. `ForbiddenError`."""
        need_duty(person, WRITE)
        body = msgspec.Raw(msgspec.json.encode(found))
        step = steps.Attached(revision=revision, name=name, body=body)
        return self.repeated(lambda: self.append(self.story(draft), person, step))


def in_force(store: Store) -> InForce:
    """The release in force. Raises `MissingError` where its files are not kept yet."""
    last = store.authoring.in_force()
    if last is None:
        raise MissingError("the files of no release are kept yet: start the server with them")
    return last


class LateError(Exception):
    """Another step was kept since the story was read: read it again."""


def changes_of(files: Iterable[Version]) -> dict[str, str | None]:
    """The changes that the files of a draft make, as they stand."""
    return {file.path: file.text for file in files if file.state is not State.BASE}
