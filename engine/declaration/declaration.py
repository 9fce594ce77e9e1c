"""The request for a decision, as it is sent: a declaration and what an agency knows of it.

Boundary: shapes only. `reading` checks their form, `stating` and `derive` say what follows.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct, field

from engine.declaration.facts import DocumentStatus, Money, Rate, Stage

HS_EDITION = 2022
"""The edition of the Harmonized System in which commodity codes are understood."""

CODE_PATTERN = r"[0-9]{4}(?:[0-9]{2}){0,3}"
"""A commodity code: a heading, a subheading, or one with two or four digits more."""

Identifier = Annotated[
    str, Meta(extra_json_schema={"minLength": 1, "maxLength": 200, "pattern": r"\S"})
]
Code = Annotated[
    str,
    Meta(
        description="4, 6, 8 or 10 digits, without dots or spaces.",
        extra_json_schema={"pattern": f"^{CODE_PATTERN}$"},
    ),
]
Country = Annotated[str, Meta(description="ISO 3166-1 alpha-2, such as NG.")]
Name = Annotated[str, Meta(description="A term as `use:Food` or `food`.")]
Mass = Annotated[Decimal, Meta(description="Kilograms.", extra_json_schema={"minimum": 0})]
StatedFacts = Annotated[
    dict[str, Raw], Meta(description="Further facts by name, each in the shape of its type.")
]


class Shape(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What every part of the request has in common."""


class Party(Shape, frozen=True, kw_only=True):
    """A trader or agent, by the number under which the authorities know it."""

    id: Identifier
    name: str | None = None


class Consignee(Shape, frozen=True, kw_only=True):
    """To whom the goods are sent: by number, by name where customs have no number, or by both.

    No fact states it and no rule asks for it: it is kept with the declaration.
    """

    id: Identifier | None = None
    name: Identifier | None = None


class Amount(Money, frozen=True, forbid_unknown_fields=True):
    """An amount of money and what it is based on, such as `invoice`."""

    basis: str | None = None


