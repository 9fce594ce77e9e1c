"""The first requests of a worker may come at once: nothing that reads them is made ready twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNS = 6
"""Before it was mended, every second run crashed."""

AT_ONCE = """
import sys
from importlib import import_module
from threading import Barrier, Thread

module, name = sys.argv[1].split(":")
shape = getattr(import_module(module), name)
from engine.declaration.problems import MalformedError
from engine.declaration.reading import read_shape
body = open("features/declarations/sesame-nigeria.json", "rb").read()
sys.setswitchinterval(1e-6)
barrier = Barrier(8)

def read():
    barrier.wait()
    try:
        read_shape(body, shape)
    except MalformedError:
        pass

threads = [Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize(
    "shape", ["engine.declaration.reading:Request", "api.service.supposing:Supposition"]
)
def test_several_threads_may_be_the_first_to_read_a_shape(shape: str) -> None:
    words = [sys.executable, "-c", AT_ONCE, shape]
    ended = [subprocess.run(words, cwd=ROOT, capture_output=True) for _ in range(RUNS)]
    assert [(one.returncode, one.stderr) for one in ended] == [(0, b"")] * RUNS
