"""What differs between two vocabularies: one edit, one difference.

Axioms and fields are compared, not files: the order of a list that has none, the name of a node
without a name, and what merely follows from another difference are no differences. A superclass is
compared as it was inferred, for a vocabulary keeps no other.

Boundary: two whole vocabularies of the same or of different releases. Rules are compared by
`rule_differences`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.language.difference import Difference, Part, differing, place, whole
from engine.language.expression import Either, Every, Expression, Flag, Named, Range, Some
from engine.language.fields import elements, fields
from engine.language.sentences import Reading, number
from engine.language.vocabulary import Basis, Term, Vocabulary


def differences(before: Vocabulary, after: Vocabulary) -> tuple[Difference, ...]:
    """All differences, in order of kind, subject and aspect."""
    found = {
        *_terms(before, after),
        *_superclasses(before, after),
        *_disjointness(before, after),
        *_tables(before, after),
    }
    moved = {(one.kind, one.subject) for one in found if not one.aspect}
    found |= {one for one in _alignments(before, after) if (one.kind, one.subject) not in moved}
    return tuple(sorted(found, key=place))


# Tables


def _tables(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    yield from _table("fact", before.facts, after.facts)
    yield from _table("agency", before.agencies, after.agencies)
    yield from _table("certificate", before.certificates, after.certificates)
    yield from _table("group", before.groups, after.groups)
    yield from _table("basis", before.bases, after.bases)
    yield from _acts("regulation", before, after, before.regulations, after.regulations)
    yield from _acts("dossier", before, after, before.dossiers, after.dossiers)
    yield from _texts("code", "description", before.codes, after.codes)
    yield from _texts("country", "name", before.countries, after.countries)
    for currency in before.currencies ^ after.currencies:
        yield whole("currency", currency, currency, currency in after.currencies)


def _table(
    kind: str, old: Mapping[str, Struct], new: Mapping[str, Struct], without: Collection[str] = ()
) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if name in old and name in new:
            for part in fields(old[name], new[name], without):
                yield differing(kind, name, part)
        else:
            one: Any = new.get(name) or old[name]
            label = one.gist if isinstance(one, Basis) else one.label
            yield whole(kind, name, label, name in new)


_TOLD_BY_TERMS = ("label", "definition", "citation")
"""What the term of a regulation or dossier says as well."""


def _acts(
    kind: str,
    before: Vocabulary,
    after: Vocabulary,
    old: Mapping[str, Struct],
    new: Mapping[str, Struct],
) -> Iterator[Difference]:
    """Regulations or dossiers. Where each is a term too, terms report what came and went."""
    if not (old.keys() <= before.terms.keys() and new.keys() <= after.terms.keys()):
        yield from _table(kind, old, new)
        return
    shared = old.keys() & new.keys()
    yield from _table(
        kind,
        {name: old[name] for name in shared},
        {name: new[name] for name in shared},
        without=_TOLD_BY_TERMS,
    )


def _texts(
    kind: str, aspect: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Difference]:
    if old == new:
        return
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield whole(kind, name, new.get(name) or old[name], name in new)
        elif old[name] != new[name]:
            yield differing(kind, name, Part(aspect, old[name], new[name]))


def _alignments(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    """Of what is no term."""
    for name in sorted(before.alignments.keys() | after.alignments.keys()):
        kind, _, local = name.partition(":")
        subject = local if kind in ("fact", "basis") else name
        parts = elements(
            "alignment", before.alignments.get(name, ()), after.alignments.get(name, ())
        )
        yield from (differing(kind, subject, part) for part in parts)


# Terms


_BY_THEMSELVES = ("kind", "ancestors", "disjoint", "scale", "means", "implies", "notation")
"""Fields of a term that are not compared one by one; the notation says again what it means."""


def _terms(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    readings = Reading(before), Reading(after)
    for name in sorted(before.terms.keys() | after.terms.keys()):
        old, new = before.terms.get(name), after.terms.get(name)
        if old is None or new is None:
            one = new or old
            assert one is not None
            yield whole(one.kind, name, one.label, new is not None)
            continue
        if old == new:
            continue
        parts = [
            *fields(old, new, _BY_THEMSELVES),
            *_scale(old, new, before, after),
            *_expressions("meaning", _only(old.means), _only(new.means), readings),
            *_expressions("implication", old.implies, new.implies, readings),
        ]
        yield from (differing(new.kind, name, part) for part in parts)


def _scale(old: Term, new: Term, before: Vocabulary, after: Vocabulary) -> Iterator[Part]:
    """A scale holds for narrower hazards: only where it changed itself is that a difference."""
    change = old.scale, new.scale
    above = (old.ancestors & new.ancestors) - {old.id}
    inherited = any(
        change == (before.terms[name].scale, after.terms[name].scale)
        for name in above
        if name in before.terms and name in after.terms
    )
    if old.scale != new.scale and not inherited:
        yield Part("scale", *change)


def _only(expression: Expression | None) -> tuple[Expression, ...]:
    return () if expression is None else (expression,)


def _expressions(
    aspect: str,
    old: tuple[Expression, ...],
    new: tuple[Expression, ...],
    readings: tuple[Reading, Reading],
) -> Iterator[Part]:
    """Class expressions that came or went, read aloud; where one took another's place, both."""
    before, after = ({_shape(one): one for one in expressions} for expressions in (old, new))
    gone = [_aloud(readings[0], before[shape]) for shape in sorted(before.keys() - after.keys())]
    come = [_aloud(readings[1], after[shape]) for shape in sorted(after.keys() - before.keys())]
    if len(gone) == len(come) == 1:
        yield Part(aspect, gone[0], come[0])
        return
    yield from (Part(aspect, text, None) for text in gone)
    yield from (Part(aspect, None, text) for text in come)


