"""Callers by their keys."""

from __future__ import annotations

from api.service.clock import Clock
from api.service.policy import Caller
from api.store import Key, Store


class Callers:
    """Finds who holds a key."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def authenticate(self, token: str) -> Caller | None:
        """Whose key it is; None for one that is unknown, revoked or expired."""
        return _caller(self._store.authenticate(token, self._clock()))

    def named(self, name: str) -> Caller | None:
        """The caller of that name, while its key holds."""
        return _caller(self._store.holder(name, self._clock()))


def _caller(key: Key | None) -> Caller | None:
    return None if key is None else Caller(name=key.id, role=key.role, agency=key.agency)
