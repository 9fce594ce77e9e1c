"""XML messages to read and to break: those shipped, the corpus, and small ones of our own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.declaration.declaration import Declaration, Item
from engine.declaration.lodged import Lodged
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.wco import Message, read_message

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {path.stem: path for path in sorted((ROOT / "features/declarations").glob("*.xml"))}
CORPUS = ROOT.parent / "shared" / "data" / "hmrc_cds_declarations"

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the customs declarations in ../shared/data are not here"
)

ITEM = """<GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric>
<Commodity><Classification><ID>12074090</ID><IdentificationTypeCode>TSP</IdentificationTypeCode>
</Classification></Commodity><Origin><CountryCode>NG</CountryCode></Origin>
</GovernmentAgencyGoodsItem>"""


def corpus() -> list[Path]:
    """All files of the corpus whose name ends as XML, whatever they hold."""
    return sorted(path for path in CORPUS.rglob("*") if path.suffix.lower() == ".xml")


def message(
    inside: str = "",
    goods: str = ITEM,
    *,
    function: str = "9",
    kind: str = "IMA",
    number: str = "X1",
) -> bytes:
    """A small declaration: *inside* stands in its header, *goods* in its shipment."""
    shipment = f"<GoodsShipment>{goods}</GoodsShipment>" if goods else ""
    return (
        '<MetaData xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">\n<Declaration>'
        f"<FunctionCode>{function}</FunctionCode>"
        f"<FunctionalReferenceID>{number}</FunctionalReferenceID><TypeCode>{kind}</TypeCode>\n"
        f"{inside}{shipment}</Declaration></MetaData>"
    ).encode()


def item(inside: str, number: int = 1) -> str:
    """A goods item that holds *inside*."""
    return (
        f"<GovernmentAgencyGoodsItem><SequenceNumeric>{number}</SequenceNumeric>{inside}"
        "</GovernmentAgencyGoodsItem>"
    )


def read(*arguments: str, **options: str) -> Message:
    """What `message` of these makes is read as."""
    return read_message(message(*arguments, **options))


def lodged(body: bytes) -> Lodged:
    """The declaration that a message lodges, with what is told of it."""
    found = read_message(body).lodged
    assert found is not None
    return found


def declared(*arguments: str, **options: str) -> Declaration:
    """The declaration that `message` of these makes."""
    return lodged(message(*arguments, **options)).declaration


def only_item(inside: str) -> Item:
    """The item of a declaration whose only one holds *inside*."""
    (found,) = declared("", item(inside)).goods
    return found


def refused(*arguments: str, **options: str) -> Problem:
    """The one problem for which `message` of these is refused."""
    with pytest.raises(MalformedError) as raised:
        read(*arguments, **options)
    (problem,) = raised.value.problems
    return problem


def codes(found: Message | Lodged) -> list[str]:
    """The codes of what is told."""
    kept = found.lodged if isinstance(found, Message) else found
    assert kept is not None
    return [report.code.value for report in kept.reports]


SESAME_TWIN: dict[str, Any] = {
    "id": "2026-0002-XML",
    "ucr": "6IMP0002-SESAME",
    "acceptedOn": "2026-11-23",
    "dispatchedOn": "2026-11-02",
    "importer": {"id": "IMP-0002"},
    "exporter": {"id": "EXP-NG-0007"},
    "declarant": {"id": "BROKER-0007"},
    "consignee": {"name": "Maasvlakte Zaden B.V."},
    "exportCountry": "NG",
    "transportMode": "sea",
    "goods": [
        {
            "item": 1,
            "commodityCode": "1207409000",
            "origin": "NG",
            "description": "Sesame seeds, hulled, in bags",
            "netMassKg": 20000,
            "grossMassKg": 20400,
            "value": {"amount": 31000, "currency": "EUR", "basis": "invoice"},
            "procedure": {"requested": "40", "previous": "00", "additional": ["000"]},
            "packages": [{"count": 800, "type": "BG", "marks": "SESAME NG"}],
            "documents": [
                {"type": "C678", "id": "CHEDD.2026.0002"},
                {"type": "N380", "id": "INV-NG-0002"},
            ],
        }
    ],
}
"""The story of `sesame-nigeria.xml`, written by hand in the other spelling."""

SESAME_JSON = json.dumps({"declaration": SESAME_TWIN}).encode()

_WATCHED: list[str] | None = None


@cache
def _watching() -> None:
    """Let the interpreter tell what it does: from then on for good, and a little slower."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _WATCHED is not None and event.split(".")[0] in ("open", "socket", "urllib", "subprocess"):
        _WATCHED.append(f"{event} {arguments[:1]}")


@contextmanager
def nothing_outside_is_touched() -> Iterator[None]:
    """No file, connection or process is opened inside."""
    global _WATCHED
    _watching()
    _WATCHED = []
    try:
        yield
        assert _WATCHED == []
    finally:
        _WATCHED = None
