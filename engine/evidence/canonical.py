"""One spelling for one value: what is hashed or signed is canonical JSON (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec
import rfc8785

T = TypeVar("T")


def canonical(value: Any) -> bytes:
    """The canonical JSON of plain data or of structures.

    Raises `rfc8785.CanonicalizationError` for what JSON cannot say exactly.
    """
    return rfc8785.dumps(msgspec.to_builtins(value, order="sorted"))


def decoded(body: bytes, kind: type[T]) -> T:
    """The value of that type in *body*.

    Spaces and the order of keys are free; any other spelling than our own is refused, so that no
    two readers can take the same bytes for different values. Raises `ValueError`.
    """
    try:
        found = msgspec.json.decode(body, type=kind)
        if canonical(found) != canonical(json.loads(body, object_pairs_hook=_once)):
            raise ValueError("it is not spelled as we do")
    except RecursionError as error:
        raise ValueError(str(error)) from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key is stated twice")
    return table
