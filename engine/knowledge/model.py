"""What follows for one individual: the prototype classifier's and every declaration's reasoning.

An individual starts with some classes and values, and everything that the axioms entail of it is
added until nothing changes: superclasses, implied values, parts of parts, defined classes whose
definition it meets. Where an axiom leaves a choice, each alternative is followed by itself.

Boundary: plain data, no RDF. It knows what is certain of goods; what may be is for `decide`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.knowledge.theory import Apart, Axiom, Defined, Domain, FactKind, Member, SubClass
from engine.language.expression import (
    GOODS,
    Atom,
    Expression,
    Flag,
    Interval,
    Named,
    Range,
    Some,
    alternatives,
)

Way = tuple[Atom, ...]
"""Atoms that hold together."""

_NOTHING: frozenset[str] = frozenset()


class _Definition(NamedTuple):
    """One way to be of a defined class."""

    term: str
    way: Way


class Individual:
    """What is known of one thing. *terms* holds, by fact, every class of some value of it."""

    __slots__ = ("flags", "labels", "ranges", "terms")

    def __init__(self) -> None:
        self.labels: set[str] = set()
        self.flags: dict[str, bool] = {}
        self.ranges: dict[str, Interval] = {}
        self.terms: dict[str, set[str]] = {}

    def copy(self) -> Individual:
        """Another of which the same is known."""
        other = Individual()
        other.labels = set(self.labels)
        other.flags, other.ranges = dict(self.flags), dict(self.ranges)
        other.terms = {fact: set(terms) for fact, terms in self.terms.items()}
        return other

    def satisfies(self, atom: Atom) -> bool:
        """Whether the atom certainly holds."""
        match atom:
            case Named(term):
                return term in self.labels
            case Some(fact, term):
                return term in self.terms.get(fact, _NOTHING)
            case Flag(fact, value):
                return self.flags.get(fact) is value
            case Range(fact, interval):
                known = self.ranges.get(fact)
                return known is not None and known.within(interval)


class Model:
    """Axioms, arranged for following what they entail."""

    def __init__(self, axioms: Iterable[Axiom], facts: Mapping[str, FactKind]) -> None:
        self._facts = facts
        self._entailed: dict[str, list[Atom]] = {}
        self._choices: dict[str, list[tuple[Way, ...]]] = {}
        self._apart: dict[str, set[str]] = {}
        self._domains: dict[str, list[Atom]] = {}
        self._by_label: dict[str, list[_Definition]] = {}
        # By fact, then by a class or value of it; an interval has none.
        self._by_value: dict[str, dict[str | bool | None, list[_Definition]]] = {}
        self._fillers: dict[tuple[str, str], frozenset[str] | None] = {}
        self.members: dict[str, list[str]] = {}
        for axiom in axioms:
            self._take(axiom)

    def _take(self, axiom: Axiom) -> None:
        match axiom:
            case SubClass(term, above):
                self._entail(term, above)
            case Defined(term, by):
                self._entail(term, by)
                for way in alternatives(by):
                    self._define(_Definition(term, way))
            case Apart(terms):
                for term in terms:
                    self._apart.setdefault(term, set()).update(set(terms) - {term})
            case Domain(fact, term):
                self._domains.setdefault(fact, []).append(Named(term))
            case Member(name, term):
                self.members.setdefault(name, []).append(term)

    def _entail(self, term: str, above: Expression) -> None:
        ways = alternatives(above)
        if len(ways) == 1:
            self._entailed.setdefault(term, []).extend(ways[0])
        else:
            self._choices.setdefault(term, []).append(ways)

    def _define(self, definition: _Definition) -> None:
        """Index a definition by one atom without which it cannot be met: a value tells more goods
        apart than a class does.
        """
        match min(definition.way, key=_rarity):
            case Named(term):
                self._by_label.setdefault(term, []).append(definition)
            case Some(fact, value) | Flag(fact, value):
                self._by_value.setdefault(fact, {}).setdefault(value, []).append(definition)
            case Range(fact, _):
                self._by_value.setdefault(fact, {}).setdefault(None, []).append(definition)

    # Following

    def saturated(self, start: Iterable[Atom]) -> list[Individual]:
        """All that follows from *start*: an individual for each choice that is consistent.

        No individual: nothing can be so.
        """
        return self.continued(Individual(), list(start))

    def continued(self, one: Individual, agenda: list[Atom]) -> list[Individual]:
        """The same for an individual that is consistent so far; both arguments are used up."""
        while agenda:
            while agenda:
                if not self._add(one, agenda.pop(), agenda):
                    return []
            agenda.extend(Named(term) for term in self._met(one))
        for label in one.labels & self._choices.keys():
            for ways in self._choices[label]:
                if not any(all(map(one.satisfies, way)) for way in ways):
                    return [end for way in ways for end in self.continued(one.copy(), list(way))]
        return [one]

    def _met(self, one: Individual) -> set[str]:
        """Defined classes whose definition the individual meets, and that it is not known to be."""
        return {
            term
            for term, way in self._near(one)
            if term not in one.labels and all(map(one.satisfies, way))
        }

    def _near(self, one: Individual) -> Iterator[_Definition]:
        """The definitions of which one atom at least, that by which they are found, holds."""
        for label in one.labels & self._by_label.keys():
            yield from self._by_label[label]
        for fact, by_value in self._by_value.items():
            if fact in one.flags:
                yield from by_value.get(one.flags[fact], ())
            elif fact in one.ranges:
                yield from by_value.get(None, ())
            elif fact in one.terms:
                for term in one.terms[fact] & by_value.keys():
                    yield from by_value[term]

    def asked(self, one: Individual) -> set[str]:
        """The facts of which a value could add to what is known of *one*, or contradict it."""
        found = {*self._domains, *one.flags, *one.ranges, *one.terms, *self._by_value}
        for label in one.labels & self._by_label.keys():
            for term, way in self._by_label[label]:
                if term not in one.labels:
                    found.update(atom.fact for atom in way if not isinstance(atom, Named))
        return found

    def _add(self, one: Individual, atom: Atom, agenda: list[Atom]) -> bool:
        """Add one atom; whether it is consistent with the rest."""
        match atom:
            case Named(term):
                if term in one.labels:
                    return True
                one.labels.add(term)
                agenda.extend(self._entailed.get(term, ()))
                return one.labels.isdisjoint(self._apart.get(term, _NOTHING))
            case Flag(fact, value):
                agenda.extend(self._domains.get(fact, ()))
                return one.flags.setdefault(fact, value) is value
            case Range(fact, interval):
                agenda.extend(self._domains.get(fact, ()))
                known = one.ranges.get(fact, self._facts[fact].interval)
                one.ranges[fact] = known.meet(interval)
                return not one.ranges[fact].empty
            case Some(fact, term):
                agenda.extend(self._domains.get(fact, ()))
                held = one.terms.setdefault(fact, set())
                if not self._facts[fact].over_classes:
                    held.add(term)
                    # A single value is one: two names are two values.
                    return len(held) == 1 or self._facts[fact].type == "terms"
                fillers = self.fillers(fact, term)
                held.update(fillers or ())
                return fillers is not None

    def fillers(self, fact: str, term: str) -> frozenset[str] | None:
        """Every class of some value of *fact*, given that one value is a *term*; None where nothing
        can be a *term*. Of a transitive fact, the values of values count.
        """
        key = (fact, term)
        if key not in self._fillers:
            self._fillers[key] = self._filled(fact, term)
        return self._fillers[key]

    def _filled(self, fact: str, term: str) -> frozenset[str] | None:
        found: set[str] = set()
        values, seen = [(fact, term)], {term}
        while values:
            of_fact, value = values.pop()
            entailed = self._labels(value)
            if entailed is None:
                return None
            labels, below = entailed
            if of_fact == fact:
                found |= labels
            for atom in below:
                if atom.term not in seen:
                    seen.add(atom.term)
                    through = of_fact == fact == atom.fact and self._facts[fact].transitive
                    values.append((fact if through else "", atom.term))
        return frozenset(found)

    def _labels(self, term: str) -> tuple[set[str], list[Some]] | None:
        """A value's classes and what it has itself; None where it cannot be."""
        labels: set[str] = set()
        below: list[Some] = []
        agenda: list[Atom] = [Named(term)]
        while agenda:
            atom = agenda.pop()
            if isinstance(atom, Some):
                below.append(atom)
            elif isinstance(atom, Named) and atom.term not in labels:
                labels.add(atom.term)
                agenda.extend(self._entailed.get(atom.term, ()))
                if not labels.isdisjoint(self._apart.get(atom.term, _NOTHING)):
                    return None
        return labels, below


def _rarity(atom: Atom) -> tuple[int, str]:
    """How rarely an atom holds, roughly: the rarest comes first."""
    match atom:
        case Some(_, term):
            return 0, term
        case Named(term) if term.startswith("hs:"):
            return 1, term
        case Flag(fact, _) | Range(fact, _):
            return 2, fact
        case Named(term):
            return (4 if atom == GOODS else 3), term


def common(individuals: Sequence[Individual]) -> frozenset[str]:
    """The classes that hold whatever the choice."""
    return frozenset(set.intersection(*(one.labels for one in individuals)))
