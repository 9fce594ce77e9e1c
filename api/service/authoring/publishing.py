"""Publishing what every owner approved: built, signed, kept with its tree, then served.

The store is the truth. What is kept is in force; the release file follows, and where a kill came
between the two, `settle` has it follow later.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from api.service.authoring import interval, proving, steps
from api.service.authoring.building import Built, Progress
from api.service.authoring.changes import Frozen, applied, digest_of, thawed
from api.service.authoring.office import LateError, Office, StatusError
from api.service.authoring.proposing import refused_unless_built
from api.service.authoring.steps import Proposed, Status, Story
from api.service.people import Person
from api.service.policy import WRITE, ForbiddenError
from api.store import StaleError, Store, StoreError
from api.store.consents import Proposal
from api.store.releases import identified
from api.store.sources import Origin
from engine import files
from engine import release as releases
from engine.language.diagnostics import RefusedError


def publish(
    office: Office, person: Person, draft: str, progress: Progress = releases.silent
) -> Story:
    """Put an approved proposal in force.

    Anyone of its agencies may ask: the consent is given. Raises `StatusError` where it is not
    approved or is to be rebased, `RefusedError` where there is no release of it, or what the office
    requires is not proved (which is kept among the steps; the proposal stays approved),
    `ForbiddenError`, `BuildError`.
    """
    done: dict[str, Built] = {}  # what was built of a proposal does not change by being late

    def attempt() -> Story:
        story = office.story(draft)
        status = story.status(office.clock().date())
        if status in (Status.IN_FORCE, Status.ENDED):
            settle(office.store, office.release)
            assert story.release is not None
            proving.keep(office, story, story.release)
            return story
        proposed = _approved(story, person, status)
        proposal, frozen = _frozen(office, proposed, draft)
        base = office.store.authoring.tree(frozen.base)
        tree = applied(base, frozen.changes)
        today = office.clock().date()
        built = done.get(proposed.digest)
        if built is None:
            built = office.built(frozen.base, tree, base, today, progress)
            done[proposed.digest] = built
        try:
            touched = refused_unless_built(built)
            if proposed.emergency is None:  # to withdraw rules at once, nothing is waited for
                if found := tuple(interval.too_soon(touched.rules, today, proposed.urgency)):
                    raise RefusedError(found)
                proving.check(office, story)
        except RefusedError as error:
            _note(office, story, person, proposed, error)
            raise
        if not set(touched.owners) <= set(proposal.owners):
            raise StatusError("it touches rules of others than who approved it", "propose it anew")
        assert built.release is not None
        body = releases.sealed(built.release, office.signer)
        digest = digest_of(built.release)
        step = steps.Published(revision=proposed.revision, digest=proposed.digest, release=digest)
        entry = office.entry(story, person, step, release=digest)
        try:
            office.store.authoring.publish(
                proposal, frozen.base, body, tree, office.clock(), [entry]
            )
        except StaleError as error:
            raise LateError(str(error)) from None
        settle(office.store, office.release)
        proving.keep(office, story, digest)
        return office.story(draft)

    return office.repeated(attempt)


def settle(store: Store, release: Path) -> bool:
    """Let the *release* file be that of the release in force, where that came from the editor.

    Whether it had to be written. One that was published from files since is in force itself.
    """
    last = store.authoring.in_force()
    if last is None or last.origin is not Origin.EDITOR:
        return False
    body = store.release(last.release)
    assert body is not None  # releases are never removed
    with contextlib.suppress(OSError, StoreError):
        if identified(release.read_bytes())[0] == last.release:
            return False
    files.replace(release, body)
    return True


def _approved(story: Story, person: Person, status: Status) -> Proposed:
    proposed = story.proposed
    if proposed is None or status is not Status.APPROVED:
        missing = sorted(set(proposed.touched.owners) - story.approved) if proposed else []
        waits = f": {', '.join(missing)} did not approve it" if missing else ""
        raise StatusError(
            f"the draft is in the state `{status}`{waits}",
            "let an approver of each agency whose rules change approve it",
        )
    agencies = {story.draft.agency, *proposed.touched.owners}
    if person.agency not in agencies:
        raise ForbiddenError(
            WRITE,
            f"the proposal is none of {person.agency}",
            f"ask somebody of {' or '.join(sorted(agencies))}",
        )
    return proposed


def _frozen(office: Office, proposed: Proposed, draft: str) -> tuple[Proposal, Frozen]:
    proposal = office.store.authoring.proposal(draft, proposed.revision)
    if proposal is None or digest_of(proposal.body) != proposed.digest:
        raise StoreError("what was proposed was altered in the database: audit it")
    if proposed.base != office.in_force().release:
        raise StatusError(
            "another release came into force since this was proposed",
            "rebase the draft, propose it, and have it approved again",
        )
    return proposal, thawed(proposal.body)


def _note(
    office: Office, story: Story, person: Person, proposed: Proposed, error: RefusedError
) -> None:
    step = steps.Failed(
        revision=proposed.revision, digest=proposed.digest, diagnostics=error.diagnostics
    )
    with contextlib.suppress(LateError):  # whoever was quicker noted it, or changed it
        office.append(story, person, step)
