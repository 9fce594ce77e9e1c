"""A goods item of which nothing is settled yet: a variable for each thing that rules can ask.

Values that no rule can tell apart are one value: a country that no rule names stands for all the
others, a commodity code for all of its kind. Numbers are exact. Two items may share all facts but
some, to be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property

import z3

from engine.declaration.facts import DocumentStatus, Facts, Money, Value
from engine.language.condition import Test
from engine.language.vocabulary import FactType, Vocabulary
from engine.prove.codes import Codes
from engine.prove.logic import Truth, among, choice, expression, implies, number, some

Key = tuple[str, ...]
"""What a variable is of: its kind, then a fact, certificate or day, then a term or level."""

LEVELS = (DocumentStatus.DECLARED, DocumentStatus.PRESENTED, DocumentStatus.VERIFIED)
"""What is held of a certificate, least first: any other status is as good as none."""

OTHER_TEXT = "goods as described elsewhere"
OTHER_CURRENCY = "XAF"
_BEYOND = 400
"""Days beyond the first and last one on which anything changes."""

WORDS = (FactType.COUNTRY, FactType.TEXT, FactType.TERM, FactType.CODE)
"""Types of facts of which a value is one of some words."""


class Space:
    """What items can be told apart by: the *tests* of one or more programs, and the ontology."""

    def __init__(self, vocabulary: Vocabulary, tests: Iterable[Test], days: Iterable[date]) -> None:
        self.vocabulary = vocabulary
        self.tests = tuple(dict.fromkeys(tests))
        self.days = tuple(sorted(set(days))) or (date(2026, 1, 1),)
        self._words: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, dict[str, int]] = {}

    @cached_property
    def codes(self) -> Codes:
        """The commodity codes."""
        return Codes(self.vocabulary, self.tests)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that tests name, and one that none names."""
        named = {test.currency for test in self.tests if test.currency}
        rest = [OTHER_CURRENCY, *sorted(self.vocabulary.currencies)]
        return (*sorted(named), next(one for one in rest if one not in named))

    def words(self, fact: str) -> tuple[str, ...]:
        """The values of a fact: kinds of codes, terms, countries or texts."""
        if fact not in self._words:
            self._words[fact] = self._found(fact)
        return self._words[fact]

    def place(self, fact: str, word: str) -> int:
        """The place of the value that stands for *word*."""
        if self.vocabulary.facts[fact].type is FactType.CODE:
            return self.codes.alike(word)
        if fact not in self._places:
            self._places[fact] = {one: place for place, one in enumerate(self.words(fact))}
        places = self._places[fact]
        return places.get(word, len(places) - 1)

    def tells(self, test: Test) -> bool:
        """Whether what *test* tells apart is told apart here: no value of it stands for others."""
        match self.vocabulary.facts[test.fact].type:
            case FactType.CODE:
                return all(map(self.codes.tells, test.codes))
            case FactType.COUNTRY:
                return set(self._countries_of(test)) <= set(self.words(test.fact)[:-1])
            case FactType.TEXT:
                return set(test.terms) <= set(self.words(test.fact)[:-1])
            case FactType.MONEY:
                return test.currency is None or test.currency in self.currencies[:-1]
            case _:
                return True

    def near(self, day: date) -> bool:
        """Whether the days that items may have reach beyond *day*, on both sides."""
        return self.first < day.toordinal() < self.last

    @property
    def first(self) -> int:
        """The first day that an item may have, as a number."""
        return self.days[0].toordinal() - _BEYOND

    @property
    def last(self) -> int:
        """The last one."""
        return self.days[-1].toordinal() + _BEYOND

    def widened(self, tests: Iterable[Test]) -> None:
        """Take in further tests, all of which it tells apart."""
        self.tests = tuple(dict.fromkeys((*self.tests, *tests)))

    def _found(self, name: str) -> tuple[str, ...]:
        fact = self.vocabulary.facts[name]
        match fact.type:
            case FactType.CODE:
                return tuple(self.codes.all)
            case FactType.TERM | FactType.TERMS:
                terms = self.vocabulary.of_kind(str(fact.range))
                return tuple(term.id for term in sorted(terms, key=lambda one: self._line(one.id)))
            case FactType.COUNTRY:
                named = set(self._countries())
                other = [one for one in sorted(self.vocabulary.countries) if one not in named]
                return (*sorted(named), *other[:1])
            case _:
                texts = {word for test in self.tests if test.fact == name for word in test.terms}
                return (*sorted(texts), OTHER_TEXT)

    def _countries(self) -> Iterator[str]:
        for test in self.tests:
            if self.vocabulary.facts[test.fact].type is FactType.COUNTRY:
                yield from self._countries_of(test)

    def _countries_of(self, test: Test) -> Iterator[str]:
        groups = self.vocabulary.groups
        for term in test.terms:
            if term in groups:
                yield from (member.country for member in groups[term].members)
            else:
                yield term

    def _line(self, term: str) -> list[str]:
        """The term below those above it, so that what is below one term are neighbours."""
        terms = self.vocabulary.terms
        above = terms[term].ancestors | {term}
        return sorted(above, key=lambda one: (len(terms[one].ancestors), one))


