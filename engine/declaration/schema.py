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
    tidied: dict[str, Any] = _tidied(schema)
    return tidied


def _tidied(part: Any) -> Any:
    """Numbers as JSON numbers, since text is refused for them, and descriptions on one line."""
    if isinstance(part, list):
        return [_tidied(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    tidy = {key: _tidied(entry) for key, entry in part.items()}
    if tidy.get("format") == "decimal":
        del tidy["format"]
        tidy["type"] = "number"
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].split())
    return tidy
