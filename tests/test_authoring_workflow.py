"""From draft to release: what each step does, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import msgspec
import pytest

from api.service.authoring import (
    approving,
    consulting,
    drafting,
    emergency,
    publishing,
)
from api.service.authoring.drafting import CarryError
from api.service.authoring.interval import Threat, Urgency
from api.service.authoring.office import Office, StatusError
from api.service.authoring.proposing import propose
from api.service.authoring.steps import Failed, Status
from api.service.people import Duty
from api.service.policy import ForbiddenError
from api.store import RevisionError, StaleError, Store, StoreError
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import RefusedError
from tests.authoring_sample import (
    ANNE,
    AT,
    BEN,
    CARL,
    FAY,
    FOOD,
    GUS,
    MEAL,
    RULE,
    TABLE,
    TREE,
    approved,
    drafted,
    office,
    person,
    proposed,
    published,
    served,
)

ROOT = Path(__file__).resolve().parent.parent
TODAY = AT.date()


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Office:
    return office(store, tmp_path)


def status(made: Office, draft: str) -> Status:
    return made.story(draft).status(TODAY)


def tree(made: Office) -> dict[str, bytes]:
    return made.store.authoring.tree(made.in_force().release)


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


# Every owner, and those who are consulted


def two_owners(made: Office) -> tuple[str, str]:
    draft = drafted(made)
    draft = drafting.save(made, FAY, draft.id, draft.revision, MEAL, "two")
    story = propose(made, ANNE, draft.id, draft.revision)
    assert story.proposed is not None
    return draft.id, story.proposed.digest


def test_every_owner_must_approve(made: Office) -> None:
    draft, digest = two_owners(made)
    approving.approve(made, BEN, draft, digest)
    with pytest.raises(StatusError, match="agency:FoodAndFeed did not approve"):
        publishing.publish(made, BEN, draft)
    approving.approve(made, GUS, draft, digest)
    publishing.publish(made, GUS, draft)
    assert status(made, draft) is Status.IN_FORCE


def test_an_agency_imposes_only_its_own_controls(made: Office) -> None:
    draft = drafted(made, path=MEAL)
    with pytest.raises(ForbiddenError, match="policy `competence`: `food/a` imposes for"):
        propose(made, ANNE, draft.id, draft.revision)


def test_who_is_consulted_objects_and_it_is_kept_and_blocks_nothing(made: Office) -> None:
    draft, digest = proposed(made)
    story = consulting.answer(made, FAY, draft, digest, False, "it delays fresh food")
    (found,) = consulting.consultations(story)
    assert (found.agency, found.agrees, found.reason) == (FOOD, False, "it delays fresh food")
    approving.approve(made, BEN, draft, digest)
    publishing.publish(made, BEN, draft)
    assert consulting.consultations(made.story(draft)) == (found,)


def test_an_objection_needs_a_reason(made: Office) -> None:
    draft, digest = proposed(made)
    with pytest.raises(MalformedError, match="an objection needs a reason"):
        consulting.answer(made, FAY, draft, digest, False)


def test_who_is_not_consulted_is_told_so(made: Office) -> None:
    draft, digest = proposed(made)
    with pytest.raises(ForbiddenError, match="policy `consult`"):
        consulting.answer(made, CARL, draft, digest, True)


@pytest.mark.parametrize(("path", "line"), [(RULE, 0), (RULE, 2), ("rules/none.toml", 1)])
def test_a_comment_is_about_a_line_that_is_there(made: Office, path: str, line: int) -> None:
    draft = drafted(made)
    with pytest.raises(MalformedError, match=r"has lines 1 to 1|there is no"):
        consulting.comment(made, FAY, draft.id, 1, path, line, "why?")


def test_comments_are_kept_with_the_draft(made: Office) -> None:
    draft = drafted(made)
    story = consulting.comment(made, FAY, draft.id, 1, RULE, 1, "<script>why?</script>")
    assert story.steps[-1].person == "fay"
    assert story.steps[-1].step.words == "<script>why?</script>"  # type: ignore[union-attr]


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


# Emergency, rollback, rebase


def test_a_rule_is_withdrawn_at_once_by_two_persons(made: Office) -> None:
    draft = drafted(made, None, path=TABLE)
    story = propose(made, ANNE, draft.id, draft.revision, emergency="it stops medicine")
    assert story.proposed is not None
    with pytest.raises(StatusError, match="did not approve"):
        publishing.publish(made, ANNE, draft.id)
    approving.approve(made, BEN, draft.id, story.proposed.digest)
    publishing.publish(made, BEN, draft.id)
    assert TABLE not in tree(made)
    assert {told.person for told in made.story(draft.id).steps[1:3]} == {"anne", "ben"}


def test_an_emergency_only_ends_rules(made: Office) -> None:
    draft = drafted(made)
    with pytest.raises(MalformedError, match="only ends or removes rules"):
        propose(made, ANNE, draft.id, draft.revision, emergency="now")


def test_there_is_no_emergency_about_a_rule_that_is_not_there(made: Office) -> None:
    with pytest.raises(MalformedError, match="no rule stands in"):
        emergency.ask(made, ANNE, "rules/customs/z.toml", "now")


def test_a_rollback_leads_back_to_the_former_tree(made: Office) -> None:
    former = made.in_force().release
    published(made)
    draft = drafting.roll_back(made, ANNE, "back", former)
    story = propose(made, ANNE, draft.id, draft.revision)
    assert story.proposed is not None
    approving.approve(made, BEN, draft.id, story.proposed.digest)
    publishing.publish(made, BEN, draft.id)
    assert tree(made) == TREE
    assert len(made.store.authoring.succession()) == 3


def test_untouched_files_are_carried_over(made: Office) -> None:
    draft = drafted(made, "id\n2\n", path=TABLE)
    published(made)
    with pytest.raises(StatusError, match="another release is in force"):
        propose(made, ANNE, draft.id, draft.revision)
    draft = drafting.rebase(made, ANNE, draft.id, draft.revision)
    assert made.changes(draft.id) == {TABLE: "id\n2\n"}
    assert propose(made, ANNE, draft.id, draft.revision).proposed


def test_a_file_that_both_changed_is_a_conflict_by_name(made: Office) -> None:
    draft = drafted(made, "mine")
    published(made, "theirs")
    with pytest.raises(CarryError) as caught:
        drafting.rebase(made, ANNE, draft.id, draft.revision)
    assert (caught.value.paths, caught.value.release) == ((RULE,), made.in_force().release)
    draft = drafting.rebase(made, ANNE, draft.id, draft.revision, {RULE: "both"})
    assert made.changes(draft.id) == {RULE: "both"}


def test_a_file_that_both_changed_alike_is_no_change_any_more(made: Office) -> None:
    draft = drafted(made, "same")
    published(made, "same")
    draft = drafting.rebase(made, ANNE, draft.id, draft.revision)
    assert made.changes(draft.id) == {}


def test_what_was_approved_on_a_former_base_is_not_published(made: Office) -> None:
    first, _ = approved(made, "first")
    second, _ = approved(made, "second")
    publishing.publish(made, BEN, first)
    with pytest.raises(StatusError, match="another release came into force"):
        publishing.publish(made, BEN, second)


def test_two_drafts_published_at_once_do_not_undo_each_other(
    made: Office, url: str, tmp_path: Path
) -> None:
    drafts = [approved(made, text)[0] for text in ("first", "second")]
    barrier, told = Barrier(2), []

    def publish(draft: str) -> None:
        with Store.open(url, patience=20) as own:
            other = office(own, tmp_path)
            barrier.wait()
            try:
                publishing.publish(other, BEN, draft)
            except StatusError as error:
                told.append(str(error))

    threads = [Thread(target=publish, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert "another release came into force" in told[0]
    assert len(made.store.authoring.succession()) == 2
    assert served(made) == made.in_force().release


# Conflicts and kills


def test_two_editors_at_once_lose_nothing(made: Office) -> None:
    draft = drafted(made)
    drafting.save(made, BEN, draft.id, draft.revision, RULE, "by Ben")
    with pytest.raises(RevisionError, match="ben saved revision 2"):
        drafting.save(made, ANNE, draft.id, draft.revision, RULE, "by Anne")
    with pytest.raises(StaleError):
        propose(made, ANNE, draft.id, draft.revision)
    assert made.changes(draft.id) == {RULE: "by Ben"}


KILLED = """
import os, sys
from pathlib import Path
from api.service.authoring import publishing
from api.store import Store
from api.store.authoring import Authoring
from engine import files
from tests.authoring_sample import BEN, office

