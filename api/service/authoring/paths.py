"""Which files a draft may write, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.declaration.problems import malformed

MAX_BYTES = 2**20
MAX_PATH = 200
MAX_FILES = 500
"""Files that one draft may touch."""

_PATH = re.compile(r"rules(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)+\.(?:toml|csv)", re.ASCII)


def check_path(path: str, known: Iterable[str]) -> None:
    """Refuse a path that is none of a rule or table, or that some system takes for another's.

    *known* are the other paths of tree and draft. Raises `MalformedError`.
    """
    if len(path) > MAX_PATH or not _PATH.fullmatch(path):
        raise malformed(
            "/path",
            f"`{path[:80]}` is no path of a rule or table",
            "write `rules/`, folders and a name of letters, digits, `-`, `_` and `.`, "
            f"then `.toml` or `.csv`; at most {MAX_PATH} characters",
        )
    mine = dict(_spellings(path))
    for other in known:
        if other == path:
            continue
        for folded, spelled in _spellings(other):
            here = mine.get(folded)
            # The same folder on both sides is no clash; the same name of a file is.
            if here is not None and (here != spelled or here in (path, other)):
                raise malformed(
                    "/path",
                    f"`{path}` and `{other}` are one file, or a file and a folder, on some systems",
                    f"write `{spelled}` as it stands there, or choose another name",
                )


def check_text(text: str) -> None:
    """Refuse what is no text of a file. Raises `MalformedError`."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise malformed("/text", "this is no Unicode text", "send valid UTF-8") from None
    if size > MAX_BYTES:
        raise malformed(
            "/text",
            f"the file has {size} bytes, more than {MAX_BYTES}",
            "split it by subject, or move its rows to several tables",
        )
    if "\0" in text:
        raise malformed("/text", "the file holds a NUL character", "remove it")


def _spellings(path: str) -> Iterable[tuple[str, str]]:
    """The path and each folder above it, in lower case and as spelled."""
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        spelled = "/".join(parts[:end])
        yield spelled.lower(), spelled
