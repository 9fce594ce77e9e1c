"""Microseconds per item, in rounds that take the contestants in turn.

Another process on the machine, or a change of its clock, then falls on all of them alike.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.benchmarks.soak import resident

ROUNDS = 5


@dataclass(frozen=True)
class Contestant:
    """One judge, and what it is given for each item. *slow*: it is given few of them."""

    name: str
    judge: Callable[[Any], object]
    given: Sequence[Any]
    slow: bool = False


@dataclass(frozen=True)
class Timing:
    """Microseconds an item: the median of the rounds' means, and percentiles over all rounds."""

    name: str
    items: int
    mean: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Built:
    """What a construction took."""

    name: str
    seconds: float
    mebibytes: float


def rounds(contestants: Sequence[Contestant], few: int) -> list[Timing]:
    """Time every contestant over its items; the slow ones over the first *few*."""
    given = [c.given[:few] if c.slow else c.given for c in contestants]
    gc.collect()
    gc.freeze()  # as a service does once it has loaded
    taken: list[list[list[float]]] = [[] for _ in contestants]
    for number in range(ROUNDS + 1):
        for contestant, items, times in zip(contestants, given, taken, strict=True):
            of_round = _round(contestant.judge, items)
            if number > 0:  # the first warms up
                times.append(of_round)
    return [_timing(c.name, times) for c, times in zip(contestants, taken, strict=True)]


def _round(judge: Callable[[Any], object], items: Sequence[Any]) -> list[float]:
    times, clock = [], time.perf_counter_ns
    for item in items:
        start = clock()
        judge(item)
        times.append((clock() - start) / 1000)
    return times


def _timing(name: str, times: list[list[float]]) -> Timing:
    every = sorted(value for of_round in times for value in of_round)
    return Timing(
        name,
        len(times[0]),
        median(sum(of_round) / len(of_round) for of_round in times),
        every[len(every) // 2],
        every[len(every) * 99 // 100],
    )


def built(name: str, make: Callable[[], Any]) -> tuple[Any, Built]:
    """Construct something; also its time, and by how much resident memory grew."""
    gc.collect()
    before, start = resident(), time.perf_counter()
    made = make()
    seconds = time.perf_counter() - start
    gc.collect()
    return made, Built(name, seconds, (resident() - before) / 1024)
