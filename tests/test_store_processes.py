"""Several processes on one log, some of them killed: nothing is lost, doubled or half there."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from subprocess import Popen

from api.store import Store
from engine.evidence.record import Part
from tests.databases import FULL
from tests.store_writers import started

ROUNDS, AT_ONCE = (20 if FULL else 2), 5
"""Kills: 100, or 10."""


def acknowledged(text: str) -> dict[str, int]:
    """Indexes by id, of the lines that are whole."""
    lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return {name: int(index) for index, name in lines}


def check(store: Store, promised: dict[str, int]) -> None:
    """All that was promised is there, at its place; groups are whole; the log is sound."""
    found: dict[str, int] = {}
    after = -1
    while page := store.page(after, 500):
        found |= {one.record.id: one.index for one in page}
        after = page[-1].index
    assert sorted(found.values()) == list(range(store.size()))
    assert promised.items() <= found.items()
    groups = Counter(tuple(name.rsplit("/", 1)[0].split("/")) for name in found)
    for name in found:
        group, size = tuple(name.split("/")[:2]), name.rsplit("of", 1)[1]
        assert groups[group] == int(size), f"{group} is half there"
    audit = store.audit()
    assert (audit.size, audit.root, audit.findings) == (len(found), store.root(), ())


def test_four_processes_append_to_one_dense_log(store: Store, url: str) -> None:
    writers = [started("append", url, f"w{number}", "25") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda writer: writer.communicate()[0], writers))
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    promised = [acknowledged(text) for text in texts]
    check(store, {name: index for one in promised for name, index in one.items()})
    assert store.size() == sum(len(one) for one in promised)


def killed(writer: Popen[str], seconds: float) -> str:
    """What a process acknowledged until it was killed, *seconds* after its first record."""
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    assert writer.returncode == -signal.SIGKILL
    return first + rest


def test_a_killed_process_takes_nothing_acknowledged_with_it(store: Store, url: str) -> None:
    rng = random.Random()
    promised: dict[str, int] = {}
    for number in range(ROUNDS):
        writers = [started("append", url, f"w{number}.{one}") for one in range(AT_ONCE)]
        moments = [rng.uniform(0, 0.5) for _ in writers]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for text in pool.map(killed, writers, moments):
                promised |= acknowledged(text)
    assert len(promised) >= ROUNDS * AT_ONCE
    check(store, promised)


def raced(url: str, bodies: tuple[str, str], keys: int) -> list[list[str]]:
    """What two processes were told that had both seen the keys unused."""
    writers = [started("claim", url, f"w{i}", body, str(keys)) for i, body in enumerate(bodies)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda writer: writer.communicate("go\n")[0], writers))
    assert [writer.returncode for writer in writers] == [0, 0]
    return [text.split() for text in texts]


def test_of_two_that_use_one_key_at_once_both_get_one_answer(store: Store, url: str) -> None:
    first, second = raced(url, ("the same", "the same"), 20)
    assert first == second
    assert len(set(first)) == store.size() == 20


def test_of_two_bodies_at_once_under_one_key_one_is_refused(store: Store, url: str) -> None:
    for first, second in zip(*raced(url, ("one", "another"), 20), strict=True):
        assert (first == "conflict") != (second == "conflict")
    assert store.size() == 20


def test_a_reader_sees_whole_groups_only(store: Store, url: str) -> None:
    writer = started("append", url, "w", "40")
    seen, running = 0, True
    while running:
        running = writer.poll() is None  # so that it looks once more when all is there
        page = store.page(-1, 1000)
        seen = max(seen, len(page))
        if page:
            group, size = page[-1].record.id.rsplit("/", 1)
            assert size.split("of")[0] == str(int(size.split("of")[1]) - 1), group
            assert all(isinstance(part, Part) for part in store.parts(page[-1].index).values())
    writer.communicate()
    assert writer.returncode == 0
    assert seen > 0
