"""Signing in and out: what opens, what ends a session, and what nobody learns or forges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.service import passwords
from api.service.people import Duty
from api.store import Role, sessions
from tests.http_sample import JSON, NOW, Door, Doors
from tests.people_sample import (
    CUSTOMS,
    HTML,
    PASSWORD,
    accounts,
    browser,
    csrf,
    opens,
    person,
    refused,
    sent,
    signed_in,
)

OTHER = "another cart, another quay"


@pytest.fixture
def door(doors: Doors) -> Iterator[Door]:
    found = doors()
    person(found, "ada", Duty.AUTHOR)
    yield found
    found.time.now = NOW


def tried(door: Door, name: str, password: str, **headers: str) -> TestResponse:
    return sent(browser(door), "/sign-in", {"name": name, "password": password}, **headers)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


# By name and password


def test_a_person_signs_in_and_the_page_says_who_and_for_whom(door: Door) -> None:
    text = signed_in(door, "ada").get("/", headers=HTML).get_data(as_text=True)
    assert "<span>Ada of customs</span>" in text
    assert re.search(r'<meta name="csrf-token" content="[^"]{40,}">', text)


@pytest.mark.parametrize("name", ["ADA", " ada "])
def test_a_name_is_taken_in_capitals_and_with_blanks_around(door: Door, name: str) -> None:
    assert tried(door, name, PASSWORD).status_code == 303


def test_a_password_is_the_same_whatever_keyboard_composed_it(door: Door) -> None:
    person(door, "zoe", password="cafe\u0301 au lait noir")
    assert tried(door, "zoe", "caf\u00e9 au lait noir").status_code == 303


def failures(door: Door) -> dict[str, tuple[str, str]]:
    person(door, "gone")
    accounts(door).disable("gone")
    person(door, "elsewhere", password=None)
    return {
        "a wrong password": ("ada", OTHER),
        "a wrong name": ("eve", PASSWORD),
        "no name": ("", PASSWORD),
        "no password": ("ada", ""),
        "a name that is none": ("<script>alert(1)</script>", PASSWORD),
        "a name with a null": ("ada\x00", PASSWORD),
        "a person who is disabled": ("gone", PASSWORD),
        "a person without a password": ("elsewhere", ""),
        "a password of a megabyte": ("ada", "x" * 2**20),
        "the right password and a megabyte": ("ada", PASSWORD + "x" * 2**20),
        "a name of a megabyte": ("a" * 2**20, PASSWORD),
    }


def test_no_answer_says_what_was_wrong(door: Door) -> None:
    told = set()
    for name, password in failures(door).values():
        answer = tried(door, name, password)
        assert answer.status_code == 403
        text = answer.get_data(as_text=True)
        assert "<script>alert" not in text
        text = re.sub(r' name="csrf_token" value="[^"]+"', "", text)
        told.add(re.sub(r'(id="name" name="name" type="text" value=")[^"]*"', r"\1", text))
    assert len(told) == 1
    assert "The name or the password is wrong" in told.pop()


def test_every_failure_costs_one_hash_like_a_success(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    verify = PasswordHasher.verify

    def noted(self: PasswordHasher, kept: str, password: bytes) -> bool:
        looked.append(kept.rsplit("$", 2)[0])
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    given = [*failures(door).values(), ("ada", PASSWORD)]
    for name, password in given:
        tried(door, name, password)
    assert len(looked) == len(given)
    # The same parameters: time, memory, lanes.
    assert len(set(looked)) == 1


def test_after_too_many_failures_the_right_password_waits_too(door: Door) -> None:
    for _ in range(sessions.BY_PERSON):
        assert tried(door, "ada", OTHER).status_code == 403
    answer = tried(door, "ada", PASSWORD)
    assert answer.status_code == 429
    assert refused(answer, ["Too many attempts failed", "wait 15 minutes"])
    door.time.now += sessions.WINDOW
    assert tried(door, "ada", PASSWORD).status_code == 303


def test_a_name_that_nobody_has_is_limited_alike(door: Door) -> None:
    statuses = {tried(door, "nobody-here", OTHER).status_code for _ in range(sessions.BY_PERSON)}
    assert statuses == {403}
    assert tried(door, "nobody-here", OTHER).status_code == 429


def test_an_address_is_that_of_who_asks_where_proxies_are_known(doors: Doors) -> None:
    door = doors(proxies=1)
    for number in range(sessions.BY_ADDRESS):
        door.store.sessions.attempt(f"name-{number}", "192.0.2.1", NOW)
    statuses = [
        tried(door, "ada", OTHER, **{"X-Forwarded-For": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2, 192.0.2.1")
    ]
    assert statuses == [429, 403, 429]


def test_an_address_is_not_what_who_asks_says(door: Door) -> None:
    for number in range(sessions.BY_ADDRESS):
        door.store.sessions.attempt(f"name-{number}", "127.0.0.1", NOW)
    assert tried(door, "ada", OTHER, **{"X-Forwarded-For": "192.0.2.2"}).status_code == 429


# Sessions


def test_a_session_of_before_is_not_taken_over_by_who_signs_in(door: Door) -> None:
    victim = browser(door)
    form = csrf(victim)
    planted = cookie(victim)
    form = {"name": "ada", "password": PASSWORD, "csrf_token": form}
    assert victim.post("/sign-in", data=form, headers=HTML).status_code == 303
    assert cookie(victim) != planted
    thief = browser(door)
    thief.set_cookie("session", planted)
    assert not opens(thief)


def test_signing_in_anew_ends_the_session_before(door: Door) -> None:
    client = signed_in(door, "ada")
    before = cookie(client)
    sent(client, "/sign-in", {"key": door.tokens[Role.OFFICER]})
    other = browser(door)
    other.set_cookie("session", before)
    assert not opens(other)
    assert opens(client)


def test_what_was_signed_out_stays_so_for_who_kept_the_cookie(door: Door) -> None:
    client = signed_in(door, "ada")
    kept = cookie(client)
    assert sent(client, "/sign-out").status_code == 303
    client.set_cookie("session", kept)
    assert not opens(client)


def test_a_disabled_person_s_open_session_ends_at_once(door: Door) -> None:
    client = signed_in(door, "ada")
    assert opens(client)
    accounts(door).disable("ada")
    assert not opens(client)


def test_duties_that_are_taken_away_are_gone_with_the_next_call(door: Door) -> None:
    person(door, "boss", Duty.ADMINISTRATOR)
    client = signed_in(door, "boss")
    assert opens(client, "/people")
    accounts(door).set_duties("boss", ())
    assert client.get("/people", headers=HTML).status_code == 403


@pytest.mark.parametrize("after", [sessions.IDLE, sessions.LASTS])
def test_a_session_ends_by_itself(door: Door, after: timedelta) -> None:
    client = signed_in(door, "ada")
    door.time.now += after
    assert not opens(client)


def test_a_script_is_told_that_its_session_has_ended(door: Door) -> None:
    client = signed_in(door, "ada")
    door.time.now += sessions.IDLE
    answer = client.get("/v1/rules", headers={"Accept": JSON})
    assert (answer.status_code, answer.json["title"]) == (401, "this session has ended")


@pytest.mark.parametrize(
    "forged", ["x", "eyJzZXNzaW9uIjoiYSJ9.aaaa.bbbb", "eyJzZXNzaW9uIjoxfQ.aaaa.bbbb"]
)
def test_a_forged_cookie_opens_nothing(door: Door, forged: str) -> None:
    client = browser(door)
    client.set_cookie("session", forged)
    assert not opens(client)


@pytest.mark.parametrize(
    ("host", "secure"),
    [
        ("localhost", False),
        ("127.0.0.1:8000", False),
        ("[::1]:8000", False),
        ("risk.example.org", True),
        ("127.0.0.1.example.org", True),
        ("localhost.example.org:8000", True),
    ],
)
def test_a_cookie_travels_in_the_clear_on_loopback_only(
    door: Door, host: str, secure: bool
) -> None:
    client = door.app.test_client()
    answer = client.get("/sign-in", headers={**HTML, "Host": host})
    said = answer.headers["Set-Cookie"]
    assert ("Secure" in said) == secure
    assert "HttpOnly" in said
    assert "SameSite=Strict" in said


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org"])
def test_a_person_is_led_nowhere_else(door: Door, elsewhere: str) -> None:
    form = {"name": "ada", "password": PASSWORD, "next": elsewhere}
    assert sent(browser(door), "/sign-in", form).headers["Location"] == "/"


# A password of one's own


def chosen(client: FlaskClient, present: str, password: str, again: str) -> TestResponse:
    form = {"present": present, "password": password, "again": again, "next": "/rules"}
    return sent(client, "/password", form)


def test_a_one_time_password_opens_nothing_but_the_choice_of_another(door: Door) -> None:
    person(door, "new", one_time=True)
    client = signed_in(door, "new")
    answer = client.get("/rules?x=1", headers=HTML)
    assert answer.headers["Location"] == "/password?next=/rules?x%3D1"
    assert client.get("/v1/rules", headers={"Accept": JSON}).status_code == 401
    assert chosen(client, PASSWORD, OTHER, OTHER).headers["Location"] == "/rules"
    assert opens(client)
    assert tried(door, "new", PASSWORD).status_code == 403
    assert tried(door, "new", OTHER).status_code == 303


def test_another_password_ends_all_sessions_but_begins_one(door: Door) -> None:
    client, other = signed_in(door, "ada"), signed_in(door, "ada")
    assert chosen(client, PASSWORD, OTHER, OTHER).status_code == 303
    assert opens(client)
    assert not opens(other)


@pytest.mark.parametrize(
    ("present", "password", "again", "status", "words"),
    [
        (OTHER, OTHER, OTHER, 422, "The present password is wrong"),
        (PASSWORD, OTHER, PASSWORD, 422, "The new password was not typed alike twice"),
        (PASSWORD, "short", "short", 422, "choose at least 12 characters"),
        (PASSWORD, PASSWORD, PASSWORD, 422, "The new password is the former one"),
        (PASSWORD, "x" * 2**20, "x" * 2**20, 422, "choose at most 200 characters"),
    ],
)
def test_a_password_that_cannot_be_chosen_is_refused_by_its_field(
    door: Door, present: str, password: str, again: str, status: int, words: str
) -> None:
    answer = chosen(signed_in(door, "ada"), present, password, again)
    assert answer.status_code == status
    assert refused(answer, [words])
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert password not in answer.get_data(as_text=True)
    assert tried(door, "ada", PASSWORD).status_code == 303


def test_the_present_password_cannot_be_guessed_without_end(door: Door) -> None:
    client = signed_in(door, "ada")
    for _ in range(sessions.BY_PERSON):
        assert chosen(client, "guess", OTHER, OTHER).status_code == 422
    assert chosen(client, PASSWORD, OTHER, OTHER).status_code == 429


def test_who_showed_a_key_has_no_password(door: Door) -> None:
    answer = browser(door, Role.OFFICER).get("/password", headers=HTML)
    assert answer.status_code == 403
    assert refused(answer, ["Policy choose", "sign in with your name and password"])


# Forged forms


FORMS = ["/sign-in", "/sign-out", "/password", "/people", "/try", "/people/ada/disable"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_is_refused_with_the_mend(door: Door, path: str) -> None:
    person(door, "boss", Duty.ADMINISTRATOR)
    client = signed_in(door, "boss")
    for forged in ({}, *({"csrf_token": one} for one in ("", "x", "é", "x" * 1_000_000))):
        answer = client.post(path, data=forged, headers=HTML)
        assert answer.status_code == 400
        assert refused(answer, ["not made for your session", "reload the page"])
    assert opens(client)


def test_a_token_of_another_session_is_refused(door: Door) -> None:
    client, other = signed_in(door, "ada"), signed_in(door, "ada")
    answer = client.post("/sign-out", data={"csrf_token": csrf(other)}, headers=HTML)
    assert answer.status_code == 400
    assert opens(client)


def test_a_token_of_before_signing_in_is_refused_after(door: Door) -> None:
    client = browser(door)
    before = csrf(client)
    form = {"name": "ada", "password": PASSWORD, "csrf_token": before}
    client.post("/sign-in", data=form)
    assert client.post("/sign-out", data={"csrf_token": before}, headers=HTML).status_code == 400


def test_signing_in_is_not_forged_either(door: Door) -> None:
    form = {"name": "ada", "password": PASSWORD}
    assert browser(door).post("/sign-in", data=form, headers=HTML).status_code == 400


def supposed(client: FlaskClient, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/v1/what-if", data=b"{}", content_type=JSON, headers=named)


@pytest.mark.parametrize("forged", [{}, {"X_CSRF_Token": "x"}])
def test_a_json_change_by_a_cookie_needs_the_header(door: Door, forged: dict[str, str]) -> None:
    answer = supposed(signed_in(door, "ada"), **forged)
    assert answer.status_code == 400
    assert "X-CSRF-Token" in answer.json["detail"]


def test_a_json_change_by_a_cookie_with_the_header_is_taken(door: Door) -> None:
    client = signed_in(door, "ada")
    page = client.get("/", headers=HTML).get_data(as_text=True)
    meta = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)
    assert meta is not None
    assert supposed(client, X_CSRF_Token=meta[1]).status_code == 422


def test_the_token_of_a_json_change_is_not_taken_from_a_form(door: Door) -> None:
    client = signed_in(door, "ada")
    answer = client.post("/v1/what-if", data={"csrf_token": csrf(client)})
    assert answer.status_code == 400


def test_a_key_needs_no_token(door: Door) -> None:
    with door.client(Role.OFFICER) as client:
        assert client.post("/v1/what-if", {}).status_code == 422


@pytest.mark.parametrize("kind", ["Basic", "Digest", "bearer"])
def test_what_a_browser_might_send_by_itself_goes_round_no_token(door: Door, kind: str) -> None:
    client = signed_in(door, "ada")
    assert supposed(client, Authorization=f"{kind} YWRhOmFkYQ==").status_code == 401


def test_a_person_may_not_lodge_and_is_told_the_policy(door: Door) -> None:
    client = signed_in(door, "ada")
    answer = client.post(
        "/v1/decisions", data=b"{}", content_type=JSON, headers={"X-CSRF-Token": csrf(client)}
    )
    assert (answer.status_code, answer.json["policy"]) == (403, "lodge")


def test_passwords_that_are_made_differ_and_are_long_enough(passwords_as_shipped: None) -> None:
    found = {passwords.made() for _ in range(100)}
    assert len(found) == 100
    assert all(passwords.right(one, passwords.hashed(one)) for one in list(found)[:2])


def test_the_hash_that_is_kept_is_argon2id_and_never_shown(door: Door) -> None:
    account = accounts(door).found("ada")
    assert account is not None
    assert account.password is not None
    assert account.password.startswith("$argon2id$")
    assert account.agency == CUSTOMS
