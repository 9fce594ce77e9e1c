"""Small rule bases for tests, over the shipped ontology, and the way from a request to a decision.

Rules are built as objects, not read from files: what a test needs of a rule stands in the test.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from engine.decide import network
from engine.decide.answer import Answer, Engine
from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision, ReleaseRef
from engine.decide.draw import DrawKeys
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.declaration import Request
from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Facts
from engine.declaration.reading import read_request
from engine.knowledge import load
from engine.language.base import RuleBase
from engine.language.calendars import Calendar
from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Operator,
    Test,
)
from engine.language.period import Period
from engine.language.rule import (
    Concludes,
    Consequence,
    Control,
    Danger,
    DatedNumber,
    GoodsStatus,
    Likelihood,
    Matrices,
    Parameter,
    Phase,
    Rule,
    Task,
)
from engine.language.vocabulary import (
    Basis,
    Fact,
    FactType,
    Group,
    Membership,
    Scope,
    Source,
    Vocabulary,
)

HOME = Path(__file__).parent.parent
DAY = date(2026, 11, 23)
KEYS = DrawKeys(b"a key that only tests use, 32 bit")
BASIS = Basis(cite="Test Act, Article 1", gist="A test.", status="illustrative", checked=DAY)


def _concluded(name: str, kind: FactType, **more: Any) -> Fact:
    return Fact(
        id=name,
        label=name,
        definition=f"The fact {name}, for tests.",
        type=kind,
        source=Source.CONCLUDED,
        scope=Scope.ITEM,
        **more,
    )


@cache
def vocabulary() -> Vocabulary:
    """The shipped ontology with three facts and a dated group of countries that tests need."""
    shipped = load(HOME / "ontology")
    extra = (
        _concluded("goods.dutiable", FactType.BOOLEAN, assumption=False),
        _concluded(
            "goods.freshness",
            FactType.TERM,
            range="record",
            order=("record:Good", "record:Fair", "record:Poor"),
        ),
    )
    league = Group(
        id="group:League",
        label="league",
        definition="A group that one country leaves on the first of July 2026.",
        members=(
            Membership(country="NG", period=Period(end=date(2026, 7, 1))),
            Membership(country="GH"),
        ),
    )
    return msgspec.structs.replace(
        shipped,
        facts={**shipped.facts, **{fact.id: fact for fact in extra}},
        groups={**shipped.groups, league.id: league},
    )


@cache
def matrices() -> Matrices:
    """The shipped harmonised tables, read here by another reader than the engine's."""

    def rows(name: str) -> list[dict[str, str]]:
        with (HOME / "rules" / "harmonised" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    severity = [
        (
            Decimal(row["probability_over"]),
            tuple(row[f"severity_{step}"] for step in (1, 2, 3, 4)),
        )
        for row in rows("severity.csv")
    ]
    return Matrices(
        severity=tuple(sorted(severity, reverse=True)),
        targeting={
            row["danger"]: {band: level for band, level in row.items() if band != "danger"}
            for row in rows("targeting.csv")
        },
        ladder={row["level"]: (row["task"], Decimal(row["rate"])) for row in rows("ladder.csv")},
        bases={},
    )


# Conditions


def leaf(fact: str, operator: Operator, **operands: Any) -> Leaf:
    return Leaf(test=Test(fact=fact, operator=operator, **operands), basis="test")


def is_(fact: str, value: str | bool) -> Leaf:
    if isinstance(value, bool):
        return leaf(fact, Operator.IS, flag=value)
    return leaf(fact, Operator.IS, terms=(value,))


def is_a(fact: str, term: str) -> Leaf:
    return leaf(fact, Operator.IS_A, terms=(term,))


def code(*codes: str, ex: str | None = None, subdivisions: tuple[str, ...] = ()) -> Leaf:
    lines = tuple(CodeLine(code=one, ex=ex, subdivisions=subdivisions) for one in codes)
    return leaf("goods.commodityCode", Operator.WITHIN, codes=lines)


def number(fact: str, operator: Operator, value: str | int, upper: int | None = None) -> Leaf:
    top = None if upper is None else Decimal(upper)
    return leaf(fact, operator, number=Decimal(value), upper=top)


def at_least(fact: str, term: str) -> Leaf:
    return leaf(fact, Operator.AT_LEAST, terms=(term,))


def has(certificate: str, status: str = "verified") -> Leaf:
    return leaf("documents", Operator.HAS, terms=(certificate,), status=status)


def every(*parts: Condition) -> AllOf:
    return AllOf(parts)


def either(*parts: Condition) -> AnyOf:
    return AnyOf(parts)


def neither(*parts: Condition) -> NoneOf:
    return NoneOf(parts)


# Consequences and rules


def task(name: str, rate: str = "1", **more: Any) -> Task:
    return Task(task=f"control:{name}", rate=Decimal(rate), **more)


def control(*tasks: Task) -> Control:
    return Control(tasks)


def hold() -> GoodsStatus:
    return GoodsStatus("status:Hold")


def refuse() -> GoodsStatus:
    return GoodsStatus("status:Refuse")


def danger(hazard: str, level: str) -> Danger:
    return Danger(
        hazard=f"hazard:{hazard}",
        population="population:GeneralPublic",
        interest="interest:Safety",
        level=f"level:{level}",
    )


def likelihood(hazard: str, band: str) -> Likelihood:
    return Likelihood(
        hazard=f"hazard:{hazard}", band=f"likelihood:{band}", evidence="made up for a test"
    )


_PHASES = {
    Control: Phase.CONTROL,
    GoodsStatus: Phase.CONTROL,
    Danger: Phase.ASSESS,
    Likelihood: Phase.ASSESS,
    Concludes: Phase.RECORD,
}


def rule(name: str, when: Condition, then: Consequence, **more: Any) -> Rule:
    """A rule of customs with the phase that its consequence belongs to, unless said otherwise."""
    given: dict[str, Any] = {
        "agency": "agency:Customs",
        "phase": _PHASES[type(then)],
        "regime": "customs",
        "title": f"Rule {name}",
        "because": f"Rule {name} says so.",
        "bases": {"test": BASIS},
        "reason_class": "reason:ProductSafety",
        "remedy": f"Do what rule {name} asks.",
        **more,
    }
    return Rule(id=name, when=when, then=then, **given)


def mandate(name: str, when: Condition, then: Consequence, **more: Any) -> Rule:
    return rule(name, when, then, mandate=True, **more)


def parameter(name: str, *values: tuple[date | None, date | None, str]) -> Parameter:
    dated = (
        DatedNumber(period=Period(start=start, end=end), number=Decimal(value), basis=BASIS)
        for start, end, value in values
    )
    return Parameter(id=name, title=name, unit="unit:Count", values=tuple(dated))


ANY_GOODS = leaf("goods.commodityCode", Operator.KNOWN, flag=True)


# Running


def program(
    *rules: Rule, parameters: Iterable[Parameter] = (), calendars: Iterable[Calendar] = ()
) -> Program:
    base = RuleBase(
        rules=tuple(sorted(rules, key=lambda one: one.id)),
        parameters={one.id: one for one in parameters},
        matrices=matrices(),
        calendars={one.id: one for one in calendars},
    )
    return Program(base, vocabulary())


@lru_cache(maxsize=8)
def _network(compiled: Program, gated: bool) -> Network:
    """A network, once for the calls of a test: what durable-rules holds of one is never freed."""
    return Network(compiled, gated=gated)


def engines(compiled: Program) -> list[Engine]:
    return [Semantics(compiled), *([_network(compiled, True)] if network.available() else [])]


def decider_of(compiled: Program, *others: Engine) -> Decider:
    """A decider with both engines, or with those given."""
    return Decider(compiled, others or engines(compiled), ReleaseRef(id="test", digest="sha256:0"))


def facts(
    documents: dict[str, str] | None = None,
    settled: bool = True,
    days: dict[str, date] | None = None,
    rates: Any = (),
    **values: Any,
) -> Facts:
    """Facts by name, with `__` for the dot: ``facts(goods__smallParts=True)``."""
    return Facts(
        values={name.replace("__", "."): value for name, value in values.items()},
        documents={
            name: frozenset({DocumentStatus(status)}) for name, status in (documents or {}).items()
        },
        settled=frozenset(vocabulary().certificates) if settled else frozenset(),
        days={**dict.fromkeys(GOVERNING_DATES, DAY), **(days or {})},
        rates=tuple(rates),
    )


def judged(compiled: Program, given: Facts) -> Answer:
    """The answer on which both engines agree, gated and ungated."""
    answers = [
        engine.judge(given)
        for gated in (True, False)
        for engine in (Semantics(compiled, gated=gated), _network(compiled, gated))
    ]
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


def verdict(compiled: Program, given: Facts, name: str) -> str:
    """What both engines find of the rule *name*."""
    answer, rule_number = judged(compiled, given), compiled.numbers[name]
    if rule_number in answer.applies:
        return "applies"
    return "undetermined" if rule_number in answer.undetermined else "does not apply"


def request(
    *goods: dict[str, Any],
    known: Any = None,
    earlier: Iterable[dict[str, Any]] = (),
    **declaration: Any,
) -> Request:
    """A request read from its JSON, as a caller sends it."""
    return read_request(
        json.dumps(body(*goods, known=known, earlier=earlier, **declaration)).encode()
    )


def body(
    *goods: dict[str, Any],
    known: Any = None,
    earlier: Iterable[dict[str, Any]] = (),
    **declaration: Any,
) -> dict[str, Any]:
    items = [{"item": place, **item} for place, item in enumerate(goods or ({},), start=1)]
    return {
        "declaration": {"id": "D1", "goods": items, **declaration},
        "known": known or {},
        "earlier": list(earlier),
    }


def decide(compiled: Program | Decider, *goods: dict[str, Any], **rest: Any) -> Decision:
    """The decision of both engines, which agree, on a request."""
    deciding = compiled if isinstance(compiled, Decider) else decider_of(compiled)
    return deciding.decide(request(*goods, **rest), on=DAY, keys=KEYS)


def only_item(compiled: Program | Decider, item: dict[str, Any], **rest: Any) -> ItemDecision:
    (decided,) = decide(compiled, item, **rest).items
    return decided
