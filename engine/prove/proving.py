"""Asking the solver, and believing it only where that is due.

*Proved*: no item whatever breaks the property; the axioms leave more open than declarations do.
*Refuted*: a declaration breaks it, as both engines decide it; a solution of the solver alone is
never shown. *Undecided*: neither, in the time given or for a reason that is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import z3
from msgspec import Struct

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision
from engine.decide.draw import WHAT_IF, DrawKeys
from engine.decide.program import Program
from engine.declaration.declaration import Request
from engine.declaration.derive import item_facts
from engine.declaration.facts import Facts
from engine.declaration.problems import MalformedError
from engine.declaration.realising import TYPE
from engine.declaration.totals import CODE
from engine.language.condition import Test
from engine.language.expression import Interval, Range, atoms
from engine.prove import witness
from engine.prove.encoding import Encoding, space_of
from engine.prove.item import Item, Space
from engine.prove.lessons import Lessons
from engine.prove.logic import Truth, expression
from engine.prove.ontology import declared
from engine.prove.testing import UnencodedError

BUDGET = 30.0
"""Seconds for one property."""

TRIES = 200
"""Solutions that may turn out to be no declaration before a property is left undecided."""

WISH = 10_000_000
"""What the solver may spend on one wish for a smaller declaration, in its own units: about a second
here, and on every machine the same work, so that the same rules have the same counterexample."""

SMALLER = 5 * WISH
"""What it may spend on all wishes for one declaration."""


class Outcome(StrEnum):
    """What became of a question."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Case(Struct, frozen=True, kw_only=True):
    """Declarations that show something, as requests for a decision, and how they were decided.

    *says* tells in a sentence what they show; *agreement* whether both engines decided so. *rules*
    are all that they meet: what applies, spares or is undetermined.
    """

    requests: tuple[dict[str, Any], ...]
    says: str
    agreement: bool | None
    rules: tuple[str, ...] | None = None


class Result(Struct, frozen=True, kw_only=True):
    """The answer to a question: with a *case* where it is refuted, a *reason* where undecided."""

    outcome: Outcome
    seconds: float
    case: Case | None = None
    reason: str | None = None


class Shown(NamedTuple):
    """A declaration as it was decided, and the facts of the item that it is about: the first."""

    decision: Decision
    facts: Facts

    @property
    def item(self) -> ItemDecision:
        """The decision on the item; others only make up its totals."""
        return self.decision.items[0]


class Question(NamedTuple):
    """Can it be that *wrong*? Of the *items* that show it, *broken* tells from the decisions on
    them in what way; None where these do not show it. *doubt* is what must be so of the first item
    for it: where that cannot be, nothing more is asked. Each declaration is decided by each of the
    *deciders*, by the prover's own where none is named.
    """

    items: Sequence[Item]
    wrong: Truth
    broken: Callable[[Sequence[Shown]], str | None]
    doubt: Truth = True
    deciders: Sequence[Decider] = ()


