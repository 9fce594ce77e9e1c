"""One declaration, version after version, to decisions: the whole path in one place.

Facts → both engines → one answer → risks, controls, statuses → requests → order. Nothing here
reads a clock or a file: the day, the keys and the first-seen day come in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec

from engine.decide import combining
from engine.decide.acts import Acting, check_acts, recorded
from engine.decide.agreement import Judgement, consult_each
from engine.decide.answer import Engine
from engine.decide.combining import Drawer
from engine.decide.decision import (
    Channel,
    Control,
    Decision,
    Exempted,
    ItemDecision,
    ReleaseRef,
    Remark,
    Undetermined,
)
from engine.decide.draw import WHAT_IF, DrawKeys, consignment_unit
from engine.decide.explanation import Explainer, Explaining
from engine.decide.program import Program
from engine.decide.requests import Open, due_after, open_questions, requests
from engine.declaration.acts import Act
from engine.declaration.declaration import Item, KnownItem, Request
from engine.declaration.derive import Derived, ItemFacts, item_facts
from engine.declaration.problems import malformed

ONE_ENGINE = "only one engine answered: durable-rules is not available on this Python"


class Decider:
    """Decides with one release: its program and its engines."""

    def __init__(self, program: Program, engines: Sequence[Engine], release: ReleaseRef) -> None:
        self.program, self.engines, self.release = program, tuple(engines), release
        self._explaining = Explaining(program)
        self._governing = frozenset(compiled.rule.date for compiled in program.rules)

    def decide(
        self,
        request: Request,
        *,
        on: date,
        keys: DrawKeys,
        first_seen: date | None = None,
        what_if: bool = False,
        acts: Sequence[Act] = (),
        before: Decision | None = None,
    ) -> Decision:
        """The decision on the latest version of a declaration.

        *on* is the day of the decision; *first_seen* the day on which the goods were first seen,
        which keys the draw; *acts* what officers have done since; *before* the decision that this
        one supersedes, where one was taken on the earlier versions: they are not decided again.
        Raises `MalformedError` for what a declaration may not state or an officer may not do, and
        `EngineError` where no engine answers.
        """
        return self.decide_versions(
            [request] if before else versions_of(request),
            on=on,
            keys=keys,
            first_seen=first_seen,
            what_if=what_if,
            acts=acts,
            before=before,
        )[-1]

    def decide_versions(
        self,
        versions: Sequence[Request],
        *,
        on: date,
        keys: DrawKeys,
        first_seen: date | None = None,
        what_if: bool = False,
        acts: Sequence[Act] = (),
        before: Decision | None = None,
    ) -> list[Decision]:
        """A decision on each version, oldest first; each supersedes the one before it.

        The draw is keyed to the goods as first declared, so that amending buys no new one. *acts*
        stand in the last one. *before* is what the first one supersedes.
        """
        # A what-if never uses the live key.
        used = DrawKeys(WHAT_IF) if what_if else keys
        unit = consignment_unit(versions[0].first)
        drawer = Drawer(used, unit, first_seen or on)
        decisions: list[Decision] = []
        for request in versions:
            derived = item_facts(request, self.program.vocabulary, on, self._governing)
            done = acts if request is versions[-1] else ()
            check_acts(self.program, done, [item.item for item in derived.items], on)
            before = self._version(derived, drawer, before, on, what_if, done)
            decisions.append(before)
        return decisions

    def _version(
        self,
        derived: Derived,
        drawer: Drawer,
        before: Decision | None,
        on: date,
        what_if: bool,
        acts: Sequence[Act],
    ) -> Decision:
        judged: list[Judgement] = []
        items: list[ItemDecision] = []
        questions: list[Open] = []
        effective: set[str] = set()
        goods = {item.item: item for item in derived.declaration.goods}
        judging = consult_each(self.program, self.engines, (one.facts for one in derived.items))
        for facts, judgement in zip(derived.items, judging, strict=True):
            notified = _notified(before, facts.item)
            item, found, done = self._item(
                facts, goods[facts.item], judgement, drawer, notified, on, acts
            )
            effective |= done
            judged.append(judgement)
            items.append(item)
            questions += found
        vocabulary = self.program.vocabulary
        names = set.intersection(*(set(one.engines) for one in judged))
        version = before.version + 1 if before else 1
        compared = all(one.agreement is not None for one in judged)
        notices = list(dict.fromkeys(notice for one in judged for notice in one.notices))
        if len(self.engines) < 2:
            notices.append(ONE_ENGINE)
        return Decision(
            id=decision_id(derived.declaration.id, version),
            declaration=derived.declaration.id,
            version=version,
            supersedes=before.id if before else None,
            on=on,
            stage=derived.declaration.stage,
            what_if=what_if,
            release=self.release,
            engines=tuple(engine.name for engine in self.engines if engine.name in names),
            agreement=all(one.agreement for one in judged) if compared else None,
            degraded=any(one.degraded for one in judged),
            notices=tuple(notices),
            pending=any(item.pending for item in items),
            channel=max((item.channel for item in items), key=lambda channel: channel.rank),
            status=combining.worst_status((item.status for item in items), vocabulary),
            order=combining.order(vocabulary, items),
            items=tuple(items),
            requests=requests(
                self.program,
                questions,
                due_after(self.program, on, [one.facts for one in derived.items]),
            ),
            remarks=tuple(
                Remark(pointer=report.pointer, code=report.code, message=report.message)
                for report in derived.reports
            ),
            acts=tuple(recorded(vocabulary, act, act.id in effective) for act in acts),
        )

    def _item(
        self,
        facts: ItemFacts,
        goods: Item,
        judgement: Judgement,
        drawer: Drawer,
        notified: Sequence[Control],
        on: date,
        acts: Sequence[Act],
    ) -> tuple[ItemDecision, list[Open], set[str]]:
        program, answer = self.program, judgement.answer
        explainer = Explainer(self._explaining, facts.facts, answer)
        acting = Acting(
            program.vocabulary,
            combining.carried_over(
                combining.controls(program, answer, goods, drawer, on), notified
            ),
            combining.statuses(program, answer, facts.facts, on),
        )
        for act in acts:
            if act.item in (None, facts.item):
                acting.do(act)
        controls, statuses = tuple(acting.controls), tuple(acting.statuses)
        found = [
            question.without(
                [fact for agency, fact in acting.waived if agency == self._agency(question)]
            )
            for question in open_questions(program, explainer, facts.item, acting.standing)
        ]
        pending = any(question.asks for question in found)
        near = explainer.near_misses()
        channel: Channel = combining.channel(
            program.vocabulary, controls, statuses, pending=pending, review=judgement.degraded
        )
        exempted = explainer.exempted()
        listed = answer.applies | answer.undetermined | {*near, *(number for number, _ in exempted)}
        item = ItemDecision(
            item=facts.item,
            channel=channel,
            status=combining.worst_status(combining.standing(statuses), program.vocabulary),
            risk_level=answer.level[0],
            possible_risk_level=answer.level[1],
            pending=pending,
            technical_review=judgement.degraded,
            risks=combining.risks(program, answer),
            lone_likelihoods=combining.lone_likelihoods(program, answer),
            controls=controls,
            statuses=statuses,
            exempted=tuple(self._exempted(number, by) for number, by in exempted),
            undetermined=tuple(self._undetermined(question) for question in found),
            applied=tuple(explainer.weighed(n, "applies") for n in sorted(answer.applies)),
            near_misses=tuple(explainer.weighed(number, "does not apply") for number in near),
            others=len(program.rules) - len(listed),
        )
        return item, found, acting.effective

    def _agency(self, question: Open) -> str:
        return self.program.rules[question.number].rule.agency

    def _exempted(self, number: int, by: str) -> Exempted:
        rule = self.program.rules[number].rule
        return Exempted(
            rule=rule.id, agency=rule.agency, by=by, would_impose=combining.imposition(rule)
        )

    def _undetermined(self, question: Open) -> Undetermined:
        rule = self.program.rules[question.number].rule
        return Undetermined(
            rule=rule.id,
            title=rule.title,
            agency=rule.agency,
            missing=question.facts,
            would_impose=combining.imposition(rule),
            on_unknown=rule.on_unknown,
        )


def decision_id(declaration: str, version: int) -> str:
    """The name of a decision: the same declaration and version, the same name."""
    digest = hashlib.sha256(f"{version}\n{declaration}".encode()).hexdigest()
    return f"d-{digest[:20]}"


def versions_of(request: Request) -> list[Request]:
    """The versions that a request holds, oldest first, each with those before it.

    What is known of documents is known of the latest version only; facts of all.
    Raises `MalformedError` where a version is of another declaration.
    """
    for index, earlier in enumerate(request.earlier):
        if earlier.id != request.declaration.id:
            raise malformed(
                f"/earlier/{index}/id",
                "this is a version of another declaration",
                f"its id must be `{request.declaration.id}`",
            )
    versions = []
    for index, declaration in enumerate(request.earlier):
        numbers = {item.item for item in declaration.goods}
        known = msgspec.structs.replace(
            request.known,
            documents=(),
            items=tuple(
                KnownItem(item=item.item, facts=item.facts)
                for item in request.known.items
                if item.item in numbers
            ),
        )
        versions.append(
            Request(declaration=declaration, known=known, earlier=request.earlier[:index])
        )
    return [*versions, request]


def _notified(before: Decision | None, item: int) -> Sequence[Control]:
    """What the superseded decision told of this item's controls."""
    if before is None:
        return ()
    return next((one.controls for one in before.items if one.item == item), ())
