"""Finding rules: which could apply to goods of this code and origin on a day, and by what they say.

Boundary: which rules, of all; who may know a rule is for the doors, which pass that in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct

from engine.decide.examples import GivenError, given_value
from engine.decide.gates import ItemTests
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Compiled, Literal, Pattern, Program
from engine.declaration.facts import GOVERNING_DATES, Facts, Value
from engine.language.citing import cites
from engine.language.rule import Concludes, Control, Danger, Likelihood, Rule
from engine.language.sentences import Reading
from engine.language.vocabulary import Basis, FactType

CODE, ORIGIN = "goods.commodityCode", "goods.origin"

IN_FORCE, COMING, ENDED, OVERDUE = "in force", "coming", "ended", "overdue"
STATES = (IN_FORCE, COMING, ENDED, OVERDUE)
"""The state of a rule on a day; `overdue`: in force or coming, and its review is past."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is looked for; what is not said admits all.

    *code*, *origin* and *facts* (by name, as an example gives them) say which goods: the rules
    wanted are those that could apply to them. An origin stands for each fact that is one: where the
    goods come from, were grown and were processed. *product* and *hazard* are terms that a rule
    names, or wider or narrower ones; *basis* is the name of one; *article* and *words* are parts of
    a citation, and of title, id or reason.
    """

    code: str | None = None
    origin: str | None = None
    facts: Mapping[str, object] = MappingProxyType({})
    agency: str | None = None
    regulation: str | None = None
    basis: str | None = None
    article: str | None = None
    hazard: str | None = None
    product: str | None = None
    phase: str | None = None
    regime: str | None = None
    state: str | None = None
    words: str | None = None


class Found(Struct, frozen=True, kw_only=True):
    """A rule, or a row of a table, in a list. *starts* is how its sentence starts."""

    id: str
    path: str
    title: str
    agency: str
    starts: str
    phase: str
    regime: str
    disclosure: str
    mandate: bool
    start: date | None
    end: date | None
    review_by: date | None
    state: str
    overdue: bool


class Finder:
    """Looks through the rules of one program."""

    def __init__(self, program: Program) -> None:
        self.program, self.vocabulary = program, program.vocabulary
        self._reading = Reading(program.vocabulary, program.parameters)
        self._names = {one.number: self._named(one.rule) for one in program.rules}

    def find(
        self, wanted: Wanted, day: date, seen: Callable[[Rule], bool] = lambda _: True
    ) -> tuple[Found, ...]:
        """The rules that are *wanted* on *day*, of those *seen* by who asks, in order of id.

        Raises `GivenError`, which names the field, where a code, country, fact, term or state is
        none.
        """
        self._check(wanted)
        values = self._values(wanted)
        tests = ItemTests(self.program, _facts(values, day))
        return tuple(
            self._found(one.rule, day)
            for one in self.program.rules
            if seen(one.rule)
            and self._says(one, wanted, day)
            and (not values or self._touches(one, tests, frozenset(values), day, wanted.state))
        )

    def _found(self, rule: Rule, day: date) -> Found:
        return Found(
            id=rule.id,
            path=f"rules/{rule.table}.toml",
            title=rule.title,
            agency=rule.agency,
            starts=self._reading.consequence(rule),
            phase=rule.phase.value,
            regime=rule.regime,
            disclosure=rule.disclosure,
            mandate=rule.mandate,
            start=rule.effective.start,
            end=rule.effective.end,
            review_by=rule.review_by,
            state=state_of(rule, day),
            overdue=overdue(rule, day),
        )

    # What is asked

    def _check(self, wanted: Wanted) -> None:
        known = self.vocabulary
        for field, value, table in (
            ("agency", wanted.agency, known.agencies),
            ("regulation", wanted.regulation, known.regulations),
            ("product", wanted.product, known.terms),
            ("hazard", wanted.hazard, known.terms),
            ("state", wanted.state, STATES),
        ):
            if value is not None and value not in table:
                raise GivenError(field, f"unknown {field} `{value}`")

    def _values(self, wanted: Wanted) -> dict[str, Value]:
        facts = self.vocabulary.facts
        values: dict[str, Value] = {}
        for name, value in wanted.facts.items():
            if name not in facts or facts[name].type is FactType.DOCUMENTS:
                raise GivenError(name, f"`{name}` is no fact that goods can be found by")
            values[name] = given_value(facts[name], value, self.vocabulary)
        if wanted.code is not None:
            if not (wanted.code.isdigit() and self.vocabulary.knows_code(wanted.code)):
                message = f"HS 2022 has no code `{wanted.code}`"
                raise GivenError("code", message, "give 2 to 10 digits")
            values[CODE] = wanted.code
        if wanted.origin is not None:
            if wanted.origin not in self.vocabulary.countries:
                raise GivenError(
                    "origin", f"unknown country `{wanted.origin}`", "use the letters of ISO 3166-1"
                )
            origins = (name for name in facts if name.startswith(ORIGIN))
            values |= dict.fromkeys(origins, wanted.origin)
        return values

    # Whether a rule could apply

    def _touches(
        self,
        one: Compiled,
        tests: ItemTests,
        given: frozenset[str],
        day: date,
        state: str | None,
    ) -> bool:
        """Whether nothing that is given rules the rule out. What is not given is unknown, also
        where a declaration's silence would say no: a person asks about goods, and declares none.
        """
        variants = [v for v in one.variants if state is not None or day in v.period]
        return any(
            self._possible(pattern, tests, given) for v in variants for pattern in v.patterns
        )

    def _possible(self, pattern: Pattern, tests: ItemTests, given: frozenset[str]) -> bool:
        needs = (*pattern.needs, *((test, True) for test in pattern.joins))
        return not any(self._is(need, tests, given, wrong=True) for need in needs) and not any(
            self._is(block, tests, given, wrong=False) for block in pattern.blocks
        )

    def _is(
        self, literal: Literal, tests: ItemTests, given: frozenset[str], *, wrong: bool
    ) -> bool:
        """Whether a test on something given is certainly as the literal says, or as it does not."""
        number, sign = literal
        if self.program.tests[number].fact not in given:
            return False
        return tests[number] == (TRUE if sign is not wrong else FALSE)

    # What a rule says

    def _says(self, one: Compiled, wanted: Wanted, day: date) -> bool:
        rule = one.rule
        return (
            wanted.agency in (None, rule.agency)
            and wanted.phase in (None, rule.phase.value)
            and wanted.regime in (None, rule.regime)
            and wanted.basis in (None, *rule.cited)
            and (wanted.state is None or _in_state(rule, wanted.state, day))
            and self._about(one, wanted.hazard)
            and self._about(one, wanted.product)
            and self._rests(rule, wanted)
            and _holds(wanted.words, f"{rule.title} {rule.id} {rule.because}")
        )

    def _about(self, one: Compiled, term: str | None) -> bool:
        if term is None:
            return True
        is_a = self.vocabulary.is_a
        return any(is_a(name, term) or is_a(term, name) for name in self._names[one.number])

    def _named(self, rule: Rule) -> frozenset[str]:
        """The terms that a rule names in its tests and in what it does."""
        names = {term for leaf in rule.leaves for term in leaf.test.terms}
        names |= {str(line.ex) for leaf in rule.leaves for line in leaf.test.codes}
        match rule.then:
            case Concludes(value=value):
                names.add(str(value))
            case Danger(hazard=hazard) | Likelihood(hazard=hazard):
                names.add(hazard)
            case Control(tasks):
                names |= {task.task for task in tasks}
        return frozenset(name for name in names if name in self.vocabulary.terms)

    def _rests(self, rule: Rule, wanted: Wanted) -> bool:
        law = list(self._law(rule))
        act = None if wanted.regulation is None else self.vocabulary.regulations[wanted.regulation]
        return (act is None or any(cites(basis, act, self.vocabulary) for basis in law)) and (
            wanted.article is None or any(_holds(wanted.article, basis.cite) for basis in law)
        )

    def _law(self, rule: Rule) -> Iterator[Basis]:
        known = {**self.vocabulary.bases, **rule.bases}
        yield from (known[name] for name in rule.cited)


def state_of(rule: Rule, day: date) -> str:
    """Whether the rule is in force on *day*, comes later, or has ended."""
    if day in rule.effective:
        return IN_FORCE
    start = rule.effective.start
    return COMING if start is not None and day < start else ENDED


def overdue(rule: Rule, day: date) -> bool:
    """Whether a review was due by *day*, and the rule still stands."""
    due = [rule.review_by, rule.provisional.review if rule.provisional is not None else None]
    return state_of(rule, day) != ENDED and any(one is not None and one <= day for one in due)


def _in_state(rule: Rule, state: str, day: date) -> bool:
    return overdue(rule, day) if state == OVERDUE else state_of(rule, day) == state


def _holds(asked: str | None, text: str) -> bool:
    """Whether *text* holds each word asked for."""
    held = text.casefold()
    return asked is None or all(part in held for part in asked.casefold().split())


def _facts(values: dict[str, Value], day: date) -> Facts:
    return Facts(
        values=values,
        documents={},
        settled=frozenset(),
        days=dict.fromkeys(GOVERNING_DATES, day),
    )
