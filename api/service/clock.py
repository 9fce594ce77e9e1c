"""The time, as a service is told it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time, in UTC."""


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)
