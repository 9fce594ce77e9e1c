"""The steps of a draft: each an entry of the log, and what together they make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from api.service.authoring.interval import Urgency
from api.service.authoring.touching import ChangedRule, Touched
from api.service.people import Person
from api.store import Entry, Store
from api.store.drafts import Draft
from engine.evidence.record import Part, salted
from engine.language.diagnostics import Diagnostic

KIND = "authoring-step"


class Opened(Struct, frozen=True, kw_only=True, tag="opened"):
    """A draft was opened: *origin* says from what (new, a folder, a former release)."""

    title: str
    base: str
    origin: str


class Rebased(Struct, frozen=True, kw_only=True, tag="rebased"):
    """A draft was carried over to another base, as that revision."""

    revision: int
    base: str


class Proposed(Struct, frozen=True, kw_only=True, tag="proposed"):
    """A draft was proposed at a revision, by the *digest* of its base and changes."""

    revision: int
    digest: str
    base: str
    authors: tuple[str, ...]
    touched: Touched
    diagnostics: tuple[Diagnostic, ...] = ()
    urgency: Urgency | None = None
    emergency: str | None = None


class Commented(Struct, frozen=True, kw_only=True, tag="commented"):
    """Somebody said something about a line, from 1, of a file as a revision has it."""

    revision: int
    path: str
    line: int
    words: str


class Answered(Struct, frozen=True, kw_only=True, tag="answered"):
    """An agency that was consulted agrees, or objects for a *reason*; an objection is no veto."""

    revision: int
    digest: str
    agrees: bool
    reason: str | None = None


class Approved(Struct, frozen=True, kw_only=True, tag="approved"):
    """An agency that owns a rule of it approved the proposal."""

    revision: int
    digest: str


class Refused(Struct, frozen=True, kw_only=True, tag="refused"):
    """An agency that owns a rule of it refused the proposal."""

    revision: int
    digest: str
    reason: str


class Withdrawn(Struct, frozen=True, kw_only=True, tag="withdrawn"):
    """The proposal was taken back."""

    revision: int
    reason: str


class Attached(Struct, frozen=True, kw_only=True, tag="attached"):
    """Something was attached to a revision, such as its effect; *body* is its JSON."""

    revision: int
    name: str
    body: msgspec.Raw


class Failed(Struct, frozen=True, kw_only=True, tag="failed"):
    """The release of an approved proposal was refused; it stays approved."""

    revision: int
    digest: str
    diagnostics: tuple[Diagnostic, ...]


class Published(Struct, frozen=True, kw_only=True, tag="published"):
    """The proposal came into force as that release."""

    revision: int
    digest: str
    release: str


class Gone(Struct, frozen=True, kw_only=True, tag="gone"):
    """What was said here was erased; never written."""


Step = (
    Opened
    | Rebased
    | Proposed
    | Commented
    | Answered
    | Approved
    | Refused
    | Withdrawn
    | Attached
    | Failed
    | Published
    | Gone
)


Revised = TypeVar("Revised", Proposed, Approved, Refused, Withdrawn, Published)


class Said(Struct, frozen=True, kw_only=True):
    """A step as it is written: by which *person*, for which *agency*."""

    person: str
    agency: str
    step: Step


class Told(Struct, frozen=True, kw_only=True):
    """A step as it was kept: the *index* of its entry, when, and by whom."""

    index: int
    at: datetime
    person: str
    agency: str
    step: Step


class Status(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IN_FORCE = "in force"
    ENDED = "ended"


class Story(Struct, frozen=True, kw_only=True):
    """A draft at its latest revision, with all its steps, oldest first."""

    draft: Draft
    authors: frozenset[str]
    steps: tuple[Told, ...]

    @property
    def last_index(self) -> int:
        """The index of its last entry in the log, -1 where it has none."""
        return self.steps[-1].index if self.steps else -1

    @property
    def proposed(self) -> Proposed | None:
        """The proposal of the latest revision, if it was proposed."""
        return next(self._now(Proposed), None)

    @property
    def approved(self) -> frozenset[str]:
        """The agencies that approved the proposal of the latest revision."""
        return frozenset(
            told.agency
            for told in self.steps
            if isinstance(told.step, Approved) and told.step.revision == self.draft.revision
        )

    @property
    def release(self) -> str | None:
        """The digest of the release as which it came into force."""
        return next((step.release for step in self._now(Published)), None)

    def attached(self, name: str) -> msgspec.Raw | None:
        """What was attached to the latest revision under that name last."""
        for told in reversed(self.steps):
            step = told.step
            if isinstance(step, Attached) and (step.revision, step.name) == (
                self.draft.revision,
                name,
            ):
                return step.body
        return None

    def status(self, on: date) -> Status:
        """Where it stands on that day: rules that came into force end by their own periods."""
        proposed = self.proposed
        if proposed is None:
            return Status.DRAFT
        if self.release is not None:
            return Status.ENDED if _ended(proposed.touched.rules, on) else Status.IN_FORCE
        if any(self._now(Withdrawn)):
            return Status.WITHDRAWN
        if any(self._now(Refused)):
            return Status.REFUSED
        whole = self.approved >= set(proposed.touched.owners)
        return Status.APPROVED if whole else Status.REVIEW

    def _now(self, kind: type[Revised]) -> Iterator[Revised]:
        for told in self.steps:
            if isinstance(told.step, kind) and told.step.revision == self.draft.revision:
                yield told.step


def _ended(rules: Iterable[ChangedRule], on: date) -> bool:
    ends = [rule.end for rule in rules if rule.change != "removed"]
    return bool(ends) and all(end is not None and end <= on for end in ends)


def entry(
    draft: str,
    steps: int,
    person: Person,
    step: Step,
    at: datetime,
    after: int,
    release: str | None = None,
) -> Entry:
    """The entry of a draft's next step, after *steps* others of which the last has that index."""
    said = Said(person=person.id, agency=person.agency, step=step)
    return Entry(
        kind=KIND,
        id=f"{subject(draft)}:{steps}",
        subject=subject(draft),
        at=at,
        author=person.id,
        release=release,
        parts={"step": salted(msgspec.json.encode(said))},
        after=after,
    )


def subject(draft: str) -> str:
    """What the entries of a draft are about."""
    return f"draft:{draft}"


def story(store: Store, draft: str) -> Story:
    """All that happened to a draft. Raises `MissingError` where there is none."""
    # The draft is read last: what is appended by a story that is older than that is refused.
    steps = tuple(
        _told(stored.index, stored.record.at, store.parts(stored.index))
        for stored in store.records(subject(draft), KIND)
    )
    found = store.authoring.draft(draft)
    return Story(draft=found, authors=store.authoring.authors(draft), steps=steps)


def _told(index: int, at: datetime, parts: Mapping[str, Any]) -> Told:
    part = parts["step"]
    if not isinstance(part, Part):
        return Told(index=index, at=at, person="erased", agency="erased", step=Gone())
    said = msgspec.json.decode(part.body, type=Said)
    return Told(index=index, at=at, person=said.person, agency=said.agency, step=said.step)
