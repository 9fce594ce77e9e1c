"""Rule sets and items made from a seed: for tests, the soak and the benchmarks.

A rule set has tables' worth of criteria over many commodity codes, chaining within and across
phases, negation of earlier conclusions, exemptions, parameters and periods. The number of rules
that can concern one item stays the same, however many rules there are in all.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec

from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Facts, Money, Value
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
from engine.language.vocabulary import Basis, Fact, FactType, Scope, Source, Vocabulary

DAY = date(2026, 11, 23)
RULES_A_CODE = 13
"""How many rules are gated by the same commodity code."""

FLAGS, NUMBERS, MARKS, CODES_OF_CHAPTERS = 6, 4, 4, ("0", "2", "3", "6", "8", "9")
CHANGES = (date(2026, 3, 1), date(2026, 7, 1), date(2026, 11, 1), date(2027, 2, 1))
"""The days on which the made law changes."""

CERTIFICATES = ("certificate:ChedD", "certificate:AccreditedTestReport")
COUNTRIES = ("NG", "IN", "CN", "BR", "TR")
PRODUCTS = ("product:Toy", "product:PlushToy", "product:Food", "product:SesameSeeds")
HAZARDS = ("hazard:Choking", "hazard:ElectricShock", "hazard:Salmonella")
BASIS = Basis(cite="made for a test", gist="nothing", status="illustrative", checked=DAY)


@dataclass(frozen=True)
class RuleSet:
    """A made rule base, its vocabulary, and the codes that gate its rules."""

    vocabulary: Vocabulary
    base: RuleBase
    codes: tuple[str, ...]


def rule_set(seed: int, size: int, vocabulary: Vocabulary, matrices: Matrices) -> RuleSet:
    """*size* rules from *seed*, over the shipped *vocabulary* with made facts added."""
    extended = with_made_facts(vocabulary)
    rng = random.Random(seed)
    subheadings = sorted(code for code in vocabulary.codes if len(code) == 6)
    codes = tuple(rng.sample(subheadings, max(1, min(len(subheadings), size // RULES_A_CODE))))
    parameters = {p.id: p for p in (_parameter(rng, index) for index in range(3))}
    maker = _Maker(rng, codes, parameters, extended)
    rules = sorted((maker.rule(number) for number in range(size)), key=lambda rule: rule.id)
    base = RuleBase(rules=tuple(rules), parameters=parameters, matrices=matrices)
    return RuleSet(extended, base, codes)


def with_made_facts(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with facts that only made rules use."""

    def fact(name: str, kind: FactType, source: Source, **more: object) -> Fact:
        return Fact(
            id=f"made.{name}",
            label=name,
            definition="made for a test",
            type=kind,
            source=source,
            scope=Scope.ITEM,
            **more,  # type: ignore[arg-type]
        )

    made = [
        *(
            fact(f"flag{i}", FactType.BOOLEAN, Source.CONCLUDED, closed=True, assumption=False)
            for i in range(FLAGS)
        ),
        *(fact(f"number{i}", FactType.NUMBER, Source.DECLARED) for i in range(NUMBERS)),
        *(fact(f"mark{i}", FactType.BOOLEAN, Source.DECLARED) for i in range(MARKS)),
        fact("closed", FactType.BOOLEAN, Source.DECLARED, closed=True),
        fact(
            "grade",
            FactType.TERM,
            Source.CONCLUDED,
            range="record",
            order=("record:Good", "record:Fair", "record:Poor"),
            assumption="record:Good",
        ),
    ]
    facts = {**vocabulary.facts, **{each.id: each for each in made}}
    return msgspec.structs.replace(vocabulary, facts=facts)


def _parameter(rng: random.Random, index: int) -> Parameter:
    bounds = [None, *sorted(rng.sample(CHANGES, 2)), None]
    values = tuple(
        DatedNumber(period=Period(start=start, end=end), number=Decimal(level), basis=BASIS)
        for level, (start, end) in enumerate(pairwise(bounds), 1)
    )
    return Parameter(
        id=f"parameters/made{index}", title=f"made {index}", unit="unit:Count", values=values
    )


