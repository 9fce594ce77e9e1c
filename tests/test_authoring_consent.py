"""Every owner consents to a change, and those who are consulted are heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.service.authoring import approving, consulting, drafting, publishing
from api.service.authoring.office import Office, StatusError
from api.service.authoring.proposing import propose
from api.service.authoring.steps import Status
from api.service.policy import ForbiddenError
from api.store import Store
from engine.declaration.problems import MalformedError
from tests.authoring_sample import (
    ANNE,
    BEN,
    CARL,
    FAY,
    FOOD,
    GUS,
    MEAL,
    RULE,
    drafted,
    office,
    proposed,
    status,
)


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Office:
    return office(store, tmp_path)


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
