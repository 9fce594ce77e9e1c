"""The store: an append-only log of records in SQLite or PostgreSQL, and what stands beside it."""

from api.store.entries import Claim, Entry, Erased, Sighting, Stored
from api.store.errors import (
    ConflictError,
    DuplicateError,
    MissingError,
    StaleError,
    StoreError,
    UnavailableError,
)
from api.store.log import Log
from api.store.migrating import migrate
from api.store.store import Store

__all__ = [
    "Claim",
    "ConflictError",
    "DuplicateError",
    "Entry",
    "Erased",
    "Log",
    "MissingError",
    "Sighting",
    "StaleError",
    "Store",
    "StoreError",
    "Stored",
    "UnavailableError",
    "migrate",
]
