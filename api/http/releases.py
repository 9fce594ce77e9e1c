"""Releases over HTTP: those that decided, and what differs between two."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from api.exchange import Comparison, between
from api.http.access import caller, needs
from api.http.contract import Call, Contract
from api.http.replies import ProblemDocument, json_of, versioned
from api.service.deciding import Service
from api.service.policy import READ, REVIEW, sees
from api.service.releases import KeptRelease, ReleaseList, kept_release, one_of, opened


def releases(service: Service, contracts: Contract) -> APIBlueprint:
    """The calls about releases."""
    room = APIBlueprint("releases", __name__, url_prefix="/v1/releases", tag="Releases")
    store = service.store

    @room.get("")
    @contracts.call(
        room,
        Call(summary="Releases that are kept, oldest first", policy=READ, gives={200: ReleaseList}),
    )
    @needs(READ)
    def all_releases() -> Response:
        found = tuple(kept_release(one) for one in store.releases())
        return json_of(ReleaseList(serving=service.decider.release, releases=found))

    @room.get("/<identifier>")
    @contracts.call(
        room,
        Call(
            summary="A release, by id or digest",
            policy=READ,
            gives={200: KeptRelease, 304: None, 404: ProblemDocument},
        ),
    )
    @needs(READ)
    def release(identifier: str) -> Response:
        found = one_of(store, identifier)
        return versioned(json_of(kept_release(found)), found.digest.removeprefix("sha256:")[:32])

    @room.get("/<identifier>/diff/<other>")
    @contracts.call(
        room,
        Call(
            summary="What differs between two releases",
            policy=REVIEW,
            gives={200: Comparison, 404: ProblemDocument},
        ),
    )
    @needs(REVIEW)
    def release_diff(identifier: str, other: str) -> Response:
        first, second = (opened(store, name, service.trusted) for name in (identifier, other))
        who = caller()
        return json_of(between(first, second, lambda rule: sees(who, rule)))

    return room
