"""A text file of the knowledge base: parsed safely, with a line for every path in it.

`tomllib` reads (it is quick and keeps numbers exact); `layout` finds lines, and only once something
has to be said about a place; `writing` uses tomlkit, so that comments survive.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.layout import Steps, lines_of

MAX_BYTES = 2 * 2**20
MAX_DEPTH = 24
MAX_PLACES = 100
"""Places before or after the point: `1e999999999` is short, and written out it fills a disk."""


def dotted(path: Steps) -> str:
    """Write a path as people do: ``when.all[2].fact``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


class Source:
    """One TOML file: its name as shown to people, its text, its content as plain data.

    Raises `RefusedError` where the file is too large, not UTF-8, nested too deep or no TOML.
    """

    def __init__(self, file: str, raw: bytes) -> None:
        self.file = file
        self.text = decoded(file, raw)
        self.content = self._parse()
        self._lines: dict[Steps, int] | None = None

    def line(self, path: Steps) -> int:
        """The line on which the value at *path* starts; that of the nearest part above it."""
        if self._lines is None:
            self._lines = lines_of(self.text)
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)

    def diagnostic(
        self, code: str, message: str, path: Steps = (), mend: str | None = None
    ) -> Diagnostic:
        """A diagnostic at *path* in this file."""
        return Diagnostic(
            code=code,
            message=message,
            file=self.file,
            line=self.line(path),
            help=mend,
            path=dotted(path),
        )

    def _parse(self) -> dict[str, Any]:
        # The depth is bounded before parsing, as parsers recurse, and after it, as dotted keys and
        # headers add up.
        deep = _too_deep(self.text)
        if deep is not None:
            self._refuse("too-deep", f"nested more than {MAX_DEPTH} levels deep", deep)
        try:
            content = tomllib.loads(self.text, parse_float=_exact)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column (\d+)\)|at end of document", str(error))
            message = re.sub(r" \(at .*\)$", "", str(error))
            end = self.text.rstrip().count("\n") + 1
            line = int(found[1]) if found and found[1] else end
            self._refuse("no-toml", message[0].lower() + message[1:], line)
        except (ValueError, ArithmeticError):
            # Integers of thousands of digits, other numbers of more places than `MAX_PLACES`, and
            # dates that no calendar has.
            self._refuse("no-toml", "a number in this file cannot be read", 1)
        if _levels(content) > MAX_DEPTH:
            self._refuse("too-deep", f"nested more than {MAX_DEPTH} levels deep", 1)
        return content

    def _refuse(self, code: str, message: str, line: int) -> NoReturn:
        mend = None
        if code == "no-toml":
            mend = "check quotes, brackets and `=` on and before this line"
        raise RefusedError(
            [Diagnostic(code=code, message=message, file=self.file, line=line, help=mend)]
        )


def read_source(path: Path, shown: str) -> Source:
    """Read the file at *path*, to be called *shown* in diagnostics."""
    return Source(shown, read_bytes(path, shown))


def read_bytes(path: Path, shown: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file; `RefusedError` where it is no file, unreadable or over *limit*."""
    if not path.is_file():
        _refuse(shown, "no-file", "this is no file that can be read")
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        _refuse(shown, "no-file", f"this cannot be read as a file: {reason}")
    return bounded(shown, raw, limit)


def bounded(shown: str, raw: bytes, limit: int = MAX_BYTES) -> bytes:
    """*raw*, or a diagnostic where it is over *limit*."""
    if len(raw) > limit:
        _refuse(
            shown,
            "too-large",
            f"the file is larger than {limit // 2**20} MiB",
            mend="split it by subject, or move its rows to a table",
        )
    return raw


def decoded(file: str, raw: bytes) -> str:
    """The text of a file, or a diagnostic where it is no UTF-8 or holds NUL bytes."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _refuse(file, "no-utf8", "the file is not UTF-8 text", line, "save it as UTF-8")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        _refuse(file, "nul-byte", "the file holds a NUL byte", line, "remove it")
    return text


def _refuse(file: str, code: str, message: str, line: int = 1, mend: str | None = None) -> NoReturn:
    raise RefusedError([Diagnostic(code=code, message=message, file=file, line=line, help=mend)])


def _exact(text: str) -> Decimal:
    number = Decimal(text.replace("_", ""))
    if is_endless(number):
        raise ValueError
    return number


def is_endless(number: Decimal) -> bool:
    """Whether a number has more places than any rule needs."""
    return number.is_finite() and abs(number.adjusted()) > MAX_PLACES


# An unclosed string runs on, so that no text is scanned twice: TOML is refused there anyhow.
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:[^"\\\n]|\\[^\n])*+"?|\'[^\'\n]*+\'?|#[^\n]*|[\[\]{}.=,\n]',
    re.DOTALL,
)


def _too_deep(text: str) -> int | None:
    """The line on which brackets and the dots of a key first nest too deep, if any."""
    depth = dots = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "[" | "{":
                depth, dots = depth + 1, 0
            case "]" | "}":
                depth, dots = max(0, depth - 1), 0
            case "=" | "," | "\n":
                dots = 0
            case ".":
                dots += 1
        if depth + dots > MAX_DEPTH:
            return text.count("\n", 0, token.start()) + 1
    return None


def _levels(content: object) -> int:
    """How many levels of tables and lists parsed *content* has, counted without recursion."""
    level, held = 0, [content]
    while held:
        level += 1
        held = [
            part
            for value in held
            if isinstance(value, dict | list)
            for part in (value.values() if isinstance(value, dict) else value)
        ]
    return level
