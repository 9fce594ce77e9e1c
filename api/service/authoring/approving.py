"""Approving and refusing what is proposed, and taking it back.

Four eyes: an approver of every agency that owns a rule of it, never an author of any revision. The
database refuses the same by itself.
"""

from __future__ import annotations

from api.service.authoring import steps
from api.service.authoring.consulting import standing
from api.service.authoring.office import LateError, Office
from api.service.authoring.proposing import MAX_REASON
from api.service.authoring.steps import Proposed, Status, Story
from api.service.people import Person
from api.service.policy import APPROVE, FOUR_EYES, WRITE, ForbiddenError, need_duty
from api.store import StaleError
from api.store.consents import Approval
from engine.declaration.problems import malformed


def approve(office: Office, person: Person, draft: str, digest: str) -> Story:
    """Approve the proposal of that *digest* for the person's agency.

    Raises `ForbiddenError`: no approver of an owning agency, or an author; `StatusError`: the draft
    changed since, or is not in review. Once every owner has approved, `publishing.publish` it.
    """

    def attempt() -> Story:
        story = office.story(draft)
        proposed = _may_decide(office, person, story, digest)
        if person.id in story.authors:
            raise ForbiddenError(
                FOUR_EYES,
                f"{person.id} wrote a revision of this draft",
                f"ask another approver of {person.agency}",
            )
        if person.agency in story.approved:
            return story
        approval = Approval(
            draft=draft,
            revision=proposed.revision,
            agency=person.agency,
            digest=digest,
            person=person.id,
        )
        step = steps.Approved(revision=proposed.revision, digest=digest)
        try:
            office.store.authoring.approve(approval, [office.entry(story, person, step)])
        except StaleError as error:
            # Where the draft changed, reading it again says so.
            raise LateError(str(error)) from None
        return office.story(draft)

    return office.repeated(attempt)


def refuse(office: Office, person: Person, draft: str, digest: str, reason: str) -> Story:
    """Refuse the proposal of that *digest* for a reason. Raises as `approve` does."""
    _check_reason(reason)

    def attempt() -> Story:
        story = office.story(draft)
        proposed = _may_decide(office, person, story, digest)
        step = steps.Refused(revision=proposed.revision, digest=digest, reason=reason)
        return office.append(story, person, step)

    return office.repeated(attempt)


def withdraw(office: Office, person: Person, draft: str, digest: str, reason: str) -> Story:
    """Take a proposal back, for its agency or as one of its authors.

    Raises `ForbiddenError`; `StatusError` where it is in force or does not stand any more.
    """
    need_duty(person, WRITE)
    _check_reason(reason)

    def attempt() -> Story:
        story = office.story(draft)
        proposed = standing(story, digest, office, Status.REVIEW, Status.APPROVED)
        if person.agency != story.draft.agency and person.id not in story.authors:
            raise ForbiddenError(
                WRITE,
                f"the draft is one of {story.draft.agency}",
                f"ask an author of {story.draft.agency}",
            )
        step = steps.Withdrawn(revision=proposed.revision, reason=reason)
        return office.append(story, person, step)

    return office.repeated(attempt)


def _may_decide(office: Office, person: Person, story: Story, digest: str) -> Proposed:
    need_duty(person, APPROVE)
    proposed = standing(story, digest, office, Status.REVIEW, Status.APPROVED)
    if person.agency not in proposed.touched.owners:
        raise ForbiddenError(
            APPROVE,
            f"{person.agency} owns no rule that changes",
            f"ask an approver of {' or '.join(proposed.touched.owners)}",
        )
    return proposed


def _check_reason(reason: str) -> None:
    if not 0 < len(reason.strip()) <= MAX_REASON:
        raise malformed("/reason", "a reason is needed", f"write up to {MAX_REASON} characters")
