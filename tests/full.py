"""Whether the full forms are asked for: `COMMENSURA_FULL=1`, or `make test-full`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
FULL = bool(os.environ.get("COMMENSURA_FULL"))


def often(full: T, everyday: T) -> T:
    """How often, or on what, a claim is tried in full, or every day."""
    return full if FULL else everyday


def share(whole: Iterable[T], number: int, of: int) -> Iterator[T]:
    """All of it in full; every day the share of this *number*: the shares of all are the whole."""
    return iter(whole) if FULL else islice(whole, number, None, of)
