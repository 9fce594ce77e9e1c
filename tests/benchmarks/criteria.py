"""Made rules as plain expressions, for rule engines that know neither unknowns nor phases.

Each variant of a rule becomes one `Row`: a commodity subheading, and an expression that is true
exactly where the rule certainly applies and is in force. An expression is of two values: a
literal that must be false is said as its opposite, of a fact that is known. What the other engines
cannot read as it stands (documents, the classes of a product, everything that rules conclude) is
handed in, settled by our own evaluator; that work is not in their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engine.decide.answer import Answer
from engine.decide.evaluation import evaluate
from engine.decide.kleene import TRUE, UNKNOWN, is_a
from engine.decide.program import Compiled, Formula, Program, Variant
from engine.declaration.facts import GOVERNING_DATES, Facts, Money
from engine.language.condition import AllOf, CodeLine, NoneOf, Operator, Test
from engine.language.vocabulary import FactType, Source

SUBHEADING = 6
Input = bool | float | str
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SIGNS = {
    Operator.UNDER: "<",
    Operator.AT_MOST: "<=",
    Operator.OVER: ">",
    Operator.AT_LEAST: ">=",
}


@dataclass(frozen=True)
class Compare:
    """The number at *slot* is known and compares so."""

    slot: str
    sign: str
    number: float


@dataclass(frozen=True)
class Among:
    """The word at *slot* is known, and is one of *words*, or *outside* them."""

    slot: str
    words: tuple[str, ...]
    outside: bool


@dataclass(frozen=True)
class Equals:
    """The boolean at *slot* is known and is *flag*."""

    slot: str
    flag: bool


@dataclass(frozen=True)
class Joined:
    """Every part holds, or at least one."""

    every: bool
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Never:
    """The part does not hold."""

    part: Expression


Expression = Compare | Among | Equals | Joined | Never


@dataclass(frozen=True)
class Row:
    """Rule *number* certainly applies to goods of *subheading* for which *expression* is true."""

    number: int
    subheading: int
    expression: Expression


def rows(program: Program) -> list[Row]:
    """Every variant of every rule. Raises `ValueError` where one is not gated by one code."""
    return [_row(program, compiled, v) for compiled in program.rules for v in compiled.variants]


def _row(program: Program, compiled: Compiled, variant: Variant) -> Row:
    gates = {pattern.gate for pattern in variant.patterns}
    tests = [program.tests[gate] for gate in gates if gate is not None]
    if len(gates) != 1 or not tests or len(tests[0].codes) != 1:
        raise ValueError(f"{compiled.rule.id} is not gated by one commodity code")
    code = tests[0].codes[0].code
    parts: list[Expression] = []
    if len(code) > SUBHEADING:
        parts.append(Compare("code8", "==", int(code)))
    day, period = _slot(f"day.{compiled.rule.date}"), variant.period
    if period.start is not None:
        parts.append(Compare(day, ">=", period.start.toordinal()))
    if period.end is not None:
        parts.append(Compare(day, "<", period.end.toordinal()))
    parts.append(_said(program, variant.when, True))
    if variant.unless is not None:
        parts.append(Never(_said(program, variant.unless, True)))
    return Row(compiled.number, int(code[:SUBHEADING]), _joined(True, parts))


def _said(program: Program, formula: Formula, truth: bool) -> Expression:
    """Where *formula* is certainly true, or certainly false."""
    if isinstance(formula, int):
        return _literal(program, formula, truth)
    if formula.kind is NoneOf:
        truth = not truth
    every = truth is (formula.kind is AllOf)
    return _joined(every, [_said(program, part, truth) for part in formula.parts])


def _joined(every: bool, parts: list[Expression]) -> Expression:
    return Joined(every, tuple(part for part in parts if not every or part != NOTHING))


NOTHING = Joined(True, ())
"""What the subheading says already."""


def _literal(program: Program, number: int, truth: bool) -> Expression:
    test = program.tests[number]
    fact = program.vocabulary.facts[test.fact]
    if test.codes and truth:
        return _line(test.codes[0])
    if not _plain(program, test):
        return Equals(f"test{number}", truth)
    if fact.type is FactType.COUNTRY:
        return Among(_slot(test.fact), test.terms, outside=not truth)
    if fact.type is FactType.BOOLEAN:
        return Equals(_slot(test.fact), test.flag is truth)
    slot = _slot(f"{test.fact}.{test.currency}" if test.currency else test.fact)
    assert test.number is not None
    low = _number(test.number)
    if test.operator is Operator.BETWEEN:
        assert test.upper is not None
        ends = (_compare(slot, ">=", low, truth), _compare(slot, "<=", _number(test.upper), truth))
        return Joined(truth, ends)
    return _compare(slot, SIGNS[test.operator], low, truth)


def _line(line: CodeLine) -> Expression:
    """What a code line asks beside its code: the product, or the digits that stand for it."""
    if line.ex is None:
        return NOTHING
    product = _product(line.ex)
    digits = tuple(Compare("subdivision", "==", int(pair)) for pair in line.subdivisions)
    open_product = Never(Equals(product, False))
    return Joined(
        False, (Equals(product, True), Joined(True, (open_product, Joined(False, digits))))
    )


def _product(term: str) -> str:
    return f"product_{term.split(':')[1]}"


def _compare(slot: str, sign: str, number: float, truth: bool) -> Compare:
    return Compare(slot, sign if truth else OPPOSITE[sign], number)


def _plain(program: Program, test: Test) -> bool:
    """Whether any rule engine can read the fact as it stands."""
    fact = program.vocabulary.facts[test.fact]
    if fact.source is Source.CONCLUDED:
        return False
    match fact.type:
        case FactType.COUNTRY:
            return test.operator is Operator.ONE_OF
        case FactType.BOOLEAN:
            return test.operator is Operator.IS
        case _:
            compares = test.operator in SIGNS or test.operator is Operator.BETWEEN
            return test.number is not None and compares


def _number(value: Decimal) -> float:
    """Whole where it can be: other engines are quicker so."""
    return int(value) if value == value.to_integral_value() else float(value)


def _slot(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


# Items


class Inputs:
    """Makes what an item hands in: slot → value, what is unknown left out."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._handed = [
            number
            for number, test in enumerate(program.tests)
            if not _plain(program, test) and not test.codes
        ]
        self._products = {line.ex for test in program.tests for line in test.codes if line.ex}
        self._closed = {test.fact for test in program.tests if _plain(program, test)} & {
            fact.id for fact in program.vocabulary.facts.values() if fact.closed
        }

    def of(self, facts: Facts, answer: Answer) -> dict[str, Input]:
        """The item's *facts*, with what *answer* concluded of it."""
        code = str(facts.values["goods.commodityCode"])
        given: dict[str, Input] = {"code6": int(code[:SUBHEADING]), "code8": int(code[:8])}
        if len(code) >= 10:
            given["subdivision"] = int(code[8:10])
        given.update((_slot(f"day.{day}"), facts.days[day].toordinal()) for day in GOVERNING_DATES)
        given.update((_slot(name), False) for name in self._closed)
        for name, value in facts.values.items():
            if isinstance(value, Money):
                given[_slot(f"{name}.{value.currency}")] = _number(value.amount)
            elif isinstance(value, Decimal):
                given[_slot(name)] = _number(value)
            elif isinstance(value, bool | str):
                given[_slot(name)] = value
        return {**given, **self._settled(facts, answer)}

    def _settled(self, facts: Facts, answer: Answer) -> dict[str, Input]:
        certain, possible = _by_fact(answer.certain), _by_fact(answer.possible)
        values = {
            number: evaluate(
                self._program.tests[number], facts, self._program.vocabulary, certain, possible
            )
            for number in self._handed
        }
        settled = {f"test{number}": value for number, value in values.items()}
        product = facts.values.get("goods.product")
        if isinstance(product, str):
            for term in self._products:
                settled[_product(term)] = is_a(product, term, self._program.vocabulary)
        return {slot: value == TRUE for slot, value in settled.items() if value != UNKNOWN}


def _by_fact(conclusions: frozenset[tuple[str, str | bool]]) -> dict[str, set[str | bool]]:
    table: dict[str, set[str | bool]] = {}
    for fact, value in conclusions:
        table.setdefault(fact, set()).add(value)
    return table


def slots(expression: Expression) -> set[str]:
    """The slots that the expression reads."""
    match expression:
        case Joined(_, parts):
            return set().union(*(slots(part) for part in parts))
        case Never(part):
            return slots(part)
        case _:
            return {expression.slot}
