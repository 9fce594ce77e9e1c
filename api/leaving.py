"""How an old worker leaves: no new connection, a last answer on each that it has, then its end.

A server that ends closes the connections on which nothing is under way. A request that is just then
on its way along one is lost, and its caller cannot know whether it was heard (RFC 9112, section
9.5). So a worker is given notice: it answers, and says with each answer that it is the last.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response
    from granian.server.mp import WorkerProcess

NOTICE = 2.0
"""Seconds between the word and the end: as long, whoever asks is sent to the others."""

_WORD = signal.SIGUSR1


def heed_notice(app: Flask) -> None:
    """Let the worker of *app* leave when it is given notice; to be called in its main thread."""
    leaving = False

    def leave(*_: object) -> None:
        nonlocal leaving
        leaving = True
        _stop_listening()

    def part(response: Response) -> Response:
        if leaving:
            response.headers["Connection"] = "close"
        return response

    app.after_request(part)
    signal.signal(_WORD, leave)


def give_notice(worker: WorkerProcess) -> None:
    """Tell a worker that it will end, and wait until those who use it have gone elsewhere."""
    worker.interrupt_by_parent = True  # should it be too young to heed: no fault of its own
    with suppress(ProcessLookupError):
        os.kill(worker.inner.pid, _WORD)
    time.sleep(NOTICE)


def _stop_listening() -> None:
    """Put a socket of which nobody knows in the place of the queue of connections.

    The queue is shared with the other workers: to shut it down would be to shut it for them, too.
    """
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.setblocking(False)
        for file in Path("/dev/fd").iterdir():
            with suppress(OSError):
                if (place := int(file.name)) != deaf.fileno() and _listens(place):
                    os.dup2(deaf.fileno(), place)


def _listens(place: int) -> bool:
    if not stat.S_ISSOCK(os.fstat(place).st_mode):
        return False
    with socket.socket(fileno=os.dup(place)) as held:
        return bool(held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
