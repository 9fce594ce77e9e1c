"""Accounts: signing in and out, and who may; who is told what about a failure.

Nobody learns whether a name or its password was wrong, neither by words nor by the time it takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from api.service import passwords
from api.service.clock import Clock
from api.service.people import Duty
from api.store import Account, DuplicateError, Store
from engine.declaration.problems import Remarks, malformed

LONGEST_NAME = 100
_ID = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_SUBJECT = 255
"""Characters that a subject of OpenID Connect may have (Core 1.0, 2)."""


class TooManyError(Exception):
    """Too many attempts failed; nothing is looked at before some minutes have passed."""


class Accounts:
    """All persons, and the sessions of browsers."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    # Signing in and out

    def sign_in(self, name: str, password: str, address: str) -> str | None:
        """The token of a new session; None where the name or its password is wrong.

        Raises `TooManyError`: too often, under that name or from that *address*.
        """
        known = self._right(name, password, address)
        return None if known is None else self._store.sessions.begin(known, self._clock())

    def sign_in_by_key(self, token: str) -> str | None:
        """The token of a new session of who shows a key; None where it does not hold."""
        key = self._store.authenticate(token, self._clock())
        return None if key is None else self._store.sessions.begin(key, self._clock())

    def sign_in_elsewhere(self, subject: str) -> str | None:
        """The token of a new session of whom a provider of OpenID Connect vouched for.

        None where that is nobody here: signing in makes no person. Who has a subject is known by
        that only, others by their id.
        """
        known = self._store.people.of_subject(subject) if len(subject) <= _SUBJECT else None
        if known is None and _ID.fullmatch(subject):
            known = self._store.people.found(subject)
            known = known if known is not None and known.subject is None else None
        if known is None or known.disabled is not None:
            return None
        return self._store.sessions.begin(known, self._clock())

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._store.sessions.end(token)

    def choose(self, person: str, password: str, chosen: str, address: str) -> str | None:
        """Let a person choose another password: all sessions end, and the token of a new one.

        None where the present *password* is wrong. Raises `MalformedError`: the other may not be
        one; `TooManyError`.
        """
        known = self._right(person, password, address)
        if known is None:
            return None
        if chosen == password:
            raise malformed("/password", "the new password is the former one", "choose another")
        kept = passwords.hashed(chosen)
        changed = self._store.people.set_password(person, kept, one_time=False)
        return self._store.sessions.begin(changed, self._clock())

    def _right(self, name: str, password: str, address: str) -> Account | None:
        identifier = name.strip().lower()
        if not self._store.sessions.attempt(identifier, address, self._clock()):
            raise TooManyError
        known = self._store.people.found(identifier) if _ID.fullmatch(identifier) else None
        if known is not None and known.disabled is not None:
            known = None
        # Whoever it is or is not: a hash is computed, and takes its time.
        if not passwords.right(password, known.password if known else None):
            return None
        self._store.sessions.succeeded(identifier)
        return known

    # Who may

    def add(
        self,
        identifier: str,
        name: str,
        agency: str,
        duties: Iterable[Duty],
        *,
        agencies: Collection[str],
        password: str | None = None,
        one_time: bool = False,
        subject: str | None = None,
    ) -> Account:
        """Add a person; without a *password* it signs in elsewhere only.

        *agencies* are those that there are. Raises `MalformedError`: with every field that is
        wrong.
        """
        remarks = Remarks()
        name = unicodedata.normalize("NFC", name).strip()
        if not _ID.fullmatch(identifier):
            mend = "2 to 64 small letters, digits, `.`, `_`, `@` or `-`, a letter or digit first"
            remarks.refuse("/id", f"`{identifier[:40]}` is no name to sign in with", mend)
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            mend = f"give the name that others read, of 1 to {LONGEST_NAME} characters, on one line"
            remarks.refuse("/name", "the name cannot be read", mend)
        if agency not in agencies:
            mend = remarks.nearest(agency, agencies) or f"one of {', '.join(sorted(agencies))}"
            remarks.refuse("/agency", f"`{agency[:40]}` is no agency", mend)
        if subject is not None and not (0 < len(subject) <= _SUBJECT and subject.isprintable()):
            mend = f"give what the provider calls the person, of 1 to {_SUBJECT} characters"
            remarks.refuse("/subject", "the subject cannot be read", mend)
        remarks.raise_problems()
        account = Account(
            id=identifier,
            name=name,
            agency=agency,
            duties=frozenset(duties),
            password=None if password is None else passwords.hashed(password),
            one_time=one_time,
            subject=subject,
            created=self._clock(),
        )
        try:
            self._store.people.add(account)
        except DuplicateError as error:
            field = "/subject" if subject in error.ids else "/id"
            raise malformed(field, str(error), "choose another") from None
        return account

    def found(self, identifier: str) -> Account | None:
        """The person of that id, disabled or not."""
        return self._store.people.found(identifier) if _ID.fullmatch(identifier) else None

    def listed(self, agency: str | None = None) -> list[Account]:
        """Everybody who ever was, of one agency or of all."""
        return self._store.people.listed(agency)

    def set_duties(self, identifier: str, duties: Iterable[Duty]) -> Account:
        """Give these duties instead, from the next call on. Raises `MissingError`."""
        return self._store.people.set_duties(identifier, frozenset(duties))

    def set_password(self, identifier: str, password: str, *, one_time: bool) -> Account:
        """Set a password: all sessions of the person end.

        Raises `MissingError`: there is no such person, or it is disabled; `MalformedError`.
        """
        return self._store.people.set_password(
            identifier, passwords.hashed(password), one_time=one_time
        )

    def disable(self, identifier: str) -> Account:
        """Let a person sign in no more, for good; its sessions end. Raises `MissingError`."""
        return self._store.people.disable(identifier, self._clock())
