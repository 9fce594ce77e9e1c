"""Rules and their words over HTTP: rules, terms, facts, regulations, as JSON.

Thin: what is said is prepared by `api.words`, what of the rules a caller may see by `policy`.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, request
from msgspec import Struct

from api.http import replies
from api.http.access import caller_or_public
from api.http.browsing import Browsing
from api.http.contract import Call, Contract
from api.http.examples import FINDINGS
from api.http.parameters import DAY, Parameter
from api.http.replies import ProblemDocument, json_of, problem
from api.service import safeguarding
from api.service.policy import READ
from api.words.finding import Summary
from api.words.regulations import RegulationEntry, RegulationPage
from api.words.rules import RuleEntry, RuleView
from api.words.shown import FactPage, TermPage
from engine.declaration.form import YEARS
from engine.specs.safeguards import Safeguards, Verdict

_QUERY = Parameter(name="q", words="Words, ids or commodity codes to look for.")
_VERDICT = Parameter(
    name="verdict",
    words="Only findings of this verdict.",
    schema={"type": "string", "enum": list(Verdict)},
)
_ON = Parameter(
    name="on",
    words="Another day than today, such as one on which reviews will be overdue.",
    schema=DAY,
    mend=f"a day from {YEARS.start} to {YEARS.stop - 1}, such as `on=2028-01-01`",
)


class Rules(Struct, frozen=True):
    """The rules that the caller may see."""

    rules: tuple[RuleEntry, ...]


class Terms(Struct, frozen=True):
    """Terms, in order of kind and label, or of nearness to what was looked for."""

    terms: tuple[Summary, ...]


class Facts(Struct, frozen=True):
    """Facts, in the same order."""

    facts: tuple[Summary, ...]


class Regulations(Struct, frozen=True):
    """Regulations by name."""

    regulations: tuple[RegulationEntry, ...]


def knowledge(browsing: Browsing, contracts: Contract) -> APIBlueprint:
    """The calls about rules and their words."""
    room = APIBlueprint("knowledge", __name__, url_prefix="/v1", tag="Knowledge")
    pages, finder = browsing.terms, browsing.finder
    safeguards = Safeguards(browsing.program)
    kind_of = Parameter(
        name="kind",
        words="Only terms of this kind.",
        schema={"type": "string", "enum": list(finder.kinds)},
    )

    def gone(what: str, identifier: str) -> Response:
        message, mend = browsing.missing(what, identifier)
        return problem(HTTPStatus.NOT_FOUND, message, mend=mend)

    def versioned(response: Response) -> Response:
        """What a release says never changes: who has it need not fetch it again."""
        return replies.versioned(response, browsing.release.digest.removeprefix("sha256:")[:32])

    @room.get("/rules")
    @contracts.call(
        room, Call(summary="The rules of the release", policy=READ, gives={200: Rules, 304: None})
    )
    def rules() -> Response:
        found = browsing.rules(caller_or_public()).entries()
        return json_of(Rules(tuple(found)))

    @room.get("/rules/<path:identifier>")
    @contracts.call(
        room,
        Call(
            summary="A rule with its sentence and law",
            policy=READ,
            gives={200: RuleView, 404: ProblemDocument},
        ),
    )
    def rule(identifier: str) -> Response:
        found = browsing.rules(caller_or_public()).view(identifier)
        return gone("rule", identifier) if found is None else json_of(found)

    @room.get("/findings")
    @contracts.call(
        room,
        Call(
            summary="What safeguards find about the rules of the release",
            policy=READ,
            parameters=(_VERDICT, _ON),
            gives={200: safeguarding.Findings},
            shows=FINDINGS,
        ),
    )
    def findings() -> Response:
        wanted, on = request.args.get("verdict"), request.args.get("on")
        found = safeguarding.of_rules(
            safeguards,
            browsing.release,
            browsing.clock() if on is None else date.fromisoformat(on),
            caller_or_public(),
            None if wanted is None else Verdict(wanted),
        )
        return json_of(found)

    @room.get("/terms")
    @contracts.call(
        room,
        Call(
            summary="Terms of the ontology",
            policy=READ,
            parameters=(_QUERY, kind_of),
            gives={200: Terms, 304: None},
        ),
    )
    def terms() -> Response:
        kind, words = request.args.get("kind"), request.args.get("q", "").strip()
        found = finder.find(words, kind).terms if words else finder.of_kind(kind)
        return versioned(json_of(Terms(tuple(one for one in found if one.kind != "fact"))))

    @room.get("/terms/<path:identifier>")
    @contracts.call(
        room,
        Call(
            summary="A term: meaning, place, law, rules",
            policy=READ,
            gives={200: TermPage, 304: None, 404: ProblemDocument},
        ),
    )
    def term(identifier: str) -> Response:
        page = pages.term(identifier)
        return gone("term", identifier) if page is None else versioned(json_of(page))

    @room.get("/facts")
    @contracts.call(
        room,
        Call(
            summary="Facts that rules may test",
            policy=READ,
            parameters=(_QUERY,),
            gives={200: Facts, 304: None},
        ),
    )
    def facts() -> Response:
        words = request.args.get("q", "").strip()
        found = finder.find(words, "fact").terms if words else finder.of_kind("fact")
        return versioned(json_of(Facts(tuple(found))))

    @room.get("/facts/<path:name>")
    @contracts.call(
        room,
        Call(
            summary="A fact: type, unit, source, rules",
            policy=READ,
            gives={200: FactPage, 304: None, 404: ProblemDocument},
        ),
    )
    def fact(name: str) -> Response:
        page = pages.fact(name)
        return gone("fact", name) if page is None else versioned(json_of(page))

    @room.get("/regulations")
    @contracts.call(room, Call(summary="Regulations", policy=READ, gives={200: Regulations}))
    def regulations() -> Response:
        return json_of(Regulations(browsing.regulations.entries(browsing.clock())))

    @room.get("/regulations/<path:identifier>")
    @contracts.call(
        room,
        Call(
            summary="A regulation: the chain of quality infrastructure, the dossier",
            policy=READ,
            gives={200: RegulationPage, 404: ProblemDocument},
        ),
    )
    def regulation(identifier: str) -> Response:
        page = browsing.regulations.page(identifier, browsing.clock())
        return gone("regulation", identifier) if page is None else json_of(page)

    return room
