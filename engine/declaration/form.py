"""The form of a request: what can be judged without the vocabulary.

Identifiers, numbers, codes, days and uniqueness. Everything found is told in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from engine.declaration.declaration import (
    CODE_PATTERN,
    Consignee,
    Declaration,
    Document,
    Item,
    Known,
    KnownDocument,
    Package,
    Party,
    Procedure,
    Request,
)
from engine.declaration.problems import Remarks, within
from engine.declaration.strict_json import MAX_DIGITS, shown, written_digits

MAX_ITEMS = 10_000
MAX_IDENTIFIER = 200
MAX_VERSIONS = 20
MAX_DOCUMENTS = 200
MAX_PARTS = 200
MAX_MARKS = 1_000

YEARS = range(1900, 2200)
"""Years that a day may have: others are slips, and validity is counted past them."""

_DAYS = ("accepted_on", "arrived_on", "dispatched_on", "placed_on_market_on")


def check_request(request: Request, remarks: Remarks) -> None:
    """Judge a whole request, earlier versions included."""
    check_declaration(request.declaration, "/declaration", remarks)
    if len(request.earlier) > MAX_VERSIONS:
        remarks.refuse("/earlier", f"more than {MAX_VERSIONS} versions", "send the last ones")
    for index, version in enumerate(request.earlier[:MAX_VERSIONS]):
        at = within("/earlier", index)
        check_declaration(version, at, remarks)
        if version.id != request.declaration.id:
            remarks.refuse(
                within(at, "id"),
                f"`{shown(version.id)}` is another declaration",
                "send former versions of the same declaration only",
            )
    check_known(request.known, "/known", remarks)


def check_declaration(declaration: Declaration, at: str, remarks: Remarks) -> None:
    """Judge one declaration, to which *at* points."""
    for name, identifier in (
        ("id", declaration.id),
        ("ucr", declaration.ucr),
        ("transportDocument", declaration.transport_document),
    ):
        check_identifier(identifier, within(at, name), remarks)
    for role in ("importer", "exporter", "declarant"):
        party: Party | None = getattr(declaration, role)
        if party is not None:
            check_identifier(party.id, within(at, role, "id"), remarks)
    if declaration.consignee is not None:
        _check_consignee(declaration.consignee, within(at, "consignee"), remarks)
    for attribute, name in zip(
        _DAYS, ("acceptedOn", "arrivedOn", "dispatchedOn", "placedOnMarketOn"), strict=True
    ):
        check_day(getattr(declaration, attribute), within(at, name), remarks)
    authorisations = declaration.authorisations or ()
    _check_length(authorisations, within(at, "authorisations"), "authorisations", remarks)
    for index, authorisation in enumerate(authorisations[:MAX_PARTS]):
        here = within(at, "authorisations", index)
        check_identifier(authorisation.type, within(here, "type"), remarks)
        check_identifier(authorisation.holder, within(here, "holder"), remarks)
    _check_documents(declaration.documents, at, remarks)
    _check_goods(declaration.goods, at, remarks)


def _check_consignee(consignee: Consignee, at: str, remarks: Remarks) -> None:
    if consignee == Consignee():
        remarks.refuse(at, "neither `id` nor `name`", "state one of them, or leave it out")
    check_identifier(consignee.id, within(at, "id"), remarks)
    check_identifier(consignee.name, within(at, "name"), remarks)


def check_identifier(identifier: str | None, at: str, remarks: Remarks) -> None:
    """An identifier has 1 to 200 characters, not all of them blank."""
    if identifier is None:
        return
    if not identifier.strip():
        remarks.refuse(at, "the identifier is blank", "fill it in, or leave the field out")
    elif len(identifier) > MAX_IDENTIFIER:
        remarks.refuse(
            at, f"the identifier has {len(identifier)} characters", f"at most {MAX_IDENTIFIER}"
        )


def check_day(day: date | None, at: str, remarks: Remarks) -> None:
    """A day lies in `YEARS`."""
    if day is not None and day.year not in YEARS:
        remarks.refuse(
            at,
            f"the year {day.year} cannot be meant",
            f"write a year from {YEARS.start} to {YEARS.stop - 1}",
        )


def check_code(code: str, at: str, remarks: Remarks) -> bool:
    """A commodity code has 4, 6, 8 or 10 digits and nothing else."""
    if re.fullmatch(CODE_PATTERN, code):
        return True
    digits = re.sub(r"[ .\-]", "", code)
    mend = (
        f"write `{digits}`, without dots or spaces"
        if re.fullmatch(CODE_PATTERN, digits)
        else "write the heading (4 digits), the subheading (6), or 8 or 10 digits"
    )
    remarks.refuse(at, f"`{shown(code)}` is not a commodity code of 4, 6, 8 or 10 digits", mend)
    return False


def check_number(number: Decimal, at: str, remarks: Remarks) -> bool:
    """A number is finite and short enough to be reckoned with exactly."""
    digits = written_digits(number)
    if digits is not None and digits <= MAX_DIGITS:
        return True
    remarks.refuse(at, "the number cannot be taken exactly", f"at most {MAX_DIGITS} digits")
    return False


def _check_goods(goods: tuple[Item, ...], at: str, remarks: Remarks) -> None:
    here = within(at, "goods")
    if not goods:
        remarks.refuse(here, "no goods are declared", "declare at least one item")
    if len(goods) > MAX_ITEMS:
        remarks.refuse(here, f"{len(goods)} items", f"declare at most {MAX_ITEMS} at a time")
        return
    for index, item in enumerate(goods):
        _check_item(item, within(here, index), remarks)
    numbers = ((item.item, within(here, index, "item")) for index, item in enumerate(goods))
    _check_unique(numbers, "item", "give each item a number of its own", remarks)


def _check_item(item: Item, at: str, remarks: Remarks) -> None:
    if item.item < 1:
        remarks.refuse(within(at, "item"), f"the item number is {item.item}", "count from 1")
    if item.commodity_code is not None:
        check_code(item.commodity_code, within(at, "commodityCode"), remarks)
    check_identifier(item.lot, within(at, "lot"), remarks)
    for name, mass in (("netMassKg", item.net_mass_kg), ("grossMassKg", item.gross_mass_kg)):
        here = within(at, name)
        if mass is not None and check_number(mass, here, remarks) and mass < 0:
            remarks.refuse(here, f"a mass of {mass} kg", "write a mass of 0 kg or more")
    if item.value is not None:
        here = within(at, "value", "amount")
        if check_number(item.value.amount, here, remarks) and item.value.amount < 0:
            remarks.refuse(here, f"a value of {item.value.amount}", "write 0 or more")
    if item.procedure is not None:
        _check_procedure(item.procedure, within(at, "procedure"), remarks)
    _check_packages(item.packages or (), within(at, "packages"), remarks)
    _check_documents(item.documents, at, remarks)


def _check_procedure(procedure: Procedure, at: str, remarks: Remarks) -> None:
    for name, code in (("requested", procedure.requested), ("previous", procedure.previous)):
        if code is not None and not re.fullmatch(r"[0-9A-Z]{2}", code):
            message = f"`{shown(code)}` is no code of a procedure"
            remarks.refuse(within(at, name), message, "write two digits, such as `40`")
    _check_length(procedure.additional, within(at, "additional"), "codes", remarks)
    for index, code in enumerate(procedure.additional[:MAX_PARTS]):
        if not re.fullmatch(r"[0-9A-Z]{3}", code):
            message = f"`{shown(code)}` is no code of an additional procedure"
            mend = "write three characters, such as `000`"
            remarks.refuse(within(at, "additional", index), message, mend)


def _check_packages(packages: tuple[Package, ...], at: str, remarks: Remarks) -> None:
    _check_length(packages, at, "kinds of packages", remarks)
    for index, package in enumerate(packages[:MAX_PARTS]):
        if package.count is not None and package.count < 0:
            here = within(at, index, "count")
            remarks.refuse(here, f"{package.count} packages", "count from 0")
        for name, text in (("type", package.type), ("marks", package.marks)):
            if text is not None and len(text) > MAX_MARKS:
                here = within(at, index, name)
                remarks.refuse(here, f"{len(text)} characters", f"at most {MAX_MARKS}")


def _check_length(parts: tuple[object, ...], at: str, what: str, remarks: Remarks) -> None:
    if len(parts) > MAX_PARTS:
        remarks.refuse(at, f"{len(parts)} {what}", f"name at most {MAX_PARTS}")


def _check_documents(documents: tuple[Document, ...], at: str, remarks: Remarks) -> None:
    if len(documents) > MAX_DOCUMENTS:
        mend = f"name at most {MAX_DOCUMENTS} in one list"
        remarks.refuse(within(at, "documents"), f"{len(documents)} documents", mend)
        return
    for index, document in enumerate(documents):
        here = within(at, "documents", index)
        check_identifier(document.type, within(here, "type"), remarks)
        check_identifier(document.id, within(here, "id"), remarks)
        check_day(document.issued_on, within(here, "issuedOn"), remarks)
        check_day(document.analysed_on, within(here, "analysedOn"), remarks)
    named = (
        (f"{document.type} {document.id}", within(at, "documents", index))
        for index, document in enumerate(documents)
    )
    _check_unique(named, "document", "name each document once", remarks)


def check_known(known: Known, at: str, remarks: Remarks) -> None:
    """Judge what an agency knows, to which *at* points."""
    _check_findings(known.documents, at, remarks)
    for index, rate in enumerate(known.rates):
        here = within(at, "rates", index)
        check_day(rate.on, within(here, "on"), remarks)
        if check_number(rate.rate, within(here, "rate"), remarks) and rate.rate <= 0:
            remarks.refuse(within(here, "rate"), f"a rate of {rate.rate}", "write more than 0")
    for index, item in enumerate(known.items):
        _check_findings(item.documents, within(at, "items", index), remarks)
    numbers = (
        (item.item, within(at, "items", index, "item")) for index, item in enumerate(known.items)
    )
    _check_unique(numbers, "item", "say all that is known of an item in one place", remarks)


def _check_findings(documents: tuple[KnownDocument, ...], at: str, remarks: Remarks) -> None:
    for index, document in enumerate(documents):
        check_identifier(document.id, within(at, "documents", index, "id"), remarks)
    named = (
        (document.id, within(at, "documents", index, "id"))
        for index, document in enumerate(documents)
    )
    _check_unique(named, "document", "give each document one status", remarks)


def _check_unique(
    named: Iterable[tuple[str | int, str]], what: str, mend: str, remarks: Remarks
) -> None:
    first: dict[str | int, str] = {}
    for name, at in named:
        if name in first:
            remarks.refuse(at, f"{what} `{shown(str(name))}` already stands at {first[name]}", mend)
        first.setdefault(name, at)
