"""The draws of days over HTTP: what was committed to, and the key once it is revealed."""

from __future__ import annotations

from datetime import date

from apiflask import APIBlueprint
from flask import Response

from api.http.access import needs
from api.http.contract import JSON, Call, Contract
from api.http.replies import ProblemDocument
from api.service.policy import READ
from api.service.receipts import Notary
from api.store import MissingError
from engine.evidence.canonical import canonical
from engine.evidence.draws import Draw


def draws(notary: Notary, contracts: Contract) -> APIBlueprint:
    """The call about the draw of a day."""
    room = APIBlueprint("draws", __name__, url_prefix="/v1/draws", tag="Log")

    @room.get("/<day>")
    @contracts.call(
        room,
        Call(
            summary="The commitment to a day's draw key and, once it is revealed, the key",
            policy=READ,
            gives={200: Draw, 404: ProblemDocument, 410: ProblemDocument},
        ),
    )
    @needs(READ)
    def draw(day: str) -> Response:
        return Response(canonical(notary.draw(_day(day))), content_type=JSON)

    return room


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # ISO 8601 spells a day in several ways; an address has one.
    if found is None or found.isoformat() != text:
        raise MissingError(f"`{text[:40]}` is no day; write it as 2026-11-23")
    return found
