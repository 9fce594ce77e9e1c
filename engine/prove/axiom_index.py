"""The axioms of the ontology by what they speak of: which class entails what, and what entails it.

Boundary: knows no goods and asks no solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from engine.declaration.realising import axioms_of
from engine.knowledge.model import Model, Way
from engine.knowledge.prototype import code_axioms, named_codes
from engine.knowledge.theory import Apart, Defined, Domain, SubClass
from engine.language.expression import Atom, Expression, Named, alternatives
from engine.language.vocabulary import Vocabulary

_About = Named | str
"""What an atom is about: a class, or a fact by its id."""


def _about(atom: Atom) -> _About:
    return atom if isinstance(atom, Named) else atom.fact


class AxiomIndex:
    """The axioms of a *vocabulary* and of the codes that they name.

    *labels* are the classes that can follow: *terms*, and those of codes. By class: *above* are the
    atoms that it entails, *choices* the alternatives of which it entails one each, *ways* what
    defines it. *apart* are pairs that exclude one another. By fact: *domains* are the classes that
    having it entails, *telling* those that entail some value of it. *facts* are what the axioms
    know of each fact.
    """

    def __init__(self, vocabulary: Vocabulary, terms: Sequence[str]) -> None:
        axioms, self.facts = axioms_of(vocabulary)
        codes = named_codes(axioms)
        axioms = (*axioms, *code_axioms(axioms))
        self.model = Model(axioms, self.facts)
        self.labels = dict.fromkeys([*terms, *sorted(codes)])
        self.above: dict[str, list[Atom]] = {}
        self.choices: dict[str, list[tuple[Way, ...]]] = {}
        self.ways: dict[str, list[Way]] = {}
        self.apart: list[tuple[str, str]] = []
        self.domains: dict[str, list[str]] = {}
        for axiom in axioms:
            match axiom:
                case SubClass(term, above):
                    self._entail(term, above)
                case Defined(term, by):
                    self._entail(term, by)
                    self.ways.setdefault(term, []).extend(alternatives(by))
                case Apart(terms_) if len(terms_) == 2 and terms_[0] < terms_[1]:
                    self.apart.append((terms_[0], terms_[1]))
                case Domain(fact, term):
                    self.domains.setdefault(fact, []).append(term)
                case _:
                    pass
        self.telling = self._told()
        self._under_each: dict[str, frozenset[str]] = {}

    def _entail(self, term: str, above: Expression) -> None:
        ways = alternatives(above)
        if len(ways) == 1:
            self.above.setdefault(term, []).extend(ways[0])
        else:
            self.choices.setdefault(term, []).append(ways)

    def _told(self) -> dict[str, list[str]]:
        """By fact, the classes whose goods are entailed to have some value of it."""
        found: dict[str, list[str]] = {}
        for term, above in self.above.items():
            for atom in above:
                if not isinstance(atom, Named) and term in self.labels:
                    found.setdefault(atom.fact, []).append(term)
        return found

    @cached_property
    def asked(self) -> frozenset[str]:
        """The facts that some definition or class speaks of."""
        ways = [way for ways in self.ways.values() for way in ways]
        ways += [way for each in self.choices.values() for ways in each for way in ways]
        found = {a.fact for way in ways for a in way if not isinstance(a, Named)}
        return frozenset(found | self.domains.keys() | self.telling.keys())

    def touched(self, way: Way) -> frozenset[str]:
        """The classes in whose derivation the atoms of a way might play a part."""
        found: set[_About] = set()
        todo = list(map(_about, way))
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self._leads.get(one, ())
        return frozenset(one.term for one in found if isinstance(one, Named))

    @cached_property
    def _leads(self) -> dict[_About, list[_About]]:
        """By class and by fact, what they might play a part in the derivation of, at once."""
        leads: dict[_About, list[_About]] = {}
        for term, above in self.above.items():
            leads.setdefault(Named(term), []).extend(map(_about, above))
        for term, choices in self.choices.items():
            atoms = (atom for ways in choices for way in ways for atom in way)
            leads.setdefault(Named(term), []).extend(map(_about, atoms))
        for term, ways in self.ways.items():
            for about in {_about(atom) for way in ways for atom in way}:
                leads.setdefault(about, []).append(Named(term))
        for fact, terms in self.domains.items():
            leads.setdefault(fact, []).extend(map(Named, terms))
        return leads

    def below(self, term: str) -> frozenset[str]:
        """The class and every one that it is above of."""
        if not self._under_each:
            direct: dict[str, set[str]] = {one: set() for one in self.labels}
            for one, above in self.above.items():
                for atom in above:
                    if isinstance(atom, Named) and atom.term in direct and one in direct:
                        direct[atom.term].add(one)
            for one in direct:
                found, todo = {one}, [one]
                while todo:
                    more = direct[todo.pop()] - found
                    found |= more
                    todo += more
                self._under_each[one] = frozenset(found)
        return self._under_each[term]
