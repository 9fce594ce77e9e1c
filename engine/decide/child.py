"""A process that holds an engine: its own side of the wire, and that of whoever started it.

The child gets the rules on its standard input, as a file, and one end of a pair of sockets, over
which frames go (see `wire`). It answers one item after the other, and may be asked about the
next before it is done.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import msgspec

from engine import cores, garbage
from engine.decide.answer import Engine, EngineError
from engine.decide.program import Program
from engine.decide.wire import (
    Answered,
    Channel,
    Failed,
    FrameError,
    Knowledge,
    Ready,
    Reply,
    item,
    pack,
    replies,
)

GRACE = 1.0
"""Seconds that a child outlives its limit by, if nobody is left to kill it."""

_BOOT = """\
import sys
sys.path[:] = sys.argv[5:]
from engine.decide.child import attend
attend(*sys.argv[1:5])
"""

Factory = Callable[[Program], Engine]


# The child's side


def attend(end: str, factory: str, time_limit: str, start_limit: str) -> None:
    """Build the engine and answer items until the parent is gone: all that a child does."""
    # No core file: it would hold declarations.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not a handler but the default action, which ends even a native loop with no parent to kill it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    _alarm(float(start_limit) + GRACE)
    channel = Channel(socket.socket(fileno=int(end)))
    try:
        engine = _built(factory)
    except Exception as error:
        channel.send(pack(Failed(0, _words(error))))
        return
    garbage.settle()
    channel.send(pack(Ready()))
    while True:
        _alarm(0)
        try:
            sequence, facts = item(channel.receive())
        except (EOFError, OSError):
            os._exit(0)  # the parent is gone; nothing here is worth a tidy end that may hang
        _alarm(float(time_limit) + GRACE)
        reply: Reply
        try:
            reply = Answered(sequence, engine.judge(facts))
        except Exception as error:
            reply = Failed(sequence, _words(error))
        channel.send(pack(reply))


def _built(factory: str) -> Engine:
    knowledge = msgspec.msgpack.decode(os.pread(0, os.fstat(0).st_size, 0), type=Knowledge)
    module, _, name = factory.partition(":")
    make: Factory = getattr(import_module(module), name)
    return make(Program(knowledge.base, knowledge.vocabulary))


def _alarm(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _words(error: Exception) -> str:
    said = str(error)[:1000]
    return said if isinstance(error, EngineError) else f"{type(error).__name__}: {said}"


# The parent's side


class LostError(Exception):
    """A child is of no more use; the message says of what."""


class Child:
    """One child process, from its start to its end. Raises `OSError` where none can be made."""

    def __init__(self, factory: str, knowledge: bytes, limits: tuple[float, float]) -> None:
        self.ready = False
        self._owner = os.getpid()
        self._limits = limits
        mine, theirs = socket.socketpair()
        self._channel = Channel(mine)
        path = [str(Path(place).absolute()) for place in sys.path]
        words = [str(theirs.fileno()), factory, *map(str, limits), *path]
        try:
            with theirs, tempfile.TemporaryFile() as file, cores.anywhere():
                file.write(knowledge)
                file.flush()
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", _BOOT, *words],
                    stdin=file,
                    stdout=subprocess.DEVNULL,  # what native code prints is nobody's output
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # an interrupt at the terminal is the parent's affair
                )
        except BaseException:
            mine.close()
            raise
        self.pid = self._process.pid

    @property
    def mine(self) -> bool:
        """Whether this process started it, and not one that this process was forked from."""
        return self._owner == os.getpid()

    def started(self) -> None:
        """Return once it takes items. Raises `LostError`."""
        if self.ready:
            return
        try:
            with self._faults(self._limits[1]) as deadline:
                reply = replies.decode(self._channel.receive(deadline))
        except LostError as error:
            raise LostError(f"could not start: it {error}") from error
        if isinstance(reply, Failed):
            raise LostError(f"could not start: {reply.reason}")
        self.ready = True

    def ask(self, bodies: Iterable[bytes]) -> None:
        """Ask about items. Raises `LostError`."""
        with self._faults(self._limits[0]) as deadline:
            self._channel.send(*bodies, deadline=deadline)

    def reply(self) -> Reply:
        """The next reply; items are replied to in the order asked. Raises `LostError`."""
        with self._faults(self._limits[0]) as deadline:
            return replies.decode(self._channel.receive(deadline))

    @contextlib.contextmanager
    def _faults(self, limit: float) -> Iterator[float]:
        """Until when something may take that has *limit* seconds; what goes wrong by then."""
        try:
            yield time.monotonic() + limit
        except TimeoutError:
            raise LostError(f"did not answer within {limit:g} s") from None
        except (EOFError, OSError):
            raise LostError(self._fate()) from None
        except (msgspec.DecodeError, FrameError) as error:
            raise LostError(f"sent something that is no answer ({error})") from None

    def _fate(self) -> str:
        try:
            code = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "hung up"
        if code < 0:
            return f"was ended by signal {-code} ({signal.strsignal(-code)})"
        return f"exited with code {code}"

    def end(self) -> None:
        """Kill and reap it; a forked copy of the parent only lets go of it."""
        self._channel.close()
        if self.mine:
            self._process.kill()
            self._process.wait()
