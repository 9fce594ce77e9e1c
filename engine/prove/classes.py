"""What goods are by the ontology, as axioms: classes that follow, and those that cannot.

They say what realisation finds, without following it, and leave more open than it does where
an alternative is open: nothing is left out that some declaration is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

import z3

from engine.declaration.realising import TYPE
from engine.declaration.totals import CODE
from engine.knowledge.model import Way
from engine.language.expression import GOODS, Atom, Flag, Named, Range, Some
from engine.language.vocabulary import FactType
from engine.prove.axiom_index import AxiomIndex
from engine.prove.item import Item
from engine.prove.logic import Truth, every, implies, no, same, some
from engine.prove.testing import between

Labelled = Callable[[str], Truth]
"""Whether goods are of a class."""

PRODUCT, HS = "goods.product", "hs:"


def odd(item: Item) -> z3.BoolRef:
    """Whether the goods cannot be what is declared of them."""
    return item.truth("odd", TYPE)


class _Choice(NamedTuple):
    """Alternatives of which a class leaves it open which one holds.

    *common* classes might follow from every one of them, *touched* ones from some: these follow
    where the others are excluded, which takes that goods are *amid* more that is known.
    """

    open: Truth
    common: frozenset[str]
    touched: frozenset[str]
    amid: Truth


class Classes:
    """What goods are by the ontology, as far as that can be said without following it.

    Of goods that cannot be what is declared of them, only the product that is stated counts.
    """

    def __init__(self, item: Item) -> None:
        self.item, self.vocabulary = item, item.space.vocabulary
        scope = str(self.vocabulary.facts[TYPE].range)
        self._terms = [term.id for term in self.vocabulary.of_kind(scope)]
        self._axioms = AxiomIndex(self.vocabulary, self._terms)
        self._opened: dict[tuple[str, tuple[Way, ...]], Truth] = {}
        self._values: dict[Atom, Truth] = {}

    # Truths

    def label(self, term: str) -> Truth:
        """Whether it follows that the goods are of a class."""
        if term == GOODS.term:
            return True
        if term not in self._axioms.labels:
            return False
        return self.item.truth("label", TYPE, term)

    def firm(self, term: str) -> Truth:
        """Whether that follows without any choice."""
        if term == GOODS.term:
            return True
        if term not in self._axioms.labels:
            return False
        return self.item.truth("firm", TYPE, term)

    @property
    def odd(self) -> z3.BoolRef:
        return odd(self.item)

    def _stated(self, term: str) -> Truth:
        """Whether the product stated is a kind of *term*."""
        below = [one for one in self.vocabulary.below(term) if one in self._axioms.labels]
        known = self.item.known(PRODUCT)
        return every((known, self.item.among(PRODUCT, below)))

    def _value(self, atom: Atom) -> Truth:
        """Whether a value that is known satisfies the atom."""
        if atom not in self._values:
            self._values[atom] = self._valued(atom)
        return self._values[atom]

    def _valued(self, atom: Atom) -> Truth:
        item = self.item
        match atom:
            case Named(term):
                return self.label(term)
            case Flag(fact, flag):
                return every((item.known(fact), item.flag(fact) == flag))
            case Range(fact, _):
                return every((item.known(fact), between(atom, item.number(fact))))
            case Some(fact, term):
                return self._held(fact, term)

    def _held(self, fact: str, term: str) -> Truth:
        item, kind = self.item, self.vocabulary.facts[fact]
        if kind.type is FactType.TERM:
            return every((item.known(fact), item.among(fact, (term,))))
        if not kind.over_classes:
            return item.member(fact, term)
        # Every class of some value: those that a stated value entails, of its own or of its parts.
        below = [
            one
            for one in item.space.words(fact)
            if term in (self._axioms.model.fillers(fact, one) or ())
        ]
        return item.holding(fact, below)

    def _impossible(self, atom: Atom) -> Truth:
        """Whether a value that is known excludes the atom."""
        item = self.item
        match atom:
            case Flag(fact, flag):
                return every((item.known(fact), item.flag(fact) != flag))
            case Range(fact, _):
                return every((item.known(fact), no(between(atom, item.number(fact)))))
            case Some(fact, term) if self.vocabulary.facts[fact].type is FactType.TERM:
                return every((item.known(fact), no(item.among(fact, (term,)))))
            case _:
                return False

    def _satisfied(self, atom: Atom, named: Labelled) -> Truth:
        """Whether the atom might be satisfied, by a value that is known or that a class might
        entail: no less than where it is.
        """
        if isinstance(atom, Named):
            return named(atom.term)
        telling = some(named(term) for term in self._axioms.telling.get(atom.fact, ()))
        return some((self._value(atom), every((telling, no(self._impossible(atom))))))

    # Axioms

    def axioms(self) -> Iterator[Truth]:
        """Everything that holds of the classes of goods that are declared."""
        yield from self._kinds()
        yield from self._followed()
        yield from self._grounded()
        yield from self._contradictions()

    def _kinds(self) -> Iterator[Truth]:
        """The classes of the item are the labels, or, of odd goods, those of the product."""
        members = [self.item.member(TYPE, term) for term in self._terms]
        yield same(self.item.known(TYPE), some(members))
        for term, member in zip(self._terms, members, strict=True):
            label, stated = self.label(term), self._stated(term)
            yield same(member, some((every((no(self.odd), label)), every((self.odd, stated)))))
            yield implies(stated, self.firm(term))

    def _followed(self) -> Iterator[Truth]:
        """What follows from labels and values does hold, unless the goods are odd."""
        sound = no(self.odd)
        for term, above in self._axioms.above.items():
            if term not in self._axioms.labels:
                continue
            label = self.label(term)
            for atom in above:
                if isinstance(atom, Named):
                    yield implies(label, self.label(atom.term))
                else:
                    yield implies(every((sound, label)), self._true(atom))
        for term, ways in self._axioms.ways.items():
            if term in self._axioms.labels:
                for way in ways:
                    met = every(self._value(atom) for atom in way)
                    yield implies(every((sound, met)), self.label(term))
        for fact, terms in self._axioms.domains.items():
            for term in terms:
                yield implies(every((sound, self.item.known(fact))), self.label(term))
        yield from self._firmly_followed()

    def _firmly_followed(self) -> Iterator[Truth]:
        """What follows without any choice."""
        for term in self._axioms.labels:
            yield implies(self.firm(term), self.label(term))
            for atom in self._axioms.above.get(term, ()):
                if isinstance(atom, Named):
                    yield implies(self.firm(term), self.firm(atom.term))
            for way in self._axioms.ways.get(term, ()):
                met = every(map(self._before, way))
                yield implies(every((no(self.odd), met)), self.firm(term))
        for code in self._coded():
            yield implies(self._under(code), self.firm(f"{HS}{code}"))

    def _before(self, atom: Atom) -> Truth:
        """Whether an atom is satisfied before any alternative is taken: a value that is known may
        be one that a class of some alternative entails.
        """
        if isinstance(atom, Named):
            return self.firm(atom.term)
        taken = some(
            every((self.label(term), no(self.firm(term))))
            for term in self._axioms.telling.get(atom.fact, ())
        )
        return every((self._value(atom), no(taken)))

    def _true(self, atom: Atom) -> Truth:
        """What a value that a class entails is like in the facts of an item."""
        match atom:
            case Range(fact, interval):
                known = self.item.known(fact)
                exactly = interval.low is not None and interval.low == interval.high
                inside = between(atom, self.item.number(fact))
                return every((implies(known, inside), known if exactly else True))
            case _:
                return self._value(atom)

    def _grounded(self) -> Iterator[Truth]:
        """Nothing is so without a ground: stated, under a code, by a definition that is met, or
        where whatever alternative is taken it follows.
        """
        for term in self._axioms.labels:
            below = self._axioms.below(term)
            firm = some(self._grounds(one, below, self.firm) for one in sorted(below))
            loose = some(self._grounds(one, below, self.label) for one in sorted(below))
            chosen = some(
                every((one.open, True if term in one.common else one.amid))
                for one in self._alternatives
                if term in one.touched
            )
            yield implies(self.firm(term), firm)
            yield implies(self.label(term), some((chosen, loose)))

    def _open(self, term: str, ways: tuple[Way, ...]) -> Truth:
        """Whether a class follows by itself and leaves a choice that nothing settles."""
        key = term, ways
        if key not in self._opened:
            met = some(every(map(self._before, way)) for way in ways)
            self._opened[key] = every((self.firm(term), no(met)))
        return self._opened[key]

    @cached_property
    def _alternatives(self) -> list[_Choice]:
        """Each choice that a class leaves open."""
        found = []
        for term, choices in self._axioms.choices.items():
            if term in self._axioms.labels:
                amid = self._amid(term)
                for ways in choices:
                    touched = [self._axioms.touched(way) for way in ways]
                    found.append(
                        _Choice(
                            self._open(term, ways),
                            frozenset.intersection(*touched),
                            frozenset.union(*touched),
                            amid,
                        )
                    )
        return found

    def _amid(self, term: str) -> Truth:
        """Whether more is known than the class itself entails: only then can a way be excluded."""
        entailed = {
            label for end in self._axioms.model.saturated([Named(term)]) for label in end.labels
        }
        more = [self.firm(label) for label in self._axioms.labels if label not in entailed]
        return some([*more, *(self.item.known(fact) for fact in sorted(self._axioms.asked))])

    def _grounds(self, term: str, above: frozenset[str], named: Labelled) -> Truth:
        """Whether there is a ground for a class itself, and so for the one that all of *above* are
        kinds of. A definition that asks for one of these is none: it would be its own ground.
        """
        grounds: list[Truth] = []
        for way in self._axioms.ways.get(term, ()):
            if not any(isinstance(atom, Named) and atom.term in above for atom in way):
                grounds.append(every(self._satisfied(atom, named) for atom in way))
        for fact in (fact for fact, terms in self._axioms.domains.items() if term in terms):
            grounds.append(self.item.known(fact))
            grounds += [named(other) for other in self._axioms.telling.get(fact, ())]
        if term.startswith(HS):
            grounds.append(self._under(term.removeprefix(HS)))
        else:
            grounds.append(every((self.item.known(PRODUCT), self.item.among(PRODUCT, (term,)))))
        return some(grounds)

    def _contradictions(self) -> Iterator[Truth]:
        """Goods are odd only where something is contradicted, and never are otherwise."""
        clashes = [every((self.label(one), self.label(other))) for one, other in self._axioms.apart]
        sound = no(self.odd)
        yield from (implies(sound, no(clash)) for clash in clashes)
        doubts: list[Truth] = [*clashes, *self._unheard()]
        for term, above in self._axioms.above.items():
            for atom in above:
                if term in self._axioms.labels and not isinstance(atom, Named):
                    excluded = every((self.label(term), self._impossible(atom)))
                    yield implies(sound, no(excluded))
                    doubts.append(excluded)
                    doubts.append(self._rivalled(term, atom))
        for term, choices in self._axioms.choices.items():
            if term in self._axioms.labels:
                doubts += [
                    every((self.label(term), no(some(every(map(self._value, w)) for w in ways))))
                    for ways in choices
                ]
        yield implies(self.odd, some(doubts))

    def _rivalled(self, term: str, atom: Some | Flag | Range) -> Truth:
        """Whether another class might entail a value that cannot go with this one."""
        if isinstance(atom, Some) and self.vocabulary.facts[atom.fact].type is not FactType.TERM:
            return self._unfilled(term, atom)
        rivals = [
            other
            for other in self._axioms.telling.get(atom.fact, ())
            if other != term
            and any(
                not isinstance(one, Named) and one.fact == atom.fact and one != atom
                for one in self._axioms.above[other]
            )
        ]
        return every((self.label(term), some(self.label(other) for other in rivals)))

    def _unheard(self) -> Iterator[Truth]:
        """Stated values that nothing can be."""
        for fact, kind in self._axioms.facts.items():
            if kind.over_classes and self.vocabulary.facts[fact].type is FactType.TERMS:
                for word in self.item.space.words(fact) if fact != TYPE else ():
                    if self._axioms.model.fillers(fact, word) is None:
                        yield self.item.member(fact, word)

    def _unfilled(self, term: str, atom: Some) -> Truth:
        if (
            self._axioms.facts[atom.fact].over_classes
            and self._axioms.model.fillers(atom.fact, atom.term) is None
        ):
            return self.label(term)
        return False

    # Codes

    def _coded(self) -> list[str]:
        return [one.removeprefix(HS) for one in self._axioms.labels if one.startswith(HS)]

    def _under(self, code: str) -> Truth:
        item = self.item
        return every((item.known(CODE), item.at(CODE, item.space.codes.under(code))))
