"""Which cores of the machine work is done on.

A worker that stays on one core finds there what it read last; what it starts beside it goes where
there is room. Where a system does not tell of cores, nothing is done.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import ceil
from pathlib import Path

_BOUND = hasattr(os, "sched_setaffinity")


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if _BOUND else set(range(os.cpu_count() or 1))


# Before this process keeps to any of them.
ALLOWED = frozenset(_allowed())


def count(limit: Path | None = None) -> int:
    """How many cores this process has the time of: all that are allowed, or what a quota leaves.

    A container may run on every core of its host, for the time of two. *limit* is the file that
    says so (cgroup v2, `cpu.max`), by default ours.
    """
    with suppress(OSError, ValueError):
        quota, period = (limit or _limit()).read_text().split()
        return max(1, min(len(ALLOWED), ceil(int(quota) / int(period))))
    return len(ALLOWED)


def _limit() -> Path:
    own = Path("/proc/self/cgroup").read_text().strip().rpartition("::")[2]
    return Path("/sys/fs/cgroup", own.lstrip("/"), "cpu.max")


def keep_to(place: int) -> None:
    """Keep this thread, and all that it starts, to the core that is *place*-th of those allowed."""
    _run_on({sorted(ALLOWED)[place]})


@contextmanager
def anywhere() -> Iterator[None]:
    """Start something that keeps to no core, whatever this thread keeps to."""
    kept = _allowed()
    _run_on(ALLOWED)
    try:
        yield
    finally:
        _run_on(kept)


def _run_on(cores: set[int] | frozenset[int]) -> None:
    if _BOUND:
        with suppress(OSError):  # cores can be taken from us meanwhile; we run on what is left
            os.sched_setaffinity(0, cores)
