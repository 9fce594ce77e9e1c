"""No more than is needed: the ladder (TBT 5.1.2), alternatives on record (TBT 2.2, SPS 5.6)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.combining import rank
from engine.language.rule import Control, Phase, Rule
from engine.prove.imposing import (
    by_risk,
    imposing,
)
from engine.prove.logic import every, no, some
from engine.prove.proving import Prover, Question, Shown


def ladder(prover: Prover) -> Question:
    program, encoding = prover.program, prover.encoding()
    vocabulary, levels = program.vocabulary, program.levels
    above = []
    for number, rule, task in imposing(program, by_risk):
        for place, level in enumerate(levels) if prover.concerns(rule.id) else ():
            most, most_rate = program.matrices.ladder[level]
            here, there = rank(vocabulary, task.task), rank(vocabulary, most)
            if here > there or (here == there and task.rate > most_rate):
                highest = no(encoding.at_least(place + 1).possible)
                at = every((encoding.at_least(place).possible, highest))
                above.append(every((encoding.verdicts[number].true, at)))

    def broken(shown: Sequence[Shown]) -> str | None:
        item = shown[0].item
        for control in item.controls:
            if control.proportion == "flagged" and prover.concerns(control.reasons.rule):
                return (
                    f"{vocabulary.label(control.task)} at {control.rate:%} by "
                    f"`{control.reasons.rule}` is above the ladder for "
                    f"{vocabulary.label(item.possible_risk_level)} risk"
                )
        return None

    return Question((prover.first,), some(above), broken)


# TBT 2.2, SPS 5.6


def dominated(rule: Rule, ranks: dict[str, int]) -> str | None:
    """The alternative on record that is less restrictive, no less effective and available."""
    if not isinstance(rule.then, Control) or rule.mandate or rule.proportionality is None:
        return None
    heaviest = max(ranks[task.task] for task in rule.then.tasks)
    return next(
        (
            other.task
            for other in rule.proportionality.alternatives
            if other.would_do and ranks[other.task] < heaviest
        ),
        None,
    )


def dominance(prover: Prover) -> Question:
    program, encoding = prover.program, prover.encoding()
    ranks = {term.id: term.rank or 0 for term in program.vocabulary.of_kind("control")}
    found = {
        compiled.rule.id: (compiled.number, lesser)
        for compiled in program.by_phase[Phase.CONTROL]
        if prover.concerns(compiled.rule.id)
        and (lesser := dominated(compiled.rule, ranks)) is not None
    }

    def broken(shown: Sequence[Shown]) -> str | None:
        for control in shown[0].item.controls:
            if control.reasons.rule in found:
                lesser = program.vocabulary.label(found[control.reasons.rule][1])
                return (
                    f"`{control.reasons.rule}` has on record that {lesser} would do as much, "
                    "is less restrictive and is available"
                )
        return None

    wrong = some(encoding.verdicts[number].true for number, _ in found.values())
    return Question((prover.first,), wrong, broken)
