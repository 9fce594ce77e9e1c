"""How often callers ask, counted over all workers of an installation.

Boundary: counts and windows; who a caller is, and what it is told, is for `access`. Strategy and
syntax of limits are those of the library `limits`, whose own storages need a server of their own or
count by process.
"""

from __future__ import annotations

import fcntl
import mmap
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile
from typing import IO

from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

_ROW = Struct("<8sdQ")
"""A caller's name, digested; until when its window lasts; how often it asked in it."""

_BUCKETS, _ROWS = 1024, 16
_BUCKET = _ROWS * _ROW.size
_SIZE = _BUCKETS * _BUCKET


class Limit:
    """How often one caller may ask: *words* are such as ``60/second``.

    A window begins with a caller's first request, and the next one when it is over. *file* is
    where all workers count; without it this process counts by itself.
    Raises `ValueError` for other words, `OSError` where there can be no such file.
    """

    def __init__(self, words: str, file: Path | None = None) -> None:
        self._item = parse(words)
        self._limiter = FixedWindowRateLimiter(Counts(file))

    def allows(self, name: str) -> bool:
        """Whether this request of the caller is within the limit; it counts either way."""
        return self._limiter.hit(self._item, name)


class Counts(Storage):
    """Counts in a file that processes have in common: a table of fixed size, in memory.

    A name has 16 rows to stand in. Where all are taken by windows that last, the one that ends
    first gives way: whoever asks under many names does not fill the memory.
    """

    STORAGE_SCHEME = None

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        # Open as long as this is.
        self._file: IO[bytes] = TemporaryFile() if file is None else file.open("a+b")  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._turn = threading.Lock()
        with self._alone():
            if self._file.seek(0, 2) < _SIZE:
                self._file.truncate(_SIZE)
        self._rows = mmap.mmap(self._file.fileno(), _SIZE)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The lock of the file is a process's, and gone with it however it ends."""
        with self._turn:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _found(self, key: str) -> tuple[int, bytes, float, int]:
        """Where *key* stands, or may stand; its digest; until when its window lasts; its count."""
        name = blake2b(key.encode(), digest_size=8).digest()
        first = int.from_bytes(name, "little") % _BUCKETS * _BUCKET
        free, ends = first, float("inf")
        for place in range(first, first + _BUCKET, _ROW.size):
            kept, until, count = _ROW.unpack_from(self._rows, place)
            if kept == name:
                return (place, name, until, count) if until > time.time() else (place, name, 0, 0)
            if until < ends:
                free, ends = place, until
        return free, name, 0, 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more; a window lasts *expiry* seconds. The count."""
        with self._alone():
            place, name, until, count = self._found(key)
            _ROW.pack_into(self._rows, place, name, until or time.time() + expiry, count + amount)
        return count + amount

    def get(self, key: str) -> int:
        """The count."""
        with self._alone():
            return self._found(key)[3]

    def get_expiry(self, key: str) -> float:
        """When the window ends, as a time of `time.time`."""
        with self._alone():
            return self._found(key)[2] or time.time()

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._alone():
            place, name, until, _ = self._found(key)
            if until:
                _ROW.pack_into(self._rows, place, name, 0, 0)

    def reset(self) -> None:
        """Forget all."""
        with self._alone():
            self._rows[:] = bytes(_SIZE)

    def check(self) -> bool:
        """It is there as long as this object is."""
        return True

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a storage that is out of reach would raise."""
        return OSError
