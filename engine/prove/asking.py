"""What is asked of the solver about rules, and how its answers are told and shown.

Boundary: which questions there are is for `analyst`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import z3
from msgspec import Struct

from engine.decide.program import Compiled
from engine.prove.classes import odd
from engine.prove.imposing import applied
from engine.prove.logic import Truth, every, expression, no
from engine.prove.named import Named
from engine.prove.proving import Case, Outcome, Prover, Question, Shown

SHOWING = 10.0
"""Seconds for one question, and for the declaration that shows its answer."""


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

    Of rules that never apply there is none, and of idle ones where none was found in time; *tests*
    are those that exclude one another.
    """

    kind: Kind
    rules: tuple[str, ...]
    says: str
    case: Case | None = None
    tests: tuple[str, ...] = ()


def real(prover: Prover) -> Named:
    """A solver that knows what goods are like that can be what is declared of them."""
    solver = prover.possible((prover.first,))
    solver.add(expression(no(odd(prover.first))))
    return Named(solver)


class Asking:
    """Asks about the rules of a *prover*, until a *deadline*.

    *real* knows what real goods are like, and only these. A question may take *showing* seconds,
    and so may the declaration that shows its answer.
    """

    def __init__(
        self, prover: Prover, real: Named, deadline: float, showing: float = SHOWING
    ) -> None:
        self._prover, self._program, self._deadline = prover, prover.program, deadline
        self._encoding, self._real, self._showing = prover.encoding(), real, showing
        self.undecided: list[str] = []
        self._rules = [one for one in self._program.rules if one.rule.id not in prover.unseen]

    def _applies(self, number: int) -> Truth:
        return self._encoding.verdicts[number].true

    def _concerned(self, *rules: Compiled) -> bool:
        return any(self._prover.concerns(one.rule.id) for one in rules)

    # Pairs

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
        if not pairs:
            return None
        answer = self._check(self._real.any_of(pairs.values()))
        if answer == z3.unknown:
            self._left(what)
        if answer != z3.sat:
            return None
        model = self._real.model()
        return next(
            pair
            for pair, truth in pairs.items()
            if z3.is_true(model.eval(expression(truth), model_completion=True))
        )

    def _files(self, one: int, other: int) -> tuple[str, ...]:
        return tuple(sorted(self._program.rules[n].rule.table for n in (one, other)))

    # Findings

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
        question = Question(
            (self._prover.first,), every((wrong, no(odd(self._prover.first)))), broken
        )
        left = min(self._showing, self._deadline - time.monotonic())
        result = self._prover.answer(lambda _: question, max(left, 0))
        rules = tuple(self._id(number) for number in numbers)
        if result.outcome is Outcome.REFUTED:
            yield Finding(kind=kind, rules=rules, says=says, case=result.case)
        elif result.outcome is Outcome.UNDECIDED and kind in (Kind.SUBSUMED, Kind.EQUAL):
            yield Finding(kind=kind, rules=rules, says=says)  # proved; goods would only show it
        elif result.outcome is Outcome.UNDECIDED:
            self._left(f"{kind} of {', '.join(rules)}: {result.reason}")

    # The solver

    def _id(self, number: int) -> str:
        return self._program.rules[number].rule.id

    def _left(self, what: str) -> None:
        self.undecided.append(what)

    def _check(self, *truths: Truth) -> z3.CheckSatResult:
        return self._real.check(truths, min(self._deadline - time.monotonic(), self._showing))

    def _shown_to_apply(self) -> Callable[[int], bool]:
        """Whether a rule, by number, applies to the goods that the solver found last."""
        model = self._real.model()
        return lambda number: z3.is_true(model.eval(self._real.name(self._applies(number))))
