"""The review over HTTP: how each clause stands."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from msgspec import Struct

from api.http.contract import Call, Contract
from api.http.parameters import Parameter
from api.http.replies import ProblemDocument, json_of, problem
from api.http.reviewing.parts import Reviewing, Shown, UnreviewedError
from api.http.reviewing.proofs import add_proof_calls
from api.service.policy import READ
from api.words.reviewed import Standing
from api.words.reviewing import counted
from engine.decide.decision import ReleaseRef
from engine.specs.review import verdict
from engine.specs.runner import Outcome

_RELEASE = Parameter(
    name="release", words="Another release that is kept than the one in force, by id or digest."
)


class Signed(Struct, frozen=True, kw_only=True, rename="camel"):
    """Counsel's last word: whether counsel *agrees*, for which agency, and whether it is stale."""

    agrees: bool
    agency: str
    at: datetime
    release: ReleaseRef
    stale: bool


class ClauseSummary(Struct, frozen=True, kw_only=True, rename="camel"):
    """A clause: what its scenarios came to, how many passed, how many show a breach caught."""

    clause: str
    outcome: Outcome
    scenarios: int
    passed: int
    caught: int
    signed: Signed | None


class ReviewSummary(Struct, frozen=True, kw_only=True, rename="camel"):
    """The review of a release, made on a day; *withheld* counts rules closed to the caller."""

    release: ReleaseRef
    on: date
    clauses: tuple[ClauseSummary, ...]
    withheld: int


EXAMPLE: dict[str, Any] = {
    "one-clause": {
        "release": {
            "id": "2026-11-23-0f1e2d3c4b5a",
            "digest": f"sha256:{'0f1e2d3c4b5a' + 26 * '00'}",
        },
        "on": "2026-11-26",
        "clauses": [
            {
                "clause": "TFA-7.4.3",
                "outcome": "passed",
                "scenarios": 2,
                "passed": 2,
                "caught": 1,
                "signed": None,
            }
        ],
        "withheld": 12,
    }
}


def review_calls(reviewing: Reviewing, contracts: Contract) -> APIBlueprint:
    """The calls about the review."""
    room = APIBlueprint("reviews", __name__, url_prefix="/v1", tag="Review")

    @room.get("/review")
    @contracts.call(
        room,
        Call(
            summary="How each clause stands in the review of a release",
            policy=READ,
            parameters=(_RELEASE,),
            gives={200: ReviewSummary, 404: ProblemDocument, 409: ProblemDocument},
            shows=EXAMPLE,
        ),
    )
    def review() -> Response:
        try:
            shown = reviewing.shown()
        except UnreviewedError as error:
            mend = "run it on the page `/review`, or wait until the server has"
            return problem(HTTPStatus.NOT_FOUND, str(error), mend=mend)
        return json_of(_summary(reviewing, shown))

    add_proof_calls(room, reviewing, contracts)
    return room


def _summary(reviewing: Reviewing, shown: Shown) -> ReviewSummary:
    clauses = []
    for clause, obligations in shown.review.specifications.obligations.items():
        results = shown.words.results(obligations)
        count = counted(results)
        clauses.append(
            ClauseSummary(
                clause=clause,
                outcome=verdict(results),
                scenarios=count.total,
                passed=count.passed,
                caught=count.caught,
                signed=_signed(reviewing.standing(clause, shown.sight)),
            )
        )
    return ReviewSummary(
        release=shown.review.release,
        on=shown.review.on,
        clauses=tuple(clauses),
        withheld=len(shown.sight.hidden),
    )


def _signed(standing: Standing) -> Signed | None:
    if standing.told is None or standing.told.said is None:
        return None
    said = standing.told.said
    return Signed(
        agrees=said.signed.agrees,
        agency=said.agency,
        at=standing.told.at,
        release=said.signed.release,
        stale=bool(standing.changed),
    )
