"""Outcomes over HTTP: reported once, corrected by further ones, exported in order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.store import Role
from tests.http_sample import NOW, Client, Door, Doors, declaration


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture
def client(door: Door) -> Client:
    return Client(door.app.test_client(), door.tokens[Role.OFFICER])


@pytest.fixture
def decision(client: Client) -> str:
    return str(client.lodge(declaration())["id"])


def outcome(decision: str, name: str = "O1", **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "decision": decision,
        "item": 1,
        "agency": "agency:Customs",
        "task": "control:Physical",
        "on": "2026-11-25",
        "result": "compliant",
        **more,
    }


def exported(client: Client, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(f"/v1/outcomes{query}").data.splitlines()]


def test_an_outcome_is_kept_and_exported(client: Client, decision: str) -> None:
    answer = client.post("/v1/outcomes", outcome(decision))
    assert answer.status_code == 201
    assert exported(client) == [answer.json]


def test_a_correction_stands_beside_what_it_corrects(client: Client, decision: str) -> None:
    client.post("/v1/outcomes", outcome(decision))
    client.post("/v1/outcomes", outcome(decision, "O2", result="inconclusive", corrects="O1"))
    found = [one["outcome"] for one in exported(client)]
    assert [(one["id"], one["corrects"]) for one in found] == [("O1", None), ("O2", "O1")]


def test_an_export_goes_on_where_it_ended(client: Client, decision: str) -> None:
    first = client.post("/v1/outcomes", outcome(decision)).json
    client.post("/v1/outcomes", outcome(decision, "O2"))
    rest = exported(client, f"?after={first['logIndex']}")
    assert [one["outcome"]["id"] for one in rest] == ["O2"]


def test_an_outcome_sent_again_under_its_key_is_one(client: Client, decision: str) -> None:
    for _ in range(2):
        client.post("/v1/outcomes", outcome(decision), Idempotency_Key="k1")
    assert len(exported(client)) == 1


def test_another_body_under_the_same_key_is_a_conflict(client: Client, decision: str) -> None:
    client.post("/v1/outcomes", outcome(decision), Idempotency_Key="k1")
    answer = client.post("/v1/outcomes", outcome(decision, "O2"), Idempotency_Key="k1")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"decision": "d-0"}, "/decision"),
        ({"item": 2}, "/item"),
        ({"corrects": "O9"}, "/corrects"),
        ({"task": "control:None"}, "/task"),
    ],
)
def test_what_is_not_there_is_named(
    client: Client, decision: str, change: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/outcomes", {**outcome(decision), **change})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]


def test_an_outcome_is_reported_once(client: Client, decision: str) -> None:
    client.post("/v1/outcomes", outcome(decision))
    answer = client.post("/v1/outcomes", outcome(decision))
    assert answer.json["errors"][0]["pointer"] == "/id"


def test_no_agency_reports_for_another(client: Client, decision: str) -> None:
    answer = client.post("/v1/outcomes", outcome(decision, agency="agency:FoodAndFeed"))
    assert (answer.status_code, answer.json["policy"]) == (403, "report")


def test_what_was_erased_is_said_to_be(door: Door, client: Client, decision: str) -> None:
    index = client.post("/v1/outcomes", outcome(decision)).json["logIndex"]
    door.store.erase(index, authority="officer", reason="GDPR, Article 17", at=NOW, author="test")
    (found,) = exported(client)
    assert found.get("outcome") is None
    assert found["erased"]
