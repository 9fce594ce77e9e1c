"""Thousands of spoiled bodies over every call that takes one: each is answered or refused."""

from __future__ import annotations

import faulthandler
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from api.messages import Sent, sent
from tests.full import often
from tests.http_sample import DECLARATIONS, JSON, XML, Door, Doors, declaration
from tests.mutations import mutated, mutated_json

BODIES = often(100_000, 1_500)
NDJSON = "application/x-ndjson"
PATIENCE = 120
"""Seconds after which a request hangs, and the process is ended where it stands."""


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors()


class Sample(NamedTuple):
    """A call, and a body that is right for it, of a declaration of that name."""

    call: str
    kind: str
    body: bytes
    name: bytes = b""

    def named(self, name: str) -> Sample:
        """The same of a declaration that was not lodged yet."""
        return (
            self._replace(body=self.body.replace(self.name, name.encode())) if self.name else self
        )


def declarations() -> list[Sample]:
    found = []
    for path in sorted(DECLARATIONS.iterdir()):
        if path.suffix in (".json", ".xml"):
            body = path.read_bytes()
            lodged = sent(body)
            assert isinstance(lodged, Sent)
            name = lodged.request.declaration.id.encode()
            found.append(
                Sample("/v1/decisions", JSON if path.suffix == ".json" else XML, body, name)
            )
    batch = Sample("/v1/decisions/batch", NDJSON, json.dumps(declaration("D3")).encode(), b"D3")
    return [*found, *[batch] * 6]


def about(decision: str) -> list[Sample]:
    """Calls that speak of a decision."""
    act = {
        "id": "A1",
        "act": "hold",
        "agency": "agency:Customs",
        "authority": "officer 7",
        "on": "2026-11-25",
        "reason": "reason:FoodSafety",
        "note": "seals broken",
        "item": 1,
    }
    outcome = {
        "id": "O1",
        "decision": decision,
        "item": 1,
        "agency": "agency:Customs",
        "task": "control:Physical",
        "on": "2026-11-25",
        "result": "non-compliant",
        "hazards": ["hazard:Salmonella"],
        "note": "two of five samples",
    }
    supposed = {"decision": decision, "changes": {"exportCountry": "DE"}, "on": "2026-12-24"}
    bodies: dict[str, list[dict[str, Any]]] = {
        "/v1/acts": [{"decision": decision, "acts": [act]}],
        "/v1/outcomes": [outcome],
        "/v1/what-if": [supposed, {**declaration("D2"), "known": {}}],
    }
    return [
        Sample(call, JSON, json.dumps(body).encode())
        for call, several in bodies.items()
        for body in several * 4
    ]


def spoiled(kind: str, body: bytes, other: bytes, chance: random.Random) -> bytes:
    if kind == NDJSON:
        lines = [mutated_json(body, chance) if chance.random() < 0.7 else body for _ in range(3)]
        whole = b"\n".join(lines)
        return mutated(whole, other, chance) if chance.random() < 0.3 else whole
    if kind == JSON and chance.random() < 0.6:
        return mutated_json(body, chance)
    return mutated(body, other, chance)


@contextmanager
def ended_where_it_hangs() -> Iterator[None]:
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def refusals(answer: TestResponse) -> list[dict[str, Any]]:
    """The problem documents of an answer: of a batch, one a line."""
    if answer.content_type == NDJSON:
        lines = [json.loads(line) for line in answer.get_data().splitlines()]
        assert lines or not answer.request.get_data().strip()
        return [line for line in lines if "decision" not in line]
    if answer.status_code < 400:
        return []
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return [answer.json]


def test_a_spoiled_body_is_answered_or_refused_with_a_reason(door: Door) -> None:
    chance = random.Random(20261125)
    statuses: Counter[int] = Counter()
    lodging = declarations()
    with door.client() as client:
        for number in range(BODIES):
            if number % 100 == 0:
                # What acts and outcomes speak of is superseded by the first act that is taken.
                kept = client.lodge(declaration(f"K{number}"))["id"]
                samples = [*lodging, *about(kept)]
            call, kind, body, _ = chance.choice(samples).named(f"F{number}")
            given = spoiled(kind, body, chance.choice(samples).body, chance)
            with ended_where_it_hangs():
                answer = client.post(call, given, kind)
                found = refusals(answer)
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (call, given)
            for refusal in found:
                errors = refusal.get("errors", [])
                assert errors or refusal["title"] != "the request cannot be decided on", given
                assert refusal["title"].strip()
                assert all(error["message"].strip() for error in errors), (call, given)
                assert all(error["pointer"][:1] in ("", "/") for error in errors), (call, given)
    print(dict(statuses))
    assert statuses[200] > BODIES / 20
    assert statuses[422] > BODIES / 20


def test_after_all_of_them_the_store_is_whole(door: Door) -> None:
    assert door.store.ready() is None
    assert door.store.audit().findings == ()
