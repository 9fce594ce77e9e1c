"""A decision for the officers who carry it out, and for those who review it: all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from api.words.decided import (
    CHANNELS,
    PENDING,
    Clock,
    Done,
    Duty,
    Ground,
    ItemView,
    Left,
    Named,
    Question,
    Seen,
    Tasks,
    Verdict,
    View,
    clock_of,
    due_by,
    goods_of,
    sentence,
)
from api.words.saying import day, drawn, items, share
from api.words.spoken import spoken
from engine.decide.audience import WITHHELD
from engine.decide.decision import (
    Control,
    Decision,
    HeldStatus,
    Imposition,
    ItemDecision,
    Reasons,
    Risk,
    Weighed,
)
from engine.declaration.declaration import Declaration
from engine.language.sentences import listed
from engine.language.vocabulary import Vocabulary

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


class OfficerWords:
    """Prepares decisions for officers, in the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, linked: Callable[[str], bool]) -> None:
        """*linked* says of a rule whether it has a page that the reader may open."""
        self._vocabulary, self._linked = vocabulary, linked
        self._label = vocabulary.label

    def view(self, decision: Decision, declaration: Declaration | None = None) -> View:
        """The decision whole; the goods are named where the *declaration* is at hand."""
        declared = () if declaration is None else declaration.goods
        goods = {item.item: goods_of(item, self._vocabulary) for item in declared}
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
                    due=due_by(one.due_by),
                    why=sentence(one.reason),
                    otherwise=sentence(one.otherwise),
                )
                for one in decision.requests
            ),
            items=tuple(self._item(item, goods.get(item.item, "")) for item in decision.items),
            remarks=decision.remarks,
            acts=tuple(self._acts(decision)),
            made=tuple(self._made(decision)),
            clock=clock_of(order.deadline) if order is not None and order.deadline else None,
        )

    def _verdict(self, decision: Decision) -> Verdict:
        notes = []
        if decision.pending:
            notes.append(PENDING)
        if decision.degraded:
            notes.append(
                spoken(
                    "The two engines did not agree. "
                    "An officer reviews this decision before it is used."
                )
            )
        notes += map(sentence, decision.notices)
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
                    key = (self._label(held.status), until, clock_of(held.deadline))
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
                    why=sentence(one.by),
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
                clock_of(held.deadline),
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
