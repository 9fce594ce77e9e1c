"""Outcomes of controls over HTTP: reported one by one, exported as lines."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from apiflask import APIBlueprint
from flask import Response, request

from api.http import places
from api.http.access import caller, counted_by, needs
from api.http.bodies import IDEMPOTENCY, body_of, claim_of
from api.http.contract import JSON, NDJSON, Body, Call, Contract
from api.http.parameters import Parameter, whole_number
from api.http.replies import ProblemDocument, json_of
from api.service.deciding import Service
from api.service.outcomes import KeptOutcome, exported, report
from api.service.policy import EXPORT, REPORT
from engine.declaration.outcome import Outcome

AFTER = Parameter(
    name="after",
    words="Only what stands later in the log than this index.",
    schema=whole_number(least=-1),
    mend="such as `after=0`",
)


def outcomes(service: Service, contracts: Contract) -> APIBlueprint:
    """The calls about outcomes."""
    room = APIBlueprint("outcomes", __name__, url_prefix="/v1", tag="Outcomes")

    @room.post("/outcomes")
    @contracts.call(
        room,
        Call(
            summary="Report what a control found; a correction is an outcome of its own",
            policy=REPORT,
            takes=(Body(type=Outcome),),
            parameters=(IDEMPOTENCY,),
            gives={201: KeptOutcome, 409: ProblemDocument, 410: ProblemDocument},
        ),
    )
    @needs(REPORT)
    def report_outcome() -> Response:
        body = body_of(JSON)
        response = json_of(report(service, body, caller(), claim_of(body)))
        response.status_code = 201
        return response

    @room.get("/outcomes")
    @contracts.call(
        room,
        Call(
            summary="All outcomes, oldest first, one a line",
            policy=EXPORT,
            parameters=(AFTER,),
            gives={200: None},
            kind=NDJSON,
        ),
    )
    @needs(EXPORT)
    def export_outcomes() -> Response:
        found = exported(service, caller(), int(request.args.get("after", "-1")))
        return places.streamed(_lines(found), NDJSON, counted_by())

    return room


def _lines(found: Iterator[KeptOutcome]) -> Iterator[bytes]:
    for one in found:
        yield msgspec.json.encode(one) + b"\n"
