"""What is told to whoever sent a declaration: problems refuse it, reports accompany the answer.

Boundary: words only; what counts as a problem is decided by the modules that find it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

import msgspec
from msgspec import Struct

from engine.language.diagnostics import did_you_mean

MAX_PROBLEMS = 100
"""How many problems one refusal names; a body with more is mended in several goes."""

MAX_SEARCHES = 50
"""How many unknown words of one body are compared with the known ones: comparing is slow."""

MAX_WORD = 100


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fault that refuses the body: where it is, what is wrong, and the mend.

    *pointer* leads into JSON (RFC 6901), or is the path of an XML element on that *line*.
    """

    pointer: str
    message: str
    help: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        line = f" (line {self.line})" if self.line else ""
        head = f"{self.pointer or '(body)'}{line}: {self.message}"
        return f"{head}\n  help: {self.help}" if self.help else head


class ReportCode(StrEnum):
    """The kinds of report."""

    BLANK_TEXT = "blank-text"
    CONTRADICTION = "contradiction"
    COUNT_MISMATCH = "count-mismatch"
    HS_EDITION = "hs-edition"
    MISSING_GATE = "missing-gate"
    UNDATED_DOCUMENT = "undated-document"
    UNDECLARED_DAY = "undeclared-day"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_COUNTRY = "unknown-country"
    UNKNOWN_CURRENCY = "unknown-currency"
    UNKNOWN_DOCUMENT_TYPE = "unknown-document-type"
    UNKNOWN_ELEMENT = "unknown-element"
    UNKNOWN_FACT = "unknown-fact"
    UNKNOWN_TERM = "unknown-term"
    UNKNOWN_UNIT = "unknown-unit"
    UNNUMBERED = "unnumbered"
    WITHDRAWAL = "withdrawal"


class Report(Struct, frozen=True, kw_only=True):
    """Something that was not understood or not given: its fact is unknown, the decision goes on."""

    pointer: str
    code: ReportCode
    message: str
    line: int | None = None


class MalformedError(Exception):
    """The body cannot be decided on; *problems* (at most `MAX_PROBLEMS`) say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)[:MAX_PROBLEMS]
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def below(self, place: str) -> MalformedError:
        """The same of a body that stands at *place* of another: what comes before each pointer."""
        return MalformedError(
            msgspec.structs.replace(problem, pointer=place + problem.pointer)
            for problem in self.problems
        )


def malformed(
    pointer: str, message: str, mend: str | None = None, line: int | None = None
) -> MalformedError:
    """The error of one fault."""
    return MalformedError([Problem(pointer=pointer, message=message, help=mend, line=line)])


class Remarks:
    """Gathers problems and reports, so that one answer names them all."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.reports: list[Report] = []
        self._searches = 0

    @property
    def full(self) -> bool:
        """Whether further problems would not be kept, so that none need be looked for."""
        return len(self.problems) >= MAX_PROBLEMS

    def refuse(self, pointer: str, message: str, mend: str | None = None) -> None:
        """Note a problem; beyond `MAX_PROBLEMS` no more are kept."""
        if not self.full:
            self.problems.append(Problem(pointer=pointer, message=message, help=mend))

    def report(self, pointer: str, code: ReportCode, message: str) -> None:
        """Note something that the decision goes on without."""
        self.reports.append(Report(pointer=pointer, code=code, message=message))

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The nearest known word, as a question; nothing for long words or after many searches."""
        if len(word) > MAX_WORD or self._searches >= MAX_SEARCHES:
            return None
        self._searches += 1
        return did_you_mean(word, known)

    def raise_problems(self) -> None:
        """Refuse the body if any problem was noted.

        Raises `MalformedError`: with every problem noted so far.
        """
        if self.problems:
            raise MalformedError(self.problems)


def pointer(*tokens: str | int) -> str:
    """Join *tokens* to a JSON pointer: ``pointer("goods", 0)`` is ``/goods/0`` (RFC 6901).

    Lone surrogates become question marks, so that every pointer can be sent on as UTF-8.
    """
    return "".join(
        [
            _known_step(token) if isinstance(token, int) or len(token) <= MAX_WORD else _step(token)
            for token in tokens
        ]
    )


def _step(token: str | int) -> str:
    escaped = str(token).replace("~", "~0").replace("/", "~1")
    return f"/{escaped}".encode("utf-8", "replace").decode("utf-8")


_known_step = lru_cache(4096)(_step)  # the same few hundred names and places, again and again


@lru_cache(4096)  # declarations of one system have the same parts, again and again
def within(parent: str, *tokens: str | int) -> str:
    """The pointer to a part of what *parent* points to."""
    return parent + pointer(*tokens)
