"""Plain data spelled as TOML, in the style of the shipped rules: one test a line, tables inline."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

Table = dict[str, Any]

SECTIONS = ("basis", "when", "unless", "then", "proportionality", "provisional", "example")
"""The parts of a rule that stand under headers of their own, in order."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ALIGNED = ("title", "agency", "phase", "regime")


def spelled(value: object, indent: int = 0) -> str:
    """A value on one line; a list of tables takes a line each, if there are several.

    Numbers keep every digit. Raises `TypeError` for what TOML cannot say.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # JSON escapes what TOML escapes, but for this one sign.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}" if value.is_finite() else str(value).lower().replace("inity", "")
        case date() | time():
            return value.isoformat()
        case dict():
            parts = [f"{spelled_key(key)} = {spelled(value[key], indent)}" for key in value]
            return f"{{ {', '.join(parts)} }}" if parts else "{}"
        case list() | tuple():
            return _list(list(value), indent)
    raise TypeError(f"{type(value).__name__} cannot be written as TOML")


def _list(values: list[object], indent: int) -> str:
    lines = [isinstance(value, dict) for value in values]
    nested = any(isinstance(part, list) for value in values for part in _parts(value))
    if not all(lines) or (len(values) < 2 and not nested):
        inner = ", ".join(spelled(value, indent) for value in values)
        return f"[ {inner} ]" if any(lines) else f"[{inner}]"
    step = " " * (indent + 2)
    inner = "".join(f"{step}{spelled(value, indent + 2)},\n" for value in values)
    return f"[\n{inner}{' ' * indent}]"


def _parts(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else []


def spelled_key(key: str) -> str:
    """A key, in quotes where it needs them."""
    return key if _BARE.fullmatch(key) else spelled(key)


def spelled_pairs(table: Table, width: int = 0) -> str:
    """The lines ``key = value`` of a section, keys padded to *width*."""
    return "".join(f"{spelled_key(key):{width}} = {spelled(table[key])}\n" for key in table)


def spelled_section(path: Sequence[str | int], table: Table) -> str:
    """A section with its header; a path that ends in an index is that of an array of tables."""
    name = ".".join(spelled_key(step) for step in path if isinstance(step, str))
    header = f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"
    return f"{header}\n{spelled_pairs(table)}"


def spelled_file(content: Table) -> str:
    """A whole file; a part of an unusual shape stands on one line before the sections."""
    sections = [name for name in SECTIONS if _sectioned(name, content.get(name))]
    first = {key: content[key] for key in _ALIGNED if key in content}
    rest = {key: content[key] for key in content if key not in (*_ALIGNED, *sections)}
    parts = [spelled_pairs(first, max(map(len, _ALIGNED))) + spelled_pairs(rest)]
    for name in sections:
        held = content[name]
        if name == "basis":
            parts += [spelled_section((name, key), table) for key, table in held.items()]
        elif name == "example":
            parts += [spelled_section((name, 0), table) for table in held]
        else:
            parts.append(spelled_section((name,), held))
    return "\n".join(parts)


def _sectioned(name: str, held: object) -> bool:
    """Whether a part has the shape that stands under headers of its own."""
    if name == "basis":
        return isinstance(held, dict) and all(isinstance(part, dict) for part in held.values())
    if name == "example":
        return isinstance(held, list) and all(isinstance(part, dict) for part in held)
    return isinstance(held, dict)
