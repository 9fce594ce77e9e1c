"""Several consignments: many of some kinds, decided one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Container
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from engine.decide.combining import rank
from engine.decide.decision import Control, ItemDecision
from engine.declaration.declaration import Request
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed, read

PHRASES = Phrases("series of consignments")

MAX_COUNT = 2_000
"""The most consignments that a step may ask for."""

SIGMAS = 4
"""How many standard deviations a share drawn at random may be off: once in 16,000 series."""


# Many


@PHRASES.given("{count:Count} consignments, in turn of {kinds}")
def many(world: World, count: int, kinds: str) -> None:
    """So many consignments; kinds are names of declarations, with `;` between. Each has papers of
    its own, so that each is drawn by itself.
    """
    if not 1 <= count <= MAX_COUNT:
        raise UnclearError(f"a series has 1 to {MAX_COUNT:,} consignments")
    templates = []
    for kind in kinds.split("; "):
        world.take(kind)
        templates.append(read(world.request))
    world.series = [
        _numbered(templates[number % len(templates)], f"SERIES-{number + 1}")
        for number in range(count)
    ]


def _numbered(request: Request, name: str) -> Request:
    declaration = replace(request.declaration, id=name, transport_document=name)
    return replace(request, declaration=declaration)


@PHRASES.when("each of them is decided on {day:Day}")
def each_decided(world: World, day: date) -> None:
    """Every consignment of the series, by itself."""
    if not world.series:
        raise UnclearError("there is no series: say of how many consignments")
    world.decisions = [world.decide(request, day) for request in world.series]
    world.decision = world.decisions[-1]


@PHRASES.then("the share that is examined by discretion rises with the risk level")
def rises(world: World) -> None:
    """From each level to the next, at least as large a share of the goods meets a selected control
    that neither law nor the lot chose; and the highest level a larger one than the lowest.
    """
    shares = _shares(world, lambda one: one.selected_by == "criteria" and bool(one.selected))
    found = list(shares.values())
    words = listed(f"{level} {share:.1%}" for level, share in shares.items())
    expect(len(found) > 1, f"all goods are of one level: {words}")
    expect(found == sorted(found), words)
    expect(found[0] < found[-1], words)


@PHRASES.then("the most intense control of a consignment rises with the risk level")
def intensity_rises(world: World) -> None:
    """From each level to the next, the gravest discretionary control is at least as grave."""
    most: dict[str, int] = {}
    for item in _items(world):
        tasks = [
            one.task for one in item.controls if one.selected_by == "criteria" and one.selected
        ]
        gravest = max((rank(world.release.vocabulary, task) for task in tasks), default=0)
        most[item.risk_level] = max(most.get(item.risk_level, 0), gravest)
    found = [most[level] for level in _levels(world, most)]
    expect(found == sorted(found), f"the intensities are {found}")
    expect(found[0] < found[-1], f"the intensities are {found}")


@PHRASES.then(
    "of the goods of {level} risk only a random share is stopped, declared as {share:Share}"
)
def random_share(world: World, level: str, share: Decimal) -> None:
    """Nothing but the declared draw stops them, and it draws about as many as it declares."""
    wanted = world.term("level", level)
    items = [item for item in _items(world) if item.risk_level == wanted]
    expect(items, f"no goods are of {level} risk")
    stopping = [one for item in items for one in item.controls if one.selected]
    others = [one.reasons.title for one in stopping if one.selected_by != "random"]
    expect(not others, f"they are stopped by {listed(dict.fromkeys(others))}")
    declared = {one.rate for item in items for one in item.controls if one.selected_by == "random"}
    expect(declared == {share}, f"declared is {listed(f'{rate:%}' for rate in declared)}")
    drawn = len(stopping) / len(items)
    spread = SIGMAS * math.sqrt(float(share * (1 - share)) / len(items))
    expect(abs(drawn - float(share)) <= spread, f"drawn were {drawn:.2%} of {len(items)}")


@PHRASES.then("all goods of {level} risk that are not drawn go through")
def released(world: World, level: str) -> None:
    """No hold, no request, no task: the lane of release."""
    wanted = world.term("level", level)
    for decision in world.decisions:
        for item in decision.items:
            drawn = any(one.selected for one in item.controls)
            if item.risk_level == wanted and not drawn:
                expect(item.channel in ("green", "blue"), f"the lane is {item.channel}")


def _shares(world: World, counted: Callable[[Control], bool]) -> dict[str, float]:
    total: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for item in _items(world):
        total[item.risk_level] += 1
        hits[item.risk_level] += any(map(counted, item.controls))
    return {world.label(level): hits[level] / total[level] for level in _levels(world, total)}


def _levels(world: World, found: Container[str]) -> list[str]:
    return [term.id for term in world.release.vocabulary.of_kind("level") if term.id in found]


def _items(world: World) -> list[ItemDecision]:
    if not world.decisions:
        raise UnclearError("no series was decided yet: say when each of them is")
    return [item for decision in world.decisions for item in decision.items]
