"""Counsel's word on a clause: signed, or objected to, on what it rests on at that time.

Each is an entry of the log, and none is ever changed. One is stale once the fingerprint of the
clause, as it is reviewed now, differs from that which was signed; the difference says what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from api.service.clock import Clock
from api.service.people import Person
from api.service.policy import SIGN, need_duty
from api.store import Entry, StaleError, Store, Stored
from engine.decide.decision import ReleaseRef
from engine.declaration.problems import malformed
from engine.evidence.record import Part, salted
from engine.language.rule import Rule
from engine.specs.fingerprint import Fingerprint, changes, fingerprint
from engine.specs.review import Review, touched

KIND = "clause-sign-off"
MAX_WORDS = 5000


class SignOff(Struct, frozen=True, kw_only=True):
    """What counsel said of a clause: *agrees*, or objects, on what the *fingerprint* stands for."""

    clause: str
    agrees: bool
    words: str
    release: ReleaseRef
    fingerprint: Fingerprint


class Said(Struct, frozen=True, kw_only=True):
    """The same as it is written: by which *person*, for which *agency*."""

    person: str
    name: str
    agency: str
    signed: SignOff


class Told(Struct, frozen=True, kw_only=True):
    """The same as it was kept: the *index* of its entry, when; *said* is None where it is gone."""

    index: int
    at: datetime
    said: Said | None

    def changed(self, now: Fingerprint | None) -> tuple[str, ...]:
        """What differs from what was signed, as `fingerprint.changes` names it."""
        if self.said is None or now is None:
            return ()
        return changes(self.said.signed.fingerprint, now)


def fingerprints_of(review: Review, rules: Mapping[str, Rule]) -> dict[str, Fingerprint]:
    """What is signed of each clause; *rules* are those of the reviewed release, by id."""
    found = {}
    for clause, obligations in review.specifications.obligations.items():
        results = review.of(case for one in obligations for case in one.scenarios)
        names = sorted(touched(results) & rules.keys())
        found[clause] = fingerprint(obligations, results, [rules[name] for name in names])
    return found


class SignOffs:
    """The words of counsel that a store keeps."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def of(self, clause: str) -> tuple[Told, ...]:
        """All that was said of a clause, oldest first."""
        return tuple(map(self._told, self._store.records(_subject(clause), KIND)))

    def sign(self, person: Person, signed: SignOff, seen: int) -> Told:
        """Keep a sign-off, after the entry with the index *seen*, -1 where there was none.

        Raises `ForbiddenError`: the person has not the duty; `MalformedError`: there are no words,
        too many, or another spoke meanwhile.
        """
        need_duty(person, SIGN)
        words = signed.words.strip()
        if not words or len(words) > MAX_WORDS:
            raise malformed(
                "/words",
                "say why, in 5000 characters at most",
                "what convinces you, or what you object to",
            )
        before = self._store.records(_subject(signed.clause), KIND)
        said = Said(
            person=person.id,
            name=person.name,
            agency=person.agency,
            signed=msgspec.structs.replace(signed, words=words),
        )
        entry = Entry(
            kind=KIND,
            id=f"{_subject(signed.clause)}:{len(before)}",
            subject=_subject(signed.clause),
            at=self._clock(),
            author=person.id,
            release=signed.release.digest,
            parts={"sign-off": salted(msgspec.json.encode(said))},
            after=seen,
        )
        try:
            (stored,) = self._store.append([entry])
        except StaleError:
            raise malformed(
                "/words",
                "somebody else spoke of this clause meanwhile",
                "read what was said, and send yours again",
            ) from None
        return self._told(stored)

    def _told(self, stored: Stored) -> Told:
        part = self._store.parts(stored.index)["sign-off"]
        said = msgspec.json.decode(part.body, type=Said) if isinstance(part, Part) else None
        return Told(index=stored.index, at=stored.record.at, said=said)


def _subject(clause: str) -> str:
    return f"clause:{clause}"
