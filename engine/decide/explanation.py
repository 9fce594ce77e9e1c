"""Why: every rule that applied, that could, or that nearly did, with what each test saw.

A near miss is one false test away from applying. Everything else is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from engine.decide.answer import Answer, Conclusion
from engine.decide.decision import SeenTest, Weighed
from engine.decide.evaluation import left_open
from engine.decide.glance import Glance
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.patterns import PatternIndex
from engine.decide.program import Formula, Program, tests_of
from engine.decide.semantics import in_force
from engine.declaration.facts import Facts, Money
from engine.language.condition import AllOf, AnyOf, Test
from engine.language.expression import Atom, Expression
from engine.language.sentences import Reading, number, spaced
from engine.language.vocabulary import Fact, FactType, Source

VALUES = {TRUE: "true", FALSE: "false", UNKNOWN: "unknown"}
NEAR_MISSES = 10
"""At most so many near misses are listed for an item; the rest is counted."""


class TestWords(dict[int, str]):
    """The tests of a program read aloud, by number, each once."""

    def __init__(self, program: Program) -> None:
        self._tests, self._reading = program.tests, Reading(program.vocabulary, program.parameters)

    def __missing__(self, test: int) -> str:
        words = self[test] = self._reading.test(self._tests[test])
        return words


class Explaining:
    """What the explanations of one program share, so that it is made once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.patterns = PatternIndex(program)
        self.glance = Glance(program, self.patterns)
        self.words = TestWords(program)


class Explainer:
    """Explains one item's answer."""

    def __init__(self, shared: Explaining, facts: Facts, answer: Answer) -> None:
        self.program = shared.program
        self.facts = facts
        self.answer = answer
        self._shared = shared
        self._certain, self._possible = by_fact(answer.certain), by_fact(answer.possible)
        self._values, self._counts = shared.glance.at(facts, self._certain, self._possible)
        self._met: dict[str, str] = {}
        self._seen: dict[tuple[int, bool], SeenTest] = {}

    def value(self, test: int) -> int:
        """The value of a test once all phases are closed."""
        return self._values.get(test, FALSE)

    def left_open(self, expression: Expression) -> Iterator[Atom]:
        """The atoms that keep a class expression open once all phases are closed."""
        yield from left_open(
            expression, self.program.vocabulary, self.facts, self._certain, self._possible
        )

    # What was weighed

    def weighed(self, number: int, verdict: str) -> Weighed:
        """A rule with what each of its tests saw."""
        compiled = self.program.rules[number]
        rule = compiled.rule
        variant = in_force(compiled, self.facts)
        seen = () if variant is None else tuple([self.seen(ask) for ask in variant.asks])
        return Weighed(rule=rule.id, title=rule.title, verdict=verdict, tests=seen)

    def seen(self, ask: tuple[int, bool]) -> SeenTest:
        """One test in words, its value and what it saw."""
        found = self._seen.get(ask)
        if found is None:
            test, exempts = ask
            found = self._seen[ask] = SeenTest(
                test=self._shared.words[test],
                value=VALUES[self.value(test)],
                saw=self.saw(self.program.tests[test]),
                exempts=exempts,
            )
        return found

    def saw(self, test: Test) -> str:
        """The value that a test met, as text."""
        fact = self.program.vocabulary.facts[test.fact]
        if fact.type is FactType.DOCUMENTS:
            held = self.facts.documents.get(test.terms[0])
            if held:
                return ", ".join(sorted(held))
            return "missing" if test.terms[0] in self.facts.settled else "not known yet"
        if test.fact not in self._met:
            concluded = fact.source is Source.CONCLUDED
            self._met[test.fact] = self._concluded(fact) if concluded else self._declared(fact)
        return self._met[test.fact]

    def _declared(self, fact: Fact) -> str:
        value = self.facts.values.get(fact.id)
        if value is None:
            return "not stated, taken as no" if fact.closed else "not known"
        return self._shown(value, fact.type)

    def _concluded(self, fact: Fact) -> str:
        label = self.program.vocabulary.label
        stated = self.facts.values.get(fact.id, ())
        held = {stated} if isinstance(stated, str | bool) else set(stated)  # type: ignore[arg-type]
        held |= set(self._certain.get(fact.id, ()))
        might = set(self._possible.get(fact.id, ())) - held
        held, might = self._finest(held), self._finest(might)
        words = [str(label(str(value))) for value in sorted(held, key=str)]
        words += [f"possibly {label(str(value))}" for value in sorted(might, key=str)]
        if words:
            return ", ".join(words)
        assumption = fact.assumption
        return "nothing concluded" if assumption is None else f"{label(str(assumption))} (assumed)"

    def _finest(self, values: set[str | bool]) -> set[str | bool]:
        """Without what others of them say already: a plush toy is a toy."""
        terms = self.program.vocabulary.terms
        said = {a for v in values if v in terms for a in terms[str(v)].ancestors - {v}}
        return values - said

    def _shown(self, value: object, kind: FactType) -> str:
        vocabulary = self.program.vocabulary
        match value:
            case bool():
                return "yes" if value else "no"
            case Decimal():
                return number(value)
            case Money():
                return f"{number(value.amount)} {value.currency}"
            case frozenset():
                return ", ".join(sorted(vocabulary.label(str(term)) for term in value))
            case str() if kind is FactType.CODE:
                return spaced(value)
            case str() if kind is FactType.COUNTRY:
                return f"{vocabulary.countries.get(value, value)} ({value})"
            case _:
                return vocabulary.label(str(value))

    # Exemptions and near misses

    def exempted(self) -> list[tuple[int, str]]:
        """Rules whose `when` holds and whose `unless` holds too, with the exemption in words."""
        found = []
        for compiled, variant in self._shared.patterns.exempted(self._values, self.facts):
            if compiled.number in self.answer.applies or variant.unless is None:
                continue
            if self.holds(variant.unless) == TRUE:
                by = (
                    self._shared.words[test]
                    for test in tests_of(variant.unless)
                    if self.value(test) == TRUE
                )
                found.append((compiled.number, " and ".join(dict.fromkeys(by))))
        return found

    def near_misses(self) -> list[int]:
        """Controls and statuses that one false test keeps from applying, the nearest first."""
        settled = self.answer.applies | self.answer.undetermined
        near = self._shared.patterns.near(self._values, self._counts, self.facts, settled)
        return list(islice(near, NEAR_MISSES))

    def holds(self, formula: Formula) -> int:
        """The value of a group once all phases are closed."""
        if isinstance(formula, int):
            return self.value(formula)
        values = [self.holds(part) for part in formula.parts]
        if formula.kind is AllOf:
            return min(values)
        return max(values) if formula.kind is AnyOf else TRUE - max(values)

    # What is missing

    def unsettled(self, number: int) -> list[int]:
        """The unknown tests that keep an undetermined rule open.

        Only those that matter: an unknown beside a false sibling of an `all` changes nothing.
        """
        variant = in_force(self.program.rules[number], self.facts)
        return [] if variant is None else list(dict.fromkeys(self._open_tests(variant.when)))

    def _open_tests(self, formula: Formula) -> Iterable[int]:
        if self.holds(formula) != UNKNOWN:
            return
        if isinstance(formula, int):
            yield formula
            return
        for part in formula.parts:
            yield from self._open_tests(part)


def by_fact(conclusions: Iterable[Conclusion]) -> dict[str, set[str | bool]]:
    """What was concluded, fact by fact."""
    table: dict[str, set[str | bool]] = {}
    for fact, value in conclusions:
        table.setdefault(fact, set()).add(value)
    return table
