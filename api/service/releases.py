"""Releases that are kept: which they are, and opening one to read it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from api.store import KeptRelease as Row
from api.store import MissingError, Store
from engine import release as releases
from engine.decide.decision import ReleaseRef
from engine.release import Release


class KeptRelease(Struct, frozen=True, kw_only=True, rename="camel"):
    """A release by id and digest, the day it was made, and when it was first served here."""

    id: str
    digest: str
    made_on: date
    recorded: datetime


class ReleaseList(Struct, frozen=True, kw_only=True):
    """All releases that are kept, and the one that decides now."""

    serving: ReleaseRef
    releases: tuple[KeptRelease, ...]
