"""Whether the service stands: alive, ready, and its figures."""

from __future__ import annotations

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response
from msgspec import Struct

from api.http.contract import TEXT, Call, Contract
from api.http.observing import measured
from api.http.replies import json_of, problem
from api.service.deciding import Service
from api.service.policy import READ
from engine.decide.decision import ReleaseRef


class Health(Struct, frozen=True, kw_only=True):
    """The release that decides, and the engines that take part."""

    status: str
    release: ReleaseRef
    engines: tuple[str, ...]


def health(service: Service, contracts: Contract) -> APIBlueprint:
    """The calls about the service itself."""
    room = APIBlueprint("health", __name__, tag="Service")
    decider = service.decider
    standing = Health(
        status="ok",
        release=decider.release,
        engines=tuple(engine.name for engine in decider.engines),
    )

    @room.get("/healthz")
    @contracts.call(room, Call(summary="The process answers", policy=None, gives={200: Health}))
    def healthz() -> Response:
        return json_of(standing)

    @room.get("/readyz")
    @contracts.call(
        room,
        Call(summary="Decisions can be taken and kept", policy=None, gives={200: Health}),
    )
    def readyz() -> Response:
        reason = service.store.ready()
        if reason is not None:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"not ready: {reason}")
        return json_of(standing)

    @room.get("/metrics")
    @contracts.call(
        room,
        Call(
            summary="Figures of all workers, in Prometheus' text format",
            policy=READ,
            gives={200: None},
            kind=TEXT,
        ),
    )
    def metrics() -> Response:
        return measured()

    return room
