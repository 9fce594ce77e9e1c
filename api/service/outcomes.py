"""Outcomes of controls, as agencies report them: kept, corrected by further ones, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from api.service.deciding import NotFoundError, Service
from api.service.policy import EXPORT, REPORT, Caller
from api.store import Claim, Entry, Erased, Stored
from engine.declaration.outcome import Outcome, read_outcome
from engine.declaration.problems import Remarks, malformed
from engine.evidence.record import Part, salted

OUTCOME = "outcome"
PAGE = 500


class KeptOutcome(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An outcome with its place in the log; *erased* says when one was that is gone."""

    log_index: int
    recorded: datetime
    outcome: Outcome | None
    erased: datetime | None = None


def report(service: Service, body: bytes, caller: Caller, claim: Claim | None) -> KeptOutcome:
    """Keep an outcome.

    Raises `MalformedError`: it cannot be meant, or its decision, item or the outcome that it
    corrects is not there; `ForbiddenError`: it is another agency's.
    """
    caller.need(REPORT)
    today = service.clock().date()
    outcome = read_outcome(body, service.decider.program.vocabulary, today)
    caller.need_agency(REPORT, outcome.agency)
    if claim is not None:
        known = service.store.recall(caller.name, claim)
        if known is not None:
            return _kept(known, outcome)
    subject = _subject(service, outcome, caller)
    entry = Entry(
        kind=OUTCOME,
        id=_id(outcome.agency, outcome.id),
        subject=subject,
        at=service.clock(),
        author=caller.name,
        parts={OUTCOME: salted(msgspec.json.encode(outcome))},
        claim=claim,
    )
    (stored,) = service.store.append([entry])
    return _kept(stored, outcome)


def exported(service: Service, caller: Caller, after: int = -1) -> Iterator[KeptOutcome]:
    """All outcomes later in the log than *after*, oldest first, page by page."""
    caller.need(EXPORT)
    store = service.store
    while page := store.page(after=after, limit=PAGE, kind=OUTCOME):
        for stored in page:
            part = store.parts(stored.index)[OUTCOME]
            yield _read(stored, part)
        after = page[-1].index


def _id(agency: str, identifier: str) -> str:
    """Agencies number their outcomes by themselves."""
    return f"{OUTCOME}:{agency}:{identifier}"


def _subject(service: Service, outcome: Outcome, caller: Caller) -> str:
    """The declaration that the outcome is about, seen to have the item."""
    remarks = Remarks()
    stored = service.store.record(_id(outcome.agency, outcome.id))
    if stored is not None:
        remarks.refuse(
            "/id",
            f"`{outcome.id}` is reported already, as entry {stored.index} of the log",
            "to correct it, report another one with `corrects`",
        )
        remarks.raise_problems()
    try:
        decision = service.found(outcome.decision, caller)[1].version.decision
    except NotFoundError as error:
        mend = "give the id that the decision was answered with"
        raise malformed("/decision", str(error), mend) from None
    items = [item.item for item in decision.items]
    if outcome.item not in items:
        shown = ", ".join(map(str, items[:20]))
        remarks.refuse("/item", f"the decision has no item {outcome.item}", f"one of {shown}")
    if outcome.corrects is not None:
        _check_corrected(service, outcome, decision.declaration, remarks)
    remarks.raise_problems()
    return decision.declaration


def _check_corrected(service: Service, outcome: Outcome, subject: str, remarks: Remarks) -> None:
    """What is corrected is an outcome of the same agency on the same declaration."""
    corrected = service.store.record(_id(outcome.agency, str(outcome.corrects)))
    if corrected is None or corrected.record.subject != subject:
        remarks.refuse(
            "/corrects",
            f"{outcome.agency} reported no outcome `{outcome.corrects}` on this declaration",
            "give the id of the outcome in whose place this one stands",
        )


def _kept(stored: Stored, outcome: Outcome) -> KeptOutcome:
    return KeptOutcome(log_index=stored.index, recorded=stored.record.at, outcome=outcome)


def _read(stored: Stored, part: Part | Erased) -> KeptOutcome:
    if isinstance(part, Erased):
        return KeptOutcome(
            log_index=stored.index, recorded=stored.record.at, outcome=None, erased=part.at
        )
    return _kept(stored, msgspec.json.decode(part.body, type=Outcome))
