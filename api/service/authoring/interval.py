"""The interval between publication and entry into force of what binds traders.

Members leave traders a reasonable interval to adapt, understood as six months at least (Doha
ministerial decision WT/MIN(01)/17, paragraphs 3.2 and 5.2), except where an urgent problem arises
or threatens. Status of all that is cited here: to-confirm.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

from api.service.authoring.touching import ChangedRule
from engine.language.diagnostics import Diagnostic

MONTHS = 6


class Threat(StrEnum):
    """Which problem is urgent (TBT 2.10, 5.7)."""

    SAFETY = "safety"
    HEALTH = "health"
    ENVIRONMENT = "environment"
    SECURITY = "national-security"


class Urgency(Struct, frozen=True, kw_only=True):
    """Why a rule enters into force without the interval: which threat, and the *reason*."""

    threat: Threat
    reason: str


PRACTICE = {
    "TBT-regulation": ("TBT 2.12", "TBT 2.10"),
    "TBT-conformity": ("TBT 5.9", "TBT 5.7"),
    "SPS": ("SPS Annex B(2)", "SPS Annex B(6)"),
}
"""What asks for the interval, and what excuses from it, by the regime of a rule."""


def earliest(published: date) -> date:
    """The first day on which what is published on that day may bind traders."""
    month = published.month - 1 + MONTHS
    year, month = published.year + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(published.day, last))


def too_soon(
    rules: Iterable[ChangedRule], published: date, urgency: Urgency | None
) -> Iterator[Diagnostic]:
    """An error for each rule that would bind traders too soon after publication."""
    first = earliest(published)
    for rule in rules:
        practice = PRACTICE.get(rule.regime)
        late = rule.start is not None and rule.start >= first
        if practice is None or urgency is not None or not rule.binds or late:
            continue
        asks, excuses = practice
        starts = "at once" if rule.start is None else f"on {rule.start}"
        yield Diagnostic(
            code="too-soon",
            message=f"`{rule.rule}` would bind traders {starts}, "
            f"and published on {published} it may from {first} ({asks}, to-confirm)",
            file=rule.file,
            path="effective.from",
            help="let a successor with `replaces` enter into force from then, or record an urgent "
            f"problem of safety, health, environment or national security ({excuses})",
        )
