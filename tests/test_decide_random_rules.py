"""Random small rule bases: both engines against a brute reference that shares nothing with them.

The reference below is plain recursion over the rules as written. Of the engine it uses only
`evaluate`, the meaning of one test. A counterexample found here is kept, made small, as an
`@example` or in `test_decide_semantics.py`; so far there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.answer import Answer
from engine.decide.evaluation import evaluate
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.network import Network
from engine.decide.program import Program, UnsuitableError
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts
from engine.language.base import RuleBase
from engine.language.condition import (
    AllOf,
    AnyOf,
    Condition,
    Leaf,
    NoneOf,
    Operator,
)
from engine.language.rule import (
    Concludes,
    Danger,
    Likelihood,
    Phase,
    Rule,
)
from tests.full import often
from tests.random_rules import (
    D1,
    ORDER,
    VOCABULARY,
    based,
    conditions,
    items,
    leaf,
    rules,
)

BASES, ITEMS = often(500, 60), 12
"""A ruleset is never freed by durable-rules, so the number of bases is kept within bounds."""

# The reference: the meaning once more, by brute force


class Reference:
    """Every phase computed anew from what it concluded, until nothing changes."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base

    def judge(self, facts: Facts) -> Answer:
        verdicts: dict[int, int] = {}
        certain: dict[str, set[str | bool]] = {}
        possible: dict[str, set[str | bool]] = {}
        for phase in ORDER:
            if phase is Phase.CONTROL:
                certain["item.riskLevel"] = {self.level(verdicts, TRUE)}
                possible["item.riskLevel"] = {
                    self.level(verdicts, TRUE),
                    self.level(verdicts, UNKNOWN),
                }
            before = None
            while before != (before := self.concluded(verdicts)):
                for number, rule in enumerate(self.base.rules):
                    if rule.phase is phase:
                        verdicts[number] = self.verdict(rule, facts, certain, possible)
                for number, rule in enumerate(self.base.rules):
                    if isinstance(rule.then, Concludes) and number in verdicts:
                        if verdicts[number] == TRUE:
                            certain.setdefault(rule.then.fact, set()).add(rule.then.value)
                        if verdicts[number] != FALSE:
                            possible.setdefault(rule.then.fact, set()).add(rule.then.value)
            for number, rule in enumerate(self.base.rules):
                if rule.phase is phase:
                    verdicts[number] = self.verdict(rule, facts, certain, possible)
        return Answer(
            applies=frozenset(n for n, value in verdicts.items() if value == TRUE),
            undetermined=frozenset(n for n, value in verdicts.items() if value == UNKNOWN),
            certain=frozenset((f, v) for f, values in certain.items() for v in values),
            possible=frozenset((f, v) for f, values in possible.items() for v in values),
            level=(self.level(verdicts, TRUE), self.level(verdicts, UNKNOWN)),
        )

    def concluded(self, verdicts: dict[int, int]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(verdicts.items()))

    def verdict(
        self,
        rule: Rule,
        facts: Facts,
        certain: dict[str, set[str | bool]],
        possible: dict[str, set[str | bool]],
    ) -> int:
        day = facts.days[rule.date]
        start, end = rule.effective.start, rule.effective.end
        if (start is not None and day < start) or (end is not None and day >= end):
            return FALSE

        def value(condition: Condition) -> int:
            match condition:
                case Leaf(test=test):
                    if test.parameter is not None:
                        limit = Decimal(2) if day < D1 else Decimal(4)
                        test = msgspec.structs.replace(test, number=limit)
                    return evaluate(test, facts, VOCABULARY, certain, possible)
                case AllOf(parts):
                    return min(value(part) for part in parts)
                case AnyOf(parts):
                    return max(value(part) for part in parts)
                case NoneOf(parts):
                    return 2 - max(value(part) for part in parts)
            raise TypeError(condition)

        when = value(rule.when)
        exempt = FALSE if rule.unless is None else value(rule.unless)
        return FALSE if exempt == TRUE else when

    def level(self, verdicts: dict[int, int], least: int) -> str:
        found = [
            rule.then
            for number, rule in enumerate(self.base.rules)
            if verdicts.get(number, FALSE) >= least
        ]
        dangers = [one for one in found if isinstance(one, Danger)]
        likelihoods = [one for one in found if isinstance(one, Likelihood)]
        high = any(
            one.level == "level:High" and other.band == "likelihood:High"
            for one, other in product(dangers, likelihoods)
            if one.hazard == other.hazard
        )
        return "level:High" if high else "level:Low"


# The claim


def assert_all_agree(base: RuleBase, found: Iterable[Facts]) -> None:
    try:
        program = Program(base, VOCABULARY)
    except UnsuitableError:
        return
    reference = Reference(base)
    engines = [
        engine(program, gated=gated) for gated in (True, False) for engine in (Semantics, Network)
    ]
    for facts in found:
        expected = reference.judge(facts)
        for engine in engines:
            assert engine.judge(facts) == expected, (engine.name, facts)


@settings(max_examples=BASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    found=st.lists(rules(), min_size=1, max_size=8),
    facts=st.lists(items(), min_size=ITEMS, max_size=ITEMS),
)
def test_both_engines_agree_with_the_reference_on_random_rules(
    found: list[Rule], facts: list[Facts]
) -> None:
    assert_all_agree(based(found), facts)


CHAINS = {
    Phase.CLASSIFY: [
        (Concludes("types", "product:Toy"), leaf("types", Operator.IS, terms=("product:Toy",))),
        (
            Concludes("types", "product:Plush"),
            leaf("types", Operator.IS_A, terms=("product:Toy",)),
        ),
        (Concludes("scope", "product:Food"), leaf("scope", Operator.IS, terms=("product:Food",))),
    ],
    Phase.RECORD: [
        (
            Concludes("record", "record:Fair"),
            leaf("record", Operator.AT_LEAST, terms=("record:Fair",)),
        ),
        (Concludes("record", "record:Poor"), leaf("record", Operator.IS, terms=("record:Poor",))),
    ],
}


@settings(max_examples=BASES // 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), facts=st.lists(items(), min_size=ITEMS, max_size=ITEMS))
def test_chains_within_a_phase_agree_with_the_reference_in_any_order(
    data: st.DataObject, facts: list[Facts]
) -> None:
    phase = data.draw(st.sampled_from(list(CHAINS)))
    links = []
    for then, test in CHAINS[phase]:
        guard = data.draw(conditions(phase, positive=False, depth=1))
        read = data.draw(
            st.sampled_from([None, *(reads for _, reads in CHAINS[phase] if reads != test)])
        )
        when = guard if read is None else AllOf((guard, read))
        links.append(
            Rule(
                id="",
                title="",
                agency="",
                phase=phase,
                regime="",
                when=when,
                then=then,
                because="",
                bases={},
            )
        )
    assert_all_agree(based(data.draw(st.permutations(links))), facts)
