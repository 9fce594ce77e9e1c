"""A declaration in, a kept decision out: what the doors for declarations and acts share.

Deciding takes long and only one can write at a time: so it is decided on what is read, and where
somebody was quicker, read and decided again. Nothing is answered that is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from threading import Lock

import msgspec
from msgspec import Struct

from api.messages import Sent
from api.service.disclosing import Disclosing
from api.service.elsewhere import Task
from api.service.history import DECISION, ErasedError, History, Kept, history
from api.service.policy import ACT, LODGE, REVIEW, STATE, Caller, ForbiddenError
from api.service.version import Lodging, Version, parts_of
from api.store import (
    Claim,
    ConflictError,
    Entry,
    Role,
    Sighting,
    StaleError,
    Store,
    Stored,
    UnavailableError,
)
from engine.decide.audience import TraderDecision, for_trader
from engine.decide.deciding import Decider, versions_of
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys, consignment_unit
from engine.declaration.acts import Act
from engine.declaration.declaration import Known, Request
from engine.declaration.form import MAX_VERSIONS
from engine.declaration.problems import MalformedError, Problem
from engine.declaration.wco import Message, amended
from engine.evidence.record import salted
from engine.evidence.signing import Verifier

Clock = Callable[[], datetime]
"""Gives the time, in UTC."""

Refusal = MalformedError | ForbiddenError | ConflictError | ErasedError
"""Why there is no decision on one of several requests, while there is on others."""

REFUSALS = (MalformedError, ForbiddenError, ConflictError, ErasedError)

TRIES = 8
DRAW, NUMBER = "draw-commitment", "customs-number"


class NotFoundError(Exception):
    """There is no such decision, or none that the caller may see; the message says which."""


class SupersededError(Exception):
    """The decision is not the one that stands; the message names that one."""


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks, and under which idempotency key with which body, if any."""

    caller: Caller
    claim: Claim | None = None


