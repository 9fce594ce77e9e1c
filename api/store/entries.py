"""What is given to the store, and what it gives back."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import Struct

from engine.evidence.record import Part, Record

MAX_TEXT = 500
"""Characters of an id, subject, name or key: what an index of either database takes."""


class Claim(Struct, frozen=True):
    """An idempotency *key*, and the *body* of the request that it is to stand for."""

    key: str
    body: bytes


class Sighting(Struct, frozen=True):
    """The *day* on which a *unit* of goods was first seen: it keys the draw."""

    unit: str
    day: date


class Entry(Struct, frozen=True, kw_only=True):
    """One entry to append: a record, with the words of its parts, and what rests on it.

    *at* is an aware time. *author* is the id of an API key, or `command line`; the record does
    not hold it. *release* must be kept already. *claim*, if any, is the request's key under that
    author. *sighting* is the day by which the unit's draw was made; it must be the first, or is
    written as such. *after* is the index of the last record of the subject that the writer took
    into account, -1 where it saw none, None where it does not matter.
    """

    kind: str
    id: str
    subject: str
    at: datetime
    author: str
    release: str | None = None
    parts: dict[str, Part] = {}
    claim: Claim | None = None
    sighting: Sighting | None = None
    after: int | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a record's time needs its zone")
        texts = [self.kind, self.id, self.subject, self.author, self.release or "-", *self.parts]
        texts += [self.claim.key] if self.claim else []
        texts += [self.sighting.unit] if self.sighting else []
        for text in texts:
            if not 0 < len(text) <= MAX_TEXT or "\0" in text:
                raise ValueError(f"`{text[:20]}` is no name of 1 to {MAX_TEXT} characters")

    @property
    def record(self) -> Record:
        """What the log keeps of it."""
        return Record(
            kind=self.kind,
            id=self.id,
            subject=self.subject,
            at=self.at.astimezone(UTC),
            release=self.release,
            parts={name: part.digest for name, part in self.parts.items()},
        )


class Stored(Struct, frozen=True):
    """An entry of the log: durable, at its *index* for good."""

    index: int
    author: str
    record: Record


class Erased(Struct, frozen=True):
    """In the place of a part that is gone: the *index* of the record that says why, and when."""

    index: int
    at: datetime
