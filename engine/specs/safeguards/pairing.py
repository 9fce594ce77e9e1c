"""Paired declarations: the same goods of another origin, route or trader, decided alike or not.

Twins are made of the facts of an item. Of all countries one stands for those that every rule treats
alike, so that a few dozen twins speak for all. Only the specification judges them: the engines are
compared elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from engine.decide.answer import Answer
from engine.decide.decision import Decision
from engine.decide.generate import Generator
from engine.decide.kleene import NOTHING
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import Facts, Value
from engine.language.condition import Leaf
from engine.language.rule import Control, GoodsStatus
from engine.language.vocabulary import Source
from engine.specs.safeguards.finding import ANY, Finding, Kind, Verdict, about, article
from engine.specs.safeguards.justifying import account
from engine.specs.safeguards.subject import ORIGINS, SHIPPED_FROM, TRADER, Subject

_NAMED = 3
"""Twins that a finding names."""


class Twin(Struct, frozen=True, kw_only=True):
    """The same goods but for some facts; *name* is that of the other value, for people."""

    name: str
    changed: dict[str, Value]


class Swap(Struct, frozen=True, kw_only=True):
    """What is swapped, in words, what it is in the declaration, and the twins to try."""

    what: str
    own: str
    twins: tuple[Twin, ...]


class Pairing:
    """Tries twins of items by one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._semantics = Semantics(program)
        self._generator = Generator(program)

    def of_item(self, facts: Facts, decision: Decision, item: int) -> Iterator[Finding]:
        """The findings about one item and its twins; each names the rule that tells them apart."""
        own = self._semantics.judge(facts)
        for swap in self.swaps(facts):
            unlike: dict[int, list[str]] = {}
            unexplained: list[str] = []
            for twin in swap.twins:
                causes = self._causes(own, facts, twin)
                for cause in causes or ():
                    unlike.setdefault(cause, []).append(twin.name)
                if causes is not None and not causes:
                    unexplained.append(twin.name)
            for cause, names in unlike.items():
                yield self._unlike(cause, swap, names, decision.on, item)
            if unexplained:
                words = f"{_instead(swap, unexplained)}: treated otherwise, and no rule says why"
                yield _whole(Verdict.FLAG, words, item, "report it: no rule tells them apart")
            elif not unlike:
                words = f"treated alike with any other {swap.what}"
                yield _whole(Verdict.NO_FLAG, words, item)

    # Twins

    def swaps(self, facts: Facts) -> Iterator[Swap]:
        """What can be swapped in an item, with a twin for each way in which rules see it."""
        origins = {name: facts.values[name] for name in ORIGINS if name in facts.values}
        for what, held in (
            ("origin", origins),
            ("country shipped from", _held(facts, SHIPPED_FROM)),
        ):
            if held:
                own = " and ".join(sorted({str(value) for value in held.values()}))
                yield Swap(what=what, own=own, twins=tuple(self._countries(facts, held)))
        for name, fact in sorted(self.program.vocabulary.facts.items()):
            if not name.startswith(TRADER) or fact.source is Source.CONCLUDED:
                continue
            if twins := tuple(self._traders(facts, name)):
                value = facts.values.get(name, False if fact.closed else "not stated")
                what = f"trader ({fact.label[0].lower()}{fact.label[1:]})"
                yield Swap(what=what, own=str(value).lower(), twins=twins)

    def _traders(self, facts: Facts, name: str) -> Iterator[Twin]:
        """Other values of a fact about the trader, around those that rules ask for."""
        fact = self.program.vocabulary.facts[name]
        value = facts.values.get(name, False if fact.closed else None)
        for other in self._generator.pools.get(name, ()):
            if other is not None and other != value and not isinstance(other, frozenset):
                yield Twin(name=str(other).lower(), changed={name: other})

    def _countries(self, facts: Facts, held: Mapping[str, Value]) -> Iterator[Twin]:
        """A country for each way in which the rules see countries, but that of the own."""
        own = set(held.values())
        tests = [n for n, test in enumerate(self.program.tests) if test.fact in held]
        seen = set()
        for country in [*sorted(map(str, own)), *sorted(self.program.vocabulary.countries)]:
            changed: dict[str, Value] = dict.fromkeys(held, country)
            other = _with(facts, changed)
            view = tuple(self.program.evaluators[n](other, NOTHING, NOTHING) for n in tests)
            if view not in seen and country not in own:
                yield Twin(name=country, changed=changed)
            seen.add(view)

    # Comparing

    def _causes(self, own: Answer, facts: Facts, twin: Twin) -> list[int] | None:
        """The rules that tell a twin apart; None where it is treated alike."""
        other = self._semantics.judge(_with(facts, twin.changed))
        if self._treatment(own) == self._treatment(other):
            return None
        differing = sorted((own.applies ^ other.applies) | (own.undetermined ^ other.undetermined))
        reading = [number for number in differing if self._reads(number, twin)]
        imposing = [number for number in differing if self._imposes(number)]
        direct = [number for number in imposing if number in reading]
        if direct == imposing:
            return direct
        # Some control follows from what others conclude: these tell the goods apart, too.
        return [number for number in reading if number in direct or not self._imposes(number)]

    def _treatment(self, answer: Answer) -> frozenset[tuple[str, object, bool]]:
        """What is imposed, certainly or possibly, whichever rule imposes it."""
        found: set[tuple[str, object, bool]] = set()
        for numbers, sure in ((answer.applies, True), (answer.undetermined, False)):
            for number in numbers:
                rule = self.program.rules[number].rule
                if isinstance(rule.then, Control):
                    found |= {(rule.agency, task, sure) for task in rule.then.tasks}
                elif isinstance(rule.then, GoodsStatus):
                    found.add((rule.agency, rule.then.status, sure))
        return frozenset(found)

    def _imposes(self, number: int) -> bool:
        return isinstance(self.program.rules[number].rule.then, Control | GoodsStatus)

    def _reads(self, number: int, twin: Twin) -> bool:
        return any(
            leaf.test.fact in twin.changed for leaf in self.program.rules[number].rule.leaves
        )

    def _unlike(self, cause: int, swap: Swap, names: list[str], on: date, item: int) -> Finding:
        subject = Subject(self.program, self.program.rules[cause], on)
        changed = {fact for twin in swap.twins for fact in twin.changed}

        def differs(leaf: Leaf) -> bool:
            return leaf.test.fact in changed

        found = account(subject, differs)
        words = f"{_instead(swap, names)}: other controls or status; {found.words}"
        return about(Kind.DISCRIMINATION, found.verdict, subject.rule, words, found.mend, item)


def _held(facts: Facts, name: str) -> dict[str, Value]:
    return {name: facts.values[name]} if name in facts.values else {}


def _with(facts: Facts, changed: Mapping[str, Value]) -> Facts:
    return replace(facts, values={**facts.values, **changed})


def _instead(swap: Swap, names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    # Not how many: the twins that are tried tell of all rules, those that few may see included.
    more = " and others" if len(listed) > _NAMED else ""
    return f"{swap.what} {', '.join(listed[:_NAMED])}{more} instead of {swap.own}"


def untried(items: int) -> Finding:
    """That so many items had no twins."""
    words = f"{items} further items were not tried with twins"
    return _whole(Verdict.INSUFFICIENT, words, None, "try them in a declaration of their own")


def _whole(verdict: Verdict, words: str, item: int | None, mend: str | None = None) -> Finding:
    """A finding about an item that rests on no single rule."""
    return Finding(
        kind=Kind.DISCRIMINATION,
        verdict=verdict,
        regime=ANY,
        article=str(article(Kind.DISCRIMINATION, ANY)),
        rules=(),
        words=words,
        mend=mend,
        item=item,
    )
