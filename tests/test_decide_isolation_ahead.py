"""Items that an engine in a process of its own is asked ahead: each gets its own answer."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.agreement import consult_each
from engine.decide.answer import EngineError
from engine.decide.child import Child
from engine.decide.isolation import AHEAD, BackOff, Isolated
from engine.decide.semantics import Semantics
from tests import faulty_engines as faulty
from tests.decide_sample import facts
from tests.isolation_sample import BAD_FACTS, BASE, GOOD_FACTS, Start

pytestmark = pytest.mark.usefixtures("started")


@pytest.fixture
def ahead(isolated: Start) -> Isolated:
    """A truthful engine whose child is there."""
    engine = isolated(faulty.Truthful)
    engine.judge(GOOD_FACTS)
    return engine


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
