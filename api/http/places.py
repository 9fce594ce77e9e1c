"""Places: how many bodies and streams one caller keeps in motion at a time.

A thread waits for each of them, and nothing but the caller ends its waiting. So who sends a byte
a second, from any number of connections, holds `PLACES` threads of a worker and no more; what is
beyond them is refused at once, and all others are served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, Response, current_app
from werkzeug.exceptions import TooManyRequests

PLACES = 8
"""By caller and worker; of those who show no key, by address."""

_EXTENSION = "commensura.places"


class _Places:
    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, name: str) -> Place:
        with self._lock:
            if self._taken[name] >= PLACES:
                raise TooManyRequests(
                    f"{PLACES} bodies or streams of this caller are in motion already"
                )
            self._taken[name] += 1
        return Place(self, name)

    def free(self, name: str) -> None:
        with self._lock:
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]  # addresses come and go


class Place:
    """One place, which is left once, however often that is said."""

    def __init__(self, places: _Places, name: str) -> None:
        self._places, self._name, self._held = places, name, True

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._places.free(self._name)


def prepare(app: Flask) -> None:
    """Let requests of *app* take places."""
    app.extensions[_EXTENSION] = _Places()


@contextmanager
def held_by(name: str) -> Iterator[None]:
    """Hold a place of the caller *name* meanwhile. Raises `TooManyRequests`: there is none."""
    place = held(name)
    try:
        yield
    finally:
        place.leave()


def streamed(lines: Iterator[bytes], kind: str, name: str) -> Response:
    """An answer of *lines* that holds a place of the caller *name* until all are sent, or until
    nobody listens any more. Raises `TooManyRequests`: there is none.
    """
    place = held(name)

    def sent() -> Iterator[bytes]:
        yield from lines
        place.leave()

    response = Response(sent(), content_type=kind)
    response.call_on_close(place.leave)
    return response


def held(name: str) -> Place:
    """A place of the caller *name*, to be left. Raises `TooManyRequests`: there is none."""
    places: _Places = current_app.extensions[_EXTENSION]
    return places.take(name)
