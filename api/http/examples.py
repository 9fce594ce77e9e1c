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
_RELEASE = {"id": "2026-11-23-0f1e2d3c4b5a", "digest": f"sha256:{'0f1e2d3c4b5a' + 26 * '00'}"}
FINDINGS: dict[str, Any] = {
    "an-overdue-review": {
        "release": _RELEASE,
        "on": "2028-01-01",
        "findings": [
            {
                "kind": "review",
                "verdict": "flag",
                "regime": "SPS",
                "article": "SPS-2.2",
                "rules": ["plants/wood-danger"],
                "words": "the review was due by 2028-01-01; the rule still applies, flagged",
            }
        ],
        "withheld": 12,
    }
}
DECISION_FINDINGS: dict[str, Any] = {
    "roses-of-another-origin": {
        "release": _RELEASE,
        "on": "2026-11-23",
        "findings": [
            {
                "kind": "discrimination",
                "verdict": "insufficient record",
                "regime": "SPS",
                "article": "SPS-2.3",
                "rules": ["plants/rates#P08"],
                "words": "origin CO instead of KE: other controls or status; law prescribes it, "
                "which a lawyer has yet to confirm",
                "mend": "have the basis confirmed, and set its `status`",
                "item": 1,
            }
        ],
        "withheld": 12,
        "decision": "d-0f1e2d3c4b5a69788796",
    }
}
"""What safeguards answer, as the OpenAPI document shows it."""


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
