"""A decision as its trader is told of it: what holds the goods, on which ground, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.words.decided import (
    CHANNELS,
    PENDING,
    Duty,
    Ground,
    ItemView,
    Question,
    Verdict,
    View,
    clock_of,
    due_by,
    goods_of,
    sentence,
)
from api.words.saying import day, items
from engine.decide.audience import TraderAct, TraderDecision
from engine.declaration.declaration import Declaration
from engine.language.sentences import listed
from engine.language.vocabulary import Vocabulary


def trader_view(
    told: TraderDecision, declaration: Declaration | None, vocabulary: Vocabulary
) -> View:
    """What the trader is told; the goods are named where the *declaration* is at hand."""
    declared = () if declaration is None else declaration.goods
    goods = {item.item: goods_of(item, vocabulary) for item in declared}
    notes = (PENDING,) if told.pending else ()
    return View(
        officer=False,
        verdict=Verdict(
            channel=told.channel,
            meaning=CHANNELS[told.channel],
            status=vocabulary.label(told.status),
            notes=notes,
        ),
        joint=False,
        tasks=(),
        questions=tuple(
            Question(
                label=one.label,
                where=items(one.items),
                who="",
                due=due_by(one.due_by),
                why="",
                otherwise=sentence(one.otherwise),
            )
            for one in told.requests
        ),
        items=tuple(
            ItemView(
                number=item.item,
                goods=goods.get(item.item, ""),
                channel=None,
                status=vocabulary.label(item.status),
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
            clock=clock_of(first.deadline),
        )
