"""Who may see what of a decision: an officer all of it, a trader what concerns the trader.

A trader is told the reason class, the law, the remedy and where to appeal; never what a rule
looks at, its rate, the draw, or what another answer would have brought.
"""

from __future__ import annotations

from datetime import date, datetime

from engine.decide.decision import (
    Appeal,
    Deadline,
    Decision,
    ItemDecision,
    Reasons,
    ReleaseRef,
    Remark,
    Request,
    Shape,
)
from engine.language.vocabulary import Basis, Vocabulary


class TraderDeadline(Shape, frozen=True, kw_only=True):
    """When a hold is looked at again, and what happens then."""

    start: date
    end: date
    ends_at: datetime
    calendar: str
    basis: tuple[Basis, ...]
    expiry: str


class TraderAct(Shape, frozen=True, kw_only=True):
    """A control that was selected, or a status of the goods."""

    act: str
    agency: str
    reason_class: str | None
    basis: tuple[Basis, ...]
    remedy: str | None
    appeal: Appeal
    documents: tuple[str, ...] = ()
    deadline: TraderDeadline | None = None


class TraderItem(Shape, frozen=True, kw_only=True):
    """What a trader learns of one item."""

    item: int
    status: str
    controls: tuple[TraderAct, ...]
    statuses: tuple[TraderAct, ...]


class TraderRequest(Shape, frozen=True, kw_only=True):
    """A fact that is asked for."""

    fact: str
    label: str
    items: tuple[int, ...]
    due_by: date | None
    calendar: str | None
    complete: bool
    otherwise: str


class TraderDecision(Shape, frozen=True, kw_only=True):
    """A decision as its trader sees it."""

    id: str
    declaration: str
    version: int
    supersedes: str | None
    on: date
    release: ReleaseRef
    channel: str
    status: str
    pending: bool
    items: tuple[TraderItem, ...]
    requests: tuple[TraderRequest, ...]
    remarks: tuple[Remark, ...]


def for_trader(decision: Decision, vocabulary: Vocabulary) -> TraderDecision:
    """The decision without anything that is not the trader's."""
    return TraderDecision(
        id=decision.id,
        declaration=decision.declaration,
        version=decision.version,
        supersedes=decision.supersedes,
        on=decision.on,
        release=decision.release,
        channel=decision.channel,
        status=decision.status,
        pending=decision.pending,
        items=tuple(_item(item, vocabulary) for item in decision.items),
        requests=tuple(
            _request(request) for request in decision.requests if request.answered_by == "declarant"
        ),
        remarks=decision.remarks,
    )


def _item(item: ItemDecision, vocabulary: Vocabulary) -> TraderItem:
    return TraderItem(
        item=item.item,
        status=item.status,
        controls=tuple(
            _act(control.task, control.agency, control.reasons, vocabulary)
            for control in item.controls
            if control.selected and control.lifted is None
        ),
        statuses=tuple(
            _act(held.status, held.agency, held.reasons, vocabulary, held.lifted_by, held.deadline)
            for held in item.statuses
            if held.lifted is None
        ),
    )


def _act(
    act: str,
    agency: str,
    reasons: Reasons,
    vocabulary: Vocabulary,
    documents: tuple[str, ...] = (),
    deadline: Deadline | None = None,
) -> TraderAct:
    reason = reasons.reason_class
    return TraderAct(
        act=vocabulary.label(act),
        agency=vocabulary.label(agency),
        reason_class=None if reason is None else vocabulary.label(reason),
        basis=reasons.basis,
        remedy=reasons.remedy,
        appeal=reasons.appeal,
        documents=tuple(vocabulary.label(document) for document in documents),
        deadline=None if deadline is None else _deadline(deadline),
    )


def _deadline(deadline: Deadline) -> TraderDeadline | None:
    """A clock that was stopped ends with nothing that a trader could wait for."""
    if deadline.state == "stopped":
        return None
    return TraderDeadline(
        start=deadline.start,
        end=deadline.end,
        ends_at=deadline.ends_at,
        calendar=deadline.calendar,
        basis=deadline.basis,
        expiry=deadline.expiry,
    )


def _request(request: Request) -> TraderRequest:
    return TraderRequest(
        fact=request.fact,
        label=request.label,
        items=request.items,
        due_by=request.due_by,
        calendar=request.calendar,
        complete=request.complete,
        otherwise=request.otherwise,
    )
