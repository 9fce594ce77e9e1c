"""Comments on lines, and what the agencies say that are consulted."""

from __future__ import annotations

from msgspec import Struct

from api.service.authoring import steps
from api.service.authoring.office import Office, StatusError
from api.service.authoring.proposing import MAX_REASON
from api.service.authoring.steps import Proposed, Status, Story
from api.service.people import Person
from api.service.policy import CONSULT, ForbiddenError
from engine.declaration.problems import malformed


class Consultation(Struct, frozen=True, kw_only=True):
    """An agency that is consulted, and what it said last; *agrees* is None before it answers."""

    agency: str
    agrees: bool | None = None
    reason: str | None = None
    person: str | None = None


def comment(
    office: Office, person: Person, draft: str, revision: int, path: str, line: int, words: str
) -> Story:
    """Say something about a line of a file, as that revision has it. Anyone signed in may.

    Raises `MalformedError` for a line or words that are none.
    """
    if not 0 < len(words.strip()) <= MAX_REASON:
        raise malformed("/words", "a comment needs words", f"write up to {MAX_REASON} characters")

    def attempt() -> Story:
        story = office.story(draft)
        lines = _lines(office, story, path)
        if not 0 <= revision <= story.draft.revision:
            raise malformed("/revision", f"there is no revision {revision}", "name one that is")
        if not 1 <= line <= lines:
            raise malformed("/line", f"`{path[:80]}` has lines 1 to {lines}", "name one of them")
        step = steps.Commented(revision=revision, path=path, line=line, words=words)
        return office.append(story, person, step)

    return office.repeated(attempt)


def answer(
    office: Office, person: Person, draft: str, digest: str, agrees: bool, reason: str | None = None
) -> Story:
    """Agree for an agency that is consulted, or object with a *reason*; the last answer counts.

    Raises `ForbiddenError` where the agency is not consulted, `StatusError` where another proposal
    stands by now, `MalformedError` for an objection without a reason.
    """
    if not agrees and not (reason or "").strip():
        raise malformed("/reason", "an objection needs a reason", "say what speaks against it")
    if reason is not None and len(reason) > MAX_REASON:
        raise malformed("/reason", "this is too long", f"write up to {MAX_REASON} characters")

    def attempt() -> Story:
        story = office.story(draft)
        proposed = standing(story, digest, office, Status.REVIEW, Status.APPROVED)
        if person.agency not in proposed.touched.consulted:
            raise ForbiddenError(
                CONSULT,
                f"{person.agency} is not consulted on this",
                "comment on a line, which is open to everyone",
            )
        step = steps.Answered(
            revision=proposed.revision, digest=digest, agrees=agrees, reason=reason
        )
        return office.append(story, person, step)

    return office.repeated(attempt)


def consultations(story: Story) -> tuple[Consultation, ...]:
    """Every agency that is consulted on the proposal that stands, with its last answer."""
    proposed = story.proposed
    if proposed is None:
        return ()
    found = {agency: Consultation(agency=agency) for agency in proposed.touched.consulted}
    for told in story.steps:
        step = told.step
        if isinstance(step, steps.Answered) and step.revision == proposed.revision:
            found[told.agency] = Consultation(
                agency=told.agency, agrees=step.agrees, reason=step.reason, person=told.person
            )
    return tuple(found.values())


def standing(story: Story, digest: str, office: Office, *statuses: Status) -> Proposed:
    """The proposal of that digest, where it stands and is in one of the *statuses*.

    Raises `StatusError`.
    """
    proposed = story.proposed
    if proposed is None or proposed.digest != digest:
        raise StatusError(
            f"the draft changed: it is at revision {story.draft.revision} by {story.draft.author}",
            "read what is proposed now, and name its digest",
        )
    status = story.status(office.clock().date())
    if status not in statuses:
        raise StatusError(f"the proposal is {status}", f"it would have to be {statuses[0]}")
    return proposed


def _lines(office: Office, story: Story, path: str) -> int:
    changes = office.changes(story.draft.id)
    if path in changes:
        text = changes[path]
    else:
        body = office.store.authoring.source(story.draft.base, path)
        text = None if body is None else body.decode()
    if text is None:
        raise malformed("/path", f"there is no `{path[:80]}`", "name a file that is there")
    return max(1, len(text.splitlines()))
