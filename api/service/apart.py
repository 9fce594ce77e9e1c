"""Work in a process of its own, line by line, within a time; for one job, or for as long as asked.

A release is loaded once a process, and long work must not hold the interpreter of a worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from pathlib import Path
from threading import Timer
from typing import IO, TypeVar

import msgspec
from msgspec import Struct

from engine import cores


class ApartError(Exception):
    """The process did not end well; the message says how, as what follows `the work`."""


def begun(module: str, *arguments: str, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """``python -m module``, that takes and says bytes; its *complaints* go into a file."""
    with cores.anywhere():
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )


def said(module: str, *arguments: str, job: bytes, patience: float) -> Generator[bytes, None, None]:
    """The lines that ``python -m module`` says, which has *job* on its standard input.

    It is ended after *patience* seconds, or where the iterator is closed. Raises `ApartError`.
    """
    with (
        tempfile.TemporaryFile() as complaints,
        begun(module, *arguments, complaints=complaints) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(patience, process.kill)
        timer.start()
        try:
            with suppress(BrokenPipeError), process.stdin as told:  # why it ended is said below
                told.write(job)
            yield from process.stdout
            process.wait()
        finally:
            timer.cancel()
            process.kill()  # where whoever reads gave up
        _check(process.returncode, patience, complaints)


def answer(module: str, *, job: bytes, patience: float) -> bytes:
    """All that ``python -m module`` says of a *job*. Raises `ApartError`."""
    return b"".join(said(module, job=job, patience=patience))


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of JSON from a process: a step of its progress, or, in a kind of its own, the end."""

    step: tuple[str, int, int] | None = None


Last = TypeVar("Last", bound=Line)


def followed(
    module: str,
    *arguments: str,
    job: bytes,
    patience: float,
    kind: type[Last],
    progress: Callable[[str, int, int], None],
) -> Last:
    """The last line, of that *kind*, that a process says; the others are progress. As `said`."""
    last = kind()
    lines = said(module, *arguments, job=job, patience=patience)
    with closing(lines):
        for line in lines:
            last = msgspec.json.decode(line, type=kind)
            if last.step is not None:
                progress(*last.step)
    return last


def say(line: Struct) -> None:
    """In such a process: say a line to whoever started it."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def tell(step: str, done: int, total: int) -> None:
    """In such a process: say how far it is."""
    say(Line(step=(step, done, total)))


def give_way() -> None:
    """In such a process: let whoever asks for a decision go first."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(19)


class Attending:
    """A process, ``python -m module``, that answers each line by a line, until it is ended."""

    def __init__(self, module: str) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._process = begun(module, complaints=self._complaints)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def resident(self) -> int:
        """Its memory in bytes, where the machine tells it."""
        with suppress(OSError):
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
            return int(pages) * os.sysconf("SC_PAGESIZE")
        return 0

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, line: bytes, patience: float) -> bytes:
        """The answer to *line*, for one thread at a time.

        Raises `ApartError`: none came within *patience* seconds, and the process has ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = Timer(patience, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError:  # it does not listen any more
            answer = b""
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            with suppress(subprocess.TimeoutExpired):  # it may say nothing, and live on
                self._process.wait(1)
            self._process.kill()
            try:
                _check(self._process.wait(), patience, self._complaints)
                raise ApartError("ended without an answer")
            finally:
                self.end()
        return answer

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            with suppress(OSError):  # what it did not take is of no use any more
                stream.close()  # type: ignore[union-attr]  # they are pipes
        self._process.wait()


def _check(code: int, patience: float, complaints: IO[bytes]) -> None:
    """Refuse, by `ApartError`, a process that did not end well."""
    if code < 0:
        raise ApartError(f"was ended, after {patience:.0f} seconds at the latest")
    if code:
        complaints.seek(0)
        text = complaints.read().decode("utf-8", "replace")
        raise ApartError(f"failed: {(text.strip().splitlines() or ['no reason given'])[-1]}")
