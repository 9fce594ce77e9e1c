"""A decision as its page shows it: the verdict, what each agency does, why, what is left open.

Boundary: prepares plain data in words; what may be shown has been settled before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from api.words.saying import counted, day, drawn, items, share
from engine.decide.audience import WITHHELD, TraderAct, TraderDeadline, TraderDecision
from engine.decide.decision import (
    Appeal,
    Control,
    Deadline,
    Decision,
    HeldStatus,
    Imposition,
    ItemDecision,
    Reasons,
    Remark,
    Risk,
    Weighed,
)
from engine.declaration.declaration import Declaration, Item
from engine.language.sentences import listed
from engine.language.vocabulary import Basis, Vocabulary

CHANNELS = {
    "green": "The goods can be released; nothing is to be checked.",
    "blue": "The goods can be released; they are audited afterwards.",
    "yellow": "Documents or answers come first; the goods need not be opened.",
    "red": "The goods are examined, held or refused before any release.",
}
PENDING = "An answer is awaited: the goods are not released before it is there."
_ABOVE = {
    "reported": "prescribed above what the risk alone would call for",
    "flagged": "above what the risk calls for: flagged for review",
}
_WAYS = {
    "criteria": "selected by risk criteria",
    "random": "drawn at random",
    "mandate": "prescribed by law",
    "scheme": "by the terms of a scheme",
    "manual": "ordered by an officer",
}
_SAW = {"true": "yes", "false": "no", "unknown": "not known"}


@dataclass(frozen=True)
class Verdict:
    """What was decided, in a line; *notes* are what must not be overlooked."""

    channel: str
    meaning: str
    status: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """When a hold is looked at again. *said* is how that was counted, *then* what happens."""

    ends: str
    said: str
    then: str


@dataclass(frozen=True)
class Duty:
    """One thing to do: *words* say it, *where* of which items, *until* what ends it."""

    words: str
    where: str
    until: str = ""
    clock: Clock | None = None


@dataclass(frozen=True)
class Tasks:
    """What one agency does."""

    agency: str
    lead: bool
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    label: str
    where: str
    who: str
    due: str
    why: str
    otherwise: str


@dataclass(frozen=True)
class Named:
    """A rule by its id, and whether the reader may open its page."""

    id: str
    link: bool


@dataclass(frozen=True)
class Ground:
    """What one rule imposes, or an act, and all that it rests on."""

    acts: str
    agency: str
    facts: tuple[str, ...]
    rule: Named | None
    title: str
    because: str | None
    bases: tuple[Basis, ...]
    remedy: str | None
    reason: str | None
    appeal: Appeal
    overdue: bool = False
    clock: Clock | None = None
    idle: bool = False


@dataclass(frozen=True)
class Seen:
    """A rule with what each of its tests saw: the words, the value, what was met."""

    title: str
    rule: Named | None
    tests: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Left:
    """A rule that is left open, or exempted: what it would have brought, and why it does not."""

    title: str
    rule: Named | None
    would: str
    why: str


@dataclass(frozen=True)
class ItemView:
    """One goods item. *idle* are the controls that were not drawn or were lifted."""

    number: int
    goods: str
    channel: str | None
    status: str
    level: str | None
    risks: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    idle: tuple[Ground, ...] = ()
    open: tuple[Left, ...] = ()
    exempted: tuple[Left, ...] = ()
    applied: tuple[Seen, ...] = ()
    near: tuple[Seen, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class Done:
    """An officer's act."""

    words: str
    agency: str
    authority: str
    on: str
    where: str
    note: str
    reason: str
    power: Basis | None
    notice: str | None
    effective: bool


@dataclass(frozen=True)
class View:
    """All of a decision that its page shows; *officer* says for whom.

    *tasks* are for an officer; *remedies*, of what holds the goods, for a trader.
    """

    officer: bool
    verdict: Verdict
    joint: bool
    tasks: tuple[Tasks, ...]
    questions: tuple[Question, ...]
    items: tuple[ItemView, ...]
    remarks: tuple[Remark, ...]
    acts: tuple[Done, ...] = ()
    made: tuple[tuple[str, str], ...] = ()
    clock: Clock | None = None
    remedies: tuple[Duty, ...] = ()


