"""What rules of several agencies are to one another, over every declaration.

Rules that can never apply, that another makes idle, that say the same in other words; exemptions
that a mandate defeats, statuses that do not go together, inspections done twice, products that
nobody looks at. Goods are those that can be: what contradicts itself is left out. Classes and codes
count, as the axioms have them. What is said to be possible is shown by a declaration that both
engines decide so; what is said to be impossible is proved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import combinations

import z3
from msgspec import Struct

from engine.decide.answer import danger_level
from engine.decide.program import Compiled
from engine.declaration.realising import TYPE
from engine.language.expression import GOODS
from engine.language.rule import Concludes, Control, Danger, GoodsStatus, Likelihood, Phase, Rule
from engine.language.vocabulary import Vocabulary
from engine.prove.classes import odd
from engine.prove.imposing import applied, at_border
from engine.prove.logic import Truth, every, expression, no, some
from engine.prove.proving import Case, Outcome, Prover, Question, Shown
from engine.prove.scenario import as_json, told

BUDGET = 120.0
"""Seconds for a whole analysis."""

SHOWING = 10.0
"""Seconds for the declaration that shows one finding."""


class Kind(StrEnum):
    """What is found of rules."""

    NEVER = "never-applies"
    SUBSUMED = "subsumed"
    EQUAL = "equal"
    DEFEATED = "exemption-defeated"
    STATUSES = "incompatible-status"
    TWICE = "inspected-twice"
    GAP = "gap"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing found of the *rules*, in a sentence; *case* is a declaration that shows it.

    Of rules that never apply there is none; *tests* are those that exclude one another.
    """

    kind: Kind
    rules: tuple[str, ...]
    says: str
    case: Case | None = None
    tests: tuple[str, ...] = ()


class Analysis(Struct, frozen=True, kw_only=True):
    """All findings; *undecided* says what was not looked at to the end, and why."""

    findings: tuple[Finding, ...]
    undecided: tuple[str, ...]
    seconds: float


Progress = Callable[[str, int, int], None]


def analyse(
    prover: Prover,
    *,
    budget: float = BUDGET,
    progress: Progress = lambda _name, _done, _total: None,
) -> Analysis:
    """Everything that is found within the *budget*, in seconds."""
    start = time.monotonic()
    analyst = _Analyst(prover, start + budget)
    found: list[Finding] = []
    steps = (
        analyst.never,
        analyst.subsumed,
        analyst.defeated,
        analyst.statuses,
        analyst.twice,
        analyst.gaps,
    )
    for done, step in enumerate(steps):
        progress("analysis", done, len(steps))
        found += step()
    progress("analysis", len(steps), len(steps))
    return Analysis(
        findings=tuple(found),
        undecided=tuple(analyst.undecided),
        seconds=round(time.monotonic() - start, 3),
    )


