"""Goods items and documents of a WCO Data Model 3.6 declaration.

Boundary: one item, and whatever can stand at every level; the message around it is for `wco`.
"""

from __future__ import annotations

from decimal import Decimal

from engine.declaration.declaration import Amount, Document, Item, Package, Procedure
from engine.declaration.facts import DocumentStatus
from engine.declaration.lodged import Key
from engine.declaration.problems import ReportCode
from engine.declaration.strict_json import shown
from engine.declaration.strict_xml import Element
from engine.declaration.wco_notes import Notes

HEADINGS = frozenset({"TSP", "HS"})
"""Types of classification that are commodity codes (UN/EDIFACT 7143)."""

KILOGRAMS = {"": Decimal(1), "KGM": Decimal(1), "TNE": Decimal(1000), "GRM": Decimal("0.001")}
"""How many kilograms a unit of UNECE Recommendation 20 is; no unit means kilograms."""

PAYMENT = "1DAN"
"""An account from which duty is paid: listed among the documents, but none."""

_VALUES = (
    (("Commodity", "InvoiceLine", "ItemChargeAmount"), "invoice"),
    (("CustomsValueAmount",), "customs"),
    (("StatisticalValueAmount",), "statistical"),
)
_SEQUENCE = "write the number of the item, from 1"


def read_item(element: Element, notes: Notes) -> Item | None:
    """One goods item; none where it has no number, which is refused."""
    sequence = notes.one(element, "SequenceNumeric")
    if sequence is None or not sequence.text:
        notes.refuse(element, "the item has no `SequenceNumeric`", _SEQUENCE)
        return None
    number = notes.count(sequence, _SEQUENCE)
    if number is None:
        return None
    at: Key = ("goods", number)
    notes.mark(element, *at)
    notes.mark(sequence, *at, "item")
    return Item(
        item=number,
        commodity_code=_code(element, at, notes),
        origin=_origin(element, at, notes),
        description=notes.text(element, "Commodity", "Description", key=(*at, "description")),
        net_mass_kg=_mass(element, "NetNetWeightMeasure", (*at, "netMassKg"), notes),
        gross_mass_kg=_mass(element, "GrossMassMeasure", (*at, "grossMassKg"), notes),
        value=_value(element, at, notes),
        procedure=_procedure(element, at, notes),
        packages=_packages(element, at, notes),
        documents=read_documents(element, at, notes),
    )


def read_documents(parent: Element, at: Key, notes: Notes) -> tuple[Document, ...]:
    """The documents that stand directly in *parent*, under *at* in the declaration.

    A document without a type or a number cannot be told from others; it is reported and not
    taken. The same one named twice is one.
    """
    documents: dict[tuple[str, str], Document] = {}
    for element in parent.all("AdditionalDocument"):
        category = notes.text(element, "CategoryCode") or ""
        kind = category + (notes.text(element, "TypeCode") or "")
        identifier = notes.text(element, "ID")
        if kind == PAYMENT:
            continue
        if not kind or not identifier:
            lacks = "`ID`" if kind else "`TypeCode`"
            message = f"document `{shown(kind)}` has no {lacks} and is not taken; add one if it has"
            notes.report(element, ReportCode.UNNUMBERED, message)
            continue
        key = (*at, "documents", kind, identifier)
        document = Document(
            type=kind,
            id=identifier,
            status=_status(element, notes),
            issued_on=notes.day(element, "IssueDateTime", key=(*key, "issuedOn")),
        )
        former = documents.get((kind, identifier), document)
        if former != document:
            message = f"document `{shown(kind)} {shown(identifier)}` is stated twice, unlike"
            notes.refuse(element, message, "keep one of them")
            continue
        documents[kind, identifier] = document
        notes.mark(element, *key)
        notes.mark(notes.one(element, "TypeCode") or element, *key, "type")
    return tuple(documents.values())


def _status(element: Element, notes: Notes) -> DocumentStatus:
    """Declared, whatever its code says of it; a waiver means that there is none."""
    exemption = notes.text(element, "LPCOExemptionCode") or ""
    return DocumentStatus.MISSING if exemption.startswith("X") else DocumentStatus.DECLARED


