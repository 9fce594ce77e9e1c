"""Work in a process of its own, line by line, within a time.

A release is loaded once a process, and long work must not hold the interpreter of a worker.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Generator
from threading import Timer


class ApartError(Exception):
    """The process did not end well; the message says how, as what follows `the work`."""


def said(module: str, *arguments: str, job: bytes, patience: float) -> Generator[bytes, None, None]:
    """The lines that ``python -m module`` says, which has *job* on its standard input.

    It is ended after *patience* seconds, or where the iterator is closed. Raises `ApartError`.
    """
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(patience, process.kill)
        timer.start()
        try:
            with process.stdin as told:
                told.write(job)
            yield from process.stdout
            process.wait()
        finally:
            timer.cancel()
            process.kill()  # where whoever reads gave up
        if process.returncode < 0:
            raise ApartError(f"was ended, after {patience:.0f} seconds at the latest")
        if process.returncode:
            complaints.seek(0)
            text = complaints.read().decode("utf-8", "replace")
            raise ApartError(f"failed: {(text.strip().splitlines() or ['no reason given'])[-1]}")