class Draft(Struct, frozen=True):
    """A decision that is not kept yet: its entries, and which of them holds the *version*."""

    entries: tuple[Entry, ...]
    place: int
    version: Version


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Service:
    """Decides by one release and keeps what it decided."""

    def __init__(
        self,
        store: Store,
        decider: Decider,
        keys: DrawKeys,
        clock: Clock = now,
        trusted: Sequence[Verifier] = (),
    ) -> None:
        """*trusted* are the keys that may have signed the releases in the store."""
        self.store, self.decider, self.keys, self.clock = store, decider, keys, clock
        self.trusted = tuple(trusted)
        self.disclosing = Disclosing(store, decider)
        self.turn = Lock()  # the engines take one declaration at a time
        self._committed: set[date] = set()

    # Deciding

    def lodge(self, sent: Sent | Message, asked: Asked) -> Kept:
        """Decide on a declaration, or on what amends one that is kept; keep and return it.

        Raises `MalformedError` for what cannot be decided on, `ForbiddenError` for what the caller
        may not do, `ConflictError` for an idempotency key that stands for another request,
        `ErasedError` for a declaration of which something was erased,
        `EngineError` where no engine answers, `UnavailableError` where the store does not.
        """
        return self._repeated(asked, lambda: self._kept([self._drafted(sent, asked)])[0])

    def lodge_group(self, group: Sequence[tuple[Sent | Message, Asked]]) -> list[Kept | Refusal]:
        """Lodge several, of different declarations, in one commit; what is refused comes back.

        Raises `EngineError` and `UnavailableError` as `lodge` does.
        """
        answers: dict[int, Kept | Refusal] = {}
        drafts: dict[int, Draft] = {}
        for place, (sent, asked) in enumerate(group):
            try:
                known = self._known(asked)
                if known is None:
                    drafts[place] = self._drafted(sent, asked)
                else:
                    answers[place] = known
            except REFUSALS as error:
                answers[place] = error
        try:
            answers |= zip(drafts, self._kept(list(drafts.values())), strict=True)
        except StaleError:
            for place in drafts:  # somebody was quicker with one of them: each by itself
                try:
                    answers[place] = self.lodge(*group[place])
                except REFUSALS as error:
                    answers[place] = error
        return [answers[place] for place in range(len(group))]

    def act(self, decision: str, acts: Sequence[Act], asked: Asked) -> Kept:
        """Decide again on what stands, after officers' *acts* on *decision*; keep and return it.

        Raises as `lodge` does, `NotFoundError` for a decision that is not there, and
        `SupersededError` for one that no longer stands.
        """
        for act in acts:
            asked.caller.need_agency(ACT, act.agency)
        return self._repeated(asked, lambda: self._kept([self._acted(decision, acts, asked)])[0])

    # Reading

    def found(self, decision: str, caller: Caller) -> tuple[History, Kept]:
        """A decision with the history of its declaration.

        Raises `NotFoundError`: there is none that this caller may see.
        """
        stored = self.store.record(decision)
        if stored is None or stored.record.kind != DECISION or not self._sees(caller, stored):
            # Not told apart: the ids of others are not to be probed.
            raise NotFoundError(f"there is no decision `{decision[:100]}`")
        whole = history(self.store, stored.record.subject)
        return whole, whole.at(stored)

    def _sees(self, caller: Caller, stored: Stored) -> bool:
        """A trader sees all that became of what it lodged, by whose act ever."""
        if caller.may(REVIEW):
            return True
        first, *_ = self.store.records(stored.record.subject, DECISION)
        return first.author == caller.name

    def done(self, task: Task) -> Decision:
        """What the release that serves decides on *task*; nothing is kept.

        Raises what `Decider.decide` raises.
        """
        with self.turn:
            return task.done(self.decider, self.keys)

    # Once

    def _repeated(self, asked: Asked, attempt: Callable[[], Kept]) -> Kept:
        for _ in range(TRIES):
            try:
                return self._known(asked) or attempt()
            except StaleError:
                continue  # another was quicker: what it wrote is read now
        raise UnavailableError("others keep deciding on the same declaration: try again later")

    def _known(self, asked: Asked) -> Kept | None:
        """The answer that an idempotency key stands for already."""
        if asked.claim is None:
            return None
        stored = self.store.recall(asked.caller.name, asked.claim)
        return None if stored is None else self.found(stored.record.id, asked.caller)[1]

    def _drafted(self, sent: Sent | Message, asked: Asked) -> Draft:
        asked.caller.need(LODGE)
        if isinstance(sent, Message):
            sent = self._laid_over(sent)
        request = sent.request
        if request.known != Known():
            asked.caller.need(STATE)
        whole = history(self.store, request.declaration.id)
        _check_owner(whole, asked.caller)
        before = whole.last.version if whole.last else None
        if before is not None:
            if request.earlier and sent.lodged is None:
                raise _refused(
                    "/earlier",
                    f"{len(whole.kept)} versions of this declaration are kept here already",
                    "send the new version only",
                )
            if len(whole.declarations) > MAX_VERSIONS:
                # Each is decided on with all before it: without a bound, ever more slowly.
                raise _refused(
                    "/declaration/id",
                    f"{len(whole.declarations)} versions of this declaration are kept already",
                    "lodge it anew, under another id",
                )
            request = msgspec.structs.replace(request, earlier=whole.declarations)
        versions = [request] if before else versions_of(request)
        first_seen = self._first_seen(request)
        with sent.naming(), self.turn:
            decisions = self.decider.decide_versions(
                versions,
                on=self.clock().date(),
                keys=self.keys,
                first_seen=first_seen,
                acts=before.acts if before else (),
                before=before.decision if before else None,
            )
        return self._draft(
            [
                self._version(one, sent.told(decision), sent, before, first_seen)
                for one, decision in zip(versions, decisions, strict=True)
            ],
            whole,
            asked,
        )

    def _acted(self, decision: str, acts: Sequence[Act], asked: Asked) -> Draft:
        whole, kept = self.found(decision, asked.caller)
        last = whole.kept[-1].stored
        if kept.stored.index != last.index:
            raise SupersededError(
                f"`{decision}` was superseded by `{last.record.id}`: act on that one"
            )
        before = kept.version
        done = {act.id for act in before.acts}
        for index, act in enumerate(acts):
            if act.id in done:
                raise _refused(
                    f"/acts/{index}/id", f"`{act.id}` is recorded already", "give it another id"
                )
        together = (*before.acts, *acts)
        with self.turn:
            again = self.decider.decide(
                before.request,
                on=self.clock().date(),
                keys=self.keys,
                first_seen=before.first_seen,
                acts=together,
                before=before.decision,
            )
        if before.lodged is not None:
            again = Sent(request=before.request, lodged=before.lodged).told(again)
        version = msgspec.structs.replace(
            before, acts=together, by_acts=True, decision=again, told=self._told(again)
        )
        return self._draft([version], whole, asked)

    def _laid_over(self, message: Message) -> Sent:
        """An amendment or presentation, laid over what is kept of its declaration."""
        number = message.number
        named = self.store.record(_number_id(number)) if number else None
        subject = named.record.subject if named else None
        if subject is None and message.lodged is not None:
            subject = message.lodged.declaration.id
        last = history(self.store, subject).last if subject else None
        if last is None or last.version.lodged is None:
            message.refuse()
        lodged = amended(message, last.version.lodged)
        return Sent(request=lodged.request(), lodged=lodged)

    # Keeping

    def _version(
        self,
        request: Request,
        decision: Decision,
        sent: Sent,
        before: Version | None,
        first_seen: date,
    ) -> Version:
        lodged = sent.lodged
        return Version(
            request=request,
            lodging=None
            if lodged is None
            else Lodging(number=lodged.number, places=lodged.places, reports=lodged.reports),
            acts=before.acts if before else (),
            by_acts=False,
            first_seen=first_seen,
            decision=decision,
            told=self._told(decision),
        )

    def _told(self, decision: Decision) -> TraderDecision:
        return for_trader(decision, self.decider.program.vocabulary)

    def _kept(self, drafts: Sequence[Draft]) -> list[Kept]:
        """Append what was drafted in one commit."""
        stored = self.store.append([entry for draft in drafts for entry in draft.entries])
        kept, start = [], 0
        for draft in drafts:
            kept.append(Kept(stored[start + draft.place], draft.version))
            start += len(draft.entries)
        return kept

    def _draft(self, versions: Sequence[Version], whole: History, asked: Asked) -> Draft:
        """The entries of the versions; the last one carries the claim."""
        entries = []
        for version in versions:
            last = version is versions[-1]
            entries.append(
                Entry(
                    kind=DECISION,
                    id=version.decision.id,
                    subject=version.decision.declaration,
                    at=self.clock(),
                    author=asked.caller.name,
                    release=version.decision.release.digest,
                    parts={name: salted(body) for name, body in parts_of(version).items()},
                    claim=asked.claim if last else None,
                    sighting=Sighting(consignment_unit(version.request.first), version.first_seen),
                    after=whole.last_index,
                )
            )
        entries += self._numbered(versions[-1], asked)
        return Draft(tuple(entries), len(versions) - 1, versions[-1])

    def _numbered(self, version: Version, asked: Asked) -> list[Entry]:
        """The number that customs gave, so that an amendment finds what it is about."""
        number = version.lodging.number if version.lodging else None
        if number is None:
            return []
        subject = version.decision.declaration
        known = self.store.record(_number_id(number))
        if known is None:
            return [
                Entry(
                    kind=NUMBER,
                    id=_number_id(number),
                    subject=subject,
                    at=self.clock(),
                    author=asked.caller.name,
                )
            ]
        if known.record.subject != subject:
            raise _refused(
                "/declaration/id",
                f"customs' number `{number}` is that of another declaration here",
                "state the number that customs gave this declaration",
            )
        return []

    def _first_seen(self, request: Request) -> date:
        """The day on which these goods were first seen, with its draw's key committed to."""
        day = self.store.first_seen(consignment_unit(request.first)) or self.clock().date()
        if day not in self._committed:
            if self.store.record(_draw_id(day)) is None:
                self._commit(day)
            self._committed.add(day)
        return day

    def _commit(self, day: date) -> None:
        """Put the digest of the day's key into the log, before any draw by it."""
        body = self.keys.commitment(day).encode("ascii")
        entry = Entry(
            kind=DRAW,
            id=_draw_id(day),
            subject=_draw_id(day),
            at=self.clock(),
            author="service",
            parts={"commitment": salted(body)},
        )
        try:
            self.store.append([entry])
        except StaleError:
            return  # another worker did


def _number_id(number: str) -> str:
    return f"{NUMBER}:{number}"


def _draw_id(day: date) -> str:
    return f"{DRAW}:{day.isoformat()}"


def _check_owner(whole: History, caller: Caller) -> None:
    """A trader amends its own declarations only."""
    if whole.kept and caller.role is Role.TRADER and whole.kept[0].stored.author != caller.name:
        raise ForbiddenError(
            LODGE,
            "a declaration with this id was lodged under another key",
            "use an id of your own, or the key under which it was lodged",
        )


def _refused(pointer: str, message: str, mend: str) -> MalformedError:
    return MalformedError([Problem(pointer=pointer, message=message, help=mend)])
