"""Necessity, as far as the record tells: what was weighed, what would do, and the ladder.

Whether a measure is necessary no check says; these find where its own record speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decide.answer import RISK_LEVEL
from engine.decide.combining import proportion
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.program import Formula, Group
from engine.declaration.facts import GOVERNING_DATES, Facts
from engine.language.condition import AllOf, AnyOf, leaves
from engine.language.rule import Control
from engine.language.vocabulary import FactType
from engine.specs.safeguards.finding import CONFORMITY, SPS, Finding, Kind, Verdict, about
from engine.specs.safeguards.subject import Subject

FLAG, INSUFFICIENT, NO_FLAG = Verdict.FLAG, Verdict.INSUFFICIENT, Verdict.NO_FLAG

SIGNIFICANT = 2
"""Steps between controls from which one is *significantly* less restrictive (SPS 5.6). The article
gives no measure: this one is ours, to be confirmed."""


def objective(subject: Subject) -> Iterator[Finding]:
    """What was weighed; that nothing was, the static checks say."""
    if subject.above_papers:
        words = "its objective and the lesser measures that were weighed are on record"
        yield about(Kind.OBJECTIVE, NO_FLAG, subject.rule, words)


def standard(subject: Subject) -> Iterator[Finding]:
    """The standard that it follows, or why it follows none."""
    why = subject.rule.proportionality
    if subject.above_papers and why is not None:
        words = "it names the standard" if why.standard else "it says why it follows no standard"
        yield about(Kind.STANDARD, NO_FLAG, subject.rule, words)


def recognition(subject: Subject) -> Iterator[Finding]:
    """Results of equivalent assessment are accepted, whenever that is possible."""
    rule, facts = subject.rule, subject.program.vocabulary.facts
    if rule.regime != CONFORMITY or not subject.above_papers:
        return
    if any(facts[leaf.test.fact].type is FactType.DOCUMENTS for leaf in leaves(rule.unless)):
        words = "the result of another body, verified, spares the control"
        yield about(Kind.RECOGNITION, NO_FLAG, rule, words)
    else:
        words = "no result of another body spares the control, and nothing says why"
        mend = "exempt what a verified result shows, under `[unless]`, wherever that is possible"
        yield about(Kind.RECOGNITION, INSUFFICIENT, rule, words, mend)


def alternative(subject: Subject) -> Iterator[Finding]:
    """Dominance: a recorded measure that is lesser, does as much, and is to be had."""
    imposed, rule = subject.discretionary, subject.rule
    if imposed is None or rule.proportionality is None or not rule.proportionality.alternatives:
        return
    most = max(subject.rank(task.task) for task in imposed.tasks)
    verdict, words = NO_FLAG, "no lesser measure on record does as much"
    for other in rule.proportionality.alternatives:
        steps = most - subject.rank(other.task)
        if steps <= 0 or not other.would_do:
            continue
        name = subject.program.vocabulary.label(other.task)
        if rule.regime != SPS or steps >= SIGNIFICANT:
            verdict = FLAG
            words = f"on its own record, {name} is lesser, to be had, and does as much"
            break
        verdict = INSUFFICIENT
        words = f"{name} does as much; whether it is significantly lesser is not on record"
    mend = "take the lesser measure, or correct the record of what it contributes"
    yield about(Kind.ALTERNATIVE, verdict, rule, words, None if verdict is NO_FLAG else mend)


def calibration(subject: Subject) -> Iterator[Finding]:
    """No control above what the ladder gives the lowest level at which the rule can apply."""
    rule, program = subject.rule, subject.program
    if not isinstance(rule.then, Control):
        return
    level = next((one for one in program.levels if _may_apply(subject, one)), None)
    if level is None:
        return
    found = {proportion(program, rule, task, level) for task in rule.then.tasks}
    name = program.vocabulary.label(level)
    if "flagged" in found:
        words = f"it can apply at {name} risk, and is above what the ladder gives that level"
        mend = "test a higher `item.riskLevel`, or take a lesser control or rate"
        yield about(Kind.CALIBRATION, FLAG, rule, words, mend)
    elif "reported" in found:
        words = "it is above the ladder, as law or a programme sets it: reported, not judged"
        yield about(Kind.CALIBRATION, NO_FLAG, rule, words)
    else:
        yield about(Kind.CALIBRATION, NO_FLAG, rule, "it is within the ladder")


def _may_apply(subject: Subject, level: str) -> bool:
    """Whether the rule could apply at a risk level, whatever else is so."""
    program, concluded = subject.program, {RISK_LEVEL: {level}}
    days = dict.fromkeys(GOVERNING_DATES, subject.on)
    nothing = Facts(values={}, documents={}, settled=frozenset(), days=days)

    def value(formula: Formula) -> int:
        """The value with all tests but those of the level left open."""
        if isinstance(formula, Group):
            parts = [value(part) for part in formula.parts]
            if formula.kind is AllOf:
                return min(parts)
            return max(parts) if formula.kind is AnyOf else TRUE - max(parts)
        if program.tests[formula].fact != RISK_LEVEL:
            return UNKNOWN
        return program.evaluators[formula](nothing, concluded, concluded)

    return any(value(variant.when) != FALSE for variant in subject.compiled.variants)
