"""The JSON Schema of a request, made from the types that read it.

It tells the shape; what needs the vocabulary, or compares two places, only the reader checks.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engine.declaration.declaration import Request

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def request_schema() -> dict[str, Any]:
    """The schema of the body of a request, in the dialect 2020-12."""
    (root,), parts = msgspec.json.schema_components([Request], ref_template="#/$defs/{name}")
    schema = {"$schema": DIALECT, "title": "Request for a decision", **root, "$defs": parts}
    found: dict[str, Any] = tidied(schema)
    return found


def tidied(part: Any, *, numbers: bool = True) -> Any:
    """Descriptions on one line and, where *numbers*, decimals as JSON numbers: text is refused."""
    if isinstance(part, list):
        return [tidied(entry, numbers=numbers) for entry in part]
    if not isinstance(part, dict):
        return part
    tidy = {key: tidied(entry, numbers=numbers) for key, entry in part.items()}
    if numbers and tidy.get("format") == "decimal":
        del tidy["format"]
        tidy["type"] = "number"
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].split())
    return tidy
