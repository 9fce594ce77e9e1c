"""JSON without leniency: one meaning for every body, or a refusal that names the place.

Refused here: what is not JSON or not UTF-8, repeated keys, NaN and Infinity, numbers too long
to be exact, control characters, and nesting deeper than any declaration has.
Boundary: knows no declaration, only which names hold numbers and which hold running text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from engine.declaration.problems import Remarks, malformed, pointer

MAX_BODY = 8 * 1024 * 1024
"""Bytes of one body, checked before anything is parsed."""

MAX_VALUES = 500_000
"""Values of one body, counted by their commas: parsing must not cost more than deciding."""

MAX_DEPTH = 16
MAX_DIGITS = 30
MAX_KEY = 200
TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"

NUMBERS = frozenset({"netMassKg", "grossMassKg", "amount", "rate"})
RUNNING_TEXT = frozenset({"description", "goods.description", "message"})

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def written_digits(number: Decimal) -> int | None:
    """How many digits *number* takes when written without an exponent; none if not finite."""
    parts = number.as_tuple()
    exponent = parts.exponent
    if not isinstance(exponent, int):
        return None
    digits = len(parts.digits)
    return digits + exponent if exponent >= 0 else max(digits, 1 - exponent)


class _Repeated(dict[str, Any]):
    """An object in which a key stands more than once."""

    keys_repeated: tuple[str, ...] = ()


class _Unfit:
    """A number that cannot be taken exactly; *text* as it was written."""

    def __init__(self, text: str) -> None:
        self.text = text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) == len(pairs):
        return table
    counts = Counter(name for name, _ in pairs)
    repeated = _Repeated(table)
    repeated.keys_repeated = tuple(name for name, count in counts.items() if count > 1)
    return repeated


def _number(text: str) -> Decimal | _Unfit:
    # The length is looked at first: `Decimal` would take a megabyte of digits, or overflow.
    if len(text) > 2 * MAX_DIGITS:
        return _Unfit(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _Unfit(text)
    digits = written_digits(number)
    return number if digits is not None and digits <= MAX_DIGITS else _Unfit(text)


def parse(body: bytes) -> Any:
    """The tree of *body*: objects, lists, text, booleans, null, and numbers as `Decimal`.

    Raises `MalformedError`: with all faults, or the first if the body cannot be parsed at all.
    """
    if len(body) > MAX_BODY:
        _refuse(f"the body has {len(body)} bytes; at most {MAX_BODY} are read", "send fewer items")
    if body.count(b",") > MAX_VALUES:
        _refuse(f"the body has more than {MAX_VALUES} values", "send fewer items")
    tree = _decoded(_text(body))
    remarks = Remarks()
    for path, value in _walk(tree):
        if len(path) >= MAX_DEPTH:
            _refuse(TOO_DEEP, "a declaration needs fewer")
        _look(path, value, remarks)
        if remarks.full:
            break
    remarks.raise_problems()
    return tree


def _refuse(message: str, mend: str) -> NoReturn:
    raise malformed("", message, mend)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(f"not UTF-8 at byte {error.start}", "send the body as UTF-8")


def _decoded(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_Unfit,
        )
    except json.JSONDecodeError as error:
        _refuse(
            f"not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}",
            "send one complete JSON object",
        )
    except RecursionError:
        # The parser counts its own depth, so this is a plain refusal and not a broken stack.
        _refuse(TOO_DEEP, "a declaration needs fewer")


def _walk(tree: Any) -> Iterator[tuple[list[str | int], Any]]:
    """Every value with the path to it, in the order of the text; the path changes as it goes."""
    path: list[str | int] = []
    yield path, tree
    levels = [_parts(tree)]
    while levels:
        step = next(levels[-1], None)
        if step is None:
            levels.pop()
            del path[-1:]  # the outermost level has no step of its own
            continue
        token, value = step
        path.append(token)
        yield path, value
        if isinstance(value, dict | list):
            levels.append(_parts(value))
        else:
            path.pop()


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def _look(path: list[str | int], value: Any, remarks: Remarks) -> None:
    if isinstance(value, dict):
        _look_at_keys(path, value, remarks)
    elif isinstance(value, str):
        _look_at_text(path, value, remarks)
    elif isinstance(value, _Unfit):
        remarks.refuse(
            pointer(*path),
            f"`{shown(value.text)}` cannot be taken exactly",
            f"write a finite number of at most {MAX_DIGITS} digits, counted without an exponent",
        )


def _look_at_keys(path: list[str | int], table: dict[str, Any], remarks: Remarks) -> None:
    for key in table:
        if len(key) > MAX_KEY:
            # Stops here: pointers through such a key would be longer than the body.
            _refuse(f"a key of {len(key)} characters: `{shown(key)}`", "remove it")
        if _CONTROL.search(key):
            remarks.refuse(pointer(*path), f"`{shown(key)}` is no name of a field", "remove it")
    for key in table.keys_repeated if isinstance(table, _Repeated) else ():
        remarks.refuse(pointer(*path, key), f"`{shown(key)}` is stated twice", "keep one of them")


def _look_at_text(path: list[str | int], text: str, remarks: Remarks) -> None:
    name = next((token for token in reversed(path) if isinstance(token, str)), "")
    found = (_CONTROL_IN_TEXT if name in RUNNING_TEXT else _CONTROL).search(text)
    if found:
        remarks.refuse(
            pointer(*path),
            f"a control character (U+{ord(found.group()):04X}) at position {found.start()}",
            "remove it",
        )
    elif name in NUMBERS:
        remarks.refuse(pointer(*path), f"`{name}` is a number, not text", "write it without quotes")


def shown(text: str) -> str:
    """*text* cut and made printable, to be quoted in a message."""
    cut = text if len(text) <= 60 else text[:59] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)
