"""Two engines, one answer; and what is done where they differ, fail, or one is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import release as releases
from engine.decide import network
from engine.decide.agreement import consult, disagreements
from engine.decide.answer import Answer, Engine, EngineError
from engine.decide.deciding import ONE_ENGINE, Decider
from engine.decide.decision import Decision, ItemDecision
from engine.decide.gates import BaseTests
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from engine.declaration.reading import read_request
from engine.knowledge import BOTH
from engine.release import Release
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    KEYS,
    at_least,
    code,
    control,
    danger,
    decide,
    decider_of,
    facts,
    hold,
    is_,
    likelihood,
    mandate,
    program,
    refuse,
    request,
    rule,
    task,
)
from tests.engines import needs_both_engines

HOME = Path(__file__).parent.parent
TOY: dict[str, Any] = {"commodityCode": "9503"}


class Lying:
    """An engine that alters a true answer."""

    name = "liar"

    def __init__(self, compiled: Program, change: Callable[[Answer], Answer]) -> None:
        self.truth, self.change = Semantics(compiled), change

    def judge(self, given: Facts, base: BaseTests | None = None) -> Answer:
        return self.change(self.truth.judge(given))


class Failing:
    """An engine that gives no answer."""

    def __init__(self, name: str = "failing") -> None:
        self.name = name

    def judge(self, given: Facts, base: BaseTests | None = None) -> Answer:
        raise ZeroDivisionError("broken", len(given.values))


def forgetting(compiled: Program, *names: str) -> Engine:
    """An engine that does not find some rules to apply."""
    lost = frozenset(compiled.numbers[name] for name in names)
    return Lying(compiled, lambda a: msgspec.structs.replace(a, applies=a.applies - lost))


def inventing(compiled: Program, *names: str) -> Engine:
    """An engine that finds some rules to apply that do not."""
    more = frozenset(compiled.numbers[name] for name in names)
    return Lying(
        compiled,
        lambda a: msgspec.structs.replace(
            a, applies=a.applies | more, undetermined=a.undetermined - more
        ),
    )


BASE = program(
    mandate("law", ANY_GOODS, control(task("Documentary"))),
    rule("choice", at_least("item.riskLevel", "level:Low"), control(task("Physical"))),
    mandate("other", code("8712"), refuse()),
    rule("mild", code("8712"), control(task("Identity"))),
)


def by(*engines: Engine, compiled: Program = BASE) -> Decision:
    return decide(decider_of(compiled, *engines), TOY)


def both_ways(liar: Engine) -> list[Decision]:
    """The decisions with the liar second and first."""
    return [by(Semantics(BASE), liar), by(liar, Semantics(BASE))]


def tasks(decision: Decision) -> set[str]:
    (item,) = decision.items
    return {control.task for control in item.controls}


# Agreement


@needs_both_engines
def test_both_engines_are_named_where_they_agree() -> None:
    decision = decide(BASE, TOY)
    assert decision.engines == ("semantics", "durable-rules")
    assert (decision.agreement, decision.degraded, decision.notices) == (True, False, ())
    assert not decision.items[0].technical_review


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("applies", frozenset({0}), "applies"),
        ("undetermined", frozenset({1}), "undetermined"),
        ("certain", frozenset({("importer.record", "record:Poor")}), "certain"),
        ("possible", frozenset({("importer.record", "record:Poor")}), "possible"),
        ("level", ("level:High", "level:High"), "levels differ"),
    ],
)
def test_every_part_of_an_answer_is_compared(field: str, value: object, words: str) -> None:
    same = Semantics(BASE).judge(facts(goods__commodityCode="4901"))
    other = msgspec.structs.replace(same, **{field: value})
    assert disagreements(BASE, same, same) == []
    assert any(words in text for text in disagreements(BASE, same, other))


# Disagreement


def test_a_mandate_found_by_either_engine_applies() -> None:
    for decision in both_ways(forgetting(BASE, "law")):
        assert "control:Documentary" in tasks(decision)
    for decision in both_ways(inventing(BASE, "other")):
        assert decision.status == "status:Refuse"


def test_a_discretionary_control_applies_only_where_both_engines_agree() -> None:
    for liar in (forgetting(BASE, "choice"), inventing(BASE, "mild")):
        for decision in both_ways(liar):
            (item,) = decision.items
            name = "mild" if "control:Physical" in tasks(decision) else "choice"
            assert "control:Identity" not in tasks(decision)
            assert name in {found.rule for found in item.undetermined}


def test_a_rule_that_one_engine_leaves_open_is_open() -> None:
    number = BASE.numbers["choice"]
    liar = Lying(
        BASE,
        lambda a: msgspec.structs.replace(
            a, applies=a.applies - {number}, undetermined=a.undetermined | {number}
        ),
    )
    for decision in both_ways(liar):
        assert [found.rule for found in decision.items[0].undetermined] == ["choice"]


def test_a_disagreement_is_marked_and_goes_to_an_officer() -> None:
    for decision in both_ways(forgetting(BASE, "choice")):
        (item,) = decision.items
        assert (decision.agreement, decision.degraded, item.technical_review) == (False, True, True)
        assert any("choice" in notice for notice in decision.notices)


def test_a_disagreement_is_at_least_yellow() -> None:
    compiled = program(mandate("a", code("8712"), control(task("Documentary"))))
    assert by(compiled=compiled).channel == "green"
    liar = Lying(
        compiled,
        lambda a: msgspec.structs.replace(a, certain=a.certain | {("goods.dutiable", True)}),
    )
    decision = by(Semantics(compiled), liar, compiled=compiled)
    assert (decision.channel, decision.pending) == ("yellow", False)


def test_a_disagreement_on_one_item_leaves_the_others_alone() -> None:
    number = BASE.numbers["choice"]

    def change(answer: Answer) -> Answer:
        refused = BASE.numbers["other"] in answer.applies
        lost = answer.applies - {number} if refused else answer.applies
        return msgspec.structs.replace(answer, applies=lost)

    deciding = decider_of(BASE, Semantics(BASE), Lying(BASE, change))
    decision = decide(deciding, TOY, {"commodityCode": "8712"})
    assert [item.technical_review for item in decision.items] == [False, True]
    assert decision.degraded


def test_where_levels_differ_the_lower_is_certain_and_the_higher_possible() -> None:
    liar = Lying(BASE, lambda a: msgspec.structs.replace(a, level=("level:High", "level:Serious")))
    for decision in both_ways(liar):
        (item,) = decision.items
        assert (item.risk_level, item.possible_risk_level) == ("level:Low", "level:Serious")


# Failure


def test_an_engine_that_fails_gives_no_answer_and_the_others_stands() -> None:
    sound = by()
    for engines in ((Semantics(BASE), Failing()), (Failing(), Semantics(BASE))):
        decision = by(*engines)
        assert decision.items[0].controls == sound.items[0].controls
        assert decision.status == sound.status
        assert decision.engines == ("semantics",)


def test_a_failure_is_marked_and_goes_to_an_officer() -> None:
    decision = by(Semantics(BASE), Failing())
    assert (decision.agreement, decision.degraded) == (None, True)
    assert decision.items[0].technical_review
    assert any("failing" in notice and "broken" in notice for notice in decision.notices)


def test_a_failure_is_at_least_yellow() -> None:
    compiled = program(mandate("a", code("8712"), hold()))
    assert by(Semantics(compiled), Failing(), compiled=compiled).channel == "yellow"


def test_where_both_engines_fail_there_is_no_decision() -> None:
    with pytest.raises(EngineError, match=r"first.*second"):
        consult(BASE, [Failing("first"), Failing("second")], facts())
    with pytest.raises(EngineError):
        by(Failing("first"), Failing("second"))


def test_an_error_of_durable_rules_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = [Semantics(BASE), Network(BASE)]

    class Broken:
        error = Exception

        def assert_fact(self, *_: object) -> tuple[int, int]:
            return 2, 0  # "observed": a false duplicate

        def retract_fact(self, *_: object) -> None:
            pass

    monkeypatch.setattr(network, "rete", Broken())
    decision = by(*engines)
    assert decision.engines == ("semantics",)
    assert decision.degraded
    assert tasks(decision) == {"control:Documentary", "control:Physical"}


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_an_interrupted_visit_leaves_the_network_able_to_answer(
    monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    engine = Network(
        program(
            rule("d", is_("goods.smallParts", True), danger("Fire", "Serious")),
            rule("l", ANY_GOODS, likelihood("Fire", "High")),
            mandate("z", code("9503"), hold()),
        )
    )
    risky = facts(goods__commodityCode="9503", goods__smallParts=True)
    safe = facts(goods__commodityCode="9503", goods__smallParts=False)
    expected = engine.judge(risky), engine.judge(safe)
    real, calls = network.rete, [0]

    class Once:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def assert_fact(self, *args: Any) -> Any:
            calls[0] += 1
            return (2, 0) if calls[0] == place else real.assert_fact(*args)

    monkeypatch.setattr(network, "rete", Once())
    with pytest.raises(EngineError):
        engine.judge(risky)
    monkeypatch.setattr(network, "rete", real)
    assert (engine.judge(risky), engine.judge(safe)) == expected


# One engine alone


def outcomes(decision: Decision) -> list[ItemDecision]:
    return list(decision.items)


def test_without_durable_rules_one_engine_answers_and_says_so(
    release: Release, decider: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sorted((HOME / "features" / "declarations").glob("*.json"))
    requests = [read_request(path.read_bytes()) for path in paths]
    together = [decider.decide(asked, on=DAY, keys=KEYS) for asked in requests]
    assert together
    monkeypatch.setattr(network, "rete", None)
    alone = releases.decider(release)
    for asked, two in zip(requests, together, strict=True):
        one = alone.decide(asked, on=DAY, keys=KEYS)
        assert (one.engines, one.agreement) == (("semantics",), None)
        assert one.notices == (ONE_ENGINE,)
        assert not one.degraded
        assert outcomes(one) == outcomes(two)
        assert (one.status, one.channel, one.order) == (two.status, two.channel, two.order)


def test_without_durable_rules_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "rete", None)
    assert not network.available()
    with pytest.raises(EngineError, match="does not import"):
        Network(BASE)


def test_without_durable_rules_a_release_records_no_agreement_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "rete", None)
    made, _ = releases.build(HOME, date(2026, 11, 23), run=1, reasoner=BOTH)
    assert made.agreement_run == 0


def test_levels_from_the_network_and_the_specification_are_the_same_table() -> None:
    rules = (
        rule("d", ANY_GOODS, danger("Fire", "Serious")),
        rule("l", is_("goods.smallParts", True), likelihood("Fire", "High")),
    )
    compiled = program(*rules)
    for given in (
        facts(goods__commodityCode="9503"),
        facts(goods__commodityCode="9503", goods__smallParts=True),
        facts(goods__smallParts=True, goods__netMassKg=Decimal(1)),
    ):
        assert Semantics(compiled).judge(given).level == Network(compiled).judge(given).level


def test_a_request_is_decided_the_same_on_every_run() -> None:
    found = {
        msgspec.json.encode(decider_of(BASE).decide(request(TOY), on=DAY, keys=KEYS))
        for _ in range(3)
    }
    assert len(found) == 1
