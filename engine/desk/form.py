"""A file of rules as a form holds it: plain content that JSON can say, and back into its text.

The keys are those of the TOML. Days are texts (``"2026-07-01"``), numbers are exact decimals,
conditions are nested as in the file. Keys that no rule has are kept: the check speaks of them.
Content that was not changed gives back the very text; of changed content only what differs is
written, so that comments survive.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import msgspec

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.layout import Steps
from engine.language.plain import Table
from engine.language.source import MAX_DEPTH, Source, dotted, is_endless
from engine.language.writing import write_content

Plain = Any
"""Tables, lists, texts, numbers (int or Decimal) and booleans."""

DATES = frozenset({"from", "until", "review_by", "checked", "on", "review"})
"""Keys under which a text of this shape is a day."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNWRITABLE = re.compile(r"[\ud800-\udfff]")
_JSON = msgspec.json.Encoder(decimal_format="number")


# Content and JSON


def content_of(file: str, text: str) -> Table:
    """The content of the *text* of a file, called *file* in diagnostics, as plain data.

    Raises `RefusedError` where it is no TOML.
    """
    content: Table = plain(Source(file, _encoded(file, text)).content)
    return content


def plain(value: Any) -> Plain:
    """TOML's values as JSON can say them: days and times as texts, as are `inf` and `nan`."""
    match value:
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
        case date() | time():
            return value.isoformat()
        case Decimal() if not value.is_finite():
            return str(value)
        case _:
            return value


def encoded(content: Plain) -> bytes:
    """Plain content as JSON; every digit of a number is kept."""
    return _JSON.encode(content)


def decoded(raw: bytes) -> Plain:
    """JSON as plain content, numbers exact; `RefusedError` where it is none."""
    try:
        return json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RefusedError([_problem("content", "no-json", "this is no JSON", ())]) from None


# Content and text


def written(file: str, content: Plain, text: str | None = None) -> str:
    """The TOML of plain *content*, amended in the former *text* of the file where there is one.

    Raises `RefusedError` where *text* is no TOML, or where TOML cannot say the content: each
    diagnostic names the field.
    """
    former = None if text is None else Source(file, _encoded(file, text)).content
    problems = list(_problems(file, content))
    if problems:
        raise RefusedError(problems)
    return write_content(_restored(content, former), text)


def _encoded(file: str, text: str) -> bytes:
    if _UNWRITABLE.search(text):
        raise RefusedError([_problem(file, "no-utf8", "the file is not UTF-8 text", ())])
    return text.encode()


def _problems(file: str, content: Plain) -> Iterator[Diagnostic]:
    """What of *content* TOML cannot say."""
    if not isinstance(content, dict):
        yield _problem(file, "wrong-type", "the content of a file is a table of keys", ())
        return
    held: list[tuple[Steps, Any]] = [((), content)]
    for path, value in held:  # grows as it goes: no recursion, however deep
        if len(path) > MAX_DEPTH:
            yield _problem(file, "too-deep", f"nested more than {MAX_DEPTH} levels deep", path)
            return
        match value:
            case dict():
                for key, part in value.items():
                    if _UNWRITABLE.search(str(key)):
                        message = "this key holds half a character"
                        yield _problem(file, "no-utf8", message, path, "type it again")
                    else:
                        held.append(((*path, key), part))
            case list():
                held += (((*path, index), part) for index, part in enumerate(value))
            case None:
                yield _problem(file, "no-value", "nothing stands here", path, "leave the key out")
            case str() if _UNWRITABLE.search(value):
                message = "this text holds half a character"
                yield _problem(file, "no-utf8", message, path, "type it again")
            case Decimal() if is_endless(value):
                yield _problem(file, "wrong-type", "this number is too long", path, "shorten it")
            case float() if not math.isfinite(value):
                yield _problem(file, "wrong-type", "this is no number", path, "write digits")


def _problem(
    file: str, code: str, message: str, path: Steps, mend: str | None = None
) -> Diagnostic:
    named = f"`{'.'.join(map(str, path))}`: {message}" if path else message
    return Diagnostic(code=code, message=named, file=file, help=mend, path=dotted(path))


# Days, of which JSON has none


def _restored(value: Plain, former: Any, key: str = "") -> Any:
    """*value* in the types of TOML; what says the same as before is what it was before."""
    if former is not None and _alike(value, plain(former)):
        return former
    match value:
        case dict():
            old = former if isinstance(former, dict) else {}
            return {name: _restored(part, old.get(name), name) for name, part in value.items()}
        case list():
            return _list(value, former if isinstance(former, list) else [])
        case float():
            # What a browser sends, in the fewest digits that say it.
            return Decimal(repr(value))
        case str() if key in DATES and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return value  # no calendar has it: the check says so
        case _:
            return value


def _list(values: list[Plain], former: list[Any]) -> list[Any]:
    """The elements, each as it was where it stood, or wherever it stood before."""
    before = [plain(part) for part in former]
    found = []
    for index, value in enumerate(values):
        same = [place for place, part in enumerate(before) if _alike(value, part)]
        place = index if index in same else same[0] if same else index
        found.append(_restored(value, former[place] if place < len(former) else None))
    return found


def _alike(one: Plain, other: Plain) -> bool:
    """Equal, with numbers by value and not by spelling; truth values are no numbers."""
    match one, other:
        case dict(), dict():
            return list(one) == list(other) and all(_alike(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(_alike, one, other))
        case float(), Decimal():
            return Decimal(repr(one)) == other
        case _:
            return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


# Places


def steps_of(path: str, content: Plain) -> list[str | int]:
    """The steps of a diagnostic's *path* in *content*: ``when.all[2].under`` → when, all, 2, under.

    Keys may hold dots themselves, so that the content is needed. A step into what is not there
    comes last, whole.
    """
    steps: list[str | int] = []
    rest, value = path, content
    while rest:
        index = re.match(r"\[(\d+)\]\.?", rest)
        if index is not None and isinstance(value, list):
            steps.append(int(index[1]))
            rest, value = rest[index.end() :], _at(value, int(index[1]))
            continue
        keys = [key for key in value if _leads(key, rest)] if isinstance(value, dict) else []
        if not keys:
            return [*steps, rest]
        key = max(keys, key=len)
        steps.append(key)
        rest, value = rest[len(key) :].removeprefix("."), value[key]
    return steps


def _leads(key: str, path: str) -> bool:
    return key != "" and path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "[")


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None