class Prover:
    """Asks questions about one release; its *decider* runs every counterexample again. Items can be
    told apart by the tests of *others* and by further *tests* too, read by the words of the first.
    *assuming*: what holds of every item beside the axioms, as somebody knows of the trade. Where
    one rule is *concerned*, what others bring about by themselves is not asked, and how it stands
    to *unseen* ones is not told.
    """

    concerned: str | None = None
    unseen: frozenset[str] = frozenset()

    def __init__(
        self,
        decider: Decider,
        *others: Program,
        tests: Iterable[Test] = (),
        assuming: Callable[[Encoding], Truth] = lambda _: True,
    ) -> None:
        self.decider, self.program = decider, decider.program
        self.space: Space = space_of(self.program, *others, tests=tests)
        self._assuming = assuming
        self.first = Item(self.space, "1")
        self._encodings: dict[int, Encoding] = {}
        self._items: dict[frozenset[str], Item] = {}
        self._axioms: dict[int, list[z3.BoolRef]] = {}
        self._lessons = Lessons(self.program.vocabulary)
        self._learnt: list[z3.BoolRef] = []
        self._solvers: dict[tuple[int, ...], z3.Solver] = {}
        self._bounds = _bounds(self.space)

    def revised(self, decider: Decider) -> Prover | None:
        """The same for a program most of whose rules are the very ones of this: these are not said
        anew. None where its rules tell goods apart by more than these do.
        """
        program, former = decider.program, self.encoding()
        variables = len(self.first.variables)
        days = space_of(program).days
        near = all(self.space.near(day) for day in days)
        if not near or not all(map(self.space.tells, program.tests)):
            return None
        encoding = Encoding(program, self.first, former)
        if len(self.first.variables) > variables:
            return None  # the axioms say nothing of what is new
        self.space.widened(program.tests)
        other = copy(self)
        other.decider, other.program = decider, program
        other._bounds = _bounds(self.space)
        other._encodings = {id(self.first): encoding}
        return other

    def about(self, rule: str, unseen: frozenset[str]) -> Prover:
        """The same, of which only one rule is concerned, by id, beside others that are *unseen*."""
        other = copy(self)
        other.concerned, other.unseen = rule, unseen
        return other

    def concerns(self, rule: str) -> bool:
        """Whether it is asked what a rule, by id, brings about."""
        return self.concerned in (None, rule)

    def encoding(self, item: Item | None = None) -> Encoding:
        """The verdicts on an item. Raises `UnencodedError`."""
        item = item or self.first
        if id(item) not in self._encodings:
            self._encodings[id(item)] = Encoding(self.program, item)
        return self._encodings[id(item)]

    def like(self, varying: Iterable[str]) -> Item:
        """An item like the first but for the facts *varying*."""
        key = frozenset(varying)
        if key not in self._items:
            self._items[key] = Item(self.space, f"{len(self._items) + 2}", self.first, key)
        return self._items[key]

    def any_other(self) -> Item:
        """An item that has nothing to do with the first."""
        key = frozenset({"*"})
        if key not in self._items:
            self._items[key] = Item(self.space, f"{len(self._items) + 2}")
        return self._items[key]

    def answer(self, ask: Callable[[Prover], Question], budget: float = BUDGET) -> Result:
        """Whether what is asked can be, within so many seconds, those of asking included."""
        start = time.monotonic()
        try:
            return self._answer(ask(self), start, budget)
        except UnencodedError as error:
            return self._undecided(start, str(error))

    def _answer(self, question: Question, start: float, budget: float) -> Result:
        if question.wrong is False:
            return Result(outcome=Outcome.PROVED, seconds=_since(start))
        if question.doubt is not True:
            with self.asking(question.items[:1], question.doubt) as alone:
                if _check(alone, start, budget) == z3.unsat:
                    return Result(outcome=Outcome.PROVED, seconds=_since(start))
        with self.asking(question.items, question.wrong, question.doubt) as solver:
            return self._tried(solver, question, start, budget)

    def _tried(self, solver: z3.Solver, question: Question, start: float, budget: float) -> Result:
        for _ in range(TRIES):
            found = _check(solver, start, budget)
            if found == z3.unsat:
                return Result(outcome=Outcome.PROVED, seconds=_since(start))
            if found != z3.sat:
                return self._undecided(start, f"the solver found no answer in {budget:g} seconds")
            model = self._smaller(solver, question.items, start, budget)
            case = self._case(question, model)
            if isinstance(case, Case):
                return Result(outcome=Outcome.REFUTED, seconds=_since(start), case=case)
            self._learn(question, model, case)
            solver.add(*self._learnt, self._lesson(question.items, model))
        return self._undecided(start, f"{TRIES} solutions were no declarations that show it")

    def _undecided(self, start: float, reason: str) -> Result:
        return Result(outcome=Outcome.UNDECIDED, seconds=_since(start), reason=reason)

    @contextmanager
    def asking(self, items: Sequence[Item], *truths: Truth) -> Iterator[z3.Solver]:
        """The solver that knows these items, which forgets the truths afterwards."""
        key = tuple(map(id, items))
        if key not in self._solvers:
            self._solvers[key] = self.possible(items)
        solver = self._solvers[key]
        solver.push()
        try:
            # Encodings made since may have brought variables of their own.
            solver.add(*(one for item in items for one in item.sound()), *map(expression, truths))
            solver.add(*self._learnt)
            yield solver
        finally:
            solver.pop()

    def possible(self, items: Sequence[Item]) -> z3.Solver:
        """A solver that knows what declarations are like, and these items; to be asked further."""
        solver = z3.Solver()
        for item in items:
            self.encoding(item)
        for item in items:
            if id(item) not in self._axioms:
                self._axioms[id(item)] = declared(item)
            solver.add(self._axioms[id(item)])
            solver.add(expression(self._assuming(self.encoding(item))))
            solver.add(item.sound())
        return solver

    # Counterexamples

    def _smaller(
        self, solver: z3.Solver, items: Sequence[Item], start: float, budget: float
    ) -> z3.ModelRef:
        """A solution that says as little as can be; found by asking for less and less.

        Only where the budget ends on the way does it depend on the machine how small that is.
        """
        model, before = solver.model(), _spent(solver)
        solver.push()
        for item in items:
            for wish in witness.plainer(item):
                wanted = expression(wish)
                if not z3.is_true(model.eval(wanted, model_completion=True)):
                    if _spent(solver) - before > SMALLER:
                        continue
                    if _check(solver, start, budget, wanted, units=WISH) != z3.sat:
                        continue
                    model = solver.model()
                solver.add(wanted)
        solver.pop()
        return model

    def _case(self, question: Question, model: z3.ModelRef) -> Case | list[Shown]:
        """The solution as declarations, where these are decided as it says; else how they are."""
        bodies = [
            witness.request(item, model, f"CASE-{place}")
            for place, item in enumerate(question.items, 1)
        ]
        try:
            deciders = question.deciders or (self.decider,)
            shown = [
                decided(witness.read(body), decider) for body in bodies for decider in deciders
            ]
        except MalformedError:
            return []
        says = question.broken(shown)
        if says is None or any(one.decision.agreement is False for one in shown):
            return shown
        return Case(
            requests=tuple(msgspec.json.decode(witness.written(body)) for body in bodies),
            says=says,
            agreement=shown[0].decision.agreement,
            rules=tuple(sorted(set().union(*(_met(one.item) for one in shown)))),
        )

    def _learn(self, question: Question, model: z3.ModelRef, shown: Sequence[Shown]) -> None:
        """What the goods really are, where the solution took them for something else."""
        deciders = question.deciders or (self.decider,)
        # What goods are is learnt as the prover's own words have it: others may differ.
        own = shown[deciders.index(self.decider) :: len(deciders)]
        for item, one in zip(question.items, own, strict=False):
            if TYPE not in self.space.vocabulary.facts or not item.own(TYPE):
                continue
            types = one.facts.values.get(TYPE, frozenset())
            code = one.facts.values.get(CODE)
            alike = witness.cell(item, model, self._bounds, self._lessons.facts.__contains__)
            assert isinstance(types, frozenset)
            lesson = self._lessons.taught(
                item, alike, code if isinstance(code, str) else None, types
            )
            if not z3.is_true(model.eval(expression(lesson), model_completion=True)):
                self._learnt.append(expression(lesson))

    def _lesson(self, items: Sequence[Item], model: z3.ModelRef) -> z3.BoolRef:
        """Not this again, nor anything that no rule could tell from it."""
        cells = [witness.cell(item, model, self._bounds) for item in items]
        return z3.Not(z3.And([expression(one) for one in cells]))


