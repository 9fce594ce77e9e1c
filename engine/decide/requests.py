"""What is asked for, and only that: facts able to change the outcome, once for all agencies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.decide import deadlines
from engine.decide.answer import RISK_LEVEL, Pair, pairs
from engine.decide.codes import code_value
from engine.decide.decision import Control, Request
from engine.decide.evaluation import evaluate
from engine.decide.explanation import Explainer
from engine.decide.kleene import FALSE, UNKNOWN
from engine.decide.program import Program
from engine.declaration.facts import Facts, Lack
from engine.declaration.totals import PARTS
from engine.language.asking import tested
from engine.language.base import REQUEST_DAYS
from engine.language.condition import Test
from engine.language.expression import Named
from engine.language.rule import Concludes
from engine.language.rule import Control as Imposes
from engine.language.vocabulary import Source

COUNTRY = "authority.country"
"""The fact that says in which country the goods are controlled, and so whose days count."""

OTHERWISE = (
    "until it is answered, or an officer waives it with a reason, the goods are not released"
)


class Open:
    """What one undetermined rule of the control phase lacks."""

    def __init__(self, item: int, number: int, lacks: tuple[Lack, ...], asks: bool) -> None:
        self.item, self.number, self.lacks, self.asks = item, number, lacks, asks

    def without(self, waived: Collection[str]) -> Open:
        """The same when some facts are not asked for any more."""
        left = tuple(lack for lack in self.lacks if lack.fact not in waived)
        return Open(self.item, self.number, left, self.asks and bool(left))

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the missing facts."""
        return tuple(dict.fromkeys(lack.fact for lack in self.lacks))


def open_questions(
    program: Program, explainer: Explainer, item: int, imposed: Sequence[Control]
) -> Iterator[Open]:
    """The undetermined controls and statuses of an item, with the facts that would settle them.

    *asks* is false where the rule passes over what is unknown, or where an agency already
    imposes as much, so that no answer could change the outcome.
    """
    for number in sorted(explainer.answer.undetermined):
        rule = program.rules[number].rule
        if rule.phase != "control":
            continue
        lacks = tuple(dict.fromkeys(missing(program, explainer, number)))
        idle = isinstance(rule.then, Imposes) and all(
            any(
                (other.agency, other.task, other.unit) == (rule.agency, task.task, task.unit)
                and other.rate >= task.rate
                for other in imposed
            )
            for task in rule.then.tasks
        )
        yield Open(item, number, lacks, rule.on_unknown == "request" and not idle)


def missing(
    program: Program, explainer: Explainer, number: int, above: frozenset[int] = frozenset()
) -> Iterator[Lack]:
    """The base facts whose absence keeps a rule open, through every rule that it builds on."""
    for test_number in explainer.unsettled(number):
        test = program.tests[test_number]
        fact = program.vocabulary.facts[test.fact]
        if fact.source is Source.CONCLUDED:
            for other in _behind(program, explainer, test):
                if other not in above:
                    yield from missing(program, explainer, other, above | {number})
            if fact.id == "goods.type":
                yield from _of_class(explainer, test)
        elif any(line.ex for line in test.codes):
            yield Lack(_of_code_lines(explainer, test))
        elif fact.id in PARTS:
            # A total that lacks nothing is of money in currencies that cannot be compared.
            yield from explainer.facts.lacks.get(fact.id, (Lack(PARTS[fact.id]),))
        elif fact.id == "goods.valuePerKg":
            yield from map(Lack, _of_price(explainer))
        else:
            yield Lack(fact.id)


def _of_price(explainer: Explainer) -> Sequence[str]:
    """Nobody states a price per kilogram: what is asked for is the part that spoils it."""
    values = explainer.facts.values
    if "goods.valuePerKg" in values:
        return ("goods.value",)  # known, but in a currency without a rate
    parts = [part for part in ("goods.value", "goods.netMassKg") if part not in values]
    return parts or ("goods.netMassKg",)  # both are stated, so the mass is nothing


def _behind(program: Program, explainer: Explainer, test: Test) -> Iterable[int]:
    """The undetermined rules that could settle a test on a concluded fact."""
    answer = explainer.answer
    if test.fact != RISK_LEVEL:
        return [
            number
            for number in sorted(answer.undetermined)
            if isinstance(then := program.rules[number].rule.then, Concludes)
            and then.fact == test.fact
        ]
    found: dict[int, None] = {}
    for pair in pairs(program, answer.applies | answer.undetermined):
        if _matters(program, explainer, test, pair):
            members = (pair.danger, pair.likelihood)
            found.update(
                dict.fromkeys(n for n in members if n in answer.undetermined and n is not None)
            )
    return found


