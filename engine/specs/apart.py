"""A feature run in a process of its own, which is killed when its time is up.

For what visitors write: the runner keeps time between decisions, and this keeps it whatever happens
in one. Nothing of the child's is believed but results, decoded into typed structs. POSIX only.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from engine import cores
from engine.release import Release
from engine.specs.feature import Feature, Obligation, Scenario
from engine.specs.runner import LIMIT, Outcome, ScenarioResult, StepResult, run
from engine.specs.world import Ground

START = 60.0
"""Seconds that the child may take to load the release."""
GRACE = 2.0
"""Seconds that it outlives a scenario's limit by: its own clock comes first, and knows the step."""
TICK = 0.1
"""Seconds between two looks at whether somebody still waits."""

_BOOT = """\
import sys
sys.path[:] = sys.argv[1:]
from engine.specs.apart import attend
attend()
"""


class Task(Struct, frozen=True):
    """What the child is to run."""

    release: Release
    declarations: str
    feature: Feature
    limit: float
    hidden: frozenset[str] = frozenset()


def attend() -> None:
    """Run the task on standard input, one result a line: all that the child does."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    task = msgspec.msgpack.decode(os.pread(0, os.fstat(0).st_size, 0), type=Task)
    most = START + len(task.feature.scenarios) * (task.limit + GRACE)
    signal.setitimer(signal.ITIMER_REAL, most)  # if nobody is left to kill it
    ground = Ground.of(task.release, Path(task.declarations), hidden=task.hidden)
    out = sys.stdout.buffer
    out.write(b"\n")
    out.flush()
    for result in run([task.feature], ground, limit=task.limit):
        out.write(msgspec.json.encode(result) + b"\n")
        out.flush()


def run_apart(
    feature: Feature,
    release: Release,
    declarations: Path,
    *,
    limit: float = LIMIT,
    stop: Callable[[], bool] = lambda: False,
    hidden: frozenset[str] = frozenset(),
) -> Iterator[ScenarioResult]:
    """Each scenario's result, in order; *limit* in seconds for each, hard.

    *hidden* are the ids of rules that no step may name.

    Once one is stopped hard, or *stop* says that nobody waits any more, the others are not run.
    """
    task = Task(release, str(declarations.absolute()), feature, limit, hidden)
    body = msgspec.msgpack.encode(task)
    cases = [(one, scenario) for one in feature.obligations for scenario in one.scenarios]
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        with cores.anywhere():
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, *(str(Path(p).absolute()) for p in sys.path)],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    assert process.stdout is not None
    lines = _Lines(process.stdout.fileno(), stop)
    try:
        lines.next(START, "it did not start")
        for obligation, scenario in cases:
            begun = time.monotonic()
            line = lines.next(limit + GRACE, f"stopped after {limit:g} s")
            if line is None:
                yield _stopped(obligation, scenario, lines.why, time.monotonic() - begun)
            else:
                yield msgspec.json.decode(line, type=ScenarioResult)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class _Lines:
    """Lines of a pipe, until one is not there; then *why* says so of it and of all that follow."""

    def __init__(self, end: int, stop: Callable[[], bool]) -> None:
        self._end, self._stop = end, stop
        self._held = b""
        self.why = ""

    def next(self, limit: float, late: str) -> bytes | None:
        """The next line, waited for *limit* seconds; *late* is why there is none then."""
        deadline = time.monotonic() + limit
        while b"\n" not in self._held and not self.why:
            left = deadline - time.monotonic()
            if self._stop():
                self.why = "stopped: nobody waits for it any more"
            elif left <= 0:
                self.why = late
            elif select.select([self._end], [], [], min(left, TICK))[0]:
                got = os.read(self._end, 1 << 16)
                self._held += got
                self.why = "" if got else "stopped: its process ended"
        if self.why:
            return None
        line, _, self._held = self._held.partition(b"\n")
        return line


def _stopped(
    obligation: Obligation, scenario: Scenario, words: str, seconds: float
) -> ScenarioResult:
    """Nobody knows at which step: the first one says so."""
    first, *others = scenario.steps
    return ScenarioResult(
        scenario=scenario,
        obligation=obligation,
        steps=(
            StepResult(step=first, outcome=Outcome.STOPPED, words=words),
            *(StepResult(step=one, outcome=Outcome.NOT_RUN) for one in others),
        ),
        seconds=seconds,
        rules=(),
    )
