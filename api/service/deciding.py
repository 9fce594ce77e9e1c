"""A declaration in, a kept decision out: what the doors for declarations and acts share.

Deciding takes long and only one can write at a time: so it is decided on what is read, and where
somebody was quicker, read and decided again. Nothing is answered that is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock

import msgspec

from api.messages import Amending, Sent
from api.service.clock import Clock, now
from api.service.disclosing import Disclosing
from api.service.elsewhere import Task
from api.service.history import DECISION, ErasedError, History, Kept, history
from api.service.keeping import Asked, Counted, Draft, Keeper, uncounted
from api.service.policy import ACT, LODGE, REVIEW, STATE, Caller, ForbiddenError
from api.service.version import Lodging, Version
from api.store import ConflictError, Role, StaleError, Store, Stored, UnavailableError
from engine.decide.audience import TraderDecision, for_trader
from engine.decide.deciding import Decider, versions_of
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys
from engine.declaration.acts import Act
from engine.declaration.declaration import Known, Request
from engine.declaration.form import MAX_VERSIONS
from engine.declaration.problems import MalformedError, malformed
from engine.declaration.wco import amended
from engine.evidence.draws import COMMITMENT
from engine.evidence.signing import Verifier

Refusal = MalformedError | ForbiddenError | ConflictError | ErasedError
"""Why there is no decision on one of several requests, while there is on others."""

REFUSALS = (MalformedError, ForbiddenError, ConflictError, ErasedError)

TRIES = 8


class NotFoundError(Exception):
    """There is no such decision, or none that the caller may see; the message says which."""


class SupersededError(Exception):
    """The decision is not the one that stands; the message names that one."""


class Service:
    """Decides by one release and keeps what it decided."""

    def __init__(
        self,
        store: Store,
        decider: Decider,
        keys: DrawKeys,
        clock: Clock = now,
        trusted: Sequence[Verifier] = (),
        counted: Counted = uncounted,
    ) -> None:
        """*trusted* are the keys that may have signed the releases in the store."""
        self.keeper = Keeper(store, keys, clock, counted)
        self.store, self.decider, self.keys, self.clock = store, decider, keys, clock
        self.trusted = tuple(trusted)
        self.disclosing = Disclosing(store, decider)
        self.turn = Lock()  # the engines take one declaration at a time

    # Deciding

    def lodge(self, sent: Sent | Amending, asked: Asked) -> Kept:
        """Decide on a declaration, or on what amends one that is kept; keep and return it.

        Raises `MalformedError` for what cannot be decided on, `ForbiddenError` for what the caller
        may not do, `ConflictError` for an idempotency key that stands for another request,
        `ErasedError` for a declaration of which something was erased,
        `EngineError` where no engine answers, `UnavailableError` where the store does not.
        """
        return self._repeated(asked, lambda: self.keeper.keep([self._drafted(sent, asked)])[0])

    def lodge_group(self, group: Sequence[tuple[Sent | Amending, Asked]]) -> list[Kept | Refusal]:
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
            answers |= zip(drafts, self.keeper.keep(list(drafts.values())), strict=True)
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

        def attempt() -> Kept:
            return self.keeper.keep([self._acted(decision, acts, asked)])[0]

        return self._repeated(asked, attempt)

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

    def _drafted(self, sent: Sent | Amending, asked: Asked) -> Draft:
        asked.caller.need(LODGE)
        if isinstance(sent, Amending):
            sent = self._laid_over(sent)
        request = sent.request
        if request.known != Known():
            asked.caller.need(STATE)
        if request.declaration.id.startswith(f"{COMMITMENT}:"):
            raise malformed(
                "/declaration/id",
                f"an id that begins with `{COMMITMENT}:` is the log's own",
                "lodge it under another id",
            )
        whole = history(self.store, request.declaration.id)
        _check_owner(whole, asked.caller)
        before = whole.last.version if whole.last else None
        if before is not None:
            if request.earlier and sent.lodged is None:
                raise malformed(
                    "/earlier",
                    f"{len(whole.kept)} versions of this declaration are kept here already",
                    "send the new version only",
                )
            if len(whole.declarations) > MAX_VERSIONS:
                # Each is decided on with all before it: without a bound, ever more slowly.
                raise malformed(
                    "/declaration/id",
                    f"{len(whole.declarations)} versions of this declaration are kept already",
                    "lodge it anew, under another id",
                )
            request = msgspec.structs.replace(request, earlier=whole.declarations)
        versions = [request] if before else versions_of(request)
        sighting = self.keeper.draws.sighting(request)
        with sent.naming(), self.turn:
            decisions = self.decider.decide_versions(
                versions,
                on=self.clock().date(),
                keys=self.keys,
                first_seen=sighting.day,
                acts=before.acts if before else (),
                before=before.decision if before else None,
            )
        return self.keeper.draft(
            [
                self._version(one, sent.told(decision), sent, before, sighting.day)
                for one, decision in zip(versions, decisions, strict=True)
            ],
            whole,
            asked,
            sighting,
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
                raise malformed(
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
        return self.keeper.draft([version], whole, asked)

    def _laid_over(self, amending: Amending) -> Sent:
        """An amendment or presentation, laid over what is kept of its declaration."""
        message = amending.message
        subject = self.keeper.named(message.number) if message.number else None
        if subject is None and message.lodged is not None:
            subject = message.lodged.declaration.id
        last = history(self.store, subject).last if subject else None
        if last is None or last.version.lodged is None:
            message.refuse()
        lodged = amended(message, last.version.lodged)
        return Sent(request=lodged.request(amending.known), lodged=lodged)

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


def _check_owner(whole: History, caller: Caller) -> None:
    """A trader amends its own declarations only."""
    if whole.kept and caller.role is Role.TRADER and whole.kept[0].stored.author != caller.name:
        raise ForbiddenError(
            LODGE,
            "a declaration with this id was lodged under another key",
            "use an id of your own, or the key under which it was lodged",
        )