def _aloud(reading: Reading, expression: Expression) -> str:
    if isinstance(expression, Every | Either):
        return "\n".join(reading.expression(expression))
    return reading.atom(expression)


def _shape(expression: Expression) -> str:
    """The same text for expressions that differ by the order of their parts only."""
    match expression:
        case Every(parts) | Either(parts):
            name = "every" if isinstance(expression, Every) else "either"
            return f"{name}({', '.join(sorted(map(_shape, parts)))})"
        case Named(term):
            return term
        case Some(fact, term):
            return f"{fact} some {term}"
        case Flag(fact, value):
            return f"{fact} is {value}"
        case Range(fact, interval):
            low, high = (
                "" if bound is None else number(bound) for bound in (interval.low, interval.high)
            )
            return f"{fact} in {low} {interval.over} to {high} {interval.under}"


# What follows for several terms at once


def _superclasses(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    for name, above in _gained(before.terms, after.terms):
        yield differing(after.terms[name].kind, name, Part("inferred superclass", None, above))
    for name, above in _gained(after.terms, before.terms):
        yield differing(before.terms[name].kind, name, Part("inferred superclass", above, None))


def _gained(old: Mapping[str, Term], new: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """Superclasses that terms of both have in *new* only, without those that follow from others."""
    gained = {
        name: term.ancestors - (old[name].ancestors if name in old else {name})
        for name, term in new.items()
    }
    for name in sorted(old.keys() & new.keys()):
        for above in sorted(gained[name]):
            if not any(
                between in gained[name] or above in gained[between]
                for between in _between(new, name, above)
            ):
                yield name, above


def _between(terms: Mapping[str, Term], name: str, above: str) -> Iterator[str]:
    """The classes strictly between two: those of one extension with either are not."""
    for between in terms[name].ancestors - {name, above}:
        here = terms[between].ancestors
        if above in here and name not in here and between not in terms[above].ancestors:
            yield between


def _disjointness(before: Vocabulary, after: Vocabulary) -> Iterator[Difference]:
    old, new = _apart(before), _apart(after)
    moved = before.terms.keys() ^ after.terms.keys()
    sides: tuple[tuple[set[frozenset[str]], Callable[[str], Part]], ...] = (
        (new - old, lambda names: Part("disjointness", None, names)),
        (old - new, lambda names: Part("disjointness", names, None)),
    )
    for pairs, part in sides:
        for name, others in _stars({pair for pair in pairs if not pair & moved}):
            yield differing(name.partition(":")[0], name, part(", ".join(others)))


def _apart(vocabulary: Vocabulary) -> set[frozenset[str]]:
    return {
        frozenset((name, other))
        for name, term in vocabulary.terms.items()
        for other in term.disjoint
    }


def _stars(pairs: set[frozenset[str]]) -> Iterator[tuple[str, list[str]]]:
    """The pairs, gathered around the terms that stand in most: one more term in a list of disjoint
    classes is one difference, however long the list.
    """
    left = set(pairs)
    while left:
        standing = Counter(name for pair in left for name in pair)
        name = min(standing, key=lambda one: (-standing[one], one))
        star = {pair for pair in left if name in pair}
        yield name, sorted(other for pair in star for other in pair if other != name)
        left -= star