class KnownRate(Rate, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exchange rate: one unit of `source` is worth `rate` of `target` on that day."""


class Document(Shape, frozen=True, kw_only=True):
    """A document that the trader names; the claim that it exists does not verify it."""

    type: Annotated[str, Meta(description="A document code such as C678, or a certificate.")]
    id: Identifier
    status: Annotated[
        DocumentStatus, Meta(description="A trader may state only `missing` or `declared`.")
    ] = DocumentStatus.DECLARED
    issued_on: date | None = None
    analysed_on: date | None = None


class Procedure(Shape, frozen=True, kw_only=True):
    """The customs procedure asked for, and the one that the goods come from."""

    requested: Annotated[
        str, Meta(description="Two characters, such as 40: release for free circulation.")
    ]
    previous: str | None = None
    additional: tuple[str, ...] = ()


class Package(Shape, frozen=True, kw_only=True):
    """Packages of one type."""

    count: Annotated[int, Meta(extra_json_schema={"minimum": 0})] | None = None
    type: Annotated[str, Meta(description="UNECE Recommendation 21, such as BX.")] | None = None
    marks: str | None = None


class Authorisation(Shape, frozen=True, kw_only=True):
    """An authorisation that the trader names; whether it holds is looked up."""

    type: Annotated[Identifier, Meta(description="A code, such as AEOC.")]
    holder: Identifier


class Item(Shape, frozen=True, kw_only=True):
    """One goods item of the declaration."""

    item: Annotated[
        int,
        Meta(
            description="The number of the item, unique in the declaration.",
            extra_json_schema={"minimum": 1},
        ),
    ]
    commodity_code: Code | None = None
    origin: Country | None = None
    origin_grown: Country | None = None
    origin_processed: Country | None = None
    description: str | None = None
    product: Name | None = None
    intended_use: Name | None = None
    lot: Identifier | None = None
    net_mass_kg: Mass | None = None
    gross_mass_kg: Mass | None = None
    value: Amount | None = None
    procedure: Procedure | None = None
    packages: tuple[Package, ...] | None = None
    documents: tuple[Document, ...] = ()
    facts: StatedFacts = {}


class Persons(Shape, frozen=True, kw_only=True):
    """Who stands behind a consignment: what of a declaration may be a person's data."""

    importer: Party | None = None
    exporter: Party | None = None
    declarant: Party | None = None
    consignee: Consignee | None = None
    authorisations: tuple[Authorisation, ...] | None = None


class Declaration(Persons, frozen=True, kw_only=True):
    """What a trader declares of a consignment.

    A stage or edition that is not stated is `accepted` and 2022; the two are kept apart so
    that an amendment which is silent does not change them.
    """

    id: Identifier
    ucr: Identifier | None = None
    transport_document: Identifier | None = None
    stated_stage: Annotated[
        Stage | None, Meta(description="How far the goods have come; `accepted` if not stated.")
    ] = field(default=None, name="stage")
    accepted_on: date | None = None
    arrived_on: date | None = None
    dispatched_on: date | None = None
    placed_on_market_on: date | None = None
    stated_hs_edition: Annotated[
        int | None, Meta(description="The edition of the commodity codes; 2022 if not stated.")
    ] = field(default=None, name="hsEdition")
    export_country: Country | None = None
    transport_mode: Name | None = None
    intended_use: Name | None = None
    facts: StatedFacts = {}
    documents: tuple[Document, ...] = ()
    goods: Annotated[tuple[Item, ...], Meta(extra_json_schema={"minItems": 1, "maxItems": 10_000})]

    @property
    def stage(self) -> Stage:
        """How far the goods have come."""
        return self.stated_stage or Stage.ACCEPTED

    @property
    def hs_edition(self) -> int:
        """The edition of the Harmonized System that the commodity codes are of."""
        return HS_EDITION if self.stated_hs_edition is None else self.stated_hs_edition


def persons_of(declaration: Declaration) -> Persons:
    """The persons of a declaration."""
    return Persons(**{name: getattr(declaration, name) for name in Persons.__struct_fields__})


def without_persons(declaration: Declaration) -> Declaration:
    """The declaration as it reads once its persons are taken out."""
    return msgspec.structs.replace(declaration, **dict.fromkeys(Persons.__struct_fields__))


def with_persons(declaration: Declaration, persons: Persons) -> Declaration:
    """The declaration with its persons put back."""
    return msgspec.structs.replace(declaration, **msgspec.structs.asdict(persons))


class KnownDocument(Shape, frozen=True, kw_only=True):
    """What an agency found of a document that the declaration names by the same `id`."""

    id: Identifier
    status: DocumentStatus


class KnownItem(Shape, frozen=True, kw_only=True):
    """What an agency knows of one goods item."""

    item: int
    facts: StatedFacts = {}
    documents: tuple[KnownDocument, ...] = ()


class Known(Shape, frozen=True, kw_only=True):
    """What an officer's or agency's caller adds; a trader cannot."""

    facts: StatedFacts = {}
    documents: tuple[KnownDocument, ...] = ()
    rates: tuple[KnownRate, ...] = ()
    items: tuple[KnownItem, ...] = ()


class Request(Shape, frozen=True, kw_only=True):
    """The body of a request for a decision.

    `earlier` holds former versions of the same declaration, oldest first; the declaration
    amends them.
    """

    declaration: Declaration
    known: Known = Known()
    earlier: tuple[Declaration, ...] = ()

    @property
    def first(self) -> Declaration:
        """The oldest version."""
        return (*self.earlier, self.declaration)[0]


ITEM_FIELDS = {
    "commodity_code": "goods.commodityCode",
    "origin": "goods.origin",
    "origin_grown": "goods.originGrown",
    "origin_processed": "goods.originProcessed",
    "description": "goods.description",
    "product": "goods.product",
    "intended_use": "goods.intendedUse",
    "net_mass_kg": "goods.netMassKg",
    "gross_mass_kg": "goods.grossMassKg",
    "value": "goods.value",
}
"""The facts that fields of an item state."""

DECLARATION_FIELDS = {
    "export_country": "consignment.exportCountry",
    "transport_mode": "consignment.transportMode",
    "intended_use": "goods.intendedUse",
}
"""The facts that fields of the declaration state, for every item that does not say otherwise."""


def fields_of(part: Declaration | Item) -> dict[str, str]:
    """The facts, by attribute, that fields of this part state."""
    return ITEM_FIELDS if isinstance(part, Item) else DECLARATION_FIELDS


@cache
def json_name(attribute: str) -> str:
    """The JSON name of an attribute: ``net_mass_kg`` is written ``netMassKg``."""
    head, *rest = attribute.split("_")
    return head + "".join(word.capitalize() for word in rest)
