"""Checks on what rules mean together: phases, chains, contradictions, gates."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.language.condition import Leaf, Operator, Test
from engine.language.findings import Findings, Placed
from engine.language.necessity import needs, refused, required, sufficient
from engine.language.rule import Concludes, Likelihood, Phase, Rule
from engine.language.ties import ENDANGERS, READS
from engine.language.vocabulary import Fact, FactType, Source

PHASES = tuple(Phase)
RISK_LEVEL = "item.riskLevel"
"""The fact that the levels of all pairs make, between the phases `assess` and `control`."""

_GATES = frozenset({FactType.CODE, FactType.COUNTRY, FactType.TERM})


def check_meaning(findings: Findings, rule: Rule) -> None:
    """What one rule means by itself."""
    _check_both_ways(findings, rule)
    _check_gate(findings, rule)


def check_phases(findings: Findings, rule: Rule) -> None:
    """That what others conclude is read in a phase that may."""
    closed = PHASES[: PHASES.index(rule.phase)]
    facts = {leaf.test.fact for leaf in rule.leaves}
    if RISK_LEVEL in facts or any(findings.ties.phases(fact).difference(closed) for fact in facts):
        for placed in findings.placed(rule):
            _check_phase(findings, rule, placed)


def check_chains(findings: Findings) -> None:
    """A concluded fact has one phase, and somebody reads it; a likelihood has its danger."""
    ties = findings.ties
    for rule in findings.rules:
        if not isinstance(rule.then, Concludes):
            continue
        name = rule.then.fact
        former = ties.first(name)
        if former.phase is not rule.phase:
            findings.add(
                rule,
                "two-phases",
                f"`{name}` is concluded in two phases",
                ("phase",),
                f"give all its rules the phase of `{former.id}`",
            )
        if not ties.holding(READS, name):
            findings.warn(rule, "unread", f"no rule reads `{name}`", ("then", "concludes"))
    for rule in findings.rules:
        if isinstance(rule.then, Likelihood) and not ties.holding(ENDANGERS, rule.then.hazard):
            findings.warn(
                rule,
                "no-danger",
                f"no rule says how dangerous `{rule.then.hazard}` is: this makes no pair",
                ("then", "likelihood"),
            )


# Phases


def _check_phase(findings: Findings, rule: Rule, placed: Placed) -> None:
    fact = findings.fact(placed.leaf)
    here = PHASES.index(rule.phase)
    for phase in sorted(findings.ties.phases(fact.id), key=PHASES.index):
        if PHASES.index(phase) > here:
            _misread(findings, rule, placed, f"is concluded later, in phase `{phase}`")
        elif phase is rule.phase and (not placed.positive or placed.exempts):
            # INVARIANT: earlier phases are closed before this one starts; negation reads only
            # those.
            findings.add(
                rule,
                "negation-in-phase",
                f"`{fact.id}` is concluded in this same phase, so its absence cannot be tested",
                placed.path,
                "move the rule to a later phase, or test the facts behind it",
            )
        elif phase is rule.phase and (defined := _defined(findings, placed.leaf.test)):
            # The network joins what one rule concludes; a definition may take several things.
            findings.add(
                rule,
                "definition-in-phase",
                f"`{defined}` is a defined class, and this phase still concludes classes",
                placed.path,
                "test what its definition asks for, or move the rule to a later phase",
            )
        elif phase is rule.phase and not _grows(placed.leaf.test, fact):
            why = "can still change in this phase, and this test with it"
            _misread(findings, rule, placed, why)
    if fact.id == RISK_LEVEL and rule.phase is not Phase.CONTROL:
        _misread(findings, rule, placed, "is known only to phase `control`")


def _defined(findings: Findings, test: Test) -> str | None:
    """The first defined class that the test names."""
    terms = findings.vocabulary.terms
    return next((t for t in test.terms if t in terms and terms[t].means is not None), None)


def _misread(findings: Findings, rule: Rule, placed: Placed, why: str) -> None:
    findings.add(
        rule,
        "wrong-phase",
        f"`{placed.leaf.test.fact}` {why}",
        placed.path,
        "read it in a later phase than the one that concludes it",
    )


def _grows(test: Test, fact: Fact) -> bool:
    """Whether the test can only come true, never cease to, as its phase concludes more.

    Sets only gain members. A single value takes the worst conclusion: it rises, once it has its
    lowest value to start from.
    """
    if test.operator is Operator.KNOWN:
        return False
    if fact.type is FactType.TERMS:
        return True
    if fact.type is FactType.BOOLEAN:
        starts_false = fact.assumption is False or (fact.assumption is None and fact.closed)
        return test.flag is True and starts_false
    if not fact.order or fact.assumption != fact.order[0]:
        return False
    match test.operator:
        case Operator.AT_LEAST | Operator.OVER:
            return True
        case Operator.IS | Operator.ONE_OF:
            # The worst values, from some point of the order on.
            return set(test.terms) == set(fact.order[len(fact.order) - len(set(test.terms)) :])
        case _:
            return False


# Contradictions


def _check_both_ways(findings: Findings, rule: Rule) -> None:
    needed = list(dict.fromkeys(leaf.test for leaf in required(rule.when)))
    never = {leaf.test for leaf in refused(rule.when)}
    opposed = {opposite for test in needed for opposite in _opposite(test)}
    facts = dict.fromkeys(test.fact for test in needed if test in never or test in opposed)
    for fact in facts:
        findings.add(
            rule,
            "both-ways",
            f"`{fact}` is needed both ways, so this rule never applies",
            ("when",),
            "remove one of the two tests",
        )
    exempting = {leaf.test for leaf in sufficient(rule.unless)}
    if any(test in exempting for test in needed):
        findings.add(
            rule,
            "both-ways",
            "what this rule needs also exempts from it, so it never applies",
            ("unless",),
            "remove one of the two tests",
        )


def _opposite(test: Test) -> Iterator[Test]:
    if test.flag is not None:
        yield msgspec.structs.replace(test, flag=not test.flag)


# Gates


def _check_gate(findings: Findings, rule: Rule) -> None:
    """Rules are looked up by their most selective required test on what is declared."""

    def opens(leaf: Leaf) -> bool:
        fact = findings.fact(leaf)
        known = leaf.test.operator is Operator.KNOWN
        if fact.source is Source.LOOKED_UP and fact.closed and not known:
            # What few items have on record, and is false of all others.
            return leaf.test.flag is True
        return fact.source is Source.DECLARED and (
            leaf.test.flag is True if known else fact.type in _GATES
        )

    if not needs(rule.when, opens):
        findings.warn(
            rule,
            "no-gate",
            "no declared code, country or term is required: it is looked at for every item",
            ("when",),
            "require one if the rule is meant for some goods only",
        )
