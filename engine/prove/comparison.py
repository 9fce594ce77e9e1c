"""What a change of rules means: stricter, lighter, equivalent or neither, of every declaration.

Two releases, or two versions of a rule, over the same symbolic item. What differs is shown by a
declaration that both decide, unlike one another; what does not is proved. Boundary: the words of
rules are compared by `language`; here both are read by the words of the later one. What these
cannot say of the earlier one is undecided, with the reason, unless a declaration shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from engine.decide.combining import rank
from engine.decide.deciding import Decider
from engine.decide.decision import ItemDecision
from engine.decide.program import Program
from engine.declaration.declaration import Request
from engine.declaration.problems import MalformedError
from engine.declaration.realising import TYPE
from engine.language.condition import Operator
from engine.language.rule import Control, GoodsStatus, Rule
from engine.language.vocabulary import FactType, Source, Vocabulary
from engine.prove.classes import odd
from engine.prove.earlier import Unread, read_by
from engine.prove.encoding import Encoding
from engine.prove.imposing import applied, decided_reach, graver, more
from engine.prove.logic import Truth, every, no, some
from engine.prove.proving import Case, Outcome, Prover, Question, Result, Shown, decided
from engine.prove.scenario import told

BUDGET = 60.0
"""Seconds for a whole comparison."""

ONE = 10.0
"""Seconds for one question of it."""


_BROUGHT = ("then", "agency", "mandate", "selection", "phase", "on_unknown")
"""The fields of a rule that say what it brings, and not to which goods."""


class Change(StrEnum):
    """What a change makes of control and status."""

    STRICTER = "stricter"
    LIGHTER = "lighter"
    EQUIVALENT = "equivalent"
    INCOMPARABLE = "incomparable"
    UNDECIDED = "undecided"


class Meaning(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a *subject*: all rules, a rule, a product class or an origin.

    *stricter* and *lighter* each show it by a declaration, decided before and after.
    """

    subject: str
    change: Change
    stricter: Case | None = None
    lighter: Case | None = None
    reason: str | None = None


class MeaningOfChange(Struct, frozen=True, kw_only=True):
    """A comparison: of everything, by rule that differs, by product class and by origin.

    *affected* of the *sample* declarations given are decided otherwise; *left_out* are those that
    were not compared, by name, with the reason. *same_words*: whether both speak of the same facts,
    terms and groups; else rules of both are read by the later words.
    """

    overall: Meaning
    rules: tuple[Meaning, ...]
    classes: tuple[Meaning, ...]
    origins: tuple[Meaning, ...]
    same_words: bool
    sample: int
    affected: int
    left_out: dict[str, str]
    seconds: float


def compare(
    before: Decider,
    after: Decider,
    sample: Mapping[str, Request] = MappingProxyType({}),
    *,
    budget: float = BUDGET,
    progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
) -> MeaningOfChange:
    """What the change from *before* to *after* means, and for a *sample* of named declarations."""
    start = time.monotonic()
    comparing = _Comparing(before, after, start + budget)
    progress("overall", 0, 1)
    overall = comparing.whole("all rules")
    changed = comparing.changed()
    rules = []
    for done, name in enumerate(changed):
        progress("rules", done, len(changed))
        rules.append(comparing.rule(name))
    same = overall.change is Change.EQUIVALENT
    classes, origins = ((), ()) if same else comparing.narrower(changed)
    affected, left_out = _compared(sample, before, after)
    return MeaningOfChange(
        overall=overall,
        rules=tuple(rules),
        classes=tuple(comparing.whole(name, truth) for name, truth in classes),
        origins=tuple(comparing.whole(name, truth) for name, truth in origins),
        same_words=_words(before) == _words(after),
        sample=len(sample) - len(left_out),
        affected=affected,
        left_out=left_out,
        seconds=round(time.monotonic() - start, 3),
    )


