"""JSON answers and problem documents (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response

from engine.declaration.problems import Problem


def problem(
    status: HTTPStatus, title: str, errors: tuple[Problem, ...] = (), mend: str | None = None
) -> Response:
    """A problem document (RFC 9457); each error points to its field and says the mend."""
    body: dict[str, Any] = {"type": "about:blank", "status": int(status), "title": title}
    if mend is not None:
        body["detail"] = mend
    if errors:
        body["errors"] = errors
    response = json_of(body, "application/problem+json")
    response.status_code = int(status)
    return response


def json_of(value: Any, kind: str = "application/json") -> Response:
    """A plain value or structure as JSON."""
    return Response(msgspec.json.encode(value), content_type=kind)
