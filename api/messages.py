"""What is sent to the doors, as JSON or as WCO XML, and how an answer names its places.

Boundary: one meaning, two spellings; what a declaration means is for `engine.declaration`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from engine.decide.deciding import versions_of
from engine.decide.decision import Decision, Remark
from engine.declaration.declaration import Known, Request, Shape
from engine.declaration.form import check_known
from engine.declaration.lodged import Lodged
from engine.declaration.problems import MalformedError, Problem, Remarks
from engine.declaration.reading import prepare, read_known, read_request, read_shape
from engine.declaration.strict_xml import is_xml
from engine.declaration.wco import (
    NEEDS_EARLIER,
    REFUSALS,
    Kind,
    Message,
    amended,
    read_message,
    refuse,
)


class Cancellation(Struct, frozen=True, kw_only=True):
    """The answer to a cancellation: nothing is decided, and nothing is released by it."""

    kind: str = "cancellation"
    declaration: str | None
    message: str = "; ".join(REFUSALS[Kind.CANCELLATION])


class Enclosing(Shape, frozen=True, kw_only=True):
    """A request for a decision whose declaration is a WCO message, beside what an agency knows."""

    message: Annotated[str, Meta(description="The message, XML, as text.")]
    known: Known = Known()


prepare(Enclosing)


class Amending(Struct, frozen=True, kw_only=True):
    """A message that is a request only once it is laid over what is kept; and what is known."""

    message: Message
    known: Known = Known()


class Sent(Struct, frozen=True, kw_only=True):
    """A request for a decision and, where it came as XML, what is kept of its messages."""

    request: Request
    lodged: Lodged | None = None

    def told(self, decision: Decision) -> Decision:
        """*decision* with the remarks of the messages, all of them naming their elements."""
        if self.lodged is None:
            return decision
        own = [
            Remark(pointer=one.pointer, code=one.code, message=one.message, line=one.line)
            for one in self.lodged.reports
        ]
        return msgspec.structs.replace(
            decision, remarks=(*own, *(self._located(one) for one in decision.remarks))
        )

    def _located(self, remark: Remark) -> Remark:
        found = self._problem(Problem(pointer=remark.pointer, message=remark.message))
        return msgspec.structs.replace(remark, pointer=found.pointer, line=found.line)

    def _problem(self, problem: Problem) -> Problem:
        return problem if self.lodged is None else self.lodged.located(problem)

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Let whatever is refused inside name the elements of the message.

        Raises `MalformedError`: the one raised inside, with its places.
        """
        try:
            yield
        except MalformedError as error:
            raise MalformedError([self._problem(one) for one in error.problems]) from None


def from_json(body: bytes) -> Sent | Amending | Cancellation:
    """What a body in JSON asks for, be its declaration JSON or a message that it encloses.

    Raises `MalformedError`: it cannot be read, or nothing can be decided on it.
    """
    if not _encloses(body):
        return Sent(request=read_request(body))
    enclosing = read_shape(body, Enclosing)
    remarks = Remarks()
    check_known(enclosing.known, "/known", remarks)
    remarks.raise_problems()
    return from_xml(enclosing.message.encode(), enclosing.known)


def from_xml(body: bytes, known: Known | None = None) -> Sent | Amending | Cancellation:
    """What a message asks for, beside what an agency knows. Raises as `from_json` does."""
    message = read_message(body)
    if message.kind is Kind.CANCELLATION:
        return Cancellation(declaration=message.number)
    if message.kind in NEEDS_EARLIER:
        return Amending(message=message, known=known or Known())
    return Sent(request=message.request(known), lodged=message.lodged)


def _encloses(body: bytes) -> bool:
    if b'"message"' not in body:
        return False
    try:
        return "message" in msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return False  # the reader of requests says what is wrong with it


def sent(body: bytes, known: bytes | None = None) -> Sent | Message:
    """What *body* holds: a request, or a message that is none by itself.

    Raises `MalformedError`: it cannot be read.
    """
    if not is_xml(body):
        return Sent(request=read_request(wrapped(body, known)))
    message = read_message(body)
    if message.kind is not Kind.DECLARATION or message.lodged is None:
        return message
    return _sent(message.lodged, known)


def _sent(lodged: Lodged, known: bytes | None) -> Sent:
    extra = _known(known) if known is not None else None
    return Sent(request=lodged.request(extra), lodged=lodged)


def _known(body: bytes) -> Known:
    try:
        return read_known(body)
    except MalformedError as error:
        raise error.below("/known") from None


def laid_over(message: Message, before: Sequence[Sent], known: bytes | None = None) -> Sent:
    """*message*, an amendment or presentation, laid over the declaration of *before* it is about.

    That is the latest version with its number; where none has that number, the only declaration
    that states no number. Raises `MalformedError`: there is none, or it could be several.
    """
    if message.kind not in NEEDS_EARLIER:
        message.refuse()
    kept = [one.lodged for one in before if one.lodged is not None]
    numbered = [one for one in kept if one.number and one.number == message.number]
    if numbered:
        return _sent(amended(message, numbered[-1]), known)
    latest = {one.declaration.id: one for one in kept if not (one.number and message.number)}
    if not latest:
        message.refuse()
    if len(latest) > 1:
        text = f"it may be about any of {len(latest)} declarations"
        refuse(message.at, text, "give one declaration and what amends it at a time")
    return _sent(amended(message, next(iter(latest.values()))), known)


def by_declaration(messages: list[Sent]) -> Iterator[list[Sent]]:
    """Those about the same declaration, oldest first, each with the ones before it as earlier."""
    groups: dict[str, list[Sent]] = {}
    for one in messages:
        groups.setdefault(one.request.declaration.id, []).append(one)
    for group in groups.values():
        versions: list[Sent] = []
        for one in group:
            if not versions:
                versions += (
                    msgspec.structs.replace(one, request=request)
                    for request in versions_of(one.request)
                )
                continue
            last = versions[-1].request
            # An amendment in XML names anew what it was laid over, which stands here already.
            own = () if one.lodged is not None else one.request.earlier
            request = msgspec.structs.replace(
                one.request, earlier=(*last.earlier, last.declaration, *own)
            )
            versions.append(msgspec.structs.replace(one, request=request))
        yield versions


def wrapped(body: bytes, known: bytes | None = None) -> bytes:
    """The body as a request: a declaration alone is wrapped, and *known* put beside it."""
    start = body.lstrip()
    try:
        parts = msgspec.json.decode(start, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return body  # the reader says what is wrong with it
    if "declaration" not in parts:
        parts = {"declaration": msgspec.Raw(body)}
    if known is not None:
        parts["known"] = msgspec.Raw(known)
    elif set(parts) == {"declaration"} and b'"declaration"' in body:
        return body
    members = (msgspec.json.encode(name) + b":" + bytes(part) for name, part in parts.items())
    return b"{" + b",".join(members) + b"}"
