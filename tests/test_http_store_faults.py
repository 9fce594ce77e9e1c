"""A store that is locked, full, read-only or gone: this is said, and nothing is half kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.declaration.outcome import MAX_NOTE
from tests.databases import Server, started
from tests.http_sample import Client, Door, Doors, declaration

NDJSON = "application/x-ndjson"
Fault = Callable[[Door], AbstractContextManager[None]]


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors(patience=0.2)


def file(door: Door) -> Path:
    return Path(door.url.removeprefix("sqlite:///"))


@contextmanager
def locked(door: Door) -> Iterator[None]:
    """Another process writes and does not finish."""
    with closing(sqlite3.connect(file(door), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(door: Door) -> Iterator[None]:
    """The file may not grow: SQLite tells what it tells of a full disk."""
    with pragmas(door, "page_count") as (pages,), pragmas(door, f"max_page_count = {pages}"):
        yield
    with pragmas(door, "max_page_count = 1000000"):
        pass


@contextmanager
def read_only(door: Door) -> Iterator[None]:
    with pragmas(door, "query_only = ON"):
        yield
    with pragmas(door, "query_only = OFF"):
        pass


@contextmanager
def vanished(door: Door) -> Iterator[None]:
    """The file is somewhere else, as where a disk is not mounted."""
    away = file(door).with_name("away.db")
    file(door).rename(away)
    yield
    away.rename(file(door))


@contextmanager
def pragmas(door: Door, words: str) -> Iterator[tuple[Any, ...]]:
    """Of the one connection that the pool keeps."""
    with closing(door.database.engine.raw_connection()) as connection:
        found = connection.cursor().execute(f"PRAGMA {words}").fetchone()
    yield found or ()


FAULTS: list[Any] = [locked, full, read_only, vanished]
faults = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)


def calls(client: Client, kept: str) -> dict[str, Callable[[], TestResponse]]:
    """Every call that keeps something, each under a key of its own."""
    chance = Random(1)
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
        "decision": kept,
        "item": 1,
        "agency": "agency:Customs",
        "task": "control:Physical",
        "on": "2026-11-25",
        "result": "compliant",
        # Longer than a page, however well it is packed: else it might find room in a full file.
        "note": "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(MAX_NOTE)),
    }

    def post(path: str, body: dict[str, Any], key: str) -> Callable[[], TestResponse]:
        return lambda: client.post(path, body, Idempotency_Key=key)

    return {
        "a declaration": post("/v1/decisions", declaration("new"), "k1"),
        "an outcome": post("/v1/outcomes", outcome, "k2"),
        "an act": post("/v1/acts", {"decision": kept, "acts": [act]}, "k3"),
    }


@faults
def test_what_cannot_be_kept_is_refused_for_now_and_taken_later(fault: Fault, door: Door) -> None:
    with door.client() as client:
        kept = client.lodge(declaration("old"))["id"]
        asked = calls(client, kept)
        size = door.store.size()
        with fault(door):
            refused = {name: ask() for name, ask in asked.items()}
        for name, answer in refused.items():
            assert (name, answer.status_code) == (name, 503)
            assert answer.content_type == "application/problem+json"
            assert answer.headers["Retry-After"] == "2"
        assert door.store.size() == size
        assert door.store.audit().findings == ()
        assert {name: ask().status_code // 100 for name, ask in asked.items()} == dict.fromkeys(
            asked, 2
        )
        assert door.store.size() == size + len(asked)


@faults
def test_each_line_of_a_batch_says_that_it_was_not_kept(fault: Fault, door: Door) -> None:
    body = b"\n".join(json.dumps(declaration(f"b{number}")).encode() for number in range(3))
    with door.client() as client:
        client.lodge()
        size = door.store.size()
        with fault(door):
            answer = client.post("/v1/decisions/batch", body, NDJSON, Idempotency_Key="b")
            lines = [json.loads(line) for line in answer.get_data().splitlines()]
        assert [line["title"][:8] for line in lines] == ["not kept"] * 3
        assert door.store.size() == size
        again = client.post("/v1/decisions/batch", body, NDJSON, Idempotency_Key="b")
        assert all("decision" in json.loads(line) for line in again.get_data().splitlines())


# A bound of pages leaves room for the pulse; how much room a disk has, readiness asks the system.
@pytest.mark.parametrize("fault", [locked, read_only, vanished], ids=lambda fault: fault.__name__)
def test_readiness_tells_the_truth_before_meanwhile_and_after(fault: Fault, door: Door) -> None:
    with door.client(role=None) as client:

        def status() -> tuple[int, int]:
            return client.get("/readyz").status_code, client.get("/healthz").status_code

        before = status()
        with fault(door):
            meanwhile = status()
        assert (before, meanwhile, status()) == ((200, 200), (503, 200), (200, 200))


@faults
def test_no_answer_tells_of_files_or_of_the_database(fault: Fault, door: Door) -> None:
    with door.client() as client:
        client.lodge()
        with fault(door):
            said = client.post("/v1/decisions", declaration("new")).get_data(as_text=True)
    assert not any(word in said for word in (str(file(door)), "sqlite", "SQL", "pragma"))


@pytest.mark.parametrize("fault", [locked, full, read_only], ids=lambda fault: fault.__name__)
def test_what_is_kept_can_be_read_while_nothing_can_be_written(fault: Fault, door: Door) -> None:
    with door.client() as client:
        kept = client.lodge()["id"]
        with fault(door):
            assert client.get(f"/v1/decisions/{kept}").status_code == 200
            assert client.get(f"/v1/decisions/{kept}/receipt").status_code == 200


def test_a_person_is_told_in_words_while_the_store_is_gone(door: Door) -> None:
    with door.client() as client:
        kept = client.lodge()["id"]
        with vanished(door):
            answer = client.get(f"/decisions/{kept}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"] == "2"


def test_a_key_that_was_never_shown_is_not_taken_for_unknown_while_the_store_is_gone(
    door: Door,
) -> None:
    """401 would make its holder throw it away."""
    with door.client() as client, vanished(door):
        assert client.get("/v1/releases").status_code == 503


def test_a_server_of_postgresql_that_vanished_is_found_again(doors: Doors) -> None:
    with started() as running:
        door = doors(url=Server(running).url(), patience=2)
        with door.client() as client:
            client.lodge(declaration("old"))
            size = door.store.size()
            running.cleanup()
            answer = client.post("/v1/decisions", declaration("new"), Idempotency_Key="k")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
            assert client.get("/readyz").status_code == 503
            running.ensure_postgres_running()
            assert client.get("/readyz").status_code == 200
            client.lodge(declaration("new"), Idempotency_Key="k")
            assert door.store.size() == size + 1
            assert door.store.audit().findings == ()
