"""Random small rule bases and items, over a vocabulary of a few facts, for hypothesis.

Rules are such as the static checks let pass: within a phase only tests that can only come true.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Facts, Value
from engine.language.base import RuleBase
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
    Certificate,
    Fact,
    FactType,
    Scope,
    Source,
    Term,
    Vocabulary,
)

D0, D1, D2 = date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 1)
DAYS = (date(2025, 12, 31), D0, date(2026, 5, 31), D1, date(2026, 11, 30), D2)


# A vocabulary of a few facts


def _fact(name: str, kind: FactType, source: Source = Source.DECLARED, **more: object) -> Fact:
    return Fact(
        id=name,
        label=name,
        definition=name,
        type=kind,
        source=source,
        scope=Scope.ITEM,
        **more,  # type: ignore[arg-type]
    )


def _term(name: str, *above: str, disjoint: Iterable[str] = (), rank: int | None = None) -> Term:
    return Term(
        id=name,
        label=name,
        definition=name,
        kind=name.partition(":")[0],
        ancestors=frozenset({name, *above}),
        disjoint=frozenset(disjoint),
        rank=rank,
    )


FACTS = (
    _fact("open", FactType.BOOLEAN),
    _fact("closed", FactType.BOOLEAN, closed=True),
    _fact("count", FactType.NUMBER),
    _fact("goods.commodityCode", FactType.CODE),
    _fact("goods.product", FactType.TERM, range="product"),
    _fact("origin", FactType.COUNTRY),
    _fact("documents", FactType.DOCUMENTS),
    _fact("types", FactType.TERMS, Source.CONCLUDED, range="product"),
    _fact("scope", FactType.TERMS, Source.CONCLUDED, range="product", closed=True),
    _fact(
        "record",
        FactType.TERM,
        Source.CONCLUDED,
        range="record",
        order=("record:Good", "record:Fair", "record:Poor"),
        assumption="record:Good",
    ),
    _fact("flagged", FactType.BOOLEAN, Source.CONCLUDED, assumption=False),
    _fact(
        "item.riskLevel",
        FactType.TERM,
        Source.CONCLUDED,
        range="level",
        order=("level:Low", "level:High"),
        assumption="level:Low",
    ),
)
TERMS = (
    _term("product:Toy", disjoint=("product:Food",)),
    _term("product:Plush", "product:Toy"),
    _term("product:Food", disjoint=("product:Toy",)),
    _term("record:Good", rank=1),
    _term("record:Fair", rank=2),
    _term("record:Poor", rank=3),
    _term("level:Low", rank=1),
    _term("level:High", rank=2),
    _term("likelihood:Low", rank=1),
    _term("likelihood:High", rank=2),
    _term("hazard:Fire"),
    _term("hazard:Cut"),
)
VOCABULARY = Vocabulary(
    facts={fact.id: fact for fact in FACTS},
    terms={term.id: term for term in TERMS},
    agencies={},
    certificates={
        "certificate:Paper": Certificate(id="certificate:Paper", label="", definition="")
    },
    groups={},
    bases={},
    codes={"95": "", "9503": "", "950300": ""},
    countries={"NG": "", "CN": ""},
    currencies=frozenset(),
)
BASIS = Basis(cite="", gist="", status="illustrative", checked=D0)
PARAMETER = Parameter(
    id="limit",
    title="",
    unit="",
    values=(
        DatedNumber(period=Period(end=D1), number=Decimal(2), basis=BASIS),
        DatedNumber(period=Period(start=D1), number=Decimal(4), basis=BASIS),
    ),
)
MATRICES = Matrices(
    severity=(),
    targeting={
        "level:Low": {"likelihood:Low": "level:Low", "likelihood:High": "level:Low"},
        "level:High": {"likelihood:Low": "level:Low", "likelihood:High": "level:High"},
    },
    ladder={},
    bases={},
)


# Random rules, as the static checks would let them pass


def leaf(fact: str, operator: Operator, **operands: object) -> Leaf:
    return Leaf(test=Test(fact=fact, operator=operator, **operands), basis="b")  # type: ignore[arg-type]


PRODUCTS = ("product:Toy", "product:Plush", "product:Food")
BASE_TESTS = (
    *(leaf(fact, Operator.IS, flag=flag) for fact in ("open", "closed") for flag in (True, False)),
    leaf("open", Operator.KNOWN, flag=True),
    leaf("count", Operator.KNOWN, flag=False),
    leaf("count", Operator.UNDER, number=Decimal(3)),
    leaf("count", Operator.AT_LEAST, number=Decimal(3)),
    leaf("count", Operator.BETWEEN, number=Decimal(1), upper=Decimal(3)),
    leaf("count", Operator.AT_LEAST, parameter="limit"),
    leaf("origin", Operator.IS, terms=("NG",)),
    leaf("origin", Operator.ONE_OF, terms=("CN", "NG")),
    leaf("goods.commodityCode", Operator.WITHIN, codes=(CodeLine(code="9503"),)),
    leaf(
        "goods.commodityCode",
        Operator.WITHIN,
        codes=(CodeLine(code="950300", ex="product:Plush", subdivisions=("10",)),),
    ),
    leaf("goods.product", Operator.IS_A, terms=("product:Toy",)),
    *(
        leaf("documents", Operator.HAS, terms=("certificate:Paper",), status=status)
        for status in ("declared", "verified")
    ),
)
GROWING = {
    Phase.CLASSIFY: tuple(
        leaf(fact, operator, terms=(term,))
        for fact in ("types", "scope")
        for operator in (Operator.IS, Operator.IS_A)
        for term in PRODUCTS
    ),
    Phase.RECORD: (
        leaf("record", Operator.AT_LEAST, terms=("record:Fair",)),
        leaf("record", Operator.AT_LEAST, terms=("record:Poor",)),
        leaf("record", Operator.IS, terms=("record:Poor",)),
    ),
    Phase.ASSESS: (leaf("flagged", Operator.IS, flag=True),),
    Phase.CONTROL: (),
}
"""Tests on facts of the same phase that can only come true while the phase runs."""

CLOSED = {
    Phase.CLASSIFY: (*GROWING[Phase.CLASSIFY], leaf("types", Operator.KNOWN, flag=True)),
    Phase.RECORD: (
        *GROWING[Phase.RECORD],
        leaf("record", Operator.IS, terms=("record:Fair",)),
        leaf("record", Operator.UNDER, terms=("record:Poor",)),
        leaf("record", Operator.KNOWN, flag=False),
    ),
    Phase.ASSESS: (
        *GROWING[Phase.ASSESS],
        leaf("flagged", Operator.IS, flag=False),
    ),
    Phase.CONTROL: (),
}
LEVEL_TESTS = tuple(
    leaf("item.riskLevel", operator, terms=(level,))
    for operator in (Operator.IS, Operator.AT_LEAST, Operator.UNDER)
    for level in ("level:Low", "level:High")
)
ORDER = tuple(Phase)


def readable_in(phase: Phase, *, same_phase: bool) -> tuple[Leaf, ...]:
    """The tests that a rule of *phase* may make, those on its own phase only where asked."""
    found = BASE_TESTS
    for earlier in ORDER[: ORDER.index(phase)]:
        found += CLOSED[earlier]
    if phase is Phase.CONTROL:
        found += LEVEL_TESTS
    return found + (GROWING[phase] if same_phase else ())


def conditions(phase: Phase, positive: bool = True, depth: int = 3) -> st.SearchStrategy[Condition]:
    """Nested groups; under a negation nothing of the rule's own phase."""
    one = st.sampled_from(readable_in(phase, same_phase=positive))
    if depth == 0:
        return one
    inner = st.deferred(lambda: conditions(phase, positive, depth - 1))
    opposite = st.deferred(lambda: conditions(phase, False, depth - 1))
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        one,
        parts.map(AllOf),
        parts.map(AnyOf),
        st.lists(opposite, min_size=1, max_size=2).map(tuple).map(NoneOf),
    )


