"""What the command line reads: declarations, acts, and what is known, from files or standard input.

Problems name the file that they are in.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from api.messages import Cancellation, Sent, laid_over, sent
from engine.declaration.acts import Act, read_acts
from engine.declaration.problems import MalformedError, malformed
from engine.declaration.strict_json import MAX_BODY
from engine.declaration.wco import Kind


def read_all(files: Sequence[Path], known: Path | None) -> tuple[list[Sent], list[Cancellation]]:
    """What the files hold, amendments laid over what stands before them; cancellations apart."""
    extra = bytes_of(known) if known is not None else None
    found: list[Sent] = []
    cancelled: list[Cancellation] = []
    for file in files:
        body = bytes_of(file)
        try:
            one = sent(body, extra)
            if isinstance(one, Sent):
                found.append(one)
            elif one.kind is Kind.CANCELLATION:
                cancelled.append(Cancellation(declaration=one.number))
            else:
                found.append(laid_over(one, found, extra))
        except MalformedError as error:
            raise error.below(place(file)) from None
    return found, cancelled


def bytes_of(file: Path) -> bytes:
    """The body; of one that is too long only so much as shows it."""
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(MAX_BODY + 1)
        with file.open("rb") as stream:
            return stream.read(MAX_BODY + 1)
    except OSError as error:
        raise malformed(place(file), error.strerror or str(error)) from None


def read_acts_on(file: Path, declarations: int) -> tuple[Act, ...]:
    """The acts of a file, on the one declaration that is decided on."""
    if declarations != 1:
        raise malformed(
            place(file),
            f"acts are on one declaration, and {declarations} are decided on",
            "decide on one declaration at a time",
        )
    body = bytes_of(file)
    try:
        return read_acts(body)
    except MalformedError as error:
        raise error.below(place(file)) from None


def place(file: Path) -> str:
    """What comes before a pointer into *file*."""
    return f"{shown(file)}#"


def shown(path: Path) -> str:
    """A path as people know it: relative where it is below the working folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
