"""An engine in a process of its own: whatever it dies of, the decision comes out, and says so."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.decide.answer import EngineError
from engine.decide.child import Factory
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.decide.wire import MAX_FRAME, Channel
from engine.declaration.facts import Facts
from tests import faulty_engines as faulty
from tests.decide_sample import (
    code,
    decide,
    decider_of,
    facts,
    hold,
    mandate,
    matrices,
    program,
    vocabulary,
)
from tests.engines import needs_both_engines
from tests.generated import item as made_item
from tests.generated import rule_set
from tests.isolation_sample import BAD, BAD_FACTS, BASE, GOOD, GOOD_FACTS, SHORT, Start, by

pytestmark = pytest.mark.usefixtures("started")
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


@pytest.mark.parametrize("value", ["\ud800", "x" * MAX_FRAME])
def test_facts_that_cannot_be_sent_cost_no_process(
    isolated: Start, started: list[int], value: str
) -> None:
    engine = isolated(faulty.Truthful)
    with pytest.raises(EngineError, match="cannot be sent"):
        engine.judge(facts(goods__description=value))
    assert started == [engine.pid]


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
