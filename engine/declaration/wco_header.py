"""A WCO Data Model 3.6 declaration: its header, parties and dates; what it holds besides.

Boundary: the element `Declaration`; single items and documents are for `wco_goods`.
"""

from __future__ import annotations

from engine.declaration.declaration import Authorisation, Consignee, Declaration, Item, Party
from engine.declaration.facts import Stage
from engine.declaration.lodged import Key
from engine.declaration.problems import ReportCode
from engine.declaration.strict_json import shown
from engine.declaration.strict_xml import Element
from engine.declaration.wco_elements import foreign, unlisted
from engine.declaration.wco_goods import read_documents, read_item
from engine.declaration.wco_notes import Notes

MODES = {
    "1": "mode:Sea",
    "2": "mode:Rail",
    "3": "mode:Road",
    "4": "mode:Air",
    "5": "mode:Post",
    "7": "mode:FixedInstallation",
    "8": "mode:InlandWaterway",
}
"""Modes of transport (UNECE Recommendation 19); 9, own propulsion, is none that rules know."""

STAGES = {
    **dict.fromkeys("DEFK", Stage.PRE_ARRIVAL),
    **dict.fromkeys("XYZ", Stage.POST_RELEASE),
}
"""The last letter of a type such as IMD: lodged before arrival, or supplementary afterwards."""

TRANSPORT_DOCUMENTS = frozenset(
    {"703", "704", "705", "710", "714", "720", "722", "730", "740", "741"}
)
"""Bills of lading, waybills and consignment notes (UN/EDIFACT 1001)."""

PARTNER = "AEO-PARTNER"
"""The type under which an operator that a partner country has authorised is named."""

_GOODS_ITEM = "GovernmentAgencyGoodsItem"

_SECTIONS = {
    "42A": "Declaration",
    "67A": "GoodsShipment",
    "68A": _GOODS_ITEM,
    "23A": "Commodity",
    "02A": "AdditionalDocument",
    "65A": "GoodsMeasure",
    "79A": "InvoiceLine",
}
"""Sections of the data model by which a pointer of an amendment leads to what it changes."""


def read_declaration(element: Element, notes: Notes, *, amends: bool) -> Declaration:
    """What the element `Declaration` says; its form is not judged yet.

    An amendment holds only what changes, and need have no goods.
    """
    _report_unread(element, notes)
    notes.mark(element)
    shipment = notes.one(element, "GoodsShipment")
    goods = _goods(shipment, notes)
    identifier = notes.text(element, "FunctionalReferenceID", key=("id",))
    if identifier is None:
        mend = "add it: the number under which you lodged the declaration"
        notes.refuse(element, "no `FunctionalReferenceID`", mend)
    if amends:
        _report_withdrawals(element, notes)
    else:
        _compare_counts(element, goods, notes)
    documents = read_documents(element, (), notes)
    return Declaration(
        id=identifier or "",
        ucr=_ucr(element, shipment, notes),
        transport_document=_transport_document(element, shipment, notes),
        stated_stage=None if amends else STAGES.get((notes.text(element, "TypeCode") or "")[-1:]),
        accepted_on=notes.day(element, "AcceptanceDateTime", key=("acceptedOn",)),
        arrived_on=notes.day(
            element, "BorderTransportMeans", "ArrivalDateTime", key=("arrivedOn",)
        ),
        dispatched_on=notes.day(
            shipment,
            "Consignment",
            "DepartureTransportMeans",
            "DepartureDateTime",
            key=("dispatchedOn",),
        ),
        importer=_party(shipment, "Importer", notes, tell=True),
        exporter=_party(element, "Exporter", notes, tell=False),
        declarant=_party(element, "Declarant", notes, tell=True),
        consignee=_consignee(shipment, notes),
        authorisations=_authorisations(element, shipment, notes),
        export_country=_export_country(shipment, notes),
        transport_mode=_mode(element, notes),
        documents=documents,
        goods=goods,
    )


def _report_unread(element: Element, notes: Notes) -> None:
    """Tell what is not read, and take extensions out: they are not what their names say."""
    parents = set()
    for unread in unlisted(element):
        message = f"`{shown(unread.name)}` is not known here; nothing of it is used"
        notes.report(unread, ReportCode.UNKNOWN_ELEMENT, message)
        if unread.parent is not None:
            parents.add(unread.parent)
    for parent in parents:
        parent.children = [child for child in parent.children if not foreign(child, element)]


def _goods(shipment: Element | None, notes: Notes) -> tuple[Item, ...]:
    if shipment is not None:
        notes.mark(shipment, "goods")
    goods: dict[int, Item] = {}
    for element in _items(shipment):
        item = read_item(element, notes)
        if item is None:
            continue
        if item.item in goods:
            message = f"a second item has the number {item.item}"
            notes.refuse(element, message, "give each item a number of its own")
        goods.setdefault(item.item, item)
    return tuple(goods.values())


def _compare_counts(element: Element, goods: tuple[Item, ...], notes: Notes) -> None:
    stated = notes.one(element, "GoodsItemQuantity")
    if stated is None or not stated.text:
        return
    count = notes.count(stated, "count the items")
    if count is not None and count != len(goods):
        message = f"{count} items are announced, {len(goods)} are here; those here are decided"
        notes.report(stated, ReportCode.COUNT_MISMATCH, message)


