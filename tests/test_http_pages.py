"""Pages: what they say and to whom, complete without script; who may open them."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.http.examples import TO_TRY
from api.store import Role
from tests.http_sample import DECLARATIONS, NOW, SESAME, Door, Doors, declaration
from tests.people_sample import HTML, browser, sent

SUSPENDED = (DECLARATIONS / "radio-toy-suspended.json").read_bytes()
FESTIVAL = (DECLARATIONS / "festival-nigeria.json").read_bytes()


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture(scope="module")
def demo(doors: Doors) -> Door:
    return doors(demo=True)


@pytest.fixture(scope="module")
def festival(door: Door) -> str:
    return officer_page(door, lodged(door, FESTIVAL))


def lodged(door: Door, body: bytes | dict[str, Any]) -> str:
    with door.client() as client:
        return str(client.lodge(body)["id"])


def officer_page(door: Door, identifier: str) -> str:
    return page(browser(door, Role.OFFICER), f"/decisions/{identifier}")


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def words(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def tried(client: FlaskClient, text: str | bytes) -> Any:
    return sent(client, "/try", {"declaration": text})


# Signing in


def test_a_page_without_a_key_leads_to_signing_in_and_back(door: Door) -> None:
    answer = browser(door).get("/terms?q=toy", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/terms?q%3Dtoy"


def test_a_machine_without_a_key_gets_a_problem_document(door: Door) -> None:
    answer = browser(door).get("/terms", headers={"Accept": "*/*"})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_signing_in_leads_to_the_page_that_was_asked_for(door: Door) -> None:
    form = {"key": door.tokens[Role.OFFICER], "next": "/rules"}
    assert sent(browser(door), "/sign-in", form).headers["Location"] == "/rules"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/\n/example.org",
        " //example.org",
        "javascript:alert(1)",
        "example.org",
        "/" + "a" * 400,
    ],
)
def test_signing_in_leads_nowhere_else(door: Door, elsewhere: str) -> None:
    form = {"key": door.tokens[Role.OFFICER], "next": elsewhere}
    assert sent(browser(door), "/sign-in", form).headers["Location"] == "/"


def test_the_cookie_is_for_this_site_and_not_for_script(door: Door) -> None:
    answer = sent(browser(door), "/sign-in", {"key": door.tokens[Role.OFFICER]})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert door.tokens[Role.OFFICER] not in cookie


def test_an_unknown_key_is_told_and_opens_nothing(door: Door) -> None:
    client = browser(door)
    answer = sent(client, "/sign-in", {"key": "cmns_no"})
    assert answer.status_code == 403
    assert "not known, or no longer holds" in answer.get_data(as_text=True)
    assert client.get("/rules", headers=HTML).status_code == 303


def test_signing_out_ends_the_session(door: Door) -> None:
    client = browser(door, Role.OFFICER)
    assert sent(client, "/sign-out").status_code == 303
    assert client.get("/rules", headers=HTML).status_code == 303


def test_a_revoked_key_ends_its_session(door: Door) -> None:
    key, token = door.store.create_key(Role.AUDITOR, "leaves", agency=None, at=NOW)
    client = browser(door)
    sent(client, "/sign-in", {"key": token})
    assert client.get("/rules", headers=HTML).status_code == 200
    door.store.revoke_key(key.id, NOW)
    assert client.get("/rules", headers=HTML).status_code == 303


# Safety


def test_pages_allow_no_inline_and_no_foreign_script(door: Door) -> None:
    policy = browser(door).get("/sign-in").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert {parts[name] for name in parts if name.endswith("-src")} == {"'none'", "'self'"}


def test_an_unknown_page_says_so(door: Door) -> None:
    answer = browser(door, Role.OFFICER).get("/rules/<script>alert(1)</script>", headers=HTML)
    assert answer.status_code == 404
    assert "<script>" not in answer.get_data(as_text=True)
    assert "Go on with" in words(answer.get_data(as_text=True))


def test_an_unknown_call_gets_a_problem_document(door: Door) -> None:
    answer = browser(door, Role.OFFICER).get("/v1/nothing", headers=HTML)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_a_file_that_is_too_large_is_told_as_a_page(door: Door) -> None:
    answer = tried(browser(door, Role.OFFICER), b" " * (9 * 2**20))
    assert answer.status_code == 413
    assert "larger than 8 MiB" in words(answer.get_data(as_text=True))


# The first page and the calls


def test_the_first_page_has_its_doors(door: Door) -> None:
    text = page(browser(door, Role.OFFICER), "/")
    assert {"/try", "/rules", "/docs"} <= set(re.findall(r'href="([^"]+)"', text))


def test_a_decision_is_opened_by_its_id(door: Door) -> None:
    answer = browser(door, Role.OFFICER).get("/decisions?id=d-1")
    assert answer.headers["Location"] == "/decisions/d-1"


def test_the_page_of_calls_lists_every_call_of_the_document(door: Door) -> None:
    client = browser(door, Role.OFFICER)
    said = words(page(client, "/docs"))
    document = client.get("/openapi.json").json
    for path, operations in document["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in said


# Trials


@pytest.mark.parametrize("name", TO_TRY)
def test_an_example_can_be_decided_on_as_it_stands(door: Door, name: str) -> None:
    client = browser(door, Role.OFFICER)
    text = page(client, f"/try?example={name}")
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert found is not None
    given = html.unescape(found[1])
    assert given == TO_TRY[name].text
    assert 'id="answer"' in tried(client, given).get_data(as_text=True)


def test_an_unknown_example_is_not_there(door: Door) -> None:
    client = browser(door, Role.OFFICER)
    assert client.get("/try?example=../keys", headers=HTML).status_code == 404


def test_the_verdict_of_a_trial_comes_before_the_form(door: Door) -> None:
    text = tried(browser(door, Role.OFFICER), SESAME).get_data(as_text=True)
    assert text.index('id="answer"') < text.index('id="do"') < text.index('id="why"')
    assert text.index('id="why"') < text.index("<textarea")
    assert 'action="/try#answer"' in text


def test_a_trial_keeps_nothing(door: Door) -> None:
    size = len(door.store.page(after=-1, limit=500))
    assert tried(browser(door, Role.OFFICER), SESAME).status_code == 200
    assert len(door.store.page(after=-1, limit=500)) == size


def test_a_file_can_be_tried(door: Door) -> None:
    xml = (DECLARATIONS / "plush-toys.xml").read_bytes()
    given = {"declaration": "", "file": (io.BytesIO(xml), "plush-toys.xml")}
    answer = sent(browser(door, Role.OFFICER), "/try", given)
    assert answer.status_code == 200
    assert "What is asked for" in words(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            '{"declaration": {"id": "x", "goods": [{"item": 1}, {"item": 1}]}}',
            "/declaration/goods/1/item : item 1 already stands",
        ),
        ("", "there is nothing to decide on"),
        ("{", "1 problem"),
        ("<x/>", "1 problem"),
    ],
)
def test_a_problem_names_its_field_and_keeps_what_was_given(
    door: Door, given: str, said: str
) -> None:
    answer = tried(browser(door, Role.OFFICER), given)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in words(text)
    assert f">{html.escape(given, quote=False)}</textarea>".replace('"', "&#34;") in text
    assert 'id="answer" tabindex="-1"' in text


def test_what_was_given_is_escaped(door: Door) -> None:
    answer = tried(browser(door, Role.OFFICER), "</textarea><script>alert(1)</script>")
    assert "<script>" not in answer.get_data(as_text=True)


def test_the_public_of_a_demo_is_told_what_the_trader_is(demo: Door) -> None:
    text = tried(browser(demo), SESAME).get_data(as_text=True)
    assert "the trader would be told" in words(text)
    assert "Sesamum seeds from Nigeria" not in text
    assert "the draw gave" not in text
    assert "near miss" not in text


def test_the_public_of_a_demo_opens_no_decision(demo: Door) -> None:
    answer = browser(demo).get(f"/decisions/{lodged(demo, SESAME)}", headers=HTML)
    assert answer.headers["Location"].startswith("/sign-in")


# A decision


def test_the_verdict_comes_first_then_the_tasks_then_the_reasons(festival: str) -> None:
    places = [festival.index(f'id="{one}"') for one in ("verdict", "do", "why", "versions")]
    assert places == sorted(places)
    assert words(festival).index("red channel hold") < words(festival).index("What to do")


def test_each_agency_has_its_tasks_and_items(festival: str) -> None:
    said = words(festival)
    assert "What to do: one joint order" in said
    for agency in ("customs", "market surveillance leads", "food and feed safety", "plant health"):
        assert re.search(rf"{agency} .{{0,300}}? item", said), agency


def test_law_has_its_status_and_the_day_it_was_checked(festival: str) -> None:
    assert "Annexes I and II law checked 23 November 2026" in words(festival)


def test_shares_are_said_in_words(festival: str) -> None:
    assert "at least one consignment in two (50 %), the draw gave" in words(festival)


def test_a_hold_says_when_its_clock_runs_out(door: Door) -> None:
    said = words(officer_page(door, lodged(door, SUSPENDED)))
    assert "Deadline: ends with 27 November 2026 (4 working days from" in said


def test_what_lifts_a_hold_is_named(festival: str) -> None:
    assert "until verified: official certificate for Annex II goods" in words(festival)


def test_a_released_item_says_that_there_is_nothing_to_do(door: Door) -> None:
    said = words(officer_page(door, lodged(door, declaration("FREE"))))
    assert "Nothing: no agency has a task, and nothing is asked for." in said


def test_every_link_within_a_decision_has_its_place(festival: str) -> None:
    places = re.findall(r' id="([^"]+)"', festival)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', festival)) <= set(places)


def test_a_trader_reads_what_a_trader_is_told(door: Door) -> None:
    with door.client(Role.TRADER) as client:
        body = SESAME.replace(b"26NL000396D0A1B2C3", b"26NL000000TRADERS1")
        identifier = client.lodge(body)["id"]
    said = words(page(browser(door, Role.TRADER), f"/decisions/{identifier}"))
    assert "What you can do Present the official certificate" in said
    assert "Appeal: the food safety authority" in said
    for hidden in ("near miss", "the draw gave", "risk level", "Annex II, row 12, lists"):
        assert hidden not in said


def test_a_trader_does_not_open_the_decision_of_another(door: Door) -> None:
    client = browser(door, Role.TRADER)
    answer = client.get(f"/decisions/{lodged(door, FESTIVAL)}", headers=HTML)
    assert answer.status_code == 404


def test_an_amended_declaration_says_what_changed_and_what_stands(door: Door) -> None:
    goods = [{"item": 1, "commodityCode": "6109100000", "origin": "BD", "netMassKg": 100}]
    first = lodged(door, declaration("AMENDED", goods=goods))
    goods[0] |= {"netMassKg": 120}
    second = lodged(door, declaration("AMENDED", goods=goods))
    latest = words(officer_page(door, second))
    assert "version 2, this one" in latest
    assert "item 1 net mass kg: 100 120" in latest
    earlier = officer_page(door, first)
    assert "This decision no longer stands." in words(earlier)
    assert f'href="/decisions/{second}"' in earlier
