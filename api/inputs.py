"""What the command line reads: declarations, acts, and what is known, from files or standard input.

Problems name the file that they are in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.messages import Cancellation, Sent, laid_over, sent
from engine.declaration.acts import Act, read_acts
from engine.declaration.problems import MalformedError, malformed
from engine.declaration.strict_json import MAX_BODY
from engine.declaration.wco import Kind

ENDINGS = (".xml", ".json")


def read_all(files: Sequence[Path], known: Path | None) -> tuple[list[Sent], list[Cancellation]]:
    """What the files hold, amendments laid over what stands before them; cancellations apart."""
    extra = bytes_of(known) if known is not None else None
    found: list[Sent] = []
    cancelled: list[Cancellation] = []
    for file in files:
        one = _read(file, found, extra)
        if isinstance(one, Sent):
            found.append(one)
        else:
            cancelled.append(one)
    return found, cancelled


def read_sample(folder: Path) -> tuple[dict[str, Sent], dict[str, str]]:
    """The declarations of a folder by their files; and of each file that holds none, why.

    Raises `MalformedError`: no file's name ends as a declaration's may.
    """
    found: dict[str, Sent] = {}
    without: dict[str, str] = {}
    for file in declarations_in([folder]):
        try:
            one = _read(file, list(found.values()), None)
        except MalformedError as error:
            first = error.problems[0]
            where = first.pointer.removeprefix(place(file)) or "(body)"
            without[shown(file)] = f"{where}: {first.message}"
        else:
            if isinstance(one, Sent):
                found[shown(file)] = one
            else:
                without[shown(file)] = one.message
    return found, without


def declarations_in(folders: Sequence[Path]) -> list[Path]:
    """The files of the *folders* whose name ends as a declaration's may; a file is itself.

    Raises `MalformedError`: there is none.
    """
    found = {file for folder in folders for file in _files(folder)}
    if not found:
        names = ", ".join(map(str, folders))
        raise malformed(names, "no declarations", "name a folder with `.xml` or `.json` files")
    return sorted(found)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    for path in folder.rglob("*"):
        if path.suffix.lower() in ENDINGS and path.is_file():
            yield path


def _read(file: Path, before: Sequence[Sent], known: bytes | None) -> Sent | Cancellation:
    """What a file holds; an amendment is laid over one of those *before* it."""
    body = bytes_of(file)
    try:
        one = sent(body, known)
        if isinstance(one, Sent):
            return one
        if one.kind is Kind.CANCELLATION:
            return Cancellation(declaration=one.number)
        return laid_over(one, before, known)
    except MalformedError as error:
        raise error.below(place(file)) from None


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
