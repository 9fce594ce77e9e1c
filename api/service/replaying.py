"""Taking a kept decision again, by the release that took it, and comparing the two.

A decision that cannot be taken again as it was says why; nothing that is kept is changed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from api.messages import Sent
from api.service.comparing import Difference, differences
from api.service.deciding import Service
from api.service.disclosing import Seen, whole
from api.service.elsewhere import Answer, ElsewhereError, Task, decided
from api.service.history import History, Kept
from api.service.releases import file_of
from engine.decide.decision import Decision, ReleaseRef


class Replay(Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of taking a decision again.

    *exact*: byte for byte the decision that was kept. *differences* are those in substance.
    *persons_erased*: it was taken without the persons of the declaration. *failed* says why there
    is nothing to compare.
    """

    decision: str
    release: ReleaseRef
    exact: bool
    differences: tuple[Difference, ...] = ()
    persons_erased: bool = False
    failed: str | None = None


class Old(Struct, frozen=True):
    """A kept decision with what it rested on."""

    history: History
    kept: Kept

    @property
    def task(self) -> Task:
        """What the decider was told."""
        version, before = self.kept.version, self.history.before(self.kept)
        return Task(
            request=version.request,
            on=version.decision.on,
            first_seen=version.first_seen,
            acts=version.acts,
            before=before.version.decision if before else None,
        )


def replay(
    service: Service, olds: Iterable[Old], seen: Seen = whole, group: int = 200
) -> Iterator[Replay]:
    """Take each of *olds* again, *group* at a time; those of another release in its own process.

    Differences are told as whoever asks may see them.
    """
    waiting: dict[str, list[Old]] = {}
    for old in olds:
        digest = old.kept.version.decision.release.digest
        waiting.setdefault(digest, []).append(old)
        if len(waiting[digest]) == group:
            yield from _replayed(service, digest, waiting.pop(digest), seen)
    for digest, rest in waiting.items():
        yield from _replayed(service, digest, rest, seen)


def _replayed(service: Service, digest: str, olds: Sequence[Old], seen: Seen) -> Iterator[Replay]:
    tasks = [old.task for old in olds]
    if digest == service.decider.release.digest:
        answers = [Answer(decision=service.done(task)) for task in tasks]
    else:
        try:
            answers = decided(file_of(service.store, digest), service.trusted, service.keys, tasks)
        except ElsewhereError as error:
            for old in olds:
                yield _failed(old, f"release {digest} cannot be run: {error}")
            return
    for old, answer in zip(olds, answers, strict=True):
        if answer.decision is None:
            yield _failed(old, "; ".join(problem.message for problem in answer.problems))
        else:
            yield _compared(old, answer.decision, seen)


def _compared(old: Old, again: Decision, seen: Seen) -> Replay:
    version = old.kept.version
    if version.lodged is not None:
        again = Sent(request=version.request, lodged=version.lodged).told(again)
    return Replay(
        decision=version.decision.id,
        release=version.decision.release,
        exact=msgspec.json.encode(again) == msgspec.json.encode(version.decision),
        differences=differences(seen(version.decision), seen(again)),
        persons_erased=version.persons_erased,
    )


def _failed(old: Old, reason: str) -> Replay:
    return Replay(
        decision=old.kept.version.decision.id,
        release=old.kept.version.decision.release,
        exact=False,
        persons_erased=old.kept.version.persons_erased,
        failed=reason,
    )
