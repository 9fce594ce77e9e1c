"""What may become of a body on its way here: bytes, tags, and the values of JSON."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

WORDS = [b"", b"-1", b"9" * 40, b"1e9", b"ZZ", b"\xc3\xa9" * 300, b"20261399"]
TAGS = [b"ID", b"TypeCode", b"Declaration", b"Response", b"SequenceNumeric"]


def mutated(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """*body* with one to five things done to its bytes or tags; half of them stay XML."""
    changed = bytearray(body)
    kinds = chance.choice([range(7), (4, 5)])
    for _ in range(chance.randint(1, 5)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        end = min(len(changed), at + chance.randint(1, 200))
        match chance.choice(kinds):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end]
            case 3:
                changed[at:at] = other[at : at + 100]
            case 4:
                # A text becomes another one, so that the message stays XML.
                start = changed.find(b">", at) + 1
                stop = changed.find(b"</", start)
                if 0 < start <= stop:
                    changed[start:stop] = chance.choice(WORDS)
            case 5:
                # An element of one line is taken out or stands twice.
                start = changed.rfind(b"\n", 0, at) + 1
                stop = changed.find(b"\n", at) + 1 or len(changed)
                line = bytes(changed[start:stop])
                changed[start:stop] = line * chance.choice([0, 2, 3])
            case _:
                start, stop = changed.find(b"<", at), changed.find(b">", at)
                if 0 <= start < stop:
                    changed[start + 1 : stop] = chance.choice(TAGS)
    return bytes(changed)


DEEP = 500
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    10**40,
    -0.0,
    1e308,
    2**63,
    "",
    " ",
    "\0",
    "\ud800",
    "a\u202eb",
    "é" * 5000,
    "0" * 201,
    "2026-02-30",
    "2026-11-23",
    "9999-12-31",
    "0001-01-01",
    "product:Toy",
    "control:Physical",
    [],
    {},
    [[]],
    {"": None},
]
WRITTEN = [
    "NaN",
    "Infinity",
    "1e999999999",
    "-",
    "9" * 5000,
    "0.1e-400000",
    '"\\ud800"',
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    "[" * DEEP + "]" * DEEP,
    "[" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    '{"id": 1, "id": 2}',
    "// no comment",
]
"""What no tree can hold: it is written in the place of a value."""


def mutated_json(body: bytes, chance: random.Random) -> bytes:
    """*body*, which is JSON, with one to four of its values or names changed, or written oddly."""
    tree = json.loads(body)
    mark = "6d61726b"
    written = ""
    for _ in range(chance.randint(1, 4)):
        holder, key = _place(tree, chance)
        if holder is None:
            break
        match chance.randrange(6):
            case 0:
                del holder[key]
            case 1:
                # A value from elsewhere in the same body: of the wrong type, often.
                other, place = _place(tree, chance)
                holder[key] = json.loads(json.dumps(other[place]))
            case 2 if isinstance(holder, dict):
                name = chance.choice(["", "a", "ID", key.upper(), "\0", "\ud800", "id", "x" * 300])
                holder[name] = holder.pop(key)
            case 3 if isinstance(holder, list):
                holder += [holder[key]] * chance.choice([1, 2, 300])
            case 4:
                holder[key], written = mark, chance.choice(WRITTEN)
            case _:
                # A copy: what is changed next must not hold itself.
                holder[key] = deepcopy(chance.choice(VALUES))
    text = json.dumps(tree).replace(f'"{mark}"', written)
    if chance.random() < 0.1:
        # The first name stands twice.
        text = text.replace("{", '{"declaration": 1, "id": "twice", ', 1)
    return text.encode("utf-8", "surrogatepass")


def _place(tree: Any, chance: random.Random) -> tuple[Any, Any]:
    """A place in the tree: what holds a value, and under which name or number."""
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        keys = list(part) if isinstance(part, dict) else range(len(part))
        places += [(part, key) for key in keys]
        waiting += [part[key] for key in keys if isinstance(part[key], dict | list)]
    return chance.choice(places) if places else (None, None)
