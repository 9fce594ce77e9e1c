"""A rule read aloud: tests, groups and consequences as English text.

Operators are words, not signs: in a right-to-left page a browser mirrors ``>``. Golden texts in
`tests/test_language_sentences.py` fix one sentence an operator and group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.language.asking import tested
from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Operator,
    Test,
)
from engine.language.expression import (
    GOODS,
    Atom,
    Either,
    Every,
    Expression,
    Interval,
    Named,
    Range,
)
from engine.language.rule import (
    RANDOM,
    SCHEME,
    Concludes,
    Control,
    Danger,
    GoodsStatus,
    Likelihood,
    Parameter,
    Rule,
    Task,
)
from engine.language.vocabulary import Fact, FactType, Source, Vocabulary

_COMPARED = {
    Operator.UNDER: "less than",
    Operator.AT_MOST: "at most",
    Operator.OVER: "more than",
    Operator.AT_LEAST: "at least",
    Operator.IS: "exactly",
}
_SELECTS = {None: "carries out", RANDOM: "carries out at random", SCHEME: "carries out by a scheme"}
INTRODUCED = {
    AllOf: "all of these hold",
    AnyOf: "at least one of these holds",
    NoneOf: "none of these holds",
}


class Reading:
    """Reads rules aloud in the words of one vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, parameters: dict[str, Parameter] | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters or {}

    # Tests

    def test(self, test: Test) -> str:
        """One test as a clause: ``the intended age is less than 36 months``."""
        fact = self.vocabulary.facts[test.fact]
        if test.operator is Operator.HAS:
            # What is verified was also presented and declared.
            least = "" if test.status == "verified" else "at least "
            return f"among the documents is: {self.label(test.terms[0])}, {least}{test.status}"
        subject = f"the {fact.label}"
        if test.operator is Operator.KNOWN:
            return f"{subject} is {'known' if test.flag else 'not known'}"
        match fact.type:
            case FactType.BOOLEAN:
                return f"{fact.label}: {'yes' if test.flag else 'no'}"
            case FactType.CODE:
                return f"{subject} falls under {code_lines(test.codes, self.vocabulary)}"
            case FactType.NUMBER | FactType.MONEY:
                return f"{subject} is {self._compared(test, fact)}"
            case FactType.TERMS if fact.over_classes and fact.source is not Source.CONCLUDED:
                return f"{subject} include {self._terms(test)}"
            case FactType.TERM | FactType.TERMS if test.operator is Operator.IS_A:
                return f"{subject} is a kind of {self._terms(test)}"
            case FactType.TERMS:
                return f"{subject} includes {self._terms(test)}"
            case _ if (
                test.operator in _COMPARED and fact.order and test.operator is not Operator.IS
            ):
                return f"{subject} is {_COMPARED[test.operator]} {self._terms(test)}"
            case _ if test.operator is Operator.WITHIN:
                return f"{subject} belongs to {self._terms(test)}"
            case _:
                return f"{subject} is {self._terms(test)}"

    # Class expressions

    def expression(self, expression: Expression, depth: int = 0) -> Iterator[str]:
        """The lines of a definition, or of what a class implies, indented as conditions are."""
        indent = "  " * depth
        if isinstance(expression, Every | Either):
            words = INTRODUCED[AllOf if isinstance(expression, Every) else AnyOf]
            yield f"{indent}- {words}:"
            for part in expression.parts:
                yield from self.expression(part, depth + 1)
        else:
            yield f"{indent}- {self.atom(expression)}"

    def atom(self, atom: Atom) -> str:
        """One atom of a class expression as a clause."""
        if atom == GOODS:
            return "it is goods of any kind"
        if isinstance(atom, Named) and not atom.term.startswith("hs:"):
            return f"it is: {self.vocabulary.label(atom.term)}"
        if isinstance(atom, Range):
            fact = self.vocabulary.facts[atom.fact]
            return f"the {fact.label} is {self._bounded(atom.interval)}{self._unit(fact)}"
        return self.test(tested(atom, self.vocabulary))

    def _bounded(self, interval: Interval) -> str:
        if interval.low is not None and interval.low == interval.high:
            return f"exactly {number(interval.low)}"
        ends = []
        if interval.low is not None:
            ends.append(f"{'more than' if interval.over else 'at least'} {number(interval.low)}")
        if interval.high is not None:
            ends.append(f"{'less than' if interval.under else 'at most'} {number(interval.high)}")
        return " and ".join(ends)

    def _terms(self, test: Test) -> str:
        return listed([self.label(term) for term in test.terms], "or")

    def label(self, term: str) -> str:
        """A term, certificate, agency or country by what people call it."""
        country = self.vocabulary.countries.get(term)
        return f"{country} ({term})" if country else self.vocabulary.label(term)

    def _compared(self, test: Test, fact: Fact) -> str:
        unit = f" {test.currency}" if test.currency else self._unit(fact)
        if test.parameter is not None and test.number is None:
            title = self.parameters[test.parameter].title if self.parameters else test.parameter
            return f"{_COMPARED[test.operator]} the parameter “{title}”"
        assert test.number is not None
        if test.operator is Operator.BETWEEN:
            assert test.upper is not None
            return f"from {number(test.number)} to {number(test.upper)}{unit}, both included"
        return f"{_COMPARED[test.operator]} {number(test.number)}{unit}"

    def _unit(self, fact: Fact) -> str:
        return "" if fact.unit is None else f" {self.vocabulary.label(fact.unit)}"

    # Conditions

    def condition(self, condition: Condition, depth: int = 0) -> Iterator[str]:
        """The lines of a condition, indented by two spaces a level."""
        indent = "  " * depth
        if isinstance(condition, Leaf):
            yield f"{indent}- {self.test(condition.test)}"
            return
        single = len(condition.parts) == 1
        if single and not isinstance(condition, NoneOf):
            yield from self.condition(condition.parts[0], depth)
            return
        yield f"{indent}- {'this does not hold' if single else INTRODUCED[type(condition)]}:"
        for part in condition.parts:
            yield from self.condition(part, depth + 1)

    def block(self, condition: Condition) -> Iterator[str]:
        """The lines of `when` or `unless`: an outermost `all` needs no words of its own."""
        if isinstance(condition, AllOf):
            for part in condition.parts:
                yield from self.block(part)
        else:
            yield from self.condition(condition, 1)

    # Rules

    def rule(self, rule: Rule) -> str:
        """The whole rule: consequence first, then when, then unless."""
        lines = [f"{self.consequence(rule)},", "when", *self.block(rule.when)]
        if rule.unless is not None:
            lines += ["unless", *self.block(rule.unless)]
        lines[-1] += "."
        return "\n".join(lines)

    def consequence(self, rule: Rule) -> str:
        """What the rule does, as a clause without a full stop."""
        clause = self._consequence(rule)
        return clause[:1].upper() + clause[1:]

    def _consequence(self, rule: Rule) -> str:
        agency = self.label(rule.agency)
        match rule.then:
            case Concludes(name, value):
                fact = self.vocabulary.facts[name]
                if isinstance(value, bool):
                    return f"it is taken that {fact.label}: {'yes' if value else 'no'}"
                verb = "include" if fact.type is FactType.TERMS else "be"
                return f"the {fact.label} is taken to {verb} {self.label(value)}"
            case Danger() as danger:
                return (
                    f"if non-compliant, the product is dangerous ({self.label(danger.hazard)}; "
                    f"exposed: {self.label(danger.population)}; {self._scale(danger)})"
                )
            case Likelihood(hazard=hazard, band=band):
                return (
                    f"the likelihood of non-compliance ({self.label(hazard)}) is {self.label(band)}"
                )
            case Control(tasks):
                verb = "must carry out" if rule.mandate else _SELECTS[rule.selection]
                return f"{agency} {verb}: {listed([self.task(task) for task in tasks], 'and')}"
            case GoodsStatus(status):
                return f"{agency} sets the status of the goods to: {self.label(status)}"

    def task(self, task: Task) -> str:
        """One task with its share: ``physical examination of 50 % of consignments``."""
        least = "at least " if task.kind == "minimum" else ""
        if task.rate == 1:
            return f"{self.label(task.task)} of every {task.unit}"
        return f"{self.label(task.task)} of {least}{percent(task.rate)} of {task.unit}s"

    def _scale(self, danger: Danger) -> str:
        if danger.level is not None:
            return f"level: {self.label(danger.level)}"
        assert danger.harm is not None
        return f"severity {danger.severity} of 4, probability of harm {number(danger.harm)}"


def code_lines(lines: Sequence[CodeLine], vocabulary: Vocabulary) -> str:
    """Code lines as printed in a tariff; the `ex` lines of one product behind its name."""
    plain = [spaced(line.code) for line in lines if line.ex is None]
    parts = [listed(plain, "or")] if plain else []
    for product in dict.fromkeys(line.ex for line in lines if line.ex is not None):
        codes = [_ex(line) for line in lines if line.ex == product]
        parts.append(f"(as {vocabulary.label(product)}) {listed(codes, 'or')}")
    return ", or ".join(parts)


def _ex(line: CodeLine) -> str:
    if not line.subdivisions:
        return f"ex {spaced(line.code)}"
    return f"ex {spaced(line.code)} {'/'.join(line.subdivisions)}"


def spaced(code: str) -> str:
    """A commodity code in the usual groups: ``1207 40 90``."""
    return " ".join([code[:4], *(code[i : i + 2] for i in range(4, len(code), 2))])


def listed(words: Sequence[str], last: str) -> str:
    """``a, b or c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def number(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(rate: Decimal) -> str:
    """A share as a percentage: ``20 %``."""
    return f"{number(rate * 100)} %"
