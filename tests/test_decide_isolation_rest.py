"""An engine that fails again and again rests for a while, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.decide.answer import EngineError
from engine.decide.isolation import BackOff, Isolated
from engine.decide.semantics import Semantics
from tests import faulty_engines as faulty
from tests.isolation_sample import BAD, BAD_FACTS, BASE, GOOD_FACTS, Start, by

pytestmark = pytest.mark.usefixtures("started")


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def fails(engine: Isolated, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        engine.judge(BAD_FACTS)


def test_after_failures_in_a_row_it_rests_and_says_so(isolated: Start, started: list[int]) -> None:
    clock = Clock()
    engine = isolated(faulty.Vanishing, back_off=BackOff(failures=2, pause=10, clock=clock))
    fails(engine, "code 4")
    fails(engine, "code 4")
    assert engine.pid is None
    with pytest.raises(EngineError, match=r"rests for a while after .*: its process exited with"):
        engine.judge(GOOD_FACTS)
    assert len(started) == 2
    clock.now += 10
    assert engine.judge(GOOD_FACTS) == Semantics(BASE).judge(GOOD_FACTS)


def test_an_answer_between_two_failures_spares_it_the_rest(isolated: Start) -> None:
    engine = isolated(faulty.Vanishing, back_off=BackOff(failures=2, clock=Clock()))
    fails(engine, "code 4")
    engine.judge(GOOD_FACTS)
    fails(engine, "code 4")
    assert engine.pid is not None


def test_an_engine_that_recovers_is_asked_again(
    isolated: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sign, clock = tmp_path / "mended", Clock()
    monkeypatch.setenv(faulty.SIGN, str(sign))
    engine = isolated(faulty.Recovering, back_off=BackOff(failures=1, pause=10, clock=clock))
    fails(engine, "code 5")
    sign.touch()
    assert by(engine, BAD).degraded
    clock.now += 10
    assert not by(engine, BAD).degraded


def test_a_failure_after_a_rest_makes_the_next_rest_longer() -> None:
    clock = Clock()
    back_off = BackOff(failures=2, window=60, pause=10, longest=30, clock=clock)
    rests = []
    back_off.failed()
    assert not back_off.resting
    for _ in range(4):
        back_off.failed()
        begun = clock.now
        while back_off.resting:
            clock.now += 5
        rests.append(clock.now - begun)
    assert rests == [10, 20, 30, 30]


def test_an_answer_ends_the_row_of_failures() -> None:
    back_off = BackOff(failures=2, clock=Clock())
    for _ in range(5):
        back_off.failed()
        back_off.answered()
    assert not back_off.resting


def test_failures_far_apart_are_no_row() -> None:
    clock = Clock()
    back_off = BackOff(failures=2, window=60, clock=clock)
    for _ in range(5):
        back_off.failed()
        clock.now += 61
    assert not back_off.resting
