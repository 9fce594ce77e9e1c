"""The editor without script: from finding a rule to a decision that another release takes."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.service.people import Duty
from engine import release as releases
from tests.evidence_sample import SIGNER
from tests.http_sample import Client, Door, Doors, declaration
from tests.people_sample import HTML, PLANTS, person, sent, signed_in

PATH = "rules/customs/random.toml"


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    made = doors(edits=True)
    person(made, "anne", Duty.AUTHOR, Duty.APPROVER)
    person(made, "ben", Duty.APPROVER)
    person(made, "carl", Duty.AUTHOR, Duty.APPROVER, agency=PLANTS)
    return made


@pytest.fixture
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture
def ben(door: Door) -> FlaskClient:
    return signed_in(door, "ben")


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, words(answer)
    return answer.get_data(as_text=True)


def words(answer: TestResponse | str) -> str:
    """What a page says, without its tags."""
    text = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def opened(client: FlaskClient, path: str = PATH) -> str:
    """A new draft that changes the file: its address."""
    answer = sent(client, "/editor/drafts", {"start": "change", "path": path})
    assert answer.status_code == 303, words(answer)
    return answer.location.partition("/files/")[0]


def form_of(client: FlaskClient, draft: str, path: str = PATH) -> dict[str, str]:
    """What the form of a file holds."""
    text = page(client, f"{draft}/files/{path}")
    written = re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", text, re.DOTALL)
    revision = re.search(r'name="revision" value="(\d+)"', text)
    assert written is not None
    assert revision is not None
    return {"text": html.unescape(written[1]), "revision": revision[1]}


def saved(
    client: FlaskClient, draft: str, text: str, path: str = PATH, revision: str | None = None
) -> TestResponse:
    given = {"text": text, "revision": revision or form_of(client, draft, path)["revision"]}
    return sent(client, f"{draft}/files/{path}", {**given, "do": "save"})


def changed(client: FlaskClient) -> str:
    """A draft that draws every consignment."""
    draft = opened(client)
    text = form_of(client, draft)["text"]
    more = re.sub(r"rate = [\d.]+", "rate = 1.0", text)
    assert more != text
    assert saved(client, draft, more).status_code == 303
    return draft


def digest(client: FlaskClient, draft: str) -> str:
    found = re.search(r'<code class="digest"[^>]*>(sha256:\w+)<', page(client, draft))
    assert found is not None
    return found[1]


def proposed(client: FlaskClient, draft: str) -> str:
    """The draft proposed: its digest."""
    answer = sent(client, f"{draft}/propose", {"revision": form_of(client, draft)["revision"]})
    assert "is proposed" in words(answer), words(answer)
    return digest(client, draft)


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