def die(*given, **named):
    os._exit(9)

where, url, folder, draft = sys.argv[1:]
with Store.open(url) as store:
    made = office(store, Path(folder))
    if where == "before":
        Authoring.publish = die
    elif where == "within":
        import api.store.appending as appending
        appending.append = die
    else:
        files.replace = die
    publishing.publish(made, BEN, draft)
"""


@pytest.mark.parametrize("where", ["before", "within", "after"])
def test_what_was_killed_is_published_wholly_or_still_approved(
    made: Office, url: str, tmp_path: Path, where: str
) -> None:
    draft, _ = approved(made)
    former = served(made)
    words = [sys.executable, "-c", KILLED, where, url, str(tmp_path), draft]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == 9
    whole = where == "after"
    assert status(made, draft) is (Status.IN_FORCE if whole else Status.APPROVED)
    assert (made.in_force().release == former) is not whole
    assert served(made) == former
    publishing.publish(made, BEN, draft)
    assert served(made) == made.in_force().release != former
    assert tree(made) == {**TREE, RULE: b"two"}
    assert made.store.audit().findings == ()


def test_the_file_follows_the_store_when_a_server_starts(made: Office) -> None:
    former = made.release.read_bytes()
    published(made)
    made.release.write_bytes(former)
    assert publishing.settle(made.store, made.release)
    assert served(made) == made.in_force().release
    assert not publishing.settle(made.store, made.release)


def test_a_release_from_files_since_is_left_alone(made: Office) -> None:
    former = made.release.read_bytes()
    published(made)
    made.release.write_bytes(former)
    made.store.authoring.keep_tree(served(made), TREE, AT)
    assert not publishing.settle(made.store, made.release)


def test_a_proposal_that_was_altered_is_not_published(made: Office, url: str) -> None:
    draft, _ = approved(made)
    found = made.store.authoring.proposal(draft, 1)
    assert found is not None
    altered = msgspec.structs.replace(found, body=found.body.replace(b"two", b"six"))
    made.store.authoring.proposal = lambda *_: altered  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="altered"):
        publishing.publish(made, BEN, draft)
