"""The words that rules may use: facts, terms, agencies, controls, codes, countries.

A `Vocabulary` is plain frozen data. `knowledge` builds it from Turtle; nothing here knows RDF.
Identifiers are compact IRIs such as ``product:Toy``; a fact is named by its bare local name,
``goods.netMassKg``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from engine.language.expression import Expression
from engine.language.law import Dossier, Regulation
from engine.language.period import Period


class FactType(StrEnum):
    """What the value of a fact is."""

    BOOLEAN = "boolean"
    NUMBER = "number"  # an exact decimal, in the fact's unit
    DATE = "date"
    TEXT = "text"
    TERM = "term"  # one term of the fact's range
    TERMS = "terms"  # a set of terms of the fact's range
    CODE = "code"  # a commodity code of 4 to 10 digits
    COUNTRY = "country"  # ISO 3166-1 alpha-2
    MONEY = "money"  # an amount in a currency
    DOCUMENTS = "documents"  # the documents of the item and its consignment


class Source(StrEnum):
    """Who may state a fact."""

    DECLARED = "declared"  # the trader, in the declaration
    LOOKED_UP = "looked-up"  # an officer's or agency's caller, in `known`
    DERIVED = "derived"  # computed from the declaration, such as a total
    CONCLUDED = "concluded"  # the rules, or the ontology's classification


class Scope(StrEnum):
    """What a fact is a property of."""

    ITEM = "item"
    CONSIGNMENT = "consignment"


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One declared property that conditions may test.

    *closed* means that absence is false (booleans) or empty (sets); every other fact is open.
    *order* runs from best to worst: a concluded single value takes the worst conclusion.
    *assumption* is the value of a concluded fact that no rule concludes; none = unknown.
    *over_classes*: its values are classes of a hierarchy, and not single things. *transitive*: what
    a value has of it, its holder has too. *domain*: what has any value of it is of these classes.
    """

    id: str
    label: str
    definition: str
    type: FactType
    source: Source
    scope: Scope
    unit: str | None = None
    range: str | None = None
    closed: bool = False
    order: tuple[str, ...] = ()
    assumption: str | bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    over_classes: bool = False
    transitive: bool = False
    domain: tuple[str, ...] = ()
    citation: str | None = None


class Alignment(Struct, frozen=True):
    """What a term matches in another vocabulary: ``closeMatch`` and an IRI there.

    *relation* is a mapping property of SKOS, or ``seeAlso`` where the tie is weaker.
    """

    relation: str
    iri: str


