"""Engines with a seeded fault, for `test_decide_isolation*`: a child process imports them by name.

Each tells the truth of every item but one: goods of the code `BAD`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import msgspec

from engine.decide import network
from engine.decide.answer import Answer, EngineError
from engine.decide.child import Factory
from engine.decide.gates import BaseTests
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.decide.wire import MAX_FRAME, Answered
from engine.declaration.facts import Facts

BAD = "8712"
SIGN = "COMMENSURA_TEST_SIGN"
"""Names a file by which an engine and its test tell each other something."""


class Faulty:
    """Judges by the specification, save for goods of the bad code."""

    name = "durable-rules"

    def __init__(self, program: Program) -> None:
        self.program, self.truth = program, Semantics(program)

    def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:
        if facts.values.get("goods.commodityCode") == BAD:
            return self.fault(facts)
        return self.truth.judge(facts)

    def fault(self, facts: Facts) -> Answer:
        raise NotImplementedError


class Truthful(Faulty):
    def fault(self, facts: Facts) -> Answer:
        return self.truth.judge(facts)


class Lying(Faulty):
    """Finds the mandate `law` not to apply, and `mild` neither."""

    def fault(self, facts: Facts) -> Answer:
        lost = {self.program.numbers["law"], self.program.numbers["mild"]}
        true = self.truth.judge(facts)
        return msgspec.structs.replace(true, applies=true.applies - lost)


class Raising(Faulty):
    def fault(self, facts: Facts) -> Answer:
        raise ZeroDivisionError("broken")


class Looping(Faulty):
    def fault(self, facts: Facts) -> Answer:
        while True:
            pass


class Holding(Faulty):
    """Never returns from native code, and holds the interpreter's lock meanwhile."""

    def fault(self, facts: Facts) -> Answer:
        ctypes.PyDLL(None).pause()
        raise AssertionError("not reached")


class Segfaulting(Faulty):
    def fault(self, facts: Facts) -> Answer:
        ctypes.string_at(0)
        raise AssertionError("not reached")


class Exiting(Faulty):
    def fault(self, facts: Facts) -> Answer:
        sys.exit(3)


class Vanishing(Faulty):
    """Ends without any of the interpreter's farewells."""

    def fault(self, facts: Facts) -> Answer:
        os._exit(4)


class Waiting(Faulty):
    """Says that it has begun, then waits to be killed."""

    def fault(self, facts: Facts) -> Answer:
        Path(os.environ[SIGN]).touch()
        time.sleep(60)
        raise AssertionError("not reached")


class Printing(Faulty):
    """Prints rubbish, by Python and past it, and answers as it should."""

    def fault(self, facts: Facts) -> Answer:
        print("rubbish " * 10_000)
        os.write(1, b"\x00\xff rubbish")
        return self.truth.judge(facts)


class Inventing(Faulty):
    """Names a rule that there is not."""

    def fault(self, facts: Facts) -> Answer:
        true = self.truth.judge(facts)
        return msgspec.structs.replace(true, applies=true.applies | {1_000_000})


class Wiring(Faulty):
    """Writes to the parent past the frames of its process."""

    sent = b""

    def fault(self, facts: Facts) -> Answer:
        os.write(int(sys.argv[1]), self.sent)
        return self.truth.judge(facts)


class Garbling(Wiring):
    sent = (7).to_bytes(4, "big") + b"rubbish"


class Flooding(Wiring):
    """Announces a frame beyond all bounds."""

    sent = (MAX_FRAME + 1).to_bytes(4, "big")


class Stopping(Wiring):
    """Sends half a frame and dies."""

    def fault(self, facts: Facts) -> Answer:
        os.write(int(sys.argv[1]), (100).to_bytes(4, "big") + b"half")
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("not reached")


class Mistaking(Faulty):
    """Sends the answer to the item before in place of this one's."""

    def fault(self, facts: Facts) -> Answer:
        answer = self.truth.judge(facts)
        body = msgspec.msgpack.encode(Answered(0, answer))
        os.write(int(sys.argv[1]), len(body).to_bytes(4, "big") + body)
        return answer


class Stammering(Faulty):
    """Answers twice: the second answer would be taken for the next item's."""

    def fault(self, facts: Facts) -> Answer:
        answer = self.truth.judge(facts)
        # The first item of a child in these tests has the number 1.
        body = msgspec.msgpack.encode(Answered(1, answer))
        os.write(int(sys.argv[1]), len(body).to_bytes(4, "big") + body)
        return answer


class Recovering(Faulty):
    """Dies of the bad code until its test says that it is mended."""

    def fault(self, facts: Facts) -> Answer:
        if not Path(os.environ[SIGN]).exists():
            os._exit(5)
        return self.truth.judge(facts)


# Engines that are never there


def without_durable_rules(program: Program) -> Network:
    vars(network)["rete"] = None
    return Network(program)


def refusing(program: Program) -> Faulty:
    raise EngineError("no such engine today")


def exiting(program: Program) -> Faulty:
    os._exit(6)


def never_built(program: Program) -> Faulty:
    while True:
        pass


def unnamed() -> Factory:
    """A factory that no process can import."""

    def build(program: Program) -> Faulty:
        return Truthful(program)

    return build
