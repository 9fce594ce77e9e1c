"""A decision in plain text, for an officer and for a trader.

What decided comes first, what it rests on after it, what nearly happened last.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal

from engine.decide.audience import TraderAct, TraderDecision, TraderRequest
from engine.decide.decision import (
    Control,
    Deadline,
    Decision,
    HeldStatus,
    ItemDecision,
    Reasons,
    RecordedAct,
    Request,
    Weighed,
)
from engine.language.sentences import listed, number, percent
from engine.language.vocabulary import Basis, Vocabulary

WIDTH = 100
_CHOSEN = {True: "selected", False: "not drawn", None: "drawn elsewhere"}


def officer_text(decision: Decision, vocabulary: Vocabulary) -> str:
    """All that decided, with reasons, draws, near misses and what was not understood."""
    return "\n".join(_Officer(decision, vocabulary).lines())


def trader_text(decision: TraderDecision) -> str:
    """What is done with the goods, on what law, and what the trader can do about it."""
    return "\n".join(_trader(decision))


def _wrapped(text: str, indent: int, hanging: int = 2) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
    )


def _deadline(deadline: Deadline, indent: int) -> Iterator[str]:
    """The clock of a hold: where it started, when it ends, by what calendar, and what then."""
    days = f"{deadline.working_days} working days from {deadline.start}, by {deadline.calendar}"
    if deadline.assumed:
        days += "; no other day of suspension is on record"
    if not deadline.complete:
        days += "; the calendar does not cover that time: the end may be later"
    if deadline.state == "stopped":
        yield from _wrapped(f"clock: stopped; the hold was maintained ({days})", indent, 7)
        return
    ends = f"ended with {deadline.end}" if deadline.task else f"ends with {deadline.end}"
    yield from _wrapped(f"clock: {ends} ({days})", indent, 7)
    word = "task" if deadline.task else "then"
    yield from _wrapped(f"{word}: {deadline.expiry}", indent, 6)


def _due(request: Request | TraderRequest) -> str:
    """Until when an answer is awaited, and by whose days."""
    if request.due_by is None:
        return ""
    if request.calendar is None:
        return f", by {request.due_by} (all days counted: no calendar is at hand)"
    more = "" if request.complete else ", which does not cover that time: it may be later"
    return f", by {request.due_by} (working days of {request.calendar}{more})"


def _law(basis: Iterable[Basis], indent: int) -> Iterator[str]:
    for one in basis:
        yield from _wrapped(
            f"law: {one.cite} [{one.status}, checked {one.checked}] {one.gist}", indent, 5
        )


class _Officer:
    def __init__(self, decision: Decision, vocabulary: Vocabulary) -> None:
        self.decision, self.vocabulary = decision, vocabulary
        self.label = vocabulary.label

    def lines(self) -> Iterator[str]:
        yield from self.head()
        for item in self.decision.items:
            yield ""
            yield from self.item(item)
        if self.decision.requests:
            yield ""
            yield "Asked for"
            for request in self.decision.requests:
                asked = listed([self.label(agency) for agency in request.asked_by], "and")
                due = _due(request)
                items = listed([str(item) for item in request.items], "and")
                yield from _wrapped(
                    f"- {request.label} (item {items}), of the {request.answered_by}{due}; "
                    f"asked by {asked}; {request.reason}; {request.otherwise}",
                    2,
                )
        if self.decision.acts:
            yield ""
            yield "Acts of officers"
            for act in self.decision.acts:
                yield from self.act(act)
        if self.decision.remarks:
            yield ""
            yield "Not understood or not stated"
            for remark in self.decision.remarks:
                yield from _wrapped(f"- {remark.place}: {remark.message}", 2)

    def act(self, act: RecordedAct) -> Iterator[str]:
        where = "all items" if act.item is None else f"item {act.item}"
        what = "" if act.concerns is None else f" {self.concern(act.concerns)}"
        power = "" if act.power is None else f" Under {act.power.cite}."
        effect = "" if act.effective else " It found nothing to change."
        yield from _wrapped(
            f"- {act.id}, {act.on}: {self.label(act.agency)} ({act.authority}), {where}: "
            f"{act.act}{what}; {self.label(act.reason)}. {act.note}{power}{effect}",
            2,
        )
        if act.notice is not None:
            yield from _wrapped(f"notice: {act.notice}", 4)

    def concern(self, name: str) -> str:
        return self.fact(name) if name in self.vocabulary.facts else self.label(name)

    def head(self) -> Iterator[str]:
        decision = self.decision
        status = self.label(decision.status)
        pending = " · pending" if decision.pending else ""
        yield f"{decision.channel.upper()} · {status}{pending}"
        kind = "what-if" if decision.what_if else "decision"
        superseding = f", supersedes {decision.supersedes}" if decision.supersedes else ""
        yield (
            f"{kind} {decision.id} on declaration {decision.declaration}, version "
            f"{decision.version}{superseding}, {decision.stage}, {decision.on}"
        )
        yield f"release {decision.release.id} · {self.engines()}"
        for notice in decision.notices:
            yield from _wrapped(f"! {notice}", 0)
        if decision.order is not None:
            order = decision.order
            kind = "joint order" if order.joint else "order"
            items = listed([str(item) for item in order.items], "and")
            yield f"{kind}, led by {self.label(order.lead)}, items {items}:"
            for part in order.agencies:
                tasks = listed([self.label(task) for task in part.tasks], "and")
                yield f"  - {self.label(part.agency)}: {tasks}"
            if order.deadline is not None:
                yield from _deadline(order.deadline, 2)

    def engines(self) -> str:
        names = listed(self.decision.engines, "and")
        if self.decision.agreement is None:
            return f"{names} answered alone"
        return f"{names} {'agree' if self.decision.agreement else 'DISAGREE'}"

    def item(self, item: ItemDecision) -> Iterator[str]:
        level = self.label(item.risk_level)
        if item.possible_risk_level != item.risk_level:
            level += f", possibly {self.label(item.possible_risk_level)}"
        review = " · technical review" if item.technical_review else ""
        yield (
            f"Item {item.item}: {item.channel} · {self.label(item.status)} · "
            f"risk level {level}{review}"
        )
        for risk in item.risks:
            sure = "" if risk.certain else "possibly "
            yield from _wrapped(
                f"risk: {sure}{self.label(risk.hazard)}, danger {self.label(risk.danger)}, "
                f"likelihood {self.label(risk.likelihood)}: {self.label(risk.level)} "
                f"({', '.join(risk.rules)})",
                2,
            )
        for held in item.statuses:
            yield from self.status(held)
        # By reasons and not by rule: rules that are withheld have no names of their own.
        by_rule: dict[Reasons, list[Control]] = {}
        for control in item.controls:
            by_rule.setdefault(control.reasons, []).append(control)
        for controls in by_rule.values():
            yield from self.controls(controls)
        for exempted in item.exempted:
            yield from _wrapped(f"exempted from {exempted.rule}: {exempted.by}", 2)
        for rule in item.undetermined:
            facts = listed([self.fact(fact) for fact in rule.missing], "and")
            missing = f"; missing: {facts}" if facts else ""
            yield from _wrapped(f"undetermined: {rule.title} ({rule.rule}){missing}", 2)
        yield from self.weighed("applied", item.applied)
        yield from self.weighed("near miss", item.near_misses)
        yield f"  {item.others} other rules do not apply"

    def fact(self, name: str) -> str:
        return self.vocabulary.facts[name].label

    def status(self, held: HeldStatus) -> Iterator[str]:
        lifted = "" if held.lifted is None else f" (lifted by act {held.lifted})"
        yield f"  {self.label(held.status)} by {self.label(held.agency)}{lifted}"
        yield from self.reasons(held.reasons)
        if held.deadline is not None and held.lifted is None:
            yield from _deadline(held.deadline, 6)

    def controls(self, controls: list[Control]) -> Iterator[str]:
        """The controls of one rule, which share its reasons."""
        for control in controls:
            who = f"{self.label(control.task)} by {self.label(control.agency)}"
            chosen = _CHOSEN[control.selected]
            if control.notified:
                chosen += ", notified before"
            if control.lifted is not None:
                chosen += f", lifted by act {control.lifted}"
            ladder = (
                ""
                if control.proportion == "within"
                else f"; above the ladder: {control.proportion}"
            )
            yield f"  [{chosen}] {who}"
            yield from _wrapped(f"{self.draw(control)}; {control.selected_by}{ladder}", 6)
        yield from self.reasons(controls[0].reasons)

    def draw(self, control: Control) -> str:
        share = f"{percent(control.rate)} of {control.unit}s ({control.kind})"
        if control.selected_by == "manual":
            return f"every {control.unit}"
        if control.draw is None:
            return f"{share}, drawn by another system"
        sign = "under" if control.selected else "not under"
        return f"{share}: drawn {number(control.draw)}, {sign} {number(Decimal(control.rate))}"

    def reasons(self, reasons: Reasons) -> Iterator[str]:
        yield from _wrapped(f"because: {reasons.because} ({reasons.rule})", 6, 9)
        yield from _law(reasons.basis, 6)
        if reasons.remedy:
            yield from _wrapped(f"remedy: {reasons.remedy}", 6, 8)
        if reasons.overdue:
            yield "      ! the review of this rule is overdue"

    def weighed(self, word: str, rules: tuple[Weighed, ...]) -> Iterator[str]:
        for rule in rules:
            yield from _wrapped(f"{word}: {rule.title} ({rule.rule})", 2)
            for seen in rule.tests:
                if word == "applied" or seen.value != "true":
                    exempts = "exempts if " if seen.exempts else ""
                    yield from _wrapped(f"- {exempts}{seen.test}: {seen.value} (saw {seen.saw})", 6)


def _trader(decision: TraderDecision) -> Iterator[str]:
    yield f"Declaration {decision.declaration}: {decision.channel}"
    yield f"decision {decision.id} of {decision.on}, release {decision.release.id}"
    for item in decision.items:
        yield ""
        yield f"Item {item.item}"
        if not item.statuses and not item.controls:
            yield "  no control and no hold"
        for acts in _together((*item.statuses, *item.controls)):
            yield from _acts(acts)
    if decision.requests:
        yield ""
        yield "Please tell us"
        for request in decision.requests:
            items = listed([str(item) for item in request.items], "and")
            yield from _wrapped(
                f"- {request.label} (item {items}){_due(request)}; {request.otherwise}", 2
            )
    for remark in decision.remarks:
        yield from _wrapped(f"note: {remark.place}: {remark.message}", 0)


def _together(acts: Iterable[TraderAct]) -> Iterable[list[TraderAct]]:
    """Acts of one agency on the same grounds, said once."""
    found: dict[object, list[TraderAct]] = {}
    for act in acts:
        found.setdefault((act.agency, act.reason_class, act.basis, act.remedy), []).append(act)
    return found.values()


def _acts(acts: list[TraderAct]) -> Iterator[str]:
    first = acts[0]
    yield f"  {listed([act.act for act in acts], 'and')} by {first.agency}"
    if first.reason_class:
        yield f"      reason: {first.reason_class}"
    yield from _law(first.basis, 6)
    for act in acts:
        if act.deadline is not None:
            ends = f"deadline: the end of {act.deadline.end}, {act.deadline.calendar}"
            yield from _wrapped(f"{ends}; then: {act.deadline.expiry}", 6)
            break
    if first.remedy:
        yield from _wrapped(f"what you can do: {first.remedy}", 6)
    yield from _wrapped(
        f"appeal: {first.appeal.body}, within {first.appeal.days} days [{first.appeal.status}]", 6
    )
