"""What is shown of a term or fact: its meaning, its place, the law and the rules that use it.

Boundary: plain data for pages, JSON and the command line, from one release; no HTML here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from api.lines import Lines, Ref, fact_ref, ref, refs
from api.words.details import (
    CODE_ROLES,
    Code,
    Detail,
    agency,
    certificate,
    code,
    fact_details,
    group,
)
from api.words.hierarchy import Hierarchy, nearest
from api.words.shown import Asked, Bar, Definition, FactPage, Law, TermPage
from api.words.uses import Uses
from engine.language.expression import GOODS, Atom, Flag, Named, Range, Some, atoms, facts_of
from engine.language.law import Dossier, Regulation
from engine.language.rule import Parameter, Rule
from engine.language.sentences import Reading
from engine.language.vocabulary import Fact, Term, Vocabulary


@dataclass(frozen=True)
class Entity:
    """What every kind of term has, wherever the vocabulary keeps it."""

    id: str
    label: str
    definition: str
    citation: str | None
    defined: bool = False

    @property
    def kind(self) -> str:
        """The prefix of its id."""
        return self.id.partition(":")[0]


ROLES = {
    "governs": "governs",
    "addresses": "addresses",
    "pursues": "pursues",
    "protects": "protects",
    "standards": "gives presumption by",
    "routes": "has conformity shown by",
    "authorities": "is enforced by",
}
"""The fields of a regulation that name terms, as verbs."""


class TermPages:
    """What there is to show of one release, indexed once."""

    def __init__(
        self, rules: Sequence[Rule], vocabulary: Vocabulary, parameters: dict[str, Parameter]
    ) -> None:
        self.vocabulary = vocabulary
        self.hierarchy = Hierarchy(vocabulary)
        self.uses = Uses(rules, vocabulary)
        self.undisclosed = len(rules) - len(self.uses.rules)
        self._lines = Lines(Reading(vocabulary, parameters))
        self.entities = {entity.id: entity for entity in _entities(self)}
        self._naming: dict[str, list[str]] = {}
        for term in vocabulary.terms.values():
            for name in _names_in(term):
                self._naming.setdefault(name, []).append(term.id)

    def term(self, identifier: str) -> TermPage | None:
        """The page of a term of any kind; None where there is none."""
        entity = self.entities.get(identifier)
        if entity is None:
            return None
        vocabulary, term = self.vocabulary, self.vocabulary.terms.get(identifier)
        wider = frozenset[str]() if term is None else self.hierarchy.wider(identifier)
        narrower = frozenset[str]() if term is None else self.hierarchy.narrower(identifier)
        page = TermPage(
            id=identifier,
            kind=entity.kind,
            label=entity.label,
            definition=entity.definition,
            citation=entity.citation,
            details=self._details(identifier),
            stated=tuple(self._stated(entity.kind, identifier)),
            law=tuple(self._law(identifier, wider)),
            partly=tuple(self._partly(identifier, wider, narrower)),
            rules=self.uses.of(identifier, wider, narrower),
            undisclosed=self.undisclosed,
            # What is asked of the wider term is asked of all products below: no news there.
            definitions=tuple(
                self._definitions(identifier, () if entity.kind == "product" else wider)
            ),
            dossiers=refs(vocabulary, self._mentioning(identifier)),
        )
        return page if term is None else self._class(page, term)

    def fact(self, name: str) -> FactPage | None:
        """The page of a fact; None where there is none."""
        fact = self.vocabulary.facts.get(name)
        if fact is None:
            return None
        return FactPage(
            id=name,
            label=fact.label,
            definition=fact.definition,
            type=fact.type,
            source=fact.source,
            scope=fact.scope,
            citation=fact.citation,
            unit=None if fact.unit is None else ref(self.vocabulary, fact.unit),
            minimum=None if fact.minimum is None else str(fact.minimum),
            maximum=None if fact.maximum is None else str(fact.maximum),
            range=fact.range,
            order=tuple(ref(self.vocabulary, one) for one in fact.order),
            domain=refs(self.vocabulary, fact.domain),
            details=tuple(fact_details(fact, self.vocabulary)),
            rules=self.uses.of(f"fact:{name}", (), ()),
            undisclosed=self.undisclosed,
            definitions=tuple(self._definitions(f"fact:{name}", ())),
        )

    # A class

    def _class(self, page: TermPage, term: Term) -> TermPage:
        """The page with what only classes have."""
        asked = facts_of(() if term.means is None else (term.means,))
        return msgspec.structs.replace(
            page,
            notation=term.notation,
            means=() if term.means is None else self._lines.meaning(term.means),
            implies=tuple(self._lines.expression(one) for one in term.implies),
            above=self.hierarchy.above(term.id),
            equals=refs(self.vocabulary, self.hierarchy.equals(term.id)),
            below=self.hierarchy.below(term.id),
            disjoint=tuple(self._disjoint(term)),
            codes=tuple(self._codes(term)),
            asks=tuple(self._asked(self.vocabulary.facts[name]) for name in sorted(asked)),
            scale=self._scale(term),
        )

    def _disjoint(self, term: Term) -> Iterator[Bar]:
        seen: set[str] = set()
        for one in (term.id, *sorted(term.ancestors - {term.id})):
            through = None if one == term.id else ref(self.vocabulary, one)
            for other in refs(self.vocabulary, self.vocabulary.terms[one].disjoint - seen):
                seen.add(other.id)
                yield Bar(id=other.id, label=other.label, through=through)

    def _codes(self, term: Term) -> Iterator[Code]:
        for digits in term.codes:
            yield code(digits, CODE_ROLES[0], self.vocabulary)
        for digits in dict.fromkeys(_coded(term)):
            yield code(digits, CODE_ROLES[1], self.vocabulary)

    def _asked(self, fact: Fact) -> Asked:
        unit = None if fact.unit is None else self.vocabulary.label(fact.unit)
        return Asked(id=fact.id, label=fact.label, definition=fact.definition, unit=unit)

    def _scale(self, term: Term) -> Ref | None:
        """The hazard's own scale, or that of the nearest wider hazard."""
        if term.scale is not None:
            return ref(self.vocabulary, term.scale)
        terms = self.vocabulary.terms
        scaled = [one for one in term.ancestors if terms[one].scale is not None]
        near = nearest(self.vocabulary, scaled)
        scale = terms[near[0].id].scale if near else None
        return None if scale is None else ref(self.vocabulary, scale)

    # What is around

    def _details(self, identifier: str) -> tuple[Detail, ...]:
        vocabulary = self.vocabulary
        if identifier in vocabulary.agencies:
            return tuple(agency(vocabulary.agencies[identifier]))
        if identifier in vocabulary.certificates:
            return tuple(certificate(vocabulary.certificates[identifier]))
        if identifier in vocabulary.groups:
            return tuple(group(vocabulary.groups[identifier], vocabulary))
        rank = vocabulary.terms[identifier].rank
        count = len(vocabulary.of_kind(vocabulary.terms[identifier].kind))
        return () if rank is None else (Detail("place in its order", f"{rank} of {count}"),)

    def _stated(self, kind: str, identifier: str) -> Iterator[Ref]:
        """The facts whose values may be the term, or whose numbers are in it."""
        for fact in self.vocabulary.facts.values():
            if fact.range == kind or fact.unit == identifier:
                yield fact_ref(self.vocabulary, fact.id)

    def _definitions(self, name: str, wider: Iterable[str]) -> Iterator[Definition]:
        seen = {name}
        for one in (name, *sorted(wider)):
            through = None if one == name else ref(self.vocabulary, one)
            for other in refs(self.vocabulary, set(self._naming.get(one, ())) - seen):
                seen.add(other.id)
                yield Definition(id=other.id, label=other.label, through=through)

    def _mentioning(self, identifier: str) -> Iterator[str]:
        for dossier in self.vocabulary.dossiers.values():
            if identifier in _mentioned(dossier):
                yield dossier.id

    # Law

    def _law(self, identifier: str, wider: frozenset[str]) -> list[Law]:
        """What names the term, or a wider one, the most special first.

        *Goods of any kind* is wider than all products.
        """
        above = {identifier, *wider}
        if identifier.startswith("product:"):
            above.add(GOODS.term)
        found: list[tuple[int, int, Law]] = []
        for regulation, role, named in self._roles():
            held = named & above
            if held:
                through = () if identifier in held else nearest(self.vocabulary, held)
                breadth = min((self._breadth(one.id) for one in through), default=0)
                found.append((breadth, len(named), _law(regulation, role, through)))
        found.sort(key=lambda one: (*one[:2], one[2].label.casefold(), one[2].id, one[2].role))
        return [law for _, _, law in found]

    def _breadth(self, identifier: str) -> int:
        terms = self.vocabulary.terms
        return len(self.vocabulary.below(identifier)) if identifier in terms else len(terms)

    def _partly(
        self, identifier: str, wider: frozenset[str], narrower: frozenset[str]
    ) -> Iterator[Law]:
        above = {identifier, *wider, GOODS.term}
        for regulation, role, named in self._roles():
            if named & narrower and not named & above:
                yield _law(regulation, role, refs(self.vocabulary, named & narrower))

    def _roles(self) -> Iterator[tuple[Regulation, str, frozenset[str]]]:
        for regulation in self.vocabulary.regulations.values():
            for field, role in ROLES.items():
                yield regulation, role, frozenset(getattr(regulation, field))
            dossiers = self.vocabulary.dossiers.values()
            explaining = frozenset(one.id for one in dossiers if regulation.id in one.regulates)
            yield regulation, "has its reasons in", explaining


