"""Control never falls as the risk rises, all else equal (TFA 7.4.3).

Of controls that follow the risk: mandates, random shares and schemes do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.decide.answer import RISK_LEVEL
from engine.decide.combining import rank
from engine.decide.kleene import TRUE
from engine.decide.program import Program
from engine.decide.semantics import ItemRun
from engine.declaration.facts import Facts
from engine.language.rule import Control, Phase, Rule
from engine.specs.safeguards.finding import Finding, Kind, Verdict, about

Intensity = tuple[int, Decimal]
"""The rank of the most intense task, and its rate."""


def of_levels(program: Program, facts: Facts, item: int) -> Iterator[Finding]:
    """Whether the goods of an item, at a higher risk level, would meet less control."""
    most: tuple[Intensity, str, Rule | None] = ((0, Decimal(0)), program.levels[0], None)
    fallen = None
    for level in program.levels:
        found = _most_intense(program, facts, level)
        if found[0] < most[0] and most[2] is not None:
            fallen = (most, level)
        if found[0] >= most[0]:
            most = (found[0], level, found[1])
    label = program.vocabulary.label
    if fallen is not None:
        (_, at, rule), level = fallen
        assert rule is not None
        words = f"these goods meet less control at {label(level)} risk than at {label(at)}"
        mend = "let a control of at least that intensity apply at the higher level, too"
        yield about(Kind.CONCENTRATION, Verdict.FLAG, rule, words, mend, item)
    elif most[2] is not None:
        words = "control of these goods never falls as the risk rises"
        yield about(Kind.CONCENTRATION, Verdict.NO_FLAG, most[2], words, None, item)


def _most_intense(program: Program, facts: Facts, level: str) -> tuple[Intensity, Rule | None]:
    """The most intense control that follows the risk, were the level this one."""
    best: tuple[Intensity, Rule | None] = ((0, Decimal(0)), None)
    run = ItemRun(program, facts)
    for phase, rules in program.by_phase.items():
        if phase is Phase.CONTROL:
            run.tests.certain[RISK_LEVEL] = {level}
            run.tests.possible[RISK_LEVEL] = {level}
        run.tests.enter(phase)
        run.settle(rules)
    for number, verdict in run.verdicts.items():
        rule = program.rules[number].rule
        free = not rule.mandate and rule.selection is None
        if verdict != TRUE or not free or not isinstance(rule.then, Control):
            continue
        for task in rule.then.tasks:
            intensity = (rank(program.vocabulary, task.task), task.rate)
            if intensity > best[0]:
                best = (intensity, rule)
    return best
