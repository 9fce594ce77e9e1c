"""Like treatment of origins and traders (TFA 7.4.2, TBT 2.1), of authorised operators (TFA 7.7)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.combining import rank
from engine.language.rule import Likelihood, Rule
from engine.language.vocabulary import Basis
from engine.prove.imposing import (
    applied,
    by_risk_or_law,
    consequences,
    decided_reach,
    graver,
    imposed,
    more,
)
from engine.prove.logic import every, no, same, some
from engine.prove.proving import Prover, Question, Shown
from engine.prove.questions.saying import follows_rules, task_of

AUTHORISED = "importer.authorised"
ORIGINS = frozenset(
    {"goods.origin", "goods.originGrown", "goods.originProcessed", "consignment.exportCountry"}
)
TRADER = "importer."
"""How the facts about whoever imports begin."""


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
        mine, theirs = (decided_reach(one, program, follows_rules) for one in (first, second))
        for place, rate in mine.items():
            if rate > theirs[place]:
                return (
                    f"an authorised operator has {task_of(prover, place)} or more at {rate:%}, "
                    f"any other at {theirs[place]:%}"
                )
        if rank(program.vocabulary, first.status) > rank(program.vocabulary, second.status):
            return "the goods of an authorised operator are held, those of any other are not"
        return None

    return Question((one.item, item), every((authorised, ordinary, worse)), broken)