class _Maker:
    def __init__(
        self,
        rng: random.Random,
        codes: tuple[str, ...],
        parameters: dict[str, Parameter],
        vocabulary: Vocabulary,
    ) -> None:
        self.rng, self.codes, self.parameters, self.vocabulary = rng, codes, parameters, vocabulary

    def rule(self, number: int) -> Rule:
        rng = self.rng
        phase = rng.choices(list(Phase), (2, 3, 3, 12))[0]
        mandate = phase is Phase.CONTROL and rng.random() < 0.5
        # Every code gets its share, so that candidates an item do not depend on the size.
        gate = self._leaf(self._code(self.codes[number % len(self.codes)]))
        parts: list[Condition] = [gate]
        parts += [self._condition(phase, 2) for _ in range(rng.choice((0, 1, 1, 2)))]
        if phase is Phase.CONTROL and not mandate:
            level = rng.choice(("level:Low", "level:Medium", "level:High", "level:Serious"))
            parts.append(
                self._leaf(Test(fact="item.riskLevel", operator=Operator.AT_LEAST, terms=(level,)))
            )
        start, end = self._period()
        unless = self._exemption(phase) if rng.random() < 0.25 else None
        return Rule(
            id=f"made/{phase.value}#{number:05}",
            title=f"made rule {number}",
            agency=rng.choice(
                ("agency:Customs", "agency:FoodAndFeed", "agency:MarketSurveillance")
            ),
            phase=phase,
            regime="other",
            when=AllOf(tuple(parts)),
            unless=unless,
            then=self._consequence(phase),
            because="made for a test",
            bases={"made": BASIS},
            mandate=mandate,
            date=rng.choice(GOVERNING_DATES),
            effective=Period(start=start, end=end),
            reason_class="reason:ProductSafety",
            remedy="none",
            on_unknown="request" if mandate or rng.random() < 0.7 else "pass",
        )

    def _period(self) -> tuple[date | None, date | None]:
        if self.rng.random() < 0.6:
            return None, None
        start, end = sorted(self.rng.sample(CHANGES, 2))
        return self.rng.choice(((start, None), (None, end), (start, end)))

    def _consequence(self, phase: Phase) -> Consequence:
        rng = self.rng
        match phase:
            case Phase.CLASSIFY:
                return Concludes("goods.type", rng.choice(PRODUCTS))
            case Phase.RECORD:
                if rng.random() < 0.3:
                    return Concludes("made.grade", rng.choice(("record:Fair", "record:Poor")))
                return Concludes(f"made.flag{rng.randrange(FLAGS)}", True)
            case Phase.ASSESS:
                hazard = rng.choice(HAZARDS)
                if rng.random() < 0.5:
                    return Likelihood(
                        hazard=hazard,
                        band=rng.choice(self.vocabulary.of_kind("likelihood")).id,
                        evidence="made",
                    )
                return Danger(
                    hazard=hazard,
                    population="population:Adults",
                    interest="interest:Safety",
                    level=rng.choice(self.vocabulary.of_kind("level")).id,
                )
            case _:
                if rng.random() < 0.3:
                    return GoodsStatus("status:Hold")
                task = rng.choice(self.vocabulary.of_kind("control")).id
                return Control((Task(task=task, rate=Decimal(rng.choice(("0.05", "0.5", "1")))),))

    # Conditions

    def _leaf(self, test: Test) -> Leaf:
        return Leaf(test=test, basis="made", criterion="nature")

    def _code(self, code: str) -> Test:
        ex = self.rng.choice(PRODUCTS[2:]) if self.rng.random() < 0.1 else None
        subdivisions = ("10",) if ex is not None else ()
        line = CodeLine(code if ex is None else f"{code}90", ex, subdivisions)
        return Test(fact="goods.commodityCode", operator=Operator.WITHIN, codes=(line,))

    def _condition(self, phase: Phase, depth: int, positive: bool = True) -> Condition:
        kind = self.rng.random()
        if depth == 0 or kind < 0.7:
            return self._leaf(self._test(phase, positive))
        if kind < 0.8:
            parts = [self._condition(phase, depth - 1, not positive) for _ in range(2)]
            return NoneOf(tuple(parts))
        parts = [self._condition(phase, depth - 1, positive) for _ in range(2)]
        return (AllOf if kind < 0.9 else AnyOf)(tuple(parts))

    def _test(self, phase: Phase, positive: bool) -> Test:
        rng = self.rng
        if rng.random() < 0.35:
            chained = self._chained(phase, positive)
            if chained is not None:
                return chained
        match rng.randrange(6):
            case 0:
                return Test(
                    fact=rng.choice(("goods.originGrown", "goods.originProcessed")),
                    operator=Operator.ONE_OF,
                    terms=tuple(rng.sample(COUNTRIES, 2)),
                )
            case 1:
                return self._number()
            case 2:
                return Test(
                    fact=f"made.mark{rng.randrange(MARKS)}",
                    operator=Operator.IS,
                    flag=rng.random() < 0.7,
                )
            case 3:
                return Test(
                    fact="documents",
                    operator=Operator.HAS,
                    terms=(rng.choice(CERTIFICATES),),
                    status=rng.choice(("declared", "verified")),
                )
            case 4:
                return Test(
                    fact="goods.value",
                    operator=rng.choice((Operator.UNDER, Operator.AT_LEAST)),
                    number=Decimal(rng.choice((100, 1000))),
                    currency=rng.choice(("EUR", "USD")),
                )
            case _:
                return Test(fact="made.closed", operator=Operator.IS, flag=rng.random() < 0.5)

    def _number(self) -> Test:
        rng = self.rng
        fact = f"made.number{rng.randrange(NUMBERS)}"
        if rng.random() < 0.3:
            return Test(
                fact=fact, operator=Operator.AT_LEAST, parameter=rng.choice(sorted(self.parameters))
            )
        operator = rng.choice((Operator.UNDER, Operator.AT_MOST, Operator.OVER, Operator.BETWEEN))
        upper = Decimal(4) if operator is Operator.BETWEEN else None
        return Test(fact=fact, operator=operator, number=Decimal(rng.randrange(1, 4)), upper=upper)

    def _chained(self, phase: Phase, positive: bool) -> Test | None:
        """A test on a fact of an earlier phase, or, where it can only gain truth, of this one."""
        rng = self.rng
        here = list(Phase).index(phase)
        flag = Test(
            fact=f"made.flag{rng.randrange(FLAGS)}", operator=Operator.IS, flag=rng.random() < 0.7
        )
        grade = Test(
            fact="made.grade",
            operator=Operator.AT_LEAST,
            terms=(rng.choice(("record:Fair", "record:Poor")),),
        )
        product = Test(fact="goods.type", operator=Operator.IS_A, terms=(rng.choice(PRODUCTS),))
        options: list[Test] = []
        if here > 0 or positive:
            options.append(product)
        if here > 1:
            options += [flag, grade, msgspec.structs.replace(grade, operator=Operator.IS)]
        elif here == 1 and positive:
            options += [msgspec.structs.replace(flag, flag=True), grade]
        return rng.choice(options) if options else None

    def _exemption(self, phase: Phase) -> Condition:
        """An exemption reads nothing that its own phase concludes."""
        earlier = list(Phase)[max(0, list(Phase).index(phase) - 1)]
        tests = [self._test(earlier, positive=False) for _ in range(self.rng.choice((1, 2)))]
        parts: tuple[Condition, ...] = tuple(self._leaf(test) for test in tests)
        return self.rng.choice((AllOf, AnyOf))(parts)