def _code(element: Element, at: Key, notes: Notes) -> str | None:
    commodity = notes.one(element, "Commodity")
    codes: dict[str, Element] = {}
    for classification in commodity.all("Classification") if commodity else ():
        kind = notes.text(classification, "IdentificationTypeCode") or ""
        code = notes.one(classification, "ID")
        if kind not in HEADINGS | {"TRC"} or code is None or not code.text:
            continue
        name = "TRC" if kind == "TRC" else "heading"
        if name in codes:
            message = f"a second code of type `{kind}`"
            notes.refuse(classification, message, "give each item one commodity code")
        codes.setdefault(name, code)
    heading, addition = codes.get("heading"), codes.get("TRC")
    if heading is None:
        if addition is not None:
            message = "additional digits without a commodity code; add one of type TSP"
            notes.report(addition, ReportCode.UNKNOWN_CODE, message)
        return None
    notes.mark(heading, *at, "commodityCode")
    if addition is None:
        return heading.text
    if len(addition.text) != 2 or not addition.text.isdecimal():
        message = f"`{shown(addition.text)}` does not extend a commodity code"
        notes.refuse(addition, message, "write two digits, or leave it out")
        return heading.text
    # Two digits more make sense only after all eight.
    return heading.text + addition.text if len(heading.text) == 8 else heading.text


def _origin(element: Element, at: Key, notes: Notes) -> str | None:
    """The country of origin; the preferential one only where it stands alone.

    Then the two are the same: Delegated Regulation (EU) 2015/2446, Annex B, asks for the other
    only where no preference is claimed or it differs. A type of origin not stated is 1.
    """
    origins: dict[str, Element] = {}
    for origin in element.all("Origin"):
        kind = notes.text(origin, "TypeCode") or "1"
        country = notes.one(origin, "CountryCode")
        if country is None or not country.text:
            continue
        if kind not in ("1", "2"):
            message = f"origin of type `{shown(kind)}` is not read; write 1, or 2 for preferential"
            notes.report(origin, ReportCode.UNKNOWN_TERM, message)
            continue
        if kind in origins:
            notes.refuse(origin, f"a second origin of type {kind}", "keep one of them")
        origins.setdefault(kind, country)
    found = origins.get("1", origins.get("2"))
    if found is None:
        return None
    notes.mark(found, *at, "origin")
    return found.text


def _mass(element: Element, name: str, key: Key, notes: Notes) -> Decimal | None:
    measure = notes.one(element, "Commodity", "GoodsMeasure", name)
    if measure is None or not measure.text:
        return None
    notes.mark(measure, *key)
    mass = notes.number(measure)
    unit = measure.attributes.get("unitCode", "")
    if unit not in KILOGRAMS:
        message = f"unit `{shown(unit)}` is not read, so the mass is unknown; write it in KGM"
        notes.report(measure, ReportCode.UNKNOWN_UNIT, message)
        return None
    return None if mass is None else mass * KILOGRAMS[unit]


def _value(element: Element, at: Key, notes: Notes) -> Amount | None:
    """The price on the invoice; without one the customs value, or else the statistical one."""
    for names, basis in _VALUES:
        charge = notes.one(element, *names)
        if charge is None or not charge.text:
            continue
        notes.mark(charge, *at, "value")
        amount, currency = notes.number(charge), charge.attributes.get("currencyID", "")
        if not currency:
            notes.refuse(charge, "an amount without a currency", "add it as `currencyID`")
        return None if amount is None else Amount(amount, currency, basis)
    return None


def _procedure(element: Element, at: Key, notes: Notes) -> Procedure | None:
    requested: Element | None = None
    previous: str | None = None
    additional: list[str] = []
    for procedure in element.all("GovernmentProcedure"):
        current = notes.one(procedure, "CurrentCode")
        before = notes.text(procedure, "PreviousCode")
        if current is None or not current.text:
            continue
        if len(current.text) == 3 and before is None:
            notes.mark(current, *at, "procedure", "additional", str(len(additional)))
            additional.append(current.text)
        elif requested is not None:
            notes.refuse(procedure, "a second procedure", "ask for one procedure for an item")
        else:
            requested, previous = current, before
    if requested is None:
        if additional:
            message = "additional procedures without the procedure itself are not taken"
            notes.report(element, ReportCode.UNKNOWN_ELEMENT, message)
        return None
    notes.mark(requested, *at, "procedure")
    return Procedure(requested=requested.text, previous=previous, additional=tuple(additional))


def _packages(element: Element, at: Key, notes: Notes) -> tuple[Package, ...] | None:
    packages = []
    for index, packaging in enumerate(element.all("Packaging")):
        notes.mark(packaging, *at, "packages", str(index))
        count = notes.one(packaging, "QuantityQuantity")
        packages.append(
            Package(
                count=notes.count(count, "count the packages from 0")
                if count is not None and count.text
                else None,
                type=notes.text(packaging, "TypeCode"),
                marks=notes.text(packaging, "MarksNumbersID"),
            )
        )
    return tuple(packages) or None
