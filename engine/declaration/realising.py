"""What goods are, and have, by what the ontology says of what is declared of them.

Defined classes are compiled once; goods of the same code and product start from what is known of
all such goods, so that only definitions near them are looked at. No reasoner, no lock, no RDF.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import NamedTuple, TypeVar

from msgspec import Struct

from engine.declaration.facts import Value
from engine.knowledge.model import Individual, Model, common
from engine.knowledge.prototype import code_axioms, named_codes
from engine.knowledge.theory import Apart, Axiom, Defined, Domain, FactKind, SubClass
from engine.language.expression import (
    GOODS,
    Atom,
    Expression,
    Flag,
    Interval,
    Named,
    Range,
    Some,
    atoms,
    facts_of,
    point,
)
from engine.language.vocabulary import Vocabulary

TYPE = "goods.type"
_REMEMBERED = 8192
"""Kinds of goods whose classes are kept."""

Cell = bool | str | frozenset[str] | tuple[int, bool]
"""A value as far as classes can tell it from others: of a number, between which bounds it lies."""


class Realised(Struct, frozen=True, kw_only=True):
    """The product classes of an item, and the values that follow from them.

    *contradiction*: what is declared cannot all be so; then only what is stated counts.
    """

    types: frozenset[str]
    values: dict[str, Value]
    contradiction: bool = False


class _Start(NamedTuple):
    """What is known of all goods of one code and product: *ends* as `Model` gives them, what they
    are *realised* as, and the *facts* of which a value may add to that.
    """

    ends: list[Individual]
    realised: Realised
    facts: frozenset[str]


class Realiser:
    """Realises goods by the classes of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        axioms, facts = axioms_of(vocabulary)
        self._vocabulary = vocabulary
        self._codes = named_codes(axioms)
        self._model = Model((*axioms, *code_axioms(axioms)), facts)
        self._scope = vocabulary.facts[TYPE].range if TYPE in vocabulary.facts else None
        expressions = _expressions(vocabulary)
        self._facts = sorted(facts_of(expressions) & vocabulary.facts.keys())
        self._bounds = _bounds(expressions, facts)
        self._starts: dict[Hashable, _Start] = {}
        self._kept: dict[Hashable, Realised] = {}

    def forgetful(self, *, of_kinds: bool = True) -> Realiser:
        """One of the same classes that has seen no goods yet, or, unless *of_kinds*, no values."""
        other = copy(self)
        other._kept = {}
        if of_kinds:
            other._starts = {}
        return other

    def realise(self, values: Mapping[str, Value]) -> Realised:
        """The classes of goods of which *values* are known, and what else is then known of them."""
        code = values.get("goods.commodityCode")
        key = (_kinds(values), code[:6] if isinstance(code, str) else "")
        start = self._starts.get(key)
        if start is None:
            start = _keep(self._starts, key, self._start(*key))
        if start.facts.isdisjoint(values):
            return start.realised
        stated = [fact for fact in self._facts if fact in values]
        cells = (key, *((fact, self._cell(fact, values[fact])) for fact in stated))
        found = self._kept.get(cells)
        if found is None:
            found = _keep(self._kept, cells, self._followed(start, stated, values))
        return found

    def _cell(self, fact: str, value: Value) -> Cell:
        if isinstance(value, Decimal):
            bounds = self._bounds[fact]
            place = bisect_left(bounds, value)
            return place, place < len(bounds) and bounds[place] == value
        return value if isinstance(value, bool | str | frozenset) else ""

    def _start(self, kinds: frozenset[str], code: str) -> _Start:
        given: list[Atom] = [GOODS, *(Named(kind) for kind in sorted(kinds))]
        prefixes = (f"hs:{code[:length]}" for length in (2, 4, 6))
        given += [Named(prefix) for prefix in prefixes if prefix in self._codes]
        ends = self._model.saturated(given)
        asked = [self._model.asked(end) for end in ends]
        return _Start(
            ends,
            self._realised(ends, {}, kinds),
            frozenset().union(*asked) if len(ends) == 1 else frozenset(self._facts),
        )

    def _followed(
        self, start: _Start, stated: Sequence[str], values: Mapping[str, Value]
    ) -> Realised:
        given = [atom for fact in stated for atom in _stated(fact, values)]
        ends = [end for one in start.ends for end in self._model.continued(one.copy(), list(given))]
        return self._realised(ends, values, _kinds(values))

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


T = TypeVar("T")


def _keep(kept: dict[Hashable, T], key: Hashable, found: T) -> T:
    """Remember *found*; of too many, the oldest is forgotten."""
    if len(kept) >= _REMEMBERED:
        kept.pop(next(iter(kept)), None)
    kept[key] = found
    return found


def _bounds(
    expressions: Sequence[Expression], facts: Mapping[str, FactKind]
) -> dict[str, list[Decimal]]:
    """By fact, every number at which some class begins or ends."""
    found: dict[str, set[Decimal]] = {fact: set() for fact in facts}
    intervals = [(fact, kind.interval) for fact, kind in facts.items()]
    for expression in expressions:
        intervals += [(a.fact, a.interval) for a in atoms(expression) if isinstance(a, Range)]
    for fact, interval in intervals:
        found[fact].update(end for end in (interval.low, interval.high) if end is not None)
    return {fact: sorted(ends) for fact, ends in found.items()}


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
