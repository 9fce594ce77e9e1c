"""Emergency, rollback and rebase: a draft and the release that it starts from."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from api.service.authoring import approving, drafting, emergency, publishing
from api.service.authoring.drafting import CarryError
from api.service.authoring.office import Office, StatusError
from api.service.authoring.proposing import propose
from api.store import Store
from engine.declaration.problems import MalformedError
from tests.authoring_sample import (
    ANNE,
    BEN,
    RULE,
    TABLE,
    TREE,
    approved,
    drafted,
    office,
    published,
    served,
    tree,
)


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Office:
    return office(store, tmp_path)


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
