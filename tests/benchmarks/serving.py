"""The service over HTTP, with all that it keeps; zen-engine behind the same server, keeping none.

    python -m tests.benchmarks.serving [SECONDS] [LINES]

2,000 made criteria, declarations of five items, two workers, one client in a closed loop for each.
Ours decides with both engines, explains, and keeps every decision in SQLite, synced to the disk
(`synchronous=FULL`), before it answers. zen-engine only selects the rules that apply to five
items, of which everything that rules conclude is handed in (see `peers`); granian and Flask in
front of it are the same. Then a batch of LINES declarations, with the memory of its worker.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from engine import release as releases
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts, Money
from tests.benchmarks import zen
from tests.benchmarks.criteria import Inputs, rows
from tests.benchmarks.peers import items_of
from tests.benchmarks.soak import resident
from tests.generated import rule_set
from tests.serving import PATIENCE, children, command, one_each, publish, serving, wait_until

ROOT = Path(__file__).resolve().parents[2]
CRITERIA, ITEMS, DECLARATIONS, WORKERS = 2_000, 5, 400, 2
BAR = 15.0
"""Milliseconds in which 99 of 100 declarations are answered."""


@dataclass(frozen=True)
class Figures:
    """What clients measured: milliseconds of each request, and how long they asked."""

    name: str
    times: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def at(self, percent: int) -> float:
        return sorted(self.times)[len(self.times) * percent // 100]


def main(seconds: float, lines: int) -> None:
    """Measure and print."""
    checked, _, _ = releases.checked(ROOT, date(2026, 11, 23))
    made = rule_set(1, CRITERIA, checked.vocabulary, checked.base.matrices)
    facts = items_of(made, ITEMS * DECLARATIONS)
    groups = [facts[at : at + ITEMS] for at in range(0, len(facts), ITEMS)]
    bodies = [body(group) for group in groups]
    release = msgspec.structs.replace(checked, base=made.base, vocabulary=made.vocabulary)
    with tempfile.TemporaryDirectory(prefix="commensura-bench-") as name:
        folder = Path(name)
        path = folder / "release.json"
        publish(release, path)
        with serving(folder, path, workers=WORKERS) as server:
            assert server.token is not None
            clients = list(map(Client, one_each(server.port, server.workers())))
            ours = load("ours, both engines, stored", clients, server.token, bodies, seconds)
        theirs = None
        if zen.available():
            program = Program(made.base, made.vocabulary)
            with zen_server(folder, program, groups) as (port, workers, given):
                theirs = load(
                    "zen-engine, nothing kept",
                    list(map(Client, one_each(port, workers))),
                    "-",
                    given,
                    seconds,
                )
        else:
            print("zen-engine is not installed: without it")
        show(ours, theirs)
        batch(folder, path, bodies, lines)


# What is sent


def body(group: list[Facts]) -> bytes:
    """A declaration of such items; `ID` stands for its name."""
    goods = [item(number, facts) for number, facts in enumerate(group, 1)]
    return json.dumps({"declaration": {"id": "ID", "goods": goods}}, default=number).encode()


def item(index: int, facts: Facts) -> dict[str, Any]:
    values = facts.values
    found: dict[str, Any] = {"item": index, "commodityCode": values["goods.commodityCode"]}
    for name in ("originGrown", "originProcessed"):
        if f"goods.{name}" in values:
            found[name] = values[f"goods.{name}"]
    value = values.get("goods.value")
    if isinstance(value, Money):
        found["value"] = {"amount": value.amount, "currency": value.currency, "basis": "invoice"}
    found["facts"] = {
        name: value
        for name, value in values.items()
        if name.startswith(("made.number", "made.mark", "made.closed"))
    }
    return found


def number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)


# Asking


class Client:
    """One connection, of which little is made: clients share the cores with what they measure."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def ask(self, method: str, path: str, token: str = "-", body: bytes = b"") -> bytes:
        """The body of the answer, which must be 200 and say how long it is."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        got = bytearray()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        assert got.startswith(b"HTTP/1.1 200 "), bytes(got[:500])
        (length,) = LENGTH.findall(got, 0, end + 2)
        while len(got) < end + 4 + int(length):
            got += self._more()
        return bytes(got[end + 4 :])

    def _more(self) -> bytes:
        more = self._socket.recv(2**17)
        assert more, "hung up"
        return more


LENGTH = re.compile(rb"(?i)\r\ncontent-length: *([0-9]+)\r\n")


def load(
    name: str,
    clients: list[Client],
    token: str,
    bodies: list[bytes],
    seconds: float,
) -> Figures:
    """Clients in a closed loop; a tenth of the time is for warming up."""
    times: list[list[float]] = [[] for _ in clients]
    start = time.perf_counter() + seconds / 10
    end = start + seconds

    def ask(client: int) -> None:
        count = 0
        while (before := time.perf_counter()) < end:
            sent = bodies[count % len(bodies)].replace(b'"ID"', b'"%d-%d"' % (client, count))
            clients[client].ask("POST", "/v1/decisions", token, sent)
            if before >= start:
                times[client].append((time.perf_counter() - before) * 1000)
            count += 1

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(len(clients))]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return Figures(name, [one for of_client in times for one in of_client], seconds)


def show(ours: Figures, theirs: Figures | None) -> None:
    print(f"{CRITERIA:,} criteria, {ITEMS} items a declaration, {WORKERS} workers and clients")
    print(f"{'':30}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'requests':>10}")
    for one in filter(None, (ours, theirs)):
        print(f"{one.name:30}{one.rate:12.1f}{one.at(50):10.2f}{one.at(99):10.2f}", end="")
        print(f"{len(one.times):10,}")
    if theirs is not None:
        print(f"{'ours to zen-engine':30}{ours.rate / theirs.rate:12.2f}", end="")
        print(f"{ours.at(50) / theirs.at(50):10.2f}{ours.at(99) / theirs.at(99):10.2f}")
    met = "met" if ours.at(99) <= BAR else "not met"
    print(f"bar: p99 ≤ {BAR:.0f} ms, {met}")


def batch(folder: Path, release: Path, bodies: list[bytes], lines: int) -> None:
    """One batch, and what its worker holds in memory at its tenth and at its end."""
    beside = folder / "batch"
    beside.mkdir()
    with serving(beside, release, workers=1) as server:
        (worker,) = server.workers()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        headers = {
            "Content-Type": "application/x-ndjson",
            "Authorization": f"Bearer {server.token}",
        }
        start = time.perf_counter()
        sent = (
            bodies[at % len(bodies)].replace(b'"ID"', b'"%d"' % at) + b"\n" for at in range(lines)
        )
        sender = threading.Thread(
            target=lambda: connection.request(
                "POST", "/v1/decisions/batch", sent, headers, encode_chunked=True
            )
        )
        sender.start()
        wait_until(lambda: connection.sock is not None)
        response = http.client.HTTPResponse(connection.sock, method="POST")
        response.begin()
        decided, early = 0, 0
        for line in response:
            decided += b'"decision"' in line[:40]
            if decided == lines // 10:
                early = resident(worker)
        seconds = time.perf_counter() - start
        sender.join()
        late = resident(worker)
    print(
        f"batch: {decided:,} of {lines:,} declarations of {ITEMS} items decided and kept, ", end=""
    )
    print(f"{ITEMS * decided / seconds:,.0f} items/s by one worker;")
    print(f"memory {early / 1024:.1f} MiB at a tenth of them, {late / 1024:.1f} MiB at the end")


# zen-engine behind the same server


@contextmanager
def zen_server(
    folder: Path, program: Program, groups: list[list[Facts]]
) -> Iterator[tuple[int, list[int], list[bytes]]]:
    inputs, semantics = Inputs(program), Semantics(program)
    judge = zen.Zen(rows(program), compiled=True)
    given = [
        json.dumps([judge.given(inputs.of(one, semantics.judge(one))) for one in group]).encode()
        for group in groups
    ]
    port = 18_423
    log = (folder / "zen.log").open("wb")
    words = [sys.executable, "-m", "tests.benchmarks.serving", "--zen", str(port)]
    with log, subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log) as process:
        try:
            wait_until(lambda: answers(port), (folder / "zen.log").read_text)
            workers = children(process.pid)
            yield port, [one for one in workers if "resource_tracker" not in command(one)], given
        finally:
            process.terminate()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def zen_application() -> Callable[..., Any]:
    """Reads five items, selects the rules that apply to each, and answers them."""
    from flask import Flask, Response, request

    checked, _, _ = releases.checked(ROOT, date(2026, 11, 23))
    made = rule_set(1, CRITERIA, checked.vocabulary, checked.base.matrices)
    judge = zen.Zen(rows(Program(made.base, made.vocabulary)), compiled=True)
    app = Flask("zen")

    @app.get("/healthz")
    def healthz() -> str:
        return "stands"

    @app.post("/v1/decisions")
    def decide() -> Response:
        found = [judge.judge(one)["result"] for one in msgspec.json.decode(request.get_data())]
        return Response(msgspec.json.encode(found), content_type="application/json")

    return app


def serve_zen(port: int) -> None:
    from granian.constants import Interfaces

    from api.serving import HOST, THREADS, Workers

    Workers(
        "tests.benchmarks.serving:zen_application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=WORKERS,
        blocking_threads=THREADS,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--zen"]:
        serve_zen(int(sys.argv[2]))
    else:
        main(
            float(sys.argv[1]) if len(sys.argv) > 1 else 20,
            int(sys.argv[2]) if len(sys.argv) > 2 else 20_000,
        )
