"""Whether there is ground: a basis in force, exemptions that lighten, nothing between agencies."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.combining import rank
from engine.declaration.realising import TYPE
from engine.language.condition import leaves
from engine.language.expression import GOODS
from engine.language.law import Regulation
from engine.language.period import Period
from engine.language.rule import Control, GoodsStatus, Phase, Rule
from engine.language.vocabulary import Basis, FactType, Source
from engine.prove.encoding import Encoding, within
from engine.prove.imposing import (
    applied,
    by_risk_or_law,
    decided_reach,
    graver,
    imposing,
    more,
)
from engine.prove.item import LEVELS
from engine.prove.logic import Truth, every, implies, no, same, some
from engine.prove.proving import Prover, Question, Shown
from engine.prove.questions.saying import follows_rules, task_of


def basis(prover: Prover) -> Question:
    program, encoding, vocabulary = prover.program, prover.encoding(), prover.program.vocabulary
    acts: dict[str, list[Regulation]] = {}
    for act in vocabulary.regulations.values():
        for key in (act.cited_as, act.href):
            if key:
                acts.setdefault(key, []).append(act)
    baseless: set[str] = set()
    wrong: list[Truth] = []
    for compiled in program.by_phase[Phase.CONTROL]:
        rule = compiled.rule
        if not (isinstance(rule.then, Control | GoodsStatus) and prover.concerns(rule.id)):
            continue
        known = {**vocabulary.bases, **rule.bases}
        verdict, day = encoding.verdicts[compiled.number], encoding.item.day(rule.date)
        if not rule.cited:
            wrong.append(verdict.true)
            baseless.add(rule.id)
        for name in rule.cited:
            if periods := _in_force(name, known[name], acts):
                forces = some(within(period, day) for period in periods)
                wrong.append(every((verdict.true, no(forces))))

    def broken(shown: Sequence[Shown]) -> str | None:
        for name in sorted(filter(prover.concerns, applied(shown[0].item))):
            rule = program.rules[program.numbers[name]].rule
            if not isinstance(rule.then, Control | GoodsStatus):
                continue
            if name in baseless:
                return f"`{name}` applies and cites no basis"
            day = shown[0].facts.days[rule.date]
            known = {**vocabulary.bases, **rule.bases}
            for basis in rule.cited:
                periods = _in_force(basis, known[basis], acts)
                if periods and not any(day in period for period in periods):
                    return f"`{name}` applies and cites {known[basis].cite}, not in force on {day}"
        return None

    return Question((prover.first,), some(wrong), broken)


def _in_force(name: str, basis: Basis, acts: dict[str, list[Regulation]]) -> list[Period]:
    """The periods in which the act behind a basis is in force, as far as they are on record."""
    found = acts.get(name) or acts.get(basis.href or "") or []
    return [period for act in found for period in act.in_force]


def exemption(prover: Prover) -> Question:
    program, vocabulary = prover.program, prover.program.vocabulary
    exempting = [compiled for compiled in program.rules if compiled.rule.unless is not None]
    tests = [leaf.test for compiled in exempting for leaf in leaves(compiled.rule.unless)]
    facts = {test.fact for test in tests if vocabulary.facts[test.fact].source is Source.LOOKED_UP}
    papers = {
        test.terms[0] for test in tests if vocabulary.facts[test.fact].type is FactType.DOCUMENTS
    }
    item = prover.like(facts | papers)
    one, other = prover.encoding(), prover.encoding(item)
    gained = some(every((one.verdicts[c.number].true, other.exempted(c.number))) for c in exempting)
    kept = [implies(one.exempted(c.number), other.exempted(c.number)) for c in exempting]
    kept += [
        implies(one.item.document(paper, status), item.document(paper, status))
        for paper in sorted(papers)
        for status in LEVELS
    ]
    kept += [same(one.item.settled(paper), item.settled(paper)) for paper in sorted(papers)]
    worse = some(
        (more(other.imposed, one.imposed, by_risk_or_law), graver(other.imposed, one.imposed))
    )

    def broken(shown: Sequence[Shown]) -> str | None:
        before, after = (one.item for one in shown)
        freed = {one.rule for one in after.exempted} & applied(before)
        if not freed:
            return None
        ranks = [decided_reach(one, program, follows_rules) for one in (before, after)]
        for place, rate in ranks[1].items():
            if rate > ranks[0][place]:
                return (
                    f"once `{min(freed)}` exempts the goods, {task_of(prover, place)} or more is "
                    f"carried out at {rate:%} instead of {ranks[0][place]:%}"
                )
        if rank(vocabulary, after.status) > rank(vocabulary, before.status):
            return f"once `{min(freed)}` exempts the goods, they are held"
        return None

    return Question((one.item, item), every((gained, *kept, worse)), broken)


def gap(prover: Prover) -> Question:
    program, encoding, vocabulary = prover.program, prover.encoding(), prover.program.vocabulary
    governed = {name for act in vocabulary.regulations.values() for name in act.governs}
    inside = True if GOODS.term in governed else encoding.item.holding(TYPE, governed)
    unsettled = some(encoding.at_least(place).unknown for place in range(1, len(program.levels)))
    asked = some(
        every((encoding.verdicts[compiled.number].unknown, no(_idle(encoding, compiled.rule))))
        for compiled in program.by_phase[Phase.CONTROL]
        if compiled.rule.on_unknown == "request"
    )

    def broken(shown: Sequence[Shown]) -> str | None:
        item, types = shown[0].item, shown[0].facts.values.get(TYPE, frozenset())
        inside = GOODS.term in governed or (isinstance(types, frozenset) and types & governed)
        if not inside or item.risk_level == item.possible_risk_level or item.pending:
            return None
        return (
            f"the risk may be {vocabulary.label(item.risk_level)} or "
            f"{vocabulary.label(item.possible_risk_level)}, and nobody is asked"
        )

    return Question((prover.first,), every((inside, unsettled, no(asked))), broken)


def _idle(encoding: Encoding, rule: Rule) -> Truth:
    """Whether its agency imposes as much already, so that no answer could change anything."""
    if not isinstance(rule.then, Control):
        return False
    others = list(imposing(encoding.program, lambda other: other.agency == rule.agency))
    return every(
        some(
            encoding.verdicts[number].true
            for number, _, other in others
            if (other.task, other.unit) == (task.task, task.unit) and other.rate >= task.rate
        )
        for task in rule.then.tasks
    )