class _Analyst:
    def __init__(self, prover: Prover, deadline: float) -> None:
        self._prover, self._program, self._deadline = prover, prover.program, deadline
        self._encoding = prover.encoding()
        self.undecided: list[str] = []
        self._solver = prover.possible((prover.first,))
        self._real = no(odd(prover.first))
        self._solver.add(expression(self._real))
        self._applies: dict[int, z3.BoolRef] = {}
        for number, verdict in self._encoding.verdicts.items():
            self._applies[number] = z3.Bool(f"applies {number}")
            self._solver.add(self._applies[number] == expression(verdict.true))
        self._dead: set[int] = set()
        self._alongside: dict[int, frozenset[int]] = {}

    # Rules by themselves

    def never(self) -> Iterator[Finding]:
        """Rules that apply to no declaration. On the way, each other rule gets an example."""
        peers = self._peers()
        for number, compiled in enumerate(self._program.rules):
            found = self._check(self._applies[number])
            if found == z3.sat:
                model = self._solver.model()
                self._alongside[number] = frozenset(
                    other
                    for other in peers.get(number, ())
                    if z3.is_true(model[self._applies[other]])
                )
            elif found == z3.unsat:
                self._dead.add(number)
                tests = self._excluding(compiled)
                yield Finding(
                    kind=Kind.NEVER,
                    rules=(compiled.rule.id,),
                    says="applies to no declaration: "
                    + (f"its tests on {', '.join(tests)} exclude one another" if tests else ""),
                    tests=tests,
                )
            else:
                self._left(f"whether `{compiled.rule.id}` can apply")

    def _excluding(self, compiled: Compiled) -> tuple[str, ...]:
        """The facts whose tests, together, hold of nothing."""
        numbers = {
            test
            for variant in compiled.variants
            for pattern in variant.patterns
            for test, sign in pattern.needs
            if sign
        }
        named = {z3.Bool(f"needs {number}"): number for number in sorted(numbers)}
        self._solver.push()
        for name, number in named.items():
            true = expression(self._encoding.test(number).true)
            self._solver.add(z3.Implies(name, true))
        core = self._solver.unsat_core() if self._check(*named) == z3.unsat else []
        facts = {self._program.tests[named[name]].fact for name in core}
        self._solver.pop()
        return tuple(sorted(facts))

    # Rules of one consequence

    def _peers(self) -> dict[int, list[int]]:
        """By rule, those whose consequence covers its own."""
        groups: dict[tuple[str, ...], list[Compiled]] = {}
        for compiled in self._program.rules:
            groups.setdefault(_about(compiled.rule), []).append(compiled)
        return {
            one.number: [
                other.number
                for other in group
                if other is not one and self._covers(other.rule, one.rule)
            ]
            for group in groups.values()
            for one in group
        }

    def _covers(self, other: Rule, rule: Rule) -> bool:
        """Whether all that *rule* brings is brought by *other* too."""
        levels, bands = self._program.levels, self._program.bands
        if (rule.mandate and not other.mandate) or rule.selection != other.selection:
            return False
        match rule.then, other.then:
            case Control(tasks), Control(others):
                return all(
                    any(
                        (task.task, task.unit) == (more.task, more.unit) and more.rate >= task.rate
                        for more in others
                    )
                    for task in tasks
                )
            case Danger() as less, Danger() as more:
                at = [levels.index(danger_level(self._program, one)) for one in (less, more)]
                return at[1] >= at[0]
            case Likelihood() as less_likely, Likelihood() as likelier:
                return bands.index(likelier.band) >= bands.index(less_likely.band)
            case one, two:
                return one == two

    def subsumed(self) -> Iterator[Finding]:
        """Rules that apply only where another, which brings as much, applies as well."""
        found: dict[int, list[int]] = {}
        for number, others in self._alongside.items():
            for other in sorted(others):
                answer = self._check(self._applies[number], z3.Not(self._applies[other]))
                if answer == z3.unsat:
                    found.setdefault(number, []).append(other)
                elif answer == z3.unknown:
                    self._left(f"whether `{self._id(number)}` is idle beside `{self._id(other)}`")
        for number, covering in found.items():
            for other in covering:
                mutual = number in found.get(other, ())
                if mutual and other < number:
                    continue
                yield from self._shown(
                    Kind.EQUAL if mutual else Kind.SUBSUMED,
                    (number, other),
                    "apply to the same declarations and bring the same"
                    if mutual
                    else "the first applies only where the second does, which brings as much",
                )

    # Conflicts

    def defeated(self) -> Iterator[Finding]:
        """Exemptions that spare nothing, as a mandate without any imposes the same: once for each
        two files.
        """
        mandates = [
            one
            for one in self._program.by_phase[Phase.CONTROL]
            if one.rule.mandate and one.rule.unless is None
        ]
        exempting = [
            one for one in self._program.by_phase[Phase.CONTROL] if one.rule.unless is not None
        ]
        by_files: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for one in exempting:
            for other in mandates:
                if _imposes_some(other.rule, one.rule):
                    files = one.rule.table, other.rule.table
                    by_files.setdefault(files, []).append((one.number, other.number))
        for pairs in by_files.values():
            pair = self._first(
                {
                    (one, other): every(
                        (self._encoding.exempted(one), self._encoding.verdicts[other].true)
                    )
                    for one, other in pairs
                },
                f"{Kind.DEFEATED} of {len(pairs)} pairs",
            )
            if pair is not None:
                yield from self._defeat(*pair)

    def _defeat(self, one: int, other: int) -> Iterator[Finding]:
        rule, by = self._id(one), self._id(other)

        def broken(shown: Sequence[Shown]) -> str | None:
            freed = {exempted.rule for exempted in shown[0].item.exempted}
            return by if rule in freed and by in applied(shown[0].item) else None

        yield from self._case(
            Kind.DEFEATED,
            (one, other),
            "the first exempts goods from what the second, a mandate, imposes on them",
            every((self._encoding.exempted(one), self._encoding.verdicts[other].true)),
            broken,
        )

    def statuses(self) -> Iterator[Finding]:
        """Rules that give the same goods unlike statuses: once for each two files."""
        ruled = [
            (compiled, compiled.rule.then.status)
            for compiled in self._program.by_phase[Phase.CONTROL]
            if isinstance(compiled.rule.then, GoodsStatus)
        ]
        pairs = (
            (one.number, other.number)
            for (one, status), (other, another) in combinations(ruled, 2)
            if status != another
        )
        yield from self._together(
            Kind.STATUSES, pairs, "give the same goods two statuses", self._files
        )

    def twice(self) -> Iterator[Finding]:
        """Two agencies that inspect the same goods in the same way: once for each two agencies."""
        tasks = [
            (compiled, task)
            for compiled in self._program.by_phase[Phase.CONTROL]
            if isinstance(compiled.rule.then, Control) and compiled.rule.selection is None
            for task in compiled.rule.then.tasks
            if at_border(self._program, task.task)
        ]
        by_task: dict[str, dict[str, list[int]]] = {}
        for compiled, task in tasks:
            by_agency = by_task.setdefault(task.task, {})
            by_agency.setdefault(compiled.rule.agency, []).append(compiled.number)
        for task_, by_agency in sorted(by_task.items()):
            label = self._program.vocabulary.label(task_)
            for one, other in combinations(sorted(by_agency), 2):
                pairs = [(a, b) for a in by_agency[one] for b in by_agency[other]]
                yield from self._any(
                    Kind.TWICE,
                    pairs,
                    f"two agencies carry out a {label} of the same goods",
                )

    # Gaps

    def gaps(self) -> Iterator[Finding]:
        """Products that a regulation governs and for which no rule of its authorities applies."""
        vocabulary, encoding = self._program.vocabulary, self._encoding
        for act in vocabulary.regulations.values():
            theirs = [c.number for c in self._program.rules if c.rule.agency in act.authorities]
            looked = expression(some(encoding.verdicts[number].true for number in theirs))
            classes = {
                name: expression(encoding.item.holding(TYPE, [name]))
                for name in act.governs
                if name != GOODS.term
            }
            gaps = [
                name
                for name, of_class in classes.items()
                if self._check(of_class, looked) == z3.unsat and self._check(of_class) == z3.sat
            ]
            if not gaps:
                continue
            first, labels = gaps[0], ", ".join(map(vocabulary.label, gaps))

            def broken(shown: Sequence[Shown], name: str = first) -> str | None:
                return name if name in _types(shown[0]) else None

            yield from self._case(
                Kind.GAP,
                (),
                f"no rule of the authorities of {act.label} applies to what it governs: {labels}",
                classes[first],
                broken,
            )

    # What they share

    def _together(
        self,
        kind: Kind,
        pairs: Iterable[tuple[int, int]],
        says: str,
        key: Callable[[int, int], tuple[str, ...]],
    ) -> Iterator[Finding]:
        """Pairs of rules that can apply together, one for each key."""
        by_key: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for pair in pairs:
            by_key.setdefault(key(*pair), []).append(pair)
        for group in by_key.values():
            yield from self._any(kind, group, says)

    def _any(self, kind: Kind, pairs: Sequence[tuple[int, int]], says: str) -> Iterator[Finding]:
        """The first of the pairs that can apply together, if one can."""
        verdicts = self._encoding.verdicts
        together = {(a, b): every((verdicts[a].true, verdicts[b].true)) for a, b in pairs}
        pair = self._first(together, f"{kind} of {len(pairs)} pairs")
        if pair is not None:
            yield from self._shown(kind, pair, says)

    def _first(self, pairs: Mapping[tuple[int, int], Truth], what: str) -> tuple[int, int] | None:
        """One of the pairs that can be, if one can."""
        answer = self._check(expression(some(pairs.values())))
        if answer == z3.unknown:
            self._left(what)
        if answer != z3.sat:
            return None
        model = self._solver.model()
        return next(
            pair
            for pair, truth in pairs.items()
            if z3.is_true(model.eval(expression(truth), model_completion=True))
        )

    def _files(self, one: int, other: int) -> tuple[str, ...]:
        return tuple(sorted(self._program.rules[n].rule.table for n in (one, other)))

    def _shown(self, kind: Kind, numbers: tuple[int, ...], says: str) -> Iterator[Finding]:
        """A finding on rules that apply together, with a declaration to which they do."""
        names = {self._id(number) for number in numbers}
        yield from self._case(
            kind,
            numbers,
            says,
            every(self._encoding.verdicts[number].true for number in numbers),
            lambda shown: says if names <= applied(shown[0].item) else None,
        )

    def _case(
        self,
        kind: Kind,
        numbers: tuple[int, ...],
        says: str,
        wrong: Truth,
        broken: Callable[[Sequence[Shown]], str | None],
    ) -> Iterator[Finding]:
        question = Question((self._prover.first,), every((wrong, self._real)), broken)
        left = min(SHOWING, self._deadline - time.monotonic())
        result = self._prover.answer(lambda _: question, max(left, 0))
        rules = tuple(self._id(number) for number in numbers)
        if result.outcome is Outcome.REFUTED:
            yield Finding(kind=kind, rules=rules, says=says, case=result.case)
        elif result.outcome is Outcome.UNDECIDED:
            self._left(f"{kind} of {', '.join(rules)}: {result.reason}")

    def _id(self, number: int) -> str:
        return self._program.rules[number].rule.id

    def _left(self, what: str) -> None:
        self.undecided.append(what)

    def _check(self, *assumed: z3.BoolRef) -> z3.CheckSatResult:
        left = self._deadline - time.monotonic()
        if left <= 0:
            return z3.unknown
        self._solver.set("timeout", max(1, int(min(left, SHOWING) * 1000)))
        return self._solver.check(*assumed)


