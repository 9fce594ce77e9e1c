"""The store: an append-only log of records in SQLite or PostgreSQL, and what stands beside it."""

from api.store.auditing import Audit, Finding
from api.store.entries import Claim, Entry, Erased, Sighting, Stored
from api.store.errors import (
    ConflictError,
    DuplicateError,
    MissingError,
    RevisionError,
    StaleError,
    StoreError,
    UnavailableError,
)
from api.store.keys import Key, Role
from api.store.log import Log
from api.store.migrating import migrate
from api.store.people import Account, People
from api.store.releases import Kept
from api.store.sessions import Session, Sessions
from api.store.store import Store

__all__ = [
    "Account",
    "Audit",
    "Claim",
    "ConflictError",
    "DuplicateError",
    "Entry",
    "Erased",
    "Finding",
    "Kept",
    "Key",
    "Log",
    "MissingError",
    "People",
    "RevisionError",
    "Role",
    "Session",
    "Sessions",
    "Sighting",
    "StaleError",
    "Store",
    "StoreError",
    "Stored",
    "UnavailableError",
    "migrate",
]