def decided(request: Request, decider: Decider) -> Shown:
    """A declaration decided by both engines, with a key that draws nothing for real."""
    on = request.declaration.accepted_on or witness.PLAIN_DAY
    decision = decider.decide(request, on=on, keys=DrawKeys(WHAT_IF), what_if=True)
    facts = item_facts(request, decider.program.vocabulary, on).items[0].facts
    return Shown(decision, facts)


def _met(item: ItemDecision) -> set[str]:
    """The rules that an item meets, by id."""
    return {one.rule for each in (item.applied, item.exempted, item.undetermined) for one in each}


def _check(
    solver: z3.Solver, start: float, budget: float, *assumed: z3.BoolRef, units: int = 0
) -> z3.CheckSatResult:
    """What the solver finds in what is left of the budget, and in so many *units* of its work;
    0: any number.
    """
    left = budget - (time.monotonic() - start)
    if left <= 0:
        return z3.unknown
    solver.set("timeout", max(1, int(left * 1000)))
    solver.set("rlimit", units)
    return solver.check(*assumed)


def _spent(solver: z3.Solver) -> int:
    """The units of work that were ever spent."""
    return int(solver.statistics().get_key_value("rlimit count"))


def _since(start: float) -> float:
    return round(time.monotonic() - start, 3)


def _bounds(space: Space) -> dict[str, list[Decimal]]:
    """By fact, the numbers that some test or class compares it with."""
    found: dict[str, set[Decimal]] = {}
    for test in space.tests:
        numbers = {one for one in (test.number, test.upper) if one is not None}
        found.setdefault(test.fact, set()).update(numbers)
    for term in space.vocabulary.terms.values():
        for one in (*term.implies, *([term.means] if term.means else [])):
            for atom in atoms(one):
                if isinstance(atom, Range):
                    found.setdefault(atom.fact, set()).update(_ends(atom.interval))
    return {fact: sorted(numbers) for fact, numbers in found.items()}


def _ends(interval: Interval) -> set[Decimal]:
    return {end for end in (interval.low, interval.high) if end is not None}
