"""The log over HTTP: its signed state, proofs that it only grew, the key to check them with."""

from __future__ import annotations

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, request

from api.http.access import needs
from api.http.contract import TEXT, Call, Contract
from api.http.parameters import Parameter, whole_number
from api.http.replies import problem
from api.service.policy import READ
from api.service.receipts import Notary
from engine.evidence.canonical import canonical
from engine.evidence.checkpoint import Growth

_FIRST = Parameter(
    name="first",
    words="The size of an earlier checkpoint.",
    required=True,
    schema=whole_number(least=1),
    mend="such as `first=1`",
)
_SECOND = Parameter(
    name="second",
    words="The size of a later one.",
    required=True,
    schema=whole_number(least=1),
    mend="such as `second=2`",
)


def log(notary: Notary, contracts: Contract) -> APIBlueprint:
    """The calls about the log."""
    room = APIBlueprint("log", __name__, url_prefix="/v1/log", tag="Log")

    @room.get("/checkpoint")
    @contracts.call(
        room,
        Call(
            summary="The signed state of the log: a note with its size and root",
            policy=READ,
            gives={200: None},
            kind=TEXT,
        ),
    )
    @needs(READ)
    def checkpoint() -> Response:
        return Response(notary.checkpoint(), content_type=f"{TEXT}; charset=utf-8")

    @room.get("/growth")
    @contracts.call(
        room,
        Call(
            summary="The proof that the log of `second` entries begins with its `first` ones",
            policy=READ,
            parameters=(_FIRST, _SECOND),
            gives={200: Growth},
        ),
    )
    @needs(READ)
    def growth() -> Response:
        first, second = int(request.args["first"]), int(request.args["second"])
        try:
            found = notary.growth(first, second)
        except ValueError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        return Response(canonical(found), content_type="application/json")

    @room.get("/key")
    @contracts.call(
        room,
        Call(
            summary="The public key of this installation, in PEM; trust it by another way",
            policy=READ,
            gives={200: None},
            kind=TEXT,
        ),
    )
    @needs(READ)
    def public_key() -> Response:
        return Response(notary.public.pem, content_type=f"{TEXT}; charset=utf-8")

    return room
