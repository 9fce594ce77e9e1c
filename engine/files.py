"""Files that appear whole or not at all, and secrets that only their owner reads.

Boundary: bytes only; what a file says is for the room that writes it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ONLY, EVERYONE = 0o600, 0o644


def replace(path: Path, content: bytes, mode: int = OWNER_ONLY) -> None:
    """Write the file anew: a reader finds the former content or this, whole."""
    with _aside(path, content, mode) as written:
        written.replace(path)


def create(path: Path, content: bytes, mode: int = OWNER_ONLY) -> bool:
    """Write the file unless it is there; of many processes one does. Whether this one did."""
    with _aside(path, content, mode) as written:
        try:
            os.link(written, path)  # unlike a rename, a link fails where the name is taken
        except FileExistsError:
            return False
    return True


def secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds: what *make* gave on first use, readable by its owner only.

    Raises `ValueError` where others than the owner may read or write it.
    """
    if not path.exists():
        create(path, make())
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise ValueError(f"{path.name} is open to others than its owner: `chmod 600 {path}`")
        return file.read()


@contextmanager
def _aside(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A file with *content*, on disk beside *path*, to be given that name; gone afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        yield written
        _settle(path.parent)
    finally:
        written.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Bring the names of a folder to disk, too: a file that was announced survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
