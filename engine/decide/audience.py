"""Who may see what of a decision: an officer nearly all of it, a trader what concerns the trader.

A trader is told the reason class, the law, the remedy and where to appeal; never what a rule
looks at, its rate, the draw, or what another answer would have brought. An officer is not told
what a rule looks at that is restricted to another agency, nor which rule it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from engine.decide.decision import (
    Appeal,
    Control,
    Deadline,
    Decision,
    Exempted,
    HeldStatus,
    ItemDecision,
    Reasons,
    RecordedAct,
    ReleaseRef,
    Remark,
    Request,
    Risk,
    Shape,
    Undetermined,
    Weighed,
)
from engine.language.vocabulary import Basis, Vocabulary

WITHHELD = "withheld"
"""Stands for the id of a rule that the reader may not know."""
RESTRICTED = "restricted"
"""The disclosure of a rule that only its own agency may know."""

Imposed = TypeVar("Imposed", Control, HeldStatus)


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


class Ruled(Struct, frozen=True):
    """What of a rule says who may know it: also of one that this code could not run."""

    id: str
    title: str
    agency: str
    disclosure: str = "public"


def for_agency(
    decision: Decision, agency: str | None, rules: Iterable[Ruled], label: Callable[[str], str]
) -> Decision:
    """The decision without what rules restricted to another agency are and look at.

    *rules* are those of the release that decided. What they impose stays, with its agency, law
    and remedy. Their near misses are counted among the others, as even their number would tell.
    """
    hidden = {
        rule.id: rule for rule in rules if rule.disclosure == RESTRICTED and rule.agency != agency
    }
    return _Withholding(hidden, label).decision(decision) if hidden else decision


class _Withholding:
    def __init__(self, hidden: Mapping[str, Ruled], label: Callable[[str], str]) -> None:
        self._hidden, self._label = hidden, label

    def decision(self, decision: Decision) -> Decision:
        return replace(
            decision,
            notices=tuple(self._text(notice) for notice in decision.notices),
            items=tuple(self._item(item) for item in decision.items),
            requests=tuple(
                replace(one, reason=self._text(one.reason)) for one in decision.requests
            ),
            acts=tuple(self._act(act) for act in decision.acts),
        )

    def _item(self, item: ItemDecision) -> ItemDecision:
        near = tuple(one for one in item.near_misses if one.rule not in self._hidden)
        return replace(
            item,
            risks=tuple(self._risk(risk) for risk in item.risks),
            lone_likelihoods=self._names(item.lone_likelihoods),
            controls=tuple(self._imposed(one) for one in item.controls),
            statuses=tuple(self._imposed(one) for one in item.statuses),
            exempted=tuple(self._exempted(one) for one in item.exempted),
            undetermined=tuple(self._undetermined(one) for one in item.undetermined),
            applied=tuple(self._weighed(one) for one in item.applied),
            near_misses=near,
            others=item.others + len(item.near_misses) - len(near),
        )

    def _known_to(self, rule: str) -> str:
        return f"withheld: known to {self._label(self._hidden[rule].agency)}"

    def _names(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(WITHHELD if rule in self._hidden else rule for rule in rules)

    def _risk(self, risk: Risk) -> Risk:
        return replace(risk, rules=self._names(risk.rules))

    def _imposed(self, one: Imposed) -> Imposed:
        reasons = one.reasons
        if reasons.rule not in self._hidden:
            return one
        words = self._known_to(reasons.rule)
        return replace(one, reasons=replace(reasons, rule=WITHHELD, title=words, because=words))

    def _exempted(self, one: Exempted) -> Exempted:
        if one.rule not in self._hidden:
            return one
        return replace(one, rule=WITHHELD, by=self._known_to(one.rule))

    def _undetermined(self, one: Undetermined) -> Undetermined:
        if one.rule not in self._hidden:
            return one
        return replace(one, rule=WITHHELD, title=self._known_to(one.rule), missing=())

    def _weighed(self, one: Weighed) -> Weighed:
        if one.rule not in self._hidden:
            return one
        return replace(one, rule=WITHHELD, title=self._known_to(one.rule), tests=())

    def _act(self, act: RecordedAct) -> RecordedAct:
        return replace(act, concerns=WITHHELD) if act.concerns in self._hidden else act

    def _text(self, text: str) -> str:
        """*text* without the ids and titles of hidden rules, the longest first."""
        for rule in sorted(self._hidden.values(), key=lambda rule: -len(rule.id)):
            words = self._known_to(rule.id)
            text = text.replace(rule.title, words).replace(rule.id, words)
        return text
