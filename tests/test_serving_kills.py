"""Workers are killed while clients lodge: what was acknowledged is there, once, and proves it.

Clients do what clients do: where no answer came, they ask again under the same key. Two kills
in the everyday suite, thirty with `COMMENSURA_FULL=1`.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.service.history import DECISION
from api.store import Store
from engine.evidence import merkle
from tests.full import often
from tests.http_sample import declaration
from tests.serving import Server, children, command, serving, wait_until

KILLS = often(30, 2)
CLIENTS = 4
PAUSE = often(0.0, 0.05)
"""Seconds between an answer and a client's next declaration: in full there are none."""
SPACED = 6.0
"""Seconds from a worker's start to its death: granian gives up on one that dies sooner."""


class Load:
    """Clients in closed loops, each lodging one declaration after another.

    Every other one keeps its connection until it is told that it ends.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.failures: list[str] = []
        self.retries: list[str] = []
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(CLIENTS)]

    def _ask(self, client: int) -> None:
        number = 0
        kept = self.server.connection() if client % 2 else None
        while not self._done.is_set():
            name = f"c{client}-{number}"
            body = json.dumps(declaration(name)).encode()
            answer = None
            while answer is None:
                try:
                    answer = self.server.lodge(body, kept, Idempotency_Key=name)
                except (OSError, http.client.HTTPException) as error:
                    if kept:
                        kept.close()
                    self.retries.append(repr(error))
                    time.sleep(0.05)
            if answer.status == 200:
                self.acknowledged[name] = answer.body
            else:
                self.failures.append(f"{name}: {answer}")
            number += 1
            self._done.wait(PAUSE)
        if kept:
            kept.close()

    @contextmanager
    def running(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in self._threads:
                thread.join()


def decisions_of(store: Store) -> Counter[str]:
    """How many decisions are kept by declaration."""
    found: Counter[str] = Counter()
    after = -1
    while page := store.page(after, 500, DECISION):
        found.update(stored.record.subject for stored in page)
        after = page[-1].index
    return found


def assert_all_is_kept(server: Server, load: Load) -> None:
    assert load.failures == []
    with Store.open(server.database) as store:
        kept = decisions_of(store)
        assert {name: kept[name] for name in load.acknowledged} == dict.fromkeys(
            load.acknowledged, 1
        )
        assert max(kept.values()) == 1
        assert store.audit().findings == ()
        with store.log() as log:
            size, root = log.size, log.root()
            for answer in load.acknowledged.values():
                receipt = answer["receipt"]
                leaf = bytes.fromhex(receipt["digest"].removeprefix("sha256:"))
                proof = log.inclusion(receipt["logIndex"])
                assert merkle.root_by_inclusion(receipt["logIndex"], size, leaf, proof) == root


def test_what_was_acknowledged_outlives_workers_that_are_killed(
    release_file: Path, tmp_path: Path
) -> None:
    chance = random.Random(20261125)
    orphans: list[int] = []
    with serving(tmp_path, release_file, workers=2) as server:
        load = Load(server)
        with load.running():
            for number in range(KILLS):
                # Which one is killed alternates, so that each has lived long enough.
                victim = server.workers()[0]
                time.sleep(chance.uniform(0, 1) + (SPACED if number % 2 == 0 else 0))
                left = engines_of(victim)
                os.kill(victim, signal.SIGKILL)
                wait_until(lambda victim=victim: replaced(server, victim), server.said)
                orphans += left
            seen = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > seen + 20, server.said)
        print(f"{len(load.acknowledged)} acknowledged, {len(load.retries)} asked again")
        assert server.said().count("Unexpected exit from worker") == KILLS
        assert_all_is_kept(server, load)
        assert len(orphans) == KILLS
        wait_until(lambda: not any(map(command, orphans)))  # no engine outlives its worker


def test_a_decision_is_degraded_and_not_lost_where_the_network_engine_is_killed(
    release_file: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, release_file, workers=1) as server:
        load = Load(server)
        (worker,) = server.workers()
        with load.running():
            for _ in range(KILLS):
                seen = len(load.acknowledged)
                wait_until(lambda seen=seen: len(load.acknowledged) > seen + 20, server.said)
                for engine in engines_of(worker):
                    os.kill(engine, signal.SIGKILL)
            seen = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > seen + 20, server.said)
        assert_all_is_kept(server, load)
        degraded = [answer for answer in load.acknowledged.values() if answer["degraded"]]
        print(f"{len(load.acknowledged)} acknowledged, {len(degraded)} degraded")
        assert server.workers() == [worker]
        last = server.lodge(json.dumps(declaration("afterwards")).encode())
        assert (last.body["degraded"], last.body["agreement"]) == (False, True)


def replaced(server: Server, victim: int) -> bool:
    workers = server.workers()
    return victim not in workers and len(workers) == 2


def engines_of(worker: int) -> list[int]:
    return [child for child in children(worker) if "engine.decide.child" in command(child)]
