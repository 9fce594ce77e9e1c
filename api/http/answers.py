"""The shapes of what the service answers, where they are not those of the engine."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from api.service.disclosing import Seen
from api.service.history import Kept
from api.service.policy import REVIEW, Caller
from engine.decide.audience import TraderDecision
from engine.decide.decision import Decision

OFFICER, TRADER = "officer", "trader"


class Entered(Struct, frozen=True, kw_only=True, rename="camel"):
    """Where the log holds a decision: the SHA-256 of its leaf, and its index."""

    digest: str
    log_index: int


class KeptDecision(Decision, frozen=True, kw_only=True):
    """A decision as an officer sees it, and where the log holds it."""

    receipt: Entered


class KeptTraderDecision(TraderDecision, frozen=True, kw_only=True):
    """A decision as its trader sees it, and where the log holds it."""

    receipt: Entered


def audience(wanted: str | None, caller: Caller) -> str:
    """For whom the answer is: as asked, else for an officer where the caller may see that.

    Raises `ForbiddenError`: it is not for the caller.
    """
    if wanted is None:
        return OFFICER if caller.may(REVIEW) else TRADER
    if wanted == OFFICER:
        caller.need(REVIEW)
    return wanted


def shown(kept: Kept, to: str, seen: Seen) -> KeptDecision | KeptTraderDecision:
    """A kept decision for that audience; *seen* gives it as this officer may see it."""
    record = kept.stored.record
    receipt = Entered(digest=f"sha256:{record.leaf.hex()}", log_index=kept.stored.index)
    if to == TRADER:
        return KeptTraderDecision(**_fields(kept.version.told), receipt=receipt)
    return KeptDecision(**_fields(seen(kept.version.decision)), receipt=receipt)


def _fields(value: Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(value)