class Item:
    """One symbolic item. It shares the facts of *other* but those *varying*, which are its own."""

    def __init__(
        self,
        space: Space,
        name: str,
        other: Item | None = None,
        varying: Iterable[str] = (),
    ) -> None:
        self.space, self.name, self.other = space, name, other
        self.varying = frozenset(varying)
        self.variables: dict[Key, z3.ExprRef] = {}
        self._pins: dict[tuple[Key, bool | int | Decimal], z3.BoolRef] = {}

    def own(self, fact: str) -> bool:
        """Whether a fact, certificate or day is this item's own, and not that of the other."""
        return self.other is None or fact in self.varying

    # Variables

    def known(self, fact: str) -> z3.BoolRef:
        return self._truth("known", fact)

    def flag(self, fact: str) -> z3.BoolRef:
        return self._truth("flag", fact)

    def member(self, fact: str, term: str) -> z3.BoolRef:
        """Whether a set holds the very term."""
        return self._truth("member", fact, term)

    def document(self, certificate: str, status: DocumentStatus) -> z3.BoolRef:
        """Whether a certificate is held in the status or a higher one."""
        return self._truth("document", certificate, status.value)

    def settled(self, certificate: str) -> z3.BoolRef:
        """Whether absence of a certificate is a fact."""
        return self._truth("settled", certificate)

    def number(self, fact: str) -> z3.ArithRef:
        """A number, or the amount of money."""
        return self._variable(("number", fact), z3.Real)

    def converted(self, fact: str, currency: str) -> z3.ArithRef:
        """An amount of money in a currency for which there is a rate."""
        return self._variable(("converted", fact, currency), z3.Real)

    def rated(self, fact: str, currency: str) -> z3.BoolRef:
        """Whether there is a rate from the money's own currency."""
        return self._truth("rated", fact, currency)

    def day(self, name: str) -> z3.ArithRef:
        """A governing date, as a number."""
        return self._variable(("day", name), z3.Int)

    def word(self, fact: str) -> z3.BitVecRef:
        """The place of the value among the words of the fact."""
        return self._variable(("word", fact), lambda n: choice(n, self.space.words(fact)))

    def currency(self, fact: str) -> z3.BitVecRef:
        """The place of the money's currency."""
        return self._variable(("currency", fact), lambda n: choice(n, self.space.currencies))

    def stage(self) -> z3.BitVecRef:
        """How far the goods have come."""
        return self._variable(("stage", "stage"), lambda n: z3.BitVec(n, 2))

    def variable(self, key: Key) -> z3.ExprRef:
        """The variable of a key that is in use."""
        if self.other is not None and key[1] not in self.varying:
            return self.other.variable(key)
        return self.variables[key]

    def truth(self, *key: str) -> z3.BoolRef:
        """Any other truth of this item."""
        return self._truth(*key)

    def _truth(self, *key: str) -> z3.BoolRef:
        return self._variable(key, z3.Bool)

    def _variable(self, key: Key, make: object) -> z3.ExprRef:
        if self.other is not None and key[1] not in self.varying:
            return self.other._variable(key, make)
        found = self.variables.get(key)
        if found is None:
            found = self.variables[key] = make(f"{self.name}.{'.'.join(key)}")  # type: ignore[operator]
        return found

    # What words and sets hold

    def among(self, fact: str, words: Iterable[str]) -> Truth:
        """Whether the value of the fact is one of the words; its being known is not asked."""
        places = [self.space.place(fact, word) for word in words]
        return self.at(fact, places)

    def at(self, fact: str, places: Iterable[int]) -> Truth:
        """The same by places."""
        found = list(places)
        if not found:
            return False
        return among(self.word(fact), found, len(self.space.words(fact)))

    def holding(self, fact: str, terms: Iterable[str]) -> Truth:
        """Whether a set holds one of the very terms."""
        return some(self.member(fact, term) for term in sorted(terms))

    # What can be told of any item

    def sound(self) -> list[z3.BoolRef]:
        """What variables must be to stand for an item at all."""
        found: list[Truth] = []
        first, last = self.space.first, self.space.last
        for key, variable in list(self.variables.items()):
            match key[0]:
                case "word":
                    found.append(_below(variable, len(self.space.words(key[1]))))
                case "currency":
                    found.append(_below(variable, len(self.space.currencies)))
                case "day":
                    found += [variable >= first, variable <= last]
                case "member":
                    found.append(implies(variable, self.known(key[1])))
                case "document":
                    place = LEVELS.index(DocumentStatus(key[2]))
                    if place:
                        lower = self.document(key[1], LEVELS[place - 1])
                        found.append(implies(variable, lower))
        return [expression(one) for one in found]

    def pinned(self, facts: Facts) -> list[z3.BoolRef]:
        """That the item is the one of *facts*: for every variable that matters, its value."""
        return [
            self._pin(key, value)
            for key in list(self.variables)
            if (value := self._settled(key, facts)) is not None
        ]

    def _pin(self, key: Key, value: bool | int | Decimal) -> z3.BoolRef:
        found = self._pins.get((key, value))
        if found is None:
            variable = self.variables[key]
            if isinstance(value, bool):
                found = variable if value else z3.Not(variable)
            else:
                found = variable == (number(value) if isinstance(value, Decimal) else value)
            self._pins[key, value] = found
        return found

    def _settled(self, key: Key, facts: Facts) -> bool | int | Decimal | None:
        """The value of a variable by *facts*; None where these leave it open."""
        kind, name, *more = key
        value = facts.values.get(name)
        match kind:
            case "known":
                return value is not None
            case "flag" if isinstance(value, bool):
                return value
            case "number" if isinstance(value, Decimal):
                return value
            case "number" if isinstance(value, Money):
                return value.amount
            case "currency" if isinstance(value, Money):
                names = self.space.currencies
                known = value.currency in names
                return names.index(value.currency) if known else len(names) - 1
            case "word" if isinstance(value, str):
                return self.space.place(name, value)
            case "member":
                return isinstance(value, frozenset) and more[0] in value
            case "document":
                enough = LEVELS[LEVELS.index(DocumentStatus(more[0])) :]
                return not facts.documents.get(name, frozenset()).isdisjoint(enough)
            case "settled":
                return name in facts.settled
            case "day":
                return facts.days[name].toordinal()
            case "rated":
                return _converted(facts, value, more[0]) is not None
            case "converted":
                return _converted(facts, value, more[0])
        return None


