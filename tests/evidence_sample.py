"""Keys that only tests use, a log in memory, and processes that race."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.evidence import merkle
from engine.evidence.signing import Signer

SIGNER = Signer(b"a signing key only for the tests")
STRANGER = Signer(b"a key that no test ever trusts..")


class Log:
    """A log in memory: the leaves of its entries and the nodes over them."""

    def __init__(self, entries: list[bytes]) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}
        self.leaves = [merkle.leaf_hash(entry) for entry in entries]
        for size, leaf in enumerate(self.leaves):
            for level, place, found in list(merkle.grown(size, leaf, self.nodes)):
                assert (level, place) not in self.kept
                self.kept[level, place] = found

    def nodes(self, level: int, place: int) -> bytes:
        return self.kept[level, place]


_WAITING = """
import os, sys
from pathlib import Path
print("ready", flush=True)
sys.stdin.readline()
"""


def said_at_once(script: str, path: Path, processes: int = 4) -> set[str]:
    """What several processes print that run *script* on *path* at the same moment."""
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", _WAITING + script, str(path)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    for process in racing:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in racing:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate(timeout=60)[0].strip() for process in racing}
    assert all(process.returncode == 0 for process in racing)
    return said
