"""JSON answers and problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, g, request
from msgspec import Struct

from engine.declaration.problems import Problem

PROBLEM = "application/problem+json"


class ProblemDocument(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What went wrong (RFC 9457). *detail* says the mend; each of *errors* points to its field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    policy: str | None = None
    request_id: str | None = None
    errors: tuple[Problem, ...] = ()


def problem(
    status: HTTPStatus,
    title: str,
    errors: Sequence[Problem] = (),
    mend: str | None = None,
    policy: str | None = None,
) -> Response:
    """The answer to a request that is not served."""
    document = ProblemDocument(
        title=title,
        status=int(status),
        detail=mend,
        policy=policy,
        request_id=g.get("request_id"),
        errors=tuple(errors),
    )
    response = json_of({"type": document.type, **msgspec.to_builtins(document)}, PROBLEM)
    response.status_code = int(status)
    return response


def versioned(response: Response, tag: str) -> Response:
    """The answer under *tag*; without its body for who has that version already."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def json_of(value: Any, kind: str = "application/json") -> Response:
    """A plain value or structure as JSON."""
    return Response(msgspec.json.encode(value), content_type=kind)
