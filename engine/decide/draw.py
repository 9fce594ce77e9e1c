"""The draw: one number a unit of goods, shared by all agencies, the same however often asked.

u = HMAC(key of the day on which the unit was first seen, unit), in [0, 1). A unit is selected
iff u < rate. As agencies share u, two rates select the larger of the two shares and not their
union; as the unit is keyed to the goods, amending or resubmitting buys no new draw.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path

from engine import files
from engine.declaration.declaration import Declaration, Item

_PLACES = 12
WHAT_IF = b"what-if: anybody may know this key, it selects nothing"


class DrawKeys:
    """The key of each day, derived from one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def u(self, unit: str, first_seen: date) -> Decimal:
        """The unit's number: uniform in [0, 1), with 12 decimal places, so exact in JSON."""
        key = _hmac(self._secret, f"commensura draw {first_seen.isoformat()}".encode())
        number = int.from_bytes(_hmac(key, unit.encode())[:8], "big")
        return Decimal(number * 10**_PLACES >> 64).scaleb(-_PLACES)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def local_keys(path: Path) -> DrawKeys:
    """The keys of this installation; the secret is made on first use and readable by its owner.

    Raises `ValueError` where the file is not a secret of 32 bytes in hexadecimal, or is open to
    others than its owner.
    """
    text = files.secret(path, lambda: f"{secrets.token_hex(32)}\n".encode())
    try:
        secret = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ValueError(f"{path.name}: the draw's key is not 64 hexadecimal digits")
    return DrawKeys(secret)


def consignment_unit(declaration: Declaration) -> str:
    """What stays the same when the same goods are declared again."""
    if declaration.transport_document:
        return f"transport-document:{declaration.transport_document}"
    if declaration.ucr:
        return f"ucr:{declaration.ucr}"
    return f"declaration:{declaration.id}"


def unit_key(consignment: str, unit: str, item: Item) -> str:
    """The key of a consignment, or of an item or lot of it. An item without lot is its own lot."""
    if unit == "consignment":
        return consignment
    if unit == "lot" and item.lot:
        return f"{consignment}|lot:{item.lot}"
    return f"{consignment}|item:{item.item}"