def _types(shown: Shown) -> frozenset[str]:
    types = shown.facts.values.get(TYPE, frozenset())
    return types if isinstance(types, frozenset) else frozenset()


def _about(rule: Rule) -> tuple[str, ...]:
    """What two rules must have in common for one to make the other idle."""
    match rule.then:
        case Control():
            return ("control", rule.agency)
        case GoodsStatus(status):
            return ("status", rule.agency, status)
        case Danger() as danger:
            return ("danger", danger.hazard)
        case Likelihood() as likelihood:
            return ("likelihood", likelihood.hazard)
        case Concludes(fact, value):
            return ("concludes", fact, str(value))


def _imposes_some(mandate: Rule, rule: Rule) -> bool:
    """Whether a mandate imposes some of what the rule does."""
    match mandate.then, rule.then:
        case Control(others), Control(tasks):
            return bool({one.task for one in others} & {one.task for one in tasks})
        case GoodsStatus(other), GoodsStatus(status):
            return mandate.agency == rule.agency and other == status
        case _:
            return False


def lines(analysis: Analysis, vocabulary: Vocabulary | None = None) -> Iterator[str]:
    """The findings as text; what shows them in phrases, where it is known in which *vocabulary*."""
    for one in analysis.findings:
        names = ", ".join(f"`{name}`" for name in one.rules)
        yield f"{one.kind}  {names}: {one.says}" if names else f"{one.kind}  {one.says}"
        if one.case is not None:
            said = as_json(one.case) if vocabulary is None else told(one.case, vocabulary)
            yield from (f"    {line}" for line in said)
    for what in analysis.undecided:
        yield f"undecided  {what}"
    yield f"{len(analysis.findings)} findings in {analysis.seconds:.1f} s"
