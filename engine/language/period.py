"""Days from one day up to, not including, another."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Period(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days from *start* up to, not including, *end*; an absent bound is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)
