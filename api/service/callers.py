"""Callers: by their keys, and by the sessions of their browsers."""

from __future__ import annotations

from msgspec import Struct

from api.service.clock import Clock
from api.service.people import Duty, Person
from api.service.policy import REGULATOR, Caller
from api.store import Account, Key, Store


class SignedIn(Struct, frozen=True):
    """Who signed in; with a *one_time* password, only to choose another."""

    caller: Caller
    one_time: bool = False


class Callers:
    """Finds who asks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def authenticate(self, token: str) -> Caller | None:
        """Whose key it is; None for one that is unknown, revoked or expired."""
        key = self._store.authenticate(token, self._clock())
        return None if key is None else _of_key(key)

    def signed_in(self, token: str) -> SignedIn | None:
        """Whose session it is; None for one that has ended."""
        session = self._store.sessions.found(token, self._clock())
        if session is None:
            return None
        if session.person is not None:
            return SignedIn(_of_person(session.person), session.person.one_time)
        return None if session.key is None else SignedIn(_of_key(session.key))


def person_of(account: Account) -> Person:
    """The person of an account."""
    return Person(
        id=account.id,
        name=account.name,
        agency=account.agency,
        duties=frozenset(map(Duty, account.duties)),
    )


def _of_person(account: Account) -> Caller:
    return Caller(
        name=f"person:{account.id}",
        role=REGULATOR,
        agency=account.agency,
        person=person_of(account),
    )


def _of_key(key: Key) -> Caller:
    return Caller(name=key.id, role=key.role, agency=key.agency)