def _converted(facts: Facts, value: Value | None, currency: str) -> Decimal | None:
    """Money in another currency, by the latest rate before acceptance."""
    if not isinstance(value, Money) or value.currency == currency:
        return None
    rates = [
        rate
        for rate in facts.rates
        if (rate.source, rate.target) == (value.currency, currency)
        and rate.on <= facts.days["acceptance"]
    ]
    return value.amount * max(rates, key=lambda one: one.on).rate if rates else None


def _below(variable: z3.BitVecRef, count: int) -> Truth:
    return True if count == 1 << variable.size() else z3.ULT(variable, count)


def value_of(item: Item, fact: str, model: z3.ModelRef) -> Value | None:
    """The value of a fact in a solution; None where it is unknown."""
    if not z3.is_true(model.eval(item.known(fact), model_completion=True)):
        return None
    kind = item.space.vocabulary.facts[fact].type
    if kind is FactType.BOOLEAN:
        return bool(z3.is_true(model.eval(item.flag(fact), model_completion=True)))
    if kind is FactType.NUMBER:
        return exact(model, item.number(fact))
    if kind is FactType.MONEY:
        place = model.eval(item.currency(fact), model_completion=True).as_long()
        return Money(exact(model, item.number(fact)), item.space.currencies[place])
    if kind in WORDS:
        place = int(model.eval(item.word(fact), model_completion=True).as_long())
        return item.space.words(fact)[place]
    return None


def members_of(item: Item, fact: str, model: z3.ModelRef) -> frozenset[str]:
    """The members of a set in a solution."""
    found: set[str] = set()
    for term in item.space.words(fact):
        if z3.is_true(model.eval(item.member(fact, term))):
            found.add(term)
    return frozenset(found)


def exact(model: z3.ModelRef, variable: z3.ArithRef) -> Decimal:
    """A number of a solution; of one that no decimal is, the first digits."""
    found = model.eval(variable, model_completion=True)
    return Decimal(found.numerator_as_long()) / Decimal(found.denominator_as_long())
