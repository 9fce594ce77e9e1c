"""A process that attends: it answers line by line, and whoever asks never waits for ever."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service.apart import ApartError, Attending, answer

ECHO = """
import sys, time
for line in sys.stdin:
    if line == "sleep\\n":
        time.sleep(60)
    if line == "stop\\n":
        raise SystemExit(0)
    if line == "fail\\n":
        raise ValueError("no such word")
    print("heard", line, end="", flush=True)
"""


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attending]:
    (tmp_path / "echoing.py").write_text(ECHO)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Attending("echoing")
    yield made
    made.end()


def test_each_line_is_answered(process: Attending) -> None:
    assert [process.ask(word, 20) for word in (b"one", b"two")] == [b"heard one\n", b"heard two\n"]
    assert process.alive


def test_an_answer_that_does_not_come_in_time_is_given_up(process: Attending) -> None:
    with pytest.raises(ApartError, match="was ended, after 1 seconds at the latest"):
        process.ask(b"sleep", 1)
    assert not process.alive


def test_what_failed_says_why(process: Attending) -> None:
    with pytest.raises(ApartError, match="failed: ValueError: no such word"):
        process.ask(b"fail", 20)


def test_one_that_stops_gives_no_answer(process: Attending) -> None:
    with pytest.raises(ApartError, match="ended without an answer"):
        process.ask(b"stop", 20)


def test_one_that_was_killed_gives_no_answer(process: Attending) -> None:
    process.ask(b"one", 20)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(ApartError, match="was ended"):
        process.ask(b"two", 20)


def test_why_a_process_that_does_not_listen_ended_is_told() -> None:
    with pytest.raises(ApartError, match="no_such_module"):
        answer("no_such_module", job=bytes(2**20), patience=20)
