"""One type for everything an author is told: command line, editor and CI read the same."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

_NEAR = 0.6
"""How alike two words are, from 0 to 1, at the least."""


class Severity(StrEnum):
    """An error stops a release; a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong, where, and the mend.

    *path* is the place inside the file as dotted keys and indices, ``when.all[2].fact``.
    """

    code: str
    message: str
    file: str
    line: int = 1
    help: str | None = None
    path: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}: {self.severity}[{self.code}]: {self.message}"
        return f"{head}\n  help: {self.help}" if self.help else head


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Offer the nearest known word, or nothing when none is near."""
    # As `difflib.get_close_matches`, but what cannot be nearer than the nearest so far is left
    # unmeasured: there may be thousands of ids.
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word)
    near = (_NEAR, "")
    for other in known:
        matcher.set_seq1(other)
        bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        if all(bound() >= near[0] for bound in bounds):
            near = max(near, (matcher.ratio(), other))
    return f"did you mean `{near[1]}`?" if near[1] else None


class RefusedError(Exception):
    """A file or set of files was refused; the diagnostics say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))
