"""A condition or definition as nested lines, each with the terms and facts that it names.

Boundary: plain data for pages and JSON; the words themselves are those of `Reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from engine.language.asking import tested
from engine.language.condition import AllOf, AnyOf, Condition, Leaf, Operator, Test
from engine.language.expression import GOODS, Either, Every, Expression, Range
from engine.language.rule import Concludes, Control, Danger, GoodsStatus, Likelihood, Rule
from engine.language.sentences import INTRODUCED, Reading, spaced
from engine.language.vocabulary import Vocabulary


class Ref(Struct, frozen=True):
    """A term, fact or code by its id, and what people call it."""

    id: str
    label: str


class Line(Struct, frozen=True, omit_defaults=True):
    """A test with the place of its law in the list of bases, or a group with its parts.

    *names* are what its text names, in the order of the text.
    """

    text: str
    law: int | None = None
    names: tuple[Ref, ...] = ()
    parts: tuple[Line, ...] = ()

    @property
    def pieces(self) -> Iterator[tuple[str, str | None]]:
        """The text cut up, each piece with the id that it names, if any."""
        place = 0
        for name in self.names:
            start = self.text.find(name.label, place)
            if start < 0:
                continue
            if start > place:
                yield self.text[place:start], None
            place = start + len(name.label)
            yield name.label, name.id
        if place < len(self.text):
            yield self.text[place:], None


class Lines:
    """Reads conditions and class expressions as lines."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._vocabulary = reading, reading.vocabulary

    def block(self, condition: Condition, cited: tuple[str, ...]) -> tuple[Line, ...]:
        """The lines of `when` or `unless`; *cited* are the rule's bases, in order."""
        parts = condition.parts if isinstance(condition, AllOf) else (condition,)
        return tuple(self._condition(part, cited) for part in parts)

    def _condition(self, condition: Condition, cited: tuple[str, ...]) -> Line:
        if isinstance(condition, Leaf):
            law = cited.index(condition.basis) + 1
            return msgspec.structs.replace(self.test(condition.test), law=law)
        parts = tuple(self._condition(part, cited) for part in condition.parts)
        return Line(INTRODUCED[type(condition)], parts=parts)

    def consequence(self, rule: Rule) -> Line:
        """What a rule does, as a clause."""
        names = []
        for name in done(rule):
            if name.startswith("fact:"):
                names.append(fact_ref(self._vocabulary, name.removeprefix("fact:")))
            else:
                names.append(ref(self._vocabulary, name))
        return Line(self._reading.consequence(rule), names=tuple(names))

    def test(self, test: Test) -> Line:
        """One test."""
        return Line(self._reading.test(test), names=tuple(self._named(test)))

    def meaning(self, expression: Expression) -> tuple[Line, ...]:
        """The lines of a definition: an outermost `all` needs no words of its own."""
        parts = expression.parts if isinstance(expression, Every) else (expression,)
        return tuple(self.expression(part) for part in parts)

    def expression(self, expression: Expression) -> Line:
        """A class expression."""
        if isinstance(expression, Every | Either):
            parts = tuple(self.expression(part) for part in expression.parts)
            return Line(INTRODUCED[AllOf if isinstance(expression, Every) else AnyOf], parts=parts)
        text = self._reading.atom(expression)
        if expression == GOODS:
            return Line(text)
        if isinstance(expression, Range):
            return Line(text, names=(fact_ref(self._vocabulary, expression.fact),))
        return Line(text, names=tuple(self._named(tested(expression, self._vocabulary))))

    def _named(self, test: Test) -> Iterator[Ref]:
        terms = [ref(self._vocabulary, t) for t in test.terms if self._vocabulary.known(t)]
        fact = fact_ref(self._vocabulary, test.fact)
        # `among the documents is: …` and `the product is …` both name the fact first.
        yield fact
        plain = [line.code for line in test.codes if line.ex is None]
        yield from (Ref(f"hs:{code}", spaced(code)) for code in plain)
        for product in dict.fromkeys(line.ex for line in test.codes if line.ex is not None):
            yield ref(self._vocabulary, product)
        if test.operator is not Operator.KNOWN:
            yield from terms


def ref(vocabulary: Vocabulary, identifier: str) -> Ref:
    """A term, agency, certificate, group or HS code by its label."""
    if identifier == GOODS.term:
        return Ref(identifier, "goods of any kind")
    if identifier.startswith("hs:"):
        return Ref(identifier, spaced(identifier.removeprefix("hs:")))
    return Ref(identifier, vocabulary.label(identifier))


def refs(vocabulary: Vocabulary, identifiers: Iterable[str]) -> tuple[Ref, ...]:
    """Several of them, by label."""
    found = [ref(vocabulary, identifier) for identifier in identifiers]
    return tuple(sorted(found, key=lambda one: (one.label.casefold(), one.id)))


def fact_ref(vocabulary: Vocabulary, name: str) -> Ref:
    """A fact by its label."""
    return Ref(f"fact:{name}", vocabulary.facts[name].label)


def done(rule: Rule) -> Iterator[str]:
    """The ids that a consequence names, in the order in which it is read aloud."""
    match rule.then:
        case Concludes(fact, value):
            yield f"fact:{fact}"
            if isinstance(value, str):
                yield value
        case Danger() as danger:
            yield from (danger.hazard, danger.population, danger.interest)
            if danger.level is not None:
                yield danger.level
        case Likelihood(hazard=hazard, band=band):
            yield from (hazard, band)
        case Control(tasks):
            yield from (task.task for task in tasks)
        case GoodsStatus(status):
            yield status
