"""An engine in a process of its own: whatever it dies of, it costs no decision.

Why a process: what native code does cannot be limited from within. A thread cannot be ended, a
Python signal handler waits until C code returns, C code that holds the interpreter's lock stops
even the thread that would watch the time, and a wild pointer takes the whole process along.

The child gets the rules on its standard input, as a file, and one end of a pair of sockets, over
which frames go (see `wire`). One item is asked at a time; throughput comes from more processes.
POSIX only.
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
import threading
import time
import weakref
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import msgspec

from engine.decide.answer import Answer, Engine, EngineError
from engine.decide.gates import BaseTests
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.wire import (
    Answered,
    Channel,
    Failed,
    FrameError,
    Knowledge,
    Ready,
    Reply,
    asked,
    item,
    pack,
    replies,
)
from engine.declaration.facts import Facts
from engine.language.base import RuleBase

GRACE = 1.0
"""Seconds that a child outlives its limit by, if nobody is left to kill it."""

_BOOT = """\
import sys
sys.path[:] = sys.argv[5:]
from engine.decide.isolation import attend
attend(*sys.argv[1:5])
"""

Clock = Callable[[], float]
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
            with theirs, tempfile.TemporaryFile() as file:
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

    def ask(self, body: bytes) -> Reply:
        """The reply to an item. Raises `LostError`."""
        time_limit, start_limit = self._limits
        if not self.ready:
            try:
                reply = self._exchange(None, start_limit)
            except LostError as error:
                raise LostError(f"could not start: it {error}") from error
            if isinstance(reply, Failed):
                raise LostError(f"could not start: {reply.reason}")
            self.ready = True
        return self._exchange(body, time_limit)

    def _exchange(self, body: bytes | None, limit: float) -> Reply:
        deadline = time.monotonic() + limit
        try:
            if body is not None:
                self._channel.send(body, deadline)
            return replies.decode(self._channel.receive(deadline))
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


class BackOff:
    """When to let a failing engine rest.

    After *failures* in a row within *window* seconds it rests for *pause* seconds; each failure
    after that doubles the rest, to *longest* at most, until there is an answer again.
    """

    def __init__(
        self,
        *,
        failures: int = 3,
        window: float = 60.0,
        pause: float = 15.0,
        longest: float = 600.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._bound, self._window, self._shortest, self._longest = failures, window, pause, longest
        self._clock = clock
        self._recent: list[float] = []
        self._pause, self._until = pause, float("-inf")

    @property
    def resting(self) -> bool:
        return self._clock() < self._until

    def failed(self) -> None:
        now = self._clock()
        self._recent = [*(then for then in self._recent if now - then <= self._window), now]
        if self._pause > self._shortest or len(self._recent) >= self._bound:
            self._until = now + self._pause
            self._pause = min(2 * self._pause, self._longest)

    def answered(self) -> None:
        self._recent.clear()
        self._pause, self._until = self._shortest, float("-inf")


class Isolated:
    """The engine that *factory* makes of the same program, in a child process.

    The child starts at once and is not waited for. *factory* must be importable by its name.
    *time_limit* is for one item, *start_limit* for building the engine, both in seconds.

    `judge` raises `EngineError` where the child has no answer, and where it hangs, dies or sends
    something else; then it is killed, and a new one is there for the next item unless *back_off*
    says to rest. The child ends with `close`, with this object, and with the process.
    """

    def __init__(
        self,
        program: Program,
        factory: Factory = Network,
        *,
        name: str = Network.name,
        time_limit: float = 5.0,
        start_limit: float = 60.0,
        back_off: BackOff | None = None,
    ) -> None:
        self.name = name
        self._factory = f"{factory.__module__}:{factory.__qualname__}"
        self._limits = time_limit, start_limit
        self._back_off = back_off or BackOff()
        base = RuleBase(
            rules=tuple(compiled.rule for compiled in program.rules),
            parameters=program.parameters,
            matrices=program.matrices,
        )
        self._knowledge = pack(Knowledge(base, program.vocabulary))
        self._rules = frozenset(range(len(program.rules)))
        self._levels, self._facts = frozenset(program.levels), program.vocabulary.facts.keys()
        self._lock = threading.Lock()
        self._sequence = 0
        self._last = ""
        self._closed = False
        self._child: Child | None = None
        with contextlib.suppress(LostError):  # `judge` tries again, and says why not
            self._start()

    @property
    def pid(self) -> int | None:
        """The process that is there for the next item, if any."""
        return self._child.pid if self._child is not None else None

    def __enter__(self) -> Isolated:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child, for good."""
        with self._lock:
            self._closed = True
            self._drop()

    def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:  # noqa: ARG002
        """The engine's answer for one item, as it would give it in this process. The child
        evaluates every test for itself: *base* stays here.
        """
        with self._lock:
            self._sequence += 1
            body = asked(self._sequence, facts)
            try:
                reply = self._present().ask(body)
                self._check(reply)
            except LostError as error:
                raise EngineError(self._lost(str(error))) from error
            except BaseException:
                # Interrupted: an answer may be under way that nobody waits for.
                self._drop()
                raise
            self._back_off.answered()
        if isinstance(reply, Answered):
            return reply.answer
        assert isinstance(reply, Failed)
        raise EngineError(reply.reason)

    def _present(self) -> Child:
        if self._closed:
            raise EngineError("it is closed")
        if self._child is not None and not self._child.mine:
            self._drop()  # two processes must not read each other's answers
        if self._child is None:
            if self._back_off.resting:
                raise EngineError(f"it rests for a while after repeated failures: {self._last}")
            return self._start()
        return self._child

    def _start(self) -> Child:
        try:
            child = Child(self._factory, self._knowledge, self._limits)
        except OSError as error:  # without its path: what is said here is kept with decisions
            raise LostError(f"could not be made: {error.strerror}") from error
        self._child, self._end = child, weakref.finalize(self, child.end)
        return child

    def _drop(self) -> None:
        if self._child is not None:
            self._child = None
            self._end()

    def _check(self, reply: Reply) -> None:
        """Raises `LostError` for what cannot be the answer to the item just asked."""
        if isinstance(reply, Ready) or reply.sequence != self._sequence:
            raise LostError("answered another item than it was asked")
        if isinstance(reply, Answered):
            answer = reply.answer
            named = {fact for fact, _ in answer.certain | answer.possible}
            if not (
                answer.applies | answer.undetermined <= self._rules
                and self._levels.issuperset(answer.level)
                and named <= self._facts
            ):
                raise LostError("answered with rules, facts or levels that there are not")

    def _lost(self, reason: str) -> str:
        """Without the child, and with a new one where that may be. What is said of it."""
        self._drop()
        self._last = f"its process {reason}"
        self._back_off.failed()
        if not self._back_off.resting:
            with contextlib.suppress(LostError):
                self._start()
        return self._last
