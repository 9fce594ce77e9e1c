"""Repeated requests: nothing is asked for that was given, and nothing twice (TFA 10.4, TBT 5.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from engine.decide.decision import Decision, Request
from engine.decide.program import Program
from engine.declaration.facts import Facts, Value
from engine.language.rule import Rule
from engine.language.vocabulary import FactType
from engine.specs.safeguards.finding import ANY, CONFORMITY, Finding, Kind, Verdict, article

_FULL_CODE = 10
"""Digits of a commodity code that nothing finer follows."""


def of_requests(
    program: Program, decision: Decision, items: Mapping[int, Facts]
) -> Iterator[Finding]:
    """What is asked for that the declaration, or an agency, gave already; *items* by number."""
    times = Counter(request.fact for request in decision.requests)
    for request in decision.requests:
        rules = _asking(program, decision, request)
        if times[request.fact] > 1:
            yield _found(Verdict.FLAG, rules, f"{request.label}: asked for twice", request.items)
            continue
        given = [
            (number, items[number].values[request.fact])
            for number in request.items
            if number in items and request.fact in items[number].values
        ]
        again = [number for number, value in given if not _coarse(program, request.fact, value)]
        if again:
            words = f"{request.label}: asked for, although it was given"
            yield _found(Verdict.FLAG, rules, words, tuple(again))
        elif given:
            words = f"{request.label}: given, and more of it is asked for"
            yield _found(Verdict.NO_FLAG, rules, words, request.items)
        else:
            words = f"{request.label}: asked for once, and not given before"
            yield _found(Verdict.NO_FLAG, rules, words, request.items)


def _asking(program: Program, decision: Decision, request: Request) -> list[Rule]:
    """The rules that a request is for."""
    names = dict.fromkeys(
        one.rule
        for item in decision.items
        for one in item.undetermined
        if request.fact in one.missing and one.on_unknown == "request"
    )
    return [program.rules[program.numbers[name]].rule for name in names]


def _coarse(program: Program, fact: str, value: Value) -> bool:
    """Whether a value can be made finer, so that asking on is no repetition."""
    match program.vocabulary.facts[fact].type:
        case FactType.CODE:
            return isinstance(value, str) and len(value) < _FULL_CODE
        case FactType.TERM:
            return isinstance(value, str) and len(program.vocabulary.below(value)) > 1
        case FactType.TERMS | FactType.DOCUMENTS:
            return True
        case _:
            return False


def _found(verdict: Verdict, rules: list[Rule], words: str, items: tuple[int, ...]) -> Finding:
    regimes = {rule.regime for rule in rules}
    regime = CONFORMITY if regimes == {CONFORMITY} else ANY
    mend = "a dated rate, or the record of the agency that has it, should answer"
    return Finding(
        kind=Kind.REQUEST,
        verdict=verdict,
        regime=regime,
        article=str(article(Kind.REQUEST, regime)),
        rules=tuple(rule.id for rule in rules),
        words=words,
        mend=mend if verdict is Verdict.FLAG else None,
        item=items[0] if len(items) == 1 else None,
    )