class _Comparing:
    def __init__(self, before: Decider, after: Decider, deadline: float) -> None:
        self._deciders, self._deadline = (before, after), deadline
        earlier, self._unread = read_by(after.program.vocabulary, before.program)
        self._prover = Prover(after, earlier)
        item = self._prover.first
        self._old, self._new = Encoding(earlier, item), self._prover.encoding(item)
        self._rules = [{one.rule.id: one.rule for one in d.program.rules} for d in self._deciders]

    def changed(self) -> list[str]:
        """The rules that differ, came or went, by id."""
        old, new = self._rules
        return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))

    # Control and status of all

    def whole(self, subject: str, among: Truth = True) -> Meaning:
        """What the change makes of control and status, of the goods *among* which."""
        stricter, lighter = (
            self._asked(self._heavier(one, other), self._shown_heavier(place), among)
            for place, (one, other) in enumerate(((self._new, self._old), (self._old, self._new)))
        )
        return self._meaning(subject, stricter, lighter, self._unread)

    def _heavier(self, one: Encoding, than: Encoding) -> Truth:
        """Whether control, by law, risk or draw, reaches further, or status is graver."""
        further = more(one.imposed, than.imposed, _any_control)
        return some((further, graver(one.imposed, than.imposed)))

    def _shown_heavier(self, place: int) -> Callable[[Sequence[Shown]], str | None]:
        """*place* 0: after is heavier than before; 1: the other way round."""

        def broken(shown: Sequence[Shown]) -> str | None:
            both = [
                (one.item, decider.program)
                for one, decider in zip(shown, self._deciders, strict=True)
            ]
            light, heavy = both if place == 0 else reversed(both)
            return _says(light, heavy)

        return broken

    # One rule

    def rule(self, name: str) -> Meaning:
        """What became of one rule: the goods that it applies to, and no longer or newly."""
        if name in self._unread:
            return Meaning(subject=name, change=Change.UNDECIDED, reason=self._unread[name])
        before, after = (_applies(name, encoding) for encoding in (self._old, self._new))
        heavier = lighter = False
        one, other = (rules.get(name) for rules in self._rules)
        if one is not None and other is not None:
            if not _like(one, other):
                why = "what it brings differs in more than tasks and their rates"
                return Meaning(subject=name, change=Change.INCOMPARABLE, reason=why)
            heavier, lighter = not _covers(one, other), not _covers(other, one)
        stricter = every((after, True if heavier else no(before)))
        looser = every((before, True if lighter else no(after)))
        return self._meaning(
            name,
            self._asked(stricter, _applies_in(1, name, alone=not heavier)),
            self._asked(looser, _applies_in(0, name, alone=not lighter)),
            self._below(one),
        )

    def _below(self, rule: Rule | None) -> Unread:
        """The rules that cannot be read on whose conclusions an earlier *rule* may rest."""
        facts = self._prover.program.vocabulary.facts
        if rule is None or all(
            facts[leaf.test.fact].source is not Source.CONCLUDED for leaf in rule.leaves
        ):
            return {}
        imposing = Control | GoodsStatus
        return {
            name: reason
            for name, reason in self._unread.items()
            if not isinstance(self._rules[0][name].then, imposing)
        }

    # Classes and origins

    def narrower(
        self, changed: Sequence[str]
    ) -> tuple[list[tuple[str, Truth]], list[tuple[str, Truth]]]:
        """The product classes and origins that the changed rules speak of."""
        classes: dict[str, Truth] = {}
        origins: dict[str, Truth] = {}
        item = self._prover.first
        vocabulary = self._prover.program.vocabulary
        for name in changed:
            for rule in (rules[name] for rules in self._rules if name in rules):
                for leaf in rule.leaves:
                    test, fact = leaf.test, vocabulary.facts.get(leaf.test.fact)
                    if fact is None:
                        continue
                    if fact.id == TYPE and test.operator is Operator.IS_A:
                        for term in filter(vocabulary.terms.__contains__, test.terms):
                            classes[term] = item.holding(TYPE, [term])
                    elif fact.type is FactType.COUNTRY and test.operator is not Operator.WITHIN:
                        for country in filter(vocabulary.countries.__contains__, test.terms):
                            here = every((item.known(fact.id), item.among(fact.id, [country])))
                            origins[country] = some((origins.get(country, False), here))
        return sorted(classes.items()), sorted(origins.items())

    def _asked(
        self,
        wrong: Truth,
        broken: Callable[[Sequence[Shown]], str | None],
        among: Truth = True,
    ) -> Result:
        real = no(odd(self._prover.first))
        question = Question(
            (self._prover.first,), every((wrong, among, real)), broken, True, self._deciders
        )
        left = min(ONE, self._deadline - time.monotonic())
        return self._prover.answer(lambda _: question, max(left, 0))

    def _meaning(self, subject: str, stricter: Result, lighter: Result, unread: Unread) -> Meaning:
        """What two answers make of a subject; of what rests on rules *unread* nothing is proved."""
        outcomes = stricter.outcome, lighter.outcome
        reason = stricter.reason or lighter.reason
        change = _CHANGES.get(outcomes, Change.UNDECIDED)
        if unread and Outcome.PROVED in outcomes:
            change, reason = Change.UNDECIDED, _unread_as_text(unread)
        return Meaning(
            subject=subject,
            change=change,
            stricter=stricter.case,
            lighter=lighter.case,
            reason=reason,
        )


