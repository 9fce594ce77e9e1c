"""Many decisions in one call: a line in, a line out, each kept before it is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.http.batch import GROUP
from api.store import Role
from tests.http_sample import Client, Door, Doors, declaration

NDJSON = "application/x-ndjson"


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors()


def answers(
    door: Door, *lines: dict[str, Any] | bytes, role: Role = Role.SYSTEM, **headers: str
) -> list[dict[str, Any]]:
    body = b"".join(
        (one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines
    )
    client = Client(door.app.test_client(), door.tokens[role])
    answer = client.post("/v1/decisions/batch", body, NDJSON, **headers)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.data.splitlines()]


def test_each_line_is_answered_under_its_number(door: Door) -> None:
    found = answers(door, declaration("A"), b"", declaration("B"))
    assert [(one["line"], one["decision"]["declaration"]) for one in found] == [(1, "A"), (3, "B")]


def test_each_answer_is_kept(door: Door) -> None:
    found = answers(door, *(declaration(f"D{n}") for n in range(GROUP + 5)))
    kept = {one.record.id for one in door.store.page(limit=1000, kind="decision")}
    assert {one["decision"]["id"] for one in found} == kept


def test_a_line_at_fault_stops_no_other(door: Door) -> None:
    found = answers(door, b"{", declaration("B"))
    assert [found[0]["title"], "decision" in found[1]] == ["the request cannot be decided on", True]


def test_a_fault_names_its_field(door: Door) -> None:
    (found,) = answers(door, declaration(goods=[]))
    assert found["errors"][0]["pointer"] == "/declaration/goods"


def test_two_versions_in_one_batch_follow_each_other(door: Door) -> None:
    found = answers(door, declaration("A"), declaration("A"))
    assert found[1]["decision"]["supersedes"] == found[0]["decision"]["id"]


def test_a_batch_sent_again_under_its_key_doubles_nothing(door: Door) -> None:
    lines = [declaration("A"), declaration("B")]
    first = answers(door, lines[0], Idempotency_Key="b1")
    again = answers(door, *lines, Idempotency_Key="b1")
    assert again[0] == first[0]
    assert len(door.store.page(kind="decision")) == 2


def test_a_trader_s_line_with_what_agencies_know_is_refused(door: Door) -> None:
    known = {**declaration("A"), "known": {"facts": {"importer.authorised": True}}}
    found = answers(door, known, declaration("B"), role=Role.TRADER)
    assert "policy `state`" in found[0]["title"]
    assert "decision" in found[1]


def test_a_store_that_is_gone_is_told_on_each_line(door: Door) -> None:
    (Path(door.url.removeprefix("sqlite:///"))).unlink()
    client = Client(door.app.test_client(), door.tokens[Role.SYSTEM])
    body = json.dumps(declaration("A")).encode() + b"\n"
    answer = client.post("/v1/decisions/batch", body, NDJSON)
    told = answer.data.decode()
    assert answer.status_code == 503 or "not kept" in told
    assert '"decision"' not in told
