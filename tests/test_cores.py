"""A thread keeps to a core, and what it starts does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from engine import cores

Found = TypeVar("Found")
ASKING = [sys.executable, "-c", "import os; print(*os.sched_getaffinity(0))"]

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="this system does not tell of cores"
)


def aside(work: Callable[[], Found]) -> Found:
    """What *work* gives in a thread of its own, which is no more afterwards."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


@pytest.mark.parametrize("place", range(len(cores.ALLOWED)))
def test_a_thread_keeps_to_the_core_at_its_place(place: int) -> None:
    def kept() -> set[int]:
        cores.keep_to(place)
        return os.sched_getaffinity(0)

    assert aside(kept) == {sorted(cores.ALLOWED)[place]}


def test_what_is_started_anywhere_may_run_on_every_core() -> None:
    def started() -> str:
        cores.keep_to(0)
        with cores.anywhere():
            return subprocess.run(ASKING, capture_output=True, text=True, check=True).stdout

    assert set(map(int, aside(started).split())) == cores.ALLOWED


def test_whoever_starts_something_keeps_to_its_core() -> None:
    def kept() -> set[int]:
        cores.keep_to(0)
        with cores.anywhere():
            pass
        return os.sched_getaffinity(0)

    assert aside(kept) == {min(cores.ALLOWED)}


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("max 100000", len(cores.ALLOWED)),
        ("5000 100000", 1),
        ("100000 100000", 1),
        ("100000000 100000", len(cores.ALLOWED)),
        ("nothing known", len(cores.ALLOWED)),
    ],
)
def test_a_quota_counts_as_the_cores_that_it_is_worth(
    said: str, count: int, tmp_path: Path
) -> None:
    (tmp_path / "cpu.max").write_text(said)
    assert cores.count(tmp_path / "cpu.max") == count


def test_without_a_quota_all_cores_count(tmp_path: Path) -> None:
    assert cores.count(tmp_path / "cpu.max") == len(cores.ALLOWED)


def test_a_core_that_was_taken_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "ALLOWED", frozenset({1023}))

    def kept() -> set[int]:
        cores.keep_to(0)
        return os.sched_getaffinity(0)

    assert aside(kept) == os.sched_getaffinity(0)
