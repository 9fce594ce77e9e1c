"""Finding what rules are to one another: each question to the solver, and what its answer says.

What is said to be possible is shown by a declaration that both engines decide so; what is said to
be impossible is proved. Goods are those that can be: what contradicts itself is left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations

import z3

from engine.decide.examples import GivenError, verdicts
from engine.decide.program import Compiled
from engine.declaration.realising import TYPE
from engine.language.expression import GOODS
from engine.language.rule import Control, GoodsStatus, Phase, Rule
from engine.prove.asking import SHOWING, Asking, Finding, Kind
from engine.prove.covering import about, covers, imposes_some
from engine.prove.imposing import applied, at_border
from engine.prove.logic import every, no, some
from engine.prove.named import Named
from engine.prove.proving import Prover, Shown


class Analyst(Asking):
    """Finds what the rules of a *prover* are to one another.

    Where one rule is concerned, what others are to one another is not looked at.
    """

    def __init__(
        self, prover: Prover, real: Named, deadline: float, showing: float = SHOWING
    ) -> None:
        super().__init__(prover, real, deadline, showing)
        self._control = [one for one in self._rules if one.rule.phase is Phase.CONTROL]
        self._alongside: dict[int, frozenset[int]] = {}

    # Rules by themselves

    def never(self) -> Iterator[Finding]:
        """Rules that apply to no declaration. On the way, each other rule gets an example."""
        peers = self._peers()
        for number in {*peers, *(other for others in peers.values() for other in others)}:
            self._real.name(self._applies(number))  # all at once, which solvers take better
        for number, others in peers.items():
            compiled = self._program.rules[number]
            found = self._check(self._applies(number))
            if found == z3.sat:
                applies = self._shown_to_apply()
                self._alongside[number] = frozenset(o for o in others if applies(o))
            elif found == z3.unsat:
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
        found = {number: self._encoding.test(number).true for number in sorted(numbers)}
        if self._check(*found.values()) != z3.unsat:
            return ()
        core = self._real.core()
        facts = {
            self._program.tests[number].fact
            for number, truth in found.items()
            if self._real.name(truth).get_id() in core
        }
        return tuple(sorted(facts))

    # Rules of one consequence

    def _peers(self) -> dict[int, list[int]]:
        """By rule that is concerned, those whose consequence covers its own."""
        groups: dict[tuple[str, ...], list[Compiled]] = {}
        for compiled in self._rules:
            groups.setdefault(about(compiled.rule), []).append(compiled)
        return {
            one.number: [
                other.number
                for other in group
                if other is not one and covers(self._program, other.rule, one.rule)
            ]
            for group in groups.values()
            for one in group
            if self._concerned(one)
        }

    def subsumed(self) -> Iterator[Finding]:
        """Rules that apply only where another, which brings as much, applies as well."""
        found = {number: list(self._making_idle(number)) for number in self._alongside}
        if self._prover.concerned is not None:
            for number in self._alongside:
                found |= {other: [number] for other in self._made_idle(number)}
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

    def _making_idle(self, number: int) -> Iterator[int]:
        """The rules beside which one is idle; goods to which it applies strike out the others."""
        for other in sorted(self._alongside[number]):
            answer = self._check(self._applies(number), no(self._applies(other)))
            if answer == z3.unsat:
                yield other
            elif answer == z3.unknown:
                self._left(f"whether `{self._id(number)}` is idle beside `{self._id(other)}`")

    def _made_idle(self, number: int) -> Iterator[int]:
        """The rules that one makes idle. Goods to which it does not apply strike out the others:
        those of their examples, and then those of the solver, as many as these show.
        """
        one = self._program.rules[number].rule
        left = {
            other.number
            for other in self._rules
            if other.number != number
            and about(other.rule) == about(one)
            and covers(self._program, one, other.rule)
            and not self._exemplified_without(one, other.rule)
        }
        until = time.monotonic() + self._showing / 2
        while left:
            if time.monotonic() > until:
                self._left(f"which rules `{one.id}` makes idle")
                return
            any_other = self._real.any_of(map(self._applies, sorted(left)))
            found = self._check(no(self._applies(number)), any_other)
            if found == z3.unsat:
                break
            if found != z3.sat:
                self._left(f"which rules `{one.id}` makes idle")
                return
            applies = self._shown_to_apply()
            left = {other for other in left if not applies(other)}
        yield from (other for other in sorted(left) if self._check(self._applies(other)) == z3.sat)

    def _exemplified_without(self, one: Rule, other: Rule) -> bool:
        """Whether some example of the *other* is of goods to which the first does not apply."""
        examples = (each for each in other.examples if each.row or other.id == other.table)
        with suppress(GivenError):
            return any(
                each.expect == "applies"
                and {*verdicts(self._program, one, each).values()} == {"does not apply"}
                for each in examples
            )
        return False

    # Conflicts

    def defeated(self) -> Iterator[Finding]:
        """Exemptions that spare nothing, as a mandate without any imposes the same: once for each
        two files.
        """
        mandates = [one for one in self._control if one.rule.mandate and one.rule.unless is None]
        exempting = [one for one in self._control if one.rule.unless is not None]
        by_files: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for one in exempting:
            for other in mandates:
                if self._concerned(one, other) and imposes_some(other.rule, one.rule):
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
            for compiled in self._control
            if isinstance(compiled.rule.then, GoodsStatus)
        ]
        pairs = (
            (one.number, other.number)
            for (one, status), (other, another) in combinations(ruled, 2)
            if status != another and self._concerned(one, other)
        )
        yield from self._together(
            Kind.STATUSES, pairs, "give the same goods two statuses", self._files
        )

    def twice(self) -> Iterator[Finding]:
        """Two agencies that inspect the same goods in the same way: once for each two agencies."""
        tasks = [
            (compiled, task)
            for compiled in self._control
            if isinstance(compiled.rule.then, Control) and compiled.rule.selection is None
            for task in compiled.rule.then.tasks
            if at_border(self._program, task.task)
        ]
        by_task: dict[str, dict[str, list[Compiled]]] = {}
        for compiled, task in tasks:
            by_agency = by_task.setdefault(task.task, {})
            by_agency.setdefault(compiled.rule.agency, []).append(compiled)
        for task_, by_agency in sorted(by_task.items()):
            label = self._program.vocabulary.label(task_)
            for one, other in combinations(sorted(by_agency), 2):
                pairs = [
                    (a.number, b.number)
                    for a in by_agency[one]
                    for b in by_agency[other]
                    if self._concerned(a, b)
                ]
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
            looked = some(encoding.verdicts[number].true for number in theirs)
            classes = {
                name: encoding.item.holding(TYPE, [name])
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


def _types(shown: Shown) -> frozenset[str]:
    types = shown.facts.values.get(TYPE, frozenset())
    return types if isinstance(types, frozenset) else frozenset()