def _report_withdrawals(element: Element, notes: Notes) -> None:
    """Report each pointer to something of the goods that the amendment does not hold."""
    for amendment in element.all("Amendment"):
        here: Element | None = element
        last, at = "", amendment
        for pointer in amendment.all("Pointer"):
            section = _SECTIONS.get(notes.text(pointer, "DocumentSectionCode") or "")
            if section == "Declaration":
                continue
            if section is None:
                break
            number = notes.text(pointer, "SequenceNumeric") or "1"
            found = [
                one
                for one in (here.all(section) if here is not None else ())
                if _is_numbered(one, section, number, notes)
            ]
            here = found[0] if found else None
            last, at = f"{section} {shown(number)}", pointer
        if here is None:
            message = f"it would withdraw {last}, which stays until an officer ends it"
            notes.report(at, ReportCode.WITHDRAWAL, message)


def _is_numbered(element: Element, section: str, number: str, notes: Notes) -> bool:
    if section != _GOODS_ITEM:
        return True
    return notes.text(element, "SequenceNumeric") == number


def _ucr(element: Element, shipment: Element | None, notes: Notes) -> str | None:
    """The reference of the consignment: its own, or the one previous document of type DCR."""
    stated = notes.text(shipment, "UCR", "TraderAssignedReferenceID", key=("ucr",))
    return stated or _only(_previous(element, shipment, frozenset({"DCR"})), "ucr", notes)


def _transport_document(element: Element, shipment: Element | None, notes: Notes) -> str | None:
    key: Key = ("transportDocument",)
    stated = notes.text(shipment, "Consignment", "TransportContractDocument", "ID", key=key)
    found = _previous(element, shipment, TRANSPORT_DOCUMENTS)
    return stated or _only(found, "transportDocument", notes)


def _previous(element: Element, shipment: Element | None, types: frozenset[str]) -> list[Element]:
    """The numbers of documents of these *types*, at whatever level they stand."""
    found = []
    for place in (*_levels(element, shipment), *_items(shipment)):
        documents = place.all("PreviousDocument")
        if types is TRANSPORT_DOCUMENTS:
            documents = documents + [
                one
                for one in place.all("AdditionalDocument")
                if any(category.text == "N" for category in one.all("CategoryCode"))
            ]
        for document in documents:
            if any(kind.text in types for kind in document.all("TypeCode")):
                found += [number for number in document.all("ID") if number.text]
    return found


def _levels(element: Element, shipment: Element | None) -> tuple[Element, ...]:
    """What is said of the whole consignment stands in the declaration or in its shipment."""
    return (element,) if shipment is None else (element, shipment)


def _items(shipment: Element | None) -> list[Element]:
    return [] if shipment is None else shipment.all(_GOODS_ITEM)


def _only(numbers: list[Element], name: str, notes: Notes) -> str | None:
    """The one number; of several unlike ones none is that of the whole consignment."""
    if len({number.text for number in numbers}) != 1:
        return None
    notes.mark(numbers[0], name)
    return numbers[0].text


def _party(parent: Element | None, role: str, notes: Notes, *, tell: bool) -> Party | None:
    element = notes.one(parent, role)
    if element is None:
        return None
    identifier = notes.text(element, "ID", key=(role.lower(), "id"))
    name = notes.text(element, "Name")
    if identifier is not None:
        return Party(id=identifier, name=name)
    if tell and name is not None:
        message = f"the {role.lower()} has no `ID`, so its record cannot be looked up; add it"
        notes.report(element, ReportCode.UNNUMBERED, message)
    return None


def _consignee(shipment: Element | None, notes: Notes) -> Consignee | None:
    """The consignee of the shipment, or of the consignment in it; most have a name only."""
    element = notes.one(shipment, "Consignee") or notes.one(shipment, "Consignment", "Consignee")
    if element is None:
        return None
    notes.mark(element, "consignee")
    found = Consignee(
        id=notes.text(element, "ID", key=("consignee", "id")),
        name=notes.text(element, "Name", key=("consignee", "name")),
    )
    return None if found == Consignee() else found


def _authorisations(
    element: Element, shipment: Element | None, notes: Notes
) -> tuple[Authorisation, ...] | None:
    found: dict[Authorisation, Element] = {}
    partners = [
        one
        for place in _levels(element, shipment)
        for one in place.all("AEOMutualRecognitionParty")
    ]
    for holder in [*element.all("AuthorisationHolder"), *partners]:
        kind = notes.text(holder, "CategoryCode")
        if holder in partners:
            role = notes.text(holder, "RoleCode")
            kind = f"{PARTNER} {role}" if role else PARTNER
        identifier = notes.text(holder, "ID")
        if kind and identifier:
            found.setdefault(Authorisation(type=kind, holder=identifier), holder)
            continue
        message = "an authorisation without its type or its holder is not taken"
        notes.report(holder, ReportCode.UNNUMBERED, message)
    for index, holder in enumerate(found.values()):
        notes.mark(holder, "authorisations", str(index))
    return tuple(found) or None


def _export_country(shipment: Element | None, notes: Notes) -> str | None:
    """The country of the shipment, or the one that every item names."""
    key: Key = ("exportCountry",)
    stated = notes.text(shipment, "ExportCountry", "ID", key=key)
    if stated is not None:
        return stated
    items = _items(shipment)
    countries = {notes.text(item, "ExportCountry", "ID") for item in items}
    if len(countries) == 1 and None not in countries:
        return notes.text(items[0], "ExportCountry", "ID", key=key)
    if shipment is not None and countries - {None}:
        message = "the items name no one country of export, so it is unknown"
        notes.report(shipment, ReportCode.UNKNOWN_COUNTRY, message)
    return None


def _mode(element: Element, notes: Notes) -> str | None:
    code = notes.text(element, "BorderTransportMeans", "ModeCode", key=("transportMode",))
    if code is None or code in MODES:
        return MODES.get(code or "")
    at = notes.one(element, "BorderTransportMeans", "ModeCode") or element
    message = f"`{shown(code)}` is no mode of transport that rules know: 1 to 5, 7 or 8"
    notes.report(at, ReportCode.UNKNOWN_TERM, message)
    return None
