"""One spelling for one value: what is hashed or signed is canonical JSON (RFC 8785)."""

from __future__ import annotations

from typing import Any

import msgspec
import rfc8785


def canonical(value: Any) -> bytes:
    """The canonical JSON of plain data or of structures.

    Raises `rfc8785.CanonicalizationError` for what JSON cannot say exactly.
    """
    return rfc8785.dumps(msgspec.to_builtins(value, order="sorted"))
