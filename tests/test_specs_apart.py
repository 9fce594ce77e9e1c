"""A feature that a visitor wrote runs in a process of its own, for no longer than it may."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from engine.specs import apart
from engine.specs.apart import run_apart
from engine.specs.runner import Outcome, ScenarioResult, run
from engine.specs.world import Ground
from tests.specs_text import SHIRTS, feature_of

TWO = (f"First\n{SHIRTS}Then the risk level is low\n", f"Second\n{SHIRTS}Then it may not enter\n")
LOOP = "import sys\nsys.stdout.write('\\n')\nsys.stdout.flush()\nwhile True: pass\n"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that are started meanwhile."""
    started: list[subprocess.Popen[bytes]] = []
    make = subprocess.Popen

    def noted(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(make(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", noted)
    yield started
    for child in started:
        assert child.poll() is not None, "a child was left behind"


def results(ground: Ground, **options: object) -> list[ScenarioResult]:
    feature = feature_of(*TWO)
    return list(
        run_apart(feature, ground.release, ground.declarations, **options)  # type: ignore[arg-type]
    )


@pytest.mark.usefixtures("children")
def test_it_gives_what_the_runner_gives(ground: Ground) -> None:
    specified = Ground.of(ground.release, ground.declarations)
    here = [replace(one, seconds=0) for one in run([feature_of(*TWO)], specified)]
    assert [replace(one, seconds=0) for one in results(ground)] == here


@pytest.mark.usefixtures("children")
def test_what_never_ends_is_stopped_hard(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_BOOT", LOOP)
    monkeypatch.setattr(apart, "GRACE", 0.1)
    found = results(ground, limit=0.2)
    assert [one.outcome for one in found] == [Outcome.STOPPED] * 2
    assert found[0].words == "stopped after 0.2 s"


@pytest.mark.usefixtures("children")
def test_a_child_that_dies_is_told(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_BOOT", "import os\nos.abort()\n")
    assert results(ground)[0].words == "stopped: its process ended"


@pytest.mark.usefixtures("children")
def test_it_ends_when_nobody_waits(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_BOOT", LOOP)
    found = results(ground, stop=lambda: True)
    assert {one.words for one in found} == {"stopped: nobody waits for it any more"}


def test_it_ends_when_the_reader_turns_away(
    ground: Ground, children: list[subprocess.Popen[bytes]]
) -> None:
    running = run_apart(feature_of(*TWO), ground.release, ground.declarations)
    next(running)
    running.close()  # type: ignore[attr-defined]
    assert children[0].poll() is not None
