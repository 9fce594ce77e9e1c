"""The draw: one number a unit of goods, shared by all agencies, the same however often asked.

u = HMAC(key of the day on which the unit was first seen, unit), in [0, 1). A unit is selected
iff u < rate. As agencies share u, two rates select the larger of the two shares and not their
union; as the unit is keyed to the goods, amending or resubmitting buys no new draw.

The hash of a day's key is published before the day and the key itself after it. Then anyone can
see that the key was chosen before the goods came, and draw again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path

from engine import files
from engine.declaration.declaration import Declaration, Item

_PLACES = 12
WHAT_IF = b"what-if: anybody may know this key, it selects nothing"


class DrawKeys:
    """The key of each day, derived from one secret.

    A day's key tells nothing of the secret or of another day's key, as HMAC is pseudo-random.
    """

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def u(self, unit: str, first_seen: date) -> Decimal:
        """The unit's number: uniform in [0, 1), with 12 decimal places, so exact in JSON."""
        return _u(self._key(first_seen), unit)

    def commitment(self, day: date) -> str:
        """What is published before the day: ``sha256:`` and the digest of its key."""
        return _digest(self._key(day))

    def revealed(self, day: date) -> str:
        """The day's key, 64 hexadecimal digits. Only for a day on which no more goods are seen.

        Whoever knows it earlier can choose a unit that is not selected.
        """
        return self._key(day).hex()

    def _key(self, day: date) -> bytes:
        return _hmac(self.secret, f"commensura draw {day.isoformat()}".encode())


def u_of(key: str, unit: str) -> Decimal:
    """The number of a unit by the revealed key of the day on which it was first seen.

    Raises `ValueError` where *key* is not 64 hexadecimal digits.
    """
    return _u(_day_key(key), unit)


def matches(commitment: str, key: str) -> bool:
    """Whether a revealed key is the one that *commitment* was published for.

    Raises `ValueError` where *key* is not 64 hexadecimal digits.
    """
    return _digest(_day_key(key)) == commitment


def _day_key(text: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("a day's key is 64 hexadecimal digits in lower case")
    return bytes.fromhex(text)


def _u(key: bytes, unit: str) -> Decimal:
    number = int.from_bytes(_hmac(key, unit.encode())[:8], "big")
    return Decimal(number * 10**_PLACES >> 64).scaleb(-_PLACES)


def _digest(key: bytes) -> str:
    return f"sha256:{hashlib.sha256(key).hexdigest()}"


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
