"""What authors state, as a question: wherever the conditions certainly hold, what must be so is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.decide.combining import rank
from engine.decide.evaluation import evaluate
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.language.condition import AllOf, AnyOf, Condition, Leaf, NoneOf
from engine.language.rule import Control, GoodsStatus, Phase
from engine.language.stated import Must, Stated
from engine.prove.encoding import Encoding
from engine.prove.imposing import at_border, giving, reaching
from engine.prove.logic import Kleene, Truth, every, greatest, least, no, opposite, some
from engine.prove.proving import Prover, Question, Shown
from engine.prove.testing import meaning


def holding(condition: Condition, encoding: Encoding) -> Kleene:
    """The value of a condition of the rule language, once all rules are decided."""
    if isinstance(condition, Leaf):
        return meaning(condition.test, encoding.item, encoding.concluded)
    parts = [holding(part, encoding) for part in condition.parts]
    match condition:
        case AllOf():
            return least(parts)
        case AnyOf():
            return greatest(parts)
        case NoneOf():
            return opposite(greatest(parts))


def asking(stated: Stated) -> Callable[[Prover], Question]:
    """The question whether what is stated can be broken."""
    assert stated.must is not None, "an assumption is no question"
    must = stated.must

    def ask(prover: Prover) -> Question:
        encoding = prover.encoding()
        when = holding(stated.when, encoding).true
        wrong = every((when, no(_is_so(must, encoding))))

        def broken(shown: Sequence[Shown]) -> str | None:
            (one,) = shown
            if _holds(stated.when, one, prover.program) != TRUE:
                return None
            lacking = _lacking(must, one, prover.program)
            return None if lacking is None else f"{stated.title}: {lacking}"

        return Question((prover.first,), wrong, broken)

    return ask


def _is_so(must: Must, encoding: Encoding) -> Truth:
    program, levels = encoding.program, encoding.program.levels
    found: list[Truth] = []
    if must.control is not None:
        reach = rank(program.vocabulary, must.control), must.rate
        found.append(
            some(reaching(program, encoding.verdicts, lambda r: isinstance(r.then, Control), reach))
        )
    if must.status is not None:
        place = rank(program.vocabulary, must.status)
        found.append(some(giving(program, encoding.verdicts, place)))
    if must.level_at_least is not None:
        found.append(encoding.at_least(levels.index(must.level_at_least)).true)
    if must.level_at_most is not None:
        found.append(no(encoding.at_least(levels.index(must.level_at_most) + 1).possible))
    if must.released:
        found.append(no(_stopped(encoding)))
    return every(found)


def _stopped(encoding: Encoding) -> Truth:
    """Whether law or risk stops the goods at the border, or somebody might have to be asked."""
    program = encoding.program
    stops: list[Truth] = []
    for compiled in program.by_phase[Phase.CONTROL]:
        rule, verdict = compiled.rule, encoding.verdicts[compiled.number]
        if rule.on_unknown == "request":
            stops.append(verdict.unknown)
        by_rule = isinstance(rule.then, Control) and rule.selection is None
        tasks = rule.then.tasks if isinstance(rule.then, Control) and by_rule else ()
        if isinstance(rule.then, GoodsStatus) or any(at_border(program, t.task) for t in tasks):
            stops.append(verdict.true)
    return some(stops)


# As decided


def _holds(condition: Condition, shown: Shown, program: Program) -> int:
    answer = Semantics(program).judge(shown.facts)
    certain: dict[str, set[str | bool]] = {}
    possible: dict[str, set[str | bool]] = {}
    for table, conclusions in ((certain, answer.certain), (possible, answer.possible)):
        for fact, concluded in conclusions:
            table.setdefault(fact, set()).add(concluded)

    def value(part: Condition) -> int:
        if isinstance(part, Leaf):
            return evaluate(part.test, shown.facts, program.vocabulary, certain, possible)
        values = [value(each) for each in part.parts]
        match part:
            case AllOf():
                return min(values, default=TRUE)
            case AnyOf():
                return max(values, default=FALSE)
            case NoneOf():
                return TRUE - max(values, default=FALSE)

    return value(condition)


def _lacking(must: Must, shown: Shown, program: Program) -> str | None:
    """What of that which must be so is not, in the decision."""
    item, vocabulary, levels = shown.item, program.vocabulary, program.levels
    if must.control is not None and not any(
        rank(vocabulary, one.task) >= rank(vocabulary, must.control) and one.rate >= must.rate
        for one in item.controls
    ):
        return f"no {vocabulary.label(must.control)} or more at {must.rate:%} or more"
    if must.status is not None and rank(vocabulary, item.status) < rank(vocabulary, must.status):
        return f"the status is {vocabulary.label(item.status)}"
    certain, highest = map(levels.index, (item.risk_level, item.possible_risk_level))
    if must.level_at_least is not None and certain < levels.index(must.level_at_least):
        return f"the risk may be {vocabulary.label(item.risk_level)}"
    if must.level_at_most is not None and highest > levels.index(must.level_at_most):
        return f"the risk may be {vocabulary.label(item.possible_risk_level)}"
    if must.released and (
        item.pending
        or item.statuses
        or any(
            one.selected_by in ("criteria", "mandate") and at_border(program, one.task)
            for one in item.controls
        )
    ):
        return "the goods are not released"
    return None
