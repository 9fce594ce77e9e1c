"""What was decided stays decided: decisions of the first of three releases are taken again.

Everyday 200 decisions; 1,000 with COMMENSURA_FULL=1.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count, cycle, islice
from pathlib import Path

import msgspec
import pytest

from api.messages import Sent, sent
from api.service.keeping import Asked
from api.service.policy import Caller
from api.service.replaying import Old, Replay, replay
from api.store import Role
from engine import release as releases
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.http_sample import DECLARATIONS, NOW, Door, Doors

DECISIONS = 1_000 if os.environ.get("COMMENSURA_FULL") else 200
OFFICER = Caller(name="an officer", role=Role.OFFICER, agency="agency:Customs")


def requests() -> Iterator[bytes]:
    """The example declarations again and again, each under a name of its own."""
    numbers = count()
    for path in cycle(sorted(DECLARATIONS.glob("*.*"))):
        if path.suffix in (".json", ".xml"):
            body = path.read_bytes()
            told = sent(body)
            assert isinstance(told, Sent)
            name = told.request.declaration.id.encode()
            yield body.replace(name, b"R%d" % next(numbers))


def lodged(door: Door, bodies: Iterator[bytes]) -> list[Old]:
    found = []
    while group := list(islice(bodies, 100)):
        door.service.lodge_group([(sent(body), Asked(caller=OFFICER)) for body in group])
    for stored in door.store.page(limit=100_000, kind="decision"):
        whole, kept = door.service.found(stored.record.id, OFFICER)
        found.append(Old(whole, kept))
    return found


def without_what_applied(release: Release, olds: list[Old], day: date) -> Release:
    """A later release that lacks the ten rules which applied most."""
    applied = Counter(
        weighed.rule
        for old in olds
        for item in old.kept.version.decision.items
        for weighed in item.applied
    )
    gone = {rule for rule, _ in applied.most_common(10)}
    rules = tuple(rule for rule in release.base.rules if rule.id not in gone)
    base = msgspec.structs.replace(release.base, rules=rules)
    return msgspec.structs.replace(release, base=base, made_on=day)


def take_up(door: Door, release: Release, folder: Path) -> None:
    path = folder / "later.json"
    releases.save(release, path, SIGNER)
    door.store.keep_release(path.read_bytes(), NOW)
    door.service.decider = releases.decider(release)


@pytest.fixture(scope="module")
def first(doors: Doors) -> tuple[Door, list[Old]]:
    door = doors()
    return door, lodged(door, islice(requests(), DECISIONS))


@pytest.fixture(scope="module")
def replays(
    first: tuple[Door, list[Old]], release: Release, tmp_path_factory: pytest.TempPathFactory
) -> list[Replay]:
    door, olds = first
    folder, later = tmp_path_factory.mktemp("later"), release
    for day in (date(2026, 12, 1), date(2027, 1, 1)):
        later = without_what_applied(later, olds, day)
        take_up(door, later, folder)
    return list(replay(door.service, olds))


def test_every_decision_is_taken_again(
    first: tuple[Door, list[Old]], replays: list[Replay]
) -> None:
    assert len({one.decision for one in replays}) == len(first[1]) >= DECISIONS


def test_after_two_further_releases_every_decision_is_exact(replays: list[Replay]) -> None:
    assert [one for one in replays if not one.exact] == []


def test_by_the_last_release_most_would_be_decided_otherwise(
    first: tuple[Door, list[Old]], replays: list[Replay]
) -> None:
    door, olds = first
    some = olds[:40]
    changed = [
        old for old in some if door.service.done(old.task).items != old.kept.version.decision.items
    ]
    assert len(changed) > len(some) / 2
