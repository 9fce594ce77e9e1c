"""Decisions by the million: NDJSON in, NDJSON out, line by line, in constant memory.

A line is answered only once its decision is durable; lines are committed in groups, so that the
disk is waited for once a group. Each answer has the number of its line, from 1.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import IO, Any

import msgspec
import structlog
from apiflask import APIBlueprint
from flask import Response, request
from msgspec import Struct

from api.http import places
from api.http.access import caller, counted_by, needs
from api.http.answers import KeptDecision, KeptTraderDecision, audience, shown
from api.http.bodies import IDEMPOTENCY, body_kind, key_of
from api.http.contract import NDJSON, Body, Call, Contract
from api.http.decisions import AUDIENCE
from api.messages import Sent
from api.service.deciding import Service
from api.service.disclosing import Seen
from api.service.history import ErasedError, Kept
from api.service.keeping import Asked
from api.service.policy import LODGE, Caller, ForbiddenError
from api.store import Claim, ConflictError, UnavailableError
from engine.decide.answer import EngineError
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.reading import read_request
from engine.declaration.strict_json import MAX_BODY

UNDECIDABLE = "the request cannot be decided on"
GROUP = 100
"""Lines of one commit."""

BUFFER = 2**16


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one line: a decision, or why there is none and where the fault is."""

    line: int
    decision: KeptDecision | KeptTraderDecision | None = None
    title: str | None = None
    errors: tuple[Problem, ...] = ()


class _Request(Struct, frozen=True):
    line: int
    sent: Sent
    asked: Asked


def batch(service: Service, contracts: Contract) -> APIBlueprint:
    """The call for many decisions."""
    room = APIBlueprint("batch", __name__, url_prefix="/v1", tag="Decisions")

    @room.post("/decisions/batch")
    @contracts.call(
        room,
        Call(
            summary="Decide on many declarations: a request a line in, an answer a line out",
            policy=LODGE,
            takes=(Body(kind=NDJSON),),
            parameters=(AUDIENCE, IDEMPOTENCY),
            gives={200: None},
            kind=NDJSON,
        ),
    )
    @needs(LODGE)
    def lodge_batch() -> Response:
        to = audience(request.args.get("audience"), caller())
        body_kind(NDJSON)
        request.max_content_length = sys.maxsize  # each line is bounded, their number is not
        lines = io.BufferedReader(request.stream, BUFFER)  # type: ignore[type-var]
        # Nothing of the request is asked for once answers flow: its context must not be kept open
        # in a thread that the client may leave in the middle of them.
        answers = _answers(service, lines, caller(), to, key_of())
        return places.streamed(answers, NDJSON, counted_by())

    return room


def _answers(
    service: Service, lines: IO[bytes], who: Caller, to: str, key: str | None
) -> Iterator[bytes]:
    group: list[_Request | Line] = []
    subjects: set[str] = set()
    number = 0
    while body := lines.readline(MAX_BODY + 1):
        number += 1
        if not body.endswith(b"\n") and len(body) > MAX_BODY:
            yield from _lodged(service, group, who, to)
            yield _encoded(
                Line(
                    line=number,
                    title=f"longer than {MAX_BODY // 2**20} MiB; nothing after it was read",
                )
            )
            return
        if not body.strip():
            continue
        read = _read(number, body, who, key)
        if isinstance(read, _Request):
            subject = read.sent.request.declaration.id
            if subject in subjects:  # its version before must be kept first
                yield from _lodged(service, group, who, to)
                group, subjects = [], set()
            subjects.add(subject)
        group.append(read)
        if len(group) == GROUP:
            yield from _lodged(service, group, who, to)
            group, subjects = [], set()
    yield from _lodged(service, group, who, to)


def _read(number: int, body: bytes, who: Caller, key: str | None) -> _Request | Line:
    try:
        sent = Sent(request=read_request(body))
    except MalformedError as error:
        return _refused(number, error)
    # A batch that broke off is sent again under its key: what was kept is answered as it was.
    claim = None if key is None else Claim(f"{key}#{number}", body)
    return _Request(number, sent, Asked(caller=who, claim=claim))


def _lodged(
    service: Service, group: list[_Request | Line], who: Caller, to: str
) -> Iterator[bytes]:
    seen = service.disclosing.seen_by(who)
    read = [one for one in group if isinstance(one, _Request)]
    answers: dict[int, Any]
    try:
        found = service.lodge_group([(one.sent, one.asked) for one in read])
        answers = {one.line: answer for one, answer in zip(read, found, strict=True)}
    except (UnavailableError, EngineError) as error:
        # The status is sent already: each line says that it was not kept.
        structlog.get_logger("commensura").error("a group was not kept", reason=str(error))
        answers = {one.line: error for one in read}
    for one in group:
        if isinstance(one, _Request):
            one = _answer(one.line, answers[one.line], to, seen)
        yield _encoded(one)


def _answer(number: int, answer: Any, to: str, seen: Seen) -> Line:
    if isinstance(answer, Kept):
        return Line(line=number, decision=shown(answer, to, seen))
    return _refused(number, answer)


def _refused(number: int, error: Exception) -> Line:
    match error:
        case MalformedError():
            return Line(line=number, title=UNDECIDABLE, errors=error.problems)
        case ForbiddenError() | ConflictError() | ErasedError():
            return Line(line=number, title=str(error))
        case UnavailableError():
            return Line(line=number, title=f"not kept: {error}")
        case _:
            return Line(line=number, title="not kept: no engine gave an answer")


def _encoded(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"
