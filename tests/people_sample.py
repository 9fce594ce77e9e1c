"""Browsers for tests: they sign in by the form and send forms as a page of ours gave them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.service.accounts import Accounts
from api.service.people import Duty
from api.store import Account, Role
from tests.http_sample import Door

HTML = {"Accept": "text/html,application/xhtml+xml"}
PASSWORD = "a cart, a quay, a crane"
CUSTOMS, PLANTS = "agency:Customs", "agency:PlantHealth"
AGENCIES = (CUSTOMS, "agency:MarketSurveillance", PLANTS)


def accounts(door: Door) -> Accounts:
    return Accounts(door.store, door.time)


def person(door: Door, name: str, *duties: Duty, agency: str = CUSTOMS, **more: Any) -> Account:
    """A person of that id, with the password of the sample."""
    given = {"password": PASSWORD, **more}
    return accounts(door).add(name, name.title(), agency, duties, agencies=AGENCIES, **given)


def csrf(client: FlaskClient) -> str:
    """The token that forms of this browser's session carry."""
    text = client.get("/sign-in", headers=HTML).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def sent(
    client: FlaskClient, path: str, form: dict[str, Any] | None = None, **headers: str
) -> TestResponse:
    """What answers a form of ours."""
    data = {"csrf_token": csrf(client), **(form or {})}
    return client.post(path, data=data, headers={**HTML, **headers})


def browser(door: Door, role: Role | None = None) -> FlaskClient:
    """A browser, signed in by a key of that role, or not at all."""
    client = door.app.test_client()
    if role is not None:
        assert sent(client, "/sign-in", {"key": door.tokens[role]}).status_code == 303
    return client


def signed_in(door: Door, name: str, password: str = PASSWORD) -> FlaskClient:
    """A browser of that person."""
    client = door.app.test_client()
    answer = sent(client, "/sign-in", {"name": name, "password": password})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client


def opens(client: FlaskClient, path: str = "/rules") -> bool:
    return client.get(path, headers=HTML).status_code == 200


def refused(answer: TestResponse, pieces: Iterable[str]) -> bool:
    """Whether a page says all of that in words."""
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())
    return all(piece in text for piece in pieces)
