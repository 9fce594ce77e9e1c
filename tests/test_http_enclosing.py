"""A WCO message in a body of JSON, so that what an agency knows can stand beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from api.store import Role
from tests.http_sample import DECLARATIONS, XML, Client, Door, Doors
from tests.wco_sample import message

SESAME = (DECLARATIONS / "sesame-nigeria.xml").read_text("utf-8")
VERIFIED = {"documents": [{"id": "CHEDD.2026.0002", "status": "verified"}]}


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture
def client(door: Door) -> Iterator[Client]:
    with door.client() as found:
        yield found


def small(**more: Any) -> str:
    return message(**more).decode()


def problem(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/decisions", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.json["errors"][0]
    return found


def kept_known(door: Door, decision: dict[str, Any]) -> Any:
    part = door.store.parts(decision["receipt"]["logIndex"])["known"]
    return msgspec.json.decode(part.body)


def test_without_anything_known_it_is_decided_on_as_the_message_alone(doors: Doors) -> None:
    answers = []
    for body, kind in ((SESAME.encode(), XML), ({"message": SESAME}, "application/json")):
        with doors().client() as client:
            answers.append(client.lodge(body, kind))
    for answer in answers:
        del answer["receipt"]
    assert answers[0] == answers[1]


def test_what_is_known_beside_a_message_is_decided_on(client: Client) -> None:
    def undetermined(decision: dict[str, Any]) -> set[str]:
        return {rule["rule"] for item in decision["items"] for rule in item["undetermined"]}

    alone = undetermined(client.lodge(SESAME.encode(), XML))
    beside = undetermined(client.lodge({"message": SESAME, "known": VERIFIED}))
    assert {rule.partition("#")[0] for rule in alone - beside} == {"food/entry-document"}


def test_what_is_known_of_a_document_that_the_message_names_is_kept(
    door: Door, client: Client
) -> None:
    decision = client.lodge({"message": SESAME, "known": VERIFIED})
    assert kept_known(door, decision)["documents"] == VERIFIED["documents"]


def test_what_is_known_may_stand_beside_an_amendment(door: Door, client: Client) -> None:
    lodged = client.lodge(small().encode(), XML)
    amendment = small(goods="", function="13", kind="COR")
    known = {"facts": {"importer.authorised": True}}
    amended = client.lodge({"message": amendment, "known": known})
    assert amended["supersedes"] == lodged["id"]
    assert kept_known(door, amended)["facts"] == known["facts"]


def test_a_decision_on_both_is_taken_again_exactly(client: Client) -> None:
    decision = client.lodge({"message": SESAME, "known": VERIFIED})
    assert client.post(f"/v1/decisions/{decision['id']}/replay").json["exact"] is True


def test_an_enclosed_cancellation_is_answered(client: Client) -> None:
    cancellation = small(goods="", function="13", kind="INV")
    assert client.post("/v1/decisions", {"message": cancellation}).json["kind"] == "cancellation"


def test_a_trader_may_enclose_a_message(door: Door) -> None:
    with door.client(Role.TRADER) as trader:
        assert trader.lodge({"message": SESAME})["declaration"]


def test_a_trader_states_nothing_beside_it(door: Door) -> None:
    with door.client(Role.TRADER) as trader:
        answer = trader.post("/v1/decisions", {"message": SESAME, "known": VERIFIED})
        assert (answer.status_code, answer.json["policy"]) == (403, "state")


def test_a_fault_in_the_message_is_found_by_element_and_line(client: Client) -> None:
    found = problem(client, message=small().replace("12074090", "12"))
    assert (found["line"], found["pointer"].endswith("Classification/ID")) == (4, True)


def test_a_fault_in_what_is_known_is_found_by_its_pointer(client: Client) -> None:
    known = {"facts": {"importer.authorized": True}}
    found = problem(client, message=SESAME, known=known)
    assert found["pointer"] == "/known/facts/importer.authorized"


def test_a_document_that_the_message_does_not_name_is_refused(client: Client) -> None:
    known = {"documents": [{"id": "C-0", "status": "verified"}]}
    assert problem(client, message=SESAME, known=known)["pointer"] == "/known/documents/0/id"


@pytest.mark.parametrize("part", ["declaration", "earlier", "knwon"])
def test_another_part_beside_a_message_is_refused(client: Client, part: str) -> None:
    found = problem(client, message=SESAME, **{part: {}})
    assert (found["pointer"], f"unknown key `{part}`") == (f"/{part}", found["message"])


@pytest.mark.parametrize(
    ("sent", "said"), [(1, "text"), (None, "text"), ("", "not XML"), ("{}", "not XML")]
)
def test_what_is_no_message_is_refused(client: Client, sent: Any, said: str) -> None:
    assert said in str(problem(client, message=sent))


def test_half_a_character_in_a_message_is_refused(client: Client) -> None:
    answer = client.post("/v1/decisions", b'{"message": "<a>\\ud800</a>"}')
    assert answer.status_code == 422


def test_the_contract_shows_a_message_with_what_is_known_of_it(client: Client) -> None:
    call = client.get("/openapi.json").json["paths"]["/v1/decisions"]["post"]
    example = call["requestBody"]["content"]["application/json"]["examples"]["message-beside-known"]
    assert client.lodge(example["value"])["declaration"] == "2026-0002-XML"
