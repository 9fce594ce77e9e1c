"""What is sent: its media type, its size, and the key under which it may be sent again."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from api.http import places
from api.http.access import counted_by
from api.http.contract import JSON
from api.http.parameters import Parameter
from api.messages import Amending, Cancellation, Sent, from_json, from_xml
from api.store import Claim
from engine.declaration.strict_json import MAX_BODY

IDEMPOTENCY = Parameter(
    name="Idempotency-Key",
    place="header",
    words="The same key with the same body gives the same answer; with another body, 409.",
    schema={"type": "string", "pattern": "^[ -~]{1,200}$"},
    mend="1 to 200 visible characters, such as a UUID",
)


def body_kind(*kinds: str) -> None:
    """Go on if the body is of one of these media types. Raises `UnsupportedMediaType` if not."""
    if request.mimetype not in kinds:
        words = " or ".join(f"`{kind}`" for kind in kinds)
        raise UnsupportedMediaType(f"the body must be {words}: say so in `Content-Type`")


def body_of(*kinds: str) -> bytes:
    """The body, whole and of one of these media types.

    Raises `UnsupportedMediaType` for another, `RequestEntityTooLarge`, `BadRequest` where it broke
    off, `TooManyRequests` where its sender has too many in motion.
    """
    body_kind(*kinds)
    # Of a body whose length is not told, what is within the bound would be all that is read.
    request.max_content_length = MAX_BODY + 1
    with places.held_by(counted_by()):
        body = request.get_data()
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge
    # A server that ends the body by itself also ends one that broke off.
    if request.content_length not in (None, len(body)):
        raise BadRequest(f"the body broke off after {len(body)} of {request.content_length} bytes")
    return body


def claim_of(body: bytes) -> Claim | None:
    """What the request's idempotency key stands for: this body at this address."""
    key = key_of()
    return None if key is None else Claim(key, request.full_path.encode() + b"\n" + body)


def key_of() -> str | None:
    """The idempotency key of the request."""
    return request.headers.get(IDEMPOTENCY.name)


def sent_of(body: bytes) -> Sent | Amending | Cancellation:
    """What the body declares, read as its header says.

    Raises `MalformedError`: it cannot be read, or nothing can be decided on it.
    """
    return from_json(body) if request.mimetype == JSON else from_xml(body)
