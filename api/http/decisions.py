"""Decisions over HTTP: lodge, read, explain, prove, replay, suppose, act."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from api.http.access import caller, needs
from api.http.answers import (
    OFFICER,
    TRADER,
    KeptDecision,
    KeptTraderDecision,
    audience,
    shown,
)
from api.http.bodies import IDEMPOTENCY, body_of, claim_of, sent_of
from api.http.contract import JSON, SCHEMA, TEXT, XML, Body, Call, Contract
from api.http.examples import DECISION_FINDINGS
from api.http.parameters import Parameter
from api.http.replies import ProblemDocument, json_of, versioned
from api.messages import Cancellation, Enclosing
from api.service.deciding import Service
from api.service.disclosing import Seen
from api.service.keeping import Asked
from api.service.policy import ACT, LODGE, READ, REPLAY, REVIEW, SUPPOSE
from api.service.receipts import FOR_OTHERS, FOR_TRADER, Notary
from api.service.replaying import Old, Replay, replay
from api.service.safeguarding import DecisionFindings, Safeguarding
from api.service.supposing import Supposed, Supposition, suppose
from engine.decide.text import officer_text, trader_text
from engine.declaration.acts import ActsOn, read_acts_on
from engine.declaration.declaration import Request
from engine.declaration.schema import request_schema
from engine.evidence.canonical import canonical
from engine.evidence.receipt import Receipt

AUDIENCE = Parameter(
    name="audience",
    words="Whose answer: that of an officer, or that of the trader.",
    schema={"type": "string", "enum": [OFFICER, TRADER]},
)

ABSENT = {404: ProblemDocument, 410: ProblemDocument}
"""There is no such thing, or it was erased."""


def decisions(
    service: Service, notary: Notary, contracts: Contract, examples: dict[str, dict[str, object]]
) -> APIBlueprint:
    """The calls about decisions."""
    room = APIBlueprint("decisions", __name__, url_prefix="/v1", tag="Decisions")
    vocabulary = service.decider.program.vocabulary
    answer = (KeptDecision, KeptTraderDecision)
    safeguarding = Safeguarding(service)

    def seen() -> Seen:
        return service.disclosing.seen_by(caller())

    @room.post("/decisions")
    @contracts.call(
        room,
        Call(
            summary="Decide on a declaration, or on what amends one; keep the decision",
            policy=LODGE,
            takes=(Body(type=(Request, Enclosing), examples=examples), Body(kind=XML)),
            parameters=(AUDIENCE, IDEMPOTENCY),
            gives={200: (*answer, Cancellation), 409: ProblemDocument, 410: ProblemDocument},
        ),
    )
    @needs(LODGE)
    def lodge() -> Response:
        to = audience(request.args.get("audience"), caller())
        body = body_of(JSON, XML, "text/xml")
        sent = sent_of(body)
        if isinstance(sent, Cancellation):
            return json_of(sent)
        kept = service.lodge(sent, Asked(caller=caller(), claim=claim_of(body)))
        return json_of(shown(kept, to, seen()))

    @room.get("/decisions/<identifier>")
    @contracts.call(
        room,
        Call(
            summary="A decision that was kept",
            policy=READ,
            parameters=(AUDIENCE,),
            gives={200: answer, 304: None, **ABSENT},
        ),
    )
    @needs(READ)
    def decision(identifier: str) -> Response:
        to = audience(request.args.get("audience"), caller())
        _, kept = service.found(identifier, caller())
        tag = f"{kept.stored.record.leaf.hex()[:32]}-{to}-{caller().agency or caller().role}"
        return versioned(json_of(shown(kept, to, seen())), tag)

    @room.get("/decisions/<identifier>/explanation")
    @contracts.call(
        room,
        Call(
            summary="Why it was decided so, in words",
            policy=READ,
            parameters=(AUDIENCE,),
            gives={200: None, **ABSENT},
            kind=TEXT,
        ),
    )
    @needs(READ)
    def explanation(identifier: str) -> Response:
        to = audience(request.args.get("audience"), caller())
        _, kept = service.found(identifier, caller())
        text = (
            officer_text(seen()(kept.version.decision), vocabulary)
            if to == OFFICER
            else trader_text(kept.version.told)
        )
        return Response(text + "\n", content_type=f"{TEXT}; charset=utf-8")

    @room.get("/decisions/<identifier>/findings")
    @contracts.call(
        room,
        Call(
            summary="What safeguards find about the decision and its declaration",
            policy=REVIEW,
            gives={200: DecisionFindings, **ABSENT, 409: ProblemDocument},
            shows=DECISION_FINDINGS,
        ),
    )
    @needs(REVIEW)
    def decision_findings(identifier: str) -> Response:
        return json_of(safeguarding.of_decision(identifier, caller()))

    @room.get("/decisions/<identifier>/receipt")
    @contracts.call(
        room,
        Call(
            summary="What proves that the log holds the decision: `commensura verify` checks it",
            policy=READ,
            parameters=(AUDIENCE,),
            gives={200: Receipt, **ABSENT},
        ),
    )
    @needs(READ)
    def receipt(identifier: str) -> Response:
        to = audience(request.args.get("audience"), caller())
        _, kept = service.found(identifier, caller())
        visible = FOR_TRADER if to == TRADER else None
        if to == OFFICER and seen()(kept.version.decision) != kept.version.decision:
            visible = FOR_OTHERS  # a part is proved whole or not at all
        found = notary.receipt(kept.stored, visible)
        return Response(canonical(found), content_type=JSON)

    @room.post("/decisions/<identifier>/replay")
    @contracts.call(
        room,
        Call(
            summary="Take the decision again, by the release that took it, and compare",
            policy=REPLAY,
            gives={200: Replay, **ABSENT},
        ),
    )
    @needs(REPLAY)
    def replay_decision(identifier: str) -> Response:
        whole, kept = service.found(identifier, caller())
        (found,) = replay(service, [Old(whole, kept)], seen())
        return json_of(found)

    @room.get("/schema")
    @contracts.call(
        room,
        Call(
            summary="The JSON Schema of a request for a decision",
            policy=READ,
            gives={200: dict},
            kind=SCHEMA,
        ),
    )
    @needs(READ)
    def schema() -> Response:
        return json_of(request_schema(), SCHEMA)

    @room.post("/what-if")
    @contracts.call(
        room,
        Call(
            summary="What would be decided with other facts, on another day, by another release",
            policy=SUPPOSE,
            takes=(Body(type=Supposition),),
            gives={200: Supposed, **ABSENT},
        ),
    )
    @needs(SUPPOSE)
    def what_if() -> Response:
        return json_of(suppose(service, body_of(JSON), caller()))

    @room.post("/acts")
    @contracts.call(
        room,
        Call(
            summary="Record officers' acts on a decision, and decide again",
            policy=ACT,
            takes=(Body(type=ActsOn),),
            parameters=(IDEMPOTENCY,),
            gives={200: KeptDecision, **ABSENT, 409: ProblemDocument},
        ),
    )
    @needs(ACT)
    def act() -> Response:
        body = body_of(JSON)
        decision, acts = read_acts_on(body)
        kept = service.act(decision, acts, Asked(caller=caller(), claim=claim_of(body)))
        return json_of(shown(kept, OFFICER, seen()))

    return room
