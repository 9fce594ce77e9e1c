"""Facts made to order: cases that trigger a rule, cases that just miss it, and random ones.

Used by publishing (examples of table rows, the agreement run), by tests and by benchmarks.
Everything random comes from the generator that is passed in.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from engine.decide.answer import RISK_LEVEL
from engine.decide.kleene import FALSE, NOTHING, TRUE
from engine.decide.program import Compiled, Pattern, Program
from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Facts, Money, Value
from engine.language.condition import Operator, Test, leaves
from engine.language.period import Period
from engine.language.vocabulary import Fact, FactType, Source

Candidate = Value | frozenset[DocumentStatus] | None
"""A value to try for a fact, or for a certificate; None leaves it unknown."""

MAX_TRIES = 20_000


class Generator:
    """Makes facts for the rules of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        pools: dict[str, dict[Candidate, None]] = {}
        for test in program.tests:
            for key, values in self._candidates(test).items():
                pools.setdefault(key, {}).update(dict.fromkeys(values))
        self.pools = {key: tuple(values) for key, values in sorted(pools.items())}
        self._triggers: dict[int, Facts | None] = {}
        self._near: dict[int, list[Compiled]] = {}
        self._files: dict[str, list[Compiled]] = {}
        for compiled in program.rules:
            self._files.setdefault(compiled.rule.table, []).append(compiled)

    # To order

    def trigger(self, compiled: Compiled) -> Facts | None:
        """Facts on which the rule applies, concluded ones given; None where none was found."""
        for variant in compiled.variants:
            days = dict.fromkeys(GOVERNING_DATES, day_within(variant.period))
            for pattern in variant.patterns:
                found = self._satisfy(pattern, days)
                if found is not None:
                    return found
        return None

    def near_misses(self, compiled: Compiled, facts: Facts) -> Iterator[tuple[int, Facts]]:
        """Facts that differ from *facts* in one fact, so that one needed test is false."""
        pattern = next(
            (p for v in compiled.variants for p in v.patterns if self._holds(p, facts)), None
        )
        for test, sign in sorted(pattern.needs) if pattern is not None else ():
            wrong = FALSE if sign else TRUE
            for changed in self._changes(facts, self.program.tests[test]):
                if self._value(test, changed) == wrong:
                    yield test, changed
                    break

    def _satisfy(self, pattern: Pattern, days: dict[str, date]) -> Facts | None:
        tests = [test for test, _ in (*pattern.needs, *((join, True) for join in pattern.joins))]
        tests += [test for test, _ in pattern.blocks]
        pools: dict[str, dict[Candidate, None]] = {}
        for test in tests:
            for key, values in self._candidates(self.program.tests[test]).items():
                pools.setdefault(key, {}).update(dict.fromkeys(values))
        keys = sorted(pools)
        # The last key varies fastest; unknown comes last in each pool.
        for tries, choice in enumerate(product(*(pools[key] for key in keys))):
            facts = self.facts(dict(zip(keys, choice, strict=True)), days)
            if self._holds(pattern, facts):
                return facts
            if tries > MAX_TRIES:
                return None
        return None

    def _holds(self, pattern: Pattern, facts: Facts) -> bool:
        return (
            all(
                self._value(test, facts) == (TRUE if sign else FALSE)
                for test, sign in pattern.needs
            )
            and all(self._value(test, facts) == TRUE for test in pattern.joins)
            and all(
                self._value(test, facts) != (TRUE if sign else FALSE)
                for test, sign in pattern.blocks
            )
        )

    def _value(self, test: int, facts: Facts) -> int:
        return self.program.evaluators[test](facts, NOTHING, NOTHING)

    def _changes(self, facts: Facts, test: Test) -> Iterator[Facts]:
        for key, values in self._candidates(test).items():
            for value in values:
                yield self._with(facts, key, value)

    # At random

    def random_facts(self, rng: random.Random, days: Iterable[date] = ()) -> Facts:
        """Facts near the rules: some rule's trigger with a few facts changed, or any facts.

        Concluded facts are left to the rules. *days* are drawn from for the governing dates.
        """
        choice: dict[str, Candidate] = {}
        chosen = [date(2026, 11, 23), *days]
        governing = {name: rng.choice(chosen) for name in GOVERNING_DATES}
        if self.program.rules and rng.random() < 0.8:
            compiled = self._picked(rng)
            start = self._cached_trigger(compiled)
            if start is not None:
                choice.update(self._exemption(compiled) if rng.random() < 0.3 else {})
                for facts in (start, *self._companions(compiled, start, rng)):
                    choice = {**facts.values, **facts.documents, **choice}
                if rng.random() < 0.7:
                    governing[compiled.rule.date] = start.days[compiled.rule.date]
        changes = rng.choice((0, 1, 1, 2, 4, len(self.pools)))
        for key in rng.sample(sorted(self.pools), min(changes, len(self.pools))):
            choice[key] = rng.choice((*self.pools[key], None))
        settled = rng.random() < 0.8
        return self.facts(self._base(choice), governing, settled=settled)

    def _picked(self, rng: random.Random) -> Compiled:
        """Any rule; half the time any file first, so that long tables do not drown the rest."""
        if rng.random() < 0.5:
            return rng.choice(self.program.rules)
        return rng.choice(self._files[rng.choice(sorted(self._files))])

    def _exemption(self, compiled: Compiled) -> dict[str, Candidate]:
        """Values that make the tests of the rule's `unless` true."""
        unless = compiled.rule.unless
        found: dict[str, Candidate] = {}
        for leaf in leaves(unless):
            for key, values in self._candidates(leaf.test).items():
                found.setdefault(key, values[0])
        return found

    def _companions(self, compiled: Compiled, facts: Facts, rng: random.Random) -> Iterator[Facts]:
        """Triggers of other rules that the same goods may meet: a level takes two rules, a control
        that tests it a third.
        """
        if compiled.number not in self._near:
            self._near[compiled.number] = [
                other
                for other in self.program.rules
                if other is not compiled and self._may_meet(other, facts)
            ]
        near = self._near[compiled.number]
        tests_level = any(leaf.test.fact == RISK_LEVEL for leaf in compiled.rule.leaves)
        count = rng.choice((0, 4, 8, 24) if tests_level else (0, 0, 2, 8))
        for other in rng.sample(near, min(len(near), count)):
            found = self._cached_trigger(other)
            if found is not None:
                yield found

    def _may_meet(self, compiled: Compiled, facts: Facts) -> bool:
        gates = {pattern.gate for variant in compiled.variants for pattern in variant.patterns}
        return any(gate is None or self._value(gate, facts) != FALSE for gate in gates)

    def _cached_trigger(self, compiled: Compiled) -> Facts | None:
        if compiled.number not in self._triggers:
            self._triggers[compiled.number] = self.trigger(compiled)
        return self._triggers[compiled.number]

    def _base(self, choice: Mapping[str, Candidate]) -> dict[str, Candidate]:
        """Without what rules conclude, save the types that the ontology infers."""
        facts = self.program.vocabulary.facts
        return {
            key: value
            for key, value in choice.items()
            if key not in facts or facts[key].source is not Source.CONCLUDED or key == "goods.type"
        }

    # Candidates

    def facts(
        self, choice: Mapping[str, Candidate], days: dict[str, date], *, settled: bool = True
    ) -> Facts:
        """Facts from chosen values; keys that are certificates give documents."""
        certificates = self.program.vocabulary.certificates
        values: dict[str, Value] = {}
        documents: dict[str, frozenset[DocumentStatus]] = {}
        for key, value in choice.items():
            if value is None:
                continue
            if key in certificates:
                documents[key] = value  # type: ignore[assignment]  # pools keep the two apart
            else:
                values[key] = value
        return Facts(
            values=values,
            documents=documents,
            settled=frozenset(certificates) if settled else frozenset(),
            days=days,
        )

    def _with(self, facts: Facts, key: str, value: Candidate) -> Facts:
        choice: dict[str, Candidate] = {**facts.values, **facts.documents, key: value}
        return self.facts(choice, facts.days)

    def _candidates(self, test: Test) -> dict[str, list[Candidate]]:
        """Values around what a test asks for, those that make it true first."""
        fact = self.program.vocabulary.facts[test.fact]
        match fact.type:
            case FactType.DOCUMENTS:
                statuses = (test.status or "declared", *(s for s in DocumentStatus))
                found: list[Candidate] = [frozenset({DocumentStatus(s)}) for s in statuses]
                return {test.terms[0]: [*dict.fromkeys(found), None]}
            case FactType.CODE:
                return self._codes(test)
            case FactType.BOOLEAN:
                flag = test.flag is not False
                return {fact.id: [flag, not flag, None]}
            case FactType.NUMBER:
                return {fact.id: [*self._numbers(test, fact), None]}
            case FactType.MONEY:
                currency = test.currency or "EUR"
                amounts: list[Candidate] = [Money(n, currency) for n in self._numbers(test, fact)]
                return {fact.id: [*amounts, Money(Decimal(1), "XAF"), None]}
            case FactType.COUNTRY:
                return {fact.id: [*self._countries(test), None]}
            case FactType.TERMS:
                words = [*test.terms, *self._others(test, fact)]
                return {fact.id: [*(frozenset({word}) for word in words), None]}
            case FactType.TERM:
                return {fact.id: [*test.terms, *self._others(test, fact), None]}
            case _:
                return {fact.id: [*test.terms, "something else", None]}

    def _numbers(self, test: Test, fact: Fact) -> list[Decimal]:
        around = [number for number in (test.number, test.upper) if number is not None]
        step = Decimal(1) if fact.maximum is None or fact.maximum > 1 else Decimal("0.01")
        numbers = [n + d for n in around or [Decimal(1)] for d in (-step, Decimal(0), step)]
        if test.operator in (Operator.OVER, Operator.AT_LEAST):
            numbers.reverse()
        return [
            n
            for n in numbers
            if (fact.minimum is None or n >= fact.minimum)
            and (fact.maximum is None or n <= fact.maximum)
        ]

    def _countries(self, test: Test) -> list[str]:
        if test.operator is Operator.WITHIN:
            groups = (self.program.vocabulary.groups[term] for term in test.terms)
            return [*(g.members[0].country for g in groups if g.members), "AQ"]
        return [*test.terms, "AQ"]

    def _others(self, test: Test, fact: Fact) -> list[str]:
        """A coarser term, one that is disjoint, and the rest of a small ordered scheme."""
        vocabulary = self.program.vocabulary
        if fact.order:
            return [term for term in fact.order if term not in test.terms]
        terms = vocabulary.of_kind(str(fact.range))
        first = test.terms[0] if test.terms else terms[0].id
        coarser = sorted(vocabulary.terms[first].ancestors - {first})
        if test.operator is not Operator.IS_A:
            apart = [term.id for term in terms if term.id not in test.terms]
        else:
            apart = [term.id for term in terms if vocabulary.are_disjoint(first, term.id)]
        return [*coarser[:1], *apart[:1]]

    def _codes(self, test: Test) -> dict[str, list[Candidate]]:
        codes: dict[Candidate, None] = {}
        products: dict[Candidate, None] = {}
        for line in test.codes[:4]:
            full = line.code.ljust(8, "0")
            codes[full] = None
            for subdivision in line.subdivisions[:1]:
                codes[full + subdivision] = None
                codes[full + ("99" if subdivision != "99" else "98")] = None
            codes[line.code[:4]] = None
            if line.ex is not None:
                products[line.ex] = None
        # A code of another chapter, so that none of the lines can match.
        codes[next(c for c in ("871200", "490199", "970600") if not self._matches(test, c))] = None
        found: dict[str, list[Candidate]] = {test.fact: [*codes, None]}
        if products:
            found["goods.product"] = [*products, "product:Toy", None]
        return found

    @staticmethod
    def _matches(test: Test, code: str) -> bool:
        return any(code.startswith(line.code) or line.code.startswith(code) for line in test.codes)


def day_within(period: Period) -> date:
    """A day in the period: its first, or the last before its end."""
    if period.start is not None:
        return period.start
    return date(2026, 11, 23) if period.end is None else period.end - timedelta(days=1)
