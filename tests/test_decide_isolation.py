"""An engine in a process of its own: whatever it dies of, the decision comes out, and says so."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.agreement import consult_each
from engine.decide.answer import EngineError
from engine.decide.child import Child, Factory
from engine.decide.decision import Decision
from engine.decide.isolation import AHEAD, BackOff, Isolated
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.decide.wire import MAX_FRAME, Channel, Knowledge, asked
from engine.declaration.facts import Facts
from engine.language.base import RuleBase
from tests import faulty_engines as faulty
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    code,
    control,
    decide,
    decider_of,
    facts,
    hold,
    mandate,
    matrices,
    program,
    rule,
    task,
    vocabulary,
)
from tests.engines import needs_both_engines
from tests.generated import item as made_item
from tests.generated import rule_set

HOME = Path(__file__).parent.parent
SHORT = 0.3
"""Seconds that an engine is given which will never answer."""

BASE = program(
    mandate("law", ANY_GOODS, control(task("Documentary"))),
    rule("choice", at_least("item.riskLevel", "level:Low"), control(task("Physical"))),
    rule("mild", code(faulty.BAD), control(task("Identity"))),
)
BAD: dict[str, Any] = {"commodityCode": faulty.BAD}
GOOD: dict[str, Any] = {"commodityCode": "9503"}
BAD_FACTS = facts(goods__commodityCode=faulty.BAD)
GOOD_FACTS = facts(goods__commodityCode="9503")

Start = Callable[..., Isolated]


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that a test started; none of them is left, not even as a zombie."""
    pids: list[int] = []
    real = subprocess.Popen

    def recorded(*words: Any, **options: Any) -> Any:
        process = real(*words, **options)
        pids.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", recorded)
    yield pids
    monkeypatch.undo()
    assert [pid for pid in pids if alive(pid)] == []


@pytest.fixture
def isolated(started: list[int]) -> Iterator[Start]:
    """Start an engine that is closed with the test."""
    made: list[Isolated] = []

    def start(factory: Factory, compiled: Program = BASE, **options: Any) -> Isolated:
        made.append(Isolated(compiled, factory, **options))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def ahead(isolated: Start) -> Isolated:
    """A truthful engine whose child is there."""
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    return engine


