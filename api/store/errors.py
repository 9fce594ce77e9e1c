"""What the store refuses and why: `StoreError` and its kinds.

    StoreError
    ├── UnavailableError   the database cannot be read or written now
    ├── StaleError         what the writer read is no longer so: read again, decide again
    │   ├── DuplicateError   what would be written is there already
    │   └── RevisionError    a draft was saved meanwhile, by whom and when
    ├── ConflictError      an idempotency key stands for another request
    └── MissingError       what is spoken of is not there

A message speaks to whoever runs the service: never the driver's words, nor a password.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


class StoreError(Exception):
    """The store refuses; the message says why and what to do."""


class UnavailableError(StoreError):
    """The database is locked, full, read-only or gone.

    All that was to be written is there, or nothing of it. Where the connection broke while
    committing nobody knows which: who writes the same again is told by `DuplicateError`.
    """


class StaleError(StoreError):
    """Something was written since the writer read: it must read again and decide again."""


class DuplicateError(StaleError):
    """The *ids*, or the request under the same idempotency key, are there already."""

    def __init__(self, message: str, ids: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.ids = tuple(ids)


class ConflictError(StoreError):
    """The idempotency key was used for another request."""


class MissingError(StoreError):
    """There is no such record, part, release or key."""


class RevisionError(StaleError):
    """A draft was saved meanwhile: *revision* is the newer one, *author* saved it *at* that time.

    Nothing is lost: what was saved stands, and what was refused is still with whoever sent it.
    """

    def __init__(self, revision: int, author: str, at: datetime) -> None:
        self.revision, self.author, self.at = revision, author, at
        super().__init__(
            f"{author} saved revision {revision} at {at:%Y-%m-%d %H:%M} UTC: "
            "read it, put both together, and save again"
        )
