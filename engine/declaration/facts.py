"""The facts of one goods item, typed, known or absent.

Rules run once per item, with the facts of the consignment copied to it. A fact that is absent
from `Facts.values` is unknown, unless the vocabulary closes it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

GOVERNING_DATES = ("acceptance", "arrival", "dispatch", "placing-on-market")
"""The days that may decide which law is in force; a rule names one of them."""


class Stage(StrEnum):
    """How far the goods have come, in order."""

    PRE_ARRIVAL = "pre-arrival"
    ARRIVAL = "arrival"
    ACCEPTED = "accepted"
    POST_RELEASE = "post-release"

    @property
    def rank(self) -> int:
        """The place in the order."""
        return list(Stage).index(self)


class DocumentStatus(StrEnum):
    """What is known of a document. A declared certificate is a claim, not a verified one."""

    MISSING = "missing"
    DECLARED = "declared"
    PRESENTED = "presented"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Money(Struct, frozen=True):
    """An amount in an ISO 4217 currency."""

    amount: Decimal
    currency: str


class Rate(Struct, frozen=True, kw_only=True):
    """One unit of *source* is worth *rate* units of *target* on the day *on*."""

    source: str
    target: str
    rate: Decimal
    on: date


class Lack(NamedTuple):
    """A fact that is missing of *items*, by number; of the item itself where none is named."""

    fact: str
    items: tuple[int, ...] = ()


Value = bool | Decimal | str | date | Money | frozenset[str]


class Facts(Struct, frozen=True, kw_only=True):
    """What is known of one item.

    *documents* gives every status in which a certificate is held; *settled* names the
    certificates whose absence is, at this stage, a fact and no longer merely unknown.
    *days* holds all of `GOVERNING_DATES`; *undeclared* names those that fell back to the
    decision's own day. *lacks* says of each total that is unknown what would complete it.
    """

    values: dict[str, Value]
    documents: dict[str, frozenset[DocumentStatus]]
    settled: frozenset[str]
    days: dict[str, date]
    undeclared: frozenset[str] = frozenset()
    rates: tuple[Rate, ...] = ()
    lacks: dict[str, tuple[Lack, ...]] = {}
