"""From draft to release: what each step does, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import msgspec
import pytest

from api.service.authoring import approving, drafting, publishing
from api.service.authoring.interval import Threat, Urgency
from api.service.authoring.office import Office, StatusError
from api.service.authoring.proposing import propose
from api.service.authoring.steps import Failed, Status
from api.service.people import Duty
from api.service.policy import ForbiddenError
from api.store import Store
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import RefusedError
from tests.authoring_sample import (
    ANNE,
    AT,
    BEN,
    FAY,
    RULE,
    TREE,
    approved,
    drafted,
    office,
    person,
    proposed,
    published,
    served,
    status,
    tree,
)


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Office:
    return office(store, tmp_path)


# The way


def test_a_draft_comes_into_force_with_the_consent_of_another(made: Office) -> None:
    draft = drafted(made)
    assert status(made, draft.id) is Status.DRAFT
    story = propose(made, ANNE, draft.id, draft.revision)
    assert story.proposed is not None
    assert status(made, draft.id) is Status.REVIEW
    approving.approve(made, BEN, draft.id, story.proposed.digest)
    assert status(made, draft.id) is Status.APPROVED
    published = publishing.publish(made, BEN, draft.id)
    assert status(made, draft.id) is Status.IN_FORCE
    assert tree(made) == {**TREE, RULE: b"two"}
    assert served(made) == made.in_force().release == published.release


def test_every_step_is_in_the_log_and_the_log_holds(made: Office) -> None:
    draft = published(made)
    kinds = [type(told.step).__name__ for told in made.story(draft).steps]
    assert kinds == ["Opened", "Proposed", "Approved", "Published"]
    assert made.store.audit().findings == ()


def test_a_saving_back_to_the_base_changes_nothing(made: Office) -> None:
    draft = drafted(made)
    drafting.save(made, ANNE, draft.id, draft.revision, RULE, "one")
    assert made.changes(draft.id) == {}


def test_what_is_in_force_is_published_once(made: Office) -> None:
    draft = published(made)
    before = made.store.size()
    publishing.publish(made, BEN, draft)
    assert made.store.size() == before


# Four eyes


def test_an_author_does_not_approve_her_own_change(made: Office) -> None:
    draft, digest = proposed(made)
    with pytest.raises(ForbiddenError, match="policy `four-eyes`: anne wrote a revision"):
        approving.approve(made, ANNE, draft, digest)


def test_who_wrote_an_earlier_revision_does_not_approve(made: Office) -> None:
    draft = drafted(made, author=BEN)
    draft = drafting.save(made, ANNE, draft.id, draft.revision, RULE, "three")
    story = propose(made, ANNE, draft.id, draft.revision)
    assert story.proposed is not None
    with pytest.raises(ForbiddenError, match="four-eyes"):
        approving.approve(made, BEN, draft.id, story.proposed.digest)


def test_who_opened_a_draft_does_not_approve_it(made: Office) -> None:
    draft = drafting.open_draft(made, BEN, "a draft")
    draft = drafting.save(made, ANNE, draft.id, 0, RULE, "two")
    story = propose(made, ANNE, draft.id, draft.revision)
    assert story.proposed is not None
    with pytest.raises(ForbiddenError, match="four-eyes"):
        approving.approve(made, BEN, draft.id, story.proposed.digest)


def test_an_approval_of_another_agency_counts_for_nothing(made: Office) -> None:
    draft, digest = proposed(made)
    with pytest.raises(ForbiddenError, match="policy `approve`: agency:FoodAndFeed owns no rule"):
        approving.approve(made, FAY, draft, digest)


def test_to_approve_is_a_duty(made: Office) -> None:
    draft, digest = proposed(made)
    author = person("dora", duties=frozenset({Duty.AUTHOR}))
    with pytest.raises(ForbiddenError, match="policy `approve`: dora may not"):
        approving.approve(made, author, draft, digest)


def test_a_draft_that_changed_is_not_approved(made: Office) -> None:
    draft, digest = proposed(made)
    drafting.save(made, ANNE, draft, 1, RULE, "three")
    with pytest.raises(StatusError, match="the draft changed"):
        approving.approve(made, BEN, draft, digest)


def test_an_approval_lapses_where_the_draft_changes_and_comes_back(made: Office) -> None:
    draft, digest = approved(made)
    drafting.save(made, BEN, draft, 1, RULE, "three")
    back = drafting.save(made, ANNE, draft, 2, RULE, "two")
    story = propose(made, ANNE, draft, back.revision)
    assert story.proposed is not None
    assert story.proposed.digest == digest
    assert status(made, draft) is Status.REVIEW
    with pytest.raises(ForbiddenError, match="four-eyes"):
        approving.approve(made, BEN, draft, digest)


def test_two_that_approve_at_once_give_one_approval(made: Office, url: str, tmp_path: Path) -> None:
    draft, digest = proposed(made)
    barrier, faults = Barrier(2), []

    def approve(who: str) -> None:
        with Store.open(url, patience=20) as own:
            other = office(own, tmp_path)
            barrier.wait()
            try:
                approving.approve(other, person(who), draft, digest)
            except Exception as error:
                faults.append(error)

    threads = [Thread(target=approve, args=(name,)) for name in ("ben", "carl")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(made.store.authoring.approvals(draft, 1)) == 1
    assert status(made, draft) is Status.APPROVED


# Refused, withdrawn


def test_what_was_refused_is_not_published(made: Office) -> None:
    draft, digest = approved(made)
    approving.refuse(made, BEN, draft, digest, "the law changed")
    assert status(made, draft) is Status.REFUSED
    with pytest.raises(StatusError, match="`refused`"):
        publishing.publish(made, BEN, draft)


def test_what_was_withdrawn_is_not_approved(made: Office) -> None:
    draft, digest = proposed(made)
    approving.withdraw(made, ANNE, draft, digest, "not yet")
    with pytest.raises(StatusError, match="withdrawn"):
        approving.approve(made, BEN, draft, digest)


def test_a_refused_draft_is_written_on_and_proposed_again(made: Office) -> None:
    draft, digest = proposed(made)
    approving.refuse(made, BEN, draft, digest, "too wide")
    drafting.save(made, ANNE, draft, 1, RULE, "three")
    propose(made, ANNE, draft, 2)
    assert status(made, draft) is Status.REVIEW


def test_a_proposal_that_does_not_build_is_refused_with_why(made: Office) -> None:
    draft = drafted(made, "BROKEN")
    with pytest.raises(RefusedError, match="it is broken"):
        propose(made, ANNE, draft.id, draft.revision)
    assert status(made, draft.id) is Status.DRAFT


def test_a_release_that_is_refused_later_leaves_nothing_half_and_says_why(made: Office) -> None:
    draft, _ = approved(made)
    before = made.store.releases(), made.store.authoring.succession(), served(made)
    broken = msgspec.structs.replace(
        made,
        build=lambda tree, base, day, progress, known: made.build(
            {**tree, RULE: b"BROKEN"}, base, day, progress, known
        ),
    )
    with pytest.raises(RefusedError):
        publishing.publish(broken, BEN, draft)
    assert (made.store.releases(), made.store.authoring.succession(), served(made)) == before
    assert isinstance(made.story(draft).steps[-1].step, Failed)
    assert status(made, draft) is Status.APPROVED


# When it binds


def test_what_binds_traders_waits_six_months(made: Office) -> None:
    draft = drafted(made, "binds 2027-05-22")
    with pytest.raises(RefusedError, match=r"may from 2027-05-23 \(TBT 5\.9, to-confirm\)"):
        propose(made, ANNE, draft.id, draft.revision)
    draft = drafting.save(made, ANNE, draft.id, draft.revision, RULE, "binds 2027-05-23")
    assert propose(made, ANNE, draft.id, draft.revision).proposed


def test_an_urgent_problem_is_recorded_and_excuses(made: Office) -> None:
    draft = drafted(made, "binds 2026-11-24")
    urgency = Urgency(threat=Threat.HEALTH, reason="children choked")
    story = propose(made, ANNE, draft.id, draft.revision, urgency=urgency)
    assert story.proposed is not None
    assert story.proposed.urgency == urgency


def test_an_urgency_needs_a_reason(made: Office) -> None:
    draft = drafted(made, "binds 2026-11-24")
    urgency = Urgency(threat=Threat.HEALTH, reason=" ")
    with pytest.raises(MalformedError, match="a reason is needed"):
        propose(made, ANNE, draft.id, draft.revision, urgency=urgency)


def test_the_interval_runs_from_publication_not_from_proposal(made: Office) -> None:
    draft, _ = approved(made, "binds 2027-05-23")
    later = msgspec.structs.replace(made, clock=lambda: AT + timedelta(days=1))
    with pytest.raises(RefusedError, match="may from 2027-05-24"):
        publishing.publish(later, BEN, draft)
