"""An editor with people in it, and what tests do on its pages: as a browser without script does."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.service.people import Duty
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, PLANTS, csrf, person, sent

PATH = "rules/customs/random.toml"
RESTRICTED = "rules/customs/courier.toml"
"""Restricted to customs, as is the parameter that only it tests."""


def editing(doors: Doors) -> Door:
    """An editor. Anne and Dora of customs write and approve, Ben approves only.

    Carl of plants writes and approves.
    """
    made = doors(edits=True)
    person(made, "anne", Duty.AUTHOR, Duty.APPROVER)
    person(made, "dora", Duty.AUTHOR, Duty.APPROVER)
    person(made, "ben", Duty.APPROVER)
    person(made, "carl", Duty.AUTHOR, Duty.APPROVER, agency=PLANTS)
    return made


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
    more = re.sub(r'(rate = |"control:Identity" = )[\d.]+', r"\g<1>1.0", text)
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


def asked(client: FlaskClient, method: str, path: str, body: object) -> TestResponse:
    """What answers a call of a script of ours."""
    return client.open(path, method=method, json=body, headers={"X-CSRF-Token": csrf(client)})


def revision(client: FlaskClient, draft: str) -> str:
    """The latest revision of a draft."""
    found = re.search(r"revision (\d+)", words(page(client, draft)))
    assert found is not None
    return found[1]
