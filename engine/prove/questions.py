"""The questions that properties ask, each twice: as a formula of what would break it, and as a
judgement of decisions, by which counterexamples are run again.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.combining import rank
from engine.decide.decision import Control as Decided
from engine.decide.decision import ItemDecision
from engine.declaration.realising import TYPE
from engine.language.condition import leaves
from engine.language.expression import GOODS
from engine.language.law import Regulation
from engine.language.period import Period
from engine.language.rule import Control, GoodsStatus, Likelihood, Phase, Rule
from engine.language.vocabulary import Basis, FactType, Source
from engine.prove.encoding import Encoding, within
from engine.prove.imposing import (
    applied,
    at_border,
    by_risk,
    by_risk_or_law,
    consequences,
    decided_reach,
    graver,
    imposed,
    imposing,
    more,
)
from engine.prove.item import LEVELS
from engine.prove.logic import Truth, every, implies, no, same, some
from engine.prove.proving import Prover, Question, Shown

AUTHORISED = "importer.authorised"
ORIGINS = frozenset(
    {"goods.origin", "goods.originGrown", "goods.originProcessed", "consignment.exportCountry"}
)
TRADER = "importer."
"""How the facts about whoever imports begin."""


# TFA 7.4.3


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
                    f"at {program.vocabulary.label(low.risk_level)} risk {_task(prover, place)} "
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


def _follows_rules(control: Decided) -> bool:
    """Whether a control follows law or risk, and no draw."""
    return control.selected_by in ("criteria", "mandate")


def _task(prover: Prover, place: int) -> str:
    terms = prover.program.vocabulary.of_kind("control")
    return next(term.label for term in terms if term.rank == place)


# TFA 7.4.2, TBT 2.1


def justified(rule: Rule, facts: frozenset[str], bases: dict[str, Basis]) -> bool:
    """Whether a rule that tests one of the facts has on record why, and until when.

    For each such test it cites a source that is not illustrative. A mandate needs no more, as law
    prescribes it. Any other rule ends or is reviewed and, where it makes goods likelier to be
    non-compliant, names the evidence. `engine.specs.safeguards.justifying` judges alike.
    """
    known = {**bases, **rule.bases}
    tested = [leaf for leaf in rule.leaves if leaf.test.fact in facts]
    if not tested or not all(
        leaf.basis in known and known[leaf.basis].status != "illustrative" for leaf in tested
    ):
        return False
    if rule.mandate:
        return True
    if rule.effective.end is None and rule.review_by is None:
        return False
    return not isinstance(rule.then, Likelihood) or bool(rule.then.evidence.strip())


def _same_treatment(prover: Prover, facts: frozenset[str]) -> Question:
    program, bases = prover.program, prover.program.vocabulary.bases
    one, other = prover.encoding(), prover.encoding(prover.like(facts))
    excused = {c.number for c in program.rules if justified(c.rule, facts, bases)}
    alike = [
        truth
        for number in sorted(excused)
        for truth in (
            same(one.verdicts[number].true, other.verdicts[number].true),
            same(one.verdicts[number].possible, other.verdicts[number].possible),
        )
    ]
    # Goods of which it is not known whence they come are not said to differ in it.
    alike += [same(one.item.known(fact), other.item.known(fact)) for fact in sorted(facts)]
    imposing_ = consequences(program, lambda rule: rule.selection is None)
    differs = some(
        every(
            (
                some(one.verdicts[number].true for number in numbers),
                no(some(other.verdicts[number].true for number in numbers)),
            )
        )
        for numbers in imposing_.values()
    )
    named = {program.rules[number].rule.id for number in excused}

    def broken(shown: Sequence[Shown]) -> str | None:
        first, second = (one.item for one in shown)
        if applied(first) & named != applied(second) & named:
            return None
        lost = sorted(imposed(first) - imposed(second))
        if not lost:
            return None
        what = program.vocabulary.label(lost[0][1])
        return (
            f"{what} is imposed on the first and not on the second, and nothing on record says why"
        )

    return Question((prover.first, other.item), every((*alike, differs)), broken)


def origins(prover: Prover) -> Question:
    return _same_treatment(prover, ORIGINS & prover.program.vocabulary.facts.keys())


def traders(prover: Prover) -> Question:
    facts = {name for name in prover.program.vocabulary.facts if name.startswith(TRADER)}
    return _same_treatment(prover, frozenset(facts))


# TBT 5.1.2


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


# TFA 7.7


def authorised(prover: Prover) -> Question:
    program = prover.program
    item = prover.like({AUTHORISED})
    one, other = prover.encoding(), prover.encoding(item)
    authorised = every((one.item.known(AUTHORISED), one.item.flag(AUTHORISED)))
    ordinary = every((item.known(AUTHORISED), no(item.flag(AUTHORISED))))
    worse = some(
        (more(one.imposed, other.imposed, by_risk_or_law), graver(one.imposed, other.imposed))
    )

    def broken(shown: Sequence[Shown]) -> str | None:
        first, second = (one.item for one in shown)
        mine, theirs = (decided_reach(one, program, _follows_rules) for one in (first, second))
        for place, rate in mine.items():
            if rate > theirs[place]:
                return (
                    f"an authorised operator has {_task(prover, place)} or more at {rate:%}, "
                    f"any other at {theirs[place]:%}"
                )
        if rank(program.vocabulary, first.status) > rank(program.vocabulary, second.status):
            return "the goods of an authorised operator are held, those of any other are not"
        return None

    return Question((one.item, item), every((authorised, ordinary, worse)), broken)


# Basis


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


# Exemptions


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
        ranks = [decided_reach(one, program, _follows_rules) for one in (before, after)]
        for place, rate in ranks[1].items():
            if rate > ranks[0][place]:
                return (
                    f"once `{min(freed)}` exempts the goods, {_task(prover, place)} or more is "
                    f"carried out at {rate:%} instead of {ranks[0][place]:%}"
                )
        if rank(vocabulary, after.status) > rank(vocabulary, before.status):
            return f"once `{min(freed)}` exempts the goods, they are held"
        return None

    return Question((one.item, item), every((gained, *kept, worse)), broken)


# Gaps


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