# Items


def item(rng: random.Random, made: RuleSet) -> Facts:
    """An item whose code gates rules of the set; each fact is known four times in five."""
    values: dict[str, Value] = {}

    def some(name: str, value: Value) -> None:
        if rng.random() < 0.8:
            values[name] = value

    code = rng.choice(made.codes)
    shape = rng.random()
    if shape < 0.97:
        values["goods.commodityCode"] = (
            f"{code}90{rng.choice(('10', '20'))}"
            if shape < 0.8
            else code
            if shape < 0.9
            else code[:4]
        )
    some("goods.originGrown", rng.choice(COUNTRIES))
    some("goods.originProcessed", rng.choice(COUNTRIES))
    if rng.random() < 0.4:
        product = rng.choice(PRODUCTS)
        values["goods.product"] = product
        values["goods.type"] = frozenset({product})
    for index in range(NUMBERS):
        some(f"made.number{index}", Decimal(rng.randrange(6)))
    for index in range(MARKS):
        some(f"made.mark{index}", rng.random() < 0.5)
    some("made.closed", rng.random() < 0.5)
    some("goods.value", Money(Decimal(rng.choice((50, 500, 5000))), rng.choice(("EUR", "USD"))))
    documents = {
        certificate: frozenset({rng.choice(list(DocumentStatus))})
        for certificate in CERTIFICATES
        if rng.random() < 0.5
    }
    days = [day + timedelta(days=offset) for day in CHANGES for offset in (-1, 0, 1)]
    return Facts(
        values=values,
        documents=documents,
        settled=frozenset(CERTIFICATES) if rng.random() < 0.7 else frozenset(),
        days={name: rng.choice(days) for name in GOVERNING_DATES},
    )
