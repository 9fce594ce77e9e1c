"""Places: how many bodies and streams one caller keeps in motion at a time.

A thread waits for each of them, and nothing but the caller ends its waiting. So who sends a byte
a second, from any number of connections, holds `PLACES` threads of a worker and no more; what is
beyond them is refused at once, and all others are served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

PLACES = 8
"""By caller and worker; of those who show no key, by address."""

_EXTENSION = "commensura.places"


class _Places:
    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, name: str) -> Callable[[], None]:
        with self._lock:
            if self._taken[name] >= PLACES:
                raise TooManyRequests(
                    f"{PLACES} bodies or streams of this caller are in motion already"
                )
            self._taken[name] += 1
        return lambda: self._leave(name)

    def _leave(self, name: str) -> None:
        with self._lock:
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]  # addresses come and go


def prepare(app: Flask) -> None:
    """Let requests of *app* take places."""
    app.extensions[_EXTENSION] = _Places()


def taken_by(name: str) -> Callable[[], None]:
    """Take a place of the caller *name*; what comes back leaves it.

    Raises `TooManyRequests`: there is none.
    """
    places: _Places = current_app.extensions[_EXTENSION]
    return places.take(name)


@contextmanager
def held_by(name: str) -> Iterator[None]:
    """Hold a place of the caller *name* meanwhile. Raises as `taken_by` does."""
    leave = taken_by(name)
    try:
        yield
    finally:
        leave()
