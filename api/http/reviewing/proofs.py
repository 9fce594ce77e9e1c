"""What is proved of a release: the record that was kept beside it, as a page and over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Blueprint, Response, abort, render_template, request
from msgspec import Struct

from api.http.browsing import MAX_QUERY
from api.http.contract import Call, Contract
from api.http.parameters import Parameter
from api.http.replies import ProblemDocument, json_of, problem
from api.http.reviewing.parts import Reviewing, UnreviewedError
from api.service.policy import READ
from api.words.proving import SIGNS, ProvedProperty, open_to, properties
from api.words.reviewed import ScenarioView
from engine.decide.decision import ReleaseRef
from engine.prove.properties import PROPERTIES
from engine.prove.record import RecordError


class ProvedProperties(Struct, frozen=True, kw_only=True, rename="camel"):
    """What is proved of every declaration by a release, each within *budget* seconds."""

    release: ReleaseRef
    budget: int
    properties: tuple[ProvedProperty, ...]


EXAMPLE: dict[str, Any] = {
    "one-property": {
        "release": {
            "id": "2026-11-23-0f1e2d3c4b5a",
            "digest": f"sha256:{'0f1e2d3c4b5a' + 26 * '00'}",
        },
        "budget": 30,
        "properties": [
            {
                "id": "within-ladder",
                "title": "No control is above the ladder",
                "article": "WTO TBT, Article 5.1.2",
                "statement": "No discretionary control is more intense, or more frequent, than the "
                "ladder has for the risk level.",
                "terms": "The level is the possible one. Mandates, random selection and schemes "
                "are not judged by the ladder.",
                "outcome": "proved",
                "reason": None,
                "says": None,
                "scenario": None,
                "withheld": False,
            }
        ],
    }
}


def add_proofs(room: Blueprint, reviewing: Reviewing) -> None:
    """Add it to *room*."""

    @room.get("/properties")
    def proved() -> str:
        try:
            found, why = _found(reviewing), ""
        except RecordError as error:
            found, why = None, str(error)
        return render_template("review/properties.html", found=found, why=why, told=SIGNS)

    @room.get("/properties/<name>")
    def property_page(name: str) -> str:
        if name not in PROPERTIES:
            abort(HTTPStatus.NOT_FOUND, f"there is no property `{name[:MAX_QUERY]}`")
        try:
            answers = _found(reviewing).properties
        except RecordError as error:
            return render_template("review/properties.html", found=None, why=str(error))
        shown = next((one for one in answers if one.id == name), None)
        if shown is None:
            abort(HTTPStatus.NOT_FOUND, f"`{name}` was not asked of this release")
        return render_template(
            "review/property.html", one=shown, told=SIGNS, scenarios=_asking(reviewing, shown)
        )


def add_proof_calls(room: APIBlueprint, reviewing: Reviewing, contracts: Contract) -> None:
    """Add the call to *room*."""

    @room.get("/properties")
    @contracts.call(
        room,
        Call(
            summary="What is proved of every declaration by a release",
            policy=READ,
            parameters=(
                Parameter(
                    name="release",
                    words="Another release that is kept than the one in force, by id or digest.",
                ),
            ),
            gives={200: ProvedProperties, 404: ProblemDocument, 409: ProblemDocument},
            shows=EXAMPLE,
        ),
    )
    def proved() -> Response:
        try:
            return json_of(_found(reviewing))
        except RecordError as error:
            mend = "publish with `commensura publish --prove`"
            return problem(HTTPStatus.NOT_FOUND, str(error), mend=mend)


def _asking(reviewing: Reviewing, one: ProvedProperty) -> tuple[ScenarioView, ...]:
    """The scenarios that claim the property, as far as the release is reviewed."""
    try:
        shown = reviewing.shown()
    except UnreviewedError:
        return ()
    claim = one.title.lower()
    seen = filter(None, map(shown.sight.result, shown.review.results))
    asking = (each for each in seen if any(claim in s.step.text.lower() for s in each.steps))
    return tuple(map(shown.words.scenario, asking))


def _found(reviewing: Reviewing) -> ProvedProperties:
    """What is kept of the release that the address says. Raises `RecordError`."""
    digest = reviewing.reviews.digest(request.args.get("release") or None)
    record = reviewing.reviews.proofs(digest)
    release = reviewing.reviews.release(digest)
    sight = reviewing.sight(release)
    may = open_to(sight.hidden) if sight.officer else lambda _: False
    told = properties(record.properties, may, release.vocabulary)
    return ProvedProperties(release=record.release, budget=record.budget, properties=tuple(told))