def alive(pid: int) -> bool:
    """Whether there is such a process, if only as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def by(engine: Isolated, *goods: dict[str, Any], compiled: Program = BASE) -> Decision:
    return decide(decider_of(compiled, Semantics(compiled), engine), *goods)


# Faults

FAULTS: list[tuple[Factory, float, str]] = [
    (faulty.Raising, 5, "ZeroDivisionError: broken"),
    (faulty.Looping, SHORT, "did not answer within 0.3 s"),
    (faulty.Holding, SHORT, "did not answer within 0.3 s"),
    (faulty.Segfaulting, 5, "was ended by signal 11"),
    (faulty.Exiting, 5, "exited with code 3"),
    (faulty.Vanishing, 5, "exited with code 4"),
    (faulty.Garbling, 5, "is no answer"),
    (faulty.Flooding, 5, "is no answer"),
    (faulty.Stopping, 5, "was ended by signal 9"),
    (faulty.Mistaking, 5, "answered another item"),
    (faulty.Inventing, 5, "that there are not"),
]


@pytest.mark.parametrize(("factory", "limit", "words"), FAULTS)
def test_a_fault_costs_no_decision_and_the_next_item_is_judged_by_both(
    isolated: Start, factory: Factory, limit: float, words: str
) -> None:
    engine = isolated(factory, time_limit=limit)
    decision = by(engine, BAD, GOOD)
    sound = decide(decider_of(BASE, Semantics(BASE)), BAD, GOOD)
    assert [one.controls for one in decision.items] == [one.controls for one in sound.items]
    assert [one.technical_review for one in decision.items] == [True, False]
    assert (decision.degraded, decision.agreement) == (True, None)
    assert decision.engines == ("semantics",)
    (notice,) = decision.notices
    assert notice.startswith("durable-rules gave no answer")
    assert words in notice


@pytest.mark.parametrize(("factory", "limit", "words"), FAULTS[:4])
def test_a_fault_is_at_least_yellow(
    isolated: Start, factory: Factory, limit: float, words: str
) -> None:
    compiled = program(mandate("law", code("9503"), hold()))
    engine = isolated(factory, compiled, time_limit=limit)
    (item,) = by(engine, BAD, compiled=compiled).items
    assert (item.channel, item.controls, item.pending) == ("yellow", (), False)


@pytest.mark.parametrize(("factory", "limit", "words"), FAULTS[:4])
def test_where_the_other_engine_fails_too_there_is_no_decision(
    isolated: Start, factory: Factory, limit: float, words: str
) -> None:
    both = decider_of(BASE, faulty.Raising(BASE), isolated(factory, time_limit=limit))
    with pytest.raises(EngineError, match="no engine gave an answer"):
        decide(both, BAD)


def test_a_lie_is_a_disagreement_and_mandates_of_either_apply(isolated: Start) -> None:
    decision = by(isolated(faulty.Lying), BAD, GOOD)
    item, other = decision.items
    tasks = {control.task for control in item.controls}
    assert (decision.agreement, decision.degraded) == (False, True)
    assert (item.technical_review, other.technical_review) == (True, False)
    assert "control:Documentary" in tasks
    assert "control:Identity" not in tasks
    assert "mild" in {found.rule for found in item.undetermined}


def test_a_child_killed_from_outside_costs_no_decision(
    isolated: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sign = tmp_path / "begun"
    monkeypatch.setenv(faulty.SIGN, str(sign))
    engine = isolated(faulty.Waiting, time_limit=20)

    def kill() -> None:
        while not sign.exists():
            time.sleep(0.01)
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    decision = by(engine, BAD, GOOD)
    killer.join()
    assert [one.technical_review for one in decision.items] == [True, False]
    assert "was ended by signal 9" in decision.notices[0]


def test_a_child_killed_between_items_is_noticed_at_the_next(isolated: Start) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="signal 9"):
        engine.judge(GOOD_FACTS)
    assert engine.judge(GOOD_FACTS) == Semantics(BASE).judge(GOOD_FACTS)


def test_what_a_child_prints_reaches_neither_the_answer_nor_the_output(
    isolated: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    decision = by(isolated(faulty.Printing), BAD, GOOD)
    assert (decision.agreement, decision.notices) == (True, ())
    assert "rubbish" not in capfd.readouterr().out


def test_an_answer_left_over_is_not_taken_for_the_next_item_s(isolated: Start) -> None:
    engine = isolated(faulty.Stammering)
    assert engine.judge(BAD_FACTS) == Semantics(BASE).judge(BAD_FACTS)
    with pytest.raises(EngineError, match="another item"):
        engine.judge(GOOD_FACTS)
    assert engine.judge(GOOD_FACTS) == Semantics(BASE).judge(GOOD_FACTS)


# Asked ahead


@given(order=st.permutations(range(6)), left=st.sets(st.integers(1, 5)), late=st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_items_taken_ahead_get_each_their_own_answer_in_any_order(
    ahead: Isolated, order: list[int], left: set[int], late: bool
) -> None:
    items = [BAD_FACTS if place % 2 else GOOD_FACTS for place in range(6)]
    truth = Semantics(BASE)
    waiting = [ahead.ahead(one) for one in items]
    if late:
        assert waiting[0].answer() == truth.judge(items[0])
        order.remove(0)
    for place in left:
        waiting[place].leave()
    for place in order:
        if place not in left:
            assert waiting[place].answer() == truth.judge(items[place])


def test_an_item_that_nobody_waits_for_is_not_kept(isolated: Start) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    first, left, never = (engine.ahead(one) for one in (GOOD_FACTS, BAD_FACTS, BAD_FACTS))
    never.leave()
    first.answer()
    left.leave()
    engine.judge(GOOD_FACTS)
    kept = (engine._replies, engine._awaited, list(engine._asked), engine._later)
    assert kept == ({}, set(), [], [])


def test_what_was_taken_ahead_is_asked_at_once(
    isolated: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    sent = recorded(monkeypatch)
    first, left, last = (engine.ahead(one) for one in (GOOD_FACTS, GOOD_FACTS, BAD_FACTS))
    left.leave()
    assert sent == []
    for one, stands in ((first, GOOD_FACTS), (last, BAD_FACTS)):
        assert one.answer() == Semantics(BASE).judge(stands)
    assert sent == [[first.body, last.body]]


def test_an_engine_that_rests_holds_back_no_items(isolated: Start) -> None:
    engine = isolated(faulty.exiting, back_off=BackOff(failures=1))
    waiting = [engine.ahead(GOOD_FACTS) for _ in range(3)]
    for one in waiting:
        with pytest.raises(EngineError):
            one.answer()
    assert engine._later == []


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[list[bytes]]:
    """What children are asked from now on, each time."""
    sent: list[list[bytes]] = []
    ask = Child.ask

    def recording(child: Child, bodies: Iterable[bytes]) -> None:
        sent.append(list(bodies))
        ask(child, sent[-1])

    monkeypatch.setattr(Child, "ask", recording)
    return sent


def test_an_item_too_long_to_lie_in_wait_is_sent_when_it_is_its_turn(isolated: Start) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    first = engine.ahead(GOOD_FACTS)
    long = facts(goods__commodityCode="9503", goods__description="x" * AHEAD)
    waiting = engine.ahead(long)
    assert first.answer() == Semantics(BASE).judge(GOOD_FACTS)
    assert waiting.child is None
    assert waiting.answer() == Semantics(BASE).judge(long)


def test_what_was_asked_of_a_child_that_died_is_asked_of_the_next(isolated: Start) -> None:
    engine = isolated(faulty.Segfaulting)
    engine.judge(GOOD_FACTS)
    deadly, harmless = engine.ahead(BAD_FACTS), engine.ahead(GOOD_FACTS)
    with pytest.raises(EngineError, match="signal 11"):
        deadly.answer()
    assert harmless.answer() == Semantics(BASE).judge(GOOD_FACTS)


def test_judging_that_is_given_up_leaves_nothing_behind(isolated: Start) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    judging = consult_each(BASE, [Semantics(BASE), engine], [GOOD_FACTS, BAD_FACTS, GOOD_FACTS])
    next(judging)
    judging.close()
    assert not engine._awaited
    assert engine.judge(BAD_FACTS) == Semantics(BASE).judge(BAD_FACTS)


def test_an_engine_that_raises_keeps_its_process(isolated: Start, started: list[int]) -> None:
    engine = isolated(faulty.Raising)
    for _ in range(5):
        with pytest.raises(EngineError, match="broken"):
            engine.judge(BAD_FACTS)
    assert started == [engine.pid]


def test_a_fault_is_told_without_what_differs_from_run_to_run(isolated: Start) -> None:
    first, second = (by(isolated(faulty.Segfaulting), BAD) for _ in range(2))
    assert first == second


def test_an_interrupted_question_leaves_no_answer_behind(
    isolated: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Channel, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            engine.judge(BAD_FACTS)
    assert engine.judge(GOOD_FACTS) == Semantics(BASE).judge(GOOD_FACTS)


def test_an_interrupt_at_the_terminal_does_not_reach_the_child(isolated: Start) -> None:
    engine = isolated(faulty.Truthful)
    assert engine.pid is not None
    assert os.getpgid(engine.pid) != os.getpgid(0)


# An engine that cannot start


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (faulty.without_durable_rules, "could not start: durable-rules does not import"),
        (faulty.refusing, "could not start: no such engine today"),
        (faulty.exiting, "could not start: it exited with code 6"),
        (faulty.never_built, "could not start: it did not answer within 0.3 s"),
    ],
)
def test_an_engine_that_cannot_start_is_one_answer_fewer(
    isolated: Start, factory: Factory, words: str
) -> None:
    limit = SHORT if factory is faulty.never_built else 60.0
    decision = by(isolated(factory, start_limit=limit), GOOD)
    assert decision.degraded
    assert words in decision.notices[0]


def test_a_factory_that_cannot_be_imported_is_named(isolated: Start) -> None:
    engine = isolated(faulty.unnamed())
    with pytest.raises(EngineError, match=r"could not start: AttributeError.*unnamed"):
        engine.judge(GOOD_FACTS)


def test_where_no_process_can_be_made_the_reason_is_told(
    isolated: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    engine = isolated(faulty.Truthful)
    with pytest.raises(EngineError, match=r"could not be made: No such file or directory$"):
        engine.judge(GOOD_FACTS)


# Rest


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


# Ends


def test_closing_ends_the_process_and_the_engine_answers_no_more() -> None:
    with Isolated(BASE, faulty.Truthful) as engine:
        engine.judge(GOOD_FACTS)
        pid = engine.pid
    assert pid is not None
    assert not alive(pid)
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.judge(GOOD_FACTS)


def test_an_engine_that_nobody_holds_takes_its_process_along() -> None:
    engine = Isolated(BASE, faulty.Truthful)
    pid = engine.pid
    assert pid is not None
    del engine
    assert not alive(pid)


def script(text: str) -> subprocess.Popen[bytes]:
    """A process that isolates an engine of the sample rules and does as *text* says.

    Its errors come through a pipe that its child holds too: that is at its end once both ended.
    """
    opening = (
        "import os, signal, sys, msgspec\n"
        "from engine.decide.isolation import Isolated\n"
        "from engine.decide.wire import Knowledge, item\n"
        "from engine.decide.program import Program\n"
        "from tests.faulty_engines import *\n"
        "known, bad, good = msgspec.msgpack.decode(\n"
        "    sys.stdin.buffer.read(), type=tuple[Knowledge, bytes, bytes])\n"
        "bad, good = item(bad)[1], item(good)[1]\n"
        "program = Program(known.base, known.vocabulary)\n"
    )
    base = RuleBase(rules=tuple(one.rule for one in BASE.rules), parameters={}, matrices=matrices())
    sent = (Knowledge(base, vocabulary()), asked(1, BAD_FACTS), asked(1, GOOD_FACTS))
    process = subprocess.Popen(
        [sys.executable, "-c", opening + text],
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.msgpack.encode(sent))
    process.stdin.close()
    process.stdin = None
    return process


def test_with_the_interpreter_s_end_the_child_ends() -> None:
    process = script("engine = Isolated(program, Truthful)\nengine.judge(good)\n")
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 0


def test_an_idle_child_ends_when_its_parent_is_killed() -> None:
    process = script(
        "engine = Isolated(program, Truthful)\n"
        "engine.judge(good)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "before",
    [
        "",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n",
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n",
    ],
    ids=["plain", "alarm ignored", "alarm blocked"],
)
def test_a_hanging_child_ends_by_itself_when_its_parent_is_killed(before: str) -> None:
    # The alarm that ends it is the system's: the child holds its interpreter's lock for ever.
    process = script(
        f"{before}import threading\n"
        f"engine = Isolated(program, Holding, time_limit={SHORT})\n"
        "engine.judge(good)\n"
        "threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        "engine.judge(bad)\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == -signal.SIGKILL


def test_a_forked_copy_takes_a_child_of_its_own_and_leaves_the_first_alone() -> None:
    process = script(
        "engine = Isolated(program, Truthful)\n"
        "engine.judge(good)\n"
        "first = engine.pid\n"
        "copy = os.fork()\n"
        "answer = engine.judge(good)\n"
        "if not copy:\n"
        "    own = engine.pid != first\n"
        "    engine.close()\n"
        "    os._exit(0 if own else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0\n"
        "assert engine.judge(good) == answer\n"
        "assert engine.pid == first\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 0


@pytest.mark.parametrize("value", ["\ud800", "x" * MAX_FRAME])
def test_facts_that_cannot_be_sent_cost_no_process(
    isolated: Start, started: list[int], value: str
) -> None:
    engine = isolated(faulty.Truthful)
    with pytest.raises(EngineError, match="cannot be sent"):
        engine.judge(facts(goods__description=value))
    assert started == [engine.pid]


# Equality


@needs_both_engines
def test_in_a_process_of_its_own_the_network_answers_as_in_this_one(isolated: Start) -> None:
    rng = random.Random(5)
    made = rule_set(5, 200, vocabulary(), matrices())
    compiled = Program(made.base, made.vocabulary)
    here, there = Network(compiled), isolated(Network, compiled)
    for _ in range(200):
        given = made_item(rng, made)
        assert there.judge(given) == here.judge(given)


@needs_both_engines
def test_decisions_are_the_same_with_the_network_in_a_process_of_its_own(
    isolated: Start,
) -> None:
    both = decide(decider_of(BASE, Semantics(BASE), Network(BASE)), BAD, GOOD)
    assert by(isolated(Network), BAD, GOOD) == both


def test_several_threads_get_each_their_own_answer(isolated: Start) -> None:
    engine, truth = isolated(faulty.Truthful), Semantics(BASE)
    wrong: list[Facts] = []

    def ask(given: Facts) -> None:
        expected = truth.judge(given)
        wrong.extend(given for _ in range(50) if engine.judge(given) != expected)

    threads = [threading.Thread(target=ask, args=(one,)) for one in (BAD_FACTS, GOOD_FACTS) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
