"""What follows the risk: low risk is released, more risk is controlled no less (TFA 7.4.3)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.decision import ItemDecision
from engine.language.rule import Control, GoodsStatus, Phase
from engine.prove.encoding import Encoding
from engine.prove.imposing import (
    at_border,
    by_risk,
    decided_reach,
    more,
)
from engine.prove.logic import Truth, every, no, same, some
from engine.prove.proving import Prover, Question, Shown
from engine.prove.questions.saying import task_of


def released(prover: Prover) -> Question:
    encoding, program = prover.encoding(), prover.program
    mandates: list[Truth] = []
    stops: list[Truth] = []
    for compiled in program.by_phase[Phase.CONTROL]:
        rule, verdict = compiled.rule, encoding.verdicts[compiled.number]
        if rule.mandate:
            mandates.append(verdict.possible)
            continue
        if not prover.concerns(rule.id):
            continue
        if rule.on_unknown == "request":
            stops.append(verdict.unknown)
        heavy = (
            isinstance(rule.then, Control)
            and rule.selection is None
            and any(at_border(program, task.task) for task in rule.then.tasks)
        )
        if heavy or isinstance(rule.then, GoodsStatus):
            stops.append(verdict.true)
    low = no(encoding.at_least(1).possible)
    wrong = every((low, no(some(mandates)), some(stops)))
    rules = {compiled.rule.id: compiled.rule for compiled in program.rules}

    def broken(shown: Sequence[Shown]) -> str | None:
        item = shown[0].item
        lowest = program.levels[0]
        if (item.risk_level, item.possible_risk_level) != (lowest, lowest):
            return None
        by_law = [one for one in item.controls if one.mandate]
        asked = [rules[one.rule] for one in item.undetermined]
        if by_law or any(rule.mandate for rule in asked):
            return None
        if any(rules[one.reasons.rule].mandate for one in item.statuses):
            return None
        for control in item.controls:
            mine = prover.concerns(control.reasons.rule)
            if mine and control.selected_by == "criteria" and at_border(program, control.task):
                return f"the risk is low, and `{control.reasons.rule}` controls the goods"
        for status in item.statuses:
            if prover.concerns(status.reasons.rule):
                return f"the risk is low, and `{status.reasons.rule}` holds the goods"
        for rule in asked if item.pending else ():
            if rule.on_unknown == "request" and prover.concerns(rule.id):
                return f"the risk is low, and `{rule.id}` has the goods wait for an answer"
        return None

    return Question((prover.first,), wrong, broken)


def monotone(prover: Prover) -> Question:
    program = prover.program
    one, other = prover.encoding(), prover.encoding(prover.any_other())
    tests = {
        test
        for compiled in program.by_phase[Phase.CONTROL]
        for variant in compiled.variants
        for pattern in variant.patterns
        for test, _ in (
            *pattern.needs,
            *((join, True) for join in pattern.joins),
            *pattern.blocks,
        )
        if program.tests[test].fact != "item.riskLevel"
    }
    alike = [
        truth
        for test in sorted(tests)
        for truth in (
            same(one.test(test).true, other.test(test).true),
            same(one.test(test).possible, other.test(test).possible),
        )
    ]
    dates = {compiled.rule.date for compiled in program.by_phase[Phase.CONTROL]}
    alike += [one.item.day(name) == other.item.day(name) for name in sorted(dates)]
    settled = [
        same(encoding.at_least(place).true, encoding.at_least(place).possible)
        for encoding in (one, other)
        for place in range(1, len(program.levels))
    ]
    rises = some(
        every((other.at_least(place).true, no(one.at_least(place).true)))
        for place in range(1, len(program.levels))
    )
    # Whatever else is equal, only the level tells the two apart: one item at two levels will do.
    doubt = _falls(one)
    wrong = every((*alike, *settled, rises, more(one.imposed, other.imposed, by_risk)))

    def broken(shown: Sequence[Shown]) -> str | None:
        low, high = (one.item for one in shown)
        levels = [program.levels.index(item.risk_level) for item in (low, high)]
        sure = all(item.risk_level == item.possible_risk_level for item in (low, high))
        if not sure or levels[0] >= levels[1]:
            return None
        if _by_law(low) != _by_law(high):
            return None
        before, after = (
            decided_reach(item, program, lambda control: control.selected_by == "criteria")
            for item in (low, high)
        )
        for place, rate in before.items():
            if rate > after[place]:
                return (
                    f"at {program.vocabulary.label(low.risk_level)} risk {task_of(prover, place)} "
                    f"or more is carried out at {rate:%}, at "
                    f"{program.vocabulary.label(high.risk_level)} risk at {after[place]:%}"
                )
        return None

    return Question((prover.first, other.item), wrong, broken, doubt)


def _falls(encoding: Encoding) -> Truth:
    """Whether control of the item would reach less far at some higher level."""
    program = encoding.program
    at = [encoding.controls_at(level) for level in program.levels]
    return some(
        more((program, at[low]), (program, at[high]), by_risk)
        for high in range(len(at))
        for low in range(high)
    )


def _by_law(item: ItemDecision) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    """Mandates, exemptions and status of an item."""
    return (
        {(one.reasons.rule, one.task) for one in item.controls if one.mandate},
        {one.rule for one in item.exempted},
        {one.reasons.rule for one in item.statuses},
    )
