"""The log: one JSON object a line, each written whole."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from api.http.observing import log_as_json


class Recorded(io.StringIO):
    """Standard error as a container has it: what is written goes out at once."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return len(text)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What goes to standard error, a write each."""
    before = structlog.get_config()
    recorded = Recorded()
    monkeypatch.setattr(sys, "stderr", recorded)
    log_as_json()
    yield recorded.writes
    structlog.configure(**before)


def test_a_line_is_written_at_once(written: list[str]) -> None:
    structlog.get_logger("a test").info("answered", status=200)
    (line,) = written
    assert line.endswith("\n")


def test_a_line_is_one_json_object(written: list[str]) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        structlog.get_logger("a test").error("unexpected error", exc_info=error)
    (line,) = "".join(written).splitlines()
    found = json.loads(line)
    assert (found["event"], found["level"]) == ("unexpected error", "error")