CONSEQUENCES: dict[Phase, st.SearchStrategy[Consequence]] = {
    Phase.CLASSIFY: st.builds(
        Concludes, st.sampled_from(("types", "scope")), st.sampled_from(PRODUCTS)
    ),
    Phase.RECORD: st.builds(
        Concludes, st.just("record"), st.sampled_from(("record:Fair", "record:Poor", "record:Good"))
    ),
    Phase.ASSESS: st.one_of(
        st.just(Concludes("flagged", True)),
        st.builds(
            lambda hazard, level: Danger(hazard=hazard, population="", interest="", level=level),
            st.sampled_from(("hazard:Fire", "hazard:Cut")),
            st.sampled_from(("level:Low", "level:High")),
        ),
        st.builds(
            lambda hazard, band: Likelihood(hazard=hazard, band=band, evidence=""),
            st.sampled_from(("hazard:Fire", "hazard:Cut")),
            st.sampled_from(("likelihood:Low", "likelihood:High")),
        ),
    ),
    Phase.CONTROL: st.sampled_from(
        (GoodsStatus("status:Hold"), Control((Task(task="control:Physical", rate=Decimal(1)),)))
    ),
}
PERIODS = st.sampled_from(
    (Period(), Period(), Period(start=D0), Period(start=D0, end=D2), Period(end=D1))
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    phase = draw(st.sampled_from(ORDER))
    unless = draw(st.one_of(st.none(), conditions(phase, positive=False, depth=2)))
    return Rule(
        id="",
        title="",
        agency="",
        phase=phase,
        regime="",
        when=draw(conditions(phase)),
        unless=unless,
        then=draw(CONSEQUENCES[phase]),
        because="",
        bases={},
        mandate=draw(st.booleans()),
        date=draw(st.sampled_from(GOVERNING_DATES[:2])),
        effective=draw(PERIODS),
    )


def based(found: Iterable[Rule]) -> RuleBase:
    named = tuple(msgspec.structs.replace(one, id=f"r{place}") for place, one in enumerate(found))
    return RuleBase(rules=named, parameters={"limit": PARAMETER}, matrices=MATRICES)


def values_of(*choice: object) -> st.SearchStrategy[Value | None]:
    return st.sampled_from((*choice, None))  # type: ignore[arg-type]


@st.composite
def items(draw: st.DrawFn) -> Facts:
    stated = {
        "open": draw(values_of(True, False)),
        "closed": draw(values_of(True, False)),
        "count": draw(values_of(*(Decimal(n) for n in range(6)))),
        "origin": draw(values_of("NG", "CN")),
        "goods.commodityCode": draw(
            values_of("9503", "9503001010", "9503001099", "95030010", "8712")
        ),
        "goods.product": draw(values_of(*PRODUCTS)),
        "types": draw(values_of(*(frozenset({name}) for name in PRODUCTS))),
    }
    status = draw(st.sampled_from((None, *DocumentStatus)))
    return Facts(
        values={name: value for name, value in stated.items() if value is not None},
        documents={} if status is None else {"certificate:Paper": frozenset({status})},
        settled=frozenset({"certificate:Paper"}) if draw(st.booleans()) else frozenset(),
        days={name: draw(st.sampled_from(DAYS)) for name in GOVERNING_DATES},
    )
