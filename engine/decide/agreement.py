"""Two engines, one answer: what they agree on, and what is done where they do not.

A disagreement is never hidden. An engine that fails gives no answer at all, which is never read
as "no rule applies".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from functools import partial

from msgspec import Struct

from engine.decide.answer import Answer, Apart, Engine, EngineError, Waiting
from engine.decide.program import Program
from engine.declaration.facts import Facts

WINDOW = 8
"""Items that an engine is asked about before the first of them is answered."""


class Judgement(Struct, frozen=True, kw_only=True):
    """The answer that stands for one item, and how it came about.

    *agreement* is None where only one engine was there to answer. A *degraded* item goes to an
    officer for technical review; *notices* say why.
    """

    answer: Answer
    engines: tuple[str, ...]
    agreement: bool | None
    degraded: bool
    notices: tuple[str, ...] = ()


def consult(program: Program, engines: Sequence[Engine], facts: Facts) -> Judgement:
    """Ask every engine and compare every verdict and every concluded fact.

    Raises `EngineError` where no engine has an answer.
    """
    (judgement,) = consult_each(program, engines, [facts])
    return judgement


def consult_each(
    program: Program, engines: Sequence[Engine], items: Iterable[Facts]
) -> Generator[Judgement, None, None]:
    """The same for each of the *items*, in order.

    An engine in a process of its own is at the next items while one is compared, and while whoever
    takes the judgement is busy with it.
    """
    waiting: deque[list[_Asked]] = deque()
    try:
        for facts in items:
            base: dict[int, int] = {}
            waiting.append([_Asked(engine, facts, base) for engine in engines])
            if len(waiting) == WINDOW:
                yield _judgement(program, waiting[0])
                waiting.popleft()
        while waiting:
            yield _judgement(program, waiting[0])
            waiting.popleft()
    finally:
        for item in waiting:
            for one in item:
                one.leave()


class _Asked:
    """An engine that is asked about an item: ahead, where it can be."""

    def __init__(self, engine: Engine, facts: Facts, base: dict[int, int]) -> None:
        self.name = engine.name
        self._judge = partial(engine.judge, facts, base)
        self._waiting: Waiting | None = None
        if isinstance(engine, Apart):
            with suppress(EngineError):  # `judge` says it again, where its answer is wanted
                self._waiting = engine.ahead(facts)

    def answer(self) -> Answer:
        return self._waiting.answer() if self._waiting else self._judge()

    def leave(self) -> None:
        if self._waiting:
            self._waiting.leave()


def _judgement(program: Program, asked: Sequence[_Asked]) -> Judgement:
    answers: list[tuple[str, Answer]] = []
    failures: list[str] = []
    for engine in asked:
        try:
            answers.append((engine.name, engine.answer()))
        except Exception as error:  # whatever an engine dies of, the other's answer stands
            failures.append(f"{engine.name} gave no answer ({type(error).__name__}: {error})")
    if not answers:
        raise EngineError("no engine gave an answer: " + "; ".join(failures))
    names = tuple(name for name, _ in answers)
    if len(answers) == 1:
        return Judgement(
            answer=answers[0][1],
            engines=names,
            agreement=None,
            degraded=bool(failures),
            notices=tuple(failures),
        )
    (_, first), (_, second) = answers
    differences = () if first == second else tuple(disagreements(program, first, second))
    return Judgement(
        answer=first if not differences else _reconciled(program, first, second),
        engines=names,
        agreement=not differences,
        degraded=bool(differences or failures),
        notices=(*failures, *differences),
    )


def disagreements(program: Program, first: Answer, second: Answer) -> list[str]:
    """Every verdict and concluded fact on which two answers differ, in words."""
    found = []
    for word, left, right in (
        ("applies", first.applies, second.applies),
        ("is undetermined", first.undetermined, second.undetermined),
    ):
        for number in sorted(left ^ right):
            side = "first" if number in left else "second"
            found.append(
                f"only the {side} engine finds that {program.rules[number].rule.id} {word}"
            )
    for word, left_facts, right_facts in (
        ("certain", first.certain, second.certain),
        ("possible", first.possible, second.possible),
    ):
        for fact, value in sorted(left_facts ^ right_facts, key=str):
            found.append(f"only one engine holds {fact} = {value} to be {word}")
    if first.level != second.level:
        found.append(f"the risk levels differ: {first.level} and {second.level}")
    return found


def _reconciled(program: Program, first: Answer, second: Answer) -> Answer:
    """Mandates found by either apply; anything discretionary only where both agree.

    What only one finds to apply, or that one leaves open, is undetermined.
    """
    either = first.applies | second.applies
    both = first.applies & second.applies
    applies = both | {number for number in either if program.rules[number].rule.mandate}
    levels = [term.id for term in program.vocabulary.of_kind("level")]
    return Answer(
        applies=applies,
        undetermined=(either | first.undetermined | second.undetermined) - applies,
        certain=first.certain & second.certain,
        possible=first.possible | second.possible,
        level=(
            min(first.level[0], second.level[0], key=levels.index),
            max(first.level[1], second.level[1], key=levels.index),
        ),
    )
