"""Bad input of every kind: each is refused with a reason, and what is good beside it is kept."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.exceptions import ClientDisconnected

from api.store import Role
from engine.declaration.form import MAX_ITEMS, MAX_VERSIONS
from engine.declaration.strict_json import MAX_BODY
from tests.http_sample import JSON, NOW, SESAME, XML, Client, Door, Doors, declaration

NDJSON = "application/x-ndjson"
BATCH = "/v1/decisions/batch"


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture
def client(door: Door) -> Iterator[Client]:
    with door.client() as found:
        yield found


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


MANY = declaration(
    "many", goods=[{"item": n, "commodityCode": "6109100000"} for n in range(1, MAX_ITEMS + 2)]
)


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (SESAME, "text/plain", 415, "say so in `Content-Type`"),
        (SESAME, "", 415, "say so in `Content-Type`"),
        (SESAME, "application/jsonp", 415, "say so in `Content-Type`"),
        (SESAME, XML, 422, "not XML"),
        (b"<a/>", JSON, 422, "not JSON"),
        (b"", JSON, 422, "not JSON"),
        (b"", XML, 422, "not XML"),
        (SESAME[:-40], JSON, 422, "not JSON"),
        (SESAME + b"x", JSON, 422, "not JSON"),
        (b"\xff\xfe" + SESAME, JSON, 422, "UTF-8"),
        (SESAME.decode().encode("utf-16"), JSON, 422, "UTF-8"),
        (b" " * (MAX_BODY + 1), JSON, 413, "larger than 8 MiB"),
        (b"<a>" + b" " * 5 * 2**20 + b"</a>", XML, 422, "more than"),
        (b"[" * 100_000, JSON, 422, "nested more than"),
        (b'{"declaration":' * 100 + b"1" + b"}" * 100, JSON, 422, "nested more than"),
        (b"<a>" * 1000 + b"</a>" * 1000, XML, 422, "nested more than"),
        (b'{"declaration": {"id": "a", "id": "b"}}', JSON, 422, "/declaration/id"),
        (encoded({**declaration(), "colour": "red"}), JSON, 422, "/colour"),
        (encoded(declaration(colour="red")), JSON, 422, "/declaration/colour"),
        (encoded(declaration(goods=[])), JSON, 422, "/declaration/goods"),
        (encoded(declaration(goods=[{"item": 1}] * 2)), JSON, 422, "/declaration/goods/1/item"),
        (encoded(MANY), JSON, 422, "/declaration/goods"),
    ],
)  # fmt: skip
def test_a_bad_body_is_refused_with_a_reason(
    client: Client, body: bytes, kind: str, status: int, said: str
) -> None:
    answer = client.post("/v1/decisions", body, kind)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/decisions", 405),
        ("DELETE", "/v1/decisions/d-1", 405),
        ("PUT", "/v1/acts", 405),
        ("BREW", "/v1/acts", 405),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/decisions/%00", 404),
        ("GET", "/v1/decisions/%ff%fe", 404),
        ("GET", "/v1/decisions/%ED%A0%80", 404),
        ("GET", "/v1/decisions/%zz%", 404),
        ("GET", f"/v1/decisions/{'x' * 60_000}", 404),
        ("GET", "/v1/decisions/d-1/%2e%2e/%2e%2e/receipt", 404),
        ("GET", "/v1/rules/../../etc/passwd", 404),
        ("GET", "/v1/rules/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
        ("GET", "/v1/terms/%E0%A4%A", 404),
        ("GET", "/v1/terms?kind=%ff", 422),
        ("GET", "/v1/outcomes?after=%00", 422),
        ("GET", "/v1/outcomes?after=%D9%A1", 422),
        ("GET", "/v1/log/growth?first=1e3&second=2", 422),
        ("GET", "/v1/log/growth?first=2&second=1", 422),
        ("GET", "/v1/releases/%00/diff/%ff", 404),
    ],
)
def test_a_bad_address_or_method_is_refused_with_a_reason(
    client: Client, method: str, path: str, status: int
) -> None:
    answer = client.client.open(path, method=method, headers=client.headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["title"]
    assert (status == 405) is ("Allow" in answer.headers)


@pytest.mark.parametrize("key", ["", "x" * 201, "caf\xe9", "a\tb", "\x7f"])
def test_an_idempotency_key_of_other_than_visible_characters_is_refused(
    client: Client, key: str
) -> None:
    answer = client.post("/v1/decisions", SESAME, Idempotency_Key=key)
    assert answer.status_code == 422
    assert "`Idempotency-Key`" in answer.get_data(as_text=True)


def test_an_idempotency_key_with_another_body_is_refused(client: Client) -> None:
    client.lodge(declaration("once"), Idempotency_Key="k-once")
    answer = client.post("/v1/decisions", declaration("other"), Idempotency_Key="k-once")
    assert answer.status_code == 409


def test_the_same_request_again_under_its_key_is_answered_and_not_kept_again(
    client: Client, door: Door
) -> None:
    first = client.lodge(declaration("again"), Idempotency_Key="k-again")
    size = door.store.size()
    assert client.lodge(declaration("again"), Idempotency_Key="k-again") == first
    assert door.store.size() == size


def test_a_declaration_has_no_more_versions_than_can_be_decided_on_together(
    client: Client,
) -> None:
    for _ in range(MAX_VERSIONS + 1):
        client.lodge(declaration("amended"))
    answer = client.post("/v1/decisions", declaration("amended"))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/declaration/id"


# Batches


def lines_of(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [json.loads(line) for line in answer.get_data().splitlines()]


def test_each_fault_of_a_batch_is_told_on_its_line_and_the_rest_is_decided(
    client: Client, door: Door
) -> None:
    client.lodge(declaration("gone"))
    door.store.erase(
        "gone", ["declaration"], authority="court", reason="asked", at=NOW, author="registrar"
    )
    client.lodge(declaration("full"))
    for _ in range(MAX_VERSIONS):
        client.lodge(declaration("full"))
    known = {**declaration("known"), "known": {"facts": {"importer.authorised": True}}}
    sent = [
        (encoded(declaration("b1")), None),
        (b"{", "not JSON"),
        (b"\xff", "UTF-8"),
        (b"", None),
        (b"  ", None),
        (b"[" * 1000, "nested"),
        (b"<Declaration/>", "not JSON"),
        (encoded(declaration("b2", goods=[])), "/declaration/goods"),
        (encoded({**declaration("b3"), "x": 1}), "/x"),
        (encoded(declaration("gone")), "was erased"),
        (encoded(declaration("full")), "/declaration/id"),
        (encoded(known), None),
        (encoded(declaration("b1")), None),
    ]
    answers = lines_of(client.post(BATCH, b"\n".join(line for line, _ in sent), NDJSON))
    said = {answer["line"]: answer for answer in answers}
    for number, (line, fault) in enumerate(sent, 1):
        if not line.strip():
            assert number not in said
        elif fault is None:
            assert "decision" in said[number], said[number]
        else:
            assert fault in json.dumps(said[number])
    assert said[13]["decision"]["supersedes"] == said[1]["decision"]["id"]


def test_a_trader_s_batch_is_refused_line_by_line_what_is_not_a_trader_s(door: Door) -> None:
    with door.client() as officer, door.client(Role.TRADER) as trader:
        officer.lodge(declaration("an officer's"))
        known = {**declaration("t1"), "known": {"facts": {"importer.authorised": True}}}
        sent = [known, declaration("an officer's"), declaration("t2")]
        answers = lines_of(trader.post(BATCH, b"\n".join(map(encoded, sent)), NDJSON))
    assert ["decision" in answer for answer in answers] == [False, False, True]
    assert "policy `state`" in answers[0]["title"]
    assert "policy `lodge`" in answers[1]["title"]


def test_a_line_beyond_all_bounds_ends_a_batch_and_what_came_before_is_kept(
    client: Client, door: Door
) -> None:
    body = encoded(declaration("long-1")) + b"\n" + b" " * (MAX_BODY + 2)
    answers = lines_of(client.post(BATCH, body, NDJSON))
    assert door.store.record(answers[0]["decision"]["id"]) is not None
    assert "nothing after it was read" in answers[1]["title"]


class Breaking:
    """A body whose sender vanishes after some of it."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def read(self, size: int) -> bytes:
        found = self._body.read(min(size, 1000))
        if not found:
            raise ConnectionResetError
        return found


def test_a_batch_that_broke_off_is_sent_again_under_its_key_and_nothing_is_doubled(
    client: Client, door: Door
) -> None:
    lines = [encoded(declaration(f"cut-{number}")) for number in range(250)]
    whole, cut = b"\n".join(lines), b"\n".join(lines[:220])
    before = door.store.size()
    broken = {"wsgi.input": Breaking(cut), "wsgi.input_terminated": True}
    headers = {**client.headers, "Idempotency-Key": "cut", "Content-Type": NDJSON}
    with pytest.raises(ClientDisconnected):
        client.client.post(BATCH, headers=headers, environ_overrides=broken).get_data()
    assert door.store.size() == before + 200
    again = lines_of(client.post(BATCH, whole, NDJSON, Idempotency_Key="cut"))
    assert [line["line"] for line in again] == list(range(1, 251))
    assert len({line["decision"]["id"] for line in again}) == 250
    assert door.store.size() == before + 250
    third = lines_of(client.post(BATCH, whole, NDJSON, Idempotency_Key="cut"))
    assert third == again
    assert door.store.size() == before + 250


def test_after_all_of_this_the_store_is_whole(door: Door) -> None:
    assert door.store.audit().findings == ()