def _matters(program: Program, explainer: Explainer, test: Test, pair: Pair) -> bool:
    """Whether a pair, if it held, would give the level test another value than it has without."""
    certain = explainer.answer.level[0]
    values = {
        evaluate(test, explainer.facts, program.vocabulary, {RISK_LEVEL: {level}})
        for level in (certain, pair.level)
    }
    return len(values) > 1


def _of_class(explainer: Explainer, test: Test) -> Iterator[Lack]:
    """What would tell whether goods are of a class: of a defined one, what its definition lacks."""
    for term in test.terms:
        means = explainer.program.vocabulary.terms[term].means
        atoms = [] if means is None else list(explainer.left_open(means))
        for atom in atoms:
            if not isinstance(atom, Named):
                yield Lack(atom.fact)
            elif atom.term.startswith("hs:"):
                yield Lack("goods.commodityCode")
            else:
                yield from _of_class(explainer, tested(atom, explainer.program.vocabulary))
        if not atoms:
            yield Lack(_finer(explainer))


def _finer(explainer: Explainer) -> str:
    """What would tell more of the kind of product."""
    return (
        "goods.product"
        if "goods.commodityCode" in explainer.facts.values
        else "goods.commodityCode"
    )


def _of_code_lines(explainer: Explainer, test: Test) -> str:
    """A code too short to tell wants more digits; one that leaves `ex` open wants the product."""
    code = explainer.facts.values.get(test.fact)
    declared = code if isinstance(code, str) else None
    values = {code_value(declared, line.code) for line in test.codes} - {FALSE}
    return test.fact if values == {UNKNOWN} else "goods.product"


class Due(NamedTuple):
    """The last day for an answer; *calendar* and *complete* as in `Request`."""

    by: date | None = None
    calendar: str | None = None
    complete: bool = True


def due_after(program: Program, on: date, items: Iterable[Facts]) -> Due:
    """Until when what is asked *on* a day is to be answered.

    Working days are those of the one country in which all *items* are controlled, else of the
    institutions. A base without their calendar can only count plain days.
    """
    parameter = program.parameters.get(REQUEST_DAYS)
    days = parameter.on(on) if parameter is not None else None
    if days is None:
        return Due()
    countries = {str(facts.values.get(COUNTRY, "")) for facts in items}
    country = countries.pop() if len(countries) == 1 else None
    calendar = deadlines.calendar_of(country, program.calendars)
    if calendar is None:
        return Due(on + timedelta(int(days)))
    end, complete = deadlines.after_working_days(on, int(days), calendar)
    return Due(end, calendar.title, complete)


def requests(program: Program, found: Iterable[Open], due: Due) -> tuple[Request, ...]:
    """One request a fact, naming all who ask, all items, and what happens otherwise."""
    by_fact: dict[str, list[Open]] = {}
    for question in found:
        for fact in question.facts if question.asks else ():
            by_fact.setdefault(fact, []).append(question)
    return tuple(
        _request(program, fact, by_fact[fact], _where(fact, by_fact[fact]), due)
        for fact in sorted(by_fact)
    )


def _where(fact: str, questions: list[Open]) -> tuple[int, ...]:
    """The items that the fact is missing of: a total may lack it of another than the one asked."""
    found = {q.item for q in questions if Lack(fact) in q.lacks}
    # Every item with the same total has the same list: each is looked at once.
    lists = {id(one.items): one.items for q in questions for one in q.lacks if one.fact == fact}
    return tuple(sorted(found.union(*lists.values())))


def _request(
    program: Program,
    name: str,
    questions: list[Open],
    items: tuple[int, ...],
    due: Due,
) -> Request:
    fact = program.vocabulary.facts[name]
    rules = [program.rules[number].rule for number in dict.fromkeys(q.number for q in questions)]
    titles = list(dict.fromkeys(rule.title for rule in rules))
    more = f" (and {len(titles) - 2} more)" if len(titles) > 2 else ""
    agencies = program.vocabulary.agencies
    return Request(
        fact=name,
        label=fact.label,
        items=items,
        asked_by=tuple(sorted({r.agency for r in rules}, key=lambda a: agencies[a].rank)),
        answered_by="agency" if fact.source is Source.LOOKED_UP else "declarant",
        reason=f"needed to decide: {'; '.join(titles[:2])}{more}",
        due_by=due.by,
        calendar=due.calendar,
        complete=due.complete,
        otherwise=OTHERWISE,
    )
