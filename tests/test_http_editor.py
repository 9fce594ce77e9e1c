"""The editor without script: from finding a rule to a decision that another release takes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from engine import release as releases
from tests.editor_sample import changed, editing, page, proposed, words
from tests.evidence_sample import SIGNER
from tests.http_sample import Client, Door, Doors, declaration
from tests.people_sample import sent, signed_in


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return editing(doors)


@pytest.fixture
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture
def ben(door: Door) -> FlaskClient:
    return signed_in(door, "ben")


def tasks(client: Client, name: str) -> list[str]:
    decided = client.lodge(declaration(name))
    return [one["task"] for item in decided["items"] for one in item["controls"] if one["selected"]]


def test_a_draft_becomes_a_release_by_another_s_consent(
    door: Door, anne: FlaskClient, ben: FlaskClient
) -> None:
    draft = changed(anne)
    name = proposed(anne, draft)
    own = sent(anne, f"{draft}/approve", {"digest": name})
    assert (own.status_code, "four-eyes" in words(own)) == (403, True)
    assert "Waits for: approval" in words(page(ben, "/editor/"))
    assert sent(ben, f"{draft}/approve", {"digest": name}).status_code == 303
    with door.client() as client:
        before = tasks(client, "before")
        told = words(sent(ben, f"{draft}/publish"))
        assert "In force as release sha256:" in told
        release = releases.load(door.folder / "release.json", SIGNER.public)
        door.service.decider = releases.decider(release)
        assert len(tasks(client, "after")) > len(before)
    assert release.ref.digest in page(ben, draft)
