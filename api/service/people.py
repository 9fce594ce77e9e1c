"""Who signs in: a person of an agency, and the duties that the agency gave."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Duty(StrEnum):
    """What a person may be trusted with."""

    AUTHOR = "author"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    COUNSEL = "counsel"


class Person(Struct, frozen=True, kw_only=True):
    """A person by *id* (the name to sign in with), who speaks for an *agency* (`agency:…`)."""

    id: str
    name: str
    agency: str
    duties: frozenset[Duty]