def _entities(pages: TermPages) -> Iterator[Entity]:
    vocabulary = pages.vocabulary
    for term in vocabulary.terms.values():
        yield Entity(
            term.id, term.label, term.definition, term.citation, defined=term.means is not None
        )
    for table in (vocabulary.agencies, vocabulary.certificates, vocabulary.groups):
        for one in table.values():
            yield Entity(one.id, one.label, one.definition, one.citation)


def _atoms(term: Term) -> Iterator[Atom]:
    for expression in (*((term.means,) if term.means is not None else ()), *term.implies):
        yield from atoms(expression)


def _names_in(term: Term) -> Iterator[str]:
    """The terms and facts that a class is defined by, or implies."""
    for atom in _atoms(term):
        if isinstance(atom, Named | Some):
            yield atom.term
        if isinstance(atom, Some | Flag | Range):
            yield f"fact:{atom.fact}"


def _coded(term: Term) -> Iterator[str]:
    for atom in _atoms(term):
        if isinstance(atom, Named) and atom.term.startswith("hs:"):
            yield atom.term.removeprefix("hs:")


def _mentioned(dossier: Dossier) -> frozenset[str]:
    risks = (x for r in dossier.risks for x in (r.hazard, r.population, r.evaluation))
    options = (option.hazard for option in dossier.options)
    return frozenset((*dossier.regulates, *dossier.assets, *risks, *options))


def _law(regulation: Regulation, role: str, through: tuple[Ref, ...]) -> Law:
    return Law(
        id=regulation.id,
        label=regulation.label,
        role=role,
        citation=regulation.citation,
        href=regulation.href,
        status=regulation.status,
        checked=regulation.checked,
        through=through,
    )