class Term(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A class or individual of the ontology.

    *kind* is the scheme it belongs to (``product``, ``hazard``, ``control`` …: the prefix).
    *ancestors* holds the term itself and every superclass of the same kind, inferred ones included.
    *codes* are commodity codes under which *every* good is of this class; *found_under* those under
    which goods of it are classified among others, from which nothing follows.
    *rank* orders the terms of an ordered kind, weakest first.
    *scale* is the one on which a hazard's danger is measured.
    *means* is what a defined class is exactly; *implies* what is true of all that is of a class;
    *notation* says both in description logic. *alignments* are by reference: nothing follows from
    them here.
    """

    id: str
    label: str
    definition: str
    kind: str
    ancestors: frozenset[str]
    disjoint: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    found_under: tuple[str, ...] = ()
    rank: int | None = None
    scale: str | None = None
    means: Expression | None = None
    implies: tuple[Expression, ...] = ()
    notation: str | None = None
    citation: str | None = None
    alignments: tuple[Alignment, ...] = ()


class Agency(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A border agency, where its acts are appealed, and its place in the published order."""

    id: str
    label: str
    definition: str
    rank: int
    appeal_body: str
    appeal_days: int
    appeal_status: str
    citation: str | None = None


class Certificate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of document that rules may require.

    *notations* are the codes under which declarations carry it (``C678``).
    *required_from* is the stage from which its absence is a fact and not merely unknown.
    A document older than *valid_months* since issue, or than *analysis_months* since the
    analysis it reports, is expired.
    """

    id: str
    label: str
    definition: str
    notations: tuple[str, ...] = ()
    required_from: str = "arrival"
    valid_months: int | None = None
    analysis_months: int | None = None
    citation: str | None = None


class Basis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A legal source: where it stands, what it says in one sentence, and how sure we are.

    *status* is ``law``, ``illustrative`` or ``to-confirm``; *checked* is the day of that finding.
    """

    cite: str
    gist: str
    status: str
    checked: date
    href: str | None = None


class Membership(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A country's time in a group of countries."""

    country: str
    period: Period = Period()


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A group of countries with dated membership."""

    id: str
    label: str
    definition: str
    members: tuple[Membership, ...]
    citation: str | None = None


class Vocabulary(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that rules and declarations may name, frozen for one release.

    *bases* are shared legal bases (``proportion``, ``recognition``) that any rule may cite.
    *codes* maps each HS 2022 code of 2, 4 and 6 digits to its description.
    *alignments* are those of all that is no term, by compact name: kinds, properties, facts …
    """

    facts: dict[str, Fact]
    terms: dict[str, Term]
    agencies: dict[str, Agency]
    certificates: dict[str, Certificate]
    groups: dict[str, Group]
    bases: dict[str, Basis]
    codes: dict[str, str]
    countries: dict[str, str]
    currencies: frozenset[str]
    regulations: dict[str, Regulation] = {}
    dossiers: dict[str, Dossier] = {}
    alignments: dict[str, tuple[Alignment, ...]] = {}

    def is_a(self, term: str, ancestor: str) -> bool:
        """Whether *term* is *ancestor* or a subclass of it."""
        return term == ancestor or ancestor in self.terms[term].ancestors

    def are_disjoint(self, left: str, right: str) -> bool:
        """Whether nothing can be both: some ancestors of the two are declared disjoint."""
        return right in self._apart[left]

    def below(self, term: str) -> frozenset[str]:
        """The term and every subclass of it."""
        return self._below[term]

    def apart(self, term: str) -> frozenset[str]:
        """Every term that nothing of this *term* can be."""
        return self._apart[term]

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        table: dict[str, set[str]] = {identifier: {identifier} for identifier in self.terms}
        for term in self.terms.values():
            for ancestor in term.ancestors:
                table[ancestor].add(term.id)
        return {identifier: frozenset(found) for identifier, found in table.items()}

    @cached_property
    def _apart(self) -> dict[str, frozenset[str]]:
        excluded = {
            term.id: frozenset().union(*map(self.below, term.disjoint))
            for term in self.terms.values()
        }
        return {
            term.id: frozenset().union(*(excluded[above] for above in term.ancestors))
            for term in self.terms.values()
        }

    def of_kind(self, kind: str) -> list[Term]:
        """The terms of one kind, in order of rank and then of name."""
        return list(self._by_kind.get(kind, ()))

    @cached_property
    def _by_kind(self) -> dict[str, list[Term]]:
        table: dict[str, list[Term]] = {}
        for term in sorted(self.terms.values(), key=lambda term: (term.rank or 0, term.id)):
            table.setdefault(term.kind, []).append(term)
        return table

    def knows_code(self, code: str) -> bool:
        """Whether the first six digits (or all, if fewer) of *code* stand in HS 2022.

        Digits 7 to 10 are national or Union subdivisions, which HS does not list.
        """
        return code[:6] in self.codes

    @property
    def _labelled(self) -> tuple[Mapping[str, Term | Agency | Certificate | Group], ...]:
        return self.terms, self.agencies, self.certificates, self.groups

    def label(self, identifier: str) -> str:
        """The label of a term, agency, certificate or group; the identifier where unknown."""
        for table in self._labelled:
            found = table.get(identifier)
            if found is not None:
                return str(found.label)
        return identifier

    def known(self, identifier: str) -> bool:
        """Whether *identifier* names a term, agency, certificate or group."""
        return any(identifier in table for table in self._labelled)

    @cached_property
    def certificate_of_notation(self) -> dict[str, str]:
        """The certificate that each document code stands for; identifiers stand for themselves."""
        table = {identifier: identifier for identifier in self.certificates}
        for certificate in self.certificates.values():
            table.update(dict.fromkeys(certificate.notations, certificate.id))
        return table