_CHANGES = {
    (Outcome.PROVED, Outcome.PROVED): Change.EQUIVALENT,
    (Outcome.REFUTED, Outcome.PROVED): Change.STRICTER,
    (Outcome.PROVED, Outcome.REFUTED): Change.LIGHTER,
    (Outcome.REFUTED, Outcome.REFUTED): Change.INCOMPARABLE,
}
"""Change by what became of the questions whether it is stricter, and lighter, somewhere."""


def _unread_as_text(unread: Unread) -> str:
    name, reason = next(iter(unread.items()))
    more = f", and {len(unread) - 1} more rules cannot be read" if len(unread) > 1 else ""
    return f"`{name}` cannot be read: {reason}{more}"


def _applies(name: str, encoding: Encoding) -> Truth:
    number = encoding.program.numbers.get(name)
    return False if number is None else encoding.verdicts[number].true


def _says(light: tuple[ItemDecision, Program], heavy: tuple[ItemDecision, Program]) -> str | None:
    """In what the second decision is heavier; each is read by the program that took it."""
    low, high = (decided_reach(*one, lambda _: True) for one in (light, heavy))
    words, others = heavy[1].vocabulary, light[1].vocabulary
    for place, rate in high.items():
        against = max((low[other] for other in low if other >= place), default=Decimal(0))
        if rate > against:
            label = next(one.label for one in words.of_kind("control") if one.rank == place)
            return f"{label} or more at {rate:%} against {against:%}"
    gravest, grave = heavy[0].status, light[0].status
    if rank(words, gravest) > rank(others, grave):
        return f"{words.label(gravest)} against {others.label(grave)}"
    return None


def _applies_in(there: int, name: str, *, alone: bool) -> Callable[[Sequence[Shown]], str | None]:
    """That a rule applies before (0) or after (1) the change, and *alone* there or with more."""
    when = ("before", "after")[there]

    def broken(shown: Sequence[Shown]) -> str | None:
        here, other = (name in applied(shown[place].item) for place in (there, 1 - there))
        if not here or (alone and other):
            return None
        return (
            f"`{name}` applies {when} the change only"
            if not other
            else (f"`{name}` brings more {when} the change")
        )

    return broken


def _like(one: Rule, other: Rule) -> bool:
    """Whether two versions of a rule bring the same, but for tasks and their rates."""
    tasks = isinstance(one.then, Control) and isinstance(other.then, Control)
    return all(
        getattr(one, field) == getattr(other, field)
        for field in _BROUGHT
        if not (tasks and field == "then")
    )


def _covers(one: Rule, other: Rule) -> bool:
    """Whether the first brings all that the other does."""
    if not (isinstance(one.then, Control) and isinstance(other.then, Control)):
        return True
    return all(
        any((t.task, t.unit) == (m.task, m.unit) and m.rate >= t.rate for m in one.then.tasks)
        for t in other.then.tasks
    )


def _any_control(rule: Rule) -> bool:
    return isinstance(rule.then, Control)


def _words(decider: Decider) -> tuple[object, ...]:
    words = decider.program.vocabulary
    return words.facts, words.terms, words.groups, words.certificates


def _compared(
    sample: Mapping[str, Request], before: Decider, after: Decider
) -> tuple[int, dict[str, str]]:
    """How many of the sample are decided otherwise; and which are not decided, with the reason."""
    affected = 0
    left_out: dict[str, str] = {}
    for name, request in sample.items():
        try:
            one, other = (decided(request, decider).decision for decider in (before, after))
        except MalformedError as error:
            first = error.problems[0]
            left_out[name] = f"{first.pointer}: {first.message}"
        else:
            affected += list(map(_outcome, one.items)) != list(map(_outcome, other.items))
    return affected, left_out


def _outcome(item: ItemDecision) -> tuple[object, ...]:
    controls = {(one.agency, one.task, one.rate, one.unit) for one in item.controls}
    return frozenset(controls), item.status, item.pending


def lines(found: MeaningOfChange, vocabulary: Vocabulary) -> Iterator[str]:
    """A comparison as text; *vocabulary* is the later one."""
    words = "" if found.same_words else " (the words differ: read by the later ones)"
    for one in (found.overall, *found.rules, *found.classes, *found.origins):
        yield f"{one.change:<12}  {one.subject}{words if one is found.overall else ''}"
        if one.reason:
            yield f"              {one.reason}"
        for case in (one.stricter, one.lighter):
            if case is not None:
                yield f"              {case.says}:"
                yield from (f"                {line}" for line in told(case, vocabulary))
    if found.sample or found.left_out:
        yield f"{found.affected} of {found.sample} sample declarations are decided otherwise"
    for name, reason in found.left_out.items():
        yield f"not compared  {name}: {reason}"
