"""Who may state what: the trader only what is declared, an agency also what it looked up.

A trader cannot post its own good record, nor verify its own certificate. What the rules
conclude and what is computed nobody states. Boundary: computes nothing from the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Raw, Struct

from engine.declaration.declaration import (
    HS_EDITION,
    Declaration,
    Document,
    Item,
    Known,
    KnownDocument,
    fields_of,
    json_name,
)
from engine.declaration.facts import DocumentStatus, Rate, Value
from engine.declaration.problems import Remarks, ReportCode, within
from engine.declaration.strict_json import shown
from engine.declaration.values import Reader
from engine.language.vocabulary import Fact, FactType, Scope, Source, Vocabulary

DECLARANT = frozenset({Source.DECLARED})
AGENCY = frozenset({Source.DECLARED, Source.LOOKED_UP})

CLAIMS = frozenset({DocumentStatus.MISSING, DocumentStatus.DECLARED})
"""The statuses that a trader may give a document."""

FOR_ALL_ITEMS = frozenset({"goods.intendedUse"})
"""Facts of an item that may be stated once for the whole consignment."""

_WHOSE = {
    Source.LOOKED_UP: "is looked up, not declared",
    Source.DERIVED: "is computed, not stated",
    Source.CONCLUDED: "is concluded, not stated",
}
_BELONGS = {
    Source.LOOKED_UP: "an officer's or agency's caller states it in `known`",
    Source.DERIVED: "leave it out; it follows from the items",
    Source.CONCLUDED: "leave it out; the rules conclude it from other facts",
}

Values = Mapping[str, Value | None]
"""Values by fact; `None` is a fact that was stated but is not understood, hence unknown."""


class Stated(Struct, frozen=True, kw_only=True):
    """What is stated of each item, in the order of the goods.

    *items* holds the values known; *statuses* what agencies found of documents, by their id.
    """

    items: tuple[dict[str, Value], ...]
    statuses: tuple[dict[str, DocumentStatus], ...]
    rates: tuple[Rate, ...]


class _Statement(NamedTuple):
    fact: str
    value: object
    at: str


def state(
    declaration: Declaration, known: Known, vocabulary: Vocabulary, remarks: Remarks
) -> Stated:
    """What trader and agency together state of each item; faults are noted in *remarks*.

    An item's own statement goes before the declaration's, and an agency's before the trader's.
    """
    speaker = _Speaker(Reader(vocabulary, remarks))
    root = "/declaration"
    shared = speaker.declared(declaration, root, Scope.CONSIGNMENT)
    found = speaker.read(_facts(known.facts, "/known"), AGENCY, Scope.CONSIGNMENT)
    findings = _known_items(known, speaker)
    items = []
    for index, item in enumerate(declaration.goods):
        own = speaker.declared(item, within(root, "goods", index), Scope.ITEM)
        if declaration.hs_edition != HS_EDITION:
            own = {**own, "goods.commodityCode": None}
        layers: Values = {**shared, **own, **found, **findings.get(item.item, {})}
        items.append({fact: value for fact, value in layers.items() if value is not None})
    if declaration.hs_edition != HS_EDITION:
        remarks.report(
            within(root, "hsEdition"),
            ReportCode.HS_EDITION,
            f"the codes are of edition {declaration.hs_edition}; only {HS_EDITION} is read",
        )
    _check_claims(declaration, remarks)
    return Stated(
        items=tuple(items),
        statuses=_statuses(declaration, known, remarks),
        rates=_rates(known, speaker.reader),
    )


class _Speaker(Struct, frozen=True):
    """Reads the statements of one part of the request, and whether that part may make them."""

    reader: Reader

    def declared(self, part: Declaration | Item, at: str, scope: Scope) -> Values:
        """What the trader states, by a field or under `facts`; the two may not differ."""
        fields = self.read(_fields(part, at), DECLARANT, scope)
        facts = self.read(_facts(part.facts, at), DECLARANT, scope)
        names = {fact: json_name(attribute) for attribute, fact in fields_of(part).items()}
        for fact in fields.keys() & facts.keys():
            if fields[fact] != facts[fact]:
                self.reader.remarks.refuse(
                    within(at, "facts", fact),
                    f"`{fact}` differs from the field `{names[fact]}`",
                    "state it once",
                )
        return {**facts, **fields}

    def read(
        self, statements: Iterator[_Statement], sources: frozenset[Source], scope: Scope
    ) -> Values:
        """The values of the statements that someone with these *sources* may make."""
        values: dict[str, Value | None] = {}
        for statement in statements:
            if self.reader.remarks.full:
                break
            fact = self._permitted(statement, sources, scope)
            if fact is not None:
                values[fact.id] = self.reader.value(fact, statement.value, statement.at)
        return values

    def _permitted(
        self, statement: _Statement, sources: frozenset[Source], scope: Scope
    ) -> Fact | None:
        facts = self.reader.vocabulary.facts
        refuse = self.reader.remarks.refuse
        fact = facts.get(statement.fact)
        if fact is None:
            self._unknown(statement, sources)
        elif fact.type is FactType.DOCUMENTS:
            refuse(statement.at, f"`{fact.id}` is no single value", "list them under `documents`")
        elif fact.source not in sources:
            refuse(statement.at, f"`{fact.id}` {_WHOSE[fact.source]}", _BELONGS[fact.source])
        elif (
            scope is Scope.CONSIGNMENT and fact.scope is Scope.ITEM and fact.id not in FOR_ALL_ITEMS
        ):
            refuse(statement.at, f"`{fact.id}` is a fact of one item", "state it on each item")
        else:
            return fact
        return None

    def _unknown(self, statement: _Statement, sources: frozenset[Source]) -> None:
        vocabulary, remarks = self.reader.vocabulary, self.reader.remarks
        if not isinstance(statement.value, Raw):
            # A field of the request is always well-formed; only this vocabulary lacks the fact.
            message = f"this vocabulary has no fact `{statement.fact}`"
            remarks.report(statement.at, ReportCode.UNKNOWN_FACT, message)
            return
        names = [fact.id for fact in vocabulary.facts.values() if fact.source in sources]
        mend = (
            remarks.nearest(statement.fact, names) or "leave it out, or declare it in the ontology"
        )
        remarks.refuse(statement.at, f"unknown fact `{shown(statement.fact)}`", mend)


def _fields(part: Declaration | Item, at: str) -> Iterator[_Statement]:
    for attribute, fact in fields_of(part).items():
        value = getattr(part, attribute)
        if value is not None:
            yield _Statement(fact, value, within(at, json_name(attribute)))


def _facts(facts: dict[str, Raw], at: str) -> Iterator[_Statement]:
    for fact, raw in facts.items():
        if bytes(raw) != b"null":  # null says nothing, here as in every field
            yield _Statement(fact, raw, within(at, "facts", fact))


def _known_items(known: Known, speaker: _Speaker) -> dict[int, Values]:
    return {
        item.item: speaker.read(
            _facts(item.facts, within("/known/items", index)), AGENCY, Scope.ITEM
        )
        for index, item in enumerate(known.items)
    }


def _check_claims(declaration: Declaration, remarks: Remarks) -> None:
    lists = [("/declaration", declaration.documents)]
    for index, item in enumerate(declaration.goods):
        lists.append((within("/declaration/goods", index), item.documents))
    for at, documents in lists:
        for index, document in enumerate(documents):
            if document.status not in CLAIMS:
                remarks.refuse(
                    within(at, "documents", index, "status"),
                    f"a declaration cannot call a document {document.status.value}",
                    "write `missing` or `declared`; what an agency found stands in `known`",
                )


def _statuses(
    declaration: Declaration, known: Known, remarks: Remarks
) -> tuple[dict[str, DocumentStatus], ...]:
    """What agencies found, per item; a finding about no declared document is refused."""
    papers = {item.item: [*declaration.documents, *item.documents] for item in declaration.goods}
    every = [document for documents in papers.values() for document in documents]
    shared = _findings(known.documents, every, "/known", remarks)
    own: dict[int, dict[str, DocumentStatus]] = {}
    for index, item in enumerate(known.items):
        at = within("/known/items", index)
        if item.item in papers:
            own[item.item] = _findings(item.documents, papers[item.item], at, remarks)
        else:
            mend = f"the declaration has {len(papers)} items; name one by its number"
            remarks.refuse(within(at, "item"), f"no item has the number {item.item}", mend)
    return tuple(
        {document.id: shared[document.id] for document in documents if document.id in shared}
        | own.get(number, {})
        for number, documents in papers.items()
    )


def _findings(
    found: tuple[KnownDocument, ...], documents: Iterable[Document], at: str, remarks: Remarks
) -> dict[str, DocumentStatus]:
    named = {document.id for document in documents}
    for index, document in enumerate(found):
        if document.id not in named:
            remarks.refuse(
                within(at, "documents", index, "id"),
                f"no document declared here has the id `{shown(document.id)}`",
                remarks.nearest(document.id, named) or "declare the document with its type first",
            )
    return {document.id: document.status for document in found}


def _rates(known: Known, reader: Reader) -> tuple[Rate, ...]:
    kept = []
    for index, rate in enumerate(known.rates):
        at = within("/known/rates", index)
        known_source = reader.knows_currency(rate.source, within(at, "source"))
        if reader.knows_currency(rate.target, within(at, "target")) and known_source:
            kept.append(Rate(source=rate.source, target=rate.target, rate=rate.rate, on=rate.on))
    return tuple(kept)
