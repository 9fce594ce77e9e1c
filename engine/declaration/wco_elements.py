"""Which elements of a WCO Data Model 3.6 declaration are used, and as what; which are not, and why.

Paths start below `Declaration`. What stands in neither table is reported in the answer.
Boundary: tables only; `wco_header` and `wco_goods` read by them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.declaration.strict_xml import Element

SHIPMENT = "GoodsShipment"
ITEM = "GoodsShipment/GovernmentAgencyGoodsItem"

USED = {
    "FunctionCode": "the kind of message: 9 original, 13 about an earlier one",
    "TypeCode": "the kind of message, and `stage` by the last letter",
    "ID": "the number customs gave: ties an amendment to what it amends",
    "FunctionalReferenceID": "id",
    "GoodsItemQuantity": "compared with the number of items",
    "AcceptanceDateTime/DateTimeString": "acceptedOn",
    "BorderTransportMeans/ModeCode": "transportMode",
    "BorderTransportMeans/ArrivalDateTime/DateTimeString": "arrivedOn",
    "GoodsShipment/Consignment/DepartureTransportMeans/DepartureDateTime/DateTimeString": (
        "dispatchedOn"
    ),
    "Declarant/ID": "declarant",
    "Declarant/Name": "declarant",
    "Exporter/ID": "exporter",
    "Exporter/Name": "exporter; without an ID not used",
    "GoodsShipment/Importer/ID": "importer",
    "GoodsShipment/Importer/Name": "importer; without an ID not used",
    **{
        f"{place}/Consignee/{name}": "consignee: kept with the declaration; no rule asks for it"
        for place in (SHIPMENT, f"{SHIPMENT}/Consignment")
        for name in ("ID", "Name")
    },
    "AuthorisationHolder/ID": "authorisations",
    "AuthorisationHolder/CategoryCode": "authorisations",
    "AEOMutualRecognitionParty/ID": "authorisations",
    "AEOMutualRecognitionParty/RoleCode": "authorisations",
    "GoodsShipment/AEOMutualRecognitionParty/ID": "authorisations",
    "GoodsShipment/AEOMutualRecognitionParty/RoleCode": "authorisations",
    "GoodsShipment/ExportCountry/ID": "exportCountry",
    "GoodsShipment/UCR/TraderAssignedReferenceID": "ucr",
    "GoodsShipment/Consignment/TransportContractDocument/ID": "transportDocument",
    "Amendment/Pointer/DocumentSectionCode": "finds what an amendment would withdraw",
    "Amendment/Pointer/SequenceNumeric": "finds what an amendment would withdraw",
    f"{ITEM}/SequenceNumeric": "item",
    f"{ITEM}/ExportCountry/ID": "exportCountry, where all items agree",
    f"{ITEM}/Commodity/Description": "description",
    f"{ITEM}/Commodity/Classification/ID": "commodityCode: TSP or HS, and TRC after it",
    f"{ITEM}/Commodity/Classification/IdentificationTypeCode": (
        "TSP, HS and TRC; the additional codes TRA, GN and CV do not extend a commodity code"
    ),
    f"{ITEM}/Commodity/GoodsMeasure/GrossMassMeasure": "grossMassKg",
    f"{ITEM}/Commodity/GoodsMeasure/NetNetWeightMeasure": "netMassKg",
    f"{ITEM}/Commodity/InvoiceLine/ItemChargeAmount": "value, basis `invoice`",
    f"{ITEM}/CustomsValueAmount": "value, basis `customs`, without a price",
    f"{ITEM}/StatisticalValueAmount": "value, basis `statistical`, without either",
    f"{ITEM}/GovernmentProcedure/CurrentCode": "procedure: two digits requested, others additional",
    f"{ITEM}/GovernmentProcedure/PreviousCode": "procedure",
    f"{ITEM}/Origin/CountryCode": "origin",
    f"{ITEM}/Origin/TypeCode": "1 origin; 2 preferential, taken only where it stands alone",
    f"{ITEM}/Packaging/TypeCode": "packages",
    f"{ITEM}/Packaging/QuantityQuantity": "packages",
    f"{ITEM}/Packaging/MarksNumbersID": "packages",
}
for _level in ("", f"{SHIPMENT}/", f"{ITEM}/"):
    USED |= {
        f"{_level}AdditionalDocument/{name}": "documents"
        for name in ("CategoryCode", "TypeCode", "ID", "IssueDateTime/DateTimeString")
    }
    USED[f"{_level}AdditionalDocument/LPCOExemptionCode"] = (
        "documents: a code in X claims a waiver, so the document is missing; no other verifies it"
    )
    USED |= {
        f"{_level}PreviousDocument/{name}": "ucr (DCR) or transportDocument (703 to 741)"
        for name in ("TypeCode", "ID")
    }

DUTY = "duty and tax: no rule asks for it"
PLACE = "where the goods are or go: agencies know it from elsewhere"
MEANS = "means of transport and equipment: no rule asks for it"
PARTY = "a party that no rule asks about"
ORDER = "the order of the elements says the same"
NOTE = "free or coded statements: no rule asks for them"

NOT_USED = {
    "AdditionalInformation": NOTE,
    "Agent": PARTY,
    "Amendment/ChangeReasonCode": "why it is amended: the answer does not depend on it",
    "Amendment/Pointer/TagID": "the field that is amended: the amendment itself holds it",
    "BorderTransportMeans/ID": MEANS,
    "BorderTransportMeans/IdentificationTypeCode": MEANS,
    "BorderTransportMeans/RegistrationNationalityCode": MEANS,
    "Consignment/Carrier": PARTY,
    "Consignment/ConsignmentItem": ORDER,
    "Consignment/Consignor": PARTY,
    "Consignment/Freight": DUTY,
    "Consignment/Itinerary": PLACE,
    "Declarant/Address": PLACE,
    "DeclarationOfficeID": PLACE,
    "ExitOffice": PLACE,
    "Exporter/Address": PLACE,
    "InvoiceAmount": "the sum of the items' prices",
    "IssueDateTime": "the day the message was sent: no law is governed by it",
    "ObligationGuarantee": DUTY,
    "ProcedureCategory": "follows from the procedure",
    "Submitter": PARTY,
    "SupervisingOffice": PLACE,
    "TotalPackageQuantity": "the sum of the items' packages",
    "GoodsShipment/Consignee/Address": PLACE,
    "GoodsShipment/Consignment/Consignee/Address": PLACE,
    "GoodsShipment/Consignment/ArrivalTransportMeans": MEANS,
    "GoodsShipment/Consignment/ContainerCode": MEANS,
    "GoodsShipment/Consignment/DepartureTransportMeans/ID": MEANS,
    "GoodsShipment/Consignment/DepartureTransportMeans/IdentificationTypeCode": MEANS,
    "GoodsShipment/Consignment/DepartureTransportMeans/ModeCode": MEANS,
    "GoodsShipment/Consignment/GoodsLocation": PLACE,
    "GoodsShipment/Consignment/TransportEquipment": MEANS,
    "GoodsShipment/CustomsValuation": DUTY,
    "GoodsShipment/Destination": PLACE,
    "GoodsShipment/DomesticDutyTaxParty": DUTY,
    "GoodsShipment/Importer/Address": PLACE,
    "GoodsShipment/TradeTerms": DUTY,
    "GoodsShipment/TransactionNatureCode": DUTY,
    "GoodsShipment/Warehouse": PLACE,
    f"{ITEM}/AdditionalInformation": NOTE,
    f"{ITEM}/Commodity/DutyTaxFee": DUTY,
    f"{ITEM}/Commodity/GoodsMeasure/TariffQuantity": DUTY,
    f"{ITEM}/Commodity/TransportEquipment": MEANS,
    f"{ITEM}/Consignee": "a consignee of one item: a declaration names one for all its goods",
    f"{ITEM}/CustomsValuation": DUTY,
    f"{ITEM}/Destination": PLACE,
    f"{ITEM}/DomesticDutyTaxParty": DUTY,
    f"{ITEM}/Packaging/SequenceNumeric": ORDER,
    f"{ITEM}/TransactionNatureCode": DUTY,
    f"{ITEM}/ValuationAdjustment": DUTY,
}
for _level in ("", f"{SHIPMENT}/", f"{ITEM}/"):
    NOT_USED |= {
        f"{_level}AdditionalDocument/Name": NOTE,
        f"{_level}AdditionalDocument/SequenceNumeric": ORDER,
        f"{_level}AdditionalDocument/WriteOff": "how much of a licence is used up",
        f"{_level}PreviousDocument/CategoryCode": "the type says it",
        f"{_level}PreviousDocument/LineNumeric": ORDER,
        f"{_level}PreviousDocument/SequenceNumeric": ORDER,
    }

ENVELOPE = frozenset(
    {
        "WCODataModelVersionCode",
        "WCOTypeName",
        "ResponsibleCountryCode",
        "ResponsibleAgencyName",
        "AgencyAssignedCustomizationCode",
        "AgencyAssignedCustomizationVersionCode",
    }
)
"""What stands beside a declaration in its `MetaData`: about the message, not the goods."""

_CONTAINERS = frozenset(
    "/".join(path.split("/")[:length])
    for path in (*USED, *NOT_USED)
    for length in range(1, len(path.split("/")))
)


def listed(path: str) -> bool:
    """Whether *path* is used, or is or lies in something listed as not used."""
    steps = path.split("/")
    return (
        path in USED
        or path in _CONTAINERS
        or any("/".join(steps[:length]) in NOT_USED for length in range(1, len(steps) + 1))
    )


def unlisted(declaration: Element) -> Iterator[Element]:
    """The elements that stand in neither table; of nested ones the outermost.

    Elements of a namespace that is neither the World Customs Organization's nor the
    declaration's own are somebody's extension, whatever they are called.
    """
    ahead = [(child, child.name) for child in reversed(declaration.children)]
    while ahead:
        element, path = ahead.pop()
        if foreign(element, declaration) or not listed(path):
            yield element
        elif path not in NOT_USED:
            ahead += [(child, f"{path}/{child.name}") for child in reversed(element.children)]


def foreign(element: Element, declaration: Element) -> bool:
    """Whether *element* is somebody's extension."""
    return element.namespace not in ("", declaration.namespace) and not (
        element.namespace.startswith("urn:wco:datamodel:")
    )
