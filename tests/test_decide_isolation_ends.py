"""The process of an engine ends with whoever started it, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from engine.decide.answer import EngineError
from engine.decide.isolation import Isolated
from engine.decide.wire import Knowledge, asked
from engine.language.base import RuleBase
from tests import faulty_engines as faulty
from tests.decide_sample import matrices, vocabulary
from tests.isolation_sample import BAD_FACTS, BASE, GOOD_FACTS, SHORT, alive

pytestmark = pytest.mark.usefixtures("started")
HOME = Path(__file__).parent.parent


def test_closing_ends_the_process_and_the_engine_answers_no_more() -> None:
    with Isolated(BASE, faulty.Truthful) as engine:
        engine.judge(GOOD_FACTS)
        pid = engine.pid
    assert pid is not None
    assert not alive(pid)
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.judge(GOOD_FACTS)


def test_an_engine_that_nobody_holds_takes_its_process_along() -> None:
    engine = Isolated(BASE, faulty.Truthful)
    pid = engine.pid
    assert pid is not None
    del engine
    assert not alive(pid)


def script(text: str) -> subprocess.Popen[bytes]:
    """A process that isolates an engine of the sample rules and does as *text* says.

    Its errors come through a pipe that its child holds too: that is at its end once both ended.
    """
    opening = (
        "import os, signal, sys, msgspec\n"
        "from engine.decide.isolation import Isolated\n"
        "from engine.decide.wire import Knowledge, item\n"
        "from engine.decide.program import Program\n"
        "from tests.faulty_engines import *\n"
        "known, bad, good = msgspec.msgpack.decode(\n"
        "    sys.stdin.buffer.read(), type=tuple[Knowledge, bytes, bytes])\n"
        "bad, good = item(bad)[1], item(good)[1]\n"
        "program = Program(known.base, known.vocabulary)\n"
    )
    base = RuleBase(rules=tuple(one.rule for one in BASE.rules), parameters={}, matrices=matrices())
    sent = (Knowledge(base, vocabulary()), asked(1, BAD_FACTS), asked(1, GOOD_FACTS))
    process = subprocess.Popen(
        [sys.executable, "-c", opening + text],
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.msgpack.encode(sent))
    process.stdin.close()
    process.stdin = None
    return process


def test_with_the_interpreter_s_end_the_child_ends() -> None:
    process = script("engine = Isolated(program, Truthful)\nengine.judge(good)\n")
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 0


def test_an_idle_child_ends_when_its_parent_is_killed() -> None:
    process = script(
        "engine = Isolated(program, Truthful)\n"
        "engine.judge(good)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "before",
    [
        "",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n",
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n",
    ],
    ids=["plain", "alarm ignored", "alarm blocked"],
)
def test_a_hanging_child_ends_by_itself_when_its_parent_is_killed(before: str) -> None:
    # The alarm that ends it is the system's: the child holds its interpreter's lock for ever.
    process = script(
        f"{before}import threading\n"
        f"engine = Isolated(program, Holding, time_limit={SHORT})\n"
        "engine.judge(good)\n"
        "threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        "engine.judge(bad)\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == -signal.SIGKILL


def test_a_forked_copy_takes_a_child_of_its_own_and_leaves_the_first_alone() -> None:
    process = script(
        "engine = Isolated(program, Truthful)\n"
        "engine.judge(good)\n"
        "first = engine.pid\n"
        "copy = os.fork()\n"
        "answer = engine.judge(good)\n"
        "if not copy:\n"
        "    own = engine.pid != first\n"
        "    engine.close()\n"
        "    os._exit(0 if own else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0\n"
        "assert engine.judge(good) == answer\n"
        "assert engine.pid == first\n"
    )
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 0
