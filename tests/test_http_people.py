"""The pages of administrators: who signs in for their agency, and nobody else's."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.service.people import Duty
from api.store import Role
from tests.http_sample import NOW, Door, Doors
from tests.people_sample import (
    CUSTOMS,
    HTML,
    PASSWORD,
    PLANTS,
    accounts,
    browser,
    opens,
    person,
    refused,
    sent,
    signed_in,
)

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def door(doors: Doors) -> Iterator[Door]:
    found = doors()
    person(found, "boss", Duty.ADMINISTRATOR)
    person(found, "ada", Duty.AUTHOR)
    person(found, "flora", Duty.AUTHOR, agency=PLANTS)
    yield found
    found.time.now = NOW


@pytest.fixture
def boss(door: Door) -> FlaskClient:
    return signed_in(door, "boss")


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def told_password(text: str) -> str:
    found = re.search(r'<code class="password">([^<]+)</code>', text)
    assert found is not None
    return found[1]


def new(**more: Any) -> dict[str, Any]:
    return {"id": "ben", "name": "Ben", "duty": ["author", "approver"], **more}


def test_an_administrator_sees_the_people_of_the_own_agency(boss: FlaskClient) -> None:
    text = page(boss, "/people")
    assert "People of customs" in text
    assert "/people/ada" in text
    assert "flora" not in text


def test_a_person_is_added_with_a_one_time_password_that_is_shown_once(
    door: Door, boss: FlaskClient
) -> None:
    answer = sent(boss, "/people", new())
    password = told_password(answer.get_data(as_text=True))
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in page(boss, "/people/ben")
    client = signed_in(door, "ben", password)
    assert client.get("/rules", headers=HTML).headers["Location"].startswith("/password")
    added = accounts(door).found("ben")
    assert added is not None
    assert (added.agency, added.duties) == (CUSTOMS, {"author", "approver"})


def test_no_other_agency_can_be_named(door: Door, boss: FlaskClient) -> None:
    sent(boss, "/people", new(agency=PLANTS))
    added = accounts(door).found("ben")
    assert added is not None
    assert added.agency == CUSTOMS


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"id": ""}, "id", "is no name to sign in with"),
        ({"id": "Ben"}, "id", "small letters"),
        ({"id": SCRIPT}, "id", "is no name to sign in with"),
        ({"id": "ada"}, "id", "There is a person ada already"),
        ({"id": "flora"}, "id", "There is a person flora already"),
        ({"id": "b" * 65}, "id", "2 to 64"),
        ({"id": "ben\x00"}, "id", "is no name to sign in with"),
        ({"id": "be\u043d"}, "id", "is no name to sign in with"),
        ({"name": " "}, "name", "The name cannot be read"),
        ({"name": "x" * 2**20}, "name", "of 1 to 100 characters"),
        ({"name": "a\nb"}, "name", "on one line"),
        ({"name": "abc\u202exyz"}, "name", "The name cannot be read"),
        ({"duty": ["owner"]}, "duty", "Unknown duty"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nobody_is_added(
    door: Door, boss: FlaskClient, given: dict[str, Any], field: str, words: str
) -> None:
    before = accounts(door).listed()
    answer = sent(boss, "/people", new(**given))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert refused(answer, [words])
    assert f'href="#{field}"' in text
    assert f'id="problem-{field}"' in text
    assert re.search(rf'id="{field}"[^>]*problem-{field}"', text)
    assert SCRIPT not in text
    assert accounts(door).listed() == before


def test_a_name_with_script_is_shown_as_it_is_written(door: Door, boss: FlaskClient) -> None:
    answer = sent(boss, "/people", new(name=SCRIPT))
    for text in (answer.get_data(as_text=True), page(boss, "/people")):
        assert SCRIPT not in text
        assert html.escape(SCRIPT) in text
    client = signed_in(door, "ben", told_password(answer.get_data(as_text=True)))
    assert html.escape(SCRIPT) in page(client, "/password")


def test_duties_are_set(door: Door, boss: FlaskClient) -> None:
    answer = sent(boss, "/people/ada/duties", {"duty": ["approver"]})
    assert answer.headers["Location"] == "/people/ada"
    changed = accounts(door).found("ada")
    assert changed is not None
    assert changed.duties == {"approver"}


def test_a_one_time_password_ends_the_person_s_sessions(door: Door, boss: FlaskClient) -> None:
    ada = signed_in(door, "ada")
    text = sent(boss, "/people/ada/password").get_data(as_text=True)
    assert not opens(ada)
    signed_in(door, "ada", told_password(text))


def test_a_person_is_disabled_by_who_says_to_be_sure(door: Door, boss: FlaskClient) -> None:
    ada = signed_in(door, "ada")
    answer = sent(boss, "/people/ada/disable")
    assert answer.status_code == 422
    assert refused(answer, ["tick the box"])
    assert opens(ada)
    assert sent(boss, "/people/ada/disable", {"sure": "yes"}).status_code == 303
    assert not opens(ada)
    assert "Disabled since 25 November 2026" in page(boss, "/people/ada")


@pytest.mark.parametrize("what", ["duties", "password"])
def test_who_is_disabled_is_changed_no_more(door: Door, boss: FlaskClient, what: str) -> None:
    accounts(door).disable("ada")
    assert sent(boss, f"/people/ada/{what}", {"duty": ["author"]}).status_code == 404


@pytest.mark.parametrize(
    ("what", "form"), [("duties", {"duty": ["author"]}), ("disable", {"sure": "yes"})]
)
def test_an_administrator_does_not_lock_the_door_from_inside(
    door: Door, boss: FlaskClient, what: str, form: dict[str, Any]
) -> None:
    answer = sent(boss, f"/people/boss/{what}", form)
    assert answer.status_code == 422
    assert refused(answer, ["let another administrator of your agency do it"])
    assert opens(boss, "/people")


def test_an_administrator_s_own_password_is_chosen_with_the_present_one(
    door: Door, boss: FlaskClient
) -> None:
    assert sent(boss, "/people/boss/password").headers["Location"] == "/password"
    signed_in(door, "boss", PASSWORD)


@pytest.mark.parametrize("what", ["duties", "password", "disable"])
def test_an_administrator_has_no_say_over_another_agency_s_people(
    door: Door, boss: FlaskClient, what: str
) -> None:
    before = accounts(door).found("flora")
    answer = sent(boss, f"/people/flora/{what}", {"sure": "yes", "duty": ["administrator"]})
    assert answer.status_code == 403
    assert refused(answer, ["Policy administer", "not for agency:PlantHealth"])
    assert accounts(door).found("flora") == before


@pytest.mark.parametrize("path", ["/people", "/people/ada"])
def test_only_administrators_see_people(door: Door, path: str) -> None:
    for client in (
        signed_in(door, "ada"),
        browser(door, Role.OFFICER),
        browser(door, Role.AUDITOR),
    ):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 403
        assert refused(answer, ["Policy administer"])
    assert browser(door).get(path, headers=HTML).status_code == 303


def test_who_is_no_administrator_changes_nobody(door: Door) -> None:
    ada, before = signed_in(door, "ada"), accounts(door).listed()
    for path in ("/people", *(f"/people/ada/{what}" for what in ("duties", "password", "disable"))):
        form = new(sure="yes", duty=["administrator"])
        assert sent(ada, path, form).status_code == 403
    assert accounts(door).listed() == before


@pytest.mark.parametrize("name", ["nobody", "x%00", "..%2f..", "é"])
def test_who_is_not_there_is_not_found(boss: FlaskClient, name: str) -> None:
    assert boss.get(f"/people/{name}", headers=HTML).status_code == 404


def test_demo_mode_opens_no_page_of_people(doors: Doors) -> None:
    assert browser(doors(demo=True)).get("/people", headers=HTML).status_code == 303
