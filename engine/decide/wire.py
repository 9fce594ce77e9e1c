"""What goes over the wire between an isolated engine and whoever asks it.

Frames are four bytes of length, then MessagePack. They are decoded into typed Structs and never
unpickled, as a child with damaged memory may send anything. Facts travel in one column per type
of value, so that each comes back as exactly what it was.
"""

from __future__ import annotations

import socket
import time
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from engine.decide.answer import Answer, EngineError
from engine.declaration.facts import DocumentStatus, Facts, Money, Rate, Value
from engine.language.base import RuleBase
from engine.language.vocabulary import Vocabulary

MAX_FRAME = 8 * 2**20


class Knowledge(Struct, frozen=True, array_like=True):
    """What a program is compiled from. Rules keep their order, and so their numbers."""

    base: RuleBase
    vocabulary: Vocabulary


class Asked(Struct, frozen=True, array_like=True):
    """One item to judge: its `Facts`, with the values apart by type.

    Text, numbers and days all travel as text; the column says which of them a value is. What
    totals lack stays behind: it is for requests, and no engine judges by it.
    """

    sequence: int
    flags: dict[str, bool]
    numbers: dict[str, Decimal]
    texts: dict[str, str]
    dates: dict[str, date]
    sums: dict[str, Money]
    sets: dict[str, frozenset[str]]
    documents: dict[str, frozenset[DocumentStatus]]
    settled: frozenset[str]
    days: dict[str, date]
    undeclared: frozenset[str]
    rates: tuple[Rate, ...]


_COLUMNS: dict[type, str] = {
    bool: "flags",
    Decimal: "numbers",
    str: "texts",
    date: "dates",
    Money: "sums",
    frozenset: "sets",
}


class Ready(Struct, frozen=True, array_like=True, tag="ready"):
    """The engine is built and takes items."""


class Answered(Struct, frozen=True, array_like=True, tag="answered"):
    """The answer to the item of that *sequence* number."""

    sequence: int
    answer: Answer


class Failed(Struct, frozen=True, array_like=True, tag="failed"):
    """The engine raised; *sequence* 0 where it could not even be built."""

    sequence: int
    reason: str


Reply = Ready | Answered | Failed

pack = msgspec.msgpack.encode
replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_items = msgspec.msgpack.Decoder(Asked)


def asked(sequence: int, facts: Facts) -> bytes:
    """An item as a child reads it. Raises `EngineError` for what cannot be sent."""
    values: dict[str, dict[str, Any]] = {column: {} for column in _COLUMNS.values()}
    for name, value in facts.values.items():
        values[_column(value)][name] = value
    try:
        body = pack(
            Asked(
                sequence=sequence,
                **values,
                documents=facts.documents,
                settled=facts.settled,
                days=facts.days,
                undeclared=facts.undeclared,
                rates=facts.rates,
            )
        )
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise EngineError(f"the facts cannot be sent to it: {error}") from error
    if len(body) > MAX_FRAME:
        raise EngineError(f"the facts cannot be sent to it: {len(body)} bytes")
    return body


def _column(value: Value) -> str:
    column = _COLUMNS.get(type(value))
    if column is not None:
        return column
    # A subclass, such as an enumeration of text; the child sees the plain value, which is equal.
    return next((name for kind, name in _COLUMNS.items() if isinstance(value, kind)), "sets")


def item(body: bytes) -> tuple[int, Facts]:
    """The sequence number and the facts that `asked` packed."""
    got = _items.decode(body)
    facts = Facts(
        values={**got.flags, **got.numbers, **got.texts, **got.dates, **got.sums, **got.sets},
        documents=got.documents,
        settled=got.settled,
        days=got.days,
        undeclared=got.undeclared,
        rates=got.rates,
    )
    return got.sequence, facts


class FrameError(ValueError):
    """A frame is longer than `MAX_FRAME`."""


class Channel:
    """Frames over a socket. *deadline* is a time of `time.monotonic`; None waits for ever."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._held = bytearray()

    def send(self, *bodies: bytes, deadline: float | None = None) -> None:
        """Send a frame for each, all at once.

        Raises `TimeoutError`, `FrameError`, and `OSError` where nobody is at the other end.
        """
        frames = bytearray()
        for body in bodies:
            if len(body) > MAX_FRAME:
                raise FrameError(f"{len(body)} bytes")
            frames += len(body).to_bytes(4, "big")
            frames += body
        self._end.settimeout(_left(deadline))
        self._end.sendall(frames)

    def receive(self, deadline: float | None = None) -> bytes:
        """The next frame. Raises as `send` does, and `EOFError` at the end."""
        length = int.from_bytes(self._take(4, deadline), "big")
        if length > MAX_FRAME:
            raise FrameError(f"{length} bytes")
        return self._take(length, deadline)

    def close(self) -> None:
        self._end.close()

    def _take(self, count: int, deadline: float | None) -> bytes:
        while len(self._held) < count:
            self._end.settimeout(_left(deadline))
            more = self._end.recv(2**16)
            if not more:
                raise EOFError
            self._held += more
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
