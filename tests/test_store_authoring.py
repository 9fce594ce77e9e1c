"""Sources, drafts and consent: what is kept, what is refused, and by the database itself."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from threading import Barrier, Thread

import psycopg
import pytest

from api.store import RevisionError, StaleError, Store, StoreError, drafts
from api.store.drafts import State
from tests.store_sample import (
    ANNE,
    AT,
    BEN,
    TREE,
    approval,
    executed,
    made_release,
    opened,
    proposed,
    published,
    raw,
    unguarded,
    written,
)

REFUSED = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)
CUSTOMS, FOOD = "agency:Customs", "agency:FoodAndFeed"


def texts(store: Store, draft: str) -> list[str | None]:
    return [version.text for version in store.authoring.versions(draft, "rules/a.toml")]


# Sources


def test_a_tree_comes_back_as_it_was(store: Store) -> None:
    release = store.keep_release(made_release(), AT).digest
    store.authoring.keep_tree(release, TREE, AT)
    assert store.authoring.tree(release) == TREE


def test_a_release_has_one_tree(store: Store) -> None:
    release = store.keep_release(made_release(), AT).digest
    store.authoring.keep_tree(release, TREE, AT)
    with pytest.raises(StoreError, match="kept with other files"):
        store.authoring.keep_tree(release, {**TREE, "rules/a.toml": b"other"}, AT)


def test_no_file_is_added_to_a_tree_that_is_whole(store: Store, url: str) -> None:
    release = store.keep_release(made_release(), AT).digest
    store.authoring.keep_tree(release, TREE, AT)
    with raw(url) as connection, pytest.raises(REFUSED):
        executed(
            connection,
            "INSERT INTO tree_files SELECT release, 'rules/c.toml', source FROM tree_files "
            "WHERE path = 'rules/a.toml'",
        )


def test_a_release_that_is_in_force_does_not_enter_again(store: Store) -> None:
    release = store.keep_release(made_release(), AT).digest
    first = store.authoring.keep_tree(release, TREE, AT)
    assert store.authoring.keep_tree(release, TREE, AT) == first
    assert store.authoring.succession() == [first]


def test_an_altered_source_is_found(store: Store, url: str) -> None:
    opened(store, "d")
    with unguarded(url) as connection:
        executed(
            connection,
            "UPDATE sources SET body = (SELECT body FROM sources WHERE sha256 <> ? LIMIT 1) "
            "WHERE sha256 = ?",
            *[hashlib.sha256(b"one").hexdigest()] * 2,
        )
    messages = [finding.message for finding in store.audit().findings]
    assert any("the files of the release" in message for message in messages)


# Drafts


def test_a_saving_names_the_revision_that_it_saw(store: Store) -> None:
    opened(store, "d")
    saved = store.authoring.save_draft("d", 0, written("three", BEN))
    assert (saved.revision, saved.author) == (1, BEN)


def test_a_conflict_says_who_and_when_and_loses_nothing(store: Store) -> None:
    opened(store, "d")
    store.authoring.save_draft("d", 0, written("by Ben", BEN))
    with pytest.raises(RevisionError, match=r"ben saved revision 1 at 2026-11-23 09:30") as caught:
        store.authoring.save_draft("d", 0, written("by Anne"))
    assert (caught.value.revision, caught.value.author, caught.value.at) == (1, BEN, AT)
    assert texts(store, "d") == ["two", "by Ben"]


def test_of_two_that_save_at_once_one_is_told(store: Store, url: str) -> None:
    opened(store, "d")
    barrier, told = Barrier(2), []

    def save(author: str) -> None:
        with Store.open(url, patience=20) as own:
            barrier.wait()
            try:
                own.authoring.save_draft("d", 0, written(author, author))
            except RevisionError as error:
                told.append((author, error.author))

    threads = [Thread(target=save, args=(name,)) for name in (ANNE, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((loser, winner),) = told
    assert {loser, winner} == {ANNE, BEN}
    assert texts(store, "d") == ["two", winner]


def test_texts_are_kept_for_undo_up_to_a_bound(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "VERSIONS", 3)
    opened(store, "d", "0")
    for number in range(5):
        store.authoring.save_draft("d", number, written(str(number + 1)))
    assert texts(store, "d") == ["3", "4", "5"]
    assert store.authoring.authors("d") == {ANNE}


def test_the_latest_text_of_a_file_stays(store: Store, url: str) -> None:
    opened(store, "d")
    with raw(url) as connection, pytest.raises(REFUSED):
        executed(connection, "DELETE FROM revision_files")
    assert texts(store, "d") == ["two"]


def test_a_file_may_go_and_come_back_to_its_base(store: Store) -> None:
    opened(store, "d")
    for number, state in enumerate((State.GONE, State.BASE)):
        store.authoring.save_draft("d", number, written("", files={"rules/a.toml": (state, None)}))
        _, files = store.authoring.files("d")
        assert files["rules/a.toml"].state is state


def test_drafts_are_listed_by_person_and_agency(store: Store) -> None:
    opened(store, "d")
    opened(store, "e")
    store.authoring.save_draft("e", 0, written("three", BEN))
    assert [one.id for one in store.authoring.drafts(author=BEN)] == ["e"]
    assert {one.id for one in store.authoring.drafts(author=ANNE)} == {"d", "e"}
    assert {one.id for one in store.authoring.drafts(agency=CUSTOMS)} == {"d", "e"}
    assert store.authoring.drafts(agency=FOOD) == []


@pytest.mark.parametrize("revision", [-1, 0, 2])
def test_no_revision_is_left_out(store: Store, url: str, revision: int) -> None:
    opened(store, "d")
    with raw(url) as connection, pytest.raises(REFUSED):
        executed(
            connection,
            "INSERT INTO revisions SELECT draft, ?, title, base, author, agency, at FROM revisions",
            revision,
        )


# Four eyes, by raw SQL


def approve_by_hand(url: str, revision: int, digest: str, person: str) -> None:
    with raw(url) as connection:
        executed(
            connection,
            "INSERT INTO approvals (draft, revision, agency, digest, person) "
            "VALUES ('d', ?, ?, ?, ?)",
            revision,
            CUSTOMS,
            digest,
            person,
        )


def test_the_database_takes_the_approval_of_another(store: Store, url: str) -> None:
    proposal = proposed(store, opened(store, "d"))
    approve_by_hand(url, 0, proposal.digest, BEN)
    assert [one.person for one in store.authoring.approvals("d", 0)] == [BEN]


def test_the_database_refuses_an_author(store: Store, url: str) -> None:
    proposal = proposed(store, opened(store, "d"))
    with pytest.raises(REFUSED):
        approve_by_hand(url, 0, proposal.digest, ANNE)


def test_the_database_refuses_whoever_wrote_any_revision(store: Store, url: str) -> None:
    opened(store, "d")
    store.authoring.save_draft("d", 0, written("by Ben", BEN))
    proposal = proposed(store, store.authoring.save_draft("d", 1, written("by Anne")))
    with pytest.raises(REFUSED):
        approve_by_hand(url, 2, proposal.digest, BEN)


def test_the_database_refuses_another_digest(store: Store, url: str) -> None:
    proposed(store, opened(store, "d"))
    with pytest.raises(REFUSED):
        approve_by_hand(url, 0, "sha256:other", BEN)


def test_the_database_refuses_what_changed_since(store: Store, url: str) -> None:
    proposal = proposed(store, opened(store, "d"))
    store.authoring.save_draft("d", 0, written("three"))
    with pytest.raises(REFUSED):
        approve_by_hand(url, 0, proposal.digest, BEN)


def publish_by_hand(url: str) -> None:
    """Enter the base again, and say that the draft did."""
    with raw(url) as connection:
        executed(
            connection,
            "INSERT INTO in_force SELECT place + 1, release, 'editor', since FROM in_force",
        )
        executed(connection, "INSERT INTO publications VALUES ('d', 0, 1)")


def approved(store: Store) -> None:
    store.authoring.approve(approval(proposed(store, opened(store, "d"))), [])


def unapproved(store: Store) -> None:
    proposed(store, opened(store, "d"))


def half_approved(store: Store) -> None:
    store.authoring.approve(approval(proposed(store, opened(store, "d"), CUSTOMS, FOOD)), [])


def changed_since(store: Store) -> None:
    approved(store)
    store.authoring.save_draft("d", 0, written("three"))


def written_by_the_approver_since(store: Store) -> None:
    approved(store)
    store.authoring.save_draft("d", 0, written("three", BEN))


def on_another_base(store: Store) -> None:
    approved(store)
    other = proposed(store, opened(store, "e"))
    store.authoring.approve(approval(other), [])
    published(store, other, store.authoring.draft("e").base)


def test_the_database_takes_what_every_owner_approved(store: Store, url: str) -> None:
    approved(store)
    publish_by_hand(url)
    assert store.authoring.published("d") is not None


@pytest.mark.parametrize(
    "before", [unapproved, half_approved, changed_since, written_by_the_approver_since]
)
def test_the_database_refuses_to_publish_without_consent(
    store: Store, url: str, before: Callable[[Store], None]
) -> None:
    before(store)
    with pytest.raises(REFUSED):
        publish_by_hand(url)
    assert store.authoring.published("d") is None


def test_the_database_refuses_to_publish_on_another_base(store: Store, url: str) -> None:
    on_another_base(store)
    with raw(url) as connection:
        executed(
            connection,
            "INSERT INTO in_force SELECT 2, release, 'editor', since FROM in_force WHERE place = 1",
        )
        with pytest.raises(REFUSED):
            executed(connection, "INSERT INTO publications VALUES ('d', 0, 2)")


def test_what_is_in_force_is_written_on_no_more(store: Store) -> None:
    approved(store)
    draft = store.authoring.draft("d")
    proposal = store.authoring.proposal("d", 0)
    assert proposal is not None
    published(store, proposal, draft.base)
    with pytest.raises(StoreError, match="the draft is in force"):
        store.authoring.save_draft("d", 0, written("three"))


def test_what_is_published_on_another_base_is_told_so(store: Store) -> None:
    on_another_base(store)
    proposal = store.authoring.proposal("d", 0)
    assert proposal is not None
    with pytest.raises(StaleError, match="rebase"):
        published(store, proposal, store.authoring.draft("d").base)


def test_a_refused_publication_leaves_no_half(store: Store) -> None:
    unapproved(store)
    proposal = store.authoring.proposal("d", 0)
    assert proposal is not None
    before = store.releases(), store.authoring.succession(), store.size()
    with pytest.raises(StoreError):
        published(store, proposal, store.authoring.draft("d").base)
    assert (store.releases(), store.authoring.succession(), store.size()) == before
