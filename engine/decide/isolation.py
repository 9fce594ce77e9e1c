"""An engine in a process of its own: whatever it dies of, it costs no decision.

Why a process: what native code does cannot be limited from within. A thread cannot be ended, a
Python signal handler waits until C code returns, C code that holds the interpreter's lock stops
even the thread that would watch the time, and a wild pointer takes the whole process along.

The process itself is in `child`; here is when one is asked, killed and replaced. One child answers
one item after the other; throughput comes from more processes. POSIX only.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable

from engine.decide.answer import Answer, Apart, EngineError
from engine.decide.child import Child, Factory, LostError
from engine.decide.gates import BaseTests
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.wire import Answered, Failed, Knowledge, Ready, Reply, asked, pack
from engine.declaration.facts import Facts
from engine.language.base import RuleBase

Clock = Callable[[], float]


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


AHEAD = 2**14
"""Bytes of an item that a child is asked about while it is at another. As many as are taken ahead
must fit between the two unread: whoever asks never waits until they are read."""


class Queued:
    """An item for an isolated engine; *child* is the one that was asked about it, if any was."""

    def __init__(self, engine: Isolated, sequence: int, body: bytes) -> None:
        self._engine, self.sequence, self.body = engine, sequence, body
        self.child: Child | None = None

    def answer(self) -> Answer:
        """As `Isolated.judge`."""
        return self._engine.answered(self)

    def leave(self) -> None:
        """Nobody waits for the answer any more."""
        self._engine.left(self)


class Isolated(Apart):
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
        self._asked: deque[int] = deque()  # of the child that is there, in order
        self._awaited: set[int] = set()
        self._later: list[Queued] = []
        self._replies: dict[int, Answered | Failed] = {}
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
            queued = self._told(facts)
        return queued.answer()

    def ahead(self, facts: Facts) -> Queued:
        """Take an item whose answer is waited for later. When the first is waited for, the child
        is asked about all that were taken, so that it is woken once.

        Raises `EngineError` for what cannot be sent.
        """
        with self._lock:
            queued = self._told(facts)
            if len(queued.body) <= AHEAD:
                self._later.append(queued)
        return queued

    def answered(self, queued: Queued) -> Answer:
        """The answer to an item that was told of. Raises as `judge` does."""
        with self._lock:
            try:
                reply = self._replies.pop(queued.sequence, None) or self._reply(queued)
            except LostError as error:
                raise EngineError(self._lost(str(error))) from error
            except BaseException:
                # Interrupted: an answer may be under way that nobody waits for.
                self._drop()
                raise
            finally:
                self._forget(queued)
            self._back_off.answered()
        if isinstance(reply, Answered):
            return reply.answer
        assert isinstance(reply, Failed)
        raise EngineError(reply.reason)

    def left(self, queued: Queued) -> None:
        """Forget an item: its answer, if it is under way, is passed over."""
        with self._lock:
            self._forget(queued)
            self._replies.pop(queued.sequence, None)

    def _forget(self, queued: Queued) -> None:
        """Nobody waits for it: where it is not asked yet, it never is."""
        self._awaited.discard(queued.sequence)
        if queued in self._later:
            self._later.remove(queued)

    def _told(self, facts: Facts) -> Queued:
        self._sequence += 1
        return Queued(self, self._sequence, asked(self._sequence, facts))

    def _ask(self, child: Child, queued: Queued) -> None:
        """Ask about an item, with all that were taken if it is one of them."""
        together = [queued]
        if queued in self._later:
            together, self._later = self._later, []
        for one in together:
            self._asked.append(one.sequence)
            self._awaited.add(one.sequence)
            one.child = child
        child.ask(one.body for one in together)

    def _reply(self, queued: Queued) -> Answered | Failed:
        """What the child says of an item. Raises `LostError`."""
        child = self._present()
        child.started()
        if queued.child is not child:  # not asked yet, or one that is no more
            self._ask(child, queued)
        while True:
            reply = self._checked(child.reply())
            if reply.sequence == queued.sequence:
                return reply
            if reply.sequence in self._awaited:
                self._replies[reply.sequence] = reply

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
            self._asked.clear()
            self._end()

    def _checked(self, reply: Reply) -> Answered | Failed:
        """Raises `LostError` for what cannot be the answer to the item that is next."""
        if isinstance(reply, Ready) or not self._asked or reply.sequence != self._asked.popleft():
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
        return reply

    def _lost(self, reason: str) -> str:
        """Without the child, and with a new one where that may be. What is said of it."""
        self._drop()
        self._last = f"its process {reason}"
        self._back_off.failed()
        if not self._back_off.resting:
            with contextlib.suppress(LostError):
                self._start()
        return self._last
