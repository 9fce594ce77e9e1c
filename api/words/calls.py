"""The calls of the service as their page lists them, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CallView:
    """One call. *answers* are its statuses with what they mean; *examples* are bodies by name."""

    id: str
    method: str
    path: str
    summary: str
    policy: str | None
    parameters: tuple[tuple[str, str, str], ...]
    takes: tuple[str, ...]
    examples: Mapping[str, Any]
    answers: tuple[tuple[str, str], ...]


def calls(document: Mapping[str, Any]) -> dict[str, list[CallView]]:
    """The calls by room, in the order of the document."""
    rooms: dict[str, list[CallView]] = {}
    for path, operations in document["paths"].items():
        for method, call in operations.items():
            if isinstance(call, dict) and "summary" in call:
                room = (call.get("tags") or ["Other"])[0]
                rooms.setdefault(room, []).append(_call(path, method, call))
    return rooms


def _call(path: str, method: str, call: Mapping[str, Any]) -> CallView:
    bodies = call.get("requestBody", {}).get("content", {})
    return CallView(
        id=call["operationId"],
        method=method.upper(),
        path=path,
        summary=call["summary"],
        policy=call.get("description"),
        parameters=tuple(
            (one["name"], one["in"], one.get("description", ""))
            for one in call.get("parameters", ())
            if one["in"] != "path"  # the path shows it
        ),
        takes=tuple(bodies),
        examples={
            name: example["value"]
            for body in bodies.values()
            for name, example in body.get("examples", {}).items()
        },
        answers=tuple(
            (status, answer["description"]) for status, answer in call["responses"].items()
        ),
    )
