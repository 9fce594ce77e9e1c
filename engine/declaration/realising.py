"""What goods are, and have, by what the ontology says of what is declared of them.

Defined classes are compiled once; goods of the same code and product start from what is known of
all such goods, so that only definitions near them are looked at. No reasoner, no lock, no RDF.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from engine.declaration.facts import Value
from engine.knowledge.axioms import Apart, Axiom, Defined, Domain, FactKind, SubClass
from engine.knowledge.model import Individual, Model, common
from engine.knowledge.prototype import code_axioms, named_codes
from engine.language.expression import (
    Atom,
    Expression,
    Flag,
    Interval,
    Named,
    Range,
    Some,
    facts_of,
    point,
)
from engine.language.vocabulary import Vocabulary

TYPE = "goods.type"
_REMEMBERED = 4096
"""Kinds of goods, by code and product, whose start is kept."""


class Realised(Struct, frozen=True, kw_only=True):
    """The product classes of an item, and the values that follow from them.

    *contradiction*: what is declared cannot all be so; then only what is stated counts.
    """

    types: frozenset[str]
    values: dict[str, Value]
    contradiction: bool = False


class Realiser:
    """Realises goods by the classes of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        axioms, facts = axioms_of(vocabulary)
        self._vocabulary = vocabulary
        self._codes = named_codes(axioms)
        self._model = Model((*axioms, *code_axioms(axioms)), facts)
        self._scope = vocabulary.facts[TYPE].range if TYPE in vocabulary.facts else None
        self._facts = sorted(facts_of(_expressions(vocabulary)) & vocabulary.facts.keys())
        self._starts: OrderedDict[tuple[frozenset[str], str], list[Individual]] = OrderedDict()

    def realise(self, values: Mapping[str, Value]) -> Realised:
        """The classes of goods of which *values* are known, and what else is then known of them."""
        kinds, code = _kinds(values), values.get("goods.commodityCode")
        starts = self._start(kinds, code if isinstance(code, str) else "")
        stated = [atom for fact in self._facts if fact in values for atom in _stated(fact, values)]
        if not stated:
            return self._realised(starts, values, kinds)
        ends = [
            end for start in starts for end in self._model.continued(start.copy(), list(stated))
        ]
        return self._realised(ends, values, kinds)

    def _start(self, kinds: frozenset[str], code: str) -> list[Individual]:
        key = (kinds, code[:6])
        found = self._starts.get(key)
        if found is None:
            atoms: list[Atom] = [Named(kind) for kind in sorted(kinds)]
            atoms += [
                Named(f"hs:{code[:length]}")
                for length in (2, 4, 6)
                if f"hs:{code[:length]}" in self._codes
            ]
            found = self._starts[key] = self._model.saturated(atoms)
            if len(self._starts) > _REMEMBERED:
                self._starts.popitem(last=False)
        return found

    def _realised(
        self, ends: list[Individual], values: Mapping[str, Value], kinds: frozenset[str]
    ) -> Realised:
        if not ends:
            known = {above for kind in kinds for above in self._vocabulary.terms[kind].ancestors}
            return Realised(types=frozenset(known), values={}, contradiction=True)
        types = frozenset(term for term in common(ends) if self._is_product(term))
        return Realised(types=types, values=self._entailed(ends, values))

    def _is_product(self, term: str) -> bool:
        return term.partition(":")[0] == self._scope

    def _entailed(self, ends: list[Individual], values: Mapping[str, Value]) -> dict[str, Value]:
        """Values that follow whatever the choice, and that are not stated."""
        first, *others = ends
        found: dict[str, Value] = {}
        for fact, flag in first.flags.items():
            if fact not in values and all(other.flags.get(fact) is flag for other in others):
                found[fact] = flag
        for fact, interval in first.ranges.items():
            exact = interval.low is not None and interval.low == interval.high
            if exact and fact not in values and all(o.ranges.get(fact) == interval for o in others):
                assert interval.low is not None
                found[fact] = interval.low
        for fact, held in first.terms.items():
            terms = held.intersection(*(other.terms.get(fact, ()) for other in others))
            more = self._terms(fact, terms, values.get(fact))
            if more is not None:
                found[fact] = more
        return found

    def _terms(self, fact: str, terms: set[str], stated: Value | None) -> Value | None:
        """The finest of the *terms*, where they say more than is *stated*."""
        if not self._vocabulary.facts[fact].over_classes:
            single = self._vocabulary.facts[fact].type == "term"
            if single:
                return next(iter(terms)) if stated is None and terms else None
            held = stated if isinstance(stated, frozenset) else frozenset()
            return held | terms if terms - held else None
        known = {term for term in terms if term in self._vocabulary.terms}
        held = stated if isinstance(stated, frozenset) else frozenset()
        above = {a for term in held for a in self._vocabulary.terms[term].ancestors}
        if known <= above:
            return None
        return frozenset(
            term
            for term in known
            if term in held
            or not any(other != term and self._vocabulary.is_a(other, term) for other in known)
        )


def realiser_of(vocabulary: Vocabulary) -> Realiser:
    """The realiser of *vocabulary*, built when first asked for, and kept with it."""
    kept: Realiser | None = vocabulary.__dict__.get("realiser")
    if kept is None:
        kept = vocabulary.__dict__["realiser"] = Realiser(vocabulary)
    return kept


def axioms_of(vocabulary: Vocabulary) -> tuple[tuple[Axiom, ...], dict[str, FactKind]]:
    """The axioms of a classified vocabulary: every superclass is stated."""
    axioms: list[Axiom] = []
    for term in vocabulary.terms.values():
        axioms += [SubClass(term.id, Named(above)) for above in sorted(term.ancestors - {term.id})]
        axioms += [SubClass(term.id, implied) for implied in term.implies]
        axioms += [SubClass(f"hs:{code}", Named(term.id)) for code in term.codes]
        axioms += [Apart((term.id, other)) for other in sorted(term.disjoint)]
        if term.means is not None:
            axioms.append(Defined(term.id, term.means))
    facts = {
        fact.id: FactKind(
            fact.type, fact.over_classes, fact.transitive, Interval(fact.minimum, fact.maximum)
        )
        for fact in vocabulary.facts.values()
    }
    axioms += [Domain(fact.id, term) for fact in vocabulary.facts.values() for term in fact.domain]
    return tuple(axioms), facts


def _expressions(vocabulary: Vocabulary) -> list[Expression]:
    """All that speaks of facts; facts with a domain entail a class by themselves."""
    found: list[Expression] = [Flag(f.id, True) for f in vocabulary.facts.values() if f.domain]
    for term in vocabulary.terms.values():
        found += [*term.implies, *([term.means] if term.means is not None else [])]
    return found


def _kinds(values: Mapping[str, Value]) -> frozenset[str]:
    """The product that is stated, and product classes that are known otherwise."""
    product, types = values.get("goods.product"), values.get(TYPE)
    kinds: set[str] = set(types) if isinstance(types, frozenset) else set()
    if isinstance(product, str):
        kinds.add(product)
    elif isinstance(product, frozenset):
        kinds |= product
    return frozenset(kinds)


def _stated(fact: str, values: Mapping[str, Value]) -> list[Atom]:
    match values[fact]:
        case bool() as flag:
            return [Flag(fact, flag)]
        case Decimal() as number:
            return [Range(fact, point(number))]
        case frozenset() as terms:
            return [Some(fact, term) for term in sorted(terms)]
        case str() as term:
            return [Some(fact, term)]
        case _:
            return []