def goods_of(item: Item, vocabulary: Vocabulary) -> str:
    """What an item is, as it was declared: words, code, origin."""
    code = item.commodity_code or ""
    grouped = " ".join(filter(None, (code[:4], code[4:6], code[6:8], code[8:])))
    origin = item.origin and vocabulary.countries.get(item.origin, item.origin)
    parts = [item.description or "", grouped and f"code {grouped}", origin and f"from {origin}"]
    return ", ".join(part for part in parts if part)


class Viewing:
    """Prepares decisions in the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, linked: Callable[[str], bool]) -> None:
        """*linked* says of a rule whether it has a page that the reader may open."""
        self._vocabulary, self._linked = vocabulary, linked
        self._label = vocabulary.label

    # For an officer

    def officer(self, decision: Decision, declaration: Declaration) -> View:
        """The decision whole."""
        goods = {item.item: goods_of(item, self._vocabulary) for item in declaration.goods}
        order = decision.order
        return View(
            officer=True,
            verdict=self._verdict(decision),
            joint=order is not None and order.joint,
            tasks=tuple(self._tasks(decision)),
            questions=tuple(
                Question(
                    label=one.label,
                    where=items(one.items),
                    who=f"asked of the {one.answered_by}, by {self._listed(one.asked_by)}",
                    due=_due(one.due_by),
                    why=_sentence(one.reason),
                    otherwise=_sentence(one.otherwise),
                )
                for one in decision.requests
            ),
            items=tuple(self._item(item, goods.get(item.item, "")) for item in decision.items),
            remarks=decision.remarks,
            acts=tuple(self._acts(decision)),
            made=tuple(self._made(decision)),
            clock=_clock(order.deadline) if order is not None and order.deadline else None,
        )

    def _verdict(self, decision: Decision) -> Verdict:
        notes = []
        if decision.pending:
            notes.append(PENDING)
        if decision.degraded:
            notes.append(
                "The two engines did not agree. An officer reviews this decision before it is used."
            )
        notes += map(_sentence, decision.notices)
        return Verdict(
            channel=str(decision.channel),
            meaning=CHANNELS[decision.channel],
            status=self._label(decision.status),
            notes=tuple(notes),
        )

    def _tasks(self, decision: Decision) -> Iterator[Tasks]:
        """By agency, the lead first: what it holds, then what it checks."""
        lead = decision.order.lead if decision.order else None
        found: dict[str, dict[tuple[str, str, Clock | None], list[int]]] = {}
        for item in decision.items:
            for held in item.statuses:
                if held.lifted is None:
                    until = listed([self._label(one) for one in held.lifted_by], "and")
                    key = (self._label(held.status), until, _clock(held.deadline))
                    found.setdefault(held.agency, {}).setdefault(key, []).append(item.item)
            for control in item.controls:
                if control.selected is not False and control.lifted is None:
                    asked = "" if control.selected else ", if another system draws it"
                    key = (self._label(control.task) + asked, "", None)
                    found.setdefault(control.agency, {}).setdefault(key, []).append(item.item)
        many = len(decision.items) > 1
        for agency in sorted(found, key=lambda one: (one != lead, self._label(one))):
            yield Tasks(
                agency=self._label(agency),
                lead=agency == lead and decision.order is not None and decision.order.joint,
                duties=tuple(
                    Duty(words=words, where=items(at) if many else "", until=until, clock=clock)
                    for (words, until, clock), at in found[agency].items()
                ),
            )

    def _item(self, item: ItemDecision, goods: str) -> ItemView:
        level = self._label(item.risk_level)
        if item.possible_risk_level != item.risk_level:
            level += f", possibly {self._label(item.possible_risk_level)}"
        grounds = [*self._held(item.statuses), *self._controls(item.controls)]
        return ItemView(
            number=item.item,
            goods=goods,
            channel=str(item.channel),
            status=self._label(item.status),
            level=level,
            risks=tuple(self._risks(item.risks)),
            grounds=tuple(one for one in grounds if not one.idle),
            idle=tuple(one for one in grounds if one.idle),
            open=tuple(
                Left(
                    title=one.title,
                    would=self._imposition(one.would_impose),
                    why=f"Not known: {self._facts(one.missing)}." if one.missing else "",
                    rule=self._named(one.rule),
                )
                for one in item.undetermined
            ),
            exempted=tuple(
                Left(
                    title="",
                    would=self._imposition(one.would_impose),
                    why=_sentence(one.by),
                    rule=self._named(one.rule),
                )
                for one in item.exempted
            ),
            applied=tuple(self._seen(one) for one in item.applied),
            near=tuple(self._seen(one, near=True) for one in item.near_misses),
            others=item.others,
        )

    def _risks(self, risks: Iterable[Risk]) -> Iterator[str]:
        """Hazards of one standing, said once: what is certain first, the gravest as they come."""
        found: dict[tuple[bool, str, str, str], dict[str, None]] = {}
        for risk in sorted(risks, key=lambda risk: not risk.certain):
            standing = (risk.certain, risk.danger, risk.likelihood, risk.level)
            found.setdefault(standing, {})[self._label(risk.hazard)] = None
        for (certain, *terms), hazards in found.items():
            danger, likelihood, level = map(self._label, terms)
            yield (
                f"{'' if certain else 'possibly '}{listed(list(hazards), 'and')}: "
                f"danger {danger}, likelihood {likelihood}, so risk {level}"
            )

    def _held(self, statuses: Iterable[HeldStatus]) -> Iterator[Ground]:
        for held in statuses:
            facts = []
            if held.lifted_by:
                documents = listed([self._label(one) for one in held.lifted_by], "and")
                facts.append(f"lifted once verified: {documents}")
            if held.lifted is not None:
                facts.append(f"lifted by act {held.lifted}")
            yield self._ground(
                [self._label(held.status)],
                held.agency,
                tuple(facts),
                held.reasons,
                _clock(held.deadline),
                held.lifted is not None,
            )

    def _controls(self, controls: Iterable[Control]) -> Iterator[Ground]:
        """The controls of one rule, said once; how each was selected where they differ."""
        found: dict[tuple[Reasons, str, bool], dict[str, list[str]]] = {}
        for one in controls:
            idle = one.selected is False or one.lifted is not None
            ways = found.setdefault((one.reasons, one.agency, idle), {})
            ways.setdefault(", ".join(_selected(one)), []).append(self._label(one.task))
        for (reasons, agency, idle), ways in found.items():
            facts = tuple(ways)
            if len(ways) > 1:
                facts = tuple(f"{listed(tasks, 'and')}: {way}" for way, tasks in ways.items())
            tasks = [task for group in ways.values() for task in group]
            yield self._ground(tasks, agency, facts, reasons, None, idle)

    def _ground(
        self,
        acts: list[str],
        agency: str,
        facts: tuple[str, ...],
        reasons: Reasons,
        clock: Clock | None,
        idle: bool,
    ) -> Ground:
        return Ground(
            acts=listed(acts, "and"),
            agency=self._label(agency),
            facts=facts,
            title=reasons.title,
            because=reasons.because,
            bases=reasons.basis,
            remedy=reasons.remedy,
            reason=None if reasons.reason_class is None else self._label(reasons.reason_class),
            appeal=reasons.appeal,
            overdue=reasons.overdue,
            clock=clock,
            idle=idle,
            rule=self._named(reasons.rule),
        )

    def _named(self, rule: str) -> Named | None:
        return None if rule == WITHHELD else Named(rule, self._linked(rule))

    def _seen(self, one: Weighed, near: bool = False) -> Seen:
        tests = [test for test in one.tests if not near or test.value != "true"]
        return Seen(
            title=one.title,
            tests=tuple(
                (
                    f"exempts if {test.test}" if test.exempts else test.test,
                    _SAW[test.value],
                    test.saw,
                )
                for test in tests
            ),
            rule=self._named(one.rule),
        )

    def _imposition(self, one: Imposition) -> str:
        parts = [self._label(task) for task in one.tasks]
        if one.status is not None:
            parts.append(self._label(one.status))
        return listed(parts, "and") or "a finding that other rules test"

    def _acts(self, decision: Decision) -> Iterator[Done]:
        for act in decision.acts:
            concern = "" if act.concerns is None else f" {self._concern(act.concerns)}"
            yield Done(
                words=f"{act.act}{concern}",
                agency=self._label(act.agency),
                authority=act.authority,
                on=day(act.on),
                where="all items" if act.item is None else f"item {act.item}",
                note=act.note,
                reason=self._label(act.reason),
                power=act.power,
                notice=act.notice,
                effective=act.effective,
            )

    def _concern(self, name: str) -> str:
        fact = self._vocabulary.facts.get(name)
        return self._label(name) if fact is None else fact.label

    def _made(self, decision: Decision) -> Iterator[tuple[str, str]]:
        """How the decision was made."""
        yield "law as at", f"{day(decision.on)}, stage {decision.stage}"
        yield "release", decision.release.id
        names = listed(decision.engines, "and")
        if decision.agreement is None:
            yield "engines", f"{names} answered alone"
        else:
            yield "engines", f"{names} {'agree' if decision.agreement else 'do not agree'}"

    def _facts(self, names: Iterable[str]) -> str:
        return listed([self._concern(name) for name in names], "and")

    def _listed(self, terms: Iterable[str]) -> str:
        return listed([self._label(term) for term in terms], "and")

    # For a trader

    def trader(self, told: TraderDecision, declaration: Declaration) -> View:
        """What the trader is told."""
        goods = {item.item: goods_of(item, self._vocabulary) for item in declaration.goods}
        notes = (PENDING,) if told.pending else ()
        return View(
            officer=False,
            verdict=Verdict(
                channel=told.channel,
                meaning=CHANNELS[told.channel],
                status=self._label(told.status),
                notes=notes,
            ),
            joint=False,
            tasks=(),
            questions=tuple(
                Question(
                    label=one.label,
                    where=items(one.items),
                    who="",
                    due=_due(one.due_by),
                    why="",
                    otherwise=_sentence(one.otherwise),
                )
                for one in told.requests
            ),
            items=tuple(
                ItemView(
                    number=item.item,
                    goods=goods.get(item.item, ""),
                    channel=None,
                    status=self._label(item.status),
                    level=None,
                    grounds=tuple(_told((*item.statuses, *item.controls))),
                )
                for item in told.items
            ),
            remarks=told.remarks,
            remedies=tuple(_remedies(told)),
            made=(("law as at", day(told.on)), ("release", told.release.id)),
        )


def _remedies(told: TraderDecision) -> Iterator[Duty]:
    """What the trader can do about each hold or refusal, with its items."""
    found: dict[str, list[int]] = {}
    for item in told.items:
        for held in item.statuses:
            if held.remedy is not None:
                found.setdefault(held.remedy, []).append(item.item)
    many = len(told.items) > 1
    for words, at in found.items():
        yield Duty(words=words, where=items(at) if many else "")


def _told(acts: Iterable[TraderAct]) -> Iterator[Ground]:
    """Acts of one agency on the same grounds, said once."""
    found: dict[tuple[object, ...], list[TraderAct]] = {}
    for act in acts:
        key = (act.agency, act.reason_class, act.basis, act.remedy, act.documents, act.deadline)
        found.setdefault(key, []).append(act)
    for group in found.values():
        first = group[0]
        papers = listed(first.documents, "and")
        yield Ground(
            acts=listed([act.act for act in group], "and"),
            agency=first.agency,
            facts=(f"lifted once verified: {papers}",) if papers else (),
            rule=None,
            title="",
            because=None,
            bases=first.basis,
            remedy=first.remedy,
            reason=first.reason_class,
            appeal=first.appeal,
            clock=_clock(first.deadline),
        )


def _selected(one: Control) -> Iterator[str]:
    """How a control came to be selected, or not."""
    if one.lifted is not None:
        yield f"lifted by act {one.lifted}"
    yield _WAYS.get(one.selected_by, one.selected_by)
    if one.selected_by != "manual":
        least = "at least " if one.kind == "minimum" and one.rate < 1 else ""
        yield f"{least}{share(one.rate, one.unit)}"
    if one.selected is None:
        yield "drawn by another system"
    elif one.draw is not None and one.rate < 1:
        yield drawn(one.draw, one.rate, one.selected)
    if one.notified:
        yield "told to the trader before"
    if one.proportion != "within":
        yield _ABOVE.get(one.proportion, one.proportion)


def _clock(deadline: Deadline | TraderDeadline | None) -> Clock | None:
    if deadline is None:
        return None
    ends, said = f"ends with {day(deadline.end)}", f"by {deadline.calendar}"
    if isinstance(deadline, Deadline):
        if deadline.state == "stopped":
            ends = "stopped: the hold was maintained"
        elif deadline.state == "expired":
            ends = f"ended with {day(deadline.end)}"
        days = counted(deadline.working_days, "working day")
        said = f"{days} from {day(deadline.start)}, {said}"
        if deadline.assumed:
            said += "; counted from the decision, as no other day of suspension is on record"
        if not deadline.complete:
            said += "; the calendar does not cover all of that time: the end may be later"
    return Clock(ends=ends, said=said, then=deadline.expiry)


def _due(due: date | None) -> str:
    return "" if due is None else f"by {day(due)}"


def _sentence(text: str) -> str:
    """*text* with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
