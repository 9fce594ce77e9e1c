"""Example declarations: those that the OpenAPI document shows, and those to start a trial from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from api.words.spoken import spoken

FOLDER = Path(__file__).resolve().parents[2] / "features" / "declarations"
_DOCUMENTED = ("sesame-nigeria", "plush-toy-small-parts")
_ENCLOSED = "sesame-nigeria.xml"
_KNOWN = {"documents": [{"id": "CHEDD.2026.0002", "status": "verified"}]}


def documented() -> dict[str, Any]:
    """The bodies that the OpenAPI document shows, by name, where their files are here."""
    found: dict[str, Any] = {}
    for name in _DOCUMENTED:
        if (file := FOLDER / f"{name}.json").is_file():
            found[name] = msgspec.json.decode(file.read_bytes())
    if (message := FOLDER / _ENCLOSED).is_file():
        found["message-beside-known"] = {"message": message.read_text("utf-8"), "known": _KNOWN}
    return found


class Example(Struct, frozen=True):
    """A declaration to start from: its name, its file, and in words what it shows."""

    name: str
    file: str
    words: str

    @property
    def text(self) -> str:
        """The declaration."""
        return (FOLDER / self.file).read_text("utf-8")


_EXAMPLES = (
    Example("cotton-t-shirts", "cotton-t-shirts.json", spoken("Cotton T-shirts: ordinary goods")),
    Example(
        "sesame-nigeria", "sesame-nigeria.json", spoken("Sesame from Nigeria: held for documents")
    ),
    Example("plush-toy", "plush-toy-small-parts.json", spoken("A plush toy with small parts")),
    Example("radio-toy", "radio-toy-suspended.json", spoken("A radio toy: a hold with a deadline")),
    Example(
        "festival",
        "festival-nigeria.json",
        spoken("A festival's goods: one order for all agencies"),
    ),
    Example("plush-toys-xml", "plush-toys.xml", spoken("Plush toys as WCO XML: much is left open")),
)
TO_TRY = {one.name: one for one in _EXAMPLES if (FOLDER / one.file).is_file()}
"""By name; none where the service was installed without them."""
