"""How often callers ask is counted over all processes, in a file of fixed size."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.limiting import Counts, Limit
from tests.command_line import run
from tests.serving import one_each, serving

LONG = 3_600


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "requests.counts"


@given(asked=st.lists(st.sampled_from(["ada", "bo", "cy"]), max_size=30), most=st.integers(1, 9))
@settings(deadline=None)
def test_each_caller_is_allowed_as_often_as_the_limit_says(asked: list[str], most: int) -> None:
    limit = Limit(f"{most}/hour")
    allowed = [name for name in asked if limit.allows(name)]
    assert {name: allowed.count(name) for name in asked} == {
        name: min(most, asked.count(name)) for name in asked
    }


def test_a_window_that_is_over_counts_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("api.http.limiting.time.time", lambda: now[0])
    limit = Limit("2/minute")
    first = [limit.allows("ada") for _ in range(3)]
    now[0] += 60
    assert (first, limit.allows("ada")) == ([True, True, False], True)


def test_two_that_share_a_file_count_together(file: Path) -> None:
    one, other = Limit("3/hour", file), Limit("3/hour", file)
    assert [one.allows("ada"), other.allows("ada"), one.allows("ada"), other.allows("ada")] == [
        True,
        True,
        True,
        False,
    ]


COUNTING = """
import sys
from pathlib import Path
from api.http.limiting import Counts
counts = Counts(Path(sys.argv[1]))
for _ in range(500):
    counts.incr("ada", 3600)
"""


def test_no_request_of_several_processes_is_missed(file: Path) -> None:
    words = [sys.executable, "-c", COUNTING, str(file)]
    for process in [subprocess.Popen(words) for _ in range(3)]:
        assert process.wait(timeout=60) == 0
    assert Counts(file).get("ada") == 1_500


def test_no_request_of_several_threads_is_missed() -> None:
    counts = Counts()

    def ask() -> None:
        for _ in range(500):
            counts.incr("ada", LONG)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.get("ada") == 2_000


KILLED = """
import fcntl, os, signal, sys
from pathlib import Path
from api.http.limiting import Counts
counts = Counts(Path(sys.argv[1]))
with counts._alone():
    print("alone", flush=True)
    signal.pause()
"""


def test_a_worker_killed_while_it_counts_holds_up_nobody(file: Path) -> None:
    words = [sys.executable, "-c", KILLED, str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "alone\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
        assert Counts(file).incr("ada", LONG) == 1


def test_a_key_asks_all_workers_together_as_often_as_it_may(
    release_file: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, release_file, "--limit", "30/hour", workers=2) as server:
        each = [server.connection() for _ in range(2)]
        for connection, raw in zip(each, one_each(server.port, server.workers()), strict=True):
            connection.sock = raw
        answers = [server.ask("GET", "/v1/log/key", along=each[turn % 2]) for turn in range(40)]
        for connection in each:
            connection.close()
    assert [one.status for one in answers] == [200] * 30 + [429] * 10


def test_many_names_take_no_more_room(file: Path) -> None:
    counts = Counts(file)
    size = file.stat().st_size
    for number in range(20_000):
        counts.incr(f"address {number}", LONG)
    assert (file.stat().st_size, counts.get("address 19999")) == (size, 1)


def test_what_is_forgotten_is_counted_anew() -> None:
    counts = Counts()
    for name in ("ada", "ada", "bo"):
        counts.incr(name, LONG)
    counts.clear("ada")
    one = counts.get("ada"), counts.get("bo")
    counts.reset()
    assert (one, counts.get("bo")) == ((0, 1), 0)


@pytest.mark.parametrize("words", ["", "often", "3", "/second"])
def test_what_is_no_limit_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Limit(words)


def test_serving_by_what_is_no_limit_is_refused_before_anything_starts() -> None:
    done = run("serve", "--limit", "often", "--release", "nowhere")
    assert (done.returncode, "`often` is no limit" in done.stderr) == (2, True)
