"""Whoever works at the same time, and whatever is killed: nothing is lost, nothing is half."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from api.service.authoring import drafting, publishing
from api.service.authoring.office import Office
from api.service.authoring.proposing import propose
from api.service.authoring.steps import Status
from api.store import RevisionError, StaleError, Store, StoreError
from tests.authoring_sample import (
    ANNE,
    AT,
    BEN,
    RULE,
    TREE,
    approved,
    drafted,
    office,
    published,
    served,
    status,
    tree,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Office:
    return office(store, tmp_path)


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
